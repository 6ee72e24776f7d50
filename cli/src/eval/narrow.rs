//! A decision narrowed to what concerns one record.

use crate::exit::CliError;
use tierline_engine::evaluate::Decision;
use tierline_engine::evaluate::decision::{Answer, LadderAnswers};
use tierline_engine::finding::nearest;
use tierline_engine::model::{Model, RowsOf};
use tierline_engine::value::DomainId;

/// Leaves out the rulings, award lines, credits, deadlines, steps and what is not known that do not name the record
/// `id`, and of the levels and benefits that every record has those of the others. What is of the partner as a whole
/// stays. The partner's own id leaves out nothing; then there is no record that alone is spoken of.
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
        awards.lines.retain(|line| line.facts.contains(&id));
    }
    for credits in [&mut decision.credits, &mut decision.not_credited] {
        credits.retain(|credit| {
            let named =
                credit.subject.iter().chain([&credit.partner]).chain(credit.of.iter().map(|(_, answer)| answer));
            credit.facts.contains(&id) || named.into_iter().any(|name| *name == Answer::Text(id))
        });
    }
    for (_, answers) in &mut decision.ladders.0 {
        if let LadderAnswers::Each(each) = answers {
            each.0.retain(|(row, answer)| !is_of_records(model, &answer.ladder.each) || is_of(Some(row), id));
        }
    }
    let each = is_of_records(model, &model.benefits_each);
    decision.benefits.retain(|benefit| !each || benefit.of.as_ref().is_some_and(|(_, row)| is_of(Some(row), id)));
    for (_, answers) in &mut decision.rulings.0 {
        answers.retain(|answer| is_of(answer.subject.as_deref(), id));
    }
    decision.rulings.0.retain(|(_, answers)| !answers.is_empty());
    decision.deadlines.retain(|deadline| deadline.subject.as_deref() == Some(id));
    // What is not known of others is nothing that this one waits for.
    decision
        .undetermined
        .retain(|known| is_of(Some(&known.rule), id) || known.missing.iter().any(|missing| is_of(Some(missing), id)));
    decision.trace.retain(|step| {
        // A step of several records names them all: `D-1.L-2`.
        is_of(Some(&step.subject), id) || step.facts.contains(&id)
    });
    Ok(Some(id))
}

/// Whether something is answered for records.
fn is_of_records(model: &Model, each: &[DomainId]) -> bool {
    each.iter().any(|domain| model.records(*domain).is_some())
}

/// Whether something is about `id`, alone or together with others: `D-1.rhel`.
fn is_of(subject: Option<&str>, id: &str) -> bool {
    subject.is_some_and(|subject| subject == id || subject.split('.').any(|part| part == id))
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
