//! `GET /v1/status`: which rules are served, since when, and what was refused and why.

use super::answer;
use crate::app::App;
use crate::rules::{News, Reason, Refused, Set};
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, SecondsFormat, Utc};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::Arc;

/// How the server does.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StatusAnswer {
    /// The version of the engine, as receipts name it.
    pub engine: String,
    /// `sha256:…` over the rules of all programs; replicas with the same answer alike.
    pub digest: String,
    /// When rules were put in last.
    pub served_at: String,
    /// When the folders were read last.
    pub read_at: String,
    /// Since when other rules are served than those on disk; none when they are the same.
    pub stale_since: Option<String>,
    /// Why the folders cannot be read; none when they can.
    pub unreadable: Option<String>,
    /// The programs, those without rules among them.
    pub programs: Vec<ProgramStatus>,
}

/// How a program does.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ProgramStatus {
    /// Its name.
    pub program: String,
    /// `sha256:…` over all of its files, cases among them; none when no rules are served.
    pub digest: Option<String>,
    /// When the rules that are served were loaded.
    pub loaded_at: Option<String>,
    /// For how many seconds they are served.
    pub age_seconds: Option<i64>,
    /// The versions that are served.
    pub versions: Vec<VersionStatus>,
    /// What is on disk and was refused; none when what is on disk is served.
    pub refused: Option<RefusedStatus>,
}

/// A version that is served.
#[derive(Debug, Serialize, JsonSchema)]
pub struct VersionStatus {
    /// Its name.
    pub version: String,
    /// `draft`, `published` or `retired`.
    pub status: String,
    /// `sha256:…` over its files, as receipts name it.
    pub digest: String,
}

/// Rules that were refused.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RefusedStatus {
    /// `sha256:…` over the files that were refused; none when they are gone.
    pub digest: Option<String>,
    /// When.
    pub at: String,
    /// Why: the first of the reasons.
    pub reasons: Vec<Reason>,
    /// How many reasons there are.
    pub count: usize,
}

/// Answers with how the server does.
pub async fn status(State(app): State<Arc<App>>) -> Response {
    let (set, news) = (app.rules.set(), app.rules.news());
    // Writing to memory cannot fail, and every key is text.
    answer::json(serde_json::to_vec(&of(&set, &news)).unwrap_or_default())
}

fn of(set: &Set, news: &News) -> StatusAnswer {
    let names: BTreeSet<&String> = set.programs.keys().chain(news.refused.keys()).collect();
    StatusAnswer {
        engine: tierline_engine::evaluate::decision::ENGINE.to_owned(),
        digest: set.digest.clone(),
        served_at: time(news.served_at),
        read_at: time(news.read_at),
        stale_since: news.stale_since.map(time),
        unreadable: news.unreadable.clone(),
        programs: names.into_iter().map(|name| program(name, set, news)).collect(),
    }
}

fn program(name: &str, set: &Set, news: &News) -> ProgramStatus {
    let served = set.programs.get(name);
    let versions = served.iter().flat_map(|served| &served.program.versions).map(|version| VersionStatus {
        version: version.name.clone(),
        status: version.status.clone(),
        digest: version.digest.clone(),
    });
    ProgramStatus {
        program: name.to_owned(),
        digest: served.map(|served| served.digest.clone()),
        loaded_at: served.map(|served| time(served.loaded_at)),
        age_seconds: served.map(|served| (Utc::now() - served.loaded_at).num_seconds().max(0)),
        versions: versions.collect(),
        refused: news.refused.get(name).map(|refused| of_refused(refused)),
    }
}

fn of_refused(refused: &Refused) -> RefusedStatus {
    RefusedStatus {
        digest: refused.digest.clone(),
        at: time(refused.at),
        reasons: refused.reasons.clone(),
        count: refused.count,
    }
}

fn time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}
