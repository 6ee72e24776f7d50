//! Parameters: named values, what keys them, and everything that they may be read to be.

use super::ParameterId;
use super::node::Constant;
use crate::date::Date;
use crate::rulebook::piece::{Phrase, Source};
use crate::source::Span;
use crate::value::{Decimal, DomainId, Kind, WordsId};
use chrono::Datelike;

/// A named value.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Where it is declared.
    pub span: Span,
    /// What people call it.
    pub title: Option<Phrase>,
    /// The kind of its values.
    pub kind: Kind,
    /// What a bare number counts.
    pub unit: Option<String>,
    /// What keys it.
    pub keys: Vec<Key>,
    /// The cells, the last key running fastest; one without keys. `None` where a key has no cell.
    pub cells: Vec<Option<Constant>>,
    /// Later cells, each from its day on, in order of days.
    pub changes: Vec<(Date, Vec<Option<Constant>>)>,
    /// The readings that an ambiguous sentence allows, each with all of its cells.
    pub choices: Vec<Vec<Option<Constant>>>,
    /// The parameter of which this is a view in another type.
    pub view_of: Option<ParameterId>,
    /// Where it comes from.
    pub source: Option<Source>,
    /// For the next reader.
    pub note: Option<String>,
}

impl Parameter {
    /// Every value that it has, by key, by day or by reading.
    pub fn values(&self) -> impl Iterator<Item = &Constant> {
        let later = self.changes.iter().flat_map(|(_, cells)| cells);
        self.cells.iter().chain(later).chain(self.choices.iter().flatten()).flatten()
    }

    /// Whether one of its values is none, as `"no limit"` is.
    pub fn may_be_none(&self) -> bool {
        self.values().any(|value| *value == Constant::None)
    }
}

/// What keys a parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    /// The words of a list.
    Words(WordsId),
    /// The rows of a table.
    Rows(DomainId),
    /// Bands of a number, or of days, which count as [`day_number`]; the last bound may be open.
    Bands(Vec<Bound>, Kind),
}

/// A day as bands count it.
pub fn day_number(day: Date) -> Decimal {
    Decimal::from(day.num_days_from_ce())
}

/// The day that bands count so.
pub fn numbered_day(number: Decimal) -> Option<Date> {
    Date::from_num_days_from_ce_opt(i32::try_from(number).ok()?)
}

/// The upper bound of a band.
#[derive(Clone, Debug, PartialEq)]
pub enum Bound {
    /// The band ends before this.
    Below(Decimal),
    /// The band ends with this.
    UpTo(Decimal),
    /// The band has no end.
    Open,
}
