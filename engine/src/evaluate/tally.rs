//! Counting and adding up records: each is judged once, and again only on a day by which it has turned.

mod judge;
mod known;
mod module;
mod running;
mod total;

use super::Evaluator;
use super::bounds::both;
use super::time::Span;
use super::truth::Truth;
use super::turn::Turns;
use crate::compile::TallyPlan;
use crate::date::Date;
use crate::facts::{Arena, Presence, Value, Why};
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
    pub blocks: Option<Value<'a>>,
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
    /// The date of the first record that counts now or may count later, where all of theirs are known; else the first
    /// day of the calendar, and the last one where there is no such record.
    first: Date,
    /// Whether records that count later were left out.
    ahead: bool,
}

/// What a walk over the records of a tally found.
struct Scanned<'a> {
    judged: ArenaVec<'a, Judged<'a>>,
    /// When any of that turns.
    turns: Turns,
    /// Why there may be more records.
    absent: Option<&'a Why<'a>>,
    latest: Option<Date>,
    first: Date,
}

impl<'a> Scanned<'a> {
    /// Nothing so far, with room for so many.
    fn of(records: usize, arena: &'a Arena) -> Self {
        let judged = ArenaVec::with_capacity_in(records, arena);
        Self { judged, turns: Turns::NEVER, absent: None, latest: Some(Date::MIN), first: Date::MAX }
    }

    #[inline]
    fn push(&mut self, judged: Judged<'a>) {
        self.turns = self.turns.and(judged.turns);
        self.judged.push(judged);
    }

    /// What was made of a record, where it counts now or may count later.
    #[inline]
    fn add(&mut self, judged: Option<Judged<'a>>) {
        if let Some(judged) = judged {
            self.push(judged);
        }
    }

    /// A record is of this day.
    #[inline]
    fn seen(&mut self, day: Option<Value<'a>>) {
        self.latest = match day {
            Some(Value::Date(day)) => self.latest.map(|latest| latest.max(day)),
            Some(Value::None) => self.latest,
            _ => None,
        };
    }

    /// A record that counts now, or may count later, is of this day.
    #[inline]
    fn counts(&mut self, day: Option<Value<'a>>) {
        self.first = match day {
            Some(Value::Date(day)) => self.first.min(day),
            _ => Date::MIN,
        };
    }
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
    /// Whether any record counts, where that is the same for all.
    any: Truth<'a>,
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

    /// Makes one tally. What another day made of a record is taken from it, unless it has turned since.
    fn scan_one(&self, tally: u32, inside: Option<DomainId>) -> (&'a TallyResult<'a>, Turns) {
        // One that is made for each of something is kept with that.
        let once = self.plan.tallies[tally as usize].scan.is_some();
        if let Some(later) = self.later_day(tally).filter(|later| once && later.first > self.as_of) {
            return self.nothing_counts(later.running, later, true);
        }
        let earlier = if once { self.shared.tallies[tally as usize].before(self.as_of) } else { None };
        if let Some(earlier) = earlier.filter(|earlier| !earlier.running.settings.not_by(self.as_of)) {
            let (days, settings) = self.turning(|| self.window(&earlier.running.tally.window));
            if earlier.ended_before(&days) {
                return self.nothing_counts(Running { days, settings, ..earlier.running }, earlier, false);
            }
        }
        let running = self.running_after(tally, earlier);
        let known = if once { self.other_day(tally, earlier) } else { Known::Nothing };
        let known = if self.step(known.most().unwrap_or(0)) { known } else { Known::Nothing };
        let domain = running.tally.domain;
        let mut fits: ArenaVec<'a, Fit<'a>> = ArenaVec::with_capacity_in(4, self.arena);
        let mut judge = |row: u32| {
            fits.clear();
            let (made, turns) = self.turning(|| {
                self.fits(&running, 0, &mut fits);
                self.made(&running, &fits)
            });
            made.of(row, turns)
        };
        let mut kept = Unmoved::new(known, self.arena);
        let mut all = Scanned::of(known.most().unwrap_or(self.len(domain) as usize).min(FEW), self.arena);
        let date = running.plan.date;
        let presence = match known {
            Known::Before(earlier) => {
                self.keeping(domain, || {
                    for before in earlier.judged {
                        if before.turns.not_by(self.as_of) {
                            all.push(*before);
                            continue;
                        }
                        self.set_row(domain, before.record);
                        let again = judge(before.record);
                        kept.moved(before.made);
                        if let Some(again) = again {
                            kept.moved(again.made);
                            all.push(again);
                        }
                    }
                });
                (all.first, all.latest) = (earlier.first, earlier.latest);
                self.told(domain)
            }
            Known::After(later) => {
                self.keeping(domain, || {
                    for after in later.judged {
                        self.set_row(domain, after.record);
                        match date.map(|field| self.own_field(domain, field)) {
                            Some(Value::Date(day)) if day > self.as_of => {
                                all.add(Made::NOTHING.of(after.record, Turns::on(day)));
                            }
                            _ => all.add(judge(after.record)),
                        }
                    }
                });
                (all.first, all.latest) = (later.first, later.latest);
                self.told(domain)
            }
            Known::Nothing => self.each_row(domain, inside, &mut |row| {
                let day = date.map(|field| self.own_field(domain, field));
                all.seen(day);
                if let Some(judged) = judge(row) {
                    all.counts(day);
                    all.push(judged);
                }
                true
            }),
        };
        all.absent = (presence == Presence::Unknown).then(|| self.list_unknown(domain, inside));
        self.whole(&running, all, kept)
    }

