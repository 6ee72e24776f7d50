//! The small pieces that rule files are written with: names, phrases, sources, formulas, raw values.

use super::shape::{Fields, Read, listed, wrong_type};
use crate::date::Date;
use crate::document::{Item, Node};
use crate::finding::{Finding, Findings, code, did_you_mean};

pub use crate::document::Name;
use crate::source::Span;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

macro_rules! schema {
    ($type:ty, $name:literal, $inline:literal, $($json:tt)+) => {
        impl JsonSchema for $type {
            fn inline_schema() -> bool {
                $inline
            }

            fn schema_name() -> Cow<'static, str> {
                Cow::Borrowed($name)
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($($json)+)
            }
        }
    };
    ($type:ty, $name:literal, $($json:tt)+) => {
        $crate::rulebook::piece::schema!($type, $name, false, $($json)+);
    };
}
pub(crate) use schema;

impl Read for Name {
    fn read(node: &Node, findings: &mut Findings) -> Option<Self> {
        match node.as_text() {
            Some(text) => Some(Self { text: text.to_owned(), span: node.span }),
            None => {
                let quoted = match &node.item {
                    Item::Number(number) => Some(number.to_string()),
                    Item::Date(date) => Some(date.to_string()),
                    Item::Flag(flag) => Some(flag.to_string()),
                    _ => None,
                };
                let message = format!("expected text, found {}", node.kind());
                findings.add(
                    Finding::new(&code::WRONG_TYPE, node.span, message)
                        .help_maybe(quoted.map(|text| format!("write it in quotes: `\"{text}\"`"))),
                );
                None
            }
        }
    }
}
schema!(Name, "Name", true, { "type": "string" });

/// A calendar day with its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// The day.
    pub date: Date,
    /// Where it stands.
    pub span: Span,
}

impl Read for Day {
    fn read(node: &Node, findings: &mut Findings) -> Option<Self> {
        match &node.item {
            Item::Date(date) => Some(Self { date: *date, span: node.span }),
            Item::Text(text) => match crate::date::parse(text) {
                Some(date) => Some(Self { date, span: node.span }),
                None => {
                    findings.add(
                        Finding::new(&code::BAD_DATE, node.span, format!("`{text}` is no date"))
                            .help("write a day as 2024-08-01, without quotes"),
                    );
                    None
                }
            },
            _ => wrong_type(node, "a date", findings),
        }
    }
}
schema!(Day, "Day", true, { "type": "string", "format": "date" });

/// Any value; what it may be depends on where it stands, and is checked there.
#[derive(Clone, Debug, PartialEq)]
pub struct Raw(pub Node);

impl Read for Raw {
    fn read(node: &Node, _: &mut Findings) -> Option<Self> {
        Some(Self(node.clone()))
    }
}
schema!(Raw, "Value", {
    "description": "A number, a date, true or false, a quantity in quotes (\"25_000 USD\", \"7 %\", \"36 months\"), \"unspecified\", \"no limit\", or a list or table of these"
});

/// A condition or computation in the condition language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formula {
    /// The text of it.
    pub text: String,
    /// Where it stands, quotes included.
    pub span: Span,
}

impl Read for Formula {
    fn read(node: &Node, findings: &mut Findings) -> Option<Self> {
        match &node.item {
            Item::Text(text) => Some(Self { text: text.clone(), span: node.span }),
            Item::Flag(flag) => Some(Self { text: flag.to_string(), span: node.span }),
            _ => wrong_type(node, "an expression in single quotes", findings),
        }
    }
}
schema!(Formula, "Formula", true, { "type": ["string", "boolean"], "description": "An expression, in single quotes" });

/// One name, or a list of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names(pub Vec<Name>);

impl Read for Names {
    const OPTIONAL: bool = true;

    fn read(node: &Node, findings: &mut Findings) -> Option<Self> {
        match &node.item {
            Item::Text(_) => Some(Self(vec![Name::read(node, findings)?])),
            Item::List(list) => Some(Self(list.iter().filter_map(|item| Name::read(item, findings)).collect())),
            _ => wrong_type(node, "a name or a list of names", findings),
        }
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}
schema!(Names, "Names", true, {
    "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }]
});

/// Words, each perhaps with what people call it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice(pub Vec<(Name, Option<Phrase>)>);

impl Read for Choice {
    fn read(node: &Node, findings: &mut Findings) -> Option<Self> {
        let Some(table) = node.as_table() else {
            let Names(words) = match &node.item {
                Item::Text(_) | Item::List(_) => Names::read(node, findings)?,
                _ => return wrong_type(node, "a list of words, or a table that gives each word its title", findings),
            };
            return Some(Self(words.into_iter().map(|word| (word, None)).collect()));
        };
        let titled = |(word, title): &(Name, Node)| (word.clone(), Phrase::read(title, findings));
        Some(Self(table.entries.iter().map(titled).collect()))
    }
}

impl JsonSchema for Choice {
    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed("Choice")
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let title = generator.subschema_for::<Phrase>();
        json_schema!({
            "description": "Words: a list of them, or a table that gives each its title",
            "anyOf": [
                { "type": "string", "description": "A single word" },
                { "type": "array", "items": { "type": "string" }, "description": "The words" },
                { "type": "object", "additionalProperties": title, "description": "Each word with what people call it" }
            ]
        })
    }
}

/// The languages in which people can be spoken to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// English, which stands in where a translation is missing.
    #[default]
    En,
    /// Japanese.
    Ja,
    /// French.
    Fr,
}

