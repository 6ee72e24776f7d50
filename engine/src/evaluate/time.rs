//! Cycles and windows: which days a rule looks at.

use super::Evaluator;
use crate::date::{self, Date};
use crate::facts::{Value, Why};
use crate::model::{Start, Window};
use crate::value::Duration;
use chrono::Datelike;

/// The days that a rule looks at: from the first, up to the one before the last.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// The first day.
    pub from: Option<Date>,
    /// The day after the last.
    pub until: Option<Date>,
}

impl Span {
    /// Whether it holds a day.
    pub fn holds(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day < until)
    }
}

impl<'a> Evaluator<'a> {
    /// The cycle of the as-of date: its first day, and the first day of the next.
    pub fn cycle(&self) -> Result<(Date, Date), &'a Why<'a>> {
        self.known(&self.shared.cycle, |_| {
            let cycle = self.cycle_of(self.as_of);
            if let Ok((_, end)) = cycle {
                self.turns_on(Some(end));
            }
            cycle
        })
    }

    /// Whether the cycle is known to have begun on `day` or later.
    pub fn cycle_began_after(&self, day: Date) -> bool {
        matches!(self.shared.cycle.on(self.as_of), Some((Ok((start, _)), _)) if start >= day)
    }

    /// The cycle in which a day lies.
    pub fn cycle_of(&self, day: Date) -> Result<(Date, Date), &'a Why<'a>> {
        let Some(cycle) = &self.model().cycle else {
            return Err(self.undefined("the rulebook has no cycle"));
        };
        let lasts = match self.eval(&cycle.lasts) {
            Value::Duration(lasts) if lasts.months >= 1 && lasts.days == 0 => lasts,
            Value::Unknown(why) => return Err(why),
            _ => return Err(self.undefined("a cycle lasts whole months")),
        };
        let first = match cycle.first.as_ref().map(|first| self.eval(first)) {
            Some(Value::Date(first)) => Some(first),
            Some(Value::Unknown(why)) => return Err(why),
            _ => None,
        };
        let anchor = match &cycle.starts {
            Start::DayOfYear(month, of_month) => Date::from_ymd_opt(first.unwrap_or(day).year(), *month, *of_month),
            Start::Anniversary(node) => match self.eval(node) {
                Value::Date(date) => Some(date),
                Value::Unknown(why) => return Err(why),
                _ => return Err(self.undefined("the cycle has no start")),
            },
        };
        let regular = anchor.and_then(|anchor| regular(anchor, lasts.months, day));
        let Some((start, end)) = regular else {
            return Err(self.undefined("the cycle leaves the calendar"));
        };
        Ok(match first {
            Some(first) if start < first && first < end => {
                if day < first {
                    (start, first)
                } else {
                    (first, end)
                }
            }
            _ => (start, end),
        })
    }

    /// The days of a window; `Err` when they are not known.
    pub fn window(&self, window: &'a Window) -> Result<Span, &'a Why<'a>> {
        match window {
            Window::Ever => Ok(Span { from: None, until: None }),
            Window::Cycle => self.cycle().map(|(start, end)| Span { from: Some(start), until: Some(end) }),
            Window::PreviousCycle => {
                let (start, _) = self.cycle()?;
                let before = start.pred_opt().ok_or_else(|| self.undefined("the cycle leaves the calendar"))?;
                self.cycle_of(before).map(|(start, end)| Span { from: Some(start), until: Some(end) })
            }
            Window::Last(node) => match self.eval(node) {
                Value::Duration(length) => {
                    // The day that lies so long before is not included: a year of days, not a year and a day.
                    let edge = length.reversed().and_then(|back| date::shift(self.as_of, back));
                    let from = edge.and_then(|edge| edge.succ_opt());
                    from.map(|from| Span { from: Some(from), until: None })
                        .ok_or_else(|| self.undefined("the window leaves the calendar"))
                }
                Value::Unknown(why) => Err(why),
                _ => Err(self.undefined("the window has no length")),
            },
            Window::Between(from, until) => {
                let day = |node: &'a crate::model::node::Node| match self.eval(node) {
                    Value::Date(day) => Ok(Some(day)),
                    Value::Unknown(why) => Err(why),
                    _ => Ok(None),
                };
                let from = from.as_ref().map_or(Ok(None), day)?;
                let until = until.as_ref().map_or(Ok(None), day)?;
                Ok(Span { from, until })
            }
        }
    }
}

/// The stretch of `months` months, counted on and back from `anchor`, in which `day` lies.
fn regular(anchor: Date, months: i32, day: Date) -> Option<(Date, Date)> {
    let apart = (day.year() - anchor.year()) * 12 + day.month() as i32 - anchor.month() as i32;
    let mut number = apart.div_euclid(months);
    let start_of = |number: i32| date::shift(anchor, Duration::months(number.checked_mul(months)?));
    // Months differ in length, so that it may be the one before or after.
    let mut start = start_of(number)?;
    if start > day {
        number -= 1;
        start = start_of(number)?;
    }
    let end = start_of(number + 1)?;
    if end <= day {
        return Some((end, start_of(number + 2)?));
    }
    Some((start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        date::parse(text).expect("a date")
    }

    #[test]
    fn a_day_lies_in_one_stretch() {
        let stretch = |anchor, months, on| regular(day(anchor), months, day(on));
        let years = |from, until| Some((day(from), day(until)));
        assert_eq!(stretch("2024-01-01", 12, "2024-12-31"), years("2024-01-01", "2025-01-01"));
        assert_eq!(stretch("2024-01-01", 12, "2025-01-01"), years("2025-01-01", "2026-01-01"));
        assert_eq!(stretch("2024-01-01", 12, "2023-06-30"), years("2023-01-01", "2024-01-01"));
        assert_eq!(stretch("2024-02-01", 3, "2025-01-31"), years("2024-11-01", "2025-02-01"));
        assert_eq!(stretch("2024-02-29", 12, "2025-02-28"), years("2025-02-28", "2026-02-28"));
        assert_eq!(stretch("2020-01-01", 24, "2023-12-31"), years("2022-01-01", "2024-01-01"));
    }
}
