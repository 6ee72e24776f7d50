//! The frame of a rulebook in words: when it is in force, its cycle, its modules, what the guide does not say.

use super::catalogue::{duty, part, rule, ruling};
use super::teller::{Teller, line, under};
use super::{Described, Kind, Line};
use crate::model::node::{Constant, Node, Op};
use crate::model::{Model, RowsOf, Start};
use std::collections::BTreeSet;

/// The id of what is said of all benefits together.
pub const BENEFITS: &str = "benefits";

/// `program@version`, under which the frame is known.
pub fn id(model: &Model) -> String {
    format!("{}@{}", model.program, model.version)
}

/// The frame of the rulebook.
pub fn describe(teller: &Teller<'_>) -> Described {
    let model = teller.model;
    let mut lines = vec![line(in_force(teller))];
    lines.extend(model.binds.as_ref().map(|binds| line(teller.say(rule::BINDS, &[&teller.noun(binds)]))));
    let status = match model.status.as_str() {
        "published" => rule::STATUS_PUBLISHED,
        "retired" => rule::STATUS_RETIRED,
        _ => rule::STATUS_DRAFT,
    };
    lines.push(line(teller.say(status, &[])));
    if let Some(provisional) = &model.provisional {
        lines.push(line(teller.say(rule::PROVISIONAL, &[&teller.text(provisional)])));
    }
    if let Some(currency) = &model.currency {
        lines.push(line(teller.say(rule::CURRENCY, &[currency])));
        for rate in &model.exchange {
            let value = teller.quantity(&crate::value::Kind::Money, rate.rate);
            lines.push(under(match rate.from {
                Some(from) => teller.say(rule::RATE_FROM, &[&rate.currency, &value, &teller.date(from)]),
                None => teller.say(rule::RATE, &[&rate.currency, &value]),
            }));
        }
    }
    lines.extend(cycle(teller));
    lines.extend(modules(teller));
    lines.extend(duties(teller));
    let gaps = unspecified(model);
    if !gaps.is_empty() {
        let gaps: Vec<String> = gaps.into_iter().collect();
        lines.push(line(teller.say(rule::NOT_SPECIFIED, &[""]).trim_end().to_owned()));
        lines.extend(gaps.into_iter().map(under));
    }
    Described {
        id: id(model),
        kind: Kind::Rulebook,
        title: model.title.as_ref().map(|title| teller.text(title)),
        lines,
        sources: teller.cited(&[&model.source, &model.cycle.as_ref().and_then(|cycle| cycle.source.clone())]),
        note: model.note.clone(),
        reads: Vec::new(),
        read_by: Vec::new(),
    }
}

fn in_force(teller: &Teller<'_>) -> String {
    let model = teller.model;
    match (model.from, model.until) {
        (Some(from), None) => teller.say(rule::IN_FORCE_FROM, &[&teller.date(from)]),
        (Some(from), Some(until)) => teller.say(rule::IN_FORCE_SPAN, &[&teller.date(from), &teller.date(until)]),
        (None, Some(until)) => teller.say(rule::IN_FORCE_UNTIL, &[&teller.date(until)]),
        (None, None) => teller.say(rule::IN_FORCE_ALWAYS, &[]),
    }
}

/// When the cycle starts, and how long it lasts.
pub fn cycle(teller: &Teller<'_>) -> Vec<Line> {
    let Some(cycle) = &teller.model.cycle else { return Vec::new() };
    let lasts = teller.setting_words(&cycle.lasts);
    let mut lines = vec![line(match &cycle.starts {
        Start::DayOfYear(month, day) => teller.say(rule::CYCLE_DAY, &[&teller.day_of_year(*month, *day), &lasts]),
        Start::Anniversary(date) => teller.say(rule::CYCLE_ANNIVERSARY, &[&teller.noun(date), &lasts]),
    })];
    lines.extend(cycle.first.iter().map(|first| line(teller.say(rule::CYCLE_FIRST, &[&teller.setting_words(first)]))));
    lines.extend(cycle.note.iter().map(|note| under(teller.say(rule::NOTE, &[note]))));
    lines
}

/// What is ruled on, what is due, what follows from it, and who is excepted, by name.
fn duties(teller: &Teller<'_>) -> Vec<Line> {
    let model = teller.model;
    let list = |names: Vec<String>| teller.listed(&names, part::LIST_TWO_AND);
    let mut lines = Vec::new();
    if !model.rulings.is_empty() {
        let all = model.rulings.iter().map(|known| teller.title_or(known.title.as_ref(), &known.id)).collect();
        lines.push(line(teller.say(ruling::ALL_RULINGS, &[&list(all)])));
    }
    if !model.obligations.is_empty() {
        let all = model.obligations.iter().map(|known| teller.title_or(known.title.as_ref(), &known.id)).collect();
        lines.push(line(teller.say(duty::ALL_OBLIGATIONS, &[&list(all)])));
    }
    lines.extend(standings(teller));
    if !model.exceptions.is_empty() {
        let all = model.exceptions.iter().map(|known| teller.title_or(known.title.as_ref(), &known.id)).collect();
        lines.push(line(teller.say(duty::ALL_EXCEPTIONS, &[&list(all)])));
    }
    lines
}

/// What is said of all benefits together, where anything is.
pub fn benefits(teller: &Teller<'_>) -> Described {
    let model = teller.model;
    Described {
        id: BENEFITS.to_owned(),
        kind: Kind::Benefit,
        title: None,
        lines: Vec::new(),
        sources: teller.cited(&[&model.benefits_source]),
        note: model.benefits_note.clone(),
        reads: Vec::new(),
        read_by: Vec::new(),
    }
}

/// The standings by name, in their order.
pub fn standings(teller: &Teller<'_>) -> Option<Line> {
    let model = teller.model;
    if model.standings.is_empty() {
        return None;
    }
    let all: Vec<String> =
        model.standings.iter().map(|known| teller.title_or(known.title.as_ref(), &known.id)).collect();
    let others = teller.say(part::AFFILIATED, &[]);
    Some(line(teller.say(duty::ALL_STANDINGS, &[&teller.listed(&all, part::LIST_TWO_AND), &others])))
}

fn modules(teller: &Teller<'_>) -> Vec<Line> {
    let Some(modules) = &teller.model.modules else { return Vec::new() };
    let count = teller.model.words(modules.words).words.len();
    let names: Vec<String> = (0..count).map(|at| teller.word(modules.words, at as u32)).collect();
    let separator = teller.say(part::COMMA, &[]);
    vec![
        line(teller.say(rule::MODULES, &[&names.join(&separator)])),
        line(teller.say(rule::EARN_ONCE, &[&teller.setting_words(&modules.earn_once)])),
    ]
}

/// The places of everything that the guide does not say.
pub fn unspecified(model: &Model) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut note = |constant: &Constant| {
        if let Constant::Unspecified(place) = constant {
            found.insert(place.clone());
        }
    };
    for parameter in &model.parameters {
        parameter.cells.iter().flatten().for_each(&mut note);
        parameter.changes.iter().flat_map(|(_, cells)| cells).flatten().for_each(&mut note);
    }
    for domain in &model.domains {
        if let RowsOf::Table(table) = &domain.rows {
            table.cells.iter().flatten().for_each(&mut note);
        }
    }
    model.nodes(&mut |node| {
        node.walk(&mut |part: &Node| {
            if let Op::Constant(constant) = &part.op {
                note(constant);
            }
        });
    });
    found
}
