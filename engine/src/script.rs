//! The sandbox in which Rhai scripts run: pure functions behind a declared contract.
//!
//! A script sees its arguments and a small, documented set of functions; no file, no network, no
//! output. The only clock in the engine is here, and it can only turn an answer into a fault. What
//! a rulebook declares about a script (types, units) is checked elsewhere.

mod fault;
mod functions;
mod limit;
mod sandbox;
mod value;

pub use fault::{FaultKind, ScriptFault};
pub use value::ScriptValue;

use rhai::{AST, ASTNode, CallFnOptions, Dynamic, Expr, Scope};
use std::sync::Arc;

/// One function: immutable, and cheap to clone and share between threads.
#[derive(Clone, Debug)]
pub struct Script {
    name: Arc<str>,
    arity: usize,
    body: Body,
}

/// What a function does.
#[derive(Clone)]
enum Body {
    /// A compiled text, with line and column of the function, for faults that Rhai cannot place.
    Text(Arc<AST>, (usize, usize)),
    /// A function of the program that runs the engine.
    Own(Own),
}

/// A function of the program that runs the engine: pure, and safe to call from any thread.
pub type Own = Arc<dyn Fn(&[ScriptValue]) -> Result<ScriptValue, String> + Send + Sync>;

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Body::Text(..) => "a text",
            Body::Own(_) => "a function of the host",
        })
    }
}

/// An argument of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// What the function calls it.
    pub name: String,
    /// Whether the function reads it.
    pub read: bool,
}

impl Script {
    /// Compiles `text`, which must define `fn name(…)` with `arity` parameters and may define
    /// further functions for its own use.
    ///
    /// # Errors
    /// A fault of kind [`FaultKind::Compile`] when the text is not valid, uses what the sandbox
    /// does not have, holds statements outside functions, or does not define that function.
    pub fn compile(name: &str, arity: usize, text: &str) -> Result<Script, ScriptFault> {
        let ast = sandbox::compile(text)?;
        let taken: Vec<usize> = ast
            .iter_functions()
            .filter(|function| function.name == name)
            .map(|function| function.params.len())
            .collect();
        if taken.contains(&arity) {
            let body = Body::Text(Arc::new(ast), place_of(name, text));
            return Ok(Script { name: name.into(), arity, body });
        }
        let message = match taken.first() {
            Some(other) => format!("the function `{name}` takes {other} values where {arity} are declared"),
            None => format!("the script does not define the function `{name}`"),
        };
        Err(ScriptFault::compile(message))
    }

    /// A function of the program that runs the engine, which takes `arity` values.
    pub fn own(name: &str, arity: usize, function: Own) -> Script {
        Script { name: name.into(), arity, body: Body::Own(function) }
    }

    /// The same function, when it takes as many values as are declared.
    ///
    /// # Errors
    /// A fault of kind [`FaultKind::Compile`] when it does not.
    pub fn taking(&self, declared: usize) -> Result<Script, ScriptFault> {
        if self.arity == declared {
            return Ok(self.clone());
        }
        let (name, arity) = (&self.name, self.arity);
        Err(ScriptFault::compile(format!("the function `{name}` takes {arity} values where {declared} are declared")))
    }

    /// Line and column of the function, from 1; none where it has no text.
    pub fn place(&self) -> Option<(usize, usize)> {
        match &self.body {
            Body::Text(_, place) => Some(*place),
            Body::Own(_) => None,
        }
    }

    /// What the function calls its arguments, and whether it reads them.
    pub fn parameters(&self) -> Vec<Argument> {
        let Body::Text(ast, _) = &self.body else { return Vec::new() };
        let own = |name: &str, arity: usize| name == &*self.name && arity == self.arity;
        let function = ast.clone_functions_only_filtered(|_, _, _, name, arity| own(name, arity));
        let mut read: Vec<String> = Vec::new();
        function.walk(&mut |nodes| {
            if let Some(ASTNode::Expr(Expr::Variable(variable, ..))) = nodes.last() {
                read.push(variable.1.to_string());
            }
            true
        });
        let parameters = ast.iter_functions().find(|function| own(function.name, function.params.len()));
        let names = parameters.map(|function| function.params).unwrap_or_default();
        let argument = |name: &str| Argument { name: name.to_owned(), read: read.iter().any(|read| read == name) };
        names.into_iter().map(argument).collect()
    }

    /// The value of the function for `arguments`; the same arguments always give the same value.
    ///
    /// # Errors
    /// A fault when the script fails, runs past a limit of the sandbox, or returns something that
    /// is no [`ScriptValue`]. Nothing that a script does panics.
    pub fn call(&self, arguments: &[ScriptValue]) -> Result<ScriptValue, ScriptFault> {
        if arguments.len() != self.arity {
            let (name, want, have) = (&self.name, self.arity, arguments.len());
            return Err(ScriptFault::runtime(format!("the function `{name}` takes {want} values, not {have}")));
        }
        let (ast, place) = match &self.body {
            Body::Text(ast, place) => (ast, *place),
            Body::Own(function) => return self.call_own(function, arguments),
        };
        let arguments: Vec<Dynamic> = arguments.iter().cloned().map(ScriptValue::into_dynamic).collect();
        let options = CallFnOptions::new().eval_ast(false);
        let result = sandbox::timed(|engine| {
            engine.call_fn_with_options::<Dynamic>(options, &mut Scope::new(), ast, &*self.name, arguments)
        });
        // At the function, where nothing nearer is known.
        let placed = |fault: ScriptFault| match fault.line {
            Some(_) => fault,
            None => ScriptFault { line: Some(place.0), column: Some(place.1), ..fault },
        };
        let value = result.map_err(|error| placed(fault::of(*error)))?;
        ScriptValue::from_dynamic(&value)
            .map_err(|kind| placed(ScriptFault::runtime(format!("the function `{}` returned {kind}", self.name))))
    }

    /// The value of a host's function; one that panics has failed, and takes nobody along.
    fn call_own(&self, function: &Own, arguments: &[ScriptValue]) -> Result<ScriptValue, ScriptFault> {
        let call = std::panic::AssertUnwindSafe(|| function(arguments));
        match std::panic::catch_unwind(call) {
            Ok(result) => result.map_err(ScriptFault::runtime),
            Err(_) => Err(ScriptFault::runtime(format!("the function `{}` stopped unexpectedly", self.name))),
        }
    }
}

/// The line and column at which `fn name` stands in `text`.
fn place_of(name: &str, text: &str) -> (usize, usize) {
    let defines = |rest: &str| {
        let after = rest.trim_start().strip_prefix(name).map(str::trim_start);
        rest.starts_with(char::is_whitespace) && after.is_some_and(|after| after.starts_with('('))
    };
    let at = text.match_indices("fn").map(|(at, _)| at).find(|at| defines(&text[at + 2..])).unwrap_or(0);
    let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    (text[..at].matches('\n').count() + 1, text[line_start..at].chars().count() + 1)
}

#[cfg(test)]
#[path = "script/tests.rs"]
mod tests;
