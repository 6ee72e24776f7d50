//! Workspace tests live in `tests/tests`; what they and the benchmarks are measured against lives here.

pub mod acme;
pub mod by_hand;
pub mod http;
pub mod server;
