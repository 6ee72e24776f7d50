//! Comparisons: of values, of ranges, of levels of which only bounds are known, and with the day.

use super::Evaluator;
use super::bounds::{Bounds, both};
use super::duty::OVERDUE;
use super::truth::Truth;
use crate::expression::Operator;
use crate::facts::Value;
use crate::model::node::{Constant, Node, Op};
use crate::value::Decimal;

impl<'a> Evaluator<'a> {
    /// A comparison; one with the as-of date turns.
    #[inline(never)]
    pub fn comparison(&self, operator: Operator, a: &'a Node, b: &'a Node) -> Value<'a> {
        match (&a.op, &b.op) {
            (Op::AsOf, _) => {
                let day = self.eval(b);
                self.turns_at(operator, day);
                self.compare(operator, Value::Date(self.as_of), day)
            }
            (_, Op::AsOf) => {
                let day = self.eval(a);
                self.turns_at(operator.mirrored(), day);
                self.compare(operator, day, Value::Date(self.as_of))
            }
            (Op::Obligation(place), Op::Constant(Constant::Word(OVERDUE))) => {
                // Whether it is due or done may be open where it is certainly not overdue.
                let result = self.obligation(*place);
                match result.state {
                    Value::Unknown(_) if !result.may_be_overdue => Value::Flag(matches!(operator, Operator::NotEqual)),
                    state => self.compare(operator, state, Value::Word(OVERDUE)),
                }
            }
            (Op::InForce(_) | Op::Earned(_), _) => {
                self.compare_level(operator, self.levels(a), self.eval(a), self.eval(b))
            }
            (_, Op::InForce(_) | Op::Earned(_)) => {
                self.compare_level(operator.mirrored(), self.levels(b), self.eval(b), self.eval(a))
            }
            _ => {
                self.against_today(operator, a, b).unwrap_or_else(|| self.compare(operator, self.eval(a), self.eval(b)))
            }
        }
    }

    /// The lowest and the highest level that a ladder's answer may be.
    fn levels(&self, node: &'a Node) -> Option<(u32, u32)> {
        match &node.op {
            Op::InForce(id) => Some(self.force(*id).between),
            Op::Earned(id) => Some(self.ladder(*id).between),
            _ => None,
        }
    }

    /// Compares a level of which perhaps only bounds are known: what holds for all that it may be, holds.
    fn compare_level(
        &self,
        operator: Operator,
        levels: Option<(u32, u32)>,
        level: Value<'a>,
        with: Value<'a>,
    ) -> Value<'a> {
        if let (Some((low, high)), Value::Unknown(_), Value::Word(word)) = (levels, level, with) {
            let at = |level: u32| self.compare(operator, Value::Word(level), Value::Word(word));
            let outside = word < low || word > high;
            let ends = at(low);
            if ends.is(&at(high)) && (operator.is_order() || outside) {
                return ends;
            }
        }
        self.compare(operator, level, with)
    }

    /// Compares two values of one kind.
    pub fn compare(&self, operator: Operator, a: Value<'a>, b: Value<'a>) -> Value<'a> {
        match self.compares(operator, a, b) {
            Truth::True => Value::Flag(true),
            Truth::False => Value::Flag(false),
            Truth::Unknown(why) => Value::Unknown(why),
        }
    }

    /// Whether two values of one kind compare so.
    #[inline]
    pub fn compares(&self, operator: Operator, a: Value<'a>, b: Value<'a>) -> Truth<'a> {
        use std::cmp::Ordering::{Equal, Greater, Less};
        let holds = |ordering: std::cmp::Ordering| match operator {
            Operator::Equal => ordering == Equal,
            Operator::NotEqual => ordering != Equal,
            Operator::Less => ordering == Less,
            Operator::AtMost => ordering != Greater,
            Operator::More => ordering == Greater,
            _ => ordering != Less,
        };
        let ordering = match (a, b) {
            (Value::Number(a), Value::Number(b)) => a.cmp(&b),
            (Value::Date(a), Value::Date(b)) => a.cmp(&b),
            (Value::Word(a), Value::Word(b)) | (Value::Row(a), Value::Row(b)) => a.cmp(&b),
            (Value::Text(a), Value::Text(b)) => a.cmp(b),
            (Value::Flag(a), Value::Flag(b)) => a.cmp(&b),
            (Value::Duration(a), Value::Duration(b)) => a.cmp(&b),
            // A reference to a record that was not told is no record that was.
            (Value::Text(_), Value::Row(_)) | (Value::Row(_), Value::Text(_)) => Less,
            (Value::None, _) | (_, Value::None) => return Truth::Unknown(self.undefined("a value does not exist")),
            _ => return self.truth_of(self.compare_ranges(operator, a, b)),
        };
        if holds(ordering) { Truth::True } else { Truth::False }
    }

    #[cold]
    fn compare_ranges(&self, operator: Operator, a: Value<'a>, b: Value<'a>) -> Value<'a> {
        let (Some(x), Some(y)) = (Bounds::of(a), Bounds::of(b)) else {
            return match (a, b) {
                (Value::Unknown(why), _) | (_, Value::Unknown(why)) => Value::Unknown(why),
                _ => Value::Unknown(self.undefined("the values cannot be compared")),
            };
        };
        // Whether every number of the first is below every number of the second, and so on.
        let below = |a: Option<Decimal>, b: Option<Decimal>| matches!((a, b), (Some(a), Some(b)) if a < b);
        let not_above = |a: Option<Decimal>, b: Option<Decimal>| matches!((a, b), (Some(a), Some(b)) if a <= b);
        let (less, at_most) = (below(x.high, y.low), not_above(x.high, y.low));
        let (more, at_least) = (below(y.high, x.low), not_above(y.high, x.low));
        let decided = match operator {
            Operator::Less if less => Some(true),
            Operator::Less if at_least => Some(false),
            Operator::AtMost if at_most => Some(true),
            Operator::AtMost if more => Some(false),
            Operator::More if more => Some(true),
            Operator::More if at_most => Some(false),
            Operator::AtLeast if at_least => Some(true),
            Operator::AtLeast if less => Some(false),
            Operator::Equal if less || more => Some(false),
            Operator::NotEqual if less || more => Some(true),
            _ => None,
        };
        match (decided, both(x.why, y.why, self.arena)) {
            (Some(holds), _) => Value::Flag(holds),
            (None, Some(why)) => Value::Unknown(why),
            (None, None) => Value::Unknown(self.undefined("the values cannot be compared")),
        }
    }
}
