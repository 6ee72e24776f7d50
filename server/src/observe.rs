//! What is said of every request: its id, a line in the log, its numbers. Problems become documents here,
//! where the id is known.

use crate::app::App;
use crate::auth::Caller;
use crate::head;
use crate::problem::Problem;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use tierline_engine::compile::Plan;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const NO_SNIFFING: HeaderName = HeaderName::from_static("x-content-type-options");

/// The longest id that is taken over from a request.
const LONGEST_ID: usize = 64;

/// The version of a program that answered, for the log.
#[derive(Clone, Debug)]
pub struct Answered(pub Arc<Plan>);

/// Answers a request, and says what is to be said of it.
pub async fn observe(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let id = id(request.headers());
    let told_id = id.to_str().unwrap_or("");
    let method = method(request.method());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let mut response = match head::wrong(&request) {
        Some(problem) => problem.into_response(),
        None => next.run(request).await,
    };
    let caller = response.extensions_mut().remove::<Caller>();
    let answered = response.extensions_mut().remove::<Answered>();
    let mut detail = None;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        detail = Some(format!("{}: {}", problem.title, problem.detail));
        response = problem.sent(told_id);
    }
    let headers = response.headers_mut();
    headers.insert(NO_SNIFFING, HeaderValue::from_static("nosniff"));
    headers.insert(REQUEST_ID, id.clone());
    let (status, took) = (response.status().as_u16(), start.elapsed());
    app.metrics.request(route, method, status, took);
    let microseconds = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    let caller = caller.as_ref().map(|caller| &*caller.0);
    let program = answered.as_ref().map(|answered| answered.0.model.program.as_str());
    let version = answered.as_ref().map(|answered| answered.0.model.version.as_str());
    match status {
        500.. => tracing::error!(id = told_id, method, route, status, microseconds, caller, detail, "failed"),
        400.. => tracing::info!(id = told_id, method, route, status, microseconds, caller, detail, "refused"),
        _ => tracing::debug!(id = told_id, method, route, status, microseconds, caller, program, version, "answered"),
    }
    response
}

/// The id that the request brings along, if it is a plain one, else a new one.
fn id(headers: &HeaderMap) -> HeaderValue {
    let plain = |id: &&HeaderValue| {
        (1..=LONGEST_ID).contains(&id.len())
            && id.as_bytes().iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(byte))
    };
    match headers.get(REQUEST_ID).filter(plain) {
        Some(id) => id.clone(),
        None => new_id(),
    }
}

/// Unlike any other of this process, and hardly like one of another.
fn new_id() -> HeaderValue {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    static START: std::sync::LazyLock<u64> = std::sync::LazyLock::new(|| {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_nanos()).unwrap_or(u64::MAX) ^ (u64::from(std::process::id()) << 40)
    });
    let id = format!("{:016x}-{:08x}", *START, NEXT.fetch_add(1, Ordering::Relaxed));
    // Digits and a dash may stand in a header.
    HeaderValue::try_from(id).unwrap_or(HeaderValue::from_static("-"))
}

/// The method, where there is not one number for each that somebody invents.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::PATCH => "PATCH",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_id_is_taken_over_and_any_other_is_not() {
        let of = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(REQUEST_ID, HeaderValue::from_str(value).expect("a header"));
            id(&headers)
        };
        assert_eq!(of("a-1.b_2:C"), "a-1.b_2:C");
        for bad in ["", "a b", "{}", &"x".repeat(65)] {
            assert_ne!(of(bad), bad);
        }
        assert_ne!(id(&HeaderMap::new()), id(&HeaderMap::new()));
    }
}
