//! Measures, one behavior at a time, by small invented rulebooks.

use serde_json::{Value, json};
use tierline_engine::date;
use tierline_engine::evaluate::Question;
use tierline_tests::acme;

const FACTS: &str = r#"
[choices]
goods = ["anvil", "rocket"]

[facts.partner]
id        = "id"
joined_on = "date"

[facts.sale]
list      = "sales"
happened  = "booked_on"
id        = "id"
booked_on = "date"
paid_on   = "date or none"
product   = "goods"
amount    = "number or none"
buyer     = "person"
big       = "flag or false"

[facts.person]
list   = "people"
id     = "id"
region = ["north", "south"]

[facts.line]
in     = "sale"
list   = "lines"
absent = "none"
units  = "count"
"#;

/// The measures that these rules give on a day.
fn measures(rules: &str, facts: &Value, as_of: &str) -> Value {
    let plan = acme::plan(&format!("{FACTS}\n{rules}"));
    acme::decided(&plan, &facts.to_string(), as_of).expect("a decision")["measures"].take()
}

/// One measure `x`, on 2030-06-30.
fn x(rule: &str, facts: &Value) -> Value {
    measures(&format!("[[measures]]\nid = \"x\"\n{rule}"), facts, "2030-06-30")["x"].take()
}

fn sale(id: &str, on: &str, amount: Value) -> Value {
    json!({ "id": id, "booked_on": on, "amount": amount, "product": "anvil" })
}

fn sales(list: Value) -> Value {
    json!({ "partner": { "id": "P" }, "sales": list })
}

#[test]
fn each_aggregate() {
    let three = sales(json!([
        sale("S-1", "2030-03-01", json!("2.50")),
        sale("S-2", "2030-05-01", json!(-1)),
        sale("S-3", "2030-04-01", json!(4)),
    ]));
    let two = sales(json!([sale("S-1", "2030-03-01", json!(3)), sale("S-2", "2030-03-01", json!(8))]));
    let holes = sales(json!([sale("S-1", "2030-03-01", json!(null)), sale("S-2", "2030-03-01", json!(5))]));
    let nothing = sales(json!([]));
    for (rule, of_three, of_two, of_holes, of_nothing) in [
        ("count = \"sale\"", json!(3), json!(2), json!(2), json!(0)),
        ("sum = \"sale.amount\"", json!("5.5"), json!("11"), json!("5"), json!("0")),
        ("min = \"sale.amount\"", json!("-1"), json!("3"), json!("5"), json!(null)),
        ("max = \"sale.amount\"", json!("4"), json!("8"), json!("5"), json!(null)),
        ("median = \"sale.amount\"", json!("2.5"), json!("5.5"), json!("5"), json!(null)),
        ("latest = \"sale.amount\"", json!("-1"), json!("8"), json!("5"), json!(null)),
        ("latest = \"sale.id\"", json!("S-2"), json!("S-2"), json!("S-2"), json!(null)),
        ("collect = \"sale.product\"", json!(["anvil"]), json!(["anvil"]), json!(["anvil"]), json!([])),
        ("any = \"sale.big\"", json!(false), json!(false), json!(false), json!(false)),
        ("all = \"sale.big\"", json!(false), json!(false), json!(false), json!(true)),
        ("max = \"sale.booked_on\"", json!("2030-05-01"), json!("2030-03-01"), json!("2030-03-01"), json!(null)),
        ("min = \"sale.amount\"\nempty = 7", json!("-1"), json!("3"), json!("5"), json!("7")),
        ("sum = \"sale.amount\"\nempty = 7", json!("5.5"), json!("11"), json!("5"), json!("7")),
    ] {
        assert_eq!(x(rule, &three), of_three, "{rule} of three");
        assert_eq!(x(rule, &two), of_two, "{rule} of two");
        assert_eq!(x(rule, &holes), of_holes, "{rule} with a hole");
        assert_eq!(x(rule, &nothing), of_nothing, "{rule} of nothing");
    }
}

