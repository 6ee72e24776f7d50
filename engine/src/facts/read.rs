//! JSON bytes to slots, in one pass: numbers exactly, keys and types checked, every problem with its place.

use super::complete::complete;
use super::ids::{Ids, Stand};
use super::marks::Marks;
use super::money::Foreign;
use super::number;
use super::order::Order;
use super::path::Path;
use super::problem::{FactsError, MOST_PROBLEMS, Problem};
use super::rate::Seen;
use super::same::same;
use super::schema::{Absence, FieldSchema, Reader, RecordSchema, Schema};
use super::walk::Walk;
use super::{Arena, Facts, Presence, Rows, Value, Why};
use crate::finding::nearest;
use crate::value::DomainId;
use bumpalo::collections::Vec as ArenaVec;
use jiter::{JiterError, JiterErrorType, JsonErrorType, Peek};

/// The most records that one list may hold.
pub const LONGEST_LIST: u32 = 100_000;

/// For how many records there is room before a list grows.
const FIRST_RECORDS: usize = 8;

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
    let mut reader = DocumentReader {
        schema,
        json: Walk::new(text),
        order: Order::new(schema.records.len(), arena),
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
    Syntax(Box<JiterError>),
    TooMany,
}

impl From<Box<JiterError>> for Stop {
    fn from(error: Box<JiterError>) -> Self {
        Stop::Syntax(error)
    }
}

pub(super) struct DocumentReader<'s, 'a> {
    pub(super) schema: &'s Schema,
    pub(super) json: Walk<'a>,
    order: Order<'a>,
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
        let place = self.json.position(error.index);
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

    /// The string that is written as `raw` inside its quotes.
    #[inline]
    fn unescaped(&self, (raw, escaped): (&'a str, bool)) -> Result<&'a str, Stop> {
        if escaped { self.without_escapes(raw) } else { Ok(raw) }
    }

    #[cold]
    fn without_escapes(&self, raw: &str) -> Result<&'a str, Stop> {
        let text: String = serde_json::from_str(&format!("\"{raw}\"")).map_err(|_| {
            let error_type = JiterErrorType::JsonError(JsonErrorType::InvalidEscape);
            Box::new(JiterError { error_type, index: self.json.at() })
        })?;
        Ok(self.arena.alloc_str(&text))
    }

    fn string(&mut self) -> Result<&'a str, Stop> {
        let written = self.json.string()?;
        self.unescaped(written)
    }

