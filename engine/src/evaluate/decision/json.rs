//! JSON as decisions are written: into memory, with what they are made of and nothing else.
//!
//! Most of a decision are names of fields and short words. Names of fields are known to be plain, and whether
//! anything in a text must be escaped is seen eight bytes at a time. Floats, bytes and enums with data do not
//! stand in a decision and are refused.

use crate::value::digits::Digits;
use serde::ser::{Impossible, SerializeMap, SerializeSeq, SerializeStruct};
use serde::{Serialize, Serializer};
use std::fmt::{self, Display, Write};

/// The JSON that is written so far.
pub(super) struct Json<'o>(pub &'o mut Vec<u8>);

impl Json<'_> {
    fn text(&mut self, text: &str) {
        self.0.push(b'"');
        self.inside(text);
        self.0.push(b'"');
    }

    /// A part of a text, without the quotes around it.
    fn inside(&mut self, text: &str) {
        if is_plain(text.as_bytes()) {
            self.0.extend_from_slice(text.as_bytes());
        } else {
            text.bytes().for_each(|byte| self.escaped(byte));
        }
    }

    #[cold]
    fn escaped(&mut self, byte: u8) {
        let short = match byte {
            b'"' | b'\\' => byte,
            0x08 => b'b',
            b'\t' => b't',
            b'\n' => b'n',
            0x0c => b'f',
            b'\r' => b'r',
            0..0x20 => {
                let digit = |half: u8| b"0123456789abcdef"[usize::from(half)];
                return self.0.extend_from_slice(&[b'\\', b'u', b'0', b'0', digit(byte >> 4), digit(byte & 15)]);
            }
            _ => return self.0.push(byte),
        };
        self.0.extend_from_slice(&[b'\\', short]);
    }
}

/// Whether nothing in the text must be escaped.
#[inline]
fn is_plain(text: &[u8]) -> bool {
    match (text.first_chunk::<8>(), text.last_chunk::<8>()) {
        // The last eight bytes are looked at for themselves, some of them for the second time.
        (Some(_), Some(last)) => {
            text.chunks_exact(8).all(|eight| eight.try_into().is_ok_and(are_plain)) && are_plain(*last)
        }
        _ => match (text.first_chunk::<4>(), text.last_chunk::<4>()) {
            (Some([a, b, c, d]), Some([w, x, y, z])) => are_plain([*a, *b, *c, *d, *w, *x, *y, *z]),
            _ => text.iter().all(|byte| *byte >= 0x20 && *byte != b'"' && *byte != b'\\'),
        },
    }
}

/// Whether none of these is a quote, a backslash or a control character.
#[inline]
fn are_plain(eight: [u8; 8]) -> bool {
    const fn each(byte: u8) -> u64 {
        u64::from_le_bytes([byte; 8])
    }
    let eight = u64::from_le_bytes(eight);
    // The top bit of a byte is set where a subtraction borrowed: only where the byte was less, or after one
    // that was less.
    let less = |bytes: u64, than: u8| bytes.wrapping_sub(each(than)) & !bytes;
    // With its second bit turned, a quote is 0x20; control characters stay below it, all others above.
    (less(eight ^ each(2), 0x21) | less(eight ^ each(b'\\'), 1)) & each(0x80) == 0
}

impl Write for Json<'_> {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        self.inside(part);
        Ok(())
    }
}

macro_rules! refused {
    ($($method:ident($($of:ty),*) -> $gives:ty;)*) => {
        $(fn $method(self $(, _: $of)*) -> Result<$gives, fmt::Error> {
            Err(fmt::Error)
        })*
    };
}

type Never = Impossible<(), fmt::Error>;

impl<'j, 'o> Serializer for &'j mut Json<'o> {
    type Ok = ();
    type Error = fmt::Error;
    type SerializeSeq = List<'j, 'o>;
    type SerializeMap = Object<'j, 'o>;
    type SerializeStruct = Object<'j, 'o>;
    type SerializeTuple = Never;
    type SerializeTupleStruct = Never;
    type SerializeTupleVariant = Never;
    type SerializeStructVariant = Never;

