//! Versions that bind each partner from the partner's own day: which one judges on a day, and what is told of it.

use serde_json::{Value, json};
use tierline_engine::compile::Load;
use tierline_engine::date;
use tierline_engine::evaluate::Question;
use tierline_tests::acme;

const FACTS: &str = r#"
[facts.partner]
id        = "id"
renews_on = "date or none"
sellers   = "count"

[facts.deal]
list         = "deals"
happened     = "submitted_on"
absent       = "none"
id           = "id"
submitted_on = "date"

[[rulings]]
id       = "rebate"
each     = "deal"
dated_by = "submitted_on"
gives    = [ { percent = "RATE", of = "worth" } ]

[parameters]
worth = { is = "100 USD" }

[[ladders]]
id   = "tier"
rows = [ { id = "silver", sellers = SELLERS } ]
"#;

fn version(name: &str, effective: &str, sellers: u32, rate: &str) -> String {
    let rules = FACTS.replace("SELLERS", &sellers.to_string()).replace("RATE", rate);
    format!(
        "[rulebook]\nprogram = \"acme\"\nversion = \"{name}\"\nstatus = \"published\"\neffective = {effective}\n\
         currency = \"USD\"\ntitle = \"Acme\"\n{rules}"
    )
}

/// Three versions, of which the second and third bind each partner when its contract is renewed.
fn load() -> Load {
    let versions = [
        ("acme/2012.toml", version("2012", "{ from = 2012-01-01 }", 1, "1 %")),
        ("acme/2014.toml", version("2014", "{ from = 2014-07-01, binds = \"partner.renews_on\" }", 2, "2 %")),
        ("acme/2016.toml", version("2016", "{ from = 2016-01-01, binds = \"partner.renews_on\" }", 3, "3 %")),
    ];
    acme::load_files(&versions.each_ref().map(|(path, text)| (*path, text.as_str())), &[])
}

fn facts(renews_on: Value, deals: Value) -> Value {
    json!({ "partner": { "id": "P", "renews_on": renews_on, "sellers": 2 }, "deals": deals })
}

fn decide(load: &Load, named: Option<&str>, facts: &Value, as_of: &str) -> Result<Value, String> {
    assert_eq!(acme::told(load), "");
    let day = date::parse(as_of).expect("a date");
    let plan = load.program.plan(named, day).expect("a plan");
    let question = Question { named: named.is_some(), ..Question::on(day) };
    acme::decided_by(plan, facts.to_string().as_bytes(), &question)
}

fn judged_by(renews_on: Value, as_of: &str) -> String {
    let decision = decide(&load(), None, &facts(renews_on, json!([])), as_of).expect("a decision");
    decision["receipt"]["version"].as_str().expect("a version").to_owned()
}

#[test]
fn a_partner_is_bound_from_its_own_next_such_day() {
    for (renews_on, as_of, version) in [
        // The day lies ahead.
        ("2015-03-28", "2014-06-30", "2012"),
        ("2015-03-28", "2014-07-01", "2012"),
        ("2015-03-27", "2015-03-27", "2014"),
        ("2015-03-28", "2015-03-27", "2012"),
        ("2015-03-28", "2015-03-28", "2014"),
        // It is an anniversary of one before.
        ("2010-09-28", "2014-09-27", "2012"),
        ("2010-09-28", "2014-09-28", "2014"),
        ("2010-07-01", "2014-07-01", "2014"),
        // The third version binds it on its next such day, and the second does until then.
        ("2015-03-28", "2016-03-27", "2014"),
        ("2015-03-28", "2016-03-28", "2016"),
        // It is renewed so late that the second never binds it.
        ("2017-05-01", "2017-04-30", "2012"),
        ("2017-05-01", "2017-05-01", "2016"),
    ] {
        assert_eq!(judged_by(json!(renews_on), as_of), version, "{renews_on} as of {as_of}");
    }
}

#[test]
fn a_partner_that_has_no_such_day_waits_for_none() {
    assert_eq!(judged_by(Value::Null, "2014-06-30"), "2012");
    assert_eq!(judged_by(Value::Null, "2014-07-01"), "2014");
    assert_eq!(judged_by(Value::Null, "2016-01-01"), "2016");
}

#[test]
fn where_the_day_is_not_known_there_is_no_answer() {
    let facts = json!({ "partner": { "id": "P", "sellers": 2 } });
    // An absent date is none here, so that it must be told to be unknown.
    let unknown = |name: &str, effective: &str| {
        version(name, effective, 1, "1 %").replace("renews_on = \"date or none\"", "renews_on = \"date\"")
    };
    let (old, new) = (
        unknown("2012", "{ from = 2012-01-01 }"),
        unknown("2014", "{ from = 2014-07-01, binds = \"partner.renews_on\" }"),
    );
    let load = acme::load_files(&[("acme/2012.toml", &old), ("acme/2014.toml", &new)], &[]);
    let told = "it is not known from which day version `2014` binds this partner: partner.renews_on";
    assert_eq!(decide(&load, None, &facts, "2014-08-01"), Err(told.to_owned()));
    assert_eq!(decide(&load, None, &facts, "2014-06-30").expect("a decision")["receipt"]["version"], "2012");
    assert_eq!(decide(&load, Some("2014"), &facts, "2014-08-01").expect("a decision")["receipt"]["version"], "2014");
}