    /// A tally on a day on which no record counts, as it is told by `another` day: the first is still `ahead`, or
    /// those of the past never count again.
    fn nothing_counts(
        &self,
        running: Running<'a>,
        another: &'a TallyResult<'a>,
        ahead: bool,
    ) -> (&'a TallyResult<'a>, Turns) {
        let domain = running.tally.domain;
        let rows = if another.judged.is_empty() {
            another.rows
        } else {
            let absent = (self.told(domain) == Presence::Unknown).then(|| self.list_unknown(domain, None));
            self.added_up(&running, &[], absent, &Unmoved::none(self.arena))
        };
        let turns = if ahead { running.settings.and(Turns::on(another.first)) } else { running.settings };
        (self.arena.alloc(TallyResult { rows, judged: &[], turns: &[], running, ahead, ..*another }), turns)
    }

    /// Makes tallies of which a record may count in only one.
    fn scan_together(&self, domain: DomainId, tallies: &'a [u32]) {
        let mut running = ArenaVec::with_capacity_in(tallies.len(), self.arena);
        let none = || Scanned::of(0, self.arena);
        running.extend(tallies.iter().map(|tally| (self.running(*tally), none())));
        let mut fits: ArenaVec<'a, Fit<'a>> = ArenaVec::new_in(self.arena);
        let mut own: ArenaVec<'a, Fit<'a>> = ArenaVec::new_in(self.arena);
        let presence = self.each_row(domain, None, &mut |row| {
            fits.clear();
            let ((), turns) = self.turning(|| {
                for (place, (running, _)) in running.iter().enumerate() {
                    self.fits(running, place as u32, &mut fits);
                }
                if fits.len() > 1 {
                    self.keep_one_module(&running, &mut fits);
                }
            });
            for (place, (running, all)) in running.iter_mut().enumerate() {
                own.clear();
                own.extend(fits.iter().filter(|fit| fit.tally as usize == place).copied());
                let (made, own) = self.turning(|| self.made(running, &own));
                all.add(made.of(row, turns.and(own)));
            }
            true
        });
        let absent = (presence == Presence::Unknown).then(|| self.list_unknown(domain, None));
        for (tally, (running, mut all)) in tallies.iter().zip(running) {
            (all.absent, all.latest, all.first) = (absent, None, Date::MIN);
            let result = self.whole(&running, all, Unmoved::none(self.arena));
            self.shared.tallies[*tally as usize].keep(self.as_of, result, self.arena);
        }
    }

    /// What a tally comes to, and when that turns.
    fn whole(&self, running: &Running<'a>, all: Scanned<'a>, kept: Unmoved<'a>) -> (&'a TallyResult<'a>, Turns) {
        let Scanned { judged, turns, absent, latest, first } = all;
        let judged: &'a [Judged<'a>] = judged.into_bump_slice();
        let (rows, own) = self.turning(|| self.added_up(running, judged, absent, &kept));
        let running = Running { settings: running.settings.and(own), ..*running };
        // Where rows turn by themselves, every record is of a row.
        let own = if turns == Turns::NEVER { &[] } else { self.turns_of_rows(&running, judged) };
        let turns = running.settings.and(turns);
        (self.arena.alloc(TallyResult { rows, judged, turns: own, running, latest, first, ahead: false }), turns)
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
        let mut keys = ArenaVec::with_capacity_in(tally.once_per.len(), self.arena);
        let ((per_record, days, any), settings) = self.turning(|| {
            for (chosen, key) in &tally.once_per {
                if chosen.as_ref().is_none_or(|chosen| matches!(self.truth(chosen), Truth::True)) {
                    keys.push(key);
                }
            }
            let per_record = plan.award.and_then(|award| self.per_record(award));
            (per_record, self.window(&tally.window), self.any_counts(tally, plan))
        });
        Running { tally, plan, days, keys: keys.into_bump_slice(), any, per_record, settings }
    }

    /// Whether any record counts, as far as that is the same for all.
    fn any_counts(&self, tally: &'a Tally, plan: &TallyPlan) -> Truth<'a> {
        let member = tally.module.as_ref().filter(|_| plan.one_member).map(|(_, member)| member);
        let filter = tally.filter.as_ref().filter(|_| plan.one_filter);
        let mut doubt = None;
        for condition in member.into_iter().chain(filter) {
            match self.truth(condition) {
                Truth::True => {}
                Truth::False => return Truth::False,
                Truth::Unknown(why) => doubt = both(doubt, Some(why), self.arena),
            }
        }
        doubt.map_or(Truth::True, Truth::Unknown)
    }
}
