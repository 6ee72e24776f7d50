//! A rulebook, or one rule of it, in plain words: for managers who check what they wrote, and for
//! reviewers who hold it against the guide.
//!
//! Words are made from the model alone, by templates for each kind of node in every language. Nothing
//! here decides anything, reads a file or prints.

mod award;
mod built_in;
mod catalogue;
mod clause;
mod constant;
mod credit;
mod duty;
mod frame;
mod index;
mod ladder;
mod message;
mod name;
mod noun;
mod parameter;
mod record;
mod ruling;
mod tally;
mod teller;

use crate::model::Model;
use crate::rulebook::piece::Language;
use schemars::JsonSchema;
use serde::Serialize;

pub use frame::BENEFITS;
pub use index::ids;

/// A rule in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Rule")]
pub struct Described {
    /// The id under which it can be asked for.
    pub id: String,
    /// What kind of thing it is.
    pub kind: Kind,
    /// What people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What it says, sentence by sentence.
    pub lines: Vec<Line>,
    /// Where it comes from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Cited>,
    /// For the next reader, as the author wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The ids and fields that it reads.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reads: Vec<String>,
    /// The ids of the rules that read it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub read_by: Vec<String>,
}

/// What kind of thing is described.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "RuleKind")]
pub enum Kind {
    /// The frame of a rulebook: when it is in force, its cycle, its modules, what the guide does not say.
    Rulebook,
    /// Ordered levels.
    Ladder,
    /// One way to a level.
    Level,
    /// Points earned.
    Award,
    /// One row of an award.
    AwardRow,
    /// A metric attributed to partners.
    Credit,
    /// The answer on a deal, a renewal, a claim.
    Ruling,
    /// Something due again and again.
    Obligation,
    /// A standing that a partner falls into.
    Standing,
    /// Other values for some partners.
    Exception,
    /// A value computed from facts.
    Measure,
    /// A named value.
    Parameter,
    /// A list that belongs to the rulebook.
    Table,
    /// Words that fields and columns share.
    Choice,
    /// What a partner may have.
    Benefit,
    /// A kind of record among the facts.
    Record,
    /// A declared script.
    Script,
    /// A name that every rulebook has.
    BuiltIn,
}

/// One sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "RuleLine")]
pub struct Line {
    /// How far it stands under the sentence before it.
    pub depth: u8,
    /// The sentence.
    pub text: String,
}

/// A document with the clauses that a rule comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "RuleSource")]
pub struct Cited {
    /// What the document is called.
    pub document: String,
    /// The clauses.
    pub clauses: Vec<String>,
    /// The words of the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
    /// Where the document is published or kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

/// The rule called `id`: a measure or one of its rows, an award or `award.row`, a credit, a ladder or
/// `ladder.level`, a ruling, an obligation, a standing, an exception, a parameter, a table, a choice, a record, a benefit, what is said of all benefits, a script;
/// or a name that every rulebook has: `points`, `standing`, `cycle`.
pub fn rule(model: &Model, id: &str, language: Language) -> Option<Described> {
    let index = index::Index::of(model);
    let item = index.find(id)?;
    Some(index.describe(model, language, item))
}

/// The whole rulebook: its frame first, then every rule.
pub fn rulebook(model: &Model, language: Language) -> Vec<Described> {
    let index = index::Index::of(model);
    let mut all: Vec<Described> = index.whole().map(|item| index.describe(model, language, item)).collect();
    all.sort_by_key(|described| described.kind);
    all
}

#[cfg(test)]
mod tests;
