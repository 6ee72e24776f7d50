//! Samples: made-up subjects, drawn by a file beside the rulebook, the same for the same seed.
//!
//! A sample file says which kinds of subject there are and how every fact is drawn; it is checked against
//! the facts of the rulebook like any rule. Every subject has a random stream of its own, so that the
//! tenth is the same whether ten or a million are drawn. All arithmetic is exact, so that every machine
//! draws the same.

mod bound;
mod draw;
mod generate;
mod number;
mod random;
mod read;
mod value;
mod words;
pub mod written;

pub use generate::OutOfCalendar;
pub use read::{names, path, read};
pub use written::schema;

use crate::date::Date;
use crate::value::DomainId;
use draw::{Drawn, Weights};

/// A sample file that is in order, for one day.
#[derive(Debug)]
pub struct Sample {
    /// The day on which the facts are told.
    as_of: Date,
    /// The first day of the cycle in which that day lies.
    cycle: Option<Date>,
    /// How often each kind of subject is drawn.
    kinds: Weights,
    facts: Fields,
    /// How many domains the rulebook has.
    domains: usize,
}

/// What a record holds, in the order in which it is written.
#[derive(Debug)]
struct Fields {
    /// What kind of record it is; none for the document.
    domain: Option<DomainId>,
    members: Vec<Member>,
}

#[derive(Debug)]
struct Member {
    /// The key as JSON, with its colon.
    key: Vec<u8>,
    /// Whether it is the id of its record.
    id: bool,
    what: What,
}

#[derive(Debug)]
enum What {
    Value(Drawn),
    Record(Fields),
    List(Vec<Group>),
}

/// Records of a list that are drawn alike.
#[derive(Debug)]
struct Group {
    count: Drawn,
    fields: Fields,
}

#[cfg(test)]
mod tests;
