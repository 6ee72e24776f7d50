//! What a slot or a computation can hold: a value, none, or unknown with its reasons.

use crate::date::Date;
use crate::model::node::Constant;
use crate::value::{Decimal, DomainId, Duration};

/// Where everything of one evaluation lives.
pub type Arena = bumpalo::Bump;

/// A value, as facts hold it and expressions give it.
#[derive(Clone, Copy, Debug)]
#[repr(u32)]
pub enum Value<'a> {
    /// Not computed yet.
    Pending,
    /// Absent, and another field stands in for it.
    Elsewhere,
    /// Not known.
    Unknown(&'a Why<'a>),
    /// Known not to exist.
    None,
    /// True or false.
    Flag(bool),
    /// Any number.
    Number(Decimal),
    /// A number of which only bounds are known.
    Range(&'a Range<'a>),
    /// A day.
    Date(Date),
    /// A length of time.
    Duration(Duration),
    /// Text; for a reference, the id of a record that is not there.
    Text(&'a str),
    /// A word of the list that the type names.
    Word(u32),
    /// A record or row of the domain that the type names.
    Row(u32),
    /// Several values.
    Set(&'a [Value<'a>]),
    /// Several values that stand in the rulebook.
    Constants(&'a [Constant]),
}

/// The bounds of a number that depends on something unknown; an open bound is `None`.
#[derive(Clone, Copy, Debug)]
pub struct Range<'a> {
    /// At least this.
    pub low: Option<Decimal>,
    /// At most this.
    pub high: Option<Decimal>,
    /// What is not known.
    pub why: &'a Why<'a>,
}

/// Why something is not known.
#[derive(Clone, Copy, Debug)]
pub enum Why<'a> {
    /// A field of a record was not told.
    Field(DomainId, u32, u32),
    /// A list, or the only record of its kind, was not told; for a list inside a record, of which.
    List(DomainId, u32),
    /// A reference to a record that was not told.
    Record(DomainId, &'a str),
    /// A value that the rulebook leaves unspecified, by its place.
    Unspecified(&'a str),
    /// A rate of exchange that nobody gives.
    Rate(&'a str),
    /// A reason in words of its own.
    Told(&'a str),
    /// A computation that has no answer.
    Undefined(&'static str),
    /// Two reasons.
    Both(&'a Why<'a>, &'a Why<'a>),
}

impl<'a> Value<'a> {
    /// A constant as a value.
    #[inline]
    pub fn of(constant: &'a Constant, arena: &'a Arena) -> Self {
        match constant {
            Constant::None => Value::None,
            Constant::Unspecified(place) => Value::Unknown(arena.alloc(Why::Unspecified(place))),
            Constant::Flag(flag) => Value::Flag(*flag),
            Constant::Number(number) => Value::Number(*number),
            Constant::Date(date) => Value::Date(*date),
            Constant::Duration(duration) => Value::Duration(*duration),
            Constant::Text(text) => Value::Text(text),
            Constant::Word(word) => Value::Word(*word),
            Constant::Row(row) => Value::Row(*row),
            Constant::Set(members) => Value::Constants(members),
        }
    }

    /// What a value that is not exactly known depends on.
    pub fn doubt(&self) -> Option<&'a Why<'a>> {
        match self {
            Value::Unknown(why) => Some(why),
            Value::Range(range) => Some(range.why),
            _ => None,
        }
    }

    /// Whether both are the same known scalar.
    #[inline]
    pub fn is(&self, other: &Value<'a>) -> bool {
        match (self, other) {
            (Value::Word(a), Value::Word(b)) | (Value::Row(a), Value::Row(b)) => a == b,
            (Value::Text(a), Value::Text(b)) => a == b,
            (Value::Number(a), Value::Number(b)) => a == b,
            (Value::Date(a), Value::Date(b)) => a == b,
            (Value::Flag(a), Value::Flag(b)) => a == b,
            (Value::Duration(a), Value::Duration(b)) => a == b,
            (Value::None, Value::None) => true,
            _ => false,
        }
    }

    /// Whether it is the same scalar as a constant.
    #[inline]
    pub fn is_constant(&self, other: &Constant) -> bool {
        match (self, other) {
            (Value::Word(a), Constant::Word(b)) | (Value::Row(a), Constant::Row(b)) => a == b,
            (Value::Text(a), Constant::Text(b)) => a == b,
            (Value::Number(a), Constant::Number(b)) => a == b,
            (Value::Date(a), Constant::Date(b)) => a == b,
            (Value::Flag(a), Constant::Flag(b)) => a == b,
            (Value::Duration(a), Constant::Duration(b)) => a == b,
            (Value::None, Constant::None) => true,
            _ => false,
        }
    }
}
