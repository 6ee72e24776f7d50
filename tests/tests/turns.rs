//! Days on which levels and deadlines are easily told wrongly, each in the smallest partner that shows it.

use serde_json::{Value, json};
use tierline_tests::acme;

const FACTS: &str = r#"
[cycle]
starts = "01-01"

[facts.partner]
id       = "id"
agreed   = "flag"
brought  = "tier"
fixed_on = "date"

[facts.credential]
list       = "credentials"
happened   = "awarded_on"
id         = "id"
person     = "text"
awarded_on = "date"

[facts.sale]
list      = "sales"
happened  = "booked_on"
id        = "id"
person    = "text"
booked_on = "date"

[[measures]]
id    = "engineers"
count = "credential"
where = 'as_of <= awarded_on + validity'

[[awards]]
id    = "selling"
count = "sale"
rows  = [ { id = "any", points = 100 } ]
"#;

const LADDER: &str = r#"
[[ladders]]
id   = "tier"
rows = [ { id = "silver", engineers = 1 }, { id = "gold", engineers = 2 }, { id = "top", engineers = 3 } ]
"#;

const VALID_FOR_30_DAYS: &str = "\n[parameters.validity]\nis = \"30 days\"\n";

fn decide(rules: &str, facts: Value, as_of: &str) -> Value {
    let load = acme::load(&format!("{FACTS}{rules}"), &[]);
    let plan = load.program.versions.first().and_then(|version| version.plan.clone());
    let Some(plan) = plan else { panic!("no plan of {rules}\n{}", acme::told(&load)) };
    acme::decided(&plan, &facts.to_string(), as_of).expect("a decision")
}

fn partner(credentials: &[&str], sales: &[&str]) -> Value {
    let list = |key: &str, days: &[&str]| -> Vec<Value> {
        days.iter().enumerate().map(|(n, on)| json!({ "id": format!("{key}-{n}"), key: on, "person": "H" })).collect()
    };
    json!({ "partner": { "id": "P", "agreed": true, "brought": "top", "fixed_on": "2031-04-01" },
        "credentials": list("awarded_on", credentials), "sales": list("booked_on", sales) })
}

/// The days of the deadlines, with what changes on them.
fn deadlines(decision: &Value) -> Vec<String> {
    let all = decision["deadlines"].as_array().cloned().unwrap_or_default();
    let told = |text: &Value| text.as_str().expect("text").to_owned();
    all.iter().map(|deadline| format!("{}: {}", told(&deadline["on"]), told(&deadline["effect"]))).collect()
}

/// Levels may fall on every day, so one level is lost on every day, whether or not anything else happens on it.
#[test]
fn one_level_is_lost_on_each_of_many_days() {
    let ladder = format!("{LADDER}falls = \"one_level\"\ncarried = 'partner.brought'\n");
    let in_force = |as_of: &str| {
        let decision = decide(&format!("{VALID_FOR_30_DAYS}{ladder}"), partner(&[], &[]), as_of);
        decision["ladders"]["tier"]["in_force"].as_str().expect("a level").to_owned()
    };
    assert_eq!(
        ["2031-01-01", "2031-01-02", "2031-01-03", "2031-01-04"].map(in_force),
        ["gold", "silver", "none", "none"]
    );
}

/// A level that is judged and lost on the first day of the cycle was in force on the day before.
#[test]
fn a_level_lost_on_the_first_day_is_in_the_history() {
    let ladder = format!("{LADDER}down = \"at_cycle_start\"\ncarried = 'partner.brought'\n");
    let decision = decide(&format!("{VALID_FOR_30_DAYS}{ladder}"), partner(&[], &[]), "2031-02-01");
    assert_eq!(decision["ladders"]["tier"]["in_force"], "none");
    let lost = json!([{ "on": "2031-01-01", "from": "top", "to": "none", "because": "lost" }]);
    assert_eq!(decision["ladders"]["tier"]["history"], lost);
}

/// Two ways to a level ask for engineers; only one of them came to hold, and not by its engineers.
#[test]
fn only_what_turned_is_named_where_ways_share_a_requirement() {
    let ladder = r#"
[[ladders]]
id   = "tier"
rows = [
  { id = "gold", engineers = 1, points = 100 },
  { id = "gold", via = "team", engineers = 3 },
]
"#
    .replace("\"gold\"", "\"top\"");
    let rules = format!("{VALID_FOR_30_DAYS}{ladder}");
    let decision = decide(&rules, partner(&["2031-01-02"], &["2031-01-10"]), "2031-01-20");
    assert_eq!(
        decision["ladders"]["tier"]["history"],
        json!([{ "on": "2031-01-10", "from": "none", "to": "top", "because": "earned", "requirements": ["points"] }])
    );
}

