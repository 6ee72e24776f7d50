//! What becomes of rulings on later days: when they expire, until when they can be extended, when a
//! window opens or closes.

use super::Evaluator;
use super::decision::{Answer, Change, Deadline, Effect, IsoDate, subject_of};
use super::ruling::{Outcome, RulingResult};
use super::validity::Status;
use crate::date::Date;
use crate::facts::Value;
use crate::value::Kind;
use std::borrow::Cow;

/// How often a ruling is followed from one day to the very next without anything having changed: what
/// turns every day is no deadline. Then it is looked at again when something else changes that is told.
const DAILY: u32 = 3;

/// The most days on which rulings are looked at again: all those of two years.
const MOST_DAYS: usize = 750;
/// So many days are looked at in any case.
const FEWEST_DAYS: usize = 64;
/// For how many kept values there is room, all days together: what turns every day is kept for each of them.
const ROOM: usize = 1_000_000;

impl<'a> Evaluator<'a> {
    /// What becomes of every ruling up to the last day that is looked at.
    pub fn rulings_ahead(&self, last: Option<Date>, deadlines: &mut Vec<Deadline<'a>>) {
        if self.model().rulings.is_empty() {
            return;
        }
        let mut days = Vec::new();
        let mut known: Vec<Date> = deadlines.iter().map(|deadline| deadline.on.0).collect();
        known.sort_unstable();
        for (place, ruling) in self.model().rulings.iter().enumerate() {
            for combination in 0..self.combinations(&ruling.each) {
                self.enter(&ruling.each, combination);
                if self.lies_ahead(ruling) {
                    continue;
                }
                let result = self.ruling(place as u32);
                if is_over(result) {
                    continue;
                }
                let subject = subject_of(self, ruling).filter(|_| !ruling.each.is_empty());
                self.validity_ahead(result, last, subject.as_ref(), deadlines);
                self.follow(place as u32, combination, (last, subject), (&known, &mut days), deadlines);
            }
        }
    }

    /// The days of a ruling that are known beforehand: when it begins, until when it can be extended, when it is over.
    fn validity_ahead(
        &self,
        result: &'a RulingResult<'a>,
        last: Option<Date>,
        subject: Option<&Cow<'a, str>>,
        deadlines: &mut Vec<Deadline<'a>>,
    ) {
        let Some(validity) = &result.validity else { return };
        let Ok(status) = validity.status else { return };
        let until = validity.until.and_then(Result::ok);
        let mut tell = |on: Option<Date>, effect, status: Option<(Status, Status)>| {
            let Some(on) = on.filter(|on| last.is_none_or(|last| *on <= last)) else { return };
            let change = |(was, is): (Status, Status)| {
                self.change(result, "status", Answer::Text(was.word()), Answer::Text(is.word()))
            };
            let changes = status.into_iter().map(change).collect();
            let (rule, subject) = (result.ruling.id.as_str(), subject.cloned());
            deadlines.push(Deadline { on: IsoDate(on), rule, subject, effect, changes });
        };
        if validity.begins.is_some() {
            tell(validity.begins, Effect::Changes, Some((Status::Pending, Status::Active)));
        }
        if validity.may_extend {
            tell(until, Effect::LastDayToExtend, None);
        }
        if status == Status::Active {
            tell(until.and_then(|until| until.succ_opt()), Effect::Expires, Some((status, Status::Expired)));
        }
    }

    /// On how many days rulings are followed: on fewer, where each day holds much.
    fn most_days(&self) -> usize {
        (ROOM / (self.shared.measures.len() + self.shared.rulings.len()).max(1)).clamp(FEWEST_DAYS, MOST_DAYS)
    }

    /// Follows what is decided and given from day to day, as long as the ruling holds.
    fn follow(
        &self,
        place: u32,
        combination: u32,
        (last, subject): (Option<Date>, Option<Cow<'a, str>>),
        (known, days): (&[Date], &mut Vec<Date>),
        deadlines: &mut Vec<Deadline<'a>>,
    ) {
        let ruling = &self.model().rulings[place as usize];
        self.enter(&ruling.each, combination);
        let mut before = self.ruling(place);
        let mut daily = 0;
        let mut on = self.as_of;
        let cycle_end = self.model().cycle.as_ref().and_then(|_| self.cycle().ok()).map(|(_, end)| end);
        let mut next = before.next;
        // Days only go forward, also where an evaluation that has failed answers for another day.
        while let Some(day) = next.filter(|day| *day > on && last.is_none_or(|last| *day <= last)) {
            if !days.contains(&day) {
                if days.len() >= self.most_days() {
                    return;
                }
                days.push(day);
            }
            if !self.step(1) {
                return;
            }
            let there = self.at(day);
            there.enter(&ruling.each, combination);
            let after = there.ruling(place);
            if is_over(after) {
                return;
            }
            // Levels go by the facts of one cycle: what a rate is in the next one cannot be told from them.
            let same_cycle = cycle_end.is_none_or(|end| day < end);
            let told = self.told_change(before, after, same_cycle);
            daily = if told.is_none() && on.succ_opt() == Some(day) { daily + 1 } else { 0 };
            if let Some((effect, changes)) = told {
                let subject = subject.clone();
                deadlines.push(Deadline { on: IsoDate(day), rule: &ruling.id, subject, effect, changes });
            }
            next = if daily >= DAILY { known.iter().copied().find(|known| *known > day) } else { after.next };
            (before, on) = (after, day);
        }
    }

    /// What is otherwise on a later day.
    fn told_change(
        &self,
        before: &RulingResult<'a>,
        after: &RulingResult<'a>,
        rates_too: bool,
    ) -> Option<(Effect, Vec<Change<'a>>)> {
        let mut changes = Vec::new();
        let mut effect = None;
        let (was, is) = (before.outcome, after.outcome);
        if was.word() != is.word() && !matches!(was, Outcome::Undetermined(_)) {
            effect = match (was, is) {
                (Outcome::Refused, Outcome::Granted | Outcome::NeedsApproval) => Some(Effect::Opens),
                (Outcome::Granted | Outcome::NeedsApproval, Outcome::Refused) => Some(Effect::Closes),
                _ => Some(Effect::Changes),
            };
            changes.push(self.change(before, "outcome", Answer::Text(was.word()), Answer::Text(is.word())));
        }
        let rates = (before.gives.rate, after.gives.rate);
        if let (Some(was @ Value::Number(_)), Some(is @ Value::Number(_))) = rates
            && rates_too
            && !was.is(&is)
        {
            let answer = |value: Value<'a>| Answer::of(self, &Kind::Percent, value);
            effect = effect.or(Some(Effect::Changes));
            changes.push(self.change(before, "rate", answer(was), answer(is)));
        }
        effect.map(|effect| (effect, changes))
    }

    fn change(&self, of: &RulingResult<'a>, what: &str, from: Answer<'a>, to: Answer<'a>) -> Change<'a> {
        Change { rule: self.arena.alloc_str(&format!("{}.{what}", of.ruling.id)), from, to }
    }
}

/// Whether nothing more becomes of a ruling.
fn is_over(result: &RulingResult<'_>) -> bool {
    let status = result.validity.as_ref().and_then(|validity| validity.status.ok());
    matches!(status, Some(Status::Expired | Status::Used))
}