impl Language {
    /// Every language with its tag.
    pub const ALL: [(&'static str, Language); 3] = [("en", Language::En), ("ja", Language::Ja), ("fr", Language::Fr)];

    /// The language with this tag.
    pub fn tagged(tag: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == tag).map(|(_, language)| *language)
    }
}

/// Text for people, in one language or several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// Where it stands.
    pub span: Span,
    texts: [Option<String>; Language::ALL.len()],
}

impl Phrase {
    /// A phrase in English alone.
    pub fn plain(text: impl Into<String>, span: Span) -> Self {
        Self { span, texts: [Some(text.into()), None, None] }
    }

    /// The text in `language`, else in English, else in any.
    pub fn text(&self, language: Language) -> &str {
        let own = self.texts[language as usize].as_deref();
        own.or(self.texts[0].as_deref()).or(self.texts.iter().flatten().next().map(String::as_str)).unwrap_or("")
    }

    /// The text in exactly `language`.
    pub fn exactly(&self, language: Language) -> Option<&str> {
        self.texts[language as usize].as_deref()
    }
}

impl Read for Phrase {
    fn read(node: &Node, findings: &mut Findings) -> Option<Self> {
        let table = match &node.item {
            Item::Text(text) => return Some(Self::plain(text.clone(), node.span)),
            Item::Table(table) => table,
            _ => return wrong_type(node, "text, or { en = …, ja = …, fr = … }", findings),
        };
        let mut texts = [const { None }; Language::ALL.len()];
        for (name, value) in &table.entries {
            let Some(language) = Language::tagged(&name.text) else {
                let known = Language::ALL.map(|(tag, _)| tag);
                findings.add(
                    Finding::new(&code::UNKNOWN_KEY, name.span, format!("`{}` is no language here", name.text))
                        .help(format!("the languages are {}", listed(&known)))
                        .help_maybe(did_you_mean(&name.text, known)),
                );
                continue;
            };
            texts[language as usize] = Name::read(value, findings).map(|name| name.text);
        }
        if texts.iter().all(Option::is_none) {
            findings.add(Finding::new(&code::MISSING_KEY, node.span, "the text is missing in every language"));
            return None;
        }
        Some(Self { span: node.span, texts })
    }
}
schema!(Phrase, "Phrase", {
    "description": "Text for people, in one language or several",
    "anyOf": [
        { "type": "string" },
        {
            "type": "object",
            "additionalProperties": false,
            "minProperties": 1,
            "properties": {
                "en": { "type": "string", "description": "English, which stands in where a translation is missing" },
                "ja": { "type": "string", "description": "Japanese" },
                "fr": { "type": "string", "description": "French" }
            }
        }
    ]
});

/// Where a rule comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Where it stands.
    pub span: Span,
    /// The document, by its id in `[sources]`; the default document when absent.
    pub document: Option<Name>,
    /// The clauses, such as `RH-43`.
    pub clauses: Vec<String>,
    /// The words of the document.
    pub says: Option<String>,
}

impl Read for Source {
    fn read(node: &Node, findings: &mut Findings) -> Option<Self> {
        let clauses = |text: &str| text.split(',').map(|c| c.trim().to_owned()).filter(|c| !c.is_empty()).collect();
        match &node.item {
            Item::Text(text) => Some(Self { span: node.span, document: None, clauses: clauses(text), says: None }),
            Item::Table(_) => {
                let fields = Fields::of(node, &["in", "clause", "says"], findings)?;
                let document = fields.take::<Option<Name>>("in", findings)?;
                let clause = fields.take::<Option<Name>>("clause", findings)?;
                let says = fields.take::<Option<Name>>("says", findings)?;
                Some(Self {
                    span: node.span,
                    document,
                    clauses: clause.map(|name| clauses(&name.text)).unwrap_or_default(),
                    says: says.map(|name| name.text),
                })
            }
            _ => wrong_type(node, "clauses such as \"RH-43, AMB-13\", or { in = …, clause = …, says = … }", findings),
        }
    }
}
schema!(Source, "Source", {
    "description": "Where a rule comes from: clauses of a document, and its words",
    "anyOf": [
        { "type": "string", "description": "Clauses of the default document, such as \"RH-43, AMB-13\"" },
        {
            "type": "object",
            "additionalProperties": false,
            "properties": {
                "in": { "type": "string", "description": "The document, by its id in [sources]" },
                "clause": { "type": "string", "description": "The clauses, such as \"RH-43, AMB-13\"" },
                "says": { "type": "string", "description": "The words of the document" }
            }
        }
    ]
});

/// Keys that an author chooses, each with a value, in the order written.
#[derive(Clone, Debug, PartialEq)]
pub struct Entries<T>(pub Vec<(Name, T)>);

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Entries<T> {
    /// The value of `key`.
    pub fn find(&self, key: &str) -> Option<&T> {
        self.0.iter().find(|(name, _)| name.text == key).map(|(_, value)| value)
    }
}

impl<T: Read> Read for Entries<T> {
    const OPTIONAL: bool = true;

    fn read(node: &Node, findings: &mut Findings) -> Option<Self> {
        let Some(table) = node.as_table() else {
            return wrong_type(node, "a table", findings);
        };
        let read = |(name, value): &(Name, Node)| T::read(value, findings).map(|value| (name.clone(), value));
        Some(Self(table.entries.iter().filter_map(read).collect()))
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}

impl<T: JsonSchema> JsonSchema for Entries<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Cow::Owned(format!("EntriesOf{}", T::schema_name()))
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<T>();
        json_schema!({ "type": "object", "additionalProperties": value })
    }
}
