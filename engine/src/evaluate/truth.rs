//! Truth in Kleene's logic: true, false, or unknown with its reasons.

use crate::facts::Why;

/// A truth value in Kleene's logic.
#[derive(Clone, Copy, Debug)]
pub enum Truth<'a> {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// It depends on something unknown.
    Unknown(&'a Why<'a>),
}
