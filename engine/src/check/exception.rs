//! Exceptions: other values for some partners. Every value that an exception may set is a parameter;
//! a cell of a ladder that one sets becomes a parameter without a name of its own.

use super::scope::Scope;
use super::{Checker, Meaning};
use crate::document::{Item, Name, Node as Written};
use crate::finding::{Finding, code, did_you_mean};
use crate::model::node::{Constant, Node, Op};
use crate::model::{Exception, Parameter, ParameterId};
use crate::source::Span;
use crate::value::Kind;

impl Checker<'_> {
    pub(super) fn read_exceptions(&mut self) {
        // Conditions first: reading one may give a parameter another view, which must be set too.
        let conditions: Vec<_> =
            self.rulebook.exceptions.iter().map(|written| self.condition(&written.who, &Scope::default())).collect();
        for (written, who) in self.rulebook.exceptions.iter().zip(conditions) {
            if let (Some(from), Some(until)) = (written.from, written.until)
                && until.date <= from.date
            {
                self.findings.add(
                    Finding::new(&code::BAD_DATE, until.span, "the exception ends before it begins")
                        .and(from.span, "it begins here"),
                );
            }
            let mut sets = Vec::new();
            for (name, value) in &written.set.0 {
                self.set(name, &value.0, &mut sets);
            }
            let Some(who) = who else { continue };
            self.model.exceptions.push(Exception {
                id: written.id.text.clone(),
                span: written.id.span,
                title: written.title.clone(),
                who,
                from: written.from.map(|day| day.date),
                until: written.until.map(|day| day.date),
                sets,
                source: written.source.clone(),
                note: written.note.as_ref().map(|note| note.text.clone()),
            });
        }
    }

    /// `parameters.NAME`, `ladders.LADDER.LEVEL.COLUMN`, or `ladders.LADDER.LEVEL` with a table of columns.
    fn set(&mut self, name: &Name, value: &Written, sets: &mut Vec<(ParameterId, Vec<Option<Constant>>)>) {
        let parts: Vec<&str> = name.text.split('.').collect();
        match parts.as_slice() {
            ["parameters", parameter] => self.set_parameter(name, parameter, value, sets),
            ["ladders", ladder, level, column] => self.set_cell(name, ladder, level, column, value, sets),
            ["ladders", ladder, level] => {
                let Item::Table(table) = &value.item else {
                    self.findings.add(
                        Finding::new(
                            &code::WRONG_TYPE,
                            value.span,
                            format!("expected a table of columns, found {}", value.kind()),
                        )
                        .help("write { points = …, … }, or name one column after the level"),
                    );
                    return;
                };
                for (column, value) in &table.entries {
                    self.set_cell(column, ladder, level, &column.text, value, sets);
                }
            }
            _ => self.findings.add(
                Finding::new(&code::UNKNOWN_NAME, name.span, format!("`{}` is nothing that can be set", name.text))
                    .help("name a parameter as `parameters.NAME`, or a cell as `ladders.LADDER.LEVEL.COLUMN`"),
            ),
        }
    }

    fn set_parameter(
        &mut self,
        name: &Name,
        parameter: &str,
        value: &Written,
        sets: &mut Vec<(ParameterId, Vec<Option<Constant>>)>,
    ) {
        let id = match self.names.get(parameter) {
            Some((Meaning::Parameter(id), _)) => *id,
            Some((Meaning::Broken, _)) => return,
            _ => {
                let known = self.rulebook.parameters.0.iter().map(|(name, _)| name.text.as_str());
                let help = did_you_mean(parameter, known);
                self.findings.add(
                    Finding::new(&code::UNKNOWN_NAME, name.span, format!("there is no parameter `{parameter}`"))
                        .help_maybe(help),
                );
                return;
            }
        };
        let (keys, kind) = (self.model.parameter(id).keys.clone(), self.model.parameter(id).kind.clone());
        let Some(cells) = self.cells(value, &keys, &kind, &format!("exceptions.{}", name.text)) else { return };
        let views: Vec<(ParameterId, Kind)> =
            self.views.iter().filter(|(of, ..)| *of == id).map(|(_, kind, view)| (*view, kind.clone())).collect();
        for (view, kind) in views {
            let converted = cells.iter().map(|cell| match cell {
                Some(constant) => self.converted(constant, &kind, value.span).map(Some),
                None => Some(None),
            });
            if let Some(converted) = converted.collect::<Option<Vec<_>>>() {
                sets.push((view, converted));
            }
        }
        sets.push((id, cells));
    }

    fn set_cell(
        &mut self,
        name: &Name,
        ladder: &str,
        level: &str,
        column: &str,
        value: &Written,
        sets: &mut Vec<(ParameterId, Vec<Option<Constant>>)>,
    ) {
        let Some((place, row, cell)) = self.cell_place(name, ladder, level, column) else { return };
        let need = self.model.ladders[place].rows[row].requirements[cell].need.clone();
        let Some(need) = need else {
            self.findings.add(Finding::new(
                &code::BAD_VALUE,
                name.span,
                format!("the cell `{column}` holds more than one value and cannot be set"),
            ));
            return;
        };
        let kind = need.ty.kind.clone();
        let Some(constant) = self.value(value, &kind, &format!("ladders.{ladder}.{level}.{column}")) else { return };
        let id = match &need.op {
            Op::Parameter(id, keys) if keys.is_empty() && self.model.parameter(*id).name.is_empty() => *id,
            Op::Constant(own) => {
                let id = ParameterId(self.model.parameters.len() as u32);
                self.model.parameters.push(nameless(need.span, kind, own.clone()));
                let node = Node { op: Op::Parameter(id, Vec::new()), ..need.clone() };
                let requirement = &mut self.model.ladders[place].rows[row].requirements[cell];
                if let Op::Compare(_, _, right) = &mut requirement.that.op {
                    **right = node.clone();
                }
                requirement.need = Some(node);
                id
            }
            _ => {
                self.findings.add(
                    Finding::new(
                        &code::BAD_VALUE,
                        name.span,
                        format!("the cell `{column}` is computed and cannot be set"),
                    )
                    .help("set the parameter that it is computed from"),
                );
                return;
            }
        };
        sets.push((id, vec![Some(constant)]));
    }

    fn cell_place(&mut self, name: &Name, ladder: &str, level: &str, column: &str) -> Option<(usize, usize, usize)> {
        let Some(place) = self.model.ladders.iter().position(|known| known.id == ladder) else {
            let help = did_you_mean(ladder, self.model.ladders.iter().map(|known| known.id.as_str()));
            self.findings.add(
                Finding::new(&code::UNKNOWN_NAME, name.span, format!("there is no ladder `{ladder}`")).help_maybe(help),
            );
            return None;
        };
        let found = &self.model.ladders[place];
        let words = &self.model.words(found.levels).words;
        let row = found.rows.iter().position(|row| words.get(row.level as usize).is_some_and(|word| word == level));
        let Some(row) = row else {
            let help = did_you_mean(level, words.iter().map(String::as_str));
            self.findings.add(
                Finding::new(&code::UNKNOWN_NAME, name.span, format!("the ladder `{ladder}` has no level `{level}`"))
                    .help_maybe(help),
            );
            return None;
        };
        let requirements = &found.rows[row].requirements;
        let cell = requirements.iter().position(|requirement| requirement.id == column);
        if cell.is_none() {
            let help = did_you_mean(column, requirements.iter().map(|requirement| requirement.id.as_str()));
            self.findings.add(
                Finding::new(&code::UNKNOWN_NAME, name.span, format!("the level `{level}` has no cell `{column}`"))
                    .help_maybe(help),
            );
        }
        Some((place, row, cell?))
    }
}

/// A parameter for the value of a cell.
fn nameless(span: Span, kind: Kind, constant: Constant) -> Parameter {
    Parameter {
        name: String::new(),
        span,
        title: None,
        kind,
        unit: None,
        keys: Vec::new(),
        cells: vec![Some(constant)],
        changes: Vec::new(),
        choices: Vec::new(),
        view_of: None,
        source: None,
        note: None,
    }
}
