//! What is wrong with a document: every problem with its place.

/// The most problems that are told of one document.
pub const MOST_PROBLEMS: usize = 50;

/// Why a document cannot be read: every problem that was found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.told())]
pub struct FactsError {
    /// The problems, in the order of the document.
    pub problems: Vec<Problem>,
}

/// One problem of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where it stands, as a JSON Pointer into the facts (RFC 6901).
    pub pointer: String,
    /// What is wrong.
    pub message: String,
    /// How to mend it, when that can be said.
    pub help: Option<String>,
}

impl FactsError {
    /// One problem with the document as a whole.
    pub fn whole(message: impl Into<String>) -> Self {
        Self { problems: vec![Problem { pointer: String::new(), message: message.into(), help: None }] }
    }

    fn told(&self) -> String {
        let lines = self.problems.iter().map(|problem| {
            let place = if problem.pointer.is_empty() { "the document" } else { &problem.pointer };
            let help = problem.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
            format!("{place}: {}{help}", problem.message)
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}
