//! `POST /v1/programs/{program}/evaluate/batch`: one document a line in, one decision a line out, in the
//! same order, while the input still comes. A bad line becomes an error line in its place.
//!
//! What is read and not yet answered, and what is answered and not yet taken, is a few chunks of lines,
//! however long the input is: whoever does not take the answers is not read any further.

use super::not_text;
use crate::app::App;
use crate::body;
use crate::envelope::invalid;
use crate::metrics::Outcome;
use crate::problem::{Place, Problem};
use crate::work::with_arena;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream::{self, Stream};
use http_body_util::BodyExt;
use serde_json::json;
use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use tierline_engine::compile::Plan;
use tierline_engine::date;
use tierline_engine::evaluate::Question;
use tierline_engine::portfolio::{self, Answer, Chunk, Splitter};
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::{JoinError, JoinHandle, spawn_blocking};
use tokio::time::timeout;

/// The types of a body, the first of them that of the answer.
pub const TYPES: [&str; 4] =
    ["application/x-ndjson", "application/ndjson", "application/jsonl", "application/json-lines"];

/// How many chunks of one batch are answered at once.
const AT_ONCE: usize = 2;

/// Answers line by line.
pub async fn batch(
    State(app): State<Arc<App>>,
    program: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let Path(program) = program.map_err(|rejection| not_text(&rejection))?;
    let (head, input) = request.into_parts();
    let set = app.rules.set();
    let served = set.program(&program)?;
    body::of_type(&head.headers, &TYPES)?;
    let query = query(head.uri.query().unwrap_or(""))?;
    let which = |cause| Problem::which_version(&cause, "", "");
    let plan = Arc::clone(served.program.plan(query.version.as_deref(), query.question.as_of).map_err(which)?);
    let busy = |_| Problem::too_busy("as many batches run as may");
    let permit = Arc::clone(&app.batches).try_acquire_owned().map_err(busy)?;
    let (sender, receiver) = channel(1);
    let batch =
        Batch { app, plan, question: Arc::new(query.question), sender, under_way: VecDeque::new(), _permit: permit };
    tokio::spawn(batch.run(input));
    let content_type = HeaderValue::from_static(TYPES[0]);
    Ok(([(header::CONTENT_TYPE, content_type)], Body::from_stream(answers(receiver))).into_response())
}

/// What is asked of every line.
struct Query {
    question: Question,
    version: Option<String>,
}

/// Reads the query: `as_of`, and perhaps `version` and `trace`.
fn query(text: &str) -> Result<Query, Problem> {
    let (mut as_of, mut version, mut trace) = (None, None, false);
    let mut errors = Vec::new();
    let mut wrong = |message: String| errors.push(Place::new("", message));
    for (key, value) in form_urlencoded::parse(text.as_bytes()) {
        match (&*key, &*value) {
            ("as_of", text) => match date::parse(text) {
                Some(day) => as_of = Some(day),
                None => wrong(format!("`as_of`: `{text}` is no day; expected a day such as 2024-12-31")),
            },
            ("version", text) => version = Some(text.to_owned()),
            ("trace", "true") => trace = true,
            ("trace", "false") => {}
            ("trace", text) => wrong(format!("`trace`: `{text}` is neither true nor false")),
            (key, _) => wrong(format!("`{key}` is not known in the query; it may hold as_of, version, trace")),
        }
    }
    if as_of.is_none() && errors.is_empty() {
        errors.push(Place::new("", "`as_of` is missing in the query").help(Some("add `?as_of=2024-12-31`".to_owned())));
    }
    match as_of {
        Some(as_of) if errors.is_empty() => {
            Ok(Query { question: Question { trace, named: version.is_some(), ..Question::on(as_of) }, version })
        }
        _ => Err(invalid(errors)),
    }
}

/// The lines that are answered, as they come; one that could not be read ends the connection. Whoever asks
/// again after the end is told again that it is there.
fn answers(mut receiver: Receiver<io::Result<Bytes>>) -> impl Stream<Item = io::Result<Bytes>> {
    stream::poll_fn(move |context| receiver.poll_recv(context))
}

struct Batch {
    app: Arc<App>,
    plan: Arc<Plan>,
    question: Arc<Question>,
    sender: Sender<io::Result<Bytes>>,
    under_way: VecDeque<JoinHandle<Vec<u8>>>,
    _permit: OwnedSemaphorePermit,
}

/// Nobody takes the answers any more, or they cannot be given.
struct Ended;

