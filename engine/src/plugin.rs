//! Plugins that come with the program that runs the engine, registered from Rust.
//!
//! A host brings what a folder can: typed functions, a module, kinds of rule. It knows nothing of facts
//! or of evaluation.

mod host;

pub use crate::load::HostPlugin;
pub use crate::script::ScriptValue;
pub use host::{Function, Host, registered};
