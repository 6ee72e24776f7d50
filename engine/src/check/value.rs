//! Values as an author writes them: numbers, dates, quantities in quotes, `"unspecified"`.

use super::Checker;
use crate::document::{Item, Node};
use crate::finding::{Finding, code, did_you_mean};
use crate::model::RowsOf;
use crate::model::node::Constant;
use crate::value::{Decimal, Duration, Kind};

/// What an author writes where a number that limits something has no end.
const NO_LIMIT: &str = "no limit";

/// A number with its unit.
#[derive(Clone, Debug, PartialEq)]
pub enum Quantity {
    /// `25_000`
    Number(Decimal),
    /// `25_000 USD`
    Money(Decimal, String),
    /// `7 %`
    Percent(Decimal),
    /// `36 months`
    Duration(Duration),
}

/// The quantity that `text` means; `None` when it is none.
pub fn quantity(text: &str) -> Option<Quantity> {
    let text = text.trim();
    let end = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '_' | '.' | '-' | '+'))).unwrap_or(text.len());
    let (number, unit) = (text[..end].replace('_', ""), text[end..].trim());
    let number = Decimal::from_str_exact(number.strip_prefix('+').unwrap_or(&number)).ok()?;
    let whole = || (number.fract().is_zero()).then(|| i32::try_from(number.trunc()).ok())?;
    Some(match unit {
        "" => Quantity::Number(number),
        "%" => Quantity::Percent(number),
        "day" | "days" => Quantity::Duration(Duration::days(whole()?)),
        "week" | "weeks" => Quantity::Duration(Duration::days(whole()?.checked_mul(7)?)),
        "month" | "months" => Quantity::Duration(Duration::months(whole()?)),
        "year" | "years" => Quantity::Duration(Duration::months(whole()?.checked_mul(12)?)),
        code if code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()) => {
            Quantity::Money(number, code.to_owned())
        }
        _ => return None,
    })
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

    fn not_of_kind(&mut self, node: &Node, kind: &Kind) {
        let wanted = self.model.kind_name(kind);
        let found = match &node.item {
            Item::Text(text) => format!("`{text}`"),
            _ => node.kind().to_owned(),
        };
        self.findings.add(
            Finding::new(&code::WRONG_TYPE, node.span, format!("expected {wanted}, found {found}"))
                .help_maybe(example(kind).map(str::to_owned).or_else(|| self.words_of(kind))),
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
    fn quantities_carry_their_units() {
        let number = |n: i64| Decimal::from(n);
        assert_eq!(quantity("25_000 USD"), Some(Quantity::Money(number(25_000), "USD".into())));
        assert_eq!(quantity("7 %"), Some(Quantity::Percent(number(7))));
        assert_eq!(quantity("7%"), Some(Quantity::Percent(number(7))));
        assert_eq!(quantity("36 months"), Some(Quantity::Duration(Duration::months(36))));
        assert_eq!(quantity("2 years"), Some(Quantity::Duration(Duration::months(24))));
        assert_eq!(quantity("1.5 years"), None);
        assert_eq!(quantity("points"), None);
        assert_eq!(quantity("2024-08-01"), None);
        assert_eq!(quantity(""), None);
    }
}
