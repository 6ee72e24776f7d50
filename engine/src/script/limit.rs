//! The limits of the sandbox, the same in every build.

/// How many steps a call may take. This, not the clock, is what ends an endless script.
pub(super) const OPERATIONS: u64 = 100_000;

/// How deep functions may call each other.
pub(super) const CALL_LEVELS: usize = 8;

/// How long a call may take. The clock is a backstop for steps that are slow in themselves; it can
/// only turn an answer into a fault, never into another answer.
pub(super) const MILLISECONDS: u64 = 250;

/// Why the sandbox ended a call: it was nested too deeply.
pub(super) const TOO_DEEP: &str = "deep";
