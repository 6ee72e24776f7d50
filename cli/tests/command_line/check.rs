//! `check`: findings in each of their forms.

use crate::run::{tierline, without_digests};
use insta::assert_snapshot;

#[test]
fn for_people() {
    assert_snapshot!(tierline(&["check"]));
}

#[test]
fn one_version_alone() {
    assert_snapshot!(tierline(&["check", "acme-partners@2025", "broken-partners@2"]));
}

#[test]
fn for_programs() {
    assert_snapshot!(tierline(&["check", "--format", "json"]));
}

#[test]
fn for_a_github_workflow() {
    assert_snapshot!(tierline(&["check", "--format", "github"]));
}

#[test]
fn as_sarif() {
    let outcome = tierline(&["check", "--format", "sarif"]);
    assert_eq!(outcome.exit, 3);
    let mut log: serde_json::Value = serde_json::from_str(&outcome.stdout).expect("JSON");
    let rules = log["runs"][0]["tool"]["driver"]["rules"].take();
    let rules = rules.as_array().expect("the rules");
    assert_eq!(rules.len(), tierline_engine::finding::code::ALL.len());
    for result in log["runs"][0]["results"].as_array().expect("the results") {
        let place = result["ruleIndex"].as_u64().expect("the place of its rule") as usize;
        assert_eq!(rules[place]["id"], result["ruleId"]);
    }
    assert_snapshot!(format!("{:#}\n{:#}", rules[0], log));
}

#[test]
fn the_same_rules_give_the_same_bytes() {
    let run = || tierline(&["check", "--format", "json"]).stdout;
    assert_eq!(run(), run());
}

#[test]
fn rules_in_order_exit_0() {
    let outcome = tierline(&["check", "redhat-pex", "--rules", "../../rules"]);
    assert_eq!((outcome.exit, outcome.stderr.as_str()), (0, ""), "{}", outcome.stdout);
    assert_eq!(tierline(&["check", "redhat-pex", "--rules", "../../rules", "--format", "github"]).stdout, "");
    assert_eq!(tierline(&["check", "redhat-pex", "--rules", "../../rules", "--format", "json"]).stdout, "[]\n");
}

#[test]
fn a_program_or_version_that_does_not_exist() {
    assert_eq!(tierline(&["check", "nobody"]).exit, 2);
    assert_snapshot!(tierline(&["check", "acme-partners@2052"]));
}

#[test]
fn the_programs() {
    assert_snapshot!(tierline(&["programs"]));
    assert_snapshot!(without_digests(&tierline(&["programs", "--format", "json"]).stdout));
}
