//! Awards: what tallies pay.

use super::Evaluator;
use super::bounds::Bounds;
use super::expression::rounding;
use super::tally::{PerRecord, RowResult};
use super::turn::Turns;
use crate::expression::Operator;
use crate::facts::{Value, Why};
use crate::model::{Aggregate, Award};
use crate::value::{Decimal, Rounding};
use bumpalo::collections::Vec as ArenaVec;

/// What all awards pay.
#[derive(Debug)]
pub struct AwardResults<'a> {
    /// For each award its rows.
    lines: &'a [Lines<'a>],
    /// All points together.
    pub total: Value<'a>,
}

/// What the rows of an award pay.
#[derive(Clone, Copy, Debug)]
struct Lines<'a> {
    lines: &'a [Line<'a>],
    /// What its tally came to.
    of: &'a [RowResult<'a>],
    /// When its rates and settings turn.
    turns: Turns,
}

/// What an award pays by, whatever the row.
struct Terms<'a> {
    award: &'a Award,
    /// Whether it pays for amounts, not for records.
    by_amount: bool,
    /// What becomes of parts of a block.
    rounding: Rounding,
    /// Why that, or what is divided, is not known.
    open: Option<&'a Why<'a>>,
    /// What a block is.
    per: Option<Value<'a>>,
    /// The most that a row pays.
    cap: Option<Value<'a>>,
    /// Whether no records earn nothing, whatever the rate.
    nothing_for_nothing: bool,
}

impl<'a> AwardResults<'a> {
    /// The rows of an award.
    pub fn of(&self, award: u32) -> &'a [Line<'a>] {
        self.lines[award as usize].lines
    }
}

/// What one row of an award pays.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// The points.
    pub points: Value<'a>,
    /// How many blocks they make, where an award pays by the block.
    pub blocks: Option<Value<'a>>,
    /// The amount or the number of records, and which.
    pub result: &'a RowResult<'a>,
}

