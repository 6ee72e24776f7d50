//! Ladders: which requirements hold, which level they give, what the next one lacks.

use super::Evaluator;
use super::bounds::both;
use super::truth::Truth;
use super::turn::Turns;
use crate::facts::{Value, Why};
use crate::model::{LadderId, LevelRow, Requirement};
use bumpalo::collections::Vec as ArenaVec;

/// The answer of a ladder.
#[derive(Debug)]
pub struct LadderResult<'a> {
    /// The level that the requirements alone give.
    pub earned: Value<'a>,
    /// The lowest and the highest level that it may be, as far as that is known.
    pub between: (u32, u32),
    /// What every level requires.
    pub common: &'a [Checked<'a>],
    /// The ways to a level that are for this subject.
    pub ways: &'a [Way<'a>],
}

/// One way to a level.
#[derive(Clone, Copy, Debug)]
pub struct Way<'a> {
    /// The row.
    pub row: &'a LevelRow,
    /// Its requirements, as far as they apply.
    pub requirements: &'a [Checked<'a>],
    /// Whether all of it holds, what every level requires included.
    pub holds: Truth<'a>,
}

/// A requirement and how it came out.
#[derive(Clone, Copy, Debug)]
pub struct Checked<'a> {
    /// The requirement.
    pub requirement: &'a Requirement,
    /// What is there.
    pub have: Option<Value<'a>>,
    /// What is needed.
    pub need: Option<Value<'a>>,
    /// How it came out.
    pub state: State<'a>,
    /// When that turns.
    turns: Turns,
}

/// How a requirement came out.
#[derive(Clone, Copy, Debug)]
pub enum State<'a> {
    /// It holds.
    Met,
    /// It does not hold.
    NotMet,
    /// It need not hold.
    Waived,
    /// It depends on something unknown.
    Undetermined(&'a Why<'a>),
}

impl State<'_> {
    /// The word that a decision uses.
    pub fn word(&self) -> &'static str {
        match self {
            State::Met => "met",
            State::NotMet => "not_met",
            State::Waived => "waived",
            State::Undetermined(_) => "undetermined",
        }
    }
}

