//! The credits: who is credited with what, rule by rule, and who takes part and is not.

use super::{Sheet, layout};
use crate::output::{BAD, FAINT, GOOD, OPEN, STRONG, styled};
use crate::words::fill;
use anstyle::Style;
use tierline_engine::evaluate::Decision;
use tierline_engine::evaluate::decision::{Answer, CreditAnswer, RequirementAnswer};
use tierline_engine::value::Kind;

/// Adds the credits.
pub fn add(sheet: &mut Sheet<'_>, decision: &Decision<'_>) {
    let all = || decision.credits.iter().chain(&decision.not_credited);
    if all().next().is_none() {
        return;
    }
    sheet.section(sheet.words.credits, "");
    let subjects = layout::widest(all().filter_map(|credit| subject(sheet, credit)));
    let partners = layout::widest(all().map(|credit| partner(sheet, credit)));
    let model = sheet.model;
    let mut first = true;
    for credit in &model.credits {
        let own: Vec<_> = all().filter(|answer| answer.credit.id == credit.id).collect();
        if own.is_empty() {
            continue;
        }
        if !std::mem::take(&mut first) {
            sheet.line("");
        }
        let title = sheet.titled(credit.title.as_ref(), &credit.id);
        let clauses = sheet.clauses(credit.source.as_ref());
        sheet.line(format!("  {}  {}", styled(STRONG, title), styled(FAINT, clauses)));
        own.into_iter().for_each(|answer| one(sheet, answer, subjects, partners));
    }
}

fn subject<'c>(sheet: &Sheet<'_>, credit: &'c CreditAnswer<'_>) -> Option<&'c str> {
    match credit.subject.as_ref()? {
        Answer::Text(id) => Some(id),
        _ => Some(sheet.words.undetermined),
    }
}

fn partner<'c>(sheet: &Sheet<'_>, credit: &'c CreditAnswer<'_>) -> &'c str {
    match &credit.partner {
        Answer::Text(id) => id,
        _ => sheet.words.undetermined,
    }
}

fn one(sheet: &mut Sheet<'_>, credit: &CreditAnswer<'_>, subjects: usize, partners: usize) {
    let words = sheet.words;
    let kind = credit.credit.value.as_ref().map_or(&Kind::Number, |value| &value.ty.kind);
    let (mark, style, value) = match (&credit.value, credit.state) {
        _ if !credit.reasons.is_empty() => ("✗", BAD, styled(FAINT, words.not_credited.to_owned())),
        (_, Some(_)) => ("?", OPEN, styled(OPEN, words.undetermined.to_owned())),
        (Some(value), None) => ("✓", GOOD, sheet.value(value, kind)),
        (None, None) => ("✓", GOOD, String::new()),
    };
    // A title says what it is for; without one, what the answer says of it does.
    let told = credit.row.title.as_ref().filter(|_| credit.row.rule != credit.credit.id);
    let mut said: Vec<String> = match told {
        Some(title) => vec![sheet.phrase(title).to_owned()],
        None => credit.of.iter().filter_map(|(name, answer)| text(sheet, credit, name, answer)).collect(),
    };
    said.extend(credit.row.about.iter().map(|(column, word)| sheet.described(column, word)));
    let mut names = layout::left(partner(sheet, credit), partners);
    if subjects > 0 {
        names = format!("{}  {names}", layout::left(subject(sheet, credit).unwrap_or_default(), subjects));
    }
    let used = layout::width(&names);
    let room = layout::page().saturating_sub(used + layout::width(&value) + 12).max(20);
    for (place, line) in layout::wrapped(&said.join(" · "), room).iter().enumerate() {
        match place {
            0 => sheet.line(format!("    {} {names}  {line}  {value}", styled(style, mark))),
            _ => sheet.line(format!("      {}  {line}", " ".repeat(used))),
        }
    }
    for reason in credit.reasons.iter().filter(|reason| reason.state == "not_met") {
        why_not(sheet, reason, used);
    }
}

/// What keeps somebody from being credited.
fn why_not(sheet: &mut Sheet<'_>, reason: &RequirementAnswer<'_>, indent: usize) {
    let otherwise = reason.requirement.otherwise.as_ref().map(|text| sheet.phrase(text).to_owned());
    let mut said = otherwise.unwrap_or_else(|| sheet.requirement_title(reason.requirement));
    if let (Some(have), Some(need)) = (&reason.have, &reason.need) {
        let kind = reason.requirement.have.as_ref().map_or(&Kind::Number, |have| &have.ty.kind);
        let (have, need) = (sheet.value(have, kind), sheet.need(reason.requirement, need));
        said = format!("{said} ({})", fill(sheet.words.have_and_need, &[("have", &have), ("need", &need)]));
    }
    let clauses = sheet.clauses(reason.requirement.source.as_ref());
    let style: Style = FAINT;
    for line in layout::wrapped(&format!("{said} {clauses}"), layout::page().saturating_sub(indent + 10)) {
        sheet.line(format!("      {}  {}", " ".repeat(indent), styled(style, line.trim_end())));
    }
}

/// What people call something that a credit is for, by the row or column that tells it.
fn text(sheet: &Sheet<'_>, credit: &CreditAnswer<'_>, name: &str, answer: &Answer<'_>) -> Option<String> {
    let Answer::Text(text) = answer else { return None };
    let column = credit.row.columns.iter().find(|(column, _)| column == name);
    match column {
        Some((_, column)) => Some(sheet.word(text, &column.ty.kind)),
        None => {
            let domain = credit.credit.each.iter().find(|domain| sheet.model.domain(**domain).name == name)?;
            Some(sheet.row_title(&[*domain], text))
        }
    }
}
