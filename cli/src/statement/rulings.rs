//! The rulings: on each subject what was decided, what it is given, until when, and why.

use super::title::counted_from_one;
use super::{Sheet, layout};
use crate::output::{BAD, FAINT, GOOD, OPEN, STRONG, styled};
use crate::words::fill;
use anstyle::Style;
use std::borrow::Cow;
use tierline_engine::evaluate::Decision;
use tierline_engine::evaluate::decision::{Answer, ReasonAnswer, RulingAnswer};
use tierline_engine::model::What;
use tierline_engine::value::Kind;

/// Adds the rulings; of the only one that is spoken of everything, of the others what stands against them.
pub fn add(sheet: &mut Sheet<'_>, decision: &Decision<'_>, whole: bool) {
    for (id, answers) in &decision.rulings.0 {
        // The section is headed as the version of the day has it, unless it has the ruling no longer.
        let own = sheet.model.rulings.iter().find(|ruling| ruling.id == *id);
        let Some(ruling) = own.or(answers.first().map(|answer| answer.ruling)) else { continue };
        let clauses = sheet.clauses(ruling.source.as_ref());
        let title = sheet.titled(ruling.title.as_ref(), id);
        sheet.section(&title, &clauses);
        for answer in answers {
            if std::ptr::eq(answer.model, sheet.model) {
                one(sheet, decision, answer, whole);
            } else {
                // What another version decided is told in that version's words and currency.
                let mut other = Sheet::new(answer.model, sheet.language);
                one(&mut other, decision, answer, whole);
                sheet.text.push_str(&other.text);
            }
        }
    }
}

fn one(sheet: &mut Sheet<'_>, decision: &Decision<'_>, answer: &RulingAnswer<'_>, whole: bool) {
    let words = sheet.words;
    let (mark, style, said) = match answer.outcome {
        "granted" => ("✓", GOOD, words.granted),
        "refused" => ("✗", BAD, words.refused),
        "needs_approval" => ("…", OPEN, words.needs_approval),
        _ => ("?", OPEN, words.undetermined),
    };
    let subject = answer.subject.as_deref().map(|name| sheet.row_title(&answer.ruling.each, name)).unwrap_or_default();
    let mut parts = vec![styled(style, said)];
    parts.extend(status(sheet, answer));
    parts.extend(given(sheet, answer));
    if let Some(receipt) = &answer.receipt {
        parts.push(styled(FAINT, fill(words.judged_by, &[("version", receipt.version)])));
    }
    let name = if subject.is_empty() { String::new() } else { format!("{}  ", styled(STRONG, subject)) };
    sheet.line(format!("  {} {name}{}", styled(style, mark), parts.join(&format!(" {} ", styled(FAINT, "·")))));
    for reason in &answer.reasons {
        let passed = matches!(reason.state, "met" | "waived");
        if whole || !(passed || (answer.outcome == "granted") || stands_in_passed(answer, reason)) {
            line(sheet, answer, reason);
        }
    }
    add_parts(sheet, answer, whole);
    if whole {
        add_extensions(sheet, answer);
    }
    missing(sheet, decision, answer);
}

/// Whether it stands in a group that holds without it.
fn stands_in_passed(answer: &RulingAnswer<'_>, reason: &ReasonAnswer<'_>) -> bool {
    let group = reason.within.and_then(|id| answer.reasons.iter().find(|known| known.id == id));
    group.is_some_and(|group| matches!(group.state, "met" | "waived") || stands_in_passed(answer, group))
}

fn status(sheet: &Sheet<'_>, answer: &RulingAnswer<'_>) -> Option<String> {
    let words = sheet.words;
    let day = match &answer.valid_until {
        Some(Answer::Date(day)) => Some(day.to_string()),
        _ => None,
    };
    let day = day.as_deref();
    Some(match (answer.status.as_ref()?, day) {
        (Answer::Text("pending"), _) => words.pending.to_owned(),
        (Answer::Text("used"), _) => words.used.to_owned(),
        (Answer::Text("active"), Some(day)) => fill(words.active_through, &[("day", day)]),
        (Answer::Text("active"), None) => words.active.to_owned(),
        (Answer::Text("expired"), Some(day)) => fill(words.expired_after, &[("day", day)]),
        (Answer::Text("expired"), None) => words.expired.to_owned(),
        _ => fill(words.status_unknown, &[("what", words.undetermined)]),
    })
}