impl<'a> Evaluator<'a> {
    /// What every award pays; what an earlier day `knew` stays where its records and rates do.
    pub fn award_all(&self, knew: Option<&AwardResults<'a>>) -> AwardResults<'a> {
        let awards = &self.model().awards;
        let mut lines: ArenaVec<'a, Lines<'a>> = ArenaVec::with_capacity_in(awards.len(), self.arena);
        let mut total = Value::Number(Decimal::ZERO);
        for (place, award) in awards.iter().enumerate() {
            let results = self.tally(award.tally);
            let known = knew.map(|knew| knew.lines[place]);
            let known = known.filter(|known| std::ptr::eq(known.of, results) && known.turns.not_by(self.as_of));
            let own = known.unwrap_or_else(|| {
                let (lines, turns) = self.turning(|| {
                    let terms = self.terms(place as u32);
                    let rows = results.iter().enumerate();
                    &*self.arena.alloc_slice_fill_iter(rows.map(|(row, result)| self.line(&terms, row, result)))
                });
                Lines { lines, of: results, turns }
            });
            self.turn(own.turns);
            total = own.lines.iter().fold(total, |sum, line| self.arithmetic(Operator::Add, sum, line.points));
            lines.push(own);
        }
        AwardResults { lines: lines.into_bump_slice(), total }
    }

    fn line(&self, terms: &Terms<'a>, row: usize, result: &'a RowResult<'a>) -> Line<'a> {
        let amount = match result.value {
            Value::None => Value::Number(Decimal::ZERO),
            amount => amount,
        };
        let nothing = matches!(amount, Value::Number(amount) if amount.is_zero());
        if nothing && terms.nothing_for_nothing && result.blocks.is_none() {
            let blocks = (terms.per.is_some() || terms.by_amount).then_some(amount);
            return Line { points: amount, blocks, result };
        }
        let blocks = match (result.blocks, terms.per) {
            (Some(blocks), _) => Some(blocks),
            (None, Some(per)) => Some(self.blocks(amount, per, terms.rounding)),
            (None, None) if terms.by_amount => Some(self.round(amount, terms.rounding)),
            (None, None) => None,
        };
        let blocks = match terms.open.filter(|_| !nothing) {
            Some(why) => Some(Value::Unknown(why)),
            None => blocks,
        };
        let prorated = terms.rounding == Rounding::Exact && terms.open.is_none();
        let points = match terms.per.filter(|_| prorated) {
            // Multiplied first, so that a whole number of points stays one.
            Some(Value::Number(per)) if !per.is_zero() => self.paid(terms, row, amount, per),
            _ => self.paid(terms, row, blocks.unwrap_or(amount), Decimal::ONE),
        };
        Line { points, blocks, result }
    }

    /// The points that an amount earns in a row, whatever part of a block it makes.
    pub fn points_of(&self, award: u32, row: u32, amount: Value<'a>) -> Value<'a> {
        let terms = self.terms(award);
        let units = terms.per.map_or(amount, |per| self.blocks(amount, per, Rounding::Exact));
        self.paid(&terms, row as usize, units, Decimal::ONE)
    }

    /// What an award pays by, whatever the row.
    fn terms(&self, award: u32) -> Terms<'a> {
        let award = &self.model().awards[award as usize];
        let by_amount = self.model().tallies[award.tally as usize].aggregate == Aggregate::Sum;
        // How parts of a block are treated, and what is divided, matter only where there are blocks.
        let settings = [self.eval(&award.rounding), self.eval(&award.over)];
        let rounding = match settings[0] {
            Value::Word(word) => rounding(word),
            _ => Rounding::Exact,
        };
        let per = award.per.as_ref().map(|per| self.eval(per));
        let cap = award.at_most.as_ref().map(|cap| self.eval(cap));
        let no_cap_below = match cap {
            None => true,
            Some(Value::Number(cap)) => !cap.is_sign_negative(),
            Some(_) => false,
        };
        Terms {
            award,
            by_amount,
            rounding,
            open: settings.iter().find_map(Value::doubt).filter(|_| award.per.is_some() || by_amount),
            per,
            cap,
            nothing_for_nothing: no_cap_below && !matches!(per, Some(Value::Number(per)) if per.is_zero()),
        }
    }

    /// The points for so many records or blocks, of which so many make a unit, up to the row's cap.
    fn paid(&self, terms: &Terms<'a>, row: usize, amount: Value<'a>, unit: Decimal) -> Value<'a> {
        let rate = self.eval(&terms.award.rows[row].points);
        if !matches!(rate, Value::Number(_) | Value::Range(_) | Value::Unknown(_)) {
            return Value::Unknown(self.undefined("the points are not known"));
        }
        let points = self.arithmetic(Operator::Multiply, amount, rate);
        let points =
            if unit == Decimal::ONE { points } else { self.arithmetic(Operator::Divide, points, Value::Number(unit)) };
        match (points, terms.cap) {
            (points, None) => points,
            (Value::Number(points), Some(Value::Number(cap))) => Value::Number(points.min(cap)),
            (points, Some(cap)) => match (Bounds::of(points), Bounds::of(cap)) {
                (Some(points), Some(cap)) => points.at_most(cap, self.arena).value(self.arena),
                _ => points,
            },
        }
    }

    /// The points of all rows of one award.
    pub fn award_total(&self, award: u32) -> Value<'a> {
        let lines = self.awards().of(award);
        let zero = Value::Number(Decimal::ZERO);
        lines.iter().fold(zero, |sum, line| self.arithmetic(Operator::Add, sum, line.points))
    }

    /// How an award turns each record's amount into blocks; `None` when it adds up amounts first.
    pub fn per_record(&self, award: u32) -> Option<PerRecord<'a>> {
        let award = &self.model().awards[award as usize];
        match self.eval(&award.over) {
            Value::Word(1) => {}
            _ => return None,
        }
        let per = award.per.as_ref().map_or(Value::Number(Decimal::ONE), |per| self.eval(per));
        let rounding = match self.eval(&award.rounding) {
            Value::Word(word) => rounding(word),
            // A part of a block is worth its part, however the amounts are divided up; and what is not known stays so.
            _ => Rounding::Exact,
        };
        if rounding == Rounding::Exact {
            return None;
        }
        Some(PerRecord { per, rounding })
    }

    /// How many blocks an amount makes.
    pub fn blocks(&self, amount: Value<'a>, per: Value<'a>, rounding: Rounding) -> Value<'a> {
        match (amount, per) {
            (Value::Number(amount), Value::Unknown(_)) if amount.is_zero() => Value::Number(Decimal::ZERO),
            (_, Value::Unknown(why)) => Value::Unknown(why),
            (_, Value::Number(_)) => self.round(self.arithmetic(Operator::Divide, amount, per), rounding),
            _ => amount,
        }
    }

    fn round(&self, amount: Value<'a>, rounding: Rounding) -> Value<'a> {
        match amount {
            Value::Number(amount) => Value::Number(rounding.apply(amount, 0)),
            amount => self.round_range(amount, rounding, 0),
        }
    }
}
