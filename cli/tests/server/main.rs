//! The server, as a service meets it: the real program on a port of this machine.

mod api;
mod auth;
mod batch;
mod limits;
mod openapi;
mod reload;
mod rules;
mod run;
