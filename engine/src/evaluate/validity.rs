//! From when until when a ruling holds: its start, its end, the requests that extend it, its use.

use super::Evaluator;
use super::bounds::both;
use crate::date::{self, Date};
use crate::facts::{Presence, Value, Why};
use crate::model::{Extension, Ruling};
use crate::value::Duration;
use bumpalo::collections::Vec as ArenaVec;

/// How a ruling stands on the as-of date, and until when.
#[derive(Clone, Copy, Debug)]
pub struct Validity<'a> {
    /// How it stands.
    pub status: Result<Status, &'a Why<'a>>,
    /// The last day on which it is active; `None` where it has no end, or has none yet.
    pub until: Option<Result<Date, &'a Why<'a>>>,
    /// The day on which it begins, where that lies ahead.
    pub begins: Option<Date>,
    /// The requests that were made to extend it.
    pub requests: &'a [Request],
    /// Whether one more request would count.
    pub may_extend: bool,
}

/// How a ruling stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It has not begun.
    Pending,
    /// It holds.
    Active,
    /// It is over.
    Expired,
    /// What it allows was done.
    Used,
}

impl Status {
    /// The word that a decision uses.
    pub fn word(self) -> &'static str {
        match self {
            Status::Pending => "pending",
            Status::Active => "active",
            Status::Expired => "expired",
            Status::Used => "used",
        }
    }
}

/// A request to extend a ruling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// The record.
    pub row: u32,
    /// The day on which it was made.
    pub on: Date,
    /// Whether it counts; `None` where that is not known.
    pub counts: Option<bool>,
}

/// The last day, as far as it is known.
#[derive(Clone, Copy)]
struct End<'a> {
    /// Not before this day; open where there is no end.
    low: Option<Date>,
    /// Not after this day; open where there is no end, or none is known.
    high: Option<Date>,
    why: Option<&'a Why<'a>>,
}

/// Requests followed from the first to the last.
struct Run {
    end: Date,
    count: u32,
    /// Which requests count.
    counted: Vec<bool>,
}

