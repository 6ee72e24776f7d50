//! The obligations: by when each is due, and how each of its steps stands.

use super::value::counted;
use super::{Sheet, layout};
use crate::output::{BAD, FAINT, GOOD, OPEN, STRONG, styled};
use crate::words::fill;
use anstyle::Style;
use tierline_engine::evaluate::Decision;
use tierline_engine::evaluate::decision::{Answer, ObligationAnswer, StepAnswer};

/// Whether any is overdue, so that they belong to the top.
pub fn press(decision: &Decision<'_>) -> bool {
    decision.obligations.iter().any(|known| known.state == "overdue")
}

/// Adds the obligations.
pub fn add(sheet: &mut Sheet<'_>, decision: &Decision<'_>) {
    let [first, others @ ..] = decision.obligations.as_slice() else { return };
    // One source over all of them stands in the rule of the section.
    let source = first.obligation.source.as_ref();
    let shared = source.filter(|_| others.iter().all(|known| known.obligation.source.as_ref() == source));
    let clauses = sheet.clauses(shared);
    sheet.section(sheet.words.obligations, &clauses);
    for (place, known) in decision.obligations.iter().enumerate() {
        if place > 0 && (known.state != "done" || decision.obligations[place - 1].state != "done") {
            sheet.line("");
        }
        one(sheet, known, shared.is_none());
    }
}

/// The steps that are left.
pub fn left(known: &ObligationAnswer<'_>) -> usize {
    known.steps.iter().filter(|step| matches!(step.state, "not_met" | "undetermined")).count()
}

fn one(sheet: &mut Sheet<'_>, known: &ObligationAnswer<'_>, cites: bool) {
    let words = sheet.words;
    let title = sheet.titled(known.obligation.title.as_ref(), known.id);
    let day = match &known.due {
        Answer::Date(day) => Some(*day),
        _ => None,
    };
    let dated = |text: &str, day: Option<tierline_engine::date::Date>| {
        day.map_or_else(|| words.undetermined.to_owned(), |day| fill(text, &[("day", &day.to_string())]))
    };
    let (mark, style, state) = match known.state {
        "done" => ("✓", GOOD, dated(words.done_for, day)),
        "due" => ("…", OPEN, dated(words.due_by, day)),
        "overdue" => ("✗", BAD, dated(words.overdue, day)),
        _ => ("?", OPEN, words.due_unknown.to_owned()),
    };
    let counts = known.state != "done" && left(known) > 0;
    let rest = if counts {
        format!("{}{}", words.comma, counted(words, &words.steps_left, left(known)))
    } else {
        String::new()
    };
    let clauses = if cites { sheet.clauses(known.obligation.source.as_ref()) } else { String::new() };
    let clauses = if clauses.is_empty() { clauses } else { format!("  {}", styled(FAINT, clauses)) };
    let state = format!("{state}{rest}");
    let together = layout::width(&title) + layout::width(&state) + 6 <= layout::page();
    let mut titles = layout::wrapped(&title, layout::page() - 6).into_iter();
    let first = titles.next().unwrap_or_default();
    let state = format!("{}{clauses}", styled(style, state));
    let after = if together { format!("  {state}") } else { String::new() };
    sheet.line(format!("  {} {}{after}", styled(style, mark), styled(STRONG, first)));
    titles.for_each(|line| sheet.line(format!("    {}", styled(STRONG, line))));
    if !together {
        sheet.line(format!("    {state}"));
    }
    if known.state == "done" {
        // What was done needs no line for each.
        let done: Vec<_> = known.steps.iter().map(|step| step_title(sheet, step)).collect();
        for line in layout::listed(&done, layout::page() - 6) {
            sheet.line(format!("      {}", styled(FAINT, line)));
        }
        return;
    }
    let titles: Vec<_> = known.steps.iter().map(|step| sheet.titled(step.step.title.as_ref(), step.id)).collect();
    let states = layout::widest(known.steps.iter().map(|step| outcome(sheet, step).2));
    let room = layout::page().saturating_sub(states + 10).max(20);
    let width = layout::widest(titles.iter().map(String::as_str)).min(room);
    for (step, title) in known.steps.iter().zip(&titles) {
        let (mark, style, said) = outcome(sheet, step);
        for (place, line) in layout::wrapped(title, width).iter().enumerate() {
            match place {
                0 => sheet.line(format!(
                    "    {} {}  {}",
                    styled(style, mark),
                    layout::left(line, width),
                    styled(style, said)
                )),
                _ => sheet.line(format!("      {line}")),
            }
        }
    }
}

/// A step of what is done: waived steps say so.
fn step_title(sheet: &Sheet<'_>, step: &StepAnswer<'_>) -> String {
    let title = sheet.titled(step.step.title.as_ref(), step.id);
    if step.state == "waived" { format!("{title} ({})", sheet.words.waived) } else { title }
}

fn outcome(sheet: &Sheet<'_>, step: &StepAnswer<'_>) -> (&'static str, Style, &'static str) {
    let words = sheet.words;
    match step.state {
        "met" => ("✓", GOOD, words.step_done),
        "waived" => ("–", GOOD, words.waived),
        "undetermined" => ("?", OPEN, words.undetermined),
        _ => ("✗", BAD, words.step_open),
    }
}
