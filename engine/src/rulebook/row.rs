//! Rows: wherever the guide prints a table, a rule has rows, and a row means the same everywhere.

use super::piece::{Formula, Name, Phrase, Source, schema};
use super::shape::{Read, wrong_type};
use crate::document::{Item, Node};
use crate::finding::Findings;
use crate::source::Span;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

/// One row: the reserved keys, and a cell for each column that it fills.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Where it stands.
    pub span: Span,
    /// Its name; when not written, its selecting cells.
    pub id: Option<Name>,
    /// What people call it.
    pub title: Option<Phrase>,
    /// The points that it pays, in awards.
    pub points: Option<Node>,
    /// The name of an alternative way to the same level.
    pub via: Option<Name>,
    /// Applies only if.
    pub when: Option<Formula>,
    /// Waived if.
    pub unless: Option<Formula>,
    /// Where it comes from.
    pub source: Option<Source>,
    /// For the next reader.
    pub note: Option<Name>,
    /// The cells, by column.
    pub cells: Vec<(Name, Node)>,
}

impl Read for Row {
    fn read(node: &Node, findings: &mut Findings) -> Option<Self> {
        let Some(table) = node.as_table() else {
            return wrong_type(node, "a row { column = value, … }", findings);
        };
        let mut row = Self {
            span: node.span,
            id: None,
            title: None,
            points: None,
            via: None,
            when: None,
            unless: None,
            source: None,
            note: None,
            cells: Vec::new(),
        };
        let mut whole = true;
        for (name, value) in &table.entries {
            match name.text.as_str() {
                "id" => row.id = Name::read(value, findings),
                "title" => row.title = Phrase::read(value, findings),
                "points" => row.points = Some(value.clone()),
                "via" => row.via = Name::read(value, findings),
                "when" => row.when = Formula::read(value, findings),
                "unless" => row.unless = Formula::read(value, findings),
                "source" => row.source = Source::read(value, findings),
                "note" => {
                    row.note = Name::read(value, findings);
                    whole &= row.note.is_some();
                }
                _ => row.cells.push((name.clone(), value.clone())),
            }
        }
        whole.then_some(row)
    }
}

schema!(Row, "Row", {
    "type": "object",
    "description": "A row: reserved keys, and a cell for each column; columns are named for fields, measures or ladders",
    "properties": {
        "id": { "type": "string", "description": "The row's name; when not written, its selecting cells" },
        "title": { "$ref": "#/$defs/Phrase", "description": "What people call it" },
        "points": { "type": ["number", "string"], "description": "The points that the row pays (awards) or needs (ladders): a number, an expression, a parameter, \"unspecified\"" },
        "via": { "type": "string", "description": "The name of an alternative way to the same level" },
        "when": { "type": ["string", "boolean"], "description": "Applies only if" },
        "unless": { "type": ["string", "boolean"], "description": "Waived if" },
        "source": { "$ref": "#/$defs/Source", "description": "Where it comes from" },
        "note": { "type": "string", "description": "For the next reader" }
    }
});

/// Keys of a row that are no cells.
const RESERVED: [&str; 8] = ["id", "title", "points", "via", "when", "unless", "source", "note"];

/// By what a row or requirement is found, before it is known what its cells mean: its id, else its
/// selecting cells; and the alternative that it is.
pub fn identity(node: &Node) -> Option<(String, Option<String>)> {
    let table = node.as_table()?;
    let text = |key: &str| table.find(key).and_then(Node::as_text).map(str::to_owned);
    let cells =
        || table.entries.iter().filter(|(name, _)| !RESERVED.contains(&name.text.as_str())).map(|(_, cell)| cell);
    // Rows of a rate table are told apart by their days.
    let dates =
        cells().filter_map(|cell| if let Item::Date(date) = &cell.item { Some(date.to_string()) } else { None });
    let id = text("id").or_else(|| Some(dates.fold(selecting(cells())?, |name, date| format!("{name}_{date}"))))?;
    Some((id, text("via")))
}

/// The name that cells give to a row that has no id.
pub fn selecting<'n>(cells: impl Iterator<Item = &'n Node>) -> Option<String> {
    let mut parts = Vec::new();
    for cell in cells {
        match &cell.item {
            Item::Text(text) => parts.push(text.clone()),
            Item::List(list) => parts.extend(list.iter().filter_map(Node::as_text).map(str::to_owned)),
            _ => {}
        }
    }
    (!parts.is_empty()).then(|| parts.join("_"))
}

/// The rows of a rule, in the order written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows(pub Vec<Row>);

impl Read for Rows {
    const OPTIONAL: bool = true;

    fn read(node: &Node, findings: &mut Findings) -> Option<Self> {
        match &node.item {
            Item::List(_) => Some(Self(Vec::<Row>::read(node, findings)?)),
            _ => wrong_type(node, "rows [ { … }, … ], or { csv = \"file.csv\" }", findings),
        }
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}

impl JsonSchema for Rows {
    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed("Rows")
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<Phrase>();
        generator.subschema_for::<Source>();
        let row = generator.subschema_for::<Row>();
        json_schema!({
            "description": "Rows, or a CSV file that holds them",
            "anyOf": [
                { "type": "array", "items": row },
                {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["csv"],
                    "properties": { "csv": { "type": "string", "description": "A CSV file beside the rulebook" } }
                }
            ]
        })
    }
}
