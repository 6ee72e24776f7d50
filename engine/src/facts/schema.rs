//! How a document is read: for every record its keys, for every key its reader and its slot.

use crate::model::node::Constant;
use crate::model::node::{Node, Op};
use crate::model::{Absent, EXCHANGE, Model, Rate, RowsOf};
use crate::value::{DomainId, Kind, WordsId};

/// The reading plan of a rulebook's facts.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// The records by domain; `None` for domains that hold no records.
    pub records: Vec<Option<RecordSchema>>,
    /// The keys of the document itself, with the domains that they hold.
    pub top: Vec<(String, DomainId)>,
    /// For every list of words, the words.
    pub words: Vec<Vec<String>>,
    /// For every domain that is a table, the ids of its rows.
    pub tables: Vec<Vec<String>>,
    /// The currency of amounts without one.
    pub currency: Option<String>,
    /// The currency to which amounts are brought, with the rates that the rulebook gives; of every version
    /// for which a document is read.
    pub moneys: Vec<(Option<String>, Vec<Rate>)>,
    /// Where the document itself gives rates.
    pub rates: Option<Rates>,
    /// The fields that name a record of another domain, and which.
    pub references: Vec<(DomainId, u32, DomainId)>,
    /// The fields for which another one stands in where they are absent, and which.
    pub stand_ins: Vec<(DomainId, u32, DomainId, u32)>,
}

/// Where a document gives rates of exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rates {
    /// The records.
    pub domain: DomainId,
    /// The slot of the currency that is converted.
    pub currency: u32,
    /// The slot of the currency to which it is; the rulebook's own where there is none.
    pub to: Option<u32>,
    /// The slot of the first day on which the rate holds.
    pub from: Option<u32>,
    /// The slot of the rate: so much for one of the other.
    pub rate: u32,
}

/// How a record is read.
#[derive(Clone, Debug)]
pub struct RecordSchema {
    /// What it is called.
    pub name: String,
    /// Whether there is one, and not a list.
    pub single: bool,
    /// The record inside which it lives.
    pub within: Option<DomainId>,
    /// Whether an absent list is empty.
    pub absent_is_none: bool,
    /// The place of the id among the fields.
    pub id: Option<u32>,
    /// The place of the record's own date among the fields.
    pub happened: Option<u32>,
    /// The fields.
    pub fields: Vec<FieldSchema>,
    /// The records inside it, by JSON key.
    pub inside: Vec<(String, DomainId)>,
    /// Every record that lives inside it or inside one of those.
    pub inner: Vec<DomainId>,
    /// Whether an amount is among the fields, so that `currency` may stand beside it.
    pub money: bool,
    /// How many slots a record has.
    pub width: u32,
}

/// How a field is read.
#[derive(Clone, Debug)]
pub struct FieldSchema {
    /// Its key in JSON.
    pub key: String,
    /// Its name in expressions.
    pub name: String,
    /// How its value is read.
    pub reader: Reader,
    /// Where its value goes: its place among the fields; `None` when no rule reads it.
    pub slot: Option<u32>,
    /// Whether it may be `null`.
    pub optional: bool,
    /// What stands in the slot when the key is absent.
    pub absent: Absence,
    /// How other versions read the same key, where that is otherwise: places among the fields.
    pub also: Vec<u32>,
    /// Whether it is only another version's reading of a key that has a field of its own.
    pub hidden: bool,
}

/// What stands in a slot when the key is absent.
#[derive(Clone, Debug, PartialEq)]
pub enum Absence {
    /// It was not told.
    Unknown,
    /// This value.
    Is(Constant),
    /// What an expression gives. Where that is a field of the same record, or of the only one of its kind, which.
    Elsewhere(Option<(DomainId, u32)>),
}

