//! Credits as the decision tells them.

use super::assemble::note;
use super::{Answer, Undetermined};
use crate::evaluate::Evaluator;
use crate::facts::Value;
use crate::model::{CREDIT_KEYS, Credit, CreditRow, RowsOf};
use crate::value::{DomainId, Kind};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::borrow::Cow;

/// What one partner is credited with.
#[derive(Debug)]
pub struct CreditAnswer<'a> {
    /// The rule.
    pub credit: &'a Credit,
    /// Its row.
    pub row: &'a CreditRow,
    /// Who; none where it is not known who.
    pub partner: Answer<'a>,
    /// What it is for: the rows at hand that have a name, and the columns that select.
    pub of: Vec<(Cow<'a, str>, Answer<'a>)>,
    /// How much, where something is counted.
    pub value: Option<Answer<'a>>,
    /// `undetermined` where it is not certain.
    pub state: Option<&'static str>,
    /// The records that name the partner.
    pub facts: Vec<Cow<'a, str>>,
}

impl Serialize for CreditAnswer<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("rule", &self.row.rule)?;
        map.serialize_entry("partner", &self.partner)?;
        self.of.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))?;
        self.row.about.iter().try_for_each(|(column, text)| map.serialize_entry(column, text))?;
        self.value.iter().try_for_each(|value| map.serialize_entry("value", value))?;
        self.state.iter().try_for_each(|state| map.serialize_entry("state", state))?;
        map.serialize_entry("facts", &self.facts)?;
        map.end()
    }
}

/// Who is credited with what.
pub(super) fn credits<'a>(
    evaluator: &Evaluator<'a>,
    undetermined: &mut Vec<Undetermined<'a>>,
) -> Vec<CreditAnswer<'a>> {
    let results = evaluator.credits();
    for (row, why) in &results.open {
        note(evaluator, row.rule.as_str(), Some(why), undetermined);
    }
    let mut answers = Vec::with_capacity(results.lines.len());
    for line in &results.lines {
        evaluator.enter(&line.credit.each, line.combination);
        let partner = match line.to {
            Value::Text(id) => Answer::Text(id),
            _ => Answer::Unknown,
        };
        if line.why.is_some() {
            let rule = match &partner {
                Answer::Text(id) => Cow::Owned(format!("{}.{id}", line.row.rule)),
                _ => Cow::Borrowed(line.row.rule.as_str()),
            };
            note(evaluator, rule, line.why, undetermined);
        }
        let at_hand = line.credit.each.iter().filter_map(|domain| named_row(evaluator, *domain));
        let columns = line.row.columns.iter().map(|(name, column)| {
            (Cow::Borrowed(name.as_str()), Answer::of(evaluator, &column.ty.kind, evaluator.eval(column)))
        });
        let mut of: Vec<(Cow<'a, str>, Answer<'a>)> = at_hand.collect();
        for (name, answer) in columns {
            if of.iter().all(|(known, _)| *known != name) {
                of.push((name, answer));
            }
        }
        of.retain(|(name, _)| !CREDIT_KEYS.contains(&name.as_ref()));
        let kind = line.credit.value.as_ref().map_or(&Kind::Number, |value| &value.ty.kind);
        answers.push(CreditAnswer {
            credit: line.credit,
            row: line.row,
            partner,
            of,
            value: line.value.map(|value| Answer::of(evaluator, kind, value)),
            state: line.why.map(|_| "undetermined"),
            facts: evaluator.fact_names(line.credit.domain, line.facts),
        });
    }
    answers
}

/// The row of a domain that is at hand, by the domain's name; none for records without an id.
fn named_row<'a>(evaluator: &Evaluator<'a>, domain: DomainId) -> Option<(Cow<'a, str>, Answer<'a>)> {
    let name = Cow::Borrowed(evaluator.model().domain(domain).name.as_str());
    let row = evaluator.row(domain);
    let answer = match &evaluator.model().domain(domain).rows {
        RowsOf::Records(_) => Answer::Text(evaluator.record_id(domain, row)?),
        RowsOf::Table(table) => Answer::Text(table.ids.get(row as usize)?),
        RowsOf::Words(words) => Answer::Text(evaluator.model().words(*words).words.get(row as usize)?),
    };
    Some((name, answer))
}
