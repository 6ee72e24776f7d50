//! What a ruling gives: its parts, each with its rate and amount, and what they come to together.

use super::Evaluator;
use super::bounds::{Bounds, Overflow, both};
use super::truth::Truth;
use crate::facts::{Value, Why};
use crate::model::{Part, Ruling};
use crate::value::currency::smallest_places;
use crate::value::{Decimal, Rounding};
use bumpalo::collections::Vec as ArenaVec;

/// What a ruling gives.
#[derive(Clone, Copy, Debug)]
pub struct Gives<'a> {
    /// The parts that apply.
    pub parts: &'a [GivenPart<'a>],
    /// The rates added up, where all parts have one base.
    pub rate: Option<Value<'a>>,
    /// The amounts added up, where one is given.
    pub amount: Option<Value<'a>>,
}

/// A part and what it comes to.
#[derive(Clone, Copy, Debug)]
pub struct GivenPart<'a> {
    /// The part.
    pub part: &'a Part,
    /// The rate.
    pub rate: Option<Value<'a>>,
    /// The amount of which it is taken.
    pub of: Option<Value<'a>>,
    /// What it comes to.
    pub amount: Option<Value<'a>>,
}

impl<'a> Gives<'a> {
    /// Nothing is given.
    pub const NOTHING: Self = Self { parts: &[], rate: None, amount: None };

    /// What it depends on that is not known.
    pub fn why(&self, arena: &'a crate::facts::Arena) -> Option<&'a Why<'a>> {
        let parts = self.parts.iter().flat_map(|part| [part.rate, part.amount]);
        parts.chain([self.rate, self.amount]).flatten().fold(None, |why, value| both(why, value.doubt(), arena))
    }
}

impl<'a> GivenPart<'a> {
    /// What it depends on that is not known.
    pub fn is_known(&self) -> bool {
        self.rate.iter().chain(&self.amount).all(|value| value.doubt().is_none())
    }
}

impl<'a> Evaluator<'a> {
    /// What a ruling gives for the rows at hand.
    pub fn gives(&self, ruling: &'a Ruling) -> Gives<'a> {
        let mut parts = ArenaVec::with_capacity_in(ruling.gives.len(), self.arena);
        for part in &ruling.gives {
            let when = part.when.as_ref().map_or(Truth::True, |when| self.truth(when));
            match when {
                Truth::False => {}
                Truth::True => parts.push(self.given_part(part, None)),
                Truth::Unknown(why) => parts.push(self.given_part(part, Some(why))),
            }
        }
        let parts = parts.into_bump_slice();
        let one_base = parts.iter().all(|given| given.rate.is_some() && given.part.base == parts[0].part.base);
        let rates = parts.iter().filter_map(|given| given.rate);
        let amounts = parts.iter().filter_map(|given| given.amount);
        Gives { parts, rate: if one_base { self.added(rates) } else { None }, amount: self.added(amounts) }
    }

    fn added(&self, values: impl Iterator<Item = Value<'a>>) -> Option<Value<'a>> {
        let mut sum: Option<Bounds<'a>> = None;
        for bounds in values.filter_map(Bounds::of) {
            sum = Some(match sum {
                None => bounds,
                Some(sum) => match sum.plus(bounds, self.arena) {
                    Ok(sum) => sum,
                    Err(Overflow) => return Some(self.overflow()),
                },
            });
        }
        sum.map(|sum| sum.value(self.arena))
    }

    /// What a part comes to; nothing, perhaps, when it is in doubt whether it applies.
    fn given_part(&self, part: &'a Part, doubt: Option<&'a Why<'a>>) -> GivenPart<'a> {
        let rate = part.percent.as_ref().map(|percent| self.eval(percent));
        let of = part.of.as_ref().map(|of| self.eval(of));
        let amount = match (rate, of, &part.amount) {
            (Some(rate), Some(of), _) => Some(self.share(rate, of)),
            (None, _, Some(amount)) => Some(self.eval(amount)),
            _ => None,
        };
        let amount = amount.map(|amount| self.brought_down(part, amount));
        let perhaps = |value: Value<'a>| match doubt {
            None => value,
            Some(doubt) => self.or_nothing(value, doubt),
        };
        GivenPart { part, rate: rate.map(perhaps), of, amount: amount.map(perhaps) }
    }

    /// So many hundredths of an amount.
    fn share(&self, rate: Value<'a>, of: Value<'a>) -> Value<'a> {
        let (Some(rate), Some(of)) = (Bounds::of(rate), Bounds::of(of)) else {
            return Value::Unknown(self.undefined("the amount does not exist"));
        };
        match rate.times(of, self.arena).and_then(|product| product.divided(Decimal::ONE_HUNDRED)) {
            Ok(share) => share.value(self.arena),
            Err(Overflow) => self.overflow(),
        }
    }

    /// An amount, no more than the part may give, and rounded.
    fn brought_down(&self, part: &'a Part, amount: Value<'a>) -> Value<'a> {
        let Some(mut bounds) = Bounds::of(amount) else {
            return Value::Unknown(self.undefined("the amount does not exist"));
        };
        if let Some(cap) = part.at_most.as_ref().and_then(|at_most| Bounds::of(self.eval(at_most))) {
            bounds = bounds.at_most(cap, self.arena);
        }
        let places = self.model().currency.as_deref().map_or(2, smallest_places);
        let rounding = match self.eval(&part.rounding) {
            Value::Word(word) => Rounding::WORDS[word as usize].1,
            other => {
                let why = other.doubt().unwrap_or_else(|| self.undefined("the rounding is not known"));
                return self.between_roundings(bounds, places, why);
            }
        };
        let to_places = |bound: Option<Decimal>| {
            bound.map(|number| {
                let mut number = rounding.apply(number, places);
                if number.scale() < places || rounding != Rounding::Exact {
                    number.rescale(places);
                }
                number
            })
        };
        Bounds { low: to_places(bounds.low), high: to_places(bounds.high), why: bounds.why }.value(self.arena)
    }

    /// An amount of which it is not known how it is rounded.
    fn between_roundings(&self, bounds: Bounds<'a>, places: u32, why: &'a Why<'a>) -> Value<'a> {
        let low = bounds.low.map(|low| Rounding::Floor.apply(low, places));
        let high = bounds.high.map(|high| Rounding::Ceil.apply(high, places));
        Bounds { low, high, why: both(bounds.why, Some(why), self.arena) }.value(self.arena)
    }

    /// A number, or zero.
    fn or_nothing(&self, value: Value<'a>, doubt: &'a Why<'a>) -> Value<'a> {
        let Some(bounds) = Bounds::of(value) else { return Value::Unknown(doubt) };
        let low = bounds.low.map(|low| low.min(Decimal::ZERO));
        let high = bounds.high.map(|high| high.max(Decimal::ZERO));
        Bounds { low, high, why: both(bounds.why, Some(doubt), self.arena) }.value(self.arena)
    }
}
