//! From pieces of a stream to chunks of whole lines: bounded, whatever the stream is.
//!
//! It is given bytes as they come, in pieces of any size, and knows nothing of where they come from.

use super::{LONGEST_LINE, Line};
use std::ops::Range;

/// The most lines of one chunk: enough that passing it on costs little, few enough that it is soon answered.
pub const LINES: usize = 32;
/// A chunk takes no further line once it holds this many bytes.
pub const BYTES: usize = 256 << 10;
/// What some programs put before the first line of a text file.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Some lines of a stream, in their order. Blank lines are counted, but not kept.
#[derive(Debug, Default)]
pub struct Chunk {
    bytes: Vec<u8>,
    lines: Vec<(u64, Option<Range<usize>>)>,
    /// How many bytes of the stream were read for it.
    pub read: u64,
}

impl Chunk {
    /// The lines with their numbers, counted from 1.
    pub fn lines(&self) -> impl Iterator<Item = (u64, Line<'_>)> {
        self.lines.iter().map(|(number, range)| {
            (*number, range.clone().map_or(Line::TooLong, |range| Line::Facts(&self.bytes[range])))
        })
    }

    /// Whether it holds no line.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

/// Cuts a stream into chunks.
#[derive(Debug, Default)]
pub struct Splitter {
    chunk: Chunk,
    /// Where the line that has begun starts in the chunk.
    start: usize,
    begun: bool,
    too_long: bool,
    number: u64,
}

impl Splitter {
    /// Takes in what it can of `bytes` and says how many that were: fewer than all when the chunk is full.
    pub fn take_in(&mut self, bytes: &[u8]) -> usize {
        let mut used = 0;
        while used < bytes.len() && !self.is_full() {
            let rest = &bytes[used..];
            let end = rest.iter().position(|byte| *byte == b'\n');
            let part = &rest[..end.unwrap_or(rest.len())];
            self.begun = true;
            // Two bytes more than may be kept: the line's end may be a `\r` too, and one tells that it is too long.
            self.too_long |= self.chunk.bytes.len() - self.start + part.len() > LONGEST_LINE + 1;
            if self.too_long {
                self.chunk.bytes.truncate(self.start);
            } else {
                self.chunk.bytes.extend_from_slice(part);
            }
            used += part.len() + usize::from(end.is_some());
            if end.is_some() {
                self.end_line();
            }
        }
        self.chunk.read += used as u64;
        used
    }

    /// Whether the chunk takes no more.
    pub fn is_full(&self) -> bool {
        self.chunk.lines.len() >= LINES || self.start >= BYTES
    }

    /// Whether there are whole lines to be answered.
    pub fn has_lines(&self) -> bool {
        !self.chunk.is_empty()
    }

    /// Whether no line has begun that has not ended.
    pub fn is_between_lines(&self) -> bool {
        !self.begun
    }

    /// The whole lines so far. A line that has only begun stays.
    pub fn chunk(&mut self) -> Chunk {
        let begun = self.chunk.bytes.split_off(self.start);
        self.start = 0;
        std::mem::replace(&mut self.chunk, Chunk { bytes: begun, ..Chunk::default() })
    }

    /// The rest, when the stream has ended: its last line may have no end.
    pub fn finish(&mut self) -> Chunk {
        if self.begun {
            self.end_line();
        }
        self.chunk()
    }

    /// The number of the line that comes next, or has begun.
    pub fn next_line(&self) -> u64 {
        self.number + 1
    }

