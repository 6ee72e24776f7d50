//! Numbers of which nobody can say where they come from.
//!
//! Asked only of a rulebook that names its documents: one without `[sources]` is nobody's guide yet.

use super::About;
use crate::finding::{Finding, Findings, code};
use crate::model::node::{Constant, Node, Op};
use crate::source::Span;

/// Tells of parameters, rows of awards and rows of ladders with a number and no source.
pub fn missing(about: About<'_>, findings: &mut Findings) {
    let model = about.model;
    if model.documents.is_empty() {
        return;
    }
    let mut tell = |what: String, span: Span| {
        findings.add(
            Finding::new(&code::NO_SOURCE, span, format!("{what} has no source"))
                .help("say `source = \"CLAUSE\"`, or { in = …, clause = …, says = … }"),
        );
    };
    for parameter in &model.parameters {
        let own = !parameter.name.is_empty() && parameter.view_of.is_none();
        if own && parameter.source.is_none() && parameter.values().any(is_number) {
            tell(format!("the parameter `{}`", parameter.name), parameter.span);
        }
    }
    for award in &model.awards {
        let without = |place: usize| award.rows[place].source.is_none() && holds_number(&award.rows[place].points);
        let places: Vec<usize> = (0..award.rows.len()).filter(|place| without(*place)).collect();
        if places.len() == award.rows.len() && award.source.is_none() {
            tell(format!("the award `{}`", award.id), award.span);
            continue;
        }
        let rows = &model.tallies[award.tally as usize].rows;
        for place in places {
            tell(format!("the row `{}`", award.rows[place].rule), rows[place].span);
        }
    }
    for ladder in &model.ladders {
        let asks =
            |row: &crate::model::LevelRow| row.requirements.iter().any(|asked| asked.need.iter().any(holds_number));
        let rows: Vec<_> = ladder.rows.iter().filter(|row| row.source.is_none() && asks(row)).collect();
        if rows.len() == ladder.rows.len() && !rows.is_empty() {
            tell(format!("the ladder `{}`", ladder.id), ladder.span);
            continue;
        }
        for row in rows {
            tell(format!("the level {}", about.quoted_level(ladder, row)), row.span);
        }
    }
}

fn holds_number(node: &Node) -> bool {
    matches!(&node.op, Op::Constant(constant) if is_number(constant))
}

fn is_number(constant: &Constant) -> bool {
    matches!(constant, Constant::Number(_) | Constant::Duration(_))
}