/// A credential that starts to count later also stops counting later.
#[test]
fn what_turns_twice_has_two_deadlines() {
    let rules = format!("{VALID_FOR_30_DAYS}{LADDER}");
    let decision = decide(&rules, partner(&["2031-04-01"], &[]), "2031-03-01");
    assert_eq!(
        deadlines(&decision),
        [
            "2031-04-01: changes; engineers goes from 0 to 1; tier.earned goes from none to silver; tier goes from none to silver",
            "2031-05-02: stops counting; engineers goes from 1 to 0; tier.earned goes from silver to none; tier goes from silver to none",
        ]
    );
}

/// Of two credentials of one person the first in the document stands for both; the other goes on counting.
#[test]
fn what_another_stands_for_does_not_stop_counting() {
    let holders = r#"
[[measures]]
id       = "holders"
count    = "credential"
once_per = "person"
where    = 'as_of <= awarded_on + validity'
"#;
    let rules = format!("{VALID_FOR_30_DAYS}{LADDER}{holders}");
    let decision = decide(&rules, partner(&["2031-04-01", "2031-03-25"], &[]), "2031-03-30");
    let all = decision["deadlines"].as_array().cloned().unwrap_or_default();
    let of_holders = all.iter().filter(|deadline| deadline["rule"] == "holders");
    let days: Vec<Value> = of_holders.map(|deadline| json!([deadline["on"], deadline["subject"]])).collect();
    assert_eq!(days, [json!(["2031-05-02", "awarded_on-0"])]);
}

/// A credential is valid for longer before it runs out: it runs out later, but it does.
#[test]
fn what_is_put_off_still_has_its_deadline() {
    let rules = "\n[parameters.validity]\nis = \"60 days\"\nchanges = [ { from = 2031-03-10, is = \"70 days\" } ]\n";
    let decision = decide(&format!("{rules}{LADDER}"), partner(&["2031-01-20"], &[]), "2031-03-01");
    assert_eq!(
        deadlines(&decision),
        [
            "2031-04-01: stops counting; engineers goes from 1 to 0; tier.earned goes from silver to none; tier goes from silver to none"
        ]
    );
}

/// Sales of later days are told on their days, not on the next day on which a measure changes.
#[test]
fn points_of_later_days_have_deadlines_of_their_own() {
    let rules = format!("{VALID_FOR_30_DAYS}{LADDER}");
    let decision = decide(&rules, partner(&["2031-02-20"], &["2031-03-05"]), "2031-03-01");
    assert_eq!(
        deadlines(&decision),
        [
            "2031-03-05: changes; points goes from 0 to 100",
            "2031-03-23: stops counting; engineers goes from 1 to 0; tier.earned goes from silver to none; tier goes from silver to none",
            "2032-01-01: the cycle ends; points goes from 100 to 0",
        ]
    );
}

/// A measure that compares the day with a date turns on that date, tomorrow as on any other day.
#[test]
fn what_turns_tomorrow_is_a_deadline() {
    let rules =
        format!("{VALID_FOR_30_DAYS}{LADDER}\n[[measures]]\nid = \"fixed\"\nvalue = 'partner.fixed_on <= as_of'\n");
    for as_of in ["2031-03-30", "2031-03-31"] {
        let decision = decide(&rules, partner(&[], &[]), as_of);
        assert_eq!(deadlines(&decision), ["2031-04-01: changes; fixed goes from false to true"], "as of {as_of}");
    }
}

/// A requirement that holds from a day on takes the level away on that day.
#[test]
fn a_dated_requirement_is_a_deadline() {
    let requires =
        "\n[[ladders.requires]]\nid = \"signed\"\nthat = '!partner.agreed'\neffective = { from = 2031-04-01 }\n";
    let rules = format!("\n[parameters.validity]\nis = \"900 days\"\n{LADDER}{requires}");
    let decision = decide(&rules, partner(&["2031-01-20"], &[]), "2031-03-01");
    assert_eq!(
        deadlines(&decision),
        ["2031-04-01: changes; tier.earned goes from silver to none; tier goes from silver to none"]
    );
}

/// An exception that ends takes the level away on that day.
#[test]
fn the_end_of_an_exception_is_a_deadline() {
    let exception = "\n[[exceptions]]\nid = \"eased\"\nwho = 'partner.agreed'\nuntil = 2031-04-01\nset = { \"ladders.tier.gold.engineers\" = 1 }\n";
    let rules = format!("\n[parameters.validity]\nis = \"900 days\"\n{LADDER}{exception}");
    let decision = decide(&rules, partner(&["2031-01-20"], &[]), "2031-03-01");
    assert_eq!(
        deadlines(&decision),
        ["2031-04-01: changes; tier.earned goes from gold to silver; tier goes from gold to silver"]
    );
}
