//! What a tally makes of one record: which rows it fits, what it adds, and when that turns.

use super::Running;
use crate::date::Date;
use crate::evaluate::Evaluator;
use crate::evaluate::bounds::both;
use crate::evaluate::truth::Truth;
use crate::evaluate::turn::Turns;
use crate::facts::{Value, Why};
use crate::model::node::Node;
use crate::model::{Aggregate, Window};
use bumpalo::collections::Vec as ArenaVec;

/// A record that fits a row, or may fit it.
#[derive(Clone, Copy, Debug)]
pub struct Fit<'a> {
    /// Which of the tallies that are made together.
    pub tally: u32,
    /// The row.
    pub row: u32,
    /// Why it is not certain that it fits.
    pub doubt: Option<&'a Why<'a>>,
}

/// What a tally makes of one record.
#[derive(Clone, Copy, Debug)]
pub struct Made<'a> {
    /// The rows that it fits.
    pub fits: &'a [Fit<'a>],
    /// What it is remembered by, where each counts once.
    pub key: &'a [Value<'a>],
    /// What it adds.
    pub value: Value<'a>,
    /// Its date, where that matters.
    pub when: Option<Date>,
}

/// What was made of a record. It stays so until something in it turns.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'a> {
    /// The record.
    pub record: u32,
    /// What was made of it.
    pub made: &'a Made<'a>,
    /// When any of that turns.
    pub turns: Turns,
}

impl<'a> Made<'a> {
    /// That the record does not count.
    pub const NOTHING: Self = Self { fits: &[], key: &[], value: Value::None, when: None };

    /// That it was made of this record; `None` for a record that never counts.
    #[inline]
    pub fn of(&'a self, record: u32, turns: Turns) -> Option<Judged<'a>> {
        (!self.fits.is_empty() || turns != Turns::NEVER).then_some(Judged { record, made: self, turns })
    }
}

impl<'a> Evaluator<'a> {
    /// What a tally makes of the record at hand, which fits these rows of it.
    #[inline]
    pub fn made(&self, running: &Running<'a>, fits: &[Fit<'a>]) -> &'a Made<'a> {
        if fits.is_empty() {
            return &Made::NOTHING;
        }
        let tally = running.tally;
        let key = match running.keys {
            [] => &[],
            keys => &*self.arena.alloc_slice_fill_iter(keys.iter().map(|key| self.eval(key))),
        };
        let value = tally.value.as_ref().map_or(Value::None, |value| self.eval(value));
        let happened = tally.happened.as_ref().filter(|_| tally.aggregate == Aggregate::Latest);
        let when = match happened.map(|happened| self.eval(happened)) {
            Some(Value::Date(day)) => Some(day),
            _ => None,
        };
        if let (Value::Number(number), Aggregate::Sum) = (value, tally.aggregate) {
            self.may_shrink(number);
        }
        self.arena.alloc(Made { fits: self.arena.alloc_slice_copy(fits), key, value, when })
    }

    /// The rows of a tally that the record at hand fits, or may fit.
    #[inline]
    pub fn fits(&self, running: &Running<'a>, place: u32, fits: &mut ArenaVec<'a, Fit<'a>>) {
        let tally = running.tally;
        let mut doubt: Option<&'a Why<'a>> = match running.any {
            Truth::True => None,
            Truth::False => return,
            Truth::Unknown(why) => Some(why),
        };
        // What a record is of stays, so that one that is of no row counts on no day.
        let rows = match &running.plan.dispatch {
            None => None,
            Some(dispatch) => match self.own_field(tally.domain, dispatch.field) {
                Value::Word(word) => match dispatch.rows.get(word as usize) {
                    Some(rows) if !rows.is_empty() => Some(rows),
                    _ => return,
                },
                Value::None => return,
                _ => None,
            },
        };
        let happened = match running.plan.date {
            Some(field) => Some(self.own_field(tally.domain, field)),
            None => tally.happened.as_ref().map(|happened| self.eval(happened)),
        };
        if let Some(happened) = happened {
            match happened {
                Value::Date(day) if day > self.as_of => {
                    self.turns_on(Some(day));
                    return;
                }
                Value::Date(day) => {
                    if running.plan.award.is_some()
                        && let Some(frozen) = self.frozen_on(day)
                    {
                        match frozen {
                            Truth::Unknown(why) => doubt = both(doubt, Some(why), self.arena),
                            _ => return,
                        }
                    }
                    if let Window::Last(length) = &tally.window {
                        self.turns_on(self.leaves(day, length));
                    }
                    if tally.from.is_some_and(|from| day < from) || tally.until.is_some_and(|until| day >= until) {
                        return;
                    }
                    match &running.days {
                        Ok(span) if span.holds(day) => {}
                        Ok(_) => return,
                        Err(why) => doubt = both(doubt, Some(why), self.arena),
                    }
                }
                Value::Unknown(why) => doubt = both(doubt, Some(why), self.arena),
                _ => return,
            }
        } else if !self.applies_on(tally.from, tally.until) {
            return;
        }
        if let Some((_, member)) = &tally.module
            && !running.plan.one_member
            && !self.allow(member, &mut doubt)
        {
            return;
        }
        if let Some(filter) = &tally.filter
            && !running.plan.one_filter
            && !self.allow(filter, &mut doubt)
        {
            return;
        }
        match rows {
            Some(rows) => {
                rows.iter().for_each(|row| self.fits_row(running, place, *row, running.plan.answered, doubt, fits));
            }
            None => (0..tally.rows.len() as u32).for_each(|row| self.fits_row(running, place, row, 0, doubt, fits)),
        }
    }

    #[inline]
    fn fits_row(
        &self,
        running: &Running<'a>,
        place: u32,
        row: u32,
        answered: usize,
        mut doubt: Option<&'a Why<'a>>,
        fits: &mut ArenaVec<'a, Fit<'a>>,
    ) {
        let tests = &running.tally.rows[row as usize].tests[answered..];
        if tests.iter().all(|test| self.allow(test, &mut doubt)) {
            fits.push(Fit { tally: place, row, doubt });
        }
    }

    /// Whether a condition may hold; where that is not known, the reason is added to `doubt`.
    #[inline]
    fn allow(&self, condition: &'a Node, doubt: &mut Option<&'a Why<'a>>) -> bool {
        match self.truth(condition) {
            Truth::True => true,
            Truth::False => false,
            Truth::Unknown(why) => {
                *doubt = both(*doubt, Some(why), self.arena);
                true
            }
        }
    }
}
