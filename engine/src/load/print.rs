//! A tree as a TOML text that reads back as the same tree.

use crate::document::{Item, Node, Table};
use crate::rulebook::parameter::is_heading;
use crate::source::{FileId, Sources};
use std::fmt::Write;

/// The sections whose entries have a heading each, `[facts.deal]`.
const HEADED: [&str; 4] = ["facts", "tables", "scripts", "kinds"];

/// A rulebook as a text; above what stands in another file than `own`, a comment says in which.
pub fn print(document: &Node, own: FileId, sources: &Sources) -> String {
    let mut printer = Printer { text: String::new(), own, sources };
    let sections = document.as_table().map(|table| table.entries.as_slice()).unwrap_or_default();
    // What is no section belongs to none, so it stands above all of them.
    let (sections, rest): (Vec<_>, Vec<_>) = sections
        .iter()
        .partition(|(_, node)| node.as_table().is_some() || node.as_list().is_some_and(|list| !list.is_empty()));
    rest.into_iter()
        .filter(|(_, node)| node.as_list().is_none())
        .for_each(|(name, node)| printer.entry(&key(&name.text), node));
    for (name, section) in sections {
        match section.as_table() {
            Some(parameters) if name.text == "parameters" => printer.parameters("parameters", parameters),
            _ => printer.section(&key(&name.text), section, HEADED.contains(&name.text.as_str())),
        }
    }
    printer.text.trim_start().to_owned()
}

struct Printer<'s> {
    text: String,
    own: FileId,
    sources: &'s Sources,
}

impl Printer<'_> {
    fn section(&mut self, path: &str, node: &Node, headed: bool) {
        match &node.item {
            Item::List(rules) if !rules.is_empty() && rules.iter().all(|rule| rule.as_table().is_some()) => {
                for rule in rules {
                    self.heading(rule, &format!("[[{path}]]"));
                    self.entries(path, rule.as_table());
                }
            }
            Item::Table(table) if headed => {
                for (name, entry) in &table.entries {
                    let path = format!("{path}.{}", key(&name.text));
                    if let Item::Table(_) = &entry.item {
                        self.heading(entry, &format!("[{path}]"));
                        self.entries(&path, entry.as_table());
                    }
                }
            }
            Item::Table(table) => {
                self.heading(node, &format!("[{path}]"));
                self.entries(path, Some(table));
            }
            // A list of values is no section; the reader tells of it where it stands.
            _ => {}
        }
    }

    /// Parameters with a heading each, under those for the reader.
    fn parameters(&mut self, path: &str, table: &Table) {
        for (name, node) in &table.entries {
            let path = format!("{path}.{}", key(&name.text));
            match node.as_table() {
                Some(inner) if is_heading(node) => self.parameters(&path, inner),
                _ => {
                    self.heading(node, &format!("[{path}]"));
                    self.entries(&path, node.as_table());
                }
            }
        }
    }

    fn heading(&mut self, node: &Node, heading: &str) {
        self.text.push('\n');
        self.origin(node);
        let _ = writeln!(self.text, "{heading}");
    }

    /// Says where something stands that stands in another file.
    fn origin(&mut self, node: &Node) {
        if node.span.file != self.own {
            let line = self.sources.position(node.span).line;
            let _ = writeln!(self.text, "# {}:{line}", self.sources.file(node.span.file).path);
        }
    }

    /// Keys first, then the lists of tables, which TOML wants last.
    fn entries(&mut self, path: &str, table: Option<&Table>) {
        let entries = table.map(|table| table.entries.as_slice()).unwrap_or_default();
        let headed = |name: &str, node: &Node| {
            name != "rows" && node.as_list().is_some_and(|list| !list.is_empty() && list.iter().all(is_rule))
        };
        for (name, node) in entries.iter().filter(|(name, node)| !headed(&name.text, node)) {
            self.entry(&key(&name.text), node);
        }
        for (name, node) in entries.iter().filter(|(name, node)| headed(&name.text, node)) {
            self.section(&format!("{path}.{}", key(&name.text)), node, false);
        }
    }

    fn entry(&mut self, name: &str, node: &Node) {
        match node.as_list() {
            Some(rows) if !rows.is_empty() && rows.iter().all(|row| row.as_table().is_some()) => {
                let _ = writeln!(self.text, "{name} = [");
                for row in rows {
                    let _ = writeln!(self.text, "  {},", inline(row));
                }
                self.text.push_str("]\n");
            }
            _ => {
                let _ = writeln!(self.text, "{name} = {}", inline(node));
            }
        }
    }
}

