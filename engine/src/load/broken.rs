//! What the author of a text that is no TOML most likely meant. It looks at the text alone.

use crate::finding::{Finding, code};
use crate::source::{FileId, Span};
use crate::value::quantity::{Quantity, quantity};

/// A number such as `25,000` outside of quotes, in the line in which the text ceases to be TOML.
pub fn thousands(file: FileId, text: &str, at: Span) -> Option<(Span, String)> {
    let before = text.get(..at.start as usize)?;
    let start = before.rfind('\n').map_or(0, |line| line + 1);
    let line = text.get(start..)?.lines().next()?;
    let mut quoted = false;
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (place, c) in line.char_indices() {
        quoted ^= c == '"' || c == '\'';
        match runs.last_mut() {
            Some((_, end)) if *end == place && (c.is_ascii_digit() || c == ',') => *end = place + 1,
            _ if !quoted && c.is_ascii_digit() => runs.push((place, place + 1)),
            _ => {}
        }
    }
    let (from, to) = runs.into_iter().find(|(from, to)| {
        let mut groups = line[*from..*to].split(',');
        let first = groups.next().map_or(0, str::len);
        let rest: Vec<&str> = groups.collect();
        (1..=3).contains(&first) && !rest.is_empty() && rest.iter().all(|group| group.len() == 3)
    })?;
    Some((Span::new(file, start + from, start + to), line[from..to].replace(',', "_")))
}

/// How the value in which the text ceases to be TOML is written, where that can be told.
pub fn mended(text: &str, at: Span) -> Option<String> {
    let from = text.get(at.start as usize..)?.lines().next()?;
    let end = from.find([',', '}', ']', '#', '\n']).unwrap_or(from.len());
    let value = from[..end].trim();
    // A key stands before what is to be quoted.
    let after_key = text.get(..at.start as usize)?.trim_end().ends_with('=');
    if after_key && value.starts_with(|c: char| c.is_ascii_alphabetic()) && !value.contains(['"', '\'']) {
        let line = from.split('#').next().unwrap_or(from).trim();
        // A word alone may be a text; what computes is a condition.
        let word = line.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
        let quoted =
            if word { format!("`\"{line}\"`") } else { format!("a text `\"{line}\"`, a condition `'{line}'`") };
        return Some(format!("write it in quotes: {quoted}"));
    }
    let curly = ['\u{201c}', '\u{201d}', '\u{201e}', '\u{2018}', '\u{2019}'];
    if value.contains(curly) {
        let inner = value.trim_matches(curly);
        return Some(format!("write straight quotes: `\"{inner}\"`"));
    }
    if quantity(value).is_some_and(|quantity| !matches!(quantity, Quantity::Number(_))) {
        return Some(format!("a value with a unit stands in quotes: `\"{value}\"`"));
    }
    let parts: Vec<&str> = value.split(['/', '.']).collect();
    let digits = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let day = parts.len() == 3 && parts.iter().all(digits) && parts.iter().any(|part| part.len() == 4);
    let dashes = value.split('-').count() == 3 && value.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    (day || dashes).then(|| "write a day as 2024-08-01: year, month, day, without quotes".to_owned())
}

