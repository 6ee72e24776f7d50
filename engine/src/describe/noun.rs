//! Expressions as nouns: what a value is.

use super::catalogue::{expression as say, part};
use super::teller::Teller;
use crate::expression::Operator;
use crate::model::node::{Constant, Function, Node, Op, Over, Quantifier};
use crate::value::{Duration, Kind};

impl Teller<'_> {
    /// The value of an expression as a noun.
    pub fn noun(&self, node: &Node) -> String {
        match &node.op {
            Op::Constant(constant) => self.constant_noun(&node.ty.kind, constant),
            Op::Parameter(id, keys) => self.parameter(self.model.parameter(*id), keys),
            Op::Field(domain, field) => self.field(*domain, *field),
            Op::FieldOf(owner, domain, field) => self.field_of(&self.noun(owner), *domain, *field),
            Op::Row(domain) => self.say(say::RECORD, &[&self.record(*domain)]),
            Op::Measure(id) => self.measure_name(self.model.measure(*id)),
            Op::MeasureOf(owner, id) => {
                self.say(say::OF, &[&self.measure_name(self.model.measure(*id)), &self.noun(owner)])
            }
            Op::Points => self.say(say::POINTS, &[]),
            Op::AwardRow(award, row) => self.award_row(*award, *row),
            Op::AwardTotal(award) => self.award_total(*award),
            Op::InForce(id) => self.say(say::IN_FORCE, &[&self.ladder_name(self.model.ladder(*id))]),
            Op::Earned(id) => self.say(say::EARNED, &[&self.ladder_name(self.model.ladder(*id))]),
            Op::Obligation(place) => {
                let obligation = &self.model.obligations[*place as usize];
                let title = obligation.title.as_ref().map_or(obligation.id.as_str(), |title| title.text(self.language));
                self.say(say::STATE_OF, &[title])
            }
            Op::Ruling(place, verdict) => self.verdict_noun(*place, *verdict),
            Op::Standing => self.say(say::STANDING, &[]),
            Op::AsOf => self.say(say::AS_OF, &[]),
            Op::CycleStart => self.say(say::CYCLE_START, &[]),
            Op::CycleEnd => self.say(say::CYCLE_END, &[]),
            Op::If(condition, yes, no) => {
                self.say(say::IF, &[&self.clause(condition, true), &self.whole(yes), &self.whole(no)])
            }
            Op::Coalesce(first, second) => self.say(say::OR_IF_NONE, &[&self.noun(first), &self.noun(second)]),
            Op::Arithmetic(operator, a, b) | Op::OfHundred(operator, a, b) => self.arithmetic(*operator, a, b),
            Op::Negative(of) => self.say(say::NEGATIVE, &[&self.part(of)]),
            Op::Shift(date, by, back) => {
                let message = if *back { say::DATE_MINUS } else { say::DATE_PLUS };
                self.say(message, &[&self.left(date), &self.part(by)])
            }
            Op::Lengthen(a, b, back) => {
                self.say(if *back { say::MINUS } else { say::PLUS }, &[&self.left(a), &self.part(b)])
            }
            Op::SetOf(members) => {
                let members: Vec<String> = members.iter().map(|member| self.noun(member)).collect();
                self.listed(&members, part::LIST_TWO_AND)
            }
            Op::Call(function, arguments) => self.call(*function, arguments),
            Op::Over(over) => self.over(over).unwrap_or_else(|| self.whether(node)),
            Op::Script(id, arguments) => {
                let script = self.model.scripts.get(id.0 as usize).map_or("", |script| script.name.as_str());
                if arguments.is_empty() {
                    return self.say(say::SCRIPT_ALONE, &[script]);
                }
                self.say(say::SCRIPT, &[script, &self.nouns(arguments)])
            }
            Op::At(date, what) => self.say(say::AS_IT_WAS, &[&self.noun(date), &self.noun(what)]),
            Op::Not(_) | Op::And(_) | Op::Or(_) | Op::Has(_) | Op::Compare(..) | Op::In(..) | Op::Days(..) => {
                self.whether(node)
            }
        }
    }

    fn whether(&self, node: &Node) -> String {
        self.say(say::WHETHER, &[&self.clause(node, true)])
    }

    fn constant_noun(&self, kind: &Kind, constant: &Constant) -> String {
        match (constant, kind) {
            (Constant::Text(text), _) => self.say(say::QUOTED, &[text]),
            (Constant::Set(members), Kind::Set(of)) if **of == Kind::Text => {
                let members = members.iter().map(|member| self.constant_noun(of, member)).collect::<Vec<_>>();
                self.listed(&members, part::LIST_TWO_AND)
            }
            _ => self.constant(kind, constant),
        }
    }

    pub fn nouns(&self, nodes: &[Node]) -> String {
        let nouns: Vec<String> = nodes.iter().map(|node| self.noun(node)).collect();
        self.listed(&nouns, part::LIST_TWO_AND)
    }

    /// A noun inside another: in brackets where it could be read wrongly.
    fn part(&self, node: &Node) -> String {
        match node.op {
            Op::If(..)
            | Op::Arithmetic(..)
            | Op::OfHundred(..)
            | Op::Shift(..)
            | Op::Lengthen(..)
            | Op::Negative(_)
            | Op::Over(_) => self.say(say::GROUP, &[&self.noun(node)]),
            Op::Call(Function::Min | Function::Max, _) => self.say(say::GROUP, &[&self.noun(node)]),
            _ => self.noun(node),
        }
    }

    /// A noun inside a choice: in brackets where it is one too.
    fn whole(&self, node: &Node) -> String {
        if matches!(node.op, Op::If(..)) { self.part(node) } else { self.noun(node) }
    }

    /// The left side of a sum, which needs no brackets for another sum.
    fn left(&self, node: &Node) -> String {
        match node.op {
            Op::Arithmetic(Operator::Add | Operator::Subtract, ..) | Op::Shift(..) | Op::Lengthen(..) => {
                self.noun(node)
            }
            _ => self.part(node),
        }
    }

    fn arithmetic(&self, operator: Operator, a: &Node, b: &Node) -> String {
        match operator {
            Operator::Add => self.say(say::PLUS, &[&self.left(a), &self.part(b)]),
            Operator::Subtract => self.say(say::MINUS, &[&self.left(a), &self.part(b)]),
            Operator::Multiply if a.ty.kind == Kind::Percent && b.ty.kind != Kind::Percent => {
                self.say(say::PERCENT_OF, &[&self.part(a), &self.part(b)])
            }
            Operator::Multiply if b.ty.kind == Kind::Percent && a.ty.kind != Kind::Percent => {
                self.say(say::PERCENT_OF, &[&self.part(b), &self.part(a)])
            }
            Operator::Multiply => self.say(say::TIMES, &[&self.part(a), &self.part(b)]),
            _ => self.say(say::OVER, &[&self.part(a), &self.part(b)]),
        }
    }

    fn call(&self, function: Function, arguments: &[Node]) -> String {
        let nouns: Vec<String> = arguments.iter().map(|argument| self.noun(argument)).collect();
        let at = |place: usize| nouns.get(place).map_or("", String::as_str);
        let first = at(0);
        let whole = arguments.first().map(|argument| self.part(argument)).unwrap_or_default();
        match function {
            Function::Min | Function::Max => self.extreme(function == Function::Min, arguments, &nouns),
            Function::Abs => self.say(say::ABSOLUTE, &[&whole]),
            Function::Floor => self.say(say::FLOOR, &[&whole]),
            Function::Ceil => self.say(say::CEIL, &[&whole]),
            Function::Round => self.say(say::ROUND, &[&whole, at(1)]),
            Function::RoundTo => {
                let word = arguments.get(1).map(|node| self.setting_words(node)).unwrap_or_default();
                self.say(say::ROUND_TO, &[&whole, &word])
            }
            Function::Days | Function::Months | Function::Years if fixed(function, arguments).is_some() => {
                fixed(function, arguments).map(|duration| self.duration(duration)).unwrap_or_default()
            }
            Function::Days => self.say(say::DAYS, &[first]),
            Function::Months => self.say(say::MONTHS, &[first]),
            Function::Years => self.say(say::YEARS, &[first]),
            Function::DaysBetween => self.say(say::DAYS_BETWEEN, &[first, at(1)]),
            Function::MonthsBetween => self.say(say::MONTHS_BETWEEN, &[first, at(1)]),
            Function::MonthStart => self.say(say::MONTH_START, &[first]),
            Function::MonthEnd => self.say(say::MONTH_END, &[first]),
            Function::Anniversary if self.model.cycle.is_some() => self.say(say::ANNIVERSARY_CYCLE, &[first]),
            Function::Anniversary => self.say(say::ANNIVERSARY_YEAR, &[first]),
            Function::Marginal(id) => self.say(say::MARGINAL, &[first, &self.parameter(self.model.parameter(id), &[])]),
            Function::Size => self.say(say::SIZE, &[first]),
            Function::Overlap => self.say(say::OVERLAP, &[first, at(1)]),
            Function::HowMany => {
                let clauses: Vec<String> = arguments.iter().map(|argument| self.clause(argument, true)).collect();
                self.say(say::HOW_MANY, &[&clauses.join("; ")])
            }
        }
    }

    fn extreme(&self, least: bool, arguments: &[Node], nouns: &[String]) -> String {
        let kind = arguments.first().map(|argument| &argument.ty.kind);
        if let (Some(Kind::Date), [a, b]) = (kind, nouns) {
            return self.say(if least { say::EARLIER } else { say::LATER }, &[a, b]);
        }
        let message = match (kind, least) {
            (Some(Kind::Date), true) => say::EARLIEST,
            (Some(Kind::Date), false) => say::LATEST,
            (Some(Kind::Word(_)), true) => say::LOWEST,
            (Some(Kind::Word(_)), false) => say::HIGHEST,
            (_, true) => say::SMALLEST,
            (_, false) => say::GREATEST,
        };
        self.say(message, &[&self.listed(nouns, part::LIST_TWO_AND)])
    }

    /// A count or a sum over records; `None` for questions.
    fn over(&self, over: &Over) -> Option<String> {
        let teller = self.at(over.domain);
        let records = self.records(over.domain);
        let filter = over.filter.as_ref().map(|filter| teller.clause(filter, true));
        let value = over.value.as_ref().map(|value| teller.noun(value)).unwrap_or_default();
        match (over.quantifier, filter) {
            (Quantifier::Count, None) => Some(self.say(say::NUMBER_OF, &[&records])),
            (Quantifier::Count, Some(filter)) => Some(self.say(say::NUMBER_WHERE, &[&records, &filter])),
            (Quantifier::Sum, None) => Some(self.say(say::SUM_OVER, &[&records, &value])),
            (Quantifier::Sum, Some(filter)) => Some(self.say(say::SUM_WHERE, &[&records, &value, &filter])),
            (Quantifier::Any | Quantifier::All, _) => None,
        }
    }
}

/// The duration that a function gives for a number that stands in the rulebook.
fn fixed(function: Function, arguments: &[Node]) -> Option<Duration> {
    let [Node { op: Op::Constant(Constant::Number(number)), .. }] = arguments else { return None };
    let number = i32::try_from(*number).ok().filter(|_| number.fract().is_zero())?;
    match function {
        Function::Days => Some(Duration::days(number)),
        Function::Months => Some(Duration::months(number)),
        Function::Years => number.checked_mul(12).map(Duration::months),
        _ => None,
    }
}
