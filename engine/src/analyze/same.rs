//! Whether two expressions always have the same value, wherever they stand.

use crate::model::node::{Node, Op};

/// Whether both are written alike, their places aside. What is asked of several records is never
/// taken to be the same.
pub fn same(a: &Node, b: &Node) -> bool {
    let alike = match (&a.op, &b.op) {
        (Op::Constant(x), Op::Constant(y)) => x == y,
        (Op::Parameter(x, _), Op::Parameter(y, _)) => x == y,
        (Op::Field(x, m), Op::Field(y, n)) | (Op::FieldOf(_, x, m), Op::FieldOf(_, y, n)) => x == y && m == n,
        (Op::Row(x), Op::Row(y)) => x == y,
        (Op::Measure(x), Op::Measure(y)) | (Op::MeasureOf(_, x), Op::MeasureOf(_, y)) => x == y,
        (Op::AwardRow(x, m), Op::AwardRow(y, n)) => x == y && m == n,
        (Op::AwardTotal(x), Op::AwardTotal(y)) | (Op::Obligation(x), Op::Obligation(y)) => x == y,
        (Op::InForce(x), Op::InForce(y)) | (Op::Earned(x), Op::Earned(y)) => x == y,
        (Op::Compare(x, ..), Op::Compare(y, ..)) | (Op::Arithmetic(x, ..), Op::Arithmetic(y, ..)) => x == y,
        (Op::OfHundred(x, ..), Op::OfHundred(y, ..)) => x == y,
        (Op::Shift(.., x), Op::Shift(.., y)) | (Op::Lengthen(.., x), Op::Lengthen(.., y)) => x == y,
        (Op::Call(x, _), Op::Call(y, _)) => x == y,
        (Op::Script(x, _), Op::Script(y, _)) => x == y,
        (Op::Over(_) | Op::At(..) | Op::Days(..), _) => false,
        (x, y) => std::mem::discriminant(x) == std::mem::discriminant(y),
    };
    alike && {
        let (x, y) = (parts(a), parts(b));
        x.len() == y.len() && x.into_iter().zip(y).all(|(x, y)| same(x, y))
    }
}

fn parts(node: &Node) -> Vec<&Node> {
    let mut parts = Vec::new();
    node.parts(&mut |part| parts.push(part));
    parts
}
