//! The tokens of a JSON text, one after another, without a copy.
//!
//! What nearly every text holds is read here. Whatever is rare or wrong (escapes, exponents, broken tokens) is left
//! to `jiter`, so that a text is refused with its words and at its places.

use super::ids::Stand;
use super::number;
use crate::date::{self, Date};
use crate::value::Decimal;
use jiter::{Jiter, JiterError, JiterErrorType, JsonErrorType, LinePosition, Peek};

/// What a step gives, or what is wrong with the text; boxed, since it is rare and large.
pub(super) type Walked<T> = Result<T, Box<JiterError>>;

/// A place in a JSON text.
#[derive(Clone)]
pub(super) struct Walk<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Walk<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// How many bytes were walked.
    #[inline]
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// A piece of the text.
    #[inline]
    pub(super) fn between(&self, stand: Stand) -> &'a str {
        self.text.get(stand.from..stand.to).unwrap_or("")
    }

    /// What is still to be walked.
    #[inline]
    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// The line and the column of a byte.
    pub(super) fn position(&self, index: usize) -> LinePosition {
        Jiter::new(self.text.as_bytes()).error_position(index)
    }

    /// The next byte that is no space.
    #[inline]
    fn next(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while let Some(next) = bytes.get(self.at) {
            match next {
                b' ' | b'\r' | b'\t' | b'\n' => self.at += 1,
                _ => return Some(*next),
            }
        }
        None
    }

    #[cold]
    fn wrong<T>(&self, error: JsonErrorType) -> Walked<T> {
        Err(Box::new(JiterError { error_type: JiterErrorType::JsonError(error), index: self.at }))
    }

    /// Lets `jiter` read what begins here.
    #[cold]
    fn with_jiter(&mut self, read: impl FnOnce(&mut Jiter<'a>) -> Result<(), JiterError>) -> Walked<()> {
        let mut json = Jiter::new(self.rest());
        match read(&mut json) {
            Ok(()) => {
                self.at += json.current_index();
                Ok(())
            }
            Err(error) => Err(Box::new(JiterError { index: self.at + error.index, ..error })),
        }
    }

    /// What kind of value comes next.
    #[inline]
    pub(super) fn peek(&mut self) -> Walked<Peek> {
        match self.next() {
            Some(next) => Ok(Peek::new(next)),
            None => self.wrong(JsonErrorType::EofWhileParsingValue),
        }
    }

    /// Reads `null`, of which the first letter was seen.
    #[inline]
    pub(super) fn null(&mut self) -> Walked<()> {
        if self.rest().starts_with(b"null") {
            self.at += 4;
            return Ok(());
        }
        self.with_jiter(Jiter::known_null)
    }

    /// Reads `true` or `false`, of which the first letter was seen.
    #[inline]
    pub(super) fn flag(&mut self, peek: Peek) -> Walked<bool> {
        let (flag, word) = if peek == Peek::True { (true, "true") } else { (false, "false") };
        if self.rest().starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(flag);
        }
        self.with_jiter(|json| json.known_bool(peek).map(drop))?;
        Ok(flag)
    }

    /// Reads a number, of which the first byte was seen, as it is written.
    #[inline]
    pub(super) fn number(&mut self, peek: Peek) -> Walked<&'a str> {
        let from = self.at;
        self.with_jiter(|json| json.known_number_bytes(peek).map(drop))?;
        Ok(self.between(Stand { from, to: self.at }))
    }

    /// Reads a number that is short and plain, of which the first byte was seen.
    #[inline]
    pub(super) fn short_number(&mut self) -> Option<Decimal> {
        let (number, len) = number::short(self.rest())?;
        self.at += len;
        Some(number)
    }

    /// Reads a string that is a day, of which the quote was seen.
    #[inline]
    pub(super) fn day(&mut self) -> Option<Date> {
        let (from, to) = (self.at + 1, self.at + 11);
        let day = date::parse(self.text.get(from..to)?).filter(|_| self.text.as_bytes().get(to) == Some(&b'"'))?;
        self.at = to + 1;
        Some(day)
    }

    /// Leaves out a value, of which the first byte was seen.
    pub(super) fn skip(&mut self, peek: Peek) -> Walked<()> {
        self.with_jiter(|json| json.known_skip(peek))
    }

    /// Reads a string, of which the quote was seen, as it is written; says whether something in it is escaped.
    #[inline]
    pub(super) fn string(&mut self) -> Walked<(&'a str, bool)> {
        let from = self.at + 1;
        let mut end = from;
        while let Some(eight) = self.text.as_bytes().get(end..).and_then(<[u8]>::first_chunk) {
            let stops = stops(u64::from_le_bytes(*eight));
            end += stops.trailing_zeros() as usize / 8;
            if stops != 0 {
                break;
            }
        }
        if self.text.as_bytes().get(end) == Some(&b'"') {
            self.at = end + 1;
            return Ok((self.between(Stand { from, to: end }), false));
        }
        self.with_jiter(|json| json.known_bytes().map(drop))?;
        let raw = self.between(Stand { from, to: self.at - 1 });
        Ok((raw, raw.contains('\\')))
    }

    /// Enters an object, of which the bracket was seen; says whether a key follows.
    #[inline]
    pub(super) fn object(&mut self) -> Walked<bool> {
        self.at += 1;
        match self.next() {
            Some(b'"') => Ok(true),
            Some(b'}') => {
                self.at += 1;
                Ok(false)
            }
            Some(_) => self.wrong(JsonErrorType::KeyMustBeAString),
            None => self.wrong(JsonErrorType::EofWhileParsingObject),
        }
    }

    /// Goes on to the next key of an object; says whether there is one.
    #[inline]
    pub(super) fn object_step(&mut self) -> Walked<bool> {
        match self.next() {
            Some(b',') => self.at += 1,
            Some(b'}') => {
                self.at += 1;
                return Ok(false);
            }
            Some(_) => return self.wrong(JsonErrorType::ExpectedObjectCommaOrEnd),
            None => return self.wrong(JsonErrorType::EofWhileParsingObject),
        }
        match self.next() {
            Some(b'"') => Ok(true),
            Some(b'}') => self.wrong(JsonErrorType::TrailingComma),
            Some(_) => self.wrong(JsonErrorType::KeyMustBeAString),
            None => self.wrong(JsonErrorType::EofWhileParsingValue),
        }
    }

    /// Reads a key and its colon, where the key is written as `key` is.
    #[inline]
    pub(super) fn key_is(&mut self, key: &str) -> Walked<bool> {
        let rest = self.rest();
        let end = key.len() + 1;
        let is = rest.get(1..end) == Some(key.as_bytes()) && rest.get(end) == Some(&b'"');
        if is {
            self.at += end + 1;
            self.colon()?;
        }
        Ok(is)
    }

    /// Reads a key and its colon; gives the key as a string is given.
    #[inline]
    pub(super) fn key(&mut self) -> Walked<(&'a str, bool)> {
        let key = self.string()?;
        self.colon()?;
        Ok(key)
    }

    #[inline]
    fn colon(&mut self) -> Walked<()> {
        match self.next() {
            Some(b':') => {
                self.at += 1;
                Ok(())
            }
            Some(_) => self.wrong(JsonErrorType::ExpectedColon),
            None => self.wrong(JsonErrorType::EofWhileParsingObject),
        }
    }

    /// Enters a list, of which the bracket was seen; gives what kind of value is the first.
    #[inline]
    pub(super) fn list(&mut self) -> Walked<Option<Peek>> {
        self.at += 1;
        match self.next() {
            Some(b']') => {
                self.at += 1;
                Ok(None)
            }
            Some(next) => Ok(Some(Peek::new(next))),
            None => self.wrong(JsonErrorType::EofWhileParsingList),
        }
    }

    /// Goes on to the next value of a list; gives what kind it is.
    #[inline]
    pub(super) fn list_step(&mut self) -> Walked<Option<Peek>> {
        match self.next() {
            Some(b',') => self.at += 1,
            Some(b']') => {
                self.at += 1;
                return Ok(None);
            }
            Some(_) => return self.wrong(JsonErrorType::ExpectedListCommaOrEnd),
            None => return self.wrong(JsonErrorType::EofWhileParsingList),
        }
        match self.next() {
            Some(b']') => self.wrong(JsonErrorType::TrailingComma),
            Some(next) => Ok(Some(Peek::new(next))),
            None => self.wrong(JsonErrorType::EofWhileParsingValue),
        }
    }

    /// Makes sure that nothing follows.
    pub(super) fn finish(&mut self) -> Walked<()> {
        if self.next().is_some() { self.wrong(JsonErrorType::TrailingCharacters) } else { Ok(()) }
    }
}

