//! The rules that are served: one set for all programs, replaced at once.
//!
//! A request takes the set that is there when it begins, and is answered by it alone.

mod candidate;
mod digest;
mod reading;
mod reload;

pub use candidate::{Reason, Refused, Served};
pub use reading::Reading;
pub use reload::{Done, Reloader};

use crate::problem::{self, Problem};
use arc_swap::ArcSwap;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::sync::Arc;
use tierline_engine::compile::Version;
use tierline_engine::finding::nearest;

/// The rules of all programs at one moment.
#[derive(Debug, Default)]
pub struct Set {
    /// The programs by name.
    pub programs: BTreeMap<String, Arc<Served>>,
    /// `sha256:…` over all of them.
    pub digest: String,
    /// The programs that nobody can be answered by: their rules were refused and there were none before.
    pub without: Vec<String>,
}

/// What became of the files, for those who operate the server.
#[derive(Clone, Debug)]
pub struct News {
    /// When the folders were read last.
    pub read_at: DateTime<Utc>,
    /// When the set that is served was put in.
    pub served_at: DateTime<Utc>,
    /// Why the folders cannot be read, when they cannot.
    pub unreadable: Option<String>,
    /// Since when other rules are served than those on disk.
    pub stale_since: Option<DateTime<Utc>>,
    /// What was refused and is still on disk, by program.
    pub refused: BTreeMap<String, Arc<Refused>>,
}

/// The rules that are served, and what became of their files.
#[derive(Debug)]
pub struct Rules {
    set: ArcSwap<Set>,
    news: ArcSwap<News>,
}

impl Rules {
    /// These rules.
    pub fn new(set: Set, news: News) -> Self {
        Self { set: ArcSwap::from_pointee(set), news: ArcSwap::from_pointee(news) }
    }

    /// The set that is served now.
    pub fn set(&self) -> Arc<Set> {
        self.set.load_full()
    }

    /// What became of the files.
    pub fn news(&self) -> Arc<News> {
        self.news.load_full()
    }

    /// Serves another set.
    pub fn serve(&self, set: Set) {
        self.set.store(Arc::new(set));
    }

    /// Tells what became of the files.
    pub fn tell(&self, news: News) {
        self.news.store(Arc::new(news));
    }
}

impl Set {
    /// The program called `name`.
    ///
    /// # Errors
    /// When there is none, or its rules were refused.
    pub fn program(&self, name: &str) -> Result<&Arc<Served>, Problem> {
        if let Some(served) = self.programs.get(name) {
            return Ok(served);
        }
        if self.without.iter().any(|program| program == name) {
            let detail = format!("the rules of `{name}` have errors, and there were none before them");
            return Err(Problem::new(&problem::RULES_REFUSED, detail).help("`/v1/status` says why"));
        }
        let problem = Problem::new(&problem::UNKNOWN_PROGRAM, format!("there is no program `{name}`"));
        Err(match nearest(name, self.programs.keys().map(String::as_str)) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem.help("`/v1/programs` lists them"),
        })
    }
}

impl Served {
    /// The version called `name`.
    ///
    /// # Errors
    /// When there is none.
    pub fn version(&self, name: &str) -> Result<&Version, Problem> {
        let versions = &self.program.versions;
        versions.iter().find(|version| version.name == name).ok_or_else(|| {
            let detail = format!("`{}` has no version `{name}`", self.program.name);
            let problem = Problem::new(&problem::UNKNOWN_VERSION, detail);
            match nearest(name, versions.iter().map(|version| version.name.as_str())) {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => problem.help(format!("`/v1/programs/{}` lists them", self.program.name)),
            }
        })
    }
}
