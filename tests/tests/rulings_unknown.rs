//! Rulings that are not decided, and what other rules may make of them.

use serde_json::{Value, json};
use tierline_tests::acme;

const RULES: &str = r#"
[parameters]
discount = { is = "20 %" }
scope    = { is = "deal", choices = ["deal", "line"] }
nothing  = { is = "0 USD" }

[[rulings]]
id    = "registration"
each  = "deal"
gives = [ { percent = "discount", of = "amount" } ]

  [[rulings.requires]]
  id   = "private"
  that = '!public_sector'

  [[rulings.requires]]
  id     = "no_training"
  each   = "line"
  when   = 'scope == "line"'
  that   = 'kind != "training"'

  [[rulings.requires]]
  id     = "no_license"
  each   = "line"
  unless = 'deal.exempt'
  that   = 'kind != "license"'

[[rulings]]
id   = "bonus"
each = "deal"

  [[rulings.requires]]
  id   = "has_a_rate"
  that = 'has(registration.rate)'

  [[rulings.requires]]
  id   = "gives_something"
  that = '(registration.amount ?? nothing) > nothing'

[[measures]]
id    = "saved_by"
each  = "deal"
value = 'registration.amount ?? nothing'

[[measures]]
id  = "saved"
sum = "deal.saved_by"

[[rulings]]
id       = "window"
each     = "deal"
requires = [ { id = "open", that = 'as_of >= opens_on' }, { id = "not_closed", that = 'as_of < closes_on' } ]

[facts.deal]
list          = "deals"
id            = "id"
amount        = "money"
public_sector = "flag"
exempt        = "flag or true"
opens_on      = "date"
closes_on     = "date"

[facts.line]
in   = "deal"
list = "lines"
kind = ["license", "training"]
"#;

fn decided(deals: Value) -> Value {
    acme::decided(&acme::plan(RULES), &json!({ "deals": deals }).to_string(), "2031-01-01").expect("a decision")
}

fn deal(id: &str, public_sector: Value) -> Value {
    let mut deal = json!({ "id": id, "amount": "10000", "opens_on": "2031-01-01", "closes_on": "2031-06-01" });
    if !public_sector.is_null() {
        deal["public_sector"] = public_sector;
    }
    deal["lines"] = json!([]);
    deal
}

/// The outcome of a ruling on a deal, and the state of each of its reasons.
fn came_out(decision: &Value, ruling: &str, place: usize) -> Value {
    let ruling = &decision["rulings"][ruling][place];
    let reasons = ruling["reasons"].as_array().cloned().unwrap_or_default();
    let states: Vec<Value> = reasons.iter().map(|reason| json!([reason["id"], reason["state"]])).collect();
    json!([ruling["outcome"], states])
}

#[test]
fn what_may_yet_be_refused_gives_nothing_that_is_known() {
    let decision = decided(json!([deal("D-1", Value::Null), deal("D-2", json!(false)), deal("D-3", json!(true))]));
    let states = |has: &str, gives: &str| json!([["has_a_rate", has], ["gives_something", gives]]);
    assert_eq!(
        [0, 1, 2].map(|place| came_out(&decision, "bonus", place)),
        [
            json!(["undetermined", states("undetermined", "undetermined")]),
            json!(["granted", states("met", "met")]),
            json!(["refused", states("not_met", "not_met")]),
        ]
    );
    assert_eq!(decision["measures"]["saved"], Value::Null);
    let missing = decision["undetermined"].as_array().expect("what is not known").iter();
    let of_saved: Vec<_> = missing.filter(|known| known["rule"] == "saved").map(|known| &known["missing"]).collect();
    assert_eq!(of_saved, [&json!(["deals.D-1.public_sector"])]);
}

#[test]
fn a_list_that_was_not_told_matters_only_where_a_requirement_applies() {
    let mut untold = deal("D-1", json!(false));
    untold.as_object_mut().expect("a deal").remove("lines");
    assert_eq!(
        came_out(&decided(json!([untold.clone()])), "registration", 0),
        json!(["granted", [["private", "met"], ["no_license", "waived"]]])
    );
    untold["exempt"] = json!(false);
    assert_eq!(
        came_out(&decided(json!([untold])), "registration", 0),
        json!(["undetermined", [["private", "met"], ["no_license", "undetermined"]]])
    );
}

#[test]
fn windows_of_many_subjects_are_all_deadlines() {
    let day = |n: i64| {
        (chrono::NaiveDate::from_ymd_opt(2031, 1, 2).expect("a day") + chrono::Days::new(n as u64)).to_string()
    };
    let deals: Vec<Value> = (0..80)
        .map(|n| {
            let mut deal = deal(&format!("D-{n}"), json!(false));
            deal["opens_on"] = json!(day(n));
            deal["closes_on"] = json!(day(n + 120));
            deal
        })
        .collect();
    let decision = decided(json!(deals));
    let all = decision["deadlines"].as_array().expect("deadlines");
    let of_window: Vec<&Value> = all.iter().filter(|deadline| deadline["rule"] == "window").collect();
    assert_eq!(of_window.len(), 160);
}
