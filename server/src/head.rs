//! The head of a request: turned away when it is too long, or names an encoding of the body that is not taken.

use crate::problem::{self, Problem};
use axum::extract::Request;
use axum::http::header;

/// The most bytes of a head.
pub const LONGEST: usize = 32 << 10;
/// The most headers.
pub const MOST: usize = 100;

/// What is wrong with the head of a request.
pub fn wrong(request: &Request) -> Option<Problem> {
    let count = request.headers().len();
    if count > MOST {
        let detail = format!("the request has {count} headers; {MOST} are the most");
        return Some(Problem::new(&problem::HEAD_TOO_LARGE, detail));
    }
    // A space or colon after the first part of a line, and what ends it.
    let path = request.uri().path_and_query().map_or(0, |path| path.as_str().len());
    let lines = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4);
    let length = path + lines.sum::<usize>();
    if length > LONGEST {
        let detail = format!("the head of the request has {length} bytes; {LONGEST} are the most");
        return Some(Problem::new(&problem::HEAD_TOO_LARGE, detail));
    }
    let encoding = request.headers().get(header::CONTENT_ENCODING)?;
    if ["gzip", "identity"].iter().any(|known| encoding == known) {
        return None;
    }
    let named = encoding.to_str().unwrap_or("");
    let problem = Problem::new(&problem::WRONG_TYPE, format!("the body is in the encoding `{named}`"));
    Some(problem.help("send it as it is, or with `Content-Encoding: gzip`"))
}
