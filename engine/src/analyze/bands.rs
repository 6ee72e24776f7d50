//! Bands that stop: a parameter that says nothing of large numbers.

use super::About;
use crate::finding::{Finding, Findings, code};
use crate::model::{Bound, Key, numbered_day};
use crate::value::{Decimal, Kind};

/// Tells of bands whose last one has a bound. Shares of a whole may stop at 100 %.
pub fn stopping(about: About<'_>, findings: &mut Findings) {
    for parameter in about.model.parameters.iter().filter(|parameter| parameter.view_of.is_none()) {
        for key in &parameter.keys {
            let Key::Bands(bounds, kind) = key else { continue };
            let (last, end) = match bounds.last() {
                Some(Bound::UpTo(last)) if *kind == Kind::Percent && *last >= Decimal::ONE_HUNDRED => continue,
                Some(Bound::UpTo(last)) => (last, "more than"),
                Some(Bound::Below(last)) => (last, "at least"),
                Some(Bound::Open) | None => continue,
            };
            let message = match numbered_day(*last).filter(|_| *kind == Kind::Date) {
                Some(day) if end == "more than" => format!("`{}` says nothing of days after {day}", parameter.name),
                Some(day) => format!("`{}` says nothing of days from {day} on", parameter.name),
                None => format!("`{}` says nothing of what is {end} {last}", parameter.name),
            };
            findings.add(
                Finding::new(&code::BANDS_STOP, parameter.span, message).help(
                    "add a last band without a bound, { is = … }; `\"unspecified\"` where the guide does not say",
                ),
            );
        }
    }
}
