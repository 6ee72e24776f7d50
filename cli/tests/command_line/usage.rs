//! Wrong usage, help, and the options that every command has.

use crate::run::tierline;
use insta::assert_snapshot;

#[test]
fn wrong_usage_exits_2_and_says_nothing_on_standard_output() {
    let wrong: &[&[&str]] = &[
        &[],
        &["evla"],
        &["eval", "acme-partners"],
        &["eval", "acme-partners", "--facts", "facts/partner.json", "--as-of", "2025-02-30"],
        &["eval", "acme-partners", "--facts", "facts/partner.json", "--format", "xml"],
        &["eval", "@2025", "--facts", "facts/partner.json"],
        &["check", "--lang", "de"],
        &["check", "--plugins", "no/such/folder"],
    ];
    for arguments in wrong {
        let outcome = tierline(arguments);
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (2, ""), "{arguments:?}: {}", outcome.stderr);
    }
}

#[test]
fn a_day_that_does_not_exist() {
    assert_snapshot!(tierline(&["eval", "acme-partners", "--facts", "-", "--as-of", "2025-02-30"]));
}

#[test]
fn no_rules_folder() {
    assert_snapshot!(tierline(&["check", "--rules", "no/such/folder"]));
}

#[test]
fn a_rules_folder_without_rules() {
    assert_snapshot!(tierline(&["check", "--rules", "facts"]));
    assert_snapshot!(tierline(&["programs", "--rules", "facts"]));
}

#[test]
fn help_tells_the_commands_and_exit_codes() {
    let outcome = tierline(&["--help"]);
    assert_eq!((outcome.exit, outcome.stderr.as_str()), (0, ""));
    for said in
        ["eval", "check", "programs", "schema", "--rules", "--plugins", "--lang", "Exit status:", "invalid facts"]
    {
        assert!(outcome.stdout.contains(said), "{said}");
    }
}

#[test]
fn the_schema_of_rule_files_is_json() {
    let outcome = tierline(&["schema", "rulebook"]);
    assert_eq!(outcome.exit, 0);
    let schema: serde_json::Value = serde_json::from_str(&outcome.stdout).expect("JSON");
    assert_eq!(schema["title"], "Tierline rulebook");
}
