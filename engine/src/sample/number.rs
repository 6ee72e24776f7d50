//! Numbers of a sample file: ranges, chances and weights.

use super::draw::{How, Steps};
use super::random::Chance;
use super::written::WrittenDraw;
use crate::document::{Item, Node};
use crate::finding::{Finding, Findings, code};
use crate::rulebook::piece::Raw;
use crate::rulebook::shape::wrong_type;
use crate::value::Decimal;
use crate::value::quantity::{Quantity, quantity};
use rust_decimal::prelude::ToPrimitive;

/// The highest skew: beyond it nearly all numbers are the first.
const MOST_SKEW: u32 = 16;

/// A chance as it is written: `25 %`.
pub fn chance(Raw(node): &Raw, findings: &mut Findings) -> Option<Chance> {
    let percent = match node.as_text().and_then(quantity) {
        Some(Quantity::Percent(percent)) => Some(percent),
        _ => None,
    };
    let all = Decimal::ONE_HUNDRED;
    match percent.filter(|percent| (Decimal::ZERO..=all).contains(percent)) {
        Some(percent) => Some(Chance((percent * Decimal::from(1_u64 << 32) / all).trunc().to_u64()?)),
        None => wrong_type(node, "a chance such as \"25 %\"", findings),
    }
}

/// A chance that need not be given.
pub fn chance_or(raw: Option<&Raw>, default: Chance, findings: &mut Findings) -> Option<Chance> {
    raw.map_or(Some(default), |raw| chance(raw, findings))
}

/// A weight: a whole number.
pub fn weight(Raw(node): &Raw, findings: &mut Findings) -> Option<u32> {
    match &node.item {
        Item::Number(number) if number.fract().is_zero() && number.to_u32().is_some() => number.to_u32(),
        _ => wrong_type(node, "a whole number, the weight", findings),
    }
}

/// How skewed a draw is.
pub fn skew(written: &WrittenDraw, findings: &mut Findings) -> Option<u32> {
    let Some(Raw(node)) = &written.skew else { return Some(1) };
    let skew = match &node.item {
        Item::Number(number) if number.fract().is_zero() => number.to_u32(),
        _ => None,
    };
    skew.filter(|skew| (1..=MOST_SKEW).contains(skew))
        .or_else(|| wrong_type(node, &format!("a whole number from 1 to {MOST_SKEW}"), findings))
}

/// A number from the first to the last of `range`, in steps.
pub fn number(range: &Node, written: &WrittenDraw, findings: &mut Findings) -> Option<How> {
    let skew = skew(written, findings)?;
    let step = match &written.step {
        None => Decimal::ONE,
        Some(Raw(Node { item: Item::Number(step), .. })) if *step > Decimal::ZERO => *step,
        Some(Raw(node)) => return wrong_type(node, "a number above zero", findings),
    };
    steps(range, step, skew, findings).map(How::Number)
}

/// `[low, high]` in steps.
pub fn steps(range: &Node, step: Decimal, skew: u32, findings: &mut Findings) -> Option<Steps> {
    let ends = range.as_list().unwrap_or_default().iter().map(|end| match &end.item {
        Item::Number(end) => Some(*end),
        _ => None,
    });
    let ends: Vec<_> = ends.collect();
    let [Some(low), Some(high)] = ends[..] else {
        return wrong_type(range, "two numbers, `[from, to]`", findings);
    };
    let count = high.checked_sub(low).and_then(|span| span.checked_div(step)?.trunc().to_u64()?.checked_add(1));
    match count.filter(|_| low <= high) {
        Some(count) => Some(Steps { low, step, count, skew }),
        None => {
            let message = format!("there is no number from {low} to {high} here");
            findings.add(Finding::new(&code::BAD_VALUE, range.span, message).help("write the lower number first"));
            None
        }
    }
}
