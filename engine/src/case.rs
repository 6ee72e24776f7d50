//! Cases: tests as data, kept beside the rules that they protect.
//!
//! A case goes the ordinary way: its facts become JSON bytes, a version is picked, the plan decides, and
//! the decision is compared with what the case expects of it. There is no other path for tests.

mod basis;
mod change;
mod expect;
mod gather;
mod name;
mod reading;
mod run;
pub mod written;

pub use expect::{Difference, Expect};
pub use gather::{read, read_of};
pub(crate) use name::{join, name};
pub use run::Outcome;
pub use written::schema;

use crate::compile::{Program, WhichVersion};
use crate::date::Date;
use crate::model::node::Constant;
use crate::rulebook::piece::Source;
use crate::source::{FileId, Span};

/// The cases of one file, in the order in which they are written.
#[derive(Clone, Debug)]
pub struct CaseFile {
    /// The file.
    pub file: FileId,
    /// Its cases; every row of a table is one.
    pub cases: Vec<Case>,
}

/// One test: facts, a question, and what is expected of the decision.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name, unique in its file; a row of a table is `table.1`, `table.2`, ….
    pub id: String,
    /// Where it stands.
    pub span: Span,
    /// The clauses that it is about.
    pub source: Option<Source>,
    /// For the next reader.
    pub note: Option<String>,
    /// The day for which it asks.
    pub as_of: Date,
    /// The version that it asks, whatever the day; without it, the one in force.
    pub version: Option<String>,
    /// The facts, as a service would send them.
    pub facts: Vec<u8>,
    /// Parameters in another of their readings.
    pub readings: Vec<(String, usize)>,
    /// Measures whose values are given.
    pub given: Vec<(String, Constant)>,
    /// What is expected.
    pub expect: Expect,
    /// The version that is expected to answer.
    pub expect_version: Option<String>,
}

/// The version with errors that is asked for by this name, or for this day; where a version has errors in
/// its days, nobody knows whether it would answer.
pub fn broken<'p>(program: &'p Program, version: Option<&str>, as_of: Date) -> Option<&'p str> {
    let unknown = || program.versions.iter().find(|known| known.plan.is_none() && known.status.is_empty());
    let asked = match program.plan(version, as_of) {
        Err(WhichVersion::Broken { .. }) => program.version(version, as_of).ok(),
        Ok(_) | Err(WhichVersion::NoneInForce { .. }) if version.is_none() => unknown(),
        Ok(_) | Err(_) => None,
    };
    asked.map(|version| version.name.as_str())
}

#[cfg(test)]
mod tests;
