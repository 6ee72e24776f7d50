//! Whether several conditions can hold at once, as far as what each says of one and the same value tells.

use super::judge::{Judge, constant_range};
use super::range::Range;
use super::same::same;
use crate::expression::Operator;
use crate::model::node::{Constant, Node, Op};
use crate::source::Span;
use crate::value::Kind;

/// Conditions that must hold together.
pub struct Together<'m> {
    judge: Judge<'m>,
    terms: Vec<Term<'m>>,
    clash: Option<(Span, Span)>,
}

/// A value of which the conditions say something.
struct Term<'m> {
    of: &'m Node,
    left: Left,
    said: Vec<Span>,
}

/// What is left for a value to be.
#[derive(Clone, Debug, PartialEq)]
enum Left {
    Range(Range),
    /// These words, by place.
    Words(Vec<bool>),
    /// These texts.
    Texts(Vec<String>),
    Flag(bool),
}

impl<'m> Together<'m> {
    /// No condition yet.
    pub fn of(judge: Judge<'m>) -> Self {
        Self { judge, terms: Vec::new(), clash: None }
    }

    /// The same, with more conditions.
    pub fn with(mut self, conditions: impl IntoIterator<Item = &'m Node>) -> Self {
        conditions.into_iter().for_each(|condition| self.add(condition, true));
        self
    }

    /// Two places that cannot both hold, if there are such: the later, then the earlier.
    pub fn clash(&self) -> Option<(Span, Span)> {
        self.clash
    }

    /// Whether the conditions speak of the same values as `other`.
    pub fn speaks_of_the_same(&self, other: &Self) -> bool {
        let within = |a: &Self, b: &Self| a.terms.iter().all(|x| b.terms.iter().any(|y| same(x.of, y.of)));
        within(self, other) && within(other, self)
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Adds a condition, or its opposite.
    pub fn add(&mut self, node: &'m Node, holds: bool) {
        match &node.op {
            Op::Constant(_) => {}
            Op::Not(inner) => self.add(inner, !holds),
            Op::And(parts) if holds => parts.iter().for_each(|part| self.add(part, true)),
            Op::Or(parts) if !holds => parts.iter().for_each(|part| self.add(part, false)),
            Op::Compare(operator, a, b) => {
                let operator = if holds { *operator } else { opposite(*operator) };
                let known = self.limit(operator, a, b, node.span) | self.limit(turned(operator), b, a, node.span);
                if !known {
                    self.say(node, Left::Flag(holds), node.span);
                }
            }
            Op::In(of, set) => match (&set.op, members(&of.ty.kind, set, self.judge)) {
                (_, Some(left)) => self.say(of, if holds { left } else { left.rest() }, node.span),
                _ => self.say(node, Left::Flag(holds), node.span),
            },
            _ => self.say(node, Left::Flag(holds), node.span),
        }
    }

    /// What `of operator by` leaves for `of`; false when that cannot be told.
    fn limit(&mut self, operator: Operator, of: &'m Node, by: &Node, span: Span) -> bool {
        if matches!(of.op, Op::Constant(_)) {
            return false;
        }
        let left = match (&of.ty.kind, &by.op) {
            (Kind::Word(words), Op::Constant(Constant::Word(word))) => {
                let all = self.judge.model.words(*words).words.len() as u32;
                Left::Words((0..all).map(|other| fits(operator, other, *word)).collect())
            }
            (Kind::Text | Kind::Row(_), Op::Constant(Constant::Text(text))) if operator == Operator::Equal => {
                Left::Texts(vec![text.clone()])
            }
            (kind, _) if kind.is_numeric() || *kind == Kind::Date => match bounded(operator, self.judge.range(by)) {
                Some(range) => Left::Range(range.and(self.judge.range(of))),
                None => return false,
            },
            _ => return false,
        };
        self.say(of, left, span);
        true
    }

    fn say(&mut self, of: &'m Node, left: Left, span: Span) {
        let place = self.terms.iter().position(|term| same(term.of, of)).unwrap_or_else(|| {
            self.terms.push(Term { of, left: left.clone(), said: Vec::new() });
            self.terms.len() - 1
        });
        let term = &mut self.terms[place];
        term.left = term.left.both(&left);
        term.said.push(span);
        if term.left.is_empty() && self.clash.is_none() {
            let earlier = term.said.iter().find(|said| **said != span);
            self.clash = Some((span, earlier.copied().unwrap_or(span)));
        }
    }
}

impl Left {
    fn both(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Range(a), Self::Range(b)) => Self::Range(a.and(*b)),
            (Self::Words(a), Self::Words(b)) => Self::Words(a.iter().zip(b).map(|(a, b)| *a && *b).collect()),
            (Self::Texts(a), Self::Texts(b)) => {
                Self::Texts(a.iter().filter(|text| b.contains(text)).cloned().collect())
            }
            (Self::Flag(a), Self::Flag(b)) if a != b => Self::Words(Vec::new()),
            (a, _) => a.clone(),
        }
    }

    /// Everything that is not left; of texts and ranges nothing is told.
    fn rest(self) -> Self {
        match self {
            Self::Words(words) => Self::Words(words.into_iter().map(|word| !word).collect()),
            Self::Flag(flag) => Self::Flag(!flag),
            _ => Self::Range(Range::ANY),
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Range(range) => range.is_empty(),
            Self::Words(words) => !words.contains(&true),
            Self::Texts(texts) => texts.is_empty(),
            Self::Flag(_) => false,
        }
    }
}

