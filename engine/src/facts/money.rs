//! Amounts in other currencies, brought to the rulebook's own by the rate of their record's date.
//!
//! Rates that the document gives go before those of the rulebook. Without a rate the amount is not known,
//! and the currency is named.

use super::read::DocumentReader;
use super::schema::{Reader, RecordSchema};
use super::{Value, Why};
use crate::date::Date;
use crate::value::{Decimal, DomainId};

/// What is said of an amount that conversion would cut.
const INEXACT: &str = "an amount in another currency has, converted, more digits than can be held exactly";

/// A record whose amounts are in a currency of their own.
#[derive(Clone, Copy)]
pub struct Foreign<'a> {
    pub domain: DomainId,
    pub row: u32,
    pub currency: &'a str,
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
                *cell = match rate.map(|rate| exact_product(amount, rate)) {
                    Ok(Some(converted)) => Value::Number(converted),
                    Ok(None) => Value::Unknown(self.arena.alloc(Why::Undefined(INEXACT))),
                    Err(why) => Value::Unknown(why),
                };
            }
        }
    }

    /// The date of a record, or of the record that it is inside; none where it has none.
    fn own_date(&self, domain: DomainId, record: &RecordSchema, row: u32) -> Result<Option<Date>, &'a Why<'a>> {
        if let Some(slot) = record.happened.and_then(|place| record.fields[place as usize].slot) {
            return match self.facts.rows(domain).cell(row, slot) {
                Value::Date(date) => Ok(Some(date)),
                Value::None => Ok(None),
                _ => Err(self.named(domain, row, slot)),
            };
        }
        let outer = record.within.and_then(|outer| Some((outer, self.schema.record(outer)?)));
        let parent = self.facts.rows(domain).parents.get(row as usize);
        match (outer, parent) {
            (Some((outer, record)), Some(parent)) => self.own_date(outer, record, *parent),
            _ => Ok(None),
        }
    }
}

/// The product of two numbers, where no digit of it is lost.
fn exact_product(a: Decimal, b: Decimal) -> Option<Decimal> {
    let whole = |a: Decimal, b: Decimal| a.checked_mul(b).filter(|product| product.scale() == a.scale() + b.scale());
    // Zeros at the end of a number may be left out.
    if a.is_zero() || b.is_zero() {
        Some(Decimal::ZERO)
    } else {
        whole(a, b).or_else(|| whole(a.normalize(), b.normalize()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_is_exact_or_none() {
        let number = |text: &str| Decimal::from_str_exact(text).expect("a number");
        let product = |a: &str, b: &str| exact_product(number(a), number(b)).map(|product| product.to_string());
        assert_eq!(product("2000000", "0.005").as_deref(), Some("10000.000"));
        assert_eq!(product("0", "0.0000000000000000000000000001").as_deref(), Some("0"));
        assert_eq!(product("1.00000000000000", "0.333333333333333").as_deref(), Some("0.333333333333333"));
        assert_eq!(product("1.0000000000001", "0.3333333333333333"), None);
        assert_eq!(product("79228162514264337593543950335", "1.1"), None);
        assert_eq!(product("79228162514264337593543950335", "2"), None);
    }
}
