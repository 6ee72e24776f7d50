//! What things are called in a sentence: records, fields, rules, and the values behind parameters.

use super::catalogue::{expression, part};
use super::teller::Teller;
use crate::model::node::{Constant, Node, Op};
use crate::model::{Key, Measure, Parameter, RowsOf};
use crate::rulebook::piece::{Language, Phrase};
use crate::value::{Decimal, DomainId, Kind};

impl Teller<'_> {
    /// The title of a rule in the language, else its name in words.
    pub fn title_or(&self, title: Option<&Phrase>, name: &str) -> String {
        title.map_or_else(|| name.replace('_', " "), |title| self.text(title))
    }

    /// A title inside a sentence.
    fn named(&self, title: Option<&Phrase>, name: &str) -> String {
        let title = self.title_or(title, name);
        if self.language != Language::En {
            return self.say(expression::NAMED, &[&title]);
        }
        let inside = uncapitalized(&title);
        let first = inside.split(' ').next().unwrap_or("");
        let stands_alone =
            ["a", "an", "the", "how", "what", "when", "where", "whether", "which", "who"].contains(&first);
        self.say(if stands_alone { expression::NAMED_PLAIN } else { expression::NAMED }, &[&inside])
    }

    pub fn measure_name(&self, measure: &Measure) -> String {
        if measure.ty.kind == Kind::Count && measure.title.is_some() {
            return self.say(expression::COUNT_NAMED, &[&self.title_or(measure.title.as_ref(), &measure.name)]);
        }
        self.named(measure.title.as_ref(), &measure.name)
    }

    pub fn ladder_name(&self, ladder: &crate::model::Ladder) -> String {
        self.named(ladder.title.as_ref(), &ladder.id)
    }

    pub fn parameter_name(&self, parameter: &Parameter) -> String {
        self.named(parameter.title.as_ref(), &parameter.name)
    }

    /// A parameter with its value, at its keys.
    pub fn parameter(&self, parameter: &Parameter, keys: &[Node]) -> String {
        if let ("", Some(cell)) = (parameter.name.as_str(), parameter.cells.first().and_then(Option::as_ref)) {
            // A cell that an exception may set stands for itself.
            return self.cell(parameter, cell);
        }
        let name = self.parameter_name(parameter);
        let keyed = if keys.is_empty() {
            name
        } else {
            let keys: Vec<String> = keys.iter().map(|key| self.noun(key)).collect();
            self.say(expression::KEYED, &[&name, &self.listed(&keys, part::LIST_TWO_AND)])
        };
        match self.value_at(parameter, keys).or_else(|| self.values(parameter)) {
            Some(values) => self.say(expression::VALUED, &[&keyed, &values]),
            None => keyed,
        }
    }

    /// The one cell of a parameter that fixed words name.
    fn value_at(&self, parameter: &Parameter, keys: &[Node]) -> Option<String> {
        let [key] = keys else { return None };
        let place = match key.op {
            Op::Constant(Constant::Word(place) | Constant::Row(place)) => place as usize,
            _ => return None,
        };
        Some(self.cell(parameter, parameter.cells.get(place)?.as_ref()?))
    }

    /// The value of a parameter in a few words; `None` when it has too many.
    fn values(&self, parameter: &Parameter) -> Option<String> {
        match parameter.keys.as_slice() {
            [] => Some(self.cell(parameter, parameter.cells.first()?.as_ref()?)),
            [key] => {
                let names = self.key_names(key);
                if names.len() > 6 {
                    return None;
                }
                let cells = names.iter().zip(&parameter.cells).filter_map(|(name, cell)| {
                    Some(self.say(part::ITEM, &[name, &self.cell(parameter, cell.as_ref()?)]))
                });
                Some(cells.collect::<Vec<_>>().join(&self.say(part::COMMA, &[])))
            }
            _ => None,
        }
    }

    /// One cell of a parameter, with what a bare number counts.
    pub fn cell(&self, parameter: &Parameter, cell: &Constant) -> String {
        let value = self.constant_in_words(parameter, cell);
        match (&parameter.unit, cell) {
            (Some(unit), Constant::Number(_)) => self.say(part::AMOUNT, &[&value, unit]),
            _ => value,
        }
    }

    /// A cell of a parameter; a word that means something to the engine is said in the language too.
    fn constant_in_words(&self, parameter: &Parameter, cell: &Constant) -> String {
        let written = self.constant(&parameter.kind, cell);
        let views = self.model.parameters.iter().filter(|view| view.name == parameter.name && view.view_of.is_some());
        for view in views {
            let (Kind::Word(words), Constant::Text(text)) = (&view.kind, cell) else { continue };
            let Some(word) = self.model.words(*words).find(text) else { continue };
            let said = self.engine_word(*words, word);
            if said.to_lowercase() != written.replace('_', " ").to_lowercase() {
                return self.say(expression::VALUED, &[&said, &written]);
            }
        }
        written
    }

    /// What people call the rows of a key.
    pub fn key_names(&self, key: &Key) -> Vec<String> {
        use super::catalogue::rule;
        use crate::model::Bound;
        match key {
            Key::Words(words) => {
                (0..self.model.words(*words).words.len()).map(|at| self.word(*words, at as u32)).collect()
            }
            Key::Rows(domain) => match &self.model.domain(*domain).rows {
                RowsOf::Table(table) => (0..table.ids.len())
                    .map(|at| self.constant(&Kind::Row(*domain), &Constant::Row(at as u32)))
                    .collect(),
                RowsOf::Words(words) => self.key_names(&Key::Words(*words)),
                RowsOf::Records(_) => Vec::new(),
            },
            Key::Bands(bounds, kind) => {
                let day = |number: Decimal| crate::model::numbered_day(number).filter(|_| *kind == Kind::Date);
                let said = |bound: &Bound| match bound {
                    Bound::Below(number) | Bound::UpTo(number) => {
                        let below = matches!(bound, Bound::Below(_));
                        match (day(*number), below) {
                            (Some(day), true) => self.say(rule::BAND_BEFORE, &[&self.date(day)]),
                            (Some(day), false) => self.say(rule::BAND_THROUGH, &[&self.date(day)]),
                            (None, true) => self.say(rule::BAND_BELOW, &[&self.quantity(kind, *number)]),
                            (None, false) => self.say(rule::BAND_UP_TO, &[&self.quantity(kind, *number)]),
                        }
                    }
                    Bound::Open if *kind == Kind::Date => self.say(rule::BAND_AFTER, &[]),
                    Bound::Open => self.say(rule::BAND_OPEN, &[]),
                };
                bounds.iter().map(said).collect()
            }
        }
    }

    /// A record in the singular.
    pub fn record(&self, domain: DomainId) -> String {
        self.model.domain(domain).name.replace('_', " ")
    }

    /// Records in the plural: the name of their list where it is a form of the record's own.
    pub fn records(&self, domain: DomainId) -> String {
        let name = self.record(domain);
        if self.language == Language::Ja {
            return name;
        }
        let list =
            self.model.records(domain).and_then(|records| records.list.as_deref()).map(|list| list.replace('_', " "));
        match list {
            Some(list) if name.get(..2).is_some_and(|start| list.starts_with(start)) => list,
            _ if name.ends_with('s') => name,
            _ => match name.strip_suffix('y') {
                Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
                _ => format!("{name}s"),
            },
        }
    }

    /// The name of a field or column, and whether it is a date that says so (`awarded_on`).
    pub fn field_words(&self, domain: DomainId, field: u32) -> (String, bool) {
        let (name, is_date) = match &self.model.domain(domain).rows {
            RowsOf::Records(records) => match records.fields.get(field as usize) {
                Some(field) => (field.name.as_str(), field.ty.kind == Kind::Date),
                None => ("", false),
            },
            RowsOf::Table(table) => match table.columns.get(field as usize) {
                Some((name, ty)) => (name.as_str(), ty.kind == Kind::Date),
                None => ("", false),
            },
            RowsOf::Words(_) => ("id", false),
        };
        match name.strip_suffix("_on").filter(|_| is_date && self.language == Language::En) {
            Some(stem) => (stem.replace('_', " "), true),
            None if self.language == Language::En => (name.replace('_', " "), false),
            None => (name.to_owned(), false),
        }
    }

    /// A field of a record, named with its owner unless the record is at hand.
    pub fn field(&self, domain: DomainId, field: u32) -> String {
        if self.at_hand == Some(domain) {
            return self.own_field(domain, field);
        }
        self.field_of(&self.say(expression::RECORD, &[&self.record(domain)]), domain, field)
    }

    /// A field of the record that the sentence is about.
    pub fn own_field(&self, domain: DomainId, field: u32) -> String {
        let (words, is_date) = self.field_words(domain, field);
        let message = match is_date {
            true if words.contains(' ') => expression::FULL_DATE_FIELD,
            true => expression::DATE_FIELD,
            false => expression::FIELD,
        };
        self.say(message, &[&words])
    }

    pub fn field_of(&self, owner: &str, domain: DomainId, field: u32) -> String {
        let (words, is_date) = self.field_words(domain, field);
        self.say(if is_date { expression::OWN_DATE } else { expression::OWN_FIELD }, &[owner, &words])
    }

    /// The points of an award's row.
    pub fn award_row(&self, award: u32, row: u32) -> String {
        let found = self.model.awards.get(award as usize).and_then(|award| award.rows.get(row as usize));
        let title = found.map(|row| self.title_or(row.title.as_ref(), &row.rule)).unwrap_or_default();
        self.say(expression::POINTS_OF, &[&title])
    }

    pub fn award_total(&self, award: u32) -> String {
        let found = self.model.awards.get(award as usize);
        let title = found.map(|award| self.title_or(award.title.as_ref(), &award.id)).unwrap_or_default();
        self.say(expression::POINTS_OF, &[&title])
    }

    /// The constant that a setting has as written: its own, or that of the parameter it names.
    pub fn setting<'s>(&'s self, node: &'s Node) -> Option<&'s Constant> {
        match &node.op {
            Op::Constant(constant) => Some(constant),
            Op::Parameter(id, keys) if keys.is_empty() => self.model.parameter(*id).cells.first()?.as_ref(),
            _ => None,
        }
    }
}

/// The title as it stands inside an English sentence: a capital stays where it belongs to a name.
fn uncapitalized(title: &str) -> String {
    let mut words = title.split(' ');
    let first = words.next().unwrap_or("");
    let is_name = words.next().is_some_and(|second| second.starts_with(char::is_uppercase))
        || first.chars().skip(1).any(|c| c.is_uppercase() || c.is_ascii_digit());
    let mut letters = title.chars();
    match letters.next() {
        Some(letter) if !is_name => letter.to_lowercase().chain(letters).collect(),
        _ => title.to_owned(),
    }
}
