//! One version with all that it goes on from: the plugins that it lists, the versions that it extends,
//! its own file, each over what came before.

use super::beside::{Beside, ScriptText, add};
use super::format::recover_toml;
use super::library::Library;
use super::origin::{Origins, Used};
use super::overlay::{self, New};
use super::package::{self, Package};
use super::{Layer, Written, digest, kind};
use crate::document::{Item, Name, Node, Table};
use crate::finding::{Finding, Findings, code, did_you_mean, nearest};
use crate::rulebook::piece::Names;
use crate::rulebook::{Header, Read, Rulebook};
use crate::source::{FileId, Sources, Span};

/// How many versions may stand in a chain of which each extends the one before.
pub const LONGEST_CHAIN: usize = 16;

/// One rule file of a program.
#[derive(Debug)]
pub struct Part {
    /// The version, from the file's name.
    version: String,
    layer: Layer,
}

impl Part {
    /// The file at `path`, read; `None` when it cannot be opened, which is then told.
    pub fn read(library: Library<'_>, path: &str, sources: &mut Sources, findings: &mut Findings) -> Option<Self> {
        let (folder, name) = path.rsplit_once('/')?;
        let version = name.strip_suffix(".toml")?.to_owned();
        let file = add(library.rules, path, sources, findings)?;
        let mut own = Findings::default();
        let (mut document, whole) = match recover_toml(file, &sources.file(file).text.clone(), &mut own) {
            Ok(document) => (document, true),
            Err(rest) => (rest, false),
        };
        into_header(&mut document, &mut own);
        let mut files = vec![(name.to_owned(), file)];
        let (mut scripts, mut lost) = (Vec::new(), Vec::new());
        if whole {
            let mut beside = Beside { from: library.rules, folder, sources, findings: &mut own, files, lost };
            beside.inline_tables(&mut document);
            scripts = beside.scripts(&document);
            (files, lost) = (beside.files, beside.lost);
        }
        Some(Self { version, layer: Layer { file, document, whole, files, scripts, lost, findings: own } })
    }

    /// The names of the files that were read, inside the folder of the program.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.layer.files.iter().map(|(name, _)| name.as_str())
    }

    fn header(&self) -> Option<&Table> {
        self.layer.document.as_table()?.find("rulebook")?.as_table()
    }

    /// The names that the header gives under `key`, as far as they can be read.
    fn names(&self, key: &str) -> Option<Vec<Name>> {
        let node = self.header()?.find(key)?;
        Names::read(node, &mut Findings::default()).map(|names| names.0)
    }

    fn extends(&self) -> Option<Name> {
        self.names("extends")?.into_iter().next()
    }
}

/// The versions of a program, and the plugins that they use, read once.
pub struct Versions<'a> {
    /// Where plugins are found.
    pub library: Library<'a>,
    /// The folder of the program.
    pub program: &'a str,
    /// Its rule files.
    pub parts: Vec<Part>,
    /// The plugins that were read.
    pub packages: Vec<Package>,
}

