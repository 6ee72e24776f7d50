//! Text to trees: TOML with all of its syntax errors, and CSV tables as rows.

use super::broken::{mended, single_headings, thousands, unclosed, unclosed_row};
use crate::date::Date;
use crate::document::{Item, Name, Node, Table};
use crate::finding::{Finding, Findings, code};
use crate::source::{FileId, Span};
use crate::value::Decimal;
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
