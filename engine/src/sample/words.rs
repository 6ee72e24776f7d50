//! Texts and words of a sample file: what a field may hold, weighted words, sets, numbered ids.

use super::draw::{How, Part, Weights};
use super::number::{chance, weight};
use crate::document::{Item, Name, Node};
use crate::facts::{Reader, Schema};
use crate::finding::{Finding, Findings, code, did_you_mean};
use crate::rulebook::listed;
use crate::rulebook::piece::{Entries, Raw};
use crate::rulebook::shape::wrong_type;

/// `text` as a JSON string.
pub fn json(text: &str) -> Vec<u8> {
    serde_json::Value::from(text).to_string().into_bytes()
}

/// The word as JSON, when a field of this reader may hold it.
pub fn word(name: &Name, reader: &Reader, schema: &Schema, findings: &mut Findings) -> Option<Vec<u8>> {
    let known = match reader {
        Reader::Word(words, _) => schema.words.get(words.0 as usize),
        Reader::TableRow(domain) => schema.tables.get(domain.0 as usize),
        _ => None,
    };
    if let Some(known) = known.filter(|known| !known.contains(&name.text)) {
        findings.add(
            Finding::new(&code::UNKNOWN_NAME, name.span, format!("`{}` is not one of the words here", name.text))
                .help(format!("the words are {}", listed(known)))
                .help_maybe(did_you_mean(&name.text, known.iter().map(String::as_str))),
        );
        return None;
    }
    Some(json(&name.text))
}

/// One of several words: a list of them, or a table of their weights.
pub fn words(Raw(node): &Raw, reader: &Reader, schema: &Schema, findings: &mut Findings) -> Option<How> {
    let mut weighted = Vec::new();
    match &node.item {
        Item::List(list) => {
            for item in list {
                let Some(text) = item.as_text() else { return wrong_type(item, "text", findings) };
                weighted.push((Name { text: text.to_owned(), span: item.span }, 1));
            }
        }
        Item::Table(table) => {
            for (name, value) in &table.entries {
                weighted.push((name.clone(), weight(&Raw(value.clone()), findings)?));
            }
        }
        _ => return wrong_type(node, "a list of words, or a table of their weights", findings),
    }
    let known: Vec<_> = weighted.iter().map(|(name, _)| word(name, reader, schema, findings)).collect();
    let weights = Weights::of(weighted.iter().map(|(_, weight)| *weight));
    if weights.is_none() {
        findings.add(Finding::new(&code::BAD_VALUE, node.span, "none of these can be drawn"));
    }
    Some(How::Words(weights?, known.into_iter().collect::<Option<_>>()?))
}

/// Several words, each so often.
pub fn set(entries: &Entries<Raw>, of: &Reader, schema: &Schema, findings: &mut Findings) -> Option<How> {
    let read = |(name, often): &(Name, Raw)| {
        let (often, word) = (chance(often, findings), word(name, of, schema, findings));
        Some((often?, word?))
    };
    let words: Vec<_> = entries.0.iter().map(read).collect();
    words.into_iter().collect::<Option<_>>().map(How::Set)
}

/// Text in which `{n}` and `{partner}` are numbers.
pub fn pattern(text: &str, node: &Node, findings: &mut Findings) -> Option<How> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}').unwrap_or((after, ""));
        push(&mut parts, before);
        parts.push(match name {
            "n" => Part::Number,
            "partner" => Part::Partner,
            _ => {
                findings.add(
                    Finding::new(&code::UNKNOWN_NAME, node.span, format!("`{{{name}}}` is no number here"))
                        .help("`{n}` is the number of the record in its list, `{partner}` that of the partner"),
                );
                return None;
            }
        });
        rest = behind;
    }
    push(&mut parts, rest);
    Some(How::Pattern(parts))
}

fn push(parts: &mut Vec<Part>, text: &str) {
    if !text.is_empty() {
        let json = json(text);
        parts.push(Part::Text(json[1..json.len() - 1].to_vec()));
    }
}
