//! What another day knows of a tally, so that records are judged once and not once a day.

use super::judge::Made;
use super::{RowResult, TallyResult};
use crate::date::Date;
use crate::evaluate::Evaluator;
use crate::evaluate::time::Span;
use crate::facts::{Arena, Why};
use bumpalo::collections::Vec as ArenaVec;

/// What another day knows of a tally.
#[derive(Clone, Copy)]
pub enum Known<'a> {
    /// Nothing that helps.
    Nothing,
    /// On an earlier day: what it made of a record stays until that turns; records that it leaves out never count.
    Before(&'a TallyResult<'a>),
    /// On a later day of the same window: records that it leaves out did not count before either.
    After(&'a TallyResult<'a>),
}

impl<'a> Known<'a> {
    fn result(self) -> Option<&'a TallyResult<'a>> {
        match self {
            Known::Nothing => None,
            Known::Before(result) | Known::After(result) => Some(result),
        }
    }

    /// The most records that may count.
    pub fn most(self) -> Option<usize> {
        self.result().map(|result| result.judged.len())
    }
}

impl<'a> Evaluator<'a> {
    /// What another day knows of a tally that is made once.
    pub fn other_day(&self, tally: u32, earlier: Option<&'a TallyResult<'a>>) -> Known<'a> {
        match earlier.filter(|earlier| earlier.running.settings.not_by(self.as_of) && !earlier.ahead) {
            Some(earlier) => Known::Before(earlier),
            None => self.later_day(tally).map_or(Known::Nothing, Known::After),
        }
    }

    /// What a later day of the same cycle knows of a tally, where every record that counts on this day counts or
    /// lapsed by then.
    pub fn later_day(&self, tally: u32) -> Option<&'a TallyResult<'a>> {
        // What lapsed in the cycle is noted with each record. So a record that a later day leaves out counted on no
        // day of the cycle, if nothing but the record decides it.
        if !self.plan.growth.records[tally as usize] || self.plan.tallies[tally as usize].date.is_none() {
            return None;
        }
        let (day, later) = self.shared.tallies[tally as usize].after(self.as_of)?;
        (!later.running.settings.shrank() && self.cycle_holds(day)).then_some(later)
    }

    /// Whether a later day is in the same cycle, or there are no cycles.
    fn cycle_holds(&self, day: Date) -> bool {
        self.model().cycle.is_none() || self.turning(|| self.cycle()).0.is_ok_and(|(_, end)| day < end)
    }
}

/// The rows of which no record moved since an earlier day: they come to the same.
pub struct Unmoved<'a> {
    rows: &'a [RowResult<'a>],
    moved: ArenaVec<'a, u32>,
}

impl<'a> Unmoved<'a> {
    /// None.
    pub fn none(arena: &'a Arena) -> Self {
        Self { rows: &[], moved: ArenaVec::new_in(arena) }
    }

    /// All of an earlier day, until records move.
    pub fn new(known: Known<'a>, arena: &'a Arena) -> Self {
        let rows = if let Known::Before(earlier) = known { earlier.rows } else { &[] };
        Self { rows, ..Self::none(arena) }
    }

    /// Something else is made of a record, or was before.
    pub fn moved(&mut self, made: &Made<'_>) {
        self.moved.extend(made.fits.iter().map(|fit| fit.row));
    }

    /// What a row comes to, where no record of it moved.
    pub fn row(&self, row: usize) -> Option<RowResult<'a>> {
        self.rows.get(row).filter(|_| !self.moved.contains(&(row as u32))).copied()
    }
}

impl TallyResult<'_> {
    /// Whether all records are of days before a window, so that none counts in it, on any later day either.
    pub fn ended_before(&self, window: &Result<Span, &Why<'_>>) -> bool {
        let from = window.as_ref().ok().and_then(|span| span.from);
        matches!((self.latest, from), (Some(latest), Some(from)) if latest < from)
    }
}
