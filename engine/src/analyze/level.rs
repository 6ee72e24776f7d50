//! Levels that nobody is ever told to be on, and ways to a level that nobody needs.

use super::About;
use super::same::same;
use super::together::Together;
use crate::finding::{Finding, Findings, code};
use crate::model::node::Node;
use crate::model::{Ladder, LevelRow, Requirement};

/// Tells of rows of ladders that decide nothing.
pub fn unreachable(about: About<'_>, findings: &mut Findings) {
    // Where somebody decides the level, rows need not ask for anything.
    for ladder in about.model.ladders.iter().filter(|ladder| ladder.assigned.is_none()) {
        for (place, row) in ladder.rows.iter().enumerate() {
            let finding = impossible(about, ladder, row).or_else(|| hidden(about, ladder, place));
            finding.into_iter().for_each(|finding| findings.add(finding));
        }
    }
}

/// A finding when what a row requires cannot be met together.
fn impossible(about: About<'_>, ladder: &Ladder, row: &LevelRow) -> Option<Finding> {
    let everywhere = ladder.requires.iter().filter(|requirement| is_plain(requirement));
    let conditions: Vec<&Node> = row
        .requirements
        .iter()
        .filter(|requirement| is_plain(requirement))
        .chain(everywhere)
        .map(|requirement| &requirement.that)
        .chain(&row.applies)
        .collect();
    let level = about.quoted_level(ladder, row);
    let alone = conditions.iter().find(|node| about.judge().comparison(node) == Some(false));
    let finding = match alone {
        Some(node) => Finding::new(&code::UNREACHABLE_LEVEL, row.span, format!("nobody can reach {level}"))
            .and(node.span, "this can never be met"),
        None => {
            let (later, earlier) = Together::of(about.judge()).with(conditions.iter().copied()).clash()?;
            Finding::new(&code::UNREACHABLE_LEVEL, row.span, format!("nobody can reach {level}"))
                .and(earlier, "this is required")
                .and(later, "and this, which contradicts it")
        }
    };
    Some(finding.help("change one of the two, or leave out the row"))
}

/// A finding when whoever meets a row meets another that gives as much or more.
fn hidden(about: About<'_>, ladder: &Ladder, place: usize) -> Option<Finding> {
    let row = &ladder.rows[place];
    let (_, other_row) = ladder.rows.iter().enumerate().find(|(other, higher)| {
        let gives_more = match higher.level.cmp(&row.level) {
            std::cmp::Ordering::Greater => !ladder.builds_up || higher.level == row.level + 1,
            std::cmp::Ordering::Equal => *other != place,
            std::cmp::Ordering::Less => false,
        };
        // Of two ways that ask the same, the first one stays.
        gives_more
            && implies(about, row, higher)
            && (*other < place || higher.level != row.level || !implies(about, higher, row))
    })?;
    let level = about.quoted_level(ladder, row);
    let higher = about.quoted_level(ladder, other_row);
    let message = format!("whoever meets {level} meets {higher} too, so this row decides nothing");
    Some(
        Finding::new(&code::UNREACHABLE_LEVEL, row.span, message)
            .and(other_row.span, "this asks for nothing more")
            .help("ask for more in the higher row, which stands further down, or leave out this one"),
    )
}

/// Whether whoever meets `row` surely meets `other`.
pub(super) fn implies(about: About<'_>, row: &LevelRow, other: &LevelRow) -> bool {
    let judge = about.judge();
    other.applies.iter().all(|condition| row.applies.iter().any(|own| same(own, condition)))
        && other.requirements.iter().all(|wanted| {
            judge.comparison(&wanted.that) == Some(true)
                || row.requirements.iter().any(|own| {
                    is_plain(own)
                        && (same(&own.that, &wanted.that)
                            || match (&own.have, &own.need, &wanted.have, &wanted.need) {
                                (Some(a), Some(need), Some(b), Some(less)) => {
                                    is_ordered(own, wanted)
                                        && same(a, b)
                                        && (same(need, less) || judge.range(less).is_at_most(judge.range(need)))
                                }
                                _ => false,
                            })
                })
        })
}

/// Whether both say "at least".
fn is_ordered(a: &Requirement, b: &Requirement) -> bool {
    use crate::expression::Operator::AtLeast;
    use crate::model::node::Op::Compare;
    matches!((&a.that.op, &b.that.op), (Compare(AtLeast, x, _), Compare(AtLeast, y, _)) if same(x, y))
}

/// Whether a requirement holds for everybody on every day.
fn is_plain(requirement: &Requirement) -> bool {
    requirement.when.is_none()
        && requirement.unless.is_none()
        && requirement.from.is_none()
        && requirement.until.is_none()
}

impl About<'_> {
    /// A way to a level, as messages name it.
    pub(super) fn quoted_level(self, ladder: &Ladder, row: &LevelRow) -> String {
        let words = &self.model.words(ladder.levels).words;
        let level = words.get(row.level as usize).map_or("", String::as_str);
        match &row.via {
            Some(via) => format!("`{level}` by `{via}`"),
            None => format!("`{level}`"),
        }
    }
}
