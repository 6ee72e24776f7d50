//! Measures: their types, found when first asked for, and the tallies behind those that count records.

use super::scope::Scope;
use super::{Checker, Meaning};
use crate::document::{Item, Node as Written};
use crate::expression::{Expr, ExprKind, parse};
use crate::finding::{Finding, code};
use crate::model::node::{Constant, Node, Op};
use crate::model::{Aggregate, How, Measure, MeasureId, RowsOf, Tally, TallyRow, Window};
use crate::rulebook::piece::{Formula, Name, Names, Raw};
use crate::rulebook::row::Rows;
use crate::rulebook::rule::{self, Period};
use crate::source::Span;
use crate::value::{Decimal, DomainId, Kind, Type};

/// How far a rule has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Waiting,
    Reading,
    Done,
    Broken,
}

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
}

impl Checker<'_> {
    pub(super) fn read_measures(&mut self) {
        let placeholder = |id: &Name| Measure {
            name: id.text.clone(),
            rule: id.text.clone(),
            span: id.span,
            title: None,
            each: Vec::new(),
            ty: Type::always(Kind::Number),
            how: How::Tally(0, 0),
            source: None,
            note: None,
        };
        for place in self.model.measures.len()..self.measures.len() {
            let (rule, _) = self.measures[place];
            self.model.measures.push(placeholder(&self.rulebook.measures[rule].id));
        }
        for rule in 0..self.rulebook.measures.len() {
            self.read_measure(rule);
        }
    }

    /// The type of a measure, which reads its rule first where that is still to be done.
    pub(super) fn measure_type(&mut self, id: MeasureId, asked: Span) -> Option<Type> {
        if self.model.measures.len() < self.measures.len() {
            self.read_measures();
        }
        let (rule, _) = self.measures[id.0 as usize];
        match self.rules[rule] {
            State::Done => {}
            State::Broken => return None,
            State::Waiting => self.read_measure(rule),
            State::Reading => {
                let declared = &self.rulebook.measures[rule].id;
                let finding = Finding::new(
                    &code::CIRCULAR_DEPENDENCY,
                    declared.span,
                    format!("`{}` needs itself to be computed", declared.text),
                )
                .and(asked, "it is needed here")
                .help("break the circle: compute one of the two from facts alone");
                self.findings.add(finding);
                return None;
            }
        }
        (self.rules[rule] == State::Done).then(|| self.model.measure(id).ty.clone())
    }

    fn read_measure(&mut self, rule: usize) {
        if self.rules[rule] != State::Waiting {
            return;
        }
        self.rules[rule] = State::Reading;
        let written = &self.rulebook.measures[rule];
        let done = self.measure(rule, written);
        self.rules[rule] = if done.is_some() { State::Done } else { State::Broken };
    }

    fn measure(&mut self, rule: usize, written: &rule::Measure) -> Option<()> {
        let each = self.each(&written.each)?;
        let ways: Vec<(&str, Aggregate, Option<&Formula>)> = [
            ("sum", Aggregate::Sum, &written.sum),
            ("min", Aggregate::Min, &written.min),
            ("max", Aggregate::Max, &written.max),
            ("median", Aggregate::Median, &written.median),
            ("latest", Aggregate::Latest, &written.latest),
            ("any", Aggregate::Any, &written.any),
            ("all", Aggregate::All, &written.all),
            ("collect", Aggregate::Collect, &written.collect),
        ]
        .into_iter()
        .filter_map(|(name, aggregate, formula)| Some((name, aggregate, Some(formula.as_ref()?))))
        .collect();
        let how_many = ways.len() + usize::from(written.count.is_some()) + usize::from(written.value.is_some());
        if how_many != 1 {
            self.findings.add(
                Finding::new(
                    &code::INCOMPLETE_RULE,
                    written.id.span,
                    if how_many == 0 { "the measure does not say how it is computed" } else { "the measure says twice how it is computed" },
                )
                .help("write exactly one of `value`, `count`, `sum`, `min`, `max`, `median`, `latest`, `any`, `all` and `collect`"),
            );
            return None;
        }
        if let Some(value) = &written.value {
            return self.value_measure(rule, written, value, each);
        }
        let (aggregate, value) =
            ways.first().map_or((Aggregate::Count, None), |(_, aggregate, value)| (*aggregate, *value));
        let window = self.window(written.within.as_ref(), Window::Ever)?;
        let asked = Asked {
            rule: &written.id,
            count: written.count.as_ref(),
            aggregate,
            value,
            each: each.clone(),
            filter: written.r#where.as_ref(),
            window,
            once_per: &written.once_per,
            happened: written.happened.as_ref(),
            effective: written.effective.as_ref(),
            rows: &written.rows,
            module: None,
        };
        let (mut tally, mut ty) = self.tally(&asked)?;
        if let Some(empty) = &written.empty {
            tally.empty = self.value(&empty.0, &ty.kind, &format!("measures.{}.empty", written.id.text))?;
            ty.optional = tally.empty == Constant::None;
        }
        if let Some(declared) = &written.r#type {
            ty.kind = self.declared_kind(&ty.kind, declared)?;
        }
        let place = self.model.tallies.len() as u32;
        self.model.tallies.push(tally);
        let ids: Vec<MeasureId> =
            (0..self.measures.len()).filter(|id| self.measures[*id].0 == rule).map(|id| MeasureId(id as u32)).collect();
        for (row, id) in ids.into_iter().enumerate() {
            let row_written = written.rows.0.get(row);
            let name = row_written.and_then(super::name::row_id).unwrap_or_else(|| written.id.clone());
            self.model.measures[id.0 as usize] = Measure {
                name: name.text,
                rule: written.id.text.clone(),
                span: name.span,
                title: row_written.and_then(|row| row.title.clone()).or_else(|| written.title.clone()),
                each: each.clone(),
                ty: ty.clone(),
                how: How::Tally(place, row as u32),
                source: row_written.and_then(|row| row.source.clone()).or_else(|| written.source.clone()),
                note: written.note.as_ref().map(|note| note.text.clone()),
            };
        }
        Some(())
    }

    fn value_measure(
        &mut self,
        rule: usize,
        written: &rule::Measure,
        value: &Formula,
        each: Vec<DomainId>,
    ) -> Option<()> {
        let alone: [(&str, bool); 5] = [
            ("where", written.r#where.is_some()),
            ("within", written.within.is_some()),
            ("once_per", !written.once_per.0.is_empty()),
            ("rows", !written.rows.0.is_empty()),
            ("empty", written.empty.is_some()),
        ];
        if let Some((key, _)) = alone.iter().find(|(_, written)| *written) {
            self.findings.add(
                Finding::new(&code::CONFLICTING_KEYS, written.id.span, format!("`{key}` means nothing beside `value`"))
                    .help("it belongs to measures that count or add up records"),
            );
            return None;
        }
        let scope = Scope::of(self, &each);
        let mut node = self.expression(value, &scope)?;
        if let Some(declared) = &written.r#type {
            let kind = self.declared_kind(&node.ty.kind, declared)?;
            if kind == Kind::Percent && node.ty.kind == Kind::Number {
                // A ratio as a percentage: 0.7 is 70 %.
                let hundred = Node::constant(node.span, Kind::Number, Constant::Number(Decimal::ONE_HUNDRED));
                let (span, ty) = (node.span, Type { kind: Kind::Percent, optional: node.ty.optional });
                let op = Op::Arithmetic(crate::expression::Operator::Multiply, Box::new(node), Box::new(hundred));
                node = Node { span, ty, op };
            } else {
                node.ty.kind = kind;
            }
        }
        let id = (0..self.measures.len()).find(|id| self.measures[*id].0 == rule)?;
        self.model.measures[id] = Measure {
            name: written.id.text.clone(),
            rule: written.id.text.clone(),
            span: written.id.span,
            title: written.title.clone(),
            each,
            ty: node.ty.clone(),
            how: How::Value(node),
            source: written.source.clone(),
            note: written.note.as_ref().map(|note| note.text.clone()),
        };
        Some(())
    }

    fn declared_kind(&mut self, found: &Kind, declared: &Name) -> Option<Kind> {
        let kind = self.field_kind(&declared.text, declared.span)?;
        if kind == *found || (kind.is_numeric() && found.is_numeric()) {
            return Some(kind);
        }
        let (wanted, got) = (self.model.kind_name(&kind), self.model.kind_name(found));
        self.findings.add(Finding::new(
            &code::TYPE_MISMATCH,
            declared.span,
            format!("the computation gives {got}, not {wanted}"),
        ));
        None
    }

    /// The domains that `each` names.
    pub(super) fn each(&mut self, names: &Names) -> Option<Vec<DomainId>> {
        let mut each = Vec::new();
        for name in &names.0 {
            match self.names.get(&name.text).map(|(meaning, _)| *meaning) {
                Some(Meaning::Domain(domain)) => each.push(domain),
                Some(Meaning::Broken) => return None,
                _ => {
                    let domains: Vec<&str> = self.model.domains.iter().map(|domain| domain.name.as_str()).collect();
                    let help = crate::finding::did_you_mean(&name.text, domains);
                    self.findings.add(
                        Finding::new(
                            &code::UNKNOWN_NAME,
                            name.span,
                            format!("there is no record, table or choice `{}`", name.text),
                        )
                        .help_maybe(help),
                    );
                    return None;
                }
            }
        }
        Some(each)
    }

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
        if asked.each.contains(&domain) {
            self.findings.add(
                Finding::new(
                    &code::CONFLICTING_KEYS,
                    asked.rule.span,
                    format!("`{}` is repeated for every record that it counts", self.model.domain(domain).name),
                )
                .help("use `value` for a value of each record"),
            );
            return None;
        }
        let mut domains = asked.each.clone();
        domains.push(domain);
        let scope = Scope::of(self, &domains);
        let value = match value_expr {
            Some(expr) => Some(self.node(&expr, &scope)?),
            None => None,
        };
        let ty = self.aggregate_type(asked.aggregate, value.as_ref())?;
        let filter = self.maybe_condition(asked.filter, &scope);
        let once_per = self.once_per(asked.once_per, &scope);
        let happened = match asked.happened {
            Some(formula) => {
                let node = self.expression(formula, &scope)?;
                if node.ty.kind != Kind::Date {
                    self.mismatch(&Kind::Date, &node);
                    return None;
                }
                Some(node)
            }
            None => self.own_happening(domain),
        };
        if happened.is_none() && asked.window != Window::Ever {
            let finding = Finding::new(
                &code::INCOMPLETE_RULE,
                asked.rule.span,
                format!(
                    "`{}` has no date, so it cannot be told which of them fall into the time",
                    self.model.domain(domain).name
                ),
            )
            .help("say `happened = …` in the rule or in [facts], or `within = \"ever\"`");
            self.findings.add(finding);
            return None;
        }
        let module = match asked.module {
            Some((place, name)) => Some((place, self.membership_of(domain, place, name.span)?)),
            None => None,
        };
        let rows = self.tally_rows(asked, &scope)?;
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
            inside: Scope::of(self, &asked.each).holder_of(self, domain),
            aggregate: asked.aggregate,
            value,
            happened,
            window: asked.window.clone(),
            from: asked.effective.and_then(|period| period.from).map(|day| day.date),
            until: asked.effective.and_then(|period| period.until).map(|day| day.date),
            filter: filter?,
            module,
            once_per: once_per?,
            empty,
            rows,
        };
        Some((tally, ty))
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
        let found = self
            .model
            .domain_named(&name.text)
            .filter(|domain| !matches!(self.model.domain(*domain).rows, RowsOf::Words(_)));
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
    fn of_record(&mut self, formula: &Formula) -> Option<(DomainId, Expr)> {
        let expr = parse(&formula.text, formula.span, &mut self.findings)?;
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

    fn once_per(&mut self, names: &Names, scope: &Scope) -> Option<Vec<(Option<Node>, Node)>> {
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
        let mut seen: Vec<String> = Vec::new();
        for row in &asked.rows.0 {
            let id = super::name::row_id(row);
            let shown = id.as_ref().map_or("row".to_owned(), |id| id.text.clone());
            let path = format!("{}.{shown}", asked.rule.text);
            let tests = self.tests(row, scope, &path);
            let when = self.maybe_condition(row.when.as_ref(), scope);
            let unless = self.maybe_condition(row.unless.as_ref(), scope);
            match &id {
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
                Some(id) if seen.contains(&id.text) => {
                    self.findings.add(Finding::new(
                        &code::DUPLICATE_ID,
                        id.span,
                        format!("the rule has two rows `{}`", id.text),
                    ));
                    whole = false;
                }
                Some(id) => seen.push(id.text.clone()),
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

    /// What `within` means; `default` when it is not written.
    pub(super) fn window(&mut self, raw: Option<&Raw>, default: Window) -> Option<Window> {
        let Some(Raw(node)) = raw else { return Some(default) };
        let cycle = self.rulebook.cycle.is_some();
        match &node.item {
            Item::Text(text) if text == "ever" => Some(Window::Ever),
            Item::Text(text) if text == "cycle" || text == "previous cycle" => {
                if !cycle {
                    self.findings.add(Finding::new(&code::INCOMPLETE_RULE, node.span, "the rulebook has no [cycle]"));
                    return None;
                }
                Some(if text == "cycle" { Window::Cycle } else { Window::PreviousCycle })
            }
            Item::Text(_) => self.setting(node, &Kind::Duration, "within").map(Window::Last),
            Item::Table(table) => {
                for (name, _) in &table.entries {
                    self.one_of(name, &["from", "until"])?;
                }
                let scope = Scope::default();
                let bound = |checker: &mut Self, key: &str| match table.find(key) {
                    Some(bound) => checker.cell_value(bound, &Kind::Date, &scope, key).map(Some),
                    None => Some(None),
                };
                let (from, until) = (bound(self, "from"), bound(self, "until"));
                Some(Window::Between(from?, until?))
            }
            _ => {
                self.findings.add(
                    Finding::new(&code::WRONG_TYPE, node.span, format!("expected a time, found {}", node.kind())).help(
                        "write `\"cycle\"`, `\"previous cycle\"`, `\"ever\"`, a duration, or { from = …, until = … }",
                    ),
                );
                None
            }
        }
    }

    /// A field that takes a fixed value of `kind`, or the name of a parameter that holds one.
    pub(super) fn setting(&mut self, node: &Written, kind: &Kind, path: &str) -> Option<Node> {
        if let Some(text) = node.as_text()
            && let Some((meaning, _)) = self.names.get(text).copied()
        {
            match meaning {
                Meaning::Parameter(id) => {
                    let parameter = self.model.parameter(id);
                    let own = Type::always(parameter.kind.clone());
                    let node = Node { span: node.span, ty: own, op: Op::Parameter(id, Vec::new()) };
                    if !parameter.keys.is_empty() {
                        self.findings.add(Finding::new(
                            &code::TYPE_MISMATCH,
                            node.span,
                            format!("`{text}` has a value for each key, and one value is needed here"),
                        ));
                        return None;
                    }
                    return self.coerce(node, kind);
                }
                Meaning::Broken => return None,
                _ => {}
            }
        }
        self.value(node, kind, path).map(|constant| Node::constant(node.span, kind.clone(), constant))
    }

    /// A field that takes one of `words`, or the name of a parameter that holds one.
    pub(super) fn word_setting(
        &mut self,
        raw: Option<&Raw>,
        list: &str,
        words: &[&str],
        default: u32,
        span: Span,
    ) -> Option<Node> {
        let id = self.built_in_words(list, words);
        let kind = Kind::Word(id);
        match raw {
            Some(Raw(node)) => self.setting(node, &kind, list),
            None => Some(Node::constant(span, kind, Constant::Word(default))),
        }
    }
}
