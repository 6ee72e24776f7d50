//! The steps of an evaluation, told on request: what each rule came to, and for which record.

use super::Evaluator;
use super::decision::{Answer, Step};
use crate::facts::Value;
use crate::model::{How, MeasureId};

impl<'a> Evaluator<'a> {
    /// Every measure that was asked for, with its value for each record, and the records that it counted.
    pub fn steps(&self) -> Vec<Step<'a>> {
        let mut steps = Vec::new();
        for (place, measure) in self.model().measures.iter().enumerate() {
            let id = MeasureId(place as u32);
            for combination in 0..self.combinations(&measure.each) {
                self.enter(&measure.each, combination);
                let computed = self.computed(id);
                if matches!(computed, Value::Pending) {
                    continue;
                }
                let mut facts: &[&str] = &[];
                if let How::Tally(tally, row) = measure.how
                    && measure.each.is_empty()
                {
                    let tally_of = &self.model().tallies[tally as usize];
                    facts = self.fact_names(tally_of.domain, self.tally(tally)[row as usize].facts);
                }
                steps.push(Step {
                    rule: &measure.name,
                    subject: measure.each.iter().map(|domain| self.row_name(*domain)).collect::<Vec<_>>().join("."),
                    version: None,
                    value: Answer::of(self, &measure.ty.kind, computed),
                    facts,
                });
            }
        }
        steps
    }

    /// The steps of this version, and of every other one that was asked.
    pub fn all_steps(&self) -> Vec<Step<'a>> {
        let mut steps = self.steps();
        for (place, dated) in self.plan.dated.iter().enumerate() {
            if self.shared.versions[place].get().is_none() {
                continue;
            }
            let others = self.version(place).map(|other| other.steps()).unwrap_or_default();
            steps.extend(others.into_iter().map(|step| Step { version: Some(&dated.version), ..step }));
        }
        steps
    }

    /// The names of records: their ids, else their places from 0.
    pub fn fact_names(&self, domain: crate::value::DomainId, rows: &[u32]) -> &'a [&'a str] {
        let name = |row: &u32| match self.record_id(domain, *row) {
            Some(id) => id,
            None => &*self.arena.alloc_str(&row.to_string()),
        };
        self.arena.alloc_slice_fill_iter(rows.iter().map(name))
    }

    /// The name of the row at hand: a record's id, a row's id, a word.
    pub fn row_name(&self, domain: crate::value::DomainId) -> String {
        use crate::model::RowsOf;
        let row = self.row(domain);
        match &self.model().domain(domain).rows {
            RowsOf::Records(_) => self.record_id(domain, row).map_or_else(|| row.to_string(), str::to_owned),
            RowsOf::Table(table) => table.ids.get(row as usize).cloned().unwrap_or_default(),
            RowsOf::Words(words) => self.model().words(*words).words.get(row as usize).cloned().unwrap_or_default(),
        }
    }

    /// A measure's value for the rows at hand, if it was computed.
    fn computed(&self, id: MeasureId) -> Value<'a> {
        let place = self.shared.bases[id.0 as usize] + self.combination(&self.model().measure(id).each);
        self.shared
            .measures
            .get(place as usize)
            .and_then(|kept| kept.on(self.as_of))
            .map_or(Value::Pending, |(value, _)| value)
    }
}
