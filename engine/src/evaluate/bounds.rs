//! Numbers of which perhaps only bounds are known.

use crate::facts::{Arena, Range, Value, Why};
use crate::value::{Decimal, Rounding};

/// A number between two bounds; exact when nothing about it is unknown.
#[derive(Clone, Copy, Debug)]
pub struct Bounds<'a> {
    /// At least this; open when `None`.
    pub low: Option<Decimal>,
    /// At most this; open when `None`.
    pub high: Option<Decimal>,
    /// What is not known; `None` when the number is exact.
    pub why: Option<&'a Why<'a>>,
}

/// A number that is too large to be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overflow;

impl<'a> Bounds<'a> {
    /// Exactly `number`.
    pub fn exactly(number: Decimal) -> Self {
        Self { low: Some(number), high: Some(number), why: None }
    }

    /// Nothing is known of it.
    pub fn unknown(why: &'a Why<'a>) -> Self {
        Self { low: None, high: None, why: Some(why) }
    }

    /// The number that a value is; `None` for what is no number.
    pub fn of(value: Value<'a>) -> Option<Self> {
        match value {
            Value::Number(number) => Some(Self::exactly(number)),
            Value::Range(range) => Some(Self { low: range.low, high: range.high, why: Some(range.why) }),
            Value::Unknown(why) => Some(Self::unknown(why)),
            _ => None,
        }
    }

    /// The number, when it is exact.
    pub fn exact(&self) -> Option<Decimal> {
        if self.why.is_none() { self.low } else { None }
    }

    /// The number as a value; bounds that meet are exact.
    pub fn value(self, arena: &'a Arena) -> Value<'a> {
        match (self.low, self.high, self.why) {
            (Some(low), Some(high), _) if low == high => Value::Number(low),
            (Some(low), _, None) => Value::Number(low),
            (None, None, Some(why)) => Value::Unknown(why),
            (low, high, Some(why)) => Value::Range(arena.alloc(Range { low, high, why })),
            (None, _, None) => Value::None,
        }
    }

    /// The sum of two numbers.
    pub fn plus(self, other: Self, arena: &'a Arena) -> Result<Self, Overflow> {
        if let (Some(a), Some(b)) = (self.exact(), other.exact()) {
            return a.checked_add(b).map(Self::exactly).ok_or(Overflow);
        }
        let add = |a: Option<Decimal>, b: Option<Decimal>| match (a, b) {
            (Some(a), Some(b)) => a.checked_add(b).map(Some).ok_or(Overflow),
            _ => Ok(None),
        };
        Ok(Self {
            low: add(self.low, other.low)?,
            high: add(self.high, other.high)?,
            why: both(self.why, other.why, arena),
        })
    }

    /// The number the other way round.
    pub fn negative(self) -> Self {
        Self { low: self.high.map(|n| -n), high: self.low.map(|n| -n), why: self.why }
    }

    /// The product of two numbers; zero times anything is zero.
    pub fn times(self, other: Self, arena: &'a Arena) -> Result<Self, Overflow> {
        if let (Some(a), Some(b)) = (self.exact(), other.exact()) {
            return a.checked_mul(b).map(Self::exactly).ok_or(Overflow);
        }
        if [self, other].iter().any(|side| side.exact().is_some_and(|number| number.is_zero())) {
            return Ok(Self::exactly(Decimal::ZERO));
        }
        let why = both(self.why, other.why, arena);
        let (Some(a), Some(b), Some(c), Some(d)) = (self.low, self.high, other.low, other.high) else {
            return self.scaled(other, why);
        };
        let mut corners = [a.checked_mul(c), a.checked_mul(d), b.checked_mul(c), b.checked_mul(d)];
        corners.sort_unstable();
        match corners {
            [Some(low), _, _, Some(high)] => Ok(Self { low: Some(low), high: Some(high), why }),
            _ => Err(Overflow),
        }
    }

    /// The product with a side that has an open bound; bounds survive only an exact factor.
    fn scaled(self, other: Self, why: Option<&'a Why<'a>>) -> Result<Self, Overflow> {
        let (range, factor) = match (self.exact(), other.exact()) {
            (Some(factor), None) => (other, factor),
            (None, Some(factor)) => (self, factor),
            _ => return Ok(Self { low: None, high: None, why }),
        };
        let scale = |bound: Option<Decimal>| bound.map(|n| n.checked_mul(factor).ok_or(Overflow)).transpose();
        let (low, high) = (scale(range.low)?, scale(range.high)?);
        Ok(if factor.is_sign_negative() { Self { low: high, high: low, why } } else { Self { low, high, why } })
    }

    /// The number by a positive or negative divisor that is exact and not zero.
    pub fn divided(self, divisor: Decimal) -> Result<Self, Overflow> {
        let divide = |bound: Option<Decimal>| bound.map(|n| n.checked_div(divisor).ok_or(Overflow)).transpose();
        let (low, high) = (divide(self.low)?, divide(self.high)?);
        Ok(if divisor.is_sign_negative() {
            Self { low: high, high: low, why: self.why }
        } else {
            Self { low, high, why: self.why }
        })
    }

    /// The number rounded; rounding keeps the order of bounds.
    pub fn rounded(self, rounding: Rounding, places: u32) -> Self {
        let round = |bound: Option<Decimal>| bound.map(|n| rounding.apply(n, places));
        Self { low: round(self.low), high: round(self.high), why: self.why }
    }

    /// The number, but no more than `cap`.
    pub fn at_most(self, cap: Self, arena: &'a Arena) -> Self {
        let least = |a: Option<Decimal>, b: Option<Decimal>| match (a, b) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (None, b) => b,
            (a, None) => a,
        };
        let low = match (self.low, cap.low) {
            (Some(a), Some(b)) => Some(a.min(b)),
            _ => None,
        };
        let high = least(self.high, cap.high);
        let why = if low.is_some() && low == high { None } else { both(self.why, cap.why, arena) };
        Self { low, high, why }
    }
}

