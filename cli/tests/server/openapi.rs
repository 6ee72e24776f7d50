//! Real answers held against the description that the server gives of itself.

use crate::rules::{PROGRAM, place, rulebook, serve, table};
use serde_json::{Map, Value, json};
use std::path::Path;
use tierline_tests::http::Client;
use tierline_tests::server::{Place, Server, until};

/// The description of a server, with every object closed: a key that it does not name is a mistake.
struct Api(Value);

impl Api {
    fn of(client: &mut Client) -> Self {
        let response = client.get("/openapi.json").expect("an answer");
        let mut document = response.json();
        assert_eq!(document["openapi"], "3.1.0");
        close(&mut document["components"]["schemas"]);
        Self(document)
    }

    /// The schema of what an operation answers.
    fn answer(&self, path: &str, method: &str, status: &str, content_type: &str) -> Value {
        let response = &self.0["paths"][path][method]["responses"][status];
        response["content"][content_type]["schema"].clone()
    }

    fn holds(&self, schema: &Value, value: &Value, what: &str) {
        assert!(schema.is_object(), "{what} has no schema");
        let whole = json!({ "allOf": [schema], "components": self.0["components"] });
        let validator = jsonschema::draft202012::new(&whole).expect("a schema");
        let wrong: Vec<String> =
            validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(wrong.is_empty(), "{what}:\n{}\n{value:#}", wrong.join("\n"));
    }

    fn breaks(&self, schema: &Value, value: &Value) {
        let whole = json!({ "allOf": [schema], "components": self.0["components"] });
        assert!(!jsonschema::draft202012::is_valid(&whole, value), "{value}");
    }
}

fn close(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if object.contains_key("properties") && !object.contains_key("additionalProperties") {
                object.insert("additionalProperties".into(), false.into());
            }
            object.values_mut().for_each(close);
        }
        Value::Array(list) => list.iter_mut().for_each(close),
        _ => {}
    }
}

fn acme() -> (Place, Server) {
    let place = place();
    place.write("rules/acme/2026.toml", &rulebook("2026", 2));
    place.write("rules/acme/marks-2026.csv", &table(2));
    let server = serve(&place, &[]);
    (place, server)
}

