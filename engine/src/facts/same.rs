//! Whether two pieces of a document say the same: numbers by their exact value, keys in any order.

use super::number;
use crate::value::Decimal;
use jiter::{Jiter, JiterError, Peek};
use std::collections::BTreeMap;

/// Whether two JSON texts say the same.
pub fn same(a: &str, b: &str) -> bool {
    a == b || matches!((said(a), said(b)), (Ok(a), Ok(b)) if a == b)
}

/// What a JSON text says.
#[derive(PartialEq, Eq)]
enum Said {
    Null,
    Flag(bool),
    Number(Decimal),
    /// A number that cannot be held exactly: it is the same as itself.
    Digits(Vec<u8>),
    Text(String),
    List(Vec<Said>),
    Object(BTreeMap<String, Said>),
}

fn said(text: &str) -> Result<Said, JiterError> {
    let mut json = Jiter::new(text.as_bytes());
    let peek = json.peek()?;
    value(&mut json, peek)
}

fn value(json: &mut Jiter<'_>, peek: Peek) -> Result<Said, JiterError> {
    Ok(match peek {
        Peek::Null => {
            json.known_null()?;
            Said::Null
        }
        Peek::True | Peek::False => Said::Flag(json.known_bool(peek)?),
        Peek::String => Said::Text(json.known_str()?.to_owned()),
        Peek::Array => {
            let mut list = Vec::new();
            let mut next = json.known_array()?;
            while let Some(peek) = next {
                list.push(value(json, peek)?);
                next = json.array_step()?;
            }
            Said::List(list)
        }
        Peek::Object => {
            let mut object = BTreeMap::new();
            let mut key = json.known_object()?.map(str::to_owned);
            while let Some(name) = key {
                let peek = json.peek()?;
                object.insert(name, value(json, peek)?);
                key = json.next_key()?.map(str::to_owned);
            }
            Said::Object(object)
        }
        _ => {
            let digits = json.known_number_bytes(peek)?;
            let number = std::str::from_utf8(digits).ok().and_then(number::exact);
            number.map_or_else(|| Said::Digits(digits.to_vec()), Said::Number)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_exactly_and_keys_in_any_order() {
        for (a, b) in [
            (r#"{"a": 0.1, "b": [1, null]}"#, r#"{"b":[1.0,null],"a":1e-1}"#),
            (r#"{"a": "é"}"#, r#"{"\u0061": "\u00e9"}"#),
            ("123456789012345678901234567890123", "123456789012345678901234567890123"),
        ] {
            assert!(same(a, b), "{a} {b}");
        }
        for (a, b) in [
            ("0.1", "0.10000000000000000001"),
            (r#"{"a": 9007199254740993}"#, r#"{"a": 9007199254740992}"#),
            ("123456789012345678901234567890123", "123456789012345678901234567890124"),
            ("1", "\"1\""),
            ("[1, 2]", "[2, 1]"),
            (r#"{"a": null}"#, "{}"),
        ] {
            assert!(!same(a, b), "{a} {b}");
        }
    }
}
