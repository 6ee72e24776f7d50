//! From case files to cases: what is shared is filled in, what is alike is taken over, rows become cases.

use super::basis::Basis;
use super::change::{Fact, steps};
use super::expect::{PARTS, says_something};
use super::reading::{given, readings};
use super::written::{ExpectedError, WrittenCase, WrittenFile, WrittenTable};
use super::{Case, CaseFile, Expect, broken};
use crate::compile::Program;
use crate::date::Date;
use crate::document::{Item, Name, Node, Table};
use crate::facts::{self, Arena};
use crate::finding::{Finding, Findings, code, did_you_mean};
use crate::load::{self, Folder};
use crate::rulebook::piece::{Day, Raw};
use crate::rulebook::shape::{Read, listed, wrong_type};
use crate::source::Sources;

/// The column of a table that is the day for which a row asks.
const DAY: &str = "as_of";

/// Reads the case files of a program, `PROGRAM/cases/*.toml`, in alphabetical order.
///
/// What is wrong with a file becomes findings; a case that cannot be understood is left out.
pub fn read(rules: &Folder, program: &Program, sources: &mut Sources, findings: &mut Findings) -> Vec<CaseFile> {
    read_all(rules, program, None, sources, findings)
}

/// The same, for the cases that `version` answers alone.
pub fn read_of(
    rules: &Folder,
    program: &Program,
    version: &str,
    sources: &mut Sources,
    findings: &mut Findings,
) -> Vec<CaseFile> {
    read_all(rules, program, Some(version), sources, findings)
}

fn read_all(
    rules: &Folder,
    program: &Program,
    only: Option<&str>,
    sources: &mut Sources,
    findings: &mut Findings,
) -> Vec<CaseFile> {
    let folder = format!("{}/cases/", program.name);
    let belongs =
        |path: &&str| path.strip_prefix(&folder).is_some_and(|name| !name.contains('/') && name.ends_with(".toml"));
    let paths: Vec<&str> = rules.paths().filter(belongs).collect();
    let mut files = Vec::new();
    for path in paths {
        let Some(file) = load::add(rules, path, sources, findings) else { continue };
        let text = sources.file(file).text.clone();
        let Some(document) = load::parse_toml(file, &text, findings) else { continue };
        let written = WrittenFile::read(&document, findings);
        without_like(&document, findings);
        let Some(written) = written else { continue };
        if written.program.text != program.name {
            findings.add(
                Finding::new(
                    &code::MISPLACED_FILE,
                    written.program.span,
                    format!("the file says `{}`, its folder says `{}`", written.program.text, program.name),
                )
                .help("cases are kept in PROGRAM/cases/; rename one of the two"),
            );
        }
        let mut gather = Gather { rules, folder: &folder, program, only, written: &written, findings, sources };
        let cases = gather.cases();
        files.push(CaseFile { file, cases });
    }
    files
}

/// Says of a `like` in a table of cases what to write instead.
fn without_like(document: &Node, findings: &mut Findings) {
    let tables = document.as_table().and_then(|root| root.find("table")).and_then(Node::as_list).unwrap_or_default();
    let keys = tables.iter().filter_map(Node::as_table).flat_map(|table| &table.entries);
    let likes: Vec<_> = keys.filter(|(name, _)| name.text == "like").map(|(name, _)| name.span).collect();
    for finding in findings.iter_mut().filter(|finding| likes.contains(&finding.span)) {
        finding.help = Some("only a case is like another; write `facts` here, or at the top of the file".to_owned());
    }
}

/// The work on one file.
pub struct Gather<'a> {
    pub rules: &'a Folder,
    pub folder: &'a str,
    pub program: &'a Program,
    /// The version whose cases are looked at; without it, all of them.
    pub only: Option<&'a str>,
    pub written: &'a WrittenFile,
    pub findings: &'a mut Findings,
    pub sources: &'a mut Sources,
}

