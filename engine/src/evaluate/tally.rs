//! Counting and adding up records: each is judged once, and again only on a day by which it has turned.

mod judge;
mod known;
mod module;
mod running;
mod total;

use super::Evaluator;
use super::bounds::Bounds;
use super::time::Span;
use super::truth::Truth;
use super::turn::Turns;
use crate::compile::TallyPlan;
use crate::date::Date;
use crate::facts::{Presence, Value, Why};
use crate::model::node::Node;
use crate::model::{Tally, Window};
use crate::value::{DomainId, Rounding};
use bumpalo::collections::Vec as ArenaVec;
use judge::{Fit, Judged, Made};
use known::{Known, Unmoved};

/// Lists of no more than so many records are made at once.
const FEW: usize = 64;

/// What one row of a tally came to.
#[derive(Clone, Copy, Debug)]
pub struct RowResult<'a> {
    /// The value.
    pub value: Value<'a>,
    /// The whole blocks of each record, added up, where an award pays by the record.
    pub blocks: Option<Bounds<'a>>,
    /// The records that counted.
    pub facts: &'a [u32],
}

/// What a tally came to.
#[derive(Clone, Copy, Debug)]
pub struct TallyResult<'a> {
    /// Each of its rows.
    pub rows: &'a [RowResult<'a>],
    /// What was made of each record that counts now or may count later.
    pub judged: &'a [Judged<'a>],
    /// When each of its rows turns, where a record is of the same rows on every day; else nothing.
    turns: &'a [Turns],
    /// What it went by, whatever the record.
    running: Running<'a>,
    /// The date of the latest record, where all dates are known; the first day of the calendar where there is none.
    latest: Option<Date>,
}

/// How an award turns each record's amount into blocks.
#[derive(Clone, Copy, Debug)]
pub struct PerRecord<'a> {
    pub per: Value<'a>,
    pub rounding: Rounding,
}

/// A tally while its records are judged.
#[derive(Clone, Copy, Debug)]
pub struct Running<'a> {
    tally: &'a Tally,
    plan: &'a TallyPlan,
    days: Result<Span, &'a Why<'a>>,
    keys: &'a [&'a Node],
    per_record: Option<PerRecord<'a>>,
    /// When any of this turns.
    settings: Turns,
}

