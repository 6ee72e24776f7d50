//! `POST /v1/programs/{program}/compare`: two versions on the same facts, and where their decisions differ.
//!
//! Each version decides by itself, whatever the days on which it is in force.

use super::evaluate::{Asked, decide};
use super::{answer, not_text};
use crate::app::App;
use crate::envelope::{Envelope, invalid};
use crate::problem::{self, Problem};
use crate::{body, work};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;
use std::sync::Arc;
use tierline_engine::evaluate::{Decision, Question};

/// The keys of a request.
const KEYS: [&str; 4] = ["facts", "old", "new", "as_of"];

/// Both decisions and where they differ.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Comparison {
    /// The decision of the old version, as `evaluate` gives it.
    #[schemars(with = "Decision<'static>")]
    pub old: Box<RawValue>,
    /// The decision of the new version, as `evaluate` gives it.
    #[schemars(with = "Decision<'static>")]
    pub new: Box<RawValue>,
    /// Every place at which they differ, but for the receipts; empty when they decide alike.
    pub differences: Vec<Difference>,
}

/// A place at which two decisions differ.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Difference {
    /// The place, as a JSON Pointer into both decisions.
    pub pointer: String,
    /// What the old version says there; left out when it says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<Value>,
    /// What the new version says there; left out when it says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<Value>,
}

/// Answers with both decisions and where they differ.
pub async fn compare(
    State(app): State<Arc<App>>,
    program: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let Path(program) = program.map_err(|rejection| not_text(&rejection))?;
    let set = app.rules.set();
    set.program(&program)?;
    let (head, body) = request.into_parts();
    let held = body::json(&app, &head.headers, body).await?;
    let metrics = Arc::clone(&app);
    let comparison = work::run(&app, held, move |body, arena| {
        let mut envelope = Envelope::read(body, &KEYS)?;
        let as_of = envelope.day("as_of");
        let old: Option<String> = envelope.required("old", "the name of a version");
        let new: Option<String> = envelope.required("new", "the name of a version");
        let facts = envelope.facts();
        envelope.checked()?;
        let (Some(as_of), Some(old), Some(new), Some(facts)) = (as_of, old, new, facts) else {
            return Err(invalid(Vec::new()));
        };
        let question = Question { named: true, ..Question::on(as_of) };
        let mut decide = |version: &str, pointer: &'static str| {
            let asked = Asked { program: &program, version: Some(version), pointers: (pointer, "/as_of") };
            decide(&metrics, &set, &asked, facts, &question, arena).map(|(decision, _)| decision)
        };
        let (old, new) = (decide(&old, "/old")?, decide(&new, "/new")?);
        compared(&old, &new).ok_or_else(|| Problem::new(&problem::INTERNAL, "a decision cannot be read again"))
    })
    .await?;
    // Writing to memory cannot fail, and every key is text.
    Ok(answer::json(serde_json::to_vec(&comparison).unwrap_or_default()))
}

fn compared(old: &[u8], new: &[u8]) -> Option<Comparison> {
    let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).ok();
    let (mut before, mut after) = (read(old)?, read(new)?);
    for decision in [&mut before, &mut after] {
        decision.as_object_mut()?.shift_remove("receipt");
    }
    let mut differences = Vec::new();
    differ("", Some(&before), Some(&after), &mut differences);
    let raw = |bytes: &[u8]| RawValue::from_string(String::from_utf8(bytes.to_vec()).ok()?).ok();
    Some(Comparison { old: raw(old)?, new: raw(new)?, differences })
}

/// Adds every place at which two values differ, as far inside as both are of one shape.
fn differ(pointer: &str, old: Option<&Value>, new: Option<&Value>, found: &mut Vec<Difference>) {
    match (old, new) {
        (Some(Value::Object(before)), Some(Value::Object(after))) => {
            let added = after.keys().filter(|key| !before.contains_key(*key));
            for key in before.keys().chain(added) {
                let inside = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
                differ(&inside, before.get(key), after.get(key), found);
            }
        }
        (Some(Value::Array(before)), Some(Value::Array(after))) => {
            for place in 0..before.len().max(after.len()) {
                differ(&format!("{pointer}/{place}"), before.get(place), after.get(place), found);
            }
        }
        (old, new) if old != new => {
            found.push(Difference { pointer: pointer.to_owned(), old: old.cloned(), new: new.cloned() });
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_place_is_found_with_both_values() {
        let mut found = Vec::new();
        let old = json!({ "a": 1, "b": { "x/y": [1, 2], "same": "s" }, "gone": [] });
        let new = json!({ "a": 1, "b": { "x/y": [1, 3, 4], "same": "s" }, "added": null, "c": {} });
        differ("", Some(&old), Some(&new), &mut found);
        let told = |pointer: &str, old: Option<Value>, new: Option<Value>| Difference {
            pointer: pointer.to_owned(),
            old,
            new,
        };
        assert_eq!(
            found,
            [
                told("/b/x~1y/1", Some(json!(2)), Some(json!(3))),
                told("/b/x~1y/2", None, Some(json!(4))),
                told("/gone", Some(json!([])), None),
                told("/added", None, Some(Value::Null)),
                told("/c", None, Some(json!({}))),
            ]
        );
    }

    #[test]
    fn receipts_do_not_count() {
        let compared = compared(br#"{"receipt":{"version":"1"},"a":1}"#, br#"{"receipt":{"version":"2"},"a":1}"#);
        assert_eq!(compared.expect("a comparison").differences, []);
    }
}
