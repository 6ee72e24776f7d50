//! `GET /v1/programs…`: what is served, and what it says, in words and with its sources.

use super::answer::{tagged, tagged_bytes};
use super::not_text;
use crate::app::App;
use crate::language;
use crate::problem::{self, Problem};
use crate::rules::Served;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;
use tierline_engine::compile::{Plan, Version};
use tierline_engine::describe::{self, Described};
use tierline_engine::facts::json_schema;
use tierline_engine::finding::nearest;
use tierline_engine::rulebook::piece::Language;

/// Every program.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ProgramsAnswer {
    /// `sha256:…` over the rules of all programs.
    pub digest: String,
    /// The programs, by name.
    pub programs: Vec<ProgramAnswer>,
}

/// A program.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ProgramAnswer {
    /// Its name.
    pub program: String,
    /// What people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its versions, in order of their first days.
    pub versions: Vec<VersionSummary>,
}

/// A version in a line.
#[derive(Debug, Serialize, JsonSchema)]
pub struct VersionSummary {
    /// Its name.
    pub version: String,
    /// `draft`, `published` or `retired`; only a published version is picked by date.
    pub status: String,
    /// The first day on which it is in force; none when it is open at its start.
    pub from: Option<String>,
    /// The day after the last; none when it is open at its end.
    pub until: Option<String>,
    /// The partner's own day from which it binds each partner, as the rulebook writes it; the version before
    /// decides until then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub binds: Option<String>,
    /// `sha256:…` over its files, as receipts name it.
    pub digest: String,
}

/// A version with its rules in words.
#[derive(Debug, Serialize, JsonSchema)]
pub struct VersionAnswer {
    /// The program.
    pub program: String,
    /// The version.
    #[serde(flatten)]
    pub summary: VersionSummary,
    /// Every rule in words: first the frame of the rulebook, then the rest by kind.
    pub rules: Vec<Described>,
}

/// A rule in words.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RuleAnswer {
    /// The program.
    pub program: String,
    /// The version.
    pub version: String,
    /// `sha256:…` over the files of the version.
    pub digest: String,
    /// The rule.
    pub rule: Described,
}

/// Lists the programs.
pub async fn programs(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let language = language::chosen(&headers);
    let set = app.rules.set();
    let programs = set.programs.values().map(|served| of(served, language)).collect();
    tagged(&headers, &ProgramsAnswer { digest: set.digest.clone(), programs }, Some(language))
}

/// Shows a program.
pub async fn program(
    State(app): State<Arc<App>>,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Path(program) = path.map_err(|rejection| not_text(&rejection))?;
    let language = language::chosen(&headers);
    Ok(tagged(&headers, &of(app.rules.set().program(&program)?, language), Some(language)))
}

/// Shows a version.
pub async fn version(
    State(app): State<Arc<App>>,
    path: Result<Path<(String, String)>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Path((program, version)) = path.map_err(|rejection| not_text(&rejection))?;
    let set = app.rules.set();
    let (version, plan) = usable(set.program(&program)?, &version)?;
    let language = language::chosen(&headers);
    let rules = describe::rulebook(&plan.model, language);
    Ok(tagged(&headers, &VersionAnswer { program, summary: summary(version), rules }, Some(language)))
}

/// Explains a rule.
pub async fn rule(
    State(app): State<Arc<App>>,
    path: Result<Path<(String, String, String)>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Path((program, version, rule)) = path.map_err(|rejection| not_text(&rejection))?;
    let set = app.rules.set();
    let (version, plan) = usable(set.program(&program)?, &version)?;
    let language = language::chosen(&headers);
    let Some(described) = describe::rule(&plan.model, &rule, language) else {
        return Err(no_rule(plan, &rule));
    };
    let (version, digest) = (version.name.clone(), version.digest.clone());
    Ok(tagged(&headers, &RuleAnswer { program, version, digest, rule: described }, Some(language)))
}

/// Gives the JSON Schema of the facts of a version.
pub async fn facts_schema(
    State(app): State<Arc<App>>,
    path: Result<Path<(String, String)>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Path((program, version)) = path.map_err(|rejection| not_text(&rejection))?;
    let set = app.rules.set();
    let (_, plan) = usable(set.program(&program)?, &version)?;
    let bytes = serde_json::to_vec(&json_schema(&plan.model)).unwrap_or_default();
    Ok(tagged_bytes(&headers, bytes, HeaderValue::from_static("application/schema+json"), None))
}

fn no_rule(plan: &Plan, rule: &str) -> Problem {
    let (program, version) = (&plan.model.program, &plan.model.version);
    let problem = Problem::new(&problem::UNKNOWN_RULE, format!("`{program}@{version}` has no rule `{rule}`"));
    let known = describe::ids(&plan.model);
    match nearest(rule, known.iter().map(String::as_str)) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help(format!("`/v1/programs/{program}/versions/{version}` lists the rules")),
    }
}

/// A version and its plan; every version of a program that is served has one.
fn usable<'s>(served: &'s Served, name: &str) -> Result<(&'s Version, &'s Arc<Plan>), Problem> {
    let version = served.version(name)?;
    let problem = || Problem::new(&problem::RULES_REFUSED, format!("`{name}` has errors and cannot be used"));
    Ok((version, version.plan.as_ref().ok_or_else(problem)?))
}

fn of(served: &Served, language: Language) -> ProgramAnswer {
    let versions = &served.program.versions;
    let plans = versions.iter().rev().filter_map(|version| version.plan.as_ref());
    let title = plans.filter_map(|plan| plan.model.title.as_ref()).next();
    ProgramAnswer {
        program: served.program.name.clone(),
        title: title.map(|title| title.text(language).to_owned()),
        versions: versions.iter().map(summary).collect(),
    }
}

fn summary(version: &Version) -> VersionSummary {
    VersionSummary {
        version: version.name.clone(),
        status: version.status.clone(),
        from: version.from.map(|day| day.to_string()),
        until: version.until.map(|day| day.to_string()),
        binds: version.binds().map(str::to_owned),
        digest: version.digest.clone(),
    }
}
