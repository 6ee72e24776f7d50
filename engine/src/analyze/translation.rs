//! Texts that are missing in a language of the rulebook.

use super::About;
use crate::document::{Item, Name, Node};
use crate::finding::{Finding, Findings, code};
use crate::rulebook::Read;
use crate::rulebook::piece::{Language, Phrase};

/// The sections without texts of the program's own: a document is called what it is called.
const WITHOUT: [&str; 4] = ["sources", "facts", "scripts", "cycle"];
/// The keys under which texts for people stand.
const TEXTS: [&str; 4] = ["title", "otherwise", "asks", "provisional"];

/// Tells of texts that are not there in every language of the rulebook's own title.
pub fn missing(about: About<'_>, findings: &mut Findings) {
    let Some(title) = &about.model.title else { return };
    let wanted: Vec<(&str, Language)> =
        Language::ALL.into_iter().filter(|(_, language)| title.exactly(*language).is_some()).collect();
    let Some(document) = about.version.document.as_table() else { return };
    for (name, section) in &document.entries {
        match name.text.as_str() {
            section if WITHOUT.contains(&section) => {}
            "modules" => {
                entries(section)
                    .filter(|(word, _)| word.text != "earn_once")
                    .for_each(|(_, text)| look(text, &wanted, findings));
            }
            "choices" => {
                let titled = entries(section).flat_map(|(_, choice)| entries(choice));
                titled.for_each(|(_, text)| look(text, &wanted, findings));
            }
            _ => walk(section, &wanted, findings),
        }
    }
}

fn entries(node: &Node) -> impl Iterator<Item = &(Name, Node)> {
    node.as_table().into_iter().flat_map(|table| &table.entries)
}

fn walk(node: &Node, wanted: &[(&str, Language)], findings: &mut Findings) {
    match &node.item {
        Item::List(list) => list.iter().for_each(|item| walk(item, wanted, findings)),
        Item::Table(table) => {
            for (name, value) in &table.entries {
                if TEXTS.contains(&name.text.as_str()) {
                    look(value, wanted, findings);
                }
                walk(value, wanted, findings);
            }
        }
        _ => {}
    }
}

fn look(node: &Node, wanted: &[(&str, Language)], findings: &mut Findings) {
    let Some(phrase) = Phrase::read(node, &mut Findings::default()) else { return };
    let without: Vec<&str> =
        wanted.iter().filter(|(_, language)| phrase.exactly(*language).is_none()).map(|(tag, _)| *tag).collect();
    if !without.is_empty() {
        let every: Vec<String> = wanted.iter().map(|(tag, _)| format!("{tag} = …")).collect();
        let (first, more) = (crate::rulebook::listed(&without), "the text is missing in");
        findings.add(
            Finding::new(&code::MISSING_TRANSLATION, node.span, format!("{more} {first}"))
                .help(format!("write `{{ {} }}`, every language of the rulebook's own title", every.join(", "))),
        );
    }
}