/// The members of a written set, as what is left for a value that is one of them.
fn members(kind: &Kind, set: &Node, judge: Judge<'_>) -> Option<Left> {
    let Op::Constant(Constant::Set(members)) = &set.op else { return None };
    match kind {
        Kind::Word(words) => {
            let mut left = vec![false; judge.model.words(*words).words.len()];
            for member in members {
                match member {
                    Constant::Word(word) => *left.get_mut(*word as usize)? = true,
                    _ => return None,
                }
            }
            Some(Left::Words(left))
        }
        Kind::Text | Kind::Row(_) => {
            let text = |member: &Constant| match member {
                Constant::Text(text) => Some(text.clone()),
                _ => None,
            };
            members.iter().map(text).collect::<Option<_>>().map(Left::Texts)
        }
        _ => members.iter().map(constant_range).reduce(Range::or).map(Left::Range),
    }
}

fn fits(operator: Operator, a: u32, b: u32) -> bool {
    match operator {
        Operator::Equal => a == b,
        Operator::NotEqual => a != b,
        Operator::Less => a < b,
        Operator::AtMost => a <= b,
        Operator::More => a > b,
        Operator::AtLeast => a >= b,
        _ => true,
    }
}

/// What is left for a number that stands in this relation to one of `by`.
fn bounded(operator: Operator, by: Range) -> Option<Range> {
    Some(match operator {
        Operator::Less => Range::below(by.high?.at, true),
        Operator::AtMost => Range::below(by.high?.at, false),
        Operator::More => Range::above(by.low?.at, true),
        Operator::AtLeast => Range::above(by.low?.at, false),
        Operator::Equal => {
            by.low.or(by.high)?;
            by
        }
        _ => return None,
    })
}

fn opposite(operator: Operator) -> Operator {
    match operator {
        Operator::Equal => Operator::NotEqual,
        Operator::NotEqual => Operator::Equal,
        Operator::Less => Operator::AtLeast,
        Operator::AtLeast => Operator::Less,
        Operator::More => Operator::AtMost,
        Operator::AtMost => Operator::More,
        other => other,
    }
}

/// The same relation, told from the other side.
fn turned(operator: Operator) -> Operator {
    match operator {
        Operator::Less => Operator::More,
        Operator::More => Operator::Less,
        Operator::AtMost => Operator::AtLeast,
        Operator::AtLeast => Operator::AtMost,
        other => other,
    }
}
