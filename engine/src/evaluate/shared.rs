//! What evaluations of one question share, whatever their day: where results are kept, and the days that are known.

use super::award::AwardResults;
use super::duty::{Frozen, ObligationResult};
use super::force::Force;
use super::kept::{Kept, Today};
use super::ladder::LadderResult;
use super::quota::Quota;
use super::ruling::{Judged, RulingResult};
use super::steps::Steps;
use super::tally::TallyResult;
use super::truth::Truth;
use super::{Evaluator, Failure, Frame, MOST_COMBINATIONS, Question};
use crate::compile::Plan;
use crate::date::Date;
use crate::facts::{Arena, Facts, Value, Why};
use crate::model::node::Constant;
use crate::model::{Model, RowsOf};
use crate::value::DomainId;
use bumpalo::collections::Vec as ArenaVec;
use std::cell::{Cell, RefCell};

/// What evaluations of one question share, whatever their day.
pub struct Shared<'a> {
    /// Parameters in another of their readings, by name.
    pub readings: &'a [(String, usize)],
    /// Whether every subject is judged by this version, whatever its date.
    pub alone: bool,
    /// Whether every step is told.
    pub traced: bool,
    pub given: &'a [(String, Constant)],
    pub places: &'a [super::Place],
    /// The day that was asked for.
    pub asked: Date,
    /// The rows at hand. Whoever puts others at hand puts these back, so that all days go by the same.
    pub frames: &'a [Cell<Frame<'a>>],
    /// Where the values of each measure begin among all.
    pub bases: &'a [u32],
    pub measures: &'a [Kept<'a, Value<'a>>],
    pub tallies: &'a [Kept<'a, &'a TallyResult<'a>>],
    pub awards: Kept<'a, &'a AwardResults<'a>>,
    /// The points of the cycle, where they are given.
    pub points: Cell<Option<Value<'a>>>,
    /// Where the answers of each ladder begin among all.
    pub ladder_bases: &'a [u32],
    pub ladders: &'a [Kept<'a, &'a LadderResult<'a>>],
    pub forces: &'a [Kept<'a, &'a Force<'a>>],
    /// Where the answers of each ruling begin among all.
    pub ruling_bases: &'a [u32],
    pub rulings: &'a [Kept<'a, &'a RulingResult<'a>>],
    /// Judgements of one day each, and when they turn: the evaluation of that very day stands in them.
    pub judgements: &'a [Today<'a, Result<&'a Judged<'a>, &'a Why<'a>>>],
    pub quotas: &'a [Today<'a, &'a [Option<Quota<'a>>]>],
    pub obligations: &'a [Kept<'a, ObligationResult<'a>>],
    /// When each obligation is due, by what it says on a day.
    pub dues: &'a [Kept<'a, Value<'a>>],
    pub standing: Kept<'a, Value<'a>>,
    pub frozen: Kept<'a, &'a [Frozen<'a>]>,
    pub exceptions: Kept<'a, &'a [(u32, Truth<'a>)]>,
    pub cycle: Kept<'a, Result<(Date, Date), &'a Why<'a>>>,
    /// Why there is no answer; of all versions that judge together.
    pub failure: &'a RefCell<Option<Failure>>,
    /// The steps that may still be taken, by all versions that judge together.
    pub steps: &'a Steps,
    /// How many requirements of rulings were judged.
    pub reasons: Cell<u32>,
    /// The evaluations of other versions, where they were asked.
    pub versions: &'a [Cell<Option<&'a Evaluator<'a>>>],
    /// The evaluations of all days that are known, in their order.
    // In the arena too: nothing that lives there is dropped, so what it held outside would be lost for good.
    pub days: RefCell<ArenaVec<'a, (Date, &'a Evaluator<'a>)>>,
}

/// What is asked.
struct Asked<'a> {
    readings: &'a [(String, usize)],
    given: &'a [(String, Constant)],
    places: &'a [super::Place],
    asked: Date,
    alone: bool,
    traced: bool,
    /// Where failures go.
    failure: &'a RefCell<Option<Failure>>,
    steps: &'a Steps,
}

impl<'a> Shared<'a> {
    pub fn of(plan: &Plan, facts: &'a Facts<'a>, question: &'a Question, arena: &'a Arena) -> Self {
        let (failure, steps) = (arena.alloc(RefCell::new(None)), arena.alloc(Steps::most(question.steps)));
        let (readings, given) = (question.readings.as_slice(), question.given.as_slice());
        Self::made(
            plan,
            facts,
            arena,
            Asked {
                readings,
                given,
                places: &question.places,
                asked: question.as_of,
                alone: question.alone,
                traced: question.trace,
                failure,
                steps,
            },
        )
    }

    /// What evaluations of another version share that judges subjects of the same question.
    pub fn beside(other: &Shared<'a>, plan: &Plan, facts: &'a Facts<'a>, arena: &'a Arena) -> Self {
        Self::made(
            plan,
            facts,
            arena,
            Asked {
                readings: other.readings,
                given: other.given,
                places: other.places,
                asked: other.asked,
                alone: true,
                traced: other.traced,
                failure: other.failure,
                steps: other.steps,
            },
        )
    }

    fn made(plan: &Plan, facts: &'a Facts<'a>, arena: &'a Arena, what: Asked<'a>) -> Self {
        let Asked { readings, given, places, asked, alone, traced, failure, steps } = what;
        let model = &plan.model;
        let (mut kept, mut ladders, mut rulings) = (0, 0, 0);
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
        let ruling_bases = arena.alloc_slice_fill_iter(model.rulings.iter().map(|ruling| {
            let base = rulings;
            rulings += combinations(model, facts, &ruling.each);
            base
        }));
        let each = model.measures.iter().map(|measure| &measure.each).chain(model.ladders.iter().map(|l| &l.each));
        let each = each.chain(model.rulings.iter().map(|ruling| &ruling.each));
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
        if too_many {
            failure.borrow_mut().get_or_insert(Failure::TooManyCombinations);
        }
        let versions = arena.alloc_slice_fill_with(plan.dated.len(), |_| Cell::new(None));
        let days = RefCell::new(ArenaVec::new_in(arena));
        let reasons = Cell::new(0);
        let first = facts.records.iter().map(|rows| Cell::new(Frame { row: 0, cells: rows.record(0) }));
        let frames = arena.alloc_slice_fill_iter(first);
        Self {
            frames,
            reasons,
            readings,
            alone,
            traced,
            versions,
            given,
            places,
            asked,
            bases,
            measures: Kept::many(kept as usize, arena),
            tallies: Kept::many(model.tallies.len(), arena),
            awards: Kept::nothing(),
            points: Cell::new(None),
            ladder_bases,
            ladders: Kept::many(ladders as usize, arena),
            forces: Kept::many(ladders as usize, arena),
            ruling_bases,
            rulings: Kept::many(rulings as usize, arena),
            judgements: Kept::many(rulings as usize, arena),
            quotas: Kept::many(model.rulings.len(), arena),
            obligations: Kept::many(model.obligations.len(), arena),
            dues: Kept::many(model.obligations.len(), arena),
            standing: Kept::nothing(),
            frozen: Kept::nothing(),
            exceptions: Kept::nothing(),
            cycle: Kept::nothing(),
            failure,
            steps,
            days,
        }
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
