//! Acme, an invented vendor: rulebooks that tests write out, what is found in them, what they decide.

use std::fmt::Write;
use std::sync::Arc;
use tierline_engine::compile::{Load, Plan, Program};
use tierline_engine::date;
use tierline_engine::evaluate::Question;
use tierline_engine::facts::{self, Arena};
use tierline_engine::finding::{Finding, Severity};
use tierline_engine::load::{Folder, Library};
use tierline_engine::source::Sources;

/// The head of a rulebook; what tests write out stands above it, so that its lines count from 1.
pub const HEAD: &str = r#"
[rulebook]
program   = "acme"
version   = "1"
status    = "draft"
effective = { from = 2030-01-01 }
currency  = "USD"
title     = "Acme Partners"
"#;

/// The whole text of a rulebook of which `rules` are the rules.
pub fn whole(rules: &str) -> String {
    if rules.contains("[rulebook]") { rules.to_owned() } else { format!("{}\n{HEAD}", rules.trim_end()) }
}

/// Loads a rulebook of these rules, with other files beside it.
pub fn load(rules: &str, beside: &[(&str, &str)]) -> Load {
    let text = whole(rules);
    let beside: Vec<(String, &str)> = beside.iter().map(|(name, text)| (format!("acme/{name}"), *text)).collect();
    let files = beside.iter().map(|(name, text)| (name.as_str(), *text)).chain([("acme/1.toml", text.as_str())]);
    Program::load(&Folder::of("rules", files), "acme")
}

/// Loads the program `acme` from these files, with these plugins.
pub fn load_files(rules: &[(&str, &str)], plugins: &[(&str, &str)]) -> Load {
    let (rules, plugins) = (rules.iter().copied(), plugins.iter().copied());
    let (rules, plugins) = (Folder::of("rules", rules), Folder::of("plugins", plugins));
    Program::load(Library::from(&rules).with_plugins(&plugins), "acme")
}

/// The plan of these rules.
///
/// # Panics
/// When anything is found in them.
pub fn plan(rules: &str) -> Arc<Plan> {
    plan_with(rules, &[])
}

/// The plan of these rules, with other files beside them.
///
/// # Panics
/// When anything is found in them.
pub fn plan_with(rules: &str, beside: &[(&str, &str)]) -> Arc<Plan> {
    let load = load(rules, beside);
    assert!(load.findings.is_empty(), "\n{}", told(&load));
    match load.program.versions.first().and_then(|version| version.plan.clone()) {
        Some(plan) => plan,
        None => panic!("a rulebook without findings has a plan"),
    }
}

/// What is decided for `facts`, a JSON document, on a day; why not, where nothing is.
pub fn decided(plan: &Plan, facts: &str, as_of: &str) -> Result<serde_json::Value, String> {
    let Some(as_of) = date::parse(as_of) else { return Err(format!("`{as_of}` is no date")) };
    decided_by(plan, facts.as_bytes(), &Question::on(as_of))
}

/// What is decided by a question with all of its parts.
pub fn decided_by(plan: &Plan, facts: &[u8], question: &Question) -> Result<serde_json::Value, String> {
    let bytes = bytes(plan, facts, question)?;
    serde_json::from_slice(&bytes).map_err(|error| error.to_string())
}

/// The decision as it is sent.
pub fn bytes(plan: &Plan, facts: &[u8], question: &Question) -> Result<Vec<u8>, String> {
    let arena = Arena::new();
    let facts = facts::read(&plan.schema, facts, &arena).map_err(|error| error.to_string())?;
    let decision = plan.decide(&facts, question, &arena).map_err(|failure| failure.to_string())?;
    Ok(decision.to_json())
}

/// Everything that was found, plainly, for snapshots.
pub fn told(load: &Load) -> String {
    load.findings.sorted().into_iter().map(|finding| told_one(finding, &load.sources)).collect::<Vec<_>>().join("\n")
}

fn told_one(finding: &Finding, sources: &Sources) -> String {
    let severity = match finding.code.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut text = format!("{} {} {severity}\n", finding.code.id, finding.code.name);
    let place = |span| {
        let position = sources.position(span);
        format!("{}:{}:{}", sources.file(span.file).path, position.line, position.column)
    };
    let _ = writeln!(text, "{}: {}", place(finding.span), finding.message);
    let file = &sources.file(finding.span.file).text;
    let position = sources.position(finding.span);
    if let Some(line) = file.lines().nth(position.line - 1) {
        let pad: String = line.chars().take(position.column - 1).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        let under = sources.text(finding.span).lines().next().map_or(0, |text| text.chars().count());
        let _ = writeln!(text, "  | {line}\n  | {pad}{}", "^".repeat(under.max(1)));
    }
    if let Some(help) = &finding.help {
        let _ = writeln!(text, "  help: {help}");
    }
    for (span, label) in &finding.related {
        let _ = writeln!(text, "  {}: {label}: {}", place(*span), sources.text(*span).lines().next().unwrap_or(""));
    }
    text
}

/// What is found, each in a line: its code and its message.
pub fn briefly(load: &Load) -> Vec<String> {
    let found = load.findings.sorted().into_iter();
    found.map(|finding| format!("{} {}", finding.code.id, finding.message)).collect()
}
