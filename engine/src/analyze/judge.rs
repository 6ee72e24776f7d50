//! What an expression can come to whatever the facts are: the range of its values, and whether a
//! condition must hold or cannot.
//!
//! Parameters count with every value that they have or could be read to have; one that is a word or a
//! flag is a switch, and both of its positions count.

use super::range::Range;
use crate::date::Date;
use crate::expression::Operator;
use crate::model::node::{Constant, Function, Node, Op, Quantifier};
use crate::model::{Aggregate, How, MeasureId, Model, ParameterId};
use crate::value::{Decimal, Kind};
use chrono::Datelike;

/// How far an expression is followed into others.
const DEEPEST: usize = 40;

/// Judges expressions of one model.
#[derive(Clone, Copy)]
pub struct Judge<'m> {
    /// The model.
    pub model: &'m Model,
    depth: usize,
}

impl<'m> Judge<'m> {
    /// A judge of expressions of `model`.
    pub fn of(model: &'m Model) -> Self {
        Self { model, depth: 0 }
    }

    /// `Some(true)` if the comparison holds whenever it is known, `Some(false)` if it never does.
    pub fn comparison(self, node: &Node) -> Option<bool> {
        match &node.op {
            Op::Compare(operator, a, b) => {
                let (a, b) = (self.range(a), self.range(b));
                let (holds, fails) = match operator {
                    Operator::Less => (a.is_less(b), b.is_at_most(a)),
                    Operator::AtMost => (a.is_at_most(b), b.is_less(a)),
                    Operator::More => (b.is_less(a), a.is_at_most(b)),
                    Operator::AtLeast => (b.is_at_most(a), a.is_less(b)),
                    Operator::Equal => (self.equal(a, b), a.is_less(b) || b.is_less(a)),
                    Operator::NotEqual => (a.is_less(b) || b.is_less(a), self.equal(a, b)),
                    _ => return None,
                };
                if holds { Some(true) } else { fails.then_some(false) }
            }
            Op::In(_, set) => match &set.op {
                Op::Constant(Constant::Set(members)) if members.is_empty() => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    fn equal(self, a: Range, b: Range) -> bool {
        a.one().is_some() && a.one() == b.one()
    }

    /// Where the values of an expression lie.
    pub fn range(self, node: &Node) -> Range {
        if self.depth > DEEPEST {
            return Range::ANY;
        }
        let inner = Self { depth: self.depth + 1, ..self };
        let of = |node: &Node| inner.range(node);
        let own = match &node.op {
            Op::Constant(constant) => constant_range(constant),
            Op::Parameter(id, _) => self.parameter(*id, &node.ty.kind),
            // Facts are refused where a count is negative; one that is computed may be.
            Op::Field(..) | Op::FieldOf(..) if node.ty.kind == Kind::Count => Range::not_negative(),
            Op::Measure(id) | Op::MeasureOf(_, id) => inner.measure(*id),
            Op::Points => {
                let all = 0..self.model.awards.len() as u32;
                all.map(|award| inner.award(award)).fold(Range::only(Decimal::ZERO), Range::plus)
            }
            Op::AwardTotal(award) | Op::AwardRow(award, _) => inner.award(*award),
            Op::Arithmetic(operator, a, b) => match operator {
                Operator::Add => of(a).plus(of(b)),
                Operator::Subtract => of(a).plus(of(b).negative()),
                Operator::Multiply => of(a).times(of(b)),
                _ => Range::ANY,
            },
            Op::OfHundred(..) => Range::ANY,
            Op::Negative(a) => of(a).negative(),
            Op::If(_, a, b) | Op::Coalesce(a, b) => of(a).or(of(b)),
            Op::Call(function, nodes) => inner.call(*function, nodes),
            Op::Over(over) => match (over.quantifier, &over.value) {
                (Quantifier::Count, _) => Range::not_negative(),
                (Quantifier::Sum, Some(value)) if of(value).is_not_negative() => Range::not_negative(),
                _ => Range::ANY,
            },
            _ => Range::ANY,
        };
        own.and(self.of_kind(&node.ty.kind))
    }

    /// Where the values of a kind lie: words by their places.
    fn of_kind(self, kind: &Kind) -> Range {
        let Kind::Word(words) = kind else { return Range::ANY };
        let last = self.model.words(*words).words.len().saturating_sub(1);
        Range::between(Decimal::ZERO, Decimal::from(last))
    }

    fn parameter(self, id: ParameterId, kind: &Kind) -> Range {
        if !kind.is_numeric() && *kind != Kind::Date {
            return Range::ANY;
        }
        let set = self.model.exceptions.iter().flat_map(|exception| &exception.sets);
        let set = set.filter(|(other, _)| *other == id).flat_map(|(_, cells)| cells).flatten();
        let values = self.model.parameter(id).values().chain(set).map(constant_range);
        values.reduce(Range::or).unwrap_or(Range::ANY)
    }

    fn measure(self, id: MeasureId) -> Range {
        let tally = match &self.model.measure(id).how {
            How::Value(node) => return self.range(node),
            How::Rank(_) => return Range::above(Decimal::ONE, false),
            How::Tally(tally, _) => &self.model.tallies[*tally as usize],
        };
        let value = tally.value.as_ref().map_or(Range::ANY, |value| self.range(value));
        match tally.aggregate {
            Aggregate::Count => Range::not_negative().or(constant_range(&tally.empty)),
            Aggregate::Sum if value.is_not_negative() => Range::not_negative().or(constant_range(&tally.empty)),
            Aggregate::Min | Aggregate::Max | Aggregate::Median | Aggregate::Latest => match &tally.empty {
                Constant::None => value,
                empty => value.or(constant_range(empty)),
            },
            _ => Range::ANY,
        }
    }

    fn award(self, place: u32) -> Range {
        let award = &self.model.awards[place as usize];
        let tally = &self.model.tallies[award.tally as usize];
        let counted = match (&tally.value, tally.aggregate) {
            (_, Aggregate::Count) => true,
            (Some(value), _) => self.range(value).is_not_negative(),
            (None, _) => false,
        };
        let pays = award.rows.iter().all(|row| self.range(&row.points).is_not_negative());
        let capped = award.at_most.as_ref().is_none_or(|cap| self.range(cap).is_not_negative());
        if counted && pays && capped { Range::not_negative() } else { Range::ANY }
    }

    fn call(self, function: Function, nodes: &[Node]) -> Range {
        let ranges = || nodes.iter().map(|node| self.range(node));
        match function {
            Function::Min | Function::Max => ranges().reduce(Range::or).unwrap_or(Range::ANY),
            Function::Abs => Range::not_negative(),
            Function::Size => match nodes {
                [set] => self.size(set),
                _ => Range::not_negative(),
            },
            Function::HowMany => Range::between(Decimal::ZERO, Decimal::from(nodes.len())),
            _ => Range::ANY,
        }
    }

    /// How many members a set may have.
    fn size(self, set: &Node) -> Range {
        let up_to = |most: usize| Range::between(Decimal::ZERO, Decimal::from(most));
        match &set.op {
            Op::Constant(Constant::Set(members)) => Range::only(Decimal::from(members.len())),
            Op::Call(Function::Overlap, sets) => {
                sets.iter().map(|set| self.size(set)).fold(Range::not_negative(), |most, size| {
                    most.and(Range { low: Range::not_negative().low, high: size.high })
                })
            }
            _ => match &set.ty.kind {
                Kind::Set(of) => match &**of {
                    Kind::Word(words) => up_to(self.model.words(*words).words.len()),
                    _ => Range::not_negative(),
                },
                _ => Range::not_negative(),
            },
        }
    }
}

/// Where a written value lies; one that is not specified may lie anywhere.
pub fn constant_range(constant: &Constant) -> Range {
    match constant {
        Constant::Number(number) => Range::only(*number),
        Constant::Date(date) => Range::only(day(*date)),
        Constant::Word(word) => Range::only(Decimal::from(*word)),
        _ => Range::ANY,
    }
}

fn day(date: Date) -> Decimal {
    Decimal::from(date.num_days_from_ce())
}
