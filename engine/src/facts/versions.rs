//! One reading of a document for several versions of a program: the union of their schemas, and the
//! facts of each version taken from what was read.
//!
//! Where a version reads a field as the first one does, both share its slot. Where it reads it in another
//! way (other words, another currency, another meaning of absence), it has a slot of its own, filled in
//! the same pass.

use super::path::Path;
use super::read::{DocumentReader, Stop};
use super::schema::{Absence, FieldSchema, Rates, Reader, RecordSchema, Schema};
use super::{Arena, Facts, Presence, Rows, Value, Why};
use crate::value::DomainId;
use bumpalo::collections::Vec as ArenaVec;
use jiter::Jiter;

/// Where the facts of a version are found among those that were read for several.
#[derive(Clone, Debug, Default)]
pub struct Share {
    /// For every domain of the version: the domain that holds its records, and for each slot the one to copy.
    records: Vec<Option<(DomainId, Vec<u32>)>>,
}

/// The work of adding the schema of one version.
struct Widening<'s> {
    other: &'s Schema,
    /// The domain here of every domain there.
    domains: Vec<Option<DomainId>>,
    /// The place here of the first list of words there.
    words: u32,
    /// The place here of the currency and the rates there.
    money: u32,
}

impl Schema {
    /// Reads what another version reads as well; says where its facts then are.
    pub fn widen(&mut self, other: &Schema) -> Share {
        let mut work = Widening {
            other,
            domains: vec![None; other.records.len()],
            words: self.words.len() as u32,
            money: self.moneys.len() as u32,
        };
        self.words.extend(other.words.iter().cloned());
        self.moneys.extend(other.moneys.first().cloned());
        for (place, rows) in other.tables.iter().enumerate().filter(|(_, rows)| !rows.is_empty()) {
            work.domains[place] = Some(DomainId(self.records.len() as u32));
            self.records.push(None);
            self.tables.push(rows.clone());
        }
        for (key, domain) in &other.top {
            let single = other.record(*domain).is_some_and(|record| record.single);
            let fits = |own: &Schema, known: DomainId| own.record(known).is_some_and(|record| record.single == single);
            let known =
                self.top.iter().find(|(name, known)| name == key && fits(self, *known)).map(|(_, known)| *known);
            let here = known.unwrap_or_else(|| {
                let here = self.add_record(other, *domain, None);
                self.top.push((key.clone(), here));
                here
            });
            self.place(&mut work, *domain, here);
        }
        let pairs: Vec<(usize, DomainId)> =
            work.domains.iter().enumerate().filter_map(|(place, here)| Some((place, (*here)?))).collect();
        let mut share = Share { records: vec![None; other.records.len()] };
        for (there, here) in pairs {
            let Some(record) = &other.records[there] else { continue };
            let slots = self.widen_record(&work, record, here);
            if let (None, Some(rates)) = (&self.rates, &other.rates)
                && rates.domain.0 as usize == there
            {
                let slot = |there: u32| slots[there as usize];
                self.rates = Some(Rates {
                    domain: here,
                    currency: slot(rates.currency),
                    to: rates.to.map(slot),
                    from: rates.from.map(slot),
                    rate: slot(rates.rate),
                });
            }
            share.records[there] = Some((here, slots));
        }
        self.note_inner();
        self.note_links();
        share
    }

    fn add_record(&mut self, other: &Schema, domain: DomainId, within: Option<DomainId>) -> DomainId {
        let here = DomainId(self.records.len() as u32);
        self.records.push(other.record(domain).map(|record| RecordSchema {
            name: record.name.clone(),
            single: record.single,
            within,
            absent_is_none: record.absent_is_none,
            id: None,
            happened: None,
            fields: Vec::new(),
            inside: Vec::new(),
            inner: Vec::new(),
            money: false,
            width: 0,
        }));
        self.tables.push(Vec::new());
        here
    }

