//! Measures in words: what is counted, of which records, in which time.

use super::catalogue::{expression, rule};
use super::teller::{Teller, line, under};
use super::{Described, Kind, Line};
use crate::model::node::{Constant, Node, Op};
use crate::model::{Aggregate, How, Measure, Tally, TallyRow, Window};
use crate::value::{Decimal, Kind as ValueKind};

impl Teller<'_> {
    /// A measure that has a name of its own.
    pub fn describe_measure(&self, measure: &Measure) -> Described {
        let mut lines = self.each_line(&measure.each);
        match &measure.how {
            How::Value(node) => lines.push(self.each(&measure.each).value_line(node)),
            How::Rank(rank) => {
                lines.push(line(self.say(rule::RANKED, &[&self.noun(&rank.of)])));
                lines.extend(rank.among.iter().map(|among| line(self.say(rule::RANKED_AMONG, &[&self.noun(among)]))));
                lines.push(line(self.say(rule::RANK_TOLD, &[])));
            }
            How::Tally(tally, row) => {
                let tally = &self.model.tallies[*tally as usize];
                lines.extend(self.tally_lines(tally, &measure.ty.kind));
                let tests = tally.rows.get(*row as usize).and_then(|row| self.at(tally.domain).tests(row));
                lines.extend(tests.map(|tests| line(self.say(rule::WHERE, &[&tests]))));
            }
        }
        self.measure_with(measure.name.clone(), measure.title.as_ref(), measure, lines)
    }

    /// A rule with rows, each of which is a measure.
    pub fn describe_measure_rule(&self, rule_id: &str, rows: &[&Measure]) -> Option<Described> {
        let first = rows.first()?;
        let How::Tally(tally, _) = first.how else { return None };
        let tally = &self.model.tallies[tally as usize];
        let mut lines = self.each_line(&first.each);
        lines.extend(self.tally_lines(tally, &first.ty.kind));
        for (measure, row) in rows.iter().zip(&tally.rows) {
            let name = match &measure.title {
                Some(title) => self.say(expression::VALUED, &[&measure.name, &self.text(title)]),
                None => measure.name.clone(),
            };
            lines.push(under(match self.at(tally.domain).tests(row) {
                Some(tests) => self.say(rule::ROW_WHERE, &[&name, &tests]),
                None => name,
            }));
        }
        Some(self.measure_with(rule_id.to_owned(), first.rule_title.as_ref(), first, lines))
    }

    fn measure_with(
        &self,
        id: String,
        title: Option<&crate::rulebook::piece::Phrase>,
        measure: &Measure,
        lines: Vec<Line>,
    ) -> Described {
        Described {
            id,
            kind: Kind::Measure,
            title: title.map(|title| self.text(title)),
            lines,
            sources: self.cited(&[&measure.source]),
            note: measure.note.clone(),
            reads: Vec::new(),
            read_by: Vec::new(),
        }
    }

    pub fn each_line(&self, each: &[crate::value::DomainId]) -> Vec<Line> {
        if each.is_empty() {
            return Vec::new();
        }
        let names: Vec<String> = each.iter().map(|domain| self.record(*domain)).collect();
        vec![line(self.say(rule::EACH, &[&self.listed(&names, super::catalogue::part::LIST_TWO_AND)]))]
    }

    fn value_line(&self, node: &Node) -> Line {
        if node.ty.kind == ValueKind::Flag {
            return line(self.say(rule::CONDITION, &[&self.clause(node, true)]));
        }
        line(self.say(rule::VALUE, &[&self.noun(node)]))
    }

    fn tally_lines(&self, tally: &Tally, kind: &ValueKind) -> Vec<Line> {
        let teller = self.at(tally.domain);
        let records = self.records(tally.domain);
        let value = tally.value.as_ref();
        let noun = value.map(|value| teller.noun(value)).unwrap_or_default();
        let clause = || value.map(|value| teller.clause(value, true)).unwrap_or_default();
        let what = match tally.aggregate {
            Aggregate::Count => self.say(rule::COUNTS, &[&records]),
            Aggregate::Sum => self.say(rule::SUMS, &[&records, &noun]),
            Aggregate::Min => self.say(rule::LEAST, &[&records, &noun]),
            Aggregate::Max => self.say(rule::MOST, &[&records, &noun]),
            Aggregate::Median => self.say(rule::MIDDLE, &[&records, &noun]),
            Aggregate::Latest => self.say(rule::LAST, &[&records, &noun]),
            Aggregate::Any => self.say(rule::HOLDS_FOR_ANY, &[&records, &clause()]),
            Aggregate::All => self.say(rule::HOLDS_FOR_ALL, &[&records, &clause()]),
            Aggregate::Collect => self.say(rule::COLLECTS, &[&records, &noun]),
        };
        let mut lines = vec![line(what)];
        lines.extend(self.selection_lines(tally));
        let usual = match tally.aggregate {
            Aggregate::Count | Aggregate::Sum => Constant::Number(Decimal::ZERO),
            Aggregate::Any => Constant::Flag(false),
            Aggregate::All => Constant::Flag(true),
            Aggregate::Collect => Constant::Set(Vec::new()),
            Aggregate::Min | Aggregate::Max | Aggregate::Median | Aggregate::Latest => Constant::None,
        };
        if tally.empty != usual {
            lines.push(line(self.say(rule::EMPTY, &[&self.constant(kind, &tally.empty)])));
        }
        lines
    }

    /// Which records a tally takes, rows apart.
    pub fn selection_lines(&self, tally: &Tally) -> Vec<Line> {
        let teller = self.at(tally.domain);
        let mut lines = Vec::new();
        if tally.running {
            lines.push(self.say(rule::RUNNING, &[&self.record(tally.domain)]));
        }
        if let Some(outer) = tally.inside {
            lines.push(self.say(rule::INSIDE, &[&self.records(tally.domain), &self.record(outer)]));
        }
        if let Some(filter) = &tally.filter {
            lines.push(self.say(rule::WHERE, &[&teller.clause(filter, true)]));
        }
        lines.extend(teller.once_line(&tally.once_per));
        let date = tally.happened.as_ref().map_or_else(|| self.say(rule::ITS_DATE, &[]), |node| teller.noun(node));
        match &tally.window {
            Window::Ever => {}
            Window::Cycle => lines.push(self.say(rule::IN_CYCLE, &[&date])),
            Window::PreviousCycle => lines.push(self.say(rule::IN_PREVIOUS, &[&date])),
            Window::Last(length) => lines.push(self.say(rule::IN_LAST, &[&date, &self.setting_words(length)])),
            Window::Between(from, until) => {
                lines.extend(from.iter().map(|from| self.say(rule::FROM, &[&date, &self.noun(from)])));
                lines.extend(until.iter().map(|until| self.say(rule::UNTIL, &[&date, &self.noun(until)])));
            }
        }
        lines.extend(tally.from.map(|from| self.say(rule::FROM, &[&date, &self.date(from)])));
        lines.extend(tally.until.map(|until| self.say(rule::UNTIL, &[&date, &self.date(until)])));
        if let (Some((module, belongs)), Some(modules)) = (&tally.module, &self.model.modules) {
            let module = self.word(modules.words, *module);
            lines.push(self.say(rule::IN_MODULE, &[&module, &teller.clause(belongs, true)]));
        }
        lines.into_iter().map(line).collect()
    }

    /// What makes two records one: the keys, or those that a parameter chooses.
    pub fn once_line(&self, keys: &[(Option<Node>, Node)]) -> Option<String> {
        let (chosen, _) = keys.first()?;
        let parameter = chosen.as_ref().and_then(|chosen| match &chosen.op {
            Op::In(_, set) => match &set.op {
                Op::Parameter(id, _) => Some(self.model.parameter(*id)),
                _ => None,
            },
            _ => None,
        });
        let in_use = |chosen: &Option<Node>| match (chosen.as_ref().map(|node| &node.op), parameter) {
            (Some(Op::In(word, _)), Some(parameter)) => match (&word.op, parameter.cells.first()) {
                (Op::Constant(word), Some(Some(Constant::Set(members)))) => members.contains(word),
                _ => true,
            },
            _ => true,
        };
        let names: Vec<String> = keys
            .iter()
            .filter(|(chosen, _)| in_use(chosen))
            .map(|(_, key)| {
                let noun = match &key.op {
                    Op::Field(domain, field) => self.own_field(*domain, *field),
                    _ => self.noun(key),
                };
                noun.strip_prefix("the ").map(str::to_owned).unwrap_or(noun)
            })
            .collect();
        let names = self.listed(&names, super::catalogue::part::LIST_TWO_AND);
        Some(match parameter {
            Some(parameter) => {
                let name = self.title_or(parameter.title.as_ref(), &parameter.name);
                self.say(rule::ONCE_PER_SETTING, &[&names, &self.say(expression::QUOTED, &[&name])])
            }
            None => self.say(rule::ONCE_PER, &[&names]),
        })
    }

    /// What a record must meet to fall into a row; `None` when every record does.
    pub fn tests(&self, row: &TallyRow) -> Option<String> {
        if row.tests.is_empty() {
            return None;
        }
        let clauses: Vec<String> = row.tests.iter().map(|test| self.clause(test, true)).collect();
        Some(self.joined_by(&clauses, super::catalogue::part::CLAUSE_AND))
    }
}
