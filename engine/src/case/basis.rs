//! What a case brings along: the facts, the day, the version and the readings that it shares or takes over.

use super::change::{ABSENT, Fact, steps};
use super::gather::Gather;
use super::written::Known;
use crate::compile::{Program, Version};
use crate::date::Date;
use crate::document::{Name, Node};
use crate::finding::{Finding, code, did_you_mean};
use crate::load::StoreError;
use crate::rulebook::piece::Raw;
use crate::source::Span;

/// What a case brings along, before it says what it expects.
#[derive(Clone)]
pub struct Basis {
    pub facts: Fact,
    pub as_of: Option<Date>,
    pub version: Option<Name>,
    pub parameters: Vec<(Name, Raw)>,
}

impl Basis {
    /// The version that will answer, where there is one.
    pub fn version_in<'p>(&self, program: &'p Program, as_of: Date) -> Option<&'p Version> {
        program.version(self.version.as_ref().map(|version| version.text.as_str()), as_of).ok()
    }
}

impl Gather<'_> {
    /// Adds the facts that are told to those of `basis`.
    pub fn know(&mut self, basis: &mut Basis, known: Option<&Known>) {
        match known {
            None => {}
            Some(Known::Table(node)) => basis.facts.merge(Fact::of(node)),
            Some(Known::File(name)) => {
                if let Some(facts) = self.file(name) {
                    basis.facts.merge(facts.at(name.span));
                }
            }
        }
    }

    fn file(&mut self, name: &Name) -> Option<Fact> {
        if name.text.contains(['/', '\\']) {
            let message = format!("`{}` leaves the folder of the cases", name.text);
            self.findings
                .add(Finding::new(&code::PATH_OUTSIDE, name.span, message).help("name a file beside this one"));
            return None;
        }
        let path = format!("{}{}", self.folder, name.text);
        let text = match self.rules.text(&path) {
            Ok(text) => text,
            Err(error) => {
                let beside = self.rules.paths().filter_map(|path| path.strip_prefix(self.folder));
                let near = did_you_mean(&name.text, beside.filter(|file| file.ends_with(".json")));
                let missing = matches!(error, StoreError::Missing { .. });
                self.findings.add(error.told(name.span).help_maybe(near.filter(|_| missing)));
                return None;
            }
        };
        Fact::parse(text)
            .map_err(|error| {
                let file = self.sources.add(self.rules.shown(&path), text);
                let message = format!("this is not valid JSON: {error}");
                self.findings.add(Finding::new(&code::BAD_VALUE, Span::top(file), message));
            })
            .ok()
    }

    /// What the case at `place` brings along, with all that it takes over from others.
    pub fn basis(
        &mut self,
        place: usize,
        shared: &Basis,
        known: &mut Vec<Option<Basis>>,
        through: &mut Vec<usize>,
    ) -> Option<Basis> {
        if let Some(basis) = &known[place] {
            return Some(basis.clone());
        }
        let written = self.written;
        let case = &written.case[place];
        let mut basis = match &case.like {
            None => shared.clone(),
            Some(like) => {
                through.push(place);
                let model = self.model_of(like, through)?;
                self.basis(model, shared, known, through)?
            }
        };
        basis.as_of = case.as_of.map(|day| day.date).or(basis.as_of);
        basis.version = case.version.clone().or(basis.version);
        basis.parameters.retain(|(name, _)| case.parameters.find(&name.text).is_none());
        basis.parameters.extend(case.parameters.0.iter().cloned());
        self.know(&mut basis, case.facts.as_ref());
        for (path, Raw(value)) in &case.change.0 {
            self.change(&mut basis.facts, path, value);
        }
        known[place] = Some(basis.clone());
        Some(basis)
    }

    /// The case that `like` names.
    fn model_of(&mut self, like: &Name, through: &[usize]) -> Option<usize> {
        let cases = &self.written.case;
        let Some(place) = cases.iter().position(|case| case.id.text == like.text) else {
            let near = did_you_mean(&like.text, cases.iter().map(|case| case.id.text.as_str()));
            self.findings.add(
                Finding::new(&code::UNKNOWN_NAME, like.span, format!("this file has no case `{}`", like.text))
                    .help_maybe(near),
            );
            return None;
        };
        if through.contains(&place) {
            let message = format!("`{}` is like itself, by way of others perhaps", like.text);
            self.findings.add(Finding::new(&code::CIRCULAR_DEPENDENCY, like.span, message));
            return None;
        }
        Some(place)
    }

    pub fn change(&mut self, facts: &mut Fact, path: &Name, value: &Node) {
        let steps = steps(&path.text);
        let value = (value.as_text() != Some(ABSENT)).then(|| Fact::of(value));
        if let Err(far) = facts.change(&steps, value) {
            let there =
                if far == 0 { "the facts have".to_owned() } else { format!("`{}` has", steps[..far].join(".")) };
            let missing = steps.get(far).map_or("", String::as_str);
            self.findings.add(
                Finding::new(&code::NOTHING_TO_CHANGE, path.span, format!("{there} no `{missing}`")).help(
                    "a record is named by its id or by its place from 0; a new list or record is written with `facts`",
                ),
            );
        }
    }
}
