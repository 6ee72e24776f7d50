//! Sample files: what they draw, that it stays the same, and what is wrong with a wrong one.

use super::{OutOfCalendar, Sample};
use crate::compile::Program;
use crate::date;
use crate::facts::{self, Arena};
use crate::finding::Findings;
use crate::load::Folder;

const RULES: &str = r#"
[rulebook]
program   = "acme"
version   = "1"
status    = "published"
effective = {}
currency  = "USD"
title     = "Acme"

[cycle]
starts = "01-01"

[facts.partner]
id      = "id"
tags    = "set of tag"
trusted = "flag"

[choices]
tag = ["old", "new"]

[facts.person]
list = "people"
id   = "id"

[facts.deal]
list    = "deals"
id      = "id"
owner   = "person or none"
opened  = "date"
closed  = "date or none"
buyer   = "buyer"

[facts.buyer]
in   = "deal"
id   = "id"

[facts.item]
in     = "deal"
list   = "items"
tag    = "tag"
pieces = "count"
price  = "money"
"#;

const SAMPLE: &str = r#"
program = "acme"
kinds   = { small = 3, large = 1 }

[facts.partner]
id      = "P-{partner}"
tags    = { set = { old = "50 %", new = "100 %" } }
trusted = { chance = "75 %" }

[[facts.people]]
count = { by_kind = { small = 2, large = [4, 6] } }
id    = "H-{n}"

[[facts.deals]]
count  = 3
id     = "D-{n}"
owner  = { of = "people", in_turn = true }
opened = { date = ["cycle", "as_of"] }
closed = { date = ["opened + 1 day", "opened + 9 months"], past = true, absent = "10 %" }
[facts.deals.buyer]
id     = "B-{n} \"quoted\""
[[facts.deals.items]]
count  = [1, 2]
tag    = { words = { old = 1, new = 3 } }
pieces = { number = [6, 12], step = 3 }
price  = { number = [10, 1_000], step = 0.25, skew = 2 }

[[facts.deals]]
count  = { number = [0, 4], skew = 2, absent = "50 %" }
id     = "D-{n}"
opened = 2025-01-31
"#;

fn read(text: &str, day: &str) -> Result<Sample, Vec<(String, Option<String>)>> {
    let rules = Folder::of("rules", [("acme/1.toml", RULES), ("acme/samples/some.toml", text)]);
    let mut load = Program::load(&rules, "acme");
    assert_eq!(load.findings.sorted(), Vec::<&crate::finding::Finding>::new());
    let day = date::parse(day).expect("a date");
    let plan = load.program.plan(None, day).expect("a plan").clone();
    let mut findings = Findings::default();
    let sample = super::read(&rules, &plan, "some", day, &mut load.sources, &mut findings);
    sample.ok_or_else(|| findings.sorted().into_iter().map(|f| (f.message.clone(), f.help.clone())).collect())
}

fn subject(sample: &Sample, seed: u64, number: u64) -> String {
    let mut out = Vec::new();
    sample.write(seed, number, &mut out).expect("a subject");
    String::from_utf8(out).expect("text")
}

#[test]
fn a_seed_gives_these_bytes_for_ever() {
    let sample = read(SAMPLE, "2025-06-30").expect("a sample");
    insta::assert_snapshot!([1, 2].map(|number| subject(&sample, 42, number)).join("\n"));
}

#[test]
fn every_subject_fits_the_facts_of_the_rulebook() {
    let rules = Folder::of("rules", [("acme/1.toml", RULES)]);
    let load = Program::load(&rules, "acme");
    let plan = load.program.plan(None, date::Date::MIN).expect("a plan");
    let sample = read(SAMPLE, "2025-06-30").expect("a sample");
    for number in 1..=300 {
        let text = subject(&sample, 1, number);
        let arena = Arena::new();
        facts::read(&plan.schema, text.as_bytes(), &arena).unwrap_or_else(|error| panic!("{text}: {error}"));
        let document: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let deals = document["deals"].as_array().expect("deals");
        assert!(deals.iter().all(|deal| deal["closed"].as_str().is_none_or(|closed| closed <= "2025-06-30")));
        assert!(deals.iter().all(|deal| deal["opened"].as_str().is_some_and(|opened| opened >= "2025-01-01")));
    }
}

#[test]
fn another_seed_or_another_number_gives_another_subject() {
    let sample = read(SAMPLE, "2025-06-30").expect("a sample");
    assert_ne!(subject(&sample, 1, 7), subject(&sample, 2, 7));
    assert_ne!(subject(&sample, 1, 7).replace("P-7", "P-8"), subject(&sample, 1, 8));
}

#[test]
fn a_date_outside_the_calendar_is_an_error() {
    let text = SAMPLE.replace(r#"["cycle", "as_of"]"#, r#"["as_of - 1 month", "as_of"]"#);
    let sample = read(&text, "9999-12-31").expect("a sample");
    let late = (1..100).map(|number| sample.write(1, number, &mut Vec::new()));
    assert!(late.collect::<Vec<_>>().contains(&Err(OutOfCalendar)));
}

/// What is found when `to` stands for `from` in the sample.
fn found(from: &str, to: &str) -> String {
    assert!(SAMPLE.contains(from), "{from}");
    let findings = read(&SAMPLE.replacen(from, to, 1), "2025-06-30").expect_err("findings");
    let told = findings.into_iter().map(|(message, help)| match help {
        Some(help) => format!("  {message} ({help})\n"),
        None => format!("  {message}\n"),
    });
    format!("{to}\n{}", told.collect::<String>())
}

#[test]
fn every_slip_is_a_finding() {
    let slips = [
        ("kinds   = { small = 3, large = 1 }", "kind = {}"),
        ("[[facts.people]]", "[[facts.peple]]"),
        ("trusted =", "trustd ="),
        ("step = 3", "stp = 3"),
        ("old = 1, new = 3", "old = 1, nwe = 3"),
        ("large = [4, 6]", "lrge = [4, 6]"),
        ("of = \"people\"", "of = \"deals\""),
        ("[\"cycle\", \"as_of\"]", "[\"cycle\", \"closed\"]"),
        ("opened + 1 day", "opened plus 1 day"),
        ("chance = \"75 %\"", "chance = 75"),
        ("chance = \"75 %\"", "number = [0, 1]"),
        ("chance = \"75 %\"", "chance = \"75 %\", is = true"),
        ("chance = \"75 %\"", "chance = \"75 %\", skew = 2"),
        ("number = [6, 12]", "number = [12, 6]"),
        ("count  = [1, 2]", "count  = [1, 1_000_000]"),
        ("count  = 3", ""),
        ("H-{n}", "H-{m}"),
        ("program = \"acme\"", "program = \"acme-partners\""),
    ];
    let told: Vec<String> = slips.iter().map(|(from, to)| found(from, to)).collect();
    insta::assert_snapshot!(told.concat());
}
