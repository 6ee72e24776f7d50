//! Counting and adding up records: each is visited once for all the rules of its list.

use super::Evaluator;
use super::bounds::{Bounds, both};
use super::collect::{Collected, Keys};
use super::expression::rounding;
use super::time::Span;
use super::truth::Truth;
use super::turn::Turns;
use crate::compile::TallyPlan;
use crate::facts::{Presence, Value, Why};
use crate::model::node::Node;
use crate::model::{Aggregate, Tally, Window};
use crate::value::{Decimal, DomainId, Rounding};
use bumpalo::collections::Vec as ArenaVec;

/// What one row of a tally came to.
#[derive(Clone, Copy, Debug)]
pub struct RowResult<'a> {
    /// The value.
    pub value: Value<'a>,
    /// The whole blocks of each record, added up, where an award pays by the record.
    pub blocks: Option<Bounds<'a>>,
    /// The records that counted.
    pub facts: &'a [u32],
    /// The records for which something turns, and when.
    pub expiring: &'a [(u32, Turns)],
}

/// How an award turns each record's amount into blocks.
#[derive(Clone, Copy, Debug)]
pub struct PerRecord<'a> {
    pub per: Value<'a>,
    pub rounding: Rounding,
}

/// A tally while its records are visited.
struct Running<'a> {
    tally: &'a Tally,
    plan: &'a TallyPlan,
    days: Result<Span, &'a Why<'a>>,
    keys: ArenaVec<'a, &'a Node>,
    per_record: Option<PerRecord<'a>>,
    rows: ArenaVec<'a, RunningRow<'a>>,
    /// When what it is computed from turns.
    turns: Turns,
    /// The records for which something turns, and when.
    expiring: ArenaVec<'a, (u32, Turns)>,
}

/// A row of a tally while its records are visited.
struct RunningRow<'a> {
    certain: u32,
    possible: u32,
    sum: Decimal,
    /// What uncertain records may add or take away.
    above: Decimal,
    below: Decimal,
    open: bool,
    why: Option<&'a Why<'a>>,
    blocks: Option<Bounds<'a>>,
    keys: Option<Keys<'a>>,
    collected: Option<Collected<'a>>,
    facts: ArenaVec<'a, u32>,
}

/// A record that fits a row.
struct Fit<'a> {
    tally: usize,
    row: u32,
    /// Why it is not certain that it fits.
    doubt: Option<&'a Why<'a>>,
}

