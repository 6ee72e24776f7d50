//! Expressions: every name resolved where it stands, every operator's types checked.

use super::Checker;
use super::coerce::set_of;
use super::scope::Scope;
use crate::expression::{Expr, ExprKind, Operator, parse};
use crate::finding::{Finding, Findings, code, did_you_mean};
use crate::load::Bound;
use crate::model::node::{Constant, Node, Op};
use crate::rulebook::piece::Formula;
use crate::source::Span;
use crate::value::{Kind, Type};

impl Checker<'_> {
    /// The typed form of an expression; `None` when it has findings.
    pub(super) fn expression(&mut self, formula: &Formula, scope: &Scope) -> Option<Node> {
        let expr = self.parsed(formula)?;
        self.node(&expr, scope)
    }

    /// An expression as written; inside a rule of a kind, the names of the kind are what the rule says.
    pub(super) fn parsed(&mut self, formula: &Formula) -> Option<Expr> {
        let mut expr = parse(&formula.text, formula.span, &mut self.findings)?;
        if let Some(instance) = self.written.origins.instance(formula.span.file) {
            let mut whole = true;
            let findings = &mut self.findings;
            expr.bind(&mut |name, span| match instance.names.get(name)? {
                Bound::Name(name) => Some(Expr { span, kind: ExprKind::Name(name.clone()) }),
                Bound::Formula(formula) => {
                    let bound = parse(&formula.text, formula.span, findings);
                    whole &= bound.is_some();
                    bound
                }
            });
            return whole.then_some(expr);
        }
        Some(expr)
    }

    /// The typed form of a condition.
    pub(super) fn condition(&mut self, formula: &Formula, scope: &Scope) -> Option<Node> {
        let node = self.expression(formula, scope)?;
        self.flag(node)
    }

    /// The scope of what is looked at only where a condition holds (or, for `holds` = false, does not).
    pub(super) fn where_so(&self, condition: Option<&Formula>, holds: bool, scope: &Scope) -> Scope {
        let mut scope = scope.clone();
        // What is wrong with the condition is told where it is read itself.
        let parsed = condition.and_then(|formula| parse(&formula.text, formula.span, &mut Findings::default()));
        scope.known.extend(parsed.iter().flat_map(|expr| made_sure(expr, holds)));
        scope
    }

    pub(super) fn flag(&mut self, node: Node) -> Option<Node> {
        if node.ty.kind != Kind::Flag {
            self.mismatch(&Kind::Flag, &node);
            return None;
        }
        self.must_exist(&node)?;
        Some(node)
    }

    pub(super) fn node(&mut self, expr: &Expr, scope: &Scope) -> Option<Node> {
        let span = expr.span;
        let done = |kind: Kind, op: Op| Some(Node { span, ty: Type::always(kind), op });
        match &expr.kind {
            ExprKind::Flag(flag) => done(Kind::Flag, Op::Constant(Constant::Flag(*flag))),
            ExprKind::Number(number) => {
                self.named_number(*number, span);
                done(Kind::Number, Op::Constant(Constant::Number(*number)))
            }
            ExprKind::Text(text) => done(Kind::Text, Op::Constant(Constant::Text(text.clone()))),
            ExprKind::Name(name) => self.bare_name(name, span, scope).map(|node| narrowed(node, expr, scope)),
            ExprKind::Field(of, field) => self.field(of, field, span, scope).map(|node| narrowed(node, expr, scope)),
            ExprKind::Index(..) => self.index(expr, scope),
            ExprKind::List(list) => self.list(list, span, scope),
            ExprKind::Not(inner) => {
                let inner = self.node(inner, scope)?;
                let inner = self.flag(inner)?;
                done(Kind::Flag, Op::Not(Box::new(inner)))
            }
            ExprKind::Negative(inner) => {
                let inner = self.node(inner, scope)?;
                if !inner.ty.kind.is_numeric() && inner.ty.kind != Kind::Duration {
                    self.mismatch(&Kind::Number, &inner);
                    return None;
                }
                let ty = inner.ty.clone();
                Some(Node { span, ty, op: Op::Negative(Box::new(inner)) })
            }
            ExprKind::And(parts) => done(Kind::Flag, Op::And(self.junction(parts, scope, true)?)),
            ExprKind::Or(parts) => done(Kind::Flag, Op::Or(self.junction(parts, scope, false)?)),
            ExprKind::Binary(operator, a, b) => self.binary(*operator, a, b, span, scope),
            ExprKind::In(item, set) => self.membership(item, set, span, scope),
            ExprKind::If(condition, a, b) => self.choice(condition, a, b, span, scope),
            ExprKind::Coalesce(a, b) => {
                let (a, b) = (self.node(a, scope), self.node(b, scope));
                let (a, b) = self.unify(a?, b?)?;
                let ty = Type { kind: a.ty.kind.clone(), optional: b.ty.optional };
                Some(Node { span, ty, op: Op::Coalesce(Box::new(a), Box::new(b)) })
            }
            ExprKind::Call(name, arguments) => self.call(name, arguments, span, scope),
        }
    }

    /// `&&` or `||`; what one part makes sure of holds in the next.
    fn junction(&mut self, parts: &[Expr], scope: &Scope, and: bool) -> Option<Vec<Node>> {
        let mut scope = scope.clone();
        let mut nodes = Vec::new();
        for part in parts {
            let node = self.node(part, &scope).and_then(|node| self.flag(node));
            scope.known.extend(made_sure(part, and));
            nodes.push(node);
        }
        nodes.into_iter().collect()
    }

    fn choice(&mut self, condition: &Expr, a: &Expr, b: &Expr, span: Span, scope: &Scope) -> Option<Node> {
        let (mut with, mut without) = (scope.clone(), scope.clone());
        with.known.extend(made_sure(condition, true));
        without.known.extend(made_sure(condition, false));
        let condition = self.node(condition, scope).and_then(|node| self.flag(node));
        let (a, b) = (self.node(a, &with), self.node(b, &without));
        let (a, b) = self.unify(a?, b?)?;
        let ty = Type { kind: a.ty.kind.clone(), optional: a.ty.optional || b.ty.optional };
        Some(Node { span, ty, op: Op::If(Box::new(condition?), Box::new(a), Box::new(b)) })
    }

    fn list(&mut self, list: &[Expr], span: Span, scope: &Scope) -> Option<Node> {
        let nodes: Vec<_> = list.iter().map(|item| self.node(item, scope)).collect();
        let nodes = nodes.into_iter().collect::<Option<Vec<_>>>()?;
        let typed = nodes.iter().find(|node| node.ty.kind != Kind::Text).or(nodes.first());
        let kind = typed.map_or(Kind::Text, |node| node.ty.kind.clone());
        let nodes: Vec<_> = nodes.into_iter().map(|node| self.coerce(node, &kind)).collect();
        let nodes = nodes.into_iter().collect::<Option<Vec<_>>>()?;
        // Words keep their places until it is known of which list they are.
        let op = if kind == Kind::Text { Op::SetOf(nodes) } else { set_of(nodes) };
        Some(Node { span, ty: Type::always(Kind::Set(Box::new(kind))), op })
    }

    fn membership(&mut self, item: &Expr, set: &Expr, span: Span, scope: &Scope) -> Option<Node> {
        let (item, set) = (self.node(item, scope), self.node(set, scope));
        let (item, set) = (item?, set?);
        let Kind::Set(of) = set.ty.kind.clone() else {
            self.findings.add(
                Finding::new(
                    &code::TYPE_MISMATCH,
                    set.span,
                    format!("expected a set after `in`, found {}", self.model.kind_name(&set.ty.kind)),
                )
                .help("write the words in square brackets, or use `==`"),
            );
            return None;
        };
        self.must_exist(&item)?;
        self.must_exist(&set)?;
        let (item, set) = if item.ty.kind == *of {
            (item, set)
        } else {
            let wanted = Kind::Set(Box::new(item.ty.kind.clone()));
            if self.flexible(&set, &wanted) {
                let set = self.coerce(set, &wanted)?;
                (item, set)
            } else {
                (self.coerce(item, &of)?, set)
            }
        };
        self.among_choices(&item, &set)?;
        Some(Node { span, ty: Type::always(Kind::Flag), op: Op::In(Box::new(item), Box::new(set)) })
    }

    fn binary(&mut self, operator: Operator, a: &Expr, b: &Expr, span: Span, scope: &Scope) -> Option<Node> {
        let (a, b) = (self.node(a, scope), self.node(b, scope));
        let (a, b) = (a?, b?);
        use Operator::{Add, Divide, Multiply, Subtract};
        match operator {
            Add | Subtract | Multiply | Divide => self.arithmetic(operator, a, b, span),
            _ => self.compare(operator, a, b, span),
        }
    }

    /// A finding when a parameter that has `choices` is compared with a text that is none of them.
    fn among_choices(&mut self, parameter: &Node, with: &Node) -> Option<()> {
        let Op::Parameter(id, _) = &parameter.op else { return Some(()) };
        let written = self.model.parameter(*id);
        if written.choices.is_empty() || written.kind != Kind::Text {
            return Some(());
        }
        let cells = written.choices.iter().chain(written.changes.iter().map(|(_, cells)| cells)).flatten();
        let text = |constant: &Constant| match constant {
            Constant::Text(text) => Some(text.clone()),
            _ => None,
        };
        let known: Vec<String> = cells.flatten().filter_map(text).collect();
        let name = written.name.clone();
        let mut others: Vec<(Span, String)> = Vec::new();
        match &with.op {
            Op::Constant(Constant::Set(members)) => {
                others.extend(members.iter().filter_map(text).map(|t| (with.span, t)))
            }
            Op::Constant(constant) => others.extend(text(constant).map(|t| (with.span, t))),
            Op::SetOf(nodes) => others.extend(nodes.iter().filter_map(|node| match &node.op {
                Op::Constant(constant) => Some((node.span, text(constant)?)),
                _ => None,
            })),
            _ => {}
        }
        others.retain(|(_, text)| !known.contains(text));
        let whole = others.is_empty();
        for (span, text) in others {
            self.findings.add(
                Finding::new(&code::UNKNOWN_NAME, span, format!("`{text}` is none of the `choices` of `{name}`"))
                    .help(format!("its choices are {}", crate::rulebook::listed(&known)))
                    .help_maybe(did_you_mean(&text, known.iter().map(String::as_str))),
            );
        }
        whole.then_some(())
    }

    pub(super) fn compare(&mut self, operator: Operator, a: Node, b: Node, span: Span) -> Option<Node> {
        let (a, b) = self.unify(a, b)?;
        let (first, second) = (self.must_exist(&a), self.must_exist(&b));
        first.and(second)?;
        let equality = matches!(operator, Operator::Equal | Operator::NotEqual);
        let ordered = match &a.ty.kind {
            Kind::Word(words) => self.model.words(*words).ordered,
            kind => kind.is_numeric() || matches!(kind, Kind::Date),
        };
        if !equality && !ordered {
            self.findings.add(
                Finding::new(
                    &code::TYPE_MISMATCH,
                    span,
                    format!(
                        "{} has no order, so `{}` means nothing",
                        self.model.kind_name(&a.ty.kind),
                        operator.symbol()
                    ),
                )
                .help("only numbers, money, dates and levels are more or less than each other"),
            );
            return None;
        }
        if matches!(a.ty.kind, Kind::Set(_)) {
            self.findings.add(
                Finding::new(&code::TYPE_MISMATCH, span, "sets are not compared")
                    .help("use `x in set`, `size(overlap(a, b))` or `any(…)`"),
            );
            return None;
        }
        self.among_choices(&a, &b)?;
        self.among_choices(&b, &a)?;
        let op = Op::Compare(operator, Box::new(a), Box::new(b));
        Some(Node { span, ty: Type::always(Kind::Flag), op })
    }

    pub(super) fn arithmetic(&mut self, operator: Operator, a: Node, b: Node, span: Span) -> Option<Node> {
        use Operator::{Add, Multiply, Subtract};
        let optional = a.ty.optional || b.ty.optional;
        let done = |kind: Kind, op: Op| Some(Node { span, ty: Type { kind, optional }, op });
        let (left, right) = (a.ty.kind.clone(), b.ty.kind.clone());
        let plain = |kind: &Kind| matches!(kind, Kind::Number | Kind::Count);
        let (x, y) = (Box::new(a.clone()), Box::new(b.clone()));
        match (operator, &left, &right) {
            (Add, Kind::Date, Kind::Duration) => return done(Kind::Date, Op::Shift(x, y, false)),
            (Subtract, Kind::Date, Kind::Duration) => return done(Kind::Date, Op::Shift(x, y, true)),
            (Add, Kind::Duration, Kind::Date) => return done(Kind::Date, Op::Shift(y, x, false)),
            (Add, Kind::Duration, Kind::Duration) => return done(Kind::Duration, Op::Lengthen(x, y, false)),
            (Subtract, Kind::Duration, Kind::Duration) => return done(Kind::Duration, Op::Lengthen(x, y, true)),
            (Subtract, Kind::Date, Kind::Date) => {
                // Later minus earlier is how many days lie between.
                return done(Kind::Count, Op::Call(crate::model::node::Function::DaysBetween, vec![b, a]));
            }
            _ => {}
        }
        if !left.is_numeric() || !right.is_numeric() {
            let (first, second) = if left.is_numeric() { (&b, &a) } else { (&a, &b) };
            let (wrong, other) = (self.model.kind_name(&first.ty.kind), self.model.kind_name(&second.ty.kind));
            let message = format!("`{}` does not fit {wrong} and {other}", operator.symbol());
            let mut finding = Finding::new(&code::TYPE_MISMATCH, first.span, message)
                .help("numbers, money and percentages are computed with; durations are added to dates");
            // What is meant may be right, and the unit of a parameter wrong.
            for node in [&a, &b] {
                if let Op::Parameter(id, _) = &node.op {
                    let (parameter, kind) = (self.model.parameter(*id), self.model.kind_name(&node.ty.kind));
                    finding = finding.and(parameter.span, format!("`{}` is {kind}", parameter.name));
                }
            }
            self.findings.add(finding);
            return None;
        }
        match operator {
            Add | Subtract => {
                let (a, b) = self.unify(a, b)?;
                let both = a.ty.kind == Kind::Count && b.ty.kind == Kind::Count;
                let kind = if plain(&a.ty.kind) && !both { Kind::Number } else { a.ty.kind.clone() };
                done(kind, Op::Arithmetic(operator, Box::new(a), Box::new(b)))
            }
            Multiply => match (&left, &right) {
                (Kind::Count, Kind::Count) => done(Kind::Count, Op::Arithmetic(operator, x, y)),
                (a, b) if plain(a) && plain(b) => done(Kind::Number, Op::Arithmetic(operator, x, y)),
                (Kind::Percent, other) | (other, Kind::Percent) => {
                    let kind = if plain(other) { Kind::Number } else { other.clone() };
                    done(kind, Op::OfHundred(operator, x, y))
                }
                (Kind::Money, other) | (other, Kind::Money) if plain(other) => {
                    done(Kind::Money, Op::Arithmetic(operator, x, y))
                }
                _ => {
                    self.findings.add(Finding::new(&code::TYPE_MISMATCH, span, "money times money means nothing"));
                    None
                }
            },
            _ => match (&left, &right) {
                (a, b) if plain(a) && plain(b) => done(Kind::Number, Op::Arithmetic(operator, x, y)),
                (Kind::Money, Kind::Money) | (Kind::Percent, Kind::Percent) => {
                    done(Kind::Number, Op::Arithmetic(operator, x, y))
                }
                (kind, other) if plain(other) => done(kind.clone(), Op::Arithmetic(operator, x, y)),
                (kind, Kind::Percent) => {
                    let kind = if plain(kind) { Kind::Number } else { kind.clone() };
                    done(kind, Op::OfHundred(operator, x, y))
                }
                _ => {
                    self.mismatch(&left, &b);
                    None
                }
            },
        }
    }
}

/// `node`, known to exist where the scope says so.
fn narrowed(mut node: Node, expr: &Expr, scope: &Scope) -> Node {
    if node.ty.optional && expr.path().is_some_and(|path| scope.known.contains(&path)) {
        node.ty.optional = false;
    }
    node
}

/// The paths that exist when `expr` came out as `holds`.
fn made_sure(expr: &Expr, holds: bool) -> Vec<String> {
    match &expr.kind {
        ExprKind::Call(name, arguments) if holds && name.text == "has" => {
            arguments.iter().filter_map(Expr::path).collect()
        }
        ExprKind::Not(inner) => made_sure(inner, !holds),
        ExprKind::And(parts) if holds => parts.iter().flat_map(|part| made_sure(part, true)).collect(),
        ExprKind::Or(parts) if !holds => parts.iter().flat_map(|part| made_sure(part, false)).collect(),
        _ => Vec::new(),
    }
}
