//! Everything that can go wrong with a request, as a problem document (RFC 9457).
//!
//! A problem says what is wrong, where in the request it stands, and how to mend it.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;
use std::ops::Deref;
use tierline_engine::compile::WhichVersion;
use tierline_engine::evaluate::Failure;
use tierline_engine::facts::FactsError;

/// A kind of problem; its name is permanent.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// Its name, such as `invalid-facts`.
    pub name: &'static str,
    /// The status of the answer.
    pub status: u16,
    /// What it is, the same for every such problem.
    pub title: &'static str,
}

macro_rules! kinds {
    ($($constant:ident = $status:literal $name:literal $title:literal;)+) => {
        $(#[doc = $title] pub static $constant: Kind = Kind { name: $name, status: $status, title: $title };)+
        /// Every kind, by status.
        pub static KINDS: &[&Kind] = &[$(&$constant),+];
    };
}

kinds! {
    MALFORMED_JSON = 400 "malformed-json" "The body is not valid JSON";
    MALFORMED_REQUEST = 400 "malformed-request" "The request cannot be read";
    NO_TOKEN = 401 "no-token" "The request carries no valid token";
    OUT_OF_SCOPE = 403 "out-of-scope" "The token does not allow this";
    NOT_FOUND = 404 "not-found" "There is nothing at this address";
    UNKNOWN_PROGRAM = 404 "unknown-program" "There is no such program";
    UNKNOWN_VERSION = 404 "unknown-version" "The program has no such version";
    UNKNOWN_RULE = 404 "unknown-rule" "The version has no such rule";
    WRONG_METHOD = 405 "wrong-method" "The address does not take this method";
    TOO_SLOW = 408 "too-slow" "The body did not arrive in time";
    TOO_LARGE = 413 "too-large" "The body is too large";
    WRONG_TYPE = 415 "wrong-content-type" "The body is of a type or encoding that is not taken";
    INVALID_REQUEST = 422 "invalid-request" "The request does not say what it must say";
    INVALID_FACTS = 422 "invalid-facts" "The facts do not fit the rules";
    NO_VERSION = 422 "no-version" "No version of the rules answers";
    NO_ANSWER = 422 "no-answer" "The evaluation has no answer";
    HEAD_TOO_LARGE = 431 "head-too-large" "The head of the request is too large";
    INTERNAL = 500 "internal" "The server failed";
    FAILING_RULE = 500 "failing-rule" "A rule failed";
    RULES_REFUSED = 503 "rules-refused" "The program's rules were refused and none are served";
    NOT_READY = 503 "not-ready" "The server is not ready";
    TOO_BUSY = 503 "too-busy" "The server has as much to do as it may have";
    TOO_LONG = 503 "too-long" "The evaluation took longer than it may";
}

/// A problem on its way to whoever sends it.
#[derive(Clone, Debug)]
pub struct Problem(Box<Document>);

/// A problem, as it is sent.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
pub struct Document {
    /// Where the kind of problem is explained: `/docs#problem-NAME`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind of problem.
    pub title: &'static str,
    /// The status of the answer.
    pub status: u16,
    /// What is wrong this time.
    pub detail: String,
    /// How to mend it, when that can be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The places in the request at which something is wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Place>,
    /// The id under which the log knows the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The headers that go with it.
    #[serde(skip)]
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// A place in the request at which something is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ProblemPlace")]
pub struct Place {
    /// Where it stands, as a JSON Pointer (RFC 6901) into the body.
    pub pointer: String,
    /// What is wrong.
    pub message: String,
    /// How to mend it, when that can be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

impl Place {
    /// Something that is wrong at `pointer`.
    pub fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), message: message.into(), help: None }
    }

    /// The same, with a way to mend it where one is known.
    pub fn help(self, help: Option<String>) -> Self {
        Self { help, ..self }
    }
}

impl Deref for Problem {
    type Target = Document;

    fn deref(&self) -> &Document {
        &self.0
    }
}

impl Problem {
    /// A problem of this kind.
    pub fn new(kind: &Kind, detail: impl Into<String>) -> Self {
        Self(Box::new(Document {
            kind: format!("/docs#problem-{}", kind.name),
            title: kind.title,
            status: kind.status,
            detail: detail.into(),
            help: None,
            errors: Vec::new(),
            request_id: None,
            headers: Vec::new(),
        }))
    }

    /// The same, with a way to mend it.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    /// The same, at these places.
    pub fn at(mut self, errors: Vec<Place>) -> Self {
        self.0.errors = errors;
        self
    }

    /// The same, with a header.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.push((name, value));
        self
    }

    /// There is too much to do just now.
    pub fn too_busy(detail: &str) -> Self {
        Self::new(&TOO_BUSY, detail).header(header::RETRY_AFTER, HeaderValue::from_static("1"))
    }

    /// The facts, which stand at `pointer` in the body, do not fit `rulebook`.
    pub fn facts(rulebook: &str, pointer: &str, error: FactsError) -> Self {
        let places = error.problems.into_iter().map(|problem| Place {
            pointer: format!("{pointer}{}", problem.pointer),
            message: problem.message,
            help: problem.help,
        });
        Self::new(&INVALID_FACTS, format!("the facts do not fit `{rulebook}`")).at(places.collect())
    }

    /// The evaluation has no answer.
    pub fn no_answer(failure: &Failure) -> Self {
        let kind = if matches!(failure, Failure::Script { .. }) { &FAILING_RULE } else { &NO_ANSWER };
        Self::new(kind, failure.to_string())
    }

    /// No version answers what the body asks for.
    pub fn which_version(cause: &WhichVersion, version: &str, date: &str) -> Self {
        let pointer = match cause {
            WhichVersion::NoneInForce { .. } => date,
            WhichVersion::Unknown { .. } | WhichVersion::Broken { .. } => version,
        };
        Self::new(&NO_VERSION, cause.to_string()).at(vec![Place::new(pointer, cause.to_string())])
    }

    /// The problem as it is sent, with the id of its request.
    pub fn sent(mut self, request_id: &str) -> Response {
        self.0.request_id = Some(request_id.to_owned());
        // Writing to memory cannot fail, and every key is text.
        let body = serde_json::to_vec(&self.0).unwrap_or_default();
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        for (name, value) in self.0.headers {
            headers.insert(name, value);
        }
        response
    }
}

impl IntoResponse for Problem {
    /// The status alone; whoever knows the request's id makes the document of it.
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_statuses_ascend() {
        let mut names: Vec<_> = KINDS.iter().map(|kind| kind.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), KINDS.len());
        assert!(KINDS.windows(2).all(|pair| pair[0].status <= pair[1].status));
    }
}
