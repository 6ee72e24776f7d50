//! How high a partner can have climbed in a cycle, told from the as-of date alone where that can be done,
//! so that most ladders need not be followed from day to day.

use super::Evaluator;
use super::ladder::State;
use crate::compile::rates;
use crate::facts::Value;
use crate::model::node::Op;
use crate::model::{Award, How, LadderId};

/// The highest level that may have been earned on any day of the cycle up to the as-of date; the top one
/// where that cannot be told from the as-of date alone.
pub fn reach<'a>(here: &Evaluator<'a>, id: LadderId) -> u32 {
    let ladder = here.model().ladder(id);
    if !here.plan.growth.ladders[id.0 as usize] {
        return u32::MAX;
    }
    let result = here.ladder(id);
    let possible = result.ways.iter().filter(|way| {
        let own = way.requirements.iter().chain(result.common);
        !own.into_iter().any(|checked| matches!(checked.state, State::NotMet) && never_more(here, checked.requirement))
    });
    let below = match here.eval(&ladder.below) {
        Value::Word(level) => level,
        _ => return u32::MAX,
    };
    possible.map(|way| way.row.level).max().unwrap_or(below).max(below)
}

/// Whether a requirement that is not met on the as-of date was met on no earlier day of the cycle:
/// it asks for at least a fixed number of what only grows.
fn never_more<'a>(here: &Evaluator<'a>, requirement: &'a crate::model::Requirement) -> bool {
    let Op::Compare(crate::expression::Operator::AtLeast, have, need) = &requirement.that.op else { return false };
    // What is needed is the same on every day of the cycle.
    let fixed = match &need.op {
        Op::Constant(_) => true,
        Op::Parameter(_, keys) if keys.is_empty() => !here.turning(|| here.eval(need)).1.shrank(),
        _ => false,
    };
    if !fixed {
        return false;
    }
    let model = here.model();
    let growth = &here.plan.growth;
    let pays = |(place, award): (usize, &'a Award)| {
        let never_less = |rate| matches!(here.eval(rate), Value::Number(number) if !number.is_sign_negative());
        growth.rates[place] && growth.tallies[award.tally as usize] && rates(award).all(never_less)
    };
    let only_grows = match &have.op {
        Op::Points => model.awards.iter().enumerate().all(pays),
        Op::Measure(id) => matches!(model.measure(*id).how, How::Tally(tally, _) if growth.tallies[tally as usize]),
        _ => false,
    };
    only_grows && !here.turning(|| here.eval(have)).1.shrank()
}