#[test]
fn every_answer_is_as_described() {
    let (place, server) = acme();
    let mut client = server.client();
    let api = Api::of(&mut client);
    let base = "/v1/programs/{program}";
    for (template, path) in [
        ("/v1/programs".to_owned(), "/v1/programs"),
        (base.to_owned(), "/v1/programs/acme"),
        (format!("{base}/versions/{{version}}"), "/v1/programs/acme/versions/2025"),
        (format!("{base}/versions/{{version}}/rules/{{rule}}"), "/v1/programs/acme/versions/2025/rules/stamp"),
        ("/v1/status".to_owned(), "/v1/status"),
    ] {
        let answer = client.get(path).expect("an answer").json();
        api.holds(&api.answer(&template, "get", "200", "application/json"), &answer, path);
    }
    let problem = api.answer("/v1/status", "get", "default", "application/problem+json");
    for (path, body) in [
        ("/v1/programs/acme/evaluate", "{}"),
        ("/v1/programs/acme/evaluate", "{"),
        ("/v1/programs/acne/evaluate", "{}"),
        ("/v1/programs/acme/compare", r#"{"as_of":"2025-06-01","old":"2025","new":"2026","facts":{"x":1}}"#),
        ("/nothing", ""),
    ] {
        let answer = client.post(path, body.as_bytes()).expect("an answer").json();
        api.holds(&problem, &answer, path);
    }
    let body = r#"{"as_of":"2025-06-01","old":"2025","new":"2026","facts":{"sales":[{"id":"S"}]}}"#;
    let answer = client.post("/v1/programs/acme/compare", body.as_bytes()).expect("an answer").json();
    api.holds(&api.answer("/v1/programs/acme/compare", "post", "200", "application/json"), &answer, "compare");
    api.breaks(&api.answer("/v1/programs/acme/compare", "post", "200", "application/json"), &json!({ "old": 1 }));
    place.write("rules/acme/2026.toml", "nonsense");
    until("the refusal", || client.get("/v1/status").expect("an answer").json()["stale_since"] != Value::Null);
    let status = client.get("/v1/status").expect("an answer").json();
    assert!(status["programs"][0]["refused"]["reasons"][0]["finding"].is_object(), "{status}");
    api.holds(&api.answer("/v1/status", "get", "200", "application/json"), &status, "status with a refusal");
}

#[test]
fn a_version_tells_from_which_day_of_a_partner_it_binds() {
    let levels = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/levels");
    let server = Server::start(PROGRAM, &levels, &[]);
    let mut client = server.client();
    let api = Api::of(&mut client);
    let (base, own) = ("/v1/programs/{program}", "/v1/programs/acme-bound");
    let program = client.get(own).expect("an answer").json();
    api.holds(&api.answer(base, "get", "200", "application/json"), &program, own);
    let binds = |version: &Value| version.get("binds").cloned();
    assert_eq!(binds(&program["versions"][0]), None);
    assert_eq!(binds(&program["versions"][1]), Some(json!("partner.renews_on")));
    let version = client.get(&format!("{own}/versions/2025")).expect("an answer").json();
    let described = api.answer(&format!("{base}/versions/{{version}}"), "get", "200", "application/json");
    api.holds(&described, &version, "the version");
    assert_eq!(binds(&version), Some(json!("partner.renews_on")));
}

#[test]
fn facts_and_decisions_of_the_programs_are_as_described() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let levels = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let read =
        |path: &Path| -> Value { serde_json::from_str(&std::fs::read_to_string(path).expect("a file")).expect("JSON") };
    let year = read(&root.join("rules/redhat-pex/cases/partner-year.json"));
    for (rules, program, day, facts) in [
        (levels.join("levels"), "acme-duties", "2025-06-30", read(&levels.join("facts/duties.json"))),
        (levels.join("levels"), "acme-levels", "2025-06-30", read(&levels.join("facts/levels.json"))),
        (root.join("rules"), "redhat-pex", "2024-12-31", year.clone()),
        (root.join("rules"), "redhat-pex", "2025-02-01", json!({ "partner": { "id": "P-1" }, "people": null })),
    ] {
        let plugins = root.join("plugins").display().to_string();
        let server = Server::start(PROGRAM, &rules, &["--plugins", &plugins]);
        let mut client = server.client();
        let api = Api::of(&mut client);
        let path = format!("/v1/programs/{program}/evaluate");
        let question = json!({ "as_of": day, "facts": facts, "trace": true });
        let asked = api.0["paths"][&path]["post"]["requestBody"]["content"]["application/json"]["schema"].clone();
        api.holds(&asked, &question, "the question");
        let mut more = question.clone();
        more["facts"]["nothing"] = json!(1);
        api.breaks(&asked, &more);
        let response = client.post(&path, question.to_string().as_bytes()).expect("an answer");
        assert_eq!(response.status, 200, "{}", response.text());
        api.holds(&api.answer(&path, "post", "200", "application/json"), &response.json(), program);
    }
}

#[test]
fn the_description_follows_the_rules_and_can_be_cached() {
    let (place, server) = acme();
    let mut client = server.client();
    let first = client.get("/openapi.json").expect("an answer");
    let tag = first.header("etag").expect("a tag").to_owned();
    let ask =
        |client: &mut Client| client.ask("GET", "/openapi.json", &[("if-none-match", &tag)], b"").expect("an answer");
    assert_eq!(ask(&mut client).status, 304);
    let more = rulebook("2026", 2).replace("amount = \"money\"", "amount = \"money\"\nregion = \"text\"");
    place.write("rules/acme/2026.toml", &more);
    until("the new description", || ask(&mut client).status == 200);
    let schemas = ask(&mut client).json()["components"]["schemas"].clone();
    assert_eq!(schemas["FactsAcme2026_sale"]["properties"]["region"]["type"], "string");
    assert_eq!(schemas["FactsAcme2025_sale"]["properties"]["region"], Value::Null);
}

