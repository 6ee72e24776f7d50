//! Measures that no requirement shows, and the steps of a traced evaluation.

use super::{Sheet, layout};
use crate::output::{FAINT, styled};
use std::collections::HashSet;
use tierline_engine::evaluate::Decision;
use tierline_engine::evaluate::decision::Answer;
use tierline_engine::model::node::Op;
use tierline_engine::value::Kind;

/// Adds the measures that stand in no requirement of a ladder.
pub fn add(sheet: &mut Sheet<'_>, decision: &Decision<'_>) {
    let model = sheet.model;
    let mut shown: HashSet<&str> = HashSet::from(["points"]);
    for ladder in &model.ladders {
        let requirements = ladder.rows.iter().flat_map(|row| &row.requirements).chain(&ladder.requires);
        shown.extend(requirements.filter_map(|requirement| match requirement.have.as_ref()?.op {
            Op::Measure(id) => Some(model.measure(id).name.as_str()),
            _ => None,
        }));
    }
    let left = decision.measures.0.iter().filter(|(name, _)| !shown.contains(&**name));
    let rows: Vec<_> = left.map(|(name, answer)| (sheet.rule_title(name), text(sheet, name, answer))).collect();
    if rows.is_empty() {
        return;
    }
    sheet.section(sheet.words.figures, "");
    table(sheet, &rows);
}

/// Adds the steps, where they were asked for.
pub fn add_steps(sheet: &mut Sheet<'_>, decision: &Decision<'_>) {
    if decision.trace.is_empty() {
        return;
    }
    sheet.section(sheet.words.steps, "");
    let rows = decision.trace.iter().map(|step| {
        let rule =
            if step.subject.is_empty() { step.rule.to_owned() } else { format!("{} {}", step.rule, step.subject) };
        let value = text(sheet, step.rule, &step.value);
        let facts = if step.facts.is_empty() { String::new() } else { format!("  ({})", step.facts.join(", ")) };
        (rule, format!("{value}{facts}"))
    });
    let rows: Vec<_> = rows.collect();
    table(sheet, &rows);
}

fn text(sheet: &Sheet<'_>, name: &str, answer: &Answer<'_>) -> String {
    let kind = sheet.model.measures.iter().find(|measure| measure.name == name).map(|measure| &measure.ty.kind);
    sheet.value(answer, kind.unwrap_or(&Kind::Number))
}

fn table(sheet: &mut Sheet<'_>, rows: &[(String, String)]) {
    let labels = layout::widest(rows.iter().map(|(label, _)| label.as_str())).min(60);
    for (label, value) in rows {
        let lines = layout::wrapped(value, layout::page().saturating_sub(labels + 4));
        for (place, line) in lines.iter().enumerate() {
            let label = if place == 0 { label } else { "" };
            sheet.line(format!("  {}  {line}", styled(FAINT, layout::left(label, labels))));
        }
    }
}
