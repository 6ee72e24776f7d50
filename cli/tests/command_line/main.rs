//! The real program, run as a person or a script runs it.

mod batch;
mod beside;
mod check;
mod deals;
mod eval;
mod new;
mod plugins;
mod run;
mod sample;
mod statement;
mod usage;