#[test]
fn only_what_fits_and_has_happened_counts() {
    let facts = sales(json!([
        { "id": "S-1", "booked_on": "2030-06-30", "amount": 1, "product": "anvil" },
        { "id": "S-2", "booked_on": "2030-07-01", "amount": 2, "product": "anvil" },
        { "id": "S-3", "booked_on": "2030-01-01", "amount": 4, "product": "rocket" },
    ]));
    // The day itself has happened, the day after has not.
    assert_eq!(x("sum = \"sale.amount\"", &facts), json!("5"));
    assert_eq!(x("sum = \"sale.amount\"\nwhere = 'product == \"anvil\"'", &facts), json!("1"));
    assert_eq!(x("sum = \"sale.amount\"\neffective = { from = 2030-02-01 }", &facts), json!("1"));
    assert_eq!(x("sum = \"sale.amount\"\neffective = { until = 2030-06-30 }", &facts), json!("4"));
    assert_eq!(x("sum = \"sale.amount\"\neffective = { until = 2030-07-01 }", &facts), json!("5"));
}

#[test]
fn another_date_of_the_record_may_be_the_one_that_counts() {
    let facts = sales(json!([
        { "id": "S-1", "booked_on": "2030-12-01", "paid_on": "2030-06-01", "amount": 1 },
        { "id": "S-2", "booked_on": "2030-01-01", "paid_on": null, "amount": 2 },
        { "id": "S-3", "booked_on": "2030-01-01", "paid_on": "2030-08-01", "amount": 4 },
    ]));
    assert_eq!(x("sum = \"sale.amount\"\nhappened = 'paid_on'", &facts), json!("1"));
    assert_eq!(x("sum = \"sale.amount\"\nhappened = 'paid_on ?? booked_on'", &facts), json!("3"));
}

#[test]
fn the_edges_of_windows() {
    // A window of a year up to 2030-06-30 begins on 2029-07-01.
    for (on, within, counted) in [
        ("2029-06-30", "\"1 year\"", 0),
        ("2029-07-01", "\"1 year\"", 1),
        ("2030-06-30", "\"1 year\"", 1),
        ("2030-07-01", "\"1 year\"", 0),
        ("2030-04-01", "\"90 days\"", 0),
        ("2030-04-02", "\"90 days\"", 1),
        ("2030-05-30", "\"1 month\"", 0),
        ("2030-05-31", "\"1 month\"", 1),
        ("2030-06-29", "\"1 day\"", 0),
        ("2030-06-30", "\"1 day\"", 1),
        ("2030-01-01", "\"cycle\"", 1),
        ("2029-12-31", "\"cycle\"", 0),
        ("2029-12-31", "\"previous cycle\"", 1),
        ("2029-01-01", "\"previous cycle\"", 1),
        ("2028-12-31", "\"previous cycle\"", 0),
        ("2030-01-01", "\"previous cycle\"", 0),
        ("1999-01-01", "\"ever\"", 1),
        ("2030-03-01", "{ from = 2030-03-01, until = 2030-04-01 }", 1),
        ("2030-04-01", "{ from = 2030-03-01, until = 2030-04-01 }", 0),
        ("2030-02-28", "{ from = 2030-03-01 }", 0),
        ("2030-02-28", "{ until = 2030-03-01 }", 1),
        ("2030-03-15", "{ from = 'partner.joined_on' }", 1),
        ("2030-03-14", "{ from = 'partner.joined_on' }", 0),
    ] {
        let rules =
            format!("[cycle]\nstarts = \"01-01\"\n\n[[measures]]\nid = \"x\"\ncount = \"sale\"\nwithin = {within}\n");
        let facts = json!({ "partner": { "id": "P", "joined_on": "2030-03-15" }, "sales": [sale("S", on, json!(1))] });
        assert_eq!(measures(&rules, &facts, "2030-06-30")["x"], json!(counted), "{on} within {within}");
    }
}

