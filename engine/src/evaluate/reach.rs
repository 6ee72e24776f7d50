//! How high a partner can have climbed in a cycle, told from the as-of date alone where that can be done,
//! so that most ladders need not be followed from day to day.

use super::Evaluator;
use super::ladder::State;
use crate::facts::Value;
use crate::model::node::{Function, Node, Op};
use crate::model::{Aggregate, Award, How, LadderId, Model, Tally, Window};

/// Whether an expression has one value on all days of the cycle: it reads nothing that grows, lapses or turns.
fn steady(model: &Model, node: &Node) -> bool {
    let mut all = true;
    node.walk(&mut |part| {
        if let Op::Parameter(id, _) = &part.op {
            let excepted = model.exceptions.iter().any(|exception| exception.sets.iter().any(|(set, _)| set == id));
            all &= model.parameter(*id).changes.is_empty() && !excepted;
            return;
        }
        all &= matches!(
            part.op,
            Op::Constant(_)
                | Op::Field(..)
                | Op::FieldOf(..)
                | Op::Row(_)
                | Op::Not(_)
                | Op::And(_)
                | Op::Or(_)
                | Op::If(..)
                | Op::Coalesce(..)
                | Op::Has(_)
                | Op::Compare(..)
                | Op::Arithmetic(..)
                | Op::OfHundred(..)
                | Op::Negative(_)
                | Op::Shift(..)
                | Op::Lengthen(..)
                | Op::In(..)
                | Op::SetOf(_)
        );
    });
    all
}

/// Whether what a tally makes of a record depends on nothing but the record, fixed values, and the day itself.
fn of_records_alone(model: &Model, tally: &Tally) -> bool {
    let mut all = tally.once_per.is_empty() || tally.value.is_none();
    tally.nodes(&mut |node| all &= of_record_alone(model, node));
    all
}

fn of_record_alone(model: &Model, node: &Node) -> bool {
    let mut all = true;
    node.walk(&mut |part| {
        all &= match &part.op {
            Op::Measure(id) | Op::MeasureOf(_, id) => match &model.measure(*id).how {
                How::Value(value) if !model.measure(*id).each.is_empty() => of_record_alone(model, value),
                _ => false,
            },
            // Whether a record counts may turn by a comparison with the day; that it lapsed is then known.
            Op::AsOf => true,
            Op::Call(function, _) => matches!(function, Function::Min | Function::Max),
            Op::Over(over) => over.inside.is_some(),
            Op::Points | Op::AwardRow(..) | Op::AwardTotal(_) | Op::InForce(_) | Op::Earned(_) => false,
            Op::Obligation(_) | Op::Standing | Op::Ruling(..) => false,
            Op::At(..) | Op::Days(..) | Op::Script(..) => false,
            Op::CycleStart | Op::CycleEnd => true,
            _ => true,
        };
    });
    all
}

/// The highest level that may have been earned on any day of the cycle up to the as-of date; the top one
/// where that cannot be told from the as-of date alone.
pub fn reach<'a>(here: &Evaluator<'a>, id: LadderId) -> u32 {
    let ladder = here.model().ladder(id);
    let rows = ladder.rows.iter();
    let own = rows.clone().flat_map(|row| &row.requirements).chain(&ladder.requires);
    let always = own.clone().all(|requirement| {
        let asked = requirement.when.iter().chain(&requirement.unless).all(|node| steady(here.model(), node));
        asked && requirement.from.is_none() && requirement.until.is_none()
    });
    if !always || !rows.flat_map(|row| &row.applies).all(|node| steady(here.model(), node)) {
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
        Op::Parameter(_, keys) if keys.is_empty() => !here.turning(|| here.eval(need)).1.shrank,
        _ => false,
    };
    if !fixed {
        return false;
    }
    let model = here.model();
    let grows = |tally: u32| {
        let tally = &model.tallies[tally as usize];
        matches!(tally.aggregate, Aggregate::Count | Aggregate::Sum | Aggregate::Max)
            && matches!(tally.window, Window::Cycle | Window::Ever)
            && of_records_alone(model, tally)
    };
    let pays = |award: &'a Award| {
        let rates = award.rows.iter().map(|row| &row.points).chain(&award.at_most).chain(&award.per);
        let fixed = rates.into_iter().all(|rate| match here.eval(rate) {
            Value::Number(number) => steady(model, rate) && !number.is_sign_negative(),
            _ => false,
        });
        fixed && grows(award.tally)
    };
    let only_grows = match &have.op {
        Op::Points => model.awards.iter().all(pays),
        Op::Measure(id) => matches!(model.measure(*id).how, How::Tally(tally, _) if grows(tally)),
        _ => false,
    };
    only_grows && !here.turning(|| here.eval(have)).1.shrank
}
