//! The values that go into a script and come out of it.

use crate::date::Date;
use crate::value::Decimal;
use rhai::{Array, Dynamic};

/// So many characters of a text stand in a message.
const LONGEST_TOLD: usize = 40;

/// A value that a script takes or returns.
#[derive(Clone, Debug, PartialEq)]
pub enum ScriptValue {
    /// Known not to exist; `()` in a script.
    None,
    /// True or false.
    Flag(bool),
    /// Any number. A script sees a decimal; whole numbers that it makes itself come back as decimals.
    Number(Decimal),
    /// A text.
    Text(String),
    /// A calendar day.
    Date(Date),
    /// Several values in order.
    List(Vec<ScriptValue>),
}

impl ScriptValue {
    /// What kind of value it is, in a word.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            ScriptValue::None => "none",
            ScriptValue::Flag(_) => "flag",
            ScriptValue::Number(_) => "number",
            ScriptValue::Text(_) => "text",
            ScriptValue::Date(_) => "date",
            ScriptValue::List(_) => "list",
        }
    }

    /// The value in words, for messages.
    pub fn told(&self) -> String {
        match self {
            ScriptValue::None => "nothing".to_owned(),
            ScriptValue::Flag(flag) => flag.to_string(),
            ScriptValue::Number(number) => format!("the number {}", number.normalize()),
            ScriptValue::Text(text) => {
                let long = text.chars().count() > LONGEST_TOLD;
                let start: String = text.chars().take(LONGEST_TOLD).collect();
                format!("the text \"{start}{}\"", if long { "…" } else { "" })
            }
            ScriptValue::Date(date) => format!("the date {date}"),
            ScriptValue::List(items) => format!("a list of {}", items.len()),
        }
    }

    /// The same as Rhai holds it.
    pub(super) fn into_dynamic(self) -> Dynamic {
        match self {
            ScriptValue::None => Dynamic::UNIT,
            ScriptValue::Flag(flag) => flag.into(),
            ScriptValue::Number(number) => number.into(),
            ScriptValue::Text(text) => text.into(),
            ScriptValue::Date(date) => Dynamic::from(date),
            ScriptValue::List(items) => items.into_iter().map(Self::into_dynamic).collect::<Array>().into(),
        }
    }

    /// The value that Rhai holds; the error names, in words, a kind that is no script value.
    pub(super) fn from_dynamic(value: &Dynamic) -> Result<Self, String> {
        if value.is_unit() {
            return Ok(ScriptValue::None);
        }
        if let Ok(flag) = value.as_bool() {
            return Ok(ScriptValue::Flag(flag));
        }
        if let Ok(number) = value.as_int() {
            return Ok(ScriptValue::Number(number.into()));
        }
        if let Ok(number) = value.as_decimal() {
            return Ok(ScriptValue::Number(number));
        }
        if let Ok(text) = value.as_immutable_string_ref() {
            return Ok(ScriptValue::Text(text.to_string()));
        }
        if let Some(date) = value.read_lock::<Date>() {
            return Ok(ScriptValue::Date(*date));
        }
        if let Ok(items) = value.as_array_ref() {
            return items.iter().map(Self::from_dynamic).collect::<Result<_, _>>().map(ScriptValue::List);
        }
        Err(match value.type_name() {
            "char" => "a single character, which is no value of a rule".into(),
            other => format!("a `{other}`, which is no value of a rule"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_told_in_words() {
        let day = crate::date::parse("2024-08-01").expect("a date");
        for (value, told) in [
            (ScriptValue::Text("a".to_owned()), "the text \"a\"".to_owned()),
            (ScriptValue::Text("b".repeat(41)), format!("the text \"{}…\"", "b".repeat(40))),
            (ScriptValue::Number(Decimal::new(150, 2)), "the number 1.5".to_owned()),
            (ScriptValue::Date(day), "the date 2024-08-01".to_owned()),
            (ScriptValue::Flag(true), "true".to_owned()),
            (ScriptValue::List(vec![ScriptValue::None]), "a list of 1".to_owned()),
            (ScriptValue::None, "nothing".to_owned()),
        ] {
            assert_eq!(value.told(), told);
        }
    }
}