    fn key(&mut self) -> Result<&'a str, Stop> {
        let written = self.json.key()?;
        self.unescaped(written)
    }

    /// Reads a key of a record; gives its place, where it has one. `before` is that of the key before.
    fn record_key<'k>(
        &mut self,
        domain: DomainId,
        record: &'k RecordSchema,
        before: Option<usize>,
    ) -> Result<(&'k str, Option<usize>), Stop>
    where
        'a: 'k,
    {
        let next = self.order.after(domain, before).and_then(|place| Some((place, record.key(place)?)));
        if let Some((place, key)) = next
            && self.json.key_is(key)?
        {
            return Ok((key, Some(place)));
        }
        let written = self.json.key()?;
        let name = self.unescaped(written)?;
        let place = record.place_of(name);
        // Only a key that is written as it is said can be found again by how it is written.
        if let Some(place) = place.filter(|_| !written.1) {
            self.order.note(domain, record.fields.len() + record.inside.len(), before, place);
        }
        Ok((name, place))
    }

    fn document(&mut self) -> Result<(), Stop> {
        let peek = self.json.peek()?;
        if peek != Peek::Object {
            self.json.skip(peek)?;
            return self.problem(None, "expected an object".to_owned(), None);
        }
        let schema = self.schema;
        let mut seen = Marks::default();
        let mut more = self.json.object()?;
        while more {
            let name = self.key()?;
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
            more = self.json.object_step()?;
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
        let peek = self.json.peek()?;
        self.json.skip(peek)?;
        self.problem(Some(path), format!("`{name}` is not known here"), help)
    }

    fn list_or_single(&mut self, domain: DomainId, parent: Option<u32>, path: &Path<'_>) -> Result<(), Stop> {
        let Some(record) = self.schema.record(domain) else { return Ok(()) };
        let first = self.facts.rows(domain).len;
        let peek = self.json.peek()?;
        if peek == Peek::Null && !record.single {
            self.json.null()?;
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
        let mut ids = Ids::new(self.arena);
        let mut item = 0;
        let mut next = self.json.list()?;
        if next.is_some() {
            let rows = &mut self.facts.records[domain.0 as usize];
            rows.cells.reserve(FIRST_RECORDS * rows.width as usize);
        }
        while let Some(peek) = next {
            let path = Path::item(path, item);
            if item >= LONGEST_LIST {
                self.problem(Some(&path), format!("the list holds more than {LONGEST_LIST} records"), None)?;
                return Err(Stop::TooMany);
            }
            if peek == Peek::Object {
                let from = self.json.at();
                let row = self.facts.rows(domain).len;
                let before = self.inner_lengths(record);
                self.record(domain, record, parent, &path)?;
                let stand = Stand { from, to: self.json.at() };
                if let Some(id) = self.id_of(domain, record, row) {
                    match ids.earlier(id) {
                        Some(earlier) if same(self.json.between(earlier), self.json.between(stand)) => {
                            // The same record, sent twice, is one record.
                            self.forget(domain, row, &before);
                        }
                        Some(_) => self.problem(
                            Some(&path),
                            format!("another {} `{id}` says something else", record.name),
                            Some("give every record an id of its own".to_owned()),
                        )?,
                        None => ids.note(id, stand),
                    }
                }
            } else {
                self.wrong_type("an object", peek, &path)?;
            }
            item += 1;
            next = self.json.list_step()?;
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
        let mut before = None;
        let mut currency: Option<&'a str> = None;
        let fields = record.fields.len();
        let mut more = self.json.object()?;
        while more {
            let (name, place) = self.record_key(domain, record, before)?;
            let path = Path::key(Some(path), name);
            if let Some(place) = place {
                before = Some(place);
                if seen.mark(place) {
                    self.problem(Some(&path), format!("the key `{name}` stands twice"), None)?;
                }
            }
            if let Some((place, field)) = place.and_then(|place| Some((place, record.fields.get(place)?))) {
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
            } else if let Some((_, inside)) = place.and_then(|place| record.inside.get(place - fields)) {
                self.list_or_single(*inside, Some(row), &path)?;
            } else if name == "currency" && record.money {
                match self.json.peek()? {
                    Peek::String => {
                        let text = self.string()?;
                        currency = self.code(text, &path)?;
                    }
                    Peek::Null => {
                        self.json.null()?;
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
            more = self.json.object_step()?;
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
        for place in seen.missing(fields) {
            let field = &record.fields[place];
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
        let start = self.json.at();
        self.json.skip(peek)?;
        let found = self.json.between(Stand { from: start, to: self.json.at() }).trim();
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
            self.json.null()?;
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
            (Reader::Flag, Peek::True | Peek::False) => Ok(Some(Value::Flag(self.json.flag(peek)?))),
            (Reader::Date, Peek::String) => {
                if let Some(day) = self.json.day() {
                    return Ok(Some(Value::Date(day)));
                }
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
        if *reader != Reader::Count
            && let Some(number) = self.json.short_number()
        {
            return Ok(Some(Value::Number(number)));
        }
        let (text, quoted) =
            if peek == Peek::String { (self.string()?, true) } else { (self.json.number(peek)?, false) };
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
        let mut next = self.json.list()?;
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
            next = self.json.list_step()?;
        }
        Ok(whole.then(|| Value::Set(members.into_bump_slice())))
    }
}
