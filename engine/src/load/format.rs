//! Text to trees: TOML with all of its syntax errors, and CSV tables as rows.

use crate::date::Date;
use crate::document::{Item, Name, Node, Table};
use crate::finding::{Finding, Findings, code};
use crate::source::{FileId, Span};
use crate::value::Decimal;
use crate::value::quantity::{Quantity, quantity};
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// Reads a TOML text; every syntax error becomes a finding. `None` when there was one.
pub fn parse_toml(file: FileId, text: &str, findings: &mut Findings) -> Option<Node> {
    recover_toml(file, text, findings).ok()
}

/// Reads a TOML text; every syntax error becomes a finding. The error is what could be read all the same.
pub fn recover_toml(file: FileId, text: &str, findings: &mut Findings) -> Result<Node, Node> {
    let (document, mut errors) = DeTable::parse_recoverable(text);
    errors.sort_by_key(|error| error.span().map_or(0, |range| range.start));
    let mut told: Option<Span> = None;
    let row = unclosed_row(text);
    let single = single_headings(text);
    for error in &errors {
        let span = error.span().map_or(Span::top(file), |range| Span::new(file, range.start, range.end));
        // What follows in a line that is broken says nothing more.
        let between = told.and_then(|told| text.get(told.start as usize..span.start as usize));
        if between.is_some_and(|between| !between.contains('\n')) {
            continue;
        }
        // One list with a heading of its own kind takes the others along.
        if let Some(heading) =
            single.iter().find(|heading| error.message().starts_with("duplicate key") && heading.is_at(text, span))
        {
            findings.add(heading.told(file));
            continue;
        }
        told = Some(span);
        // A row that is not closed takes in the next one.
        if let Some((open, end)) = row.filter(|(open, _)| *open < span.start as usize) {
            let message = "this is not valid TOML: the row that begins here is not closed";
            let finding = Finding::new(&code::TOML_SYNTAX, Span::new(file, open, end), message);
            findings.add(finding.help("write `}` at its end, and a comma behind it"));
            break;
        }
        // A list that is not closed takes in all that follows, which says nothing of itself.
        if let Some(open) = unclosed(text, span.start as usize) {
            let (what, close) = if text.as_bytes()[open] == b'[' { ("list", ']') } else { ("table", '}') };
            let place = Span::new(file, open, open + 1);
            let message = format!("this is not valid TOML: the {what} that begins here is not closed");
            let finding = Finding::new(&code::TOML_SYNTAX, place, message).and(span, "it goes on as far as this");
            findings.add(finding.help(format!("write `{close}` behind its last item")));
            break;
        }
        let message = error.message().trim().replace('\n', ", ");
        findings.add(match thousands(file, text, span) {
            Some((number, plain)) => Finding::new(&code::TOML_SYNTAX, number, "a comma cannot separate thousands")
                .help(format!("write `{plain}`")),
            None => Finding::new(&code::TOML_SYNTAX, span, format!("this is not valid TOML: {message}"))
                .help_maybe(mended(text, span))
                .help_maybe(message.starts_with("duplicate key").then(|| {
                    "leave one of the two out; a heading stands once, with all of its lines under it".to_owned()
                })),
        });
    }
    let reader = Reader { file };
    let whole = Span::new(file, 0, text.len());
    // What a syntax error left of the text says nothing of itself.
    let mut others = Findings::default();
    let table = reader.table(document.get_ref(), &mut others);
    let broken = errors.first().and_then(|error| error.span()).map(|range| Span::new(file, range.start, range.end));
    let before = |other: &&Finding| broken.is_none_or(|broken| other.span.start < broken.start);
    others.iter().filter(before).for_each(|other| findings.add(other.clone()));
    let document = Node { span: whole, item: Item::Table(table) };
    if errors.is_empty() { Ok(document) } else { Err(document) }
}

