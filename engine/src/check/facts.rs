//! The fields of records: their types, and what absence means.

use super::scope::Scope;
use super::{Checker, Meaning};
use crate::document::Node;
use crate::finding::{Finding, code, did_you_mean};
use crate::model::node::Constant;
use crate::model::{Absent, Field, Records, RowsOf};
use crate::rulebook::fact::{self, FieldType};
use crate::rulebook::piece::{Formula, Name};
use crate::source::Span;
use crate::value::{DomainId, Kind, Type, WordsId};

/// The types that have a name of their own.
const PLAIN: [(&str, Kind); 8] = [
    ("id", Kind::Text),
    ("text", Kind::Text),
    ("flag", Kind::Flag),
    ("count", Kind::Count),
    ("number", Kind::Number),
    ("money", Kind::Money),
    ("percent", Kind::Percent),
    ("date", Kind::Date),
];

/// What types are called elsewhere.
const OTHER_NAMES: [(&str, &str); 11] = [
    ("string", "text"),
    ("boolean", "flag"),
    ("bool", "flag"),
    ("integer", "count"),
    ("int", "count"),
    ("decimal", "number"),
    ("float", "number"),
    ("percentage", "percent"),
    ("currency", "money"),
    ("amount", "money"),
    ("datetime", "date"),
];

/// How many keys a record may have in JSON: a reader marks each as seen.
const MOST_FIELDS: usize = 120;

fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ")
}

/// A field type that is not understood yet: `TYPE or ABSENCE`.
struct Written<'w> {
    of: &'w str,
    absence: Option<&'w str>,
}

fn split(text: &str) -> Written<'_> {
    match text.split_once(" or ") {
        Some((of, absence)) => Written { of: of.trim(), absence: Some(absence.trim()) },
        None => Written { of: text.trim(), absence: None },
    }
}

