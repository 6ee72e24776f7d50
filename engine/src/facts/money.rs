//! Amounts in other currencies, brought to the rulebook's own by the rate of their record's date.
//!
//! Rates that the document gives go before those of the rulebook. Without a rate the amount is not known,
//! and the currency is named.

use super::read::DocumentReader;
use super::schema::{Reader, RecordSchema};
use super::{Value, Why};
use crate::date::Date;
use crate::value::{Decimal, DomainId};

/// A record whose amounts are in a currency of their own.
#[derive(Clone, Copy)]
pub struct Foreign<'a> {
    pub domain: DomainId,
    pub row: u32,
    pub currency: &'a str,
}

/// A rate that the document gives.
struct Told<'a> {
    currency: &'a str,
    /// The currency to which it converts; that of whoever reads it where it is not told.
    to: Option<&'a str>,
    from: Option<Date>,
    rate: Decimal,
}

impl<'a> DocumentReader<'_, 'a> {
    /// Whether an amount in `currency` must be converted for any version.
    pub(super) fn is_foreign(&self, currency: &str) -> bool {
        self.schema.moneys.iter().any(|(own, _)| own.as_deref() != Some(currency))
    }

    /// Brings all amounts to the currencies of the versions that read them.
    pub(super) fn convert(&mut self) {
        if self.foreign.is_empty() {
            return;
        }
        let told = self.told_rates();
        for foreign in std::mem::take(&mut self.foreign) {
            let Some(record) = self.schema.record(foreign.domain) else { continue };
            let day = self.own_date(foreign.domain, record, foreign.row);
            for field in &record.fields {
                let (Reader::Money(money), Some(slot)) = (&field.reader, field.slot) else { continue };
                let own = self.schema.moneys[*money as usize].0.as_deref();
                if own == Some(foreign.currency) {
                    continue;
                }
                let rate = self.rate(&told, *money, foreign.currency, day);
                let rows = &mut self.facts.records[foreign.domain.0 as usize];
                let cell = &mut rows.cells[(foreign.row * rows.width + slot) as usize];
                let Value::Number(amount) = *cell else { continue };
                *cell = match rate.and_then(|rate| amount.checked_mul(rate)) {
                    Some(converted) => Value::Number(converted),
                    None => Value::Unknown(self.arena.alloc(Why::Rate(foreign.currency))),
                };
            }
        }
    }

    /// The rate from `currency` on a day: the latest of those that hold by then.
    fn rate(&self, told: &[Told<'a>], money: u32, currency: &str, day: Option<Date>) -> Option<Decimal> {
        let (own, table) = &self.schema.moneys[money as usize];
        let own = own.as_deref();
        let latest = [own, None].into_iter().filter_map(|to| {
            let end = told.partition_point(|rate| (rate.currency, rate.to, rate.from) <= (currency, to, day));
            told[..end].last().filter(|rate| (rate.currency, rate.to) == (currency, to))
        });
        latest.max_by_key(|rate| rate.from).map(|rate| rate.rate).or_else(|| {
            let holds = |from: Option<Date>| from.is_none() || from <= day;
            let known = table.iter().rev().find(|rate| rate.currency == currency && holds(rate.from));
            known.map(|rate| rate.rate)
        })
    }

    /// The rates that the document gives, in order of their currencies and days; one that is not wholly told is none.
    fn told_rates(&self) -> Vec<Told<'a>> {
        let Some(rates) = &self.schema.rates else { return Vec::new() };
        let rows = self.facts.rows(rates.domain);
        let text = |row: u32, slot: u32| match rows.cell(row, slot) {
            Value::Text(text) => Some(text),
            _ => None,
        };
        let told = (0..rows.len).filter_map(|row| {
            let from = match rates.from.map(|slot| rows.cell(row, slot)) {
                None | Some(Value::None) => None,
                Some(Value::Date(from)) => Some(from),
                Some(_) => return None,
            };
            let to = match rates.to.map(|slot| rows.cell(row, slot)) {
                None | Some(Value::None) => None,
                Some(Value::Text(to)) => Some(to),
                Some(_) => return None,
            };
            match rows.cell(row, rates.rate) {
                Value::Number(rate) => Some(Told { currency: text(row, rates.currency)?, to, from, rate }),
                _ => None,
            }
        });
        let mut told: Vec<Told<'a>> = told.collect();
        told.sort_by(|a, b| (a.currency, a.to, a.from).cmp(&(b.currency, b.to, b.from)));
        told
    }

    /// The date of a record, or of the record that it is inside.
    fn own_date(&self, domain: DomainId, record: &RecordSchema, row: u32) -> Option<Date> {
        if let Some(slot) = record.happened.and_then(|place| record.fields[place as usize].slot) {
            return match self.facts.rows(domain).cell(row, slot) {
                Value::Date(date) => Some(date),
                _ => None,
            };
        }
        let outer = record.within?;
        let parent = *self.facts.rows(domain).parents.get(row as usize)?;
        self.own_date(outer, self.schema.record(outer)?, parent)
    }
}
