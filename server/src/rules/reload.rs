//! From readings of the folder to what is served, step by step.
//!
//! A change is used when every reading over some time has shown the same files: whoever saves two files
//! one after the other is not read between them. While that time runs, the candidates are loaded and
//! tried, so that nothing is left to do at its end but to serve them.

use super::candidate::{self, Refused, Served};
use super::{News, Reading, Rules, Set, digest};
use chrono::Utc;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tierline_engine::load::StoreError;

/// Takes readings of the folder and serves what they come to.
#[derive(Debug)]
pub struct Reloader {
    settle: Duration,
    /// The files as they were read last, and since when they are so.
    seen: Option<(String, Instant)>,
    /// What the files that were seen come to, when that is known.
    prepared: Option<Prepared>,
    /// The files by which the served set was made.
    acted: Option<String>,
    refused: BTreeMap<String, Arc<Refused>>,
    /// How often the folder could not be read, one time after the other.
    failures: u32,
}

/// What the files come to.
#[derive(Debug)]
struct Prepared {
    programs: BTreeMap<String, Arc<Served>>,
    loaded: Vec<String>,
    refused: BTreeMap<String, Arc<Refused>>,
    newly_refused: Vec<String>,
}

/// What a reading led to.
#[derive(Debug, PartialEq, Eq)]
pub enum Done {
    /// The files are as they were.
    Nothing,
    /// They have changed; they are to be read again soon.
    Waits,
    /// Candidates were served or refused.
    Served {
        /// The programs that answer by new rules.
        loaded: Vec<String>,
        /// The programs whose candidates were refused.
        refused: Vec<String>,
    },
    /// The folder cannot be read.
    Unreadable(String),
}

/// A folder that is being changed may be unreadable for a moment; after this many times it is told.
const FAILURES: u32 = 5;

impl Reloader {
    /// The rules of a server that starts.
    pub fn start(reading: &Reading, settle: Duration) -> (Self, Rules) {
        let now = Utc::now();
        let mut reloader =
            Self { settle, seen: None, prepared: None, acted: None, refused: BTreeMap::new(), failures: 0 };
        let all = digest::programs(reading);
        let prepared = reloader.prepare(reading, &all, &Set::default());
        let news = News {
            read_at: now,
            served_at: now,
            unreadable: None,
            stale_since: (!prepared.refused.is_empty()).then_some(now),
            refused: prepared.refused.clone(),
        };
        reloader.acted = Some(whole(&all));
        reloader.seen = reloader.acted.clone().map(|digest| (digest, Instant::now()));
        reloader.refused.clone_from(&prepared.refused);
        (reloader, Rules::new(set(prepared.programs, &prepared.refused), news))
    }

    /// Takes in how the folder was `now`.
    pub fn step(&mut self, read: Result<Reading, StoreError>, now: Instant, rules: &Rules) -> Done {
        let reading = match read {
            Ok(reading) => reading,
            Err(cause) => return self.unreadable(&cause, rules),
        };
        self.failures = 0;
        let all = digest::programs(&reading);
        let digest = whole(&all);
        match &self.seen {
            Some((seen, _)) if *seen == digest => {}
            _ => {
                self.seen = Some((digest, now));
                self.prepared = None;
                return Done::Waits;
            }
        }
        if self.acted.as_ref() == Some(&digest) {
            self.read_again(rules);
            return Done::Nothing;
        }
        let prepared = match self.prepared.take() {
            Some(prepared) => prepared,
            None => {
                self.prepared = Some(self.prepare(&reading, &all, &rules.set()));
                // Loading takes its time, so the files are read once more before they are used.
                return Done::Waits;
            }
        };
        if self.seen.as_ref().is_none_or(|(_, since)| now.duration_since(*since) < self.settle) {
            self.prepared = Some(prepared);
            return Done::Waits;
        }
        self.acted = Some(digest);
        self.act(prepared, rules)
    }

    fn prepare(&self, reading: &Reading, all: &BTreeMap<String, String>, before: &Set) -> Prepared {
        let (mut loaded, mut newly_refused) = (Vec::new(), Vec::new());
        let (mut programs, mut refused) = (before.programs.clone(), BTreeMap::new());
        for (name, digest) in all {
            let served = before.programs.get(name);
            if served.is_some_and(|served| served.digest == *digest) {
                continue;
            }
            if let Some(known) = self.refused.get(name).filter(|known| known.digest.as_ref() == Some(digest)) {
                refused.insert(name.clone(), Arc::clone(known));
                continue;
            }
            match candidate::load(reading, name, digest, served.map(Arc::as_ref)) {
                Ok(candidate) => {
                    programs.insert(name.clone(), Arc::new(candidate));
                    loaded.push(name.clone());
                }
                Err(reasons) => {
                    refused.insert(name.clone(), Arc::new(reasons));
                    newly_refused.push(name.clone());
                }
            }
        }
        for name in before.programs.keys().filter(|name| !all.contains_key(*name)) {
            let known = self.refused.get(name).filter(|known| known.digest.is_none());
            if known.is_none() {
                newly_refused.push(name.clone());
            }
            refused.insert(name.clone(), known.cloned().unwrap_or_else(|| Arc::new(Refused::gone(name))));
        }
        Prepared { programs, loaded, refused, newly_refused }
    }

    fn act(&mut self, prepared: Prepared, rules: &Rules) -> Done {
        let now = Utc::now();
        let before = rules.news();
        self.refused.clone_from(&prepared.refused);
        rules.serve(set(prepared.programs, &prepared.refused));
        rules.tell(News {
            read_at: now,
            served_at: if prepared.loaded.is_empty() { before.served_at } else { now },
            unreadable: None,
            stale_since: (!prepared.refused.is_empty()).then(|| before.stale_since.unwrap_or(now)),
            refused: prepared.refused,
        });
        Done::Served { loaded: prepared.loaded, refused: prepared.newly_refused }
    }

    /// The files are those by which the served set was made.
    fn read_again(&self, rules: &Rules) {
        let before = rules.news();
        let stale_since = before.stale_since.filter(|_| !before.refused.is_empty());
        rules.tell(News { read_at: Utc::now(), unreadable: None, stale_since, ..News::clone(&before) });
    }

    fn unreadable(&mut self, cause: &StoreError, rules: &Rules) -> Done {
        self.failures += 1;
        if self.failures < FAILURES {
            return Done::Waits;
        }
        let before = rules.news();
        let cause = cause.to_string();
        let told = before.unreadable.as_ref() == Some(&cause);
        let stale_since = before.stale_since.or_else(|| Some(Utc::now()));
        rules.tell(News { unreadable: Some(cause.clone()), stale_since, ..News::clone(&before) });
        if told { Done::Nothing } else { Done::Unreadable(cause) }
    }
}

fn whole(programs: &BTreeMap<String, String>) -> String {
    digest::of_all(programs.iter().map(|(program, digest)| (program.as_str(), digest.as_str())))
}

fn set(programs: BTreeMap<String, Arc<Served>>, refused: &BTreeMap<String, Arc<Refused>>) -> Set {
    let digest = digest::of_all(programs.iter().map(|(name, served)| (name.as_str(), served.digest.as_str())));
    let without = refused.keys().filter(|name| !programs.contains_key(*name)).cloned().collect();
    Set { programs, digest, without }
}

#[cfg(test)]
mod tests;