impl Checker<'_> {
    pub(super) fn read_fields(&mut self) {
        for (name, record) in &self.rulebook.facts.0 {
            let Some(domain) = self.model.domain_named(&name.text) else { continue };
            let within = record.within.as_ref().and_then(|outer| self.record_named(outer));
            if within == Some(domain) {
                let place = record.within.as_ref().map_or(record.span, |within| within.span);
                self.findings.add(
                    Finding::new(
                        &code::CIRCULAR_DEPENDENCY,
                        place,
                        format!("`{}` cannot live inside itself", name.text),
                    )
                    .help("name the record that holds it, or leave `in` out"),
                );
                continue;
            }
            let mut fields = Vec::new();
            for (field_name, field) in &record.fields.0 {
                self.check_word(field_name);
                let (ty, names_record, inside) = match &field.of {
                    FieldType::Words(_) => {
                        let list = format!("{}.{}", name.text, field_name.text);
                        (self.inline_words(&list).map(|words| Type::always(Kind::Word(words))), false, false)
                    }
                    FieldType::Named(written) => {
                        let parts = split(&written.text);
                        let kind = self.field_kind(parts.of, written.span);
                        let inside = kind.as_ref().is_some_and(|kind| self.lives_inside(kind, domain));
                        let optional = matches!(parts.absence, Some("none" | "unknown"));
                        // An id that may be absent names another record, not this one.
                        let names_record = parts.of == "id" && parts.absence.is_none();
                        (kind.map(|kind| Type { kind, optional }), names_record, inside)
                    }
                };
                let Some(ty) = ty else { continue };
                fields.push(Field {
                    name: field_name.text.clone(),
                    json: field.json.as_ref().map_or_else(|| field_name.text.clone(), |json| json.text.clone()),
                    ty,
                    names_record,
                    inside,
                    absent: Absent::Unknown,
                    span: field.span,
                });
            }
            let happened = record.happened.as_ref().and_then(|date| self.own_date(date, &fields, record));
            let absent_is_none =
                record.absent.as_ref().is_some_and(|word| self.one_of(word, &["none", "unknown"]) == Some(0));
            let id = fields.iter().position(|field| field.names_record).map(|place| place as u32);
            let rows = &mut self.model.domains[domain.0 as usize].rows;
            if let RowsOf::Records(records) = rows {
                *records = Records { list: records.list.take(), within, absent_is_none, happened, id, fields };
            }
        }
        self.check_nesting();
        self.check_keys();
        self.check_reach();
    }

    /// Every key of the facts means one thing, and a record has no more fields than a reader can mark as seen.
    fn check_keys(&mut self) {
        let outer = |record: &fact::Record| record.within.as_ref().map(|within| within.text.clone());
        let records = &self.rulebook.facts.0;
        let holders = std::iter::once(None).chain(records.iter().map(Some));
        for holder in holders {
            let mut keys: Vec<(&str, Span)> = Vec::new();
            for (field, written) in holder.iter().flat_map(|(_, record)| &record.fields.0) {
                keys.push(
                    written.json.as_ref().map_or((field.text.as_str(), field.span), |json| (&json.text, json.span)),
                );
            }
            let name = holder.map(|(name, _)| name.text.clone());
            for (inner, record) in records.iter().filter(|(_, record)| outer(record) == name) {
                match &record.list {
                    Some(list) => keys.push((list.text.as_str(), list.span)),
                    None if name.is_none() => keys.push((inner.text.as_str(), inner.span)),
                    None => {}
                }
            }
            for (place, (key, span)) in keys.iter().enumerate() {
                if let Some((_, first)) = keys[..place].iter().find(|(known, _)| known == key) {
                    let finding = Finding::new(
                        &code::DUPLICATE_ID,
                        *span,
                        format!("two things stand under the JSON key `{key}`"),
                    )
                    .and(*first, "the first is here")
                    .help("give one of them another key: a record by `list = …`, a field by { type = …, json = … }");
                    self.findings.add(finding);
                }
            }
            if let Some((_, span)) = keys.get(MOST_FIELDS) {
                let who = name.map_or_else(|| "the facts".to_owned(), |name| format!("`{name}`"));
                let message = format!("{who} have {} keys, and the most is {MOST_FIELDS}", keys.len());
                let finding = Finding::new(&code::BAD_VALUE, *span, message.replacen("` have", "` has", 1));
                self.findings.add(finding.help("move some of them into a record inside this one"));
            }
        }
    }

    /// A record without a list lives in a field of the record that it is inside; without one it is nowhere.
    fn check_reach(&mut self) {
        for (name, record) in &self.rulebook.facts.0 {
            let (None, Some(within)) = (&record.list, &record.within) else { continue };
            let Some(outer) = self.model.domain_named(&within.text).and_then(|outer| self.model.records(outer)) else {
                continue;
            };
            let held = outer.fields.iter().any(|field| {
                field.inside && matches!(&field.ty.kind, Kind::Row(of) if self.model.domain(*of).name == name.text)
            });
            if !held && within.text != name.text {
                let finding = Finding::new(
                    &code::INCOMPLETE_RULE,
                    within.span,
                    format!("no field of `{}` holds the `{}`", within.text, name.text),
                );
                self.findings.add(finding.help(format!(
                    "write `{0} = \"{0}\"` in [facts.{1}], or `list = …` here where there are several",
                    name.text, within.text
                )));
            }
        }
    }

    /// Whether a field of that name is written, though perhaps nothing could be made of it.
    pub(super) fn is_written(&self, domain: DomainId, field: &str) -> bool {
        let facts = self.written.document.as_table().and_then(|table| table.find("facts")).and_then(Node::as_table);
        let record = facts.and_then(|facts| facts.find(&self.model.domain(domain).name)).and_then(Node::as_table);
        let reserved = ["list", "in", "happened", "absent"].contains(&field);
        !reserved && record.is_some_and(|record| record.find(field).is_some())
    }

    /// Records that live in each other in a circle would never end.
    fn check_nesting(&mut self) {
        for place in 0..self.model.domains.len() {
            let mut outer = self.model.records(DomainId(place as u32)).and_then(|records| records.within);
            let mut steps = 0;
            while let Some(domain) = outer {
                steps += 1;
                if steps > self.model.domains.len() {
                    let domain = &self.model.domains[place];
                    self.findings.add(Finding::new(
                        &code::CIRCULAR_DEPENDENCY,
                        domain.span,
                        format!("`{}` lives inside itself by way of other records", domain.name),
                    ));
                    return;
                }
                outer = self.model.records(domain).and_then(|records| records.within);
            }
        }
    }

    fn inline_words(&self, list: &str) -> Option<WordsId> {
        self.model.words.iter().position(|words| words.name == list).map(|place| WordsId(place as u32))
    }

    fn record_named(&mut self, name: &Name) -> Option<DomainId> {
        let found = self.model.domain_named(&name.text).filter(|id| self.model.records(*id).is_some());
        if found.is_none() {
            let records: Vec<&str> = self.rulebook.facts.0.iter().map(|(known, _)| known.text.as_str()).collect();
            self.findings.add(
                Finding::new(&code::UNKNOWN_NAME, name.span, format!("there is no record `{}`", name.text))
                    .help_maybe(did_you_mean(&name.text, records)),
            );
        }
        found
    }

    fn own_date(&mut self, name: &Name, fields: &[Field], written: &fact::Record) -> Option<u32> {
        match fields.iter().position(|field| field.name == name.text) {
            Some(place) if fields[place].ty.kind == Kind::Date => Some(place as u32),
            Some(place) => {
                self.findings.add(
                    Finding::new(&code::TYPE_MISMATCH, name.span, format!("`{}` is no date", name.text))
                        .and(fields[place].span, "its type is given here"),
                );
                None
            }
            None if written.fields.find(&name.text).is_some() => None,
            None => {
                let dates = fields.iter().filter(|field| field.ty.kind == Kind::Date).map(|field| field.name.as_str());
                self.findings.add(
                    Finding::new(&code::UNKNOWN_NAME, name.span, format!("the record has no field `{}`", name.text))
                        .help_maybe(did_you_mean(&name.text, dates)),
                );
                None
            }
        }
    }

    /// Whether a field of this kind, in this record, holds the other record itself.
    fn lives_inside(&self, kind: &Kind, domain: DomainId) -> bool {
        let Kind::Row(other) = kind else { return false };
        let Some((_, record)) =
            self.rulebook.facts.0.iter().find(|(name, _)| name.text == self.model.domain(*other).name)
        else {
            return false;
        };
        record.list.is_none() && record.within.as_ref().is_some_and(|w| w.text == self.model.domain(domain).name)
    }

    /// The kind that a written type means; a finding when it means none.
    pub(super) fn field_kind(&mut self, text: &str, span: Span) -> Option<Kind> {
        if let Some(of) = text.strip_prefix("set of ").or_else(|| text.strip_prefix("list of ")) {
            let of = self.field_kind(of.trim(), span)?;
            if matches!(of, Kind::Set(_)) {
                let finding = Finding::new(&code::BAD_VALUE, span, "a set cannot hold sets");
                self.findings.add(finding.help("make a record of the inner list, by `in` and `list`"));
                return None;
            }
            return Some(Kind::Set(Box::new(of)));
        }
        if let Some((_, kind)) = PLAIN.iter().find(|(name, _)| *name == text) {
            return Some(kind.clone());
        }
        if text == "duration" {
            return Some(Kind::Duration);
        }
        if text == "module"
            && let Some(modules) = &self.model.modules
        {
            return Some(Kind::Word(modules.words));
        }
        if let Some((Meaning::Broken, _)) = text.strip_suffix(".id").and_then(|table| self.names.get(table)) {
            return None;
        }
        if let Some(table) = text.strip_suffix(".id")
            && let Some(domain) = self.model.domain_named(table)
            && matches!(self.model.domain(domain).rows, RowsOf::Table(_))
        {
            return Some(Kind::Row(domain));
        }
        match self.names.get(text) {
            Some((Meaning::Domain(domain), _)) => match &self.model.domain(*domain).rows {
                RowsOf::Words(words) => return Some(Kind::Word(*words)),
                RowsOf::Records(_) => return Some(Kind::Row(*domain)),
                RowsOf::Table(_) => {
                    let finding = Finding::new(&code::UNKNOWN_NAME, span, format!("there is no type `{text}`"));
                    self.findings.add(finding.help(format!("a row of the table `{text}` is written `{text}.id`")));
                    return None;
                }
            },
            Some((Meaning::Ladder(ladder), _)) => return Some(Kind::Word(self.model.ladder(*ladder).levels)),
            Some((Meaning::Broken, _)) => return None,
            _ => {}
        }
        let known: Vec<&str> =
            PLAIN.iter().map(|(name, _)| *name).chain(self.names.keys().map(String::as_str)).collect();
        let words: Vec<&str> = text.split(',').map(str::trim).collect();
        let list = (words.len() > 1).then(|| format!("a list of words is written [{}]", quoted(&words)));
        let other = OTHER_NAMES.iter().find(|(other, _)| *other == text.to_lowercase());
        let other = other.map(|(_, name)| format!("did you mean `{name}`?"));
        let help = list.or(other).or_else(|| did_you_mean(text, known));
        self.findings.add(
            Finding::new(&code::UNKNOWN_NAME, span, format!("there is no type `{text}`"))
                .help("types are id, text, flag, count, number, money, percent, date, a choice, a record, a ladder, TABLE.id, and `set of …` of these")
                .help_maybe(help),
        );
        None
    }

    /// What the absence of each field means, read when every name is known.
    pub(super) fn read_absences(&mut self) {
        for (name, record) in &self.rulebook.facts.0 {
            let Some(domain) = self.model.domain_named(&name.text) else { continue };
            for (field_name, field) in &record.fields.0 {
                let FieldType::Named(written) = &field.of else { continue };
                let Some(absence) = split(&written.text).absence else { continue };
                let Some(place) = self.field_place(domain, &field_name.text) else { continue };
                let absent = self.absence(absence, domain, place, written.span);
                if let (Some(absent), RowsOf::Records(records)) =
                    (absent, &mut self.model.domains[domain.0 as usize].rows)
                {
                    let field = &mut records.fields[place as usize];
                    if let Absent::Field(node) = &absent {
                        field.ty.optional |= node.ty.optional;
                    }
                    field.absent = absent;
                }
            }
        }
    }

    pub(super) fn field_place(&self, domain: DomainId, name: &str) -> Option<u32> {
        let fields = match &self.model.domain(domain).rows {
            RowsOf::Records(records) => return records.fields.iter().position(|f| f.name == name).map(|p| p as u32),
            RowsOf::Table(table) => &table.columns,
            RowsOf::Words(_) => return None,
        };
        fields.iter().position(|(column, _)| column == name).map(|place| place as u32)
    }

    fn no_absence(&mut self, text: &str, span: Span, kind: &Kind, domain: DomainId) {
        let mut words: Vec<String> = ["none", "unknown"].map(str::to_owned).to_vec();
        match kind {
            Kind::Flag => words.extend(["false", "true"].map(str::to_owned)),
            Kind::Word(list) => words.extend(self.model.words(*list).words.iter().cloned()),
            _ => {}
        }
        let fields = self.model.records(domain).map(|records| records.fields.as_slice()).unwrap_or_default();
        words.extend(fields.iter().filter(|field| field.ty.kind == *kind).map(|field| field.name.clone()));
        let finding = Finding::new(&code::UNKNOWN_NAME, span, format!("`{text}` does not say what absence means"))
            .help("write `or none`, `or false`, a number, or the name of another field")
            .help_maybe(did_you_mean(text, words.iter().map(String::as_str)));
        self.findings.add(finding);
    }

    fn absence(&mut self, text: &str, domain: DomainId, place: u32, span: Span) -> Option<Absent> {
        match text {
            "none" => return Some(Absent::Is(Constant::None)),
            "unknown" => return Some(Absent::Unknown),
            _ => {}
        }
        let ty = self.model.records(domain)?.fields[place as usize].ty.clone();
        let node = crate::document::Node { span, item: crate::document::Item::Text(text.to_owned()) };
        match &ty.kind {
            Kind::Flag if text == "true" || text == "false" => return Some(Absent::Is(Constant::Flag(text == "true"))),
            Kind::Word(words) => {
                if let Some(word) = self.model.words(*words).find(text) {
                    return Some(Absent::Is(Constant::Word(word)));
                }
            }
            kind if kind.is_numeric() && text.starts_with(|c: char| c.is_ascii_digit()) => {
                return self.value(&node, kind, "facts").map(Absent::Is);
            }
            _ => {}
        }
        let start =
            self.sources.text(span).find(text).map_or(span, |at| {
                Span::new(span.file, span.start as usize + at, span.start as usize + at + text.len())
            });
        let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if plain && self.field_place(domain, text).is_none() && !self.names.contains_key(text) {
            if !self.is_written(domain, text) {
                self.no_absence(text, start, &ty.kind, domain);
            }
            return None;
        }
        let formula = Formula { text: text.to_owned(), span: start };
        let scope = Scope::of(self, &[domain]);
        let node = self.expression(&formula, &scope)?;
        if node.ty.kind != ty.kind {
            self.mismatch(&ty.kind, &node);
            return None;
        }
        Some(Absent::Field(node))
    }
}
