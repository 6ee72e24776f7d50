//! Credits as the decision tells them.

use super::assemble::{note, requirement};
use super::{Answer, RequirementAnswer, Undetermined};
use crate::evaluate::Evaluator;
use crate::evaluate::credit::CreditResult;
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
    /// What it is about, where the rule says so.
    pub subject: Option<Answer<'a>>,
    /// Who; none where it is not known who.
    pub partner: Answer<'a>,
    /// What it is for: the rows at hand that have a name, and the columns that select.
    pub of: Vec<(Cow<'a, str>, Answer<'a>)>,
    /// How much, where something is counted.
    pub value: Option<Answer<'a>>,
    /// `undetermined` where it is not certain.
    pub state: Option<&'static str>,
    /// How what it takes came out, where the partner is not credited.
    pub reasons: Vec<RequirementAnswer<'a>>,
    /// The records that name the partner.
    pub facts: &'a [&'a str],
}

impl Serialize for CreditAnswer<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("rule", &self.row.rule)?;
        self.subject.iter().try_for_each(|subject| map.serialize_entry("subject", subject))?;
        map.serialize_entry("partner", &self.partner)?;
        self.of.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))?;
        self.row.about.iter().try_for_each(|(column, text)| map.serialize_entry(column, text))?;
        self.value.iter().try_for_each(|value| map.serialize_entry("value", value))?;
        self.state.iter().try_for_each(|state| map.serialize_entry("state", state))?;
        if !self.reasons.is_empty() {
            map.serialize_entry("reasons", &self.reasons)?;
        }
        map.serialize_entry("facts", &self.facts)?;
        map.end()
    }
}

/// Who is credited with what, and who takes part and is not.
pub(super) fn credits<'a>(
    evaluator: &Evaluator<'a>,
    undetermined: &mut Vec<Undetermined<'a>>,
) -> (Vec<CreditAnswer<'a>>, Vec<CreditAnswer<'a>>) {
    let results = evaluator.credits();
    for (row, why) in &results.open {
        note(evaluator, row.rule.as_str(), Some(why), undetermined);
    }
    for line in results.lines.iter().filter(|line| line.why.is_some()) {
        let names = line.subject.iter().chain([&line.to]).filter_map(|name| match name {
            Value::Text(name) => Some(*name),
            _ => None,
        });
        let rule = [line.row.rule.as_str()].into_iter().chain(names).collect::<Vec<_>>().join(".");
        note(evaluator, rule, line.why, undetermined);
    }
    let answers = |lines: &[CreditResult<'a>]| lines.iter().map(|line| answer(evaluator, line)).collect();
    (answers(&results.lines), answers(&results.refused))
}

fn answer<'a>(evaluator: &Evaluator<'a>, line: &CreditResult<'a>) -> CreditAnswer<'a> {
    evaluator.enter(&line.credit.each, line.combination);
    let name = |value: Value<'a>| match value {
        Value::Text(id) => Answer::Text(id),
        _ => Answer::Unknown,
    };
    let mut of: Vec<(Cow<'a, str>, Answer<'a>)> =
        line.credit.each.iter().filter_map(|domain| named_row(evaluator, *domain)).collect();
    for (column, node) in &line.row.columns {
        if of.iter().all(|(known, _)| known != column) {
            of.push((Cow::Borrowed(column), Answer::of(evaluator, &node.ty.kind, evaluator.eval(node))));
        }
    }
    of.retain(|(name, _)| !CREDIT_KEYS.contains(&name.as_ref()));
    let kind = line.credit.value.as_ref().map_or(&Kind::Number, |value| &value.ty.kind);
    CreditAnswer {
        credit: line.credit,
        row: line.row,
        subject: line.subject.map(name),
        partner: name(line.to),
        of,
        value: line.value.map(|value| Answer::of(evaluator, kind, value)),
        state: line.why.map(|_| "undetermined"),
        reasons: line.reasons.iter().map(|checked| requirement(evaluator, checked, None, None)).collect(),
        facts: evaluator.fact_names(line.credit.domain, line.facts),
    }
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
