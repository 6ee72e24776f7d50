//! The level in force: the one brought along, moved by what is earned on the days on which it may move.
//!
//! Levels are followed as two bounds, so that what is not known stays not known, and no more.

mod when;

use super::Evaluator;
use super::ladder::{LadderResult, State};
use super::reach::reach;
use super::turn::Turns;
use crate::date::Date;
use crate::facts::{Value, Why};
use crate::model::Requirement;
use crate::model::{Ladder, LadderId, Moment};
use bumpalo::collections::Vec as ArenaVec;
use chrono::Datelike;
use when::When;

/// The level in force, and how it came to be.
#[derive(Debug)]
pub struct Force<'a> {
    /// The level.
    pub level: Value<'a>,
    /// The lowest and the highest that it may be.
    pub between: (u32, u32),
    /// Its changes in the cycle, in order.
    pub history: &'a [Move<'a>],
    /// When levels rise and fall, and since when they were followed.
    by: Option<(When<'a>, When<'a>, Date)>,
    /// How it was followed.
    steps: &'a [Step<'a>],
}

/// The level in force from a day on.
#[derive(Clone, Copy, Debug)]
struct Step<'a> {
    on: Date,
    level: Value<'a>,
    between: (u32, u32),
    /// How many changes there were up to then.
    moves: usize,
    /// The next day on which anything may move.
    next: Option<Date>,
}

/// A change of the level in force.
#[derive(Clone, Copy, Debug)]
pub struct Move<'a> {
    /// The first day of the new level.
    pub on: Date,
    /// The level before.
    pub from: u32,
    /// The level from then on.
    pub to: u32,
    /// Why.
    pub because: Because,
    /// The requirements that came to hold, or to fail, on that day.
    pub requirements: &'a [&'a str],
}

/// Why a level changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// Another level was brought along.
    Carried,
    /// A higher level was earned.
    Earned,
    /// The level was no longer earned.
    Lost,
    /// The standing suspends every level, or does so no longer.
    Standing,
}

impl Because {
    /// The word that a decision uses.
    pub fn word(self) -> &'static str {
        match self {
            Because::Carried => "carried",
            Because::Earned => "earned",
            Because::Lost => "lost",
            Because::Standing => "standing",
        }
    }
}

/// Levels of which one is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Between {
    low: u32,
    high: u32,
}

