//! Values as an answer shows them: money and decimals as strings, counts as numbers, days as ISO 8601.

use crate::date::Date;
use crate::evaluate::Evaluator;
use crate::evaluate::bounds::Bounds;
use crate::facts::Value;
use crate::model::node::Constant;
use crate::model::{Model, RowsOf};
use crate::value::{Decimal, Duration, Kind, WordsId};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

/// A day, printed as `2024-08-01`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IsoDate(pub Date);

impl Serialize for IsoDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use chrono::Datelike;
        let (year, month, day) = (self.0.year().unsigned_abs(), self.0.month(), self.0.day());
        let digit = |n: u32| b'0' + (n % 10) as u8;
        let bytes = [
            digit(year / 1000),
            digit(year / 100),
            digit(year / 10),
            digit(year),
            b'-',
            digit(month / 10),
            digit(month),
            b'-',
            digit(day / 10),
            digit(day),
        ];
        serializer.serialize_str(std::str::from_utf8(&bytes).unwrap_or(""))
    }
}

/// A value in an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer<'a> {
    /// It could not be determined.
    Unknown,
    /// It does not exist.
    None,
    /// True or false.
    Flag(bool),
    /// How many.
    Count(Decimal),
    /// Points, money, a rate.
    Number(Decimal),
    /// How many, between two bounds.
    Counts(Option<Decimal>, Option<Decimal>),
    /// A number between two bounds.
    Numbers(Option<Decimal>, Option<Decimal>),
    /// A day.
    Date(Date),
    /// A length of time.
    Duration(Duration),
    /// A word, a level, an id, a text.
    Text(&'a str),
    /// Several.
    Set(Vec<Answer<'a>>),
}

impl<'a> Answer<'a> {
    /// A value of this kind as an answer.
    pub(crate) fn of(evaluator: &Evaluator<'a>, kind: &'a Kind, value: Value<'a>) -> Self {
        let model = evaluator.model();
        match (value, kind) {
            (Value::Pending | Value::Elsewhere | Value::Unknown(_), _) => Answer::Unknown,
            (Value::None, _) => Answer::None,
            (Value::Flag(flag), _) => Answer::Flag(flag),
            (Value::Number(number), Kind::Count) => Answer::Count(number),
            (Value::Number(number), Kind::Money) => Answer::Number(number),
            (Value::Number(number), _) => Answer::Number(number.normalize()),
            (Value::Range(range), Kind::Count) => Answer::Counts(range.low, range.high),
            (Value::Range(range), Kind::Money) => Answer::Numbers(range.low, range.high),
            (Value::Range(range), _) => {
                Answer::Numbers(range.low.map(|n| n.normalize()), range.high.map(|n| n.normalize()))
            }
            (Value::Date(day), _) => Answer::Date(day),
            (Value::Duration(duration), _) => Answer::Duration(duration),
            (Value::Text(text), _) => Answer::Text(text),
            (Value::Word(word), Kind::Word(words)) => {
                Answer::Text(model.words(*words).words.get(word as usize).map_or("", String::as_str))
            }
            (Value::Word(_), _) => Answer::Unknown,
            (Value::Row(row), Kind::Row(domain)) => match &model.domain(*domain).rows {
                RowsOf::Table(table) => Answer::Text(table.ids.get(row as usize).map_or("", String::as_str)),
                _ => evaluator.record_id(*domain, row).map_or(Answer::Unknown, Answer::Text),
            },
            (Value::Row(_), _) => Answer::Unknown,
            (Value::Set(members), Kind::Set(of)) => {
                Answer::Set(members.iter().map(|member| Answer::of(evaluator, of, *member)).collect())
            }
            (Value::Constants(members), Kind::Set(of)) => {
                let members = members.iter().map(|member| Value::of(member, evaluator.arena));
                Answer::Set(members.map(|member| Answer::of(evaluator, of, member)).collect())
            }
            (Value::Set(_) | Value::Constants(_), _) => Answer::Unknown,
        }
    }

    /// One of some words as an answer.
    pub(crate) fn word(evaluator: &Evaluator<'a>, words: WordsId, value: Value<'a>) -> Self {
        let words = &evaluator.model().words(words).words;
        match value {
            Value::Word(word) => words.get(word as usize).map_or(Answer::Unknown, |word| Answer::Text(word)),
            _ => Answer::Unknown,
        }
    }

    pub(super) fn told(&self, text: &mut String) {
        match self {
            Answer::None => text.push_str("none"),
            Answer::Flag(flag) => text.push_str(if *flag { "true" } else { "false" }),
            Answer::Count(number) | Answer::Number(number) => text.push_str(Digits::of(*number).text()),
            Answer::Text(word) => text.push_str(word),
            _ => text.push_str("undetermined"),
        }
    }

    pub(super) fn points(bounds: Bounds<'_>) -> Self {
        match (bounds.exact(), bounds.low, bounds.high) {
            (Some(number), ..) => Answer::Number(number.normalize()),
            (None, Some(low), Some(high)) if low == high => Answer::Number(low.normalize()),
            (None, None, None) => Answer::Unknown,
            (None, low, high) => Answer::Numbers(low.map(|n| n.normalize()), high.map(|n| n.normalize())),
        }
    }
}

/// A decimal as text, without a detour through the heap.
struct Digits {
    bytes: [u8; 40],
    len: usize,
}

impl std::fmt::Write for Digits {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let end = self.len + text.len();
        self.bytes.get_mut(self.len..end).ok_or(std::fmt::Error)?.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

impl Digits {
    fn of(number: Decimal) -> Self {
        use std::fmt::Write;
        let mut digits = Self { bytes: [0; 40], len: 0 };
        let _ = write!(digits, "{number}");
        digits
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.len]).unwrap_or("")
    }
}

