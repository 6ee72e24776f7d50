//! `/docs`: a page that shows the API and tries it out, from the binary alone. It holds no data; what it
//! shows it reads from `/openapi.json`, with the token that one gives it.

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};

const CSP: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);
const NO_REFERRER: (HeaderName, HeaderValue) = (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));

/// The page.
pub async fn page() -> Response {
    file("text/html; charset=utf-8", include_str!("docs/page.html"))
}

/// What it does.
pub async fn script() -> Response {
    file("text/javascript; charset=utf-8", include_str!("docs/docs.js"))
}

/// What it looks like.
pub async fn style() -> Response {
    file("text/css; charset=utf-8", include_str!("docs/docs.css"))
}

fn file(content_type: &'static str, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (header::CONTENT_SECURITY_POLICY, CSP),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        NO_REFERRER,
    ];
    (headers, text).into_response()
}