impl<'a> Evaluator<'a> {
    /// The level of a ladder in force on the as-of date, for the rows at hand.
    pub fn in_force(&self, id: LadderId) -> Force<'a> {
        let ladder = self.model().ladder(id);
        let plain = |level| {
            let between = match level {
                Value::Word(level) => (level, level),
                _ => (0, self.top(ladder)),
            };
            Force { level, between, history: &[], by: None, steps: &[] }
        };
        if ladder.assigned.is_some() {
            return plain(self.suspended(ladder, self.ladder(id).earned));
        }
        let (up, down) = match (self.when(&ladder.up), self.when(&ladder.down)) {
            (Ok(up), Ok(down)) => (up, down),
            (Err(why), _) | (_, Err(why)) => return plain(Value::Unknown(why)),
        };
        let start = match self.period() {
            Ok(start) => start,
            Err(why) => return plain(Value::Unknown(why)),
        };
        let by = Some((up, down, start));
        if let Some(force) = self.followed_already(id, by) {
            return force;
        }
        let mut walk = Walk {
            ladder: id,
            up,
            down,
            reach: match (up, down) {
                (When::AtCycleEnd, When::AtCycleEnd) => 0,
                (_, When::AtCycleEnd) => reach(self, id),
                _ => u32::MAX,
            },
            start,
            level: Between { low: 0, high: 0 },
            best: Between { low: 0, high: 0 },
            brought: None,
            shown: None,
            suspended: false,
            falling: false,
            why: None,
            moves: ArenaVec::new_in(self.arena),
        };
        let mut day = start;
        let mut steps = ArenaVec::new_in(self.arena);
        let last = loop {
            let next = if day == self.as_of { walk.step(self, self) } else { walk.step(self.at(day), self) };
            let (level, between) = walk.level(self);
            let step = Step { on: day, level, between, moves: walk.moves.len(), next };
            steps.push(step);
            if day == self.as_of {
                break step;
            }
            day = next.filter(|next| *next > day && *next <= self.as_of).unwrap_or(self.as_of);
            if steps.len() as i64 > super::LONGEST_SPAN {
                self.fail(super::Failure::TooManyDays);
                break step;
            }
        };
        self.stays_until(last.next);
        let (history, steps) = (walk.moves.into_bump_slice(), steps.into_bump_slice());
        Force { level: last.level, between: last.between, history, by, steps }
    }

    /// Follows a ladder to the end of its time at once, where that is no longer than about a year, so that the level
    /// on every day until then can be read off.
    pub fn follow_ahead(&self, id: LadderId) {
        if self.shared.forces.get(self.ladder_place(id)).is_none_or(|kept| kept.on(self.as_of).is_some()) {
            return;
        }
        let (end, _) = self.turning(|| match &self.model().cycle {
            Some(_) => self.cycle().ok().filter(|(start, end)| (*end - *start).num_days() < 400).map(|(_, end)| end),
            None => Date::from_ymd_opt(self.as_of.year() + 1, 1, 1),
        });
        if let Some(last) = end.and_then(|end| end.pred_opt()).filter(|last| *last > self.as_of) {
            self.at(last).force(id);
        }
    }

    /// The level on this day as it was followed for a later one.
    fn followed_already(&self, id: LadderId, by: Option<(When<'a>, When<'a>, Date)>) -> Option<Force<'a>> {
        let (_, later) = self.shared.forces.get(self.ladder_place(id))?.after(self.as_of)?;
        let so_far = later.steps.partition_point(|step| step.on <= self.as_of);
        let (steps, last) = (&later.steps[..so_far], later.steps[..so_far].last().filter(|_| later.by == by)?);
        self.stays_until(last.next);
        Some(Force { level: last.level, between: last.between, history: &later.history[..last.moves], by, steps })
    }

    /// What was in force on an earlier day is told by following it alone.
    fn stays_until(&self, next: Option<Date>) {
        self.turn(next.map_or(Turns::LAPSED, |next| Turns::LAPSED.and(Turns::on(next))));
    }

    /// The first day of the time in which levels are followed: the cycle, else the calendar year.
    fn period(&self) -> Result<Date, &'a Why<'a>> {
        if self.model().cycle.is_some() {
            return self.cycle().map(|(start, _)| start);
        }
        let year = |year| Date::from_ymd_opt(year, 1, 1);
        self.turns_on(year(self.as_of.year() + 1));
        Ok(year(self.as_of.year()).unwrap_or(self.as_of))
    }

    fn when(&self, moment: &'a Moment) -> Result<When<'a>, &'a Why<'a>> {
        match moment {
            Moment::DaysOfYear(days) => Ok(When::Days(days)),
            Moment::Word(node) => match self.eval(node) {
                Value::Word(0) => Ok(When::Immediately),
                Value::Word(1) => Ok(When::AtCycleEnd),
                Value::Word(2) => Ok(When::AtCycleStart),
                Value::Word(3) => Ok(When::Quarterly),
                Value::Word(_) => Ok(When::Monthly),
                Value::Unknown(why) => Err(why),
                _ => Err(self.undefined("it is not known when levels move")),
            },
        }
    }

    /// A level, unless the standing suspends every level.
    fn suspended(&self, ladder: &'a Ladder, level: Value<'a>) -> Value<'a> {
        match self.meanwhile(|standing| standing.ladders.as_ref()) {
            Ok(true) => Value::Word(self.no_level(ladder)),
            Ok(_) => level,
            Err(why) => Value::Unknown(why),
        }
    }

    /// The level of a partner without any.
    fn no_level(&self, ladder: &'a Ladder) -> u32 {
        self.model().words(ladder.levels).find("none").unwrap_or(0)
    }

    /// The level brought along to a day: as the rulebook says, else what was earned when the last cycle ended.
    fn brought(&self, ladder: &'a Ladder, id: LadderId, start: Date) -> (Between, Option<&'a Why<'a>>) {
        let known = |level| (Between { low: level, high: level }, None);
        match &ladder.carried {
            Some(carried) => match self.eval(carried) {
                Value::Word(level) => known(level),
                Value::Unknown(why) => (Between { low: 0, high: self.top(ladder) }, Some(why)),
                _ => known(self.no_level(ladder)),
            },
            None => {
                let below = match self.eval(&ladder.below) {
                    Value::Word(level) => level,
                    _ => self.no_level(ladder),
                };
                let is_first = match self.model().cycle.as_ref().and_then(|cycle| cycle.first.as_ref()) {
                    Some(first) => matches!(self.eval(first), Value::Date(first) if start <= first),
                    None => self.model().cycle.is_none(),
                };
                let Some(before) = start.pred_opt().filter(|_| !is_first) else { return known(below) };
                let result = self.at(before).ladder(id);
                let why = match result.earned {
                    Value::Unknown(why) => Some(why),
                    _ => None,
                };
                (Between { low: result.between.0, high: result.between.1 }, why)
            }
        }
    }
}

