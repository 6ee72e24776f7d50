//! A program: the timeline of its versions, each with its plan or with what keeps it from one.

use super::Plan;
use super::union::conflicts;
use crate::check::check;
use crate::date::Date;
use crate::document::Node;
use crate::finding::{Finding, Findings, code, nearest};
use crate::load::{self, Library, Origins};
use crate::model::Model;
use crate::source::{FileId, Sources, Span};
use std::sync::Arc;

/// A program with all of its versions, in order of their first days.
#[derive(Debug)]
pub struct Program {
    /// Its name.
    pub name: String,
    /// Its versions.
    pub versions: Vec<Version>,
}

/// One version of a program.
#[derive(Debug)]
pub struct Version {
    /// Its name.
    pub name: String,
    /// `draft`, `published` or `retired`; only a published version is picked by date.
    pub status: String,
    /// What it is evaluated by; `None` when it has errors.
    pub plan: Option<Arc<Plan>>,
    /// The first day on which it is in force; none when it is open at its start.
    pub from: Option<Date>,
    /// The day after the last: the one written, else the next version's first day.
    pub until: Option<Date>,
    /// The partner's own day from which it binds each partner.
    binds: Option<String>,
    /// Its rule file.
    pub file: FileId,
    /// Where the version is written.
    pub place: Span,
    /// `sha256:…` over the files of the version.
    pub digest: String,
    /// The rules as a tree, with all that they go on from.
    pub document: Node,
    /// The same as an author could have written it in one file.
    pub whole: Node,
    /// By what way the texts of the version belong to it.
    pub origins: Origins,
}

impl Version {
    /// The partner's own day from which it binds each partner, as it is written.
    pub fn binds(&self) -> Option<&str> {
        self.binds.as_deref()
    }
}

/// A program as it was loaded: with its texts, and everything that is to be said of it.
#[derive(Debug)]
pub struct Load {
    /// The program.
    pub program: Program,
    /// The texts that findings point into.
    pub sources: Sources,
    /// What is wrong with it.
    pub findings: Findings,
}

/// Why no version answers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WhichVersion {
    /// The program has no version of that name.
    #[error("`{program}` has no version `{version}`{}", .near.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default())]
    Unknown {
        /// The program.
        program: String,
        /// The name that was asked for.
        version: String,
        /// The name that was most likely meant.
        near: Option<String>,
    },
    /// No version is in force on that day.
    #[error("no published version of `{program}` is in force on {date}")]
    NoneInForce {
        /// The program.
        program: String,
        /// The day.
        date: Date,
    },
    /// The version has errors, so it answers nothing.
    #[error("`{program}@{version}` has errors and cannot be used")]
    Broken {
        /// The program.
        program: String,
        /// The version.
        version: String,
    },
}

