//! Ladders, requirements and benefits in words.

use super::catalogue::{expression, part, rule};
use super::teller::{Teller, deeper, line, under};
use super::{Described, Kind, Line};
use crate::model::node::{Constant, Node, Op};
use crate::model::{Benefit, Ladder, LevelRow, Moment, Requirement};
use crate::value::Kind as ValueKind;

impl Teller<'_> {
    pub fn describe_ladder(&self, ladder: &Ladder) -> Described {
        let teller = self.each(&ladder.each);
        let words = self.model.words(ladder.levels);
        let levels: Vec<String> = (0..words.words.len()).map(|at| self.word(ladder.levels, at as u32)).collect();
        let mut lines = Vec::new();
        if !ladder.each.is_empty() {
            let names: Vec<String> = ladder.each.iter().map(|domain| self.record(*domain)).collect();
            lines.push(line(self.say(rule::EACH_ANSWER, &[&self.listed(&names, part::LIST_TWO_AND)])));
        }
        lines.push(line(self.say(rule::LEVELS, &[&levels.join(&self.say(part::COMMA, &[]))])));
        if let Some(assigned) = &ladder.assigned {
            lines.push(line(self.say(rule::ASSIGNED, &[&teller.noun(assigned)])));
        } else {
            let earned = if ladder.builds_up { rule::EARNED_BUILDING } else { rule::EARNED_HIGHEST };
            lines.push(line(self.say(earned, &[])));
        }
        for row in &ladder.rows {
            lines.extend(teller.level_lines(ladder, row));
        }
        if !ladder.requires.is_empty() {
            lines.push(line(self.say(rule::EVERY_LEVEL, &[])));
            lines.extend(ladder.requires.iter().flat_map(|requirement| teller.requirement_lines(requirement)));
        }
        lines.push(line(self.say(rule::BELOW, &[&self.setting_words(&ladder.below)])));
        if ladder.assigned.is_none() {
            lines.push(line(self.say(rule::UP, &[&self.moment(&ladder.up)])));
            lines.push(line(self.say(rule::DOWN, &[&self.moment(&ladder.down)])));
            if !matches!(self.setting(&ladder.falls), Some(Constant::Word(0))) || !is_constant(&ladder.falls) {
                lines.push(line(self.say(rule::FALLS, &[&self.setting_words(&ladder.falls)])));
            }
        }
        if let Some(carried) = &ladder.carried {
            lines.push(line(self.say(rule::CARRIED, &[&teller.noun(carried)])));
        }
        self.ladder_with(ladder, lines)
    }

    pub fn describe_level(&self, ladder: &Ladder, row: &LevelRow) -> Described {
        let teller = self.each(&ladder.each);
        let mut lines = teller.level_lines(ladder, row);
        if !ladder.requires.is_empty() {
            lines.push(line(self.say(rule::EVERY_LEVEL, &[])));
            lines.extend(ladder.requires.iter().flat_map(|requirement| teller.requirement_lines(requirement)));
        }
        Described {
            id: level_id(self, ladder, row),
            kind: Kind::Level,
            title: Some(self.word(ladder.levels, row.level)),
            sources: self.cited(&[&row.source, &ladder.source]),
            ..self.ladder_with(ladder, lines)
        }
    }

    fn ladder_with(&self, ladder: &Ladder, lines: Vec<Line>) -> Described {
        Described {
            id: ladder.id.clone(),
            kind: Kind::Ladder,
            title: ladder.title.as_ref().map(|title| self.text(title)),
            lines,
            sources: self.cited(&[&ladder.source]),
            note: ladder.note.clone(),
            reads: Vec::new(),
            read_by: Vec::new(),
        }
    }

    fn level_lines(&self, ladder: &Ladder, row: &LevelRow) -> Vec<Line> {
        let level = self.word(ladder.levels, row.level);
        let mut lines = vec![line(match &row.via {
            Some(via) => self.say(rule::LEVEL_VIA, &[&level, via]),
            None if row.requirements.is_empty() => self.say(rule::LEVEL_FREE, &[&level]),
            None => self.say(rule::LEVEL, &[&level]),
        })];
        lines.extend(row.applies.iter().map(|node| under(self.say(rule::APPLIES, &[&self.clause(node, true)]))));
        lines.extend(row.requirements.iter().flat_map(|requirement| self.requirement_lines(requirement)));
        lines.extend(row.note.iter().map(|note| under(self.say(rule::NOTE, &[note]))));
        lines
    }

    fn moment(&self, moment: &Moment) -> String {
        match moment {
            Moment::Word(node) => self.setting_words(node),
            Moment::DaysOfYear(days) => {
                let days: Vec<String> = days.iter().map(|(month, day)| self.day_of_year(*month, *day)).collect();
                self.say(part::ON_DAYS, &[&self.listed(&days, part::LIST_TWO_AND)])
            }
        }
    }

    pub fn requirement_lines(&self, requirement: &Requirement) -> Vec<Line> {
        let mut said = self.threshold(requirement).unwrap_or_else(|| self.clause(&requirement.that, true));
        if let Some(title) = &requirement.title {
            said = self.say(part::ITEM, &[&self.text(title), &said]);
        }
        if let Some(when) = &requirement.when {
            said = self.say(rule::ONLY_IF, &[&said, &self.clause(when, true)]);
        }
        if let Some(unless) = &requirement.unless {
            said = self.say(rule::UNLESS, &[&said, &self.clause(unless, true)]);
        }
        if let Some(from) = requirement.from {
            said = self.say(rule::SINCE, &[&said, &self.date(from)]);
        }
        if let Some(until) = requirement.until {
            said = self.say(rule::BEFORE, &[&said, &self.date(until)]);
        }
        let mut lines = vec![under(said)];
        if let Some(otherwise) = &requirement.otherwise {
            lines.push(deeper(self.say(rule::OTHERWISE, &[&self.text(otherwise)])));
        }
        lines.extend(requirement.note.iter().map(|note| deeper(self.say(rule::NOTE, &[note]))));
        lines
    }

    /// A requirement that a cell states: so much of something.
    fn threshold(&self, requirement: &Requirement) -> Option<String> {
        use crate::expression::Operator;
        let Op::Compare(Operator::AtLeast, have, need) = &requirement.that.op else { return None };
        let written = [&requirement.have, &requirement.need];
        if written.iter().zip([have, need]).any(|(said, is)| said.as_ref().is_none_or(|said| said.op != is.op)) {
            return None;
        }
        let name = self.threshold_name(have)?;
        if let Some(Constant::Unspecified(_)) = self.own_constant(need) {
            return Some(self.say(rule::NEEDS_UNSPECIFIED, &[&name]));
        }
        if let (Some(Constant::Number(number)), ValueKind::Count) = (self.own_constant(need), &have.ty.kind)
            && number.is_zero()
        {
            return Some(self.say(rule::NEEDS_NONE, &[&name]));
        }
        if have.op == Op::Points {
            return Some(self.say(rule::NEEDS_POINTS, &[&self.noun(need)]));
        }
        Some(self.say(rule::NEEDS, &[&name, &self.noun(need)]))
    }

    /// What a cell holds: itself, also where an exception may set it.
    fn own_constant<'n>(&'n self, node: &'n Node) -> Option<&'n Constant> {
        match &node.op {
            Op::Constant(constant) => Some(constant),
            Op::Parameter(id, _) if self.model.parameter(*id).name.is_empty() => self.setting(node),
            _ => None,
        }
    }

    /// What stands before the colon: a title as it is written.
    pub fn threshold_name(&self, node: &Node) -> Option<String> {
        match &node.op {
            Op::Points => Some(self.say(expression::POINTS, &[])),
            Op::Measure(id) => {
                let measure = self.model.measure(*id);
                Some(self.title_or(measure.title.as_ref(), &measure.name))
            }
            Op::InForce(id) => {
                let ladder = self.model.ladder(*id);
                Some(self.title_or(ladder.title.as_ref(), &ladder.id))
            }
            _ => None,
        }
    }

    pub fn describe_benefit(&self, benefit: &Benefit) -> Described {
        let mut lines: Vec<Line> = Vec::new();
        for (column, word) in &benefit.about {
            lines.push(line(self.say(part::ITEM, &[column, &self.described(column, word)])));
        }
        lines.extend(benefit.applies.iter().map(|node| line(self.say(rule::APPLIES, &[&self.clause(node, true)]))));
        if benefit.requirements.is_empty() {
            lines.push(line(self.say(rule::BENEFIT_FREE, &[])));
        } else {
            lines.push(line(self.say(rule::BENEFIT_NEEDS, &[])));
            lines.extend(benefit.requirements.iter().flat_map(|requirement| self.requirement_lines(requirement)));
        }
        Described {
            id: format!("benefits.{}", benefit.id),
            kind: Kind::Benefit,
            title: benefit.title.as_ref().map(|title| self.text(title)),
            lines,
            sources: self.cited(&[&benefit.source]),
            note: benefit.note.clone(),
            reads: Vec::new(),
            read_by: Vec::new(),
        }
    }
}

fn is_constant(node: &Node) -> bool {
    matches!(node.op, Op::Constant(_))
}

/// `ladder.level`, with the name of the alternative where there is one.
pub fn level_id(teller: &Teller<'_>, ladder: &Ladder, row: &LevelRow) -> String {
    let level = teller.model.words(ladder.levels).words.get(row.level as usize).map_or("", String::as_str);
    match &row.via {
        Some(via) => format!("{}.{level}.{via}", ladder.id),
        None => format!("{}.{level}", ladder.id),
    }
}
