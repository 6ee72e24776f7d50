//! Expressions: every name resolved where it stands, every operator's types checked.

use super::scope::Scope;
use super::{Checker, Meaning};
use crate::expression::{Expr, ExprKind, Operator, Word, parse};
use crate::finding::{Finding, code, did_you_mean};
use crate::model::node::{Constant, Node, Op};
use crate::model::{Key, MeasureId, RowsOf};
use crate::rulebook::piece::Formula;
use crate::source::Span;
use crate::value::{DomainId, Kind, Type};

impl Checker<'_> {
    /// The typed form of an expression; `None` when it has findings.
    pub(super) fn expression(&mut self, formula: &Formula, scope: &Scope) -> Option<Node> {
        let expr = parse(&formula.text, formula.span, &mut self.findings)?;
        self.node(&expr, scope)
    }

    /// The typed form of a condition.
    pub(super) fn condition(&mut self, formula: &Formula, scope: &Scope) -> Option<Node> {
        let node = self.expression(formula, scope)?;
        self.flag(node)
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
        let constants: Option<Vec<_>> = nodes
            .iter()
            .map(|node| match &node.op {
                Op::Constant(constant) => Some(constant.clone()),
                _ => None,
            })
            .collect();
        let op = constants.map_or(Op::SetOf(nodes), |constants| Op::Constant(Constant::Set(constants)));
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
            let wrong = if left.is_numeric() { &b } else { &a };
            self.findings.add(Finding::new(
                &code::TYPE_MISMATCH,
                span,
                format!("`{}` does not fit {}", operator.symbol(), self.model.kind_name(&wrong.ty.kind)),
            ));
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

    fn bare_name(&mut self, name: &str, span: Span, scope: &Scope) -> Option<Node> {
        let own = scope.own.and_then(|domain| Some((domain, self.field_place(domain, name)?)));
        let at_hand = self.model.domain_named(name).filter(|domain| scope.holds(self, *domain));
        let named = matches!(name, "as_of" | "points" | "standing")
            || self.names.get(name).is_some_and(|(meaning, _)| !matches!(meaning, Meaning::Domain(_)));
        let meanings = usize::from(own.is_some()) + usize::from(at_hand.is_some()) + usize::from(named);
        if meanings > 1 {
            let record = scope.own.map_or("", |domain| self.model.domain(domain).name.as_str());
            let mut finding = Finding::new(&code::AMBIGUOUS_NAME, span, format!("`{name}` could mean two things here"))
                .help(format!("write `{record}.{name}` for the field, or rename one of the two"));
            if let Some((_, place)) = self.names.get(name) {
                finding = finding.and(*place, "one is declared here");
            }
            self.findings.add(finding);
            return None;
        }
        if let Some((domain, place)) = own {
            return Some(self.field_node(domain, place, span));
        }
        if let Some(domain) = at_hand {
            let kind = match self.model.domain(domain).rows {
                RowsOf::Words(words) => Kind::Word(words),
                _ => Kind::Row(domain),
            };
            return Some(Node { span, ty: Type::always(kind), op: Op::Row(domain) });
        }
        match self.global(name, span, scope) {
            Some(node) => node,
            None => {
                self.nothing_called(name, span, scope);
                None
            }
        }
    }

    /// What `name` means everywhere; the inner `None` when it means something that has findings.
    fn global(&mut self, name: &str, span: Span, scope: &Scope) -> Option<Option<Node>> {
        let node = |kind: Kind, op: Op| Some(Some(Node { span, ty: Type::always(kind), op }));
        match name {
            "as_of" => return node(Kind::Date, Op::AsOf),
            "points" => return node(Kind::Number, Op::Points),
            "standing" => {
                if let Some(words) = self.model.standing_words {
                    return node(Kind::Word(words), Op::Standing);
                }
                self.findings.add(
                    Finding::new(&code::UNKNOWN_NAME, span, "the rulebook has no [[standings]]")
                        .help("declare the standings that a partner can fall into"),
                );
                return Some(None);
            }
            _ => {}
        }
        match self.names.get(name)?.0 {
            Meaning::Obligation(place) => {
                let states = self.model.obligation_states?;
                node(Kind::Word(states), Op::Obligation(place))
            }
            Meaning::Parameter(id) => {
                let parameter = self.model.parameter(id);
                if !parameter.keys.is_empty() {
                    self.findings.add(
                        Finding::new(&code::TYPE_MISMATCH, span, format!("`{name}` has a value for each key"))
                            .help(format!("write `{name}[…]`")),
                    );
                    return Some(None);
                }
                let kind = parameter.kind.clone();
                let optional = parameter.cells.iter().flatten().any(|cell| *cell == Constant::None);
                Some(Some(Node { span, ty: Type { kind, optional }, op: Op::Parameter(id, Vec::new()) }))
            }
            Meaning::Measure(id) => Some(self.measure_node(id, span, scope)),
            Meaning::Ladder(id) => {
                let ladder = self.model.ladder(id);
                let each = self.rulebook.ladders[id.0 as usize].each.clone();
                let kind = Kind::Word(ladder.levels);
                if !self.each_at_hand(&each, name, span, scope) {
                    return Some(None);
                }
                node(kind, Op::InForce(id))
            }
            Meaning::Award(place) => node(Kind::Number, Op::AwardTotal(place)),
            Meaning::Broken => Some(None),
            Meaning::MeasureRule(rule) => {
                let rows: Vec<String> = self.rulebook.measures[rule]
                    .rows
                    .0
                    .iter()
                    .filter_map(|row| super::name::row_id(row).map(|name| name.text))
                    .collect();
                self.findings.add(
                    Finding::new(&code::TYPE_MISMATCH, span, format!("`{name}` has one measure for each row"))
                        .help(format!("write {}", crate::rulebook::listed(&rows))),
                );
                Some(None)
            }
            Meaning::Script(_) => {
                self.findings.add(
                    Finding::new(&code::TYPE_MISMATCH, span, format!("`{name}` is a function"))
                        .help(format!("write `{name}(…)`")),
                );
                Some(None)
            }
            Meaning::Domain(domain) => {
                // Rows that are at hand were found before; others can only be counted or walked.
                if scope.holds(self, domain) {
                    return None;
                }
                self.findings.add(
                    Finding::new(&code::NOT_AT_HAND, span, format!("no single `{name}` is at hand here"))
                        .help(format!("say which, as in `any({name}, …)`, or repeat the rule by `each = \"{name}\"`")),
                );
                Some(None)
            }
        }
    }

    pub(super) fn each_at_hand(
        &mut self,
        each: &crate::rulebook::piece::Names,
        name: &str,
        span: Span,
        scope: &Scope,
    ) -> bool {
        for domain_name in &each.0 {
            let held = self.model.domain_named(&domain_name.text).is_some_and(|domain| scope.holds(self, domain));
            if !held {
                self.findings.add(
                    Finding::new(
                        &code::NOT_AT_HAND,
                        span,
                        format!("`{name}` has a value for every `{}`, and none is at hand here", domain_name.text),
                    )
                    .help(format!("repeat the rule by `each = \"{}\"`", domain_name.text)),
                );
                return false;
            }
        }
        true
    }

    fn measure_node(&mut self, id: MeasureId, span: Span, scope: &Scope) -> Option<Node> {
        let (rule, _) = self.measures[id.0 as usize];
        let written = &self.rulebook.measures[rule];
        let name = written.id.text.clone();
        let ty = self.measure_type(id, span)?;
        if !self.each_at_hand(&written.each, &name, span, scope) {
            return None;
        }
        Some(Node { span, ty, op: Op::Measure(id) })
    }

    pub(super) fn field_node(&self, domain: DomainId, place: u32, span: Span) -> Node {
        let ty = match &self.model.domain(domain).rows {
            RowsOf::Records(records) => records.fields[place as usize].ty.clone(),
            RowsOf::Table(table) => table.columns[place as usize].1.clone(),
            RowsOf::Words(words) => Type::always(Kind::Word(*words)),
        };
        Node { span, ty, op: Op::Field(domain, place) }
    }

    fn nothing_called(&mut self, name: &str, span: Span, scope: &Scope) {
        let mut near: Vec<String> = ["as_of", "points"].map(str::to_owned).to_vec();
        if let Some(domain) = scope.own {
            near.extend(self.members(domain));
        }
        self.unknown_name(name, span, &near);
    }

    /// The names that can follow a record or row and a dot.
    fn members(&self, domain: DomainId) -> Vec<String> {
        let mut members: Vec<String> = match &self.model.domain(domain).rows {
            RowsOf::Records(records) => records.fields.iter().map(|field| field.name.clone()).collect(),
            RowsOf::Table(table) => {
                table.columns.iter().map(|(name, _)| name.clone()).chain(["id".to_owned()]).collect()
            }
            RowsOf::Words(_) => vec!["id".to_owned()],
        };
        let name = &self.model.domain(domain).name;
        for measure in &self.rulebook.measures {
            if measure.each.0.len() == 1 && measure.each.0[0].text == *name {
                members.push(measure.id.text.clone());
            }
        }
        members
    }

    fn field(&mut self, of: &Expr, field: &Word, span: Span, scope: &Scope) -> Option<Node> {
        if let ExprKind::Name(name) = &of.kind {
            let own_field = scope.own.and_then(|domain| self.field_place(domain, name)).is_some();
            if !own_field {
                if let Some(node) = self.special_field(name, field, span, scope) {
                    return node;
                }
                if let Some(domain) = self.model.domain_named(name).filter(|domain| scope.holds(self, *domain)) {
                    return self.member(None, domain, field, span);
                }
            }
        }
        let of = self.node(of, scope)?;
        match of.ty.kind.clone() {
            Kind::Row(domain) => self.member(Some(of), domain, field, span),
            kind => {
                self.findings.add(Finding::new(
                    &code::TYPE_MISMATCH,
                    field.span,
                    format!("{} has no `{}`", self.model.kind_name(&kind), field.text),
                ));
                None
            }
        }
    }

    /// `cycle.start`, `cycle.end`, `tier.earned`; the outer `None` when it is none of these.
    fn special_field(&mut self, name: &str, field: &Word, span: Span, scope: &Scope) -> Option<Option<Node>> {
        let node = |kind: Kind, op: Op| Some(Some(Node { span, ty: Type::always(kind), op }));
        if name == "cycle" {
            if self.rulebook.cycle.is_none() {
                self.findings.add(Finding::new(&code::UNKNOWN_NAME, span, "the rulebook has no [cycle]"));
                return Some(None);
            }
            return match field.text.as_str() {
                "start" => node(Kind::Date, Op::CycleStart),
                "end" => node(Kind::Date, Op::CycleEnd),
                _ => {
                    self.findings.add(
                        Finding::new(&code::UNKNOWN_NAME, field.span, format!("a cycle has no `{}`", field.text))
                            .help("a cycle has `start`, its first day, and `end`, the first day of the next"),
                    );
                    Some(None)
                }
            };
        }
        let Some((Meaning::Ladder(id), _)) = self.names.get(name).copied() else { return None };
        let each = self.rulebook.ladders[id.0 as usize].each.clone();
        if !self.each_at_hand(&each, name, span, scope) {
            return Some(None);
        }
        if field.text == "earned" {
            return node(Kind::Word(self.model.ladder(id).levels), Op::Earned(id));
        }
        self.findings.add(
            Finding::new(&code::UNKNOWN_NAME, field.span, format!("a ladder has no `{}`", field.text))
                .help(format!("`{name}` is the level in force, `{name}.earned` what the requirements alone give")),
        );
        Some(None)
    }

    /// A field, column or measure of a record or row: of the one at hand, or of the one that `of` refers to.
    fn member(&mut self, of: Option<Node>, domain: DomainId, field: &Word, span: Span) -> Option<Node> {
        let optional = of.as_ref().is_some_and(|node| node.ty.optional);
        if let Some(place) = self.field_place(domain, &field.text) {
            let mut node = self.field_node(domain, place, span);
            node.ty.optional |= optional;
            if let Some(of) = of {
                node.op = Op::FieldOf(Box::new(of), domain, place);
            }
            return Some(node);
        }
        let rows = &self.model.domain(domain).rows;
        if field.text == "id" && !matches!(rows, RowsOf::Records(_)) {
            let kind = match rows {
                RowsOf::Words(words) => Kind::Word(*words),
                _ => Kind::Row(domain),
            };
            let node = Node { span, ty: Type { kind, optional }, op: Op::Row(domain) };
            return Some(of.map_or(node, |of| Node { span, ..of }));
        }
        if let Some((Meaning::Measure(id), _)) = self.names.get(&field.text).copied() {
            let (rule, _) = self.measures[id.0 as usize];
            let each = &self.rulebook.measures[rule].each.0;
            if each.len() == 1 && each[0].text == self.model.domain(domain).name {
                let mut ty = self.measure_type(id, span)?;
                ty.optional |= optional;
                let op = of.map_or(Op::Measure(id), |of| Op::MeasureOf(Box::new(of), id));
                return Some(Node { span, ty, op });
            }
        }
        if let Some((Meaning::Broken, _)) = self.names.get(&field.text) {
            return None;
        }
        let members = self.members(domain);
        let name = self.model.domain(domain).name.clone();
        self.findings.add(
            Finding::new(&code::UNKNOWN_NAME, field.span, format!("`{name}` has no `{}`", field.text))
                .help_maybe(did_you_mean(&field.text, members.iter().map(String::as_str))),
        );
        None
    }

    /// `parameter[key]`, `table["id"]`, `award["row"]`.
    fn index(&mut self, expr: &Expr, scope: &Scope) -> Option<Node> {
        let mut keys = Vec::new();
        let mut base = expr;
        while let ExprKind::Index(of, key) = &base.kind {
            keys.push(&**key);
            base = of;
        }
        keys.reverse();
        let ExprKind::Name(name) = &base.kind else {
            self.findings.add(Finding::new(
                &code::TYPE_MISMATCH,
                base.span,
                "only a parameter, a table or an award is read by a key",
            ));
            return None;
        };
        match self.names.get(name).map(|(meaning, _)| *meaning) {
            Some(Meaning::Parameter(id)) => {
                let declared = self.model.parameter(id).keys.clone();
                if declared.len() != keys.len() {
                    self.findings.add(Finding::new(
                        &code::WRONG_ARGUMENTS,
                        expr.span,
                        format!("`{name}` has {} keys, {} are given", declared.len(), keys.len()),
                    ));
                    return None;
                }
                let nodes: Vec<_> =
                    declared.iter().zip(keys).map(|(key, written)| self.key_node(key, written, scope)).collect();
                let nodes = nodes.into_iter().collect::<Option<Vec<_>>>()?;
                let kind = self.model.parameter(id).kind.clone();
                let cells = &self.model.parameter(id).cells;
                let none = cells.iter().flatten().any(|cell| *cell == Constant::None);
                let optional = none || nodes.iter().any(|node| node.ty.optional);
                Some(Node { span: expr.span, ty: Type { kind, optional }, op: Op::Parameter(id, nodes) })
            }
            Some(Meaning::Domain(domain)) if matches!(self.model.domain(domain).rows, RowsOf::Table(_)) => {
                let [key] = keys.as_slice() else {
                    self.findings.add(Finding::new(
                        &code::WRONG_ARGUMENTS,
                        expr.span,
                        "a table has one key, the row's id",
                    ));
                    return None;
                };
                let key = self.node(key, scope)?;
                self.coerce(key, &Kind::Row(domain))
            }
            Some(Meaning::Award(place)) => {
                let rows = &self.rulebook.awards[place as usize].rows.0;
                let ids: Vec<String> =
                    rows.iter().filter_map(|row| super::name::row_id(row).map(|id| id.text)).collect();
                let named = match keys.as_slice() {
                    [Expr { kind: ExprKind::Text(text), span }] => Some((text.clone(), *span)),
                    _ => None,
                };
                let Some((text, span)) = named else {
                    self.findings.add(
                        Finding::new(&code::TYPE_MISMATCH, expr.span, "a row of an award is named in quotes")
                            .help(format!("the rows are {}", crate::rulebook::listed(&ids))),
                    );
                    return None;
                };
                let Some(row) = ids.iter().position(|id| *id == text) else {
                    self.findings.add(
                        Finding::new(&code::UNKNOWN_NAME, span, format!("`{name}` has no row `{text}`"))
                            .help_maybe(did_you_mean(&text, ids.iter().map(String::as_str))),
                    );
                    return None;
                };
                let op = Op::AwardRow(place, row as u32);
                Some(Node { span: expr.span, ty: Type::always(Kind::Number), op })
            }
            Some(Meaning::Broken) => None,
            Some(_) => {
                self.findings.add(Finding::new(
                    &code::TYPE_MISMATCH,
                    base.span,
                    format!("`{name}` is not read by a key"),
                ));
                None
            }
            None => {
                self.nothing_called(name, base.span, scope);
                None
            }
        }
    }

    fn key_node(&mut self, key: &Key, written: &Expr, scope: &Scope) -> Option<Node> {
        let node = self.node(written, scope)?;
        let kind = match key {
            Key::Words(words) => Kind::Word(*words),
            Key::Rows(domain) => Kind::Row(*domain),
            Key::Bands(_, kind) => {
                let (node, _) = self.unify(node, Node::constant(written.span, kind.clone(), Constant::None))?;
                self.must_exist(&node)?;
                return Some(node);
            }
        };
        let node = self.coerce(node, &kind)?;
        self.must_exist(&node)?;
        Some(node)
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
