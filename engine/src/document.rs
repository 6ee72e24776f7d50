//! A rule file as a tree in which every part knows its place.
//!
//! All formats (TOML, CSV) become this tree before anything is understood; overlays merge trees.
//! It knows nothing of what the keys mean.

use crate::date::Date;
use crate::source::Span;
use crate::value::Decimal;

/// A value with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub item: Item,
}

/// What a value of a document can be.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// A string.
    Text(String),
    /// A number, exactly as written.
    Number(Decimal),
    /// `true` or `false`.
    Flag(bool),
    /// A calendar day.
    Date(Date),
    /// A list.
    List(Vec<Node>),
    /// A table.
    Table(Table),
}

/// A key with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The text of it.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// Keys and values in the order in which they were written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The entries; keys are unique.
    pub entries: Vec<(Name, Node)>,
}

impl Table {
    /// The value of `key`.
    pub fn find(&self, key: &str) -> Option<&Node> {
        self.entries.iter().find(|(name, _)| name.text == key).map(|(_, node)| node)
    }
}

impl Node {
    /// The string that it is, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match &self.item {
            Item::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The table that it is, if it is one.
    pub fn as_table(&self) -> Option<&Table> {
        match &self.item {
            Item::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The list that it is, if it is one.
    pub fn as_list(&self) -> Option<&[Node]> {
        match &self.item {
            Item::List(list) => Some(list),
            _ => None,
        }
    }

    /// From the first to the last of its parts, as far as they stand in its own file.
    pub fn extent(&self) -> Span {
        let join = |extent: Span, part: Span| if part.file == extent.file { extent.to(part) } else { extent };
        match &self.item {
            Item::List(list) => list.iter().fold(self.span, |extent, item| join(extent, item.extent())),
            Item::Table(table) => {
                let parts = table.entries.iter().flat_map(|(name, value)| [name.span, value.extent()]);
                parts.fold(self.span, join)
            }
            _ => self.span,
        }
    }

    /// Whether `span` lies between its first and last parts, or inside one of them that stands elsewhere.
    pub fn holds(&self, span: Span) -> bool {
        self.extent().holds(span)
            || match &self.item {
                Item::List(list) => list.iter().any(|item| item.holds(span)),
                Item::Table(table) => {
                    table.entries.iter().any(|(name, value)| name.span.holds(span) || value.holds(span))
                }
                _ => false,
            }
    }

    /// The same with every part that stands in the file `from` placed in `to`, which repeats it.
    pub fn moved(&self, from: crate::source::FileId, to: crate::source::FileId) -> Self {
        let place = |span: Span| if span.file == from { Span { file: to, ..span } } else { span };
        let item = match &self.item {
            Item::List(list) => Item::List(list.iter().map(|item| item.moved(from, to)).collect()),
            Item::Table(table) => {
                let entries = table.entries.iter().map(|(name, value)| {
                    (Name { text: name.text.clone(), span: place(name.span) }, value.moved(from, to))
                });
                Item::Table(Table { entries: entries.collect() })
            }
            item => item.clone(),
        };
        Self { span: place(self.span), item }
    }

    /// What it is, in a word for messages.
    pub fn kind(&self) -> &'static str {
        match self.item {
            Item::Text(_) => "text",
            Item::Number(_) => "a number",
            Item::Flag(_) => "true or false",
            Item::Date(_) => "a date",
            Item::List(_) => "a list",
            Item::Table(_) => "a table",
        }
    }
}
