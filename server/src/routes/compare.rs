//! `POST /v1/programs/{program}/compare`: two versions on the same facts, and where their decisions differ.
//!
//! Each version decides by itself, whatever the days on which it is in force and whatever date a subject
//! would pick another one by.

use super::evaluate::{Asked, decide};
use super::{answer, not_text};
use crate::app::App;
use crate::envelope::{Envelope, invalid};
use crate::problem::{self, Problem};
use crate::{body, work};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;
use std::sync::Arc;
use tierline_engine::compare::{self, Difference};
use tierline_engine::evaluate::{Decision, Question};

/// The keys of a request.
const KEYS: [&str; 4] = ["facts", "old", "new", "as_of"];

/// Both decisions and where they differ.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Comparison {
    /// The decision of the old version, as `evaluate` gives it.
    #[schemars(with = "Decision<'static>")]
    pub old: Box<RawValue>,
    /// The decision of the new version, as `evaluate` gives it.
    #[schemars(with = "Decision<'static>")]
    pub new: Box<RawValue>,
    /// Every place at which they differ, but for the receipts; empty when they decide alike.
    /// Items of lists are held against each other by what names them.
    pub differences: Vec<Difference>,
}

/// Answers with both decisions and where they differ.
pub async fn compare(
    State(app): State<Arc<App>>,
    program: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let Path(program) = program.map_err(|rejection| not_text(&rejection))?;
    let set = app.rules.set();
    set.program(&program)?;
    let (head, body) = request.into_parts();
    let held = body::json(&app, &head.headers, body).await?;
    let metrics = Arc::clone(&app);
    let comparison = work::run(&app, held, move |held, arena| {
        let mut envelope = Envelope::read(held, &KEYS)?;
        let as_of = envelope.day("as_of");
        let old: Option<String> = envelope.required("old", "the name of a version");
        let new: Option<String> = envelope.required("new", "the name of a version");
        let facts = envelope.facts();
        envelope.checked()?;
        let (Some(as_of), Some(old), Some(new), Some(facts)) = (as_of, old, new, facts) else {
            return Err(invalid(Vec::new()));
        };
        let question = Question { alone: true, ..Question::on(as_of) };
        let mut decide = |version: &str, pointer: &'static str| {
            let asked = Asked { program: &program, version: Some(version), pointers: (pointer, "/as_of") };
            decide(&metrics, &set, &asked, facts, &question, arena).map(|(decision, _)| decision)
        };
        let (old, new) = (decide(&old, "/old")?, decide(&new, "/new")?);
        compared(&old, &new).ok_or_else(|| Problem::new(&problem::INTERNAL, "a decision cannot be read again"))
    })
    .await?;
    // Writing to memory cannot fail, and every key is text.
    Ok(answer::json(serde_json::to_vec(&comparison).unwrap_or_default()))
}

fn compared(old: &[u8], new: &[u8]) -> Option<Comparison> {
    let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).ok();
    let differences = compare::decisions(&read(old)?, &read(new)?);
    let raw = |bytes: &[u8]| RawValue::from_string(String::from_utf8(bytes.to_vec()).ok()?).ok();
    Some(Comparison { old: raw(old)?, new: raw(new)?, differences })
}
