//! Awards: what tallies pay.

use super::Evaluator;
use super::bounds::Bounds;
use super::expression::rounding;
use super::tally::RowResult;
use crate::facts::Value;
use crate::model::Aggregate;
use crate::value::{Decimal, Rounding};
use bumpalo::collections::Vec as ArenaVec;

/// What all awards pay.
#[derive(Debug)]
pub struct AwardResults<'a> {
    /// For each award its rows.
    pub lines: &'a [&'a [Line<'a>]],
    /// All points together.
    pub total: Bounds<'a>,
}

/// What one row of an award pays.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// The points.
    pub points: Bounds<'a>,
    /// The amount or the number of records.
    pub basis: Value<'a>,
    /// How many blocks they make, where an award pays by the block.
    pub blocks: Option<Bounds<'a>>,
    /// The records that counted.
    pub result: RowResult<'a>,
}

impl<'a> Evaluator<'a> {
    /// What every award pays.
    pub fn award_all(&self) -> AwardResults<'a> {
        let awards = &self.model().awards;
        let mut lines: ArenaVec<'a, &'a [Line<'a>]> = ArenaVec::with_capacity_in(awards.len(), self.arena);
        let mut total = Bounds::exactly(Decimal::ZERO);
        for (place, award) in awards.iter().enumerate() {
            let results = self.tally(award.tally);
            let mut own = ArenaVec::with_capacity_in(results.len(), self.arena);
            for (row, result) in results.iter().enumerate() {
                let line = self.line(place as u32, row as u32, result);
                total = match total.plus(line.points, self.arena) {
                    Ok(total) => total,
                    Err(_) => {
                        self.overflow();
                        total
                    }
                };
                own.push(line);
            }
            lines.push(own.into_bump_slice());
        }
        AwardResults { lines: lines.into_bump_slice(), total }
    }

    fn line(&self, place: u32, row: u32, result: &RowResult<'a>) -> Line<'a> {
        let award = &self.model().awards[place as usize];
        let basis = result.value;
        let amount = Bounds::of(basis).unwrap_or(Bounds::exactly(Decimal::ZERO));
        let rounding = match self.eval(&award.rounding) {
            Value::Word(word) => rounding(word),
            _ => Rounding::Floor,
        };
        let by_amount = self.model().tallies[award.tally as usize].aggregate == Aggregate::Sum;
        let blocks = match (result.blocks, &award.per) {
            (Some(blocks), _) => Some(blocks),
            (None, Some(per)) => Some(self.blocks(amount, self.eval(per), rounding)),
            (None, None) if by_amount => Some(amount.rounded(rounding, 0)),
            (None, None) => None,
        };
        let points = self
            .paid(place, row, blocks.unwrap_or(amount))
            .unwrap_or_else(|| Bounds::unknown(self.undefined("the points are not known")));
        Line { points, basis, blocks, result: *result }
    }

    /// The points that an amount earns in a row, with parts of a block as `parts` says.
    pub fn points_of(&self, award: u32, row: u32, amount: Bounds<'a>, parts: Rounding) -> Option<Bounds<'a>> {
        let written = &self.model().awards[award as usize];
        let units = match &written.per {
            Some(per) => self.blocks(amount, self.eval(per), parts),
            None => amount,
        };
        self.paid(award, row, units)
    }

    /// The points for so many records or blocks, up to the row's cap.
    fn paid(&self, award: u32, row: u32, units: Bounds<'a>) -> Option<Bounds<'a>> {
        let award = &self.model().awards[award as usize];
        let rate = Bounds::of(self.eval(&award.rows[row as usize].points))?;
        let points = match units.times(rate, self.arena) {
            Ok(points) => points,
            Err(_) => {
                self.overflow();
                return None;
            }
        };
        match &award.at_most {
            None => Some(points),
            Some(cap) => match Bounds::of(self.eval(cap)) {
                Some(cap) => Some(points.at_most(cap, self.arena)),
                None => Some(points),
            },
        }
    }

    /// The points of all rows of one award.
    pub fn award_total(&self, award: u32) -> Value<'a> {
        let lines = self.awards().lines[award as usize];
        let sum = lines.iter().try_fold(Bounds::exactly(Decimal::ZERO), |sum, line| sum.plus(line.points, self.arena));
        sum.map_or_else(|_| self.overflow(), |sum| sum.value(self.arena))
    }
}
