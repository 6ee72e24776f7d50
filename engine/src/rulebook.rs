//! The written shape of a rulebook: what an author may type, and where it stands.
//!
//! Nothing here is resolved: names are text, cells are raw. One definition of each section gives its
//! type, its reader and its JSON Schema.

pub mod credit;
pub mod duty;
pub mod fact;
pub mod kind;
pub mod parameter;
pub mod piece;
pub mod plugin;
mod reference;
pub mod row;
pub mod rule;
pub mod ruling;
pub(crate) mod shape;

use crate::document::Name;
use crate::finding::Findings;
use crate::source::Span;
use piece::{Choice, Day, Entries, Formula, Names, Phrase};
use shape::shape;

pub use reference::reference;
pub use shape::{AVERAGE, AVERAGES, Read, listed};

/// The sections that are lists of rules, each with an id.
pub const RULES: [&str; 8] =
    ["measures", "awards", "credits", "ladders", "rulings", "obligations", "standings", "exceptions"];

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
        /// Words that fields, tables and columns share, each perhaps with its title.
        pub choices: Entries<Choice>,
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
        /// A metric attributed to partners.
        pub credits: Vec<credit::Credit>,
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
        /// Kinds of rule with their own typed values; a rulebook then writes `[[NAME]]` for each rule of the kind.
        pub kinds: Entries<kind::Kind>,
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
        pub effective: Effective,
        /// The ISO 4217 code of amounts without a currency.
        pub currency: Option<Name>,
        /// What people call the program.
        pub title: Phrase,
        /// The version from which this one goes on, saying only what changes.
        pub extends: Option<Name>,
        /// What this version leaves out of what it goes on from, by path: `parameters.NAME`, `awards.RULE.ROW`.
        pub remove: Names,
        /// The plugins that are switched on, in order.
        pub plugins: Names,
        /// Printed with every decision.
        pub provisional: Option<Phrase>,
        /// Where it comes from.
        pub source: Option<piece::Source>,
        /// For the next reader.
        pub note: Option<Name>,
    }
}

shape! {
    /// When a version is in force.
    pub struct Effective {
        /// The first day.
        pub from: Option<Day>,
        /// The day after the last.
        pub until: Option<Day>,
        /// The partner's own day, such as `partner.renews_on`: the version binds each partner from its first such day
        /// of a year, `from` or later; until then the version before does.
        pub binds: Option<Formula>,
    }
}

impl Effective {
    /// Where it says when it begins, else where it stands.
    pub fn place(&self) -> Span {
        self.from.or(self.until).map_or(self.span, |day| day.span)
    }
}

impl Rulebook {
    /// Reads a rulebook from the tree of its file, reporting what is wrong.
    pub fn read(document: &crate::document::Node, findings: &mut Findings) -> Option<Self> {
        Read::read(document, findings)
    }

    /// Tells what is wrong with the shape of a plugin's sections, which have no header.
    pub fn read_sections(document: &crate::document::Node, findings: &mut Findings) {
        use crate::document::{Item, Node, Table};
        let Some(table) = document.as_table() else { return };
        // A header that has no findings, in the place of the one that a rulebook would bring.
        let text = |text: &str| Node { span: document.span, item: Item::Text(text.to_owned()) };
        let entry = |key: &str, node| (Name { text: key.to_owned(), span: document.span }, node);
        let empty = Node { span: document.span, item: Item::Table(Table::default()) };
        let keys = ["program", "version", "status", "title"].map(|key| entry(key, text(key)));
        let header = Table { entries: keys.into_iter().chain([entry("effective", empty)]).collect() };
        let header = entry("rulebook", Node { span: document.span, item: Item::Table(header) });
        let entries = table.entries.iter().filter(|(name, _)| name.text != "rulebook").cloned().chain([header]);
        Self::read(&Node { span: document.span, item: Item::Table(Table { entries: entries.collect() }) }, findings);
    }

    /// Where the header stands, for findings about the whole.
    pub fn place(&self) -> Span {
        self.rulebook.version.span
    }
}

/// The JSON Schema of the file of a plugin, for editors: the sections of a rulebook under a header of its own.
pub fn plugin_schema() -> serde_json::Value {
    let mut whole = schema();
    let mut generator = schemars::generate::SchemaSettings::draft2020_12().into_generator();
    let header = generator.subschema_for::<plugin::Plugin>().to_value();
    let parts = generator.take_definitions(true);
    if let Some(known) = whole["$defs"].as_object_mut() {
        known.remove("Header");
        known.remove("Effective");
        for (name, part) in parts {
            known.entry(name).or_insert(part);
        }
    }
    if let Some(sections) = whole["properties"].as_object_mut() {
        sections.remove("rulebook");
        sections.insert("plugin".into(), header);
    }
    whole["title"] = "Tierline plugin".into();
    whole["description"] = "A plugin: rules that rulebooks switch on".into();
    whole["required"] = serde_json::json!(["plugin"]);
    whole
}

/// The JSON Schema of a rule file, for editors.
pub fn schema() -> serde_json::Value {
    let mut schema =
        schemars::generate::SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Rulebook>();
    schema.insert("title".into(), "Tierline rulebook".into());
    let instance = serde_json::json!({
        "type": "array",
        "minItems": 1,
        "description": "Rules of a kind that the rulebook or one of its plugins declares, each with the values that the kind takes",
        "items": { "type": "object", "required": ["id"], "properties": { "id": { "type": "string" } } }
    });
    schema.insert("additionalProperties".into(), instance);
    let mut schema = schema.to_value();
    for (definition, field, key, value) in [
        ("Header", "status", "enum", serde_json::json!(["draft", "published", "retired"])),
        ("Header", "currency", "pattern", serde_json::json!("^[A-Z]{3}$")),
    ] {
        schema["$defs"][definition]["properties"][field][key] = value;
    }
    schema
}
