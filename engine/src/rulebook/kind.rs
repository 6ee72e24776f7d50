//! `[kinds.NAME]`: a kind of rule that the format does not have, made of rules that it has.

use super::RULES;
use super::piece::{Entries, Name, Phrase, Raw, Source};
use super::shape::{Fields, Read, plain, property, table_schema};
use crate::document::Node;
use crate::finding::Findings;
use crate::source::Span;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

/// A kind of rule.
#[derive(Clone, Debug)]
pub struct Kind {
    /// Where it stands.
    pub span: Span,
    /// What people call it.
    pub title: Option<Phrase>,
    /// The values that each rule of the kind has, with their types.
    pub takes: Entries<Take>,
    /// Where it comes from.
    pub source: Option<Source>,
    /// For the next reader.
    pub note: Option<Name>,
}

/// The type of a value that names a record among the facts.
pub const RECORD: &str = "record";

/// A value that each rule of a kind has.
#[derive(Clone, Debug)]
pub struct Take {
    /// Its type: that of a field, or [`RECORD`].
    pub of: Name,
    /// What stands for it in a rule that does not say it.
    pub is: Option<Raw>,
}

impl Read for Take {
    fn read(node: &Node, findings: &mut Findings) -> Option<Self> {
        if node.as_text().is_some() {
            return Some(Self { of: Name::read(node, findings)?, is: None });
        }
        let fields = Fields::of(node, &["type", "is"], findings)?;
        let (of, is) = (fields.take("type", findings), fields.take("is", findings));
        Some(Self { of: of?, is: is? })
    }
}

impl JsonSchema for Take {
    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed("Take")
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<Raw>();
        json_schema!({
            "description": "A value that each rule of a kind has",
            "anyOf": [
                { "type": "string", "description": "Its type; `record` for the name of a record among the facts" },
                {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["type"],
                    "properties": {
                        "type": { "type": "string", "description": "Its type; `record` for the name of a record among the facts" },
                        "is": value
                    }
                }
            ]
        })
    }
}

/// The keys of a kind beside the rules that it is made of.
pub const KEYS: [&str; 4] = ["title", "takes", "source", "note"];
/// The keys of every rule of a kind, beside the values that the kind takes.
pub const INSTANCE: [&str; 4] = ["id", "title", "source", "note"];

const KNOWN: [&str; KEYS.len() + RULES.len()] = {
    let mut known = [""; KEYS.len() + RULES.len()];
    let mut at = 0;
    while at < known.len() {
        known[at] = if at < KEYS.len() { KEYS[at] } else { RULES[at - KEYS.len()] };
        at += 1;
    }
    known
};

impl Read for Kind {
    fn read(node: &Node, findings: &mut Findings) -> Option<Self> {
        let fields = Fields::of(node, &KNOWN, findings)?;
        let title = fields.take("title", findings);
        let takes = fields.take("takes", findings);
        let source = fields.take("source", findings);
        let note = fields.take("note", findings);
        Some(Self { span: node.span, title: title?, takes: takes?, source: source?, note: note? })
    }
}

impl JsonSchema for Kind {
    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed("Kind")
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut properties = vec![
            property::<Option<Phrase>>("title", "What people call it", generator),
            property::<Entries<Take>>(
                "takes",
                "The values that each rule of the kind has, with their types",
                generator,
            ),
            property::<Option<Source>>("source", "Where it comes from", generator),
            property::<Option<Name>>("note", "For the next reader", generator),
        ];
        for section in RULES {
            let about = "Rules that each rule of the kind stands for; one without `id` has that of the rule";
            let schema = json_schema!({ "type": "array", "items": { "type": "object" } });
            properties.push(super::shape::Property { name: plain(section), about, schema, required: false });
        }
        table_schema(
            "A kind of rule, made of rules in which the names of `takes` stand for the values of each",
            properties,
        )
    }
}
