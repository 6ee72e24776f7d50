//! The stretch of numbers that a value may lie in. Days and levels are numbers here too.
//!
//! A range is never too small: what may be, lies in it. It knows nothing of rules.

use crate::value::Decimal;

/// One end of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// The number.
    pub at: Decimal,
    /// Whether the number itself lies outside.
    pub open: bool,
}

/// Numbers from one end to another; a missing end is without bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// The lower end.
    pub low: Option<End>,
    /// The upper end.
    pub high: Option<End>,
}

impl Range {
    /// Every number.
    pub const ANY: Self = Self { low: None, high: None };

    /// This number alone.
    pub fn only(at: Decimal) -> Self {
        Self::between(at, at)
    }

    /// From one number to another, both included.
    pub fn between(low: Decimal, high: Decimal) -> Self {
        Self { low: Some(End { at: low, open: false }), high: Some(End { at: high, open: false }) }
    }

    /// Zero and more.
    pub fn not_negative() -> Self {
        Self::above(Decimal::ZERO, false)
    }

    /// More than a number, or at least it.
    pub fn above(at: Decimal, open: bool) -> Self {
        Self { low: Some(End { at, open }), high: None }
    }

    /// Less than a number, or at most it.
    pub fn below(at: Decimal, open: bool) -> Self {
        Self { low: None, high: Some(End { at, open }) }
    }

    /// The one number that it holds, if it is one.
    pub fn one(self) -> Option<Decimal> {
        let (low, high) = (self.low?, self.high?);
        (low == high && !low.open).then_some(low.at)
    }

    /// Whether no number in it is less than zero.
    pub fn is_not_negative(self) -> bool {
        self.low.is_some_and(|low| low.at >= Decimal::ZERO)
    }

    /// Whether it holds nothing.
    pub fn is_empty(self) -> bool {
        match (self.low, self.high) {
            (Some(low), Some(high)) => low.at > high.at || (low.at == high.at && (low.open || high.open)),
            _ => false,
        }
    }

    /// What lies in either, and between them.
    pub fn or(self, other: Self) -> Self {
        let pick = |a: Option<End>, b: Option<End>, least: bool| {
            let (a, b) = (a?, b?);
            let first = if a.at == b.at { !a.open } else { (a.at < b.at) == least };
            Some(if first { a } else { b })
        };
        Self { low: pick(self.low, other.low, true), high: pick(self.high, other.high, false) }
    }

    /// What lies in both.
    pub fn and(self, other: Self) -> Self {
        let pick = |a: Option<End>, b: Option<End>, least: bool| match (a, b) {
            (Some(a), Some(b)) => {
                let first = if a.at == b.at { a.open } else { (a.at < b.at) == least };
                Some(if first { a } else { b })
            }
            (a, b) => a.or(b),
        };
        Self { low: pick(self.low, other.low, false), high: pick(self.high, other.high, true) }
    }

    /// The sums of both.
    pub fn plus(self, other: Self) -> Self {
        let sum = |a: Option<End>, b: Option<End>| {
            let (a, b) = (a?, b?);
            Some(End { at: a.at.checked_add(b.at)?, open: a.open || b.open })
        };
        Self { low: sum(self.low, other.low), high: sum(self.high, other.high) }
    }

    /// The products of both; told only of what is never negative.
    pub fn times(self, other: Self) -> Self {
        if !self.is_not_negative() || !other.is_not_negative() {
            return Self::ANY;
        }
        let product = |a: Option<End>, b: Option<End>| {
            let (a, b) = (a?, b?);
            Some(End { at: a.at.checked_mul(b.at)?, open: a.open || b.open })
        };
        let low = product(self.low, other.low).map(|low| End { open: false, ..low });
        Self { low, high: product(self.high, other.high).map(|high| End { open: false, ..high }) }
    }

    /// The same with the other sign.
    pub fn negative(self) -> Self {
        let turned = |end: Option<End>| end.map(|end| End { at: -end.at, ..end });
        Self { low: turned(self.high), high: turned(self.low) }
    }

    /// Whether every number of this range is less than every one of `other`.
    pub fn is_less(self, other: Self) -> bool {
        match (self.high, other.low) {
            (Some(a), Some(b)) => a.at < b.at || (a.at == b.at && (a.open || b.open)),
            _ => false,
        }
    }

    /// Whether no number of this range is more than any of `other`.
    pub fn is_at_most(self, other: Self) -> bool {
        matches!((self.high, other.low), (Some(a), Some(b)) if a.at <= b.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(low: i64, high: i64) -> Range {
        Range::between(low.into(), high.into())
    }

    #[test]
    fn ends_that_touch_are_told_apart_by_whether_they_belong() {
        let below = Range::below(5.into(), true);
        assert!(below.is_less(range(5, 9)));
        assert!(!Range::below(5.into(), false).is_less(range(5, 9)));
        assert!(Range::below(5.into(), false).is_at_most(range(5, 9)));
        assert!(below.and(Range::above(5.into(), false)).is_empty());
        assert!(!Range::below(5.into(), false).and(Range::above(5.into(), false)).is_empty());
    }

    #[test]
    fn what_may_be_lies_inside() {
        assert_eq!(range(1, 2).or(range(5, 6)), range(1, 6));
        assert_eq!(range(1, 5).and(range(2, 9)), range(2, 5));
        assert_eq!(range(1, 2).plus(range(10, 20)), range(11, 22));
        assert_eq!(range(1, 2).times(range(10, 20)), range(10, 40));
        assert_eq!(range(-1, 2).times(range(10, 20)), Range::ANY);
        assert_eq!(range(1, 2).negative(), range(-2, -1));
        assert_eq!(range(3, 3).one(), Some(3.into()));
        assert_eq!(range(3, 4).one(), None);
        assert_eq!(range(1, 2).or(Range::ANY), Range::ANY);
    }
}
