//! The Tierline server: answers by the rules that are on disk now, and goes on while they change.
//!
//! It knows HTTP, files that change, and the clock. It knows nothing of what rules mean: the engine loads,
//! checks, decides and explains.

mod accept;
mod app;
mod auth;
mod body;
pub mod config;
mod docs;
mod envelope;
mod files;
mod head;
mod language;
mod metrics;
mod observe;
mod openapi;
mod outline;
mod problem;
mod routes;
mod rules;
mod serve;
mod signals;
mod tls;
mod watch;
mod work;

pub use serve::{ServeError, serve};
