//! What goes wrong in a script, in words for the author of the script.

use super::limit::{CALL_LEVELS, MILLISECONDS, OPERATIONS, TOO_DEEP};
use rhai::{EvalAltResult, ParseError, ParseErrorType, Position};
use std::fmt;

/// What kind of fault it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The text is no script, or not the declared one.
    Compile,
    /// The script ran past a limit of the sandbox.
    Limit,
    /// The script failed, or returned something that is no value.
    Runtime,
}

/// Why a script gave no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ScriptFault {
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// The line of the script, from 1, where it can be told.
    pub line: Option<usize>,
    /// The column in characters, from 1, where it can be told.
    pub column: Option<usize>,
    /// What kind of fault it is.
    pub kind: FaultKind,
}

impl fmt::Display for ScriptFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match (self.line, self.column) {
            (Some(line), Some(column)) => write!(f, " (line {line}, column {column})"),
            (Some(line), None) => write!(f, " (line {line})"),
            _ => Ok(()),
        }
    }
}

impl ScriptFault {
    /// A fault of the text as a whole.
    pub(super) fn compile(message: impl Into<String>) -> Self {
        Self { message: message.into(), line: None, column: None, kind: FaultKind::Compile }
    }

    /// A fault of a call as a whole.
    pub(super) fn runtime(message: impl Into<String>) -> Self {
        Self { message: message.into(), line: None, column: None, kind: FaultKind::Runtime }
    }

    /// The same at `position`.
    pub(super) fn at(mut self, position: Position) -> Self {
        (self.line, self.column) = (position.line(), position.position());
        self
    }
}

/// The fault that Rhai's parser found.
pub(super) fn of_parse(error: &ParseError) -> ScriptFault {
    let message = match error.err_type() {
        ParseErrorType::UnexpectedEOF => "the script ends too early".to_owned(),
        ParseErrorType::VariableUndefined(name) => format!("nothing is named `{name}` here"),
        ParseErrorType::Reserved(word) => format!("`{word}` cannot be used in a script"),
        ParseErrorType::MissingToken(sign, _) => format!("`{sign}` is missing before this"),
        ParseErrorType::ExprTooDeep => "the script is nested too deeply".to_owned(),
        ParseErrorType::TooManyFunctions => "the script defines too many functions".to_owned(),
        other => worded(&other.to_string()),
    };
    ScriptFault::compile(message).at(error.position())
}

/// The fault that ended a call.
pub(super) fn of(error: EvalAltResult) -> ScriptFault {
    use EvalAltResult as E;
    let mut error = error;
    let mut outer = Position::NONE;
    while let E::ErrorInFunctionCall(_, _, inner, position) = error {
        outer = position;
        error = *inner;
    }
    let position = if error.position().is_none() { outer } else { error.position() };
    let limit = |message: String| (message, FaultKind::Limit);
    let runtime = |message: String| (message, FaultKind::Runtime);
    let (message, kind) = match &error {
        E::ErrorTooManyOperations(_) => limit(format!("the script takes more than {OPERATIONS} steps")),
        E::ErrorTerminated(why, _) if why.to_string() == TOO_DEEP => limit("the script is nested too deeply".into()),
        E::ErrorTerminated(..) => limit(format!("the script takes longer than {MILLISECONDS} milliseconds")),
        E::ErrorStackOverflow(_) => limit(format!("functions call each other more than {CALL_LEVELS} levels deep")),
        E::ErrorDataTooLarge(what, _) => limit(format!("{} is too large", worded(what))),
        E::ErrorTooManyVariables(_) => limit("the script has too many variables".into()),
        E::ErrorTooManyModules(_) => limit("the script uses modules".into()),
        E::ErrorFunctionNotFound(signature, _) => runtime(format!("there is no function `{signature}`")),
        E::ErrorVariableNotFound(name, _) => runtime(format!("nothing is named `{name}` here")),
        E::ErrorPropertyNotFound(name, _) => runtime(format!("there is no property `{name}`")),
        E::ErrorRuntime(value, _) if value.is_string() => runtime(value.to_string()),
        E::ErrorRuntime(value, _) => runtime(format!("the script stopped itself with `{value}`")),
        E::ErrorArithmetic(message, _) => runtime(worded(message)),
        E::ErrorParsing(message, _) => (worded(&message.to_string()), FaultKind::Compile),
        other => {
            let mut plain = other.to_string();
            if let Some(place) = plain.rfind(" (line ") {
                plain.truncate(place);
            }
            runtime(worded(&plain))
        }
    };
    ScriptFault { message, line: None, column: None, kind }.at(position)
}

/// A message of Rhai in the form of ours: lower case, no full stop, back-ticks.
fn worded(message: &str) -> String {
    let message = message.trim_end_matches('.').replace('\'', "`");
    let mut chars = message.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
