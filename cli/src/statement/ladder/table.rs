//! The requirements of levels, side by side with what the partner has.

use super::super::{Sheet, layout};
use crate::output::{BAD, FAINT, GOOD, OPEN, STRONG, styled};
use crate::words::fill;
use anstyle::Style;
use tierline_engine::evaluate::decision::{Answer, RequirementAnswer};
use tierline_engine::value::{Decimal, Kind};

/// The requirements of one level, or of one way to it.
pub struct Block<'a, 'd> {
    /// What it is for.
    pub heading: String,
    /// What people call the level.
    pub level: String,
    /// Whether the level is in force.
    pub held: bool,
    /// The requirements that are worth showing.
    pub requirements: Vec<&'a RequirementAnswer<'d>>,
}

/// Whether a requirement keeps nobody from the level.
pub fn holds(requirement: &RequirementAnswer<'_>) -> bool {
    matches!(requirement.state, "met" | "waived")
}

/// How wide the columns of numbers may be; what is longer stands in a line of its own.
const WIDEST: usize = 24;

struct Row {
    mark: (&'static str, Style),
    title: String,
    have: String,
    need: String,
    outcome: String,
    /// What there is and what is needed, where that is too long for a column.
    below: Option<String>,
    otherwise: Option<String>,
}

/// Adds the blocks; the columns of all of them stand in line.
pub fn add(sheet: &mut Sheet<'_>, blocks: &[Block<'_, '_>]) {
    let words = sheet.words;
    let rows = |block: &Block<'_, '_>| block.requirements.iter().map(|known| row(sheet, known)).collect();
    let tables: Vec<(&str, Vec<Row>)> = blocks.iter().map(|block| (block.heading.as_str(), rows(block))).collect();
    let rows = || tables.iter().flat_map(|(_, rows)| rows);
    let haves = layout::widest(rows().map(|row| row.have.as_str()).chain([words.have]));
    let needs = layout::widest(rows().map(|row| row.need.as_str()).chain([words.need]));
    let outcomes = layout::widest(rows().map(|row| row.outcome.as_str()));
    let room = layout::page().saturating_sub(haves + needs + outcomes + 10).max(20);
    let headings = tables.iter().map(|(heading, _)| layout::width(heading).saturating_sub(2)).max().unwrap_or(0);
    let titles = layout::widest(rows().map(|row| row.title.as_str())).max(headings).min(room);
    for (heading, rows) in &tables {
        sheet.line("");
        sheet.line(format!(
            "  {}  {}  {}",
            styled(STRONG, layout::left(heading, titles + 2)),
            styled(FAINT, layout::right(words.have, haves)),
            styled(FAINT, layout::right(words.need, needs)),
        ));
        for row in rows {
            let lines = layout::wrapped(&row.title, titles);
            let (mark, style) = row.mark;
            for (place, line) in lines.iter().enumerate() {
                if place > 0 {
                    sheet.line(format!("    {line}"));
                    continue;
                }
                sheet.line(format!(
                    "  {} {}  {}  {}  {}",
                    styled(style, mark),
                    layout::left(line, titles),
                    layout::right(&row.have, haves),
                    layout::right(&row.need, needs),
                    styled(style, &row.outcome),
                ));
            }
            for line in
                row.below.iter().chain(&row.otherwise).flat_map(|text| layout::wrapped(text, layout::page() - 6))
            {
                sheet.line(format!("      {}", styled(FAINT, line)));
            }
        }
    }
}

fn row(sheet: &Sheet<'_>, known: &RequirementAnswer<'_>) -> Row {
    let words = sheet.words;
    let kind = known.requirement.have.as_ref().map_or(&Kind::Number, |have| &have.ty.kind);
    let (mark, outcome) = match known.state {
        "met" => (("✓", GOOD), words.met.to_owned()),
        "waived" => (("–", GOOD), words.waived.to_owned()),
        "undetermined" => (("?", OPEN), words.undetermined.to_owned()),
        "asked" => (("…", OPEN), words.asked.to_owned()),
        _ => (("✗", BAD), missing(sheet, known, kind)),
    };
    let otherwise = known.requirement.otherwise.as_ref().filter(|_| known.state == "not_met");
    let mut have = known.have.as_ref().map_or_else(String::new, |have| sheet.value(have, kind));
    let mut need = known.need.as_ref().map_or_else(String::new, |need| sheet.need(known.requirement, need));
    let long = layout::width(&have).max(layout::width(&need)) > WIDEST;
    let below = long.then(|| fill(words.have_and_need, &[("have", &have), ("need", &need)]));
    if long {
        (have, need) = (String::new(), String::new());
    }
    Row {
        mark,
        title: sheet.requirement_title(known.requirement),
        have,
        need,
        outcome,
        below,
        otherwise: otherwise.map(|text| sheet.phrase(text).to_owned()),
    }
}

/// What is missing, as far as it is known; none where nothing may be.
pub fn gap(have: &Answer<'_>, need: &Answer<'_>) -> Option<Answer<'static>> {
    let (Answer::Number(need) | Answer::Count(need)) = need else { return None };
    let (low, high) = match have {
        Answer::Number(have) | Answer::Count(have) => (Some(*have), Some(*have)),
        Answer::Numbers(low, high) | Answer::Counts(low, high) => (*low, *high),
        _ => return None,
    };
    let left = |have: Option<Decimal>| need.checked_sub(have?).map(|left| left.max(Decimal::ZERO));
    match (left(high), left(low)) {
        (_, Some(most)) if most.is_zero() => None,
        (None, None) => None,
        (least, most) if least == most => least.map(Answer::Number),
        (least, most) => Some(Answer::Numbers(least, most)),
    }
}

fn missing(sheet: &Sheet<'_>, known: &RequirementAnswer<'_>, kind: &Kind) -> String {
    match known.have.as_ref().zip(known.need.as_ref()).and_then(|(have, need)| gap(have, need)) {
        Some(gap) => fill(sheet.words.missing, &[("gap", &sheet.value(&gap, kind))]),
        None => sheet.words.not_met.to_owned(),
    }
}
