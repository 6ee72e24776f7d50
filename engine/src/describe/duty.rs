//! Obligations, standings and exceptions in words: what is due, what follows, and who is excepted.

use super::catalogue::{duty, expression, part, rule};
use super::message::Message;
use super::teller::{Teller, deeper, line, under};
use super::{Described, Kind, Line};
use crate::model::node::{Constant, Node, Op};
use crate::model::{DutyStep, Exception, Ladder, LevelRow, Obligation, ParameterId, Requirement, Standing};
use crate::value::Duration;

impl Teller<'_> {
    pub fn describe_obligation(&self, obligation: &Obligation) -> Described {
        let every = match obligation.every {
            1 => duty::DUE_MONTHLY,
            3 => duty::DUE_QUARTERLY,
            _ => duty::DUE_YEARLY,
        };
        let mut lines = vec![line(self.say(every, &[&self.noun(&obligation.due)]))];
        lines.extend(obligation.first.iter().map(|first| line(self.say(duty::FIRST, &[&self.noun(first)]))));
        lines.push(line(self.say(duty::WITHIN, &[&self.setting_words(&obligation.within)])));
        let at_once = Constant::Duration(Duration::days(0));
        lines.push(line(match &obligation.grace.op {
            Op::Constant(grace) if *grace == at_once => self.say(duty::OVERDUE, &[]),
            _ => self.say(duty::GRACE, &[&self.setting_words(&obligation.grace)]),
        }));
        let teller = self.at(obligation.domain);
        lines.push(line(self.say(duty::STEPS, &[&self.record(obligation.domain)])));
        lines.extend(obligation.steps.iter().flat_map(|step| self.step_lines(&teller, step)));
        if let Some(filter) = &obligation.filter {
            lines.push(line(self.say(rule::WHERE, &[&teller.clause(filter, true)])));
        }
        Described {
            title: obligation.title.as_ref().map(|title| self.text(title)),
            sources: self.cited(&[&obligation.source]),
            note: obligation.note.clone(),
            ..plain(obligation.id.clone(), Kind::Obligation, lines)
        }
    }

    fn step_lines(&self, teller: &Teller<'_>, step: &DutyStep) -> Vec<Line> {
        let tests: Vec<String> = step.tests.iter().map(|test| teller.clause(test, true)).collect();
        let mut said = self.title_or(step.title.as_ref(), &step.id);
        if !tests.is_empty() {
            said = self.say(rule::ROW_WHERE, &[&said, &self.joined_by(&tests, part::CLAUSE_AND)]);
        }
        if let Some(when) = &step.when {
            said = self.say(rule::ONLY_IF, &[&said, &self.clause(when, true)]);
        }
        if let Some(unless) = &step.unless {
            said = self.say(rule::UNLESS, &[&said, &self.clause(unless, true)]);
        }
        let note = step.note.iter().map(|note| deeper(self.say(rule::NOTE, &[note])));
        std::iter::once(under(said)).chain(note).collect()
    }

    pub fn describe_standing(&self, standing: &Standing) -> Described {
        let mut lines = vec![line(self.say(duty::IN_STANDING, &[&self.clause(&standing.when, true)]))];
        let effects = [
            (&standing.awards, [duty::FROZEN, duty::COUNTED]),
            (&standing.ladders, [duty::NO_LEVEL, duty::LEVELS_KEPT]),
            (&standing.benefits, [duty::REVOKED, duty::BENEFITS_KEPT]),
        ];
        let said =
            effects.into_iter().filter_map(|(effect, messages)| Some(under(self.effect(effect.as_ref()?, messages))));
        let said: Vec<Line> = said.collect();
        lines.push(line(self.say(if said.is_empty() { duty::NO_EFFECT } else { duty::MEANWHILE }, &[])));
        lines.extend(said);
        Described {
            title: standing.title.as_ref().map(|title| self.text(title)),
            sources: self.cited(&[&standing.source]),
            note: standing.note.clone(),
            ..plain(standing_id(standing), Kind::Standing, lines)
        }
    }

    /// What a standing does, with the parameter that says so.
    fn effect(&self, setting: &Node, [first, other]: [Message; 2]) -> String {
        let said = match self.setting(setting) {
            Some(Constant::Word(0)) => self.say(first, &[]),
            Some(Constant::Word(_)) => self.say(other, &[]),
            _ => return self.setting_words(setting),
        };
        match &setting.op {
            Op::Parameter(id, _) => {
                let parameter = self.model.parameter(*id);
                let name = self.title_or(parameter.title.as_ref(), &parameter.name);
                self.say(expression::VALUED, &[&said, &self.say(expression::QUOTED, &[&name])])
            }
            _ => said,
        }
    }

    pub fn describe_exception(&self, exception: &Exception) -> Described {
        let mut lines = vec![line(self.say(rule::APPLIES, &[&self.clause(&exception.who, true)]))];
        let days = match (exception.from, exception.until) {
            (Some(from), Some(until)) => Some(self.say(rule::IN_FORCE_SPAN, &[&self.date(from), &self.date(until)])),
            (Some(from), None) => Some(self.say(duty::FROM_ON, &[&self.date(from)])),
            (None, Some(until)) => Some(self.say(rule::IN_FORCE_UNTIL, &[&self.date(until)])),
            (None, None) => None,
        };
        lines.extend(days.map(line));
        lines.push(line(self.say(duty::INSTEAD, &[])));
        for (id, cells) in &exception.sets {
            lines.extend(self.set_lines(*id, cells));
        }
        Described {
            title: exception.title.as_ref().map(|title| self.text(title)),
            sources: self.cited(&[&exception.source]),
            note: exception.note.clone(),
            ..plain(exception_id(exception), Kind::Exception, lines)
        }
    }

    /// What an exception sets, with the value that it has otherwise.
    fn set_lines(&self, id: ParameterId, cells: &[Option<Constant>]) -> Vec<Line> {
        let parameter = self.model.parameter(id);
        // Views of a parameter are set with it.
        if parameter.view_of.is_some() {
            return Vec::new();
        }
        let name = match self.cell_of(id) {
            Some((ladder, row, requirement)) => {
                let level = self.word(ladder.levels, row.level);
                let what = requirement.have.as_ref().and_then(|have| self.threshold_name(have));
                let what = what.unwrap_or_else(|| requirement.id.replace('_', " "));
                self.say(duty::CELL, &[&self.title_or(ladder.title.as_ref(), &ladder.id), &level, &what])
            }
            None => self.title_or(parameter.title.as_ref(), &parameter.name),
        };
        let value = |cells: &[Option<Constant>]| match cells {
            [Some(cell)] => Some(self.cell(parameter, cell)),
            _ => None,
        };
        match (value(cells), value(&parameter.cells)) {
            (Some(other), Some(usual)) => vec![under(self.say(duty::SET, &[&name, &other, &usual]))],
            (Some(other), None) => vec![under(self.say(part::ITEM, &[&name, &other]))],
            (None, _) => {
                let rows = self.rows_of(parameter, cells).into_iter().map(|row| deeper(row.text));
                std::iter::once(under(self.say(part::ITEM, &[&name, ""]).trim_end().to_owned())).chain(rows).collect()
            }
        }
    }

    /// The cell of a ladder that an exception turned into a parameter without a name.
    pub fn cell_of(&self, id: ParameterId) -> Option<(&Ladder, &LevelRow, &Requirement)> {
        let rows = self.model.ladders.iter().flat_map(|ladder| ladder.rows.iter().map(move |row| (ladder, row)));
        let mut cells = rows.flat_map(|(ladder, row)| row.requirements.iter().map(move |cell| (ladder, row, cell)));
        let is_nameless = self.model.parameter(id).name.is_empty();
        cells.find(|(_, _, cell)| {
            is_nameless && matches!(&cell.need, Some(need) if matches!(&need.op, Op::Parameter(of, _) if *of == id))
        })
    }
}

/// `standings.ID`, under which a standing is known.
pub fn standing_id(standing: &Standing) -> String {
    format!("standings.{}", standing.id)
}

/// `exceptions.ID`, under which an exception is known.
pub fn exception_id(exception: &Exception) -> String {
    format!("exceptions.{}", exception.id)
}

fn plain(id: String, kind: Kind, lines: Vec<Line>) -> Described {
    Described { id, kind, title: None, lines, sources: Vec::new(), note: None, reads: Vec::new(), read_by: Vec::new() }
}
