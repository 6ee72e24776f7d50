//! Calendar days and the arithmetic that rules do with them.
//!
//! Months end at the month's last day: 29 February plus one year is 28 February, and
//! 31 January plus one month is the last of February. Nothing here reads a clock.

use crate::value::Duration;
use chrono::{Datelike, Days, Months};

pub use chrono::NaiveDate as Date;

/// `date` moved by `by`: months first (clamped to the month's end), then days.
/// `None` when the result leaves the calendar.
pub fn shift(date: Date, by: Duration) -> Option<Date> {
    let months = Months::new(by.months.unsigned_abs());
    let moved = match by.months {
        0 => date,
        ..0 => date.checked_sub_months(months)?,
        _ => date.checked_add_months(months)?,
    };
    let days = Days::new(u64::from(by.days.unsigned_abs()));
    let date = match by.days {
        0 => moved,
        ..0 => moved.checked_sub_days(days)?,
        _ => moved.checked_add_days(days)?,
    };
    (1..=9999).contains(&date.year()).then_some(date)
}

/// Whole days from `from` to `to`; negative when `to` is earlier.
pub fn days_between(from: Date, to: Date) -> i64 {
    to.signed_duration_since(from).num_days()
}

/// Whole months from `from` to `to`, counted so that `from` moved by the answer does not pass `to`;
/// negative when `to` is earlier.
pub fn months_between(from: Date, to: Date) -> i32 {
    if to < from {
        return -months_between(to, from);
    }
    let apart = (to.year() - from.year()) * 12 + to.month() as i32 - from.month() as i32;
    match shift(from, Duration::months(apart)) {
        Some(reached) if reached <= to => apart,
        _ => apart - 1,
    }
}

/// The first day of the year of `date`.
pub fn year_start(date: Date) -> Date {
    date.with_ordinal(1).unwrap_or(date)
}

/// The first day of the month of `date`.
pub fn month_start(date: Date) -> Date {
    date.with_day(1).unwrap_or(date)
}

/// The last day of the month of `date`.
pub fn month_end(date: Date) -> Date {
    shift(month_start(date), Duration { months: 1, days: -1 }).unwrap_or(date)
}

/// The day of `year` that corresponds to `date`; 28 February stands for a missing 29 February.
pub fn in_year(date: Date, year: i32) -> Option<Date> {
    shift(date, Duration::months(year.checked_sub(date.year())?.checked_mul(12)?))
}

/// Reads `2024-08-01` and nothing else.
pub fn parse(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let number = |range: std::ops::Range<usize>| {
        bytes[range].iter().try_fold(0u32, |sum, b| b.is_ascii_digit().then(|| sum * 10 + u32::from(b - b'0')))
    };
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    (year >= 1).then(|| Date::from_ymd_opt(year as i32, month, day))?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        parse(text).expect("a date")
    }

    #[test]
    fn months_end_at_the_last_day_of_the_month() {
        assert_eq!(shift(day("2024-02-29"), Duration::months(24)), Some(day("2026-02-28")));
        assert_eq!(shift(day("2024-02-29"), Duration::months(48)), Some(day("2028-02-29")));
        assert_eq!(shift(day("2024-01-31"), Duration::months(1)), Some(day("2024-02-29")));
        assert_eq!(shift(day("2025-01-10"), Duration::days(90)), Some(day("2025-04-10")));
        assert_eq!(shift(day("9999-12-31"), Duration::days(1)), None);
        assert_eq!(shift(day("0001-01-01"), Duration::days(-1)), None);
    }

    #[test]
    fn months_between_never_passes_the_later_date() {
        assert_eq!(months_between(day("2021-08-01"), day("2024-08-01")), 36);
        assert_eq!(months_between(day("2021-08-02"), day("2024-08-01")), 35);
        assert_eq!(months_between(day("2024-01-31"), day("2024-02-29")), 1);
        assert_eq!(months_between(day("2024-08-01"), day("2021-08-01")), -36);
    }

    #[test]
    fn the_corresponding_day_of_another_year() {
        assert_eq!(in_year(day("2024-02-29"), 2025), Some(day("2025-02-28")));
        assert_eq!(month_end(day("2024-02-10")), day("2024-02-29"));
        assert_eq!(month_start(day("2024-02-10")), day("2024-02-01"));
    }

    #[test]
    fn only_a_whole_iso_date_is_a_date() {
        for text in ["2024-2-01", "2024-02-30", "2024-02-01T00:00", "20240201", "0000-01-01", "2024/02/01", ""] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
