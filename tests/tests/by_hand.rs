//! The engine beside the program by hand: the same facts, the same document, on every day of two years.
//!
//! Nothing is made alike before the documents are compared but the digest of the rules, since the rules of
//! the program by hand are its code.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;
use tierline_engine::compile::{Plan, Program};
use tierline_engine::date::Date;
use tierline_engine::evaluate::Question;
use tierline_engine::facts::{self, Arena};
use tierline_engine::finding::Findings;
use tierline_engine::load::Folder;
use tierline_engine::sample::{self, Sample};
use tierline_engine::source::Sources;
use tierline_tests::by_hand;

const FACTS: &[u8] = include_bytes!("../benches/partner-year.json");
const RULES: &str = include_str!("../benches/points-and-tiers.toml");
const SAMPLES: &str = include_str!("../../rules/redhat-pex/samples/partner-years.toml");

fn rules() -> Folder {
    let files = [("redhat-pex/2024-07.toml", RULES), ("redhat-pex/samples/partner-years.toml", SAMPLES)];
    Folder::of("rules", files)
}

fn plan() -> Arc<Plan> {
    let load = Program::load(&rules(), "redhat-pex");
    assert_eq!(load.findings.iter().map(|finding| finding.message.as_str()).collect::<Vec<_>>(), Vec::<&str>::new());
    Arc::clone(load.program.plan(None, day(2024, 7, 1)).expect("a version in force"))
}

fn day(year: i32, month: u32, day: u32) -> Date {
    Date::from_ymd_opt(year, month, day).expect("a calendar day")
}

/// The two documents, which must be the same.
fn both(plan: &Plan, facts: &[u8], as_of: Date) -> [String; 2] {
    let arena = Arena::new();
    let read = facts::read(&plan.schema, facts, &arena).expect("facts");
    let question = Question::on(as_of);
    let decision = plan.decide(&read, &question, &arena).expect("a decision").to_json();
    let by_engine = String::from_utf8(decision).expect("text").replace(&plan.digest, by_hand::RULES_DIGEST);
    let by_hand = by_hand::decide(facts, as_of).expect("a decision by hand");
    [by_engine, String::from_utf8(by_hand).expect("text")]
}

#[track_caller]
fn assert_same(plan: &Plan, partner: &str, facts: &[u8], as_of: Date) {
    let [by_engine, by_hand] = both(plan, facts, as_of);
    if by_engine != by_hand {
        // As trees they are shown section by section.
        let tree = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
        let (by_engine, by_hand) = (tree(&by_engine), tree(&by_hand));
        for section in by_hand.as_object().expect("an object").keys() {
            assert_eq!(by_engine[section], by_hand[section], "`{section}` on {as_of}, of {partner}");
        }
        assert_eq!(by_engine, by_hand, "on {as_of}, of {partner}");
        panic!("the keys stand in another order on {as_of}, of {partner}");
    }
}

/// The facts as they were told on a day: without records of later days.
fn told_by(facts: &[u8], as_of: Date) -> Vec<u8> {
    let mut facts: Value = serde_json::from_slice(facts).expect("JSON");
    let as_of = as_of.to_string();
    let later = |record: &Value, key: &str| record[key].as_str().is_some_and(|on| on > as_of.as_str());
    for (list, happened) in [("credentials", "awarded_on"), ("activities", "occurred_on"), ("sales", "booked_on")] {
        facts[list].as_array_mut().expect("a list").retain(|record| !later(record, happened));
    }
    let deals = facts["deals"].as_array_mut().expect("a list");
    for deal in deals.iter_mut().filter(|deal| later(deal, "approved_on")) {
        deal.as_object_mut().expect("an object").remove("approved_on");
    }
    let people = facts["people"].as_array_mut().expect("a list");
    for person in people.iter_mut().filter(|person| later(person, "left_on")) {
        person.as_object_mut().expect("an object").remove("left_on");
    }
    facts.to_string().into_bytes()
}

fn samples(plan: &Plan, as_of: Date) -> Sample {
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    let sample = sample::read(&rules(), plan, "partner-years", as_of, &mut sources, &mut findings);
    sample.expect("a description that is in order")
}

#[test]
fn both_say_the_same_on_every_day_of_two_years() {
    let plan = plan();
    for as_of in day(2024, 7, 1).iter_days().take(730) {
        assert_same(&plan, "the partner-year", &told_by(FACTS, as_of), as_of);
    }
}

/// Asked about an earlier day, what happened since is what is going to change.
#[test]
fn both_say_the_same_of_days_before_the_last_record() {
    let plan = plan();
    for as_of in day(2024, 7, 1).iter_days().take(730) {
        assert_same(&plan, "the partner-year", FACTS, as_of);
    }
}

/// Another partner: every third sale is sent back, every third credential is the first person's, who left.
fn troubled(facts: &[u8]) -> Vec<u8> {
    let mut facts: Value = serde_json::from_slice(facts).expect("JSON");
    for sale in facts["sales"].as_array_mut().expect("a list").iter_mut().step_by(3) {
        sale["amount"] = format!("-{}", sale["amount"].as_str().expect("an amount in quotes")).into();
    }
    for credential in facts["credentials"].as_array_mut().expect("a list").iter_mut().skip(2).step_by(3) {
        credential["person"] = "H-1".into();
    }
    facts["people"][0]["left_on"] = "2025-10-01".into();
    facts["partner"]["tier_confirmed"] = "none".into();
    facts.to_string().into_bytes()
}

/// What documents tell: why levels moved, and what happens on deadlines.
fn told(plan: &Plan, facts: &[u8], as_of: Date, seen: &mut BTreeSet<String>) {
    let [_, decision] = both(plan, facts, as_of);
    let decision: Value = serde_json::from_str(&decision).expect("JSON");
    let history = decision["ladders"]["tier"]["history"].as_array().into_iter().flatten();
    seen.extend(history.map(|step| format!("{} by {}", step["because"], step["requirements"])));
    for deadline in decision["deadlines"].as_array().into_iter().flatten() {
        let changes = deadline["changes"].as_array().into_iter().flatten();
        let effect = deadline["effect"].as_str().and_then(|effect| effect.split(';').next()).expect("a sentence");
        seen.extend(changes.map(|change| format!("{effect}, {}", change["rule"])));
    }
}

#[test]
fn both_say_the_same_of_made_up_partners() {
    let plan = plan();
    let told_on = day(2025, 11, 30);
    let sample = samples(&plan, told_on);
    let mut seen = BTreeSet::new();
    for number in 1..=150 {
        let (partner, mut facts) = (format!("partner {number}"), Vec::new());
        sample.write(7, number, &mut facts).expect("dates of the calendar");
        for facts in [troubled(&facts), facts] {
            for as_of in [day(2025, 12, 31), day(2026, 1, 1), day(2026, 10, 31), told_on] {
                assert_same(&plan, &partner, &facts, as_of);
            }
            for as_of in [day(2025, 1, 31), day(2025, 3, 1), day(2025, 7, 15)] {
                assert_same(&plan, &partner, &told_by(&facts, as_of), as_of);
            }
            told(&plan, &facts, told_on, &mut seen);
        }
    }
    insta::assert_debug_snapshot!(seen);
}
