//! Tables of the rulebook: the types of their columns and their cells; the table of exchange rates.

use super::Checker;
use super::value::with_digits;
use crate::document::{Item, Node};
use crate::finding::{Finding, code, did_you_mean};
use crate::model::node::Constant;
use crate::model::{Rate, RowsOf};
use crate::rulebook::parameter::Listing;
use crate::value::currency::is_currency;
use crate::value::{Kind, Type};

impl Checker<'_> {
    pub(super) fn read_tables(&mut self) {
        for (name, listing) in &self.rulebook.tables.0 {
            if name.text == "exchange" {
                self.read_rates(listing);
                continue;
            }
            let Some(domain) = self.model.domain_named(&name.text) else { continue };
            let columns = self.columns(listing);
            let mut cells = Vec::new();
            for row in listing.rows.0.iter().filter(|row| row.id.is_some()) {
                let id = row.id.as_ref().map_or("", |id| id.text.as_str());
                let mut line = Vec::new();
                for (column, ty) in &columns {
                    let cell = row.cells.iter().find(|(known, _)| known.text == *column);
                    let path = format!("tables.{}.{id}.{column}", name.text);
                    let value = cell.and_then(|(_, node)| self.value(node, &ty.kind, &path));
                    line.push(value.unwrap_or(Constant::None));
                }
                cells.push(line);
            }
            if let RowsOf::Table(table) = &mut self.model.domains[domain.0 as usize].rows {
                table.columns = columns;
                table.cells = cells;
            }
        }
    }

    /// The columns in the order in which they first appear, with their types.
    fn columns(&mut self, listing: &Listing) -> Vec<(String, Type)> {
        let mut columns: Vec<(String, Type)> = Vec::new();
        for (name, ty) in &listing.columns.0 {
            self.check_word(name);
            let filled = || listing.rows.0.iter().flat_map(|row| &row.cells).map(|(column, _)| column.text.as_str());
            if !filled().any(|column| column == name.text) {
                self.findings.add(
                    Finding::new(
                        &code::UNKNOWN_NAME,
                        name.span,
                        format!("no row has a cell in the column `{}`", name.text),
                    )
                    .help("leave it out of `columns`, or fill it")
                    .help_maybe(did_you_mean(&name.text, filled())),
                );
            }
            if let Some(kind) = self.field_kind(&ty.text, ty.span) {
                columns.push((name.text.clone(), Type::always(kind)));
            }
        }
        for row in &listing.rows.0 {
            for (name, node) in &row.cells {
                if columns.iter().any(|(known, _)| *known == name.text) {
                    continue;
                }
                self.check_word(name);
                let all = listing.rows.0.iter().flat_map(|row| &row.cells).filter(|(known, _)| known.text == name.text);
                let kind = self.column_kind(all.into_iter().map(|(_, node)| node).collect());
                if matches!(node.item, Item::Table(_)) {
                    self.findings.add(Finding::new(&code::WRONG_TYPE, node.span, "a cell cannot be a table"));
                }
                columns.push((name.text.clone(), Type::always(kind.unwrap_or(Kind::Number))));
            }
        }
        let rows = listing.rows.0.iter().filter(|row| row.id.is_some());
        for row in rows {
            for (column, ty) in &mut columns {
                ty.optional |= !row.cells.iter().any(|(known, _)| known.text == *column);
            }
        }
        columns
    }

    /// The kind of the cells of a column: that of the numbers, where most of them are.
    fn column_kind(&self, cells: Vec<&Node>) -> Option<Kind> {
        let slip = |node: &&&Node| node.as_text().is_some_and(|text| with_digits(text).is_some());
        let kinds: Vec<Kind> = cells.iter().filter(|node| !slip(node)).filter_map(|node| self.kind_of(node)).collect();
        let numbers = || kinds.iter().filter(|kind| **kind != Kind::Text);
        let mostly = numbers().next().filter(|_| numbers().count() * 2 > kinds.len());
        mostly.or(kinds.first()).cloned().or_else(|| cells.into_iter().find_map(|node| self.kind_of(node)))
    }

    fn read_rates(&mut self, listing: &Listing) {
        for row in &listing.rows.0 {
            let cell =
                |name: &str| row.cells.iter().find(|(known, _)| known.text == name).map(|(_, node)| node.clone());
            for (name, _) in &row.cells {
                if !["currency", "from", "rate"].contains(&name.text.as_str()) {
                    self.findings.add(
                        Finding::new(&code::UNKNOWN_KEY, name.span, format!("`{}` means nothing in a rate", name.text))
                            .help("a rate has `currency`, `from` and `rate`"),
                    );
                }
            }
            let (Some(currency), Some(rate)) = (cell("currency"), cell("rate")) else {
                self.findings.add(
                    Finding::new(&code::MISSING_KEY, row.span, "a rate needs `currency` and `rate`")
                        .help("`rate` is the rulebook's currency for one of the other"),
                );
                continue;
            };
            let place = currency.span;
            let currency = self.value(&currency, &Kind::Text, "tables.exchange");
            let from = cell("from").map(|node: Node| self.value(&node, &Kind::Date, "tables.exchange"));
            let rate_value = self.value(&rate, &Kind::Number, "tables.exchange");
            match (currency, from, rate_value) {
                (Some(Constant::Text(currency)), from, Some(Constant::Number(number))) => {
                    let from = match from {
                        Some(Some(Constant::Date(date))) => Some(date),
                        None => None,
                        _ => continue,
                    };
                    if !is_currency(&currency) {
                        self.no_currency(&currency, place);
                    }
                    if number.is_sign_negative() || number.is_zero() {
                        self.findings.add(
                            Finding::new(&code::BAD_VALUE, rate.span, "a rate is more than 0")
                                .help("`rate` is the rulebook's currency for one of the other"),
                        );
                    }
                    if self.model.exchange.iter().any(|known| known.currency == currency && known.from == from) {
                        let finding = Finding::new(
                            &code::DUPLICATE_ID,
                            rate.span,
                            format!("`{currency}` has two rates for the same days"),
                        );
                        self.findings.add(finding.help("leave one out, or say by `from` since when each holds"));
                    }
                    self.model.exchange.push(Rate { currency, from, rate: number });
                }
                (_, _, Some(Constant::Unspecified(_))) => {}
                _ => {}
            }
        }
        self.model.exchange.sort_by(|a, b| (&a.currency, a.from).cmp(&(&b.currency, b.from)));
    }
}
