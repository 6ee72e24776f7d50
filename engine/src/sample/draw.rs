//! How a value is drawn, ready to be drawn.

use super::random::{Chance, Random};
use crate::date::Date;
use crate::value::{Decimal, DomainId, Duration};

/// A value, or none.
#[derive(Debug)]
pub struct Drawn {
    /// How it is drawn.
    pub how: How,
    /// How often it is left out.
    pub absent: Chance,
}

/// How a value is drawn.
#[derive(Debug)]
pub enum How {
    /// This JSON.
    Fixed(Vec<u8>),
    /// Text with numbers in it.
    Pattern(Vec<Part>),
    /// One of these, as JSON.
    Words(Weights, Vec<Vec<u8>>),
    /// A number.
    Number(Steps),
    /// This day.
    Day(Date),
    /// A day.
    Date(Days),
    /// True so often.
    Flag(Chance),
    /// Each of these, as JSON, so often.
    Set(Vec<(Chance, Vec<u8>)>),
    /// The id of a record.
    Reference {
        /// The kind of record.
        of: DomainId,
        /// Whether ids are taken in turn.
        in_turn: bool,
    },
    /// As the kind of subject says.
    ByKind(Vec<Drawn>),
}

impl How {
    /// The same, never left out.
    pub fn always(self) -> Drawn {
        Drawn { how: self, absent: Chance::NEVER }
    }
}

/// A part of a text.
#[derive(Debug)]
pub enum Part {
    /// As it is, escaped for JSON.
    Text(Vec<u8>),
    /// The number of the subject.
    Partner,
    /// The number of the record in its list.
    Number,
}

/// Numbers at even steps.
#[derive(Debug)]
pub struct Steps {
    /// The first.
    pub low: Decimal,
    /// What lies between one and the next.
    pub step: Decimal,
    /// How many there are.
    pub count: u64,
    /// 1 is even; the higher, the more are small.
    pub skew: u32,
}

/// Days.
#[derive(Debug)]
pub struct Days {
    /// The first.
    pub low: Bound,
    /// The last.
    pub high: Bound,
    /// 1 is even; the higher, the more are early.
    pub skew: u32,
    /// Whether it is left out when it lies after the as-of date.
    pub past: bool,
}

/// A day by its distance from another.
#[derive(Clone, Copy, Debug)]
pub struct Bound {
    /// The other.
    pub anchor: Anchor,
    /// The distance.
    pub by: Duration,
}

/// A day from which others are counted.
#[derive(Clone, Copy, Debug)]
pub enum Anchor {
    /// The as-of date.
    AsOf,
    /// The first day of the cycle.
    Cycle,
    /// The date at this place of the same record.
    Member(usize),
}

/// How likely each of several things is.
#[derive(Debug)]
pub struct Weights {
    /// For each, its weight and those before it.
    up_to: Vec<u64>,
}

impl Weights {
    /// By their weights; `None` when none of them can be drawn.
    pub fn of(weights: impl IntoIterator<Item = u32>) -> Option<Self> {
        let mut sum = 0;
        let up_to: Vec<u64> = weights
            .into_iter()
            .map(|weight| {
                sum += u64::from(weight);
                sum
            })
            .collect();
        (sum > 0).then_some(Self { up_to })
    }

    /// The place of one of them.
    pub fn draw(&self, random: &mut Random) -> usize {
        let point = random.below(self.up_to.last().copied().unwrap_or(0));
        self.up_to.partition_point(|up_to| *up_to <= point)
    }
}
