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
        let by_amount = self.model().tallies[award.tally as usize].aggregate == Aggregate::Sum;
        // How parts of a block are treated, and what is divided, matter only where there are blocks.
        let settings = [self.eval(&award.rounding), self.eval(&award.over)];
        let open = settings.iter().find_map(Value::doubt).filter(|_| award.per.is_some() || by_amount);
        let rounding = match settings[0] {
            Value::Word(word) => rounding(word),
            _ => Rounding::Exact,
        };
        let blocks = match (result.blocks, &award.per) {
            (Some(blocks), _) => Some(blocks),
            (None, Some(per)) => Some(self.blocks(amount, self.eval(per), rounding)),
            (None, None) if by_amount => Some(amount.rounded(rounding, 0)),
            (None, None) => None,
        };
        let nothing = amount.exact().is_some_and(|amount| amount.is_zero());
        let blocks = match open.filter(|_| !nothing) {
            Some(why) => Some(Bounds::unknown(why)),
            None => blocks,
        };
        let unknown = || Bounds::unknown(self.undefined("the points are not known"));
        let prorated = rounding == Rounding::Exact && open.is_none();
        let points = match award.per.as_ref().filter(|_| prorated).map(|per| self.eval(per)) {
            // Multiplied first, so that a whole number of points stays one.
            Some(Value::Number(per)) if !per.is_zero() => self.prorated(place, row, amount, per),
            _ => self.paid(place, row, blocks.unwrap_or(amount)),
        };
        let points = points.unwrap_or_else(unknown);
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

    /// The points for an amount of which every part counts, up to the row's cap.
    fn prorated(&self, award: u32, row: u32, amount: Bounds<'a>, per: Decimal) -> Option<Bounds<'a>> {
        let award = &self.model().awards[award as usize];
        let rate = Bounds::of(self.eval(&award.rows[row as usize].points))?;
        let points = amount.times(rate, self.arena).and_then(|points| points.divided(per));
        match points {
            Ok(points) => Some(self.capped(award, points)),
            Err(_) => {
                self.overflow();
                None
            }
        }
    }

    /// Points, but no more than the award's cap.
    fn capped(&self, award: &'a crate::model::Award, points: Bounds<'a>) -> Bounds<'a> {
        let cap = award.at_most.as_ref().and_then(|cap| Bounds::of(self.eval(cap)));
        cap.map_or(points, |cap| points.at_most(cap, self.arena))
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
        Some(self.capped(award, points))
    }

    /// The points of all rows of one award.
    pub fn award_total(&self, award: u32) -> Value<'a> {
        let lines = self.awards().lines[award as usize];
        let sum = lines.iter().try_fold(Bounds::exactly(Decimal::ZERO), |sum, line| sum.plus(line.points, self.arena));
        sum.map_or_else(|_| self.overflow(), |sum| sum.value(self.arena))
    }
}
