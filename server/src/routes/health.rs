//! `/livez`, `/readyz`, `/metrics`: for whoever keeps the server running.

use crate::app::App;
use crate::problem::{self, Problem};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use chrono::Utc;
use std::sync::Arc;

/// The server runs.
pub async fn live() -> Response {
    said("alive\n")
}

/// The server is to be sent requests.
pub async fn ready(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    match unready(&app) {
        None => Ok(said("ready\n")),
        Some(why) => Err(Problem::new(&problem::NOT_READY, why)),
    }
}

fn unready(app: &App) -> Option<String> {
    if app.is_stopping() {
        return Some("the server is about to stop".to_owned());
    }
    let stale_since = app.rules.news().stale_since?;
    let stale = (Utc::now() - stale_since).to_std().unwrap_or_default();
    let most = app.config.ready_stale_after.filter(|most| stale >= *most)?;
    Some(format!("for more than {} ms other rules are served than those on disk", most.as_millis()))
}

fn said(text: &'static str) -> Response {
    ([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], text).into_response()
}

/// The numbers in the text format of OpenMetrics.
pub async fn metrics(State(app): State<Arc<App>>) -> Response {
    let content_type = HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
    ([(header::CONTENT_TYPE, content_type)], app.metrics.text()).into_response()
}
