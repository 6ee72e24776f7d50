//! `eval`: JSON, standard input, exit codes, and what it says of facts and rules that it cannot use.

use crate::run::{command, tierline, tierline_with};
use insta::assert_snapshot;
use std::process::Stdio;

const DAY: &[&str] = &["--as-of", "2025-06-30"];

fn eval(program: &str, facts: &str, more: &[&str]) -> crate::run::Outcome {
    tierline(&[&["eval", program, "--facts", facts], more].concat())
}

#[test]
fn the_whole_decision_is_one_line_of_json() {
    let outcome = eval("acme-partners@2025", "facts/partner.json", &["--as-of", "2025-06-30", "--format", "json"]);
    assert_eq!(outcome.stdout.lines().count(), 1);
    let decision: serde_json::Value = serde_json::from_str(&outcome.stdout).expect("a decision");
    assert_snapshot!(crate::run::without_digests(&format!("{decision:#}")));
}

#[test]
fn facts_from_standard_input_give_the_same_bytes() {
    let facts = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/facts/partner.json")).expect("facts");
    let arguments = [&["eval", "acme-partners", "--facts", "-", "--format", "json"], DAY].concat();
    let piped = tierline_with(&arguments, &facts);
    assert_eq!(piped.exit, 0, "{}", piped.stderr);
    assert_eq!(
        piped.stdout,
        eval("acme-partners", "facts/partner.json", &["--as-of", "2025-06-30", "--format", "json"]).stdout
    );
}

#[test]
fn without_a_day_it_is_today_and_says_so() {
    let outcome = eval("acme-partners@2025", "facts/partner.json", &[]);
    assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
    let line = outcome.stdout.lines().find(|line| line.contains("As of")).expect("the day");
    assert!(line.ends_with("(today, in UTC)"), "{line}");
}

#[test]
fn facts_that_do_not_fit_are_told_with_their_places() {
    let facts = r#"{ "partner": { "id": "P-1", "nmae": "x", "tier_prior": "golden" },
        "sales": [{ "id": "S-1", "product": "gadget", "amount": "much", "booked_on": "2025-02-30" }] }"#;
    let arguments = [&["eval", "acme-partners@2025", "--facts", "-"], DAY].concat();
    assert_snapshot!(tierline_with(&arguments, facts.as_bytes()));
}

#[test]
fn facts_that_are_no_json_are_told_with_line_and_column() {
    let arguments = [&["eval", "acme-partners@2025", "--facts", "-"], DAY].concat();
    assert_snapshot!(tierline_with(&arguments, b"{ \"partner\": \n oops }"));
}

#[test]
fn facts_that_are_not_there() {
    assert_snapshot!(eval("acme-partners@2025", "facts/nobody.json", DAY));
}

#[test]
fn a_broken_version_shows_its_findings() {
    assert_snapshot!(eval("acme-partners@2026", "facts/partner.json", DAY));
}

#[test]
fn a_broken_version_that_is_in_force_shows_its_findings() {
    let outcome = eval("broken-partners", "facts/partner.json", &["--as-of", "2025-06-30"]);
    assert_eq!(outcome.exit, 3);
    assert!(outcome.stderr.contains("`broken-partners@1` has errors and cannot be used"), "{}", outcome.stderr);
    assert_eq!(outcome.stdout, "");
}

#[test]
fn a_program_that_does_not_exist() {
    assert_snapshot!(eval("acme-partner", "facts/partner.json", DAY));
}

#[test]
fn a_version_that_does_not_exist() {
    assert_snapshot!(eval("acme-partners@2024", "facts/partner.json", DAY));
}

#[test]
fn a_day_on_which_nothing_is_in_force() {
    let rules = &["--as-of", "2024-12-31", "--rules", "levels"];
    assert_snapshot!(eval("acme-duties", "facts/duties.json", rules));
}

#[test]
fn color_only_where_it_is_wanted() {
    let run = |name: &str, value: &str| {
        let mut command = command(&["eval", "acme-partners@2025", "--facts", "facts/partner.json"]);
        String::from_utf8(command.env(name, value).output().expect("a run").stdout).expect("text")
    };
    assert!(run("CLICOLOR_FORCE", "1").contains('\u{1b}'));
    assert!(!run("NO_COLOR", "1").contains('\u{1b}'));
}

#[test]
fn a_reader_who_has_seen_enough_is_no_mishap() {
    for (arguments, exit) in [(&["schema", "rulebook"][..], 0), (&["check", "--format", "sarif"], 3)] {
        let mut command = command(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("the program ends");
        assert_eq!(output.status.code(), Some(exit), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.stderr, b"");
    }
}
