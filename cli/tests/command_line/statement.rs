//! The statement of a decision, in every language.

use crate::run::{tierline, without_digests};
use insta::assert_snapshot;

const ACME: &[&str] = &["eval", "acme-partners", "--facts", "facts/partner.json", "--as-of", "2025-06-30"];
const YEAR: &[&str] = &[
    "eval",
    "redhat-pex",
    "--rules",
    "../../rules",
    "--facts",
    "../../rules/redhat-pex/cases/partner-year.json",
    "--as-of",
    "2024-12-31",
];

const TENANT: &[&str] = &[
    "eval",
    "microsoft-cloud-competency",
    "--rules",
    "../../rules",
    "--facts",
    "facts/tenant.json",
    "--as-of",
    "2016-05-01",
];

fn statement(arguments: &[&str], language: &str) -> String {
    let outcome = tierline(&[arguments, &["--lang", language]].concat());
    assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
    let widest = outcome.stdout.lines().map(unicode_width::UnicodeWidthStr::width).max();
    assert!(widest <= Some(100), "a line of {widest:?} columns");
    assert!(!outcome.stdout.contains('\u{1b}'), "no color where nobody sees it");
    without_digests(&outcome.stdout)
}

#[test]
fn a_small_program_in_english() {
    assert_snapshot!(statement(ACME, "en"));
}

#[test]
fn a_small_program_in_japanese() {
    assert_snapshot!(statement(ACME, "ja"));
}

#[test]
fn a_small_program_in_french() {
    assert_snapshot!(statement(ACME, "fr"));
}

#[test]
fn a_partner_year_in_english() {
    assert_snapshot!(statement(YEAR, "en"));
}

#[test]
fn a_partner_year_in_japanese() {
    assert_snapshot!(statement(YEAR, "ja"));
}

#[test]
fn a_partner_year_in_french() {
    assert_snapshot!(statement(YEAR, "fr"));
}

#[test]
fn levels_for_each_area_and_ways_to_one_level() {
    let arguments =
        ["eval", "acme-levels", "--rules", "levels", "--facts", "facts/levels.json", "--as-of", "2025-06-01"];
    assert_snapshot!(statement(&arguments, "en"));
}

#[test]
fn points_of_which_only_bounds_are_known() {
    let facts = r#"{ "partner": { "id": "P-3", "tier_prior": "silver", "fee": "499.50" },
        "people": [{ "id": "H-1", "trained": true }],
        "sales": [{ "id": "S-1", "product": "gadget", "amount": "25000.50", "booked_on": "2025-02-01" },
                  { "id": "S-2", "amount": "19000", "booked_on": "2025-03-01" }] }"#;
    let arguments = ["eval", "acme-partners@2025", "--facts", "-", "--as-of", "2025-06-30"];
    assert_snapshot!(crate::run::tierline_with(&arguments, facts.as_bytes()));
}

#[test]
fn a_partner_of_whom_little_is_known() {
    let facts = r#"{ "partner": { "id": "P-2" }, "people": [{ "id": "H-1" }, { "id": "H-2" }] }"#;
    let outcome = crate::run::tierline_with(
        &["eval", "acme-partners@2025", "--facts", "-", "--as-of", "2025-06-30", "--trace"],
        facts.as_bytes(),
    );
    assert_snapshot!(outcome);
}

fn duties(day: &'static str) -> [&'static str; 8] {
    ["eval", "acme-duties", "--rules", "levels", "--facts", "facts/duties.json", "--as-of", day]
}

#[test]
fn a_partner_in_good_standing_with_much_before_it() {
    assert_snapshot!(statement(&duties("2025-06-30"), "en"));
}

#[test]
fn a_partner_that_fell_out_in_english() {
    assert_snapshot!(statement(&duties("2025-10-25"), "en"));
}

#[test]
fn a_partner_that_fell_out_in_japanese() {
    assert_snapshot!(statement(&duties("2025-10-25"), "ja"));
}

#[test]
fn a_partner_that_fell_out_in_french() {
    assert_snapshot!(statement(&duties("2025-10-25"), "fr"));
}

#[test]
fn a_narrow_terminal_is_not_exceeded() {
    for language in ["en", "ja", "fr"] {
        for day in ["2025-06-30", "2025-10-25"] {
            let mut command = crate::run::command(&[&duties(day)[..], &["--lang", language]].concat());
            let output = command.env("COLUMNS", "80").output().expect("a statement");
            let text = String::from_utf8(output.stdout).expect("text");
            let wide = text
                .lines()
                .filter(|line| !line.contains("sha256:"))
                .find(|line| unicode_width::UnicodeWidthStr::width(*line) > 80);
            assert_eq!(wide, None, "{language} {day}");
        }
    }
}