    /// Notes which record here is the one there, and the same for all that live inside it.
    fn place(&mut self, work: &mut Widening<'_>, there: DomainId, here: DomainId) {
        work.domains[there.0 as usize] = Some(here);
        let Some(record) = work.other.record(there) else { return };
        for (key, inner) in &record.inside {
            let known = self.record(here).and_then(|own| own.inside.iter().find(|(name, _)| name == key));
            let known = known.map(|(_, known)| *known);
            let inside = known.unwrap_or_else(|| {
                let inside = self.add_record(work.other, *inner, Some(here));
                if let Some(Some(own)) = self.records.get_mut(here.0 as usize) {
                    own.inside.push((key.clone(), inside));
                }
                inside
            });
            self.place(work, *inner, inside);
        }
        for field in &record.fields {
            let Reader::Inside(inner) = field.reader else { continue };
            let known = self.record(here).and_then(|own| own.fields.iter().find(|known| known.key == field.key));
            let inside = match known.map(|known| &known.reader) {
                Some(Reader::Inside(known)) => *known,
                // What is an object in one version and none in the other is told as a conflict.
                Some(_) => continue,
                None => self.add_record(work.other, inner, Some(here)),
            };
            self.place(work, inner, inside);
        }
    }

    /// Reads the fields of a record there as well; gives for each of its slots the one here.
    fn widen_record(&mut self, work: &Widening<'_>, record: &RecordSchema, here: DomainId) -> Vec<u32> {
        let mut slots = vec![0; record.width as usize];
        for (place, field) in record.fields.iter().enumerate() {
            let shared = self.shares(work, field, here);
            let Some(Some(own)) = self.records.get_mut(here.0 as usize) else { continue };
            let known = own.fields.iter().position(|known| known.key == field.key);
            let at = match (known, shared) {
                (Some(at), true) => at,
                (known, _) => {
                    let at = own.fields.len();
                    own.fields.push(work.field(field, known.is_some()));
                    if let Some(known) = known {
                        own.fields[known].also.push(at as u32);
                    }
                    at
                }
            };
            let at = at as u32;
            if let Some(slot) = field.slot {
                // The slot is the field's place, here as there.
                own.fields[at as usize].slot = Some(at);
                own.width = own.width.max(at + 1);
                slots[slot as usize] = at;
            }
            own.money |= matches!(field.reader, Reader::Money(_));
            if record.id == Some(place as u32) && own.id.is_none() {
                own.id = Some(at);
            }
            if record.happened == Some(place as u32) && own.happened.is_none() {
                own.happened = Some(at);
            }
        }
        slots
    }

    /// Whether a field there is read as one here, so that one slot serves both.
    fn shares(&self, work: &Widening<'_>, field: &FieldSchema, here: DomainId) -> bool {
        let known = self.record(here).and_then(|own| own.fields.iter().find(|known| known.key == field.key));
        known.is_some_and(|known| {
            known.optional == field.optional
                && self.absent_alike(work, &known.absent, &field.absent)
                && self.reads_alike(work, &known.reader, &field.reader)
        })
    }

    /// Whether absence here means what it means there.
    fn absent_alike(&self, work: &Widening<'_>, here: &Absence, there: &Absence) -> bool {
        match (here, there) {
            (Absence::Elsewhere(Some((here, own))), Absence::Elsewhere(Some((there, other)))) => {
                work.domains[there.0 as usize] == Some(*here) && self.key(*here, *own) == work.other.key(*there, *other)
            }
            (here, there) => here == there,
        }
    }

    fn key(&self, domain: DomainId, field: u32) -> Option<&str> {
        self.record(domain)?.fields.get(field as usize).map(|field| field.key.as_str())
    }

    fn reads_alike(&self, work: &Widening<'_>, here: &Reader, there: &Reader) -> bool {
        match (here, there) {
            (Reader::Word(a, none), Reader::Word(b, other)) => {
                self.words[a.0 as usize] == work.other.words[b.0 as usize] && none == other
            }
            (Reader::TableRow(a), Reader::TableRow(b)) => self.tables[a.0 as usize] == work.other.tables[b.0 as usize],
            (Reader::Reference(a) | Reader::Inside(a), Reader::Reference(b) | Reader::Inside(b)) => {
                std::mem::discriminant(here) == std::mem::discriminant(there) && work.domains[b.0 as usize] == Some(*a)
            }
            (Reader::Set(a), Reader::Set(b)) => self.reads_alike(work, a, b),
            (Reader::Money(a), Reader::Money(_)) => self.moneys.get(*a as usize) == work.other.moneys.first(),
            (a, b) => a == b,
        }
    }
}

