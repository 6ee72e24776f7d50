//! The written shape of a rulebook: what an author may type, and where it stands.
//!
//! Nothing here is resolved: names are text, cells are raw. One definition of each section gives its
//! type, its reader and its JSON Schema.

pub mod duty;
pub mod fact;
pub mod parameter;
pub mod piece;
mod reference;
pub mod row;
pub mod rule;
pub mod ruling;
pub(crate) mod shape;

use crate::document::Name;
use crate::finding::Findings;
use crate::source::Span;
use piece::{Entries, Names, Phrase};
use shape::shape;

pub use reference::reference;
pub use shape::{Read, listed};

shape! {
    /// One version of one program's rules.
    pub struct Rulebook {
        /// Which program and version, and when it is in force.
        pub rulebook: Header,
        /// The documents that rules cite.
        pub sources: Entries<fact::Document>,
        /// The period over which points run.
        pub cycle: Option<rule::Cycle>,
        /// The modules of the program, in the order that breaks ties; `earn_once` names a parameter.
        pub modules: Entries<Phrase>,
        /// Words that fields, tables and columns share.
        pub choices: Entries<Names>,
        /// What is known of a subject.
        pub facts: Entries<fact::Record>,
        /// Named values.
        pub parameters: parameter::Parameters,
        /// Lists that belong to the rulebook.
        pub tables: Entries<parameter::Listing>,
        /// Values computed from facts.
        pub measures: Vec<rule::Measure>,
        /// Points earned.
        pub awards: Vec<rule::Award>,
        /// Tiers and other ordered levels.
        pub ladders: Vec<rule::Ladder>,
        /// The answers on deals, renewals, claims, and the partner.
        pub rulings: Vec<ruling::Ruling>,
        /// What is due again and again.
        pub obligations: Vec<duty::Obligation>,
        /// What becomes of a partner that does not do what is due.
        pub standings: Vec<duty::Standing>,
        /// Other values for some partners, for some time.
        pub exceptions: Vec<duty::Exception>,
        /// What a partner may have.
        pub benefits: Option<rule::Benefits>,
        /// Rhai functions beside the rulebook.
        pub scripts: Entries<rule::ScriptFile>,
    }

    /// Which program and version, and when it is in force.
    pub struct Header {
        /// The program, such as `acme-partners`.
        pub program: Name,
        /// The version, such as `2024-07`.
        pub version: Name,
        /// `draft`, `published` or `retired`.
        pub status: Name,
        /// The days on which it is in force: half-open; without `until`, to the next version's start.
        pub effective: rule::Period,
        /// The ISO 4217 code of amounts without a currency.
        pub currency: Option<Name>,
        /// What people call the program.
        pub title: Phrase,
        /// Printed with every decision.
        pub provisional: Option<Phrase>,
        /// Where it comes from.
        pub source: Option<piece::Source>,
        /// For the next reader.
        pub note: Option<Name>,
    }
}

impl Rulebook {
    /// Reads a rulebook from the tree of its file, reporting what is wrong.
    pub fn read(document: &crate::document::Node, findings: &mut Findings) -> Option<Self> {
        Read::read(document, findings)
    }

    /// Where the header stands, for findings about the whole.
    pub fn place(&self) -> Span {
        self.rulebook.version.span
    }
}

/// The JSON Schema of a rule file, for editors.
pub fn schema() -> serde_json::Value {
    let mut schema =
        schemars::generate::SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Rulebook>();
    schema.insert("title".into(), "Tierline rulebook".into());
    let mut schema = schema.to_value();
    for (definition, field, key, value) in [
        ("Header", "status", "enum", serde_json::json!(["draft", "published", "retired"])),
        ("Header", "currency", "pattern", serde_json::json!("^[A-Z]{3}$")),
    ] {
        schema["$defs"][definition]["properties"][field][key] = value;
    }
    schema
}
