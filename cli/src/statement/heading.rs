//! Whom the statement is about, for which day, by which rules.

use super::{Sent, Sheet, layout, standing};
use crate::output::{FAINT, OPEN, STRONG, styled};
use crate::words::fill;
use tierline_engine::evaluate::Decision;
use tierline_engine::model::{Model, RowsOf};

/// Adds the heading.
pub fn add(sheet: &mut Sheet<'_>, decision: &Decision<'_>, sent: &Sent<'_>) {
    let (model, words) = (sheet.model, sheet.words);
    let title = sheet.titled(model.title.as_ref(), &model.program);
    sheet.line(styled(STRONG, title));
    sheet.line("");
    let mut rows = Vec::new();
    let name = subject_name(model, sent.document);
    let partner = match (name, decision.subject) {
        (Some(name), Some(id)) => Some(format!("{name} ({id})")),
        (Some(name), None) => Some(name),
        (None, id) => id.map(str::to_owned),
    };
    rows.extend(partner.map(|partner| (words.partner, partner)));
    let today = if sent.today { format!(" ({})", words.today) } else { String::new() };
    rows.push((words.as_of, format!("{}{today}", decision.receipt.as_of.0)));
    if let Some((from, until)) = decision.cycle {
        let last = until.pred_opt().unwrap_or(until).to_string();
        rows.push((words.cycle, fill(words.from_to, &[("from", &from.to_string()), ("to", &last)])));
    }
    let version = [("program", decision.receipt.program), ("version", decision.receipt.version)];
    rows.push((words.rules, of_status(sheet, fill(words.rules_version, &version))));
    rows.extend(standing::brief(sheet, decision).map(|standing| (words.standing, standing)));
    rows.extend(sent.only.map(|id| (words.only, styled(STRONG, id))));
    for (place, exception) in exceptions(sheet, decision).into_iter().enumerate() {
        rows.push((if place == 0 { words.exceptions } else { "" }, exception));
    }
    let labels = layout::widest(rows.iter().map(|(label, _)| *label));
    for (label, value) in rows {
        for (place, line) in layout::wrapped(&value, layout::page() - labels - 4).iter().enumerate() {
            let label = if place == 0 { label } else { "" };
            sheet.line(format!("  {}  {line}", styled(FAINT, layout::left(label, labels))));
        }
    }
    if let Some(provisional) = decision.provisional {
        sheet.line("");
        let text = fill(words.provisional, &[("text", sheet.phrase(provisional))]);
        for line in layout::wrapped(&text, layout::page() - 2) {
            sheet.line(format!("  {}", styled(OPEN, line)));
        }
    }
}

/// The version, marked where it is not published.
fn of_status(sheet: &Sheet<'_>, version: String) -> String {
    let text = match sheet.model.status.as_str() {
        "draft" => sheet.words.draft,
        "retired" => sheet.words.retired,
        _ => return version,
    };
    styled(OPEN, fill(text, &[("what", &version)]))
}

/// The exceptions that apply, each with its last day and its clauses.
fn exceptions(sheet: &Sheet<'_>, decision: &Decision<'_>) -> Vec<String> {
    let all = &sheet.model.exceptions;
    let applied = decision.exceptions.iter().filter_map(|id| all.iter().find(|exception| exception.id == *id));
    let told = applied.map(|exception| {
        let title = sheet.titled(exception.title.as_ref(), &exception.id);
        let title = match exception.until.and_then(|until| until.pred_opt()) {
            Some(last) => fill(sheet.words.until, &[("what", &title), ("day", &last.to_string())]),
            None => title,
        };
        format!("{title}  {}", styled(FAINT, sheet.clauses(exception.source.as_ref())))
    });
    told.collect()
}

/// The name of the subject, where its record has a field of that name.
fn subject_name(model: &Model, document: &[u8]) -> Option<String> {
    let (domain, key) = model.domains.iter().find_map(|domain| match &domain.rows {
        RowsOf::Records(records) if records.list.is_none() && records.within.is_none() && records.id.is_some() => {
            let field = records.fields.iter().find(|field| field.name == "name")?;
            Some((&domain.name, &field.json))
        }
        _ => None,
    })?;
    let facts: serde_json::Value = serde_json::from_slice(document).ok()?;
    facts.get(domain)?.get(key)?.as_str().map(str::to_owned)
}
