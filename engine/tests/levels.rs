//! Levels in force, followed through the days of a cycle.

use tierline_engine::compile::Program;
use tierline_engine::evaluate::Question;
use tierline_engine::facts::{self, Arena};
use tierline_engine::load::Folder;

const RULES: &str = r#"
[rulebook]
program   = "acme"
version   = "2024"
status    = "published"
effective = { from = 2024-01-01 }
title     = "Acme"

[cycle]
starts = "01-01"

[parameters]
validity = { is = "2 years" }

[[measures]]
id    = "holders"
count = "credential"
where = 'as_of <= awarded_on + validity'

[[ladders]]
id      = "tier"
below   = "none"
up      = "immediately"
down    = "at_cycle_end"
carried = 'partner.tier_prior'
rows    = [ { id = "gold", holders = 1 } ]

[facts.partner]
id         = "id"
tier_prior = "tier"

[facts.credential]
list       = "credentials"
happened   = "awarded_on"
id         = "id"
awarded_on = "date"
"#;

/// The level earned and the level in force on a day, with one credential of 1 June 2022.
fn levels(day: &str) -> (String, String) {
    let load = Program::load(&Folder::of("rules", [("acme/2024.toml", RULES)]), "acme");
    assert!(load.findings.is_empty(), "{:?}", load.findings);
    let partner = r#""partner": {"id": "P-1", "tier_prior": "none"}"#;
    let facts = format!(r#"{{{partner}, "credentials": [{{"id": "C-1", "awarded_on": "2022-06-01"}}]}}"#);
    let question = Question::on(tierline_engine::date::parse(day).expect("a day"));
    let plan = load.program.plan(None, question.as_of).expect("a plan");
    let arena = Arena::new();
    let facts = facts::read(&plan.schema, facts.as_bytes(), &arena).expect("facts");
    let decision = plan.decide(&facts, &question, &arena).expect("a decision").to_json();
    let decision: serde_json::Value = serde_json::from_slice(&decision).expect("JSON");
    let level = |name: &str| decision["ladders"]["tier"][name].as_str().unwrap_or("null").to_owned();
    (level("earned"), level("in_force"))
}

#[test]
fn a_level_reached_in_the_cycle_is_kept_though_what_earned_it_lapses() {
    let both = |earned: &str, in_force: &str| (earned.to_owned(), in_force.to_owned());
    assert_eq!(levels("2024-06-01"), both("gold", "gold"));
    assert_eq!(levels("2024-06-02"), both("none", "gold"));
    assert_eq!(levels("2024-12-31"), both("none", "gold"));
    assert_eq!(levels("2025-01-01"), both("none", "none"));
}
