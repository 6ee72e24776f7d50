//! The addresses of the API, and what lies around all of them.

mod answer;
mod batch;
mod browse;
mod compare;
mod evaluate;
mod health;
mod status;

pub use answer::tagged_bytes;
pub use browse::{ProgramAnswer, ProgramsAnswer, RuleAnswer, VersionAnswer};
pub use compare::Comparison;
pub use status::StatusAnswer;

use crate::app::App;
use crate::auth::{Scope, guard};
use crate::observe::observe;
use crate::problem::{self, Problem};
use crate::{docs, openapi};
use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use std::any::Any;
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::decompression::RequestDecompressionLayer;

/// Every address.
pub fn router(app: &Arc<App>) -> Router {
    let of = |scope: Scope, routes: Router<Arc<App>>| match app.tokens {
        Some(_) => routes.route_layer(from_fn_with_state((Arc::clone(app), scope), guard)),
        None => routes,
    };
    let evaluate = Router::new()
        .route("/v1/programs/{program}/evaluate", post(evaluate::evaluate))
        .route("/v1/programs/{program}/evaluate/batch", post(batch::batch))
        .route("/v1/programs/{program}/compare", post(compare::compare));
    let read = Router::new()
        .route("/v1/programs", get(browse::programs))
        .route("/v1/programs/{program}", get(browse::program))
        .route("/v1/programs/{program}/versions/{version}", get(browse::version))
        .route("/v1/programs/{program}/versions/{version}/rules/{rule}", get(browse::rule))
        .route("/v1/programs/{program}/versions/{version}/facts-schema", get(browse::facts_schema))
        .route("/openapi.json", get(openapi::answer));
    let operate = Router::new().route("/v1/status", get(status::status)).route("/metrics", get(health::metrics));
    let open = Router::new()
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/docs", get(docs::page))
        .route("/docs/docs.js", get(docs::script))
        .route("/docs/docs.css", get(docs::style));
    let routes = open
        .merge(of(Scope::Evaluate, evaluate))
        .merge(of(Scope::Read, read))
        .merge(of(Scope::Operate, operate))
        .fallback(nothing_here)
        .method_not_allowed_fallback(wrong_method);
    around(routes, app).with_state(Arc::clone(app))
}

/// What lies around every route, the outermost first.
fn around(routes: Router<Arc<App>>, app: &Arc<App>) -> Router<Arc<App>> {
    // In one piece: each call of `layer` would put one more box around every route, all of them copied again
    // and again on the way through.
    routes.layer((
        from_fn_with_state(Arc::clone(app), observe),
        CompressionLayer::new(),
        CatchPanicLayer::custom(panicked),
        RequestDecompressionLayer::new(),
    ))
}

async fn nothing_here() -> Problem {
    Problem::new(&problem::NOT_FOUND, "there is nothing at this address").help("`/docs` lists what there is")
}

async fn wrong_method() -> Problem {
    Problem::new(&problem::WRONG_METHOD, "the address does not take this method").help("`/docs` lists what there is")
}

/// A panic in one request is the end of that request alone.
fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    Problem::new(&problem::INTERNAL, "the server failed at this request").into_response()
}

/// A part of the path that is not text.
fn not_text(rejection: &PathRejection) -> Problem {
    Problem::new(&problem::MALFORMED_REQUEST, rejection.body_text())
}

#[cfg(test)]
mod tests;
