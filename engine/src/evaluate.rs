//! Facts and a plan to a decision, explained on the way: there is no other path.
//!
//! Everything of one evaluation lives in one arena. What is computed once is kept; what nobody asks
//! for is not computed. The day is an argument; no clock is read.

mod ahead;
mod award;
mod benefit;
mod binding;
mod bounds;
mod collect;
mod compare;
mod credit;
mod deadline;
mod decide;
pub mod decision;
mod duty;
mod expression;
mod force;
mod gives;
mod judge;
mod kept;
mod ladder;
mod missing;
mod possible;
mod question;
mod quota;
mod rank;
mod reach;
mod ruling;
mod script;
mod shared;
mod steps;
mod tally;
mod time;
mod today;
mod trace;
mod truth;
mod turn;
mod validity;

pub use decide::VERSION;
pub use decision::Decision;
pub use question::{Failure, LONGEST_SPAN, MOST_COMBINATIONS, Question};
pub use rank::{Compared, Place};
pub use truth::Truth;

use crate::compile::Plan;
use crate::date::Date;
use crate::facts::{Arena, Facts, Presence, Value, Why};
use crate::model::node::{Constant, Op};
use crate::model::{How, LadderId, MeasureId, Model, ParameterId, RowsOf};
use crate::value::DomainId;
use award::AwardResults;
use bumpalo::collections::Vec as ArenaVec;
use force::Force;
use ladder::LadderResult;
use shared::Shared;
use std::cell::Cell;
use turn::Turns;

/// The record or row of a domain that is at hand.
#[derive(Clone, Copy)]
struct Frame<'a> {
    row: u32,
    /// Its slots, where it is a record.
    cells: &'a [Value<'a>],
}

/// The evaluation of a plan for one subject on one day.
pub(crate) struct Evaluator<'a> {
    pub(crate) plan: &'a Plan,
    /// The rules as they run.
    rules: &'a Model,
    pub(crate) facts: &'a Facts<'a>,
    pub(crate) arena: &'a Arena,
    pub(crate) as_of: Date,
    pub(crate) readings: &'a [(ParameterId, usize)],
    shared: &'a Shared<'a>,
    /// When what is being computed turns.
    turns: Cell<Turns>,
    excepting: Cell<bool>,
}

