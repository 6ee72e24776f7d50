//! How the level in force came to be: each change in the cycle, and why.

use super::super::value::counted;
use super::super::{Sheet, layout};
use crate::words::fill;
use tierline_engine::evaluate::decision::{LadderAnswer, MoveAnswer};
use tierline_engine::model::Requirement;
use tierline_engine::value::Kind;

/// How many changes are told; those before them are counted.
const MOST_MOVES: usize = 6;

/// The changes in order, in lines of at most `room` columns.
pub fn lines(sheet: &Sheet<'_>, answer: &LadderAnswer<'_>, room: usize) -> Vec<String> {
    let earlier = answer.history.len().saturating_sub(MOST_MOVES);
    let mut lines = Vec::new();
    if earlier > 0 {
        lines.push(counted(sheet.words, &sheet.words.earlier, earlier));
    }
    let told = answer.history.iter().skip(earlier).map(|step| told(sheet, answer, step));
    lines.extend(told.flat_map(|told| {
        // What does not fit goes on under the levels.
        let parts = layout::wrapped(&told, room - 12).into_iter().enumerate();
        parts.map(|(place, part)| if place == 0 { part } else { format!("{:12}{part}", "") }).collect::<Vec<_>>()
    }));
    lines
}

fn told(sheet: &Sheet<'_>, answer: &LadderAnswer<'_>, step: &MoveAnswer<'_>) -> String {
    let kind = Kind::Word(answer.ladder.levels);
    let level = |id: &str| sheet.word(id, &kind);
    let values = [("day", &*step.on.0.to_string()), ("from", &level(step.from)), ("to", &level(step.to))];
    let told = fill(sheet.words.moved_because, &values);
    fill(&told, &[("reason", &reason(sheet, answer, step))])
}

fn reason(sheet: &Sheet<'_>, answer: &LadderAnswer<'_>, step: &MoveAnswer<'_>) -> String {
    let words = sheet.words;
    let levels = sheet.model.words(answer.ladder.levels);
    let falls = levels.find(step.to) < levels.find(step.from);
    let what = || names(sheet, answer, step);
    match step.because {
        // Another level was brought along, and what was earned in the cycle counts on.
        "earned" if falls => words.because_carried.to_owned(),
        "earned" if step.requirements.is_empty() => words.because_earned.to_owned(),
        "earned" => fill(words.because_reached, &[("what", &what())]),
        "lost" if step.requirements.is_empty() => words.because_lost.to_owned(),
        "lost" => fill(words.because_lapsed, &[("what", &what())]),
        "standing" if falls => words.because_suspended.to_owned(),
        "standing" => words.because_restored.to_owned(),
        _ => words.because_carried.to_owned(),
    }
}

/// What people call the requirements that moved the level.
fn names(sheet: &Sheet<'_>, answer: &LadderAnswer<'_>, step: &MoveAnswer<'_>) -> String {
    let ladder = answer.ladder;
    let all = || ladder.rows.iter().flat_map(|row| &row.requirements).chain(&ladder.requires);
    let title = |id: &&str| {
        let found: Option<&Requirement> = all().find(|requirement| requirement.id == **id);
        found.map_or_else(|| sheet.words.term(id), |requirement| sheet.requirement_title(requirement))
    };
    step.requirements.iter().map(title).collect::<Vec<_>>().join(sheet.words.comma)
}
