//! Declares every name of a rulebook, so that rules may be written in any order.

use super::{Checker, Meaning};
use crate::document::{Item, Node};
use crate::expression::RESERVED;
use crate::finding::{Finding, code, nearest};
use crate::model::{self, About, Domain, LadderId, MeasureId, ParameterId, Records, RowsOf, ScriptId, Table, Words};
use crate::rulebook::fact::FieldType;
use crate::rulebook::piece::{Name, Phrase};
use crate::rulebook::row::{Row, selecting};
use crate::source::Span;
use crate::value::{DomainId, WordsId};

/// Names that mean something everywhere and can be given to nothing else.
pub const BUILT_IN: [&str; 6] = ["as_of", "cycle", "standing", "points", "due", "exchange"];

impl Checker<'_> {
    pub(super) fn declare_names(&mut self) {
        for (name, choice) in &self.rulebook.choices.0 {
            let words = self.words(&name.text, &choice.0);
            self.add_domain(name, RowsOf::Words(words));
        }
        self.declare_modules();
        self.declare_ladders();
        self.declare_tables();
        self.declare_records();
        for (place, (name, _)) in self.rulebook.parameters.0.iter().enumerate() {
            self.declare(name, Meaning::Parameter(ParameterId(place as u32)));
        }
        for (place, (name, _)) in self.rulebook.scripts.0.iter().enumerate() {
            self.declare(name, Meaning::Script(ScriptId(place as u32)));
        }
        self.declare_measures();
        for (place, award) in self.rulebook.awards.iter().enumerate() {
            self.declare(&award.id, Meaning::Award(place as u32));
        }
        for credit in &self.rulebook.credits {
            self.declare(&credit.id, Meaning::Credit);
        }
        self.declare_rulings();
        self.declare_duties();
        self.declare_broken();
        self.declare_lost();
    }

    /// Names of what lacks rows that could not be read: whatever reads it was told enough.
    fn declare_lost(&mut self) {
        for section in ["tables", "awards", "ladders"] {
            let lost: Vec<String> = self.names.keys().filter(|name| self.rows_lost(section, name)).cloned().collect();
            for name in lost {
                if let Some((meaning, _)) = self.names.get_mut(&name) {
                    *meaning = Meaning::Broken;
                }
            }
        }
    }

    pub(super) fn declare(&mut self, name: &Name, meaning: Meaning) {
        self.check_word(name);
        if BUILT_IN.contains(&name.text.as_str()) && !matches!(meaning, Meaning::Domain(_) if name.text == "exchange") {
            self.findings.add(
                Finding::new(
                    &code::DUPLICATE_ID,
                    name.span,
                    format!("`{}` has a meaning of its own everywhere", name.text),
                )
                .help("choose another name"),
            );
            return;
        }
        if matches!(meaning, Meaning::Script(_)) && super::call::is_function(&name.text) {
            self.findings.add(
                Finding::new(
                    &code::DUPLICATE_ID,
                    name.span,
                    format!("`{}` is a function of the language already", name.text),
                )
                .help("give the script another name"),
            );
            return;
        }
        match self.names.get(&name.text) {
            Some((_, first)) => self.findings.add(
                Finding::new(&code::DUPLICATE_ID, name.span, format!("`{}` is given twice", name.text))
                    .and(*first, "it is first given here")
                    .help("every id is unique over records, tables, parameters, measures, awards and ladders"),
            ),
            None => {
                self.names.insert(name.text.clone(), (meaning, name.span));
            }
        }
    }

    /// A finding when `name` cannot be written in an expression.
    pub(super) fn check_word(&mut self, name: &Name) {
        let mut letters = name.text.chars();
        let plain = letters.next().is_some_and(|c| c.is_ascii_lowercase() || c == '_')
            && letters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if !plain {
            self.findings.add(
                Finding::new(&code::BAD_VALUE, name.span, format!("`{}` is no name", name.text))
                    .help("a name has small letters, digits and `_`, and begins with a letter"),
            );
        } else if RESERVED.contains(&name.text.as_str()) {
            self.findings.add(
                Finding::new(
                    &code::RESERVED_WORD,
                    name.span,
                    format!("`{}` is a word of the expression language and cannot be a name", name.text),
                )
                .help(format!(
                    "choose another name, such as `{0}_one`; a field keeps its key: `{0}_one = {{ type = …, json = \"{0}\" }}`",
                    name.text
                )),
            );
        }
    }

    /// A list of words that have no order.
    pub(super) fn words(&mut self, name: &str, words: &[(Name, Option<Phrase>)]) -> WordsId {
        let mut list = Words { name: name.to_owned(), words: Vec::new(), titles: Vec::new(), ordered: false };
        for (word, title) in words {
            if let Some((first, _)) = list.find(&word.text).and_then(|place| words.get(place as usize)) {
                self.findings.add(
                    Finding::new(&code::DUPLICATE_ID, word.span, format!("`{}` is given twice", word.text))
                        .and(first.span, "it is first given here"),
                );
                continue;
            }
            list.words.push(word.text.clone());
            list.titles.push(title.clone());
        }
        self.add_words(list)
    }

    pub(super) fn add_words(&mut self, words: Words) -> WordsId {
        self.model.words.push(words);
        WordsId(self.model.words.len() as u32 - 1)
    }

    fn add_domain(&mut self, name: &Name, rows: RowsOf) -> DomainId {
        let id = DomainId(self.model.domains.len() as u32);
        self.model.domains.push(Domain { name: name.text.clone(), span: name.span, rows });
        self.declare(name, Meaning::Domain(id));
        id
    }

    fn declare_modules(&mut self) {
        let modules = self.rulebook.modules.0.iter().filter(|(name, _)| name.text != "earn_once");
        let modules: Vec<_> = modules.map(|(name, title)| (name.clone(), Some(title.clone()))).collect();
        if modules.is_empty() {
            return;
        }
        let words = self.words("module", &modules);
        let default = model::node::Constant::Word(0);
        let earn_once = model::node::Node::constant(self.rulebook.place(), crate::value::Kind::Word(words), default);
        self.model.modules = Some(model::Modules { words, earn_once });
    }

    /// The levels of a ladder: those under all rows first, then the rows in order.
    fn declare_ladders(&mut self) {
        for (place, ladder) in self.rulebook.ladders.iter().enumerate() {
            let mut list = Words { name: ladder.id.text.clone(), words: Vec::new(), titles: Vec::new(), ordered: true };
            let levels: Vec<(String, Option<Phrase>)> = ladder
                .rows
                .0
                .iter()
                .filter_map(|row| Some((row.id.as_ref()?.text.clone(), row.title.clone())))
                .collect();
            for below in self.levels_below(ladder.below.as_ref().map(|raw| &raw.0)) {
                if !levels.iter().any(|(level, _)| *level == below) && list.find(&below).is_none() {
                    list.words.push(below);
                    list.titles.push(None);
                }
            }
            for (level, title) in levels {
                match list.find(&level) {
                    None => {
                        list.words.push(level);
                        list.titles.push(title);
                    }
                    Some(known) => {
                        let place = &mut list.titles[known as usize];
                        *place = place.take().or(title);
                    }
                }
            }
            let words = self.add_words(list);
            self.declare(&ladder.id, Meaning::Ladder(LadderId(place as u32)));
            self.model.ladders.push(model::Ladder::unread(ladder.id.text.clone(), ladder.id.span, words));
        }
    }

    /// The words that may stand under all levels: the one written, or those that its parameter may take.
    fn levels_below(&self, below: Option<&Node>) -> Vec<String> {
        let Some(text) = below.and_then(Node::as_text) else {
            return vec!["none".to_owned()];
        };
        let parameter = self.rulebook.parameters.0.iter().find(|(name, _)| name.text == text);
        let Some((_, parameter)) = parameter else {
            return if text == "none" { vec!["none".to_owned()] } else { vec!["none".to_owned(), text.to_owned()] };
        };
        let values = parameter.is.iter().chain(&parameter.choices);
        let mut words = vec!["none".to_owned()];
        words.extend(values.filter_map(|raw| raw.0.as_text()).map(str::to_owned));
        words
    }

    fn declare_tables(&mut self) {
        for (name, listing) in &self.rulebook.tables.0 {
            if name.text == "exchange" {
                continue;
            }
            let mut table = Table {
                ids: Vec::new(),
                titles: Vec::new(),
                columns: Vec::new(),
                cells: Vec::new(),
                about: Box::new(About {
                    title: listing.title.clone(),
                    source: listing.source.clone(),
                    note: listing.note.as_ref().map(|note| note.text.clone()),
                }),
            };
            for row in &listing.rows.0 {
                match &row.id {
                    Some(id) if table.ids.contains(&id.text) => {
                        let first =
                            listing.rows.0.iter().filter_map(|row| row.id.as_ref()).find(|first| first.text == id.text);
                        self.findings.add(
                            Finding::new(&code::DUPLICATE_ID, id.span, format!("the table has two rows `{}`", id.text))
                                .and(first.map_or(id.span, |first| first.span), "the first is here"),
                        );
                    }
                    Some(id) => {
                        table.ids.push(id.text.clone());
                        table.titles.push(row.title.clone());
                    }
                    None => self.findings.add(
                        Finding::new(&code::MISSING_KEY, row.span, "the row has no `id`")
                            .help("a row of a table is found by its id"),
                    ),
                }
            }
            self.add_domain(name, RowsOf::Table(Box::new(table)));
        }
    }

    fn declare_records(&mut self) {
        for (name, record) in &self.rulebook.facts.0 {
            let records = Records {
                list: record.list.as_ref().map(|list| list.text.clone()),
                within: None,
                absent_is_none: false,
                happened: None,
                id: None,
                fields: Vec::new(),
            };
            self.add_domain(name, RowsOf::Records(records));
            for (field_name, field) in &record.fields.0 {
                if let FieldType::Words(words) = &field.of {
                    let list = format!("{}.{}", name.text, field_name.text);
                    let words: Vec<_> = words.0.iter().map(|word| (word.clone(), None)).collect();
                    self.words(&list, &words);
                }
            }
        }
    }

    fn declare_measures(&mut self) {
        for (rule, measure) in self.rulebook.measures.iter().enumerate() {
            self.declare(&measure.id, Meaning::MeasureRule(rule));
            if measure.rows.0.is_empty() {
                let id = MeasureId(self.measures.len() as u32);
                self.measures.push((rule, None));
                if let Some((meaning @ Meaning::MeasureRule(_), _)) = self.names.get_mut(&measure.id.text) {
                    *meaning = Meaning::Measure(id);
                }
                continue;
            }
            for (place, row) in measure.rows.0.iter().enumerate() {
                let id = MeasureId(self.measures.len() as u32);
                self.measures.push((rule, Some(place)));
                match row_id(row) {
                    Some(name) => self.declare(&name, Meaning::Measure(id)),
                    None => self.findings.add(
                        Finding::new(&code::MISSING_KEY, row.span, "the row has no `id`")
                            .help("each row is a measure of its own, read by its id"),
                    ),
                }
            }
        }
    }

    /// Names of what was too broken to be read: they exist, though nothing is known of them.
    fn declare_broken(&mut self) {
        let Some(document) = self.written.document.as_table() else { return };
        let mut broken = Vec::new();
        for (section, value) in &document.entries {
            let tables = ["choices", "facts", "tables", "scripts", "parameters"];
            let lists = ["measures", "awards", "credits", "ladders", "rulings", "obligations"];
            match nearest(&section.text, tables.into_iter().chain(lists)) {
                Some("parameters") => parameters_under(value, &mut broken),
                Some(kind) if tables.contains(&kind) => {
                    broken.extend(
                        value.as_table().into_iter().flat_map(|table| &table.entries).map(|(name, _)| name.clone()),
                    );
                }
                Some(kind) => {
                    for rule in value.as_list().unwrap_or_default() {
                        broken.extend(written_id(rule));
                        let rows = rule.as_table().and_then(|table| table.find("rows")).and_then(Node::as_list);
                        if kind == "measures" {
                            broken.extend(rows.unwrap_or_default().iter().filter_map(written_id));
                        }
                    }
                }
                // Rules of a kind that is not known here.
                None => broken.extend(value.as_list().unwrap_or_default().iter().filter_map(written_id)),
            }
        }
        for name in broken {
            self.names.entry(name.text).or_insert((Meaning::Broken, name.span));
        }
    }
}

