//! The points by category: what earned them, how much of it, and by which facts.

use super::{Sheet, layout};
use crate::output::{FAINT, STRONG, styled};
use crate::words::fill;
use tierline_engine::evaluate::Decision;
use tierline_engine::evaluate::decision::{Answer, AwardLine};
use tierline_engine::model::node::{Constant, Node, Op};
use tierline_engine::value::{Decimal, Kind};

/// How many facts a line lists.
const MOST_FACTS: usize = 24;

/// Adds the points.
pub fn add(sheet: &mut Sheet<'_>, decision: &Decision<'_>) {
    let Some(awards) = &decision.awards else { return };
    let words = sheet.words;
    sheet.section(words.points, "");
    let mut rows: Vec<Row> = Vec::new();
    let mut shown: Vec<&AwardLine<'_>> = Vec::new();
    for (category, points) in &awards.by_category.0 {
        let lines = awards.lines.iter().filter(|line| line.category == Some(&**category));
        let lines: Vec<_> = lines.collect();
        if lines.is_empty() {
            continue;
        }
        rows.push(Row::heading(sheet.described("category", category), sheet.value(points, &Kind::Number)));
        rows.extend(lines.iter().map(|line| row(sheet, line, 4)));
        shown.extend(lines);
    }
    let rest: Vec<_> = awards.lines.iter().filter(|line| line.category.is_none()).collect();
    if !rest.is_empty() && !shown.is_empty() {
        rows.push(Row::heading(words.other.to_owned(), String::new()));
    }
    let indent = if shown.is_empty() { 2 } else { 4 };
    rows.extend(rest.iter().map(|line| row(sheet, line, indent)));
    if awards.by_module.0.len() > 1 {
        rows.push(Row::heading(words.by_module.to_owned(), String::new()));
        let modules = sheet.model.modules.as_ref().map(|modules| Kind::Word(modules.words));
        for (module, points) in &awards.by_module.0 {
            let text = modules.as_ref().map_or_else(|| words.term(module), |kind| sheet.word(module, kind));
            rows.push(Row { heading: false, indent: 4, text, points: sheet.value(points, &Kind::Number), below: None });
        }
    }
    let total = sheet.value(&awards.total, &Kind::Number);
    print(sheet, &rows, Some(&total));
}

/// Adds the lines alone, where the decision was narrowed to one record: sums would be those of all.
pub fn add_lines(sheet: &mut Sheet<'_>, decision: &Decision<'_>) {
    let Some(awards) = &decision.awards else { return };
    let words = sheet.words;
    sheet.section(words.points, "");
    if awards.lines.is_empty() {
        sheet.line(format!("  {}", words.earns_nothing));
    }
    let rows: Vec<Row> = awards.lines.iter().map(|line| row(sheet, line, 2)).collect();
    print(sheet, &rows, None);
}

/// A line with points at its end, and below it what they come from: a calculation with its clauses, and the facts.
struct Row {
    heading: bool,
    indent: usize,
    text: String,
    points: String,
    below: Option<((String, String), String)>,
}

impl Row {
    fn heading(text: String, points: String) -> Self {
        Self { heading: true, indent: 2, text, points, below: None }
    }
}

fn print(sheet: &mut Sheet<'_>, rows: &[Row], total: Option<&str>) {
    let numbers = layout::widest(rows.iter().map(|row| row.points.as_str()).chain(total));
    let room = layout::page() - numbers - 6;
    let texts = rows.iter().map(|row| row.indent + layout::width(&row.text)).max().unwrap_or(0).min(room).max(40);
    let lead = |used: usize| styled(FAINT, "·".repeat((texts + 4).saturating_sub(used + 2)));
    for row in rows {
        let lines = layout::wrapped(&row.text, texts - row.indent);
        let (last, before) = lines.split_last().map_or(("", &lines[..]), |(last, before)| (last.as_str(), before));
        let indent = " ".repeat(row.indent);
        before.iter().for_each(|line| sheet.line(format!("{indent}{line}")));
        let text = if row.heading { styled(STRONG, last) } else { last.to_owned() };
        let lead = if row.points.is_empty() { String::new() } else { lead(row.indent + layout::width(last)) };
        sheet.line(format!("{indent}{text} {lead} {}", layout::right(&row.points, numbers)));
        if let Some((basis, facts)) = &row.below {
            let room = layout::page() - row.indent - 2;
            let joined =
                |parts: &[&str]| parts.iter().copied().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("   ");
            let together = joined(&[&basis.0, facts, &basis.1]);
            let apart = vec![joined(&[&basis.0, &basis.1]), facts.clone()];
            let lines = if layout::width(&together) <= room { vec![together] } else { apart };
            for line in lines.iter().flat_map(|line| layout::wrapped(line, room)) {
                sheet.line(format!("{indent}  {}", styled(FAINT, line)));
            }
        }
    }
    let Some(total) = total else { return };
    let text = format!("  {}", sheet.words.total);
    let lead = lead(layout::width(&text));
    sheet.line(styled(FAINT, format!("  {}", "─".repeat(texts + 2 + numbers))));
    sheet.line(format!("{} {lead} {}", styled(STRONG, text), styled(STRONG, layout::right(total, numbers))));
}

