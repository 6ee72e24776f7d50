//! Values as an author writes them: numbers, dates, quantities in quotes, `"unspecified"`.

use super::Checker;
use crate::document::{Item, Node};
use crate::finding::{Finding, code, did_you_mean};
use crate::model::RowsOf;
use crate::model::node::Constant;
use crate::value::currency::{is_currency, meant_code, smallest_places};
use crate::value::quantity::{Quantity, quantity};
use crate::value::{Decimal, Kind};

/// What an author writes where a number that limits something has no end.
pub(super) const NO_LIMIT: &str = "no limit";

/// How values with units are written, where it cannot be told which is meant.
const EXAMPLES: &str =
    "write `\"25_000 USD\"`, `\"90 days\"`, `\"7 %\"` or `2024-08-01`; for a text, say `type = \"text\"`";
const WHOLE: &str = "a duration is whole";

/// The number that a text with a letter in the place of a digit was meant to be: `4O` for `40`.
pub(super) fn with_digits(text: &str) -> Option<String> {
    let digit = |c| match c {
        'O' | 'o' => '0',
        'l' | 'I' => '1',
        c => c,
    };
    let end = text.find([' ', '%']).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let meant: String = number.chars().map(digit).collect();
    let mostly = number.starts_with(|c: char| c.is_ascii_digit()) && meant != number;
    let meant = format!("{meant}{unit}");
    (mostly && quantity(&meant).is_some()).then_some(meant)
}

/// The signs of currencies, with the code that most likely is meant.
const SIGNS: [(char, &str); 5] = [('$', "USD"), ('€', "EUR"), ('£', "GBP"), ('¥', "JPY"), ('₹', "INR")];

/// How a text that looks like a number with its unit, and is none, is written.
fn meant_as(text: &str) -> Option<String> {
    let text = text.trim();
    if quantity(text).is_some() {
        return None;
    }
    if let Some(meant) = with_digits(text) {
        return Some(format!("did you mean `{meant}`?"));
    }
    let sign = SIGNS.iter().find(|(sign, _)| text.starts_with(*sign) || text.ends_with(*sign));
    let bare = text.trim_matches(|c| SIGNS.iter().any(|(sign, _)| *sign == c)).trim();
    let end = bare.find(|c: char| !(c.is_ascii_digit() || " _.,'".contains(c))).unwrap_or(bare.len());
    let (number, unit) = (bare[..end].trim(), bare[end..].trim());
    if !number.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let number = number.replace([' ', ',', '\''], "_");
    let example = || EXAMPLES;
    let try_as = |unit: &str| {
        let written = format!("{number} {unit}");
        let help = if quantity(&written).is_some() { format!("write `\"{written}\"`") } else { example().to_owned() };
        Some(help)
    };
    if let Some((_, code)) = sign.filter(|_| unit.is_empty()) {
        return try_as(code);
    }
    if unit.is_empty() {
        let grouped = number.split('_').skip(1).all(|group| group.len() == 3) && bare.contains([' ', ',', '\'']);
        return grouped.then(|| format!("write {number}, without quotes"));
    }
    if unit == "%" || is_currency(unit) {
        return try_as(unit);
    }
    if let Some(code) = meant_code(unit) {
        return Some(format!("did you mean `{number} {code}`?"));
    }
    if !unit.chars().all(char::is_alphabetic) {
        return None;
    }
    let units = ["days", "weeks", "months", "years"];
    if let Some(near) = crate::finding::nearest(&unit.to_lowercase(), units) {
        let written = format!("{number} {near}");
        let whole = quantity(&written).is_some();
        return Some(if whole { format!("did you mean `{written}`?") } else { WHOLE.to_owned() });
    }
    bare[..end].ends_with(' ').then(|| example().to_owned())
}

