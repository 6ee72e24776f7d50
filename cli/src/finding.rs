//! Findings as people and programs read them: which ones, and in which of four forms.

pub mod github;
pub mod human;
pub mod json;
pub mod sarif;

use tierline_engine::compile::Load;
use tierline_engine::finding::Finding;
use tierline_engine::load::Folder;
use tierline_engine::source::{Position, Sources, Span};

/// The findings of a program, or of one of its versions, by file and place.
#[derive(Debug)]
pub struct Chosen<'l> {
    /// The program, or `PROGRAM@VERSION`.
    pub name: String,
    /// How many versions were looked at.
    pub versions: usize,
    /// Whether it is told that nothing is wrong, where nothing is.
    pub ticked: bool,
    /// Where versions say that they use what stands elsewhere.
    pub uses: Vec<Span>,
    /// The texts that the findings point into.
    pub sources: &'l Sources,
    /// The findings.
    pub findings: Vec<&'l Finding>,
}

impl<'l> Chosen<'l> {
    /// Those of all versions.
    pub fn all(load: &'l Load) -> Self {
        let folder = |path: &str| path.rsplit('/').nth(1).map(str::to_owned);
        let rule_file = |path: &str| path.ends_with(".toml") && folder(path).as_deref() == Some(&load.program.name);
        let rule_files = load.sources.files().filter(|file| rule_file(&file.path)).count();
        Self {
            name: load.program.name.clone(),
            versions: rule_files.max(load.program.versions.len()),
            ticked: true,
            uses: uses(load),
            sources: &load.sources,
            findings: load.findings.sorted(),
        }
    }

    /// Those of one version: the ones that stand in no other file of rules, or that show in this version. What
    /// stands beside the rules, in cases and samples, was looked for in this version alone.
    pub fn version(load: &'l Load, rules: &Folder, version: &str) -> Self {
        let program = &load.program.name;
        let own = rules.shown(&format!("{program}/{version}.toml"));
        let path = |span: Span| &load.sources.file(span.file).path;
        let known = load.program.versions.iter().find(|known| known.name == version);
        let shows = |span: Span| known.is_some_and(|known| known.origins.shows(span));
        let beside = [rules.shown(&format!("{program}/cases/")), rules.shown(&format!("{program}/samples/"))];
        // A table or script with errors belongs to no version that can be used.
        let usable = known.is_some_and(|known| known.plan.is_some());
        let elsewhere = |finding: &Finding| {
            let path = path(finding.span);
            let here = **path == *own || beside.iter().any(|folder| path.starts_with(folder));
            let related = finding.related.iter().any(|(span, _)| shows(*span));
            !here && !related && (path.ends_with(".toml") || (usable && finding.is_error()))
        };
        Self {
            name: format!("{program}@{version}"),
            versions: 1,
            ticked: true,
            uses: uses(load),
            sources: &load.sources,
            findings: load.findings.sorted().into_iter().filter(|finding| !elsewhere(finding)).collect(),
        }
    }

    /// Whether one of them keeps rules from being used.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.is_error())
    }

    /// Whether a place of a finding only says that what stands in another file is used.
    pub fn is_use(&self, finding: &Finding, span: Span) -> bool {
        span.file != finding.span.file && self.uses.contains(&span)
    }

    /// The place of `span`.
    pub fn place(&self, span: Span) -> Place<'l> {
        let end = Span { start: span.end, ..span };
        Place {
            file: &self.sources.file(span.file).path,
            start: self.sources.position(span),
            end: self.sources.position(end),
        }
    }
}

/// Where the versions of a program say which others they go on from, and which plugins they list.
pub fn uses(load: &Load) -> Vec<Span> {
    load.program.versions.iter().flat_map(|version| version.origins.used.iter().map(|used| used.place)).collect()
}

/// Where something stands, as people count.
#[derive(Clone, Copy, Debug)]
pub struct Place<'l> {
    /// The path of the file.
    pub file: &'l str,
    /// The first character.
    pub start: Position,
    /// The character after the last.
    pub end: Position,
}

/// `1 error`, `2 errors`.
pub fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