/// On so many days it is looked whether another level is brought along; where it is so on more, one may be lower.
const MOST_REBASES: usize = 4;

/// A ladder followed from day to day.
struct Walk<'a> {
    ladder: LadderId,
    up: When<'a>,
    down: When<'a>,
    /// No higher level than this was earned in the cycle.
    reach: u32,
    start: Date,
    /// The level that is in force if the standing suspends none.
    level: Between,
    /// The best level that was earned on a day on which levels rise.
    best: Between,
    /// What was brought along on the day before.
    brought: Option<Between>,
    /// The level shown on the day before.
    shown: Option<Between>,
    /// Whether the standing suspended every level on the day before.
    suspended: bool,
    /// Whether more than one level was to be lost, and only one was.
    falling: bool,
    why: Option<&'a Why<'a>>,
    moves: ArenaVec<'a, Move<'a>>,
}

impl<'a> Walk<'a> {
    /// The level in force as far as it was followed, and the lowest and the highest that it may be.
    fn level(&self, here: &Evaluator<'a>) -> (Value<'a>, (u32, u32)) {
        let level = match (self.shown, self.why) {
            (Some(Between { low, high }), _) if low == high => Value::Word(low),
            (_, Some(why)) => Value::Unknown(why),
            _ => Value::Unknown(here.undefined("the level in force is not known")),
        };
        let top = || here.top(here.model().ladder(self.ladder));
        (level, self.shown.map_or_else(|| (0, top()), |shown| (shown.low, shown.high)))
    }

    /// Follows the ladder through one day; says on which later day anything may move.
    fn step(&mut self, there: &Evaluator<'a>, here: &Evaluator<'a>) -> Option<Date> {
        let day = there.as_of;
        let ladder = there.model().ladder(self.ladder);
        let ((), turns) = there.turning(|| {
            let ((brought, carried_why), carried) = there.turning(|| there.brought(ladder, self.ladder, self.start));
            there.turn(carried);
            let mut because = None;
            if self.brought != Some(brought) {
                // Another level is brought along: what was earned in the cycle stays, where nothing is lost in it.
                let keeps = self.brought.is_some() && self.down == When::AtCycleEnd;
                self.level = if keeps { higher(brought, self.best) } else { brought };
                self.brought = Some(brought);
                because = Some(Because::Carried);
            }
            // What cannot move the level is not computed; where another level may be brought along later, what is
            // earned until then moves that.
            let rebased = self.best.low < self.reach && self.is_rebased(carried.after(day), here);
            let result = (self.level.low < self.reach || rebased).then(|| there.ladder(self.ladder));
            if let Some(result) = result {
                self.earn(there, ladder, result, &mut because);
            }
            let suspended = there.meanwhile(|standing| standing.ladders.as_ref());
            if matches!(suspended, Ok(true)) || (matches!(suspended, Ok(false)) && self.suspended) {
                because = Some(Because::Standing);
            }
            self.suspended = matches!(suspended, Ok(true));
            let (shown, standing_why) = match suspended {
                Ok(true) => {
                    let none = there.no_level(ladder);
                    (Between { low: none, high: none }, None)
                }
                Ok(_) => (self.level, None),
                Err(why) => (Between { low: 0, high: self.level.high.max(there.no_level(ladder)) }, Some(why)),
            };
            let doubt = match result.map(|result| result.earned) {
                Some(Value::Unknown(why)) => Some(why),
                _ => None,
            };
            self.why = if shown.low == shown.high { None } else { standing_why.or(doubt).or(carried_why).or(self.why) };
            self.note(there, here, day, shown, because);
        });
        // What is lost level by level goes on falling on the next day on which levels fall.
        let falls_on = day.succ_opt().filter(|_| self.falling && self.down == When::Immediately);
        [turns.after(day), falls_on, self.up.after(day), self.down.after(day)].into_iter().flatten().min()
    }