impl<'a> Evaluator<'a> {
    /// The answer of a ladder for the rows at hand.
    pub fn climb(&self, id: LadderId, knew: Option<&LadderResult<'a>>) -> LadderResult<'a> {
        let ladder = self.model().ladder(id);
        let common = self.check_all(&ladder.requires, knew.map_or(&[], |knew| knew.common));
        let mut knew = knew.map_or(&[][..], |knew| knew.ways).iter().peekable();
        let mut ways = ArenaVec::with_capacity_in(ladder.rows.len(), self.arena);
        for row in &ladder.rows {
            let mut applies = Truth::True;
            for condition in &row.applies {
                applies = and(applies, self.truth(condition), self);
            }
            if matches!(applies, Truth::False) {
                knew.next_if(|known| std::ptr::eq(known.row, row));
                continue;
            }
            let known = knew.next_if(|known| std::ptr::eq(known.row, row));
            let requirements = self.check_all(&row.requirements, known.map_or(&[], |known| known.requirements));
            let all = common.iter().chain(requirements).fold(applies, |all, checked| and(all, holds(checked), self));
            ways.push(Way { row, requirements, holds: all });
        }
        let ways = ways.into_bump_slice();
        let earned = match &ladder.assigned {
            Some(assigned) => self.eval(assigned),
            None => self.earned(ways, ladder.builds_up, self.eval(&ladder.below)),
        };
        let between = match (earned, &ladder.assigned) {
            (Value::Word(level), _) => (level, level),
            (_, Some(_)) => (0, self.top(ladder)),
            _ => between(ways, self.eval(&ladder.below), self.top(ladder), ladder.builds_up),
        };
        LadderResult { earned, between, common, ways }
    }

    /// The highest level of which a way holds; not known when a higher one may hold too.
    fn earned(&self, ways: &[Way<'a>], builds_up: bool, below: Value<'a>) -> Value<'a> {
        let mut best = match below {
            Value::Word(word) => word,
            other => return other,
        };
        let lowest = best;
        let mut doubt: Option<&'a Why<'a>> = None;
        let mut at = 0;
        while at < ways.len() {
            let level = ways[at].row.level;
            let of_level = ways[at..].iter().take_while(|way| way.row.level == level).count();
            let mut holds = Truth::False;
            for way in &ways[at..at + of_level] {
                holds = or(holds, way.holds, self);
            }
            at += of_level;
            match holds {
                Truth::True if level >= best => {
                    best = level;
                    if !builds_up {
                        doubt = None;
                    }
                }
                Truth::Unknown(why) if level > best || best == lowest => {
                    doubt = both(doubt, Some(why), self.arena);
                }
                Truth::False if builds_up => break,
                _ => {}
            }
            if builds_up && doubt.is_some() {
                // A level above is reached only if this one is; whether it is, is not known.
                break;
            }
        }
        doubt.map_or(Value::Word(best), Value::Unknown)
    }

    /// The highest level of a ladder.
    pub fn top(&self, ladder: &crate::model::Ladder) -> u32 {
        (self.model().words(ladder.levels).words.len() as u32).saturating_sub(1)
    }

    /// Every requirement that applies, and how it came out; what an earlier day `knew` and has not turned since is
    /// taken from it.
    pub fn check_all(&self, requirements: &'a [Requirement], knew: &[Checked<'a>]) -> &'a [Checked<'a>] {
        let mut checked = ArenaVec::with_capacity_in(requirements.len(), self.arena);
        let mut knew = knew.iter().peekable();
        for requirement in requirements {
            match knew.next_if(|known| std::ptr::eq(known.requirement, requirement)) {
                Some(known) if known.turns.not_by(self.as_of) => {
                    self.turn(known.turns);
                    checked.push(*known);
                }
                _ => checked.extend(self.check(requirement)),
            }
        }
        checked.into_bump_slice()
    }

    /// How a requirement came out; `None` when it does not apply.
    pub fn check(&self, requirement: &'a Requirement) -> Option<Checked<'a>> {
        let (checked, turns) = self.turning(|| self.come_out(requirement));
        self.turn(turns);
        checked.map(|checked| Checked { turns, ..checked })
    }

    /// How a requirement came out, with nothing said of when that turns.
    #[inline]
    fn come_out(&self, requirement: &'a Requirement) -> Option<Checked<'a>> {
        let checked = |have, need, state| Some(Checked { requirement, have, need, state, turns: Turns::NEVER });
        if !self.applies_on(requirement.from, requirement.until) {
            return None;
        }
        let when = requirement.when.as_ref().map_or(Truth::True, |when| self.truth(when));
        if matches!(when, Truth::False) {
            return None;
        }
        let have = requirement.have.as_ref().map(|have| self.eval(have));
        let need = requirement.need.as_ref().map(|need| self.eval(need));
        let unless = requirement.unless.as_ref().map_or(Truth::False, |unless| self.truth(unless));
        if matches!(unless, Truth::True) && matches!(when, Truth::True) {
            return checked(have, need, State::Waived);
        }
        let that = match (have, need, requirement.compares) {
            (Some(have), Some(need), Some(operator)) => self.compares(operator, have, need),
            _ => self.truth(&requirement.that),
        };
        let state = match (that, when, unless) {
            (Truth::True, ..) => State::Met,
            (Truth::Unknown(why), ..)
            | (Truth::False, Truth::Unknown(why), _)
            | (Truth::False, _, Truth::Unknown(why)) => State::Undetermined(why),
            _ => State::NotMet,
        };
        checked(have, need, state)
    }
}

/// The lowest and the highest level that ways of which some are not known may give.
fn between(ways: &[Way<'_>], below: Value<'_>, top: u32, builds_up: bool) -> (u32, u32) {
    let (mut low, mut high) = match below {
        Value::Word(word) => (word, word),
        _ => (0, top),
    };
    let (mut certain, mut possible) = (true, true);
    let mut at = 0;
    while at < ways.len() {
        let level = ways[at].row.level;
        let of_level = ways[at..].iter().take_while(|way| way.row.level == level).count();
        let own = &ways[at..at + of_level];
        at += of_level;
        let holds = own.iter().any(|way| matches!(way.holds, Truth::True));
        let may = own.iter().any(|way| !matches!(way.holds, Truth::False));
        if holds && certain {
            low = low.max(level);
        }
        if may && possible {
            high = high.max(level);
        }
        if builds_up {
            // A level that is not held, or may not be, keeps every level above it back.
            certain &= holds;
            possible &= may;
        }
    }
    (low, high)
}

/// The truth of a requirement that was checked.
fn holds<'a>(checked: &Checked<'a>) -> Truth<'a> {
    match checked.state {
        State::Met | State::Waived => Truth::True,
        State::NotMet => Truth::False,
        State::Undetermined(why) => Truth::Unknown(why),
    }
}

fn and<'a>(a: Truth<'a>, b: Truth<'a>, evaluator: &Evaluator<'a>) -> Truth<'a> {
    match (a, b) {
        (Truth::False, _) | (_, Truth::False) => Truth::False,
        (Truth::True, other) | (other, Truth::True) => other,
        (Truth::Unknown(a), Truth::Unknown(b)) => {
            both(Some(a), Some(b), evaluator.arena).map_or(Truth::Unknown(a), Truth::Unknown)
        }
    }
}

fn or<'a>(a: Truth<'a>, b: Truth<'a>, evaluator: &Evaluator<'a>) -> Truth<'a> {
    match (a, b) {
        (Truth::True, _) | (_, Truth::True) => Truth::True,
        (Truth::False, other) | (other, Truth::False) => other,
        (Truth::Unknown(a), Truth::Unknown(b)) => {
            both(Some(a), Some(b), evaluator.arena).map_or(Truth::Unknown(a), Truth::Unknown)
        }
    }
}