/// The highest bit of each of eight bytes at which a plain run of a string ends: a quote, a backslash or a control
/// character. Bits above the lowest may be set without need.
#[inline]
fn stops(eight: u64) -> u64 {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    let below = |bytes: u64, limit: u64| bytes.wrapping_sub(ONES * limit) & !bytes;
    let is = |byte: u8| below(eight ^ (ONES * u64::from(byte)), 1);
    (is(b'"') | is(b'\\') | below(eight, 0x20)) & (ONES << 7)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Walks a whole text.
    fn walked(text: &str) -> Walked<()> {
        let mut walk = Walk::new(text);
        let peek = walk.peek()?;
        value(&mut walk, peek)?;
        walk.finish()
    }

    fn value(walk: &mut Walk<'_>, peek: Peek) -> Walked<()> {
        match peek {
            Peek::Null => walk.null(),
            Peek::True | Peek::False => walk.flag(peek).map(drop),
            Peek::String if walk.day().is_some() => Ok(()),
            Peek::String => walk.string().map(drop),
            Peek::Array => {
                let mut next = walk.list()?;
                while let Some(peek) = next {
                    value(walk, peek)?;
                    next = walk.list_step()?;
                }
                Ok(())
            }
            Peek::Object => {
                let mut more = walk.object()?;
                while more {
                    if !walk.key_is("known")? {
                        walk.key()?;
                    }
                    let peek = walk.peek()?;
                    value(walk, peek)?;
                    more = walk.object_step()?;
                }
                Ok(())
            }
            number if number.is_num() => match walk.short_number() {
                Some(_) => Ok(()),
                None => walk.number(peek).map(drop),
            },
            _ => walk.skip(peek),
        }
    }

    fn skipped(text: &str) -> Result<(), JiterError> {
        let mut json = Jiter::new(text.as_bytes());
        json.next_skip()?;
        json.finish()
    }

    /// Pieces of JSON in any order; most of it is none.
    fn pieces() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            " ",
            "\n",
            "null",
            "nul",
            "true",
            "false",
            "0",
            "01",
            "-1",
            "1.5",
            "1.",
            "2e3",
            "\"known\"",
            "\"known\":",
            "\"a\":1",
            "\"株\"",
            "\"2024-08-01\"",
            "\"\\u0041\"",
            "\"\\x\"",
            "\u{1}",
        ]);
        prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn a_text_is_read_or_refused_as_jiter_does(text in pieces()) {
            prop_assert_eq!(walked(&text).map_err(|error| *error), skipped(&text));
        }

        #[test]
        fn a_list_is_read_or_refused_as_jiter_does(text in pieces()) {
            let text = format!(r#"[{{"known":[{text}]}},{text}]"#);
            prop_assert_eq!(walked(&text).map_err(|error| *error), skipped(&text));
        }

        #[test]
        fn a_string_ends_where_its_quote_stands(inside in "[a-zé株 \\\\\"\\u{1}\\u{1f}\\u{7f}]{0,30}", after in ".{0,10}") {
            let text = format!("\"{inside}\"{after}");
            let mut walk = Walk::new(&text);
            let mut json = Jiter::new(text.as_bytes());
            let jiters = json.known_bytes().map(|raw| String::from_utf8_lossy(raw).into_owned());
            match (walk.string(), jiters) {
                (Ok((raw, escaped)), Ok(jiters)) => {
                    prop_assert_eq!(raw, jiters);
                    prop_assert_eq!(escaped, raw.contains('\\'));
                    prop_assert_eq!(walk.at(), json.current_index());
                }
                (walked, jiters) => prop_assert_eq!(walked.map(drop).map_err(|error| *error), jiters.map(drop)),
            }
        }
    }
}