/// How a value is read.
#[derive(Clone, Debug, PartialEq)]
pub enum Reader {
    /// A string.
    Text,
    /// `true` or `false`.
    Flag,
    /// A whole number that is not negative.
    Count,
    /// A number, as a JSON number or in a string.
    Number,
    /// An amount, converted to a currency: a place among [`Schema::moneys`].
    Money(u32),
    /// `2024-08-01` in a string.
    Date,
    /// A word of a list; `null` is the word `none` where the list has it.
    Word(WordsId, Option<u32>),
    /// The id of another record.
    Reference(DomainId),
    /// The id of a row of a table.
    TableRow(DomainId),
    /// A list of values.
    Set(Box<Reader>),
    /// An object inside this record.
    Inside(DomainId),
}

impl Reader {
    /// What is expected, for messages.
    pub fn expected(&self) -> &'static str {
        match self {
            Reader::Text | Reader::Word(..) | Reader::Reference(_) | Reader::TableRow(_) => "text",
            Reader::Flag => "true or false",
            Reader::Count => "a whole number",
            Reader::Number => "a number",
            Reader::Money(_) => "an amount",
            Reader::Date => "a date such as \"2024-08-01\"",
            Reader::Set(_) => "a list",
            Reader::Inside(_) => "an object",
        }
    }
}

/// The field that an expression is, if it is no more than a field of `own`, or of the only record of its kind.
fn plain(model: &Model, own: DomainId, node: &Node) -> Option<(DomainId, u32)> {
    let Op::Field(domain, field) = node.op else { return None };
    let records = model.records(domain)?;
    (domain == own || (records.list.is_none() && records.within.is_none())).then_some((domain, field))
}

impl Schema {
    /// The schema of a model's facts; `read` tells of each field whether a rule reads it.
    pub fn of(model: &Model, read: &dyn Fn(DomainId, u32) -> bool) -> Self {
        let mut schema = Schema {
            words: model.words.iter().map(|words| words.words.clone()).collect(),
            currency: model.currency.clone(),
            moneys: vec![(model.currency.clone(), model.exchange.clone())],
            ..Schema::default()
        };
        for (place, domain) in model.domains.iter().enumerate() {
            let id = DomainId(place as u32);
            schema.tables.push(match &domain.rows {
                RowsOf::Table(table) => table.ids.clone(),
                _ => Vec::new(),
            });
            let RowsOf::Records(records) = &domain.rows else {
                schema.records.push(None);
                continue;
            };
            let mut width = 0;
            let mut fields = Vec::new();
            for (place, field) in records.fields.iter().enumerate() {
                let place = place as u32;
                let own = records.id == Some(place) || records.happened == Some(place);
                let needed = own || domain.name == EXCHANGE || read(id, place);
                // The slot is the field's place, so that expressions find it without asking.
                let slot = needed.then_some(place);
                width = slot.map_or(width, |slot| slot + 1);
                let reader = if let (Kind::Row(inner), true) = (&field.ty.kind, field.inside) {
                    Reader::Inside(*inner)
                } else {
                    reader(model, &field.ty.kind)
                };
                fields.push(FieldSchema {
                    key: field.json.clone(),
                    name: field.name.clone(),
                    optional: field.ty.optional || matches!(reader, Reader::Word(_, Some(_))),
                    reader,
                    slot,
                    absent: match &field.absent {
                        Absent::Unknown => Absence::Unknown,
                        Absent::Is(constant) => Absence::Is(constant.clone()),
                        Absent::Field(node) => Absence::Elsewhere(plain(model, id, node)),
                    },
                    also: Vec::new(),
                    hidden: false,
                });
            }
            if domain.name == EXCHANGE {
                schema.rates = rates(id, &fields);
            }
            let single = records.list.is_none();
            let key = records.list.clone().unwrap_or_else(|| domain.name.clone());
            if records.within.is_none() {
                schema.top.push((key, id));
            }
            schema.records.push(Some(RecordSchema {
                name: domain.name.clone(),
                single,
                within: records.within,
                absent_is_none: records.absent_is_none,
                id: records.id,
                happened: records.happened,
                money: fields.iter().any(|field| matches!(field.reader, Reader::Money(_))),
                fields,
                inside: Vec::new(),
                inner: Vec::new(),
                width,
            }));
        }
        schema.nest(model);
        schema.note_inner();
        schema.note_links();
        schema
    }

