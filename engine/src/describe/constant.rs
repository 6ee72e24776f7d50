//! Values as people write them: grouped thousands, currencies, dates, durations, words with their titles.

use super::catalogue::part;
use super::teller::Teller;
use crate::date::Date;
use crate::model::RowsOf;
use crate::model::node::Constant;
use crate::rulebook::piece::Language;
use crate::value::{Decimal, Duration, Kind, WordsId};
use chrono::Datelike;

const ENGLISH: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const FRENCH: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

impl Teller<'_> {
    pub fn constant(&self, kind: &Kind, constant: &Constant) -> String {
        match (constant, kind) {
            (Constant::None, _) => self.say(part::NONE, &[]),
            (Constant::Unspecified(_), _) => self.say(part::UNSPECIFIED, &[]),
            (Constant::Flag(true), _) => self.say(part::YES, &[]),
            (Constant::Flag(false), _) => self.say(part::NO, &[]),
            (Constant::Number(number), kind) => self.quantity(kind, *number),
            (Constant::Date(date), _) => self.date(*date),
            (Constant::Duration(duration), _) => self.duration(*duration),
            (Constant::Text(text), _) => text.clone(),
            (Constant::Word(word), Kind::Word(words)) if self.is_state(*words) => self.engine_word(*words, *word),
            (Constant::Word(word), Kind::Word(words)) => self.word(*words, *word),
            (Constant::Row(row), Kind::Row(domain)) => match &self.model.domain(*domain).rows {
                RowsOf::Table(table) => {
                    let title = table.titles.get(*row as usize).and_then(Option::as_ref).map(|title| self.text(title));
                    title.or_else(|| table.ids.get(*row as usize).cloned()).unwrap_or_default()
                }
                RowsOf::Words(words) => self.word(*words, *row),
                RowsOf::Records(_) => String::new(),
            },
            (Constant::Set(members), Kind::Set(of)) => self.listed(&self.members(of, members), part::LIST_TWO_AND),
            (Constant::Word(_) | Constant::Row(_) | Constant::Set(_), _) => String::new(),
        }
    }

    pub fn members(&self, of: &Kind, members: &[Constant]) -> Vec<String> {
        members.iter().map(|member| self.constant(of, member)).collect()
    }

    /// Whether the words are states of obligations, standings, or outcomes: what the engine names itself.
    fn is_state(&self, words: WordsId) -> bool {
        [self.model.obligation_states, self.model.standing_words, self.model.outcome_words].contains(&Some(words))
    }

    /// A word of a list: its title, a word of the engine in the language, or the word itself.
    pub fn word(&self, words: WordsId, word: u32) -> String {
        let list = self.model.words(words);
        let place = word as usize;
        if let Some(title) = list.titles.get(place).and_then(Option::as_ref) {
            return self.text(title);
        }
        let text = list.words.get(place).map_or("", String::as_str);
        if list.ordered && text == "none" {
            return self.say(part::NONE, &[]);
        }
        text.replace('_', " ")
    }

    /// A word that describes something under a name: its title, where there is a choice of that name.
    pub fn described(&self, name: &str, word: &str) -> String {
        self.model.choice_title(name, word).map_or_else(|| word.replace('_', " "), |title| self.text(title))
    }

    pub fn quantity(&self, kind: &Kind, number: Decimal) -> String {
        let grouped = self.number(number);
        match (kind, &self.model.currency) {
            (Kind::Percent, _) => self.say(part::PERCENT, &[&grouped]),
            (Kind::Money, Some(currency)) => self.say(part::AMOUNT, &[&grouped, currency]),
            _ => grouped,
        }
    }

    /// A number with its thousands grouped.
    pub fn number(&self, number: Decimal) -> String {
        let (group, point) = match self.language {
            Language::Fr => ('\u{202f}', ','),
            Language::En | Language::Ja => (',', '.'),
        };
        let text = number.normalize().abs().to_string();
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let mut said = String::new();
        if number.is_sign_negative() && !number.is_zero() {
            said.push('−');
        }
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && (whole.len() - place).is_multiple_of(3) {
                said.push(group);
            }
            said.push(digit);
        }
        if !fraction.is_empty() {
            said.push(point);
            said.push_str(fraction);
        }
        said
    }

    pub fn date(&self, date: Date) -> String {
        let (day, month) = self.day_and_month(date.month(), date.day());
        self.say(part::DATE, &[&day, &month, &date.year().to_string()])
    }

    /// A day of every year.
    pub fn day_of_year(&self, month: u32, day: u32) -> String {
        let (day, month) = self.day_and_month(month, day);
        self.say(part::DAY_OF_YEAR, &[&day, &month])
    }

    fn day_and_month(&self, month: u32, day: u32) -> (String, String) {
        let place = month.saturating_sub(1).min(11) as usize;
        match self.language {
            Language::En => (day.to_string(), ENGLISH[place].to_owned()),
            Language::Ja => (day.to_string(), month.to_string()),
            Language::Fr if day == 1 => ("1er".to_owned(), FRENCH[place].to_owned()),
            Language::Fr => (day.to_string(), FRENCH[place].to_owned()),
        }
    }

    pub fn duration(&self, duration: Duration) -> String {
        let unit = |number: i32, one, many| {
            let message = if number.unsigned_abs() == 1 { one } else { many };
            self.say(message, &[&self.number(Decimal::from(number))])
        };
        let mut parts = Vec::new();
        if duration.months != 0 && duration.months % 12 == 0 {
            parts.push(unit(duration.months / 12, part::YEAR_ONE, part::YEAR_MANY));
        } else if duration.months != 0 {
            parts.push(unit(duration.months, part::MONTH_ONE, part::MONTH_MANY));
        }
        if duration.days != 0 || parts.is_empty() {
            parts.push(unit(duration.days, part::DAY_ONE, part::DAY_MANY));
        }
        self.listed(&parts, part::LIST_TWO_AND)
    }
}
