//! Numbers of which nobody can say where they come from.
//!
//! Asked only of a rulebook that names its documents: one without `[sources]` is nobody's guide yet.

use super::About;
use crate::finding::{Finding, Findings, code};
use crate::model::node::{Constant, Node, Op};
use crate::model::{Model, What};
use crate::source::Span;

/// Tells of parameters, rows of awards and of ladders, and rulings with a number and no source.
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
        let without =
            |place: usize| award.rows[place].source.is_none() && holds_number(model, &award.rows[place].points);
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
        let asks = |row: &crate::model::LevelRow| {
            row.requirements.iter().any(|asked| asked.need.iter().any(|need| holds_number(model, need)))
        };
        let rows: Vec<_> = ladder.rows.iter().filter(|row| row.source.is_none() && asks(row)).collect();
        if rows.len() == ladder.rows.len() && !rows.is_empty() {
            tell(format!("the ladder `{}`", ladder.id), ladder.span);
            continue;
        }
        for row in rows {
            tell(format!("the level {}", about.quoted_level(ladder, row)), row.span);
        }
    }
    rulings(about, &mut tell);
}

/// Tells of rulings that give, last, or are limited by a number, and have no source.
fn rulings(about: About<'_>, tell: &mut dyn FnMut(String, Span)) {
    let holds = |node: &Node| holds_number(about.model, node);
    for ruling in about.model.rulings.iter().filter(|ruling| ruling.source.is_none()) {
        let extended = ruling.extended.iter().flat_map(|extended| [Some(&extended.lasts), extended.at_most.as_ref()]);
        let limit = ruling.limit.iter().filter(|limit| limit.source.is_none()).map(|limit| &limit.at_most);
        let mut own = ruling.lasts.iter().chain(extended.flatten()).chain(limit);
        if own.any(holds) {
            tell(format!("the ruling `{}`", ruling.id), ruling.span);
            continue;
        }
        for part in ruling.gives.iter().filter(|part| part.source.is_none()) {
            let mut given = part.percent.iter().chain(&part.amount).chain(&part.at_most);
            if given.any(holds) {
                let name = part.id.as_ref().map_or_else(|| ruling.id.clone(), |id| format!("{}.{id}", ruling.id));
                tell(format!("what `{name}` gives"), part.span);
            }
        }
        for need in ruling.needs().into_iter().filter(|need| need.source.is_none()) {
            if matches!(&need.what, What::AtLeast(number, _) if holds(number)) {
                tell(format!("the requirement `{}`", need.id), need.span);
            }
        }
    }
}

/// Whether a number stands in the place of `node` itself; a cell that an exception may set does too.
fn holds_number(model: &Model, node: &Node) -> bool {
    match &node.op {
        Op::Constant(constant) => is_number(constant),
        Op::Parameter(id, _) => model.parameter(*id).name.is_empty(),
        _ => false,
    }
}

fn is_number(constant: &Constant) -> bool {
    matches!(constant, Constant::Number(_) | Constant::Duration(_))
}
