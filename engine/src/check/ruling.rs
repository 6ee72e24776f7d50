//! Rulings: what they require and give, how long they last, how many there are.

use super::scope::Scope;
use super::{Checker, Meaning};
use crate::expression::{Operator, Word};
use crate::finding::{Finding, code, did_you_mean};
use crate::model::node::{Node, Op};
use crate::model::{Extension, Limit, Need, OUTCOMES, Part, Ruling, Verdict, What, Window};
use crate::rulebook::piece::{Formula, Raw};
use crate::rulebook::ruling::{self, RulingRequirement};
use crate::source::Span;
use crate::value::{Kind, Rounding, Type};

/// What a requirement may say.
const WAYS: &str =
    "write exactly one of `that = '…'`, `asks = \"…\"`, `all = [ … ]`, `any = [ … ]`, and `at_least` with `of = [ … ]`";

impl Checker<'_> {
    /// The names of rulings, and the words that rules compare their outcomes with.
    pub(super) fn declare_rulings(&mut self) {
        if !self.rulebook.rulings.is_empty() {
            self.model.outcome_words = Some(self.built_in_words("outcome", &OUTCOMES));
        }
        for (place, ruling) in self.rulebook.rulings.iter().enumerate() {
            self.declare(&ruling.id, Meaning::Ruling(place as u32));
        }
    }

    pub(super) fn read_rulings(&mut self) {
        for written in &self.rulebook.rulings {
            match self.ruling(written) {
                Some(ruling) => self.model.rulings.push(ruling),
                None => self.lost.push(written.id.span),
            }
        }
    }

    /// The finding for a ruling that is named alone in an expression.
    pub(super) fn ruling_alone(&mut self, name: &str, span: Span) {
        self.findings.add(
            Finding::new(&code::TYPE_MISMATCH, span, format!("`{name}` is a ruling, which has several answers"))
                .help(format!("write `{name}.outcome`, `{name}.rate` or `{name}.amount`")),
        );
    }

    /// `deal_registration.outcome`, of the record at hand.
    pub(super) fn verdict(&mut self, place: u32, name: &str, field: &Word, span: Span, scope: &Scope) -> Option<Node> {
        let each = self.rulebook.rulings[place as usize].each.clone();
        let (ty, verdict) = match field.text.as_str() {
            "outcome" => (Type::always(Kind::Word(self.model.outcome_words?)), Verdict::Outcome),
            "rate" => (Type::or_none(Kind::Percent), Verdict::Rate),
            "amount" => (Type::or_none(Kind::Money), Verdict::Amount),
            other => {
                self.findings.add(
                    Finding::new(&code::UNKNOWN_NAME, field.span, format!("a ruling has no `{other}`"))
                        .help(format!("write `{name}.outcome`, `{name}.rate` or `{name}.amount`"))
                        .help_maybe(did_you_mean(other, ["outcome", "rate", "amount"])),
                );
                return None;
            }
        };
        self.each_at_hand(&each, name, span, scope).then_some(Node { span, ty, op: Op::Ruling(place, verdict) })
    }

    fn ruling(&mut self, written: &ruling::Ruling) -> Option<Ruling> {
        let each = self.each(&written.each)?;
        let scope = Scope::of(self, &each);
        let path = format!("rulings.{}", written.id.text);
        if written.requires.is_empty() && written.gives.is_empty() && !self.was_told("rulings", written.span) {
            self.findings.add(
                Finding::new(&code::INCOMPLETE_RULE, written.id.span, "the ruling requires nothing and gives nothing")
                    .help("write what it requires under [[rulings.requires]], or what it gives in `gives = [ … ]`"),
            );
        }
        let dated_by = self.maybe_day(written.dated_by.as_ref(), &scope);
        let requires = self.needs(&written.requires, &scope, &path);
        self.unique_needs(written);
        let gives = self.parts(written, &scope, &path);
        let starts = self.maybe_day(written.starts.as_ref(), &scope);
        let used = self.maybe_day(written.used.as_ref(), &scope);
        let lasts = match &written.lasts {
            Some(Raw(node)) => self.cell_value(node, &Kind::Duration, &scope, &format!("{path}.lasts")).map(Some),
            None => Some(None),
        };
        if let Some(Some(lasts)) = &lasts {
            self.time_meant(lasts, "lasts");
        }
        self.whole_validity(written);
        let extended = match &written.extended {
            Some(extended) => self.extension(extended, &scope, &format!("{path}.extended")).map(Some),
            None => Some(None),
        };
        let limit = match &written.limit {
            Some(limit) => self.limit(limit, written, &scope, &format!("{path}.limit")).map(Some),
            None => Some(None),
        };
        Some(Ruling {
            id: written.id.text.clone(),
            span: written.id.span,
            title: written.title.clone(),
            each,
            dated_by: dated_by?,
            requires: requires?,
            gives: gives?,
            starts: starts?,
            lasts: lasts?,
            extended: extended?,
            used: used?,
            limit: limit?,
            source: written.source.clone(),
            note: written.note.as_ref().map(|note| note.text.clone()),
        })
    }

    /// A date that may not exist.
    fn maybe_day(&mut self, formula: Option<&Formula>, scope: &Scope) -> Option<Option<Node>> {
        let Some(formula) = formula else { return Some(None) };
        let node = self.expression(formula, scope)?;
        if node.ty.kind != Kind::Date {
            self.mismatch(&Kind::Date, &node);
            return None;
        }
        Some(Some(node))
    }

    /// Findings where how long a ruling lasts cannot be told from what is written.
    fn whole_validity(&mut self, written: &ruling::Ruling) {
        let missing = match (&written.starts, &written.lasts, &written.extended) {
            (None, Some(lasts), _) => Some((lasts.0.span, "`lasts` counts from a start, and none is given", "starts")),
            (_, None, Some(extended)) => Some((extended.span, "what does not end cannot be extended", "lasts")),
            _ => None,
        };
        if let Some((span, message, key)) = missing
            && !self.was_told("rulings", written.span)
        {
            self.findings.add(Finding::new(&code::INCOMPLETE_RULE, span, message).help(format!("write `{key} = …`")));
        }
    }

    fn needs(&mut self, written: &[RulingRequirement], scope: &Scope, path: &str) -> Option<Vec<Need>> {
        let needs: Vec<_> = written.iter().map(|required| self.need(required, scope, path)).collect();
        needs.into_iter().collect()
    }

    fn need(&mut self, written: &RulingRequirement, scope: &Scope, path: &str) -> Option<Need> {
        self.check_period(written.effective.as_ref());
        let path = format!("{path}.{}", written.id.text);
        let each = self.each(&written.each)?;
        let mut scope = scope.clone();
        let mut held = Vec::new();
        for domain in each {
            held.push((domain, scope.holder_of(self, domain)));
            scope = scope.with(self, domain);
        }
        let when = self.maybe_condition(written.when.as_ref(), &scope);
        let unless = self.maybe_condition(written.unless.as_ref(), &scope);
        let inner = self.where_so(written.when.as_ref(), true, &scope);
        let inner = self.where_so(written.unless.as_ref(), false, &inner);
        let what = self.what(written, &inner, &path);
        let day = |day: Option<crate::rulebook::piece::Day>| day.map(|day| day.date);
        Some(Need {
            id: written.id.text.clone(),
            span: written.id.span,
            title: written.title.clone(),
            each: held,
            when: when?,
            unless: unless?,
            what: what?,
            otherwise: written.otherwise.clone(),
            from: day(written.effective.as_ref().and_then(|period| period.from)),
            until: day(written.effective.as_ref().and_then(|period| period.until)),
            source: written.source.clone(),
            note: written.note.as_ref().map(|note| note.text.clone()),
        })
    }

    fn what(&mut self, written: &RulingRequirement, scope: &Scope, path: &str) -> Option<What> {
        let first = |list: &[RulingRequirement]| list.first().map(|first| first.span);
        let ways = [
            ("that", written.that.as_ref().map(|that| that.span)),
            ("asks", written.asks.as_ref().map(|asks| asks.span)),
            ("all", first(&written.all)),
            ("any", first(&written.any)),
            ("at_least", written.at_least.as_ref().map(|raw| raw.0.span).or_else(|| first(&written.of))),
        ];
        let mut told: Vec<(&str, Span)> = ways.into_iter().filter_map(|(name, span)| Some((name, span?))).collect();
        told.sort_by_key(|(_, span)| *span);
        match told.as_slice() {
            [_] => {}
            [] => {
                if !self.written.told.iter().any(|told| written.span.holds(*told)) {
                    let message = format!("the requirement `{}` says nothing", written.id.text);
                    self.findings.add(Finding::new(&code::INCOMPLETE_RULE, written.id.span, message).help(WAYS));
                }
                return None;
            }
            [(one, place), .., (other, span)] => {
                let message = format!("`{one}` and `{other}` both say what is required");
                self.findings.add(
                    Finding::new(&code::CONFLICTING_KEYS, *span, message).and(*place, "the first is here").help(WAYS),
                );
                return None;
            }
        }
        if let Some(that) = &written.that {
            let that = self.condition(that, scope)?;
            let (have, need) = sides(&that);
            return Some(What::That { that, have, need });
        }
        if let Some(asks) = &written.asks {
            return Some(What::Asks(asks.clone()));
        }
        if !written.all.is_empty() {
            return self.needs(&written.all, scope, path).map(What::All);
        }
        if !written.any.is_empty() {
            return self.needs(&written.any, scope, path).map(What::Any);
        }
        let Some(Raw(number)) = &written.at_least else {
            self.findings.add(
                Finding::new(&code::INCOMPLETE_RULE, written.id.span, "`of` needs `at_least`")
                    .help("write `at_least = 2` beside it"),
            );
            return None;
        };
        if written.of.is_empty() {
            self.findings.add(
                Finding::new(
                    &code::INCOMPLETE_RULE,
                    number.span,
                    "`at_least` needs `of`, which holds the requirements",
                )
                .help("write `of = [ { id = …, that = … }, … ]`"),
            );
            return None;
        }
        let at_least = self.setting(number, &Kind::Count, &format!("{path}.at_least"))?;
        let members = self.needs(&written.of, scope, path)?;
        self.reachable(&at_least, &members);
        Some(What::AtLeast(at_least, members))
    }

    /// A finding when more requirements must hold than there are, or none need to.
    fn reachable(&mut self, at_least: &Node, members: &[Need]) {
        let fixed = members.iter().all(|member| member.each.is_empty());
        self.number_meant(at_least, "at_least", 1, fixed.then_some(members.len() as i64));
    }

    /// Every requirement of a ruling has a name of its own, those inside others too.
    fn unique_needs(&mut self, written: &ruling::Ruling) {
        let mut all: Vec<&RulingRequirement> = Vec::new();
        let mut left: Vec<&RulingRequirement> = written.requires.iter().rev().collect();
        while let Some(required) = left.pop() {
            all.push(required);
            let inside = required.all.iter().chain(&required.any).chain(&required.of);
            left.extend(inside.collect::<Vec<_>>().into_iter().rev());
        }
        for (place, required) in all.iter().enumerate() {
            if let Some(first) = all[..place].iter().find(|other| other.id.text == required.id.text) {
                let message = format!("the ruling has two requirements `{}`", required.id.text);
                self.findings.add(
                    Finding::new(&code::DUPLICATE_ID, required.id.span, message)
                        .and(first.id.span, "the first is here")
                        .help("a requirement inside another has a name of its own too"),
                );
            }
        }
    }

    fn parts(&mut self, written: &ruling::Ruling, scope: &Scope, path: &str) -> Option<Vec<Part>> {
        let several = written.gives.len() > 1;
        let mut bases: Vec<Option<&str>> = Vec::new();
        let mut parts = Vec::new();
        let mut whole = true;
        for (place, part) in written.gives.iter().enumerate() {
            if several && part.id.is_none() {
                self.findings.add(
                    Finding::new(&code::MISSING_KEY, part.span, "one of several parts has no `id`")
                        .help("write `id = …`, by which the decision names it"),
                );
            }
            let same = |other: &ruling::Part| {
                other.id.is_some() && other.id.as_ref().map(|id| &id.text) == part.id.as_ref().map(|id| &id.text)
            };
            if let (Some(id), Some(first)) = (&part.id, written.gives[..place].iter().find(|other| same(other))) {
                self.findings.add(
                    Finding::new(&code::DUPLICATE_ID, id.span, format!("the ruling has two parts `{}`", id.text))
                        .and(first.span, "the first is here"),
                );
            }
            let base = part.of.as_ref().map(|of| of.text.trim());
            let number = bases.iter().position(|known| *known == base).unwrap_or_else(|| {
                bases.push(base);
                bases.len() - 1
            });
            match self.part(part, number as u32, scope, path) {
                Some(part) => parts.push(part),
                None => whole = false,
            }
        }
        whole.then_some(parts)
    }

    fn part(&mut self, written: &ruling::Part, base: u32, scope: &Scope, path: &str) -> Option<Part> {
        self.one_gift(written)?;
        let path = match &written.id {
            Some(id) => format!("{path}.gives.{}", id.text),
            None => format!("{path}.gives"),
        };
        let when = self.maybe_condition(written.when.as_ref(), scope);
        let scope = &self.where_so(written.when.as_ref(), true, scope);
        let mut cell = |raw: &Option<Raw>, kind: &Kind, key: &str| match raw {
            Some(Raw(node)) => self.cell_value(node, kind, scope, &format!("{path}.{key}")).map(Some),
            None => Some(None),
        };
        let percent = cell(&written.percent, &Kind::Percent, "percent");
        let amount = cell(&written.amount, &Kind::Money, "amount");
        let at_most = cell(&written.at_most, &Kind::Money, "at_most");
        let of = match &written.of {
            Some(of) => self.expression(of, scope).and_then(|node| self.coerce(node, &Kind::Money)).map(Some),
            None => Some(None),
        };
        let words = Rounding::WORDS.map(|(word, _)| word);
        let half_up = words.iter().position(|word| *word == "half_up").unwrap_or(0) as u32;
        let rounding = self.word_setting(written.rounding.as_ref(), "rounding", &words, half_up, written.span);
        let (percent, amount, of) = (percent?, amount?, of?);
        if let Some(percent) = &percent {
            self.number_meant(percent, "percent", 0, Some(100));
        }
        for node in [&percent, &amount, &of].into_iter().flatten() {
            self.must_exist(node)?;
        }
        Some(Part {
            id: written.id.as_ref().map(|id| id.text.clone()),
            span: written.span,
            title: written.title.clone(),
            when: when?,
            percent,
            of,
            base,
            amount,
            at_most: at_most?,
            rounding: rounding?,
            source: written.source.clone(),
            note: written.note.as_ref().map(|note| note.text.clone()),
        })
    }

    /// A finding when a part does not say in one way what it gives.
    fn one_gift(&mut self, written: &ruling::Part) -> Option<()> {
        let finding = match (&written.percent, &written.of, &written.amount) {
            (Some(percent), _, Some(amount)) => {
                Finding::new(&code::CONFLICTING_KEYS, amount.0.span, "`percent` and `amount` both say what is given")
                    .and(percent.0.span, "the rate is here")
                    .help("make two parts of it, each with its `id`; parts are added up")
            }
            (None, Some(of), _) => {
                Finding::new(&code::INCOMPLETE_RULE, of.span, "`of` is the amount of which a `percent` is given")
                    .help("write `percent = …` beside it")
            }
            (None, None, None) => {
                if self.written.told.iter().any(|told| written.span.holds(*told)) {
                    return None;
                }
                Finding::new(&code::INCOMPLETE_RULE, written.span, "the part does not say what is given")
                    .help("write `percent = …` with `of = …`, or `amount = …`")
            }
            (Some(_), None, None) if written.at_most.is_some() || written.rounding.is_some() => {
                let key = if written.at_most.is_some() { "at_most" } else { "rounding" };
                let message = format!("`{key}` needs an amount, and only a rate is given");
                Finding::new(&code::INCOMPLETE_RULE, written.span, message)
                    .help("write `of = …`, the amount of which the rate is taken")
            }
            _ => return Some(()),
        };
        self.findings.add(finding);
        None
    }

    fn extension(&mut self, written: &ruling::Extension, scope: &Scope, path: &str) -> Option<Extension> {
        let (domain, expr) = self.of_record(&written.by)?;
        let inner = scope.with(self, domain);
        let by = self.node(&expr, &inner)?;
        if by.ty.kind != Kind::Date {
            self.mismatch(&Kind::Date, &by);
            return None;
        }
        let lasts = self.cell_value(&written.lasts.0, &Kind::Duration, scope, &format!("{path}.lasts"));
        let at_most = match &written.at_most {
            Some(Raw(node)) => self.setting(node, &Kind::Count, &format!("{path}.at_most")).map(Some),
            None => Some(None),
        };
        self.extends_its_own(&by, domain, scope);
        if let Some(lasts) = &lasts {
            self.time_meant(lasts, "lasts");
        }
        if let Some(Some(at_most)) = &at_most {
            self.number_meant(at_most, "at_most", 0, None);
        }
        Some(Extension { domain, inside: scope.holder_of(self, domain), by, lasts: lasts?, at_most: at_most? })
    }

    fn limit(&mut self, written: &ruling::Limit, of: &ruling::Ruling, scope: &Scope, path: &str) -> Option<Limit> {
        let by = match &of.dated_by {
            Some(dated_by) => self.maybe_day(Some(dated_by), scope)?,
            None => scope.own.and_then(|domain| self.own_happening(domain)),
        };
        let at_most = self.setting(&written.at_most.0, &Kind::Count, &format!("{path}.at_most"));
        if let Some(at_most) = &at_most {
            self.number_meant(at_most, "at_most", 1, None);
        }
        let per: Vec<_> = (written.per.0.iter())
            .map(|name| self.expression(&Formula { text: name.text.clone(), span: name.span }, scope))
            .collect();
        let within = self.window(written.within.as_ref(), Window::Ever);
        if let (Some(Window::PreviousCycle), Some(raw)) = (&within, &written.within) {
            self.findings.add(
                Finding::new(&code::BAD_VALUE, raw.0.span, "a limit counts up to the subject's own date")
                    .help("write `\"ever\"`, `\"cycle\"`, or a duration such as `\"1 year\"`"),
            );
        }
        if let Some(Window::Last(last)) = &within {
            self.time_meant(last, "within");
        }
        let Some(by) = by else {
            let (message, help) = match of.each.0.first() {
                None => {
                    ("there is only one answer, so nothing is counted", "write `each = …` in the ruling".to_owned())
                }
                Some(each) => (
                    "nothing tells which of them come first",
                    format!("write `dated_by = …` in the ruling, or `happened = …` in [facts.{}]", each.text),
                ),
            };
            self.findings.add(Finding::new(&code::INCOMPLETE_RULE, written.span, message).help(help));
            return None;
        };
        Some(Limit {
            span: written.span,
            at_most: at_most?,
            per: per.into_iter().collect::<Option<_>>()?,
            within: within?,
            by,
            otherwise: written.otherwise.clone(),
            source: written.source.clone(),
        })
    }
}

/// What is there and what is needed, where a condition compares two values by their size.
fn sides(that: &Node) -> (Option<Node>, Option<Node>) {
    match &that.op {
        Op::Compare(Operator::AtLeast | Operator::More | Operator::AtMost | Operator::Less, a, b) => {
            (Some((**a).clone()), Some((**b).clone()))
        }
        _ => (None, None),
    }
}
