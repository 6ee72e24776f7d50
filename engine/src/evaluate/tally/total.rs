//! What the records that fit the rows of a tally come to.

use super::judge::{Fit, Judged};
use super::known::Unmoved;
use super::{RowResult, Running};
use crate::evaluate::Evaluator;
use crate::evaluate::bounds::{Bounds, both};
use crate::evaluate::collect::{Added, Collected, Keys};
use crate::expression::Operator;
use crate::facts::{Arena, Value, Why};
use crate::model::{Aggregate, Tally};
use crate::value::Decimal;
use bumpalo::collections::Vec as ArenaVec;

/// A record, and how it fits a row.
type Fitting<'a> = (&'a Judged<'a>, &'a Fit<'a>);

/// The records that fit each row, in their order.
struct ByRow<'a> {
    all: &'a [Fitting<'a>],
    /// Where those of each row end.
    ends: &'a [u32],
}

impl<'a> ByRow<'a> {
    fn of(rows: usize, judged: &'a [Judged<'a>], arena: &'a Arena) -> Self {
        let ends = arena.alloc_slice_fill_copy(rows, 0);
        let (mut count, mut any) = (0, None);
        for judged in judged {
            for fit in judged.made.fits {
                ends[fit.row as usize] += 1;
                count += 1;
                any = Some((judged, fit));
            }
        }
        let Some(any) = any else { return Self { all: &[], ends } };
        starts_of(ends);
        let all = arena.alloc_slice_fill_copy(count, any);
        for judged in judged {
            for fit in judged.made.fits {
                let next = &mut ends[fit.row as usize];
                all[*next as usize] = (judged, fit);
                *next += 1;
            }
        }
        Self { all, ends }
    }

    /// Those of one row.
    fn row(&self, row: usize) -> &'a [Fitting<'a>] {
        let from = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.all[from as usize..self.ends[row] as usize]
    }
}

/// From how many records each row has to where they begin among all. Then, while a row is filled, it is where its
/// next record comes; and when it is full, its end.
fn starts_of(counts: &mut [u32]) {
    let mut before = 0;
    for count in counts {
        before += std::mem::replace(count, before);
    }
}

/// A row of a tally while its records are added.
struct RunningRow<'a> {
    certain: u32,
    possible: u32,
    sum: Decimal,
    /// What uncertain records may add or take away.
    above: Decimal,
    below: Decimal,
    open: bool,
    why: Option<&'a Why<'a>>,
    blocks: Option<Value<'a>>,
    keys: Option<Keys<'a>>,
    collected: Option<Collected<'a>>,
    facts: ArenaVec<'a, u32>,
}

