//! Measures: their types, found when first asked for.

use super::scope::Scope;
use super::tally::Asked;
use super::{Checker, Meaning};
use crate::finding::{Finding, code};
use crate::model::node::{Constant, Node, Op};
use crate::model::{Aggregate, How, Measure, MeasureId, Rank, Window};
use crate::rulebook::piece::{Formula, Name, Names};
use crate::rulebook::rule;
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

impl Checker<'_> {
    pub(super) fn read_measures(&mut self) {
        let placeholder = |id: &Name| Measure {
            name: id.text.clone(),
            rule: id.text.clone(),
            span: id.span,
            title: None,
            rule_title: None,
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
                let start = self.reading.iter().position(|reading| *reading == rule).unwrap_or(0);
                let measures = &self.rulebook.measures;
                let circle: Vec<_> = self.reading[start..].iter().map(|rule| &measures[*rule].id).collect();
                let circle: Vec<_> = circle.into_iter().map(|id| (id.text.clone(), id.span)).collect();
                self.findings.add(super::graph::circle(&circle).and(asked, "it is needed here"));
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
        self.reading.push(rule);
        let done = self.measure(rule, written);
        self.reading.pop();
        if done.is_none() {
            self.lost.push(written.id.span);
        }
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
        let how_many = ways.len()
            + usize::from(written.count.is_some())
            + usize::from(written.value.is_some())
            + usize::from(written.rank.is_some());
        if how_many != 1 {
            let mut told: Vec<(&str, Span)> =
                ways.iter().filter_map(|(name, _, formula)| Some((*name, formula.as_ref()?.span))).collect();
            told.extend(written.count.iter().map(|count| ("count", count.span)));
            told.extend(written.value.iter().map(|value| ("value", value.span)));
            told.extend(written.rank.iter().map(|rank| ("rank", rank.span)));
            told.sort_by_key(|(_, span)| *span);
            let finding = match told.as_slice() {
                [(first, place), .., (second, span)] => Finding::new(
                    &code::CONFLICTING_KEYS,
                    *span,
                    format!("`{first}` and `{second}` both say how the measure is computed"),
                )
                .and(*place, "the first is here"),
                _ if self.was_told("measures", written.span) => return None,
                _ => {
                    Finding::new(&code::INCOMPLETE_RULE, written.id.span, "the measure does not say how it is computed")
                }
            };
            self.findings.add(finding.help(
                "write exactly one of `value`, `count`, `sum`, `min`, `max`, `median`, `latest`, `any`, `all`, `collect` and `rank`",
            ));
            return None;
        }
        if let Some(rank) = &written.rank {
            return self.rank_measure(rule, written, rank);
        }
        if let Some(among) = &written.among {
            let finding = Finding::new(&code::CONFLICTING_KEYS, among.span, "`among` means nothing without `rank`");
            self.findings.add(finding.help("it says which partners are ranked together"));
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
            is_award: false,
            running: written.running == Some(true),
        };
        self.runs(written, aggregate)?;
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
                rule_title: written.title.clone(),
                each: each.clone(),
                ty: ty.clone(),
                how: How::Tally(place, row as u32),
                source: row_written.and_then(|row| row.source.clone()).or_else(|| written.source.clone()),
                note: row_written
                    .and_then(|row| row.note.as_ref())
                    .or(written.note.as_ref())
                    .map(|note| note.text.clone()),
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
        let alone: [(&str, Option<Span>); 7] = [
            ("running", written.running.map(|_| written.id.span)),
            ("where", written.r#where.as_ref().map(|formula| formula.span)),
            ("within", written.within.as_ref().map(|raw| raw.0.span)),
            ("once_per", written.once_per.0.first().map(|name| name.span)),
            ("happened", written.happened.as_ref().map(|formula| formula.span)),
            ("rows", written.rows.0.first().map(|row| row.span)),
            ("empty", written.empty.as_ref().map(|raw| raw.0.span)),
        ];
        if let Some((key, span)) = alone.iter().find_map(|(key, span)| Some((key, (*span)?))) {
            self.findings.add(
                Finding::new(&code::CONFLICTING_KEYS, span, format!("`{key}` means nothing beside `value`"))
                    .and(value.span, "the measure is computed by this alone")
                    .help("it belongs to measures that count or add up records"),
            );
            return None;
        }
        let scope = Scope::of(self, &each);
        let mut node = self.expression(value, &scope)?;
        if let Some(declared) = &written.r#type {
            let kind = self.field_kind(&declared.text, declared.span)?;
            if node.ty.kind == Kind::Text && self.flexible(&node, &kind) {
                // Words in quotes are words of the list that is declared.
                node = self.coerce(node, &kind)?;
            }
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
            rule_title: None,
            each,
            ty: node.ty.clone(),
            how: How::Value(node),
            source: written.source.clone(),
            note: written.note.as_ref().map(|note| note.text.clone()),
        };
        Some(())
    }

    /// What tells the place of the partner among others.
    fn rank_measure(&mut self, rule: usize, written: &rule::Measure, rank: &Formula) -> Option<()> {
        let beside = [
            written.each.0.first().map(|name| ("each", name.span)),
            written.r#where.as_ref().map(|formula| ("where", formula.span)),
            written.within.as_ref().map(|raw| ("within", raw.0.span)),
            written.once_per.0.first().map(|name| ("once_per", name.span)),
            written.happened.as_ref().map(|formula| ("happened", formula.span)),
            written.rows.0.first().map(|row| ("rows", row.span)),
            written.empty.as_ref().map(|raw| ("empty", raw.0.span)),
            written.running.map(|_| ("running", written.id.span)),
            written.r#type.as_ref().map(|name| ("type", name.span)),
            written.effective.as_ref().map(|period| ("effective", period.span)),
        ];
        if let Some((key, span)) = beside.into_iter().flatten().next() {
            let message = format!("`{key}` means nothing beside `rank`");
            let finding =
                Finding::new(&code::CONFLICTING_KEYS, span, message).and(rank.span, "partners are ranked here");
            self.findings.add(finding.help("say it in a measure of its own, and rank by that"));
            return None;
        }
        let scope = Scope::default();
        let of = self.expression(rank, &scope);
        let among = match &written.among {
            Some(among) => self.expression(among, &scope).map(Some),
            None => Some(None),
        };
        let of = of?;
        if !of.ty.kind.is_numeric() {
            self.mismatch(&Kind::Number, &of);
            return None;
        }
        self.must_exist(&of)?;
        let told =
            self.singles().into_iter().find_map(|domain| Some((domain, self.field_place(domain, &written.id.text)?)));
        let told = told.map(|(domain, place)| self.field_node(domain, place, written.id.span));
        if let Some(told) = told.as_ref().filter(|told| told.ty.kind != Kind::Count) {
            self.mismatch(&Kind::Count, told);
            return None;
        }
        let id = (0..self.measures.len()).find(|id| self.measures[*id].0 == rule)?;
        self.model.measures[id] = Measure {
            name: written.id.text.clone(),
            rule: written.id.text.clone(),
            span: written.id.span,
            title: written.title.clone(),
            rule_title: None,
            each: Vec::new(),
            ty: Type::always(Kind::Count),
            how: How::Rank(Box::new(Rank { of, among: among?, told })),
            source: written.source.clone(),
            note: written.note.as_ref().map(|note| note.text.clone()),
        };
        Some(())
    }

    /// A finding when a total cannot run from record to record.
    fn runs(&mut self, written: &rule::Measure, aggregate: Aggregate) -> Option<()> {
        if written.running != Some(true) {
            return Some(());
        }
        let told = |message: &str, span: Span| Finding::new(&code::CONFLICTING_KEYS, span, message);
        if !matches!(aggregate, Aggregate::Count | Aggregate::Sum) {
            let finding = told("only a `count` or a `sum` can run from record to record", written.id.span);
            self.findings.add(finding.help("leave out `running`, or add up something"));
            return None;
        }
        if let Some(name) = written.once_per.0.first() {
            let finding = told("`once_per` means nothing beside `running`", name.span);
            self.findings.add(finding.help("say in `where` which records count"));
            return None;
        }
        if let Some(empty) = &written.empty {
            let finding = told("`empty` means nothing beside `running`", empty.0.span);
            self.findings.add(finding.help("a total begins at 0"));
            return None;
        }
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
                Some(Meaning::Domain(domain)) if self.singles().contains(&domain) => {
                    self.findings.add(
                        Finding::new(&code::BAD_VALUE, name.span, format!("there is only one `{}`", name.text))
                            .help(format!("leave `each` out; its fields are read as `{}.…`", name.text)),
                    );
                    return None;
                }
                Some(Meaning::Domain(domain)) if each.contains(&domain) => {
                    let finding =
                        Finding::new(&code::DUPLICATE_ID, name.span, format!("`{}` is given twice", name.text));
                    self.findings.add(finding.help("leave one of the two out"));
                    return None;
                }
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
}
