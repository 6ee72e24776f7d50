//! Awards: what tallies pay.

use super::Evaluator;
use super::bounds::Bounds;
use super::expression::rounding;
use super::tally::{PerRecord, RowResult};
use super::turn::Turns;
use crate::facts::Value;
use crate::model::Aggregate;
use crate::value::{Decimal, Rounding};
use bumpalo::collections::Vec as ArenaVec;

/// What all awards pay.
#[derive(Debug)]
pub struct AwardResults<'a> {
    /// For each award its rows.
    lines: &'a [Lines<'a>],
    /// All points together.
    pub total: Bounds<'a>,
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
    pub points: Bounds<'a>,
    /// The amount or the number of records.
    pub basis: Value<'a>,
    /// How many blocks they make, where an award pays by the block.
    pub blocks: Option<Bounds<'a>>,
    /// The records that counted.
    pub result: RowResult<'a>,
}

impl<'a> Evaluator<'a> {
    /// What every award pays; what an earlier day `knew` stays where its records and rates do.
    pub fn award_all(&self, knew: Option<&AwardResults<'a>>) -> AwardResults<'a> {
        let awards = &self.model().awards;
        let mut lines: ArenaVec<'a, Lines<'a>> = ArenaVec::with_capacity_in(awards.len(), self.arena);
        let mut total = Bounds::exactly(Decimal::ZERO);
        for (place, award) in awards.iter().enumerate() {
            let results = self.tally(award.tally);
            let known = knew.map(|knew| knew.lines[place]);
            let known = known.filter(|known| std::ptr::eq(known.of, results) && known.turns.not_by(self.as_of));
            let own = known.unwrap_or_else(|| {
                let (lines, turns) = self.turning(|| {
                    let mut own = ArenaVec::with_capacity_in(results.len(), self.arena);
                    let rows = results.iter().enumerate();
                    own.extend(rows.map(|(row, result)| self.line(place as u32, row as u32, result)));
                    own.into_bump_slice()
                });
                Lines { lines, of: results, turns }
            });
            self.turn(own.turns);
            for line in own.lines {
                total = match total.plus(line.points, self.arena) {
                    Ok(total) => total,
                    Err(_) => {
                        self.overflow();
                        total
                    }
                };
            }
            lines.push(own);
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
        let lines = self.awards().of(award);
        let sum = lines.iter().try_fold(Bounds::exactly(Decimal::ZERO), |sum, line| sum.plus(line.points, self.arena));
        sum.map_or_else(|_| self.overflow(), |sum| sum.value(self.arena))
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
    pub fn blocks(&self, amount: Bounds<'a>, per: Value<'a>, rounding: Rounding) -> Bounds<'a> {
        match per {
            Value::Number(per) if per.is_zero() => Bounds::unknown(self.undefined("division by zero")),
            Value::Number(per) => match amount.divided(per) {
                Ok(blocks) => blocks.rounded(rounding, 0),
                Err(_) => {
                    self.overflow();
                    amount
                }
            },
            Value::Unknown(why) => match amount.exact() {
                Some(amount) if amount.is_zero() => Bounds::exactly(Decimal::ZERO),
                _ => Bounds::unknown(why),
            },
            _ => amount,
        }
    }
}
