//! Credits: a metric attributed to one or more partners.

use super::Requirement;
use super::node::Node;
use crate::date::Date;
use crate::rulebook::piece::{Phrase, Source};
use crate::source::Span;
use crate::value::DomainId;

/// How much of a value each partner is credited with that shares it.
pub const SHARE: [&str; 2] = ["full", "split"];

/// The keys of a credit in an answer; what a rule says besides has other names.
pub const CREDIT_KEYS: [&str; 7] = ["rule", "subject", "partner", "value", "state", "reasons", "facts"];

/// What is credited to partners.
#[derive(Clone, Debug, PartialEq)]
pub struct Credit {
    /// Its name.
    pub id: String,
    /// Where it is declared.
    pub span: Span,
    /// What people call it.
    pub title: Option<Phrase>,
    /// The domains for whose rows something is credited.
    pub each: Vec<DomainId>,
    /// The records that name who is credited.
    pub domain: DomainId,
    /// The record of `each` inside which they live; all of them when there is none.
    pub inside: Option<DomainId>,
    /// Who is credited: a text, or a reference to a record.
    pub to: Node,
    /// What each line is about.
    pub subject: Option<Node>,
    /// The own dates of all the records; one that has not happened yet credits nobody.
    pub happened: Vec<Node>,
    /// The date that the days of the rule are held against, where there is one; else the as-of date.
    pub dated: Option<Node>,
    /// Only records for which this holds.
    pub filter: Option<Node>,
    /// What it takes to be credited.
    pub requires: Vec<Requirement>,
    /// Records that share these are credited once; a key that a parameter chooses says whether it is chosen.
    pub once_per: Vec<(Option<Node>, Node)>,
    /// How it is shared: a word of [`SHARE`].
    pub share: Node,
    /// What is credited.
    pub value: Option<Node>,
    /// To how many places equal shares are rounded; what remains goes to the first of them.
    pub places: u32,
    /// The first day on which the rule holds.
    pub from: Option<Date>,
    /// The day after the last.
    pub until: Option<Date>,
    /// What is credited as what; at least one.
    pub rows: Vec<CreditRow>,
    /// Where it comes from.
    pub source: Option<Source>,
    /// For the next reader.
    pub note: Option<String>,
}

/// What is credited as what.
#[derive(Clone, Debug, PartialEq)]
pub struct CreditRow {
    /// `rule.row`, or the rule alone where it has no rows.
    pub rule: String,
    /// Where it stands.
    pub span: Span,
    /// What people call it.
    pub title: Option<Phrase>,
    /// What it is for; where one of these does not hold, nothing is credited.
    pub applies: Vec<Node>,
    /// The columns that select, which an answer repeats.
    pub columns: Vec<(String, Node)>,
    /// What describes it (`competency`), by column.
    pub about: Vec<(String, String)>,
    /// Where it comes from.
    pub source: Option<Source>,
    /// For the next reader.
    pub note: Option<String>,
}
