//! From a folder of files to written rulebooks: which programs and versions there are, their text as
//! trees, the tables they keep in CSV files, and the digest of everything that belongs to a version.
//!
//! It knows nothing of what rules mean.

mod format;
pub mod lock;
pub mod store;

pub use format::{parse_csv, parse_toml, recover_toml};
pub use store::{Folder, StoreError};

use crate::document::{Item, Name, Node, Table};
use crate::finding::{Finding, Findings, code};
use crate::rulebook::{Header, Read, Rulebook};
use crate::source::{FileId, Sources, Span};
use sha2::{Digest, Sha256};

/// One version of a program as it is written, with all the files that belong to it.
#[derive(Clone, Debug)]
pub struct Written {
    /// The version, from the file's name.
    pub version: String,
    /// The rule file.
    pub file: FileId,
    /// The whole file as a tree, with its tables read in.
    pub document: Node,
    /// What could be read of it; `None` when its text or its shape is broken, or it is not what was published.
    pub rulebook: Option<Rulebook>,
    /// What it says of itself, as far as that can be read though the rest is broken.
    pub header: Option<Header>,
    /// The scripts that it names: the name in the rulebook, the file, its text.
    pub scripts: Vec<ScriptText>,
    /// Where something is wrong with its text or its shape, so that rules may be missing from what was read.
    pub told: Vec<Span>,
    /// `sha256:…` over the rule file and every file that it names.
    pub digest: String,
}

/// A script that a rulebook names.
#[derive(Clone, Debug)]
pub struct ScriptText {
    /// The name under which the rulebook declares it.
    pub name: String,
    /// Its file.
    pub file: FileId,
}

/// The programs in a rules folder, in alphabetical order: every folder with a rule file in it.
pub fn programs(rules: &Folder) -> Vec<String> {
    let mut programs: Vec<String> = rules
        .paths()
        .filter_map(|path| path.split_once('/'))
        .filter(|(_, file)| !file.contains('/') && file.ends_with(".toml"))
        .map(|(program, _)| program.to_owned())
        .collect();
    programs.sort();
    programs.dedup();
    programs
}

/// Every version of `program`, in alphabetical order of its files.
pub fn program(rules: &Folder, program: &str, sources: &mut Sources, findings: &mut Findings) -> Vec<Written> {
    let prefix = format!("{program}/");
    let mut files: Vec<&str> = rules
        .paths()
        .filter(|path| path.strip_prefix(&prefix).is_some_and(|rest| !rest.contains('/') && rest.ends_with(".toml")))
        .collect();
    files.sort_unstable();
    let versions = files.into_iter().filter_map(|path| version(rules, path, sources, findings)).collect();
    lock::gone(rules, program, sources, findings);
    versions
}

fn version(rules: &Folder, path: &str, sources: &mut Sources, findings: &mut Findings) -> Option<Written> {
    let (folder, name) = path.rsplit_once('/')?;
    let version = name.strip_suffix(".toml")?.to_owned();
    let file = add(rules, path, sources, findings)?;
    let mut own = Findings::default();
    let mut document = match recover_toml(file, &sources.file(file).text.clone(), &mut own) {
        Ok(document) => document,
        Err(rest) => {
            findings.extend(own);
            return Some(broken(version, file, rest, digest(sources, folder, &[file])));
        }
    };
    let mut beside = Beside { rules, folder, sources, findings: &mut own, files: vec![file] };
    beside.inline_tables(&mut document);
    let scripts = beside.scripts(&document);
    let files = beside.files;
    let rulebook = Rulebook::read(&document, &mut own);
    if let Some(rulebook) = &rulebook {
        check_place(rulebook, folder, &version, &mut own);
    }
    let told = own.iter().filter(|finding| finding.is_error()).map(|finding| finding.span).collect();
    findings.extend(own);
    let digest = digest(sources, folder, &files);
    let header = match &rulebook {
        Some(rulebook) => Some(rulebook.rulebook.clone()),
        None => header(&document),
    };
    let as_published = lock::holds(rules, path, (file, &digest), sources, findings);
    let rulebook = rulebook.filter(|_| as_published);
    Some(Written { version, file, document, rulebook, header, scripts, told, digest })
}

/// A version whose text is broken: it is known to be there, and when it would be in force, so that
/// nobody is answered by another version instead.
fn broken(version: String, file: FileId, rest: Node, digest: String) -> Written {
    let header = header(&rest);
    let told = vec![Span::top(file)];
    Written { version, file, document: rest, rulebook: None, header, scripts: Vec::new(), told, digest }
}