impl Program {
    /// Loads, checks and compiles every version of `name` in a rules folder, or in a library of rules and
    /// plugins.
    pub fn load<'a>(library: impl Into<Library<'a>>, name: &str) -> Load {
        let mut sources = Sources::default();
        let mut findings = Findings::default();
        let library = library.into();
        let written = load::program(library, name, &mut sources, &mut findings);
        let mut versions: Vec<Version> = Vec::new();
        let mut told = Vec::new();
        for mut version in written {
            let mut own = std::mem::take(&mut version.findings);
            let model = check(&version, &sources, &mut own);
            load::unlisted(library, &version.document, &sources, &mut own);
            told.push(own);
            let header = version.header.as_ref();
            let day = |day: Option<crate::rulebook::piece::Day>| day.map(|day| day.date);
            versions.push(Version {
                status: header.map_or_else(String::new, |header| header.status.text.clone()),
                from: day(header.and_then(|header| header.effective.from)),
                until: day(header.and_then(|header| header.effective.until)),
                binds: header.and_then(|header| header.effective.binds.as_ref()).map(|binds| binds.text.clone()),
                file: version.file,
                place: header.map_or(Span::top(version.file), |header| header.effective.place()),
                plan: model.map(|model| Arc::new(Plan::of(model, version.digest.clone()))),
                digest: version.digest,
                document: version.document,
                whole: version.whole,
                origins: version.origins,
                name: version.version,
            });
        }
        let all: Vec<_> = versions.iter().map(|version| &version.origins).zip(told).collect();
        load::gather(&all, &sources, &mut findings);
        versions.sort_by(|a, b| (a.from, &a.name).cmp(&(b.from, &b.name)));
        timeline(&mut versions, &mut findings);
        let plans: Vec<&Model> = versions.iter().filter_map(|version| Some(&version.plan.as_ref()?.model)).collect();
        conflicts(&plans, &mut findings);
        super::dated::unite(&mut versions, &mut findings);
        Load { program: Program { name: name.to_owned(), versions }, sources, findings }
    }

    /// The plan of the version called `version`, else of the published one in force on `date`.
    ///
    /// # Errors
    /// When there is none, or it has errors.
    pub fn plan(&self, version: Option<&str>, date: Date) -> Result<&Arc<Plan>, WhichVersion> {
        let found = self.version(version, date)?;
        found
            .plan
            .as_ref()
            .ok_or_else(|| WhichVersion::Broken { program: self.name.clone(), version: found.name.clone() })
    }

    /// The version called `version`, else the published one in force on `date`.
    ///
    /// # Errors
    /// When there is none.
    pub fn version(&self, version: Option<&str>, date: Date) -> Result<&Version, WhichVersion> {
        match version {
            Some(name) => self.versions.iter().find(|known| known.name == name).ok_or_else(|| WhichVersion::Unknown {
                program: self.name.clone(),
                version: name.to_owned(),
                near: nearest(name, self.versions.iter().map(|known| known.name.as_str())).map(str::to_owned),
            }),
            None => self
                .versions
                .iter()
                .filter(|known| known.status == PUBLISHED)
                .find(|known| {
                    known.from.is_none_or(|from| from <= date) && known.until.is_none_or(|until| date < until)
                })
                .ok_or_else(|| WhichVersion::NoneInForce { program: self.name.clone(), date }),
        }
    }
}

pub(super) const PUBLISHED: &str = "published";

/// Gives every published version without an end the next one's start, and tells of overlaps and gaps.
fn timeline(versions: &mut [Version], findings: &mut Findings) {
    let places: Vec<usize> = (0..versions.len()).filter(|place| versions[*place].status == PUBLISHED).collect();
    for pair in places.windows(2) {
        let (earlier, later) = versions.split_at_mut(pair[1]);
        let (before, after) = (&mut earlier[pair[0]], &later[0]);
        match (after.from, before.until) {
            (None, _) => findings.add(overlap(before, after)),
            (Some(_), Some(_)) if after.binds.is_some() => findings.add(
                Finding::new(
                    &code::CONFLICTING_KEYS,
                    before.place,
                    format!("`{}` ends on one day, and `{}` binds each partner from its own", before.name, after.name),
                )
                .and(after.place, "a partner that it does not bind yet would have no rules")
                .help("leave out `until`: the version then ends for each partner when the next one binds it"),
            ),
            (Some(start), None) if before.from == Some(start) => findings.add(overlap(before, after)),
            (Some(start), None) => before.until = Some(start),
            (Some(start), Some(until)) if until > start => findings.add(overlap(before, after)),
            (Some(start), Some(until)) if until < start => findings.add(
                Finding::new(
                    &code::VERSIONS_GAP,
                    after.place,
                    format!("no version is in force {}", span(until, start)),
                )
                .and(before.place, format!("`{}` is in force from here until {until}", before.name))
                .help("move one of the two dates, or leave out `until`"),
            ),
            (Some(_), Some(_)) => {}
        }
    }
}

/// The days from one to the day before another, in words.
fn span(from: Date, until: Date) -> String {
    match until.pred_opt() {
        Some(last) if last > from => format!("from {from} through {last}"),
        _ => format!("on {from}"),
    }
}

fn overlap(before: &Version, after: &Version) -> Finding {
    Finding::new(
        &code::VERSIONS_OVERLAP,
        after.place,
        format!("`{}` and `{}` are both in force on the same days", before.name, after.name),
    )
    .and(before.place, format!("`{}` is still in force then", before.name))
    .help("let the earlier version end where the later one starts")
}
