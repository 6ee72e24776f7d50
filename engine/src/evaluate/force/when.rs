//! When levels move: at once, or on days of the calendar.

use crate::date::Date;
use chrono::Datelike;

/// When levels move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When<'m> {
    Immediately,
    AtCycleEnd,
    AtCycleStart,
    Quarterly,
    Monthly,
    Days(&'m [(u32, u32)]),
}

impl When<'_> {
    /// Whether levels may move on `day` of a cycle that starts on `start`.
    pub fn is_on(self, day: Date, start: Date) -> bool {
        match self {
            When::Immediately => true,
            When::AtCycleEnd => false,
            When::AtCycleStart => day == start,
            When::Quarterly => day.day() == 1 && day.month() % 3 == 1,
            When::Monthly => day.day() == 1,
            When::Days(days) => days.contains(&(day.month(), day.day())),
        }
    }

    /// The next day after `day` on which levels may move because of the calendar.
    pub fn after(self, day: Date) -> Option<Date> {
        let months = match self {
            When::Quarterly => 3,
            When::Monthly => 1,
            When::Days(days) => {
                let candidates = [day.year(), day.year() + 1].into_iter().flat_map(|year| {
                    days.iter().filter_map(move |(month, of_month)| Date::from_ymd_opt(year, *month, *of_month))
                });
                return candidates.filter(|candidate| *candidate > day).min();
            }
            _ => return None,
        };
        let mut next = crate::date::month_end(day).succ_opt()?;
        while months == 3 && next.month() % 3 != 1 {
            next = crate::date::month_end(next).succ_opt()?;
        }
        Some(next)
    }
}
