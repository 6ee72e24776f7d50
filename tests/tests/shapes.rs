//! The shapes of the trade, each a small program of an invented vendor in `shapes/`, and the chapter of the manual
//! that is made of them.
//!
//! `UPDATE=1 cargo test -p tierline-tests --test shapes` writes the chapter.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use tierline_engine::compile::Program;
use tierline_engine::load::{Folder, programs};
use tierline_engine::{analyze, case, coverage};

/// The sections of the chapter, with the shapes in each.
const SECTIONS: [(&str, &[&str]); 7] = [
    (
        "Points",
        &[
            "points-per-event",
            "points-per-block",
            "rates-and-multipliers",
            "rate-by-cohort",
            "rate-by-date",
            "one-module-only",
            "credit-for-several",
        ],
    ),
    ("Scores, bands and rates", &["capped-scores", "weighted-index", "bands", "marginal-bands", "capped-percentage"]),
    ("Comparing", &["growth", "ratio-median-distinct", "ranking", "related-accounts"]),
    ("Levels", &["highest-level", "ladders-per-area", "regional-parameters", "conditional-requirements"]),
    ("Time", &["credential-validity", "windows", "any-day", "levels-over-time", "past-decisions"]),
    ("Gates and exceptions", &["gates-and-exemptions"]),
    ("Deals", &["stacked-discounts", "validity-and-extensions", "usage-counters"]),
];

fn shapes() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("shapes")
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|cause| panic!("{}: {cause}", path.display()))
}

#[test]
fn every_shape_does_what_its_cases_say() {
    let folder = Folder::scan(&shapes()).expect("the folder of shapes");
    let mut wrong = Vec::new();
    for name in programs(&folder) {
        let mut load = Program::load(&folder, &name);
        let files = case::read(&folder, &load.program, &mut load.sources, &mut load.findings);
        let more = analyze::program(&load);
        load.findings.extend(more);
        let found = load.findings.iter().map(|finding| format!("{name}: {} {}", finding.code.id, finding.message));
        wrong.extend(found);
        let cases: Vec<_> = files.iter().flat_map(|file| &file.cases).collect();
        let runs: Vec<_> = cases.iter().map(|case| (*case, case.run(&load.program))).collect();
        for (case, outcome) in &runs {
            let differences = outcome.differences.iter();
            wrong.extend(differences.map(|difference| format!("{name}, {}: {difference:?}", case.id)));
        }
        if runs.len() < 2 {
            wrong.push(format!("{name} has no two cases"));
        }
        let covered = coverage::of(&load.program, runs.iter().map(|(case, outcome)| (*case, outcome)));
        let gaps = covered.iter().flat_map(|version| &version.gaps);
        wrong.extend(gaps.map(|gap| format!("{name}: {} {}", gap.rule, gap.never)));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_shape_is_in_one_section_of_the_cookbook() {
    let folder = Folder::scan(&shapes()).expect("the folder of shapes");
    let there: BTreeSet<String> = programs(&folder).into_iter().collect();
    let told: Vec<&str> = SECTIONS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    assert_eq!(told.iter().copied().collect::<BTreeSet<_>>(), there.iter().map(String::as_str).collect());
    assert_eq!(told.len(), there.len(), "a shape is in two sections");
}

#[test]
fn the_cookbook_is_made_of_the_shapes() {
    let place = shapes().join("../../docs/manual/09-cookbook.md");
    let chapter = cookbook();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&place, &chapter).expect("the chapter is written");
    }
    let told = "docs/manual/09-cookbook.md is not what tests/shapes says; write it anew with UPDATE=1";
    assert!(text(&place) == chapter, "{told}");
}

/// The chapter: what stands before, the sections, and each shape with its rules and cases.
fn cookbook() -> String {
    let mut chapter = format!("{}\n", text(&shapes().join("README.md")).trim_end());
    let sections = SECTIONS.iter().filter(|(_, names)| !names.is_empty());
    for (section, names) in sections.clone() {
        let links: Vec<String> = names.iter().map(|name| link(&introduction(name).0)).collect();
        let _ = write!(chapter, "\n* {section}: {}", links.join(" · "));
    }
    chapter.push('\n');
    for (section, names) in sections {
        let _ = write!(chapter, "\n## {section}\n");
        for name in *names {
            let (title, about) = introduction(name);
            let folder = shapes().join(name);
            let rules = text(&folder.join("1.toml"));
            let cases = text(&folder.join(format!("cases/{name}.toml")));
            let _ = write!(chapter, "\n### {title}\n\n{about}\n\n```toml rulebook={name}/1\n{rules}```\n");
            let _ = write!(chapter, "\n```toml cases={name}/1\n{cases}```\n");
        }
    }
    chapter
}

/// The title of a shape, and what is said about it.
fn introduction(name: &str) -> (String, String) {
    let page = text(&shapes().join(name).join("README.md"));
    let (title, about) = page.split_once('\n').unwrap_or((&page, ""));
    (title.trim_start_matches("# ").to_owned(), about.trim().to_owned())
}

fn link(title: &str) -> String {
    let plain = title.to_lowercase().replace(' ', "-");
    let plain: String = plain.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect();
    format!("[{title}](#{plain})")
}