impl<'a> Evaluator<'a> {
    /// The value that a row of a tally came to, for the rows at hand.
    pub fn tallied(&self, tally: u32, row: u32) -> Value<'a> {
        match self.plan.tallies[tally as usize].scan {
            Some(_) => self.tally(tally)[row as usize].value,
            None => self.tally_for_each(tally, row),
        }
    }

    /// What all rows of a tally came to.
    pub fn tally(&self, tally: u32) -> &'a [RowResult<'a>] {
        if let Some((known, turns)) = self.tallies[tally as usize].get() {
            self.turn(turns);
            return known;
        }
        if let Some((known, turns)) = self.earlier.and_then(|earlier| earlier.tallies[tally as usize].get())
            && turns.not_by(self.as_of)
        {
            self.tallies[tally as usize].set(Some((known, turns)));
            self.turn(turns);
            return known;
        }
        let plan = &self.plan.tallies[tally as usize];
        if let Some(scan) = plan.scan {
            let scan = &self.plan.scans[scan as usize];
            let results = self.scan(scan.domain, None, &scan.tallies, scan.one_module);
            for (tally, (result, turns)) in scan.tallies.iter().zip(results) {
                self.tallies[*tally as usize].set(Some((result, turns)));
            }
        }
        let (results, turns) = self.tallies[tally as usize].get().unwrap_or((&[], Turns::NEVER));
        self.turn(turns);
        results
    }

    /// A tally that is made for each of something: all of its rows are kept for the rows at hand.
    fn tally_for_each(&self, tally: u32, row: u32) -> Value<'a> {
        let written = &self.model().tallies[tally as usize];
        let results = self.scan(written.domain, written.inside, self.arena.alloc_slice_copy(&[tally]), false);
        let Some((results, turns)) = results.first() else { return Value::None };
        let place = self.combination(&written.each);
        for (id, result) in self.plan.tallies[tally as usize].measures.iter().zip(results.iter()) {
            self.memo[(self.shared.bases[id.0 as usize] + place) as usize].set((result.value, *turns));
        }
        self.turn(*turns);
        results[row as usize].value
    }

    fn scan(
        &self,
        domain: DomainId,
        inside: Option<DomainId>,
        tallies: &'a [u32],
        one_module: bool,
    ) -> ArenaVec<'a, (&'a [RowResult<'a>], Turns)> {
        let mut running = ArenaVec::with_capacity_in(tallies.len(), self.arena);
        running.extend(tallies.iter().map(|tally| self.running(*tally)));
        let mut fits: ArenaVec<'a, Fit<'a>> = ArenaVec::new_in(self.arena);
        let presence = self.each_row(domain, inside, &mut |row| {
            for (place, tally) in running.iter_mut().enumerate() {
                let ((), turns) = self.turning(|| self.fits(tally, place, row, &mut fits));
                tally.turns = tally.turns.and(turns);
                if turns.next.is_some() {
                    tally.expiring.push((row, turns));
                }
            }
            if one_module && fits.len() > 1 {
                self.keep_one_module(&running, &mut fits);
            }
            for fit in fits.drain(..) {
                let tally = &mut running[fit.tally];
                let ((), turns) = self.turning(|| self.count(tally, fit.row, row, fit.doubt));
                tally.turns = tally.turns.and(turns);
            }
            true
        });
        let absent = (presence == Presence::Unknown).then(|| self.list_unknown(domain, inside));
        let mut results = ArenaVec::with_capacity_in(running.len(), self.arena);
        for tally in running {
            let turns = tally.turns;
            let expiring = tally.expiring.into_bump_slice();
            let rows = tally.rows.into_iter().map(|row| self.result(tally.tally, row, absent, expiring));
            let mut list = ArenaVec::with_capacity_in(tally.tally.rows.len(), self.arena);
            list.extend(rows);
            results.push((list.into_bump_slice() as &[_], turns));
        }
        results
    }

    fn running(&self, tally: u32) -> Running<'a> {
        let plan = &self.plan.tallies[tally as usize];
        let tally = &self.model().tallies[tally as usize];
        let mut keys = ArenaVec::new_in(self.arena);
        for (chosen, key) in &tally.once_per {
            let is_chosen = chosen.as_ref().is_none_or(|chosen| matches!(self.truth(chosen), Truth::True));
            if is_chosen {
                keys.push(key);
            }
        }
        let collects = !matches!(tally.aggregate, Aggregate::Count | Aggregate::Sum);
        let mut rows = ArenaVec::with_capacity_in(tally.rows.len(), self.arena);
        rows.extend(tally.rows.iter().map(|_| RunningRow {
            certain: 0,
            possible: 0,
            sum: Decimal::ZERO,
            above: Decimal::ZERO,
            below: Decimal::ZERO,
            open: false,
            why: None,
            blocks: None,
            keys: (!keys.is_empty()).then(|| Keys::new(self.arena)),
            collected: collects.then(|| Collected::new(self.arena)),
            facts: ArenaVec::new_in(self.arena),
        }));
        let ((per_record, days), turns) =
            self.turning(|| (plan.award.and_then(|award| self.per_record(award)), self.window(&tally.window)));
        let expiring = ArenaVec::new_in(self.arena);
        Running { tally, plan, days, keys, per_record, rows, turns, expiring }
    }

    /// The rows of a tally that the record at hand fits, or may fit.
    #[inline]
    fn fits(&self, running: &Running<'a>, place: usize, row: u32, fits: &mut ArenaVec<'a, Fit<'a>>) {
        let tally = running.tally;
        let mut doubt: Option<&'a Why<'a>> = None;
        if let Some(happened) = &tally.happened {
            match self.eval(happened) {
                Value::Date(day) if day > self.as_of => {
                    self.turns_on(Some(day));
                    return;
                }
                Value::Date(day) => {
                    if running.plan.award.is_some()
                        && let Some(frozen) = self.frozen_on(day)
                    {
                        match frozen {
                            Truth::Unknown(why) => doubt = both(doubt, Some(why), self.arena),
                            _ => return,
                        }
                    }
                    if let Window::Last(length) = &tally.window {
                        self.turns_on(self.leaves(day, length));
                    }
                    if tally.from.is_some_and(|from| day < from) || tally.until.is_some_and(|until| day >= until) {
                        return;
                    }
                    match &running.days {
                        Ok(span) if span.holds(day) => {}
                        Ok(_) => return,
                        Err(why) => doubt = both(doubt, Some(why), self.arena),
                    }
                }
                Value::Unknown(why) => doubt = Some(why),
                _ => return,
            }
        } else if !self.applies_on(tally.from, tally.until) {
            return;
        }
        if let Some((_, member)) = &tally.module
            && !self.allow(member, &mut doubt)
        {
            return;
        }
        if let Some(dispatch) = &running.plan.dispatch {
            match self.field(tally.domain, row, dispatch.field) {
                Value::Word(word) => {
                    let Some(rows) = dispatch.rows.get(word as usize).filter(|rows| !rows.is_empty()) else { return };
                    if let Some(filter) = &tally.filter
                        && !self.allow(filter, &mut doubt)
                    {
                        return;
                    }
                    for row in rows {
                        self.fits_row(running, place, *row, running.plan.answered, doubt, fits);
                    }
                    return;
                }
                Value::None => return,
                _ => {}
            }
        }
        if let Some(filter) = &tally.filter
            && !self.allow(filter, &mut doubt)
        {
            return;
        }
        for row in 0..tally.rows.len() as u32 {
            self.fits_row(running, place, row, 0, doubt, fits);
        }
    }

    #[inline]
    fn fits_row(
        &self,
        running: &Running<'a>,
        place: usize,
        row: u32,
        answered: usize,
        mut doubt: Option<&'a Why<'a>>,
        fits: &mut ArenaVec<'a, Fit<'a>>,
    ) {
        let tests = &running.tally.rows[row as usize].tests[answered..];
        if tests.iter().all(|test| self.allow(test, &mut doubt)) {
            fits.push(Fit { tally: place, row, doubt });
        }
    }

    /// Whether a condition may hold; where that is not known, the reason is added to `doubt`.
    #[inline]
    fn allow(&self, condition: &'a Node, doubt: &mut Option<&'a Why<'a>>) -> bool {
        match self.truth(condition) {
            Truth::True => true,
            Truth::False => false,
            Truth::Unknown(why) => {
                *doubt = both(*doubt, Some(why), self.arena);
                true
            }
        }
    }

    /// A record that fits awards of several modules earns in one of them only.
    #[cold]
    fn keep_one_module(&self, running: &[Running<'a>], fits: &mut ArenaVec<'a, Fit<'a>>) {
        let module = |fit: &Fit<'a>| running[fit.tally].tally.module.as_ref().map(|(module, _)| *module);
        let mut modules: ArenaVec<'a, u32> = ArenaVec::new_in(self.arena);
        for module in fits.iter().filter_map(module) {
            if !modules.contains(&module) {
                modules.push(module);
            }
        }
        if modules.len() < 2 {
            return;
        }
        modules.sort_unstable();
        let earn_once = self.model().modules.as_ref().map(|modules| self.eval(&modules.earn_once));
        let most = matches!(earn_once, Some(Value::Word(0)));
        let doubtful = earn_once.and_then(|value| value.doubt()).or_else(|| fits.iter().find_map(|fit| fit.doubt));
        let mut best: Option<(u32, Decimal)> = None;
        let mut unknown: Option<&'a Why<'a>> = doubtful;
        for candidate in &modules {
            let mut alone = Decimal::ZERO;
            for fit in fits.iter().filter(|fit| module(fit) == Some(*candidate)) {
                match self.alone(&running[fit.tally], fit.row).exact() {
                    Some(points) => match alone.checked_add(points) {
                        Some(sum) => alone = sum,
                        None => {
                            self.overflow();
                        }
                    },
                    None if most => {
                        unknown = unknown.or_else(|| Some(self.undefined("the points of a module are not known")))
                    }
                    None => {}
                }
            }
            let better = best.is_none_or(|(_, points)| most && alone > points);
            if better {
                best = Some((*candidate, alone));
            }
        }
        match (unknown, best) {
            // Which module pays is not known, so none is certain.
            (Some(why), _) => fits.iter_mut().filter(|fit| module(fit).is_some()).for_each(|fit| {
                fit.doubt = both(fit.doubt, Some(why), self.arena);
            }),
            (None, Some((best, _))) => fits.retain(|fit| module(fit).is_none_or(|module| module == best)),
            (None, None) => {}
        }
    }

    /// The points that the record at hand would earn in a row if there were no other record.
    fn alone(&self, running: &Running<'a>, row: u32) -> Bounds<'a> {
        let nothing = Bounds::unknown(self.undefined("the points of a record are not known"));
        let Some(award) = running.plan.award else { return nothing };
        let amount = running.tally.value.as_ref().map_or(Value::Number(Decimal::ONE), |value| self.eval(value));
        let Some(amount) = Bounds::of(amount) else { return nothing };
        self.points_of(award, row, amount, Rounding::Exact).unwrap_or(nothing)
    }

    /// Adds the record at hand to a row.
    #[inline]
    fn count(&self, running: &mut Running<'a>, row: u32, record: u32, doubt: Option<&'a Why<'a>>) {
        let tally = running.tally;
        let (mut doubt, mut repeated, mut rivals) = (doubt, false, false);
        let state = &mut running.rows[row as usize];
        if let Some(keys) = &mut state.keys {
            let mut key = ArenaVec::with_capacity_in(running.keys.len(), self.arena);
            for node in &running.keys {
                let value = self.eval(node);
                doubt = both(doubt, value.doubt(), self.arena);
                key.push(value);
            }
            let key = key.into_bump_slice();
            if doubt.is_none() {
                // What was only possible before is certain now.
                match keys.add_certain(key) {
                    super::collect::Added::New => {}
                    super::collect::Added::WasPossible => {
                        state.possible = state.possible.saturating_sub(1);
                        rivals = true;
                    }
                    super::collect::Added::Known => repeated = true,
                }
            } else if !keys.add_possible(key) {
                return;
            }
        }
        if repeated {
            return;
        }
        state.why = both(state.why, doubt, self.arena);
        if doubt.is_none() {
            state.certain += 1;
            state.facts.push(record);
        } else {
            state.possible += 1;
        }
        let Some(value) = &tally.value else { return };
        if let (Some(why), true) = (doubt, state.keys.is_some()) {
            // Of records that share a key one counts; whether it is this one decides its value too.
            state.open = true;
            state.why = both(state.why, Some(why), self.arena);
            if let Some(collected) = &mut state.collected {
                collected.add(Value::Unknown(why), false, None);
            }
            return;
        }
        let value = self.eval(value);
        if let Some(collected) = &mut state.collected {
            let when = match tally.happened.as_ref().map(|happened| self.eval(happened)) {
                Some(Value::Date(day)) => Some(day),
                _ => None,
            };
            if let Value::Unknown(why) = value {
                state.why = both(state.why, Some(why), self.arena);
            }
            // Where another record may stand for the key, this one's value is not certain.
            collected.add(value, doubt.is_none() && !rivals, when);
            return;
        }
        match (value, doubt) {
            (Value::Number(number), None) => {
                self.may_shrink(number);
                match state.sum.checked_add(number) {
                    Some(sum) => state.sum = sum,
                    None => {
                        self.overflow();
                    }
                }
            }
            (Value::None, _) => {}
            (Value::Number(number), Some(_)) => {
                self.may_shrink(number);
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
        if let Some(per_record) = running.per_record {
            let own = Bounds::of(value).unwrap_or(Bounds::exactly(Decimal::ZERO));
            let blocks = self.blocks(own, per_record.per, per_record.rounding);
            let blocks = match doubt {
                None => blocks,
                Some(why) => Bounds {
                    low: blocks.low.map(|n| n.min(Decimal::ZERO)),
                    high: blocks.high.map(|n| n.max(Decimal::ZERO)),
                    why: both(blocks.why, Some(why), self.arena),
                },
            };
            let so_far = state.blocks.unwrap_or(Bounds::exactly(Decimal::ZERO));
            match so_far.plus(blocks, self.arena) {
                Ok(sum) => state.blocks = Some(sum),
                Err(_) => {
                    self.overflow();
                }
            }
        }
    }

    fn result(
        &self,
        tally: &'a Tally,
        row: RunningRow<'a>,
        absent: Option<&'a Why<'a>>,
        expiring: &'a [(u32, Turns)],
    ) -> RowResult<'a> {
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
            other => match row.collected {
                Some(collected) => self.gathered(other, collected, tally, why, absent.is_some()),
                None => Value::of(&tally.empty, self.arena),
            },
        };
        let blocks = row.blocks.map(|blocks| match absent {
            Some(why) => Bounds::unknown(why),
            None => blocks,
        });
        RowResult { value, blocks, facts: row.facts.into_bump_slice(), expiring }
    }
}

impl<'a> Evaluator<'a> {
    /// How an award turns each record's amount into blocks; `None` when it adds up amounts first.
    fn per_record(&self, award: u32) -> Option<PerRecord<'a>> {
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
