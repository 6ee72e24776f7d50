//! `POST /v1/programs/{program}/evaluate`: one decision.

use super::{answer, not_text};
use crate::app::App;
use crate::envelope::Envelope;
use crate::metrics::Outcome;
use crate::observe::Answered;
use crate::problem::Problem;
use crate::rules::Set;
use crate::{body, work};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use std::sync::Arc;
use tierline_engine::evaluate::Question;
use tierline_engine::facts::{self, Arena};

/// The keys of a request.
pub const KEYS: [&str; 4] = ["as_of", "version", "facts", "trace"];

/// Answers with the decision.
pub async fn evaluate(
    State(app): State<Arc<App>>,
    program: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let Path(program) = program.map_err(|rejection| not_text(&rejection))?;
    let set = app.rules.set();
    set.program(&program)?;
    let (head, body) = request.into_parts();
    let held = body::json(&app, &head.headers, body).await?;
    let shared = Arc::clone(&app);
    let (decision, answered) = work::run(&app, held, move |held, arena| {
        let mut envelope = Envelope::read(held, &KEYS)?;
        let as_of = envelope.day("as_of");
        let version: Option<String> = envelope.optional("version", "the name of a version");
        let trace = envelope.optional("trace", "true or false").unwrap_or(false);
        let facts = envelope.facts();
        envelope.checked()?;
        let (Some(as_of), Some(facts)) = (as_of, facts) else { return Err(crate::envelope::invalid(Vec::new())) };
        let question = Question { trace, named: version.is_some(), ..shared.question(as_of) };
        let asked = Asked { program: &program, version: version.as_deref(), pointers: ("/version", "/as_of") };
        decide(&shared, &set, &asked, facts, &question, arena)
    })
    .await?;
    let mut response = answer::json(decision);
    response.extensions_mut().insert(answered);
    Ok(response)
}

/// Who is asked, and where in the request that is said.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'r> {
    /// The program.
    pub program: &'r str,
    /// The version, where one is named.
    pub version: Option<&'r str>,
    /// The places of the version and of the day.
    pub pointers: (&'static str, &'static str),
}

/// The decision as JSON, and who made it.
///
/// # Errors
/// When no version answers, the facts do not fit, or there is no answer.
pub fn decide(
    app: &App,
    set: &Set,
    asked: &Asked<'_>,
    document: &[u8],
    question: &Question,
    arena: &mut Arena,
) -> Result<(Vec<u8>, Answered), Problem> {
    arena.reset();
    let served = set.program(asked.program)?;
    let which = |cause| Problem::which_version(&cause, asked.pointers.0, asked.pointers.1);
    let plan = served.program.plan(asked.version, question.as_of).map_err(which)?;
    let (program, version) = (&plan.model.program, &plan.model.version);
    let rulebook = || format!("{program}@{version}");
    let decided = facts::read(&plan.schema, document, arena)
        .map_err(|error| Problem::facts(&rulebook(), "/facts", error))
        .and_then(|facts| match plan.decide(&facts, question, arena) {
            Ok(decision) => Ok(decision.to_json()),
            Err(failure) => Err(Problem::no_answer(&failure)),
        });
    let outcome = if decided.is_ok() { Outcome::Decision } else { Outcome::Error };
    app.metrics.evaluated(program, version, outcome, 1);
    Ok((decided?, Answered(Arc::clone(plan))))
}
