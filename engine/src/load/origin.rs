//! By what way a text belongs to a version: its own, that of a version it extends, or of a plugin.
//!
//! A mistake that stands in one file and shows in several versions is one finding, which says where it
//! is used.

use super::kind::Instance;
use crate::document::Name;
use crate::finding::{Finding, Findings, code};
use crate::source::{FileId, Sources, Span};
use std::collections::HashMap;

/// Texts that belong to a version by way of something else.
#[derive(Clone, Debug)]
pub struct Used {
    /// The files.
    pub files: Vec<FileId>,
    /// Where the version says that it uses them.
    pub place: Span,
    /// What it says there.
    pub said: String,
}

/// By what way the texts of a version belong to it.
#[derive(Clone, Debug, Default)]
pub struct Origins {
    /// Texts of others.
    pub used: Vec<Used>,
    /// Rules of kinds.
    pub instances: Vec<Instance>,
    /// What the version takes out of what it goes on from, by path, with what is said of that.
    pub removed: Vec<(Name, String)>,
    /// For each file that stands for a kind's own in one of those rules, the rule's place.
    files: HashMap<FileId, usize>,
}

/// How many places of use a finding shows.
const MOST_PLACES: usize = 4;

/// Adds what was found in each version: what stands in its own texts first, then what stands in others,
/// once, with the places that use it.
pub fn gather(all: &[(&Origins, Findings)], sources: &Sources, into: &mut Findings) {
    let mut others = Vec::new();
    for (origins, findings) in all {
        for finding in findings.iter() {
            let (finding, way) = origins.way(finding, sources);
            if way.is_empty() {
                into.add(finding);
            } else {
                others.push((finding, way));
            }
        }
    }
    others.into_iter().for_each(|(finding, way)| into.add_used(finding, way, MOST_PLACES));
}

impl Origins {
    /// The ways by these uses and rules of kinds.
    pub fn new(used: Vec<Used>, instances: Vec<Instance>) -> Self {
        let files =
            instances.iter().enumerate().flat_map(|(place, own)| own.files.iter().map(move |file| (*file, place)));
        Self { files: files.collect(), used, instances, removed: Vec::new() }
    }

    /// The same, with what the version `name` takes out.
    pub fn without(mut self, name: &str, paths: Vec<Name>) -> Self {
        self.removed = paths.into_iter().map(|path| (path, format!("`{name}` removes it here"))).collect();
        self
    }

    /// The rule of a kind to which this file belongs.
    pub fn instance(&self, file: FileId) -> Option<&Instance> {
        self.instances.get(*self.files.get(&file)?)
    }

    /// Whether the version says at this place that it uses what stands elsewhere.
    pub fn shows(&self, place: Span) -> bool {
        self.used.iter().any(|used| used.place == place)
            || self.removed.iter().any(|(path, _)| path.span == place)
            || self.instances.iter().any(|own| own.id.span == place)
    }

    /// The finding in the first of its files, and the way by which it concerns this version.
    fn way(&self, finding: &Finding, sources: &Sources) -> (Finding, Vec<(Span, String)>) {
        let first = |span: Span| Span { file: sources.first(span.file), ..span };
        let instance = self.instance(finding.span.file);
        let mut plain = finding.clone();
        plain.span = first(plain.span);
        plain.related.iter_mut().for_each(|(span, _)| *span = first(*span));
        // A value that a rule gives to its kind is judged by what the kind takes.
        let mut given = self.instances.iter().flat_map(|instance| &instance.given);
        if let Some(given) = given.find(|given| given.value.holds(finding.span)) {
            plain.related.push((given.taken, format!("the kind takes a value of type `{}`", given.of)));
        }
        let mut way = Vec::new();
        if let Some(instance) = instance {
            way.push((instance.id.span, format!("for this rule of the kind `{}`", instance.kind.text)));
        }
        let used = self.used.iter().find(|used| used.files.contains(&plain.span.file));
        let name = sources.text(plain.span).trim_matches(['"', '\'']);
        let removed = self.removed.iter().find(|(path, _)| {
            plain.code == &code::UNKNOWN_NAME && path.text.split('.').skip(1).any(|step| step == name)
        });
        match (removed, used) {
            (Some((path, said)), _) => way.push((path.span, said.clone())),
            (None, used) => way.extend(used.map(|used| (used.place, used.said.clone()))),
        }
        (plain, way)
    }
}