impl Versions<'_> {
    /// The version at `place`, whole.
    pub fn written(&mut self, place: usize, sources: &mut Sources) -> Written {
        let mut findings = Findings::default();
        let chain = self.chain(place, &mut findings);
        let mut readable = findings.is_empty();
        let mut used: Vec<Used> = Vec::new();
        let extends = self.parts[place].extends();
        for part in chain[..chain.len() - 1].iter().map(|at| &self.parts[*at]) {
            let said = format!("`{}` goes on from it", self.parts[place].version);
            let span = extends.as_ref().map_or(Span::top(self.parts[place].layer.file), |name| name.span);
            used.push(Used { files: part.layer.files(), place: span, said });
        }
        let listed = chain.iter().rev().find_map(|at| self.parts[*at].names("plugins")).unwrap_or_default();
        let library = self.library;
        let plugins = package::listed(library, &listed, &mut self.packages, sources, &mut findings);
        readable &= listed.iter().all(|name| self.packages.iter().any(|package| package.id == name.text));
        for (package, name) in &plugins {
            let files = self.packages[*package].layer.files();
            used.push(Used { files, place: name.span, said: "the plugin is used here".to_owned() });
        }
        let mut merging = Findings::default();
        let mut whole = self.merged(&chain, &plugins, &mut merging);
        let layers = || {
            let plugins = plugins.iter().map(|(package, _)| &self.packages[*package].layer);
            plugins.chain(chain.iter().map(|at| &self.parts[*at].layer))
        };
        layers().for_each(|layer| findings.extend(layer.findings.clone()));
        let part = &self.parts[place];
        let (version, file) = (part.version.clone(), part.layer.file);
        let files: Vec<(String, FileId)> = layers().flat_map(|layer| layer.files.clone()).collect();
        let digest = digest(sources, &files);
        let scripts = scripts(layers(), &whole);
        let mut document = whole.clone();
        readable &= layers().all(|layer| layer.whole);
        let (mut rulebook, mut instances) = (None, Vec::new());
        // Without what it goes on from, whatever it says of that would be told as missing.
        if readable {
            findings.extend(merging);
            instances = kind::expand(&mut document, sources, &mut findings);
            rulebook = Rulebook::read(&document, &mut findings);
            rulebook = rulebook.filter(|_| !may_lack_layers(&document));
            if let Some(rulebook) = &rulebook {
                check_place(rulebook, self.program, &version, &mut findings);
            }
        }
        for key in ["extends", "remove", "plugins"] {
            forget(&mut whole, key);
        }
        let own = self.parts[place].header().map(|_| &self.parts[place].layer.document);
        let header = rulebook
            .as_ref()
            .map(|rulebook| rulebook.rulebook.clone())
            .or_else(|| Header::read(own?.as_table()?.find("rulebook")?, &mut Findings::default()));
        let told = findings.iter().filter(|finding| finding.is_error()).map(|finding| finding.span);
        let mut told: Vec<Span> = told.collect();
        told.extend(layers().flat_map(|layer| &layer.lost));
        if !readable {
            told.push(Span::top(file));
        }
        let removed = self.parts[place].names("remove").unwrap_or_default();
        let origins = Origins::new(used, instances).without(&version, removed);
        Written { version, file, document, whole, rulebook, header, scripts, told, digest, origins, findings }
    }

    /// The versions that the one at `place` goes on from, the first one first, and itself.
    fn chain(&self, place: usize, findings: &mut Findings) -> Vec<usize> {
        let mut chain = vec![place];
        let mut at = place;
        while let Some(name) = self.parts[at].extends() {
            let Some(parent) = self.parts.iter().position(|part| part.version == name.text) else {
                let known = self.parts.iter().map(|part| part.version.as_str());
                let version = name.text.strip_prefix(self.program).and_then(|rest| rest.strip_prefix('@'));
                findings.add(
                    Finding::new(
                        &code::UNKNOWN_NAME,
                        name.span,
                        format!("`{}` has no version `{}`", self.program, name.text),
                    )
                    .help("a rulebook goes on from another version of its own program")
                    .help_maybe(did_you_mean(version.unwrap_or(&name.text), known)),
                );
                break;
            };
            if chain.contains(&parent) {
                // Each version of a circle is told of where it says what it extends.
                let mut finding = Finding::new(
                    &code::CIRCULAR_DEPENDENCY,
                    name.span,
                    "the versions go on from each other in a circle",
                );
                let others = chain.iter().rev().filter_map(|other| self.parts[*other].extends());
                for other in others.filter(|other| other.span != name.span) {
                    finding = finding.and(other.span, "by way of this");
                }
                findings.add(finding.help("one of them must say by itself what its rules are"));
                break;
            }
            if chain.len() >= LONGEST_CHAIN {
                let own = self.parts[place].extends().unwrap_or(name);
                findings.add(
                    Finding::new(
                        &code::LONG_CHAIN,
                        own.span,
                        format!(
                            "`{}` goes on from {LONGEST_CHAIN} versions or more, one by way of another",
                            self.parts[place].version
                        ),
                    )
                    .help("write one of them out: `tierline show PROGRAM@VERSION --whole` prints it"),
                );
                break;
            }
            chain.push(parent);
            at = parent;
        }
        chain.reverse();
        chain
    }

    fn merged(&self, chain: &[usize], plugins: &[(usize, Name)], findings: &mut Findings) -> Node {
        let top = self.parts[chain[0]].layer.document.span;
        let mut merged = Node { span: top, item: Item::Table(Table::default()) };
        for (package, _) in plugins {
            let package = &self.packages[*package];
            let needed = self.needed(package);
            let builds_upon = |file: FileId| needed.iter().any(|other| other.layer.files().contains(&file));
            let rest = overlay::conflicts(&merged, &package.layer.document, &builds_upon, findings);
            merged = overlay::over(merged, &rest, New::Last, findings);
        }
        for (depth, at) in chain.iter().enumerate() {
            let part = &self.parts[*at];
            overlay::inherited(&mut merged);
            overlay::remove(&mut merged, &part.names("remove").unwrap_or_default(), findings);
            let new = if depth == 0 { New::First } else { New::Last };
            merged = overlay::over(merged, &part.layer.document, new, findings);
        }
        merged
    }

    /// The plugins that one builds upon, and those that these build upon.
    fn needed<'p>(&'p self, package: &'p Package) -> Vec<&'p Package> {
        let mut needed: Vec<&Package> = vec![package];
        let mut at = 0;
        while at < needed.len() {
            for need in needed[at].manifest.iter().flat_map(|manifest| &manifest.needs.0) {
                let found = self.packages.iter().find(|other| other.id == need.text);
                if let Some(other) = found.filter(|other| needed.iter().all(|known| known.id != other.id)) {
                    needed.push(other);
                }
            }
            at += 1;
        }
        needed
    }
}

