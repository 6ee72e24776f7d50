//! The engine beside the program by hand: the same document, the same results, on every day of a year.

use serde_json::Value;
use tierline_engine::compile::Program;
use tierline_engine::date::Date;
use tierline_engine::evaluate::Question;
use tierline_engine::facts;
use tierline_engine::load::Folder;
use tierline_tests::by_hand;

const FACTS: &[u8] = include_bytes!("../benches/partner-year.json");
const RULES: &str = include_str!("../benches/points-and-tiers.toml");

fn by_engine(program: &Program, as_of: Date) -> Value {
    let plan = program.plan(None, as_of).expect("a version in force");
    let arena = facts::Arena::new();
    let facts = facts::read(&plan.schema, FACTS, &arena).expect("facts");
    let question = Question::on(as_of);
    let decision = plan.decide(&facts, &question, &arena).expect("a decision");
    serde_json::from_slice(&decision.to_json()).expect("JSON")
}

/// What both programs compute, with numbers in one notation.
fn shared(decision: &Value) -> Value {
    let tier = &decision["ladders"]["tier"];
    let measures = &decision["measures"];
    let lines = decision["awards"]["lines"].as_array().cloned().unwrap_or_default();
    let lines: Vec<Value> = lines
        .into_iter()
        .map(|line| {
            let amount = line["basis"]["amount"].as_str().map(|amount| amount.trim_end_matches('0').to_owned());
            serde_json::json!({
                "rule": line["rule"],
                "points": line["points"],
                "count": line["basis"]["count"],
                "amount": amount,
                "blocks": line["basis"]["blocks"],
                "facts": line["facts"],
            })
        })
        .collect();
    serde_json::json!({
        "subject": decision["subject"],
        "sellers": measures["sellers"],
        "technical_sellers": measures["technical_sellers"],
        "certifications": measures["certifications"],
        "points": measures["points"],
        "total": decision["awards"]["total"],
        "lines": lines,
        "earned": tier["earned"],
        "requirements": tier["requirements"],
    })
}

#[test]
fn both_say_the_same_on_every_day_of_two_years() {
    let rules = Folder::of("rules", [("redhat-pex/2024-07.toml", RULES)]);
    let load = Program::load(&rules, "redhat-pex");
    assert_eq!(load.findings.iter().map(|finding| finding.message.as_str()).collect::<Vec<_>>(), Vec::<&str>::new());
    let first = Date::from_ymd_opt(2024, 7, 1).expect("a day");
    for as_of in first.iter_days().take(730) {
        let by_hand = by_hand::decide(FACTS, as_of).expect("a decision by hand");
        let by_hand: Value = serde_json::from_slice(&by_hand).expect("JSON");
        assert_eq!(shared(&by_engine(&load.program, as_of)), shared(&by_hand), "{as_of}");
    }
}