#[test]
fn cycles_begin_where_they_are_said_to() {
    let counted = |cycle: &str, on: &str, as_of: &str| {
        let rules = format!("[cycle]\n{cycle}\n\n[[measures]]\nid = \"x\"\ncount = \"sale\"\nwithin = \"cycle\"\n");
        let facts = json!({ "partner": { "id": "P", "joined_on": "2028-02-29" }, "sales": [sale("S", on, json!(1))] });
        measures(&rules, &facts, as_of)["x"].take()
    };
    let halves = "starts = \"01-01\"\nlasts = \"6 months\"";
    assert_eq!(counted(halves, "2030-06-30", "2030-06-30"), json!(1));
    assert_eq!(counted(halves, "2030-06-30", "2030-07-01"), json!(0));
    // The anniversary of 29 February is 28 February in other years.
    let anniversary = "starts = 'partner.joined_on'";
    assert_eq!(counted(anniversary, "2030-02-28", "2030-06-30"), json!(1));
    assert_eq!(counted(anniversary, "2030-02-27", "2030-06-30"), json!(0));
    let short_first = "starts = \"01-01\"\nfirst = 2030-04-01";
    assert_eq!(counted(short_first, "2030-03-31", "2030-06-30"), json!(0));
    assert_eq!(counted(short_first, "2030-04-01", "2030-06-30"), json!(1));
    assert_eq!(counted(short_first, "2030-04-01", "2031-01-01"), json!(0));
}

#[test]
fn once_per_keys_count_once_however_many_there_are() {
    for buyers in [3, 23, 24, 25, 60] {
        let list: Vec<Value> = (0..buyers * 2)
            .map(|place| json!({ "id": format!("S-{place}"), "booked_on": "2030-01-01", "buyer": format!("B-{}", place % buyers), "product": "anvil" }))
            .collect();
        let people: Vec<Value> = (0..buyers).map(|place| json!({ "id": format!("B-{place}") })).collect();
        let facts = json!({ "partner": { "id": "P" }, "sales": list, "people": people });
        assert_eq!(x("count = \"sale\"\nonce_per = \"buyer\"", &facts), json!(buyers), "{buyers} buyers");
        assert_eq!(x("count = \"sale\"\nonce_per = [\"buyer\", \"product\"]", &facts), json!(buyers));
        assert_eq!(x("count = \"sale\"\nonce_per = [\"product\"]", &facts), json!(1));
        assert_eq!(x("count = \"sale\"\nonce_per = [\"buyer\", \"id\"]", &facts), json!(buyers * 2));
    }
}

#[test]
fn a_key_that_is_not_known_may_be_any_of_them() {
    let facts = sales(json!([
        { "id": "S-1", "booked_on": "2030-01-01", "product": "anvil" },
        { "id": "S-2", "booked_on": "2030-01-01" },
    ]));
    assert_eq!(x("count = \"sale\"\nonce_per = \"product\"", &facts), json!({ "at_least": 1, "at_most": 2 }));
}

#[test]
fn a_row_is_a_measure_of_its_own() {
    let rules = "[[measures]]\nid = \"sold\"\nsum = \"sale.amount\"\nrows = [\n\
        { id = \"anvils\", product = \"anvil\" },\n\
        { id = \"both\", product = [\"anvil\", \"rocket\"] },\n\
        { id = \"northern\", when = 'buyer.region == \"north\"' },\n\
        { id = \"others\", unless = 'big' },\n\
        { id = \"large\", amount_or_nothing = 5 },\n]\n\n\
        [[measures]]\nid = \"amount_or_nothing\"\neach = \"sale\"\nvalue = 'amount ?? 0'\n";
    let facts = json!({
        "partner": { "id": "P" },
        "people": [{ "id": "B-1", "region": "north" }, { "id": "B-2", "region": "south" }],
        "sales": [
            { "id": "S-1", "booked_on": "2030-01-01", "product": "anvil", "amount": 1, "buyer": "B-1" },
            { "id": "S-2", "booked_on": "2030-01-01", "product": "rocket", "amount": 5, "buyer": "B-2", "big": true },
            { "id": "S-3", "booked_on": "2030-01-01", "product": "rocket", "amount": 20, "buyer": "B-1" },
        ],
    });
    let found = measures(rules, &facts, "2030-06-30");
    let expected = [("anvils", "1"), ("both", "26"), ("northern", "21"), ("others", "21"), ("large", "25")];
    for (row, value) in expected {
        assert_eq!(found[row], json!(value), "{row}");
    }
}

