//! A finding for programs: by itself, with its place in words, when the texts are no longer at hand.

use super::{Finding, Severity};
use crate::source::{Sources, Span};
use schemars::JsonSchema;
use serde::Serialize;

/// A finding with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Finding")]
pub struct Told {
    /// Its permanent code, such as `TL201`.
    pub code: &'static str,
    /// The name of the code, such as `unknown-key`.
    pub name: &'static str,
    /// `error` or `warning`.
    pub severity: &'static str,
    /// What is wrong.
    pub message: String,
    /// How to mend it, when that can be said.
    pub help: Option<String>,
    /// Where it stands.
    #[serde(flatten)]
    pub place: Place,
    /// Other places that belong to it.
    pub related: Vec<Related>,
}

/// Another place that belongs to a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "RelatedPlace")]
pub struct Related {
    /// What stands there.
    pub message: String,
    /// Where it stands.
    #[serde(flatten)]
    pub place: Place,
}

/// Where something stands; lines and columns are counted from 1, columns in characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Place {
    /// The path of the file.
    pub file: String,
    /// The line of the first character.
    pub line: usize,
    /// The column of the first character.
    pub column: usize,
    /// The line of the character after the last.
    pub end_line: usize,
    /// The column of the character after the last.
    pub end_column: usize,
}

impl Finding {
    /// The finding by itself.
    pub fn told(&self, sources: &Sources) -> Told {
        Told {
            code: self.code.id,
            name: self.code.name,
            severity: match self.code.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            message: self.message.clone(),
            help: self.help.clone(),
            place: Place::of(self.span, sources),
            related: self
                .related
                .iter()
                .map(|(span, label)| Related { message: label.clone(), place: Place::of(*span, sources) })
                .collect(),
        }
    }
}

impl Place {
    fn of(span: Span, sources: &Sources) -> Self {
        let (start, end) = (sources.position(span), sources.position(Span { start: span.end, ..span }));
        Self {
            file: sources.file(span.file).path.to_string(),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }
}
