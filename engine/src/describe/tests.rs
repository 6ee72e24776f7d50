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
