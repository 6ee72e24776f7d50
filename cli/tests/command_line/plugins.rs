//! Plugins on the command line: named, looked at, tried, and used by the next answer.

use super::run::tierline;

const RULES: [&str; 4] = ["--rules", "plugin-rules", "--plugins", "plugin-packages"];

fn run(arguments: &[&str]) -> super::run::Outcome {
    tierline(&[&RULES, arguments].concat())
}

#[test]
fn a_broken_plugin_is_told_and_rulebooks_without_it_go_on() {
    insta::assert_snapshot!(run(&["check"]));
    insta::assert_snapshot!(run(&[
        "eval",
        "acme-visits@broken",
        "--facts",
        "facts/visits.json",
        "--as-of",
        "2030-06-30"
    ]));
    assert_eq!(run(&["eval", "acme-visits@1", "--facts", "facts/visits.json", "--as-of", "2030-06-30"]).exit, 0);
}

#[test]
fn a_plugin_that_a_draft_lists_changes_the_next_answer() {
    let points = |version: &str| {
        let outcome =
            run(&["eval", version, "--facts", "facts/visits.json", "--as-of", "2030-06-30", "--format", "json"]);
        let decision: serde_json::Value = serde_json::from_str(&outcome.stdout).expect("a decision");
        decision["measures"]["points"].clone()
    };
    assert_eq!(points("acme-visits@1"), "5");
    assert_eq!(points("acme-visits@2"), "25");
}

#[test]
fn a_plugin_is_tried_by_its_own_cases() {
    insta::assert_snapshot!(run(&["test", "visits"]));
    insta::assert_snapshot!(run(&["check", "visits"]));
}

#[test]
fn a_folder_of_plugins_that_is_named_must_be_there() {
    let outcome = tierline(&["--plugins", "no-such-folder", "programs"]);
    assert_eq!(outcome.exit, 2);
    assert!(outcome.stderr.contains("no-such-folder"), "{outcome}");
}
