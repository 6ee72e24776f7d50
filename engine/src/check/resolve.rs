//! Names in an expression: what each means where it stands.

use super::scope::Scope;
use super::{Checker, Meaning};
use crate::expression::{Expr, ExprKind, Word};
use crate::finding::{Finding, code, did_you_mean, nearest};
use crate::model::node::{Constant, Node, Op};
use crate::model::{Key, MeasureId, RowsOf};
use crate::rulebook::piece::Name;
use crate::source::Span;
use crate::value::{DomainId, Kind, Type};

impl Checker<'_> {
    pub(super) fn bare_name(&mut self, name: &str, span: Span, scope: &Scope) -> Option<Node> {
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
            Meaning::Parameter(id) => {
                let parameter = self.model.parameter(id);
                if !parameter.keys.is_empty() {
                    let (each, help) = match parameter.keys.as_slice() {
                        [Key::Bands(..)] => (
                            "band",
                            format!("write `{name}[AMOUNT]` for the rate of its band, or `marginal({name}, AMOUNT)`"),
                        ),
                        keys => ("key", format!("write `{name}{}`", "[…]".repeat(keys.len()))),
                    };
                    let message = format!("`{name}` has a value for each {each}");
                    self.findings.add(Finding::new(&code::TYPE_MISMATCH, span, message).help(help));
                    return Some(None);
                }
                let kind = parameter.kind.clone();
                let optional = parameter.may_be_none();
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
            Meaning::Ruling(_) => {
                self.ruling_alone(name, span);
                Some(None)
            }
            Meaning::Obligation(place) => {
                let states = self.model.obligation_states?;
                node(Kind::Word(states), Op::Obligation(place))
            }
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
            Meaning::Credit => {
                let message = format!("`{name}` credits partners and has no value here");
                let help = "what it credits is a measure: give that a name";
                self.findings.add(Finding::new(&code::TYPE_MISMATCH, span, message).help(help));
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

    /// The finding for a name that means nothing where it stands.
    pub(super) fn nothing_called(&mut self, name: &str, span: Span, scope: &Scope) {
        if scope.own.is_some_and(|domain| self.is_written(domain, name)) {
            return;
        }
        let mut near: Vec<String> = self.names.keys().cloned().collect();
        near.extend(["as_of", "points"].map(str::to_owned));
        near.extend(scope.own.into_iter().flat_map(|domain| self.members(domain)));
        let kind = self.written.origins.instance(span.file);
        near.extend(kind.into_iter().flat_map(|kind| kind.names.keys().cloned()));
        let close = nearest(name, near.iter().map(String::as_str)).map(str::to_owned);
        let close = close.or_else(|| {
            // A field of the partner is read through its record.
            let singles = self.singles();
            let field = |domain: &DomainId| {
                let members = self.members(*domain);
                let near = nearest(name, members.iter().map(String::as_str))?;
                Some(format!("{}.{near}", self.model.domain(*domain).name))
            };
            singles.iter().find_map(field)
        });
        let word = self.model.words.iter().any(|words| words.find(name).is_some());
        self.findings.add(
            Finding::new(&code::UNKNOWN_NAME, span, format!("nothing here is called `{name}`"))
                .help_maybe(close.map(|close| format!("did you mean `{close}`?")))
                .help_maybe(word.then(|| format!("a word stands in quotes: `\"{name}\"`"))),
        );
    }

    /// The finding for a column that means nothing.
    pub(super) fn no_column(&mut self, name: &Name, scope: &Scope) {
        let singles = self.singles();
        let mut domains = scope.own.iter().chain(&singles);
        if domains.any(|domain| self.is_written(*domain, &name.text)) {
            return;
        }
        let rules =
            self.names.iter().filter(|(_, (meaning, _))| matches!(meaning, Meaning::Measure(_) | Meaning::Ladder(_)));
        let mut near: Vec<String> = rules.map(|(name, _)| name.clone()).chain(["points".to_owned()]).collect();
        near.extend(scope.own.iter().chain(&singles).flat_map(|domain| self.members(*domain)));
        self.findings.add(
            Finding::new(
                &code::UNKNOWN_NAME,
                name.span,
                format!("there is no field, measure or ladder `{}` for this column", name.text),
            )
            .help_maybe(did_you_mean(&name.text, near.iter().map(String::as_str))),
        );
    }

    /// Every record of which there is one, such as the partner.
    pub(super) fn singles(&self) -> Vec<DomainId> {
        let all = (0..self.model.domains.len()).map(|place| DomainId(place as u32));
        all.filter(|domain| {
            matches!(&self.model.domain(*domain).rows, RowsOf::Records(records) if records.list.is_none() && records.within.is_none())
        })
        .collect()
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
        let of_each =
            |ladder: &&crate::rulebook::rule::Ladder| ladder.each.0.len() == 1 && ladder.each.0[0].text == *name;
        members.extend(self.rulebook.ladders.iter().filter(of_each).map(|ladder| ladder.id.text.clone()));
        members
    }

    pub(super) fn field(&mut self, of: &Expr, field: &Word, span: Span, scope: &Scope) -> Option<Node> {
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
                self.findings.add(
                    Finding::new(&code::UNKNOWN_NAME, span, "the rulebook has no [cycle]")
                        .help("say in a section [cycle] when it `starts`"),
                );
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
        if let Some((Meaning::Ruling(place), _)) = self.names.get(name).copied() {
            return Some(self.verdict(place, name, field, span, scope));
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
        if let Some((Meaning::Ladder(id), _)) = self.names.get(&field.text).copied() {
            let each = &self.rulebook.ladders[id.0 as usize].each.0;
            if each.len() == 1 && each[0].text == self.model.domain(domain).name && of.is_none() {
                let kind = Kind::Word(self.model.ladder(id).levels);
                return Some(Node { span, ty: Type::always(kind), op: Op::InForce(id) });
            }
        }
        if matches!(self.names.get(&field.text), Some((Meaning::Broken, _))) || self.is_written(domain, &field.text) {
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
    pub(super) fn index(&mut self, expr: &Expr, scope: &Scope) -> Option<Node> {
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
                    let message = format!("{} given, `{name}` has {}", keys.len(), declared.len());
                    let keys = if keys.len() == 1 { "key is" } else { "keys are" };
                    let form = format!("{name}{}", "[…]".repeat(declared.len()));
                    self.findings.add(
                        Finding::new(
                            &code::WRONG_ARGUMENTS,
                            expr.span,
                            message.replacen(" given", &format!(" {keys} given"), 1),
                        )
                        .help(format!("write `{form}`")),
                    );
                    return None;
                }
                let nodes: Vec<_> =
                    declared.iter().zip(keys).map(|(key, written)| self.key_node(key, written, scope)).collect();
                let nodes = nodes.into_iter().collect::<Option<Vec<_>>>()?;
                let kind = self.model.parameter(id).kind.clone();
                let none = self.model.parameter(id).may_be_none();
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