fn given(sheet: &Sheet<'_>, answer: &RulingAnswer<'_>) -> Option<String> {
    let rate = answer.rate.as_ref().map(|rate| sheet.value(rate, &Kind::Percent));
    let amount = answer.amount.as_ref().map(|amount| sheet.value(amount, &Kind::Money));
    match (rate, amount) {
        (Some(_), _) if matches!(answer.rate, Some(Answer::Unknown)) => Some(sheet.words.rate_unknown.to_owned()),
        (None, Some(_)) if answer.parts.iter().any(|part| matches!(part.rate, Some(Answer::Unknown))) => {
            Some(sheet.words.rate_unknown.to_owned())
        }
        (Some(rate), Some(amount)) => Some(format!("{rate} = {amount}")),
        (rate, amount) => rate.or(amount),
    }
}

fn line(sheet: &mut Sheet<'_>, answer: &RulingAnswer<'_>, reason: &ReasonAnswer<'_>) {
    let words = sheet.words;
    let (mark, style): (_, Style) = match reason.state {
        "met" => ("✓", GOOD),
        "waived" => ("–", GOOD),
        "not_met" => ("✗", BAD),
        "asked" => ("…", OPEN),
        _ => ("?", OPEN),
    };
    let depth = depth(answer, reason);
    let indent = " ".repeat(4 + 2 * depth);
    let mut said = told(sheet, reason);
    if let Some(about) = reason.subject {
        said = format!("{said} ({})", counted_from_one(about));
    }
    if let (Some(have), Some(need)) = (&reason.have, &reason.need) {
        let kind = |side: usize| kinds(reason)[side].clone().unwrap_or(Kind::Count);
        let (have, need) = (sheet.value(have, &kind(0)), sheet.value(need, &kind(1)));
        said = format!("{said} ({})", fill(words.have_and_need, &[("have", &have), ("need", &need)]));
    }
    let note = match reason.state {
        "waived" => format!(" ({})", words.waived),
        "undetermined" => format!(" ({})", words.undetermined),
        _ => String::new(),
    };
    let clauses = sheet.clauses(source(reason));
    let clauses = if clauses.is_empty() { clauses } else { format!(" {}", styled(FAINT, clauses)) };
    let lines = layout::wrapped(&format!("{said}{note}"), layout::page().saturating_sub(indent.len() + 16));
    for (place, text) in lines.iter().enumerate() {
        let last = if place + 1 == lines.len() { clauses.as_str() } else { "" };
        let mark = if place == 0 { styled(style, mark) } else { " ".to_owned() };
        sheet.line(format!("{indent}{mark} {text}{last}"));
    }
    if !reason.left_out.is_empty() {
        let names = fill(words.left_out, &[("what", &places(sheet, &reason.left_out))]);
        sheet.line(format!("{indent}  {}", styled(FAINT, names)));
    }
}

/// In how many groups a reason stands.
fn depth(answer: &RulingAnswer<'_>, reason: &ReasonAnswer<'_>) -> usize {
    let group = reason.within.and_then(|id| answer.reasons.iter().find(|known| known.id == id));
    group.map_or(0, |group| 1 + depth(answer, group))
}

/// What is said of a reason: what to tell the partner where it fails, else what it is about.
fn told(sheet: &Sheet<'_>, reason: &ReasonAnswer<'_>) -> String {
    use tierline_engine::evaluate::decision::Cause;
    match reason.cause {
        Cause::Limit(limit) => match &limit.otherwise {
            Some(otherwise) if reason.state == "not_met" => sheet.phrase(otherwise).to_owned(),
            _ => sheet.words.limit.to_owned(),
        },
        Cause::Need(need) => match (&need.what, &need.otherwise) {
            (_, Some(otherwise)) if reason.state == "not_met" => sheet.phrase(otherwise).to_owned(),
            (What::Asks(who), otherwise) => {
                let asks = fill(sheet.words.must_agree, &[("who", sheet.phrase(who))]);
                let what = otherwise.as_ref().or(need.title.as_ref()).map(|what| sheet.phrase(what));
                what.map_or(asks.clone(), |what| fill(sheet.words.about, &[("what", what), ("said", &asks)]))
            }
            _ => sheet.need_title(need),
        },
    }
}

fn kinds(reason: &ReasonAnswer<'_>) -> [Option<Kind>; 2] {
    use tierline_engine::evaluate::decision::Cause;
    match reason.cause {
        Cause::Need(need) => match &need.what {
            What::That { have, need, .. } => [have, need].map(|side| side.as_ref().map(|node| node.ty.kind.clone())),
            _ => [None, None],
        },
        Cause::Limit(_) => [None, None],
    }
}

