//! Facts: what is known of one subject, in typed slots.
//!
//! A document is read straight from its bytes into slots, by the schema of the rulebook. Every key and
//! value is checked; only what some rule reads is kept. Nothing here knows what the values mean.

mod complete;
mod json_schema;
mod marks;
mod money;
mod number;
mod path;
mod problem;
mod rate;
mod read;
mod same;
mod schema;
mod value;
mod versions;

pub use json_schema::json_schema;
pub use problem::{FactsError, Problem};
pub use read::{LONGEST_LIST, read};
pub use schema::{FieldSchema, Reader, RecordSchema, Schema};
pub use value::{Arena, Range, Value, Why};
pub use versions::Share;

use crate::value::DomainId;
use bumpalo::collections::Vec as ArenaVec;

/// What is known of one subject.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The records of each domain, by its place; empty for domains that hold no records.
    pub(crate) records: ArenaVec<'a, Rows<'a>>,
    /// The document as it was sent.
    pub(crate) document: &'a [u8],
    /// `sha256:…` of the document.
    pub(crate) digest: &'a str,
}

/// What is known of a list, or of one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It is there, perhaps empty.
    Known,
    /// It was not told.
    Unknown,
}

/// The records of one domain, in the order of the document.
#[derive(Debug)]
pub struct Rows<'a> {
    /// Whether the list was told; for records inside others, see `spans`.
    pub(crate) presence: Presence,
    /// How many there are.
    pub(crate) len: u32,
    /// How many slots a record has.
    pub(crate) width: u32,
    /// The slots, record by record.
    pub(crate) cells: ArenaVec<'a, Value<'a>>,
    /// For records inside others: the record that each is inside.
    pub(crate) parents: ArenaVec<'a, u32>,
    /// For records inside others: for each outer record, where its own begin, how many, and whether told.
    pub(crate) spans: ArenaVec<'a, (u32, u32, Presence)>,
}

impl<'a> Rows<'a> {
    fn empty(arena: &'a Arena, width: u32) -> Self {
        Self {
            presence: Presence::Unknown,
            len: 0,
            width,
            cells: ArenaVec::new_in(arena),
            parents: ArenaVec::new_in(arena),
            spans: ArenaVec::new_in(arena),
        }
    }

    /// The slots of the record at `row`; none where there is no such record.
    #[inline]
    pub(crate) fn record(&self, row: u32) -> &[Value<'a>] {
        let (row, width) = (row as usize, self.width as usize);
        self.cells.get(row * width..(row + 1) * width).unwrap_or_default()
    }

    /// The value in `slot` of the record at `row`.
    #[inline]
    pub(crate) fn cell(&self, row: u32, slot: u32) -> Value<'a> {
        self.cells[(row * self.width + slot) as usize]
    }
}

impl<'a> Facts<'a> {
    /// The records of a domain.
    #[inline]
    pub(crate) fn rows(&self, domain: DomainId) -> &Rows<'a> {
        &self.records[domain.0 as usize]
    }

    /// The document as it was sent.
    pub fn document(&self) -> &'a [u8] {
        self.document
    }
}
