//! Deadlines: the days on which the answer will change if nothing is done, and what will change.

use super::Evaluator;
use super::decision::{Answer, Change, Date1, Deadline};
use super::tally::RowResult;
use crate::date::Date;
use crate::facts::Value;
use crate::model::node::Op;
use crate::model::{How, LadderId, MeasureId};
use crate::value::Kind;

/// The most days that are looked at.
const MOST_DAYS: usize = 60;

impl<'a> Evaluator<'a> {
    /// What changes on later days, in order of the days; up to the end of the next cycle, or a year and a day.
    pub fn deadlines(&self) -> Vec<Deadline<'a>> {
        let mut deadlines = Vec::new();
        self.due_dates_ahead(&mut deadlines);
        let mut days = self.days_ahead();
        days.sort_unstable();
        days.dedup();
        let mut from = self.at(self.as_of);
        for day in days.into_iter().take(MOST_DAYS) {
            let there = self.at(day);
            from.expire(there, day, &mut deadlines);
            from = there;
        }
        deadlines.sort_by(|a, b| a.on.0.cmp(&b.on.0));
        deadlines
    }

    /// The days on which something that the answer was computed from turns.
    fn days_ahead(&self) -> Vec<Date> {
        let mut days = Vec::new();
        for (place, measure) in self.model().measures.iter().enumerate() {
            if !measure.each.is_empty() {
                continue;
            }
            match measure.how {
                How::Tally(tally, row) => {
                    let results = self.tally(tally);
                    days.extend(results[row as usize].expiring.iter().filter_map(|(_, turns)| turns.next));
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
                    let answer = |value: Value<'a>| self.word(words, value);
                    changes.push(Change { rule: "standing", from: answer(now), to: answer(then) });
                }
            }
            let effect = told("due", &changes);
            deadlines.push(Deadline { on: Date1(due), rule: &obligation.id, subject: None, effect, changes });
        }
    }

    /// What is otherwise on a later day than on the as-of date of this evaluation.
    fn expire(&self, there: &'a Evaluator<'a>, day: Date, deadlines: &mut Vec<Deadline<'a>>) {
        let model = self.model();
        let mut changes: Vec<Change<'a>> = Vec::new();
        let mut levels: Vec<Change<'a>> = Vec::new();
        let mut expired: Vec<(&'a str, String)> = Vec::new();
        for (place, measure) in model.measures.iter().enumerate() {
            if !measure.each.is_empty()
                || !matches!(measure.ty.kind, Kind::Count | Kind::Number | Kind::Money | Kind::Flag)
            {
                continue;
            }
            let id = MeasureId(place as u32);
            let (now, then) = (self.measure(id), there.measure(id));
            if !now.is(&then) && !(matches!(now, Value::Unknown(_)) && matches!(then, Value::Unknown(_))) {
                changes.push(Change {
                    rule: &measure.name,
                    from: Answer::of(self, &measure.ty.kind, now),
                    to: Answer::of(self, &measure.ty.kind, then),
                });
            }
            if let How::Tally(tally, row) = measure.how {
                let domain = model.tallies[tally as usize].domain;
                let (now, then) = (&self.tally(tally)[row as usize], &there.tally(tally)[row as usize]);
                for record in lapsed(now, then) {
                    let name = self.fact_names(domain, &[record]).remove(0).into_owned();
                    expired.push((&measure.name, name));
                }
            }
        }
        if !model.awards.is_empty() {
            let (now, then) = (self.total_points(), there.total_points());
            if !now.is(&then) && !matches!(now, Value::Unknown(_)) {
                changes.push(Change {
                    rule: "points",
                    from: Answer::of(self, &Kind::Number, now),
                    to: Answer::of(self, &Kind::Number, then),
                });
            }
        }
        for (place, ladder) in model.ladders.iter().enumerate().filter(|(_, ladder)| ladder.each.is_empty()) {
            let id = LadderId(place as u32);
            let (now, then) = (self.ladder(id).earned, there.ladder(id).earned);
            if matches!(ladder.carried.as_ref().map(|node| &node.op), Some(Op::Constant(_))) || now.is(&then) {
                continue;
            }
            let kind = &ladder.below.ty.kind;
            // What is earned changes; whether the level in force does is for the days on which levels move.
            levels.push(Change {
                rule: self.arena.alloc_str(&format!("{}.earned", ladder.id)),
                from: Answer::of(self, kind, now),
                to: Answer::of(self, kind, then),
            });
        }
        if expired.is_empty() {
            changes.append(&mut levels);
        }
        if expired.is_empty() && !changes.is_empty() {
            let is_cycle_end = self.cycle().is_ok_and(|(_, end)| end == day);
            let rule = if is_cycle_end { "cycle" } else { changes[0].rule };
            let effect = if is_cycle_end { "the cycle ends" } else { "changes" };
            deadlines.push(Deadline { on: Date1(day), rule, subject: None, effect: told(effect, &changes), changes });
            return;
        }
        for (rule, subject) in expired {
            // Each record is told with what changes by its own rule, and with the levels that change.
            let own: Vec<Change<'a>> =
                changes.iter().filter(|change| change.rule == rule).chain(&levels).cloned().collect();
            deadlines.push(Deadline {
                on: Date1(day),
                rule,
                subject: Some(subject),
                effect: told("stops counting", &own),
                changes: own,
            });
        }
    }
}

/// The records that count now and no longer then.
fn lapsed(now: &RowResult<'_>, then: &RowResult<'_>) -> Vec<u32> {
    now.facts.iter().copied().filter(|record| !then.facts.contains(record)).collect()
}

/// An effect in a sentence: what happens, and what changes by it.
fn told(effect: &str, changes: &[Change<'_>]) -> String {
    let mut text = effect.to_owned();
    for change in changes {
        let value = |answer: &Answer<'_>| match answer {
            Answer::Unknown => "undetermined".to_owned(),
            Answer::None => "none".to_owned(),
            Answer::Flag(flag) => flag.to_string(),
            Answer::Count(number) | Answer::Number(number) => number.normalize().to_string(),
            Answer::Text(text) => (*text).to_owned(),
            other => format!("{other:?}"),
        };
        text.push_str(&format!("; {} goes from {} to {}", change.rule, value(&change.from), value(&change.to)));
    }
    text
}
