//! What stands around the facts in a request: a few keys, each read by itself, so that everything that is
//! wrong is told at once. The facts stay as they were sent, for the reader that knows their schema.

use crate::problem::{self, Place, Problem};
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::fmt;
use tierline_engine::date::{self, Date};
use tierline_engine::finding::did_you_mean;

/// The keys of a request with what stands under them.
#[derive(Debug)]
pub struct Envelope<'b> {
    parts: Vec<(String, &'b RawValue)>,
    errors: Vec<Place>,
}

struct Parts<'b>(Vec<(String, &'b RawValue)>);

impl<'de> Deserialize<'de> for Parts<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Parts<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut parts = Vec::new();
                while let Some(key) = map.next_key()? {
                    parts.push((key, map.next_value()?));
                }
                Ok(Parts(parts))
            }
        }
        deserializer.deserialize_map(Reader)
    }
}

impl<'b> Envelope<'b> {
    /// The keys of `body`, which may be these and no others.
    ///
    /// # Errors
    /// When it is not a JSON object.
    pub fn read(body: &'b [u8], known: &[&str]) -> Result<Self, Problem> {
        let parts = match serde_json::from_slice::<Parts<'b>>(body) {
            Ok(Parts(parts)) => parts,
            Err(cause) if cause.is_data() => {
                return Err(invalid(vec![Place::new("", "the body is not a JSON object")]));
            }
            Err(cause) => {
                let message = format!("this is not valid JSON: {cause}");
                return Err(Problem::new(&problem::MALFORMED_JSON, message.clone()).at(vec![Place::new("", message)]));
            }
        };
        let mut errors = Vec::new();
        for (place, (key, _)) in parts.iter().enumerate() {
            if !known.contains(&key.as_str()) {
                let help = did_you_mean(key, known.iter().copied());
                let help = help.or_else(|| Some(format!("the keys are {}", known.join(", "))));
                errors.push(Place::new(pointer(key), format!("`{key}` is not known here")).help(help));
            } else if parts[..place].iter().any(|(earlier, _)| earlier == key) {
                errors.push(Place::new(pointer(key), format!("`{key}` stands twice")));
            }
        }
        Ok(Self { parts, errors })
    }

    fn find(&self, key: &str) -> Option<&'b RawValue> {
        self.parts.iter().find(|(known, _)| known == key).map(|(_, value)| *value)
    }

    /// The value under `key`, if it is there and not `null`.
    pub fn optional<T: DeserializeOwned>(&mut self, key: &str, expected: &str) -> Option<T> {
        let value = self.find(key).filter(|value| value.get() != "null")?;
        let read = serde_json::from_str(value.get()).ok();
        if read.is_none() {
            self.errors.push(Place::new(pointer(key), format!("expected {expected}")));
        }
        read
    }

    /// The value under `key`, which must be there.
    pub fn required<T: DeserializeOwned>(&mut self, key: &str, expected: &str) -> Option<T> {
        let value = self.optional(key, expected);
        let told = self.errors.iter().any(|place| place.pointer == pointer(key));
        if value.is_none() && !told {
            self.missing(key, expected);
        }
        value
    }

    /// The day under `key`, which must be there.
    pub fn day(&mut self, key: &str) -> Option<Date> {
        let expected = "a day such as \"2024-12-31\"";
        let text: String = self.required(key, expected)?;
        let day = date::parse(&text);
        if day.is_none() {
            self.errors.push(Place::new(pointer(key), format!("`{text}` is no day; expected {expected}")));
        }
        day
    }

    /// The facts, as they were sent, which must be there.
    pub fn facts(&mut self) -> Option<&'b [u8]> {
        let facts = self.find("facts");
        if facts.is_none() {
            self.missing("facts", "an object");
        }
        facts.map(|facts| facts.get().as_bytes())
    }

    fn missing(&mut self, key: &str, expected: &str) {
        let help = Some(format!("add `{key}`: {expected}"));
        self.errors.push(Place::new("", format!("`{key}` is missing")).help(help));
    }

    /// Everything that is wrong, when something is.
    ///
    /// # Errors
    /// When something is.
    pub fn checked(self) -> Result<(), Problem> {
        if self.errors.is_empty() { Ok(()) } else { Err(invalid(self.errors)) }
    }
}

/// The JSON Pointer of a key of the body.
fn pointer(key: &str) -> String {
    format!("/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// A request with these mistakes.
pub fn invalid(errors: Vec<Place>) -> Problem {
    let detail = match errors.as_slice() {
        [one] => one.message.clone(),
        several => format!("{} things are wrong with the request", several.len()),
    };
    Problem::new(&problem::INVALID_REQUEST, detail).at(errors)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 4] = ["as_of", "version", "facts", "trace"];

    fn wrong(body: &str) -> Vec<(String, String)> {
        let mut envelope = match Envelope::read(body.as_bytes(), &KNOWN) {
            Ok(envelope) => envelope,
            Err(problem) => return told(problem),
        };
        envelope.day("as_of");
        envelope.optional::<String>("version", "text");
        envelope.optional::<bool>("trace", "true or false");
        envelope.facts();
        envelope.checked().map_or_else(told, |()| Vec::new())
    }

    fn told(problem: Problem) -> Vec<(String, String)> {
        problem.errors.into_iter().map(|place| (place.pointer, place.message)).collect()
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(pointer, message)| ((*pointer).to_owned(), (*message).to_owned())).collect()
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        assert_eq!(wrong(r#"{"as_of":"2024-12-31","facts":{},"version":null}"#), []);
        assert_eq!(
            wrong(r#"{"as_of":"2024-02-30","fact":{},"trace":1,"trace":2,"a/b":0}"#),
            pairs(&[
                ("/fact", "`fact` is not known here"),
                ("/trace", "`trace` stands twice"),
                ("/a~1b", "`a/b` is not known here"),
                ("/as_of", "`2024-02-30` is no day; expected a day such as \"2024-12-31\""),
                ("/trace", "expected true or false"),
                ("", "`facts` is missing"),
            ])
        );
        assert_eq!(
            wrong(r#"{"as_of":20241231,"facts":[],"version":7}"#),
            pairs(&[("/as_of", "expected a day such as \"2024-12-31\""), ("/version", "expected text")])
        );
    }

    #[test]
    fn what_is_no_object_is_told() {
        assert_eq!(wrong("[]"), pairs(&[("", "the body is not a JSON object")]));
        let message = "this is not valid JSON: EOF while parsing a value at line 1 column 9";
        assert_eq!(wrong(r#"{"as_of":"#), pairs(&[("", message)]));
    }
}
