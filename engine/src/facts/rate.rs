//! Rates of exchange that the document gives: what is wrong with them, and which of them holds on a day.
//!
//! A rate of which something is not told may be the one that holds; then no other stands in for it.

use super::path::Path;
use super::read::{DocumentReader, Stop};
use super::schema::Rates;
use super::{Value, Why};
use crate::date::Date;
use crate::value::currency::{is_code, meant_code};
use crate::value::{Decimal, DomainId};
use std::cmp::Ordering;
use std::collections::HashMap;

/// The rates of a document that were read so far, by their currencies and first day, each with its place.
pub type Seen<'a> = HashMap<(&'a str, Option<&'a str>, Option<Date>), (Decimal, String)>;

/// A rate that the document gives; what is not told is `None`.
pub struct Told<'a> {
    currency: Option<&'a str>,
    /// The currency to which it converts; that of whoever reads it where it has none.
    to: Option<Option<&'a str>>,
    from: Option<Option<Date>>,
    rate: Option<Decimal>,
    row: u32,
}

impl<'a> Told<'a> {
    /// By currencies, then days; those that are not wholly told after those of the same day that are.
    fn order(&self, other: &Self) -> Ordering {
        let key = |told: &Self| (told.currency, told.to, told.from, !told.whole(), told.row);
        key(self).cmp(&key(other))
    }

    fn whole(&self) -> bool {
        self.currency.is_some() && self.to.is_some() && self.from.is_some() && self.rate.is_some()
    }
}

