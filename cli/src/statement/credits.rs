//! The credits: who is credited with what, rule by rule.

use super::{Sheet, layout};
use crate::output::{FAINT, OPEN, STRONG, styled};
use tierline_engine::evaluate::Decision;
use tierline_engine::evaluate::decision::{Answer, CreditAnswer};
use tierline_engine::value::Kind;

/// Adds the credits.
pub fn add(sheet: &mut Sheet<'_>, decision: &Decision<'_>) {
    let Some(first) = decision.credits.first() else { return };
    sheet.section(sheet.words.credits, "");
    let partners = layout::widest(decision.credits.iter().map(|credit| partner(sheet, credit)));
    let mut last = None;
    for credit in &decision.credits {
        if last != Some(&credit.credit.id) {
            if credit.credit.id != first.credit.id {
                sheet.line("");
            }
            let title = sheet.titled(credit.credit.title.as_ref(), &credit.credit.id);
            let clauses = sheet.clauses(credit.credit.source.as_ref());
            sheet.line(format!("  {}  {}", styled(STRONG, title), styled(FAINT, clauses)));
            last = Some(&credit.credit.id);
        }
        one(sheet, credit, partners);
    }
}

fn partner<'d>(sheet: &Sheet<'d>, credit: &CreditAnswer<'d>) -> &'d str {
    match &credit.partner {
        Answer::Text(id) => id,
        _ => sheet.words.undetermined,
    }
}

fn one(sheet: &mut Sheet<'_>, credit: &CreditAnswer<'_>, partners: usize) {
    let words = sheet.words;
    let kind = credit.credit.value.as_ref().map_or(&Kind::Number, |value| &value.ty.kind);
    let value = match (&credit.value, credit.state) {
        (_, Some(_)) => styled(OPEN, words.undetermined.to_owned()),
        (Some(value), None) => sheet.value(value, kind),
        (None, None) => String::new(),
    };
    // A title says what it is for; without one, what the answer says of it does.
    let told = credit.row.title.as_ref().filter(|_| credit.row.rule != credit.credit.id);
    let mut said: Vec<String> = match told {
        Some(title) => vec![sheet.phrase(title).to_owned()],
        None => credit.of.iter().filter_map(|(_, answer)| text(sheet, answer)).collect(),
    };
    said.extend(credit.row.about.iter().map(|(_, text)| words.term(text)));
    let id = layout::left(partner(sheet, credit), partners);
    let room = layout::page().saturating_sub(partners + layout::width(&value) + 10).max(20);
    for (place, line) in layout::wrapped(&said.join(" · "), room).iter().enumerate() {
        match place {
            0 => sheet.line(format!("    {id}  {line}  {value}")),
            _ => sheet.line(format!("    {}  {line}", " ".repeat(partners))),
        }
    }
}

fn text(sheet: &Sheet<'_>, answer: &Answer<'_>) -> Option<String> {
    match answer {
        Answer::Text(text) => Some(sheet.words.term(text)),
        _ => None,
    }
}
