//! The days to come on which the answer changes if nothing is done, the near ones in full.

use super::value::counted;
use super::{Sheet, layout, obligations, standing};
use crate::output::{BAD, FAINT, GOOD, OPEN, styled};
use crate::words::fill;
use tierline_engine::date::{self, Date};
use tierline_engine::evaluate::decision::{Answer, Change, Deadline, Effect};
use tierline_engine::evaluate::{Decision, VERSION};
use tierline_engine::model::{How, Ladder, Window};
use tierline_engine::value::{DomainId, Duration, Kind};

/// How many records a line names.
const MOST_RECORDS: usize = 8;

/// Deadlines of one day and one rule.
struct Event<'a, 'd> {
    on: Date,
    /// The rule; none for the end of the cycle.
    rule: Option<&'d str>,
    effect: Effect,
    subjects: Vec<&'a str>,
    changes: Vec<&'a Change<'d>>,
    /// The levels that change; told once for a day.
    levels: Vec<&'a Change<'d>>,
}

/// Adds the deadlines.
pub fn add(sheet: &mut Sheet<'_>, decision: &Decision<'_>, until: Option<Date>) {
    let words = sheet.words;
    let horizon = date::shift(decision.receipt.as_of.0, Duration::months(12)).unwrap_or(Date::MAX);
    let events = events(sheet, decision);
    if events.is_empty() {
        return;
    }
    sheet.section(words.deadlines, "");
    // Far away, only what changes a level or is due needs a line of its own.
    let (near, far): (Vec<_>, Vec<_>) = events.into_iter().partition(|event| {
        let lapses = event.effect == Effect::StopsCounting && !event.subjects.is_empty();
        event.on <= horizon || !event.levels.is_empty() || !lapses
    });
    let mut last = None;
    let mut until = until;
    for event in &near {
        if until.is_some_and(|until| event.on >= until) && event.rule != Some(VERSION) {
            version_ends(sheet, until.take());
        }
        let day = if last == Some(event.on) { String::new() } else { event.on.to_string() };
        last = Some(event.on);
        let mut lines = layout::wrapped(&told(sheet, decision, event), layout::page() - 14);
        lines.retain(|line| !line.is_empty());
        for change in &event.levels {
            let style = if rises(sheet, change) { GOOD } else { BAD };
            let parts = layout::wrapped(&goes(sheet, change), layout::page() - 14);
            lines.extend(parts.into_iter().map(|line| styled(style, line)));
        }
        for (place, line) in lines.iter().enumerate() {
            let day = if place == 0 { day.as_str() } else { "" };
            sheet.line(format!("  {}  {line}", layout::left(day, 10)));
        }
    }
    if !far.is_empty() {
        version_ends(sheet, until);
        sheet.line(format!("  {}", styled(FAINT, words.later)));
    }
    for (rule, list) in by_rule(&far) {
        let named = fill(words.later_group, &[("what", &sheet.rule_title(rule)), ("list", &few(sheet, &list))]);
        for (place, line) in layout::wrapped(&named, layout::page() - 6).iter().enumerate() {
            sheet.line(format!("    {}{}", if place == 0 { "" } else { "  " }, styled(FAINT, line)));
        }
    }
}

/// Says that the version does not last; what is told from here on lies after it.
fn version_ends(sheet: &mut Sheet<'_>, until: Option<Date>) {
    let Some(last) = until.and_then(|until| until.pred_opt()) else { return };
    for line in layout::wrapped(&fill(sheet.words.version_ends, &[("day", &last.to_string())]), layout::page() - 4) {
        sheet.line(format!("  {}", styled(OPEN, line)));
    }
}