/// The scripts that are still declared, each with the last file that was named for it.
fn scripts<'l>(layers: impl Iterator<Item = &'l Layer>, whole: &Node) -> Vec<ScriptText> {
    let declared = whole.as_table().and_then(|table| table.find("scripts")).and_then(Node::as_table);
    let mut scripts: Vec<ScriptText> = Vec::new();
    for script in layers.flat_map(|layer| &layer.scripts) {
        scripts.retain(|known| known.name != script.name);
        scripts.push(script.clone());
    }
    scripts.retain(|script| declared.is_some_and(|table| table.find(&script.name).is_some()));
    scripts
}

/// Takes keys of the header that stand above it into it, and tells of them.
fn into_header(document: &mut Node, findings: &mut Findings) {
    let Item::Table(root) = &mut document.item else { return };
    let above = |name: &Name, node: &Node| {
        let key = Header::KEYS.contains(&name.text.as_str());
        key && !Rulebook::KEYS.contains(&name.text.as_str()) && node.as_table().is_none()
    };
    let (moved, rest): (Vec<_>, Vec<_>) = std::mem::take(&mut root.entries).into_iter().partition(|(n, v)| above(n, v));
    root.entries = rest;
    let header = root.entries.iter_mut().find(|(name, _)| name.text == "rulebook").map(|(_, node)| node);
    let Some(Node { item: Item::Table(header), .. }) = header else {
        root.entries.splice(0..0, moved);
        return;
    };
    for (name, value) in moved {
        findings.add(
            Finding::new(&code::UNKNOWN_KEY, name.span, format!("`{}` stands outside of `[rulebook]`", name.text))
                .help("move it below that line, before the next heading"),
        );
        if header.find(&name.text).is_none() {
            header.entries.push((name, value));
        }
    }
}

/// Whether a key of the header that is not understood may have said what else belongs to the version.
fn may_lack_layers(document: &Node) -> bool {
    let header = document.as_table().and_then(|root| root.find("rulebook")?.as_table());
    let unknown = header.into_iter().flat_map(|header| &header.entries).map(|(name, _)| name.text.as_str());
    unknown.filter(|name| !Header::KEYS.contains(name)).any(|name| {
        let near = nearest(name, Header::KEYS.iter().copied());
        near.is_none_or(|near| matches!(near, "extends" | "plugins"))
    })
}

/// Leaves a key out of the header: what is printed whole goes on from nothing.
fn forget(document: &mut Node, key: &str) {
    let Item::Table(root) = &mut document.item else { return };
    let header = root.entries.iter_mut().find(|(name, _)| name.text == "rulebook").map(|(_, node)| node);
    if let Some(Node { item: Item::Table(header), .. }) = header {
        header.entries.retain(|(name, _)| name.text != key);
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
