//! Parameters, tables and choices in words; the words that settings take.

use super::catalogue::{expression, part, rule, ruling};
use super::teller::{Teller, line, under};
use super::{Described, Kind, Line};
use crate::model::node::{Constant, Node, Op};
use crate::model::{Domain, Parameter, RowsOf, Table, Words};
use crate::value::WordsId;

type Cells = [Option<Constant>];

impl Teller<'_> {
    /// The words in which a setting is said: a word of the engine, or the parameter that holds it.
    pub fn setting_words(&self, node: &Node) -> String {
        let said = match (self.setting(node), &node.ty.kind) {
            (Some(Constant::Word(word)), crate::value::Kind::Word(words)) => self.engine_word(*words, *word),
            (Some(Constant::Text(text)), _) => text.clone(),
            (Some(constant), kind) => self.constant(kind, constant),
            (None, _) => self.noun(node),
        };
        match &node.op {
            Op::Parameter(id, _) => {
                let parameter = self.model.parameter(*id);
                let name = self.title_or(parameter.title.as_ref(), &parameter.name);
                self.say(expression::VALUED, &[&said, &self.say(expression::QUOTED, &[&name])])
            }
            _ => said,
        }
    }

    /// A word that the engine itself defines, in the language.
    pub fn engine_word(&self, words: WordsId, word: u32) -> String {
        let list = self.model.words(words);
        let text = list.words.get(word as usize).map_or("", String::as_str);
        if !["over", "rounding", "when", "earn_once", "falls", "obligation state", "standing", "outcome"]
            .contains(&list.name.as_str())
            || list.ordered
        {
            return self.word(words, word);
        }
        let message = match text {
            "cycle" => part::PER_CYCLE,
            "record" => part::PER_RECORD,
            "floor" => part::FLOOR,
            "ceil" => part::CEIL,
            "half_up" => part::HALF_UP,
            "half_even" => part::HALF_EVEN,
            "prorate" => part::PRORATE,
            "immediately" => part::IMMEDIATELY,
            "at_cycle_end" => part::AT_CYCLE_END,
            "at_cycle_start" => part::AT_CYCLE_START,
            "quarterly" => part::QUARTERLY,
            "monthly" => part::MONTHLY,
            "to_earned" => part::TO_EARNED,
            "one_level" => part::ONE_LEVEL,
            "granted" => ruling::GRANTED,
            "refused" => ruling::REFUSED,
            "needs_approval" => ruling::NEEDS_APPROVAL,
            "due" => part::DUE,
            "done" => part::DONE,
            "overdue" => part::OVERDUE,
            crate::model::AFFILIATED => part::AFFILIATED,
            "most_points" => part::MOST_POINTS,
            "first_module" => part::FIRST_MODULE,
            _ => return self.word(words, word),
        };
        self.say(message, &[])
    }

    pub fn describe_parameter(&self, parameter: &Parameter) -> Described {
        let mut lines = Vec::new();
        if parameter.choices.is_empty() {
            lines.extend(self.cells(parameter, &parameter.cells, rule::IS));
        } else {
            lines.extend(self.cells(parameter, &parameter.cells, rule::READING_IN_USE));
            for choice in parameter.choices.iter().filter(|choice| **choice != parameter.cells) {
                lines.extend(self.cells(parameter, choice, rule::READING_OTHER));
            }
        }
        for (from, cells) in &parameter.changes {
            let from = self.date(*from);
            match self.in_one_line(parameter, cells) {
                Some(value) => lines.push(line(self.say(rule::FROM_ON, &[&from, &value]))),
                None => {
                    lines.push(line(self.say(rule::FROM_ON, &[&from, ""]).trim_end().to_owned()));
                    lines.extend(self.rows_of(parameter, cells));
                }
            }
        }
        Described {
            id: parameter.name.clone(),
            kind: Kind::Parameter,
            title: parameter.title.as_ref().map(|title| self.text(title)),
            lines,
            sources: self.cited(&[&parameter.source]),
            note: parameter.note.clone(),
            reads: Vec::new(),
            read_by: Vec::new(),
        }
    }

    fn cells(&self, parameter: &Parameter, cells: &Cells, message: super::message::Message) -> Vec<Line> {
        if let Some(value) = self.in_one_line(parameter, cells) {
            return vec![line(self.say(message, &[&value]))];
        }
        if message == rule::IS {
            return self.rows_of(parameter, cells).into_iter().map(|row| line(row.text)).collect();
        }
        let mut lines = vec![line(self.say(message, &[""]).trim_end().to_owned())];
        lines.extend(self.rows_of(parameter, cells));
        lines
    }

    /// The value of a parameter that has no keys.
    fn in_one_line(&self, parameter: &Parameter, cells: &Cells) -> Option<String> {
        match (parameter.keys.is_empty(), cells) {
            (true, [Some(cell)]) => Some(self.cell(parameter, cell)),
            _ => None,
        }
    }

    /// A line for each cell, named by its keys.
    pub fn rows_of(&self, parameter: &Parameter, cells: &Cells) -> Vec<Line> {
        let names = parameter.keys.iter().fold(vec![String::new()], |names, key| {
            let own = self.key_names(key);
            names
                .iter()
                .flat_map(|name| {
                    own.iter().map(move |own| if name.is_empty() { own.clone() } else { format!("{name} / {own}") })
                })
                .collect()
        });
        let told = names.iter().zip(cells).filter_map(|(name, cell)| Some((name, cell.as_ref()?)));
        told.map(|(name, cell)| under(self.say(part::ITEM, &[name, &self.cell(parameter, cell)]))).collect()
    }

    /// A table or a choice.
    pub fn describe_listing(&self, domain: &Domain) -> Described {
        let table = match &domain.rows {
            RowsOf::Table(table) => Some(table),
            _ => None,
        };
        let (kind, lines) = match &domain.rows {
            RowsOf::Table(table) => (Kind::Table, self.table_lines(table)),
            RowsOf::Words(words) => (Kind::Choice, self.word_lines(self.model.words(*words))),
            RowsOf::Records(_) => (Kind::Record, Vec::new()),
        };
        Described {
            id: domain.name.clone(),
            kind,
            title: table.and_then(|table| table.about.title.as_ref()).map(|title| self.text(title)),
            lines,
            sources: table.map(|table| self.cited(&[&table.about.source])).unwrap_or_default(),
            note: table.and_then(|table| table.about.note.clone()),
            reads: Vec::new(),
            read_by: Vec::new(),
        }
    }

    /// The words, and under them those that have a title with it.
    fn word_lines(&self, words: &Words) -> Vec<Line> {
        let titled = words.words.iter().zip(&words.titles);
        let titled =
            titled.filter_map(|(word, title)| Some(self.say(part::ITEM, &[word, &self.text(title.as_ref()?)])));
        let all = self.listed(&words.words, part::LIST_TWO_OR);
        [line(self.say(rule::WORDS, &[&all]))].into_iter().chain(titled.map(under)).collect()
    }

    fn table_lines(&self, table: &Table) -> Vec<Line> {
        let mut lines = vec![line(self.say(rule::ROWS, &[&table.ids.len().to_string()]))];
        for ((id, title), cells) in table.ids.iter().zip(&table.titles).zip(&table.cells) {
            let columns = table.columns.iter().zip(cells).filter(|(_, cell)| **cell != Constant::None);
            let said: Vec<String> = title
                .iter()
                .map(|title| self.text(title))
                .chain(columns.map(|((name, ty), cell)| self.say(part::ITEM, &[name, &self.constant(&ty.kind, cell)])))
                .collect();
            lines.push(under(self.say(part::ITEM, &[id, &said.join("; ")])));
        }
        lines
    }
}
