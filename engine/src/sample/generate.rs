//! From a sample file to the JSON of one subject.

use super::draw::{Anchor, Bound, Days, Drawn, How, Part, Steps};
use super::random::Random;
use super::{Fields, Group, Sample, What};
use crate::date::{self, Date};
use crate::value::{Decimal, DomainId};
use std::io::Write;

/// A date of a sample lies outside the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a date of the sample lies outside the calendar")]
pub struct OutOfCalendar;

impl Sample {
    /// Adds the facts of subject `number` to `out`, as one line of JSON without its end.
    ///
    /// # Errors
    /// When a date leaves the calendar.
    pub fn write(&self, seed: u64, number: u64, out: &mut Vec<u8>) -> Result<(), OutOfCalendar> {
        let mut random = Random::new(seed, number);
        let kind = self.kinds.draw(&mut random);
        let ids = vec![Vec::new(); self.domains];
        Subject { sample: self, random, number, kind, ids, out }.fields(&self.facts, Place { number: 1, turn: 0 })
    }
}

/// One subject while it is written.
struct Subject<'s> {
    sample: &'s Sample,
    random: Random,
    number: u64,
    kind: usize,
    /// For each domain, the ids of its records so far, as JSON.
    ids: Vec<Vec<Vec<u8>>>,
    out: &'s mut Vec<u8>,
}

/// Which record of its list it is.
#[derive(Clone, Copy)]
struct Place {
    /// Its number in the list.
    number: u64,
    /// How many of its group are before it.
    turn: usize,
}

impl Subject<'_> {
    fn fields(&mut self, fields: &Fields, place: Place) -> Result<(), OutOfCalendar> {
        let mut dates = vec![None; fields.members.len()];
        self.out.push(b'{');
        let mut first = true;
        for (at, member) in fields.members.iter().enumerate() {
            let mark = self.out.len();
            if !first {
                self.out.push(b',');
            }
            self.out.extend_from_slice(&member.key);
            let start = self.out.len();
            let told = match &member.what {
                What::Value(drawn) => self.value(drawn, place, &mut dates, at)?,
                What::Record(inner) => {
                    self.fields(inner, place)?;
                    true
                }
                What::List(groups) => {
                    self.list(groups)?;
                    true
                }
            };
            if !told {
                self.out.truncate(mark);
                continue;
            }
            first = false;
            if let (Some(DomainId(domain)), true) = (fields.domain, member.id) {
                self.ids[domain as usize].push(self.out[start..].to_vec());
            }
        }
        self.out.push(b'}');
        Ok(())
    }

    fn list(&mut self, groups: &[Group]) -> Result<(), OutOfCalendar> {
        self.out.push(b'[');
        let mut number = 0;
        for group in groups {
            for turn in 0..self.count(&group.count) {
                if number > 0 {
                    self.out.push(b',');
                }
                number += 1;
                self.fields(&group.fields, Place { number, turn })?;
            }
        }
        self.out.push(b']');
        Ok(())
    }

    fn count(&mut self, drawn: &Drawn) -> usize {
        if self.random.happens(drawn.absent) {
            return 0;
        }
        match &drawn.how {
            How::Number(steps) => usize::try_from(self.number_of(steps)).unwrap_or(0),
            How::ByKind(kinds) => self.count(&kinds[self.kind]),
            _ => 0,
        }
    }

    fn number_of(&mut self, steps: &Steps) -> Decimal {
        steps.low + steps.step * Decimal::from(self.random.skewed(steps.count, steps.skew))
    }

    /// Writes a value; false when it is left out.
    fn value(
        &mut self,
        drawn: &Drawn,
        place: Place,
        dates: &mut [Option<Date>],
        at: usize,
    ) -> Result<bool, OutOfCalendar> {
        if self.random.happens(drawn.absent) {
            return Ok(false);
        }
        match &drawn.how {
            How::Fixed(json) => self.out.extend_from_slice(json),
            How::Pattern(parts) => self.pattern(parts, place),
            How::Words(weights, words) => {
                let word = weights.draw(&mut self.random);
                self.out.extend_from_slice(&words[word]);
            }
            How::Number(steps) => {
                let number = self.number_of(steps);
                // As decisions have it: whole numbers are numbers, others strings.
                let quote = if number.scale() > 0 { "\"" } else { "" };
                self.print(format_args!("{quote}{number}{quote}"));
            }
            How::Day(date) => {
                dates[at] = Some(*date);
                self.day(*date);
            }
            How::Date(days) => {
                let Some(date) = self.date(days, dates)? else { return Ok(false) };
                dates[at] = Some(date);
                self.day(date);
            }
            How::Flag(chance) => {
                let flag = self.random.happens(*chance);
                self.print(format_args!("{flag}"));
            }
            How::Set(words) => self.set(words),
            How::Reference { of, in_turn } => {
                let len = self.ids[of.0 as usize].len();
                if len == 0 {
                    return Ok(false);
                }
                let chosen = if *in_turn { place.turn % len } else { self.random.below(len as u64) as usize };
                self.out.extend_from_slice(&self.ids[of.0 as usize][chosen]);
            }
            How::ByKind(kinds) => return self.value(&kinds[self.kind], place, dates, at),
        }
        Ok(true)
    }

    fn pattern(&mut self, parts: &[Part], place: Place) {
        let subject = self.number;
        self.out.push(b'"');
        for part in parts {
            match part {
                Part::Text(text) => self.out.extend_from_slice(text),
                Part::Partner => self.print(format_args!("{subject}")),
                Part::Number => self.print(format_args!("{}", place.number)),
            }
        }
        self.out.push(b'"');
    }

    fn set(&mut self, words: &[(super::random::Chance, Vec<u8>)]) {
        self.out.push(b'[');
        let mut first = true;
        for (chance, word) in words {
            if self.random.happens(*chance) {
                if !first {
                    self.out.push(b',');
                }
                first = false;
                self.out.extend_from_slice(word);
            }
        }
        self.out.push(b']');
    }

    /// A day; none when it is left out.
    fn date(&mut self, days: &Days, dates: &[Option<Date>]) -> Result<Option<Date>, OutOfCalendar> {
        let (Some(low), Some(high)) = (self.bound(days.low, dates)?, self.bound(days.high, dates)?) else {
            return Ok(None);
        };
        // Where the last lies before the first, it is the first.
        let span = u64::try_from(date::days_between(low, high)).unwrap_or(0);
        let later = self.random.skewed(span + 1, days.skew);
        let date = low.checked_add_days(chrono::Days::new(later)).ok_or(OutOfCalendar)?;
        Ok((!days.past || date <= self.sample.as_of).then_some(date))
    }

    fn bound(&self, bound: Bound, dates: &[Option<Date>]) -> Result<Option<Date>, OutOfCalendar> {
        let anchor = match bound.anchor {
            Anchor::AsOf => Some(self.sample.as_of),
            Anchor::Cycle => self.sample.cycle,
            Anchor::Member(at) => dates[at],
        };
        anchor.map(|anchor| date::shift(anchor, bound.by).ok_or(OutOfCalendar)).transpose()
    }

    fn day(&mut self, date: Date) {
        self.print(format_args!("\"{}\"", date.format("%Y-%m-%d")));
    }

    fn print(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to memory cannot fail.
        let _ = self.out.write_fmt(text);
    }
}
