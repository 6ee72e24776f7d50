//! Units: numbers that count different things are neither compared nor added.
//!
//! Only a parameter says its `unit`. What is added to or taken from a number with a unit has it too;
//! of what is multiplied or divided nothing is known.

use super::Checker;
use crate::expression::Operator;
use crate::finding::{Finding, code};
use crate::model::node::{Function, Node, Op};
use crate::model::{Model, ParameterId};

/// A unit, and the parameter that says it.
type Unit = (String, ParameterId);

impl Checker<'_> {
    /// Tells of every comparison and sum of numbers with different units.
    pub(super) fn check_units(&mut self) {
        if self.model.parameters.iter().all(|parameter| parameter.unit.is_none()) {
            return;
        }
        let mut clashes: Vec<(&Node, Unit, Unit)> = Vec::new();
        self.model.nodes(&mut |node| node.walk(&mut |part| clashes.extend(clash(&self.model, part))));
        let findings: Vec<Finding> = clashes
            .into_iter()
            .map(|(node, (first, _), (second, parameter))| {
                let done = if matches!(node.op, Op::Compare(..)) { "compared with" } else { "put together with" };
                let parameter = self.model.parameter(parameter);
                Finding::new(&code::UNIT_MISMATCH, node.span, format!("`{first}` are {done} `{second}`"))
                    .and(parameter.span, format!("this counts `{second}`"))
                    .help("use a number that counts the same, or mend the `unit` of one of them")
            })
            .collect();
        findings.into_iter().for_each(|finding| self.findings.add(finding));
    }
}

fn clash<'m>(model: &'m Model, node: &'m Node) -> Option<(&'m Node, Unit, Unit)> {
    let sides: Vec<&Node> = match &node.op {
        Op::Compare(_, a, b) | Op::Arithmetic(Operator::Add | Operator::Subtract, a, b) => vec![a, b],
        Op::Coalesce(a, b) | Op::If(_, a, b) => vec![a, b],
        Op::Call(Function::Min | Function::Max, nodes) => nodes.iter().collect(),
        _ => return None,
    };
    let mut units = sides.into_iter().filter_map(|side| unit(model, side));
    let first = units.next()?;
    let other = units.find(|(name, _)| *name != first.0)?;
    Some((node, first, other))
}

fn unit(model: &Model, node: &Node) -> Option<Unit> {
    match &node.op {
        Op::Parameter(id, _) => model.parameter(*id).unit.clone().map(|unit| (unit, *id)),
        Op::Arithmetic(Operator::Add | Operator::Subtract, a, b) | Op::Coalesce(a, b) | Op::If(_, a, b) => {
            unit(model, a).or_else(|| unit(model, b))
        }
        Op::Negative(a) => unit(model, a),
        Op::Call(Function::Min | Function::Max, nodes) => nodes.iter().find_map(|node| unit(model, node)),
        Op::Call(Function::Abs | Function::Floor | Function::Ceil | Function::Round | Function::RoundTo, nodes) => {
            unit(model, nodes.first()?)
        }
        Op::Measure(id) | Op::MeasureOf(_, id) => match &model.measure(*id).how {
            crate::model::How::Value(node) => unit(model, node),
            crate::model::How::Tally(..) | crate::model::How::Rank(_) => None,
        },
        _ => None,
    }
}