impl<'a> DocumentReader<'_, 'a> {
    /// The code of a currency; `None` when there was a problem with it.
    pub(super) fn code(&mut self, text: &'a str, path: &Path<'_>) -> Result<Option<&'a str>, Stop> {
        if is_code(text) {
            return Ok(Some(text));
        }
        let help = match meant_code(text) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "write its ISO 4217 code, such as `USD`".to_owned(),
        };
        self.problem(Some(path), format!("`{text}` is no currency"), Some(help))?;
        Ok(None)
    }

    /// Problems of the rate that was just read.
    pub(super) fn check_rate(&mut self, rates: &Rates, row: u32, path: &Path<'_>) -> Result<(), Stop> {
        let record = self.schema.record(rates.domain);
        let key = |slot: u32| record.map_or("", |record| record.fields[slot as usize].key.as_str());
        for slot in [Some(rates.currency), rates.to].into_iter().flatten() {
            if let Value::Text(text) = self.facts.rows(rates.domain).cell(row, slot) {
                self.code(text, &Path::key(Some(path), key(slot)))?;
            }
        }
        let told = self.told_rate(rates, row);
        if let Some(rate) = told.rate.filter(|rate| *rate <= Decimal::ZERO) {
            let help = "leave the key out when the rate is not known".to_owned();
            let path = Path::key(Some(path), key(rates.rate));
            self.problem(Some(&path), format!("a rate is more than 0, found `{rate}`"), Some(help))?;
        }
        let (Some(currency), Some(to), Some(from), Some(rate)) = (told.currency, told.to, told.from, told.rate) else {
            return Ok(());
        };
        // A rate that names no currency to which it converts is one to the rulebook's own.
        let owns = self.schema.moneys.iter().map(|(own, _)| own.as_deref());
        let alike: Vec<Option<&str>> = match to {
            None => owns.chain([None]).collect(),
            Some(_) if owns.clone().any(|own| own == to) => vec![to, None],
            Some(_) => vec![to],
        };
        let mut earlier = alike.into_iter().filter_map(|to| self.rates.get(&(currency, to, from)));
        if let Some((_, place)) = earlier.find(|(known, _)| *known != rate) {
            let message = format!("`{place}` gives another rate of `{currency}` for the same days");
            let help = "leave one of them out, or say of each from which day on it holds".to_owned();
            return self.problem(Some(path), message, Some(help));
        }
        self.rates.entry((currency, to, from)).or_insert_with(|| (rate, Path::pointer(Some(path))));
        Ok(())
    }

    fn told_rate(&self, rates: &Rates, row: u32) -> Told<'a> {
        let rows = self.facts.rows(rates.domain);
        let text = |slot: u32| match rows.cell(row, slot) {
            Value::Text(text) => Some(Some(text)),
            Value::None => Some(None),
            _ => None,
        };
        Told {
            currency: text(rates.currency).flatten(),
            to: rates.to.map_or(Some(None), text),
            from: match rates.from.map(|slot| rows.cell(row, slot)) {
                None | Some(Value::None) => Some(None),
                Some(Value::Date(from)) => Some(Some(from)),
                Some(_) => None,
            },
            rate: match rows.cell(row, rates.rate) {
                Value::Number(rate) => Some(rate),
                _ => None,
            },
            row,
        }
    }

    /// The rates that the document gives, in order of their currencies and days.
    pub(super) fn told_rates(&self) -> Vec<Told<'a>> {
        let Some(rates) = &self.schema.rates else { return Vec::new() };
        let mut told: Vec<_> = (0..self.facts.rows(rates.domain).len).map(|row| self.told_rate(rates, row)).collect();
        told.sort_by(Told::order);
        told
    }

    /// The rate from `currency` on a day: the latest of those that hold by then; why it is not known, otherwise.
    /// `day` is the record's own, none where it has none.
    pub(super) fn rate(
        &self,
        told: &[Told<'a>],
        money: u32,
        currency: &'a str,
        day: Result<Option<Date>, &'a Why<'a>>,
    ) -> Result<Decimal, &'a Why<'a>> {
        let (own, table) = &self.schema.moneys[money as usize];
        let own = own.as_deref();
        let groups = [Some(currency), None].into_iter().flat_map(|from| {
            [Some(own), Some(None), None].into_iter().map(move |to| {
                let start = told.partition_point(|rate| (rate.currency, rate.to) < (from, to));
                let end = told.partition_point(|rate| (rate.currency, rate.to) <= (from, to));
                &told[start..end.max(start)]
            })
        });
        let day = match day {
            Ok(day) => day,
            Err(why) => {
                // Only what holds on any day is known without the day.
                let dated = groups.clone().filter_map(<[_]>::last).any(|last| last.from.flatten().is_some());
                if dated || table.iter().any(|rate| rate.currency == currency && rate.from.is_some()) {
                    return Err(why);
                }
                None
            }
        };
        let latest = groups.clone().filter_map(|group| {
            let end = group.partition_point(|rate| rate.from <= Some(day));
            group[..end].last().filter(|rate| rate.from.is_some())
        });
        let best = latest.clone().filter(|rate| rate.whole()).max_by_key(|rate| rate.from);
        let undated = groups.filter_map(<[_]>::first).filter(|rate| rate.from.is_none());
        let rivals = latest.filter(|rate| !rate.whole() && best.is_none_or(|best| rate.from >= best.from));
        let doubt = undated.chain(rivals).map(|rate| self.untold(rate));
        if let Some(why) = doubt.reduce(|a, b| self.arena.alloc(Why::Both(a, b))) {
            return Err(why);
        }
        let known = || {
            table.iter().rev().find(|rate| rate.currency == currency && rate.from.is_none_or(|from| Some(from) <= day))
        };
        best.and_then(|best| best.rate)
            .or_else(|| known().map(|rate| rate.rate))
            .ok_or_else(|| &*self.arena.alloc(Why::Rate(currency)))
    }

    /// Why a rate is not wholly known: its first field that is not told.
    fn untold(&self, told: &Told<'a>) -> &'a Why<'a> {
        let Some(rates) = &self.schema.rates else { return self.arena.alloc(Why::Undefined("there is no rate")) };
        let fields = [
            (told.currency.is_none(), Some(rates.currency)),
            (told.to.is_none(), rates.to),
            (told.from.is_none(), rates.from),
            (true, Some(rates.rate)),
        ];
        let slot = fields.into_iter().find_map(|(untold, slot)| slot.filter(|_| untold)).unwrap_or(rates.rate);
        self.named(rates.domain, told.row, slot)
    }

    /// A field as the reason why something is not known. Versions number their records in ways of their own,
    /// so it is named in words.
    pub(super) fn named(&self, domain: DomainId, row: u32, slot: u32) -> &'a Why<'a> {
        let key = self.schema.record(domain).map_or("", |record| record.fields[slot as usize].key.as_str());
        let place = format!("{}.{key}", self.place(domain, row));
        self.arena.alloc(Why::Told(self.arena.alloc_str(&place)))
    }

    /// `deals.D-1.lines.2`: a record by its id, else by its place from 0.
    fn place(&self, domain: DomainId, row: u32) -> String {
        let Some(record) = self.schema.record(domain) else { return String::new() };
        let rows = self.facts.rows(domain);
        let parent = record.within.zip(rows.parents.get(row as usize).copied());
        let key = self.schema.key_of(domain, record);
        let (mut place, first) = match parent {
            Some((outer, parent)) => {
                let first = rows.spans.get(parent as usize).map_or(0, |span| span.0);
                (format!("{}.{key}", self.place(outer, parent)), first)
            }
            None => (key.to_owned(), 0),
        };
        if !record.single {
            match self.id_of(domain, record, row) {
                Some(id) => place.push_str(&format!(".{id}")),
                None => place.push_str(&format!(".{}", row.saturating_sub(first))),
            }
        }
        place
    }
}