#[test]
fn a_value_for_each_record_row_word_and_pair() {
    let rules = r#"
[tables.area]
rows = [ { id = "home", weight = 2 }, { id = "away", weight = 3 } ]

[[measures]]
id    = "double"
each  = "sale"
value = '(amount ?? 0) + (amount ?? 0)'

[[measures]]
id  = "doubled"
sum = "sale.double"

[[measures]]
id    = "sold"
each  = "goods"
count = "sale"
where = 'sale.product == goods'

[[measures]]
id    = "weighted"
each  = "area"
value = 'weight * two'

[[measures]]
id    = "all_weights"
value = 'sum(area, weighted)'

[[measures]]
id    = "home_weight"
value = 'area["home"].weight'

[[measures]]
id    = "pairs"
each  = ["person", "goods"]
count = "sale"
where = 'buyer == person && sale.product == goods'

[[measures]]
id    = "a_pair_of_two"
value = 'any(person, any(goods, pairs >= two))'

[[measures]]
id    = "a_pair_of_none"
value = 'any(person, any(goods, pairs == 0))'

[[measures]]
id    = "sold_both"
value = 'all(goods, sold > 0)'

[parameters]
two = { is = 2 }
"#;
    let facts = json!({
        "partner": { "id": "P" },
        "people": [{ "id": "B-1" }, { "id": "B-2" }],
        "sales": [
            { "id": "S-1", "booked_on": "2030-01-01", "product": "anvil", "amount": 1, "buyer": "B-1" },
            { "id": "S-2", "booked_on": "2030-01-01", "product": "anvil", "amount": 2, "buyer": "B-1" },
            { "id": "S-3", "booked_on": "2030-01-01", "product": "rocket", "amount": 4, "buyer": "B-2" },
        ],
    });
    let found = measures(rules, &facts, "2030-06-30");
    assert_eq!(found["doubled"], json!("14"));
    assert_eq!(found["all_weights"], json!("10"));
    assert_eq!(found["home_weight"], json!("2"));
    assert_eq!(found["a_pair_of_two"], json!(true));
    assert_eq!(found["a_pair_of_none"], json!(true));
    assert_eq!(found["sold_both"], json!(true));
    // What has a value for each of something is no measure of the partner.
    assert_eq!(found["sold"], Value::Null);
}

#[test]
fn records_inside_records_are_read_where_they_are() {
    let rules = "[[measures]]\nid = \"units\"\neach = \"sale\"\nsum = \"line.units\"\n\n\
        [[measures]]\nid = \"all_units\"\nsum = \"line.units\"\n\n\
        [[measures]]\nid = \"full\"\ncount = \"sale\"\nwhere = 'units >= enough && any(line, line.units > 0)'\n\n\
        [[measures]]\nid = \"of_anvils\"\nsum = \"line.units\"\nwhere = 'sale.product == \"anvil\"'\n\n\
        [parameters]\nenough = { is = 5 }\n";
    let facts = json!({
        "partner": { "id": "P" },
        "sales": [
            { "id": "S-1", "booked_on": "2030-01-01", "product": "anvil", "lines": [{ "units": 2 }, { "units": 3 }] },
            { "id": "S-2", "booked_on": "2030-01-01", "product": "rocket", "lines": [{ "units": 4 }] },
            { "id": "S-3", "booked_on": "2030-01-01", "product": "anvil" },
        ],
    });
    let found = measures(rules, &facts, "2030-06-30");
    assert_eq!(found["all_units"], json!(9));
    assert_eq!(found["full"], json!(1));
    assert_eq!(found["of_anvils"], json!(5));
}

#[test]
fn dates_are_reckoned_as_people_do() {
    for (expression, value) in [
        ("at_day + months(1)", "2030-02-28"),
        ("leap + years(1)", "2029-02-28"),
        ("leap + years(four)", "2032-02-29"),
        ("at_day - days(a_month)", "2029-12-31"),
        ("month_start(as_of)", "2030-06-01"),
        ("month_end(at_day + months(1))", "2030-02-28"),
        ("anniversary(leap)", "2030-02-28"),
        ("min(at_day, as_of)", "2030-01-31"),
        ("max(at_day, as_of)", "2030-06-30"),
        ("at_day + grace - grace", "2030-01-31"),
    ] {
        let rules = format!(
            "[[measures]]\nid = \"x\"\nvalue = '{expression}'\n\n[parameters]\nat_day = {{ is = 2030-01-31 }}\n\
             leap = {{ is = 2028-02-29 }}\nfour = {{ is = 4 }}\na_month = {{ is = 31 }}\ngrace = {{ is = \"90 days\" }}\n"
        );
        assert_eq!(measures(&rules, &sales(json!([])), "2030-06-30")["x"], json!(value), "{expression}");
    }
    for (expression, value) in [
        ("days_between(at_day, as_of)", json!(150)),
        ("days_between(as_of, at_day)", json!(-150)),
        ("as_of - at_day", json!(150)),
        ("months_between(at_day, as_of)", json!(5)),
        ("months_between(at_day, end_of_july)", json!(6)),
        ("at_day < as_of && as_of <= as_of", json!(true)),
    ] {
        let rules = format!(
            "[[measures]]\nid = \"x\"\nvalue = '{expression}'\n\n[parameters]\nat_day = {{ is = 2030-01-31 }}\nend_of_july = {{ is = 2030-07-31 }}\n"
        );
        assert_eq!(measures(&rules, &sales(json!([])), "2030-06-30")["x"], value, "{expression}");
    }
}

