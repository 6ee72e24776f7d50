//! `/openapi.json`: the API as OpenAPI 3.1, made from the types that are sent and from the facts that the
//! served rulebooks take.
//!
//! The routes of a program stand there by its name, so that a generated client knows its facts.

mod facts;
mod operation;

use crate::app::App;
use crate::problem::{Document, KINDS};
use crate::routes::{ProgramAnswer, ProgramsAnswer, RuleAnswer, StatusAnswer, VersionAnswer, tagged_bytes};
use crate::rules::Set;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use operation::{Answers, Operation};
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};
use std::sync::{Arc, Mutex, PoisonError};
use tierline_engine::compile::Program;
use tierline_engine::describe;
use tierline_engine::evaluate::Decision;
use tierline_engine::evaluate::decision::ENGINE;

/// The description of one set, kept until another is served.
#[derive(Debug, Default)]
pub struct Cached(Mutex<Option<(String, Arc<Vec<u8>>)>>);

impl Cached {
    fn of(&self, set: &Set, guarded: bool) -> Arc<Vec<u8>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &*kept {
            Some((digest, bytes)) if *digest == set.digest => Arc::clone(bytes),
            _ => {
                let bytes = Arc::new(serde_json::to_vec(&document(set, guarded)).unwrap_or_default());
                *kept = Some((set.digest.clone(), Arc::clone(&bytes)));
                bytes
            }
        }
    }
}

/// Answers with the description.
pub async fn answer(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let bytes = app.openapi.of(&app.rules.set(), app.tokens.is_some());
    tagged_bytes(&headers, bytes.to_vec(), HeaderValue::from_static("application/json"), None)
}

fn document(set: &Set, guarded: bool) -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut types = settings.with(|settings| settings.definitions_path = "/components/schemas".into()).into_generator();
    let mut paths = Map::new();
    let mut schemas = Map::new();
    for served in set.programs.values() {
        let facts = facts::components(&served.program, &mut schemas);
        for operation in of_program(&served.program, &facts, &mut types) {
            operation.add_to(&mut paths);
        }
    }
    for operation in of_all(set, &mut types) {
        operation.add_to(&mut paths);
    }
    types.subschema_for::<Document>();
    schemas.extend(types.take_definitions(true));
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Tierline",
            "version": ENGINE,
            "summary": "Evaluates partner-program rules: exact, explained, reproducible.",
            "description": ABOUT,
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "tags": [
            { "name": "decide", "description": "Decisions on facts" },
            { "name": "browse", "description": "What is served, and what it says" },
            { "name": "operate", "description": "How the server does" },
        ],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer", "description": "A token with the scope that the operation names" },
            },
        },
        "x-problems": KINDS.iter().map(|kind| json!({ "name": kind.name, "status": kind.status, "title": kind.title })).collect::<Value>(),
    });
    if guarded {
        document["security"] = json!([{ "bearer": [] }]);
    }
    document
}

const ABOUT: &str = "Money and decimals are strings, counts are numbers, dates are ISO 8601. Errors are problem \
documents (RFC 9457) whose `errors` point into the request by JSON Pointer. What can be cached carries an ETag. \
Rules are explained in English, Japanese or French, as `Accept-Language` asks.";

/// What a question to a program may look like, where there is something to show.
struct Examples {
    day: Vec<String>,
    versions: [Vec<String>; 2],
}

impl Examples {
    /// The last two versions, and a day on which the last one that is published is in force.
    fn of(program: &Program) -> Self {
        let versions = program.versions.iter();
        let published = versions.clone().filter(|version| version.status == "published");
        let last = published.clone().next_back().or(program.versions.last());
        let day = last.and_then(|version| version.until.and_then(|until| until.pred_opt()).or(version.from));
        let mut names = versions.rev().map(|version| version.name.clone());
        let new: Vec<String> = names.next().into_iter().collect();
        let old = names.next().map_or_else(|| new.clone(), |old| vec![old]);
        Self { day: day.into_iter().map(|day| day.to_string()).collect(), versions: [old, new] }
    }
}

