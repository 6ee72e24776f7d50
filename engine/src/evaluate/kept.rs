//! What was computed, kept with the days for which it holds: from the day for which it was computed until it turns.

use super::Evaluator;
use super::turn::Turns;
use crate::date::Date;
use crate::facts::Arena;
use bumpalo::collections::Vec as ArenaVec;
use std::cell::{Cell, RefCell};

/// Something as it is on the days for which it was computed, and until it turns.
pub struct Kept<'a, T> {
    /// Of the day for which it was computed first; most are computed for one day alone.
    first: Cell<Option<&'a Entry<T>>>,
    /// Of other days, in their order.
    others: Cell<Option<&'a Others<'a, T>>>,
}

/// Something as it is on the very days for which it was computed, with when it turns.
pub type Today<'a, T> = Kept<'a, (T, Turns)>;

type Others<'a, T> = RefCell<ArenaVec<'a, &'a Entry<T>>>;

/// What it is on one day.
#[derive(Clone, Copy)]
struct Entry<T> {
    /// The day.
    on: Date,
    /// What it is, and when that turns.
    known: (T, Turns),
}

impl<T> Entry<T> {
    /// Whether it is the same on a day from its own on.
    fn holds_on(&self, day: Date) -> bool {
        self.on == day || self.known.1.not_by(day)
    }
}

impl<'a, T: Copy> Kept<'a, T> {
    /// So many of which nothing is known.
    pub fn many(count: usize, arena: &'a Arena) -> &'a [Self] {
        arena.alloc_slice_fill_with(count, |_| Self::nothing())
    }

    /// Nothing is known.
    pub fn nothing() -> Self {
        Self { first: Cell::new(None), others: Cell::new(None) }
    }

    /// What it is on a day, where that is known, and when it turns.
    pub fn on(&self, day: Date) -> Option<(T, Turns)> {
        self.last(day).filter(|entry| entry.holds_on(day)).map(|entry| entry.known)
    }

    /// What it was on the last day before `day` for which it was computed, whatever it is since.
    pub fn before(&self, day: Date) -> Option<T> {
        self.last(day.pred_opt()?).map(|entry| entry.known.0)
    }

    /// What it is on the first day after `day` for which it was computed, and that day.
    pub fn after(&self, day: Date) -> Option<(Date, T)> {
        let first = self.first.get().filter(|first| first.on > day);
        let other = self.others.get().and_then(|others| {
            let others = others.borrow();
            others.get(others.partition_point(|entry| entry.on <= day)).copied()
        });
        let next = match (first, other) {
            (Some(first), Some(other)) => Some(if other.on < first.on { other } else { first }),
            (first, other) => first.or(other),
        };
        next.map(|entry| (entry.on, entry.known.0))
    }

    /// Keeps what it is on a day, and when that turns.
    pub fn keep(&self, on: Date, known: (T, Turns), arena: &'a Arena) {
        let entry = &*arena.alloc(Entry { on, known });
        if self.first.get().is_none_or(|first| first.on == on) {
            return self.first.set(Some(entry));
        }
        let others = self.others.get().unwrap_or_else(|| {
            let others = &*arena.alloc(RefCell::new(ArenaVec::new_in(arena)));
            self.others.set(Some(others));
            others
        });
        let mut others = others.borrow_mut();
        match others.binary_search_by_key(&on, |entry| entry.on) {
            Ok(place) => others[place] = entry,
            Err(place) => others.insert(place, entry),
        }
    }

    /// Of the last day up to `day` for which it was computed.
    #[inline]
    fn last(&self, day: Date) -> Option<&'a Entry<T>> {
        let first = self.first.get()?;
        if first.on == day {
            return Some(first);
        }
        let first = if first.on < day { Some(first) } else { None };
        let Some(others) = self.others.get() else { return first };
        let others = others.borrow();
        let other = others.partition_point(|entry| entry.on <= day).checked_sub(1).map(|place| others[place]);
        match (first, other) {
            (Some(first), Some(other)) => Some(if other.on > first.on { other } else { first }),
            (first, other) => first.or(other),
        }
    }
}

impl<'a> Evaluator<'a> {
    /// What something is on the as-of date: as it is kept, else computed, given what it was before.
    #[inline]
    pub fn known<T: Copy>(&self, kept: &Kept<'a, T>, compute: impl FnOnce(Option<T>) -> T) -> T {
        let (value, turns) = match kept.last(self.as_of) {
            Some(last) if last.holds_on(self.as_of) => last.known,
            last => {
                let known = self.turning(|| compute(last.map(|last| last.known.0)));
                kept.keep(self.as_of, known, self.arena);
                known
            }
        };
        self.turn(turns);
        value
    }

    /// What something is on the as-of date: as it was computed for that very day, or computed.
    pub fn known_today<T: Copy>(&self, kept: &Today<'a, T>, compute: impl FnOnce() -> T) -> T {
        let (value, turns) = kept.on(self.as_of).map(|(known, _)| known).unwrap_or_else(|| {
            let known = self.turning(compute);
            kept.keep(self.as_of, (known, Turns::DAILY), self.arena);
            known
        });
        self.turn(turns);
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date;

    fn day(text: &str) -> Date {
        date::parse(text).expect("a date")
    }

    fn until(text: &str) -> Turns {
        Turns::on(day(text))
    }

    #[test]
    fn it_holds_from_its_day_until_it_turns() {
        let arena = Arena::new();
        let kept = Kept::nothing();
        kept.keep(day("2024-05-01"), ('b', until("2024-06-01")), &arena);
        kept.keep(day("2024-03-01"), ('a', until("2024-04-01")), &arena);
        kept.keep(day("2024-08-01"), ('c', Turns::DAILY), &arena);
        let on = |text| kept.on(day(text)).map(|(value, _)| value);
        assert_eq!(on("2024-02-29"), None);
        assert_eq!(on("2024-03-01"), Some('a'));
        assert_eq!(on("2024-03-31"), Some('a'));
        assert_eq!(on("2024-04-01"), None);
        assert_eq!(on("2024-05-31"), Some('b'));
        assert_eq!(on("2024-06-01"), None);
        assert_eq!(on("2024-08-01"), Some('c'));
        assert_eq!(on("2024-08-02"), None);
    }

    #[test]
    fn the_days_before_and_after_are_found_in_whatever_order_they_came() {
        let arena = Arena::new();
        let kept = Kept::nothing();
        for (on, value) in [("2024-05-01", 5), ("2024-03-01", 3), ("2024-08-01", 8), ("2024-04-01", 4)] {
            kept.keep(day(on), (value, Turns::NEVER), &arena);
        }
        assert_eq!(kept.before(day("2024-03-01")), None);
        assert_eq!(kept.before(day("2024-05-01")), Some(4));
        assert_eq!(kept.before(day("2025-01-01")), Some(8));
        assert_eq!(kept.after(day("2024-02-01")), Some((day("2024-03-01"), 3)));
        assert_eq!(kept.after(day("2024-04-01")), Some((day("2024-05-01"), 5)));
        assert_eq!(kept.after(day("2024-08-01")), None);
    }

    #[test]
    fn a_day_is_kept_once() {
        let arena = Arena::new();
        let kept = Kept::nothing();
        for value in [1, 2, 3] {
            kept.keep(day("2024-03-01"), (value, Turns::NEVER), &arena);
            kept.keep(day("2024-05-01"), (10 * value, Turns::NEVER), &arena);
        }
        assert_eq!(kept.on(day("2024-03-01")), Some((3, Turns::NEVER)));
        assert_eq!(kept.on(day("2024-05-01")), Some((30, Turns::NEVER)));
    }
}