impl<'a> Evaluator<'a> {
    /// What the rows come to, given what the tally makes of each record, in their order; `absent` says why there
    /// may be more records than are known.
    pub fn added_up(
        &self,
        running: &Running<'a>,
        judged: &'a [Judged<'a>],
        absent: Option<&'a Why<'a>>,
        kept: &Unmoved<'a>,
    ) -> &'a [RowResult<'a>] {
        let rows = running.tally.rows.len();
        let plain = || self.plainly(running, judged).filter(|_| absent.is_none());
        plain().unwrap_or_else(|| {
            let by_row = ByRow::of(rows, judged, self.arena);
            self.arena.alloc_slice_fill_with(rows, |row| {
                kept.row(row).unwrap_or_else(|| self.carefully(running, by_row.row(row), absent))
            })
        })
    }

    /// What the rows come to that count or add up records of which all is known, each for itself; as
    /// [`carefully`](Self::carefully) would say.
    fn plainly(&self, running: &Running<'a>, judged: &[Judged<'a>]) -> Option<&'a [RowResult<'a>]> {
        let tally = running.tally;
        let adds = match tally.aggregate {
            Aggregate::Count if tally.value.is_none() => false,
            Aggregate::Sum => true,
            _ => return None,
        };
        if (!running.keys.is_empty() || running.per_record.is_some()) && !judged.is_empty() {
            return None;
        }
        let ends = self.arena.alloc_slice_fill_copy(tally.rows.len(), 0u32);
        let sums = self.arena.alloc_slice_fill_copy(if adds { tally.rows.len() } else { 0 }, Decimal::ZERO);
        let mut count = 0;
        for judged in judged {
            for fit in judged.made.fits {
                if fit.doubt.is_some() {
                    return None;
                }
                if adds {
                    let sum = &mut sums[fit.row as usize];
                    match judged.made.value {
                        Value::Number(number) => *sum = sum.checked_add(number)?,
                        Value::None => {}
                        _ => return None,
                    }
                }
                ends[fit.row as usize] += 1;
                count += 1;
            }
        }
        starts_of(ends);
        let facts = self.arena.alloc_slice_fill_copy(count, 0u32);
        for judged in judged {
            for fit in judged.made.fits {
                let next = &mut ends[fit.row as usize];
                facts[*next as usize] = judged.record;
                *next += 1;
            }
        }
        let (ends, facts) = (&*ends, &*facts);
        let mut from = 0;
        let results = ends.iter().enumerate().map(|(row, end)| {
            let facts = &facts[std::mem::replace(&mut from, *end) as usize..*end as usize];
            let value = match (adds, facts) {
                (false, facts) => Value::Number(Decimal::from(facts.len())),
                (true, []) => Value::of(&tally.empty, self.arena),
                (true, _) => Value::Number(sums[row]),
            };
            RowResult { value, blocks: None, facts }
        });
        Some(self.arena.alloc_slice_fill_iter(results))
    }

    /// What a row comes to, given the records that fit it, or may fit it.
    fn carefully(&self, running: &Running<'a>, own: &[Fitting<'a>], absent: Option<&'a Why<'a>>) -> RowResult<'a> {
        let mut row = self.running_row(running, own.len());
        own.iter().for_each(|(judged, fit)| self.add(running, &mut row, judged, fit));
        self.result(running.tally, &mut row, absent)
    }

    fn running_row(&self, running: &Running<'a>, records: usize) -> RunningRow<'a> {
        let collects = !matches!(running.tally.aggregate, Aggregate::Count | Aggregate::Sum);
        RunningRow {
            certain: 0,
            possible: 0,
            sum: Decimal::ZERO,
            above: Decimal::ZERO,
            below: Decimal::ZERO,
            open: false,
            why: None,
            blocks: None,
            keys: (!running.keys.is_empty()).then(|| Keys::new(records, self.arena)),
            collected: collects.then(|| Collected::new(self.arena)),
            facts: ArenaVec::with_capacity_in(records, self.arena),
        }
    }

    /// Adds a record to a row that it fits.
    fn add(&self, running: &Running<'a>, state: &mut RunningRow<'a>, judged: &Judged<'a>, fit: &Fit<'a>) {
        let tally = running.tally;
        let (mut doubt, mut rivals) = (fit.doubt, false);
        if let Some(keys) = &mut state.keys {
            for value in judged.made.key {
                doubt = both(doubt, value.doubt(), self.arena);
            }
            if doubt.is_none() {
                // What was only possible before is certain now.
                match keys.add_certain(judged.made.key) {
                    Added::New => {}
                    Added::WasPossible => {
                        state.possible = state.possible.saturating_sub(1);
                        rivals = true;
                    }
                    Added::Known => return,
                }
            } else if !keys.add_possible(judged.made.key) {
                return;
            }
        }
        state.why = both(state.why, doubt, self.arena);
        if doubt.is_none() {
            state.certain += 1;
            state.facts.push(judged.record);
        } else {
            state.possible += 1;
        }
        if tally.value.is_none() {
            return;
        }
        if let (Some(why), true) = (doubt, state.keys.is_some()) {
            // Of records that share a key one counts; whether it is this one decides its value too.
            state.open = true;
            state.why = both(state.why, Some(why), self.arena);
            if let Some(collected) = &mut state.collected {
                collected.add(Value::Unknown(why), false, None);
            }
            return;
        }
        let value = judged.made.value;
        if let Some(collected) = &mut state.collected {
            if let Value::Unknown(why) = value {
                state.why = both(state.why, Some(why), self.arena);
            }
            // Where another record may stand for the key, this one's value is not certain.
            collected.add(value, doubt.is_none() && !rivals, judged.made.when);
            return;
        }
        self.sum_up(state, value, doubt);
        if let Some(per_record) = running.per_record {
            let own = if matches!(value, Value::None) { Value::Number(Decimal::ZERO) } else { value };
            let blocks = self.blocks(own, per_record.per, per_record.rounding);
            let blocks = doubt.map_or(blocks, |why| self.either(Value::Number(Decimal::ZERO), blocks, why));
            let so_far = state.blocks.unwrap_or(Value::Number(Decimal::ZERO));
            state.blocks = Some(self.arithmetic(Operator::Add, so_far, blocks));
        }
    }

    /// Adds the value of a record, which counts for certain unless there is a doubt, to the sum of a row.
    #[inline]
    fn sum_up(&self, state: &mut RunningRow<'a>, value: Value<'a>, doubt: Option<&'a Why<'a>>) {
        match (value, doubt) {
            (Value::Number(number), None) => match state.sum.checked_add(number) {
                Some(sum) => state.sum = sum,
                None => {
                    self.overflow();
                }
            },
            (Value::None, _) => {}
            (Value::Number(number), Some(_)) => {
                let side = if number.is_sign_negative() { &mut state.below } else { &mut state.above };
                match side.checked_add(number) {
                    Some(sum) => *side = sum,
                    None => {
                        self.overflow();
                    }
                }
            }
            (Value::Unknown(why), _) => {
                state.open = true;
                state.why = both(state.why, Some(why), self.arena);
            }
            (Value::Range(range), _) => {
                state.why = both(state.why, Some(range.why), self.arena);
                match (range.low, range.high) {
                    (Some(low), Some(high)) => {
                        let certain = doubt.is_none();
                        let low = if certain { low } else { low.min(Decimal::ZERO) };
                        let high = if certain { high } else { high.max(Decimal::ZERO) };
                        match (state.below.checked_add(low), state.above.checked_add(high)) {
                            (Some(below), Some(above)) => (state.below, state.above) = (below, above),
                            _ => {
                                self.overflow();
                            }
                        }
                    }
                    _ => state.open = true,
                }
            }
            _ => {}
        }
    }

    fn result(&self, tally: &'a Tally, row: &mut RunningRow<'a>, absent: Option<&'a Why<'a>>) -> RowResult<'a> {
        let why = both(row.why, absent, self.arena);
        let value = match tally.aggregate {
            Aggregate::Count => {
                let low = Decimal::from(row.certain);
                match why {
                    None => Value::Number(low),
                    Some(_) => {
                        let high = absent.is_none().then(|| Decimal::from(row.certain + row.possible));
                        Bounds { low: Some(low), high, why }.value(self.arena)
                    }
                }
            }
            Aggregate::Sum => match why {
                None if row.certain == 0 => Value::of(&tally.empty, self.arena),
                None => Value::Number(row.sum),
                Some(why) if row.open || absent.is_some() => Value::Unknown(why),
                Some(why) => {
                    let bounds = (row.sum.checked_add(row.below), row.sum.checked_add(row.above));
                    match bounds {
                        (Some(low), Some(high)) => {
                            Bounds { low: Some(low), high: Some(high), why: Some(why) }.value(self.arena)
                        }
                        _ => self.overflow(),
                    }
                }
            },
            other => match row.collected.take() {
                Some(collected) => self.gathered(other, collected, tally, why, absent.is_some()),
                None => Value::of(&tally.empty, self.arena),
            },
        };
        let blocks = row.blocks.map(|blocks| match absent {
            Some(why) => Value::Unknown(why),
            None => blocks,
        });
        RowResult {
            value,
            blocks,
            facts: std::mem::replace(&mut row.facts, ArenaVec::new_in(self.arena)).into_bump_slice(),
        }
    }
}
