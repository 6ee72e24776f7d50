//! The standing, where it is not the usual one: what it is called, what brought it, and what it means.

use super::{Sheet, layout};
use crate::output::{BAD, OPEN, STRONG, styled};
use crate::words::fill;
use tierline_engine::evaluate::Decision;
use tierline_engine::evaluate::decision::Answer;
use tierline_engine::model::{AFFILIATED, Standing};

/// The standing in a few words, for the heading; nothing where the rulebook has none.
pub fn brief(sheet: &Sheet<'_>, decision: &Decision<'_>) -> Option<String> {
    Some(match decision.standing.as_ref()? {
        Answer::Text(word) if *word == AFFILIATED => sheet.words.affiliated.to_owned(),
        Answer::Text(word) => styled(BAD.bold(), title(sheet, word)),
        _ => styled(OPEN, sheet.words.undetermined),
    })
}

/// Adds what the standing means, unless the partner is affiliated.
pub fn add(sheet: &mut Sheet<'_>, decision: &Decision<'_>) {
    let words = sheet.words;
    let Some(Answer::Text(word)) = decision.standing else { return };
    let Some(standing) = found(sheet, word) else { return };
    let clauses = sheet.clauses(standing.source.as_ref());
    let title = title(sheet, word);
    sheet.section(words.standing, &clauses);
    sheet.line(format!("  {} {}", styled(BAD, "✗"), styled(STRONG, title)));
    let overdue: Vec<_> = decision
        .obligations
        .iter()
        .filter(|known| known.state == "overdue")
        .map(|known| sheet.titled(known.obligation.title.as_ref(), known.id))
        .collect();
    let because =
        (!overdue.is_empty()).then(|| fill(words.because_of, &[("what", &overdue.join(words.comma))])).into_iter();
    let means = meanings(sheet, standing).into_iter().map(str::to_owned);
    for line in because.chain(means).flat_map(|said| layout::wrapped(&said, layout::page() - 4)) {
        sheet.line(format!("    {line}"));
    }
}

/// What people call a standing.
pub fn title(sheet: &Sheet<'_>, word: &str) -> String {
    if word == AFFILIATED {
        return sheet.words.affiliated.to_owned();
    }
    sheet.titled(found(sheet, word).and_then(|standing| standing.title.as_ref()), word)
}

fn found<'s>(sheet: &Sheet<'s>, word: &str) -> Option<&'s Standing> {
    sheet.model.standings.iter().find(|standing| standing.id == word)
}

/// What a standing does while it lasts.
fn meanings(sheet: &Sheet<'_>, standing: &Standing) -> Vec<&'static str> {
    let words = sheet.words;
    let effects = [
        (sheet.model.has_effect(&standing.awards) && !sheet.model.awards.is_empty(), words.points_frozen),
        (sheet.model.has_effect(&standing.ladders) && !sheet.model.ladders.is_empty(), words.no_level),
        (sheet.model.has_effect(&standing.benefits) && !sheet.model.benefits.is_empty(), words.benefits_revoked),
    ];
    effects.into_iter().filter(|(is, _)| *is).map(|(_, said)| said).collect()
}