/// Deadlines by day and rule, in order; a change of level goes with the last of its day.
fn events<'a, 'd>(sheet: &Sheet<'_>, decision: &'a Decision<'d>) -> Vec<Event<'a, 'd>> {
    let mut events: Vec<Event<'a, 'd>> = Vec::new();
    for deadline in &decision.deadlines {
        let on = deadline.on.0;
        // What comes out alike is no change.
        let (levels, changes): (Vec<_>, Vec<_>) = deadline
            .changes
            .iter()
            .filter(|change| change.from != change.to && !goes_with(change, &deadline.changes))
            .partition(|change| stands_out(sheet, change.rule));
        if levels.is_empty() && changes.is_empty() && !deadline.changes.is_empty() {
            continue;
        }
        let ends = ends_with_cycle(sheet, decision, deadline);
        let rule = (!ends).then_some(deadline.rule);
        let subject = deadline.subject.as_deref().filter(|_| !ends);
        let effect = deadline.effect;
        let alike =
            |event: &&mut Event<'_, '_>| event.on == on && event.rule == rule && (ends || event.effect == effect);
        match events.iter_mut().find(alike) {
            Some(event) => {
                event.subjects.extend(subject);
                add_new(&mut event.changes, changes);
            }
            None => {
                let subjects = subject.into_iter().collect();
                events.push(Event { on, rule, effect, subjects, changes, levels: Vec::new() });
            }
        }
        if let Some(event) = events.iter_mut().rev().find(|event| event.on == on) {
            add_new(&mut event.levels, levels);
        }
    }
    for place in 1..events.len() {
        let (before, after) = events.split_at_mut(place);
        if let (Some(before), Some(after)) = (before.last_mut(), after.first())
            && before.on == after.on
        {
            before.levels.retain(|change| !after.levels.iter().any(|known| known.rule == change.rule));
        }
    }
    events
}

/// Whether what is earned changes as what is in force does; then the latter says it.
fn goes_with(change: &Change<'_>, all: &[Change<'_>]) -> bool {
    let Some(ladder) = change.rule.strip_suffix(".earned") else { return false };
    all.iter().any(|other| other.rule == ladder && other.from == change.from && other.to == change.to)
}

/// Adds the changes of rules that are not among those known.
fn add_new<'a, 'd>(known: &mut Vec<&'a Change<'d>>, more: Vec<&'a Change<'d>>) {
    for change in more {
        if !known.iter().any(|known| known.rule == change.rule) {
            known.push(change);
        }
    }
}

/// Whether it only says that a new cycle begins: what counts within the cycle counts no more.
fn ends_with_cycle(sheet: &Sheet<'_>, decision: &Decision<'_>, deadline: &Deadline<'_>) -> bool {
    if deadline.subject.is_none() {
        return deadline.rule == "cycle";
    }
    let measure = sheet.model.measures.iter().find(|measure| measure.name == deadline.rule);
    let within = match measure.map(|measure| &measure.how) {
        Some(How::Tally(tally, _)) => sheet.model.tallies.get(*tally as usize).map(|tally| &tally.window),
        _ => None,
    };
    within == Some(&Window::Cycle) && decision.cycle.is_some_and(|(_, end)| end == deadline.on.0)
}

fn told(sheet: &Sheet<'_>, decision: &Decision<'_>, event: &Event<'_, '_>) -> String {
    let words = sheet.words;
    let changes: Vec<_> = event.changes.iter().map(|change| goes(sheet, change)).collect();
    let changes = changes.join(words.comma);
    let Some(rule) = event.rule else {
        return match changes.as_str() {
            "" => words.cycle_ends_bare.to_owned(),
            changes => fill(words.cycle_ends, &[("changes", changes)]),
        };
    };
    if let Some(said) = of_ruling(sheet, event, rule, &changes) {
        return said;
    }
    if !event.subjects.is_empty() {
        let subjects: Vec<_> = event.subjects.iter().map(|subject| (*subject).to_owned()).collect();
        let count = if subjects.len() == 1 { words.stops_counting.one } else { words.stops_counting.many };
        let changes = if changes.is_empty() { sheet.rule_title(rule) } else { changes };
        let what = match counted_records(sheet, rule) {
            Some(domain) => sheet.records_named(domain, &subjects),
            None => few(sheet, &subjects),
        };
        return fill(count, &[("what", &what), ("changes", &changes)]);
    }
    if let Some(known) = decision.obligations.iter().find(|known| known.id == rule) {
        let title = sheet.titled(known.obligation.title.as_ref(), known.id);
        let due = fill(words.is_due, &[("what", &title)]);
        let left = counted(words, &words.steps_left, obligations::left(known));
        return styled(OPEN, format!("{due} ({left})"));
    }
    if changes.is_empty() && event.levels.is_empty() { sheet.rule_title(rule) } else { changes }
}

/// The records that a measure counts, where they have no ids.
fn counted_records(sheet: &Sheet<'_>, rule: &str) -> Option<DomainId> {
    let measure = sheet.model.measures.iter().find(|measure| measure.name == rule)?;
    let How::Tally(tally, _) = measure.how else { return None };
    let domain = sheet.model.tallies.get(tally as usize)?.domain;
    sheet.model.records(domain).filter(|records| records.id.is_none()).map(|_| domain)
}