fn row(sheet: &Sheet<'_>, line: &AwardLine<'_>, indent: usize) -> Row {
    let (award, of) = line.award;
    let text = sheet.titled(of.title.as_ref().or(award.title.as_ref()), line.rule);
    let clauses = sheet.clauses(of.source.as_ref().or(award.source.as_ref()));
    let basis = (basis(sheet, line), clauses);
    let tally = &sheet.model.tallies[award.tally as usize];
    let more = line.facts.len().saturating_sub(MOST_FACTS);
    let mut facts = sheet.records_named(tally.domain, &line.facts[..line.facts.len() - more]);
    if more > 0 {
        facts = fill(sheet.words.and_more, &[("list", &facts), ("count", &more.to_string())]);
    }
    Row { heading: false, indent, text, points: sheet.value(&line.points, &Kind::Number), below: Some((basis, facts)) }
}

/// `USD 314,017.35 in blocks of USD 25,000: 12 × 600`, as far as it is fixed.
fn basis(sheet: &Sheet<'_>, line: &AwardLine<'_>) -> String {
    let (award, of) = line.award;
    let tally = &sheet.model.tallies[award.tally as usize];
    let kind = tally.value.as_ref().map_or(&Kind::Count, |value| &value.ty.kind);
    let number = |number: Decimal, kind: &Kind| sheet.number(number.normalize(), kind);
    let points = fixed(sheet, &of.points).map(|points| number(points, &Kind::Number));
    if line.basis.amount == Some(Answer::Unknown) {
        return sheet.words.undetermined.to_owned();
    }
    let value = |answer: &Option<Answer<'_>>, kind| answer.as_ref().map(|answer| sheet.value(answer, kind));
    let amount = value(&line.basis.count, &Kind::Count).or(value(&line.basis.amount, kind)).unwrap_or_default();
    let blocks = value(&line.basis.blocks, &Kind::Count);
    let block = award.per.as_ref().and_then(|per| Some(number(fixed(sheet, per)?, &per.ty.kind)));
    let text = match (blocks, block, points) {
        (Some(blocks), Some(block), Some(points)) => {
            let values = [("amount", &*amount), ("block", &*block), ("blocks", &*blocks), ("points", &*points)];
            fill(sheet.words.per_block, &values)
        }
        (Some(blocks), _, Some(points)) => format!("{amount}: {blocks} × {points}"),
        (None, _, Some(points)) => format!("{amount} × {points}"),
        _ => amount,
    };
    match award.at_most.as_ref().and_then(|cap| fixed(sheet, cap)) {
        Some(cap) => fill(sheet.words.at_most, &[("basis", &text), ("cap", &number(cap, &Kind::Number))]),
        None => text,
    }
}

/// The number that a node always gives.
fn fixed(sheet: &Sheet<'_>, node: &Node) -> Option<Decimal> {
    let constant = match &node.op {
        Op::Constant(constant) => constant,
        Op::Parameter(id, keys) if keys.is_empty() => {
            let parameter = sheet.model.parameter(*id);
            parameter.cells.first().filter(|_| parameter.changes.is_empty())?.as_ref()?
        }
        _ => return None,
    };
    match constant {
        Constant::Number(number) => Some(*number),
        _ => None,
    }
}
