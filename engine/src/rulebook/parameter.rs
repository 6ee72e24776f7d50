//! `[parameters]` and `[tables]`: what a rulebook gives a name to.

use super::piece::{Day, Entries, Name, Names, Phrase, Raw, Source};
use super::row::Rows;
use super::shape::{Read, shape, wrong_type};
use crate::document::Node;
use crate::finding::{Finding, Findings, code, nearest};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

shape! {
    /// A named number, date, text or table, with its source.
    pub struct Parameter {
        /// The value; a table of values with `by`.
        pub is: Option<Raw>,
        /// The type, where the value alone does not tell it.
        pub r#type: Option<Name>,
        /// What a bare number counts.
        pub unit: Option<Name>,
        /// What keys the value: choices, ladders or tables.
        pub by: Names,
        /// A value for each band of an amount or of days, read as `name[amount]`.
        pub bands: Vec<Band>,
        /// Later values, each from its day on.
        pub changes: Vec<Change>,
        /// The readings that an ambiguous sentence allows.
        pub choices: Vec<Raw>,
        /// What people call it.
        pub title: Option<Phrase>,
        /// Where it comes from.
        pub source: Option<Source>,
        /// For the next reader.
        pub note: Option<Name>,
    }

    /// One band of a parameter; the bound says whether it belongs to the band.
    pub struct Band {
        /// The band ends before this.
        pub below: Option<Raw>,
        /// The band ends with this.
        pub up_to: Option<Raw>,
        /// The value in the band.
        pub is: Raw,
    }

    /// A value that holds from a day on.
    pub struct Change {
        /// The first day.
        pub from: Day,
        /// The value.
        pub is: Raw,
        /// Where it comes from.
        pub source: Option<Source>,
    }

    /// A list that belongs to the rulebook.
    pub struct Listing {
        /// What people call it.
        pub title: Option<Phrase>,
        /// The types of columns, where the cells do not tell them.
        pub columns: Entries<Name>,
        /// The rows; each has an id, except in a rate table.
        pub rows: Rows,
        /// Where it comes from.
        pub source: Option<Source>,
        /// For the next reader.
        pub note: Option<Name>,
    }
}

/// All parameters of a rulebook; headings are for the reader only, names are flat.
#[derive(Clone, Debug, Default)]
pub struct Parameters(pub Vec<(Name, Parameter)>);

impl Parameters {
    fn gather(&mut self, node: &Node, findings: &mut Findings) {
        let Some(table) = node.as_table() else {
            wrong_type::<()>(node, "parameters, each { is = … }", findings);
            return;
        };
        for (name, value) in &table.entries {
            if value.as_table().is_none() {
                findings.add(
                    Finding::new(
                        &code::WRONG_TYPE,
                        value.span,
                        format!("expected a parameter, found {}", value.kind()),
                    )
                    .help(format!("write `{} = {{ is = … }}`", name.text)),
                );
            } else if is_heading(value) {
                self.gather(value, findings);
            } else if let Some(parameter) = Parameter::read(value, findings) {
                self.0.push((name.clone(), parameter));
            }
        }
    }
}

/// Whether a table is a heading over parameters, and not a parameter that lacks its value.
pub fn is_heading(node: &Node) -> bool {
    let has_value = |node: &Node| node.as_table().is_some_and(|t| t.find("is").is_some() || t.find("bands").is_some());
    let of_parameter = ["type", "unit", "by", "changes", "choices", "title", "source", "note"];
    let Some(entries) = node.as_table().map(|table| table.entries.as_slice()) else { return false };
    !has_value(node)
        && entries.iter().all(|(name, value)| {
            let keys = of_parameter.into_iter().chain(["is", "bands"]);
            let slip = value.as_table().is_none() && nearest(&name.text, keys).is_some();
            !slip && (!of_parameter.contains(&name.text.as_str()) || has_value(value))
        })
}

impl Read for Parameters {
    const OPTIONAL: bool = true;

    fn read(node: &Node, findings: &mut Findings) -> Option<Self> {
        let mut all = Self::default();
        all.gather(node, findings);
        Some(all)
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}

impl JsonSchema for Parameters {
    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed("Parameters")
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let parameter = generator.subschema_for::<Parameter>();
        json_schema!({
            "type": "object",
            "description": "Parameters, or headings that hold parameters",
            "additionalProperties": { "anyOf": [parameter, { "$ref": "#/$defs/Parameters" }] }
        })
    }
}
