//! What a host implements to bring a plugin along.

use crate::load::HostPlugin;
use crate::script::{Own, Script, ScriptValue};
use std::fmt;
use std::sync::Arc;

/// A plugin that is part of the program that runs the engine.
///
/// It is used as one in a folder is: a rulebook lists its id in `plugins`, and its text is merged before the
/// rulebook. See `examples/host.rs`.
pub trait Host {
    /// What would stand in its `plugin.toml`: `[plugin]`, and any sections of a rulebook.
    ///
    /// A function of [`Self::functions`] is declared in `[scripts.NAME]` with its types and without a `file`.
    fn text(&self) -> String;

    /// The functions that the text declares.
    fn functions(&self) -> Vec<Function> {
        Vec::new()
    }
}

/// A function of a host: pure, so that the same values always give the same result, whatever the day, the
/// machine or the caller. It reads no clock, no file and nothing that changes.
///
/// It is called only when every value is known. An error, a result of another type than is declared, or a
/// panic ends the evaluation with a failure that names the function and the rule that called it.
#[derive(Clone)]
pub struct Function {
    name: String,
    takes: usize,
    call: Own,
}

impl Function {
    /// The function `name`, which takes so many values in the order in which the text declares them.
    pub fn new(
        name: impl Into<String>,
        takes: usize,
        call: impl Fn(&[ScriptValue]) -> Result<ScriptValue, String> + Send + Sync + 'static,
    ) -> Self {
        Self { name: name.into(), takes, call: Arc::new(call) }
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({} values)", self.name, self.takes)
    }
}

/// The plugins of these hosts, for [`crate::load::Library::with_hosts`].
pub fn registered(hosts: &[&dyn Host]) -> Vec<HostPlugin> {
    let function = |function: Function| {
        let script = Script::own(&function.name, function.takes, function.call);
        (function.name, script)
    };
    hosts
        .iter()
        .map(|host| HostPlugin { text: host.text(), functions: host.functions().into_iter().map(function).collect() })
        .collect()
}