/// Both reasons, where there are two.
pub fn both<'a>(a: Option<&'a Why<'a>>, b: Option<&'a Why<'a>>, arena: &'a Arena) -> Option<&'a Why<'a>> {
    match (a, b) {
        (Some(a), Some(b)) if std::ptr::eq(a, b) => Some(a),
        (Some(a), Some(b)) => Some(arena.alloc(Why::Both(a, b))),
        (a, b) => a.or(b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(n: i64) -> Decimal {
        Decimal::from(n)
    }

    fn bounds<'a>(low: Option<i64>, high: Option<i64>, why: &'a Why<'a>) -> Bounds<'a> {
        Bounds { low: low.map(number), high: high.map(number), why: Some(why) }
    }

    fn ends(b: Bounds<'_>) -> (Option<Decimal>, Option<Decimal>) {
        (b.low, b.high)
    }

    #[test]
    fn products_keep_the_bounds_that_can_be_known() {
        let arena = Arena::new();
        let why = arena.alloc(Why::Undefined("a test"));
        let range = bounds(Some(-2), Some(3), why);
        let times = |a: Bounds<'_>, b: Bounds<'_>| ends(a.times(b, &Arena::new()).expect("no overflow"));
        assert_eq!(times(range, Bounds::exactly(number(-5))), (Some(number(-15)), Some(number(10))));
        assert_eq!(times(range, range), (Some(number(-6)), Some(number(9))));
        assert_eq!(times(bounds(Some(4), None, why), Bounds::exactly(number(2))), (Some(number(8)), None));
        assert_eq!(times(bounds(Some(4), None, why), Bounds::exactly(number(-2))), (None, Some(number(-8))));
        let nothing = Bounds::unknown(why).times(Bounds::exactly(Decimal::ZERO), &arena).expect("no overflow");
        assert_eq!(nothing.exact(), Some(Decimal::ZERO));
    }

    #[test]
    fn a_cap_may_make_a_range_exact() {
        let arena = Arena::new();
        let why = arena.alloc(Why::Undefined("a test"));
        let capped = bounds(Some(7), None, why).at_most(Bounds::exactly(number(5)), &arena);
        assert_eq!(capped.exact(), Some(number(5)));
    }
}
