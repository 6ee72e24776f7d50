//! Names that nothing reads: left over, or forgotten in the rule that they were made for.

use super::About;
use crate::finding::{Finding, Findings, code};
use crate::model::node::{Function, Node, Op};
use crate::model::{Absent, EXCHANGE, Key, MeasureId, Model, ParameterId, RowsOf, ScriptId};
use crate::source::Span;
use crate::value::{DomainId, Kind, WordsId};
use std::collections::HashSet;

/// Tells of parameters, measures, choices, tables and scripts that nothing reads.
///
/// A parameter with a source and a note records a fact. A measure without `each` is part of every
/// decision. Facts that nothing reads may be there for other versions.
pub fn names(about: About<'_>, findings: &mut Findings) {
    let model = about.model;
    let read = Read::of(model);
    let mut tell = |what: &str, name: &str, span: Span, help: &str| {
        let message = format!("nothing reads the {what} `{name}`");
        findings.add(Finding::new(&code::UNUSED_NAME, span, message).help(help));
    };
    for (place, parameter) in model.parameters.iter().enumerate() {
        let records_a_fact = parameter.source.is_some() && parameter.note.is_some();
        let own = !parameter.name.is_empty() && parameter.view_of.is_none();
        if own && !records_a_fact && !read.parameters.contains(&ParameterId(place as u32)) {
            let help = "leave it out, use it in a rule, or give it a `source` and a `note` if it only records a fact";
            // What an older version reads stays in its file.
            let folder = |file| about.sources.file(file).path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
            let (own, place) = (about.version.file, parameter.span.file);
            let gone = format!(
                "write `remove = [\"parameters.{}\"]` in version {}, or use it in a rule there",
                parameter.name, about.version.name
            );
            let older = own != place && folder(own) == folder(place);
            tell("parameter", &parameter.name, parameter.span, if older { &gone } else { help });
        }
    }
    for (place, measure) in model.measures.iter().enumerate() {
        if !measure.each.is_empty() && !read.measures.contains(&MeasureId(place as u32)) {
            tell("measure", &measure.name, measure.span, "leave it out, or use it in a rule");
        }
    }
    for (place, domain) in model.domains.iter().enumerate() {
        let id = DomainId(place as u32);
        match &domain.rows {
            RowsOf::Words(words) if !read.words.contains(words) && !read.domains.contains(&id) => {
                tell("choice", &domain.name, domain.span, "leave it out, or give a field or parameter this type");
            }
            RowsOf::Table(_) if domain.name != EXCHANGE && !read.domains.contains(&id) => {
                tell("table", &domain.name, domain.span, "leave it out, or use it in a rule or as the type of a field");
            }
            _ => {}
        }
    }
    for (place, script) in model.scripts.iter().enumerate() {
        if !read.scripts.contains(&ScriptId(place as u32)) {
            tell("script", &script.name, script.span, "leave it out, or call it in a rule");
        }
    }
}

/// What the rules and the types of a rulebook speak of.
#[derive(Default)]
struct Read {
    parameters: HashSet<ParameterId>,
    measures: HashSet<MeasureId>,
    scripts: HashSet<ScriptId>,
    words: HashSet<WordsId>,
    domains: HashSet<DomainId>,
}

impl Read {
    fn of(model: &Model) -> Self {
        let mut read = Self::default();
        model.nodes(&mut |node| node.walk(&mut |part| read.node(model, part)));
        for domain in &model.domains {
            match &domain.rows {
                RowsOf::Records(records) => {
                    for field in &records.fields {
                        read.kind(&field.ty.kind);
                        if let Absent::Field(node) = &field.absent {
                            node.walk(&mut |part| read.node(model, part));
                        }
                    }
                }
                RowsOf::Table(table) => table.columns.iter().for_each(|(_, ty)| read.kind(&ty.kind)),
                RowsOf::Words(_) => {}
            }
        }
        for parameter in &model.parameters {
            read.kind(&parameter.kind);
            for key in &parameter.keys {
                match key {
                    Key::Words(words) => drop(read.words.insert(*words)),
                    Key::Rows(domain) => drop(read.domains.insert(*domain)),
                    Key::Bands(_, kind) => read.kind(kind),
                }
            }
        }
        for measure in &model.measures {
            read.domains.extend(&measure.each);
            read.kind(&measure.ty.kind);
        }
        for tally in &model.tallies {
            read.domains.extend(tally.each.iter().chain([&tally.domain]));
        }
        read.domains.extend(model.ladders.iter().flat_map(|ladder| &ladder.each).chain(&model.benefits_each));
        for credit in &model.credits {
            read.domains.extend(credit.each.iter().chain([&credit.domain]));
        }
        let rows = model.credits.iter().flat_map(|credit| &credit.rows).flat_map(|row| &row.about);
        let about = rows.chain(model.benefits.iter().flat_map(|benefit| &benefit.about));
        let headings = model.awards.iter().any(|award| award.category.is_some()).then_some("category");
        for name in about.map(|(column, _)| column.as_str()).chain(headings) {
            read.domains.extend(model.domain_named(name));
        }
        for script in &model.scripts {
            script.takes.iter().for_each(|(_, kind)| read.kind(kind));
            read.kind(&script.returns.kind);
        }
        read
    }

    fn node(&mut self, model: &Model, node: &Node) {
        self.kind(&node.ty.kind);
        match &node.op {
            Op::Parameter(id, _) | Op::Call(Function::Marginal(id), _) => {
                self.parameters.insert(model.parameter(*id).view_of.unwrap_or(*id));
            }
            Op::Measure(id) | Op::MeasureOf(_, id) => drop(self.measures.insert(*id)),
            Op::Script(id, _) => drop(self.scripts.insert(*id)),
            Op::Row(domain) | Op::Field(domain, _) | Op::FieldOf(_, domain, _) => drop(self.domains.insert(*domain)),
            Op::Over(over) => drop(self.domains.insert(over.domain)),
            _ => {}
        }
    }

    fn kind(&mut self, kind: &Kind) {
        match kind {
            Kind::Word(words) => drop(self.words.insert(*words)),
            Kind::Row(domain) => drop(self.domains.insert(*domain)),
            Kind::Set(of) => self.kind(of),
            _ => {}
        }
    }
}
