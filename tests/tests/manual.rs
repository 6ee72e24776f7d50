//! The manual is run: every rulebook, fragment, document and answer in `docs/manual`.
//!
//! The info string of a block says what it is:
//!
//! | info string | the block |
//! |---|---|
//! | `toml rulebook=acme/1` | a whole rulebook; it must have no errors |
//! | `toml draft=acme/2` | a rulebook that goes on from those of its program before it; it must have no errors |
//! | `toml draft=acme/2 finding=CODE` | the same, where exactly this error must be found; it is then forgotten |
//! | `toml whole=acme/2` | a part of that rulebook as it is printed whole |
//! | `toml plugin=ID` | the file of a plugin; it must have no errors by itself |
//! | `csv plugin=ID/NAME`, `rhai plugin=ID/NAME` | a file of that plugin, before the plugin itself |
//! | `toml adds=acme/1` | is added to the end of that rulebook, which must then have no errors |
//! | `toml fragment=NAME` | is added to `bases/NAME.toml`; the result must have no errors |
//! | `toml fragment=NAME finding=CODE` | the same, where exactly this error must be found |
//! | `toml cases=acme/1` | cases of that rulebook; all of them must pass |
//! | `csv file=NAME`, `rhai file=NAME` | a file beside the rulebooks of its chapter |
//! | `json facts as_of=DATE` | facts that the last rulebook can decide |
//! | `json answer=PATH` | this part of the decision before, exactly; an item of a list by its place from 0 |
//! | `text`, `sh` | is only shown |

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use tierline_engine::case;
use tierline_engine::compile::{Load, Program};
use tierline_engine::date;
use tierline_engine::evaluate::Question;
use tierline_engine::facts::{self, Arena};
use tierline_engine::finding::{Findings, Severity, code};
use tierline_engine::load::{self, Folder, Library, print};
use tierline_engine::source::Sources;