fn written_id(node: &Node) -> Option<Name> {
    let id = node.as_table()?.find("id")?;
    Some(Name { text: id.as_text()?.to_owned(), span: id.span })
}

/// The names of all parameters under a heading.
fn parameters_under(node: &Node, into: &mut Vec<Name>) {
    let Some(table) = node.as_table() else { return };
    for (name, value) in &table.entries {
        let inner = value.as_table().filter(|inner| inner.find("is").is_none() && inner.find("bands").is_none());
        match inner {
            // A heading, perhaps with something broken under it.
            Some(inner) if inner.entries.iter().any(|(_, value)| value.as_table().is_some()) => {
                parameters_under(value, into);
            }
            _ => into.push(name.clone()),
        }
    }
}

/// A row's id: the one written, else its selecting cells.
pub fn row_id(row: &Row) -> Option<Name> {
    if let Some(id) = &row.id {
        return Some(id.clone());
    }
    let text = selecting(row.cells.iter().map(|(_, cell)| cell))?;
    Some(Name { text, span: row.span })
}

/// Every document that a `source = { in = … }` names, anywhere in a rulebook.
pub fn cited_documents(node: &Node, into: &mut Vec<Name>) {
    match &node.item {
        Item::List(list) => list.iter().for_each(|item| cited_documents(item, into)),
        Item::Table(table) => {
            for (name, value) in &table.entries {
                match value.as_table().filter(|_| name.text == "source").and_then(|source| source.find("in")) {
                    Some(Node { span, item: Item::Text(text) }) => into.push(Name { text: text.clone(), span: *span }),
                    _ => cited_documents(value, into),
                }
            }
        }
        _ => {}
    }
}

impl model::Ladder {
    /// A ladder of which only the levels are known so far.
    fn unread(id: String, span: Span, levels: WordsId) -> Self {
        use crate::model::node::{Constant, Node};
        use crate::value::Kind;
        let word = |place| Node::constant(span, Kind::Word(levels), Constant::Word(place));
        Self {
            id,
            span,
            title: None,
            each: Vec::new(),
            levels,
            below: word(0),
            up: model::Moment::Word(word(0)),
            down: model::Moment::Word(word(0)),
            falls: word(0),
            carried: None,
            assigned: None,
            builds_up: false,
            rows: Vec::new(),
            requires: Vec::new(),
            source: None,
            note: None,
        }
    }
}
