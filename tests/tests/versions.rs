//! Versions beside each other: a subject is judged by the version that its date picks, from facts that are
//! read once; and amounts in other currencies.

use serde_json::{Value, json};
use tierline_engine::compile::{Load, Program};
use tierline_engine::date;
use tierline_engine::evaluate::Question;
use tierline_engine::load::Folder;
use tierline_tests::acme;

/// The rules until July: in yen, with a kind of line that the later rules have no longer.
const OLD: &str = r#"
[rulebook]
program   = "acme"
version   = "old"
status    = "published"
effective = { from = 2020-01-01, until = 2030-07-01 }
currency  = "JPY"
title     = "Acme Partners"

[parameters]
minimum = { is = "1_000_000 JPY" }
rate    = { is = "3 %" }

[[measures]]
id    = "price"
each  = "deal"
sum   = "line.amount"
where = 'kind != "manual"'

[[rulings]]
id       = "registration"
each     = "deal"
dated_by = "submitted_on"
gives    = [ { percent = "rate", of = "price" } ]
requires = [ { id = "minimum_price", that = 'price >= minimum' }, { id = "named", that = 'has(reseller)' } ]

[[rulings]]
id       = "welcome"
each     = "deal"
dated_by = "submitted_on"
requires = [ { id = "first", that = 'first' } ]

[facts.partner]
id = "id"

[facts.deal]
list         = "deals"
happened     = "submitted_on"
id           = "id"
submitted_on = "date or unknown"
reseller     = "text or none"
first        = "flag or false"

[facts.line]
in     = "deal"
list   = "lines"
kind   = ["manual", "license", "support"]
amount = "money"
"#;

/// The rules from July: in dollars, without resellers.
const NEW: &str = r#"
[rulebook]
program   = "acme"
version   = "new"
status    = "published"
effective = { from = 2030-07-01 }
currency  = "USD"
title     = "Acme Partners"

[parameters]
minimum = { is = "10_000 USD" }
rate    = { is = "20 %" }

[[measures]]
id    = "price"
each  = "deal"
sum   = "line.amount"
where = 'kind != "training"'

[[measures]]
id    = "granted"
count = "deal"
where = 'registration.outcome == "granted"'

[[rulings]]
id       = "registration"
each     = "deal"
dated_by = "submitted_on"
gives    = [ { percent = "rate", of = "price" } ]
requires = [ { id = "minimum_price", that = 'price >= minimum' } ]

[facts.partner]
id = "id"

[facts.deal]
list         = "deals"
happened     = "submitted_on"
id           = "id"
submitted_on = "date or unknown"

[facts.line]
in     = "deal"
list   = "lines"
kind   = ["license", "support", "training"]
amount = "money"

[facts.exchange]
list     = "rates"
absent   = "none"
currency = "text"
from     = "date or none"
rate     = "number"
"#;

fn load(old: &str, new: &str) -> Load {
    Program::load(&Folder::of("rules", [("acme/old.toml", old), ("acme/new.toml", new)]), "acme")
}

fn decide(load: &Load, facts: &Value, as_of: &str) -> Value {
    assert!(!load.findings.has_errors(), "\n{}", acme::told(load));
    let day = date::parse(as_of).expect("a date");
    let plan = load.program.plan(None, day).expect("a plan");
    acme::decided(plan, &facts.to_string(), as_of).expect("a decision")
}

fn deal(id: &str, submitted_on: Value, lines: Value) -> Value {
    json!({ "id": id, "submitted_on": submitted_on, "lines": lines })
}

fn lines(kind: &str, amount: &str, currency: &str) -> Value {
    json!([{ "kind": kind, "amount": amount, "currency": currency }])
}

#[test]
fn a_deal_of_the_last_day_and_one_of_the_first_are_judged_by_different_versions() {
    let load = load(OLD, NEW);
    let mut old = deal("D-1", json!("2030-06-30"), lines("license", "1000000", "JPY"));
    old["reseller"] = json!("R");
    let new = deal("D-2", json!("2030-07-01"), lines("license", "10000", "USD"));
    let decision = decide(&load, &json!({ "partner": { "id": "P-1" }, "deals": [old, new] }), "2030-08-01");
    let rulings = &decision["rulings"]["registration"];
    let judged =
        |place: usize| ["subject", "outcome", "rate", "amount", "currency"].map(|key| rulings[place][key].clone());
    assert_eq!(judged(0), ["D-1", "granted", "3", "30000", "JPY"].map(Value::from));
    assert_eq!(judged(1), ["D-2", "granted", "20", "2000.00", "USD"].map(Value::from));
    assert_eq!(decision["receipt"]["version"], "new");
    assert_eq!(rulings[0]["receipt"]["version"], "old");
    assert_eq!(rulings[0]["receipt"]["as_of"], "2030-08-01");
    let old_plan = load.program.versions.iter().find(|version| version.name == "old").expect("the old version");
    assert_eq!(rulings[0]["receipt"]["digest"], old_plan.digest);
    assert_eq!(rulings[0]["receipt"]["facts_digest"], decision["receipt"]["facts_digest"]);
    assert_eq!(rulings[1].get("receipt"), None);
    // What is decided elsewhere counts here.
    assert_eq!(decision["measures"], json!({ "granted": 2 }));
    let reasons = rulings[0]["reasons"].as_array().expect("reasons");
    assert_eq!(
        reasons.iter().map(|reason| reason["id"].as_str().unwrap_or("")).collect::<Vec<_>>(),
        ["minimum_price", "named"]
    );
}