#[test]
fn another_day_may_be_asked_about() {
    let rules = "[[measures]]\nid = \"count_now\"\ncount = \"sale\"\n\n\
        [[measures]]\nid = \"before\"\nvalue = 'at(year_start, count_now)'\n\n\
        [[measures]]\nid = \"ever_two\"\nvalue = 'any_day(year_start, as_of, count_now >= two)'\n\n\
        [[measures]]\nid = \"always_one\"\nvalue = 'every_day(year_start, as_of, count_now >= 1)'\n\n\
        [parameters]\nyear_start = { is = 2030-01-01 }\ntwo = { is = 2 }\n";
    let facts = sales(json!([sale("S-1", "2029-12-01", json!(1)), sale("S-2", "2030-03-01", json!(1))]));
    let found = measures(rules, &facts, "2030-06-30");
    assert_eq!(found["count_now"], json!(2));
    assert_eq!(found["before"], json!(1));
    assert_eq!(found["ever_two"], json!(true));
    assert_eq!(found["always_one"], json!(true));
}

#[test]
fn a_declared_type_gives_the_unit() {
    let facts = sales(json!([sale("S-1", "2030-01-01", json!(1)), sale("S-2", "2030-01-01", json!(3))]));
    let ratio = "[[measures]]\nid = \"n\"\ncount = \"sale\"\n\n[[measures]]\nid = \"x\"\nvalue = '1 / n'\ntype = \"percent\"\n\n\
        [[measures]]\nid = \"half\"\nvalue = 'x >= fifty'\n\n[parameters]\nfifty = { is = \"50 %\" }\n";
    let found = measures(ratio, &facts, "2030-06-30");
    assert_eq!(found["x"], json!("50"));
    assert_eq!(found["half"], json!(true));
}

#[test]
fn a_measure_that_only_looks_at_a_field_is_a_step_too() {
    let rules = r#"
        [[measures]]
        id    = "counted"
        each  = "sale"
        value = "amount"
        [[measures]]
        id  = "turnover"
        sum = "sale.counted"
    "#;
    let plan = acme::plan(&format!("{FACTS}\n{rules}"));
    let facts = sales(json!([sale("S-1", "2030-03-01", json!("2.50"))])).to_string();
    let question = Question { trace: true, ..Question::on(date::parse("2030-06-30").expect("a day")) };
    let decision = acme::decided_by(&plan, facts.as_bytes(), &question).expect("a decision");
    let steps = json!([
        { "rule": "counted", "subject": "S-1", "value": "2.5" },
        { "rule": "turnover", "value": "2.5", "facts": ["S-1"] },
    ]);
    assert_eq!(decision["trace"], steps);
}

#[test]
fn a_gap_that_is_too_large_to_be_held_ends_the_decision() {
    let rules = r#"
        [[ladders]]
        id    = "tier"
        below = "none"
        rows  = [{ id = "gold", turnover = 8 }]
        [[measures]]
        id  = "turnover"
        sum = "sale.amount"
    "#;
    let plan = acme::plan(&format!("{FACTS}\n{rules}"));
    let facts = sales(json!([sale("S-1", "2030-03-01", json!("-79228162514264337593543950335"))]));
    let failure = acme::decided(&plan, &facts.to_string(), "2030-06-30").expect_err("no decision");
    assert_eq!(failure, "a number or date is too large to be computed with");
}
