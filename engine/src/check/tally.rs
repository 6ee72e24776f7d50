//! Tallies: what measures and awards ask of records, and the type of what comes out.

use super::scope::Scope;
use super::{Checker, Meaning};
use crate::expression::{Expr, ExprKind};
use crate::finding::{Finding, code};
use crate::model::node::{Constant, Node, Op};
use crate::model::{Aggregate, Tally, TallyRow, Window};
use crate::rulebook::piece::{Formula, Name, Names};
use crate::rulebook::row::Rows;
use crate::rulebook::rule::Period;
use crate::source::Span;
use crate::value::{Decimal, DomainId, Kind, Type};

/// What a tally is asked for, as measures and awards write it.
pub struct Asked<'r> {
    pub rule: &'r Name,
    pub count: Option<&'r Name>,
    pub aggregate: Aggregate,
    pub value: Option<&'r Formula>,
    pub each: Vec<DomainId>,
    pub filter: Option<&'r Formula>,
    pub window: Window,
    pub once_per: &'r Names,
    pub happened: Option<&'r Formula>,
    pub effective: Option<&'r Period>,
    pub rows: &'r Rows,
    pub module: Option<(u32, &'r Name)>,
    pub is_award: bool,
    /// Whether there is a value for every one of the records themselves, up to and with it.
    pub running: bool,
}

