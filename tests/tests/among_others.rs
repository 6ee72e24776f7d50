//! Totals that run from record to record, and ranks among partners.

use proptest::prelude::*;
use serde_json::{Value, json};
use tierline_engine::date;
use tierline_engine::evaluate::{Place, Question};
use tierline_tests::acme;

const SALES: &str = r#"
[cycle]
starts = "01-01"

[facts.partner]
id    = "id"
place = "count"

[facts.sale]
list      = "sales"
happened  = "booked_on"
id        = "id"
amount    = "number"
counts    = "flag"
booked_on = "date"
"#;

/// The running totals of sales, in the order of the list.
fn totals(rule: &str, sales: &Value, as_of: &str) -> Vec<Value> {
    let rules = format!(
        "{SALES}\n[[measures]]\nid = \"so_far\"\neach = \"sale\"\nrunning = true\n{rule}\n\n[[measures]]\nid = \"all\"\nsum = \"sale.so_far\"\n"
    );
    let plan = acme::plan(&rules);
    let question = Question { trace: true, ..Question::on(date::parse(as_of).expect("a day")) };
    let facts = json!({ "partner": { "id": "P" }, "sales": sales }).to_string();
    let decision = acme::decided_by(&plan, facts.as_bytes(), &question).expect("a decision");
    let steps = decision["trace"].as_array().cloned().unwrap_or_default();
    steps.into_iter().filter(|step| step["rule"] == "so_far").map(|step| step["value"].clone()).collect()
}

fn sale(place: usize, amount: i64, on: &str) -> Value {
    json!({ "id": format!("S-{place}"), "amount": amount, "booked_on": on, "counts": true })
}

#[test]
fn a_total_runs_by_date_and_then_by_the_order_of_the_list() {
    let sales = json!([sale(0, 1, "2030-03-01"), sale(1, 10, "2030-01-01"), sale(2, 100, "2030-03-01")]);
    assert_eq!(totals("sum = \"sale.amount\"", &sales, "2030-06-30"), ["11", "10", "111"].map(|n| json!(n)));
    assert_eq!(totals("count = \"sale\"", &sales, "2030-06-30"), [2, 1, 3].map(|n| json!(n)));
}

#[test]
fn only_what_the_rule_takes_adds_to_it() {
    let mut sales = json!([sale(0, 1, "2029-12-31"), sale(1, 10, "2030-01-01"), sale(2, 100, "2030-03-01")]);
    assert_eq!(
        totals("sum = \"sale.amount\"\nwithin = \"cycle\"", &sales, "2030-06-30"),
        ["0", "10", "110"].map(|n| json!(n))
    );
    sales[1]["counts"] = json!(false);
    assert_eq!(
        totals("sum = \"sale.amount\"\nwhere = 'counts'", &sales, "2030-06-30"),
        ["1", "1", "101"].map(|n| json!(n))
    );
}

#[test]
fn what_is_not_known_leaves_the_totals_after_it_open() {
    let mut sales = json!([sale(0, 1, "2030-01-01"), sale(1, 10, "2030-02-01"), sale(2, 100, "2030-03-01")]);
    sales[1].as_object_mut().expect("an object").remove("counts");
    let told = totals("sum = \"sale.amount\"\nwhere = 'counts'", &sales, "2030-06-30");
    let bounds = |low: &str, high: &str| json!({ "at_least": low, "at_most": high });
    assert_eq!(told, [json!("1"), bounds("1", "11"), bounds("101", "111")]);
    // A sale without a date may come before every other.
    sales[1]["counts"] = json!(true);
    sales[1].as_object_mut().expect("an object").remove("booked_on");
    let told = totals("sum = \"sale.amount\"", &sales, "2030-06-30");
    assert_eq!(told, [bounds("1", "11"), Value::Null, bounds("101", "111")]);
}

proptest! {
    /// The last total is the sum, whatever the order of the list.
    #[test]
    fn the_last_total_is_the_sum(amounts in prop::collection::vec((1i64..100, 1u32..28), 1..12)) {
        let sales: Vec<Value> = amounts
            .iter()
            .enumerate()
            .map(|(place, (amount, day))| sale(place, *amount, &format!("2030-02-{day:02}")))
            .collect();
        let told = totals("sum = \"sale.amount\"", &json!(sales), "2030-06-30");
        let number = |value: &Value| value.as_str().and_then(|text| text.parse::<i64>().ok()).unwrap_or_default();
        let sum: i64 = amounts.iter().map(|(amount, _)| amount).sum();
        prop_assert_eq!(told.iter().map(number).max(), Some(sum));
        for (place, (amount, day)) in amounts.iter().enumerate() {
            let before = amounts.iter().enumerate().filter(|(other, (_, at))| (at, other) <= (day, &place));
            prop_assert_eq!(number(&told[place]), before.map(|(_, (amount, _))| amount).sum::<i64>(), "{} {}", amount, day);
        }
    }
}

fn ranked(partner: Value, places: Vec<Place>) -> Value {
    let rules = format!(
        "{SALES}\n[[measures]]\nid = \"sold\"\nsum = \"sale.amount\"\n\n[[measures]]\nid = \"place\"\nrank = \"sold\"\n\n[[measures]]\nid = \"before\"\nvalue = 'at(as_of - days(1), place)'\n\n[[measures]]\nid = \"first\"\nvalue = 'place <= 1'\n"
    );
    let question = Question { places, ..Question::on(date::parse("2030-06-30").expect("a day")) };
    let facts = json!({ "partner": partner, "sales": [] }).to_string();
    acme::decided_by(&acme::plan(&rules), facts.as_bytes(), &question).expect("a decision")
}

fn place(best: u64, worst: u64) -> Vec<Place> {
    vec![Place { measure: "place".to_owned(), best, worst }]
}

#[test]
fn a_rank_is_a_fact_or_comes_with_the_question() {
    let told = |partner: Value, places| {
        let measures = ranked(partner, places)["measures"].take();
        (measures["place"].clone(), measures["first"].clone(), measures["before"].clone())
    };
    let nobody = || json!({ "id": "P" });
    assert_eq!(told(json!({ "id": "P", "place": 3 }), Vec::new()), (json!(3), json!(false), json!(3)));
    assert_eq!(told(nobody(), Vec::new()), (Value::Null, Value::Null, Value::Null));
    // What the others came to on another day, nobody compared.
    assert_eq!(told(nobody(), place(1, 1)), (json!(1), json!(true), Value::Null));
    assert_eq!(told(nobody(), place(2, 9)), (json!({ "at_least": 2, "at_most": 9 }), json!(false), Value::Null));
    assert_eq!(told(nobody(), place(1, 2)).1, Value::Null);
    // What a fact tells goes before.
    assert_eq!(told(json!({ "id": "P", "place": 3 }), place(1, 1)).0, json!(3));
}