    fn serialize_str(self, text: &str) -> fmt::Result {
        self.text(text);
        Ok(())
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> fmt::Result {
        self.0.push(b'"');
        write!(self, "{value}")?;
        self.0.push(b'"');
        Ok(())
    }

    #[inline]
    fn serialize_bool(self, flag: bool) -> fmt::Result {
        self.0.extend_from_slice(if flag { b"true" } else { b"false" });
        Ok(())
    }

    fn serialize_i64(self, number: i64) -> fmt::Result {
        self.0.extend_from_slice(Digits::of(number.into()).bytes());
        Ok(())
    }

    #[inline]
    fn serialize_none(self) -> fmt::Result {
        self.0.extend_from_slice(b"null");
        Ok(())
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> fmt::Result {
        value.serialize(self)
    }

    #[inline]
    fn serialize_seq(self, _: Option<usize>) -> Result<List<'j, 'o>, fmt::Error> {
        self.0.push(b'[');
        Ok(List { json: self, first: true })
    }

    #[inline]
    fn serialize_map(self, _: Option<usize>) -> Result<Object<'j, 'o>, fmt::Error> {
        self.0.push(b'{');
        Ok(Object { json: self, first: true })
    }

    #[inline]
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Object<'j, 'o>, fmt::Error> {
        self.serialize_map(None)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, _: &T) -> fmt::Result {
        Err(fmt::Error)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> fmt::Result {
        Err(fmt::Error)
    }

    refused! {
        serialize_i8(i8) -> ();
        serialize_i16(i16) -> ();
        serialize_i32(i32) -> ();
        serialize_u8(u8) -> ();
        serialize_u16(u16) -> ();
        serialize_u32(u32) -> ();
        serialize_u64(u64) -> ();
        serialize_f32(f32) -> ();
        serialize_f64(f64) -> ();
        serialize_char(char) -> ();
        serialize_bytes(&[u8]) -> ();
        serialize_unit() -> ();
        serialize_unit_struct(&'static str) -> ();
        serialize_unit_variant(&'static str, u32, &'static str) -> ();
        serialize_tuple(usize) -> Never;
        serialize_tuple_struct(&'static str, usize) -> Never;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Never;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Never;
    }
}

/// A list that is being written.
pub(super) struct List<'j, 'o> {
    json: &'j mut Json<'o>,
    first: bool,
}

impl SerializeSeq for List<'_, '_> {
    type Ok = ();
    type Error = fmt::Error;

    #[inline]
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> fmt::Result {
        if !std::mem::take(&mut self.first) {
            self.json.0.push(b',');
        }
        value.serialize(&mut *self.json)
    }

    #[inline]
    fn end(self) -> fmt::Result {
        self.json.0.push(b']');
        Ok(())
    }
}

/// An object that is being written.
pub(super) struct Object<'j, 'o> {
    json: &'j mut Json<'o>,
    first: bool,
}

impl SerializeMap for Object<'_, '_> {
    type Ok = ();
    type Error = fmt::Error;

    #[inline]
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> fmt::Result {
        if !std::mem::take(&mut self.first) {
            self.json.0.push(b',');
        }
        key.serialize(&mut *self.json)
    }

    #[inline]
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> fmt::Result {
        self.json.0.push(b':');
        value.serialize(&mut *self.json)
    }

    #[inline]
    fn end(self) -> fmt::Result {
        self.json.0.push(b'}');
        Ok(())
    }
}

impl SerializeStruct for Object<'_, '_> {
    type Ok = ();
    type Error = fmt::Error;

    // The length of a name is known where it is written: its bytes need no call to copy them.
    #[inline(always)]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> fmt::Result {
        self.json.0.extend_from_slice(if std::mem::take(&mut self.first) { b"\"" } else { b",\"" });
        self.json.0.extend_from_slice(name.as_bytes());
        self.json.0.extend_from_slice(b"\":");
        value.serialize(&mut *self.json)
    }

    #[inline]
    fn end(self) -> fmt::Result {
        SerializeMap::end(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn written(value: &impl Serialize) -> String {
        let mut out = Vec::new();
        value.serialize(&mut Json(&mut out)).expect("it stands in decisions");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn a_text_is_escaped_wherever_it_must_be() {
        for code in 0..=u32::from('\u{100}') {
            let odd = char::from_u32(code).expect("a character");
            for (before, after) in (0..20).flat_map(|before| (0..20).map(move |after| (before, after))) {
                let text = format!("{}{odd}{}", "a".repeat(before), "é".repeat(after));
                assert_eq!(written(&text), serde_json::to_string(&text).expect("JSON"));
            }
        }
    }

    #[test]
    fn lists_and_objects_are_written_as_json_has_them() {
        #[derive(Serialize)]
        struct Part {
            none: Option<i64>,
            flags: Vec<bool>,
            counts: BTreeMap<String, i64>,
            parts: Vec<Part>,
        }
        let counts = [("", i64::MIN), ("a \"name\"", 0), ("b", i64::MAX)];
        let counts = counts.map(|(name, count)| (name.to_owned(), count)).into();
        let inner = || Part { none: None, flags: Vec::new(), counts: BTreeMap::new(), parts: Vec::new() };
        let value = Part { none: Some(-1), flags: vec![true, false], counts, parts: vec![inner(), inner()] };
        assert_eq!(written(&value), serde_json::to_string(&value).expect("JSON"));
    }

    #[test]
    fn what_is_shown_is_escaped_too() {
        struct Shown(&'static str);
        impl Display for Shown {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "<{}>", self.0)
            }
        }
        impl Serialize for Shown {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        assert_eq!(written(&Shown("a \"name\"")), r#""<a \"name\">""#);
    }
}
