//! The levels: which is in force, which is earned, and what the next one needs.

mod history;
mod table;

use super::{Sheet, layout};
use crate::output::{FAINT, GOOD, OPEN, STRONG, styled};
use crate::words::fill;
use table::Block;
use tierline_engine::evaluate::Decision;
use tierline_engine::evaluate::decision::{Answer, LadderAnswer, LadderAnswers, RequirementAnswer};
use tierline_engine::model::node::Op;
use tierline_engine::value::{Decimal, Kind};

/// How long the bar to the next level is.
const BAR: usize = 40;

/// Adds every ladder.
pub fn add(sheet: &mut Sheet<'_>, decision: &Decision<'_>) {
    for (name, answers) in &decision.ladders.0 {
        match answers {
            LadderAnswers::One(answer) => {
                let clauses = sheet.clauses(answer.ladder.source.as_ref());
                sheet.section(&sheet.ladder_title(name), &clauses);
                one(sheet, answer, true);
            }
            LadderAnswers::Each(each) => {
                let Some((_, first)) = each.0.first() else { continue };
                let clauses = sheet.clauses(first.ladder.source.as_ref());
                sheet.section(&sheet.ladder_title(name), &clauses);
                // What every level needs comes out alike for every row, as a rule, and is told once.
                let alike = each.0.len() > 1 && each.0.iter().all(|(_, answer)| common(answer) == common(first));
                let block = alike.then(|| every_level(sheet, first)).flatten();
                if let Some(block) = &block {
                    table::add(sheet, std::slice::from_ref(block));
                }
                for (place, (row, answer)) in each.0.iter().enumerate() {
                    if place > 0 || block.is_some() {
                        sheet.line("");
                    }
                    let title = sheet.row_title(&answer.ladder.each, row);
                    sheet.line(format!("  {}", styled(STRONG, title)));
                    one(sheet, answer, !alike);
                }
            }
        }
    }
}

/// What every level needs, and how it came out.
fn common<'a, 'd>(answer: &'a LadderAnswer<'d>) -> Vec<(&'d str, &'static str, [Option<&'a Answer<'d>>; 2])> {
    let own = answer.requirements.iter().filter(|known| known.level.is_none());
    own.map(|known| (known.id, known.state, [known.have.as_ref(), known.need.as_ref()])).collect()
}

/// What every level needs, where that is something.
fn every_level<'a, 'd>(sheet: &Sheet<'_>, answer: &'a LadderAnswer<'d>) -> Option<Block<'a, 'd>> {
    let own = answer.requirements.iter().filter(|known| known.level.is_none() && !is_trivial(known));
    let requirements: Vec<_> = own.collect();
    let (heading, level) = (sheet.words.every_level.to_owned(), String::new());
    (!requirements.is_empty()).then_some(Block { heading, level, held: false, requirements })
}

/// One answer, with what every level needs unless that was told before.
fn one(sheet: &mut Sheet<'_>, answer: &LadderAnswer<'_>, with_common: bool) {
    let words = sheet.words;
    let kind = Kind::Word(answer.ladder.levels);
    let level = |answer: &Answer<'_>| match answer {
        Answer::Unknown => styled(OPEN, words.undetermined),
        known => styled(STRONG, sheet.value(known, &kind)),
    };
    let mut rows = vec![(words.in_force, level(&answer.in_force)), (words.earned, level(&answer.earned))];
    if answer.earned != answer.in_force && answer.earned != Answer::Unknown {
        rows[1].1.push_str(&format!("  {}", styled(FAINT, format!("({})", words.earned_alone))));
    }
    let levels = sheet.model.words(answer.ladder.levels);
    if levels.words.last().is_some_and(|last| answer.in_force == Answer::Text(last)) {
        rows[0].1.push_str(&format!("  {}", styled(FAINT, format!("({})", words.highest))));
    }
    let history = history::lines(sheet, answer, layout::page() - 18);
    rows.extend((!history.is_empty()).then(|| (words.history, history.join("\n"))));
    let mut blocks = blocks(sheet, answer);
    if with_common {
        blocks.splice(0..0, every_level(sheet, answer));
    }
    let bar = blocks.last().filter(|block| !block.held).and_then(|block| bar(sheet, block));
    rows.extend(bar.into_iter().map(|bar| (words.points, bar)));
    let labels = layout::widest(rows.iter().map(|(label, _)| *label));
    for (label, text) in rows {
        for (place, line) in text.lines().enumerate() {
            let label = if place == 0 { label } else { "" };
            sheet.line(format!("  {}  {line}", styled(FAINT, layout::left(label, labels))));
        }
    }
    table::add(sheet, &blocks);
}

