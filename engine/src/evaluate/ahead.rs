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
/// turns every day is no deadline.
const DAILY: u32 = 3;

/// The most days on which one ruling is looked at.
const MOST_DAYS: u32 = 100;

impl<'a> Evaluator<'a> {
    /// What becomes of every ruling up to the last day that is looked at.
    pub fn rulings_ahead(&self, last: Option<Date>, deadlines: &mut Vec<Deadline<'a>>) {
        for (place, ruling) in self.model().rulings.iter().enumerate() {
            for combination in 0..self.combinations(&ruling.each) {
                self.enter(&ruling.each, combination);
                if self.lies_ahead(ruling) {
                    continue;
                }
                let (result, turns) = self.turning(|| self.ruling(place as u32));
                if is_over(result) {
                    continue;
                }
                let subject = subject_of(self, ruling).filter(|_| !ruling.each.is_empty());
                if let Some(validity) = &result.validity
                    && let (true, Some(Ok(until))) = (validity.may_extend, validity.until)
                {
                    deadlines.push(Deadline {
                        on: IsoDate(until),
                        rule: &ruling.id,
                        subject: subject.clone(),
                        effect: Effect::LastDayToExtend,
                        changes: Vec::new(),
                    });
                }
                self.follow(place as u32, combination, (result, turns.after(self.as_of)), last, subject, deadlines);
            }
        }
    }

    /// Follows one ruling from day to day.
    fn follow(
        &self,
        place: u32,
        combination: u32,
        (mut before, mut next): (&'a RulingResult<'a>, Option<Date>),
        last: Option<Date>,
        subject: Option<Cow<'a, str>>,
        deadlines: &mut Vec<Deadline<'a>>,
    ) {
        let ruling = &self.model().rulings[place as usize];
        let mut daily = 0;
        let mut on = self.as_of;
        for _ in 0..MOST_DAYS {
            let Some(day) = next.filter(|day| last.is_none_or(|last| *day <= last)) else { return };
            let there = self.at(day);
            there.enter(&ruling.each, combination);
            let (after, turns) = there.turning(|| there.ruling(place));
            let told = self.told_change(before, after);
            daily = if told.is_none() && on.succ_opt() == Some(day) { daily + 1 } else { 0 };
            if let Some((effect, changes)) = told {
                let subject = subject.clone();
                deadlines.push(Deadline { on: IsoDate(day), rule: &ruling.id, subject, effect, changes });
            }
            if daily >= DAILY || is_over(after) {
                return;
            }
            (before, next, on) = (after, turns.after(day), day);
        }
    }

    /// What is otherwise on a later day.
    fn told_change(&self, before: &RulingResult<'a>, after: &RulingResult<'a>) -> Option<(Effect, Vec<Change<'a>>)> {
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
        let status = |result: &RulingResult<'a>| result.validity.as_ref().and_then(|validity| validity.status.ok());
        if let (Some(was), Some(is)) = (status(before), status(after))
            && was != is
        {
            effect = effect.or(Some(if is == Status::Expired { Effect::Expires } else { Effect::Changes }));
            changes.push(self.change(before, "status", Answer::Text(was.word()), Answer::Text(is.word())));
        }
        let rates = (before.gives.rate, after.gives.rate);
        if let (Some(was @ Value::Number(_)), Some(is @ Value::Number(_))) = rates
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
