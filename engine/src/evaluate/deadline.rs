//! Deadlines: the days on which the answer will change if nothing is done, and what will change.

use super::Evaluator;
use super::decision::{Answer, Change, Deadline, Effect, IsoDate};
use super::tally::RowResult;
use super::turn::Turns;
use crate::date::{self, Date};
use crate::facts::Value;
use crate::model::{How, LadderId, MeasureId, Window};
use crate::value::{Duration, Kind};
use bumpalo::collections::{String as ArenaString, Vec as ArenaVec};

/// The most days that are looked at; later ones are left out.
const MOST_DAYS: usize = 1_000;

/// What something comes to on a day, and when that turns.
type Turning<'a> = (Value<'a>, Turns);

/// Something of which a change is told.
#[derive(Clone, Copy)]
enum Told {
    Measure(MeasureId),
    Points,
    /// What is earned of a ladder, for these rows of what it is repeated for.
    Earned(LadderId, u32),
    /// What is in force of it, up to the day before one.
    InForce(LadderId, u32, Option<Date>),
}

impl<'a> Evaluator<'a> {
    /// What changes on later days, in order of the days, up to the end of the next cycle; where there is
    /// no cycle, of the next year.
    pub fn deadlines(&self) -> Vec<Deadline<'a>> {
        let mut deadlines = Vec::new();
        self.due_dates_ahead(&mut deadlines);
        let last = self.last_day();
        let told = self.all_told();
        let mut from = self.at(self.as_of);
        let mut is = from.come_to(&told, &[]);
        for _ in 0..MOST_DAYS {
            let Some(day) = from.next_turn(&told, &is).filter(|day| last.is_none_or(|last| *day <= last)) else {
                break;
            };
            if !self.step(1) {
                break;
            }
            let there = self.at(day);
            let then = there.come_to(&told, &is);
            from.expire(there, &told, (&is, &then), &mut deadlines);
            (from, is) = (there, then);
        }
        self.at(self.as_of).rulings_ahead(last, &mut deadlines);
        deadlines.sort_by_key(|deadline| deadline.on.0);
        deadlines
    }

    /// The last day that is looked at.
    fn last_day(&self) -> Option<Date> {
        let year = Duration::months(12);
        match (&self.model().cycle, self.cycle()) {
            (Some(_), Ok((_, end))) => self.cycle_of(end).ok().map(|(_, end)| end),
            _ => date::shift(self.as_of, year),
        }
    }

    /// All that is told when it changes.
    fn all_told(&self) -> ArenaVec<'a, Told> {
        let model = self.model();
        let measures = model.measures.iter().enumerate().filter(|(_, measure)| measure.each.is_empty());
        let measures = measures.map(|(place, _)| Told::Measure(MeasureId(place as u32)));
        let cycle_end = model.cycle.as_ref().and_then(|_| self.cycle().ok()).map(|(_, end)| end);
        let ladders = model.ladders.iter().enumerate().flat_map(|(place, ladder)| {
            let id = LadderId(place as u32);
            // What is brought along is a fact of its cycle, and says nothing of the next one.
            let until = cycle_end.filter(|_| ladder.carried.is_some());
            (0..self.combinations(&ladder.each))
                .flat_map(move |at| [Told::Earned(id, at), Told::InForce(id, at, until)])
        });
        let points = (!model.awards.is_empty()).then_some(Told::Points);
        let mut told = ArenaVec::with_capacity_in(model.measures.len() + 2 * model.ladders.len() + 1, self.arena);
        told.extend(measures.chain(points).chain(ladders));
        told
    }

    /// What all that is told comes to on this day; what it `was` on a day before stays where it has not turned.
    fn come_to(&self, told: &[Told], was: &[Turning<'a>]) -> ArenaVec<'a, Turning<'a>> {
        let mut all = ArenaVec::with_capacity_in(told.len(), self.arena);
        all.extend(told.iter().enumerate().map(|(place, told)| match was.get(place) {
            Some(known) if known.1.not_by(self.as_of) => *known,
            _ => self.turning(|| match told {
                Told::Measure(id) => self.measure(*id),
                Told::Points => self.total_points(),
                Told::Earned(id, at) => {
                    self.enter(&self.model().ladder(*id).each, *at);
                    self.ladder(*id).earned
                }
                Told::InForce(.., Some(until)) if *until <= self.as_of => Value::None,
                Told::InForce(id, at, _) => {
                    self.enter(&self.model().ladder(*id).each, *at);
                    self.follow_ahead(*id);
                    self.force(*id).level
                }
            }),
        }));
        all
    }

    /// The next day on which something that is told turns.
    fn next_turn(&self, told: &[Told], is: &[Turning<'a>]) -> Option<Date> {
        let all = told.iter().zip(is).map(|(told, (_, turns))| self.told_turns(*told, *turns));
        let mut turns = all.fold(Turns::NEVER, Turns::and);
        if let (Some(_), Ok((_, end))) = (&self.model().cycle, self.cycle()) {
            turns = turns.and(Turns::on(end));
        }
        turns.after(self.as_of)
    }

    /// When a value turns so that it is told: a number made of the day itself is another every day, and that is no
    /// deadline.
    fn told_turns(&self, told: Told, turns: Turns) -> Turns {
        let daily = match told {
            Told::Measure(id) => matches!(self.model().measure(id).ty.kind, Kind::Flag | Kind::Word(_)),
            Told::Points => false,
            Told::Earned(..) | Told::InForce(..) => true,
        };
        if daily { turns } else { turns.not_daily() }
    }

    /// When obligations are due, and when a partner falls into another standing.
    fn due_dates_ahead(&self, deadlines: &mut Vec<Deadline<'a>>) {
        for (place, obligation) in self.model().obligations.iter().enumerate() {
            let result = self.obligation(place as u32);
            let (Value::Date(due), Value::Word(0)) = (result.due, result.state) else { continue };
            let mut changes = Vec::new();
            if let (Some(words), Some(overdue)) = (self.model().standing_words, self.overdue_from(obligation, due)) {
                let (now, then) = (self.standing(), self.at(overdue).standing());
                if let (Value::Word(_), Value::Word(_), false) = (now, then, now.is(&then)) {
                    let answer = |value: Value<'a>| Answer::word(self, words, value);
                    changes.push(Change { rule: "standing", from: answer(now), to: answer(then) });
                }
            }
            deadlines.push(Deadline {
                on: IsoDate(due),
                rule: &obligation.id,
                subject: None,
                effect: Effect::Due,
                changes,
            });
        }
    }

    /// What is otherwise on a later day than on the as-of date of this evaluation.
    fn expire(
        &self,
        there: &'a Evaluator<'a>,
        told: &[Told],
        (is, then): (&[Turning<'a>], &[Turning<'a>]),
        deadlines: &mut Vec<Deadline<'a>>,
    ) {
        let (model, day) = (self.model(), there.as_of);
        let mut changes: Vec<Change<'a>> = Vec::new();
        let mut levels: Vec<Change<'a>> = Vec::new();
        let mut expired: Vec<(&'a str, &'a str)> = Vec::new();
        let is_cycle_end = model.cycle.is_some() && self.cycle().is_ok_and(|(_, end)| end == day);
        for (told, ((now, turns), (then, _))) in told.iter().zip(is.iter().zip(then)) {
            // What does not turn until then is the same then.
            if self.told_turns(*told, *turns).not_by(day) {
                continue;
            }
            match told {
                Told::Measure(id) => {
                    let measure = model.measure(*id);
                    self.note_change(&mut changes, &measure.name, &measure.ty.kind, *now, *then);
                    let How::Tally(tally, row) = measure.how else { continue };
                    let tallied = &model.tallies[tally as usize];
                    // What belongs to a cycle ends with it; the cycle's end tells that.
                    if is_cycle_end && tallied.window == Window::Cycle {
                        continue;
                    }
                    let before = &self.tally(tally)[row as usize];
                    let lapsed = there.lapsed(before, tally, row);
                    let names = self.fact_names(tallied.domain, &lapsed);
                    expired.extend(names.iter().map(|name| (measure.name.as_str(), *name)));
                }
                Told::Points => self.note_change(&mut changes, "points", &Kind::Number, *now, *then),
                Told::InForce(.., Some(until)) if *until <= day => {}
                Told::Earned(id, at) | Told::InForce(id, at, _) => {
                    let ladder = model.ladder(*id);
                    let earned = matches!(told, Told::Earned(..));
                    if earned && ladder.assigned.is_some() {
                        continue;
                    }
                    let rule = self.name_of_level(*id, *at, earned);
                    self.note_change(&mut levels, rule, &ladder.below.ty.kind, *now, *then);
                }
            }
        }
        let told = |rule: &str| expired.iter().any(|(known, _)| *known == rule);
        let (own, mut others): (Vec<_>, Vec<_>) = match expired.as_slice() {
            [] => (Vec::new(), changes),
            _ => changes.into_iter().partition(|change| told(change.rule)),
        };
        if is_cycle_end || expired.is_empty() {
            others.append(&mut levels);
        }
        for (rule, subject) in expired {
            // Each record is told with what changes by its own rule, and with the levels that change.
            let own = own.iter().filter(|change| change.rule == rule);
            let changes = own.chain(&levels).cloned().collect();
            deadlines.push(Deadline {
                on: IsoDate(day),
                rule,
                subject: Some(subject.into()),
                effect: Effect::StopsCounting,
                changes,
            });
        }
        if let Some(first) = others.first() {
            let (rule, effect) =
                if is_cycle_end { ("cycle", Effect::CycleEnds) } else { (first.rule, Effect::Changes) };
            deadlines.push(Deadline { on: IsoDate(day), rule, subject: None, effect, changes: others });
        }
    }

    fn name_of_level(&self, id: LadderId, at: u32, earned: bool) -> &'a str {
        let ladder = self.model().ladder(id);
        if ladder.each.is_empty() && !earned {
            return &ladder.id;
        }
        let mut name = ArenaString::from_str_in(&ladder.id, self.arena);
        self.enter(&ladder.each, at);
        for domain in &ladder.each {
            name.push('.');
            name.push_str(&self.row_name(*domain));
        }
        if earned {
            name.push_str(".earned");
        }
        name.into_bump_str()
    }

    fn note_change(
        &self,
        changes: &mut Vec<Change<'a>>,
        rule: &'a str,
        kind: &'a Kind,
        now: Value<'a>,
        then: Value<'a>,
    ) {
        let comparable = kind.is_numeric() || matches!(kind, Kind::Flag | Kind::Word(_));
        let known = |value: Value<'a>| !matches!(value, Value::Unknown(_) | Value::Range(_));
        if comparable && !now.is(&then) && known(now) {
            changes.push(Change { rule, from: Answer::of(self, kind, now), to: Answer::of(self, kind, then) });
        }
    }

    /// The records that counted before and fit a row no longer; those for which others only stand in still do.
    fn lapsed(&self, before: &RowResult<'_>, tally: u32, row: u32) -> Vec<u32> {
        let Some(whole) = self.tally_whole(tally) else { return Vec::new() };
        let fits = |record: &u32| {
            let judged = whole.judged.binary_search_by_key(record, |judged| judged.record);
            judged.is_ok_and(|place| whole.judged[place].made.fits.iter().any(|fit| fit.row == row))
        };
        before.facts.iter().copied().filter(|record| !fits(record)).collect()
    }
}
