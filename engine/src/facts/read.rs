//! JSON bytes to slots, in one pass: numbers exactly, keys and types checked, every problem with its place.

use super::complete::complete;
use super::marks::Marks;
use super::money::Foreign;
use super::number;
use super::path::Path;
use super::problem::{FactsError, MOST_PROBLEMS, Problem};
use super::rate::Seen;
use super::same::same;
use super::schema::{Absence, FieldSchema, Reader, RecordSchema, Schema};
use super::{Arena, Facts, Presence, Rows, Value, Why};
use crate::finding::nearest;
use crate::value::DomainId;
use bumpalo::collections::Vec as ArenaVec;
use jiter::{Jiter, JiterError, Peek};
use std::collections::HashMap;

/// The most records that one list may hold.
pub const LONGEST_LIST: u32 = 100_000;

/// Reads a document by `schema`.
///
/// # Errors
/// When the document is not JSON, or anything in it does not fit the schema; all problems at once.
pub fn read<'a>(schema: &Schema, document: &'a [u8], arena: &'a Arena) -> Result<Facts<'a>, FactsError> {
    let text = std::str::from_utf8(document)
        .map_err(|error| FactsError::whole(format!("the text is not UTF-8 (at byte {})", error.valid_up_to())))?;
    // Some editors and exports begin a text with a byte-order mark, which says nothing.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut records = ArenaVec::with_capacity_in(schema.records.len(), arena);
    records.extend(schema.records.iter().map(|record| Rows::empty(arena, record.as_ref().map_or(0, |r| r.width))));
    let digest = arena.alloc_str(&crate::load::digest_of(document));
    let facts = Facts { records, document, digest };
    // Most documents escape nothing; then no string of theirs has to be looked through.
    let escapes = text.contains('\\');
    let mut reader = DocumentReader {
        schema,
        text,
        escapes,
        json: Jiter::new(text.as_bytes()),
        arena,
        facts,
        foreign: Vec::new(),
        rates: Seen::new(),
        problems: Vec::new(),
    };
    if let Err(stop) = reader.document() {
        reader.stopped(stop);
    }
    if !reader.problems.is_empty() {
        return Err(FactsError { problems: reader.problems });
    }
    reader.convert();
    let mut facts = reader.facts;
    complete(schema, &mut facts);
    Ok(facts)
}

/// Why reading stopped: the text is no JSON from here on, or there are too many problems.
pub(super) enum Stop {
    Syntax(JiterError),
    TooMany,
}

impl From<JiterError> for Stop {
    fn from(error: JiterError) -> Self {
        Stop::Syntax(error)
    }
}

pub(super) struct DocumentReader<'s, 'a> {
    pub(super) schema: &'s Schema,
    pub(super) text: &'a str,
    escapes: bool,
    pub(super) json: Jiter<'a>,
    pub(super) arena: &'a Arena,
    pub(super) facts: Facts<'a>,
    /// The records whose amounts are in a currency of their own.
    pub(super) foreign: Vec<Foreign<'a>>,
    /// The rates of exchange that were read so far.
    pub(super) rates: Seen<'a>,
    pub(super) problems: Vec<Problem>,
}

impl<'s, 'a> DocumentReader<'s, 'a> {
    fn stopped(&mut self, stop: Stop) {
        let Stop::Syntax(error) = stop else { return };
        let place = self.json.error_position(error.index);
        self.problems.push(Problem {
            pointer: String::new(),
            message: format!(
                "this is not valid JSON: {} (line {}, column {})",
                error.error_type, place.line, place.column
            ),
            help: None,
        });
    }

    pub(super) fn problem(
        &mut self,
        path: Option<&Path<'_>>,
        message: String,
        help: Option<String>,
    ) -> Result<(), Stop> {
        self.problems.push(Problem { pointer: Path::pointer(path), message, help });
        if self.problems.len() >= MOST_PROBLEMS { Err(Stop::TooMany) } else { Ok(()) }
    }