#[test]
fn what_only_one_version_understands_is_not_known_to_the_other() {
    let load = load(OLD, NEW);
    let manuals = json!([
        { "kind": "manual", "amount": "5", "currency": "JPY" }, { "kind": "support", "amount": "2000000", "currency": "JPY" }
    ]);
    let mut old = deal("D-1", json!("2030-06-30"), manuals);
    old["reseller"] = json!("R");
    let facts = json!({ "partner": { "id": "P-1" }, "deals": [old] });
    let ruling = &decide(&load, &facts, "2030-08-01")["rulings"]["registration"][0];
    assert_eq!((&ruling["outcome"], &ruling["amount"]), (&json!("granted"), &json!("60000")));
    assert_eq!(ruling["reasons"][0]["left_out"], json!(["deals.D-1.lines.0"]));
    // The same words on a new deal: the later rules do not know the kind, nor what a yen is worth.
    let manuals = json!([{ "kind": "manual", "amount": "5", "currency": "JPY" }]);
    let facts = json!({ "partner": { "id": "P-1" }, "deals": [deal("D-1", json!("2030-07-01"), manuals)] });
    let decision = decide(&load, &facts, "2030-08-01");
    let missing = json!(["deals.D-1.lines.0.kind", "exchange.JPY"]);
    let told = decision["undetermined"].as_array().expect("something").iter();
    let told = told.filter(|entry| entry["rule"] == "registration.D-1").map(|entry| &entry["missing"]);
    assert_eq!(told.collect::<Vec<_>>(), [&missing]);
    // A word that no version has is a mistake.
    let facts = json!({ "deals": [deal("D-1", json!("2030-07-01"), lines("lisence", "5", "USD"))] });
    let plan = load.program.plan(None, date::parse("2030-08-01").expect("a date")).expect("a plan");
    let error = acme::decided(plan, &facts.to_string(), "2030-08-01").expect_err("a mistake");
    assert!(error.contains("`lisence` is not one of the words here"), "{error}");
}