/// The bracket that is still open where a line begins like a heading or a key.
pub fn unclosed(text: &str, at: usize) -> Option<usize> {
    let line = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
    let own = text.get(line..)?.lines().next()?.trim_start();
    let key = own
        .split_once('=')
        .is_some_and(|(key, _)| key.trim().chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')));
    let heading =
        own.starts_with("[[") || (own.starts_with('[') && own.trim_end().ends_with(']') && !own.contains(','));
    if !key && !heading {
        return None;
    }
    let mut open = Vec::new();
    for place in brackets(&text[..line]) {
        match text.as_bytes()[place] {
            b'[' | b'{' => open.push(place),
            _ => drop(open.pop()),
        }
    }
    open.last().copied()
}

/// A row that ends before its `}`: where it begins, and where its line ends. The next line begins with a
/// bracket, which inside a row can only be the next row, or the end of them.
pub fn unclosed_row(text: &str) -> Option<(usize, usize)> {
    let begins =
        |place: usize| text[..place].trim_end_matches([' ', '\t']).chars().next_back().is_none_or(|c| c == '\n');
    let mut open: Vec<usize> = Vec::new();
    for place in brackets(text) {
        let sign = text.as_bytes()[place];
        let inner = open.last().copied().filter(|inner| text.as_bytes()[*inner] == b'{');
        if let Some(row) =
            inner.filter(|row| sign != b'}' && begins(*row) && begins(place) && text[*row..place].contains('\n'))
        {
            let line = text[row..].lines().next().unwrap_or_default();
            return Some((row, row + line.trim_end().len()));
        }
        match sign {
            b'[' | b'{' => open.push(place),
            _ => drop(open.pop()),
        }
    }
    None
}

/// The places of the brackets that stand outside of texts and comments.
fn brackets(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let mut quote: Option<&str> = None;
    let mut place = 0;
    while place < text.len() {
        let here = &text[place..];
        let mut step = here.chars().next().map_or(1, char::len_utf8);
        match quote {
            Some(end) if here.starts_with(end) => {
                step = end.len();
                quote = None;
            }
            // A text of one line ends with it, whatever stands in it.
            Some(end) if here.starts_with('\n') && end.len() == 1 => quote = None,
            // Whatever it is that stands behind it.
            Some("\"" | "\"\"\"") if here.starts_with('\\') => step += here.chars().nth(1).map_or(0, char::len_utf8),
            Some(_) => {}
            None => match ["\"\"\"", "'''", "\"", "'"].into_iter().find(|mark| here.starts_with(mark)) {
                Some(mark) => {
                    step = mark.len();
                    quote = Some(mark);
                }
                None if here.starts_with('#') => step = here.find('\n').unwrap_or(here.len()),
                None if here.starts_with(['[', '{', ']', '}']) => found.push(place),
                None => {}
            },
        }
        place += step;
    }
    found
}

/// A heading in single brackets of what others write in double ones.
pub struct Single<'t> {
    name: &'t str,
    /// The heading.
    at: (usize, usize),
    /// The first of the others.
    other: (usize, usize),
}

impl Single<'_> {
    /// Whether an error stands at one of the headings of this name.
    pub fn is_at(&self, text: &str, error: Span) -> bool {
        let start = text.get(..error.start as usize).map_or(0, |before| before.rfind('\n').map_or(0, |end| end + 1));
        text.get(start..).and_then(|rest| heading(rest.lines().next()?)).is_some_and(|(name, _)| name == self.name)
    }

    pub fn told(&self, file: FileId) -> Finding {
        let (name, at, other) = (self.name, self.at, self.other);
        Finding::new(&code::TOML_SYNTAX, Span::new(file, at.0, at.1), format!("`{name}` has single brackets here"))
            .and(Span::new(file, other.0, other.1), "here it has two, as a list has")
            .help(format!("write `[[{name}]]`, once above each of them"))
    }
}

/// The headings in single brackets of what others write in double ones, the first of each name.
pub fn single_headings(text: &str) -> Vec<Single<'_>> {
    let mut headings = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let place = (start, start + line.split('#').next().unwrap_or(line).trim_end().len());
        headings.extend(heading(line).map(|(name, double)| (name, double, place)));
        start += line.len();
    }
    let mut found: Vec<Single<'_>> = Vec::new();
    for (name, _, at) in headings.iter().filter(|(_, double, _)| !double) {
        let other = headings.iter().find(|(other, double, _)| *double && other == name);
        if let Some((_, _, other)) = other.filter(|_| found.iter().all(|known| known.name != *name)) {
            found.push(Single { name, at: *at, other: *other });
        }
    }
    found
}

/// The name in a line that is a heading, and whether it has double brackets.
fn heading(line: &str) -> Option<(&str, bool)> {
    let line = line.split('#').next()?.trim();
    let double = line.strip_prefix("[[").and_then(|rest| rest.strip_suffix("]]"));
    let name = double.or_else(|| line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')))?.trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    (!name.is_empty() && name.chars().all(plain)).then_some((name, double.is_some()))
}

#[cfg(test)]
mod tests {
    use super::brackets;

    #[test]
    fn brackets_in_texts_are_none_of_the_text_around() {
        let text = "a = [\"\\の]\", '{', \"\"\"\n]\"\"\"] # ]\nb = {\"\\";
        let places: Vec<usize> = text.match_indices(['[', ']', '{']).map(|(place, _)| place).collect();
        assert_eq!(brackets(text), [places[0], places[4], places[6]]);
    }
}
