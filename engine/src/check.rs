//! From a written rulebook to a model: every name resolved, every type and unit checked.
//!
//! What is wrong becomes findings, all of them; a model comes out only when there is no error.
//! It knows nothing of facts or of evaluation.

mod award;
mod benefit;
mod binds;
mod call;
mod cell;
mod coerce;
pub(crate) mod contract;
mod credit;
mod duty;
mod exception;
mod exchange;
mod facts;
mod graph;
mod ladder;
mod meant;
mod measure;
mod name;
mod parameter;
mod resolve;
mod ruling;
mod scope;
mod script;
mod setting;
mod table;
mod tally;
mod typing;
mod unit;
mod value;

use crate::document::{Item, Node};
use crate::finding::{Finding, Findings, code, did_you_mean, nearest};
use crate::load::Written;
use crate::model::{LadderId, MeasureId, Model, ParameterId, ScriptId};
use crate::rulebook::Rulebook;
use crate::rulebook::piece::Day;
use crate::rulebook::piece::Name;
use crate::rulebook::rule::Period;
use crate::source::{Sources, Span};
use crate::value::DomainId;
use crate::value::currency::{CODES, is_currency, meant_code};
use std::collections::BTreeMap;

/// The model of a written rulebook; `None` when it has errors, which are then in `findings`.
pub fn check(written: &Written, sources: &Sources, findings: &mut Findings) -> Option<Model> {
    let rulebook = written.rulebook.as_ref()?;
    let mut checker = Checker {
        rulebook,
        written,
        sources,
        findings: Findings::default(),
        model: Model::default(),
        names: BTreeMap::new(),
        measures: Vec::new(),
        rules: vec![measure::State::Waiting; rulebook.measures.len()],
        reading: Vec::new(),
        views: Vec::new(),
        lost: Vec::new(),
    };
    checker.run();
    // What could not be read at all is missing from the model, so a model without it would answer wrongly.
    let whole = !checker.findings.has_errors() && written.told.is_empty();
    let model = std::mem::take(&mut checker.model);
    beside(&mut checker.findings, findings);
    findings.extend(checker.findings);
    whole.then_some(model)
}

/// What a new rule lacks that is called nearly like an old one was most likely meant for the old one.
fn beside(findings: &mut Findings, merging: &mut Findings) {
    let mut told = Vec::new();
    for finding in findings.iter_mut().filter(|finding| finding.code == &code::INCOMPLETE_RULE) {
        let new = merging.iter().find(|new| new.code == &code::NEW_BESIDE && new.span == finding.span);
        if let Some(new) = new {
            finding.message = format!("{}, and {}", new.message, finding.message);
            finding.help.clone_from(&new.help);
            told.push(new.span);
        }
    }
    merging.retain(|finding| finding.code != &code::NEW_BESIDE || !told.contains(&finding.span));
}

/// What a name of the rulebook means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    Domain(DomainId),
    Parameter(ParameterId),
    Measure(MeasureId),
    MeasureRule(usize),
    Award(u32),
    Credit,
    Ladder(LadderId),
    Ruling(u32),
    Obligation(u32),
    Script(ScriptId),
    /// Declared, but broken; whatever reads it was told enough.
    Broken,
}

struct Checker<'a> {
    rulebook: &'a Rulebook,
    written: &'a Written,
    sources: &'a Sources,
    findings: Findings,
    model: Model,
    names: BTreeMap<String, (Meaning, Span)>,
    /// For every measure, the rule that declares it, and its row.
    measures: Vec<(usize, Option<usize>)>,
    rules: Vec<measure::State>,
    /// The rules of measures that are being read, each for the sake of the one before it.
    reading: Vec<usize>,
    /// Views of parameters in other kinds.
    views: Vec<(ParameterId, crate::value::Kind, ParameterId)>,
    /// Rules of which nothing could be made; each has findings, of its own or of what it reads.
    lost: Vec<Span>,
}

