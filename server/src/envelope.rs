//! What stands around the facts in a request: a few keys, each read by itself, so that everything that is
//! wrong is told at once. The facts stay as they were sent, for the reader that knows their schema.
//!
//! Since the outline of the body is known, the envelope is read without looking at the facts. Only when
//! something turns out to be wrong is all of it looked through, for a body that is no JSON at all.

use crate::body::Held;
use crate::outline::Outline;
use crate::problem::{self, Place, Problem};
use serde::de::{DeserializeOwned, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;
use tierline_engine::date::{self, Date};
use tierline_engine::finding::did_you_mean;

/// The keys of a request with what stands under them.
#[derive(Debug)]
pub struct Envelope<'b> {
    parts: Parts<'b>,
    errors: Vec<Place>,
}

/// Keys and the text of their values, in the order of the body.
type Parts<'b> = Vec<(Cow<'b, str>, &'b str)>;

/// What `read` makes of a body; one that is no JSON is told as such and nothing else.
///
/// # Errors
/// When something is wrong with the body.
pub fn of<T>(held: &Held, read: impl FnOnce(&Held) -> Result<T, Problem>) -> Result<T, Problem> {
    read(held).map_err(|problem| malformed(&held.bytes).unwrap_or(problem))
}

/// The problem of a body that is no JSON.
fn malformed(body: &[u8]) -> Option<Problem> {
    let cause = match std::str::from_utf8(body) {
        Err(error) => format!("the text is not UTF-8 (at byte {})", error.valid_up_to()),
        Ok(text) => serde_json::from_str::<IgnoredAny>(text).err()?.to_string(),
    };
    let message = format!("this is not valid JSON: {cause}");
    Some(Problem::new(&problem::MALFORMED_JSON, message.clone()).at(vec![Place::new("", message)]))
}

impl<'b> Envelope<'b> {
    /// The keys of `held`, which may be these and no others.
    ///
    /// # Errors
    /// When it is not a JSON object.
    pub fn read(held: &'b Held, known: &[&str]) -> Result<Self, Problem> {
        let parts = split(&held.bytes, &held.outline).or_else(|| read(&held.bytes));
        let parts = parts.ok_or_else(|| invalid(vec![Place::new("", "the body is not a JSON object")]))?;
        let mut errors = Vec::new();
        for (place, (key, _)) in parts.iter().enumerate() {
            if !known.contains(&&**key) {
                let help = did_you_mean(key, known.iter().copied());
                let help = help.or_else(|| Some(format!("the keys are {}", known.join(", "))));
                errors.push(Place::new(pointer(key), format!("`{key}` is not known here")).help(help));
            } else if parts[..place].iter().any(|(earlier, _)| earlier == key) {
                errors.push(Place::new(pointer(key), format!("`{key}` stands twice")));
            }
        }
        Ok(Self { parts, errors })
    }

    fn find(&self, key: &str) -> Option<&'b str> {
        self.parts.iter().find(|(known, _)| known == key).map(|(_, value)| *value)
    }

    /// The value under `key`, if it is there and not `null`.
    pub fn optional<T: DeserializeOwned>(&mut self, key: &str, expected: &str) -> Option<T> {
        let value = self.find(key).filter(|value| *value != "null")?;
        let read = serde_json::from_str(value).ok();
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
        facts.map(str::as_bytes)
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

/// The keys of an object with the text of their values, by its outline; `None` when it is not as plain as
/// requests are.
fn split<'b>(body: &'b [u8], outline: &Outline) -> Option<Parts<'b>> {
    let mut inner = outline.inner.iter();
    let mut rest = Rest { body, at: 0 };
    let mut parts = Vec::with_capacity(4);
    rest.take(b'{')?;
    loop {
        let key = rest.string()?;
        rest.take(b':')?;
        let start = rest.space();
        match *body.get(start)? {
            b'{' | b'[' => rest.at = inner.next().filter(|inner| inner.start == start)?.end,
            b'"' => {
                rest.string()?;
            }
            _ => rest.at += body[start..].iter().position(|byte| b",}] \t\n\r".contains(byte))?,
        }
        parts.push((Cow::Borrowed(key), std::str::from_utf8(&body[start..rest.at]).ok()?));
        if rest.take(b',').is_none() {
            rest.take(b'}')?;
            return (rest.space() == body.len()).then_some(parts);
        }
    }
}