struct Count(Decimal);

impl Serialize for Count {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match i64::try_from(self.0) {
            Ok(number) if self.0.fract().is_zero() => serializer.serialize_i64(number),
            _ => serializer.serialize_str(Digits::of(self.0).text()),
        }
    }
}

struct Number(Decimal);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(Digits::of(self.0).text())
    }
}

impl Serialize for Answer<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Answer::Unknown | Answer::None => serializer.serialize_none(),
            Answer::Flag(flag) => serializer.serialize_bool(*flag),
            Answer::Count(number) => Count(*number).serialize(serializer),
            Answer::Number(number) => Number(*number).serialize(serializer),
            Answer::Counts(low, high) => {
                let mut map = serializer.serialize_map(None)?;
                low.iter().try_for_each(|low| map.serialize_entry("at_least", &Count(*low)))?;
                high.iter().try_for_each(|high| map.serialize_entry("at_most", &Count(*high)))?;
                map.end()
            }
            Answer::Numbers(low, high) => {
                let mut map = serializer.serialize_map(None)?;
                low.iter().try_for_each(|low| map.serialize_entry("at_least", &Number(*low)))?;
                high.iter().try_for_each(|high| map.serialize_entry("at_most", &Number(*high)))?;
                map.end()
            }
            Answer::Date(day) => IsoDate(*day).serialize(serializer),
            Answer::Duration(duration) => serializer.serialize_str(&duration.to_string()),
            Answer::Text(text) => serializer.serialize_str(text),
            Answer::Set(members) => {
                let mut list = serializer.serialize_seq(Some(members.len()))?;
                members.iter().try_for_each(|member| list.serialize_element(member))?;
                list.end()
            }
        }
    }
}

/// A constant as an answer, for those who print rules.
pub fn constant_text(model: &Model, kind: &Kind, constant: &Constant) -> String {
    match (constant, kind) {
        (Constant::None, _) => "none".to_owned(),
        (Constant::Unspecified(_), _) => "unspecified".to_owned(),
        (Constant::Flag(flag), _) => flag.to_string(),
        (Constant::Number(number), _) => number.normalize().to_string(),
        (Constant::Date(date), _) => date.to_string(),
        (Constant::Duration(duration), _) => duration.to_string(),
        (Constant::Text(text), _) => text.clone(),
        (Constant::Word(word), Kind::Word(words)) => {
            model.words(*words).words.get(*word as usize).cloned().unwrap_or_default()
        }
        (Constant::Row(row), Kind::Row(domain)) => match &model.domain(*domain).rows {
            RowsOf::Table(table) => table.ids.get(*row as usize).cloned().unwrap_or_default(),
            _ => String::new(),
        },
        (Constant::Set(members), Kind::Set(of)) => {
            members.iter().map(|member| constant_text(model, of, member)).collect::<Vec<_>>().join(", ")
        }
        _ => String::new(),
    }
}