/// A number such as `25,000` outside of quotes, in the line in which the text ceases to be TOML.
fn thousands(file: FileId, text: &str, at: Span) -> Option<(Span, String)> {
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
fn mended(text: &str, at: Span) -> Option<String> {
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
fn unclosed(text: &str, at: usize) -> Option<usize> {
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
fn unclosed_row(text: &str) -> Option<(usize, usize)> {
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
            Some("\"" | "\"\"\"") if here.starts_with('\\') => step += 1,
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
struct Single<'t> {
    name: &'t str,
    /// The heading.
    at: (usize, usize),
    /// The first of the others.
    other: (usize, usize),
}

impl Single<'_> {
    /// Whether an error stands at one of the headings of this name.
    fn is_at(&self, text: &str, error: Span) -> bool {
        let start = text.get(..error.start as usize).map_or(0, |before| before.rfind('\n').map_or(0, |end| end + 1));
        text.get(start..).and_then(|rest| heading(rest.lines().next()?)).is_some_and(|(name, _)| name == self.name)
    }

    fn told(&self, file: FileId) -> Finding {
        let (name, at, other) = (self.name, self.at, self.other);
        Finding::new(&code::TOML_SYNTAX, Span::new(file, at.0, at.1), format!("`{name}` has single brackets here"))
            .and(Span::new(file, other.0, other.1), "here it has two, as a list has")
            .help(format!("write `[[{name}]]`, once above each of them"))
    }
}

/// The headings in single brackets of what others write in double ones, the first of each name.
fn single_headings(text: &str) -> Vec<Single<'_>> {
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

struct Reader {
    file: FileId,
}

impl Reader {
    fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.file, range.start, range.end)
    }

    fn table(&self, table: &DeTable<'_>, findings: &mut Findings) -> Table {
        let mut entries: Vec<(Name, Node)> =
            table.iter().filter_map(|(key, value)| Some((self.name(key), self.node(key, value, findings)?))).collect();
        entries.sort_by_key(|(name, _)| name.span.start);
        Table { entries }
    }

    fn name(&self, key: &Spanned<DeString<'_>>) -> Name {
        Name { text: key.get_ref().to_string(), span: self.span(key.span()) }
    }

    fn node(&self, key: &Spanned<DeString<'_>>, value: &Spanned<DeValue<'_>>, findings: &mut Findings) -> Option<Node> {
        let mut span = self.span(value.span());
        let item = match value.get_ref() {
            DeValue::String(text) => Item::Text(text.to_string()),
            DeValue::Boolean(flag) => Item::Flag(*flag),
            DeValue::Integer(number) => self.number(number.as_str(), number.radix(), span, findings)?,
            DeValue::Float(number) => self.number(number.as_str(), 10, span, findings)?,
            DeValue::Datetime(datetime) => self.date(datetime, span, findings)?,
            DeValue::Array(list) => Item::List(list.iter().filter_map(|item| self.node(key, item, findings)).collect()),
            DeValue::Table(table) => {
                // The place of a table that is opened by a header is the header's last key.
                if !matches!(span, Span { start, end, .. } if end > start) {
                    span = self.span(key.span());
                }
                Item::Table(self.table(table, findings))
            }
        };
        Some(Node { span, item })
    }

    fn number(&self, text: &str, radix: u32, span: Span, findings: &mut Findings) -> Option<Item> {
        let plain = text.replace('_', "");
        let plain = plain.strip_prefix('+').unwrap_or(&plain);
        let number = if radix == 10 {
            if plain.contains(['e', 'E']) {
                Decimal::from_scientific(plain).ok()
            } else {
                Decimal::from_str_exact(plain).ok()
            }
        } else {
            i64::from_str_radix(plain, radix).ok().map(Decimal::from)
        };
        if number.is_none() {
            findings.add(
                Finding::new(&code::BAD_VALUE, span, format!("`{text}` cannot be held exactly"))
                    .help("a number has at most 28 digits, and is neither infinite nor `nan`"),
            );
        }
        number.map(Item::Number)
    }

    fn date(&self, datetime: &toml::value::Datetime, span: Span, findings: &mut Findings) -> Option<Item> {
        let date = match (datetime.date, datetime.time, datetime.offset) {
            (Some(date), None, None) => {
                Date::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day))
            }
            _ => None,
        };
        if date.is_none() {
            findings.add(
                Finding::new(&code::BAD_DATE, span, format!("`{datetime}` is no whole day"))
                    .help("write a day as 2024-08-01, without a time"),
            );
        }
        date.map(Item::Date)
    }
}

/// Reads a CSV table: the first record names the columns, every other one is a row.
///
/// An empty cell is left out. Cells are text; the column's type says how they are read.
pub fn parse_csv(file: FileId, text: &str, findings: &mut Findings) -> Vec<Node> {
    let text_without_mark = text.strip_prefix('\u{feff}').unwrap_or(text);
    let skipped = text.len() - text_without_mark.len();
    if let Some(finding) = other_separator(file, text_without_mark, skipped) {
        findings.add(finding);
        return Vec::new();
    }
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(text_without_mark.as_bytes());
    let mut columns: Option<Vec<Name>> = None;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                findings.add(Finding::new(
                    &code::BROKEN_TABLE,
                    Span::top(file),
                    format!("the table cannot be read: {error}"),
                ));
                return rows;
            }
        };
        let start = skipped + record.position().map_or(0, |position| position.byte() as usize);
        let cells = places(file, text, start, &record);
        let Some(columns) = &columns else {
            for cell in cells.iter().filter(|cell| cell.text.is_empty()) {
                findings.add(Finding::new(&code::BROKEN_TABLE, cell.span, "a column has no name"));
            }
            columns = Some(cells);
            continue;
        };
        if cells.len() != columns.len() {
            let place = cells.last().map_or(Span::new(file, start, start), |cell| cell.span);
            findings.add(
                Finding::new(
                    &code::BROKEN_TABLE,
                    place,
                    format!("the row has {} cells, the table has {} columns", cells.len(), columns.len()),
                )
                .help("put a cell that holds a comma in double quotes; leave a cell empty between two commas"),
            );
            continue;
        }
        let span = match (cells.first(), cells.last()) {
            (Some(first), Some(last)) => Span { end: last.span.end, ..first.span },
            _ => Span::new(file, start, start),
        };
        let entries = columns
            .iter()
            .zip(cells)
            .filter(|(_, cell)| !cell.text.is_empty())
            .map(|(column, cell)| (column.clone(), Node { span: cell.span, item: Item::Text(cell.text) }))
            .collect();
        rows.push(Node { span, item: Item::Table(Table { entries }) });
    }
    rows
}

