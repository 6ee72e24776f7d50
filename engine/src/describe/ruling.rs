//! Rulings in words: what a subject must meet, what it is given, from when and until when.

use super::catalogue::{part, rule, ruling as say};
use super::teller::{Teller, line, under};
use super::{Described, Kind, Line};
use crate::model::node::{Constant, Node, Op};
use crate::model::{Limit, Need, Part, Ruling, Verdict, What, Window};
use crate::value::Rounding;

impl Teller<'_> {
    /// What is read of a ruling, as a noun.
    pub fn verdict_noun(&self, place: u32, verdict: Verdict) -> String {
        let rule = &self.model.rulings[place as usize];
        let message = match verdict {
            Verdict::Outcome => say::OUTCOME_OF,
            Verdict::Rate => say::RATE_OF,
            Verdict::Amount => say::AMOUNT_OF,
        };
        self.say(message, &[&self.title_or(rule.title.as_ref(), &rule.id)])
    }

    pub fn describe_ruling(&self, ruling: &Ruling) -> Described {
        let teller = self.each(&ruling.each);
        let mut lines = Vec::new();
        if !ruling.each.is_empty() {
            let names: Vec<String> = ruling.each.iter().map(|domain| self.record(*domain)).collect();
            lines.push(line(self.say(rule::EACH_ANSWER, &[&self.listed(&names, part::LIST_TWO_AND)])));
        }
        lines.extend(ruling.dated_by.iter().map(|date| line(self.say(say::DATED, &[&teller.noun(date)]))));
        let requires = if ruling.requires.is_empty() { say::REQUIRES_NOTHING } else { say::REQUIRES };
        lines.push(line(self.say(requires, &[])));
        ruling.requires.iter().for_each(|need| teller.need_lines(need, 1, &mut lines));
        if !ruling.gives.is_empty() {
            let gives = if ruling.gives.len() == 1 { say::GIVES } else { say::GIVES_ALL };
            lines.push(line(self.say(gives, &[])));
            ruling.gives.iter().for_each(|part| teller.part_lines(part, &mut lines));
        }
        lines.extend(teller.validity_lines(ruling));
        lines.extend(ruling.limit.iter().flat_map(|limit| teller.limit_lines(limit)));
        Described {
            id: ruling.id.clone(),
            kind: Kind::Ruling,
            title: ruling.title.as_ref().map(|title| self.text(title)),
            lines,
            sources: self.cited(&[&ruling.source]),
            note: ruling.note.clone(),
            reads: Vec::new(),
            read_by: Vec::new(),
        }
    }

    fn need_lines(&self, need: &Need, depth: u8, lines: &mut Vec<Line>) {
        let teller = need.each.last().map_or(*self, |(domain, _)| self.at(*domain));
        let mut said = match &need.what {
            What::That { that, .. } => teller.clause(that, true),
            What::Asks(who) => self.say(say::ASKS, &[&self.text(who)]),
            What::All(_) => self.say(say::EVERY, &[]),
            What::Any(_) => self.say(say::ANY, &[]),
            What::AtLeast(number, _) => self.say(say::AT_LEAST, &[&self.setting_words(number)]),
        };
        if let Some(title) = &need.title {
            said = self.say(part::ITEM, &[&self.text(title), &said]);
        }
        if !need.each.is_empty() {
            let names: Vec<String> = need.each.iter().map(|(domain, _)| self.record(*domain)).collect();
            said = self.say(say::FOR_EACH, &[&said, &self.listed(&names, part::LIST_TWO_AND)]);
        }
        if let Some(when) = &need.when {
            said = self.say(rule::ONLY_IF, &[&said, &teller.clause(when, true)]);
        }
        if let Some(unless) = &need.unless {
            said = self.say(rule::UNLESS, &[&said, &teller.clause(unless, true)]);
        }
        if let Some(from) = need.from {
            said = self.say(rule::SINCE, &[&said, &self.date(from)]);
        }
        if let Some(until) = need.until {
            said = self.say(rule::BEFORE, &[&said, &self.date(until)]);
        }
        lines.push(Line { depth, text: said });
        need.what.members().iter().for_each(|member| teller.need_lines(member, depth + 1, lines));
        let otherwise = need.otherwise.iter().map(|otherwise| self.say(rule::OTHERWISE, &[&self.text(otherwise)]));
        let notes = need.note.iter().map(|note| self.say(rule::NOTE, &[note]));
        lines.extend(otherwise.chain(notes).map(|text| Line { depth: depth + 1, text }));
    }

    fn part_lines(&self, given: &Part, lines: &mut Vec<Line>) {
        let mut said = match (&given.percent, &given.of, &given.amount) {
            (Some(percent), Some(of), _) => self.say(say::PERCENT_OF, &[&self.cell_words(percent), &self.noun(of)]),
            (Some(percent), None, _) => self.say(say::PERCENT, &[&self.cell_words(percent)]),
            (None, _, amount) => amount.as_ref().map_or_else(String::new, |amount| self.cell_words(amount)),
        };
        if let Some(at_most) = &given.at_most {
            said = self.say(say::CAPPED, &[&said, &self.cell_words(at_most)]);
        }
        let usual = |word: u32| Rounding::WORDS.get(word as usize).is_some_and(|(_, known)| *known == Rounding::HalfUp);
        if !matches!(given.rounding.op, Op::Constant(Constant::Word(word)) if usual(word)) {
            said = self.say(say::ROUNDED, &[&said, &self.setting_words(&given.rounding)]);
        }
        let name = given.title.as_ref().map(|title| self.text(title));
        if let Some(name) = name.or_else(|| given.id.as_ref().map(|id| id.replace('_', " "))) {
            said = self.say(part::ITEM, &[&name, &said]);
        }
        if let Some(when) = &given.when {
            said = self.say(rule::ONLY_IF, &[&said, &self.clause(when, true)]);
        }
        lines.push(under(said));
        lines.extend(given.note.iter().map(|note| Line { depth: 2, text: self.say(rule::NOTE, &[note]) }));
    }

    /// A value that is written, a parameter, or an expression.
    fn cell_words(&self, node: &Node) -> String {
        match &node.op {
            Op::Constant(_) => self.setting_words(node),
            Op::Parameter(_, keys) if keys.is_empty() => self.setting_words(node),
            _ => self.noun(node),
        }
    }

    fn validity_lines(&self, ruling: &Ruling) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        lines.extend(ruling.starts.iter().map(|starts| line(self.say(say::STARTS, &[&self.noun(starts)]))));
        lines.extend(ruling.lasts.iter().map(|lasts| line(self.say(say::LASTS, &[&self.cell_words(lasts)]))));
        if let Some(extended) = &ruling.extended {
            let by = self.at(extended.domain).noun(&extended.by);
            lines.push(line(self.say(say::EXTENDED, &[&self.cell_words(&extended.lasts), &by])));
            let most = extended.at_most.iter().map(|at_most| self.setting_words(at_most));
            lines.extend(most.map(|at_most| under(self.say(say::EXTENDED_AT_MOST, &[&at_most]))));
        }
        lines.extend(ruling.used.iter().map(|used| line(self.say(say::USED, &[&self.noun(used)]))));
        lines
    }

    fn limit_lines(&self, limit: &Limit) -> Vec<Line> {
        let at_most = self.setting_words(&limit.at_most);
        let per: Vec<String> = limit.per.iter().map(|key| self.noun(key)).collect();
        let mut lines = vec![line(match per.as_slice() {
            [] => self.say(say::LIMIT, &[&at_most]),
            per => self.say(say::LIMIT_PER, &[&at_most, &self.listed(per, part::LIST_TWO_AND)]),
        })];
        let within = match &limit.within {
            Window::Ever | Window::PreviousCycle => None,
            Window::Cycle => Some(self.say(say::LIMIT_CYCLE, &[])),
            Window::Last(length) => Some(self.say(say::LIMIT_LAST, &[&self.setting_words(length)])),
            Window::Between(..) => Some(self.say(say::LIMIT_SPAN, &[])),
        };
        lines.extend(within.map(under));
        let otherwise = limit.otherwise.iter().map(|otherwise| self.say(rule::OTHERWISE, &[&self.text(otherwise)]));
        lines.extend(otherwise.map(under));
        lines
    }
}
