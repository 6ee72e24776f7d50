//! The types that values have, in rulebooks, facts and answers.
//!
//! Every number is an exact decimal; nothing here knows how values are written or computed.

pub mod currency;
pub mod quantity;

use std::fmt;

pub use rust_decimal::Decimal;

/// A length of calendar time: whole months, then whole days.
///
/// Months and days are kept apart because a month has no fixed number of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Duration {
    /// Whole calendar months (a year is twelve).
    pub months: i32,
    /// Whole days, added after the months.
    pub days: i32,
}

impl Duration {
    /// A duration of whole days.
    pub const fn days(days: i32) -> Self {
        Self { months: 0, days }
    }

    /// A duration of whole calendar months.
    pub const fn months(months: i32) -> Self {
        Self { months, days: 0 }
    }

    /// The duration that points the other way; `None` on overflow.
    pub fn reversed(self) -> Option<Self> {
        Some(Self { months: self.months.checked_neg()?, days: self.days.checked_neg()? })
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = |n: i32, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
        let months = if self.months != 0 && self.months % 12 == 0 {
            unit(self.months / 12, "year", "years")
        } else {
            unit(self.months, "month", "months")
        };
        match (self.months, self.days) {
            (0, days) => f.write_str(&unit(days, "day", "days")),
            (_, 0) => f.write_str(&months),
            (_, days) => write!(f, "{months} and {}", unit(days, "day", "days")),
        }
    }
}

/// The place of a list of words (a choice, the levels of a ladder, the ids of a table).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WordsId(pub u32);

/// The place of something that can be walked row by row (records, a table, the words of a choice).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DomainId(pub u32);

/// What kind of thing a value is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// True or false.
    Flag,
    /// A whole number of things (people, blocks, months).
    Count,
    /// A number without a unit, such as points.
    Number,
    /// An amount in the rulebook's currency.
    Money,
    /// Hundredths: `7 %` is the number 7.
    Percent,
    /// A calendar day.
    Date,
    /// A length of calendar time.
    Duration,
    /// Free text, ids included.
    Text,
    /// One of a list of words; ordered when the words are the levels of a ladder.
    Word(WordsId),
    /// A row of a domain: a reference to a record, or a row of a table.
    Row(DomainId),
    /// Several values of one kind, without order and without repetition.
    Set(Box<Kind>),
}

impl Kind {
    /// Whether values of this kind are decimals.
    pub fn is_numeric(&self) -> bool {
        matches!(self, Kind::Count | Kind::Number | Kind::Money | Kind::Percent)
    }
}

/// The kind of a value, and whether it may be known not to exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Type {
    /// What kind of thing it is.
    pub kind: Kind,
    /// Whether the value may be *none* (known not to exist).
    pub optional: bool,
}

impl Type {
    /// A type whose values always exist (though they may be unknown).
    pub const fn always(kind: Kind) -> Self {
        Self { kind, optional: false }
    }

    /// A type whose values may be none.
    pub const fn or_none(kind: Kind) -> Self {
        Self { kind, optional: true }
    }
}

/// How a number is brought to fewer places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Towards negative infinity.
    Floor,
    /// Towards positive infinity.
    Ceil,
    /// To the nearest; halves away from zero.
    HalfUp,
    /// To the nearest; halves to the even neighbor.
    HalfEven,
    /// Not at all.
    Exact,
}

impl Rounding {
    /// The words that rule files use, in the order in which messages list them.
    pub const WORDS: [(&'static str, Rounding); 5] = [
        ("floor", Rounding::Floor),
        ("ceil", Rounding::Ceil),
        ("half_up", Rounding::HalfUp),
        ("half_even", Rounding::HalfEven),
        ("prorate", Rounding::Exact),
    ];

    /// The rounding that a rule file means by `word`.
    pub fn named(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(name, _)| *name == word).map(|(_, rounding)| *rounding)
    }

    /// `number` with at most `places` digits after the point.
    pub fn apply(self, number: Decimal, places: u32) -> Decimal {
        use rust_decimal::RoundingStrategy::{
            MidpointAwayFromZero, MidpointNearestEven, ToNegativeInfinity, ToPositiveInfinity,
        };
        let strategy = match self {
            Rounding::Exact => return number,
            Rounding::Floor => ToNegativeInfinity,
            Rounding::Ceil => ToPositiveInfinity,
            Rounding::HalfUp => MidpointAwayFromZero,
            Rounding::HalfEven => MidpointNearestEven,
        };
        number.round_dp_with_strategy(places, strategy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_reads_as_a_person_would_say_it() {
        let said = |months, days| Duration { months, days }.to_string();
        assert_eq!(said(0, 1), "1 day");
        assert_eq!(said(0, 80), "80 days");
        assert_eq!(said(1, 0), "1 month");
        assert_eq!(said(36, 0), "3 years");
        assert_eq!(said(18, 0), "18 months");
        assert_eq!(said(12, 10), "1 year and 10 days");
    }

    #[test]
    fn rounding_is_exact_at_the_half() {
        let half = Decimal::new(25, 1);
        let rounded = |word| Rounding::named(word).map(|r| r.apply(half, 0).to_string());
        assert_eq!(rounded("floor").as_deref(), Some("2"));
        assert_eq!(rounded("ceil").as_deref(), Some("3"));
        assert_eq!(rounded("half_up").as_deref(), Some("3"));
        assert_eq!(rounded("half_even").as_deref(), Some("2"));
        assert_eq!(rounded("prorate").as_deref(), Some("2.5"));
        assert_eq!(rounded("nearest"), None);
    }
}
