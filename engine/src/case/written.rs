//! The written shape of a case file.

use crate::document::{Item, Node};
use crate::finding::Findings;
use crate::rulebook::piece::{Day, Entries, Name, Names, Raw, Source, schema};
use crate::rulebook::shape::{Read, shape, wrong_type};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

shape! {
    /// Cases for one program.
    pub struct WrittenFile {
        /// The program.
        pub program: Name,
        /// The version that every case asks, unless it names its own; without it, the one in force.
        pub version: Option<Name>,
        /// The day for which every case asks, unless it names its own.
        pub as_of: Option<Day>,
        /// Facts that the cases share.
        pub facts: Option<Known>,
        /// The cases.
        pub case: Vec<WrittenCase>,
        /// Many small cases as rows.
        pub table: Vec<WrittenTable>,
    }

    /// One case.
    pub struct WrittenCase {
        /// Its name, unique in the file.
        pub id: Name,
        /// The clauses that it is about.
        pub source: Option<Source>,
        /// For the next reader.
        pub note: Option<Name>,
        /// The day for which it asks.
        pub as_of: Option<Day>,
        /// The version that it asks.
        pub version: Option<Name>,
        /// Another case of the file, whose facts, day, version and parameters it takes over.
        pub like: Option<Name>,
        /// Facts that stand in the place of the shared ones, list by list.
        pub facts: Option<Known>,
        /// Single facts by their dotted path, such as `deals.D-1.approved_on`; `"absent!"` leaves one out.
        pub change: Entries<Raw>,
        /// Parameters in another of their readings.
        pub parameters: Entries<Raw>,
        /// A part of the decision, or `error`, or `failure`.
        pub expect: Raw,
    }

    /// Many small cases, one for each row.
    pub struct WrittenTable {
        /// Its name, unique in the file.
        pub id: Name,
        /// The clauses that it is about.
        pub source: Option<Source>,
        /// For the next reader.
        pub note: Option<Name>,
        /// The day for which it asks.
        pub as_of: Option<Day>,
        /// The version that it asks.
        pub version: Option<Name>,
        /// Facts that stand in the place of the shared ones, list by list.
        pub facts: Option<Known>,
        /// Parameters in another of their readings.
        pub parameters: Entries<Raw>,
        /// What the first columns are: facts by their dotted path, measures or `points` by name, `as_of`.
        pub given: Names,
        /// What the other columns are: parts of the decision by their dotted path.
        pub expect: Names,
        /// The rows: the given values, then the expected ones.
        pub rows: Vec<Raw>,
    }

    /// Facts that are refused.
    pub struct ExpectedError {
        /// The JSON Pointer of the mistake.
        pub pointer: Name,
        /// What is said about it, word for word.
        pub message: Option<Name>,
    }
}

/// Facts as a case gives them.
#[derive(Clone, Debug)]
pub enum Known {
    /// Written out.
    Table(Node),
    /// In a JSON file beside the case file.
    File(Name),
}

impl Read for Known {
    fn read(node: &Node, findings: &mut Findings) -> Option<Self> {
        match &node.item {
            Item::Table(_) => Some(Self::Table(node.clone())),
            Item::Text(_) => Name::read(node, findings).map(Self::File),
            _ => wrong_type(node, "a table of facts, or the name of a JSON file beside", findings),
        }
    }
}
schema!(Known, "KnownFacts", {
    "anyOf": [
        { "type": "object" },
        { "type": "string", "description": "A JSON file beside the case file" }
    ]
});

/// The JSON Schema of a case file, for editors.
pub fn schema() -> serde_json::Value {
    let settings = schemars::generate::SchemaSettings::draft2020_12();
    let mut schema = settings.into_generator().into_root_schema_for::<WrittenFile>();
    schema.insert("title".into(), "Tierline cases".into());
    schema.to_value()
}