impl Checker<'_> {
    /// The constant of `kind` that stands at `node`; `path` names the place where a value is unspecified.
    pub(super) fn value(&mut self, node: &Node, kind: &Kind, path: &str) -> Option<Constant> {
        if node.as_text() == Some("unspecified") {
            return Some(Constant::Unspecified(path.to_owned()));
        }
        if kind.is_numeric() && node.as_text() == Some(NO_LIMIT) {
            return Some(Constant::None);
        }
        if let (Kind::Set(of), Some(list)) = (kind, node.as_list()) {
            let members: Vec<_> = list.iter().map(|item| self.value(item, of, path)).collect();
            return members.into_iter().collect::<Option<_>>().map(Constant::Set);
        }
        if let (Kind::Percent, Some(number)) = (kind, bare_number(node))
            && !number.is_zero()
            && number.abs() < Decimal::ONE
        {
            let (written, hundredth) = both_percents(number);
            let finding =
                Finding::new(&code::BAD_VALUE, node.span, format!("`{written}` may be {written} % or {hundredth} %"));
            self.findings.add(finding.help(either_percent(number)));
            return None;
        }
        let constant = match (kind, &node.item) {
            (Kind::Flag, Item::Flag(flag)) => Some(Constant::Flag(*flag)),
            (Kind::Flag, Item::Text(text)) if text == "true" || text == "false" => Some(Constant::Flag(text == "true")),
            (Kind::Date, Item::Date(date)) => Some(Constant::Date(*date)),
            (Kind::Date, Item::Text(text)) => match crate::date::parse(text) {
                Some(date) => Some(Constant::Date(date)),
                None if text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-') => {
                    let finding = Finding::new(&code::BAD_DATE, node.span, format!("there is no day `{text}`"));
                    self.findings.add(finding.help("write a day as 2024-08-01, without quotes"));
                    return None;
                }
                None => None,
            },
            (Kind::Number | Kind::Money | Kind::Percent, Item::Number(number)) => Some(Constant::Number(*number)),
            (Kind::Count, Item::Number(number)) if number.fract().is_zero() => Some(Constant::Number(*number)),
            (Kind::Text, Item::Text(text)) => Some(Constant::Text(text.clone())),
            (Kind::Word(words), Item::Text(text)) => {
                let found = self.model.words(*words).find(text).map(Constant::Word);
                if found.is_none() {
                    let list = self.model.words(*words);
                    let finding = Finding::new(
                        &code::UNKNOWN_NAME,
                        node.span,
                        format!("`{text}` is not {}", self.model.kind_name(kind)),
                    )
                    .help(format!("the words are {}", crate::rulebook::listed(&list.words)))
                    .help_maybe(did_you_mean(text, list.words.iter().map(String::as_str)));
                    // A version that goes on from another may have replaced the words.
                    let given = self.model.domain_named(&list.name).map(|domain| self.model.domain(domain).span);
                    let finding = match given.filter(|given| given.file != node.span.file) {
                        Some(given) => finding.and(given, "its words are given here"),
                        None => finding,
                    };
                    self.findings.add(finding);
                    return None;
                }
                found
            }
            (Kind::Row(domain), Item::Text(text)) => {
                let RowsOf::Table(table) = &self.model.domain(*domain).rows else {
                    return Some(Constant::Text(text.clone()));
                };
                let found = table.ids.iter().position(|id| id == text).map(|place| Constant::Row(place as u32));
                if found.is_none() {
                    let finding = Finding::new(
                        &code::UNKNOWN_NAME,
                        node.span,
                        format!("the table `{}` has no row `{text}`", self.model.domain(*domain).name),
                    )
                    .help_maybe(did_you_mean(text, table.ids.iter().map(String::as_str)));
                    self.findings.add(finding);
                    return None;
                }
                found
            }
            (_, Item::Text(text)) => return self.quantity_of(text, node, kind),
            _ => None,
        };
        if constant.is_none() {
            self.not_of_kind(node, kind);
        }
        constant
    }

    fn quantity_of(&mut self, text: &str, node: &Node, kind: &Kind) -> Option<Constant> {
        match (kind, quantity(text)) {
            (Kind::Number | Kind::Money | Kind::Percent, Some(Quantity::Number(number))) => {
                Some(Constant::Number(number))
            }
            (Kind::Count, Some(Quantity::Number(number))) if number.fract().is_zero() => Some(Constant::Number(number)),
            (Kind::Percent, Some(Quantity::Percent(number))) => Some(Constant::Number(number)),
            (Kind::Duration, Some(Quantity::Duration(duration))) => Some(Constant::Duration(duration)),
            (Kind::Money, Some(Quantity::Money(number, currency))) => {
                self.own_currency(&currency, node)?;
                self.as_fine_as(&currency, number, node)?;
                Some(Constant::Number(number))
            }
            _ => {
                self.not_of_kind(node, kind);
                None
            }
        }
    }

    fn own_currency(&mut self, currency: &str, node: &Node) -> Option<()> {
        if self.model.currency.as_deref() == Some(currency) {
            return Some(());
        }
        let help = match &self.model.currency {
            Some(own) => format!("the rulebook's currency is `{own}`"),
            None => format!("say `currency = \"{currency}\"` in [rulebook]"),
        };
        self.findings.add(
            Finding::new(
                &code::CURRENCY_MISMATCH,
                node.span,
                format!("`{currency}` is not the currency of the rulebook"),
            )
            .help(help),
        );
        None
    }

    /// A finding when an amount is finer than its currency: `25.000 USD` most likely means thousands.
    fn as_fine_as(&mut self, currency: &str, number: Decimal, node: &Node) -> Option<()> {
        let decimals = smallest_places(currency);
        if number.scale() <= decimals {
            return Some(());
        }
        let written = node.as_text().and_then(|text| text.split(char::is_alphabetic).next()).unwrap_or_default().trim();
        let help = if number.scale() == 3 {
            format!("a dot stands before decimals; write `\"{} {currency}\"`", written.replace('.', "_"))
        } else {
            format!("an amount in `{currency}` has {decimals} digits after the dot")
        };
        let message = format!("`{written}` has more decimals than `{currency}` has");
        self.findings.add(Finding::new(&code::BAD_VALUE, node.span, message).help(help));
        None
    }

    /// A finding when a text without a type was most likely meant as a number with its unit.
    pub(super) fn looks_like_quantity(&mut self, node: &Node) -> bool {
        match &node.item {
            Item::Table(table) => {
                let told: Vec<_> = table.entries.iter().map(|(_, cell)| self.looks_like_quantity(cell)).collect();
                told.contains(&true)
            }
            Item::Text(text) => match meant_as(text) {
                Some(help) => {
                    let message = format!("`{text}` is no amount, duration, percentage or date");
                    self.findings.add(Finding::new(&code::BAD_VALUE, node.span, message).help(help));
                    true
                }
                None => false,
            },
            _ => false,
        }
    }

    fn not_of_kind(&mut self, node: &Node, kind: &Kind) {
        let wanted = self.model.kind_name(kind);
        let found = match &node.item {
            Item::Text(text) => format!("`{text}`"),
            _ => node.kind().to_owned(),
        };
        self.findings.add(
            Finding::new(&code::WRONG_TYPE, node.span, format!("expected {wanted}, found {found}"))
                .help_maybe(example(kind).map(str::to_owned).or_else(|| self.words_of(kind)))
                .help_maybe(node.as_text().and_then(meant_as).filter(|help| help != EXAMPLES && help != WHOLE)),
        );
    }

    fn words_of(&self, kind: &Kind) -> Option<String> {
        match kind {
            Kind::Word(words) => {
                Some(format!("the words are {}", crate::rulebook::listed(&self.model.words(*words).words)))
            }
            _ => None,
        }
    }

    /// The kind of values that belong together: that of the first one with a unit. A finding, and nothing,
    /// when another of them lacks its `%`; the inner `None` when no value tells its kind.
    pub(super) fn shared_kind(&mut self, nodes: &[&Node]) -> Option<Option<Kind>> {
        let kinds = || nodes.iter().filter_map(|node| self.kind_of(node));
        let kind = kinds().find(|kind| *kind != Kind::Number).or_else(|| kinds().next());
        if kind != Some(Kind::Percent) {
            return Some(kind);
        }
        let bare = |node: &&&Node| matches!(&node.item, Item::Number(number) if !number.is_zero());
        let Some(node) = nodes.iter().find(bare) else { return Some(kind) };
        let number = self.sources.text(node.span);
        let help = match node.item {
            Item::Number(number) if number.abs() < Decimal::ONE => either_percent(number),
            _ => format!("write `\"{number} %\"`"),
        };
        self.findings.add(
            Finding::new(&code::WRONG_TYPE, node.span, format!("`{number}` has no `%`, and the other values have"))
                .help(help),
        );
        None
    }

    /// The kind that a value has by itself; `None` for `"unspecified"` and for what tells nothing.
    pub(super) fn kind_of(&self, node: &Node) -> Option<Kind> {
        Some(match &node.item {
            Item::Flag(_) => Kind::Flag,
            Item::Number(_) => Kind::Number,
            Item::Date(_) => Kind::Date,
            Item::Text(text) if text == "unspecified" || text == NO_LIMIT => return None,
            Item::Text(text) => match quantity(text) {
                Some(Quantity::Number(_)) => Kind::Number,
                Some(Quantity::Money(..)) => Kind::Money,
                Some(Quantity::Percent(_)) => Kind::Percent,
                Some(Quantity::Duration(_)) => Kind::Duration,
                None => Kind::Text,
            },
            Item::List(list) => {
                Kind::Set(Box::new(list.iter().find_map(|item| self.kind_of(item)).unwrap_or(Kind::Text)))
            }
            Item::Table(_) => return None,
        })
    }
}

