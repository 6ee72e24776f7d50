//! The texts that findings point into: rule files, scripts, tables, cases.

use std::sync::Arc;

/// The place of a file in [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A stretch of bytes of one file, half-open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// The bytes `start..end` of `file`.
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { file, start: clamp(start), end: clamp(end.max(start)) }
    }

    /// Whether all of `other` lies inside.
    pub fn holds(self, other: Span) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }

    /// The stretch that begins and ends with the two, which are of one file.
    pub fn to(self, other: Span) -> Self {
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The very beginning of `file`.
    pub fn top(file: FileId) -> Self {
        Self::new(file, 0, 0)
    }
}

/// One text, with the path under which people know it.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The path as it was given, with forward slashes.
    pub path: Arc<str>,
    /// The whole text.
    pub text: Arc<str>,
    /// The file that this one repeats: a text that stands for several rules is one file for each of them.
    pub repeats: Option<FileId>,
}

/// A line and a column, both counted from 1; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// All the texts of one load.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Adds a text and returns its place.
    pub fn add(&mut self, path: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> FileId {
        self.files.push(SourceFile { path: path.into(), text: text.into(), repeats: None });
        FileId(self.files.len() as u32 - 1)
    }

    /// Adds the text of `file` once more, so that places in it can be told apart from those in the first.
    pub fn repeat(&mut self, file: FileId) -> FileId {
        let first = self.first(file);
        let again = SourceFile { repeats: Some(first), ..self.file(first).clone() };
        self.files.push(again);
        FileId(self.files.len() as u32 - 1)
    }

    /// The file itself, or the one that it repeats.
    pub fn first(&self, file: FileId) -> FileId {
        self.file(file).repeats.unwrap_or(file)
    }

    /// The file at `id`.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// All files, in the order in which they were read.
    pub fn files(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.iter().filter(|file| file.repeats.is_none())
    }

    /// The text under `span`; empty when the span lies outside its file.
    pub fn text(&self, span: Span) -> &str {
        self.file(span.file).text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// From a line and column, counted from 1, to the end of that line.
    pub fn at(&self, file: FileId, line: Option<usize>, column: Option<usize>) -> Span {
        let text = &self.file(file).text;
        let Some(line) = line else { return Span::top(file) };
        let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let rest = text.get(start..).unwrap_or("").split('\n').next().unwrap_or("");
        let offset = rest.char_indices().nth(column.unwrap_or(1).saturating_sub(1)).map_or(rest.len(), |(at, _)| at);
        Span::new(file, start + offset, start + rest.trim_end().len().max(offset))
    }

    /// The same in the file that people know by this path.
    pub fn place(&self, path: &str, line: Option<usize>, column: Option<usize>) -> Option<Span> {
        let file = self.files.iter().position(|file| *file.path == *path)?;
        Some(self.at(FileId(file as u32), line, column))
    }

    /// Where `span` begins.
    pub fn position(&self, span: Span) -> Position {
        let text = &self.file(span.file).text;
        let mut start = (span.start as usize).min(text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Position {
            line: before.bytes().filter(|b| *b == b'\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters() {
        let mut sources = Sources::default();
        let file = sources.add("a.toml", "a = 1\nタイトル = 2\n");
        let at = |start| sources.position(Span::new(file, start, start + 1));
        assert_eq!(at(0), Position { line: 1, column: 1 });
        assert_eq!(at(6), Position { line: 2, column: 1 });
        assert_eq!(at(6 + "タイトル ".len()), Position { line: 2, column: 6 });
        assert_eq!(at(9999), Position { line: 3, column: 1 });
    }
}
