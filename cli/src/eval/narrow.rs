//! A decision narrowed to what concerns one record.

use crate::exit::CliError;
use tierline_engine::evaluate::Decision;
use tierline_engine::finding::nearest;
use tierline_engine::model::{Model, RowsOf};

/// Leaves out the award lines, deadlines and steps that do not name the record `id`. The partner's own id
/// leaves out nothing; then there is no record that alone is spoken of.
///
/// # Errors
/// When the facts hold no record of that id.
pub fn to<'i>(
    decision: &mut Decision<'_>,
    model: &Model,
    document: &[u8],
    id: &'i str,
) -> Result<Option<&'i str>, CliError> {
    if decision.subject == Some(id) {
        return Ok(None);
    }
    let known = ids(model, document);
    if !known.iter().any(|known| known == id) {
        let near = nearest(id, known.iter().map(String::as_str)).map(str::to_owned);
        return Err(CliError::NoSubject { id: id.to_owned(), near });
    }
    if let Some(awards) = &mut decision.awards {
        awards.lines.retain(|line| line.facts.iter().any(|fact| fact == id));
    }
    decision.deadlines.retain(|deadline| deadline.subject.as_deref() == Some(id));
    decision.trace.retain(|step| {
        // A step of several records names them all: `D-1.L-2`.
        step.subject == id || step.subject.split('.').any(|part| part == id) || step.facts.iter().any(|fact| fact == id)
    });
    Ok(Some(id))
}

/// The ids of the records in the facts, by the fields that name records.
fn ids(model: &Model, document: &[u8]) -> Vec<String> {
    let names: Vec<&str> = model
        .domains
        .iter()
        .filter_map(|domain| match &domain.rows {
            RowsOf::Records(records) => records.fields.get(records.id? as usize).map(|field| field.json.as_str()),
            _ => None,
        })
        .collect();
    let mut found = Vec::new();
    if let Ok(facts) = serde_json::from_slice(document) {
        collect(&facts, &names, &mut found);
    }
    found
}

fn collect(value: &serde_json::Value, names: &[&str], found: &mut Vec<String>) {
    match value {
        serde_json::Value::Array(items) => items.iter().for_each(|item| collect(item, names, found)),
        serde_json::Value::Object(fields) => {
            for (key, value) in fields {
                match value {
                    serde_json::Value::String(id) if names.contains(&key.as_str()) => found.push(id.clone()),
                    value => collect(value, names, found),
                }
            }
        }
        _ => {}
    }
}
