//! Values as people of each language write them.

use super::Sheet;
use crate::words::{Counted, Words, fill};
use tierline_engine::evaluate::decision::Answer;
use tierline_engine::expression::Operator;
use tierline_engine::model::node::{Constant, Function, Node, Op};
use tierline_engine::model::{Requirement, RowsOf};
use tierline_engine::value::{Decimal, Duration, Kind};

impl Sheet<'_> {
    /// A value of a kind, as people read it.
    pub fn value(&self, answer: &Answer<'_>, kind: &Kind) -> String {
        let words = self.words;
        match answer {
            Answer::Unknown => words.undetermined.to_owned(),
            Answer::None => words.none.to_owned(),
            Answer::Flag(flag) => if *flag { words.yes } else { words.no }.to_owned(),
            Answer::Count(number) | Answer::Number(number) => self.number(*number, kind),
            Answer::Counts(low, high) | Answer::Numbers(low, high) => {
                let (low, high) = (low.map(|low| self.number(low, kind)), high.map(|high| self.number(high, kind)));
                match (low, high) {
                    (Some(low), Some(high)) => fill(words.range, &[("low", &low), ("high", &high)]),
                    (Some(low), None) => fill(words.range_from, &[("low", &low)]),
                    (None, Some(high)) => fill(words.range_to, &[("high", &high)]),
                    (None, None) => words.undetermined.to_owned(),
                }
            }
            Answer::Date(day) => day.to_string(),
            Answer::Duration(length) => duration(words, *length),
            Answer::Text(text) => self.word(text, kind),
            Answer::Set(members) => {
                let of = if let Kind::Set(of) = kind { of } else { kind };
                let members: Vec<_> = members.iter().map(|member| self.value(member, of)).collect();
                if members.is_empty() { words.none.to_owned() } else { members.join(words.comma) }
            }
        }
    }

    /// What a requirement needs: of a set, how many of it.
    pub fn need(&self, requirement: &Requirement, need: &Answer<'_>) -> String {
        let kind = requirement.need.as_ref().map_or(&Kind::Number, |need| &need.ty.kind);
        let said = self.value(need, kind);
        let Answer::Set(members) = need else { return said };
        if members.len() < 2 {
            return said;
        }
        match so_many(&requirement.that) {
            Some(HowMany::One) => fill(self.words.one_of, &[("list", &said)]),
            Some(HowMany::All) => fill(self.words.all_of, &[("list", &said)]),
            Some(HowMany::Number(count)) => {
                fill(self.words.so_many_of, &[("list", &said), ("count", &grouped(self.words, count))])
            }
            None => said,
        }
    }

    /// A number of a kind.
    pub fn number(&self, number: Decimal, kind: &Kind) -> String {
        let digits = grouped(self.words, number);
        match kind {
            Kind::Money => match &self.model.currency {
                Some(currency) => fill(self.words.money, &[("amount", &digits), ("currency", currency)]),
                None => digits,
            },
            Kind::Percent => fill(self.words.percent, &[("number", &digits)]),
            _ => digits,
        }
    }

    /// What people call a word that describes something under a name, such as a heading under `category`.
    pub fn described(&self, name: &str, word: &str) -> String {
        self.titled(self.model.choice_title(name, word), word)
    }

    /// What people call a word or row.
    pub fn word(&self, text: &str, kind: &Kind) -> String {
        let title = match kind {
            Kind::Word(words) => {
                let words = self.model.words(*words);
                words.find(text).and_then(|place| words.titles.get(place as usize)?.as_ref())
            }
            Kind::Row(domain) => match &self.model.domain(*domain).rows {
                RowsOf::Table(table) => {
                    let place = table.ids.iter().position(|id| id == text);
                    place.and_then(|place| table.titles.get(place)?.as_ref())
                }
                _ => None,
            },
            _ => return text.to_owned(),
        };
        match title {
            Some(title) => self.phrase(title).to_owned(),
            None if text == "none" => self.words.none.to_owned(),
            None => self.words.term(text),
        }
    }
}

/// How many of a set something needs.
enum HowMany {
    One,
    All,
    Number(Decimal),
}

/// How many of a set a condition asks for: `x in set`, or `size(overlap(have, set)) >= number`.
fn so_many(that: &Node) -> Option<HowMany> {
    let (a, b) = match &that.op {
        Op::In(..) => return Some(HowMany::One),
        Op::Compare(Operator::AtLeast, a, b) => (a, b),
        _ => return None,
    };
    let Op::Call(Function::Size, _) = &a.op else { return None };
    match &b.op {
        Op::Call(Function::Size, _) => Some(HowMany::All),
        Op::Constant(Constant::Number(number)) if *number == Decimal::ONE => Some(HowMany::One),
        Op::Constant(Constant::Number(number)) => Some(HowMany::Number(*number)),
        _ => None,
    }
}

/// A number with its thousands apart.
fn grouped(words: &Words, number: Decimal) -> String {
    let (thousands, point) = words.separators;
    let text = number.to_string();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("−", digits));
    let (whole, parts) = digits.split_once('.').map_or((digits, None), |(whole, parts)| (whole, Some(parts)));
    let mut grouped = String::from(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            grouped.push_str(thousands);
        }
        grouped.push(digit);
    }
    if let Some(parts) = parts {
        grouped.push_str(point);
        grouped.push_str(parts);
    }
    grouped
}

/// `count` of something, with the word for one or for several.
pub fn counted(words: &Words, counted: &Counted, count: usize) -> String {
    let text = if count == 1 { counted.one } else { counted.many };
    fill(text, &[("count", &grouped(words, Decimal::from(count)))])
}

fn duration(words: &Words, length: Duration) -> String {
    let part =
        |number: i32, word: &Counted| (number != 0).then(|| counted(words, word, number.unsigned_abs() as usize));
    let months = match length.months % 12 {
        0 => part(length.months / 12, &words.years),
        _ => part(length.months, &words.months),
    };
    let parts: Vec<_> = months.into_iter().chain(part(length.days, &words.days)).collect();
    let sign = if length.months < 0 || length.days < 0 { "−" } else { "" };
    if parts.is_empty() { counted(words, &words.days, 0) } else { format!("{sign}{}", parts.join(words.comma)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tierline_engine::rulebook::piece::Language;

    #[test]
    fn thousands_stand_apart_as_the_language_has_it() {
        let number = |digits: &str, language| grouped(Words::of(language), digits.parse().expect("a number"));
        assert_eq!(number("25000", Language::En), "25,000");
        assert_eq!(number("-1234567.50", Language::En), "−1,234,567.50");
        assert_eq!(number("999", Language::Ja), "999");
        assert_eq!(number("314017.35", Language::Fr), "314\u{202f}017,35");
    }

    #[test]
    fn a_duration_is_said_in_years_where_it_is_whole_years() {
        let said = |months, days| duration(Words::of(Language::En), Duration { months, days });
        assert_eq!(said(24, 0), "2 years");
        assert_eq!(said(1, 10), "1 month, 10 days");
        assert_eq!(said(0, 0), "0 days");
    }
}
