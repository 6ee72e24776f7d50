//! Deadlines: the days on which the answer will change if nothing is done, and what will change.

use super::Evaluator;
use super::decision::{Answer, Change, Deadline, Effect, IsoDate};
use super::tally::RowResult;
use super::turn::Turns;
use crate::date::{self, Date};
use crate::facts::Value;
use crate::model::{How, Ladder, LadderId, MeasureId, Window};
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
        let cycle_end = self.model().cycle.as_ref().and_then(|_| self.cycle().ok()).map(|(_, end)| end);
        let mut from = self.at(self.as_of);
        for _ in 0..MOST_DAYS {
            let Some(day) = from.next_turn(cycle_end).filter(|day| last.is_none_or(|last| *day <= last)) else { break };
            let there = self.at(day);
            from.expire(there, cycle_end, &mut deadlines);
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

    /// The next day on which something that is told turns.
    fn next_turn(&self, cycle_end: Option<Date>) -> Option<Date> {
        let model = self.model();
        let mut turns = Turns::NEVER;
        for (place, measure) in model.measures.iter().enumerate().filter(|(_, measure)| measure.each.is_empty()) {
            let id = MeasureId(place as u32);
            self.measure(id);
            turns = turns.and(self.told_turns(&measure.ty.kind, self.measure_turns(id)));
        }
        if !model.awards.is_empty() {
            self.awards();
            turns = turns.and(self.told_turns(&Kind::Number, self.award_turns()));
        }
        for (place, ladder) in model.ladders.iter().enumerate() {
            let id = LadderId(place as u32);
            for combination in 0..self.combinations(&ladder.each) {
                self.enter(&ladder.each, combination);
                self.ladder(id);
                turns = turns.and(self.ladder_turns(id));
                if is_told(ladder, self.as_of, cycle_end) {
                    turns = turns.and(self.turning(|| self.force(id)).1);
                }
            }
        }
        if let (Some(_), Ok((_, end))) = (&model.cycle, self.cycle()) {
            turns = turns.and(Turns { next: Some(end), ..Turns::NEVER });
        }
        turns.after(self.as_of)
    }

    /// When a value of this kind turns so that it is told: a number made of the day itself is another every day,
    /// and that is no deadline.
    fn told_turns(&self, kind: &Kind, turns: Turns) -> Turns {
        Turns { daily: turns.daily && matches!(kind, Kind::Flag | Kind::Word(_)), ..turns }
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

    /// What is otherwise on a later day than on the as-of date of this evaluation; `asked` is the end of the cycle
    /// that was asked about.
    fn expire(&self, there: &'a Evaluator<'a>, asked: Option<Date>, deadlines: &mut Vec<Deadline<'a>>) {
        let (model, day) = (self.model(), there.as_of);
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
            if self.told_turns(&measure.ty.kind, self.measure_turns(id)).not_by(day) {
                continue;
            }
            let then = there.measure(id);
            self.note_change(&mut changes, &measure.name, &measure.ty.kind, now, then);
            if let How::Tally(tally, row) = measure.how {
                let domain = model.tallies[tally as usize].domain;
                let now = &self.tally(tally)[row as usize];
                // What belongs to a cycle ends with it; the cycle's end tells that.
                let with_cycle = is_cycle_end && model.tallies[tally as usize].window == Window::Cycle;
                for record in there.lapsed(now, tally, row).into_iter().filter(|_| !with_cycle) {
                    expired.push((&measure.name, self.fact_names(domain, &[record]).remove(0)));
                }
            }
        }
        if !model.awards.is_empty() {
            self.awards();
        }
        if !self.told_turns(&Kind::Number, self.award_turns()).not_by(day) {
            self.note_change(&mut changes, "points", &Kind::Number, self.total_points(), there.total_points());
        }
        for (place, ladder) in model.ladders.iter().enumerate() {
            for combination in 0..self.combinations(&ladder.each) {
                self.enter(&ladder.each, combination);
                there.enter(&ladder.each, combination);
                self.levels_ahead(LadderId(place as u32), there, asked, &mut levels);
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

    /// What is otherwise on a later day in what is earned of a ladder, and in what is in force.
    fn levels_ahead(&self, id: LadderId, there: &'a Evaluator<'a>, asked: Option<Date>, levels: &mut Vec<Change<'a>>) {
        let ladder = self.model().ladder(id);
        let now = self.ladder(id).earned;
        let turns = !self.ladder_turns(id).not_by(there.as_of);
        let then = if turns { there.ladder(id).earned } else { now };
        let earned = turns && ladder.assigned.is_none() && !now.is(&then);
        let moves = is_told(ladder, there.as_of, asked) && !self.turning(|| self.force(id)).1.not_by(there.as_of);
        if !earned && !moves {
            return;
        }
        let steps = [ladder.id.clone()].into_iter().chain(ladder.each.iter().map(|domain| self.row_name(*domain)));
        let name = steps.collect::<Vec<_>>().join(".");
        let kind = &ladder.below.ty.kind;
        if earned {
            self.note_change(levels, self.arena.alloc_str(&format!("{name}.earned")), kind, now, then);
        }
        if moves {
            let (now, then) = (self.force(id).level, there.force(id).level);
            self.note_change(levels, self.arena.alloc_str(&name), kind, now, then);
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

/// Whether the level in force on `day` can be told: what is brought along is a fact of its cycle, and says nothing of
/// the next one.
fn is_told(ladder: &Ladder, day: Date, cycle_end: Option<Date>) -> bool {
    ladder.carried.is_none() || cycle_end.is_none_or(|end| day < end)
}
