//! The names of what is not known, as an answer lists them.

use super::Evaluator;
use crate::facts::{Value, Why};
use crate::model::RowsOf;
use crate::value::DomainId;
use bumpalo::collections::Vec as ArenaVec;
use std::borrow::Cow;
use std::fmt::Write;

impl<'a> Evaluator<'a> {
    /// The places of everything that is not known, each once, in alphabetical order.
    #[cold]
    pub fn missing(&self, why: &'a Why<'a>) -> Vec<Cow<'a, str>> {
        if !matches!(why, Why::Both(..)) {
            return vec![self.name_of(why)];
        }
        let mut names = Vec::new();
        let mut left: ArenaVec<'a, &'a Why<'a>> = ArenaVec::new_in(self.arena);
        left.push(why);
        // Reasons are shared, so the same one may be met on many ways; it is told once.
        let mut seen: std::collections::HashSet<*const Why<'a>> = std::collections::HashSet::new();
        while let Some(why) = left.pop() {
            if !seen.insert(why) {
                continue;
            }
            match why {
                Why::Both(a, b) => {
                    left.push(a);
                    left.push(b);
                }
                why => names.push(self.name_of(why)),
            }
        }
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The place of one thing that is not known.
    fn name_of(&self, why: &'a Why<'a>) -> Cow<'a, str> {
        match why {
            Why::Both(a, _) => self.name_of(a),
            Why::Field(domain, row, field) => self.field_path(*domain, *row, *field).into(),
            Why::List(domain, holder) => self.list_path(*domain, *holder).into(),
            Why::Record(domain, id) => {
                let list = self.key(*domain);
                // A reference into a list that nobody told misses the list.
                if self.facts.rows(*domain).presence == crate::facts::Presence::Unknown {
                    list.into()
                } else {
                    format!("{list}.{id}").into()
                }
            }
            Why::Unspecified(told) | Why::Told(told) => Cow::Borrowed(told),
            Why::Rate(currency) => format!("exchange.{currency}").into(),
            Why::Undefined(reason) => Cow::Borrowed(reason),
        }
    }

    fn key(&self, domain: DomainId) -> String {
        let domain = self.model().domain(domain);
        match &domain.rows {
            RowsOf::Records(records) => records.list.clone().unwrap_or_else(|| domain.name.clone()),
            _ => domain.name.clone(),
        }
    }

    /// `deals.D-1.lines`
    fn list_path(&self, domain: DomainId, holder: u32) -> String {
        let within = self.model().records(domain).and_then(|records| records.within);
        match within {
            Some(outer) if holder != u32::MAX => format!("{}.{}", self.record_path(outer, holder), self.key(domain)),
            Some(outer) => format!("{}.{}", self.key(outer), self.key(domain)),
            None => self.key(domain),
        }
    }

    /// `deals.D-1.customer.last_purchase_on`
    pub fn field_path(&self, domain: DomainId, row: u32, field: u32) -> String {
        let json = self.model().records(domain).map_or("", |records| records.fields[field as usize].json.as_str());
        format!("{}.{json}", self.record_path(domain, row))
    }

    /// `deals.D-1.lines.2`: a record by its id, else by its place from 0.
    pub fn record_path(&self, domain: DomainId, row: u32) -> String {
        let Some(records) = self.model().records(domain) else { return String::new() };
        let rows = self.facts.rows(domain);
        let parent = rows.parents.get(row as usize).copied();
        let mut path = match (records.within, parent) {
            (Some(outer), Some(parent)) => format!("{}.{}", self.record_path(outer, parent), self.key(domain)),
            _ => self.key(domain),
        };
        if records.list.is_some() {
            match self.record_id(domain, row) {
                Some(id) => path.push_str(&format!(".{id}")),
                None => {
                    let first = parent.and_then(|parent| rows.spans.get(parent as usize)).map_or(0, |span| span.0);
                    let _ = write!(path, ".{}", row.saturating_sub(first));
                }
            }
        }
        path
    }

    /// The id of a record, where it has one.
    pub fn record_id(&self, domain: DomainId, row: u32) -> Option<&'a str> {
        let id = self.model().records(domain)?.id?;
        match self.field(domain, row, id) {
            Value::Text(id) => Some(id),
            _ => None,
        }
    }
}
