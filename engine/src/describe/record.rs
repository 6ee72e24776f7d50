//! Records of facts and scripts in words.

use super::catalogue::{part, rule};
use super::teller::{Teller, line, under};
use super::{Described, Kind};
use crate::model::node::Constant;
use crate::model::{Absent, Field, RowsOf, ScriptFunction};
use crate::value::{DomainId, Kind as ValueKind};

impl Teller<'_> {
    pub fn describe_record(&self, domain: DomainId) -> Option<Described> {
        let records = self.model.records(domain)?;
        let name = &self.model.domain(domain).name;
        let mut lines = vec![match &records.list {
            Some(list) => line(self.say(rule::RECORD_LIST, &[list])),
            None => line(self.say(rule::RECORD_ONE, &[name])),
        }];
        lines.extend(records.within.map(|outer| line(self.say(rule::RECORD_INSIDE, &[&self.record(outer)]))));
        if let Some(field) = records.happened.and_then(|place| records.fields.get(place as usize)) {
            lines.push(line(self.say(rule::RECORD_DATE, &[&field.name])));
        }
        if records.list.is_some() {
            let message = if records.absent_is_none { rule::LIST_ABSENT_NONE } else { rule::LIST_ABSENT_UNKNOWN };
            lines.push(line(self.say(message, &[])));
        }
        for field in &records.fields {
            let of = self.field_type(field);
            let absent = self.absence(domain, field);
            lines.push(under(self.say(part::ITEM, &[&field.json, &format!("{of}; {absent}")])));
        }
        Some(Described {
            id: name.clone(),
            kind: Kind::Record,
            title: None,
            lines,
            sources: Vec::new(),
            note: None,
            reads: Vec::new(),
            read_by: Vec::new(),
        })
    }

    fn field_type(&self, field: &Field) -> String {
        match (&field.ty.kind, field.inside) {
            (ValueKind::Row(domain), true) => self.say(part::TYPE_INSIDE, &[&self.record(*domain)]),
            _ if field.names_record => self.say(part::TYPE_ID, &[]),
            (kind, _) => self.type_words(kind),
        }
    }

    /// A kind of value in words.
    fn type_words(&self, kind: &ValueKind) -> String {
        let plain = match kind {
            ValueKind::Flag => part::TYPE_FLAG,
            ValueKind::Count => part::TYPE_COUNT,
            ValueKind::Number => part::TYPE_NUMBER,
            ValueKind::Money => part::TYPE_MONEY,
            ValueKind::Percent => part::TYPE_PERCENT,
            ValueKind::Date => part::TYPE_DATE,
            ValueKind::Duration => part::TYPE_DURATION,
            ValueKind::Text => part::TYPE_TEXT,
            ValueKind::Word(words) if self.model.words(*words).ordered => {
                return self.say(part::TYPE_LEVEL, &[&self.model.words(*words).name]);
            }
            ValueKind::Word(words) => {
                let words = &self.model.words(*words).words;
                return self.say(part::TYPE_WORD, &[&self.listed(words, part::LIST_TWO_OR)]);
            }
            ValueKind::Row(domain) => {
                let is_record = matches!(self.model.domain(*domain).rows, RowsOf::Records(_));
                let message = if is_record { part::TYPE_REFERENCE } else { part::TYPE_ROW };
                return self.say(message, &[&self.record(*domain)]);
            }
            ValueKind::Set(of) => return self.say(part::TYPE_SET, &[&self.type_words(of)]),
        };
        self.say(plain, &[])
    }

    fn absence(&self, domain: DomainId, field: &Field) -> String {
        match &field.absent {
            Absent::Unknown => self.say(part::ABSENT_UNKNOWN, &[]),
            Absent::Is(Constant::None) => self.say(part::ABSENT_NONE, &[]),
            Absent::Is(constant) => self.say(part::ABSENT_IS, &[&self.constant(&field.ty.kind, constant)]),
            Absent::Field(node) => self.say(part::ABSENT_IS, &[&self.at(domain).noun(node)]),
        }
    }

    pub fn describe_script(&self, script: &ScriptFunction) -> Described {
        let takes: Vec<String> =
            script.takes.iter().map(|(name, kind)| self.say(part::ITEM, &[name, &self.type_words(kind)])).collect();
        let gives = self.type_words(&script.returns.kind);
        Described {
            id: script.name.clone(),
            kind: Kind::Script,
            title: None,
            lines: vec![
                line(self.say(rule::SCRIPT_TAKES, &[&self.listed(&takes, part::LIST_TWO_AND)])),
                line(self.say(rule::SCRIPT_GIVES, &[&gives, &script.path])),
            ],
            sources: Vec::new(),
            note: None,
            reads: Vec::new(),
            read_by: Vec::new(),
        }
    }
}
