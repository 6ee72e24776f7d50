//! The functions of the condition language: what each takes and gives.

use super::scope::Scope;
use super::{Checker, Meaning};
use crate::expression::{Expr, ExprKind, Word};
use crate::finding::{Finding, code, did_you_mean};
use crate::model::node::{Function, Node, Op, Over, Quantifier};
use crate::model::{Key, RowsOf};
use crate::rulebook::{AVERAGE, AVERAGES};
use crate::source::Span;
use crate::value::{DomainId, Kind, Rounding, Type};

/// Every function with its arguments, as the manual and the findings show it.
pub const FUNCTIONS: [(&str, &str); 29] = [
    ("abs", "abs(number)"),
    ("all", "all(record, condition)"),
    ("anniversary", "anniversary(date)"),
    ("any", "any(record, condition)"),
    ("any_day", "any_day(from, to, name)"),
    ("at", "at(date, name)"),
    ("ceil", "ceil(number)"),
    ("count", "count(record, condition)"),
    ("days", "days(number)"),
    ("days_between", "days_between(earlier, later)"),
    ("every_day", "every_day(from, to, name)"),
    ("floor", "floor(number)"),
    ("has", "has(value)"),
    ("how_many", "how_many(flag, flag, …)"),
    ("in", "item in set"),
    ("marginal", "marginal(bands, number)"),
    ("max", "max(value, value, …)"),
    ("min", "min(value, value, …)"),
    ("month_end", "month_end(date)"),
    ("month_start", "month_start(date)"),
    ("months", "months(number)"),
    ("months_between", "months_between(earlier, later)"),
    ("overlap", "overlap(set, set)"),
    ("round", "round(number, places)"),
    ("round_to", "round_to(number, rounding)"),
    ("size", "size(set)"),
    ("sum", "sum(record, value, condition)"),
    ("years", "years(number)"),
    ("??", "value ?? other"),
];

/// Whether the language has a function of this name.
pub fn is_function(name: &str) -> bool {
    FUNCTIONS.iter().any(|(function, _)| *function == name)
}

