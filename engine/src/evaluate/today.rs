//! Comparisons of what is made of the as-of date, so that it is known on which day they turn.
//!
//! What is made of the day itself turns every day; a comparison of it turns on one day alone.

use super::Evaluator;
use crate::date::{self, Date};
use crate::expression::Operator;
use crate::facts::Value;
use crate::model::How;
use crate::model::node::{Function, Node, Op};
use crate::value::{Decimal, Duration};
use rust_decimal::prelude::ToPrimitive;

/// What an expression makes of the as-of date.
#[derive(Clone, Copy)]
enum Made<'a> {
    /// The day itself.
    Day,
    /// The days from it to a date.
    Until(&'a Node),
    /// The days from a date to it.
    Since(&'a Node),
}

impl<'a> Evaluator<'a> {
    /// A comparison of what is made of the as-of date; `None` where neither side is.
    #[inline]
    pub fn against_today(&self, operator: Operator, a: &'a Node, b: &'a Node) -> Option<Value<'a>> {
        if let Some(made) = self.made_of_today(a) {
            return self.turned(operator, made, b);
        }
        self.made_of_today(b).and_then(|made| self.turned(operator.mirrored(), made, a))
    }

    /// Whether an expression is made of the as-of date, so that it is another on every day.
    pub fn is_made_of_today(&self, node: &'a Node) -> bool {
        matches!(node.op, Op::AsOf) || self.made_of_today(node).is_some()
    }

    #[inline]
    fn made_of_today(&self, node: &'a Node) -> Option<Made<'a>> {
        match &node.op {
            Op::Coalesce(..) => self.is_today(node).then_some(Made::Day),
            Op::Call(Function::DaysBetween, arguments) => match arguments.as_slice() {
                [from, to] if self.is_today(from) => Some(Made::Until(to)),
                [from, to] if self.is_today(to) => Some(Made::Since(from)),
                _ => None,
            },
            Op::Measure(id) => {
                let measure = self.model().measure(*id);
                match &measure.how {
                    // A measure of the subject as a whole may be given, not computed.
                    How::Value(value) if !measure.each.is_empty() => self.made_of_today(value),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Whether an expression is the as-of date, perhaps because another date does not exist.
    pub fn is_today(&self, node: &'a Node) -> bool {
        match &node.op {
            Op::AsOf => true,
            Op::Coalesce(first, second) => {
                matches!(second.op, Op::AsOf | Op::Coalesce(..))
                    && matches!(self.eval(first), Value::None)
                    && self.is_today(second)
            }
            _ => false,
        }
    }

    fn turned(&self, operator: Operator, made: Made<'a>, with: &'a Node) -> Option<Value<'a>> {
        let with = self.eval(with);
        let (of, sign) = match made {
            Made::Day => {
                self.turns_at(operator, with);
                return Some(self.compare(operator, Value::Date(self.as_of), with));
            }
            Made::Until(date) => (date, -1),
            Made::Since(date) => (date, 1),
        };
        let (Value::Date(of), Value::Number(number)) = (self.eval(of), with) else { return None };
        let days = number.fract().is_zero().then(|| number.to_i32()).flatten()?;
        let edge = date::shift(of, Duration::days(days.checked_mul(sign)?))?;
        self.turns_at(if sign < 0 { operator.mirrored() } else { operator }, Value::Date(edge));
        let between = |from: Date, to: Date| Decimal::from((to - from).num_days());
        let have = if sign < 0 { between(self.as_of, of) } else { between(of, self.as_of) };
        Some(self.compare(operator, Value::Number(have), with))
    }
}
