//! What evaluations of one question share, whatever their day: where results are kept, and the days that are known.

use super::{Evaluator, Failure, MOST_COMBINATIONS};
use crate::compile::Plan;
use crate::date::Date;
use crate::facts::{Arena, Facts};
use crate::model::node::Constant;
use crate::model::{Model, RowsOf};
use crate::value::DomainId;
use bumpalo::collections::Vec as ArenaVec;
use std::cell::RefCell;

/// What evaluations of one question share, whatever their day.
pub struct Shared<'a> {
    pub given: &'a [(String, Constant)],
    pub places: &'a [super::Place],
    /// The day that was asked for.
    pub asked: Date,
    /// Where the values of each measure begin among all that are kept; how many there are.
    pub bases: &'a [u32],
    pub kept: u32,
    /// Where the answers of each ladder begin among all; how many there are.
    pub ladder_bases: &'a [u32],
    pub ladders: u32,
    pub failure: RefCell<Option<Failure>>,
    // In the arena too: nothing that lives there is dropped, so what it held outside would be lost for good.
    pub days: RefCell<ArenaVec<'a, (Date, &'a Evaluator<'a>)>>,
}

impl<'a> Shared<'a> {
    pub fn of(plan: &Plan, facts: &Facts<'_>, question: &'a super::Question, arena: &'a Arena) -> Self {
        let model = &plan.model;
        let (mut kept, mut ladders) = (0, 0);
        let bases = arena.alloc_slice_fill_iter(model.measures.iter().map(|measure| {
            let base = kept;
            kept += combinations(model, facts, &measure.each);
            base
        }));
        let ladder_bases = arena.alloc_slice_fill_iter(model.ladders.iter().map(|ladder| {
            let base = ladders;
            ladders += combinations(model, facts, &ladder.each);
            base
        }));
        let each = model.measures.iter().map(|measure| &measure.each).chain(model.ladders.iter().map(|l| &l.each));
        let mut each = each.chain([&model.benefits_each]).filter(|each| !each.is_empty());
        let too_many = each.any(|each| {
            combinations(model, facts, each) == 0 && each.iter().all(|domain| rows_of(model, facts, *domain) > 0)
        });
        let too_many = too_many
            || model.credits.iter().any(|credit| {
                let mut walked = credit.each.clone();
                walked.extend([credit.domain].iter().filter(|domain| !credit.each.contains(domain)));
                combinations(model, facts, &walked) == 0
                    && walked.iter().all(|domain| rows_of(model, facts, *domain) > 0)
            });
        let failure = RefCell::new(too_many.then_some(Failure::TooManyCombinations));
        let days = RefCell::new(ArenaVec::new_in(arena));
        let (given, places, asked) = (question.given.as_slice(), question.places.as_slice(), question.as_of);
        Self { given, places, asked, bases, kept, ladder_bases, ladders, failure, days }
    }
}

/// How many rows a domain has.
pub fn rows_of(model: &Model, facts: &Facts<'_>, domain: DomainId) -> u32 {
    match &model.domain(domain).rows {
        RowsOf::Records(_) => facts.rows(domain).len,
        RowsOf::Table(table) => table.ids.len() as u32,
        RowsOf::Words(words) => model.words(*words).words.len() as u32,
    }
}

/// How many pairs, triples, … of rows there are; none when there are more than may be.
pub fn combinations(model: &Model, facts: &Facts<'_>, each: &[DomainId]) -> u32 {
    let all = each.iter().try_fold(1u32, |all, domain| all.checked_mul(rows_of(model, facts, *domain)));
    all.filter(|all| *all <= MOST_COMBINATIONS).unwrap_or(0)
}

impl std::fmt::Debug for Shared<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}
