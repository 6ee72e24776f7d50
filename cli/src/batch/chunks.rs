//! From a stream of bytes to chunks of lines: bounded, whatever the input is.

use std::io::{self, BufRead, BufReader, Read};
use std::ops::Range;
use tierline_engine::portfolio::{LONGEST_LINE, Line};

/// The most lines of one chunk: enough that passing it on costs little, few enough that it is soon answered.
const LINES: usize = 32;
/// A chunk takes no further line once it holds this many bytes.
const BYTES: usize = 256 << 10;
/// What some programs put before the first line of a text file.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Some lines of the input, in their order.
#[derive(Debug, Default)]
pub struct Chunk {
    bytes: Vec<u8>,
    lines: Vec<(u64, Option<Range<usize>>)>,
    /// How many bytes of the input it was read from.
    pub read: u64,
}

impl Chunk {
    /// The lines with their numbers, counted from 1.
    pub fn lines(&self) -> impl Iterator<Item = (u64, Line<'_>)> {
        self.lines.iter().map(|(number, range)| {
            (*number, range.clone().map_or(Line::TooLong, |range| Line::Facts(&self.bytes[range])))
        })
    }
}

/// The chunks of an input. Blank lines are skipped, but counted.
#[derive(Debug)]
pub struct Chunks<R> {
    input: BufReader<R>,
    number: u64,
    ended: bool,
}

impl<R: Read> Chunks<R> {
    /// The chunks of `input`.
    pub fn of(input: R) -> Self {
        Self { input: BufReader::with_capacity(64 << 10, input), number: 0, ended: false }
    }

    /// Reads one line to the end of the chunk.
    fn line(&mut self, chunk: &mut Chunk) -> io::Result<()> {
        let start = chunk.bytes.len();
        let mut some = false;
        let mut too_long = false;
        loop {
            let available = match self.input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                available => available?,
            };
            if available.is_empty() {
                self.ended = true;
                break;
            }
            some = true;
            let end = available.iter().position(|byte| *byte == b'\n');
            let part = &available[..end.unwrap_or(available.len())];
            // Two bytes more than may be kept: the line's end may be a `\r` too, and one tells that it is too long.
            too_long = too_long || chunk.bytes.len() - start + part.len() > LONGEST_LINE + 1;
            if too_long {
                chunk.bytes.truncate(start);
            } else {
                chunk.bytes.extend_from_slice(part);
            }
            let used = part.len() + usize::from(end.is_some());
            self.input.consume(used);
            chunk.read += used as u64;
            if end.is_some() {
                break;
            }
        }
        if some {
            self.number += 1;
            self.keep(chunk, start, too_long);
        }
        Ok(())
    }

    fn keep(&self, chunk: &mut Chunk, start: usize, too_long: bool) {
        if chunk.bytes[start..].last() == Some(&b'\r') {
            chunk.bytes.pop();
        }
        let mark = self.number == 1 && chunk.bytes[start..].starts_with(BYTE_ORDER_MARK);
        let from = if mark { start + BYTE_ORDER_MARK.len() } else { start };
        if too_long || chunk.bytes.len() - from > LONGEST_LINE {
            chunk.bytes.truncate(start);
            chunk.lines.push((self.number, None));
        } else if chunk.bytes[from..].iter().all(u8::is_ascii_whitespace) {
            chunk.bytes.truncate(start);
        } else {
            chunk.lines.push((self.number, Some(from..chunk.bytes.len())));
        }
    }

    fn chunk(&mut self) -> io::Result<Chunk> {
        let mut chunk = Chunk::default();
        while !self.ended && chunk.lines.len() < LINES && chunk.bytes.len() < BYTES {
            self.line(&mut chunk)?;
            // Whoever writes slowly, line by line, is answered line by line.
            if self.input.buffer().is_empty() && !chunk.lines.is_empty() {
                break;
            }
        }
        Ok(chunk)
    }
}

impl<R: Read> Iterator for Chunks<R> {
    type Item = io::Result<Chunk>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let chunk = self.chunk();
        self.ended |= chunk.is_err();
        Some(chunk)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(input: &[u8]) -> Vec<(u64, Option<String>)> {
        let chunks: Vec<Chunk> = Chunks::of(input).collect::<io::Result<_>>().expect("memory can be read");
        assert_eq!(chunks.iter().map(|chunk| chunk.read).sum::<u64>(), input.len() as u64);
        let text = |line| match line {
            Line::Facts(bytes) => Some(String::from_utf8(bytes.to_vec()).expect("text")),
            Line::TooLong => None,
        };
        chunks
            .iter()
            .flat_map(|chunk| chunk.lines().map(|(number, line)| (number, text(line))).collect::<Vec<_>>())
            .collect()
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
        let chunks: Vec<Chunk> = Chunks::of(input.as_bytes()).collect::<io::Result<_>>().expect("memory can be read");
        assert!(chunks.iter().all(|chunk| chunk.lines.len() <= LINES));
        assert_eq!(lines(input.as_bytes()).len(), 1000);
    }
}
