//! Obligations and the standing that follows from them, known for every day.

use super::Evaluator;
use super::bounds::both;
use super::ladder::State;
use super::truth::Truth;
use super::turn::Turns;
use crate::date::{self, Date};
use crate::facts::{Presence, Value, Why};
use crate::model::node::Constant;
use crate::model::{DutyStep, Exception, Obligation, ParameterId};
use crate::value::Duration;
use bumpalo::collections::Vec as ArenaVec;

/// How an obligation stands.
#[derive(Clone, Copy, Debug)]
pub struct ObligationResult<'a> {
    /// `due`, `done` or `overdue`, as a word.
    pub state: Value<'a>,
    /// The due date that it is about.
    pub due: Value<'a>,
    /// Its steps, and whether each is done.
    pub steps: &'a [(&'a DutyStep, State<'a>)],
    /// Whether it may be overdue: where only due or done is in question, nobody is.
    pub may_be_overdue: bool,
}

/// The due dates around the as-of date.
struct Dues {
    /// The last one before it.
    before: Option<Date>,
    /// The first one on or after it.
    after: Option<Date>,
    /// All of two periods back and ahead, those that do not count too.
    all: [Option<Date>; 5],
}

/// Days on which nothing is earned: from the first, up to the one before the last; or perhaps.
#[derive(Clone, Copy, Debug)]
pub struct Frozen<'a> {
    pub from: Date,
    pub until: Option<Date>,
    pub doubt: Option<&'a Why<'a>>,
}

const DUE: u32 = 0;
const DONE: u32 = 1;
/// The place of `overdue` among the states.
pub const OVERDUE: u32 = 2;

