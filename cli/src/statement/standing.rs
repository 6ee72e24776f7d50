//! The standing, where it is not the usual one: what it is called, what brought it, and what it means.

use super::{Sheet, layout};
use crate::output::{BAD, OPEN, STRONG, styled};
use crate::words::fill;
use tierline_engine::evaluate::Decision;
use tierline_engine::evaluate::decision::Answer;
use tierline_engine::model::node::{Constant, Node, Op};
use tierline_engine::model::{AFFILIATED, Model, Standing};

/// The standing in a few words, for the heading; nothing where the rulebook has none.
pub fn brief(sheet: &Sheet<'_>, decision: &Decision<'_>) -> Option<String> {
    Some(match decision.standing.as_ref()? {
        Answer::Text(word) if *word == AFFILIATED => sheet.words.affiliated.to_owned(),
        Answer::Text(word) => {
            let title = found(sheet, word).and_then(|standing| standing.title.as_ref());
            styled(BAD.bold(), sheet.titled(title, word))
        }
        _ => styled(OPEN, sheet.words.undetermined),
    })
}

/// Adds what the standing means, unless the partner is affiliated.
pub fn add(sheet: &mut Sheet<'_>, decision: &Decision<'_>) {
    let words = sheet.words;
    let Some(Answer::Text(word)) = decision.standing else { return };
    let Some(standing) = found(sheet, word) else { return };
    let clauses = sheet.clauses(standing.source.as_ref());
    let title = sheet.titled(standing.title.as_ref(), word);
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

fn found<'s>(sheet: &Sheet<'s>, word: &str) -> Option<&'s Standing> {
    sheet.model.standings.iter().find(|standing| standing.id == word)
}

/// What a standing does while it lasts.
fn meanings(sheet: &Sheet<'_>, standing: &Standing) -> Vec<&'static str> {
    let words = sheet.words;
    let model = sheet.model;
    let effects = [
        (&standing.awards, model.awards.is_empty(), words.points_frozen),
        (&standing.ladders, model.ladders.is_empty(), words.no_level),
        (&standing.benefits, model.benefits.is_empty(), words.benefits_revoked),
    ];
    let holds = |setting: &Option<Node>| setting.as_ref().is_some_and(|setting| is_first_word(model, setting));
    effects.into_iter().filter(|(setting, none, _)| !none && holds(setting)).map(|(.., said)| said).collect()
}

/// Whether a setting is the first of its words: that which has an effect.
fn is_first_word(model: &Model, setting: &Node) -> bool {
    let constant = match &setting.op {
        Op::Constant(constant) => Some(constant),
        Op::Parameter(id, keys) if keys.is_empty() => model.parameter(*id).cells.first().and_then(Option::as_ref),
        _ => None,
    };
    matches!(constant, Some(Constant::Word(0)))
}
