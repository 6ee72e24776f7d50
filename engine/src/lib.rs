//! Tierline's engine: from rule files to exact, explained, reproducible decisions.
//!
//! The way of the data: text is *loaded* into a written rulebook, *checked* into a model whose
//! every name and type is known, *compiled* into an immutable plan, and *evaluated* with facts
//! into a decision. Each module stands on a floor and imports only what lies below it.

pub mod analyze;
pub mod case;
pub mod check;
pub mod compare;
pub mod compile;
pub mod coverage;
pub mod date;
pub mod describe;
pub mod document;
pub mod evaluate;
pub mod expression;
pub mod facts;
pub mod finding;
pub mod load;
pub mod model;
pub mod plugin;
pub mod portfolio;
pub mod rulebook;
pub mod sample;
pub mod script;
pub mod source;
pub mod value;
