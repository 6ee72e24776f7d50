//! A described rule, or all of them, laid out for people.

use super::labels::{self, labels};
use crate::output::{FAINT, STRONG, styled};
use crate::statement::layout::{page, wrapped};
use std::fmt::Write;
use tierline_engine::describe::{BENEFITS, Cited, Described, Kind, Line};
use tierline_engine::rulebook::piece::Language;

/// One rule with its sources.
pub fn rule(described: &Described, language: Language) -> String {
    let mut text = heading(described, Some(language));
    lines(&mut text, &described.lines, 2);
    let labels = labels(language);
    for cited in &described.sources {
        let _ = writeln!(text, "\n{}", styled(STRONG, labels.source));
        source(&mut text, cited, labels.quotes);
    }
    let listed = |names: &[String]| names.join(", ");
    let rest = [
        (labels.note, described.note.clone()),
        (labels.reads, Some(listed(&described.reads)).filter(|names| !names.is_empty())),
        (labels.read_by, Some(listed(&described.read_by)).filter(|names| !names.is_empty())),
    ];
    for (label, said) in rest {
        if let Some(said) = said {
            let _ = writeln!(text, "\n{}", styled(STRONG, label));
            indented(&mut text, &said, 2);
        }
    }
    text
}

/// The whole rulebook.
pub fn rulebook(all: &[Described], language: Language) -> String {
    let mut text = String::new();
    let mut last = None;
    for described in all {
        if last != Some(described.kind) && described.kind != Kind::Rulebook {
            let _ = writeln!(text, "\n{}", styled(STRONG, labels::kinds(described.kind, language).to_uppercase()));
        }
        let is_list = matches!(described.kind, Kind::Benefit | Kind::Choice);
        if !is_list && last.is_some() {
            text.push('\n');
        }
        last = Some(described.kind);
        let all_benefits = described.id == BENEFITS && described.kind == Kind::Benefit;
        // What is said of all benefits stands under their common heading.
        if !all_benefits {
            text.push_str(&heading(described, None));
        }
        match (described.kind, described.lines.as_slice()) {
            // What describes a benefit, and its requirements, in one line.
            (Kind::Benefit, all) => {
                let said: Vec<&str> = all.iter().map(|line| line.text.as_str()).collect();
                indented(&mut text, &said.join("  "), 4);
            }
            (_, all) => lines(&mut text, all, 2),
        }
        if let Some(note) = described.note.as_ref().filter(|_| all_benefits || described.kind == Kind::Rulebook) {
            indented(&mut text, &labels::noted(note, language), 2);
        }
        let clauses: Vec<&str> =
            described.sources.iter().flat_map(|cited| &cited.clauses).map(String::as_str).collect();
        if !clauses.is_empty() && (all_benefits || described.kind != Kind::Benefit) {
            let _ = writeln!(text, "  {}", styled(FAINT, format!("[{}]", clauses.join(", "))));
        }
    }
    text
}

fn heading(described: &Described, language: Option<Language>) -> String {
    let title = described.title.as_ref().map(|title| format!("  {title}")).unwrap_or_default();
    let kind = language.map(|language| format!("  ({})", labels::kind(described.kind, language))).unwrap_or_default();
    format!("{}{title}{}\n", styled(STRONG, &described.id), styled(FAINT, kind))
}

fn lines(text: &mut String, lines: &[Line], indent: usize) {
    for line in lines {
        let indent = indent + 2 * usize::from(line.depth);
        indented(text, &line.text, indent);
    }
}

/// `said` in lines, those after the first a little further in.
fn indented(text: &mut String, said: &str, indent: usize) {
    for (place, part) in wrapped(said, page() - indent - 2).into_iter().enumerate() {
        let hang = if place == 0 { 0 } else { 2 };
        let _ = writeln!(text, "{}{part}", " ".repeat(indent + hang));
    }
}

fn source(text: &mut String, cited: &Cited, quotes: (&str, &str)) {
    let clauses = if cited.clauses.is_empty() { String::new() } else { format!(": {}", cited.clauses.join(", ")) };
    indented(text, &format!("{}{clauses}", cited.document), 2);
    if let Some(says) = &cited.says {
        indented(text, &format!("{}{says}{}", quotes.0, quotes.1), 4);
    }
    if let Some(place) = &cited.place {
        let _ = writeln!(text, "    {}", styled(FAINT, place));
    }
}
