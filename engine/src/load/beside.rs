//! The files beside a rule file that it names: tables kept in CSV, and scripts.

use super::format::parse_csv;
use super::store::Folder;
use crate::document::{Item, Name, Node, Table};
use crate::finding::{Finding, Findings, code, did_you_mean};
use crate::source::{FileId, Sources, Span};

/// A script that a rule file names.
#[derive(Clone, Debug)]
pub struct ScriptText {
    /// The name under which the rulebook declares it.
    pub name: String,
    /// Its file.
    pub file: FileId,
    /// The function, where a host brings it along.
    pub own: Option<crate::script::Script>,
}

/// Adds the text of a file to the sources; a finding when it cannot be read.
pub fn add(folder: &Folder, path: &str, sources: &mut Sources, findings: &mut Findings) -> Option<FileId> {
    let text = folder.text(path);
    let shown = folder.shown(path);
    match text {
        Ok(text) => Some(sources.add(shown, text)),
        Err(error) => {
            let file = sources.add(shown, "");
            findings.add(error.told(Span::top(file)));
            None
        }
    }
}

/// A finding for each folder that is `name` or stands inside, and of which nothing is read.
pub fn closed(folder: &Folder, name: &str, sources: &mut Sources, findings: &mut Findings) {
    let within = |path: &str| path.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    for (path, error) in folder.closed().filter(|(path, _)| within(path)) {
        let file = sources.add(folder.shown(path), "");
        findings.add(error.told(Span::top(file)));
    }
}

/// The files beside a rule file, as far as it names them.
pub struct Beside<'a> {
    /// Where they are read.
    pub from: &'a Folder,
    /// The folder of the rule file, inside `from`.
    pub folder: &'a str,
    /// What they are read into.
    pub sources: &'a mut Sources,
    /// What is wrong with them.
    pub findings: &'a mut Findings,
    /// The rule file and those that were read, each by its path inside `folder`.
    pub files: Vec<(String, FileId)>,
    /// The places of tables of which rows could not be read.
    pub lost: Vec<Span>,
}

impl Beside<'_> {
    /// The file that `name` means, read; a finding when there is none.
    fn file(&mut self, name: &Name) -> Option<FileId> {
        let path = format!("{}/{}", self.folder, name.text);
        let plain = !name.text.starts_with('/')
            && !name.text.contains('\\')
            && name.text.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
        if !plain {
            self.findings.add(
                Finding::new(
                    &code::PATH_OUTSIDE,
                    name.span,
                    format!("`{}` leaves the folder of the rulebook", name.text),
                )
                .help("name a file beside the rulebook, such as `points.csv`"),
            );
            return None;
        }
        if self.from.is_closed(&path) {
            // That is told of the folder.
            return None;
        }
        if !self.from.holds(&path) {
            let prefix = format!("{}/", self.folder);
            let near = self.from.paths().filter_map(|p| p.strip_prefix(&prefix));
            self.findings.add(
                Finding::new(&code::MISSING_FILE, name.span, format!("there is no file `{}`", self.from.shown(&path)))
                    .help_maybe(did_you_mean(&name.text, near)),
            );
            return None;
        }
        if let Some((_, known)) = self.files.iter().find(|(known, _)| *known == name.text) {
            return Some(*known);
        }
        let file = add(self.from, &path, self.sources, self.findings)?;
        self.files.push((name.text.clone(), file));
        Some(file)
    }

    /// Puts the rows of CSV files in the place of every `rows = { csv = "…" }`.
    pub fn inline_tables(&mut self, node: &mut Node) {
        match &mut node.item {
            Item::List(list) => list.iter_mut().for_each(|item| self.inline_tables(item)),
            Item::Table(table) => {
                for (name, value) in &mut table.entries {
                    match csv_name(&name.text, value) {
                        Some(csv) => {
                            let before = self.findings.len();
                            let rows = self.file(&csv).map(|file| {
                                let text = self.sources.file(file).text.clone();
                                parse_csv(file, &text, self.findings)
                            });
                            if rows.is_none() || self.findings.len() > before {
                                self.lost.push(value.span);
                            }
                            value.item = Item::List(rows.unwrap_or_default());
                        }
                        None => self.inline_tables(value),
                    }
                }
            }
            _ => {}
        }
    }

    /// The scripts that are declared, each with its file.
    pub fn scripts(&mut self, document: &Node) -> Vec<ScriptText> {
        let declared = document.as_table().and_then(|t| t.find("scripts")).and_then(Node::as_table);
        let mut scripts = Vec::new();
        for (name, value) in declared.map(|table| table.entries.as_slice()).unwrap_or_default() {
            let Some(node) = value.as_table().and_then(|t| t.find("file")) else { continue };
            let Some(text) = node.as_text() else { continue };
            if let Some(file) = self.file(&Name { text: text.to_owned(), span: node.span }) {
                scripts.push(ScriptText { name: name.text.clone(), file, own: None });
            }
        }
        scripts
    }
}

fn csv_name(key: &str, value: &Node) -> Option<Name> {
    let Table { entries } = value.as_table().filter(|_| key == "rows")?;
    match entries.as_slice() {
        [(name, file)] if name.text == "csv" => Some(Name { text: file.as_text()?.to_owned(), span: file.span }),
        _ => None,
    }
}
