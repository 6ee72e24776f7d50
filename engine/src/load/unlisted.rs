//! Names that a plugin has which a rulebook does not list: mostly the plugin was forgotten.

use super::library::Library;
use super::package::{package, plugins};
use crate::document::{Item, Node};
use crate::finding::{Findings, code, did_you_mean};
use crate::rulebook::parameter::is_heading;
use crate::source::Sources;

/// Says of unknown names and sections which plugin has them, where that is not one of `listed`.
pub fn unlisted(library: Library<'_>, document: &Node, sources: &Sources, findings: &mut Findings) {
    let unknown = |code| code == &code::UNKNOWN_NAME || code == &code::UNKNOWN_KEY;
    if !findings.iter().any(|finding| unknown(finding.code)) {
        return;
    }
    let header = document.as_table().and_then(|root| root.find("rulebook")?.as_table());
    let listed = header.and_then(|header| header.find("plugins"));
    let is_listed = |id: &str| match listed.map(|node| &node.item) {
        Some(Item::Text(text)) => text == id,
        Some(Item::List(list)) => list.iter().any(|item| item.as_text() == Some(id)),
        _ => false,
    };
    let kinds = document.as_table().and_then(|root| root.find("kinds")).and_then(Node::as_table);
    let kinds: Vec<&str> =
        kinds.into_iter().flat_map(|kinds| &kinds.entries).map(|(name, _)| name.text.as_str()).collect();
    let mut names: Vec<(String, String)> = Vec::new();
    for id in plugins(library).into_iter().filter(|id| !is_listed(id)) {
        let Some(package) = package(library, &id, &mut Sources::default()) else { continue };
        names.extend(given(package.document()).into_iter().map(|name| (name, id.clone())));
    }
    for finding in findings.iter_mut().filter(|finding| unknown(finding.code)) {
        let name = sources.text(finding.span).trim_matches(['"', '\'']);
        let section = document.as_table().is_some_and(|root| root.entries.iter().any(|(s, _)| s.span == finding.span));
        if section {
            finding.help = did_you_mean(name, kinds.iter().copied()).or(finding.help.take());
        }
        if let Some((_, id)) = names.iter().find(|(known, _)| known == name) {
            finding.help = Some(format!("the plugin `{id}` has it: list it under `plugins` in [rulebook]"));
        }
    }
}

/// The names that a plugin gives: its kinds, its rules by their ids, what stands in its other sections.
fn given(document: &Node) -> Vec<String> {
    let mut names = Vec::new();
    for (section, node) in document.as_table().into_iter().flat_map(|root| &root.entries) {
        match &node.item {
            Item::List(rules) => {
                let id = |rule: &Node| Some(rule.as_table()?.find("id")?.as_text()?.to_owned());
                let rows =
                    |rule: &Node| rule.as_table().and_then(|rule| rule.find("rows")?.as_list().map(<[Node]>::to_vec));
                names.extend(rules.iter().filter_map(id));
                if section.text == "measures" {
                    names.extend(rules.iter().filter_map(rows).flatten().filter_map(|row| id(&row)));
                }
            }
            Item::Table(_) if section.text == "parameters" => flat(node, &mut names),
            Item::Table(table) => names.extend(table.entries.iter().map(|(name, _)| name.text.clone())),
            _ => {}
        }
    }
    names
}

fn flat(node: &Node, names: &mut Vec<String>) {
    for (name, value) in node.as_table().into_iter().flat_map(|table| &table.entries) {
        if is_heading(value) { flat(value, names) } else { names.push(name.text.clone()) }
    }
}
