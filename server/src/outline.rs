//! The outline of a JSON text: how deep its lists and objects nest, how many there are, and where those end
//! that stand in the outermost one. Found in one pass, eight bytes at a time, since it is made of every body.
//!
//! It holds for JSON alone. Whether a text is JSON is found by those who read it.

use std::ops::Range;

/// How lists and objects nest in a text.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// How deep.
    pub depth: usize,
    /// How many there are.
    pub parts: usize,
    /// Where those stand that are in the outermost one, [`MOST`] of them at most.
    pub inner: Vec<Range<usize>>,
}

/// The most ranges that are kept: no request has so many parts.
pub const MOST: usize = 16;

const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// What is known at one place of the text.
#[derive(Default)]
struct Pass {
    outline: Outline,
    depth: usize,
    start: usize,
    quoted: bool,
    escaped: bool,
}

/// The outline of `json`.
pub fn of(json: &[u8]) -> Outline {
    let mut pass = Pass::default();
    let (words, rest) = json.as_chunks::<8>();
    for (place, word) in words.iter().enumerate() {
        pass.word(place * 8, word);
    }
    for (place, byte) in rest.iter().enumerate() {
        pass.byte(words.len() * 8 + place, *byte);
    }
    pass.outline
}

impl Pass {
    /// Most words have no bracket: of those only the quotes matter, and whether their number is odd.
    #[inline]
    fn word(&mut self, at: usize, bytes: &[u8; 8]) {
        let word = u64::from_le_bytes(*bytes);
        // With one more bit, `[` is `{` and `]` is `}`; between them there are the backslash and `|`.
        let brackets = between(word | LOW.wrapping_mul(0x20), b'{', b'}');
        // How many quotes there are up to each byte; where they are odd, a string has begun or ended.
        let quotes = (equal(word, b'"') >> 7).wrapping_mul(LOW);
        if brackets != 0 || self.escaped {
            return self.brackets(at, bytes, brackets, quotes);
        }
        self.quoted ^= quotes >> 56 & 1 == 1;
    }

    #[inline(never)]
    fn brackets(&mut self, at: usize, bytes: &[u8; 8], brackets: u64, quotes: u64) {
        if self.escaped || bytes.contains(&b'\\') {
            bytes.iter().enumerate().for_each(|(place, byte)| self.byte(at + place, *byte));
            return;
        }
        let inside = quotes ^ LOW.wrapping_mul(u64::from(self.quoted));
        let mut outside = brackets & !(inside << 7);
        while outside != 0 {
            let place = (outside.trailing_zeros() / 8) as usize;
            self.bracket(at + place, bytes[place]);
            outside &= outside - 1;
        }
        self.quoted = inside >> 56 & 1 == 1;
    }

    #[inline]
    fn byte(&mut self, at: usize, byte: u8) {
        if self.quoted {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.quoted = false,
                _ => {}
            }
            return;
        }
        match byte {
            b'"' => self.quoted = true,
            _ => self.bracket(at, byte),
        }
    }

    /// A byte outside of strings, which may be a bracket.
    #[inline]
    fn bracket(&mut self, at: usize, byte: u8) {
        match byte {
            b'{' | b'[' => {
                self.depth += 1;
                self.outline.parts += 1;
                self.outline.depth = self.outline.depth.max(self.depth);
                if self.depth == 2 {
                    self.start = at;
                }
            }
            b'}' | b']' => {
                if self.depth == 2 && self.outline.inner.len() < MOST {
                    self.outline.inner.push(self.start..at + 1);
                }
                self.depth = self.depth.saturating_sub(1);
            }
            _ => {}
        }
    }
}

/// The high bit of every byte of `word` that is `byte`.
#[inline]
fn equal(word: u64, byte: u8) -> u64 {
    let differing = word ^ LOW.wrapping_mul(u64::from(byte));
    !((differing & !HIGH).wrapping_add(!HIGH) | differing) & HIGH
}

/// The high bit of every byte of `word` that is one of these; none of them is above 0x7f.
#[inline]
fn between(word: u64, first: u8, last: u8) -> u64 {
    let least = |byte: u8| (word & !HIGH).wrapping_add(LOW.wrapping_mul(u64::from(0x80 - byte)));
    least(first) & !least(last + 1) & !word & HIGH
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(json: &str) -> (usize, usize, Vec<&str>) {
        let Outline { depth, parts, inner } = of(json.as_bytes());
        (depth, parts, inner.into_iter().map(|range| &json[range]).collect())
    }

    #[test]
    fn lists_and_objects_are_counted_outside_of_strings() {
        assert_eq!(told(""), (0, 0, vec![]));
        assert_eq!(told(r#"{"a": [1, {"b": 2}], "c": []}"#), (3, 4, vec![r#"[1, {"b": 2}]"#, "[]"]));
        assert_eq!(told(r#"{"[[[\"{{{": "}]\\", "x": {}}"#), (2, 2, vec!["{}"]));
        assert_eq!(told(&"[".repeat(1000)), (1000, 1000, vec![]));
        assert_eq!(told("]]}}"), (0, 0, vec![]));
        assert_eq!(told(&format!("[{}]", "[],".repeat(40))).2.len(), MOST);
    }

    #[test]
    fn eight_bytes_at_a_time_are_as_good_as_one() {
        // Every text of these pieces, so long that each of them comes to stand at every place of a word.
        const PIECES: [&str; 10] = ["\"", "\\", "{", "}", "[", "]", "é[", "1234567", "\u{1}\u{7f}", "|"];
        let mut seed = 1u32;
        for _ in 0..20_000 {
            let mut text = String::new();
            for _ in 0..12 {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                text.push_str(PIECES[(seed >> 16) as usize % PIECES.len()]);
            }
            let mut slow = Pass::default();
            text.bytes().enumerate().for_each(|(at, byte)| slow.byte(at, byte));
            assert_eq!(of(text.as_bytes()), slow.outline, "{text:?}");
        }
    }
}
