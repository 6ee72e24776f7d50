//! What scripts can call. The list is the documentation; nothing else is there.
//!
//! | function | gives |
//! |---|---|
//! | `+ - * / %`, comparisons | on numbers, exact; `/` gives a decimal for whole numbers too |
//! | `**` | a power with a whole exponent from 0 to 1000 |
//! | `abs(n)` `floor(n)` `ceil(n)` `round(n)` `round(n, places)` `round_to(n, places, word)` | number; `round` takes halves away from zero, the words are those of rule files |
//! | `int(n)` | a whole number, for ranges and places in lists; a fault when `n` is not whole |
//! | `min(a, b)` `max(a, b)` | number or date |
//! | `year(d)` `month(d)` `day(d)` | whole number |
//! | `date(year, month, day)` | date |
//! | `days_between(a, b)` `months_between(a, b)` | whole number, negative when `b` is earlier |
//! | `add_days(d, n)` `add_months(d, n)` | date; months end at the month's last day |
//! | `len(x)` `is_empty(x)` `contains(x, y)` | of texts and lists; `y in x` is the same |
//! | `starts_with(t, u)` `ends_with(t, u)` `upper(t)` `lower(t)` `trim(t)` `to_string(x)` | of texts |
//! | `push(list, x)` `sum(list)` | of lists |

use super::ScriptValue;
use crate::date::{self, Date};
use crate::value::{Decimal, Duration, Rounding};
use chrono::Datelike;
use rhai::{Array, Dynamic, Engine, EvalAltResult, FuncRegistration, INT, ImmutableString};
use std::cmp::Ordering;

type Outcome<T> = Result<T, Box<EvalAltResult>>;

fn fail<T>(message: impl Into<String>) -> Outcome<T> {
    Err(message.into().into())
}

/// Puts all of them into `engine`.
pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Date>("date");
    comparisons(engine);
    numbers(engine);
    dates(engine);
    texts(engine);
    lists(engine);
}

fn comparisons(engine: &mut Engine) {
    engine
        .register_fn("==", equal)
        .register_fn("!=", |a: Dynamic, b: Dynamic| equal(a, b).map(|same| !same))
        .register_fn("<", |a: Dynamic, b: Dynamic| order(a, b).map(Ordering::is_lt))
        .register_fn("<=", |a: Dynamic, b: Dynamic| order(a, b).map(Ordering::is_le))
        .register_fn(">", |a: Dynamic, b: Dynamic| order(a, b).map(Ordering::is_gt))
        .register_fn(">=", |a: Dynamic, b: Dynamic| order(a, b).map(Ordering::is_ge));
}

/// Only numbers, dates and texts have an order; Rhai would say false of everything else.
fn order(a: Dynamic, b: Dynamic) -> Outcome<Ordering> {
    use ScriptValue as V;
    match (V::from_dynamic(&a)?, V::from_dynamic(&b)?) {
        (V::Number(a), V::Number(b)) => Ok(a.cmp(&b)),
        (V::Date(a), V::Date(b)) => Ok(a.cmp(&b)),
        (V::Text(a), V::Text(b)) => Ok(a.cmp(&b)),
        (a, b) => fail(format!("a {} is compared with a {}", a.kind(), b.kind())),
    }
}

/// Rhai would say that values of different kinds differ; here that is a fault. Only none can be
/// compared with everything.
fn equal(a: Dynamic, b: Dynamic) -> Outcome<bool> {
    use ScriptValue as V;
    match (V::from_dynamic(&a)?, V::from_dynamic(&b)?) {
        (V::None, b) => Ok(b == V::None),
        (a, V::None) => Ok(a == V::None),
        (a, b) if std::mem::discriminant(&a) == std::mem::discriminant(&b) => Ok(a == b),
        (a, b) => fail(format!("a {} is compared with a {}", a.kind(), b.kind())),
    }
}

fn numbers(engine: &mut Engine) {
    engine
        .register_fn("/", |a: INT, b: INT| quotient(a.into(), b.into()))
        .register_fn("**", |a: INT, b: INT| power(a.into(), b))
        .register_fn("**", |a: Decimal, b: INT| power(a, b))
        .register_fn("**", |a: INT, b: Decimal| power(a.into(), whole(b)?))
        .register_fn("**", |a: Decimal, b: Decimal| power(a, whole(b)?))
        .register_fn("/=", |a: &mut Dynamic, b: INT| -> Outcome<()> {
            match ScriptValue::from_dynamic(a) {
                Ok(ScriptValue::Number(n)) => *a = quotient(n, b.into())?.into(),
                _ => return fail("only numbers can be divided"),
            }
            Ok(())
        })
        .register_fn("floor", |n: Decimal| n.floor())
        .register_fn("floor", |n: INT| n)
        .register_fn("ceil", |n: Decimal| n.ceil())
        .register_fn("ceil", |n: INT| n)
        .register_fn("round", |n: Decimal| Rounding::HalfUp.apply(n, 0))
        .register_fn("round", |n: INT| n)
        .register_fn("round", |n: Decimal, to: INT| rounded(n, to, "half_up"))
        .register_fn("round", |n: INT, to: INT| rounded(n.into(), to, "half_up"))
        .register_fn("round_to", |n: Decimal, to: INT, word: &str| rounded(n, to, word))
        .register_fn("round_to", |n: INT, to: INT, word: &str| rounded(n.into(), to, word))
        .register_fn("int", |n: INT| n)
        .register_fn("int", whole);
}

