//! What rules say in words, held to files.

use super::*;
use crate::compile::Program;
use crate::load::Folder;

fn model() -> Model {
    let rules = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules");
    let load = Program::load(&Folder::scan(&rules).expect("rules"), "redhat-pex");
    let day = crate::date::parse("2024-12-31").expect("a date");
    load.program.plan(Some("2024-07"), day).expect("a plan").model.clone()
}

/// A rule as a person reads it.
fn told(described: &Described) -> String {
    let mut text = format!("{} ({:?})", described.id, described.kind);
    if let Some(title) = &described.title {
        text += &format!(": {title}");
    }
    for line in &described.lines {
        text += &format!("\n{}{}", "  ".repeat(1 + usize::from(line.depth)), line.text);
    }
    text += &format!("\n  reads: {}\n  read by: {}\n", described.reads.join(", "), described.read_by.join(", "));
    text
}

#[test]
fn the_rules_of_a_real_program_in_every_language() {
    let model = model();
    for (tag, language) in Language::ALL {
        let all: Vec<String> = rulebook(&model, language).iter().map(told).collect();
        insta::assert_snapshot!(format!("rulebook_{tag}"), all.join("\n"));
    }
}

#[test]
fn every_id_can_be_asked_for() {
    let model = model();
    let ids = ids(&model);
    assert!(ids.contains(&"tier.advanced".to_owned()) && ids.contains(&"resale.rhel".to_owned()));
    for (_, language) in Language::ALL {
        for id in &ids {
            let described = rule(&model, id, language).unwrap_or_else(|| panic!("{id}"));
            assert_eq!(described.id, *id);
            assert!(!described.lines.is_empty(), "{id}");
        }
    }
    assert_eq!(rule(&model, "resael", Language::En), None);
}

#[test]
fn names_that_every_rulebook_has_are_told() {
    let own = model();
    let empty = model_of(
        "[rulebook]\nprogram = \"acme\"\nversion = \"1\"\nstatus = \"draft\"\ntitle = \"Acme\"\neffective = { from = 2030-01-01 }\n",
    );
    for name in ["points", "standing", "cycle"] {
        for (_, language) in Language::ALL {
            let full = rule(&own, name, language).expect("a description");
            assert_eq!((full.id.as_str(), full.kind), (name, Kind::BuiltIn));
            assert_ne!(full.lines, rule(&empty, name, language).expect("a description").lines);
        }
    }
    let points = rule(&own, "points", Language::En).expect("a description");
    assert!(points.reads.contains(&"resale".to_owned()) && points.read_by.contains(&"tier".to_owned()), "{points:?}");
}

/// A model of `text`, which must be in order.
fn model_of(text: &str) -> Model {
    use crate::finding::Findings;
    use crate::source::Sources;
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    let file = sources.add("acme/1.toml", text);
    let document = crate::load::parse_toml(file, text, &mut findings).expect("TOML");
    let rulebook = crate::rulebook::Rulebook::read(&document, &mut findings);
    let written = crate::load::Written {
        version: "1".to_owned(),
        file,
        whole: document.clone(),
        document,
        header: rulebook.as_ref().map(|rulebook| rulebook.rulebook.clone()),
        rulebook,
        scripts: Vec::new(),
        told: Vec::new(),
        digest: String::new(),
        origins: crate::load::Origins::default(),
        findings: Findings::default(),
    };
    let model = crate::check::check(&written, &sources, &mut findings);
    let told: Vec<_> = findings.sorted().iter().map(|f| format!("{} `{}`", f.message, sources.text(f.span))).collect();
    model.unwrap_or_else(|| panic!("{told:#?}"))
}

#[test]
fn every_form_of_expression_and_rule_in_every_language() {
    let model = model_of(include_str!("tests/every_form.toml"));
    for (tag, language) in Language::ALL {
        let all: Vec<String> = rulebook(&model, language)
            .iter()
            .filter(|described| !matches!(described.kind, Kind::Table | Kind::Choice | Kind::Record | Kind::Script))
            .map(told)
            .collect();
        insta::assert_snapshot!(format!("every_form_{tag}"), all.join("\n"));
    }
}
