//! Where two plugins say different things of one: neither knows of the other, so neither can win.

use super::rule_id;
use crate::document::{Item, Name, Node, Table};
use crate::finding::{Finding, Findings, code};
use crate::source::{FileId, Span};

/// Tells of everything in `top` that is in `base` too, said by files that `top` does not build upon; comes
/// back with the rest of `top`, so that no rule is made of two.
pub fn conflicts(base: &Node, top: &Node, builds_upon: &dyn Fn(FileId) -> bool, findings: &mut Findings) -> Node {
    let mut rest = top.clone();
    let (Some(base), Some(top)) = (base.as_table(), top.as_table()) else { return rest };
    let mut search = Search { builds_upon, findings, told: Vec::new() };
    for (section, node) in &top.entries {
        let Some(before) = base.find(&section.text) else { continue };
        match (&before.item, &node.item) {
            (Item::List(before), Item::List(rules)) => search.rules(before, rules),
            (Item::Table(before), Item::Table(entries)) => {
                // Two plugins may each add fields to one record, words to one choice, and keys to one cycle.
                let depth = usize::from(matches!(section.text.as_str(), "facts" | "choices"));
                search.entries(&section.text, before, entries, depth);
            }
            _ => {}
        }
    }
    let told = search.told;
    if let Item::Table(sections) = &mut rest.item {
        for (_, section) in &mut sections.entries {
            if let Item::List(rules) = &mut section.item {
                rules.retain(|rule| !told.contains(&place(rule)));
            }
        }
    }
    rest
}

struct Search<'a> {
    builds_upon: &'a dyn Fn(FileId) -> bool,
    findings: &'a mut Findings,
    /// The places in `top` of what was told.
    told: Vec<Span>,
}

impl Search<'_> {
    fn rules(&mut self, base: &[Node], top: &[Node]) {
        for rule in top {
            let Some((id, _)) = rule_id(rule) else { continue };
            let before = base.iter().find(|before| rule_id(before).is_some_and(|(known, _)| known == id));
            if let Some(before) = before {
                self.tell(&id, place(rule), place(before));
            }
        }
    }

    fn entries(&mut self, path: &str, base: &Table, top: &Table, depth: usize) {
        for (name, node) in &top.entries {
            let Some((known, before)) = base.entries.iter().find(|(known, _)| known.text == name.text) else {
                continue;
            };
            match (&before.item, &node.item) {
                (Item::Table(before), Item::Table(inner)) if depth > 0 => {
                    self.entries(&format!("{path}.{}", name.text), before, inner, depth - 1);
                }
                _ if same(before, node) => {}
                _ => self.tell(&name.text, name.span, known.span),
            }
        }
    }

    fn tell(&mut self, name: &str, here: Span, before: Span) {
        if (self.builds_upon)(before.file) {
            return;
        }
        self.told.push(here);
        self.findings.add(
            Finding::new(&code::PLUGINS_CONFLICT, here, format!("another plugin has a `{name}` of its own"))
                .and(before, "it is given here as well")
                .help("use one of the two plugins, or give this another name; a plugin that `needs` the other may change it"),
        );
    }
}

fn place(rule: &Node) -> Span {
    rule.as_table().and_then(|table| table.find("id")).map_or(rule.span, |id| id.span)
}

/// Whether two values say the same, wherever they stand.
pub fn same(a: &Node, b: &Node) -> bool {
    match (&a.item, &b.item) {
        (Item::List(a), Item::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Item::Table(a), Item::Table(b)) => {
            let alike = |(name, value): &(Name, Node)| b.find(&name.text).is_some_and(|other| same(value, other));
            a.entries.len() == b.entries.len() && a.entries.iter().all(alike)
        }
        (a, b) => a == b,
    }
}
