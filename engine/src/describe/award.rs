//! Awards in words: what earns how many points.

use super::catalogue::{expression, rule};
use super::teller::{Teller, line, under};
use super::{Described, Kind, Line};
use crate::model::node::{Constant, Op};
use crate::model::{Aggregate, Award, OVER, Tally};
use crate::value::{Decimal, Kind as ValueKind, Rounding};

impl Teller<'_> {
    pub fn describe_award(&self, award: &Award) -> Described {
        let Some(tally) = self.model.tallies.get(award.tally as usize) else {
            return self.award_with(award, Vec::new());
        };
        let mut lines = self.frame_lines(award, tally);
        for place in 0..award.rows.len() {
            lines.push(under(self.award_row_line(award, tally, place)));
        }
        self.award_with(award, lines)
    }

    pub fn describe_award_row(&self, award: &Award, place: usize) -> Option<Described> {
        let row = award.rows.get(place)?;
        let tally = self.model.tallies.get(award.tally as usize)?;
        let mut lines = Vec::new();
        lines.push(line(self.say(rule::SENTENCE, &[&self.points(award, place)])));
        let tests = tally.rows.get(place).and_then(|row| self.at(tally.domain).tests(row));
        lines.extend(tests.map(|tests| line(self.say(rule::WHERE, &[&tests]))));
        let whole = self.title_or(award.title.as_ref(), &award.id);
        lines.push(line(self.say(rule::PART_OF, &[&whole])));
        lines.extend(self.frame_lines(award, tally).into_iter().map(|line| under(line.text)));
        Some(Described {
            note: row.note.clone().or_else(|| award.note.clone()),
            id: row.rule.clone(),
            kind: Kind::AwardRow,
            title: row.title.as_ref().map(|title| self.text(title)),
            sources: self.cited(&[&row.source, &award.source]),
            ..self.award_with(award, lines)
        })
    }

    fn award_with(&self, award: &Award, lines: Vec<Line>) -> Described {
        Described {
            id: award.id.clone(),
            kind: Kind::Award,
            title: award.title.as_ref().map(|title| self.text(title)),
            lines,
            sources: self.cited(&[&award.source]),
            note: award.note.clone(),
            reads: Vec::new(),
            read_by: Vec::new(),
        }
    }

    /// All but the rows.
    fn frame_lines(&self, award: &Award, tally: &Tally) -> Vec<Line> {
        let mut lines = vec![line(self.pays(award, tally))];
        lines.extend(self.selection_lines(tally));
        if let Some(category) = &award.category {
            lines.push(line(self.say(rule::CATEGORY, &[&self.setting_words(category)])));
        }
        if let Some(most) = &award.at_most {
            lines.push(line(self.say(rule::AT_MOST, &[&self.noun(most)])));
        }
        lines
    }

    /// What the points are for.
    fn pays(&self, award: &Award, tally: &Tally) -> String {
        let teller = self.at(tally.domain);
        let records = self.records(tally.domain);
        if tally.aggregate == Aggregate::Count {
            return match &award.per {
                Some(per) => {
                    let rounding = self.setting_words(&award.rounding);
                    self.say(rule::PAYS_EACH_BLOCK, &[&records, &self.setting_words(per), &rounding])
                }
                None => self.say(rule::PAYS_EACH, &[&records]),
            };
        }
        let amount = tally.value.as_ref().map(|value| teller.noun(value)).unwrap_or_default();
        let over = match (self.setting(&award.over), &award.over.ty.kind) {
            (Some(Constant::Word(word)), ValueKind::Word(words)) => {
                let word = self.model.words(*words).words.get(*word as usize).map_or("", String::as_str);
                if word == OVER[1] { rule::OVER_RECORD } else { rule::OVER_CYCLE }
            }
            _ => rule::OVER_UNKNOWN,
        };
        let over = self.say(over, &[&records]);
        let Some(per) = &award.per else { return self.say(rule::PAYS_UNIT, &[&amount, &over]) };
        let block = match (&per.op, self.setting(per)) {
            (Op::Parameter(id, _), Some(constant)) => self.cell(self.model.parameter(*id), constant),
            _ => self.noun(per),
        };
        let rounding = match (self.setting(&award.rounding), &award.rounding.ty.kind) {
            (Some(Constant::Word(word)), ValueKind::Word(words)) => {
                self.model.words(*words).words.get(*word as usize).and_then(|word| Rounding::named(word))
            }
            _ => None,
        };
        let message = match rounding {
            Some(Rounding::Floor) => rule::PAYS_BLOCK_FULL,
            Some(Rounding::Ceil) => rule::PAYS_BLOCK_BEGUN,
            Some(Rounding::Exact) => rule::PAYS_BLOCK_RATA,
            Some(Rounding::HalfUp | Rounding::HalfEven) | None => rule::PAYS_BLOCK_ROUNDED,
        };
        let rounded = match rounding {
            Some(_) => self.setting_words(&award.rounding),
            None => self.say(rule::ROUNDING_UNKNOWN, &[]),
        };
        self.say(message, &[&block, &amount, &over, &rounded])
    }

    /// The points of a row, or that the guide does not say them.
    fn points(&self, award: &Award, place: usize) -> String {
        let Some(row) = award.rows.get(place) else { return String::new() };
        let said = self.noun(&row.points);
        match &row.points.op {
            Op::Constant(Constant::Unspecified(_)) => said,
            Op::Constant(Constant::Number(number)) if *number == Decimal::ONE => self.say(rule::POINTS_ONE, &[&said]),
            _ => self.say(rule::POINTS_MANY, &[&said]),
        }
    }

    fn award_row_line(&self, award: &Award, tally: &Tally, place: usize) -> String {
        let Some(row) = award.rows.get(place) else { return String::new() };
        let id = row.rule.split_once('.').map_or(row.rule.as_str(), |(_, id)| id);
        let name = match &row.title {
            Some(title) => self.text(title),
            None => self.say(expression::NAMED_PLAIN, &[id]),
        };
        let points = self.points(award, place);
        match tally.rows.get(place).and_then(|row| self.at(tally.domain).tests(row)) {
            Some(tests) => self.say(rule::ROW_PAYS, &[&name, &points, &tests]),
            None => self.say(rule::ROW_PAYS_ALL, &[&name, &points]),
        }
    }
}