fn source<'r>(reason: &ReasonAnswer<'r>) -> Option<&'r tierline_engine::rulebook::piece::Source> {
    use tierline_engine::evaluate::decision::Cause;
    match reason.cause {
        Cause::Need(need) => need.source.as_ref(),
        Cause::Limit(limit) => limit.source.as_ref(),
    }
}

/// The parts of what is given, where there are several or where lines were left out of one; all of them, when it is
/// to be told whole.
fn add_parts(sheet: &mut Sheet<'_>, answer: &RulingAnswer<'_>, whole: bool) {
    let several = answer.parts.len() > 1;
    for part in answer.parts.iter().filter(|part| several || !part.left_out.is_empty() || (whole && part.of.is_some()))
    {
        let name = part.part.title.as_ref().map(|title| sheet.phrase(title).to_owned());
        let name = name.or_else(|| part.id.map(|id| sheet.words.term(id)));
        let rate = part.rate.as_ref().map(|rate| sheet.value(rate, &Kind::Percent));
        let of = part.of.as_ref().map(|of| sheet.value(of, &Kind::Money));
        let basis = match (rate, of) {
            (Some(rate), Some(of)) => Some(fill(sheet.words.share_of, &[("rate", &rate), ("amount", &of)])),
            (rate, of) => rate.or(of),
        };
        let amount = part.amount.as_ref().map(|amount| sheet.value(amount, &Kind::Money));
        let said = match part.rate {
            Some(Answer::Unknown) => sheet.words.rate_unknown.to_owned(),
            _ => [basis, amount].into_iter().flatten().collect::<Vec<_>>().join(" = "),
        };
        let told = name.map(|name| fill(sheet.words.about, &[("what", &name), ("said", &said)])).unwrap_or(said);
        sheet.line(format!("    = {told}"));
        if !part.left_out.is_empty() {
            let names = fill(sheet.words.left_out, &[("what", &places(sheet, &part.left_out))]);
            sheet.line(format!("      {}", styled(FAINT, names)));
        }
    }
}

fn add_extensions(sheet: &mut Sheet<'_>, answer: &RulingAnswer<'_>) {
    let words = sheet.words;
    for request in &answer.extensions {
        let (mark, style, text) = match request.state {
            "counted" => ("✓", GOOD, words.request_counts),
            "not_counted" => ("✗", BAD, words.request_counts_not),
            _ => ("?", OPEN, words.request_unknown),
        };
        sheet.line(format!("    {} {}", styled(style, mark), fill(text, &[("day", &request.on.0.to_string())])));
    }
}

/// What would have to be known.
fn missing(sheet: &mut Sheet<'_>, decision: &Decision<'_>, answer: &RulingAnswer<'_>) {
    if answer.state.is_none() {
        return;
    }
    let of_subject = answer.subject.as_deref().filter(|_| !answer.ruling.each.is_empty());
    let rule = of_subject.map_or(answer.ruling.id.clone(), |subject| format!("{}.{subject}", answer.ruling.id));
    if let Some(known) = decision.undetermined.iter().find(|known| known.rule == rule) {
        let (unsaid, untold): (Vec<_>, Vec<_>) = known.missing.iter().partition(|path| sheet.is_of_rules(path));
        let told = |text, those: &[&Cow<'_, str>]| {
            let names: Vec<String> = those.iter().map(|path| sheet.wanted(path)).collect();
            (!those.is_empty()).then(|| fill(text, &[("what", &names.join(sheet.words.comma))]))
        };
        let said = [told(sheet.words.unsaid, &unsaid), told(sheet.words.for_want_of, &untold)];
        for said in said.into_iter().flatten() {
            for (place, text) in layout::wrapped(&said, layout::page() - 8).iter().enumerate() {
                sheet.line(format!("    {}{}", if place == 0 { "" } else { "  " }, styled(FAINT, text)));
            }
        }
    }
}

/// Records as people find them: those without a name by their places, which people count from one.
fn places(sheet: &Sheet<'_>, paths: &[String]) -> String {
    let name = |path: &String| {
        let mut steps = path.rsplit('.');
        let (last, list) = (steps.next().unwrap_or_default(), steps.next());
        match list {
            Some(list) => {
                let list = sheet.record_of_list(list).unwrap_or(list);
                fill(sheet.words.place, &[("list", list), ("number", &counted_from_one(last))])
            }
            None => last.to_owned(),
        }
    };
    paths.iter().map(name).collect::<Vec<_>>().join(sheet.words.comma)
}
