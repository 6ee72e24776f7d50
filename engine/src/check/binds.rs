//! The partner's own day from which a version binds it.

use super::Checker;
use super::scope::Scope;
use crate::finding::{Finding, code};
use crate::model::node::{Node, Op};
use crate::value::Kind;

impl Checker<'_> {
    pub(super) fn read_binds(&mut self) {
        let effective = &self.rulebook.rulebook.effective;
        let Some(binds) = &effective.binds else { return };
        if effective.from.is_none() {
            let finding = Finding::new(&code::MISSING_KEY, binds.span, "`from` is missing, and `binds` counts from it");
            self.findings.add(finding.help("write the first day on which the version may bind a partner"));
        }
        let scope = Scope::of(self, &[]);
        let Some(node) = self.expression(binds, &scope) else { return };
        if node.ty.kind != Kind::Date {
            self.mismatch(&Kind::Date, &node);
            return;
        }
        let mut other = None;
        node.walk(&mut |part| {
            if !self.is_of_the_partner(part) {
                other.get_or_insert(part.span);
            }
        });
        if let Some(span) = other {
            let message = "which version binds a partner is told by facts of the partner alone";
            let finding = Finding::new(&code::BAD_VALUE, span, message);
            self.findings.add(finding.help("write a day of the partner, such as `partner.renews_on`"));
            return;
        }
        self.model.binds = Some(node);
    }

    /// Whether a part of an expression says the same on every day, by every version: it is made of the fields of
    /// records of which there is one.
    fn is_of_the_partner(&self, part: &Node) -> bool {
        match &part.op {
            Op::Field(domain, _) => {
                self.model.records(*domain).is_some_and(|records| records.list.is_none() && records.within.is_none())
            }
            Op::Parameter(id, _) => self.model.parameter(*id).changes.is_empty(),
            Op::Constant(_)
            | Op::FieldOf(..)
            | Op::Row(_)
            | Op::If(..)
            | Op::Coalesce(..)
            | Op::Has(_)
            | Op::Not(_)
            | Op::And(_)
            | Op::Or(_)
            | Op::Compare(..)
            | Op::In(..)
            | Op::Shift(..)
            | Op::Lengthen(..)
            | Op::SetOf(_) => true,
            Op::Call(function, _) => !matches!(function, crate::model::node::Function::Anniversary),
            _ => false,
        }
    }
}