/// What a broken file says of itself; what is wrong with that was told, or hides behind what was.
fn header(document: &Node) -> Option<Header> {
    Header::read(document.as_table()?.find("rulebook")?, &mut Findings::default())
}

/// Adds the text of a file to the sources; a finding when it cannot be read.
pub(crate) fn add(folder: &Folder, path: &str, sources: &mut Sources, findings: &mut Findings) -> Option<FileId> {
    let text = folder.text(path);
    let shown = folder.shown(path);
    match text {
        Ok(text) => Some(sources.add(shown, text)),
        Err(error) => {
            let file = sources.add(shown, "");
            let code =
                if matches!(error, StoreError::TooLarge { .. }) { &code::FILE_TOO_LARGE } else { &code::MISSING_FILE };
            findings.add(Finding::new(code, Span::top(file), error.to_string()));
            None
        }
    }
}

fn check_place(rulebook: &Rulebook, folder: &str, version: &str, findings: &mut Findings) {
    let header = &rulebook.rulebook;
    for (said, place, what) in [(&header.program, folder, "folder"), (&header.version, version, "file name")] {
        if said.text != place {
            findings.add(
                Finding::new(
                    &code::MISPLACED_FILE,
                    said.span,
                    format!("the file says `{}`, its {what} says `{place}`", said.text),
                )
                .help("a rulebook is kept in PROGRAM/VERSION.toml; rename one of the two"),
            );
        }
    }
}

/// `sha256:…` over names and contents, each with its length, so that no two sets of files look alike.
fn digest(sources: &Sources, folder: &str, files: &[FileId]) -> String {
    let mut all: Vec<_> = files.iter().map(|file| sources.file(*file)).collect();
    all.sort_by(|a, b| a.path.cmp(&b.path));
    let mut hash = Sha256::new();
    for file in all {
        let name = file.path.rsplit_once(&format!("{folder}/")).map_or(&*file.path, |(_, name)| name);
        for part in [name, &*file.text] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
    }
    sha256(hash)
}

/// `sha256:…` of `bytes`.
pub fn digest_of(bytes: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update(bytes);
    sha256(hash)
}

fn sha256(hash: Sha256) -> String {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(7 + 64);
    text.push_str("sha256:");
    for byte in hash.finalize() {
        text.push(char::from(HEX[usize::from(byte >> 4)]));
        text.push(char::from(HEX[usize::from(byte & 15)]));
    }
    text
}

/// The files beside a rulebook that it names.
struct Beside<'a> {
    rules: &'a Folder,
    folder: &'a str,
    sources: &'a mut Sources,
    findings: &'a mut Findings,
    files: Vec<FileId>,
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
        if !self.rules.holds(&path) {
            let prefix = format!("{}/", self.folder);
            let near = self.rules.paths().filter_map(|p| p.strip_prefix(&prefix));
            self.findings.add(
                Finding::new(&code::MISSING_FILE, name.span, format!("there is no file `{}`", self.rules.shown(&path)))
                    .help_maybe(crate::finding::did_you_mean(&name.text, near)),
            );
            return None;
        }
        let shown = self.rules.shown(&path);
        if let Some(known) = self.files.iter().find(|file| *self.sources.file(**file).path == *shown) {
            return Some(*known);
        }
        let file = add(self.rules, &path, self.sources, self.findings)?;
        self.files.push(file);
        Some(file)
    }

    /// Puts the rows of CSV files in the place of every `rows = { csv = "…" }`.
    fn inline_tables(&mut self, node: &mut Node) {
        match &mut node.item {
            Item::List(list) => list.iter_mut().for_each(|item| self.inline_tables(item)),
            Item::Table(table) => {
                for (name, value) in &mut table.entries {
                    match csv_name(&name.text, value) {
                        Some(csv) => {
                            if let Some(file) = self.file(&csv) {
                                let text = self.sources.file(file).text.clone();
                                value.item = Item::List(parse_csv(file, &text, self.findings));
                            } else {
                                value.item = Item::List(Vec::new());
                            }
                        }
                        None => self.inline_tables(value),
                    }
                }
            }
            _ => {}
        }
    }

    fn scripts(&mut self, document: &Node) -> Vec<ScriptText> {
        let declared = document.as_table().and_then(|t| t.find("scripts")).and_then(Node::as_table);
        let mut scripts = Vec::new();
        for (name, value) in declared.map(|table| table.entries.as_slice()).unwrap_or_default() {
            let Some(node) = value.as_table().and_then(|t| t.find("file")) else { continue };
            let Some(text) = node.as_text() else { continue };
            if let Some(file) = self.file(&Name { text: text.to_owned(), span: node.span }) {
                scripts.push(ScriptText { name: name.text.clone(), file });
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