impl Batch {
    async fn run(mut self, mut input: Body) {
        let mut splitter = Splitter::default();
        let mut left = self.app.config.batch_limit.0;
        let ended = loop {
            let next = timeout(self.app.config.batch_timeout, input.frame());
            let next = match self.under_way.front_mut() {
                None => next.await,
                Some(first) => tokio::select! {
                    // Whoever writes slowly, line by line, is answered line by line.
                    done = first => {
                        self.under_way.pop_front();
                        if self.give(done).await.is_err() {
                            return;
                        }
                        continue;
                    }
                    next = next => next,
                },
            };
            let frame = match next {
                Err(_) => break Some("the next line did not arrive in time".to_owned()),
                Ok(None) => break None,
                Ok(Some(Err(cause))) => break Some(format!("the body cannot be read: {cause}")),
                Ok(Some(Ok(frame))) => frame,
            };
            let Ok(data) = frame.into_data() else { continue };
            if data.len() > left {
                let most = self.app.config.batch_limit.0;
                break Some(format!("a batch holds at most {most} bytes, decompressed"));
            }
            left -= data.len();
            if self.take_in(&mut splitter, &data).await.is_err() {
                return;
            }
        };
        let line = splitter.next_line();
        // What was cut off is not to be taken for a whole line.
        let rest = if ended.is_none() { splitter.finish() } else { splitter.chunk() };
        if self.answer(rest).await.is_err() || self.wait(0).await.is_err() {
            return;
        }
        if let Some(message) = ended {
            let place = json!({ "pointer": "", "message": message });
            let error = json!({ "title": "the batch was not read to its end", "errors": [place] });
            let told = format!("{}\n", json!({ "line": line, "error": error }));
            if self.send(told.into_bytes()).await.is_ok() {
                let _ = self.sender.send(Err(io::Error::other("the batch was not read to its end"))).await;
            }
        }
    }

    async fn take_in(&mut self, splitter: &mut Splitter, data: &[u8]) -> Result<(), Ended> {
        let mut rest = data;
        while !rest.is_empty() {
            rest = &rest[splitter.take_in(rest)..];
            if splitter.is_full() {
                self.answer(splitter.chunk()).await?;
            }
        }
        self.answer(splitter.chunk()).await
    }

    /// Begins to answer a chunk, when few enough are under way.
    async fn answer(&mut self, chunk: Chunk) -> Result<(), Ended> {
        if chunk.is_empty() {
            return Ok(());
        }
        self.wait(AT_ONCE - 1).await?;
        let (app, plan, question) = (Arc::clone(&self.app), Arc::clone(&self.plan), Arc::clone(&self.question));
        self.under_way.push_back(spawn_blocking(move || answered(&app, &plan, &question, &chunk)));
        Ok(())
    }

    /// Gives answers until at most `most` chunks are under way.
    async fn wait(&mut self, most: usize) -> Result<(), Ended> {
        while self.under_way.len() > most {
            let Some(task) = self.under_way.pop_front() else { return Ok(()) };
            self.give(task.await).await?;
        }
        Ok(())
    }

    /// Gives the answers of a chunk.
    async fn give(&self, done: Result<Vec<u8>, JoinError>) -> Result<(), Ended> {
        match done {
            Ok(bytes) => self.send(bytes).await,
            Err(_) => {
                let _ = self.sender.send(Err(io::Error::other("an evaluation ended unexpectedly"))).await;
                Err(Ended)
            }
        }
    }

    async fn send(&self, bytes: Vec<u8>) -> Result<(), Ended> {
        match timeout(self.app.config.batch_timeout, self.sender.send(Ok(bytes.into()))).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(Ended),
        }
    }
}

fn answered(app: &App, plan: &Plan, question: &Question, chunk: &Chunk) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (mut decisions, mut errors) = (0, 0);
    with_arena(|arena| {
        for (number, line) in chunk.lines() {
            match portfolio::answer(plan, question, number, line, arena, &mut bytes) {
                Answer::Decision => decisions += 1,
                Answer::Error => errors += 1,
            }
        }
    });
    let (program, version) = (&plan.model.program, &plan.model.version);
    app.metrics.evaluated(program, version, Outcome::Decision, decisions);
    app.metrics.evaluated(program, version, Outcome::Error, errors);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_says_the_day_and_nothing_unknown() {
        let wrong = |text: &str| match query(text) {
            Ok(_) => Vec::new(),
            Err(problem) => problem.errors.iter().map(|place| place.message.clone()).collect(),
        };
        assert_eq!(wrong("as_of=2024-12-31&version=2024-07&trace=true"), [""; 0]);
        assert_eq!(wrong(""), ["`as_of` is missing in the query"]);
        assert_eq!(
            wrong("as_of=soon&date=2024-12-31&trace=1"),
            [
                "`as_of`: `soon` is no day; expected a day such as 2024-12-31",
                "`date` is not known in the query; it may hold as_of, version, trace",
                "`trace`: `1` is neither true nor false",
            ]
        );
    }
}
