//! What is asked of an evaluation, and why it may have no answer at all.

use super::rank::Place;
use crate::date::Date;
use crate::model::node::Constant;

/// The most days over which a rule may look at every day.
pub const LONGEST_SPAN: i64 = 3_700;

/// The most pairs, triples, … of rows for which a rule may be repeated.
pub const MOST_COMBINATIONS: u32 = 1_000_000;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question {
    /// The day for which it is asked.
    pub as_of: Date,
    /// Whether every step is to be told.
    pub trace: bool,
    /// Parameters in another of their readings: the name, and which of its choices.
    pub readings: Vec<(String, usize)>,
    /// Measures whose values are given, not computed; `points` too.
    pub given: Vec<(String, Constant)>,
    /// The places of the subject among others.
    pub places: Vec<Place>,
    /// Whether the version was asked for by name: then it judges a partner that it does not bind, too.
    pub named: bool,
    /// Whether every subject is judged by the version that is asked, also where its date picks another.
    pub alone: bool,
}

impl Question {
    /// The plain question for a day.
    pub fn on(as_of: Date) -> Self {
        Self {
            as_of,
            trace: false,
            readings: Vec::new(),
            given: Vec::new(),
            places: Vec::new(),
            named: false,
            alone: false,
        }
    }
}

/// Why an evaluation has no answer at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// A number cannot be held exactly.
    #[error("a number or date is too large to be computed with")]
    Overflow,
    /// A rule looks at more days than may be.
    #[error("a rule looks at more than {LONGEST_SPAN} days")]
    SpanTooLong,
    /// A script gave no answer.
    #[error("the script `{script}`, called by `{rule}`, failed: {message} ({path}{})", .line.map(|line| format!(", line {line}")).unwrap_or_default())]
    Script {
        /// The script's name.
        script: String,
        /// The rule that called it.
        rule: String,
        /// What went wrong.
        message: String,
        /// Its file.
        path: String,
        /// The line, where it is known.
        line: Option<usize>,
    },
    /// It is not known which version binds the partner.
    #[error("it is not known from which day version `{version}` binds this partner: {missing}")]
    Unbound {
        /// The version.
        version: String,
        /// What would have to be known.
        missing: String,
    },
    /// No version binds the partner yet.
    #[error("version `{version}` binds this partner from {from} on, and no version before it does")]
    BoundLater {
        /// The version.
        version: String,
        /// The first day.
        from: Date,
    },
    /// A rule is repeated for too many pairs, triples, … of rows.
    #[error("a rule is repeated for more than {MOST_COMBINATIONS} combinations of records and rows")]
    TooManyCombinations,
    /// Too many rules were asked for as of too many days.
    #[error("the rules look at more than {LONGEST_SPAN} other days")]
    TooManyDays,
}