/// What becomes of a ruling on the subjects of an event; `None` where the event is of no ruling.
fn of_ruling(sheet: &Sheet<'_>, event: &Event<'_, '_>, rule: &str, changes: &str) -> Option<String> {
    let words = sheet.words;
    let ruling = sheet.model.rulings.iter().find(|ruling| ruling.id == rule)?;
    let text = match event.effect {
        Effect::Expires => words.expires,
        Effect::LastDayToExtend => words.last_to_extend,
        Effect::Opens => words.opens,
        Effect::Closes => words.closes,
        _ => words.ruling_changes,
    };
    let subjects: Vec<_> = event.subjects.iter().map(|subject| sheet.row_title(&ruling.each, subject)).collect();
    let title = sheet.titled(ruling.title.as_ref(), rule);
    Some(fill(text, &[("ruling", &title), ("what", &few(sheet, &subjects)), ("changes", changes)]))
}

/// `Certified sellers from 4 to 3`; levels and standings with an arrow.
fn goes(sheet: &Sheet<'_>, change: &Change<'_>) -> String {
    let words = sheet.words;
    let model = sheet.model;
    if change.rule == "standing" {
        let value = |answer: &Answer<'_>| match answer {
            Answer::Text(word) => standing::title(sheet, word),
            _ => words.undetermined.to_owned(),
        };
        return fill(words.falls_into, &[("from", &value(&change.from)), ("to", &value(&change.to))]);
    }
    if change.rule == VERSION {
        let text = |answer: &Answer<'_>| sheet.value(answer, &Kind::Text);
        let values = [("what", words.rules), ("from", &*text(&change.from)), ("to", &*text(&change.to))];
        return fill(words.goes_level, &values);
    }
    let ladder = ladder(sheet, change.rule);
    let levels = change.rule.strip_suffix(".earned").unwrap_or(change.rule);
    let measure = model.measures.iter().find(|measure| measure.name == change.rule);
    let kind = match (ladder, measure) {
        (Some(ladder), _) => Kind::Word(ladder.levels),
        (None, Some(measure)) => measure.ty.kind.clone(),
        (None, None) => Kind::Number,
    };
    let text = match ladder {
        Some(_) if levels == change.rule => words.goes_level,
        Some(_) => words.goes_earned,
        None => words.goes,
    };
    let what = sheet.rule_title(if ladder.is_some() { levels } else { change.rule });
    let value = |answer: &Answer<'_>| sheet.value(answer, &kind);
    let (from, to) = (value(&change.from), value(&change.to));
    fill(text, &[("what", &what), ("from", &from), ("to", &to)])
}

/// The ladder whose level in force (`tier`) or level earned (`tier.earned`) a rule names, perhaps for one row
/// (`path.cloud.earned`).
fn ladder<'s>(sheet: &Sheet<'s>, rule: &str) -> Option<&'s Ladder> {
    let id = rule.strip_suffix(".earned").unwrap_or(rule);
    let id = id.split_once('.').map_or(id, |(id, _)| id);
    sheet.model.ladders.iter().find(|ladder| ladder.id == id)
}

/// Whether a change has a line of its own: a level, or the standing.
fn stands_out(sheet: &Sheet<'_>, rule: &str) -> bool {
    rule == "standing" || ladder(sheet, rule).is_some()
}

fn rises(sheet: &Sheet<'_>, change: &Change<'_>) -> bool {
    let ladder = ladder(sheet, change.rule);
    let place = |answer: &Answer<'_>| match answer {
        Answer::Text(level) => ladder.and_then(|ladder| sheet.model.words(ladder.levels).find(level)),
        _ => None,
    };
    place(&change.to) > place(&change.from)
}

/// The records of each rule, each with its day.
fn by_rule<'d>(events: &[Event<'_, 'd>]) -> Vec<(&'d str, Vec<String>)> {
    let mut rules: Vec<(&str, Vec<String>)> = Vec::new();
    for event in events {
        let Some(own) = event.rule else { continue };
        let names = event.subjects.iter().map(|subject| format!("{subject} ({})", event.on));
        match rules.iter_mut().find(|(rule, _)| *rule == own) {
            Some((_, known)) => known.extend(names),
            None => rules.push((own, names.collect())),
        }
    }
    rules
}

fn few(sheet: &Sheet<'_>, names: &[String]) -> String {
    let more = names.len().saturating_sub(MOST_RECORDS);
    let list = names[..names.len() - more].join(sheet.words.comma);
    match more {
        0 => list,
        more => fill(sheet.words.and_more, &[("list", &list), ("count", &more.to_string())]),
    }
}