#[test]
fn one_record_alone() {
    let of = |id| statement(&[&duties("2025-06-30")[..], &["--subject", id]].concat(), "en");
    assert_snapshot!(of("K-2"));
    assert!(of("S-2").contains("105 × 10   S-1, S-2"));
    assert_eq!(of("P-7"), statement(&duties("2025-06-30"), "en"), "everything concerns the partner itself");
}

#[test]
fn one_record_alone_as_json() {
    let more = ["--format", "json", "--trace", "--subject", "K-2"];
    let outcome = tierline(&[&duties("2025-06-30")[..], &more].concat());
    let decision: serde_json::Value = serde_json::from_str(&outcome.stdout).expect("a decision");
    assert_eq!(decision["deadlines"].as_array().map(Vec::len), Some(1));
    assert_eq!(decision["deadlines"][0]["subject"], "K-2");
    assert_eq!(decision["awards"].get("lines"), None);
    let steps = decision["trace"].as_array().expect("steps");
    assert!(!steps.is_empty() && steps.iter().all(|step| step.to_string().contains("\"K-2\"")), "{steps:?}");
    assert_eq!(decision["ladders"]["tier"]["in_force"], "gold");
}

#[test]
fn one_partner_of_a_tenant_alone() {
    assert_snapshot!(statement(&[TENANT, &["--subject", "A"]].concat(), "en"));
    let outcome = tierline(&[TENANT, &["--subject", "B", "--format", "json"]].concat());
    let decision: serde_json::Value = serde_json::from_str(&outcome.stdout).expect("a decision");
    let partners = |section: &str| {
        let lines = decision[section].as_array().cloned().unwrap_or_default();
        lines.iter().map(|line| line["partner"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(partners("credits"), ["B", "B"]);
    assert_eq!(partners("not_credited"), ["B", "B"]);
}

#[test]
fn levels_and_benefits_of_every_record_are_those_of_the_one_alone() {
    let ask = ["eval", "acme-sites", "--rules", "levels", "--facts", "facts/sites.json", "--as-of", "2025-06-30"];
    let outcome = tierline(&[&ask[..], &["--subject", "S-2", "--format", "json"]].concat());
    assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
    let decision: serde_json::Value = serde_json::from_str(&outcome.stdout).expect("a decision");
    let grades = decision["ladders"]["grade"].as_object().expect("levels");
    assert_eq!(grades.keys().collect::<Vec<_>>(), ["S-2"]);
    assert_eq!(decision["ladders"]["tier"]["in_force"], "gold", "what is of the partner stays");
    let benefits = decision["benefits"].as_array().expect("benefits");
    assert_eq!(benefits.len(), 1);
    assert_eq!(benefits[0]["site"], "S-2");
}

#[test]
fn a_draft_is_marked_and_what_lies_after_the_version_is_said_to() {
    let ask = |program| ["eval", program, "--rules", "levels", "--facts", "facts/sites.json", "--as-of", "2025-06-30"];
    for language in ["en", "ja", "fr"] {
        assert_snapshot!(format!("a_version_that_ends_{language}"), statement(&ask("acme-sites"), language));
        assert_snapshot!(format!("a_draft_{language}"), statement(&ask("acme-sites@2026"), language));
    }
}

#[test]
fn a_version_that_does_not_bind_the_partner_yet() {
    let bound = ["--rules", "levels", "--facts", "facts/bound.json"];
    for language in ["en", "ja", "fr"] {
        let ask = [&["eval", "acme-bound", "--as-of", "2025-09-30"], &bound[..]].concat();
        assert_snapshot!(format!("bound_later_{language}"), statement(&ask, language));
        let show = tierline(&["show", "acme-bound@2025", "--rules", "levels", "--lang", language]);
        assert_snapshot!(format!("binds_{language}"), show.stdout);
    }
    let named =
        tierline(&[&["eval", "acme-bound@2025", "--as-of", "2025-09-30", "--format", "json"], &bound[..]].concat());
    let decision: serde_json::Value = serde_json::from_str(&named.stdout).expect("a decision");
    assert_eq!(decision["receipt"]["version"], "2025");
    let programs = tierline(&["programs", "--rules", "levels"]).stdout;
    assert!(programs.contains("from 2025-07-01, each partner from its own partner.renews_on"), "{programs}");
}

#[test]
fn a_record_that_does_not_exist() {
    assert_snapshot!(tierline(&[&duties("2025-06-30")[..], &["--subject", "K-22"]].concat()));
}

#[test]
fn what_several_partners_are_credited_with() {
    for language in ["en", "ja", "fr"] {
        assert_snapshot!(format!("credits_{language}"), statement(TENANT, language));
    }
}