/// The operations of one program.
fn of_program(program: &Program, facts: &str, types: &mut SchemaGenerator) -> Vec<Operation> {
    let examples = Examples::of(program);
    let program = &program.name;
    let (decision, comparison) =
        (types.subschema_for::<Decision<'static>>(), types.subschema_for::<crate::routes::Comparison>());
    let facts = json!({ "$ref": format!("#/components/schemas/{facts}") });
    let day = json!({
        "description": "The day for which the question is asked", "type": "string", "format": "date", "examples": examples.day,
    });
    let version =
        |about: &str, examples: &[String]| json!({ "description": about, "type": "string", "examples": examples });
    let [old, new] = examples.versions;
    let object = |properties: Value, required: &[&str]| json!({ "type": "object", "additionalProperties": false, "properties": properties, "required": required });
    let question = object(
        json!({
            "as_of": day,
            "version": version("The version; without it the published one in force on the day", &new),
            "facts": facts,
            "trace": { "description": "Whether every step is to be told", "type": "boolean", "default": false },
        }),
        &["as_of", "facts"],
    );
    let two = object(
        json!({ "as_of": day, "old": version("The old version", &old), "new": version("The new version", &new), "facts": facts }),
        &["as_of", "old", "new", "facts"],
    );
    let lines = "One JSON document a line, each the facts of one subject";
    let query = json!([
        { "name": "as_of", "in": "query", "required": true, "schema": day },
        { "name": "version", "in": "query", "required": false, "schema": { "type": "string" },
          "description": "The version; without it the published one in force on the day" },
        { "name": "trace", "in": "query", "required": false, "schema": { "type": "boolean" },
          "description": "Whether every step is to be told" },
    ]);
    let path = |rest: &str| format!("/v1/programs/{program}/{rest}");
    vec![
        Operation::post(path("evaluate"), &format!("evaluate {program}"), "One decision", "evaluate")
            .body("application/json", question)
            .answers(Answers::Json(decision.into())),
        Operation::post(
            path("evaluate/batch"),
            &format!("batch {program}"),
            "One decision a line, in the same order",
            "evaluate",
        )
        .parameters(query)
        .body("application/x-ndjson", json!({ "description": lines, "type": "string" }))
        .answers(Answers::Lines),
        Operation::post(path("compare"), &format!("compare {program}"), "Two versions on the same facts", "evaluate")
            .body("application/json", two)
            .answers(Answers::Json(comparison.into())),
    ]
}

/// The operations that are the same for all programs.
fn of_all(set: &Set, types: &mut SchemaGenerator) -> Vec<Operation> {
    let one = set.programs.values().next().map(|served| &served.program);
    let version = one.and_then(|program| program.versions.last());
    let model = version.and_then(|version| Some(&version.plan.as_ref()?.model));
    // The first is the rulebook itself.
    let rule = model.and_then(|model| describe::ids(model).into_iter().find(|id| *id != model.program));
    let named = |names: &[&str]| {
        let parameter = |name: &&str| {
            let example = match *name {
                "program" => one.map(|program| program.name.clone()),
                "version" => version.map(|version| version.name.clone()),
                _ => rule.clone(),
            };
            let examples: Vec<String> = example.into_iter().collect();
            json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string", "examples": examples } })
        };
        names.iter().map(parameter).collect::<Value>()
    };
    let json = |schema: schemars::Schema| Answers::Tagged(schema.into());
    let text = |content_type: &'static str| Answers::Text(content_type);
    vec![
        Operation::get("/v1/programs", "programs", "Every program", "read")
            .answers(json(types.subschema_for::<ProgramsAnswer>())),
        Operation::get("/v1/programs/{program}", "program", "A program with its versions", "read")
            .parameters(named(&["program"]))
            .answers(json(types.subschema_for::<ProgramAnswer>())),
        Operation::get(
            "/v1/programs/{program}/versions/{version}",
            "version",
            "A version with its rules in words",
            "read",
        )
        .parameters(named(&["program", "version"]))
        .answers(json(types.subschema_for::<VersionAnswer>())),
        Operation::get(
            "/v1/programs/{program}/versions/{version}/rules/{rule}",
            "rule",
            "A rule in words, with its sources",
            "read",
        )
        .parameters(named(&["program", "version", "rule"]))
        .answers(json(types.subschema_for::<RuleAnswer>())),
        Operation::get(
            "/v1/programs/{program}/versions/{version}/facts-schema",
            "facts schema",
            "The JSON Schema of a version's facts",
            "read",
        )
        .parameters(named(&["program", "version"]))
        .answers(Answers::Schema),
        Operation::get("/openapi.json", "openapi", "This description", "read")
            .answers(Answers::Tagged(json!({ "type": "object" }))),
        Operation::get("/v1/status", "status", "What is served, and what was refused and why", "operate")
            .answers(Answers::Json(types.subschema_for::<StatusAnswer>().into())),
        Operation::get("/metrics", "metrics", "Numbers for Prometheus", "operate")
            .answers(text("application/openmetrics-text")),
        Operation::get("/livez", "live", "Whether the server runs", "").answers(text("text/plain")),
        Operation::get("/readyz", "ready", "Whether the server is to be sent requests", "").answers(text("text/plain")),
        Operation::get("/docs", "docs", "This description for people", "").answers(text("text/html")),
    ]
}