/// The finding for a table whose heading has its columns apart by something other than commas.
fn other_separator(file: FileId, text: &str, skipped: usize) -> Option<Finding> {
    let heading = text.lines().next().filter(|heading| !heading.contains(','))?;
    let (at, mark) = heading.char_indices().find(|(_, c)| matches!(c, ';' | '\t' | '|'))?;
    let said = match mark {
        ';' => "semicolons",
        '\t' => "tabs",
        _ => "bars",
    };
    let place = Span::new(file, skipped + at, skipped + at + 1);
    let message = format!("the columns of the table are separated by {said}");
    let help = "separate cells with commas; put a cell that holds a comma in double quotes";
    Some(Finding::new(&code::BROKEN_TABLE, place, message).help(help))
}

/// The cells of a record with their places, found one after the other from the record's start.
fn places(file: FileId, text: &str, start: usize, record: &csv::StringRecord) -> Vec<Name> {
    let mut at = start;
    record
        .iter()
        .map(|cell| {
            let found = text.get(at..).and_then(|rest| rest.find(cell)).map_or(at, |offset| at + offset);
            at = found + cell.len();
            let cell = cell.trim();
            Name { text: cell.to_owned(), span: Span::new(file, found, found + cell.len()) }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn read(text: &str) -> (Option<Node>, Vec<String>) {
        let mut sources = Sources::default();
        let file = sources.add("a.toml", text);
        let mut findings = Findings::default();
        let node = parse_toml(file, text, &mut findings);
        let said = findings.iter().map(|f| {
            let at = sources.position(f.span);
            format!("{} {}:{} {}", f.code.id, at.line, at.column, f.message)
        });
        (node, said.collect())
    }

    #[test]
    fn numbers_are_exact() {
        let (node, said) = read("a = 0.1\nb = 25_000\nc = 9007199254740993\nd = 1e3\ne = 0x1F");
        assert_eq!(said, Vec::<String>::new());
        let table = node.expect("a document");
        let number = |key: &str| match table.as_table().and_then(|t| t.find(key)).map(|n| &n.item) {
            Some(Item::Number(number)) => number.to_string(),
            other => format!("{other:?}"),
        };
        assert_eq!(number("a"), "0.1");
        assert_eq!(number("b"), "25000");
        assert_eq!(number("c"), "9007199254740993");
        assert_eq!(number("d"), "1000");
        assert_eq!(number("e"), "31");
    }

    #[test]
    fn what_is_no_day_or_no_number_is_found_with_its_place() {
        let (_, said) = read("a = 2024-08-01T10:00:00\nb = nan\nc = 123456789012345678901234567890.5\n");
        assert_eq!(
            said,
            [
                "TL205 1:5 `2024-08-01T10:00:00` is no whole day",
                "TL204 2:5 `nan` cannot be held exactly",
                "TL204 3:5 `123456789012345678901234567890.5` cannot be held exactly",
            ]
        );
    }

    #[test]
    fn every_syntax_error_is_found() {
        let (node, said) = read("a = \nb = 1\nc = [1, \n");
        assert!(node.is_none());
        assert!(said.len() >= 2, "{said:?}");
    }

    #[test]
    fn a_table_from_a_spreadsheet_keeps_its_places() {
        let text = "\u{feff}product,points,title\r\nrhel,600,\"Red, Hat\"\r\nansible,,\r\nother,1\r\n";
        let mut sources = Sources::default();
        let file = sources.add("t.csv", text);
        let mut findings = Findings::default();
        let rows = parse_csv(file, text, &mut findings);
        let cells = |row: usize| -> Vec<(String, String)> {
            let table = rows[row].as_table().expect("a row");
            table.entries.iter().map(|(k, v)| (k.text.clone(), sources.text(v.span).to_owned())).collect()
        };
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(cells(0), [pair("product", "rhel"), pair("points", "600"), pair("title", "Red, Hat")]);
        assert_eq!(cells(1), [pair("product", "ansible")]);
        let said: Vec<_> = findings.iter().map(|f| (sources.position(f.span).line, f.message.as_str())).collect();
        assert_eq!(said, [(4, "the row has 2 cells, the table has 3 columns")]);
    }

    #[test]
    fn a_table_without_commas_is_told_once() {
        for (text, mark) in [("id;points\r\nrhel;600\r\n", "semicolons"), ("id\tpoints\nrhel\t600\n", "tabs")] {
            let mut sources = Sources::default();
            let file = sources.add("t.csv", text);
            let mut findings = Findings::default();
            assert!(parse_csv(file, text, &mut findings).is_empty());
            let said: Vec<_> = findings.iter().map(|f| (sources.position(f.span).column, f.message.as_str())).collect();
            assert_eq!(said, [(3, format!("the columns of the table are separated by {mark}").as_str())]);
        }
    }
}