/// Whether an item is a rule or requirement, which is long enough for a heading of its own.
fn is_rule(item: &Node) -> bool {
    item.as_table().is_some_and(|table| {
        ["that", "id", "count", "sum", "value", "gives"].iter().filter(|key| table.find(key).is_some()).count() > 1
    })
}

/// A value on one line.
pub fn inline(node: &Node) -> String {
    match &node.item {
        Item::Text(text) => quoted(text),
        Item::Number(number) => number.to_string(),
        Item::Flag(flag) => flag.to_string(),
        Item::Date(date) => date.to_string(),
        Item::List(list) => format!("[{}]", list.iter().map(inline).collect::<Vec<_>>().join(", ")),
        Item::Table(table) if table.entries.is_empty() => "{}".to_owned(),
        Item::Table(table) => {
            let entries = table.entries.iter().map(|(name, value)| format!("{} = {}", key(&name.text), inline(value)));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

/// A key, in quotes where it needs them.
fn key(text: &str) -> String {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if plain { text.to_owned() } else { quoted(text) }
}

/// A text in the quotes that need no marks inside, else with marks.
fn quoted(text: &str) -> String {
    let control = text.chars().any(|c| c.is_control());
    if text.contains(['"', '\\']) && !text.contains('\'') && !control {
        return format!("'{text}'");
    }
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", c as u32);
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::print;
    use crate::document::{Item, Node};
    use crate::finding::Findings;
    use crate::load::parse_toml;
    use crate::source::Sources;

    const TEXT: &str = r#"
[rulebook]
program = "acme"
title = { en = "Acme \"Partners\"", ja = "パートナー\n" }

[parameters.heading]
rate = { is = "7 %", by = ["a", "b"], "odd key" = 0.10 }
path = { is = 'a\b"c"' }

[facts.deal]
list = "deals"
kind = ["a", "b"]

[[measures]]
id = "m"
where = 'kind == "a"'
rows = [{ id = "x", kind = "a" }, { id = "y", when = true, day = 2024-02-29 }]

[[ladders]]
id = "tier"
rows = []
[[ladders.requires]]
id = "r"
that = "m > 0"

[kinds.k]
takes = { rate = "percent" }
[[kinds.k.measures]]
value = "rate"
id = "v"

[[k]]
id = "one"
rate = "5 %"
"#;

    fn same(a: &Node, b: &Node) -> bool {
        match (&a.item, &b.item) {
            (Item::List(a), Item::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
            (Item::Table(a), Item::Table(b)) => {
                a.entries.len() == b.entries.len()
                    && a.entries.iter().all(|(name, value)| b.find(&name.text).is_some_and(|other| same(value, other)))
            }
            (a, b) => a == b,
        }
    }

    #[test]
    fn what_is_printed_reads_back_as_the_same() {
        let mut sources = Sources::default();
        let read = |sources: &mut Sources, text: &str| {
            let file = sources.add("a.toml", text);
            let mut findings = Findings::default();
            (parse_toml(file, text, &mut findings).unwrap_or_else(|| panic!("{text}\n{findings:?}")), file)
        };
        let (first, file) = read(&mut sources, TEXT);
        let text = print(&first, file, &sources);
        let (second, _) = read(&mut sources, &text);
        assert!(same(&first, &second), "{text}");
    }
}