#[test]
fn every_example_holds() {
    let mut wrong = Vec::new();
    for chapter in chapters() {
        let name = chapter.file_name().expect("a file").to_string_lossy().into_owned();
        let mut reader = Reader::default();
        for block in blocks(&text(&chapter)) {
            if let Err(message) = reader.read(&block) {
                wrong.push(format!("{name}:{}: {message}", block.line));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn every_chapter_has_examples() {
    let without: Vec<_> = chapters().into_iter().filter(|chapter| blocks(&text(chapter)).is_empty()).collect();
    assert_eq!(without, [manual().join("README.md")]);
}

#[test]
fn every_base_is_a_whole_rulebook() {
    let bases = files(&manual().join("bases"), "toml");
    assert!(!bases.is_empty());
    for base in bases {
        let load = whole("acme/1", &text(&base), &[]);
        assert_eq!(errors(&load), Vec::<String>::new(), "{}", base.display());
    }
}

#[test]
fn every_code_is_in_the_list_of_findings() {
    let mut table = String::from("| code | name | | meaning |\n|---|---|---|---|\n");
    for code in code::ALL {
        let severity = match code.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        table += &format!("| {} | {} | {severity} | {} |\n", code.id, code.name, code.about.trim());
    }
    let chapter = text(&manual().join("05-findings.md"));
    assert!(chapter.ends_with(&table), "the table of codes in docs/manual/05-findings.md must be\n\n{table}");
}

#[test]
fn every_link_leads_somewhere() {
    let root = manual().join("../..");
    let mut pages = chapters();
    pages.extend(["README.md", "ARCHITECTURE.md", "CHANGELOG.md"].map(|page| root.join(page)));
    let mut broken = Vec::new();
    for page in pages {
        let own = text(&page);
        for link in own.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.contains("://") {
                continue;
            }
            let (path, heading) = link.split_once('#').map_or((link, None), |(path, heading)| (path, Some(heading)));
            let target = if path.is_empty() { page.clone() } else { page.with_file_name(path) };
            let leads = target.exists() && heading.is_none_or(|heading| headings(&text(&target)).any(|h| h == heading));
            if !leads {
                broken.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

/// What the blocks of a chapter have said so far.
#[derive(Default)]
struct Reader {
    /// The rulebooks by `program/version`, the last one that was spoken of at the end.
    rulebooks: Vec<(String, String)>,
    /// The files beside them.
    beside: Vec<(String, String)>,
    /// Whether the last rulebook goes on from those before it.
    goes_on: bool,
    /// The files of plugins.
    plugins: Vec<(String, String)>,
    /// The last decision.
    decision: Option<Value>,
}

impl Reader {
    fn read(&mut self, block: &Block) -> Result<(), String> {
        let text = block.text.as_str();
        match (block.language.as_str(), block.what.as_str(), block.named.as_str()) {
            ("text" | "sh", "", _) => Ok(()),
            ("csv" | "rhai", "file", name) => {
                self.beside.push((name.to_owned(), text.to_owned()));
                Ok(())
            }
            ("toml", "plugin", id) => {
                self.plugins.retain(|(known, _)| *known != format!("{id}/plugin.toml"));
                self.plugins.push((format!("{id}/plugin.toml"), text.to_owned()));
                self.plugin(id)
            }
            ("csv" | "rhai", "plugin", path) => {
                self.plugins.push((path.to_owned(), text.to_owned()));
                Ok(())
            }
            ("toml", "draft", name) => {
                self.goes_on = true;
                let expected: Vec<&str> = block.option("finding").into_iter().collect();
                let before = self.rulebooks.clone();
                self.rulebooks.retain(|(known, _)| known != name);
                self.rulebooks.push((name.to_owned(), text.to_owned()));
                let result = self.expect(name, text, &expected);
                if !expected.is_empty() {
                    self.rulebooks = before;
                }
                result
            }
            ("toml", "whole", name) => {
                let load = self.load(name, self.last(name)?);
                let version = name.split_once('/').map_or(name, |(_, version)| version);
                let version = load.program.versions.iter().find(|known| known.name == version);
                let version = version.ok_or("there is no such version")?;
                let printed = print(&version.whole, version.file, &load.sources);
                if printed.contains(text) { Ok(()) } else { Err(format!("it is printed as\n{printed}")) }
            }
            ("toml", "rulebook", name) => {
                self.goes_on = false;
                self.rulebooks.retain(|(known, _)| known != name);
                self.rulebooks.push((name.to_owned(), text.to_owned()));
                self.expect(name, text, &[])
            }
            ("toml", "adds", name) => {
                let whole = format!("{}\n{text}", self.last(name)?);
                self.rulebooks.pop();
                self.rulebooks.push((name.to_owned(), whole.clone()));
                self.expect(name, &whole, &[])
            }
            ("toml", "fragment", base) => {
                let base = fs::read_to_string(manual().join(format!("bases/{base}.toml")))
                    .map_err(|cause| format!("the base `{base}`: {cause}"))?;
                let expected: Vec<&str> = block.option("finding").into_iter().collect();
                self.expect("acme/1", &format!("{base}\n{text}"), &expected)
            }
            ("toml", "cases", name) => self.cases(name, text),
            ("json", "facts", _) => {
                self.decision = None;
                self.decision = Some(self.decide(text, block.option("as_of"))?);
                Ok(())
            }
            ("json", "answer", path) => self.answer(path, text),
            _ => Err("the info string says nothing that a test could do; see tests/tests/manual.rs".to_owned()),
        }
    }

    /// The text of the rulebook `name`, which must be the last one that was spoken of.
    fn last(&self, name: &str) -> Result<&str, String> {
        match self.rulebooks.last() {
            Some((last, text)) if last == name => Ok(text),
            _ => Err(format!("the last rulebook before this block is not `{name}`")),
        }
    }

    /// Whether exactly these errors are found in a rulebook.
    fn expect(&self, name: &str, text: &str, expected: &[&str]) -> Result<(), String> {
        let load = self.load(name, text);
        let found = load.findings.sorted().into_iter().filter(|finding| finding.is_error());
        let codes: Vec<&str> = found.map(|finding| finding.code.id).collect();
        if codes == expected {
            return Ok(());
        }
        Err(format!("expected the errors {expected:?}, found {:#?}", errors(&load)))
    }

    /// Whether the cases of this file pass.
    fn cases(&self, name: &str, text: &str) -> Result<(), String> {
        let folder = self.folder(name, self.last(name)?, &[("cases/manual.toml", text)]);
        let plugins = self.plugin_folder();
        let mut load = Program::load(Library::from(&folder).with_plugins(&plugins), program(name));
        let files = case::read(&folder, &load.program, &mut load.sources, &mut load.findings);
        let mut wrong = errors(&load);
        let cases: Vec<_> = files.iter().flat_map(|file| &file.cases).collect();
        for case in &cases {
            let differences = case.run(&load.program).differences;
            wrong.extend(differences.into_iter().map(|difference| format!("{}: {difference:?}", case.id)));
        }
        if cases.is_empty() {
            wrong.push("there is no case".to_owned());
        }
        if wrong.is_empty() { Ok(()) } else { Err(format!("{wrong:#?}")) }
    }

    /// The rulebook with the files beside it, those that it goes on from, and the plugins.
    fn load(&self, name: &str, text: &str) -> Load {
        let (folder, plugins) = (self.folder(name, text, &[]), self.plugin_folder());
        Program::load(Library::from(&folder).with_plugins(&plugins), program(name))
    }

    fn folder(&self, name: &str, text: &str, others: &[(&str, &str)]) -> Folder {
        let before = self.rulebooks.iter().filter(|(known, _)| self.goes_on && known != name);
        let before = before.filter(|(known, _)| program(known) == program(name));
        let before: Vec<(String, &str)> = before
            .filter_map(|(known, text)| Some((format!("{}.toml", known.split_once('/')?.1), text.as_str())))
            .collect();
        let before = before.iter().map(|(path, text)| (path.as_str(), *text));
        folder(name, text, &self.beside, &before.chain(others.iter().copied()).collect::<Vec<_>>())
    }

    fn plugin_folder(&self) -> Folder {
        Folder::of("plugins", self.plugins.iter().map(|(path, text)| (path.as_str(), text.as_str())))
    }

    /// Whether nothing is wrong with a plugin by itself.
    fn plugin(&self, id: &str) -> Result<(), String> {
        let (rules, plugins) = (Folder::default(), self.plugin_folder());
        let (mut sources, mut findings) = (Sources::default(), Findings::default());
        load::plugin(Library::from(&rules).with_plugins(&plugins), id, &mut sources, &mut findings);
        let told: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
        if told.is_empty() { Ok(()) } else { Err(format!("{told:#?}")) }
    }

    fn decide(&self, document: &str, as_of: Option<&str>) -> Result<Value, String> {
        let (name, text) = self.rulebooks.last().ok_or("there is no rulebook before these facts")?;
        let as_of = as_of.and_then(date::parse).ok_or("the block does not say `as_of=DATE`")?;
        let load = self.load(name, text);
        let version = name.split_once('/').map(|(_, version)| version);
        let plan = load.program.plan(version, as_of).map_err(|error| error.to_string())?;
        let arena = Arena::new();
        let facts = facts::read(&plan.schema, document.as_bytes(), &arena).map_err(|error| error.to_string())?;
        let question = Question::on(as_of);
        let decision = plan.decide(&facts, &question, &arena).map_err(|error| error.to_string())?;
        serde_json::from_slice(&decision.to_json()).map_err(|error| error.to_string())
    }

    fn answer(&self, path: &str, text: &str) -> Result<(), String> {
        let mut found = self.decision.as_ref().ok_or("there is no decision before this answer")?;
        for key in path.split('.') {
            let place = key.parse::<usize>().ok().and_then(|place| found.get(place));
            found = place.or_else(|| found.get(key)).ok_or_else(|| format!("the decision has no `{path}`"))?;
        }
        let expected: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if *found == expected { Ok(()) } else { Err(format!("the decision says {found:#}")) }
    }
}

/// A fenced block.
struct Block {
    /// The line on which it opens.
    line: usize,
    language: String,
    /// What it is: the first word after the language.
    what: String,
    /// What stands after `=` in that word.
    named: String,
    /// The other words, `key=value`.
    options: Vec<(String, String)>,
    text: String,
}

impl Block {
    fn option(&self, name: &str) -> Option<&str> {
        self.options.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The fenced blocks of a page. One that has no info string, or is never closed, is an empty `Block`.
fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = page.lines().enumerate();
    while let Some((place, line)) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let pair = |word: &str| {
            let (key, value) = word.split_once('=').unwrap_or((word, ""));
            (key.to_owned(), value.to_owned())
        };
        let mut words = info.split_whitespace();
        let language = words.next().unwrap_or("").to_owned();
        let (what, named) = words.next().map(pair).unwrap_or_default();
        let inside = lines.by_ref().take_while(|(_, line)| *line != "```");
        let text = inside.map(|(_, line)| format!("{line}\n")).collect();
        blocks.push(Block { line: place + 1, language, what, named, options: words.map(pair).collect(), text });
    }
    blocks
}

/// The headings of a page as links name them.
fn headings(page: &str) -> impl Iterator<Item = String> {
    page.lines().filter(|line| line.starts_with('#')).map(|line| {
        let title = line.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
        title.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
    })
}

fn whole(name: &str, text: &str, beside: &[(String, String)]) -> Load {
    Program::load(&folder(name, text, beside, &[]), program(name))
}

/// The program of `program/version`.
fn program(name: &str) -> &str {
    name.split('/').next().unwrap_or(name)
}

/// The rules folder that holds this rulebook, the files beside it, and others of its program.
fn folder(name: &str, text: &str, beside: &[(String, String)], others: &[(&str, &str)]) -> Folder {
    let beside = beside.iter().map(|(name, text)| (name.as_str(), text.as_str())).chain(others.iter().copied());
    let mut files: Vec<(String, &str)> =
        beside.map(|(path, text)| (format!("{}/{path}", program(name)), text)).collect();
    files.push((format!("{name}.toml"), text));
    Folder::of("manual", files.iter().map(|(path, text)| (path.as_str(), *text)))
}

fn errors(load: &Load) -> Vec<String> {
    let errors = load.findings.sorted().into_iter().filter(|finding| finding.is_error());
    let told = errors.map(|finding| {
        let at = load.sources.position(finding.span);
        format!("{} {}:{} {}", finding.code.id, at.line, at.column, finding.message)
    });
    told.collect()
}

fn manual() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/manual")
}

fn chapters() -> Vec<PathBuf> {
    files(&manual(), "md")
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("a file").path());
    let mut files: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|own| own == ending)).collect();
    files.sort();
    files
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|cause| panic!("{}: {cause}", path.display()))
}
