//! From a model to a plan: which facts are read, which records are walked together, where results are kept.
//!
//! A plan is immutable and shared; every evaluation of a version runs the same one.

mod dated;
mod growth;
mod lower;
mod program;
mod scan;
mod union;

pub use dated::Dated;
pub(crate) use dated::within;
pub use growth::{Growth, rates};
pub use program::{Load, Program, Version, WhichVersion};
pub use scan::{Dispatch, Scan, TallyPlan};

use crate::date::Date;
use crate::facts::Schema;
use crate::model::node::{Node, Op};
use crate::model::{Model, Parameter, ParameterId, RowsOf};
use crate::value::DomainId;
use std::collections::HashSet;

/// A version of a program, ready to be evaluated.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What the rulebook says.
    pub model: Model,
    /// The same as it runs, its parameters in the rulebook's own readings.
    pub(crate) rules: Model,
    /// `sha256:…` over the files of the version.
    pub digest: String,
    /// How facts are read.
    pub schema: Schema,
    /// Which records are walked together.
    pub(crate) scans: Vec<Scan>,
    /// How each tally is made.
    pub(crate) tallies: Vec<TallyPlan>,
    /// Which rules only ever grow in a cycle.
    pub(crate) growth: Growth,
    /// The record inside which the records of a domain live.
    pub(crate) within: Vec<Option<DomainId>>,
    /// The record that names the subject, and its id's place.
    pub(crate) subject: Option<(DomainId, u32)>,
    /// The days on which the version is in force: half-open.
    pub(crate) period: (Option<Date>, Option<Date>),
    /// The version that binds a partner until this one does, where this one binds each from its own day.
    pub(crate) before: Option<(std::sync::Arc<Plan>, crate::facts::Share)>,
    /// The other versions of the program, by which subjects of their days are judged.
    pub(crate) dated: Vec<Dated>,
}

const _: () = {
    const fn shareable<T: Send + Sync>() {}
    shareable::<Plan>();
};

impl Plan {
    /// The plan of a checked model.
    pub fn of(model: Model, digest: String) -> Self {
        let read = fields_read(&model);
        let schema = Schema::of(&model, &|domain, field| read.contains(&(domain, field)));
        let subject = model.domains.iter().enumerate().find_map(|(place, domain)| match &domain.rows {
            RowsOf::Records(records) if records.list.is_none() && records.within.is_none() => {
                Some((DomainId(place as u32), records.id?))
            }
            _ => None,
        });
        let (scans, tallies) = scan::schedule(&model);
        let places = 0..model.domains.len() as u32;
        let within = places.map(|place| model.records(DomainId(place))?.within).collect();
        let (rules, growth) = (lower::lower(&model), Growth::of(&model));
        let (period, before, dated) = ((model.from, model.until), None, Vec::new());
        Self { model, rules, growth, digest, schema, scans, tallies, within, subject, period, before, dated }
    }

    /// The parameter called `name`, with all of its views.
    pub fn parameter_views(&self, name: &str) -> Vec<(ParameterId, &Parameter)> {
        let all = self.model.parameters.iter().enumerate();
        all.filter(|(_, parameter)| parameter.name == name)
            .map(|(place, parameter)| (ParameterId(place as u32), parameter))
            .collect()
    }
}

/// Every field that some rule reads.
fn fields_read(model: &Model) -> HashSet<(DomainId, u32)> {
    let mut read = HashSet::new();
    let mut note = |node: &Node| match &node.op {
        Op::Field(domain, field) | Op::FieldOf(_, domain, field) => {
            read.insert((*domain, *field));
        }
        _ => {}
    };
    model.nodes(&mut |node| node.walk(&mut note));
    for domain in &model.domains {
        if let RowsOf::Records(records) = &domain.rows {
            records.nodes(&mut |node| node.walk(&mut note));
        }
    }
    read
}