impl<'a> Evaluator<'a> {
    /// The value that a row of a tally came to, for the rows at hand.
    pub fn tallied(&self, tally: u32, row: u32) -> Value<'a> {
        match self.plan.tallies[tally as usize].scan {
            Some(_) => {
                let Some((result, turns)) = self.tally_kept(tally) else { return Value::None };
                self.turn(result.turns.get(row as usize).copied().unwrap_or(turns));
                result.rows[row as usize].value
            }
            None if self.model().tallies[tally as usize].running => self.running_total(tally, row),
            None => self.tally_for_each(tally, row),
        }
    }

    /// What all rows of a tally came to.
    pub fn tally(&self, tally: u32) -> &'a [RowResult<'a>] {
        self.tally_whole(tally).map_or(&[], |result| result.rows)
    }

    /// What a tally came to, and what it made of the records.
    pub fn tally_whole(&self, tally: u32) -> Option<&'a TallyResult<'a>> {
        let (result, turns) = self.tally_kept(tally)?;
        self.turn(turns);
        Some(result)
    }

    /// What a tally came to, and when any of that turns.
    fn tally_kept(&self, tally: u32) -> Option<(&'a TallyResult<'a>, Turns)> {
        let own = &self.shared.tallies[tally as usize];
        let known = own.on(self.as_of);
        if known.is_some() {
            return known;
        }
        let scan = &self.plan.scans[self.plan.tallies[tally as usize].scan? as usize];
        if scan.one_module {
            self.scan_together(scan.domain, &scan.tallies);
        } else {
            own.keep(self.as_of, self.scan_one(tally, None), self.arena);
        }
        own.on(self.as_of)
    }

    /// A tally that is made for each of something: all of its rows are kept for the rows at hand.
    fn tally_for_each(&self, tally: u32, row: u32) -> Value<'a> {
        let written = &self.model().tallies[tally as usize];
        let (result, turns) = self.scan_one(tally, written.inside);
        let place = self.combination(&written.each);
        for (id, result) in self.plan.tallies[tally as usize].measures.iter().zip(result.rows) {
            let kept = &self.shared.measures[(self.shared.bases[id.0 as usize] + place) as usize];
            kept.keep(self.as_of, (result.value, turns), self.arena);
        }
        self.turn(turns);
        result.rows[row as usize].value
    }

    /// Makes one tally. What an earlier day made of a record is taken from it, unless it has turned since.
    fn scan_one(&self, tally: u32, inside: Option<DomainId>) -> (&'a TallyResult<'a>, Turns) {
        // One that is made for each of something is kept with that.
        let once = self.plan.tallies[tally as usize].scan.is_some();
        let earlier = if once { self.shared.tallies[tally as usize].before(self.as_of) } else { None };
        let running = self.running_after(tally, earlier);
        let domain = running.tally.domain;
        let mut fits: ArenaVec<'a, Fit<'a>> = ArenaVec::new_in(self.arena);
        let mut judge = |row: u32| {
            fits.clear();
            let (made, turns) = self.turning(|| {
                self.fits(&running, 0, &mut fits);
                self.made(&running, &fits)
            });
            made.of(row, turns)
        };
        let known = if once { self.other_day(tally, &running, earlier) } else { Known::Nothing };
        let mut kept = Unmoved::new(known, self.arena);
        let mut all =
            ArenaVec::with_capacity_in(known.most().unwrap_or(self.len(domain) as usize).min(FEW), self.arena);
        let date = running.date();
        let (mut latest, mut presence) = (known.latest(), Presence::Known);
        self.keeping(domain, || match known {
            Known::Over(_) => {}
            Known::Before(earlier) => {
                for before in earlier.judged {
                    if before.turns.not_by(self.as_of) {
                        all.push(*before);
                    } else {
                        self.set_row(domain, before.record);
                        let again = judge(before.record);
                        kept.moved(&before.made);
                        if let Some(again) = again {
                            kept.moved(&again.made);
                            all.push(again);
                        }
                    }
                }
            }
            Known::After(later) => {
                for after in later.judged {
                    self.set_row(domain, after.record);
                    match date.map(|field| self.own_field(domain, field)) {
                        Some(Value::Date(day)) if day > self.as_of => {
                            all.extend(Made::NOTHING.of(after.record, Turns { next: Some(day), ..Turns::NEVER }));
                        }
                        _ => all.extend(judge(after.record)),
                    }
                }
            }
            Known::Nothing => {
                latest = date.map(|_| Date::MIN);
                presence = self.each_row(domain, inside, &mut |row| {
                    latest = match date.map(|field| self.own_field(domain, field)) {
                        Some(Value::Date(day)) => latest.map(|latest| latest.max(day)),
                        Some(Value::None) => latest,
                        _ => None,
                    };
                    all.extend(judge(row));
                    true
                });
            }
        });
        if !matches!(known, Known::Nothing) {
            presence = self.told(domain);
        }
        let absent = (presence == Presence::Unknown).then(|| self.list_unknown(domain, inside));
        self.whole(&running, all.into_bump_slice(), absent, latest, kept)
    }

    /// Makes tallies of which a record may count in only one.
    fn scan_together(&self, domain: DomainId, tallies: &'a [u32]) {
        let mut running = ArenaVec::with_capacity_in(tallies.len(), self.arena);
        running.extend(tallies.iter().map(|tally| (self.running(*tally), ArenaVec::new_in(self.arena))));
        let mut fits: ArenaVec<'a, Fit<'a>> = ArenaVec::new_in(self.arena);
        let mut own: ArenaVec<'a, Fit<'a>> = ArenaVec::new_in(self.arena);
        let presence = self.each_row(domain, None, &mut |row| {
            fits.clear();
            let ((), turns) = self.turning(|| {
                for (place, (running, _)) in running.iter().enumerate() {
                    self.fits(running, place, &mut fits);
                }
                if fits.len() > 1 {
                    self.keep_one_module(&running, &mut fits);
                }
            });
            for (place, (running, judged)) in running.iter_mut().enumerate() {
                own.clear();
                own.extend(fits.iter().filter(|fit| fit.tally == place).copied());
                let (made, own) = self.turning(|| self.made(running, &own));
                judged.extend(made.of(row, turns.and(own)));
            }
            true
        });
        let absent = (presence == Presence::Unknown).then(|| self.list_unknown(domain, None));
        for (tally, (running, judged)) in tallies.iter().zip(running) {
            let result = self.whole(&running, judged.into_bump_slice(), absent, None, Unmoved::none(self.arena));
            self.shared.tallies[*tally as usize].keep(self.as_of, result, self.arena);
        }
    }

    /// What a tally comes to, and when that turns.
    fn whole(
        &self,
        running: &Running<'a>,
        judged: &'a [Judged<'a>],
        absent: Option<&'a Why<'a>>,
        latest: Option<Date>,
        kept: Unmoved<'a>,
    ) -> (&'a TallyResult<'a>, Turns) {
        let (rows, own) = self.turning(|| self.added_up(running, judged, absent, &kept));
        let running = Running { settings: running.settings.and(own), ..*running };
        let own = self.turns_of_rows(&running, judged);
        let turns = match own {
            [] => judged.iter().fold(running.settings, |turns, judged| turns.and(judged.turns)),
            // Every record is of a row.
            own => own.iter().fold(running.settings, |turns, row| turns.and(*row)),
        };
        (self.arena.alloc(TallyResult { rows, judged, turns: own, running, latest }), turns)
    }

    /// When each row turns, where a field of a record says of which rows it is.
    fn turns_of_rows(&self, running: &Running<'a>, judged: &[Judged<'a>]) -> &'a [Turns] {
        let Some(dispatch) = running.plan.dispatch.as_ref().filter(|_| running.tally.rows.len() > 1) else {
            return &[];
        };
        let turns = self.arena.alloc_slice_fill_copy(running.tally.rows.len(), running.settings);
        let records = self.facts.rows(running.tally.domain);
        for judged in judged.iter().filter(|judged| judged.turns != Turns::NEVER) {
            let rows = match records.cell(judged.record, dispatch.field) {
                Value::Word(word) => dispatch.rows.get(word as usize),
                _ => None,
            };
            match rows {
                Some(rows) => rows.iter().for_each(|row| turns[*row as usize] = turns[*row as usize].and(judged.turns)),
                None => turns.iter_mut().for_each(|turns| *turns = turns.and(judged.turns)),
            }
        }
        turns
    }

    /// What a tally goes by, as it was on an earlier day where that has not turned.
    fn running_after(&self, tally: u32, earlier: Option<&TallyResult<'a>>) -> Running<'a> {
        match earlier.map(|earlier| earlier.running) {
            Some(running) if running.settings.not_by(self.as_of) => match &running.tally.window {
                // The last so many days are others on every day.
                window @ Window::Last(_) => Running { days: self.window(window), ..running },
                _ => running,
            },
            _ => self.running(tally),
        }
    }

    fn running(&self, tally: u32) -> Running<'a> {
        let plan = &self.plan.tallies[tally as usize];
        let tally = &self.model().tallies[tally as usize];
        let mut keys = ArenaVec::new_in(self.arena);
        let ((per_record, days), settings) = self.turning(|| {
            for (chosen, key) in &tally.once_per {
                if chosen.as_ref().is_none_or(|chosen| matches!(self.truth(chosen), Truth::True)) {
                    keys.push(key);
                }
            }
            (plan.award.and_then(|award| self.per_record(award)), self.window(&tally.window))
        });
        Running { tally, plan, days, keys: keys.into_bump_slice(), per_record, settings }
    }
}
