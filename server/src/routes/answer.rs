//! Answers: JSON as it is, or with a tag by which a caller learns that nothing has changed.

use crate::language;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use tierline_engine::rulebook::piece::Language;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// JSON that was made already.
pub fn json(bytes: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, JSON), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], Body::from(bytes))
        .into_response()
}

/// JSON that a caller may keep, and asks about with the tag that comes with it.
///
/// The tag is of the bytes themselves, so it is never one of other rules.
pub fn tagged(headers: &HeaderMap, value: &impl Serialize, language: Option<Language>) -> Response {
    // Writing to memory cannot fail, and every key is text.
    let bytes = serde_json::to_vec(value).unwrap_or_default();
    tagged_bytes(headers, bytes, JSON, language)
}

/// The same of bytes that were made already.
pub fn tagged_bytes(
    headers: &HeaderMap,
    bytes: Vec<u8>,
    content_type: HeaderValue,
    language: Option<Language>,
) -> Response {
    let tag = tag(&bytes);
    let mut response = if matches(headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, content_type)], Body::from(bytes)).into_response()
    };
    let answered = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        answered.insert(header::ETAG, tag);
    }
    answered.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if let Some(language) = language {
        answered.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language::name(language)));
        answered.append(header::VARY, HeaderValue::from_static("accept-language"));
    }
    response
}

/// Weak, since compression changes the bytes and not what they say.
fn tag(bytes: &[u8]) -> String {
    let mut tag = "W/\"".to_owned();
    for byte in &Sha256::digest(bytes)[..16] {
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    tag
}

/// Whether the caller has what has this tag.
fn matches(headers: &HeaderMap, tag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    known.flat_map(|value| value.split(',')).any(|known| known.trim() == "*" || opaque(known) == opaque(tag))
}
