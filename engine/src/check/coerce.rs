//! Literals and named words take the type of what they meet: `"rhel"` beside a product is a product.

use super::Checker;
use crate::document::{Item, Node as Written};
use crate::finding::{Finding, code};
use crate::model::RowsOf;
use crate::model::node::{Constant, Node, Op};
use crate::source::Span;
use crate::value::{Decimal, Kind};

impl Checker<'_> {
    /// `node` as a value of `kind`; a finding when it cannot be one.
    pub(super) fn coerce(&mut self, node: Node, kind: &Kind) -> Option<Node> {
        if node.ty.kind == *kind || (node.ty.kind.is_numeric() && *kind == Kind::Number && node.ty.kind == Kind::Count)
        {
            return Some(node);
        }
        if !self.flexible(&node, kind) {
            self.mismatch(kind, &node);
            return None;
        }
        let Node { span, ty, op } = node;
        let op = match op {
            Op::Constant(constant) => Op::Constant(self.converted(&constant, kind, span)?),
            Op::Parameter(id, keys) => Op::Parameter(self.parameter_as(id, kind)?, keys),
            Op::If(condition, a, b) => {
                Op::If(condition, Box::new(self.coerce(*a, kind)?), Box::new(self.coerce(*b, kind)?))
            }
            Op::Coalesce(a, b) => Op::Coalesce(Box::new(self.coerce(*a, kind)?), Box::new(self.coerce(*b, kind)?)),
            Op::SetOf(nodes) => {
                let Kind::Set(of) = kind else { return None };
                let nodes: Vec<_> = nodes.into_iter().map(|node| self.coerce(node, of)).collect();
                set_of(nodes.into_iter().collect::<Option<_>>()?)
            }
            Op::Negative(inner) => Op::Negative(Box::new(self.coerce(*inner, kind)?)),
            other => other,
        };
        let mut ty = ty;
        ty.kind = kind.clone();
        Some(Node { span, ty, op })
    }

    /// Whether `node` is made of literals and parameters that may take `kind`.
    pub(super) fn flexible(&self, node: &Node, kind: &Kind) -> bool {
        let from = &node.ty.kind;
        let compatible = match (from, kind) {
            (a, b) if a == b => return true,
            (Kind::Text, Kind::Word(_)) => true,
            (Kind::Text, Kind::Row(domain)) => matches!(self.model.domain(*domain).rows, RowsOf::Table(_)),
            (Kind::Count, Kind::Number) => return true,
            (Kind::Number, Kind::Count | Kind::Money | Kind::Percent) | (Kind::Count, Kind::Money | Kind::Percent) => {
                true
            }
            (Kind::Set(a), Kind::Set(b)) => {
                matches!(
                    (&**a, &**b),
                    (Kind::Text, Kind::Word(_) | Kind::Row(_)) | (Kind::Number, Kind::Count | Kind::Money)
                )
            }
            _ => false,
        };
        compatible
            && match &node.op {
                Op::Constant(_) | Op::Parameter(..) => true,
                Op::If(_, a, b) | Op::Coalesce(a, b) => self.flexible(a, kind) && self.flexible(b, kind),
                Op::SetOf(nodes) => match kind {
                    Kind::Set(of) => nodes.iter().all(|node| self.flexible(node, of)),
                    _ => false,
                },
                Op::Negative(inner) => self.flexible(inner, kind),
                _ => false,
            }
    }

    /// A constant as one of `kind`: words and rows are looked up, numbers stay as they are.
    pub(super) fn converted(&mut self, constant: &Constant, kind: &Kind, span: Span) -> Option<Constant> {
        match (constant, kind) {
            (Constant::Text(text), Kind::Word(_) | Kind::Row(_)) => {
                let node = Written { span, item: Item::Text(text.clone()) };
                self.value(&node, kind, "")
            }
            (Constant::Set(members), Kind::Set(of)) => {
                let members: Vec<_> = members.iter().map(|member| self.converted(member, of, span)).collect();
                members.into_iter().collect::<Option<_>>().map(Constant::Set)
            }
            (other, _) => Some(other.clone()),
        }
    }

    /// Brings two sides of a comparison or a choice to one kind; a finding when that cannot be.
    pub(super) fn unify(&mut self, a: Node, b: Node) -> Option<(Node, Node)> {
        let (a_kind, b_kind) = (a.ty.kind.clone(), b.ty.kind.clone());
        if a_kind == b_kind {
            return Some((a, b));
        }
        let counted = |x: &Kind, y: &Kind| matches!((x, y), (Kind::Count, Kind::Number) | (Kind::Number, Kind::Count));
        if counted(&a_kind, &b_kind) {
            return Some((a, b));
        }
        if self.flexible(&b, &a_kind) {
            let b = self.coerce(b, &a_kind)?;
            return Some((a, b));
        }
        if self.flexible(&a, &b_kind) {
            let a = self.coerce(a, &b_kind)?;
            return Some((a, b));
        }
        let said = format!("this is {}", self.model.kind_name(&a_kind));
        let finding = self.mismatched(&a_kind, &b).and(a.span, said);
        self.findings.add(finding);
        None
    }

    /// The finding for a value of the wrong kind.
    pub(super) fn mismatch(&mut self, wanted: &Kind, found: &Node) {
        let finding = self.mismatched(wanted, found);
        self.findings.add(finding);
    }

    fn mismatched(&self, wanted: &Kind, found: &Node) -> Finding {
        let message =
            format!("expected {}, found {}", self.model.kind_name(wanted), self.model.kind_name(&found.ty.kind));
        let plain = |kind: &Kind| matches!(kind, Kind::Number | Kind::Count);
        let help = match (wanted, &found.ty.kind) {
            (Kind::Flag, Kind::Set(_)) => Some("ask whether something is in it, as in `x in set`"),
            (Kind::Flag, _) => Some("compare it with something, as in `x >= y` or `x == y`"),
            (Kind::Date, Kind::Duration) => Some("reckon from a day, as in `as_of - x`"),
            (Kind::Duration, other) if plain(other) => Some("write `days(x)`, `months(x)` or `years(x)`"),
            (other, Kind::Duration) if plain(other) => Some("days between two dates are `days_between(a, b)`"),
            (Kind::Money | Kind::Percent, other) | (other, Kind::Money | Kind::Percent) if plain(other) => {
                Some("where the plain number has that unit, say so with `type = …` where it is declared")
            }
            (wanted, Kind::Text) if wanted.is_numeric() => Some("a number stands without quotes"),
            _ => None,
        };
        Finding::new(&code::TYPE_MISMATCH, found.span, message).help_maybe(help.map(str::to_owned))
    }

    /// A finding when a value that may be none stands where one must exist.
    pub(super) fn must_exist(&mut self, node: &Node) -> Option<()> {
        if !node.ty.optional {
            return Some(());
        }
        let text = self.sources.text(node.span);
        let name = if text.len() < 60 && !text.contains('\n') { format!("`{text}`") } else { "this value".to_owned() };
        self.findings.add(
            Finding::new(&code::MAYBE_NONE, node.span, format!("{name} may not exist"))
                .help("ask first, as in `has(x) && x >= y`, or say what stands in for it, as in `x ?? y`"),
        );
        None
    }

    /// A finding when a bare number other than 0 or 1 stands in a condition.
    pub(super) fn named_number(&mut self, number: Decimal, span: Span) {
        if number != Decimal::ZERO && number.abs() != Decimal::ONE {
            let written = match self.sources.text(span) {
                text if text.starts_with(|c: char| c.is_ascii_digit() || c == '-') => text.to_owned(),
                _ => number.to_string(),
            };
            self.findings.add(
                Finding::new(&code::BARE_NUMBER, span, format!("the number `{written}` has no name"))
                    .help("give it a name under [parameters], with its source, and write the name here"),
            );
        }
    }
}

/// A set of these: a constant, when all of them are.
pub fn set_of(nodes: Vec<Node>) -> Op {
    let constants: Option<Vec<_>> = nodes
        .iter()
        .map(|node| match &node.op {
            Op::Constant(constant) => Some(constant.clone()),
            _ => None,
        })
        .collect();
    constants.map_or(Op::SetOf(nodes), |constants| Op::Constant(Constant::Set(constants)))
}
