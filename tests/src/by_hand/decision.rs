//! The answer: its sections in the order in which they are written.
//!
//! Points and money are written as strings, counts as numbers; ids are borrowed from the facts.

use std::fmt;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::tier::Level;

/// Points earned, the tier reached and the one in force, the reasons, and what is going to change.
#[derive(Debug, Serialize)]
pub struct Decision<'a> {
    pub(super) receipt: Receipt<'a>,
    pub(super) subject: &'a str,
    pub(super) measures: Measures,
    pub(super) awards: Awards<'a>,
    pub(super) ladders: Ladders,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) deadlines: Vec<Deadline<'a>>,
}

#[derive(Debug, Serialize)]
pub(super) struct Receipt<'a> {
    pub program: &'static str,
    pub version: &'static str,
    pub digest: &'static str,
    pub engine: &'static str,
    pub as_of: NaiveDate,
    pub facts_digest: &'a str,
}

#[derive(Debug, Serialize)]
pub(super) struct Measures {
    pub tier_fixed_on: NaiveDate,
    pub sellers: usize,
    pub technical_sellers: usize,
    pub certifications: usize,
    pub points: Decimal,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct Awards<'a> {
    pub total: Decimal,
    pub by_category: ByCategory,
    pub by_module: ByModule,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<AwardLine<'a>>,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct ByCategory {
    pub admin: Decimal,
    pub training: Decimal,
    pub deal_registration: Decimal,
    pub sales: Decimal,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct ByModule {
    pub resell: Decimal,
}

#[derive(Debug, Serialize)]
pub(super) struct AwardLine<'a> {
    pub rule: &'static str,
    pub points: Decimal,
    pub basis: Basis,
    pub facts: Vec<&'a str>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Basis {
    Events { count: usize },
    Blocks { amount: Decimal, blocks: i64 },
}

#[derive(Debug, Serialize)]
pub(super) struct Ladders {
    pub tier: Tier,
}

#[derive(Debug, Serialize)]
pub(super) struct Tier {
    pub in_force: Level,
    pub earned: Level,
    pub requirements: Vec<Requirement>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<NextLevel>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<Move>,
}

#[derive(Debug, Serialize)]
pub(super) struct Requirement {
    pub level: Level,
    pub id: &'static str,
    pub have: Quantity,
    pub need: Quantity,
    pub state: State,
}

#[derive(Debug, Serialize)]
pub(super) struct NextLevel {
    pub level: Level,
    pub missing: Vec<Missing>,
}

#[derive(Debug, Serialize)]
pub(super) struct Missing {
    pub id: &'static str,
    pub have: Quantity,
    pub need: Quantity,
    pub gap: Quantity,
}

#[derive(Debug, Serialize)]
pub(super) struct Move {
    pub on: NaiveDate,
    pub from: Level,
    pub to: Level,
    pub because: Because,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub requirements: Vec<&'static str>,
}

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Because {
    Carried,
    Earned,
}

/// A day on which the answer will change.
#[derive(Debug)]
pub(super) struct Deadline<'a> {
    pub on: NaiveDate,
    pub rule: &'static str,
    pub subject: Option<&'a str>,
    pub effect: Effect,
    pub changes: Vec<Change>,
}

impl Serialize for Deadline<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("on", &self.on)?;
        map.serialize_entry("rule", self.rule)?;
        if let Some(subject) = self.subject {
            map.serialize_entry("subject", subject)?;
        }
        map.serialize_entry("effect", &Sentence(self))?;
        if !self.changes.is_empty() {
            map.serialize_entry("changes", &self.changes)?;
        }
        map.end()
    }
}

/// What happens on a deadline, in words.
struct Sentence<'d, 'a>(&'d Deadline<'a>);

impl Serialize for Sentence<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for Sentence<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0.effect {
            Effect::StopsCounting => "stops counting",
            Effect::CycleEnds => "the cycle ends",
            Effect::Changes => "changes",
        })?;
        self.0.changes.iter().try_for_each(|Change { rule, from, to }| write!(f, "; {rule} goes from {from} to {to}"))
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Effect {
    StopsCounting,
    CycleEnds,
    Changes,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Change {
    pub rule: &'static str,
    pub from: Quantity,
    pub to: Quantity,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Serialize)]
#[serde(untagged)]
pub(super) enum Quantity {
    People(usize),
    Points(Decimal),
    Level(Level),
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Quantity::People(people) => people.fmt(f),
            Quantity::Points(points) => points.fmt(f),
            Quantity::Level(level) => f.write_str(level.name()),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    Met,
    NotMet,
}
