//! Many subjects: one line of JSON in, one line of JSON out.
//!
//! A line that cannot be answered becomes an error line in its place, so that nothing is lost and the
//! lines after it are answered. Where lines come from, where they go and on which thread they are
//! answered is no matter of this module.

mod chunks;
mod places;

pub use chunks::{Chunk, Splitter};

use crate::compile::Plan;
use crate::evaluate::Question;
use crate::facts::{self, Arena, FactsError, Problem};
use serde::Serialize;

pub use places::{Comparison, Places};

/// The longest line that is answered, in bytes.
pub const LONGEST_LINE: usize = 4 << 20;

/// One line of a portfolio.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line<'l> {
    /// The facts of one subject, without the line's end.
    Facts(&'l [u8]),
    /// More than [`LONGEST_LINE`] bytes, of which nobody kept any.
    TooLong,
}

/// What a line came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A decision was written.
    Decision,
    /// An error line was written.
    Error,
}

/// Answers one line: adds a decision or an error line to `out`, with the line's end.
///
/// `number` is told in an error line. The arena is emptied first, so that one serves line after line.
pub fn answer(
    plan: &Plan,
    question: &Question,
    number: u64,
    line: Line<'_>,
    arena: &mut Arena,
    out: &mut Vec<u8>,
) -> Answer {
    arena.reset();
    let error = match line {
        Line::Facts(document) => match decide(plan, question, document, arena, out) {
            Ok(()) => {
                out.push(b'\n');
                return Answer::Decision;
            }
            Err(error) => error,
        },
        Line::TooLong => LineError::too_long(),
    };
    // Writing to memory cannot fail, and every key is text.
    let written = serde_json::to_writer(&mut *out, &ErrorLine { line: number, error });
    debug_assert!(written.is_ok());
    out.push(b'\n');
    Answer::Error
}

fn decide(
    plan: &Plan,
    question: &Question,
    document: &[u8],
    arena: &Arena,
    out: &mut Vec<u8>,
) -> Result<(), LineError> {
    let facts = facts::read(&plan.schema, document, arena).map_err(|error| LineError::facts(plan, error))?;
    let decision = plan.decide(&facts, question, arena).map_err(|failure| LineError {
        title: "the evaluation has no answer".to_owned(),
        errors: vec![Told { pointer: String::new(), message: failure.to_string(), help: None }],
    })?;
    decision.write_json(out);
    Ok(())
}

#[derive(Debug, Serialize)]
struct ErrorLine {
    line: u64,
    error: LineError,
}

/// Why a line has no answer.
#[derive(Debug, Serialize)]
struct LineError {
    title: String,
    errors: Vec<Told>,
}

#[derive(Debug, Serialize)]
struct Told {
    pointer: String,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
}

impl LineError {
    fn facts(plan: &Plan, error: FactsError) -> Self {
        let told = |Problem { pointer, message, help }| Told { pointer, message, help };
        Self {
            title: format!("the facts do not fit `{}@{}`", plan.model.program, plan.model.version),
            errors: error.problems.into_iter().map(told).collect(),
        }
    }

    fn too_long() -> Self {
        let message = format!("the line holds more than {LONGEST_LINE} bytes");
        let help = Some("give each subject a line of its own".to_owned());
        Self { title: "the line is too long".to_owned(), errors: vec![Told { pointer: String::new(), message, help }] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile::Program;
    use crate::date;
    use crate::load::Folder;

    const RULES: &str = r#"
[rulebook]
program   = "acme"
version   = "1"
status    = "published"
effective = {}
currency  = "USD"
title     = "Acme"

[[measures]]
id  = "sold"
sum = "sale.amount"

[facts.partner]
id = "id"

[facts.sale]
list   = "sales"
id     = "id"
amount = "money"
"#;

    fn answered(line: Line<'_>) -> (Answer, String) {
        let load = Program::load(&Folder::of("rules", [("acme/1.toml", RULES)]), "acme");
        let day = date::parse("2026-01-01").expect("a date");
        let plan = load.program.plan(None, day).expect("a plan");
        let mut arena = Arena::new();
        let mut out = b"before\n".to_vec();
        let answer = answer(plan, &Question::on(day), 17, line, &mut arena, &mut out);
        (answer, String::from_utf8(out).expect("text").strip_prefix("before\n").expect("what was there").to_owned())
    }

    #[test]
    fn a_line_becomes_the_decision_that_it_would_be_alone() {
        let (answer, out) = answered(Line::Facts(br#"{"partner":{"id":"P-1"},"sales":[]}"#));
        assert_eq!(answer, Answer::Decision);
        assert!(out.starts_with(r#"{"receipt":{"program":"acme","version":"1","#), "{out}");
        assert!(out.ends_with("}\n") && out.lines().count() == 1, "{out}");
    }

    #[test]
    fn facts_that_do_not_fit_are_told_with_place_and_remedy() {
        let (answer, out) = answered(Line::Facts(br#"{"sales":[{"id":"S-1","amuont":1}]}"#));
        assert_eq!(answer, Answer::Error);
        let told =
            r#"{"pointer":"/sales/0/amuont","message":"`amuont` is not known here","help":"did you mean `amount`?"}"#;
        let title = "the facts do not fit `acme@1`";
        assert_eq!(out, format!("{{\"line\":17,\"error\":{{\"title\":\"{title}\",\"errors\":[{told}]}}}}\n"));
    }

    #[test]
    fn text_that_is_no_json_or_no_text_is_told() {
        let (_, out) = answered(Line::Facts(b"{oops"));
        assert!(out.contains(r#""message":"this is not valid JSON: "#), "{out}");
        let (_, out) = answered(Line::Facts(b"\"\xff\""));
        assert!(out.contains(r#""message":"the text is not UTF-8 (at byte 1)""#), "{out}");
    }

    #[test]
    fn an_evaluation_without_an_answer_is_told() {
        let amount = "70000000000000000000000000000";
        let sales = format!(r#"{{"id":"S-1","amount":{amount}}},{{"id":"S-2","amount":{amount}}}"#);
        let (answer, out) = answered(Line::Facts(format!(r#"{{"sales":[{sales}]}}"#).as_bytes()));
        assert_eq!(answer, Answer::Error);
        let error = r#""title":"the evaluation has no answer","errors":[{"pointer":"","message":"a number or date is too large to be computed with"}]"#;
        assert_eq!(out, format!("{{\"line\":17,\"error\":{{{error}}}}}\n"));
    }

    #[test]
    fn a_line_that_was_not_kept_is_told() {
        let (answer, out) = answered(Line::TooLong);
        assert_eq!(answer, Answer::Error);
        assert!(out.contains(r#""message":"the line holds more than 4194304 bytes""#), "{out}");
    }
}