#[test]
fn a_date_that_picks_no_version_leaves_the_deal_open_and_says_so() {
    let load = load(OLD, NEW);
    let open = |submitted_on: Option<Value>| {
        let mut deal = json!({ "id": "D-1", "lines": [] });
        submitted_on.into_iter().for_each(|day| deal["submitted_on"] = day);
        let decision = decide(&load, &json!({ "partner": { "id": "P-1" }, "deals": [deal] }), "2030-08-01");
        let ruling = &decision["rulings"]["registration"][0];
        assert_eq!(
            (&ruling["outcome"], ruling.get("reasons"), ruling.get("parts")),
            (&json!("undetermined"), None, None)
        );
        let told = decision["undetermined"].as_array().expect("something").iter();
        told.filter(|entry| entry["rule"] == "registration.D-1")
            .map(|entry| entry["missing"][0].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(open(Some(json!("2019-12-31"))), ["no version of `acme` is in force on 2019-12-31"]);
    assert_eq!(open(Some(json!(null))), ["deals.D-1.submitted_on does not exist"]);
    assert_eq!(open(None), ["deals.D-1.submitted_on"]);
}

#[test]
fn a_version_may_judge_alone() {
    let load = load(OLD, NEW);
    let facts = json!({ "deals": [deal("D-1", json!("2030-06-30"), lines("license", "10000", "USD"))] });
    let day = date::parse("2030-08-01").expect("a date");
    let question = Question { alone: true, ..Question::on(day) };
    let plan = load.program.plan(None, day).expect("a plan");
    let decision = acme::decided_by(plan, facts.to_string().as_bytes(), &question).expect("a decision");
    let ruling = &decision["rulings"]["registration"][0];
    assert_eq!((&ruling["outcome"], &ruling["rate"], ruling.get("receipt")), (&json!("granted"), &json!("20"), None));
}

#[test]
fn the_old_version_judges_deals_of_the_new_one_by_the_new_one() {
    let load = load(OLD, NEW);
    let facts = json!({ "deals": [deal("D-1", json!("2030-07-01"), lines("license", "10000", "USD"))] });
    let day = date::parse("2030-07-01").expect("a date");
    let plan = load.program.plan(Some("old"), day).expect("a plan");
    let ruling =
        &acme::decided(plan, &facts.to_string(), "2030-07-01").expect("a decision")["rulings"]["registration"][0];
    assert_eq!((&ruling["outcome"], &ruling["receipt"]["version"]), (&json!("granted"), &json!("new")));
}

#[test]
fn a_ruling_that_ended_is_still_given_on_the_subjects_of_its_days() {
    let load = load(OLD, NEW);
    let mut first = deal("D-1", json!("2030-06-30"), json!([]));
    first["first"] = json!(true);
    let later = deal("D-2", json!("2030-07-01"), json!([]));
    let facts = json!({ "partner": { "id": "P-1" }, "deals": [first, later] });
    let welcome = &decide(&load, &facts, "2030-08-01")["rulings"]["welcome"];
    assert_eq!(welcome.as_array().map(Vec::len), Some(1));
    assert_eq!((&welcome[0]["subject"], &welcome[0]["outcome"]), (&json!("D-1"), &json!("granted")));
    assert_eq!(welcome[0]["receipt"]["version"], "old");
    // What the version of the day no longer rules on, and was not asked for in its days, is open.
    let day = date::parse("2030-07-01").expect("a date");
    let plan = load.program.plan(Some("old"), day).expect("a plan");
    let welcomed = &acme::decided(plan, &facts.to_string(), "2030-07-01").expect("a decision")["rulings"]["welcome"];
    assert_eq!((&welcomed[1]["subject"], &welcomed[1]["outcome"]), (&json!("D-2"), &json!("undetermined")));
}

#[test]
fn a_broken_version_judges_nothing_and_is_named() {
    let broken = OLD.replace("price >= minimum", "prise >= minimum");
    let load = load(&broken, NEW);
    let day = date::parse("2030-08-01").expect("a date");
    let facts = json!({ "deals": [deal("D-1", json!("2030-06-30"), json!([]))] });
    let plan = load.program.plan(None, day).expect("a plan");
    let decision = acme::decided(plan, &facts.to_string(), "2030-08-01").expect("a decision");
    let missing = json!(["version `old` has errors and cannot be used"]);
    let told = decision["undetermined"].as_array().expect("something").iter();
    assert!(told.clone().any(|entry| entry["rule"] == "registration.D-1" && entry["missing"] == missing), "{decision}");
}

#[test]
fn rates_that_the_facts_give_hold_from_their_day_on() {
    let load = load(OLD, NEW);
    let price = |submitted_on: &str, rates: Value| {
        let deals = json!([deal("D-1", json!(submitted_on), lines("license", "2000000", "JPY"))]);
        let facts = json!({ "partner": { "id": "P-1" }, "deals": deals, "rates": rates });
        let decision = decide(&load, &facts, "2031-08-01");
        let ruling = decision["rulings"]["registration"][0].clone();
        (ruling["outcome"].clone(), ruling["reasons"][0]["have"].clone(), decision["undetermined"].clone())
    };
    let rates = json!([
        { "currency": "JPY", "from": "2030-09-01", "rate": "0.006" },
        { "currency": "JPY", "from": "2030-08-01", "rate": "0.005" },
        { "currency": "EUR", "from": "2030-08-01", "rate": "1.1" },
    ]);
    assert_eq!(price("2030-08-01", rates.clone()).1, "10000.000");
    assert_eq!(price("2030-08-31", rates.clone()).1, "10000.000");
    assert_eq!(price("2030-09-01", rates.clone()).1, "12000.000");
    let (outcome, _, undetermined) = price("2030-07-31", rates);
    assert_eq!(outcome, "undetermined");
    let missing = json!(["exchange.JPY"]);
    assert_eq!(
        undetermined,
        json!([
            { "rule": "granted", "missing": missing }, { "rule": "registration.D-1", "missing": missing },
        ])
    );
    // One that is not told is not passed over for an older one, whichever version judges.
    let untold = json!([
        { "currency": "JPY", "from": "2030-08-01", "rate": "0.005" }, { "currency": "JPY", "from": "2030-09-01" },
    ]);
    let missing = json!(["rates.1.rate"]);
    assert_eq!(
        price("2030-09-01", untold).2,
        json!([
            { "rule": "granted", "missing": missing }, { "rule": "registration.D-1", "missing": missing },
        ])
    );
    // A rate without a day holds on any.
    assert_eq!(price("2030-07-31", json!([{ "currency": "JPY", "from": null, "rate": 0.01 }])).1, "20000.00");
}