    /// Whether a level may be brought along from `next` on, or later, that is lower than one that may be earned.
    fn is_rebased(&self, mut next: Option<Date>, here: &Evaluator<'a>) -> bool {
        for _ in 0..MOST_REBASES {
            let Some(day) = next.filter(|day| *day <= here.as_of) else { return false };
            let there = here.at(day);
            let ladder = there.model().ladder(self.ladder);
            let ((brought, _), turns) = there.turning(|| there.brought(ladder, self.ladder, self.start));
            if brought.low < self.reach {
                return true;
            }
            next = turns.after(day);
        }
        true
    }

    /// Moves the level by what is earned on a day.
    fn earn(
        &mut self,
        there: &Evaluator<'a>,
        ladder: &'a Ladder,
        result: &LadderResult<'a>,
        because: &mut Option<Because>,
    ) {
        let earned = Between { low: result.between.0, high: result.between.1 };
        if self.up.is_on(there.as_of, self.start) {
            let risen = higher(self.level, earned);
            if risen != self.level {
                *because = Some(Because::Earned);
            }
            self.level = risen;
            self.best = higher(self.best, earned);
        }
        if self.down.is_on(there.as_of, self.start) {
            let one_down = Between {
                low: earned.low.max(self.level.low.saturating_sub(1)),
                high: earned.high.max(self.level.high.saturating_sub(1)),
            };
            let floor = match there.eval(&ladder.falls) {
                Value::Word(1) => one_down,
                Value::Unknown(why) => {
                    // Either reading may be meant.
                    self.why = Some(why);
                    Between { low: earned.low, high: one_down.high }
                }
                _ => earned,
            };
            let fallen = lower(self.level, floor);
            self.falling = fallen.low > earned.low || fallen.high > earned.high;
            if fallen != self.level {
                *because = Some(Because::Lost);
            }
            self.level = fallen;
        }
    }

    /// Notes a change of the level shown.
    fn note(
        &mut self,
        there: &Evaluator<'a>,
        here: &Evaluator<'a>,
        day: Date,
        shown: Between,
        because: Option<Because>,
    ) {
        if let Some(before) = self.shown
            && before != shown
            && before.low == before.high
            && shown.low == shown.high
        {
            let because = because.unwrap_or(Because::Standing);
            let level = if shown.low > before.low { shown.low } else { before.low };
            let requirements = match because {
                Because::Earned | Because::Lost => self.turned(there, here, day, level),
                _ => &[],
            };
            self.moves.push(Move { on: day, from: before.low, to: shown.low, because, requirements });
        } else if let (None, Some(because @ (Because::Earned | Because::Lost)), true) =
            (self.shown, because, shown.low == shown.high)
        {
            // On the very first day it moved from what was brought along.
            if let Some(brought) =
                self.brought.filter(|brought| brought.low == brought.high && brought.low != shown.low)
            {
                let requirements = self.turned(there, here, day, shown.low.max(brought.low));
                self.moves.push(Move { on: day, from: brought.low, to: shown.low, because, requirements });
            }
        }
        self.shown = Some(shown);
    }

    /// The requirements of a level that came out otherwise than on the day before.
    fn turned(&self, there: &Evaluator<'a>, here: &Evaluator<'a>, day: Date, level: u32) -> &'a [&'a str] {
        let mut names = ArenaVec::new_in(here.arena);
        let Some(before) = day.pred_opt() else { return names.into_bump_slice() };
        let held = there.at(before).ladder(self.ladder).states(level);
        for (requirement, holds) in there.ladder(self.ladder).states(level) {
            let held = held.iter().any(|(known, held)| std::ptr::eq(*known, requirement) && *held);
            let id = requirement.id.as_str();
            if held != holds && !names.contains(&id) {
                names.push(id);
            }
        }
        names.into_bump_slice()
    }
}

impl<'a> LadderResult<'a> {
    /// Every requirement of a level, and whether it holds.
    fn states(&self, level: u32) -> Vec<(&'a Requirement, bool)> {
        let ways = self.ways.iter().filter(|way| way.row.level == level);
        let own = ways.flat_map(|way| way.requirements).chain(self.common);
        own.map(|checked| (checked.requirement, matches!(checked.state, State::Met | State::Waived))).collect()
    }
}

fn higher(a: Between, b: Between) -> Between {
    Between { low: a.low.max(b.low), high: a.high.max(b.high) }
}

fn lower(a: Between, b: Between) -> Between {
    Between { low: a.low.min(b.low), high: a.high.min(b.high) }
}