impl Checker<'_> {
    pub(super) fn call(&mut self, name: &Word, arguments: &[Expr], span: Span, scope: &Scope) -> Option<Node> {
        let done = |kind: Kind, op: Op| Some(Node { span, ty: Type::always(kind), op });
        match name.text.as_str() {
            "has" => {
                self.arity(name, arguments, 1..=1)?;
                let value = self.node(&arguments[0], scope)?;
                return done(Kind::Flag, Op::Has(Box::new(value)));
            }
            "any" => return self.over(Quantifier::Any, name, arguments, span, scope),
            "all" => return self.over(Quantifier::All, name, arguments, span, scope),
            "count" => return self.over(Quantifier::Count, name, arguments, span, scope),
            "sum" => return self.over(Quantifier::Sum, name, arguments, span, scope),
            "marginal" => return self.marginal(name, arguments, span, scope),
            _ => {}
        }
        let known = is_function(&name.text);
        let script = self.names.get(&name.text).map(|(meaning, _)| *meaning);
        if !known && !matches!(script, Some(Meaning::Script(_))) {
            if script != Some(Meaning::Broken) {
                let names = FUNCTIONS.iter().map(|(function, _)| *function);
                let scripts = self.model.scripts.iter().map(|script| script.name.as_str());
                let help = did_you_mean(&name.text, names.chain(scripts));
                self.findings.add(
                    Finding::new(&code::UNKNOWN_NAME, name.span, format!("there is no function `{}`", name.text))
                        .help("a function of your own is declared under [scripts]")
                        .help_maybe(help)
                        .help_maybe(AVERAGES.contains(&name.text.as_str()).then(|| AVERAGE.to_owned()))
                        .help_maybe(
                            matches!(script, Some(Meaning::Parameter(_) | Meaning::Domain(_) | Meaning::Award(_)))
                                .then(|| format!("it is read by a key: `{}[…]`", name.text)),
                        ),
                );
            }
            return None;
        }
        let nodes: Vec<_> = arguments.iter().map(|argument| self.node(argument, scope)).collect();
        let nodes = nodes.into_iter().collect::<Option<Vec<_>>>()?;
        if let Some(Meaning::Script(id)) = script {
            return self.script_call(id, name, nodes, span);
        }
        self.function(name, arguments, nodes, span)
    }

    fn function(&mut self, name: &Word, arguments: &[Expr], nodes: Vec<Node>, span: Span) -> Option<Node> {
        let done = |kind: Kind, optional: bool, op: Op| Some(Node { span, ty: Type { kind, optional }, op });
        let optional = nodes.iter().any(|node| node.ty.optional);
        match name.text.as_str() {
            function @ ("min" | "max") => {
                self.arity(name, arguments, 2..=usize::MAX)?;
                let mut nodes = nodes.into_iter();
                let mut all = vec![nodes.next()?];
                for node in nodes {
                    let (first, node) = self.unify(all.remove(0), node)?;
                    all.insert(0, first);
                    all.push(node);
                }
                let kind = all[0].ty.kind.clone();
                let ordered = match &kind {
                    Kind::Word(words) => self.model.words(*words).ordered,
                    kind => kind.is_numeric() || *kind == Kind::Date,
                };
                if !ordered {
                    self.mismatch(&Kind::Number, &all[0]);
                    return None;
                }
                let optional = all.iter().all(|node| node.ty.optional);
                let function = if function == "min" { Function::Min } else { Function::Max };
                done(kind, optional, Op::Call(function, all))
            }
            function @ ("abs" | "floor" | "ceil") => {
                self.arity(name, arguments, 1..=1)?;
                let kind = self.numeric(&nodes[0])?;
                let function = match function {
                    "abs" => Function::Abs,
                    "floor" => Function::Floor,
                    _ => Function::Ceil,
                };
                done(kind, optional, Op::Call(function, nodes))
            }
            "round" => {
                self.arity(name, arguments, 2..=2)?;
                let kind = self.numeric(&nodes[0])?;
                self.numeric(&nodes[1])?;
                done(kind, optional, Op::Call(Function::Round, nodes))
            }
            "round_to" => {
                self.arity(name, arguments, 2..=2)?;
                let kind = self.numeric(&nodes[0])?;
                let words = self.built_in_words("rounding", &Rounding::WORDS.map(|(word, _)| word));
                let mut nodes = nodes;
                let word = nodes.pop()?;
                nodes.push(self.coerce(word, &Kind::Word(words))?);
                done(kind, optional, Op::Call(Function::RoundTo, nodes))
            }
            function @ ("days" | "months" | "years") => {
                self.arity(name, arguments, 1..=1)?;
                self.numeric(&nodes[0])?;
                let function = match function {
                    "days" => Function::Days,
                    "months" => Function::Months,
                    _ => Function::Years,
                };
                done(Kind::Duration, optional, Op::Call(function, nodes))
            }
            function @ ("days_between" | "months_between") => {
                self.arity(name, arguments, 2..=2)?;
                nodes.iter().try_for_each(|node| self.of_kind(node, &Kind::Date))?;
                let function = if function == "days_between" { Function::DaysBetween } else { Function::MonthsBetween };
                done(Kind::Count, optional, Op::Call(function, nodes))
            }
            function @ ("month_start" | "month_end" | "anniversary") => {
                self.arity(name, arguments, 1..=1)?;
                self.of_kind(&nodes[0], &Kind::Date)?;
                let function = match function {
                    "month_start" => Function::MonthStart,
                    "month_end" => Function::MonthEnd,
                    _ => Function::Anniversary,
                };
                done(Kind::Date, optional, Op::Call(function, nodes))
            }
            "size" => {
                self.arity(name, arguments, 1..=1)?;
                self.a_set(&nodes[0])?;
                done(Kind::Count, optional, Op::Call(Function::Size, nodes))
            }
            "overlap" => {
                self.arity(name, arguments, 2..=2)?;
                let mut nodes = nodes;
                let (b, a) = (nodes.pop()?, nodes.pop()?);
                self.a_set(&a).and(self.a_set(&b))?;
                let (a, b) = self.unify(a, b)?;
                done(a.ty.kind.clone(), optional, Op::Call(Function::Overlap, vec![a, b]))
            }
            "how_many" => {
                self.arity(name, arguments, 1..=usize::MAX)?;
                let flags: Vec<_> = nodes.into_iter().map(|node| self.flag(node)).collect();
                done(Kind::Count, false, Op::Call(Function::HowMany, flags.into_iter().collect::<Option<_>>()?))
            }
            "at" => {
                self.arity(name, arguments, 2..=2)?;
                self.of_kind(&nodes[0], &Kind::Date)?;
                self.must_exist(&nodes[0])?;
                self.a_name(&nodes[1])?;
                let mut nodes = nodes;
                let (what, date) = (nodes.pop()?, nodes.pop()?);
                done(what.ty.kind.clone(), what.ty.optional, Op::At(Box::new(date), Box::new(what)))
            }
            function @ ("any_day" | "every_day") => {
                self.arity(name, arguments, 3..=3)?;
                for date in &nodes[..2] {
                    self.of_kind(date, &Kind::Date)?;
                    self.must_exist(date)?;
                }
                let every = function == "every_day";
                let mut nodes = nodes;
                let (what, to, from) = (nodes.pop()?, nodes.pop()?, nodes.pop()?);
                let what = self.flag(what)?;
                done(Kind::Flag, false, Op::Days(Box::new(from), Box::new(to), Box::new(what), every))
            }
            _ => None,
        }
    }

    /// What can be asked for as of another day: something that the rulebook gives a name.
    fn a_name(&mut self, node: &Node) -> Option<()> {
        if matches!(
            node.op,
            Op::Measure(_) | Op::InForce(_) | Op::Earned(_) | Op::Points | Op::Obligation(_) | Op::Standing
        ) {
            return Some(());
        }
        self.findings.add(
            Finding::new(
                &code::TYPE_MISMATCH,
                node.span,
                "only a measure, a ladder, an obligation or the standing can be asked for as of another day",
            )
            .help("give the computation a name: a measure"),
        );
        None
    }

    fn numeric(&mut self, node: &Node) -> Option<Kind> {
        if node.ty.kind.is_numeric() {
            return Some(node.ty.kind.clone());
        }
        self.mismatch(&Kind::Number, node);
        None
    }

    fn of_kind(&mut self, node: &Node, kind: &Kind) -> Option<()> {
        if node.ty.kind == *kind {
            return Some(());
        }
        self.mismatch(kind, node);
        None
    }

    fn a_set(&mut self, node: &Node) -> Option<()> {
        if matches!(node.ty.kind, Kind::Set(_)) {
            return Some(());
        }
        self.mismatch(&Kind::Set(Box::new(Kind::Text)), node);
        None
    }

    fn arity(&mut self, name: &Word, arguments: &[Expr], wanted: std::ops::RangeInclusive<usize>) -> Option<()> {
        if wanted.contains(&arguments.len()) {
            return Some(());
        }
        let form = FUNCTIONS.iter().find(|(function, _)| *function == name.text).map_or("", |(_, form)| form);
        self.findings.add(
            Finding::new(
                &code::WRONG_ARGUMENTS,
                name.span,
                format!("`{}` is given {}", name.text, counted(arguments.len())),
            )
            .help(format!("write `{form}`")),
        );
        None
    }

    fn script_call(&mut self, id: crate::model::ScriptId, name: &Word, nodes: Vec<Node>, span: Span) -> Option<Node> {
        let script = &self.model.scripts[id.0 as usize];
        let (takes, returns) = (script.takes.clone(), script.returns.clone());
        if takes.len() != nodes.len() {
            let form: Vec<&str> = takes.iter().map(|(argument, _)| argument.as_str()).collect();
            self.findings.add(
                Finding::new(
                    &code::WRONG_ARGUMENTS,
                    name.span,
                    format!("`{}` is given {}, it takes {}", name.text, counted(nodes.len()), takes.len()),
                )
                .help(format!("write `{}({})`", name.text, form.join(", "))),
            );
            return None;
        }
        let nodes: Vec<_> = nodes.into_iter().zip(&takes).map(|(node, (_, kind))| self.coerce(node, kind)).collect();
        let nodes = nodes.into_iter().collect::<Option<Vec<_>>>()?;
        Some(Node { span, ty: returns, op: Op::Script(id, nodes) })
    }

    /// The records that a quantifier ranges over.
    fn ranged(&mut self, expr: &Expr) -> Option<DomainId> {
        let ExprKind::Name(name) = &expr.kind else {
            self.findings.add(
                Finding::new(&code::TYPE_MISMATCH, expr.span, "the first argument names the records")
                    .help("write the record's name, as in `any(line, …)`"),
            );
            return None;
        };
        let found = self.model.domain_named(name).filter(
            |domain| !matches!(&self.model.domain(*domain).rows, RowsOf::Records(records) if records.list.is_none()),
        );
        if found.is_none() {
            let help = did_you_mean(name, self.model.domains.iter().map(|domain| domain.name.as_str()));
            self.findings.add(
                Finding::new(&code::UNKNOWN_NAME, expr.span, format!("there are no records `{name}`")).help_maybe(help),
            );
        }
        found
    }

    fn over(
        &mut self,
        quantifier: Quantifier,
        name: &Word,
        arguments: &[Expr],
        span: Span,
        scope: &Scope,
    ) -> Option<Node> {
        let wanted = match quantifier {
            Quantifier::Any | Quantifier::All => 2..=2,
            Quantifier::Count => 1..=2,
            Quantifier::Sum => 2..=3,
        };
        self.arity(name, arguments, wanted)?;
        let domain = self.ranged(&arguments[0])?;
        let inner = scope.with(self, domain);
        let (value, condition) = match quantifier {
            Quantifier::Sum => (Some(&arguments[1]), arguments.get(2)),
            _ => (None, arguments.get(1)),
        };
        let value = value.map(|value| self.node(value, &inner));
        let filter = condition.map(|condition| self.node(condition, &inner).and_then(|node| self.flag(node)));
        let value = match value {
            Some(value) => Some(value?),
            None => None,
        };
        let filter = match filter {
            Some(filter) => Some(filter?),
            None => None,
        };
        let kind = match (quantifier, &value) {
            (Quantifier::Any | Quantifier::All, _) => Kind::Flag,
            (_, Some(value)) => self.numeric(value)?,
            _ => Kind::Count,
        };
        let inside = scope.holder_of(self, domain);
        let over = Over { quantifier, domain, inside, value, filter };
        Some(Node { span, ty: Type::always(kind), op: Op::Over(Box::new(over)) })
    }

    fn marginal(&mut self, name: &Word, arguments: &[Expr], span: Span, scope: &Scope) -> Option<Node> {
        self.arity(name, arguments, 2..=2)?;
        let parameter = match &arguments[0].kind {
            ExprKind::Name(bands) => match self.names.get(bands) {
                Some((Meaning::Parameter(id), _)) => Some(*id),
                _ => None,
            },
            _ => None,
        };
        let keys =
            parameter.map(|id| (id, self.model.parameter(id).keys.clone(), self.model.parameter(id).kind.clone()));
        let Some((id, keys, kind)) = keys else {
            if let ExprKind::Name(bands) = &arguments[0].kind
                && !self.names.contains_key(bands)
            {
                self.nothing_called(bands, arguments[0].span, scope);
                return None;
            }
            let place = arguments[0].span;
            let finding =
                Finding::new(&code::TYPE_MISMATCH, place, "the first argument names a parameter with `bands`");
            self.findings
                .add(finding.help("write `marginal(BANDS, AMOUNT)`: the parameter, then what falls into its bands"));
            return None;
        };
        let [Key::Bands(_, bound)] = keys.as_slice() else {
            self.findings.add(
                Finding::new(&code::TYPE_MISMATCH, arguments[0].span, "the parameter has no `bands`")
                    .help("write `bands = [ { below = …, is = … }, …, { is = … } ]` for it"),
            );
            return None;
        };
        if *bound == Kind::Date {
            let message = "days have no parts that could each have a rate";
            let finding = Finding::new(&code::TYPE_MISMATCH, arguments[0].span, message);
            self.findings.add(finding.help("read the value of one day as `name[day]`"));
            return None;
        }
        let number = self.node(&arguments[1], scope)?;
        let number = self.coerce(number, bound)?;
        self.must_exist(&number)?;
        let result = if kind == Kind::Percent { bound.clone() } else { kind };
        Some(Node { span, ty: Type::always(result), op: Op::Call(Function::Marginal(id), vec![number]) })
    }

    /// A list of words that the language itself knows.
    pub(super) fn built_in_words(&mut self, name: &str, words: &[&str]) -> crate::value::WordsId {
        if let Some(place) = self.model.words.iter().position(|list| list.name == name) {
            return crate::value::WordsId(place as u32);
        }
        self.add_words(crate::model::Words {
            name: name.to_owned(),
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            titles: vec![None; words.len()],
            ordered: false,
        })
    }
}

/// `1 argument`, `2 arguments`
fn counted(arguments: usize) -> String {
    format!("{arguments} argument{}", if arguments == 1 { "" } else { "s" })
}