impl<'a> Evaluator<'a> {
    /// The state of an obligation, as a word.
    pub fn obligation_state(&self, place: u32) -> Value<'a> {
        self.obligation(place).state
    }

    /// The first day on which what is due on `due` is overdue, if nothing is done.
    pub fn overdue_from(&self, obligation: &'a Obligation, due: Date) -> Option<Date> {
        let Value::Duration(grace) = self.eval(&obligation.grace) else { return None };
        date::shift(due, grace)?.succ_opt()
    }

    /// How an obligation stands.
    pub fn obligation(&self, place: u32) -> ObligationResult<'a> {
        let obligation = &self.model().obligations[place as usize];
        self.known(&self.shared.obligations[place as usize], |_| self.judge(obligation, place))
    }

    /// The due dates around the as-of date.
    fn due_dates(&self, obligation: &'a Obligation, place: u32) -> Result<Dues, &'a Why<'a>> {
        let first = match obligation.first.as_ref().map(|first| self.eval(first)) {
            Some(Value::Date(first)) => Some(first),
            Some(Value::Unknown(why)) => return Err(why),
            _ => None,
        };
        let (mut before, mut after): (Option<Date>, Option<Date>) = (None, None);
        let mut all = [None; 5];
        for (steps, kept) in (-2..=2).zip(&mut all) {
            let Some(day) = date::shift(self.as_of, Duration::months(steps * obligation.every)) else { continue };
            let known = &self.shared.dues[place as usize];
            let due = match known.on(day) {
                _ if steps == 0 => self.known(known, |_| self.eval(&obligation.due)),
                Some((due, _)) => due,
                None => {
                    let there = self.at(day);
                    there.known(known, |_| there.eval(&obligation.due))
                }
            };
            if let Value::Date(due) = due {
                *kept = Some(due);
            }
            match due {
                Value::Date(due) if first.is_some_and(|first| due < first) => {}
                Value::Date(due) if due < self.as_of => before = before.max(Some(due)),
                Value::Date(due) => after = Some(after.map_or(due, |after| after.min(due))),
                Value::Unknown(why) => return Err(why),
                _ => {}
            }
        }
        Ok(Dues { before, after, all })
    }

    fn judge(&self, obligation: &'a Obligation, place: u32) -> ObligationResult<'a> {
        let unknown = |why| ObligationResult {
            state: Value::Unknown(why),
            due: Value::Unknown(why),
            steps: &[],
            may_be_overdue: true,
        };
        let Dues { before, after, all } = match self.due_dates(obligation, place) {
            Ok(dates) => dates,
            Err(why) => return unknown(why),
        };
        let (within, grace) = match (self.eval(&obligation.within), self.eval(&obligation.grace)) {
            (Value::Duration(within), Value::Duration(grace)) => (within, grace),
            (Value::Unknown(why), _) | (_, Value::Unknown(why)) => return unknown(why),
            _ => return unknown(self.undefined("the obligation has no length")),
        };
        if let Some(after) = after {
            // On the day after a due date the next one is in question.
            self.turns_on(after.succ_opt());
        }
        let window = |due: Date| {
            // A window of one period begins after the due date before: months differ in length.
            let previous = all.iter().flatten().filter(|day| **day < due).max();
            match previous.filter(|_| within == Duration::months(obligation.every)) {
                Some(previous) => Some(*previous),
                None => within.reversed().and_then(|back| date::shift(due, back)),
            }
        };
        if let Some(due) = before {
            // What is late ends the overdue state too: everything after the window's start counts.
            let (done, steps) = self.steps_done(obligation, window(due), None);
            let overdue_from = date::shift(due, grace).and_then(|last| last.succ_opt());
            match (done, overdue_from) {
                (Truth::True, _) => {}
                (Truth::False, Some(from)) => {
                    self.turns_on(Some(from));
                    let overdue = from <= self.as_of;
                    let state = Value::Word(if overdue { OVERDUE } else { DUE });
                    return ObligationResult { state, due: Value::Date(due), steps, may_be_overdue: overdue };
                }
                (Truth::Unknown(why), from) => {
                    self.turns_on(from);
                    let may_be_overdue = from.is_none_or(|from| from <= self.as_of);
                    return ObligationResult {
                        state: Value::Unknown(why),
                        due: Value::Date(due),
                        steps,
                        may_be_overdue,
                    };
                }
                (Truth::False, None) => return unknown(self.undefined("the due date leaves the calendar")),
            }
        }
        let Some(due) = after else {
            return unknown(self.undefined("the obligation is never due"));
        };
        let (done, steps) = self.steps_done(obligation, window(due), Some(due));
        let state = match done {
            Truth::True => Value::Word(DONE),
            Truth::False => Value::Word(DUE),
            Truth::Unknown(why) => Value::Unknown(why),
        };
        ObligationResult { state, due: Value::Date(due), steps, may_be_overdue: false }
    }

    /// Whether every step was done after `from`, and up to `until` where that is given.
    fn steps_done(
        &self,
        obligation: &'a Obligation,
        from: Option<Date>,
        until: Option<Date>,
    ) -> (Truth<'a>, &'a [(&'a DutyStep, State<'a>)]) {
        let mut all = Truth::True;
        let mut steps = ArenaVec::with_capacity_in(obligation.steps.len(), self.arena);
        for step in &obligation.steps {
            let when = step.when.as_ref().map_or(Truth::True, |when| self.truth(when));
            if matches!(when, Truth::False) {
                continue;
            }
            let unless = step.unless.as_ref().map_or(Truth::False, |unless| self.truth(unless));
            if matches!((when, unless), (Truth::True, Truth::True)) {
                steps.push((step, State::Waived));
                continue;
            }
            let state = match (self.done(obligation, step, from, until), when, unless) {
                (Truth::True, ..) => State::Met,
                (Truth::Unknown(why), ..)
                | (Truth::False, Truth::Unknown(why), _)
                | (Truth::False, _, Truth::Unknown(why)) => State::Undetermined(why),
                _ => State::NotMet,
            };
            all = match (all, state) {
                (_, State::NotMet) | (Truth::False, _) => Truth::False,
                (Truth::Unknown(a), State::Undetermined(b)) => {
                    both(Some(a), Some(b), self.arena).map_or(Truth::Unknown(a), Truth::Unknown)
                }
                (_, State::Undetermined(why)) => Truth::Unknown(why),
                (all, _) => all,
            };
            steps.push((step, state));
        }
        (all, steps.into_bump_slice())
    }

    /// Whether there is a record of the step after `from`, up to `until` and the as-of date.
    fn done(
        &self,
        obligation: &'a Obligation,
        step: &'a DutyStep,
        from: Option<Date>,
        until: Option<Date>,
    ) -> Truth<'a> {
        let mut found = false;
        let mut unknown: Option<&'a Why<'a>> = None;
        let presence = self.each_row(obligation.domain, None, &mut |_| {
            let mut doubt: Option<&'a Why<'a>> = None;
            match self.eval(&obligation.happened) {
                Value::Date(day) if day > self.as_of => {
                    self.turns_on(Some(day));
                    return true;
                }
                Value::Date(day) => {
                    if from.is_some_and(|from| day <= from) || until.is_some_and(|until| day > until) {
                        return true;
                    }
                }
                Value::Unknown(why) => doubt = Some(why),
                _ => return true,
            }
            for condition in step.tests.iter().chain(&obligation.filter) {
                match self.truth(condition) {
                    Truth::True => {}
                    Truth::False => return true,
                    Truth::Unknown(why) => doubt = both(doubt, Some(why), self.arena),
                }
            }
            match doubt {
                None => found = true,
                Some(_) => unknown = both(unknown, doubt, self.arena),
            }
            !found
        });
        if found {
            return Truth::True;
        }
        if presence == Presence::Unknown {
            unknown = both(unknown, Some(self.list_unknown(obligation.domain, None)), self.arena);
        }
        unknown.map_or(Truth::False, Truth::Unknown)
    }

    /// The standing, as a word: the first that matches, else `affiliated`.
    pub fn standing(&self) -> Value<'a> {
        self.known(&self.shared.standing, |_| self.stands())
    }

    fn stands(&self) -> Value<'a> {
        for (place, standing) in self.model().standings.iter().enumerate() {
            match self.truth(&standing.when) {
                Truth::True => return Value::Word(place as u32 + 1),
                Truth::False => {}
                Truth::Unknown(why) => return Value::Unknown(why),
            }
        }
        Value::Word(0)
    }

    /// Whether the standing has an effect, which is the first word of its setting; `Err` when that is not known.
    pub fn meanwhile(
        &self,
        effect: impl Fn(&'a crate::model::Standing) -> Option<&'a crate::model::node::Node>,
    ) -> Result<bool, &'a Why<'a>> {
        let holds = |standing| match effect(standing).map(|setting| self.eval(setting)) {
            Some(Value::Unknown(why)) => Err(why),
            word => Ok(matches!(word, Some(Value::Word(0)))),
        };
        match self.fallen() {
            Ok(standing) => standing.map_or(Ok(false), holds),
            // Which standing it is does not matter where none has the effect.
            Err(why) => {
                let none = self.model().standings.iter().all(|standing| matches!(holds(standing), Ok(false)));
                if none { Ok(false) } else { Err(why) }
            }
        }
    }

    /// The standing that is not `affiliated`, if there is one; `Err` when it is not known.
    fn fallen(&self) -> Result<Option<&'a crate::model::Standing>, &'a Why<'a>> {
        if self.model().standings.is_empty() {
            return Ok(None);
        }
        match self.standing() {
            Value::Word(0) => Ok(None),
            Value::Word(word) => Ok(self.model().standings.get(word as usize - 1)),
            Value::Unknown(why) => Err(why),
            _ => Ok(None),
        }
    }

    /// Whether what is dated `day` earns nothing because of the standing on that day.
    pub fn frozen_on(&self, day: Date) -> Option<Truth<'a>> {
        if self.model().standings.is_empty() {
            return None;
        }
        let frozen = self.shared.frozen.on(self.as_of).map(|(frozen, _)| frozen).unwrap_or_else(|| {
            let (frozen, _) = self.turning(|| self.frozen_days());
            self.shared.frozen.keep(self.as_of, (frozen, Turns::DAILY), self.arena);
            frozen
        });
        let span = frozen.iter().find(|span| span.from <= day && span.until.is_none_or(|until| day < until))?;
        Some(span.doubt.map_or(Truth::True, Truth::Unknown))
    }

    /// The days of the cycle up to the as-of date on which nothing is earned.
    fn frozen_days(&self) -> &'a [Frozen<'a>] {
        let mut spans: ArenaVec<'a, Frozen<'a>> = ArenaVec::new_in(self.arena);
        if !self.model().standings.iter().any(|standing| standing.awards.is_some()) {
            return spans.into_bump_slice();
        }
        let mut day = match self.cycle() {
            Ok((start, _)) => start,
            Err(_) => self.as_of,
        };
        while day <= self.as_of {
            let there = if day == self.as_of { self } else { self.at(day) };
            let (frozen, turns) = there.turning(|| there.meanwhile(|standing| standing.awards.as_ref()));
            let until = turns.after(day).filter(|next| *next > day && *next <= self.as_of);
            let doubt = match frozen {
                Ok(true) => Some(None),
                Ok(false) => None,
                Err(why) => Some(Some(why)),
            };
            if let Some(doubt) = doubt {
                spans.push(Frozen { from: day, until, doubt });
            }
            match until {
                Some(next) => day = next,
                None => break,
            }
        }
        spans.into_bump_slice()
    }

    /// The exceptions that apply, or may apply, on the as-of date.
    pub fn exceptions(&self) -> &'a [(u32, Truth<'a>)] {
        let kept = &self.shared.exceptions;
        if kept.on(self.as_of).is_none() && self.excepting.replace(true) {
            return &[];
        }
        let applied = self.known(kept, |_| {
            let mut applied = ArenaVec::new_in(self.arena);
            for (place, exception) in self.model().exceptions.iter().enumerate() {
                if self.applies_on(exception.from, exception.until) {
                    match self.truth(&exception.who) {
                        Truth::False => {}
                        truth => applied.push((place as u32, truth)),
                    }
                }
            }
            applied.into_bump_slice() as &[_]
        });
        self.excepting.set(false);
        applied
    }

    /// The cells that an exception gives a parameter: `Err` when it is not known whether it applies.
    pub fn excepted(&self, id: ParameterId) -> Option<Result<&'a [Option<Constant>], &'a Why<'a>>> {
        let exceptions = &self.model().exceptions;
        let cells = |exception: &'a Exception| {
            exception.sets.iter().find(|(set, _)| *set == id).map(|(_, cells)| cells.as_slice())
        };
        if !exceptions.iter().any(|exception| cells(exception).is_some()) {
            return None;
        }
        for exception in exceptions {
            if cells(exception).is_some() {
                self.turns_on(exception.from);
                self.turns_on(exception.until);
            }
        }
        let (place, truth) =
            self.exceptions().iter().rev().find(|(place, _)| cells(&exceptions[*place as usize]).is_some())?;
        Some(match truth {
            Truth::Unknown(why) => Err(why),
            _ => cells(&exceptions[*place as usize]).ok_or_else(|| self.undefined("the exception sets nothing")),
        })
    }
}

impl<'a> ObligationResult<'a> {
    /// Whether the state is known.
    pub fn doubt(&self) -> Option<&'a Why<'a>> {
        match self.state {
            Value::Unknown(why) => Some(why),
            _ => None,
        }
    }
}
