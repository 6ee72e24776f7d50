//! The one Rhai engine that runs scripts, with every limit that it has.
//!
//! The limits are the same in every build, so that a script that passes its cases once passes them
//! everywhere. Closures, function pointers, maps, `eval`, modules and output are switched off:
//! a formula does not need them, captured variables could keep memory alive for ever, and Rhai does
//! not hold the size of a map to its limit when a key is added by index.

use super::fault::{ScriptFault, of_parse};
use super::functions;
use super::limit::{CALL_LEVELS, MILLISECONDS, OPERATIONS, TOO_DEEP};
use rhai::module_resolvers::DummyModuleResolver;
use rhai::packages::{ArithmeticPackage, BasicIteratorPackage, LogicPackage, Package};
use rhai::{AST, Dynamic, Engine, OptimizationLevel};
use std::cell::Cell;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// How many bytes of stack a call may use. Rhai bounds neither the depth of a long chain of
/// operators nor that of one chain inside another, and worker threads have 2 MiB. Like the clock,
/// this can only turn an answer into a fault; a formula is far from it in every build.
const STACK: usize = 640 * 1024;
/// How deep expressions and blocks may be nested.
const DEPTH: usize = 32;
/// How many bytes of text a value may hold.
const TEXT: usize = 65_536;
/// How many items a list or a map may hold, with all lists inside it.
const ITEMS: usize = 1_024;
/// Why the sandbox ended a call: it took too long.
const TOO_LATE: &str = "late";
/// How many bytes a script may have.
const SCRIPT: usize = 65_536;

thread_local! {
    static STARTED: Cell<Option<(Instant, usize)>> = const { Cell::new(None) };
}

static SANDBOX: LazyLock<Engine> = LazyLock::new(|| {
    let mut engine = Engine::new_raw();
    ArithmeticPackage::new().register_into_engine(&mut engine);
    LogicPackage::new().register_into_engine(&mut engine);
    BasicIteratorPackage::new().register_into_engine(&mut engine);
    functions::register(&mut engine);
    engine
        .set_optimization_level(OptimizationLevel::None)
        // without this Rhai's own integer division would win over the exact one
        .set_fast_operators(false)
        .set_strict_variables(true)
        .set_allow_anonymous_fn(false)
        .set_fail_on_invalid_map_property(true)
        .set_max_operations(OPERATIONS)
        .set_max_call_levels(CALL_LEVELS)
        .set_max_expr_depths(DEPTH, DEPTH)
        .set_max_variables(256)
        .set_max_functions(64)
        .set_max_modules(0)
        .set_max_string_size(TEXT)
        .set_max_array_size(ITEMS)
        .set_max_map_size(ITEMS)
        .set_max_strings_interned(0)
        .set_module_resolver(DummyModuleResolver::new())
        .on_print(|_| {})
        .on_debug(|_, _, _| {})
        .on_progress(|_| exhausted().map(Dynamic::from));
    for word in ["eval", "import", "export", "print", "debug", "Fn", "call", "curry", "this", "#{", "**="] {
        engine.disable_symbol(word);
    }
    engine
});

/// Parses a script; it must hold nothing but functions.
pub(super) fn compile(text: &str) -> Result<AST, ScriptFault> {
    if text.len() > SCRIPT {
        return Err(ScriptFault::compile(format!("the script is longer than {SCRIPT} bytes")));
    }
    let ast = SANDBOX.compile(text).map_err(|error| of_parse(&error))?;
    match ast.statements().iter().find(|statement| !statement.is_noop()) {
        Some(statement) => Err(ScriptFault::compile("a script holds functions only, and this stands outside of them")
            .at(statement.position())),
        None => Ok(ast),
    }
}

/// What the running call has used up.
fn exhausted() -> Option<&'static str> {
    let (start, base) = STARTED.get()?;
    if base.abs_diff(stack_address()) > STACK {
        return Some(TOO_DEEP);
    }
    (start.elapsed() > Duration::from_millis(MILLISECONDS)).then_some(TOO_LATE)
}

/// Roughly where the stack ends now.
#[inline(never)]
fn stack_address() -> usize {
    let here = 0u8;
    std::ptr::from_ref(std::hint::black_box(&here)).addr()
}

/// Runs `work` with the clock started.
pub(super) fn timed<T>(work: impl FnOnce(&Engine) -> T) -> T {
    let engine = &*SANDBOX;
    STARTED.set(Some((Instant::now(), stack_address())));
    let done = work(engine);
    STARTED.set(None);
    done
}
