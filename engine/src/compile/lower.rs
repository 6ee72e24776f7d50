//! A model as it runs: what is the same for everybody on every day stands in its place as a value.
//!
//! The lowered model says what the other says, and is read by `evaluate` alone; those who describe or compare
//! rules read the other, in which every name still stands.

use crate::expression::Operator;
use crate::model::node::{Constant, Node, Op};
use crate::model::{How, Measure, Model, ParameterId, RowsOf};
use crate::value::Duration;
use std::collections::HashSet;

/// The model as it runs.
pub fn lower(model: &Model) -> Model {
    let sets = model.exceptions.iter().flat_map(|exception| &exception.sets);
    let lowering = Lowering { model, excepted: sets.map(|(set, _)| *set).collect() };
    let mut lowered = model.clone();
    lowered.nodes_mut(&mut |node| lowering.node(node));
    for domain in &mut lowered.domains {
        if let RowsOf::Records(records) = &mut domain.rows {
            records.nodes_mut(&mut |node| lowering.node(node));
        }
    }
    for tally in &mut lowered.tallies {
        tally.once_per.retain_mut(|(chosen, _)| match chosen.as_ref().map(|chosen| &chosen.op) {
            Some(Op::Constant(Constant::Flag(chosen_always))) => {
                let kept = *chosen_always;
                *chosen = None;
                kept
            }
            _ => true,
        });
    }
    put_in_place(&mut lowered);
    lowered
}

/// Puts what a measure of records looks at in the place of the measure, where it is no more than a look.
fn put_in_place(lowered: &mut Model) {
    let look = |measure: &Measure| match (&measure.how, measure.each.as_slice()) {
        (How::Value(value), [_, ..]) if matches!(value.op, Op::Field(..) | Op::Constant(_)) => Some(value.op.clone()),
        _ => None,
    };
    let looks: Vec<Option<Op>> = lowered.measures.iter().map(look).collect();
    lowered.nodes_mut(&mut |node| in_place(node, &looks));
}

fn in_place(node: &mut Node, looks: &[Option<Op>]) {
    node.parts_mut(&mut |part| in_place(part, looks));
    if let Op::Measure(id) = node.op
        && let Some(look) = &looks[id.0 as usize]
    {
        node.op = look.clone();
    }
}

/// What the lowering of one model goes by.
struct Lowering<'m> {
    model: &'m Model,
    /// The parameters that exceptions set.
    excepted: HashSet<ParameterId>,
}

impl Lowering<'_> {
    fn node(&self, node: &mut Node) {
        node.parts_mut(&mut |part| self.node(part));
        let op = std::mem::replace(&mut node.op, Op::AsOf);
        node.op = match op {
            Op::Parameter(id, keys) => match self.value(id) {
                Some(constant) => Op::Constant(constant.clone()),
                None => Op::Parameter(id, keys),
            },
            Op::Compare(operator, a, b) => match equal(operator, &a, &b) {
                Some(holds) => Op::Constant(Constant::Flag(holds)),
                None => Op::Compare(operator, a, b),
            },
            Op::Shift(date, by, back) => match by.op {
                Op::Constant(Constant::Duration(Duration { months: 0, days: 0 })) => date.op,
                _ => Op::Shift(date, by, back),
            },
            Op::If(condition, a, b) => match condition.op {
                Op::Constant(Constant::Flag(holds)) => (if holds { a } else { b }).op,
                _ => Op::If(condition, a, b),
            },
            op => op,
        };
    }

    /// The value of a parameter that is the same for everybody on every day.
    fn value(&self, id: ParameterId) -> Option<&Constant> {
        let parameter = self.model.parameter(id);
        let varies = !parameter.keys.is_empty() || !parameter.changes.is_empty() || self.excepted.contains(&id);
        if varies { None } else { parameter.cells.first()?.as_ref() }
    }
}

/// What a comparison of two words, flags or texts in the rulebook comes to, where it asks whether they are the same.
fn equal(operator: Operator, a: &Node, b: &Node) -> Option<bool> {
    let (Op::Constant(a), Op::Constant(b)) = (&a.op, &b.op) else { return None };
    let same = match (a, b) {
        (Constant::Word(a), Constant::Word(b)) => a == b,
        (Constant::Flag(a), Constant::Flag(b)) => a == b,
        (Constant::Text(a), Constant::Text(b)) => a == b,
        _ => return None,
    };
    match operator {
        Operator::Equal => Some(same),
        Operator::NotEqual => Some(!same),
        _ => None,
    }
}
