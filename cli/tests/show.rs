//! `tierline show` and `tierline schema facts`, from outside.

use std::path::Path;
use std::process::{Command, Output};

fn tierline(arguments: &[&str]) -> Output {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules");
    Command::new(env!("CARGO_BIN_EXE_tierline"))
        .arg("--rules")
        .arg(rules)
        .args(arguments)
        .env("NO_COLOR", "1")
        .output()
        .expect("the program runs")
}

fn printed(arguments: &[&str]) -> String {
    let output = tierline(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn a_rule_in_words_with_its_sources() {
    for rule in ["resale", "tier", "counts_through", "credential_validity", "resale.rhel", "tier.advanced", "mdf"] {
        for language in ["en", "ja", "fr"] {
            let text = printed(&["show", "redhat-pex@2024-07", rule, "--lang", language]);
            insta::assert_snapshot!(format!("{}_{language}", rule.replace('.', "_")), text);
        }
    }
}

#[test]
fn a_whole_rulebook_in_words() {
    insta::assert_snapshot!("rulebook_en", printed(&["show", "redhat-pex@2024-07"]));
}

#[test]
fn a_rule_for_programs() {
    let text = printed(&["show", "redhat-pex@2024-07", "block", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(
        json,
        serde_json::json!({
            "id": "block",
            "kind": "parameter",
            "title": "Block of resale",
            "lines": [{ "depth": 0, "text": "It is 25,000 USD." }],
            "sources": [{
                "document": "Red Hat PEX deck, July 2024 (Japanese)",
                "clauses": ["A4", "RH-43"],
                "says": "25,000 米ドルあたり",
                "place": "sources/red-hat-pex-overview.ja.txt"
            }],
            "read_by": ["resale"]
        })
    );
}

#[test]
fn an_unknown_rule_is_wrong_usage() {
    let output = tierline(&["show", "redhat-pex@2024-07", "resael"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "error: `redhat-pex@2024-07` has no rule `resael`\n  help: did you mean `resale`?\n"
    );
    assert!(output.stdout.is_empty());
}

#[test]
fn the_schema_of_facts_is_json() {
    let text = printed(&["schema", "facts", "redhat-pex@2024-07"]);
    let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(json["properties"]["sales"]["items"]["$ref"], "#/$defs/sale");
}
