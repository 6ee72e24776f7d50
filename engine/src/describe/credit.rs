//! Credits in words: who is credited with what.

use super::catalogue::{expression, part, rule};
use super::teller::{Teller, line, under};
use super::{Described, Kind, Line};
use crate::model::node::Constant;
use crate::model::{Credit, CreditRow};

impl Teller<'_> {
    pub fn describe_credit(&self, credit: &Credit) -> Described {
        let own = self.each(&credit.each);
        let teller = own.at(credit.domain);
        let mut lines = self.each_credited(credit);
        let to = teller.noun(&credit.to);
        lines.push(line(match &credit.value {
            Some(value) => self.say(rule::CREDITS, &[&to, &own.noun(value)]),
            None => self.say(rule::CREDITS_ALONE, &[&to]),
        }));
        lines.extend(credit.subject.iter().map(|about| line(self.say(rule::CREDITS_ABOUT, &[&teller.noun(about)]))));
        lines.extend(credit.filter.iter().map(|filter| line(self.say(rule::WHERE, &[&teller.clause(filter, true)]))));
        if !credit.requires.is_empty() {
            lines.push(line(self.say(rule::CREDITS_NEED, &[])));
            lines.extend(credit.requires.iter().flat_map(|required| teller.requirement_lines(required)));
        }
        lines.extend(teller.once_line(&credit.once_per).map(line));
        if credit.value.is_some() {
            lines.push(line(match self.setting(&credit.share) {
                Some(Constant::Word(0)) => self.say(rule::SHARE_FULL, &[]),
                Some(Constant::Word(_)) => self.say(rule::SHARE_SPLIT, &[]),
                _ => self.say(rule::SHARE_UNKNOWN, &[]),
            }));
        }
        lines.extend(
            credit.from.map(|from| line(self.say(rule::FROM, &[&self.say(rule::ITS_DATE, &[]), &self.date(from)]))),
        );
        lines.extend(
            credit.until.map(|until| line(self.say(rule::UNTIL, &[&self.say(rule::ITS_DATE, &[]), &self.date(until)]))),
        );
        let rows = credit.rows.iter().filter(|row| row.rule != credit.id);
        lines.extend(rows.map(|row| under(own.credit_row(row))));
        Described {
            id: credit.id.clone(),
            kind: Kind::Credit,
            title: credit.title.as_ref().map(|title| self.text(title)),
            lines,
            sources: self.cited(&[&credit.source]),
            note: credit.note.clone(),
            reads: Vec::new(),
            read_by: Vec::new(),
        }
    }

    fn each_credited(&self, credit: &Credit) -> Vec<Line> {
        let each: Vec<String> = credit.each.iter().map(|domain| self.record(*domain)).collect();
        if each.is_empty() {
            return Vec::new();
        }
        vec![line(self.say(rule::EACH_CREDITED, &[&self.listed(&each, part::LIST_TWO_AND)]))]
    }

    fn credit_row(&self, row: &CreditRow) -> String {
        let id = row.rule.split_once('.').map_or(row.rule.as_str(), |(_, id)| id);
        let name = match &row.title {
            Some(title) => self.text(title),
            None => self.say(expression::NAMED_PLAIN, &[id]),
        };
        let mut said: Vec<String> = row.applies.iter().map(|test| self.clause(test, true)).collect();
        said.extend(
            row.about.iter().map(|(column, word)| self.say(part::ITEM, &[column, &self.described(column, word)])),
        );
        match said.as_slice() {
            [] => self.say(rule::CREDIT_ROW_ALL, &[&name]),
            all => self.say(rule::CREDIT_ROW, &[&name, &all.join("; ")]),
        }
    }
}
