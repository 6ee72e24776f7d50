//! Rulings as people see them: in a statement, on one deal alone, and described.

use crate::run::{tierline, without_digests};
use insta::assert_snapshot;

const ASK: [&str; 8] =
    ["eval", "acme-deals", "--rules", "deals", "--facts", "facts/deals.json", "--as-of", "2031-06-01"];

fn said(arguments: &[&str]) -> String {
    let outcome = tierline(arguments);
    assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
    without_digests(&outcome.stdout)
}

#[test]
fn the_rulings_of_a_partner_in_every_language() {
    for language in ["en", "ja", "fr"] {
        let statement = said(&[&ASK[..], &["--lang", language]].concat());
        let widest = statement.lines().map(unicode_width::UnicodeWidthStr::width).max();
        assert!(widest <= Some(100), "a line of {widest:?} columns");
        assert_snapshot!(format!("rulings_{language}"), statement);
    }
}

#[test]
fn one_deal_alone_is_told_in_full() {
    for deal in ["D-1", "D-2", "D-0", "N-1"] {
        assert_snapshot!(format!("only_{deal}"), said(&[&ASK[..], &["--subject", deal]].concat()));
    }
}

#[test]
fn one_deal_alone_as_json_leaves_out_the_others() {
    let json = said(&[&ASK[..], &["--subject", "D-2", "--format", "json"]].concat());
    let decision: serde_json::Value = serde_json::from_str(&json).expect("a decision");
    let rulings = decision["rulings"].as_object().expect("rulings");
    let subjects = |name: &str| rulings[name].as_array().expect("a list").iter().map(|one| one["subject"].clone());
    assert_eq!(rulings.keys().collect::<Vec<_>>(), ["registration"]);
    assert_eq!(subjects("registration").collect::<Vec<_>>(), ["D-2"]);
}

#[test]
fn rulings_are_described_in_every_language() {
    for language in ["en", "ja", "fr"] {
        let show = ["show", "acme-deals@2031", "registration", "--rules", "deals", "--lang", language];
        assert_snapshot!(format!("described_{language}"), said(&show));
    }
}

#[test]
fn rules_about_deals_have_no_findings() {
    let outcome = tierline(&["check", "acme-deals", "--rules", "deals"]);
    assert_eq!(outcome.exit, 0, "{outcome}");
    assert!(!outcome.stdout.contains("TL"), "{outcome}");
}
