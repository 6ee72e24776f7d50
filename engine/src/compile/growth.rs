//! Which rules only ever grow in a cycle, so that how high a partner has climbed can be told from one day.

use crate::model::node::{Function, Node, Op};
use crate::model::{Aggregate, Award, How, Ladder, Model, Requirement, Tally, Window};

/// What is known of rules over the days of a cycle, whoever the partner is.
#[derive(Clone, Debug)]
pub struct Growth {
    /// Of each ladder: whether who is asked for what is the same on all days.
    pub ladders: Vec<bool>,
    /// Of each tally: whether it takes nothing away but what lapses, or is negative.
    pub tallies: Vec<bool>,
    /// Of each tally: whether it makes of a record, in a cycle or ever, what the record itself and the day decide.
    pub records: Vec<bool>,
    /// Of each award: whether it pays the same on all days.
    pub rates: Vec<bool>,
}

impl Growth {
    /// What is known of a model.
    pub fn of(model: &Model) -> Self {
        Self {
            ladders: model.ladders.iter().map(|ladder| asks_the_same(model, ladder)).collect(),
            tallies: model.tallies.iter().map(|tally| grows(model, tally)).collect(),
            records: model.tallies.iter().map(|tally| judged_alone(model, tally)).collect(),
            rates: model.awards.iter().map(|award| rates(award).all(|rate| steady(model, rate))).collect(),
        }
    }
}

/// What an award's points depend on, besides its records.
pub fn rates(award: &Award) -> impl Iterator<Item = &Node> {
    award.rows.iter().map(|row| &row.points).chain(&award.at_most).chain(&award.per)
}

fn asks_the_same(model: &Model, ladder: &Ladder) -> bool {
    let own = ladder.rows.iter().flat_map(|row| &row.requirements).chain(&ladder.requires);
    let always = |requirement: &Requirement| {
        let asked = requirement.when.iter().chain(&requirement.unless).all(|node| steady(model, node));
        asked && requirement.from.is_none() && requirement.until.is_none()
    };
    own.into_iter().all(always) && ladder.rows.iter().flat_map(|row| &row.applies).all(|node| steady(model, node))
}

fn judged_alone(model: &Model, tally: &Tally) -> bool {
    let mut all = matches!(tally.window, Window::Cycle | Window::Ever);
    tally.nodes(&mut |node| all &= of_record_alone(model, node));
    all
}

fn grows(model: &Model, tally: &Tally) -> bool {
    matches!(tally.aggregate, Aggregate::Count | Aggregate::Sum | Aggregate::Max)
        && (tally.once_per.is_empty() || tally.value.is_none())
        && judged_alone(model, tally)
}

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

/// Whether an expression depends on nothing but the record, fixed values, and the day itself.
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
