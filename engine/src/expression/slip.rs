//! What is wrong with a condition, before it is known where the condition stands in its file.

use crate::finding::{Code, code};
use std::ops::Range;

/// The advice for everything that the language of conditions leaves out.
pub(super) const TO_A_SCRIPT: &str = "move it into a function of a script that is declared under `[scripts]`";

/// One mistake at some bytes of the condition.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Slip {
    pub code: &'static Code,
    pub at: Range<usize>,
    pub message: String,
    pub help: Option<String>,
}

impl Slip {
    /// Something that cannot be read.
    pub fn bad(at: Range<usize>, message: impl Into<String>, help: Option<String>) -> Self {
        Self { code: &code::BAD_EXPRESSION, at, message: message.into(), help }
    }

    /// Something that can be read but is no part of the language of conditions; `form` in plain words.
    pub fn foreign(at: Range<usize>, form: &str) -> Self {
        Self {
            code: &code::NOT_A_CONDITION,
            at,
            message: format!("{form} cannot stand in a condition"),
            help: Some(TO_A_SCRIPT.into()),
        }
    }

    /// A condition of `length` bytes that has too many parts inside each other.
    pub fn too_deep(length: usize) -> Self {
        let help = "give its parts names as measures".to_owned();
        Self::bad(0..length, "the condition is nested too deeply or has too many parts", Some(help))
    }

    /// The same, with advice before the general one.
    pub fn or(mut self, advice: &str) -> Self {
        self.help = Some(match self.help {
            Some(help) => format!("{advice}; otherwise {help}"),
            None => advice.into(),
        });
        self
    }
}