/// What the level in force needs, and what those above it need, up to the first that is not earned.
fn blocks<'a, 'd>(sheet: &Sheet<'_>, answer: &'a LadderAnswer<'d>) -> Vec<Block<'a, 'd>> {
    let words = sheet.words;
    let levels = sheet.model.words(answer.ladder.levels);
    let place = |answer: &Answer<'_>| match answer {
        Answer::Text(level) => levels.find(level),
        _ => None,
    };
    let held = place(&answer.in_force).or(place(&answer.earned));
    let mut blocks = Vec::new();
    let of = |level: Option<&str>, via: Option<&str>| {
        let own = answer.requirements.iter().filter(move |known| known.level == level && known.via == via);
        own.filter(|requirement| !is_trivial(requirement)).collect::<Vec<_>>()
    };
    let common_holds = of(None, None).iter().all(|requirement| table::holds(requirement));
    let mut ways: Vec<(u32, Option<&str>)> = Vec::new();
    for requirement in &answer.requirements {
        let level = requirement.level.and_then(|level| levels.find(level));
        if let Some(level) = level.filter(|level| held.is_none_or(|held| *level >= held))
            && !ways.contains(&(level, requirement.via))
        {
            ways.push((level, requirement.via));
        }
    }
    let mut at = 0;
    while let Some((level, _)) = ways.get(at).copied() {
        let id = levels.words[level as usize].as_str();
        let title = sheet.word(id, &Kind::Word(answer.ladder.levels));
        let mut reached = false;
        while let Some((_, via)) = ways.get(at).filter(|(other, _)| *other == level) {
            let requirements = of(Some(id), *via);
            reached |= common_holds && requirements.iter().all(|requirement| table::holds(requirement));
            let way = via.map(|via| fill(words.by_way_of, &[("level", &title), ("via", &words.term(via))]));
            let is_held = held == Some(level);
            let heading = if is_held { words.to_keep } else { words.to_reach };
            let heading = fill(heading, &[("level", way.as_ref().unwrap_or(&title))]);
            if !requirements.is_empty() {
                blocks.push(Block { heading, level: title.clone(), held: is_held, requirements });
            }
            at += 1;
        }
        if !reached && held.is_none_or(|held| level > held) {
            break;
        }
    }
    blocks
}

/// Whether anyone meets it: at least nothing.
fn is_trivial(requirement: &RequirementAnswer<'_>) -> bool {
    matches!(&requirement.need, Some(Answer::Number(need) | Answer::Count(need)) if need.is_zero())
        && requirement.state == "met"
}

/// The bar of points to the next level.
fn bar(sheet: &Sheet<'_>, block: &Block<'_, '_>) -> Option<String> {
    let words = sheet.words;
    let points = block
        .requirements
        .iter()
        .find(|known| known.requirement.have.as_ref().is_some_and(|have| matches!(have.op, Op::Points)))?;
    let need = match points.need.as_ref()? {
        Answer::Number(need) | Answer::Count(need) if *need > Decimal::ZERO => *need,
        _ => return None,
    };
    let have = points.have.as_ref()?;
    let (low, high) = match have {
        Answer::Number(have) | Answer::Count(have) => (*have, *have),
        Answer::Numbers(low, high) | Answer::Counts(low, high) => (low.unwrap_or_default(), high.unwrap_or(need)),
        _ => return None,
    };
    let share = |number: Decimal, of: usize| {
        let share = number.max(Decimal::ZERO).min(need).checked_div(need)?.checked_mul(Decimal::from(of))?;
        usize::try_from(share.trunc()).ok()
    };
    let cells = layout::bar(BAR, share(low, BAR)?, share(high, BAR)?);
    let percent = fill(words.percent, &[("number", &share(low, 100)?.to_string())]);
    let left = if low >= need {
        words.reached.to_owned()
    } else {
        fill(words.to_go, &[("gap", &sheet.value(&table::gap(have, &Answer::Number(need))?, &Kind::Number))])
    };
    let have = sheet.value(have, &Kind::Number);
    let need = sheet.number(need, &Kind::Number);
    let told = fill(words.progress, &[("have", &have), ("need", &need), ("level", &block.level)]);
    Some(format!("{}  {percent}\n{told}{}{left}", styled(GOOD, cells), words.comma))
}
