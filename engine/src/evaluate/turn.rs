//! When an answer turns: the first later day on which anything that it was computed from may change.
//!
//! What has not turned between two days is the same on both, so that an evaluation on a later day
//! takes it from the earlier one; and the days on which something turns are the deadlines.

use super::Evaluator;
use super::time::Span;
use crate::date::{self, Date};
use crate::expression::Operator;
use crate::facts::Value;
use crate::model::node::Node;
use crate::value::{Decimal, Duration};

/// When something that was computed turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turns {
    /// The first later day on which it may change; the last day of the calendar where there is none.
    next: Date,
    /// What is known of it besides: [`SHRANK`](Self::SHRANK), [`DAYS`](Self::DAYS).
    marks: u32,
}

impl Turns {
    /// It may have been more on an earlier day of the cycle: something lapsed, or took away.
    const SHRANK: u32 = 1;
    /// It is made of the day itself, so that it may be otherwise on every day.
    const DAYS: u32 = 2;

    /// It never changes, as far as is known.
    pub const NEVER: Self = Self { next: Date::MAX, marks: 0 };
    /// It may be otherwise on every day.
    pub const DAILY: Self = Self { next: Date::MAX, marks: Self::SHRANK | Self::DAYS };
    /// It lapsed, or took away.
    pub const LAPSED: Self = Self { next: Date::MAX, marks: Self::SHRANK };

    /// It may change on that day.
    pub fn on(day: Date) -> Self {
        Self { next: day, marks: 0 }
    }

    /// When either of two changes.
    #[inline]
    pub fn and(self, other: Self) -> Self {
        Self { next: if other.next < self.next { other.next } else { self.next }, marks: self.marks | other.marks }
    }

    /// Whether it has not changed up to and with `day`.
    #[inline]
    pub fn not_by(self, day: Date) -> bool {
        self.next > day && !self.daily()
    }

    /// The first day after `day`, on which it was computed, on which it may be otherwise.
    pub fn after(self, day: Date) -> Option<Date> {
        if self.daily() { day.succ_opt() } else { Some(self.next).filter(|next| *next != Date::MAX) }
    }

    /// Whether it may have been more on an earlier day of the cycle.
    pub fn shrank(self) -> bool {
        self.marks & Self::SHRANK != 0
    }

    /// Whether it may be otherwise on every day.
    #[inline]
    pub fn daily(self) -> bool {
        self.marks & Self::DAYS != 0
    }

    /// The same of something for which it does not matter that the day itself is another.
    pub fn not_daily(self) -> Self {
        Self { marks: self.marks & !Self::DAYS, ..self }
    }
}

impl<'a> Evaluator<'a> {
    /// Computes something, and says when it turns.
    #[inline]
    pub fn turning<T>(&self, work: impl FnOnce() -> T) -> (T, Turns) {
        let before = self.turns.replace(Turns::NEVER);
        let result = work();
        let turns = self.turns.replace(before);
        (result, turns)
    }

    /// What is being computed depends on something that turns so.
    #[inline]
    pub fn turn(&self, turns: Turns) {
        self.turns.set(self.turns.get().and(turns));
    }

    /// What is being computed may change on `day`; it lapsed when the day has come.
    #[inline]
    pub fn turns_on(&self, day: Option<Date>) {
        let Some(day) = day else { return };
        let turns = if day > self.as_of {
            Turns::on(day)
        } else if self.cycle_began_after(day) {
            // What lapsed before the cycle was over in all of it.
            return;
        } else {
            Turns::LAPSED
        };
        self.turn(turns);
    }

    /// A comparison of the as-of date with `day` turns on that day, or on the one after.
    pub fn turns_at(&self, operator: Operator, day: Value<'a>) {
        let Value::Date(day) = day else { return };
        let on = matches!(operator, Operator::Less | Operator::AtLeast | Operator::Equal | Operator::NotEqual);
        let after = matches!(operator, Operator::AtMost | Operator::More | Operator::Equal | Operator::NotEqual);
        if on {
            self.turns_on(Some(day));
        }
        if after {
            self.turns_on(day.succ_opt());
        }
    }

    /// An amount below zero takes away, so that there may have been more before.
    #[inline]
    pub fn may_shrink(&self, number: Decimal) {
        if number.is_sign_negative() {
            self.turn(Turns::LAPSED);
        }
    }

    /// Whether something that holds on some days holds on the as-of date.
    #[inline]
    pub fn applies_on(&self, from: Option<Date>, until: Option<Date>) -> bool {
        if from.is_none() && until.is_none() {
            return true;
        }
        self.turns_on(from);
        self.turns_on(until);
        Span { from, until }.holds(self.as_of)
    }

    /// The day on which a record of `day` leaves a window of the last so many days.
    pub fn leaves(&self, day: Date, length: &'a Node) -> Option<Date> {
        let Value::Duration(length) = self.eval(length) else { return None };
        let back = length.reversed()?;
        // The window begins after the day that lies so long before; months differ in length, so look around.
        let around = date::shift(day, length)?;
        (-3..=3).find_map(|days| {
            let candidate = date::shift(around, Duration::days(days))?;
            (date::shift(candidate, back)? >= day).then_some(candidate)
        })
    }
}