    fn end_line(&mut self) {
        self.number += 1;
        let (chunk, start) = (&mut self.chunk, self.start);
        if chunk.bytes[start..].last() == Some(&b'\r') {
            chunk.bytes.pop();
        }
        let mark = self.number == 1 && chunk.bytes[start..].starts_with(BYTE_ORDER_MARK);
        let from = if mark { start + BYTE_ORDER_MARK.len() } else { start };
        if self.too_long || chunk.bytes.len() - from > LONGEST_LINE {
            chunk.bytes.truncate(start);
            chunk.lines.push((self.number, None));
        } else if chunk.bytes[from..].iter().all(u8::is_ascii_whitespace) {
            chunk.bytes.truncate(start);
        } else {
            chunk.lines.push((self.number, Some(from..chunk.bytes.len())));
        }
        self.start = self.chunk.bytes.len();
        self.begun = false;
        self.too_long = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The chunks of `input`, given in pieces of `piece` bytes.
    fn chunks(input: &[u8], piece: usize) -> Vec<Chunk> {
        let mut splitter = Splitter::default();
        let mut chunks = Vec::new();
        for mut part in input.chunks(piece) {
            while !part.is_empty() {
                part = &part[splitter.take_in(part)..];
                if splitter.is_full() {
                    chunks.push(splitter.chunk());
                }
            }
        }
        chunks.push(splitter.finish());
        assert_eq!(chunks.iter().map(|chunk| chunk.read).sum::<u64>(), input.len() as u64);
        chunks
    }

    fn lines(input: &[u8]) -> Vec<(u64, Option<String>)> {
        let text = |line: Line<'_>| match line {
            Line::Facts(bytes) => Some(String::from_utf8(bytes.to_vec()).expect("text")),
            Line::TooLong => None,
        };
        let all = |piece| {
            let chunks = chunks(input, piece);
            let lines = chunks.iter().flat_map(|chunk| chunk.lines().map(|(number, line)| (number, text(line))));
            lines.collect::<Vec<_>>()
        };
        let whole = all(usize::MAX);
        assert_eq!(whole, all(if input.len() > 1000 { 4099 } else { 1 }), "however the stream is cut");
        whole
    }

    fn kept(number: u64, text: &str) -> (u64, Option<String>) {
        (number, Some(text.to_owned()))
    }

    #[test]
    fn blank_lines_are_counted_and_skipped() {
        assert_eq!(lines(b""), []);
        assert_eq!(lines(b"\n \t\r\n\n"), []);
        assert_eq!(lines(b"{a}\n\n{b}\r\n{c}"), [kept(1, "{a}"), kept(3, "{b}"), kept(4, "{c}")]);
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_first_line() {
        assert_eq!(lines(b"\xef\xbb\xbf{a}\n\xef\xbb\xbf{b}\n"), [kept(1, "{a}"), kept(2, "\u{feff}{b}")]);
        assert_eq!(lines(b"\xef\xbb\xbf\r\n{b}"), [kept(2, "{b}")]);
    }

    #[test]
    fn a_line_may_be_as_long_as_the_limit_and_no_longer() {
        let longest = "x".repeat(LONGEST_LINE);
        for end in ["", "\n", "\r\n"] {
            assert_eq!(lines(format!("{longest}{end}").as_bytes()), [kept(1, &longest)]);
            assert_eq!(lines(format!("{longest}y{end}").as_bytes()), [(1, None)]);
            assert_eq!(lines(format!("{longest}yy{end}").as_bytes()), [(1, None)]);
        }
        assert_eq!(lines(format!("a\n{longest}{longest}\nb").as_bytes()), [kept(1, "a"), (2, None), kept(3, "b")]);
    }

    #[test]
    fn many_lines_come_in_chunks_of_few() {
        let input = "line\n".repeat(1000);
        assert!(chunks(input.as_bytes(), 700).iter().all(|chunk| chunk.lines.len() <= LINES));
        assert_eq!(lines(input.as_bytes()).len(), 1000);
    }

    #[test]
    fn whole_lines_are_given_while_another_has_begun() {
        let mut splitter = Splitter::default();
        assert_eq!(splitter.take_in(b"a\nb"), 3);
        assert!(splitter.has_lines() && !splitter.is_between_lines());
        assert_eq!(splitter.chunk().lines().count(), 1);
        assert!(!splitter.has_lines());
        assert_eq!(splitter.next_line(), 2);
        splitter.take_in(b"c\n");
        assert!(splitter.is_between_lines());
        let rest = splitter.finish();
        assert_eq!(rest.lines().collect::<Vec<_>>(), [(2, Line::Facts(b"bc"))]);
    }
}
