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
use crate::model::node::Constant;
use crate::model::{How, LadderId, MeasureId, Model, ParameterId, RowsOf};
use crate::value::DomainId;
use award::AwardResults;
use bumpalo::collections::Vec as ArenaVec;
use duty::ObligationResult;
use force::Force;
use ladder::LadderResult;
use shared::Shared;
use std::cell::Cell;
use tally::TallyResult;
use turn::{Kept, Turns};

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
    /// The evaluation of the day before this one that is known; what has not turned since is taken from it.
    earlier: Option<&'a Evaluator<'a>>,
    /// The evaluation of the day that was asked for, where that is later.
    later: Option<&'a Evaluator<'a>>,
    /// When what is being computed turns.
    turns: Cell<Turns>,
    frames: &'a [Cell<Frame<'a>>],
    memo: &'a [Cell<(Value<'a>, Turns)>],
    tallies: &'a [Kept<&'a TallyResult<'a>>],
    awards: Kept<&'a AwardResults<'a>>,
    points: Cell<Option<Value<'a>>>,
    ladders: &'a [Kept<&'a LadderResult<'a>>],
    forces: &'a [Kept<&'a Force<'a>>],
    rulings: &'a [Kept<&'a ruling::RulingResult<'a>>],
    judgements: &'a [Kept<Result<&'a ruling::Judged<'a>, &'a Why<'a>>>],
    quotas: &'a [Kept<&'a [Option<quota::Quota<'a>>]>],
    obligations: &'a [Kept<ObligationResult<'a>>],
    standing: Kept<Value<'a>>,
    frozen: Cell<Option<&'a [duty::Frozen<'a>]>>,
    exceptions: Kept<&'a [(u32, Truth<'a>)]>,
    excepting: Cell<bool>,
    cycle: Kept<Result<(Date, Date), &'a Why<'a>>>,
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
        let model = &plan.model;
        let earlier =
            shared.days.borrow().iter().filter(|(day, _)| *day < as_of).max_by_key(|(day, _)| *day).map(|(_, e)| *e);
        let asked = shared.days.borrow().first().copied();
        let later = asked.filter(|(day, _)| *day > as_of).map(|(_, evaluator)| evaluator);
        let evaluator = Self {
            plan,
            rules: if readings.is_empty() { &plan.rules } else { &plan.model },
            facts,
            arena,
            as_of,
            readings,
            shared,
            earlier,
            later,
            turns: Cell::new(Turns::NEVER),
            frames: arena.alloc_slice_fill_iter(
                facts.records.iter().map(|rows| Cell::new(Frame { row: 0, cells: rows.record(0) })),
            ),
            memo: arena.alloc_slice_fill_with(shared.kept as usize, |_| Cell::new((Value::Pending, Turns::NEVER))),
            tallies: arena.alloc_slice_fill_with(model.tallies.len(), |_| Cell::new(None)),
            awards: Cell::new(None),
            points: Cell::new(None),
            ladders: arena.alloc_slice_fill_with(shared.ladders as usize, |_| Cell::new(None)),
            forces: arena.alloc_slice_fill_with(shared.ladders as usize, |_| Cell::new(None)),
            judgements: arena.alloc_slice_fill_with(shared.rulings as usize, |_| Cell::new(None)),
            rulings: arena.alloc_slice_fill_with(shared.rulings as usize, |_| Cell::new(None)),
            quotas: arena.alloc_slice_fill_with(model.rulings.len(), |_| Cell::new(None)),
            obligations: arena.alloc_slice_fill_with(model.obligations.len(), |_| Cell::new(None)),
            standing: Cell::new(None),
            frozen: Cell::new(None),
            exceptions: Cell::new(None),
            excepting: Cell::new(false),
            cycle: Cell::new(None),
        };
        evaluator.give(shared.given);
        arena.alloc(evaluator)
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
        let failed = self.shared.failure.replace(before).is_some();
        (!failed).then_some(result)
    }

    /// Notes why the evaluation has no answer; the first reason stands.
    #[cold]
    pub fn fail(&self, failure: Failure) {
        self.shared.failure.borrow_mut().get_or_insert(failure);
    }

    /// The same subject on another day.
    pub fn at(&self, day: Date) -> &'a Evaluator<'a> {
        let known = self.shared.days.borrow().iter().find(|(known, _)| *known == day).map(|(_, evaluator)| *evaluator);
        let evaluator = known.unwrap_or_else(|| {
            let first = self.shared.days.borrow().first().map(|(_, evaluator)| *evaluator);
            if let Some(first) = first.filter(|_| self.shared.days.borrow().len() as i64 > LONGEST_SPAN) {
                self.fail(Failure::TooManyDays);
                return first;
            }
            let evaluator = Self::new(self.plan, self.facts, self.arena, day, self.readings, self.shared);
            self.shared.days.borrow_mut().push((day, evaluator));
            evaluator
        });
        for (here, there) in self.frames.iter().zip(evaluator.frames) {
            there.set(here.get());
        }
        evaluator
    }

    fn give(&self, given: &'a [(String, Constant)]) {
        for (name, constant) in given {
            let value = Value::of(constant, self.arena);
            if name == "points" {
                self.points.set(Some(value));
                continue;
            }
            for (place, measure) in self.model().measures.iter().enumerate() {
                if measure.name == *name && measure.each.is_empty() {
                    self.memo[self.shared.bases[place] as usize].set((value, Turns::NEVER));
                }
            }
        }
    }

    /// The points of the cycle: those given, else those of all awards.
    pub fn total_points(&self) -> Value<'a> {
        self.points.get().unwrap_or_else(|| self.awards().total.value(self.arena))
    }

    /// How many rows a domain has.
    pub fn len(&self, domain: DomainId) -> u32 {
        shared::rows_of(self.model(), self.facts, domain)
    }

    /// How many pairs, triples, … of rows there are.
    pub fn combinations(&self, each: &[DomainId]) -> u32 {
        shared::combinations(self.model(), self.facts, each)
    }

    /// When a measure that was computed turns.
    pub fn measure_turns(&self, id: MeasureId) -> Turns {
        self.memo.get(self.shared.bases[id.0 as usize] as usize).map_or(Turns::NEVER, |cell| cell.get().1)
    }

    /// When what the requirements of a ladder give turns.
    pub fn ladder_turns(&self, id: LadderId) -> Turns {
        let answer = self.ladders.get(self.shared.ladder_bases[id.0 as usize] as usize);
        answer.and_then(Cell::get).map_or(Turns::NEVER, |(_, turns)| turns)
    }

    /// When the points of all awards turn.
    pub fn award_turns(&self) -> Turns {
        self.awards.get().map_or(Turns::NEVER, |(_, turns)| turns)
    }

    /// The place of the rows at hand among all pairs, triples, ….
    fn combination(&self, each: &[DomainId]) -> u32 {
        each.iter().fold(0, |place, domain| place * self.len(*domain) + self.row(*domain))
    }

    /// Puts the rows of a pair, triple, … at hand.
    pub fn enter(&self, each: &[DomainId], mut combination: u32) {
        for domain in each.iter().rev() {
            let len = self.len(*domain).max(1);
            self.set_row(*domain, combination % len);
            combination /= len;
        }
    }

    /// The row of a domain that is at hand.
    #[inline]
    pub fn row(&self, domain: DomainId) -> u32 {
        self.frames[domain.0 as usize].get().row
    }

    /// Puts a row at hand, and the records that it is inside.
    #[inline]
    pub fn set_row(&self, domain: DomainId, row: u32) {
        let rows = self.facts.rows(domain);
        self.frames[domain.0 as usize].set(Frame { row, cells: rows.record(row) });
        if let Some(parent) = rows.parents.get(row as usize)
            && let Some(outer) = self.plan.within[domain.0 as usize]
        {
            self.set_row(outer, *parent);
        }
    }

    /// Does something that puts rows of a domain at hand, and puts back what was at hand before.
    pub fn keeping<T>(&self, domain: DomainId, work: impl FnOnce() -> T) -> T {
        let before = self.frames[domain.0 as usize].get();
        let result = match self.plan.within[domain.0 as usize] {
            Some(outer) => self.keeping_outer(outer, work),
            None => work(),
        };
        self.frames[domain.0 as usize].set(before);
        result
    }

    /// Like [`keeping`](Self::keeping), for the record inside which the rows live.
    fn keeping_outer<T>(&self, domain: DomainId, work: impl FnOnce() -> T) -> T {
        let mut before: ArenaVec<'a, (DomainId, Frame<'a>)> = ArenaVec::new_in(self.arena);
        let mut outer = Some(domain);
        while let Some(domain) = outer {
            before.push((domain, self.frames[domain.0 as usize].get()));
            outer = self.plan.within[domain.0 as usize];
        }
        let result = work();
        for (domain, frame) in before {
            self.frames[domain.0 as usize].set(frame);
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
        let frame = self.frames[domain.0 as usize].get();
        match frame.cells.get(field as usize) {
            None | Some(Value::Elsewhere) => self.field(domain, frame.row, field),
            Some(value) => *value,
        }
    }

    /// A field of a record, or a column of a row.
    pub fn field(&self, domain: DomainId, row: u32, field: u32) -> Value<'a> {
        match &self.model().domain(domain).rows {
            RowsOf::Records(records) => match self.facts.rows(domain).record(row).get(field as usize) {
                None => Value::Unknown(self.arena.alloc(Why::List(domain, u32::MAX))),
                Some(Value::Elsewhere) => match &records.fields[field as usize].absent {
                    crate::model::Absent::Field(node) => self.with_row(domain, row, || self.eval(node)),
                    _ => Value::None,
                },
                Some(value) => *value,
            },
            RowsOf::Table(table) => Value::of(&table.cells[row as usize][field as usize], self.arena),
            RowsOf::Words(_) => Value::Word(row),
        }
    }

    /// A measure: of the rows at hand, where it has a value for each.
    #[inline]
    pub fn measure(&self, id: MeasureId) -> Value<'a> {
        let measure = self.model().measure(id);
        let row = if measure.each.is_empty() { 0 } else { self.combination(&measure.each) };
        let place = (self.shared.bases[id.0 as usize] + row) as usize;
        match self.memo.get(place).map(Cell::get) {
            None => Value::Unknown(self.undefined("no such record is at hand")),
            Some((Value::Pending, _)) => {
                let known = self.earlier.map(|earlier| earlier.memo[place].get());
                let (value, turns) = match known {
                    Some((value, turns)) if !matches!(value, Value::Pending) && turns.not_by(self.as_of) => {
                        (value, turns)
                    }
                    _ => self.turning(|| match &measure.how {
                        How::Value(node) => self.eval(node),
                        How::Tally(tally, row) => self.tallied(*tally, *row),
                        How::Rank(rank) => self.ranked(id, rank),
                    }),
                };
                self.memo[place].set((value, turns));
                self.turn(turns);
                value
            }
            Some((value, turns)) => {
                self.turn(turns);
                value
            }
        }
    }

    /// Visits the rows of a domain that are at hand: those inside the row of `inside`, else all.
    /// Stops when `visit` says so. Says whether the list is known; puts back what was at hand.
    pub fn each_row(&self, domain: DomainId, inside: Option<DomainId>, visit: &mut dyn FnMut(u32) -> bool) -> Presence {
        let RowsOf::Records(records) = &self.model().domain(domain).rows else {
            self.keeping(domain, || {
                for row in 0..self.len(domain) {
                    self.set_row(domain, row);
                    if !visit(row) {
                        break;
                    }
                }
            });
            return Presence::Known;
        };
        let rows = self.facts.rows(domain);
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
                if !visit(row) {
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
        let place = self.ladder_place(id);
        if let Some((known, turns)) = self.ladders.get(place).and_then(Cell::get) {
            self.turn(turns);
            return known;
        }
        let known = self.earlier.and_then(|earlier| earlier.ladders.get(place)).and_then(Cell::get);
        let (result, turns) = match known {
            Some((result, turns)) if turns.not_by(self.as_of) => (result, turns),
            known => {
                let knew = known.map(|(result, _)| result);
                self.turning(|| &*self.arena.alloc(self.climb(id, knew)))
            }
        };
        if let Some(cell) = self.ladders.get(place) {
            cell.set(Some((result, turns)));
        }
        self.turn(turns);
        result
    }

    /// What is in force of a ladder for the rows at hand, and how it came to be.
    pub fn force(&self, id: LadderId) -> &'a Force<'a> {
        let place = self.ladder_place(id);
        if let Some((known, turns)) = self.forces.get(place).and_then(Cell::get) {
            self.turn(turns);
            return known;
        }
        let known = self.earlier.and_then(|earlier| earlier.forces.get(place)).and_then(Cell::get);
        let (force, turns) = match known {
            Some((force, turns)) if turns.not_by(self.as_of) => (force, turns),
            _ => self.turning(|| &*self.arena.alloc(self.in_force(id))),
        };
        if let Some(cell) = self.forces.get(place) {
            cell.set(Some((force, turns)));
        }
        self.turn(turns);
        force
    }

    /// What all awards pay.
    pub fn awards(&self) -> &'a AwardResults<'a> {
        if let Some((known, turns)) = self.awards.get() {
            self.turn(turns);
            return known;
        }
        let known = self.earlier.and_then(|earlier| earlier.awards.get());
        let (results, turns) = match known {
            Some((results, turns)) if turns.not_by(self.as_of) => (results, turns),
            known => {
                let knew = known.map(|(results, _)| results);
                self.turning(|| &*self.arena.alloc(self.award_all(knew)))
            }
        };
        self.awards.set(Some((results, turns)));
        self.turn(turns);
        results
    }
}