#[test]
fn every_reference_leads_somewhere_and_every_operation_has_its_own_name() {
    let (_place, server) = acme();
    let document = server.client().get("/openapi.json").expect("an answer").json();
    let schemas = document["components"]["schemas"].as_object().cloned().unwrap_or_default();
    references(&document, &schemas);
    let paths = document["paths"].as_object().expect("paths");
    let operations = paths.values().flat_map(|path| path.as_object().expect("methods").values());
    let mut ids: Vec<&str> = operations.filter_map(|operation| operation["operationId"].as_str()).collect();
    assert!(ids.contains(&"evaluateAcme"), "{ids:?}");
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count);
}

fn references(value: &Value, schemas: &Map<String, Value>) {
    match value {
        Value::Object(object) => {
            if let Some(target) = object.get("$ref").and_then(Value::as_str) {
                let name = target.strip_prefix("#/components/schemas/").expect("a component");
                assert!(schemas.contains_key(name), "{target}");
            }
            object.values().for_each(|value| references(value, schemas));
        }
        Value::Array(list) => list.iter().for_each(|value| references(value, schemas)),
        _ => {}
    }
}

#[test]
fn the_page_fetches_nothing_from_elsewhere() {
    let (_place, server) = acme();
    let mut client = server.client();
    for (path, content_type) in
        [("/docs", "text/html"), ("/docs/docs.js", "text/javascript"), ("/docs/docs.css", "text/css")]
    {
        let response = client.get(path).expect("an answer");
        assert_eq!(response.status, 200);
        assert!(response.header("content-type").is_some_and(|value| value.starts_with(content_type)));
        let policy = response.header("content-security-policy").expect("a policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'"));
        assert!(!policy.contains("unsafe"), "{policy}");
        assert!(!response.text().contains("://"), "{path} names another address");
        assert!(!response.text().contains("innerHTML"), "{path}");
    }
}

#[test]
fn the_examples_of_the_description_are_answered() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let plugins = root.join("plugins").display().to_string();
    let server = Server::start(PROGRAM, &root.join("rules"), &["--plugins", &plugins]);
    let mut client = server.client();
    let document = client.get("/openapi.json").expect("an answer").json();
    let first = |schema: &Value| schema["examples"][0].as_str().expect("an example").to_owned();
    let mut asked = 0;
    for (path, methods) in document["paths"].as_object().expect("paths") {
        if let Some(question) = path.strip_suffix("/evaluate").map(|_| &methods["post"]["requestBody"]) {
            let schema = &question["content"]["application/json"]["schema"]["properties"];
            let body = json!({ "as_of": first(&schema["as_of"]), "version": first(&schema["version"]), "facts": {} });
            let answer = client.post(path, body.to_string().as_bytes()).expect("an answer");
            assert_eq!(answer.status, 200, "{path}: {}", answer.text());
            let body = json!({ "as_of": first(&schema["as_of"]), "facts": {} });
            let answer = client.post(path, body.to_string().as_bytes()).expect("an answer");
            assert_eq!(answer.status, 200, "{path}: {}", answer.text());
            asked += 1;
        }
        if path.contains('{') {
            let filled =
                methods["get"]["parameters"].as_array().into_iter().flatten().fold(path.clone(), |path, part| {
                    path.replace(&format!("{{{}}}", part["name"].as_str().unwrap_or("")), &first(&part["schema"]))
                });
            let answer = client.get(&filled).expect("an answer");
            assert_eq!(answer.status, 200, "{filled}: {}", answer.text());
            asked += 1;
        }
    }
    assert_eq!(asked, 4 + 4, "every program, and every route with a name in it");
}