impl Widening<'_> {
    /// A field there, as it is read here.
    fn field(&self, field: &FieldSchema, hidden: bool) -> FieldSchema {
        FieldSchema {
            key: field.key.clone(),
            name: field.name.clone(),
            reader: self.reader(&field.reader),
            slot: None,
            optional: field.optional,
            absent: match &field.absent {
                // Which field it is is known to the version alone.
                Absence::Elsewhere(_) => Absence::Elsewhere(None),
                absent => absent.clone(),
            },
            also: Vec::new(),
            hidden,
        }
    }

    fn reader(&self, reader: &Reader) -> Reader {
        let domain = |there: &DomainId| self.domains[there.0 as usize].unwrap_or(*there);
        match reader {
            Reader::Word(words, none) => Reader::Word(crate::value::WordsId(self.words + words.0), *none),
            Reader::TableRow(there) => Reader::TableRow(domain(there)),
            Reader::Reference(there) => Reader::Reference(domain(there)),
            Reader::Inside(there) => Reader::Inside(domain(there)),
            Reader::Set(of) => Reader::Set(Box::new(self.reader(of))),
            Reader::Money(_) => Reader::Money(self.money),
            plain => plain.clone(),
        }
    }
}

impl Share {
    /// The facts of a version, from what was read for several; `schema` is the version's own.
    pub fn of<'a>(&self, facts: &Facts<'a>, schema: &Schema, arena: &'a Arena) -> Facts<'a> {
        let mut records = ArenaVec::with_capacity_in(schema.records.len(), arena);
        for (place, record) in schema.records.iter().enumerate() {
            let held = self.records.get(place).and_then(Option::as_ref);
            records.push(match (record, held) {
                (Some(record), Some((here, slots))) => {
                    copied(record, DomainId(place as u32), facts.rows(*here), slots, arena)
                }
                (record, _) => Rows::empty(arena, record.as_ref().map_or(0, |record| record.width)),
            });
        }
        Facts { records, document: facts.document, digest: facts.digest }
    }
}

/// The records of one domain of a version.
fn copied<'a>(record: &RecordSchema, domain: DomainId, from: &Rows<'a>, slots: &[u32], arena: &'a Arena) -> Rows<'a> {
    let mut rows = Rows::empty(arena, record.width);
    let told = |presence| if record.absent_is_none { Presence::Known } else { presence };
    rows.presence = told(from.presence);
    rows.len = from.len;
    rows.cells.reserve((from.len * record.width) as usize);
    for row in 0..from.len {
        for (slot, here) in slots.iter().enumerate() {
            // A slot is its field's place; what nobody reads is not copied.
            rows.cells.push(match record.fields[slot].slot.map(|_| from.cell(row, *here)) {
                Some(Value::Unknown(Why::Field(..))) => {
                    Value::Unknown(arena.alloc(Why::Field(domain, row, slot as u32)))
                }
                value => value.unwrap_or(Value::Pending),
            });
        }
    }
    rows.parents.extend_from_slice(&from.parents);
    rows.spans.extend(from.spans.iter().map(|(first, count, presence)| (*first, *count, told(*presence))));
    rows
}

impl<'s, 'a> DocumentReader<'s, 'a> {
    /// Reads a field that versions read in different ways: the value of the first of them. What one version
    /// understands and another does not is not known to that other one; what none understands is a problem.
    pub(super) fn field_of_versions(
        &mut self,
        domain: DomainId,
        record: &'s RecordSchema,
        (row, place): (u32, u32),
        path: &Path<'_>,
    ) -> Result<Option<Value<'a>>, Stop> {
        let field = &record.fields[place as usize];
        self.json.peek()?;
        let from = self.json.current_index();
        let before = self.problems.len();
        let own = self.field(field, row, path)?;
        let told = self.problems.split_off(before);
        let text = self.text;
        let written = text.get(from..self.json.current_index()).unwrap_or("");
        let unknown = |reader: &Self| Value::Unknown(reader.arena.alloc(Why::Field(domain, row, place)));
        let mut understood = own.is_some();
        for also in field.also.iter().map(|also| &record.fields[*also as usize]) {
            let json = std::mem::replace(&mut self.json, Jiter::new(written.as_bytes()));
            self.text = written;
            let value = self.field(also, row, path);
            self.text = text;
            self.json = json;
            self.problems.truncate(before);
            let value = value?;
            understood |= value.is_some();
            if let Some(slot) = also.slot {
                let value = value.unwrap_or_else(|| unknown(self));
                let rows = &mut self.facts.records[domain.0 as usize];
                rows.cells[(row * rows.width + slot) as usize] = value;
            }
        }
        if !understood {
            self.problems.extend(told);
            return Ok(None);
        }
        Ok(Some(own.unwrap_or_else(|| unknown(self))))
    }
}
