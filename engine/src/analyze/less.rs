//! Columns of ladders that fall: a higher level asks for less of something than a lower one.

use super::About;
use super::level::implies;
use super::same::same;
use crate::finding::{Finding, Findings, code};
use crate::model::node::{Constant, Node, Op};
use crate::model::{Ladder, LevelRow, Requirement};
use crate::value::Decimal;

/// Tells of rows that ask for less than the nearest lower row of the same way. A ladder whose levels
/// build up asks for the lower levels too, so its columns may fall.
pub fn asked(about: About<'_>, findings: &mut Findings) {
    for ladder in about.model.ladders.iter().filter(|ladder| !ladder.builds_up) {
        for (place, row) in ladder.rows.iter().enumerate() {
            let lower = ladder.rows[..place].iter().rfind(|lower| lower.level < row.level && lower.via == row.via);
            // Rows for others say nothing of each other, and a lower level that is never told is told of already.
            let comparable = lower.filter(|lower| {
                let all = |own: &[Node], other: &[Node]| own.iter().all(|a| other.iter().any(|b| same(a, b)));
                let alike = all(&lower.applies, &row.applies) && all(&row.applies, &lower.applies);
                alike && !implies(about, lower, row)
            });
            for (before, after) in comparable.into_iter().flat_map(|lower| falling(lower, row)) {
                findings.add(told(about, ladder, row, before, after));
            }
        }
    }
}

/// What both rows ask, the higher one for less.
fn falling<'r>(lower: &'r LevelRow, row: &'r LevelRow) -> Vec<(&'r Requirement, &'r Requirement)> {
    let pairs = row.requirements.iter().filter_map(|after| {
        let before = lower.requirements.iter().find(|before| match (&before.have, &after.have) {
            (Some(a), Some(b)) => same(a, b),
            _ => false,
        })?;
        (number(before.need.as_ref()?)? > number(after.need.as_ref()?)?).then_some((before, after))
    });
    pairs.collect()
}

/// A number, or the place of a level.
fn number(node: &Node) -> Option<Decimal> {
    match &node.op {
        Op::Constant(Constant::Number(number)) => Some(*number),
        Op::Constant(Constant::Word(place)) => Some(Decimal::from(*place)),
        _ => None,
    }
}

fn told(about: About<'_>, ladder: &Ladder, row: &LevelRow, before: &Requirement, after: &Requirement) -> Finding {
    let level = about.quoted_level(ladder, row);
    let message = format!("{level} asks for less `{}` than the level below it", after.id);
    let place = |requirement: &Requirement| requirement.need.as_ref().map_or(requirement.span, |need| need.span);
    Finding::new(&code::ASKS_LESS, place(after), message)
        .and(place(before), "the level below asks for this")
        .help("a higher level asks for as much or more; swap the two numbers, or mend one of them")
}