/// A number below 1 as so many percent, and as the fraction that it may be meant to be.
fn both_percents(number: Decimal) -> (Decimal, Decimal) {
    (number.normalize(), (number * Decimal::ONE_HUNDRED).normalize())
}

fn either_percent(number: Decimal) -> String {
    let (written, hundredth) = both_percents(number);
    format!("write `\"{hundredth} %\"` or `\"{written} %\"`, as it is meant")
}

/// A number that is written without a unit.
fn bare_number(node: &Node) -> Option<Decimal> {
    match &node.item {
        Item::Number(number) => Some(*number),
        Item::Text(text) => match quantity(text) {
            Some(Quantity::Number(number)) => Some(number),
            _ => None,
        },
        _ => None,
    }
}

/// How a value of `kind` is written.
pub fn example(kind: &Kind) -> Option<&'static str> {
    match kind {
        Kind::Flag => Some("write `true` or `false`, without quotes"),
        Kind::Money => Some("write an amount as `\"25_000 USD\"`, or as a number in the rulebook's currency"),
        Kind::Percent => Some("write a percentage as `\"7 %\"`"),
        Kind::Duration => Some("write a duration as `\"80 days\"`, `\"36 months\"` or `\"2 years\"`"),
        Kind::Date => Some("write a day as 2024-08-01, without quotes"),
        Kind::Count => Some("write a whole number"),
        Kind::Number => Some("write a number as 25_000, without a unit"),
        Kind::Set(_) => Some("write a list [ … ]"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_quantity_is_told_from_a_text() {
        let help = |text| meant_as(text).unwrap_or_default();
        assert_eq!(help("90 dayz"), "did you mean `90 days`?");
        assert_eq!(help("$25,000"), "write `\"25_000 USD\"`");
        assert_eq!(help("25 000 USD"), "write `\"25_000 USD\"`");
        assert_eq!(help("25,000"), "write 25_000, without quotes");
        for text in ["2024-07", "2024-08-01", "3rd_party", "24x7", "2xl", "1.2.3", "gold", "7 %", "90 days", ""] {
            assert_eq!(meant_as(text), None, "{text}");
        }
    }
}