impl<'a> Evaluator<'a> {
    /// From when until when a ruling holds for the rows at hand; `None` where it does not say.
    pub fn validity(&self, ruling: &'a Ruling) -> Option<Validity<'a>> {
        if ruling.starts.is_none() && ruling.used.is_none() {
            return None;
        }
        let not_yet = |status| Validity { status, until: None, begins: None, requests: &[], may_extend: false };
        let start = match ruling.starts.as_ref().map(|starts| self.eval(starts)) {
            None => None,
            Some(Value::Date(start)) => Some(start),
            Some(Value::Unknown(why)) => return Some(not_yet(Err(why))),
            Some(_) => return Some(not_yet(Ok(Status::Pending))),
        };
        self.turns_on(start);
        let (end, requests, may_extend) = self.end(ruling, start);
        self.turns_on(end.low.and_then(|day| day.succ_opt()));
        self.turns_on(end.high.and_then(|day| day.succ_opt()));
        let until = match (end.low, end.high, end.why) {
            (Some(low), Some(high), _) if low == high => Some(Ok(low)),
            (_, _, Some(why)) => Some(Err(why)),
            _ => None,
        };
        let status = self.status(ruling, start, end);
        let may_extend = may_extend && matches!((status, until), (Ok(Status::Active), Some(Ok(_))));
        let begins = start.filter(|start| *start > self.as_of);
        Some(Validity { status, until, begins, requests, may_extend })
    }

    fn status(&self, ruling: &'a Ruling, start: Option<Date>, end: End<'a>) -> Result<Status, &'a Why<'a>> {
        if start.is_some_and(|start| start > self.as_of) {
            return Ok(Status::Pending);
        }
        // Where there is no doubt, an open end is no end.
        let doubt = || end.why.unwrap_or_else(|| self.undefined("it is not known how long it lasts"));
        let over_by = |day: Date| match (end.low, end.high) {
            (Some(low), _) if day <= low => Ok(false),
            (_, Some(high)) if day > high => Ok(true),
            (None, None) if end.why.is_none() => Ok(false),
            _ => Err(doubt()),
        };
        match ruling.used.as_ref().map(|used| self.eval(used)) {
            Some(Value::Date(used)) => {
                self.turns_on(Some(used));
                let begun = start.is_none_or(|start| start <= used);
                if used <= self.as_of && begun && !over_by(used)? {
                    return Ok(Status::Used);
                }
            }
            Some(Value::Unknown(why)) => return Err(why),
            _ => {}
        }
        Ok(if over_by(self.as_of)? { Status::Expired } else { Status::Active })
    }

    /// The last day, with the requests that extend it, and whether one more would count.
    fn end(&self, ruling: &'a Ruling, start: Option<Date>) -> (End<'a>, &'a [Request], bool) {
        let open = End { low: None, high: None, why: None };
        let (Some(start), Some(lasts)) = (start, &ruling.lasts) else { return (open, &[], false) };
        let base = match self.eval(lasts) {
            Value::Duration(lasts) => date::shift(start, lasts),
            Value::Unknown(why) => return (End { low: Some(start), high: None, why: Some(why) }, &[], false),
            _ => return (open, &[], false),
        };
        let Some(base) = base else {
            let why = self.undefined("a date lies outside the calendar");
            return (End { why: Some(why), ..open }, &[], false);
        };
        match &ruling.extended {
            Some(extended) => self.extended(extended, start, base),
            None => (End { low: Some(base), high: Some(base), why: None }, &[], false),
        }
    }

    /// The last day of what would end on `base`, with the requests that were made up to the as-of date.
    fn extended(&self, extended: &'a Extension, start: Date, base: Date) -> (End<'a>, &'a [Request], bool) {
        let mut requests: ArenaVec<'a, Request> = ArenaVec::new_in(self.arena);
        let mut unknown = 0u32;
        let mut why: Option<&'a Why<'a>> = None;
        let presence = self.each_row(extended.domain, extended.inside, &mut |row| {
            match self.eval(&extended.by) {
                Value::Date(on) if on > self.as_of => self.turns_on(Some(on)),
                Value::Date(on) => requests.push(Request { row, on, counts: None }),
                Value::Unknown(doubt) => {
                    unknown += 1;
                    why = both(why, Some(doubt), self.arena);
                }
                _ => {}
            }
            true
        });
        if presence == Presence::Unknown {
            unknown = u32::MAX;
            why = both(why, Some(self.list_unknown(extended.domain, extended.inside)), self.arena);
        }
        requests.sort_by_key(|request| request.on);
        let (least, most) = match extended.at_most.as_ref().map(|at_most| self.eval(at_most)) {
            Some(Value::Number(number)) => {
                let number = u32::try_from(number.trunc()).unwrap_or(0);
                (number, number)
            }
            Some(Value::Unknown(doubt)) => {
                why = both(why, Some(doubt), self.arena);
                (0, u32::MAX)
            }
            _ => (u32::MAX, u32::MAX),
        };
        let lasts = match self.eval(&extended.lasts) {
            Value::Duration(lasts) => lasts,
            other => {
                // By how much a request extends is not known: without a request that counts it does not matter.
                let doubt = other.doubt().unwrap_or_else(|| self.undefined("it is not known what a request adds"));
                let first = requests.iter().any(|request| request.on >= start && request.on <= base);
                let open = unknown > 0 || (first && most > 0);
                let end = End { low: Some(base), high: (!open).then_some(base), why: open.then_some(doubt) };
                return (end, requests.into_bump_slice(), least > 0);
            }
        };
        let low = follow(&requests, start, base, lasts, least, 0);
        let high = follow(&requests, start, base, lasts, most, unknown);
        let (Some(low), high) = (low, high) else {
            let why = self.undefined("a date lies outside the calendar");
            return (End { low: Some(base), high: None, why: Some(why) }, requests.into_bump_slice(), false);
        };
        let certain = high.as_ref().is_some_and(|high| high.end == low.end);
        for (place, request) in requests.iter_mut().enumerate() {
            request.counts = certain.then(|| low.counted[place]);
        }
        let end = End { low: Some(low.end), high: high.map(|high| high.end), why: if certain { None } else { why } };
        (end, requests.into_bump_slice(), certain && low.count < least)
    }
}

/// Follows requests in their order: one counts that is made while the ruling is active and there may be more.
/// `unknown` more may have been made on any day. `None` when no end is known, or it leaves the calendar.
fn follow(requests: &[Request], start: Date, base: Date, lasts: Duration, most: u32, unknown: u32) -> Option<Run> {
    if unknown == u32::MAX && most == u32::MAX {
        return None;
    }
    let mut run = Run { end: base, count: 0, counted: Vec::with_capacity(requests.len()) };
    let mut left = unknown;
    let extend = |run: &mut Run| {
        run.end = date::shift(run.end, lasts)?;
        run.count += 1;
        Some(())
    };
    for request in requests {
        while request.on > run.end && left > 0 && run.count < most {
            left -= 1;
            extend(&mut run)?;
        }
        let counts = run.count < most && start <= request.on && request.on <= run.end;
        if counts {
            extend(&mut run)?;
        }
        run.counted.push(counts);
    }
    while left > 0 && run.count < most {
        left -= 1;
        extend(&mut run)?;
    }
    Some(run)
}
