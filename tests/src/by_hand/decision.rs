//! The answer: its sections in the order in which they are written.
//!
//! Points and money are written as strings, counts as numbers; ids are borrowed from the facts.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;

/// Points earned, tier reached and the reasons for both.
#[derive(Debug, Serialize)]
pub struct Decision<'a> {
    pub(super) receipt: Receipt<'a>,
    pub(super) subject: &'a str,
    pub(super) measures: Measures,
    pub(super) awards: Awards<'a>,
    pub(super) ladders: Ladders,
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
    pub earned: &'static str,
    pub requirements: Vec<Requirement>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<NextLevel>,
}

#[derive(Debug, Serialize)]
pub(super) struct Requirement {
    pub level: &'static str,
    pub id: &'static str,
    pub have: Quantity,
    pub need: Quantity,
    pub state: State,
}

#[derive(Debug, Serialize)]
pub(super) struct NextLevel {
    pub level: &'static str,
    pub missing: Vec<Missing>,
}

#[derive(Debug, Serialize)]
pub(super) struct Missing {
    pub id: &'static str,
    pub have: Quantity,
    pub need: Quantity,
    pub gap: Quantity,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Serialize)]
#[serde(untagged)]
pub(super) enum Quantity {
    People(usize),
    Points(Decimal),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    Met,
    NotMet,
}
