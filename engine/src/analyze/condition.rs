//! Conditions that hold for everybody, and conditions that hold for nobody.
//!
//! A cell of a row is a line of a table: a zero in it is what the guide prints, so only a cell that
//! can never be met is told of.

use super::About;
use super::together::Together;
use crate::finding::{Finding, Findings, code};
use crate::model::node::{Constant, Node, Op};
use crate::model::{How, Model, What, Window};

/// Tells of conditions that are constant.
pub fn constant(about: About<'_>, findings: &mut Findings) {
    let mut written = Vec::new();
    written_nodes(about.model, &mut written);
    for node in written {
        look(about, node, true, findings);
    }
    let mut cells = Vec::new();
    cell_nodes(about.model, &mut cells);
    for node in cells {
        look(about, node, false, findings);
    }
    rows(about, findings);
    windows(about, findings);
}

/// Every expression that is written out as one.
fn written_nodes<'m>(model: &'m Model, into: &mut Vec<&'m Node>) {
    let mut visit = |node: &'m Node| into.push(node);
    model.cycle.iter().for_each(|cycle| cycle.nodes(&mut visit));
    for measure in &model.measures {
        if let How::Value(node) = &measure.how {
            visit(node);
        }
    }
    for tally in &model.tallies {
        tally.value.iter().chain(&tally.happened).chain(&tally.filter).for_each(&mut visit);
    }
    for credit in &model.credits {
        credit.filter.iter().chain(&credit.value).chain(&credit.subject).for_each(&mut visit);
    }
    for ladder in &model.ladders {
        ladder.carried.iter().chain(&ladder.assigned).for_each(&mut visit);
    }
    let credited = model.credits.iter().flat_map(|credit| &credit.requires);
    for requirement in model.ladders.iter().flat_map(|ladder| &ladder.requires).chain(credited) {
        requirement.when.iter().chain(&requirement.unless).chain([&requirement.that]).for_each(&mut visit);
    }
    for ruling in &model.rulings {
        ruling.dated_by.iter().chain(&ruling.starts).chain(&ruling.used).for_each(&mut visit);
        for need in ruling.needs() {
            need.when.iter().chain(&need.unless).for_each(&mut visit);
            if let What::That { that, .. } = &need.what {
                visit(that);
            }
        }
        ruling.gives.iter().flat_map(|part| part.when.iter().chain(&part.percent).chain(&part.of)).for_each(&mut visit);
    }
    for obligation in &model.obligations {
        [&obligation.due].into_iter().chain(&obligation.filter).for_each(&mut visit);
        obligation.steps.iter().flat_map(|step| step.when.iter().chain(&step.unless)).for_each(&mut visit);
    }
    model.standings.iter().for_each(|standing| visit(&standing.when));
    model.exceptions.iter().for_each(|exception| visit(&exception.who));
}

/// Every condition that a cell of a row states.
fn cell_nodes<'m>(model: &'m Model, into: &mut Vec<&'m Node>) {
    into.extend(model.tallies.iter().flat_map(|tally| &tally.rows).flat_map(|row| &row.tests));
    for row in model.ladders.iter().flat_map(|ladder| &ladder.rows) {
        into.extend(row.applies.iter().chain(row.requirements.iter().map(|requirement| &requirement.that)));
    }
    into.extend(model.obligations.iter().flat_map(|obligation| &obligation.steps).flat_map(|step| &step.tests));
    into.extend(model.credits.iter().flat_map(|credit| &credit.rows).flat_map(|row| &row.applies));
    for benefit in &model.benefits {
        into.extend(benefit.applies.iter().chain(benefit.requirements.iter().map(|requirement| &requirement.that)));
    }
}

/// Tells of every comparison in an expression that is constant; else of parts that contradict each other.
fn look(about: About<'_>, node: &Node, always: bool, findings: &mut Findings) -> bool {
    let mut told = false;
    node.parts(&mut |part| told |= look(about, part, always, findings));
    match about.judge().comparison(node) {
        Some(false) => {
            findings.add(
                Finding::new(&code::NEVER_HOLDS, node.span, format!("{} never holds", about.quoted(node.span)))
                    .help("mend the comparison, or leave out what depends on it"),
            );
            return true;
        }
        Some(true) if always => {
            findings.add(
                Finding::new(&code::ALWAYS_HOLDS, node.span, format!("{} always holds", about.quoted(node.span)))
                    .help("leave it out, or compare with the number that is meant"),
            );
            return true;
        }
        _ => {}
    }
    if told {
        return true;
    }
    match &node.op {
        Op::And(_) => {
            let clash = Together::of(about.judge()).with([node]).clash();
            if let Some((later, earlier)) = clash {
                findings.add(
                    Finding::new(
                        &code::NEVER_HOLDS,
                        later,
                        format!("{} contradicts what stands with it", about.quoted(later)),
                    )
                    .and(earlier, "both must hold here")
                    .help("join them by `||` if one of them is enough"),
                );
            }
            clash.is_some()
        }
        Op::Or(_) if always => {
            let mut not = Together::of(about.judge());
            not.add(node, false);
            if let Some((later, earlier)) = not.clash() {
                findings.add(
                    Finding::new(&code::ALWAYS_HOLDS, later, "one of these always holds")
                        .and(earlier, "where this fails, the other holds")
                        .help("join them by `&&` if both are needed"),
                );
            }
            not.clash().is_some()
        }
        _ => false,
    }
}

/// Tells of rows that can take no record, because the rule's `where` leaves them none.
fn rows(about: About<'_>, findings: &mut Findings) {
    for tally in &about.model.tallies {
        for row in &tally.rows {
            let conditions = || tally.filter.iter().chain(&row.tests);
            if conditions().any(|node| about.judge().comparison(node) == Some(false)) {
                continue;
            }
            let alone = Together::of(about.judge()).with(&tally.filter);
            if alone.clash().is_some() {
                continue;
            }
            if let Some((later, earlier)) = Together::of(about.judge()).with(conditions()).clash() {
                findings.add(
                    Finding::new(&code::NEVER_HOLDS, later, "the row can take no record")
                        .and(earlier, "both must hold of a record")
                        .help("leave out the row, or let the rule's `where` admit what the row asks for"),
                );
            }
        }
    }
}

/// Tells of windows without a day.
fn windows(about: About<'_>, findings: &mut Findings) {
    for tally in &about.model.tallies {
        let Window::Between(Some(from), Some(until)) = &tally.window else { continue };
        if about.judge().range(until).is_at_most(about.judge().range(from)) && !is_none(from) && !is_none(until) {
            findings.add(
                Finding::new(
                    &code::NEVER_HOLDS,
                    until.span,
                    "the time ends before it begins, so no record falls in it",
                )
                .and(from.span, "it begins here")
                .help("`until` is the day after the last day"),
            );
        }
    }
}

fn is_none(node: &Node) -> bool {
    matches!(node.op, Op::Constant(Constant::None))
}