impl Checker<'_> {
    fn run(&mut self) {
        self.header();
        self.declare_names();
        self.read_fields();
        self.check_exchange();
        self.read_parameters();
        self.read_tables();
        self.read_scripts();
        self.read_absences();
        self.read_binds();
        self.read_cycle();
        self.read_modules();
        self.read_measures();
        self.read_awards();
        self.read_ladders();
        self.read_rulings();
        self.read_duties();
        self.read_benefits();
        self.read_credits();
        self.read_exceptions();
        self.check_sources();
        self.check_units();
        self.leave_out_what_follows();
        let whole = !self.findings.has_errors() && self.written.told.is_empty();
        if whole && self.lost.is_empty() {
            self.check_circles();
        }
        if whole {
            for span in std::mem::take(&mut self.lost) {
                self.findings.add(Finding::new(&code::INCOMPLETE_RULE, span, "nothing can be made of this rule"));
            }
        }
    }

    /// Whether something was told already of the text or shape of the rule in `section` that stands at `span`.
    fn was_told(&self, section: &str, span: Span) -> bool {
        let rules = self.written.document.as_table().and_then(|table| table.find(section)).and_then(Node::as_list);
        let rule = rules.unwrap_or_default().iter().find(|rule| rule.span == span);
        rule.is_some_and(|rule| self.written.told.iter().any(|told| rule.holds(*told)))
    }

    /// Whether rows of this thing of a section could not be read.
    fn rows_lost(&self, section: &str, id: &str) -> bool {
        let Some(section) = self.written.document.as_table().and_then(|table| table.find(section)) else {
            return false;
        };
        let named = |node: &&Node| node.as_table().and_then(|rule| rule.find("id")?.as_text()) == Some(id);
        let thing = match &section.item {
            Item::List(rules) => rules.iter().find(named),
            Item::Table(things) => things.find(id),
            _ => None,
        };
        let rows = thing.and_then(Node::as_table).and_then(|thing| thing.find("rows"));
        rows.is_some_and(|rows| self.written.told.contains(&rows.span))
    }

    /// Leaves out what is said of names of which the text could not be read: the cause is told already.
    fn leave_out_what_follows(&mut self) {
        let measures = &self.rulebook.measures;
        // Of two things with one id, one was most likely meant to have the name that is missing.
        let twice = self.findings.iter().any(|finding| finding.code == &code::DUPLICATE_ID);
        let any_name = measures.iter().any(|measure| self.rows_lost("measures", &measure.id.text));
        let (names, sources) = (&self.names, self.sources);
        self.findings.retain(|finding| {
            let text = sources.text(finding.span).trim_matches(['"', '\'']);
            let broken = matches!(names.get(text), Some((Meaning::Broken, _)));
            let unknown = finding.code == &code::UNKNOWN_NAME;
            let known_cause = any_name || (twice && finding.help.is_none());
            !(broken && (unknown || finding.code == &code::TYPE_MISMATCH) || unknown && known_cause)
        });
    }

    /// A finding when a period ends before it begins.
    fn check_period(&mut self, period: Option<&Period>) {
        self.check_days(period.and_then(|period| period.from), period.and_then(|period| period.until));
    }

    fn check_days(&mut self, from: Option<Day>, until: Option<Day>) {
        if let (Some(from), Some(until)) = (from, until)
            && until.date <= from.date
        {
            self.findings.add(
                Finding::new(&code::BAD_DATE, until.span, "the period ends before it begins")
                    .and(from.span, "it begins here")
                    .help("`until` is the day after the last day"),
            );
        }
    }

    fn header(&mut self) {
        let header = &self.rulebook.rulebook;
        self.model.program = header.program.text.clone();
        self.model.version = header.version.text.clone();
        self.model.title = Some(header.title.clone());
        self.model.status = header.status.text.clone();
        self.model.from = header.effective.from.map(|day| day.date);
        self.model.until = header.effective.until.map(|day| day.date);
        self.model.provisional = header.provisional.clone();
        self.model.source = header.source.clone();
        self.model.note = header.note.as_ref().map(|note| note.text.clone());
        self.one_of(&header.status, &["draft", "published", "retired"]);
        self.check_days(header.effective.from, header.effective.until);
        if let Some(currency) = &header.currency {
            // Amounts in it are meant all the same.
            self.model.currency = Some(currency.text.clone());
            if !is_currency(&currency.text) {
                self.no_currency(&currency.text, currency.span);
            }
        }
    }

    /// The finding for a text that is not the code of a currency.
    fn no_currency(&mut self, text: &str, span: Span) {
        let help = match meant_code(text).or_else(|| nearest(text, CODES.iter().copied())) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "write its ISO 4217 code, such as `USD`; what is counted in no currency is a number".to_owned(),
        };
        self.findings.add(Finding::new(&code::BAD_VALUE, span, format!("`{text}` is no currency")).help(help));
    }

    /// Whether `word` is one of `words`; a finding when it is not.
    fn one_of(&mut self, word: &Name, words: &[&str]) -> Option<u32> {
        let found = words.iter().position(|known| *known == word.text);
        if found.is_none() {
            self.findings.add(
                Finding::new(&code::BAD_VALUE, word.span, format!("`{}` is not one of the words here", word.text))
                    .help(format!("the words are {}", crate::rulebook::listed(words)))
                    .help_maybe(did_you_mean(&word.text, words.iter().copied())),
            );
        }
        found.map(|place| place as u32)
    }

    fn check_sources(&mut self) {
        let mut defaults = self.rulebook.sources.0.iter().filter(|(_, document)| document.default == Some(true));
        if let (Some((first, _)), Some((second, _))) = (defaults.next(), defaults.next()) {
            self.findings.add(
                Finding::new(&code::CONFLICTING_KEYS, second.span, "there are two default documents")
                    .and(first.span, "the first is here")
                    .help("leave `default` out of one of them"),
            );
        }
        for (name, document) in &self.rulebook.sources.0 {
            self.model.documents.push(crate::model::Document {
                id: name.text.clone(),
                title: document.title.clone(),
                place: document.url.as_ref().or(document.file.as_ref()).map(|place| place.text.clone()),
                default: document.default == Some(true),
            });
        }
        let mut cited = Vec::new();
        name::cited_documents(&self.written.document, &mut cited);
        for name in cited {
            if self.rulebook.sources.find(&name.text).is_none() {
                let known: Vec<&str> = self.rulebook.sources.0.iter().map(|(known, _)| known.text.as_str()).collect();
                self.findings.add(
                    Finding::new(&code::UNKNOWN_NAME, name.span, format!("there is no source `{}`", name.text))
                        .help(format!("the sources are {}", crate::rulebook::listed(&known)))
                        .help_maybe(did_you_mean(&name.text, known.iter().copied())),
                );
            }
        }
    }
}