impl<'a> Evaluator<'a> {
    fn new(
        plan: &'a Plan,
        facts: &'a Facts<'a>,
        arena: &'a Arena,
        as_of: Date,
        readings: &'a [(ParameterId, usize)],
        shared: &'a Shared<'a>,
    ) -> &'a Self {
        arena.alloc(Self {
            plan,
            // What stands as a value in the rules as they run is no step.
            rules: if readings.is_empty() && !shared.traced { &plan.rules } else { &plan.model },
            facts,
            arena,
            as_of,
            readings,
            shared,
            turns: Cell::new(Turns::NEVER),
            excepting: Cell::new(false),
        })
    }

    /// The evaluation on the day that is asked for: the first of all that go by the same facts.
    fn first(
        plan: &'a Plan,
        facts: &'a Facts<'a>,
        arena: &'a Arena,
        readings: &'a [(ParameterId, usize)],
        shared: &'a Shared<'a>,
    ) -> &'a Self {
        let first = Self::new(plan, facts, arena, shared.asked, readings, shared);
        shared.days.borrow_mut().push((shared.asked, first));
        first.give(shared.given);
        first
    }

    /// What the rulebook says.
    #[inline]
    pub fn model(&self) -> &'a Model {
        self.rules
    }

    /// Computes what may not be asked for at all: where it fails, there is no answer, and no failure either.
    pub fn attempt<T>(&self, work: impl FnOnce() -> T) -> Option<T> {
        let before = self.shared.failure.take();
        let result = work();
        match self.shared.failure.replace(before) {
            None => Some(result),
            Some(failure) => {
                // What has been taken is taken, whether it was asked for or not.
                if matches!(failure, Failure::TooManySteps { .. }) {
                    self.fail(failure);
                }
                None
            }
        }
    }

    /// Notes why the evaluation has no answer; the first reason stands.
    #[cold]
    pub fn fail(&self, failure: Failure) {
        self.shared.failure.borrow_mut().get_or_insert(failure);
    }

    /// The same subject on another day.
    pub fn at(&self, day: Date) -> &'a Evaluator<'a> {
        let mut days = self.shared.days.borrow_mut();
        let place = match days.binary_search_by_key(&day, |(known, _)| *known) {
            Ok(place) => return days[place].1,
            Err(place) => place,
        };
        if days.len() as i64 > LONGEST_SPAN {
            self.fail(Failure::TooManyDays);
            return days[0].1;
        }
        let evaluator = Self::new(self.plan, self.facts, self.arena, day, self.readings, self.shared);
        days.insert(place, (day, evaluator));
        evaluator
    }

    /// Puts values that are given in the place of what would be computed, on every day.
    fn give(&self, given: &'a [(String, Constant)]) {
        for (name, constant) in given {
            let value = (Value::of(constant, self.arena), Turns::NEVER);
            if name == "points" {
                self.shared.points.set(Some(value.0));
                continue;
            }
            for (place, measure) in self.model().measures.iter().enumerate() {
                if measure.name == *name && measure.each.is_empty() {
                    self.shared.measures[self.shared.bases[place] as usize].keep(Date::MIN, value, self.arena);
                }
            }
        }
    }

    /// The points of the cycle: those given, else those of all awards.
    pub fn total_points(&self) -> Value<'a> {
        self.shared.points.get().unwrap_or_else(|| self.awards().total)
    }

    /// How many rows a domain has.
    pub fn len(&self, domain: DomainId) -> u32 {
        shared::rows_of(self.model(), self.facts, domain)
    }

    /// How many pairs, triples, … of rows there are.
    pub fn combinations(&self, each: &[DomainId]) -> u32 {
        shared::combinations(self.model(), self.facts, each)
    }

    /// The place of the rows at hand among all pairs, triples, ….
    fn combination(&self, each: &[DomainId]) -> u32 {
        each.iter().fold(0, |place, domain| place * self.len(*domain) + self.row(*domain))
    }

    /// Puts the rows of a pair, triple, … at hand.
    pub fn enter(&self, each: &[DomainId], mut combination: u32) {
        self.step(1);
        for domain in each.iter().rev() {
            let len = self.len(*domain).max(1);
            self.set_row(*domain, combination % len);
            combination /= len;
        }
    }

    /// The row of a domain that is at hand.
    #[inline]
    pub fn row(&self, domain: DomainId) -> u32 {
        self.shared.frames[domain.0 as usize].get().row
    }

    /// Puts a row at hand, and the records that it is inside.
    #[inline]
    pub fn set_row(&self, domain: DomainId, row: u32) {
        let rows = self.facts.rows(domain);
        self.shared.frames[domain.0 as usize].set(Frame { row, cells: rows.record(row) });
        if let Some(parent) = rows.parents.get(row as usize)
            && let Some(outer) = self.plan.within[domain.0 as usize]
        {
            self.set_row(outer, *parent);
        }
    }

    /// Does something that puts rows of a domain at hand, and puts back what was at hand before.
    pub fn keeping<T>(&self, domain: DomainId, work: impl FnOnce() -> T) -> T {
        let before = self.shared.frames[domain.0 as usize].get();
        let result = match self.plan.within[domain.0 as usize] {
            Some(outer) => self.keeping_outer(outer, work),
            None => work(),
        };
        self.shared.frames[domain.0 as usize].set(before);
        result
    }

    /// Like [`keeping`](Self::keeping), for the record inside which the rows live.
    fn keeping_outer<T>(&self, domain: DomainId, work: impl FnOnce() -> T) -> T {
        let mut before: ArenaVec<'a, (DomainId, Frame<'a>)> = ArenaVec::new_in(self.arena);
        let mut outer = Some(domain);
        while let Some(domain) = outer {
            before.push((domain, self.shared.frames[domain.0 as usize].get()));
            outer = self.plan.within[domain.0 as usize];
        }
        let result = work();
        for (domain, frame) in before {
            self.shared.frames[domain.0 as usize].set(frame);
        }
        result
    }

    /// Does something with a row at hand, and puts back what was at hand before.
    pub fn with_row<T>(&self, domain: DomainId, row: u32, work: impl FnOnce() -> T) -> T {
        self.keeping(domain, || {
            self.set_row(domain, row);
            work()
        })
    }

    /// A field of the record, or a column of the row, at hand.
    #[inline]
    pub fn own_field(&self, domain: DomainId, field: u32) -> Value<'a> {
        let frame = self.shared.frames[domain.0 as usize].get();
        match frame.cells.get(field as usize) {
            None | Some(Value::Elsewhere) => self.field(domain, frame.row, field),
            Some(value) => *value,
        }
    }

    /// A field of a record, or a column of a row.
    #[inline(never)]
    pub fn field(&self, domain: DomainId, row: u32, field: u32) -> Value<'a> {
        match &self.model().domain(domain).rows {
            RowsOf::Records(records) => match self.facts.rows(domain).record(row).get(field as usize) {
                None => Value::Unknown(self.arena.alloc(Why::List(domain, u32::MAX))),
                Some(Value::Elsewhere) => match &records.fields[field as usize].absent {
                    crate::model::Absent::Field(node) => match node.op {
                        // What is a field of the subject is the same whatever record is at hand.
                        Op::Field(of, field) if self.plan.subject.is_some_and(|(subject, _)| subject == of) => {
                            self.own_field(of, field)
                        }
                        _ => self.with_row(domain, row, || self.eval(node)),
                    },
                    _ => Value::None,
                },
                Some(value) => *value,
            },
            RowsOf::Table(table) => Value::of(&table.cells[row as usize][field as usize], self.arena),
            RowsOf::Words(_) => Value::Word(row),
        }
    }

    /// A measure: of the rows at hand, where it has a value for each.
    #[inline(never)]
    pub fn measure(&self, id: MeasureId) -> Value<'a> {
        let measure = self.model().measure(id);
        let row = if measure.each.is_empty() { 0 } else { self.combination(&measure.each) };
        let place = (self.shared.bases[id.0 as usize] + row) as usize;
        let Some(kept) = self.shared.measures.get(place) else {
            return Value::Unknown(self.undefined("no such record is at hand"));
        };
        self.known(kept, |_| match &measure.how {
            How::Value(node) => self.eval(node),
            How::Tally(tally, row) => self.tallied(*tally, *row),
            How::Rank(rank) => self.ranked(id, rank),
        })
    }

    /// Visits the rows of a domain that are at hand: those inside the row of `inside`, else all.
    /// Stops when `visit` says so. Says whether the list is known; puts back what was at hand.
    pub fn each_row(&self, domain: DomainId, inside: Option<DomainId>, visit: &mut dyn FnMut(u32) -> bool) -> Presence {
        let RowsOf::Records(records) = &self.model().domain(domain).rows else {
            self.keeping(domain, || {
                for row in 0..self.len(domain) {
                    self.set_row(domain, row);
                    if !self.step(1) || !visit(row) {
                        break;
                    }
                }
            });
            return Presence::Known;
        };
        let rows = self.facts.rows(domain);
        if records.within.is_none() {
            let at_hand = &self.shared.frames[domain.0 as usize];
            let before = at_hand.get();
            for row in 0..rows.len {
                at_hand.set(Frame { row, cells: rows.record(row) });
                if !self.step(1) || !visit(row) {
                    break;
                }
            }
            at_hand.set(before);
            return rows.presence;
        }
        let (range, presence) = match inside {
            Some(holder) if records.within == Some(holder) => match rows.spans.get(self.row(holder) as usize) {
                Some((first, count, presence)) => (*first..*first + *count, *presence),
                None => (0..0, Presence::Unknown),
            },
            _ => (0..rows.len, self.told(domain)),
        };
        let outer: Option<(DomainId, u32)> = inside.map(|holder| (holder, self.row(holder)));
        self.keeping(domain, || {
            for row in range {
                self.set_row(domain, row);
                if let Some((holder, wanted)) = outer
                    && self.row(holder) != wanted
                {
                    continue;
                }
                if !self.step(1) || !visit(row) {
                    break;
                }
            }
        });
        presence
    }

    /// Whether all records of a domain were told; of records inside others, in every one of them.
    fn told(&self, domain: DomainId) -> Presence {
        let rows = self.facts.rows(domain);
        match self.model().records(domain).and_then(|records| records.within) {
            None => rows.presence,
            Some(outer) => {
                let whole = rows.spans.iter().all(|(_, _, presence)| *presence == Presence::Known);
                if whole { self.told(outer) } else { Presence::Unknown }
            }
        }
    }

    /// The reason that a list is not known.
    pub fn list_unknown(&self, domain: DomainId, inside: Option<DomainId>) -> &'a Why<'a> {
        let holder = inside.map_or(u32::MAX, |holder| self.row(holder));
        self.arena.alloc(Why::List(domain, holder))
    }

    /// The place of a ladder's answer for the rows at hand.
    fn ladder_place(&self, id: LadderId) -> usize {
        let base = self.shared.ladder_bases[id.0 as usize];
        (base + self.combination(&self.model().ladder(id).each)) as usize
    }

    /// What the requirements of a ladder give for the rows at hand.
    pub fn ladder(&self, id: LadderId) -> &'a LadderResult<'a> {
        let climb = |knew| &*self.arena.alloc(self.climb(id, knew));
        match self.shared.ladders.get(self.ladder_place(id)) {
            Some(kept) => self.known(kept, climb),
            None => climb(None),
        }
    }

    /// What is in force of a ladder for the rows at hand, and how it came to be.
    pub fn force(&self, id: LadderId) -> &'a Force<'a> {
        let follow = |_| &*self.arena.alloc(self.in_force(id));
        match self.shared.forces.get(self.ladder_place(id)) {
            Some(kept) => self.known(kept, follow),
            None => follow(None),
        }
    }

    /// What all awards pay.
    pub fn awards(&self) -> &'a AwardResults<'a> {
        self.known(&self.shared.awards, |knew| &*self.arena.alloc(self.award_all(knew)))
    }
}
