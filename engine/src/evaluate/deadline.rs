//! Deadlines: the days on which the answer will change if nothing is done, and what will change.

use super::Evaluator;
use super::decision::{Answer, Change, Deadline, Effect, IsoDate};
use super::tally::RowResult;
use crate::date::{self, Date};
use crate::facts::Value;
use crate::model::{How, LadderId, MeasureId, Window};
use crate::value::{Duration, Kind};
use std::borrow::Cow;

/// The most days that are looked at; later ones are left out.
const MOST_DAYS: usize = 1_000;

impl<'a> Evaluator<'a> {
    /// What changes on later days, in order of the days, up to the end of the next cycle; where there is
    /// no cycle, of the next year.
    pub fn deadlines(&self) -> Vec<Deadline<'a>> {
        let mut deadlines = Vec::new();
        self.due_dates_ahead(&mut deadlines);
        let last = self.last_day();
        let mut days = self.days_ahead();
        days.retain(|day| last.is_none_or(|last| *day <= last));
        days.sort_unstable();
        days.dedup();
        let mut from = self.at(self.as_of);
        for day in days.into_iter().take(MOST_DAYS) {
            let there = self.at(day);
            from.expire(there, day, &mut deadlines);
            from = there;
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

    /// The days on which something that the answer was computed from turns.
    fn days_ahead(&self) -> Vec<Date> {
        let mut days = Vec::new();
        for (place, measure) in self.model().measures.iter().enumerate() {
            if !measure.each.is_empty() {
                continue;
            }
            match measure.how {
                How::Tally(tally, _) => {
                    let judged = self.tally_whole(tally).map_or(&[][..], |whole| whole.judged);
                    days.extend(judged.iter().filter_map(|judged| judged.turns.next));
                }
                How::Value(_) => {
                    let (_, turns) = self.turning(|| self.measure(MeasureId(place as u32)));
                    // What is made of the day itself turns every day and is no deadline.
                    days.extend(turns.next.filter(|next| Some(*next) != self.as_of.succ_opt()));
                }
            }
        }
        if let (Some(_), Ok((_, end))) = (&self.model().cycle, self.cycle()) {
            days.push(end);
        }
        days
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
    fn expire(&self, there: &'a Evaluator<'a>, day: Date, deadlines: &mut Vec<Deadline<'a>>) {
        let model = self.model();
        let mut changes: Vec<Change<'a>> = Vec::new();
        let mut levels: Vec<Change<'a>> = Vec::new();
        let mut expired: Vec<(&'a str, Cow<'a, str>)> = Vec::new();
        let is_cycle_end = model.cycle.is_some() && self.cycle().is_ok_and(|(_, end)| end == day);
        for (place, measure) in model.measures.iter().enumerate() {
            let id = MeasureId(place as u32);
            // What does not turn until then is the same then.
            if !measure.each.is_empty() {
                continue;
            }
            let now = self.measure(id);
            if self.measure_turns(id).not_by(day) {
                continue;
            }
            let then = there.measure(id);
            self.note_change(&mut changes, &measure.name, &measure.ty.kind, now, then);
            if let How::Tally(tally, row) = measure.how {
                let domain = model.tallies[tally as usize].domain;
                let (now, then) = (&self.tally(tally)[row as usize], &there.tally(tally)[row as usize]);
                // What belongs to a cycle ends with it; the cycle's end tells that.
                let with_cycle = is_cycle_end && model.tallies[tally as usize].window == Window::Cycle;
                for record in lapsed(now, then).into_iter().filter(|_| !with_cycle) {
                    expired.push((&measure.name, self.fact_names(domain, &[record]).remove(0)));
                }
            }
        }
        if !model.awards.is_empty() {
            self.awards();
        }
        if !self.award_turns().not_by(day) {
            self.note_change(&mut changes, "points", &Kind::Number, self.total_points(), there.total_points());
        }
        for (place, ladder) in model.ladders.iter().enumerate().filter(|(_, ladder)| ladder.each.is_empty()) {
            let id = LadderId(place as u32);
            self.ladder(id);
            if ladder.assigned.is_none() && !self.ladder_turns(id).not_by(day) {
                let (now, then) = (self.ladder(id).earned, there.ladder(id).earned);
                // What is earned changes; whether the level in force does is for the days on which levels move.
                let rule = self.arena.alloc_str(&format!("{}.earned", ladder.id));
                self.note_change(&mut levels, rule, &ladder.below.ty.kind, now, then);
            }
        }
        let told = |rule: &str| expired.iter().any(|(known, _)| *known == rule);
        let (own, mut others): (Vec<_>, Vec<_>) = changes.into_iter().partition(|change| told(change.rule));
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
                subject: Some(subject),
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
}

/// The records that count now and no longer then.
fn lapsed(now: &RowResult<'_>, then: &RowResult<'_>) -> Vec<u32> {
    now.facts.iter().copied().filter(|record| !then.facts.contains(record)).collect()
}
