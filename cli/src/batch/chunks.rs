//! The chunks of an input that is read from a file or from standard input.

use std::io::{self, BufRead, BufReader, Read};
use tierline_engine::portfolio::{Chunk, Splitter};

/// The chunks of an input. Blank lines are skipped, but counted.
#[derive(Debug)]
pub struct Chunks<R> {
    input: BufReader<R>,
    splitter: Splitter,
    ended: bool,
}

impl<R: Read> Chunks<R> {
    /// The chunks of `input`.
    pub fn of(input: R) -> Self {
        Self { input: BufReader::with_capacity(64 << 10, input), splitter: Splitter::default(), ended: false }
    }

    fn chunk(&mut self) -> io::Result<Chunk> {
        loop {
            let available = match self.input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                available => available?,
            };
            if available.is_empty() {
                self.ended = true;
                return Ok(self.splitter.finish());
            }
            let used = self.splitter.take_in(available);
            self.input.consume(used);
            // Whoever writes slowly, line by line, is answered line by line.
            let waits = self.input.buffer().is_empty() && self.splitter.is_between_lines();
            if (waits && self.splitter.has_lines()) || self.splitter.is_full() {
                return Ok(self.splitter.chunk());
            }
        }
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