    /// Notes with every record which others live inside it.
    pub(super) fn note_inner(&mut self) {
        for place in 0..self.records.len() {
            let mut within = self.records[place].as_ref().and_then(|record| record.within);
            while let Some(Some(outer)) = within.map(|outer| &mut self.records[outer.0 as usize]) {
                if !outer.inner.contains(&DomainId(place as u32)) {
                    outer.inner.push(DomainId(place as u32));
                }
                within = outer.within;
            }
        }
    }

    /// Notes what can be filled in only when the whole document was read.
    pub(super) fn note_links(&mut self) {
        let records = self.records.iter().enumerate();
        let fields = records.filter_map(|(place, record)| Some((DomainId(place as u32), record.as_ref()?)));
        let read = fields.flat_map(|(domain, record)| {
            let fields = record.fields.iter().enumerate().filter(|(_, field)| field.slot.is_some());
            fields.map(move |(place, field)| (domain, place as u32, field))
        });
        (self.references, self.stand_ins) = (Vec::new(), Vec::new());
        for (domain, place, field) in read {
            if let Reader::Reference(target) = field.reader {
                self.references.push((domain, place, target));
            }
            if let Absence::Elsewhere(Some((source, instead))) = field.absent {
                self.stand_ins.push((domain, place, source, instead));
            }
        }
    }

    /// Lists inside records are keys of the record that they are inside.
    fn nest(&mut self, model: &Model) {
        for (place, domain) in model.domains.iter().enumerate() {
            let RowsOf::Records(records) = &domain.rows else { continue };
            if let (Some(list), Some(outer)) = (&records.list, records.within)
                && let Some(Some(outer)) = self.records.get_mut(outer.0 as usize)
            {
                outer.inside.push((list.clone(), DomainId(place as u32)));
            }
        }
    }

    /// The key that holds a record, in the document or in the record that it is inside.
    pub(crate) fn key_of<'s>(&'s self, domain: DomainId, record: &'s RecordSchema) -> &'s str {
        let Some(outer) = record.within.and_then(|outer| self.record(outer)) else {
            let key = self.top.iter().find(|(_, known)| *known == domain).map(|(key, _)| key);
            return key.unwrap_or(&record.name);
        };
        let lists = outer.inside.iter().find(|(_, known)| *known == domain).map(|(key, _)| key);
        let field = || outer.fields.iter().find(|field| field.reader == Reader::Inside(domain)).map(|field| &field.key);
        lists.or_else(field).unwrap_or(&record.name)
    }

    /// How a record is read.
    pub(crate) fn record(&self, domain: DomainId) -> Option<&RecordSchema> {
        self.records.get(domain.0 as usize)?.as_ref()
    }
}

/// The slots of a record that gives rates.
fn rates(domain: DomainId, fields: &[FieldSchema]) -> Option<Rates> {
    let slot = |name: &str| fields.iter().find(|field| field.name == name)?.slot;
    Some(Rates { domain, currency: slot("currency")?, to: slot("to"), from: slot("from"), rate: slot("rate")? })
}

fn reader(model: &Model, kind: &Kind) -> Reader {
    match kind {
        Kind::Flag => Reader::Flag,
        Kind::Count => Reader::Count,
        Kind::Number | Kind::Percent => Reader::Number,
        Kind::Money => Reader::Money(0),
        Kind::Date => Reader::Date,
        Kind::Word(words) => {
            Reader::Word(*words, model.words(*words).find("none").filter(|_| model.words(*words).ordered))
        }
        Kind::Row(domain) => match &model.domain(*domain).rows {
            RowsOf::Records(_) => Reader::Reference(*domain),
            _ => Reader::TableRow(*domain),
        },
        Kind::Set(of) => Reader::Set(Box::new(reader(model, of))),
        Kind::Text | Kind::Duration => Reader::Text,
    }
}
