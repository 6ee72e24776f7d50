//! A candidate: the rules of one program as they are on disk, loaded, checked and tried by their own cases.
//! It is served when nothing is wrong with it, and refused with the reasons when something is.

use super::Reading;
use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tierline_engine::case;
use tierline_engine::compile::{Load, Program};
use tierline_engine::finding::Told;
use tierline_engine::load::{Folder, lock};

/// The most reasons that are kept of one refusal.
pub const MOST_REASONS: usize = 50;

/// A program that answers.
#[derive(Debug)]
pub struct Served {
    /// Its versions and their plans.
    pub program: Program,
    /// `sha256:…` over all of its files.
    pub digest: String,
    /// When it was loaded.
    pub loaded_at: DateTime<Utc>,
    /// The names of the versions that are locked.
    locked: Vec<String>,
}

/// A candidate that was refused.
#[derive(Clone, Debug)]
pub struct Refused {
    /// `sha256:…` over all of its files; none when they are gone.
    pub digest: Option<String>,
    /// When it was refused.
    pub at: DateTime<Utc>,
    /// Why, [`MOST_REASONS`] at most.
    pub reasons: Vec<Reason>,
    /// How many reasons there are.
    pub count: usize,
}

/// Why a candidate was refused.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "RefusalReason")]
pub enum Reason {
    /// A finding in its files.
    Finding(Told),
    /// A case that fails.
    Case(CaseFailed),
    /// Something else that keeps it from being served.
    Message(String),
}

/// A case that fails.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CaseFailed {
    /// The case.
    pub id: String,
    /// Its file.
    pub file: String,
    /// Its line, counted from 1.
    pub line: usize,
    /// The first thing that is not as expected: where it stands in the decision.
    pub path: String,
    /// What the case expects there.
    pub expected: String,
    /// What is there.
    pub found: String,
}

/// Loads and tries the rules of `name`, whose files have this digest.
///
/// # Errors
/// When something is wrong with them, or they take away what is `before` them and published.
pub fn load(reading: &Reading, name: &str, digest: &str, before: Option<&Served>) -> Result<Served, Refused> {
    let at = Utc::now();
    // Rules must not end the server, even by a mistake of the engine's.
    let tried = catch_unwind(AssertUnwindSafe(|| tried(reading, name, before)));
    let refused = |reasons: Vec<Reason>| {
        let count = reasons.len();
        let reasons = reasons.into_iter().take(MOST_REASONS).collect();
        Refused { digest: Some(digest.to_owned()), at, reasons, count }
    };
    match tried {
        Ok(Ok(program)) => {
            let locked = |name: &&String| lock::is_locked(&reading.rules, &format!("{}/{name}.toml", program.name));
            let names: Vec<&String> = program.versions.iter().map(|version| &version.name).collect();
            let locked = names.into_iter().filter(locked).cloned().collect();
            Ok(Served { program, digest: digest.to_owned(), loaded_at: at, locked })
        }
        Ok(Err(reasons)) => Err(refused(reasons)),
        Err(_) => Err(refused(vec![Reason::Message("the engine failed while it read them".to_owned())])),
    }
}

fn tried(reading: &Reading, name: &str, before: Option<&Served>) -> Result<Program, Vec<Reason>> {
    let rules = &reading.rules;
    let mut load = Program::load(reading.library(), name);
    if load.findings.has_errors() {
        return Err(errors(&load));
    }
    let files = case::read(rules, &load.program, &mut load.sources, &mut load.findings);
    if load.findings.has_errors() {
        return Err(errors(&load));
    }
    let mut reasons = Vec::new();
    for case in files.iter().flat_map(|file| &file.cases) {
        let outcome = case.run(&load.program);
        let Some(first) = outcome.differences.into_iter().next() else { continue };
        reasons.push(Reason::Case(CaseFailed {
            id: case.id.clone(),
            file: load.sources.file(case.span.file).path.to_string(),
            line: load.sources.position(case.span).line,
            path: first.path,
            expected: first.expected,
            found: first.found,
        }));
    }
    reasons.extend(before.into_iter().flat_map(|before| taken_away(rules, before, &load.program)));
    if reasons.is_empty() { Ok(load.program) } else { Err(reasons) }
}

fn errors(load: &Load) -> Vec<Reason> {
    let errors = load.findings.sorted().into_iter().filter(|finding| finding.is_error());
    errors.map(|finding| Reason::Finding(finding.told(&load.sources))).collect()
}

/// What was published before and is gone now, or was locked and is changed without its lock.
fn taken_away(rules: &Folder, before: &Served, now: &Program) -> Vec<Reason> {
    let mut reasons = Vec::new();
    for version in &before.program.versions {
        let name = format!("{}@{}", now.name, version.name);
        match now.versions.iter().find(|known| known.name == version.name) {
            None if version.status == "published" => {
                reasons.push(Reason::Message(format!("`{name}` was published and is gone; put it back, or retire it")));
            }
            Some(known) if before.locked.contains(&version.name) && known.digest != version.digest => {
                let path = format!("{}/{}.toml", now.name, version.name);
                if !lock::is_locked(rules, &path) {
                    let said = format!("`{name}` was locked, and is changed now that its lock is gone");
                    reasons.push(Reason::Message(said));
                }
            }
            _ => {}
        }
    }
    reasons
}

impl Refused {
    /// The whole program is gone.
    pub fn gone(name: &str) -> Self {
        let said = format!("the folder of `{name}` holds no rules any more; restart the server to serve it no longer");
        Self { digest: None, at: Utc::now(), reasons: vec![Reason::Message(said)], count: 1 }
    }
}

impl Reason {
    /// The reason in a line, for the log.
    pub fn told(&self) -> String {
        match self {
            Reason::Finding(finding) => {
                let (place, message) = (&finding.place, &finding.message);
                format!("{}:{}:{}: {message} ({})", place.file, place.line, place.column, finding.name)
            }
            Reason::Case(case) => {
                let CaseFailed { id, file, line, path, expected, found } = case;
                format!("{file}:{line}: the case `{id}` expects {expected} at {path}, and there is {found}")
            }
            Reason::Message(message) => message.clone(),
        }
    }
}
