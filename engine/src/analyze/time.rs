//! Rules and values whose days lie outside the days of their version.

use super::About;
use crate::date::Date;
use crate::finding::{Finding, Findings, code};
use crate::source::Span;

/// Tells of requirements, exceptions and dated values that no day of the version meets. A measure or an
/// award may speak of records from before, so their days are theirs.
pub fn outside(about: About<'_>, findings: &mut Findings) {
    let model = about.model;
    let (begins, ends) = (about.version.from, about.version.until);
    let mut tell = |what: String, span: Span, from: Option<Date>, until: Option<Date>| {
        let why = match (until, begins, from, ends) {
            (Some(until), Some(begins), ..) if until <= begins => {
                format!("it ends on {until}, and the version is in force from {begins}")
            }
            (.., Some(from), Some(ends)) if from >= ends => {
                format!("it begins on {from}, and the version is in force until {ends}")
            }
            _ => return,
        };
        findings.add(
            Finding::new(&code::OUT_OF_TIME, span, format!("{what} is never in force: {why}"))
                .and(about.version.place, "the days of the version")
                .help("change the days, or leave it out"),
        );
    };
    for requirement in model.ladders.iter().flat_map(|ladder| &ladder.requires) {
        tell(format!("the requirement `{}`", requirement.id), requirement.span, requirement.from, requirement.until);
    }
    for need in model.rulings.iter().flat_map(|ruling| ruling.needs()) {
        tell(format!("the requirement `{}`", need.id), need.span, need.from, need.until);
    }
    for exception in &model.exceptions {
        tell(format!("the exception `{}`", exception.id), exception.span, exception.from, exception.until);
    }
    for parameter in model.parameters.iter().filter(|parameter| parameter.view_of.is_none()) {
        // Each value holds until the next one; only the first change may lie at or before the start.
        let starts = parameter.changes.iter().map(|(from, _)| *from);
        let mut froms: Vec<Option<Date>> = vec![None];
        froms.extend(starts.map(Some));
        for (place, from) in froms.iter().enumerate() {
            let until = froms.get(place + 1).copied().flatten();
            let which = match from {
                Some(from) => format!("the value of `{}` from {from} on", parameter.name),
                None if parameter.changes.is_empty() => continue,
                None => format!("the first value of `{}`", parameter.name),
            };
            tell(which, parameter.span, *from, until);
        }
    }
}