impl Checker<'_> {
    /// The tally that a measure or an award asks for, and the type of what it gives.
    pub(super) fn tally(&mut self, asked: &Asked<'_>) -> Option<(Tally, Type)> {
        let (domain, value_expr) = match (asked.count, asked.value) {
            (Some(count), _) => (self.counted(count)?, None),
            (None, Some(formula)) => {
                let (domain, expr) = self.of_record(formula)?;
                (domain, Some(expr))
            }
            (None, None) => return None,
        };
        if asked.running && asked.each != [domain] {
            let name = self.model.domain(domain).name.clone();
            let message = format!("a running total has a value for every `{name}`");
            self.findings.add(
                Finding::new(&code::CONFLICTING_KEYS, asked.rule.span, message)
                    .help(format!("write `each = \"{name}\"`, and nothing else there")),
            );
            return None;
        }
        if asked.each.contains(&domain) && !asked.running {
            self.findings.add(
                Finding::new(
                    &code::CONFLICTING_KEYS,
                    asked.rule.span,
                    format!("`{}` is repeated for every record that it counts", self.model.domain(domain).name),
                )
                .help("use `value` for a value of each record, or say `running = true` for the total up to it"),
            );
            return None;
        }
        let mut domains = asked.each.clone();
        domains.retain(|other| *other != domain);
        domains.push(domain);
        let scope = Scope::of(self, &domains);
        self.check_period(asked.effective);
        let value = value_expr.map(|expr| self.node(&expr, &scope));
        let ty = match &value {
            Some(value) => value.as_ref().and_then(|value| self.aggregate_type(asked.aggregate, Some(value))),
            None => self.aggregate_type(asked.aggregate, None),
        };
        let filter = self.maybe_condition(asked.filter, &scope);
        let once_per = self.once_per(asked.once_per, &scope);
        let happened = self.happening(asked, domain, &scope);
        let module = match asked.module {
            Some((place, name)) => self.membership_of(domain, place, name.span).map(|node| Some((place, node))),
            None => Some(None),
        };
        let rows = self.tally_rows(asked, &scope);
        let value = match value {
            Some(value) => Some(value?),
            None => None,
        };
        let ty = ty?;
        let empty = match asked.aggregate {
            Aggregate::Count | Aggregate::Sum => Constant::Number(Decimal::ZERO),
            Aggregate::Any => Constant::Flag(false),
            Aggregate::All => Constant::Flag(true),
            Aggregate::Collect => Constant::Set(Vec::new()),
            _ => Constant::None,
        };
        let tally = Tally {
            rule: asked.rule.text.clone(),
            domain,
            each: asked.each.clone(),
            inside: if asked.running { None } else { Scope::of(self, &asked.each).holder_of(self, domain) },
            running: asked.running,
            aggregate: asked.aggregate,
            value,
            happened: happened?,
            window: asked.window.clone(),
            from: asked.effective.and_then(|period| period.from).map(|day| day.date),
            until: asked.effective.and_then(|period| period.until).map(|day| day.date),
            filter: filter?,
            module: module?,
            once_per: once_per?,
            empty,
            rows: rows?,
        };
        Some((tally, ty))
    }

    /// The date that tells when a record happened, if there is one; the outer `None` when it has findings.
    fn happening(&mut self, asked: &Asked<'_>, domain: DomainId, scope: &Scope) -> Option<Option<Node>> {
        if let Some(formula) = asked.happened {
            let node = self.expression(formula, scope)?;
            if node.ty.kind != Kind::Date {
                self.mismatch(&Kind::Date, &node);
                return None;
            }
            return Some(Some(node));
        }
        let own = self.own_happening(domain);
        if own.is_some() || (asked.window == Window::Ever && !asked.running) {
            return Some(own);
        }
        let name = self.model.domain(domain).name.clone();
        let written = self.rulebook.facts.find(&name).is_some_and(|record| record.happened.is_some());
        if !written {
            let place = asked.count.map_or(asked.value.map_or(asked.rule.span, |value| value.span), |count| count.span);
            let (for_want, other) = match (asked.running, asked.is_award) {
                (true, _) => ("in which order they come", ""),
                (_, true) => ("which of them fall into the time", ""),
                _ => ("which of them fall into the time", ", or leave `within` out"),
            };
            let message = format!("`{name}` has no date, so nothing tells {for_want}");
            let dates: Vec<&str> = self.model.records(domain).map_or(Vec::new(), |records| {
                let dated = records.fields.iter().filter(|field| field.ty.kind == Kind::Date);
                dated.map(|field| field.name.as_str()).collect()
            });
            let date = if let [only] = dates.as_slice() { format!("\"{only}\"") } else { "…".to_owned() };
            let help = format!("write `happened = {date}` in [facts.{name}] or in this rule{other}");
            // One line in the record mends all rules that ask for it.
            if self.findings.iter().all(|known| known.message != message) {
                self.findings.add(Finding::new(&code::INCOMPLETE_RULE, place, message).help(help));
            }
        }
        None
    }

    /// The condition, if there is one; the outer `None` when it has findings.
    pub(super) fn maybe_condition(&mut self, formula: Option<&Formula>, scope: &Scope) -> Option<Option<Node>> {
        match formula {
            Some(formula) => self.condition(formula, scope).map(Some),
            None => Some(None),
        }
    }

    fn aggregate_type(&mut self, aggregate: Aggregate, value: Option<&Node>) -> Option<Type> {
        let Some(value) = value else {
            return Some(Type::always(Kind::Count));
        };
        let kind = value.ty.kind.clone();
        let ordered = match &kind {
            Kind::Word(words) => self.model.words(*words).ordered,
            kind => kind.is_numeric() || *kind == Kind::Date,
        };
        match aggregate {
            Aggregate::Count => Some(Type::always(Kind::Count)),
            Aggregate::Sum if kind.is_numeric() => Some(Type::always(kind)),
            Aggregate::Median if kind.is_numeric() => {
                Some(Type::or_none(if kind == Kind::Count { Kind::Number } else { kind }))
            }
            Aggregate::Min | Aggregate::Max if ordered => Some(Type::or_none(kind)),
            Aggregate::Latest => Some(Type::or_none(kind)),
            Aggregate::Any | Aggregate::All if kind == Kind::Flag => Some(Type::always(kind)),
            Aggregate::Collect if !matches!(kind, Kind::Set(_)) => Some(Type::always(Kind::Set(Box::new(kind)))),
            Aggregate::Any | Aggregate::All => {
                self.mismatch(&Kind::Flag, value);
                None
            }
            _ => {
                self.mismatch(&Kind::Number, value);
                None
            }
        }
    }

    pub(super) fn counted(&mut self, name: &Name) -> Option<DomainId> {
        let found = self.model.domain_named(&name.text);
        if found.is_none() {
            let records: Vec<&str> = self.model.domains.iter().map(|domain| domain.name.as_str()).collect();
            let help = crate::finding::did_you_mean(&name.text, records);
            self.findings.add(
                Finding::new(&code::UNKNOWN_NAME, name.span, format!("there is no record `{}`", name.text))
                    .help_maybe(help),
            );
        }
        found
    }

    /// `sale.amount`: the records, and what is read of each.
    pub(super) fn of_record(&mut self, formula: &Formula) -> Option<(DomainId, Expr)> {
        let expr = self.parsed(formula)?;
        let mut root = &expr;
        while let ExprKind::Field(of, _) = &root.kind {
            root = of;
        }
        let name = match &root.kind {
            ExprKind::Name(name) if !std::ptr::eq(root, &expr) => Name { text: name.clone(), span: root.span },
            _ => {
                self.findings.add(
                    Finding::new(
                        &code::BAD_VALUE,
                        formula.span,
                        format!("`{}` names no field of a record", formula.text),
                    )
                    .help("write RECORD.FIELD, as in `sale.amount`"),
                );
                return None;
            }
        };
        Some((self.counted(&name)?, expr))
    }

    pub(super) fn once_per(&mut self, names: &Names, scope: &Scope) -> Option<Vec<(Option<Node>, Node)>> {
        if let [name] = names.0.as_slice()
            && let Some((Meaning::Parameter(id), _)) = self.names.get(&name.text).copied()
        {
            let parameter = self.model.parameter(id);
            let all = parameter.cells.iter().chain(parameter.choices.iter().flatten()).flatten();
            let mut fields: Vec<String> = Vec::new();
            for constant in all {
                let Constant::Set(members) = constant else { continue };
                for member in members {
                    if let Constant::Text(text) = member
                        && !fields.contains(text)
                    {
                        fields.push(text.clone());
                    }
                }
            }
            let set = Node {
                span: name.span,
                ty: Type::always(Kind::Set(Box::new(Kind::Text))),
                op: Op::Parameter(id, Vec::new()),
            };
            let keys = fields.into_iter().map(|field| {
                let key = self.expression(&Formula { text: field.clone(), span: name.span }, scope)?;
                let word = Node::constant(name.span, Kind::Text, Constant::Text(field));
                let chosen = Op::In(Box::new(word), Box::new(set.clone()));
                Some((Some(Node { span: name.span, ty: Type::always(Kind::Flag), op: chosen }), key))
            });
            return keys.collect::<Vec<_>>().into_iter().collect();
        }
        let keys: Vec<_> = names
            .0
            .iter()
            .map(|name| Some((None, self.expression(&Formula { text: name.text.clone(), span: name.span }, scope)?)))
            .collect();
        keys.into_iter().collect()
    }

    pub(super) fn own_happening(&self, domain: DomainId) -> Option<Node> {
        let place = self.model.records(domain)?.happened?;
        Some(self.field_node(domain, place, self.model.domain(domain).span))
    }

    /// Whether a record belongs to a module: by its own `modules`, else by the partner's.
    fn membership_of(&mut self, domain: DomainId, module: u32, span: Span) -> Option<Node> {
        let words = self.model.modules.as_ref()?.words;
        let set = Kind::Set(Box::new(Kind::Word(words)));
        let holder = |checker: &Self, domain: DomainId| {
            let place = checker.field_place(domain, "modules")?;
            let node = checker.field_node(domain, place, span);
            (node.ty.kind == set).then_some(node)
        };
        let own = holder(self, domain);
        let found = own.or_else(|| {
            (0..self.model.domains.len()).map(|place| DomainId(place as u32)).find_map(|domain| {
                let records = self.model.records(domain)?;
                if records.list.is_some() || records.within.is_some() { None } else { holder(self, domain) }
            })
        });
        let Some(modules) = found else {
            self.findings.add(
                Finding::new(&code::INCOMPLETE_RULE, span, "nothing says to which modules a record belongs")
                    .help("give the record or the partner a field `modules = \"set of module\"`"),
            );
            return None;
        };
        let word = Node::constant(span, Kind::Word(words), Constant::Word(module));
        Some(Node { span, ty: Type::always(Kind::Flag), op: Op::In(Box::new(word), Box::new(modules)) })
    }

    fn tally_rows(&mut self, asked: &Asked<'_>, scope: &Scope) -> Option<Vec<TallyRow>> {
        if asked.rows.0.is_empty() {
            return Some(vec![TallyRow { id: String::new(), tests: Vec::new(), span: asked.rule.span }]);
        }
        let mut rows = Vec::new();
        let mut whole = true;
        let mut seen: Vec<Name> = Vec::new();
        for row in &asked.rows.0 {
            let id = super::name::row_id(row);
            let shown = id.as_ref().map_or("row".to_owned(), |id| id.text.clone());
            let path = format!("{}.{shown}", asked.rule.text);
            let tests = self.tests(row, scope, &path);
            let when = self.maybe_condition(row.when.as_ref(), scope);
            let unless = self.maybe_condition(row.unless.as_ref(), scope);
            match &id {
                // A measure's rows are names of the rulebook, which were declared before.
                _ if !asked.is_award => {}
                None => {
                    self.findings.add(
                        Finding::new(
                            &code::MISSING_KEY,
                            row.span,
                            "the row has no `id`, and no selecting cell to name it by",
                        )
                        .help("write `id = …` in the row"),
                    );
                    whole = false;
                }
                Some(id) if seen.iter().any(|seen| seen.text == id.text) => {
                    let first = seen.iter().find(|seen| seen.text == id.text).map_or(id.span, |first| first.span);
                    self.findings.add(
                        Finding::new(&code::DUPLICATE_ID, id.span, format!("the rule has two rows `{}`", id.text))
                            .and(first, "the first is here")
                            .help("rows that select the same need an `id` of their own each"),
                    );
                    whole = false;
                }
                Some(id) => seen.push(id.clone()),
            }
            let (Some(tests), Some(when), Some(unless)) = (tests, when, unless) else {
                whole = false;
                continue;
            };
            let mut all: Vec<Node> = tests.into_iter().map(|(_, test)| test.that).collect();
            all.extend(when);
            all.extend(unless.map(|node| Node {
                span: node.span,
                ty: Type::always(Kind::Flag),
                op: Op::Not(Box::new(node)),
            }));
            rows.push(TallyRow { id: shown, tests: all, span: row.span });
        }
        whole.then_some(rows)
    }
}