impl Gather<'_> {
    fn cases(&mut self) -> Vec<Case> {
        let written = self.written;
        self.ids();
        let mut shared = Basis {
            facts: Fact::nothing(),
            as_of: written.as_of.map(|day| day.date),
            version: written.version.clone(),
            parameters: Vec::new(),
        };
        self.know(&mut shared, written.facts.as_ref());
        let mut known: Vec<Option<Basis>> = vec![None; written.case.len()];
        let mut cases = Vec::new();
        for (place, case) in written.case.iter().enumerate() {
            let told = self.findings.len();
            let basis = self.basis(place, &shared, &mut known, &mut Vec::new());
            if basis.as_ref().is_some_and(|basis| self.asks_other(basis, basis.as_of)) {
                self.findings.truncate(told);
                continue;
            }
            // Facts of which a part is not understood say nothing of themselves.
            let understood = self.findings.len() == told;
            let judged = basis.as_ref().is_none_or(|basis| !self.asks_broken(basis, basis.as_of));
            let expect = self.expect(&case.id, &case.expect.0, judged);
            if let (Some(basis), Some((expect, version))) = (basis, expect) {
                let case = self.case(case, &basis, expect, version);
                let fits = |case: &Case| understood && self.fits(&basis, case.as_of, &case.expect);
                let case = case.filter(fits);
                cases.extend(case.filter(|_| self.findings.len() == told));
            }
        }
        for table in &written.table {
            let mut basis = shared.clone();
            basis.as_of = table.as_of.map(|day| day.date).or(basis.as_of);
            basis.version = table.version.clone().or(basis.version);
            basis.parameters.clone_from(&table.parameters.0);
            self.know(&mut basis, table.facts.as_ref());
            let (told, known) = (self.findings.len(), cases.len());
            self.rows(table, &basis, &mut cases);
            // What is not understood would fail, which says nothing more.
            if self.findings.len() > told {
                cases.truncate(known);
            }
        }
        cases.sort_by_key(|case| case.span);
        cases
    }

    fn ids(&mut self) {
        let cases = self.written.case.iter().map(|case| &case.id);
        let ids: Vec<&Name> = cases.chain(self.written.table.iter().map(|table| &table.id)).collect();
        for (place, id) in ids.iter().enumerate() {
            if let Some(first) = ids[..place].iter().find(|earlier| earlier.text == id.text) {
                self.findings.add(
                    Finding::new(&code::DUPLICATE_ID, id.span, format!("another case is called `{}`", id.text))
                        .and(first.span, "the first one"),
                );
            }
        }
    }

    /// Whether another version answers than the one whose cases are looked at.
    fn asks_other(&self, basis: &Basis, as_of: Option<Date>) -> bool {
        let answers = || basis.version_in(self.program, as_of.unwrap_or(Date::MIN));
        self.only.is_some_and(|only| answers().is_some_and(|version| version.name != only))
    }

    /// Whether the version that is asked has errors, so that nobody knows which names its decisions have.
    fn asks_broken(&self, basis: &Basis, as_of: Option<Date>) -> bool {
        let version = basis.version.as_ref().map(|version| version.text.as_str());
        broken(self.program, version, as_of.unwrap_or(Date::MIN)).is_some()
    }

    /// What is expected, and of which version; the names in it are `judged` where they can be known.
    fn expect(&mut self, id: &Name, node: &Node, judged: bool) -> Option<(Expect, Option<String>)> {
        let Some(table) = node.as_table() else {
            return wrong_type(node, "a part of a decision, { error = … } or { failure = … }", self.findings);
        };
        let version = match table.find("version") {
            Some(version) => Some(Name::read(version, self.findings)?.text),
            None => None,
        };
        let rest = || table.entries.iter().filter(|(name, _)| name.text != "version");
        let alone = rest().count() == 1;
        for word in ["error", "failure"] {
            if let Some((name, _)) = rest().find(|(name, _)| name.text == word && !alone) {
                let message = format!("where `{word}` is expected there is no decision to expect something of");
                self.findings.add(Finding::new(&code::CONFLICTING_KEYS, name.span, message));
                return None;
            }
        }
        if let Some(error) = table.find("error") {
            let error = ExpectedError::read(error, self.findings)?;
            let message = error.message.map(|message| message.text);
            return Some((Expect::Error { pointer: error.pointer.text, message }, version));
        }
        if let Some(failure) = table.find("failure") {
            return Some((Expect::Failure(Name::read(failure, self.findings)?.text), version));
        }
        rest().for_each(|(name, node)| self.part(name, node, judged));
        let part = Table { entries: rest().cloned().collect() };
        let part = Node { span: node.span, item: Item::Table(part) };
        if !says_something(&part) && version.is_none() {
            self.expects_nothing(id);
            return None;
        }
        Some((Expect::Decision(part), version))
    }

    /// Tells of a name that is no part of a decision.
    fn part(&mut self, name: &Name, node: &Node, judged: bool) {
        if judged {
            self.results(&name.text, node);
        }
        if !PARTS.contains(&name.text.as_str()) {
            self.findings.add(
                Finding::new(&code::UNKNOWN_KEY, name.span, format!("`{}` is no part of a decision", name.text))
                    .help(format!("the parts are {}; else expect `error`, `failure` or `version`", listed(&PARTS)))
                    .help_maybe(did_you_mean(&name.text, PARTS.into_iter().chain(["error", "failure", "version"]))),
            );
        }
    }

    /// Tells of what no decision by any version of the program speaks of; `"absent!"` would hold for it.
    fn results(&mut self, part: &str, node: &Node) {
        let models = || self.program.versions.iter().filter_map(|version| Some(&version.plan.as_ref()?.model));
        let known: Vec<&str> = match part {
            "measures" => models()
                .flat_map(|model| {
                    model.measures.iter().flat_map(|measure| [measure.name.as_str(), measure.rule.as_str()])
                })
                .chain(["points"])
                .collect(),
            "ladders" => models().flat_map(|model| model.ladders.iter().map(|ladder| ladder.id.as_str())).collect(),
            "rulings" => models().flat_map(|model| model.rulings.iter().map(|ruling| ruling.id.as_str())).collect(),
            _ => return,
        };
        if models().next().is_none() {
            return;
        }
        let expected = node.as_table().into_iter().flat_map(|table| &table.entries);
        for (name, _) in expected.filter(|(name, _)| !known.contains(&name.text.as_str())) {
            self.findings.add(
                Finding::new(&code::UNKNOWN_RESULT, name.span, format!("no decision has `{part}.{}`", name.text))
                    .help("expect a name that the rulebook has")
                    .help_maybe(did_you_mean(&name.text, known.iter().copied())),
            );
        }
    }

    /// Whether the facts of a case fit the rulebook, where it expects a decision; findings where they do not.
    fn fits(&mut self, basis: &Basis, as_of: Date, expect: &Expect) -> bool {
        let plan = basis.version_in(self.program, as_of).and_then(|version| version.plan.as_ref());
        let (Some(plan), Expect::Decision(_)) = (plan, expect) else { return true };
        let json = basis.facts.to_json();
        let arena = Arena::new();
        let Err(error) = facts::read(&plan.schema, json.as_bytes(), &arena) else { return true };
        for problem in error.problems {
            let place = basis.facts.place_of(&problem.pointer).unwrap_or(self.written.span);
            self.findings.add(Finding::new(&code::UNFIT_FACTS, place, problem.message).help_maybe(problem.help));
        }
        false
    }

    fn expects_nothing(&mut self, id: &Name) {
        let message = format!("`{}` expects nothing, so it cannot fail", id.text);
        self.findings.add(
            Finding::new(&code::EXPECTS_NOTHING, id.span, message)
                .help("say what the decision holds, such as `expect.ladders.tier.earned = \"…\"`"),
        );
    }

    fn case(
        &mut self,
        case: &WrittenCase,
        basis: &Basis,
        expect: Expect,
        expect_version: Option<String>,
    ) -> Option<Case> {
        let as_of = self.day(basis, &case.id)?;
        if matches!(expect, Expect::Decision(_)) {
            self.version(basis);
        }
        let readings = match basis.version_in(self.program, as_of) {
            Some(version) => readings(version, &basis.parameters, self.findings),
            None => Vec::new(),
        };
        Some(Case {
            id: case.id.text.clone(),
            span: case.id.span,
            source: case.source.clone(),
            note: case.note.as_ref().map(|note| note.text.clone()),
            as_of,
            version: basis.version.as_ref().map(|version| version.text.clone()),
            facts: basis.facts.to_json().into_bytes(),
            readings,
            given: Vec::new(),
            expect,
            expect_version,
        })
    }

    /// Tells of a version that the program does not have.
    fn version(&mut self, basis: &Basis) {
        let Some(version) = &basis.version else { return };
        let known = || self.program.versions.iter().map(|known| known.name.as_str());
        if known().all(|known| known != version.text) {
            let message = format!("`{}` has no version `{}`", self.program.name, version.text);
            let finding = Finding::new(&code::UNKNOWN_NAME, version.span, message);
            let help = did_you_mean(&version.text, known());
            self.findings.add(finding.help_maybe(help));
        }
    }

    fn day(&mut self, basis: &Basis, id: &Name) -> Option<Date> {
        if basis.as_of.is_none() {
            let message = format!("`{}` asks for no day: `as_of` is missing", id.text);
            self.findings.add(
                Finding::new(&code::MISSING_KEY, id.span, message)
                    .help("write it in the case, or at the top of the file for all of them"),
            );
        }
        basis.as_of
    }

    fn rows(&mut self, table: &WrittenTable, basis: &Basis, cases: &mut Vec<Case>) {
        if table.expect.0.is_empty() || table.rows.is_empty() {
            return self.expects_nothing(&table.id);
        }
        let days = table.given.0.iter().position(|name| name.text == DAY);
        if days.is_none() && self.day(basis, &table.id).is_none() {
            return;
        }
        let columns = table.given.0.len() + table.expect.0.len();
        let mut asked = None;
        for (place, Raw(row)) in table.rows.iter().enumerate() {
            let Some(cells) = row.as_list() else {
                wrong_type::<()>(row, "a row [ … ] with a cell for each column", self.findings);
                continue;
            };
            if cells.len() != columns {
                let message = format!("the row has {} cells, the table has {columns} columns", cells.len());
                self.findings.add(Finding::new(&code::BROKEN_TABLE, row.span, message));
                continue;
            }
            let (known, expected) = cells.split_at(table.given.0.len());
            let day = days.map_or(basis.as_of, |column| Some(Day::read(&known[column], self.findings)?.date));
            let Some(as_of) = day else { continue };
            if self.asks_other(basis, Some(as_of)) {
                continue;
            }
            let version = basis.version_in(self.program, as_of);
            if asked.as_ref().is_none_or(|(day, _)| *day != as_of) {
                let known = version.map(|version| readings(version, &basis.parameters, self.findings));
                asked = Some((as_of, known.unwrap_or_default()));
            }
            let mut facts = basis.facts.clone();
            let mut measures = Vec::new();
            for (name, value) in table.given.0.iter().zip(known) {
                if name.text == DAY {
                    continue;
                }
                if name.text.contains('.') {
                    self.change(&mut facts, name, value);
                } else if let Some(plan) = version.and_then(|version| version.plan.as_ref()) {
                    measures.extend(given(&plan.model, name, value, self.findings));
                }
            }
            let mut whole = Node { span: row.span, item: Item::Table(Table::default()) };
            for (column, value) in table.expect.0.iter().zip(expected) {
                if !plant(&mut whole, &steps(&column.text), column, value) {
                    let message = format!("another column already says what `{}` is", column.text);
                    self.findings.add(Finding::new(&code::CONFLICTING_KEYS, column.span, message));
                }
            }
            let judged = !self.asks_broken(basis, Some(as_of));
            let Some((expect, expect_version)) = self.expect(&table.id, &whole, judged) else { continue };
            let own = Basis { facts, ..basis.clone() };
            if !self.fits(&own, as_of, &expect) {
                continue;
            }
            cases.push(Case {
                id: format!("{}.{}", table.id.text, place + 1),
                span: row.span,
                source: table.source.clone(),
                note: table.note.as_ref().map(|note| note.text.clone()),
                as_of,
                version: basis.version.as_ref().map(|version| version.text.clone()),
                facts: own.facts.to_json().into_bytes(),
                readings: asked.as_ref().map(|(_, readings)| readings.clone()).unwrap_or_default(),
                given: measures,
                expect,
                expect_version,
            });
        }
    }
}

/// Puts the cell of a column where its path leads; says whether the place was free.
fn plant(at: &mut Node, path: &[String], column: &Name, value: &Node) -> bool {
    let Item::Table(table) = &mut at.item else { return false };
    let Some((text, rest)) = path.split_first() else { return false };
    match table.entries.iter_mut().find(|(name, _)| name.text == *text) {
        Some((_, inner)) => plant(inner, rest, column, value),
        None => {
            let mut inner = value.clone();
            if !rest.is_empty() {
                inner.item = Item::Table(Table::default());
                plant(&mut inner, rest, column, value);
            }
            table.entries.push((Name { text: text.clone(), span: column.span }, inner));
            true
        }
    }
}
