//! What a service developer sends and sees, route by route.

use crate::rules::{ASKED, EVALUATE, place, rulebook, serve, table};
use serde_json::{Value, json};
use std::fs;
use tierline_tests::http::{Client, Response};
use tierline_tests::server::{Place, Server};

fn server() -> (Place, Server) {
    let place = place();
    place.write("rules/acme/2026.toml", &rulebook("2026", 2));
    place.write("rules/acme/marks-2026.csv", &table(2));
    let server = serve(&place, &[]);
    (place, server)
}

/// The problem of an answer, without what differs from run to run.
fn problem(response: &Response) -> Value {
    assert_eq!(response.header("content-type"), Some("application/problem+json"), "{}", response.text());
    let mut problem = response.json();
    let id = problem.as_object_mut().and_then(|problem| problem.shift_remove("request_id"));
    assert_eq!(id.as_ref().and_then(Value::as_str), response.header("x-request-id"));
    assert_eq!(problem["status"], response.status);
    problem
}

fn refused(client: &mut Client, body: &str) -> Value {
    problem(&client.post(EVALUATE, body.as_bytes()).expect("an answer"))
}

#[test]
fn a_decision_is_that_of_the_command_line() {
    let (place, server) = server();
    let response = server.client().post(EVALUATE, ASKED.as_bytes()).expect("an answer");
    assert_eq!((response.status, response.header("content-type")), (200, Some("application/json")));
    let facts = place.write("facts.json", r#"{"partner":{"id":"P-7"},"sales":[{"id":"S-1","amount":"12.30"}]}"#);
    let mut command = std::process::Command::new(crate::rules::PROGRAM);
    command.arg("--rules").arg(place.path("rules")).args(["eval", "acme", "--format", "json", "--as-of", "2025-06-01"]);
    let output = command.arg("--facts").arg(facts).output().expect("the program runs");
    assert_eq!(response.text(), String::from_utf8_lossy(&output.stdout).trim_end());
    let decision = response.json();
    assert_eq!(decision["receipt"]["version"], "2025");
    assert_eq!(decision["measures"], json!({ "of_file": "1", "of_table": "1", "sold": "12.30" }));
}

#[test]
fn a_version_may_be_named_and_every_step_be_told() {
    let (_place, server) = server();
    let mut client = server.client();
    let body = r#"{"as_of":"2025-06-01","version":"2026","trace":true,"facts":{"partner":{"id":"P-7"}}}"#;
    let decision = client.post(EVALUATE, body.as_bytes()).expect("an answer").json();
    assert_eq!(decision["receipt"]["version"], "2026");
    assert_eq!(decision["measures"]["of_file"], "2");
    assert!(decision["trace"].as_array().is_some_and(|trace| !trace.is_empty()), "{decision}");
}

#[test]
fn what_is_wrong_with_a_request_is_told_with_its_place() {
    let (_place, server) = server();
    let mut client = server.client();
    assert_eq!(
        refused(&mut client, r#"{"as_of":"2025-06-01","facts":{"partner":{"idd":1},"sales":[{"amount":"x"}]}}"#),
        json!({
            "type": "/docs#problem-invalid-facts",
            "title": "The facts do not fit the rules",
            "status": 422,
            "detail": "the facts do not fit `acme@2025`",
            "errors": [
                { "pointer": "/facts/partner/idd", "message": "`idd` is not known here", "help": "did you mean `id`?" },
                { "pointer": "/facts/sales/0/amount", "message": "expected an amount, found `x`" },
            ],
        })
    );
    assert_eq!(
        refused(&mut client, r#"{"as_off":"2025-06-01","facts":{}}"#),
        json!({
            "type": "/docs#problem-invalid-request",
            "title": "The request does not say what it must say",
            "status": 422,
            "detail": "2 things are wrong with the request",
            "errors": [
                { "pointer": "/as_off", "message": "`as_off` is not known here", "help": "did you mean `as_of`?" },
                { "pointer": "", "message": "`as_of` is missing", "help": "add `as_of`: a day such as \"2024-12-31\"" },
            ],
        })
    );
    assert_eq!(
        refused(&mut client, r#"{"as_of":"2024-12-31","facts":{}}"#),
        json!({
            "type": "/docs#problem-no-version",
            "title": "No version of the rules answers",
            "status": 422,
            "detail": "no published version of `acme` is in force on 2024-12-31",
            "errors": [
                { "pointer": "/as_of", "message": "no published version of `acme` is in force on 2024-12-31" },
            ],
        })
    );
    assert_eq!(
        refused(&mut client, r#"{"as_of":"2025-06-01","version":"2206","facts":{}}"#)["errors"],
        json!([{ "pointer": "/version", "message": "`acme` has no version `2206`; did you mean `2026`?" }])
    );
    let malformed = refused(&mut client, r#"{"as_of":"2025-06-01","facts":{"partner":}}"#);
    assert_eq!((&malformed["status"], &malformed["type"]), (&json!(400), &json!("/docs#problem-malformed-json")));
    assert_eq!(malformed["detail"], "this is not valid JSON: expected value at line 1 column 42");
    let not_utf8 = client.post(EVALUATE, b"{\"as_of\":\"\xff\"}").expect("an answer");
    assert_eq!(problem(&not_utf8)["type"], "/docs#problem-malformed-json");
    let typed = client.ask("POST", EVALUATE, &[("content-type", "text/plain")], ASKED.as_bytes()).expect("an answer");
    assert_eq!(problem(&typed)["type"], "/docs#problem-wrong-content-type");
    let none = client.post("/v1/programs/acne/evaluate", ASKED.as_bytes()).expect("an answer");
    assert_eq!((none.status, problem(&none)["help"].clone()), (404, json!("did you mean `acme`?")));
}

#[test]
fn an_evaluation_without_an_answer_is_told() {
    let (_place, server) = server();
    let sale = |id: &str| format!(r#"{{"id":"{id}","amount":70000000000000000000000000000}}"#);
    let body = format!(r#"{{"as_of":"2025-06-01","facts":{{"sales":[{},{}]}}}}"#, sale("1"), sale("2"));
    let told = refused(&mut server.client(), &body);
    assert_eq!(told["type"], "/docs#problem-no-answer");
    assert_eq!(told["detail"], "a number or date is too large to be computed with");
}

#[test]
fn two_versions_are_compared() {
    let (_place, server) = server();
    let mut client = server.client();
    let path = "/v1/programs/acme/compare";
    let body = r#"{"as_of":"2025-06-01","old":"2025","new":"2026","facts":{"partner":{"id":"P-7"},"sales":[]}}"#;
    let answer = client.post(path, body.as_bytes()).expect("an answer").json();
    assert_eq!(answer["old"]["receipt"]["version"], "2025");
    assert_eq!(answer["new"]["receipt"]["version"], "2026");
    assert_eq!(
        answer["differences"],
        json!([
            { "path": "measures.of_file", "old": "1", "new": "2" },
            { "path": "measures.of_table", "old": "1", "new": "2" },
        ])
    );
    let body = r#"{"as_of":"2025-06-01","old":"2024","facts":{}}"#;
    let told = problem(&client.post(path, body.as_bytes()).expect("an answer"));
    assert_eq!(told["errors"][0]["message"], "`new` is missing");
    let body = r#"{"as_of":"2025-06-01","old":"2025","new":"2027","facts":{}}"#;
    let told = problem(&client.post(path, body.as_bytes()).expect("an answer"));
    assert_eq!(told["errors"][0]["pointer"], "/new");
}

#[test]
fn records_are_compared_by_what_names_them() {
    let place = place();
    for (version, rows) in [
        ("2025", r#"{ product = "anvil", points = 10 }, { product = "rocket", points = 20 }"#),
        (
            "2026",
            r#"{ product = "piano", points = 5 }, { product = "anvil", points = 10 }, { product = "rocket", points = 30 }"#,
        ),
    ] {
        let facts = "amount = \"money\"\nproduct = \"text\"\nsold_on = \"date\"\nhappened = \"sold_on\"";
        let awards = format!("\n[[awards]]\nid = \"resale\"\ncount = \"sale\"\nrows = [{rows}]\n");
        let text = rulebook(version, 1).replace("amount = \"money\"", facts) + awards.as_str();
        place.write(&format!("rules/acme/{version}.toml"), &text);
        place.write(&format!("rules/acme/marks-{version}.csv"), &table(1));
    }
    fs::remove_dir_all(place.path("rules/acme/cases")).expect("removed");
    let server = serve(&place, &[]);
    let sale =
        |id: &str, product: &str| format!(r#"{{"id":"{id}","amount":1,"product":"{product}","sold_on":"2025-05-01"}}"#);
    let sales = [sale("S-1", "rocket"), sale("S-2", "anvil"), sale("S-3", "piano")].join(",");
    let body = format!(
        r#"{{"as_of":"2025-06-01","old":"2025","new":"2026","facts":{{"partner":{{"id":"P-7"}},"sales":[{sales}]}}}}"#
    );
    let answer = server.client().post("/v1/programs/acme/compare", body.as_bytes()).expect("an answer");
    assert_eq!(answer.status, 200, "{}", answer.text());
    let differences = answer.json()["differences"].clone();
    let paths: Vec<&str> =
        differences.as_array().into_iter().flatten().filter_map(|one| one["path"].as_str()).collect();
    assert_eq!(
        paths,
        ["measures.points", "awards.total", "awards.lines.\"resale.rocket\".points", "awards.lines.\"resale.piano\""]
    );
    assert_eq!(differences[2], json!({ "path": paths[2], "old": "20", "new": "30" }));
    assert_eq!(
        differences[3],
        json!({ "path": paths[3], "new": { "rule": "resale.piano", "points": "5", "basis": { "count": 1 }, "facts": ["S-3"] } })
    );
}

#[test]
fn a_version_that_is_compared_judges_every_subject_itself() {
    let rules = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules");
    let plugins = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../plugins").display().to_string();
    let server = Server::start(crate::rules::PROGRAM, &rules, &["--plugins", &plugins]);
    let mut client = server.client();
    let deal = r#"{"id":"D-1","submitted_on":"2024-03-01"}"#;
    let facts = format!(r#"{{"partner":{{"id":"P-1"}},"deals":[{deal}]}}"#);
    let one = format!(r#"{{"as_of":"2024-08-01","version":"2024-07","facts":{facts}}}"#);
    let path = |rest: &str| format!("/v1/programs/redhat-pex/{rest}");
    let judged = |decision: &Value| decision["rulings"]["deal_registration"][0]["receipt"]["version"].clone();
    let decision = client.post(&path("evaluate"), one.as_bytes()).expect("an answer").json();
    assert_eq!(judged(&decision), "2023", "by its date it belongs to another version");
    let two = format!(r#"{{"as_of":"2024-08-01","old":"2023","new":"2024-07","facts":{facts}}}"#);
    let answer = client.post(&path("compare"), two.as_bytes()).expect("an answer");
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!((judged(&answer.json()["old"]), judged(&answer.json()["new"])), (Value::Null, Value::Null));
}

#[test]
fn programs_versions_and_rules_can_be_read() {
    let (_place, server) = server();
    let mut client = server.client();
    let programs = client.get("/v1/programs").expect("an answer").json();
    assert_eq!(programs["programs"][0]["program"], "acme");
    let program = client.get("/v1/programs/acme").expect("an answer").json();
    assert_eq!(program, programs["programs"][0]);
    assert_eq!(program["title"], "Acme Partners");
    let days = |at: usize| (program["versions"][at]["from"].clone(), program["versions"][at]["until"].clone());
    assert_eq!(days(0), (json!("2025-01-01"), json!("2026-01-01")));
    assert_eq!(days(1), (json!("2026-01-01"), Value::Null));
    let version = client.get("/v1/programs/acme/versions/2025").expect("an answer").json();
    assert_eq!(version["digest"], program["versions"][0]["digest"]);
    let ids: Vec<&str> =
        version["rules"].as_array().into_iter().flatten().filter_map(|rule| rule["id"].as_str()).collect();
    assert!(ids.contains(&"sold") && ids.contains(&"stamp"), "{ids:?}");
    let rule = client.get("/v1/programs/acme/versions/2025/rules/stamp").expect("an answer").json();
    assert_eq!(rule["rule"]["sources"][0]["clauses"], json!(["A-1"]));
    assert_eq!(rule["rule"]["sources"][0]["place"], "https://acme.example/guide");
    let schema = client.get("/v1/programs/acme/versions/2025/facts-schema").expect("an answer");
    assert_eq!(schema.header("content-type"), Some("application/schema+json"));
    assert_eq!(schema.json()["properties"]["sales"]["items"]["$ref"], "#/$defs/sale");
    for (path, kind, help) in [
        ("/v1/programs/acne", "unknown-program", "did you mean `acme`?"),
        ("/v1/programs/acme/versions/2052", "unknown-version", "did you mean `2025`?"),
        ("/v1/programs/acme/versions/2025/rules/sodl", "unknown-rule", "did you mean `sold`?"),
    ] {
        let told = problem(&client.get(path).expect("an answer"));
        assert_eq!((&told["type"], &told["help"]), (&json!(format!("/docs#problem-{kind}")), &json!(help)));
    }
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    let (_place, server) = server();
    let mut client = server.client();
    for path in ["/v1/programs", "/v1/programs/acme/versions/2025", "/v1/programs/acme/versions/2025/facts-schema"] {
        let first = client.get(path).expect("an answer");
        let tag = first.header("etag").expect("a tag").to_owned();
        let again = client.ask("GET", path, &[("if-none-match", &tag)], b"").expect("an answer");
        assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, Some(tag.as_str())));
        let other = client.ask("GET", path, &[("if-none-match", "\"other\"")], b"").expect("an answer");
        assert_eq!(other.status, 200);
    }
}

#[test]
fn rules_are_explained_in_the_language_that_is_asked_for() {
    let (_place, server) = server();
    let mut client = server.client();
    let path = "/v1/programs/acme";
    let mut tags = Vec::new();
    for (asked, told, title) in [
        ("ja", "ja", "アクメ パートナー"),
        ("fr-CA, en;q=0.5", "fr", "Partenaires Acme"),
        ("de", "en", "Acme Partners"),
    ] {
        let response = client.ask("GET", path, &[("accept-language", asked)], b"").expect("an answer");
        assert_eq!(response.header("content-language"), Some(told));
        assert_eq!(response.json()["title"], title);
        tags.push(response.header("etag").expect("a tag").to_owned());
        let vary: Vec<&str> =
            response.headers.iter().filter(|(name, _)| name == "vary").map(|(_, value)| value.as_str()).collect();
        assert!(vary.contains(&"accept-language"), "{vary:?}");
    }
    tags.dedup();
    assert_eq!(tags.len(), 3);
}

#[test]
fn answers_are_compressed_when_that_is_asked_for() {
    let (_place, server) = server();
    let mut client = server.client();
    let path = "/v1/programs/acme/versions/2025";
    let plain = client.get(path).expect("an answer");
    let packed = client.ask("GET", path, &[("accept-encoding", "gzip")], b"").expect("an answer");
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert_eq!(crate::run::unpacked(&packed.body), plain.body);
    let asked = [("content-type", "application/json"), ("content-encoding", "gzip")];
    let answer = client.ask("POST", EVALUATE, &asked, &crate::run::packed(ASKED.as_bytes())).expect("an answer");
    assert_eq!(answer.json()["subject"], "P-7");
}

#[test]
fn every_request_has_an_id() {
    let (_place, server) = server();
    let mut client = server.client();
    let own = client.ask("GET", "/livez", &[("x-request-id", "portal-17")], b"").expect("an answer");
    assert_eq!(own.header("x-request-id"), Some("portal-17"));
    let id = |response: Response| response.header("x-request-id").expect("an id").to_owned();
    let (first, second) = (id(client.get("/livez").expect("an answer")), id(client.get("/livez").expect("an answer")));
    assert_ne!(first, second);
}

#[test]
fn what_is_not_there_is_a_problem_too() {
    let (_place, server) = server();
    let mut client = server.client();
    assert_eq!(problem(&client.get("/v2").expect("an answer"))["type"], "/docs#problem-not-found");
    let get = client.get(EVALUATE).expect("an answer");
    assert_eq!(problem(&get)["type"], "/docs#problem-wrong-method");
    assert_eq!(get.header("allow"), Some("POST"));
    let put = client.ask("PUT", "/v1/programs/acme/versions/2025", &[], b"x").expect("an answer");
    assert_eq!(put.status, 405);
    assert_eq!(problem(&client.get("/v1/programs/%ff").expect("an answer"))["type"], "/docs#problem-malformed-request");
}

#[test]
fn how_the_server_does_is_told() {
    let (_place, server) = server();
    let mut client = server.client();
    assert_eq!(client.get("/livez").expect("an answer").status, 200);
    assert_eq!(client.get("/readyz").expect("an answer").status, 200);
    client.post(EVALUATE, ASKED.as_bytes()).expect("an answer");
    client.post(EVALUATE, b"{").expect("an answer");
    let status = client.get("/v1/status").expect("an answer").json();
    let acme = &status["programs"][0];
    assert_eq!(
        (&acme["program"], &acme["refused"], &status["stale_since"]),
        (&json!("acme"), &Value::Null, &Value::Null)
    );
    let metrics = client.get("/metrics").expect("an answer").text();
    for line in [
        "tierline_requests_total{route=\"/v1/programs/{program}/evaluate\",method=\"POST\",status=\"400\"} 1",
        "tierline_evaluations_total{program=\"acme\",version=\"2025\",outcome=\"decision\"} 1",
        "tierline_refused_programs 0",
        "tierline_rules_stale_seconds 0",
    ] {
        assert!(metrics.lines().any(|known| known == line), "{line} in\n{metrics}");
    }
    let digest = acme["versions"][0]["digest"].as_str().expect("a digest");
    assert!(metrics.contains(&format!("tierline_rules{{program=\"acme\",version=\"2025\",digest=\"{digest}\"}} 1")));
}