#[test]
fn a_version_that_is_named_judges_whoever_is_asked_about() {
    let facts = facts(json!("2015-03-28"), json!([]));
    let decision = decide(&load(), Some("2016"), &facts, "2014-01-01").expect("a decision");
    assert_eq!(decision["receipt"]["version"], "2016");
    assert_eq!(decision["ladders"]["tier"]["in_force"], "none");
    assert_eq!(decision["deadlines"], Value::Null);
}

#[test]
fn the_day_from_which_another_version_binds_the_partner_is_a_deadline() {
    let facts = facts(json!("2015-03-28"), json!([]));
    let decision = decide(&load(), None, &facts, "2014-08-01").expect("a decision");
    assert_eq!(decision["ladders"]["tier"]["in_force"], "silver");
    let change = json!([{ "rule": "version", "from": "2012", "to": "2014" }]);
    let told = json!({ "on": "2015-03-28", "rule": "version", "effect": "changes; version goes from 2012 to 2014", "changes": change });
    assert_eq!(decision["deadlines"], json!([told]));
    // On the day itself it has come.
    let decision = decide(&load(), None, &facts, "2015-03-28").expect("a decision");
    assert_eq!(decision["deadlines"], Value::Null);
}

#[test]
fn two_versions_that_do_not_bind_it_yet_are_told_one_after_the_other() {
    let told = |as_of: &str| {
        let decision = decide(&load(), None, &facts(json!("2017-05-01"), json!([])), as_of).expect("a decision");
        let days = decision["deadlines"].as_array().cloned().unwrap_or_default();
        days.iter().map(|day| format!("{} {}", day["on"], day["effect"]).replace('"', "")).collect::<Vec<_>>()
    };
    assert_eq!(told("2016-06-30"), ["2017-05-01 changes; version goes from 2012 to 2016"]);
}

#[test]
fn what_is_dated_is_judged_by_the_version_that_bound_the_partner_on_its_day() {
    let deal = |id: &str, on: &str| json!({ "id": id, "submitted_on": on });
    let deals = json!([
        deal("D-1", "2014-08-01"),
        deal("D-2", "2015-03-28"),
        deal("D-3", "2016-02-01"),
        deal("D-4", "2016-03-28")
    ]);
    let rates = |as_of: &str| {
        let decision = decide(&load(), None, &facts(json!("2015-03-28"), deals.clone()), as_of).expect("a decision");
        let rulings = decision["rulings"]["rebate"].as_array().cloned().unwrap_or_default();
        json!(rulings.iter().map(|ruling| ruling["rate"].clone()).collect::<Vec<_>>())
    };
    assert_eq!(rates("2016-06-30"), json!(["1", "2", "2", "3"]));
    assert_eq!(rates("2015-06-30"), json!(["1", "2"]));
}

#[test]
fn before_the_first_version_binds_it_no_version_does() {
    let only = version("2014", "{ from = 2014-07-01, binds = \"partner.renews_on\" }", 1, "1 %");
    let load = acme::load_files(&[("acme/2014.toml", &only)], &[]);
    let told = "version `2014` binds this partner from 2015-03-28 on, and no version before it does";
    assert_eq!(decide(&load, None, &facts(json!("2015-03-28"), json!([])), "2014-08-01"), Err(told.to_owned()));
}

#[test]
fn what_cannot_be_meant_is_told() {
    let told = |effective: &str| {
        let text = version("2", effective, 1, "1 %");
        briefly(&acme::load_files(&[("acme/2.toml", &text)], &[]))
    };
    let no_from = "TL202 `from` is missing, and `binds` counts from it";
    assert_eq!(told("{ binds = \"partner.renews_on\" }"), [no_from]);
    assert_eq!(told("{ from = 2030-01-01, binds = \"partner.sellers\" }"), ["TL403 expected a date, found a count"]);
    let other = "TL204 which version binds a partner is told by facts of the partner alone";
    assert_eq!(told("{ from = 2030-01-01, binds = \"as_of\" }"), [other]);
}

#[test]
fn a_version_with_an_end_leaves_nobody_without_rules() {
    let old = version("2012", "{ from = 2012-01-01, until = 2014-07-01 }", 1, "1 %");
    let new = version("2014", "{ from = 2014-07-01, binds = \"partner.renews_on\" }", 1, "1 %");
    let load = acme::load_files(&[("acme/2012.toml", &old), ("acme/2014.toml", &new)], &[]);
    assert_eq!(briefly(&load), ["TL206 `2012` ends on one day, and `2014` binds each partner from its own"]);
}

/// The code and message of everything that was found.
fn briefly(load: &Load) -> Vec<String> {
    let found = load.findings.sorted().into_iter();
    found.map(|finding| format!("{} {}", finding.code.id, finding.message)).collect()
}
