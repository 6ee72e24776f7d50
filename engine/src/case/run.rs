//! One case, run: the facts are read, the plan decides, the decision is compared.

use super::expect::{Difference, NOTHING, compare};
use super::{Case, Expect};
use crate::compile::{Plan, Program};
use crate::evaluate::Question;
use crate::facts::{self, Arena, FactsError};
use serde_json::Value;

/// What became of a case.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Everything that is not as expected; the case passed when there is nothing.
    pub differences: Vec<Difference>,
    /// The version that answered.
    pub version: Option<String>,
    /// The decision, where there is one.
    pub decision: Option<Value>,
}

impl Outcome {
    /// Whether everything is as expected.
    pub fn passed(&self) -> bool {
        self.differences.is_empty()
    }

    fn but(path: &str, expected: impl Into<String>, found: impl Into<String>) -> Self {
        let (expected, found) = (expected.into(), found.into());
        let difference = Difference { path: path.to_owned(), expected, found, hint: None };
        Self { differences: vec![difference], ..Self::default() }
    }
}

impl Case {
    /// Runs the case by the version of `program` that it asks for.
    pub fn run(&self, program: &Program) -> Outcome {
        match program.plan(self.version.as_deref(), self.as_of) {
            Ok(plan) => self.run_by(plan),
            Err(error) => self.failed(&error.to_string()),
        }
    }

    /// Runs the case by this plan, whatever version it asks for.
    pub fn run_by(&self, plan: &Plan) -> Outcome {
        let arena = Arena::new();
        let mut question = Question::on(self.as_of);
        question.readings.clone_from(&self.readings);
        question.given.clone_from(&self.given);
        question.named = self.version.is_some();
        let mut version = plan.model.version.clone();
        let mut outcome = match facts::read(&plan.schema, &self.facts, &arena) {
            Err(error) => self.refused(&error),
            Ok(facts) => match plan.decide(&facts, &question, &arena) {
                Err(failure) => self.failed(&failure.to_string()),
                Ok(decision) => {
                    decision.receipt.version.clone_into(&mut version);
                    self.decided(&decision.to_json())
                }
            },
        };
        outcome.version = Some(version.clone());
        if let Some(expected) = self.expect_version.as_ref().filter(|expected| **expected != version) {
            let (path, found) = ("version".to_owned(), version);
            outcome.differences.insert(0, Difference { path, expected: expected.clone(), found, hint: None });
        }
        outcome
    }

    fn decided(&self, json: &[u8]) -> Outcome {
        let decision: Value = match serde_json::from_slice(json) {
            Ok(decision) => decision,
            Err(error) => return Outcome::but("", "a decision in JSON", error.to_string()),
        };
        let mut outcome = match &self.expect {
            Expect::Decision(part) => Outcome { differences: compare(part, &decision), ..Outcome::default() },
            Expect::Error { pointer, .. } => Outcome::but("error.pointer", pointer, "facts without a mistake"),
            Expect::Failure(message) => Outcome::but("failure", message, "a decision"),
        };
        let open = |found: &str| found == "null" || found.starts_with("{\"at_");
        for difference in outcome.differences.iter_mut().filter(|difference| open(&difference.found)) {
            difference.hint = difference.hint.take().or_else(|| undetermined(&decision));
        }
        outcome.decision = Some(decision);
        outcome
    }

    fn refused(&self, error: &FactsError) -> Outcome {
        let Expect::Error { pointer, message } = &self.expect else {
            return Outcome::but("", "facts without a mistake", error.to_string());
        };
        let there: Vec<_> = error.problems.iter().filter(|problem| problem.pointer == *pointer).collect();
        match message {
            _ if there.is_empty() => Outcome::but("error.pointer", pointer, error.to_string()),
            Some(message) if there.iter().all(|problem| problem.message != *message) => {
                let found: Vec<&str> = there.iter().map(|problem| problem.message.as_str()).collect();
                Outcome::but("error.message", message, found.join("; "))
            }
            _ => Outcome::default(),
        }
    }

    fn failed(&self, found: &str) -> Outcome {
        match &self.expect {
            Expect::Failure(message) if message == found => Outcome::default(),
            Expect::Failure(message) => Outcome::but("failure", message, found),
            Expect::Error { pointer, .. } => Outcome::but("error.pointer", pointer, found),
            Expect::Decision(_) => Outcome::but("", "a decision", found),
        }
    }
}

/// For want of what a decision leaves something open.
fn undetermined(decision: &Value) -> Option<String> {
    let rules = decision.get("undetermined")?.as_array()?;
    let told = rules.iter().filter(|entry| !rule(entry).starts_with("benefits."));
    let told: Vec<String> =
        told.take(3).map(|entry| format!("{} for want of {}", rule(entry), missing(entry))).collect();
    (!told.is_empty()).then(|| format!("undetermined: {}", told.join("; ")))
}

fn rule(entry: &Value) -> &str {
    entry.get("rule").and_then(Value::as_str).unwrap_or(NOTHING)
}

fn missing(entry: &Value) -> String {
    let names = entry.get("missing").and_then(Value::as_array).into_iter().flatten();
    names.filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
}
