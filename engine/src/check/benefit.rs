//! Benefits: rows of flags, read against the partner.

use super::Checker;
use super::scope::Scope;
use crate::document::{Name, Node};
use crate::finding::{Finding, code, nearest};
use crate::model::Benefit;
use crate::rulebook::row::Row;

impl Checker<'_> {
    pub(super) fn read_benefits(&mut self) {
        let Some(written) = &self.rulebook.benefits else { return };
        let Some(each) = self.each(&written.each) else { return };
        let scope = Scope::of(self, &each);
        self.model.benefits_each = each;
        self.model.benefits_source = written.source.clone();
        self.model.benefits_note = written.note.as_ref().map(|note| note.text.clone());
        for row in &written.rows.0 {
            let Some(id) = &row.id else {
                self.findings
                    .add(Finding::new(&code::MISSING_KEY, row.span, "the row has no `id`").help("name the benefit"));
                continue;
            };
            if self.model.benefits.iter().any(|benefit| benefit.id == id.text) {
                self.findings.add(Finding::new(
                    &code::DUPLICATE_ID,
                    id.span,
                    format!("there are two benefits `{}`", id.text),
                ));
                continue;
            }
            let (asked, about): (Vec<_>, Vec<_>) =
                row.cells.iter().cloned().partition(|(name, _)| self.is_column(name, &scope));
            let described = self.described(&about, &scope).unwrap_or_default();
            let cells = Row { cells: asked, ..row.clone() };
            let source = row.source.as_ref().or(written.source.as_ref());
            let path = format!("benefits.{}", id.text);
            let read = self.row_requirements(&cells, &scope, &path, source);
            if read.is_none() {
                self.lost.push(id.span);
            }
            if let Some((applies, requirements)) = read {
                self.model.benefits.push(Benefit {
                    id: id.text.clone(),
                    span: row.span,
                    title: row.title.clone(),
                    about: described,
                    applies,
                    requirements,
                    source: source.cloned(),
                    note: row.note.as_ref().map(|note| note.text.clone()),
                });
            }
        }
    }

    /// The columns that only describe what the row is about, with their texts; `None` when one has findings.
    pub(super) fn described(&mut self, about: &[(Name, Node)], scope: &Scope) -> Option<Vec<(String, String)>> {
        let mut described = Vec::new();
        for (name, cell) in about {
            match cell.as_text() {
                Some(text) if self.is_slip(&name.text, text) => self.no_column(name, scope),
                Some(text) if self.is_no_word(name, cell, text) => {}
                Some(text) => described.push((name.text.clone(), text.to_owned())),
                None => {
                    let message = format!("`{}` is no field, measure or ladder", name.text);
                    let near = crate::finding::did_you_mean(&name.text, self.names.keys().map(String::as_str));
                    let finding = Finding::new(&code::UNKNOWN_NAME, name.span, message);
                    self.findings.add(finding.help("a column that only describes holds text").help_maybe(near));
                }
            }
        }
        (described.len() == about.len()).then_some(described)
    }

    /// Whether a column that is called as a choice holds something else than one of its words, which is then told.
    fn is_no_word(&mut self, column: &Name, cell: &Node, text: &str) -> bool {
        let Some(words) = self.model.choice(&column.text).filter(|words| words.find(text).is_none()) else {
            return false;
        };
        let finding = Finding::new(&code::BAD_VALUE, cell.span, format!("`{text}` is no word of `{}`", column.text))
            .help(format!("the words are {}", crate::rulebook::listed(&words.words)))
            .help_maybe(crate::finding::did_you_mean(text, words.words.iter().map(String::as_str)));
        self.findings.add(finding);
        true
    }

    /// Whether a column that only describes was most likely meant for a ladder: its name is near, its cell a level.
    fn is_slip(&self, column: &str, cell: &str) -> bool {
        let ladders = || self.model.ladders.iter();
        let near = nearest(column, ladders().map(|ladder| ladder.id.as_str()));
        let ladder = ladders().find(|ladder| Some(ladder.id.as_str()) == near);
        ladder.is_some_and(|ladder| cell == "unspecified" || self.model.words(ladder.levels).find(cell).is_some())
    }
}