    /// The string that `raw` is inside its quotes.
    fn unescaped(&self, raw: &'a str) -> Result<&'a str, JiterError> {
        if !self.escapes || !raw.contains('\\') {
            return Ok(raw);
        }
        let text: String = serde_json::from_str(&format!("\"{raw}\"")).map_err(|_| JiterError {
            error_type: jiter::JiterErrorType::JsonError(jiter::JsonErrorType::InvalidEscape),
            index: self.json.current_index(),
        })?;
        Ok(self.arena.alloc_str(&text))
    }

    /// The raw string that was just read and is `len` bytes long.
    #[inline]
    fn raw(&self, len: usize) -> &'a str {
        // A string ends with its quote; a key is followed by a colon, with space around it perhaps.
        let end = self.json.current_index();
        let bytes = self.text.as_bytes();
        let close = match bytes.get(end.wrapping_sub(1)) {
            Some(b'"') => end - 1,
            Some(b':') if bytes.get(end.wrapping_sub(2)) == Some(&b'"') => end - 2,
            _ => self.text.get(..end).and_then(|before| before.rfind('"')).unwrap_or(0),
        };
        self.text.get(close - len.min(close)..close).unwrap_or("")
    }

    fn first_key(&mut self) -> Result<Option<&'a str>, Stop> {
        let len = self.json.next_object_bytes()?.map(<[u8]>::len);
        len.map(|len| self.unescaped(self.raw(len))).transpose().map_err(Stop::from)
    }

    fn next_key(&mut self) -> Result<Option<&'a str>, Stop> {
        let len = self.json.next_key_bytes()?.map(<[u8]>::len);
        len.map(|len| self.unescaped(self.raw(len))).transpose().map_err(Stop::from)
    }

    fn string(&mut self) -> Result<&'a str, Stop> {
        let len = self.json.known_bytes()?.len();
        self.unescaped(self.raw(len)).map_err(Stop::from)
    }

    fn document(&mut self) -> Result<(), Stop> {
        if self.json.peek()? != Peek::Object {
            self.json.next_skip()?;
            return self.problem(None, "expected an object".to_owned(), None);
        }
        let schema = self.schema;
        let mut seen = Marks::default();
        let mut key = self.first_key()?;
        while let Some(name) = key {
            let path = Path::key(None, name);
            match schema.top.iter().position(|(known, _)| known == name) {
                Some(place) => {
                    if seen.mark(place) {
                        self.problem(Some(&path), format!("the key `{name}` stands twice"), None)?;
                    }
                    let domain = schema.top[place].1;
                    self.list_or_single(domain, None, &path)?;
                }
                None => {
                    let known = schema.top.iter().map(|(known, _)| known.as_str());
                    self.unknown_key(name, known, &path)?;
                }
            }
            key = self.next_key()?;
        }
        self.json.finish()?;
        for (place, (_, domain)) in schema.top.iter().enumerate() {
            let absent_is_none = schema.record(*domain).is_some_and(|record| record.absent_is_none);
            if !seen.has(place) && absent_is_none {
                self.facts.records[domain.0 as usize].presence = Presence::Known;
            }
        }
        Ok(())
    }

    fn unknown_key<'k>(
        &mut self,
        name: &str,
        known: impl Iterator<Item = &'k str> + Clone,
        path: &Path<'_>,
    ) -> Result<(), Stop> {
        let help = nearest(name, known).map(|near| format!("did you mean `{near}`?"));
        self.json.next_skip()?;
        self.problem(Some(path), format!("`{name}` is not known here"), help)
    }

    fn list_or_single(&mut self, domain: DomainId, parent: Option<u32>, path: &Path<'_>) -> Result<(), Stop> {
        let Some(record) = self.schema.record(domain) else { return Ok(()) };
        let first = self.facts.rows(domain).len;
        let peek = self.json.peek()?;
        if peek == Peek::Null && !record.single {
            self.json.known_null()?;
            self.hold(domain, parent, first, Presence::Known);
            return Ok(());
        }
        if record.single {
            if peek != Peek::Object {
                return self.wrong_type("an object", peek, path);
            }
            self.record(domain, record, parent, path)?;
            self.hold(domain, parent, first, Presence::Known);
            return Ok(());
        }
        if peek != Peek::Array {
            return self.wrong_type("a list", peek, path);
        }
        let mut places: HashMap<&'a str, (u32, usize, usize)> = HashMap::new();
        let mut seen: ArenaVec<'a, (&'a str, usize, usize)> = ArenaVec::new_in(self.arena);
        let mut item = 0;
        let mut next = self.json.known_array()?;
        while let Some(peek) = next {
            let path = Path::item(path, item);
            if item >= LONGEST_LIST {
                self.problem(Some(&path), format!("the list holds more than {LONGEST_LIST} records"), None)?;
                return Err(Stop::TooMany);
            }
            if peek == Peek::Object {
                let start = self.json.current_index();
                let row = self.facts.rows(domain).len;
                let before = self.inner_lengths(record);
                self.record(domain, record, parent, &path)?;
                let end = self.json.current_index();
                if let Some(id) = self.id_of(domain, record, row) {
                    let earlier = if seen.len() < 16 {
                        seen.iter().find(|(known, ..)| *known == id).map(|(_, start, end)| (*start, *end))
                    } else {
                        if places.is_empty() {
                            places.extend(seen.iter().map(|(id, start, end)| (*id, (0, *start, *end))));
                        }
                        places.get(id).map(|(_, start, end)| (*start, *end))
                    };
                    match earlier {
                        Some((from, to)) if same(&self.text[from..to], &self.text[start..end]) => {
                            // The same record, sent twice, is one record.
                            self.forget(domain, row, &before);
                        }
                        Some(_) => self.problem(
                            Some(&path),
                            format!("another {} `{id}` says something else", record.name),
                            Some("give every record an id of its own".to_owned()),
                        )?,
                        None => {
                            seen.push((id, start, end));
                            if seen.len() > 16 {
                                places.insert(id, (row, start, end));
                            }
                        }
                    }
                }
            } else {
                self.wrong_type("an object", peek, &path)?;
            }
            item += 1;
            next = self.json.array_step()?;
        }
        self.hold(domain, parent, first, Presence::Known);
        Ok(())
    }

    /// How many records there are of every kind that lives inside a record, where one may be taken back.
    fn inner_lengths(&self, record: &RecordSchema) -> ArenaVec<'a, (DomainId, u32, u32)> {
        let mut lengths = ArenaVec::new_in(self.arena);
        if record.id.is_some() {
            lengths.extend(record.inner.iter().map(|domain| {
                let rows = self.facts.rows(*domain);
                (*domain, rows.len, rows.spans.len() as u32)
            }));
        }
        lengths
    }

    /// Takes back the record that was just read, and what is inside it.
    fn forget(&mut self, domain: DomainId, row: u32, inner: &[(DomainId, u32, u32)]) {
        let lengths =
            std::iter::once((domain, row, None)).chain(inner.iter().map(|(d, rows, spans)| (*d, *rows, Some(*spans))));
        for (domain, len, spans) in lengths {
            self.foreign.retain(|foreign| foreign.domain != domain || foreign.row < len);
            let rows = &mut self.facts.records[domain.0 as usize];
            rows.len = len;
            rows.cells.truncate((len * rows.width) as usize);
            rows.parents.truncate(len as usize);
            if let Some(spans) = spans {
                rows.spans.truncate(spans as usize);
            }
        }
    }

    pub(super) fn id_of(&self, domain: DomainId, record: &RecordSchema, row: u32) -> Option<&'a str> {
        let slot = record.fields[record.id? as usize].slot?;
        match self.facts.rows(domain).cell(row, slot) {
            Value::Text(id) => Some(id),
            _ => None,
        }
    }

    /// Notes that a list or record was told (or not): for the document, or for the record it is inside.
    fn hold(&mut self, domain: DomainId, parent: Option<u32>, first: u32, presence: Presence) {
        let rows = &mut self.facts.records[domain.0 as usize];
        match parent {
            None => rows.presence = presence,
            Some(parent) => {
                let place = parent as usize;
                while rows.spans.len() <= place {
                    rows.spans.push((0, 0, Presence::Unknown));
                }
                rows.spans[place] = (first, rows.len - first, presence);
                rows.presence = Presence::Known;
            }
        }
    }

    fn record(
        &mut self,
        domain: DomainId,
        record: &'s RecordSchema,
        parent: Option<u32>,
        path: &Path<'_>,
    ) -> Result<(), Stop> {
        let rows = &mut self.facts.records[domain.0 as usize];
        let row = rows.len;
        let base = rows.cells.len();
        rows.len += 1;
        rows.cells.resize(base + record.width as usize, Value::Pending);
        if let Some(parent) = parent {
            rows.parents.push(parent);
        }
        let mut seen = Marks::default();
        let mut expected = 0;
        let mut currency: Option<&'a str> = None;
        let fields = record.fields.len();
        let mut key = self.first_key()?;
        while let Some(name) = key {
            let path = Path::key(Some(path), name);
            let place = match record.fields.get(expected) {
                Some(field) if field.key == name && !field.hidden => Some(expected),
                _ => record.fields.iter().position(|field| field.key == name),
            };
            if let Some(place) = place {
                expected = place + 1;
                if seen.mark(place) {
                    self.problem(Some(&path), format!("the key `{name}` stands twice"), None)?;
                }
                let field = &record.fields[place];
                let value = match field.also.as_slice() {
                    [] => self.field(field, row, &path)?,
                    also => {
                        for place in also {
                            seen.mark(*place as usize);
                        }
                        self.field_of_versions(domain, record, (row, place as u32), &path)?
                    }
                };
                if let (Some(slot), Some(value)) = (field.slot, value) {
                    self.facts.records[domain.0 as usize].cells[base + slot as usize] = value;
                }
            } else if let Some(place) = record.inside.iter().position(|(known, _)| known == name) {
                if seen.mark(fields + place) {
                    self.problem(Some(&path), format!("the key `{name}` stands twice"), None)?;
                }
                self.list_or_single(record.inside[place].1, Some(row), &path)?;
            } else if name == "currency" && record.money {
                match self.json.peek()? {
                    Peek::String => {
                        let text = self.string()?;
                        currency = self.code(text, &path)?;
                    }
                    Peek::Null => {
                        self.json.known_null()?;
                        let own = self.schema.currency.as_deref().unwrap_or("the one that is not known");
                        let help = format!("leave the key out for {own}");
                        self.problem(Some(&path), "an amount always has a currency".to_owned(), Some(help))?;
                    }
                    peek => self.wrong_type("the ISO 4217 code of a currency", peek, &path)?,
                }
            } else {
                let known = record.fields.iter().map(|field| field.key.as_str());
                let known = known.chain(record.inside.iter().map(|(known, _)| known.as_str()));
                self.unknown_key(name, known, &path)?;
            }
            key = self.next_key()?;
        }
        self.fill_absent(domain, record, row, base, &seen);
        let schema = self.schema;
        if let Some(rates) = schema.rates.as_ref().filter(|rates| rates.domain == domain) {
            self.check_rate(rates, row, path)?;
        }
        if let Some(currency) = currency.filter(|currency| self.is_foreign(currency)) {
            self.foreign.push(Foreign { domain, row, currency });
        }
        Ok(())
    }

    /// Gives every slot whose key was absent what its absence means.
    fn fill_absent(&mut self, domain: DomainId, record: &'s RecordSchema, row: u32, base: usize, seen: &Marks) {
        let fields = record.fields.len();
        for (place, field) in record.fields.iter().enumerate() {
            if seen.has(place) {
                continue;
            }
            if let Reader::Inside(inner) = field.reader {
                let first = self.facts.rows(inner).len;
                self.hold(inner, Some(row), first, Presence::Unknown);
            }
            let Some(slot) = field.slot else { continue };
            let value = match &field.absent {
                Absence::Unknown => Value::Unknown(self.arena.alloc(Why::Field(domain, row, place as u32))),
                Absence::Elsewhere(_) => Value::Elsewhere,
                Absence::Is(constant) => match constant {
                    crate::model::node::Constant::None => Value::None,
                    crate::model::node::Constant::Flag(flag) => Value::Flag(*flag),
                    crate::model::node::Constant::Number(number) => Value::Number(*number),
                    crate::model::node::Constant::Word(word) => Value::Word(*word),
                    _ => Value::None,
                },
            };
            self.facts.records[domain.0 as usize].cells[base + slot as usize] = value;
        }
        for (place, (_, inner)) in record.inside.iter().enumerate() {
            if !seen.has(fields + place) {
                let absent_is_none = self.schema.record(*inner).is_some_and(|inner| inner.absent_is_none);
                let first = self.facts.rows(*inner).len;
                let presence = if absent_is_none { Presence::Known } else { Presence::Unknown };
                self.hold(*inner, Some(row), first, presence);
            }
        }
    }

    fn wrong_type(&mut self, expected: &str, peek: Peek, path: &Path<'_>) -> Result<(), Stop> {
        let start = self.json.current_index();
        self.json.known_skip(peek)?;
        let found = self.text.get(start..self.json.current_index()).unwrap_or("").trim();
        let found = match peek {
            Peek::Object => "an object".to_owned(),
            Peek::Array => "a list".to_owned(),
            _ if found.chars().count() > 40 => format!("`{}…`", found.chars().take(40).collect::<String>()),
            _ => format!("`{found}`"),
        };
        self.problem(Some(path), format!("expected {expected}, found {found}"), None)
    }

    /// Reads the value of a field; `None` when there was a problem with it.
    pub(super) fn field(
        &mut self,
        field: &'s FieldSchema,
        row: u32,
        path: &Path<'_>,
    ) -> Result<Option<Value<'a>>, Stop> {
        let peek = self.json.peek()?;
        if peek == Peek::Null {
            self.json.known_null()?;
            if let Reader::Word(_, Some(none)) = field.reader
                && !matches!(&field.absent, Absence::Is(crate::model::node::Constant::None))
            {
                return Ok(Some(Value::Word(none)));
            }
            if field.optional {
                return Ok(Some(Value::None));
            }
            let help = "leave the key out when the value is not known";
            self.problem(
                Some(path),
                format!("`{}` always exists and cannot be null", field.key),
                Some(help.to_owned()),
            )?;
            return Ok(None);
        }
        self.value(&field.reader, peek, Some(row), path)
    }

    fn value(
        &mut self,
        reader: &'s Reader,
        peek: Peek,
        row: Option<u32>,
        path: &Path<'_>,
    ) -> Result<Option<Value<'a>>, Stop> {
        match (reader, peek) {
            (Reader::Text | Reader::Reference(_), Peek::String) => Ok(Some(Value::Text(self.string()?))),
            (Reader::Flag, Peek::True | Peek::False) => Ok(Some(Value::Flag(self.json.known_bool(peek)?))),
            (Reader::Date, Peek::String) => {
                let text = self.string()?;
                match crate::date::parse(text) {
                    Some(date) => Ok(Some(Value::Date(date))),
                    None => {
                        let help = "write a day as \"2024-08-01\"".to_owned();
                        self.problem(Some(path), format!("`{text}` is no date"), Some(help))?;
                        Ok(None)
                    }
                }
            }
            (Reader::Word(words, _), Peek::String) => {
                let text = self.string()?;
                let known = &self.schema.words[words.0 as usize];
                match known.iter().position(|word| word == text) {
                    Some(place) => Ok(Some(Value::Word(place as u32))),
                    None => self.unknown_word(text, known, path),
                }
            }
            (Reader::TableRow(domain), Peek::String) => {
                let text = self.string()?;
                let known = &self.schema.tables[domain.0 as usize];
                match known.iter().position(|word| word == text) {
                    Some(place) => Ok(Some(Value::Row(place as u32))),
                    None => self.unknown_word(text, known, path),
                }
            }
            (Reader::Count | Reader::Number | Reader::Money(_), _) if peek.is_num() || peek == Peek::String => {
                self.number(reader, peek, path)
            }
            (Reader::Set(of), Peek::Array) => self.set(of, path),
            (Reader::Inside(domain), Peek::Object) => {
                let Some(record) = self.schema.record(*domain) else { return Ok(None) };
                let first = self.facts.rows(*domain).len;
                self.record(*domain, record, row, path)?;
                self.hold(*domain, row, first, Presence::Known);
                Ok(Some(Value::Row(first)))
            }
            _ => {
                self.wrong_type(reader.expected(), peek, path)?;
                Ok(None)
            }
        }
    }

    fn unknown_word(&mut self, text: &str, known: &[String], path: &Path<'_>) -> Result<Option<Value<'a>>, Stop> {
        let near = nearest(text, known.iter().map(String::as_str)).map(|near| format!("did you mean `{near}`?"));
        let help = near.unwrap_or_else(|| format!("the words are {}", crate::rulebook::listed(known)));
        self.problem(Some(path), format!("`{text}` is not one of the words here"), Some(help))?;
        Ok(None)
    }

    fn number(&mut self, reader: &Reader, peek: Peek, path: &Path<'_>) -> Result<Option<Value<'a>>, Stop> {
        let (text, quoted) = if peek == Peek::String {
            (self.string()?, true)
        } else {
            let start = self.json.current_index();
            self.json.known_number_bytes(peek)?;
            (self.text.get(start..self.json.current_index()).unwrap_or(""), false)
        };
        match number::exact(text) {
            Some(number) => {
                if *reader == Reader::Count
                    && (!number.fract().is_zero() || (number.is_sign_negative() && !number.is_zero()))
                {
                    let found = if quoted { format!("`\"{text}\"`") } else { format!("`{text}`") };
                    self.problem(Some(path), format!("expected a whole number, found {found}"), None)?;
                    return Ok(None);
                }
                Ok(Some(Value::Number(number)))
            }
            None if number::is_number(text) => {
                let help = "a number has at most 28 digits".to_owned();
                self.problem(Some(path), format!("`{text}` cannot be held exactly"), Some(help))?;
                Ok(None)
            }
            None => {
                self.problem(Some(path), format!("expected {}, found `{text}`", reader.expected()), None)?;
                Ok(None)
            }
        }
    }

    fn set(&mut self, of: &'s Reader, path: &Path<'_>) -> Result<Option<Value<'a>>, Stop> {
        let mut members: ArenaVec<'a, Value<'a>> = ArenaVec::new_in(self.arena);
        let mut whole = true;
        let mut item = 0;
        let mut next = self.json.known_array()?;
        while let Some(peek) = next {
            let path = Path::item(path, item);
            match self.value(of, peek, None, &path)? {
                Some(value) if !members.iter().any(|known| known.is(&value)) => members.push(value),
                Some(_) => {}
                None => whole = false,
            }
            item += 1;
            if item > 1_000 {
                self.problem(Some(&path), "a set holds at most 1000 values".to_owned(), None)?;
                return Err(Stop::TooMany);
            }
            next = self.json.array_step()?;
        }
        Ok(whole.then(|| Value::Set(members.into_bump_slice())))
    }
}