fn quotient(a: Decimal, b: Decimal) -> Outcome<Decimal> {
    if b.is_zero() {
        return fail(format!("division by zero: {a} / {b}"));
    }
    a.checked_div(b).map_or_else(|| fail(format!("the number is too large: {a} / {b}")), Ok)
}

/// Whole exponents only: Rhai's own power gives a number for the square root of a negative one.
fn power(base: Decimal, exponent: INT) -> Outcome<Decimal> {
    let Some(times) = u32::try_from(exponent).ok().filter(|times| *times <= 1_000) else {
        return fail(format!("an exponent is a whole number from 0 to 1000, not {exponent}"));
    };
    let product = (0..times).try_fold(Decimal::ONE, |product, _| product.checked_mul(base));
    product.map_or_else(|| fail(format!("the number is too large: {base} ** {exponent}")), Ok)
}

fn rounded(n: Decimal, places: INT, word: &str) -> Outcome<Decimal> {
    let Some(rounding) = Rounding::named(word) else {
        let words: Vec<_> = Rounding::WORDS.iter().map(|(word, _)| format!("`{word}`")).collect();
        return fail(format!("`{word}` is no rounding; the words are {}", words.join(", ")));
    };
    match u32::try_from(places) {
        Ok(places) if places <= Decimal::MAX_SCALE => Ok(rounding.apply(n, places)),
        _ => fail(format!("a number cannot be rounded to {places} places")),
    }
}

fn whole(n: Decimal) -> Outcome<INT> {
    match INT::try_from(n) {
        Ok(whole) if n.is_integer() => Ok(whole),
        _ => fail(format!("`{n}` is not a whole number")),
    }
}

fn dates(engine: &mut Engine) {
    engine
        .register_fn("year", |d: Date| INT::from(d.year()))
        .register_fn("month", |d: Date| INT::from(d.month()))
        .register_fn("day", |d: Date| INT::from(d.day()))
        .register_fn("date", |year: INT, month: INT, day: INT| {
            let fits = || Some((i32::try_from(year).ok()?, u32::try_from(month).ok()?, u32::try_from(day).ok()?));
            let date = fits().and_then(|(y, m, d)| Date::from_ymd_opt(y, m, d));
            match date.filter(|date| (1..=9999).contains(&date.year())) {
                Some(date) => Ok(date),
                None => fail(format!("there is no day {year}-{month:02}-{day:02}")),
            }
        })
        .register_fn("days_between", |a: Date, b: Date| -> INT { date::days_between(a, b) })
        .register_fn("months_between", |a: Date, b: Date| INT::from(date::months_between(a, b)))
        .register_fn("add_days", |d: Date, n: INT| moved(d, n, Duration::days))
        .register_fn("add_days", |d: Date, n: Decimal| moved(d, whole(n)?, Duration::days))
        .register_fn("add_months", |d: Date, n: INT| moved(d, n, Duration::months))
        .register_fn("add_months", |d: Date, n: Decimal| moved(d, whole(n)?, Duration::months))
        .register_fn("min", |a: Date, b: Date| a.min(b))
        .register_fn("max", |a: Date, b: Date| a.max(b))
        .register_fn("to_string", |d: Date| d.to_string());
}

fn moved(date: Date, by: INT, unit: fn(i32) -> Duration) -> Outcome<Date> {
    let reached = i32::try_from(by).ok().and_then(|by| date::shift(date, unit(by)));
    reached.map_or_else(|| fail(format!("`{date}` cannot be moved by {by}")), Ok)
}

fn texts(engine: &mut Engine) {
    engine
        .register_fn("len", |t: &str| t.chars().count() as INT)
        .register_fn("is_empty", |t: &str| t.is_empty())
        .register_fn("contains", |t: &str, u: &str| t.contains(u))
        .register_fn("starts_with", |t: &str, u: &str| t.starts_with(u))
        .register_fn("ends_with", |t: &str, u: &str| t.ends_with(u))
        .register_fn("upper", |t: &str| t.to_uppercase())
        .register_fn("lower", |t: &str| t.to_lowercase())
        .register_fn("trim", |t: &str| t.trim().to_owned())
        .register_fn("to_string", |t: ImmutableString| t)
        .register_fn("to_string", |flag: bool| flag.to_string())
        .register_fn("to_string", |n: INT| n.to_string())
        .register_fn("to_string", |n: Decimal| n.to_string());
}

fn lists(engine: &mut Engine) {
    engine
        .register_fn("len", |list: &mut Array| list.len() as INT)
        .register_fn("is_empty", |list: &mut Array| list.is_empty())
        .register_fn("contains", |list: &mut Array, item: Dynamic| -> Outcome<bool> {
            let item = ScriptValue::from_dynamic(&item)?;
            Ok(list.iter().any(|other| ScriptValue::from_dynamic(other).is_ok_and(|other| other == item)))
        })
        .register_fn("sum", |list: &mut Array| -> Outcome<Decimal> {
            list.iter().try_fold(Decimal::ZERO, |sum, item| match ScriptValue::from_dynamic(item) {
                Ok(ScriptValue::Number(n)) => sum.checked_add(n).map_or_else(|| fail("the sum is too large"), Ok),
                _ => fail("a list that is summed holds something that is no number"),
            })
        });
    FuncRegistration::new("push").register_into_engine(engine, |list: &mut Array, item: Dynamic| list.push(item));
}