/// What is still to be read of a body.
struct Rest<'b> {
    body: &'b [u8],
    at: usize,
}

impl<'b> Rest<'b> {
    /// Skips space, and gives where it ends.
    fn space(&mut self) -> usize {
        let space = self.body[self.at..].iter().take_while(|byte| b" \t\n\r".contains(byte));
        self.at += space.count();
        self.at
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        let at = self.space();
        (self.body.get(at) == Some(&byte)).then(|| self.at = at + 1)
    }

    /// A string without escapes.
    fn string(&mut self) -> Option<&'b str> {
        self.take(b'"')?;
        let start = self.at;
        let length = self.body[start..].iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
        self.at = start + length;
        self.take(b'"')?;
        std::str::from_utf8(&self.body[start..start + length]).ok()
    }
}

/// The same of any JSON; `None` when it is none, or no object.
fn read(body: &[u8]) -> Option<Parts<'_>> {
    struct Read<'b>(Parts<'b>);
    impl<'de> Deserialize<'de> for Read<'de> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_map(Reader)
        }
    }
    struct Reader;
    impl<'de> Visitor<'de> for Reader {
        type Value = Read<'de>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut parts = Vec::new();
            while let Some(key) = map.next_key::<String>()? {
                parts.push((Cow::Owned(key), map.next_value::<&RawValue>()?.get()));
            }
            Ok(Read(parts))
        }
    }
    serde_json::from_slice::<Read<'_>>(body).ok().map(|read| read.0)
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
        let read = |held: &Held| {
            let mut envelope = Envelope::read(held, &KNOWN)?;
            envelope.day("as_of");
            envelope.optional::<String>("version", "text");
            envelope.optional::<bool>("trace", "true or false");
            envelope.facts();
            envelope.checked()
        };
        of(&Held::of(body), read).map_or_else(told, |()| Vec::new())
    }

    fn told(problem: Problem) -> Vec<(String, String)> {
        problem.errors.iter().map(|place| (place.pointer.clone(), place.message.clone())).collect()
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

    #[test]
    fn a_body_is_split_by_its_outline_as_any_reader_does() {
        let split = |body: &str| {
            split(body.as_bytes(), &crate::outline::of(body.as_bytes())).map(|parts| {
                assert_eq!(Some(&parts), read(body.as_bytes()).as_ref(), "{body}");
                parts.into_iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>()
            })
        };
        let parts = |parts: &[&str]| Some(parts.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>());
        assert_eq!(
            split(" {\"as_of\" : \"2024-12-31\",\n\t\"facts\":{\"a\":[{},\"}\"]} , \"trace\":true,\"é\":-1e3 } \n"),
            parts(&["as_of=\"2024-12-31\"", "facts={\"a\":[{},\"}\"]}", "trace=true", "é=-1e3"])
        );
        assert_eq!(split("{\"a\":[1],\"b\":[2,[3]]}"), parts(&["a=[1]", "b=[2,[3]]"]));
        // What is less plain than this is left to that reader.
        let many: Vec<String> = (0..40).map(|key| format!("\"k{key}\":[]")).collect();
        let many = format!("{{{}}}", many.join(","));
        for body in [
            "{}",
            "[]",
            "",
            "{",
            "{\"a\":1,}",
            "{\"a\":1}}",
            "{\"\\u0061\":1}",
            "{\"a\":\"\\\"\"}",
            "{\"a\":[1}",
            "{\"a\":[1]]}",
            &many,
        ] {
            assert_eq!(split(body), None, "{body}");
        }
    }

    #[test]
    fn what_is_no_json_is_told_before_all_else() {
        let of = |body: &str| wrong(body).into_iter().map(|(_, message)| message).collect::<Vec<_>>();
        assert_eq!(
            of(r#"{"as_of":1,"facts":{},"trace":tru}"#),
            ["this is not valid JSON: expected ident at line 1 column 34"]
        );
        assert_eq!(of(r#"{"as_of":1,"facts":{"a":}}"#), ["this is not valid JSON: expected value at line 1 column 25"]);
    }
}
