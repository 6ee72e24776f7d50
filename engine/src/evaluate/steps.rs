//! The steps of an evaluation, counted against a limit: each record or row that is looked at is one. The count
//! goes by facts and rules alone, so what is too much is too much every time, on every machine.

use super::{Evaluator, Failure};
use std::cell::Cell;

/// The steps that an evaluation may still take.
#[derive(Debug)]
pub struct Steps {
    left: Cell<u64>,
    most: u64,
}

impl Steps {
    /// So many.
    pub fn most(most: u64) -> Self {
        Self { left: Cell::new(most), most }
    }
}

/// The steps of a call of a script, which takes longer than a look at a record.
pub const SCRIPT: usize = 50;

impl Evaluator<'_> {
    /// Takes steps; false when there are not so many left. Then there is no answer, and none are left: whoever
    /// goes from record to record stops.
    #[inline]
    pub fn step(&self, count: usize) -> bool {
        let steps = self.shared.steps;
        match steps.left.get().checked_sub(count as u64) {
            Some(left) => {
                steps.left.set(left);
                true
            }
            None => {
                steps.left.set(0);
                self.fail(Failure::TooManySteps { most: steps.most });
                false
            }
        }
    }
}
