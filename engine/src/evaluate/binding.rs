//! Which version binds a partner: where one binds each partner from the partner's own day, the one before it does
//! until then.

use super::{Evaluator, Failure};
use crate::compile::within;
use crate::date::{self, Date};
use crate::facts::{Value, Why};
use chrono::Datelike;

/// A half-open span of days.
type Span = (Option<Date>, Option<Date>);

impl<'a> Evaluator<'a> {
    /// The first day on which this version binds the partner; its own first day, unless it binds each from a day of
    /// the partner's.
    pub fn binds_from(&self) -> Result<Option<Date>, &'a Why<'a>> {
        self.binds_from_day(self.plan.period.0)
    }

    /// The day from which this version binds the partner, where that is later than the as-of date.
    pub fn not_bound_until(&self) -> Result<Option<Date>, Failure> {
        match self.binds_from() {
            Ok(day) => Ok(day.filter(|day| *day > self.as_of)),
            Err(why) => {
                let version = self.model().version.clone();
                Err(Failure::Unbound { version, missing: self.missing(why).join(", ") })
            }
        }
    }

    /// Whether a version, this one or another by its place, judges what is dated `day`.
    pub fn judges_on(&self, version: Option<usize>, day: Date) -> Result<bool, &'a Why<'a>> {
        let known = version.map(|version| &self.plan.dated[version]);
        if known.is_some_and(|known| !known.judges) {
            return Ok(false);
        }
        let span = known.map_or(self.plan.period, |known| (known.from, known.until));
        Ok(within(self.bound_days(version, span)?, day))
    }

    /// The days of a version as they are for this partner.
    fn bound_days(&self, version: Option<usize>, (from, until): Span) -> Result<Span, &'a Why<'a>> {
        let from = if from.is_some() { self.bound_from(version)? } else { None };
        // It lasts until the next one binds the partner.
        let places = [None].into_iter().chain((0..self.plan.dated.len()).map(Some));
        let next = places.filter(|place| *place != version).find(|place| match place {
            None => self.plan.period.0 == until,
            Some(place) => self.plan.dated[*place].judges && self.plan.dated[*place].from == until,
        });
        let until = match (until, next) {
            (Some(_), Some(next)) => self.bound_from(next)?,
            _ => until,
        };
        Ok((from, until))
    }

    fn bound_from(&self, version: Option<usize>) -> Result<Option<Date>, &'a Why<'a>> {
        let Some(place) = version else { return self.binds_from() };
        let known = &self.plan.dated[place];
        let binds = known.plan.as_ref().is_some_and(|plan| plan.model.binds.is_some());
        match self.version(place).filter(|_| binds) {
            Some(other) => other.binds_from_day(known.from),
            None => Ok(known.from),
        }
    }

    fn binds_from_day(&self, first: Option<Date>) -> Result<Option<Date>, &'a Why<'a>> {
        let (Some(binds), Some(first)) = (&self.model().binds, first) else { return Ok(first) };
        match self.eval(binds) {
            Value::Date(day) => Ok(Some(first_from(day, first))),
            Value::Unknown(why) => Err(why),
            // A partner that has no such day waits for none.
            _ => Ok(Some(first)),
        }
    }
}

/// The day itself, or the first of its anniversaries that is `first` or later.
fn first_from(day: Date, first: Date) -> Date {
    if day >= first {
        return day;
    }
    let years = first.year()..=first.year().saturating_add(1);
    years.filter_map(|year| date::in_year(day, year)).find(|day| *day >= first).unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_such_day_is_the_day_itself_or_an_anniversary() {
        let next = |day: &str, first: &str| {
            let date = |text: &str| date::parse(text).expect("a date");
            first_from(date(day), date(first)).to_string()
        };
        assert_eq!(next("2015-03-28", "2014-07-01"), "2015-03-28");
        assert_eq!(next("2017-03-28", "2014-07-01"), "2017-03-28");
        assert_eq!(next("2013-03-28", "2014-07-01"), "2015-03-28");
        assert_eq!(next("2013-09-28", "2014-07-01"), "2014-09-28");
        assert_eq!(next("2014-07-01", "2014-07-01"), "2014-07-01");
        assert_eq!(next("2012-07-01", "2014-07-01"), "2014-07-01");
        assert_eq!(next("2012-02-29", "2014-03-01"), "2015-02-28");
        assert_eq!(next("2012-02-29", "2014-02-28"), "2014-02-28");
    }
}
