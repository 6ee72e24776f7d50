//! `[facts.RECORD]`: what is known of a subject, and what absence means.

use super::piece::{Entries, Name, Names, schema};
use super::shape::{Fields, Read, shape, wrong_type};
use crate::document::{Item, Node, Table};
use crate::finding::Findings;
use crate::source::Span;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

/// A kind of record.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Where it stands.
    pub span: Span,
    /// The JSON list that holds it; without it there is one record.
    pub list: Option<Name>,
    /// The record inside which it lives.
    pub within: Option<Name>,
    /// The field that holds the record's own date.
    pub happened: Option<Name>,
    /// What the absence of the list means: `none`, or unknown.
    pub absent: Option<Name>,
    /// The fields.
    pub fields: Entries<Field>,
}

/// One field of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Where it stands.
    pub span: Span,
    /// The type as written: a type, `TYPE or ABSENCE`, or a list of words.
    pub of: FieldType,
    /// The JSON key, when it differs from the field's name.
    pub json: Option<Name>,
}

/// The type of a field as written.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldType {
    /// `"date or none"`
    Named(Name),
    /// `["commercial", "public"]`
    Words(Names),
}

impl Read for Record {
    fn read(node: &Node, findings: &mut Findings) -> Option<Self> {
        let Some(table) = node.as_table() else {
            return wrong_type(node, "a table of fields", findings);
        };
        let mut fields = Table::default();
        let mut record = Self {
            span: node.span,
            list: None,
            within: None,
            happened: None,
            absent: None,
            fields: Entries::default(),
        };
        for (name, value) in &table.entries {
            let reserved = match name.text.as_str() {
                "list" => &mut record.list,
                "in" => &mut record.within,
                "happened" => &mut record.happened,
                "absent" => &mut record.absent,
                _ => {
                    fields.entries.push((name.clone(), value.clone()));
                    continue;
                }
            };
            *reserved = Name::read(value, findings);
        }
        record.fields = Entries::read(&Node { span: node.span, item: Item::Table(fields) }, findings)?;
        Some(record)
    }
}

impl JsonSchema for Record {
    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed("Record")
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let field = generator.subschema_for::<Field>();
        json_schema!({
            "type": "object",
            "description": "A kind of record: reserved keys, and its fields with their types",
            "properties": {
                "list": { "type": "string", "description": "The JSON list that holds it; without it there is one record" },
                "in": { "type": "string", "description": "The record inside which it lives" },
                "happened": { "type": "string", "description": "The field that holds the record's own date" },
                "absent": { "enum": ["none", "unknown"], "description": "What the absence of the list means (default: unknown)" }
            },
            "additionalProperties": field
        })
    }
}

impl Read for FieldType {
    fn read(node: &Node, findings: &mut Findings) -> Option<Self> {
        match &node.item {
            Item::Text(_) => Some(Self::Named(Name::read(node, findings)?)),
            Item::List(_) => Some(Self::Words(Names::read(node, findings)?)),
            _ => wrong_type(node, "a type such as \"date or none\", or a list of words", findings),
        }
    }
}

impl Read for Field {
    fn read(node: &Node, findings: &mut Findings) -> Option<Self> {
        if node.as_table().is_none() {
            return Some(Self { span: node.span, of: FieldType::read(node, findings)?, json: None });
        }
        let fields = Fields::of(node, &["type", "json"], findings)?;
        let of = fields.take::<FieldType>("type", findings);
        let json = fields.take::<Option<Name>>("json", findings)?;
        Some(Self { span: node.span, of: of?, json })
    }
}

schema!(Field, "Field", {
    "description": "id, text, flag, count, number, money, percent, date, a choice, a record, a ladder, TABLE.id, `set of …`, `list of …`; `or none`, `or false`, `or FIELD` says what absence means",
    "anyOf": [
        { "type": "string" },
        { "type": "array", "items": { "type": "string" } },
        {
            "type": "object",
            "additionalProperties": false,
            "required": ["type"],
            "properties": {
                "type": {
                    "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }],
                    "description": "The type, or a list of words"
                },
                "json": { "type": "string", "description": "The JSON key, when it differs from the field's name" }
            }
        }
    ]
});

shape! {
    /// A document that rules cite.
    pub struct Document {
        /// What it is called.
        pub title: super::piece::Phrase,
        /// Where its text is kept.
        pub file: Option<Name>,
        /// Where it is published.
        pub url: Option<Name>,
        /// Whether clauses without `in` are from it.
        pub default: Option<bool>,
    }
}
