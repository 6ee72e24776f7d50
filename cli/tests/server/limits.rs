//! What is too much, too slow or malformed: the right status, a problem, and a server that lives on.

use crate::rules::{ASKED, EVALUATE, place, serve};
use crate::run::packed;
use serde_json::{Value, json};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;
use tierline_tests::http::{Client, Response};
use tierline_tests::server::{Server, until};

fn json_type() -> (&'static str, &'static str) {
    ("content-type", "application/json")
}

fn told(response: &Response, status: u16, kind: &str) {
    assert_eq!(response.status, status, "{}", response.text());
    assert_eq!(response.header("content-type"), Some("application/problem+json"));
    assert_eq!(response.json()["type"], format!("/docs#problem-{kind}"));
}

fn alive(server: &Server) {
    assert_eq!(server.client().post(EVALUATE, ASKED.as_bytes()).expect("an answer").status, 200);
}

fn sales(count: usize) -> String {
    let sales = vec!["{}"; count].join(",");
    format!(r#"{{"as_of":"2025-06-01","facts":{{"partner":{{"id":"P"}},"sales":[{sales}]}}}}"#)
}

#[test]
fn a_body_that_is_too_large_is_refused() {
    let place = place();
    let server = serve(&place, &[]);
    let large = vec![b' '; 3 << 20];
    told(&server.client().post(EVALUATE, &large).expect("an answer"), 413, "too-large");
    let mut client = server.client();
    let head = client.head("POST", EVALUATE, &[json_type(), ("transfer-encoding", "chunked")], None);
    client.send(head.as_bytes()).expect("sent");
    client.send(format!("{:x}\r\n", large.len()).as_bytes()).expect("sent");
    client.send(&large).expect("sent");
    client.send(b"\r\n0\r\n\r\n").expect("sent");
    told(&client.read(false).expect("an answer"), 413, "too-large");
    alive(&server);
}

#[test]
fn a_bomb_is_not_unpacked() {
    let place = place();
    let server = serve(&place, &[]);
    let bomb = packed(&vec![b' '; 256 << 20]);
    assert!(bomb.len() < 1 << 20, "{} bytes", bomb.len());
    let before = server.memory();
    for _ in 0..4 {
        let asked = [json_type(), ("content-encoding", "gzip")];
        told(&server.client().ask("POST", EVALUATE, &asked, &bomb).expect("an answer"), 413, "too-large");
    }
    assert!(server.memory() < before + (32 << 20), "from {before} to {} bytes", server.memory());
    alive(&server);
}

#[test]
fn what_is_packed_otherwise_or_badly_is_refused() {
    let place = place();
    let server = serve(&place, &[]);
    let ask = |encoding: &str, body: &[u8]| {
        let asked = [json_type(), ("content-encoding", encoding)];
        server.client().ask("POST", EVALUATE, &asked, body).expect("an answer")
    };
    told(&ask("br", ASKED.as_bytes()), 415, "wrong-content-type");
    assert_eq!(ask("br", b"").json()["detail"], "the body is in the encoding `br`");
    told(&ask("gzip", ASKED.as_bytes()), 400, "malformed-request");
    alive(&server);
}

#[test]
fn json_that_nests_too_deep_is_refused() {
    let place = place();
    let server = serve(&place, &[]);
    let nested = |depth: usize| {
        let inner = format!("{}{}", "[".repeat(depth - 2), "]".repeat(depth - 2));
        format!(r#"{{"as_of":"2025-06-01","facts":{{"partner":{inner}}}}}"#)
    };
    let mut client = server.client();
    let response = client.post(EVALUATE, nested(33).as_bytes()).expect("an answer");
    told(&response, 422, "invalid-request");
    assert_eq!(response.json()["detail"], "the JSON nests 33 deep; 32 is the most");
    told(&client.post(EVALUATE, nested(32).as_bytes()).expect("an answer"), 422, "invalid-facts");
    told(&client.post(EVALUATE, nested(200_000).as_bytes()).expect("an answer"), 422, "invalid-request");
    alive(&server);
}

#[test]
fn a_list_that_is_too_long_is_refused() {
    let place = place();
    let server = serve(&place, &["--evaluation-limit", "1 min"]);
    let mut client = server.client();
    assert_eq!(client.post(EVALUATE, sales(100_000).as_bytes()).expect("an answer").status, 200);
    let response = client.post(EVALUATE, sales(100_001).as_bytes()).expect("an answer");
    told(&response, 422, "invalid-facts");
    assert_eq!(response.json()["errors"][0]["message"], "the list holds more than 100000 records");
    alive(&server);
}

#[test]
fn long_evaluations_wait_for_each_other_and_short_ones_do_not() {
    let place = place();
    let server = serve(&place, &[]);
    let long = sales(20_000);
    thread::scope(|scope| {
        let ask = || server.client().post(EVALUATE, long.as_bytes()).expect("an answer").status;
        let askers: Vec<_> = (0..12).map(|_| scope.spawn(ask)).collect();
        alive(&server);
        let statuses: Vec<u16> = askers.into_iter().map(|asker| asker.join().expect("an asker")).collect();
        assert_eq!(statuses, [200; 12]);
    });
}

#[test]
fn an_evaluation_takes_so_many_steps_and_no_more() {
    let place = place();
    let server = serve(&place, &["--step-limit", "500"]);
    let mut client = server.client();
    assert_eq!(client.post(EVALUATE, sales(100).as_bytes()).expect("an answer").status, 200);
    let detail = "the evaluation takes more than 500 steps; each record or row that a rule looks at is one";
    for _ in 0..3 {
        let response = client.post(EVALUATE, sales(1_000).as_bytes()).expect("an answer");
        told(&response, 422, "too-many-steps");
        assert_eq!(response.json()["detail"], detail);
        assert_eq!(response.json()["help"], "send fewer records; the server's setting is `step_limit`");
    }
    let both = sales(1_000).replace("\"as_of\"", "\"old\":\"2025\",\"new\":\"2025\",\"as_of\"");
    let response = client.post("/v1/programs/acme/compare", both.as_bytes()).expect("an answer");
    told(&response, 422, "too-many-steps");
    let facts = sales(1_000).replace("{\"as_of\":\"2025-06-01\",\"facts\":", "");
    let lines = format!("{}\n{{}}\n", &facts[..facts.len() - 1]);
    let batch = "/v1/programs/acme/evaluate/batch?as_of=2025-06-01";
    let asked = [("content-type", "application/x-ndjson")];
    let answer = client.ask("POST", batch, &asked, lines.as_bytes()).expect("an answer").text();
    let lines: Vec<Value> = answer.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines[0]["error"]["errors"][0]["message"], detail, "{answer}");
    assert_eq!(lines[1]["receipt"]["version"], "2025");
    alive(&server);
}

#[test]
fn an_evaluation_that_takes_too_long_is_given_up() {
    let place = place();
    let server = serve(&place, &["--evaluation-limit", "1 ms"]);
    let response = server.client().post(EVALUATE, sales(100_000).as_bytes()).expect("an answer");
    told(&response, 503, "too-long");
    assert_eq!(response.json()["detail"], "the evaluation took longer than 1 ms");
    alive(&server);
}

#[test]
fn who_comes_when_there_is_too_much_to_do_is_told_when_to_come_again() {
    let place = place();
    let server = serve(&place, &["--evaluations", "1", "--batches", "1"]);
    let (long, done) = (sales(100_000), AtomicBool::new(false));
    let turned_away = thread::scope(|scope| {
        scope.spawn(|| {
            let mut client = server.client();
            while !done.load(Ordering::Relaxed) {
                client.post(EVALUATE, long.as_bytes()).expect("an answer");
            }
        });
        let mut turned_away = None;
        until("one that is turned away", || {
            let response = server.client().post(EVALUATE, ASKED.as_bytes()).expect("an answer");
            turned_away = Some(response).filter(|response| response.status != 200);
            turned_away.is_some()
        });
        done.store(true, Ordering::Relaxed);
        turned_away
    });
    let response = turned_away.expect("an answer");
    told(&response, 503, "too-busy");
    assert_eq!(response.header("retry-after"), Some("1"));
    let batch = "/v1/programs/acme/evaluate/batch?as_of=2025-06-01";
    let lines = ("content-type", "application/x-ndjson");
    let mut first = server.client();
    let head = first.head("POST", batch, &[lines, ("transfer-encoding", "chunked")], None);
    first.send(head.as_bytes()).expect("sent");
    assert_eq!(first.read_head().expect("a head").status, 200);
    let second = server.client().ask("POST", batch, &[lines], b"{}").expect("an answer");
    told(&second, 503, "too-busy");
    assert_eq!(second.header("retry-after"), Some("1"));
    first.send(b"0\r\n\r\n").expect("sent");
    assert_eq!(first.read_chunk().expect("the end"), None);
    until("room", || server.client().ask("POST", batch, &[lines], b"{}").expect("an answer").status == 200);
}

#[test]
fn all_bodies_together_hold_so_much_and_no_more() {
    let place = place();
    let server = serve(&place, &["--body-memory", "64 KiB", "--body-limit", "64 KiB"]);
    let mut refused = None;
    until("one that there is no memory for", || {
        let mut held = server.client();
        let head = held.head("POST", EVALUATE, &[json_type()], Some(50 << 10));
        held.send(head.as_bytes()).expect("sent");
        held.send(&[b' '; 40 << 10]).expect("sent");
        // Were the other body there first, it would be this one that is refused: then once more.
        thread::sleep(Duration::from_millis(20));
        let response = server.client().post(EVALUATE, &[b' '; 60 << 10]).expect("an answer");
        refused = Some((response, held)).filter(|(response, _)| response.status != 400);
        refused.is_some()
    });
    let (response, mut held) = refused.expect("an answer");
    told(&response, 503, "too-busy");
    assert_eq!(response.header("retry-after"), Some("1"));
    held.send(&[b' '; 10 << 10]).expect("sent");
    told(&held.read(false).expect("an answer"), 400, "malformed-json");
    for _ in 0..10 {
        let response = server.client().post(EVALUATE, &[b' '; 60 << 10]).expect("an answer");
        told(&response, 400, "malformed-json");
    }
    alive(&server);
}

#[test]
fn a_body_that_comes_too_slowly_is_given_up() {
    let place = place();
    let server = serve(&place, &["--body-timeout", "200 ms"]);
    let mut client = server.client();
    let head = client.head("POST", EVALUATE, &[json_type()], Some(ASKED.len()));
    client.send(head.as_bytes()).expect("sent");
    client.send(&ASKED.as_bytes()[..10]).expect("sent");
    let response = client.read(false).expect("an answer");
    told(&response, 408, "too-slow");
    assert_eq!(response.header("connection"), Some("close"));
    alive(&server);
}

#[test]
fn a_batch_that_says_nothing_is_ended() {
    let place = place();
    let server = serve(&place, &["--batch-timeout", "200 ms", "--batch-limit", "1 KiB"]);
    let batch = "/v1/programs/acme/evaluate/batch?as_of=2025-06-01";
    let lines = ("content-type", "application/x-ndjson");
    let ended = |body: &str| {
        let mut client = server.client();
        let head = client.head("POST", batch, &[lines, ("transfer-encoding", "chunked")], None);
        client.send(head.as_bytes()).expect("sent");
        client.send(format!("{:x}\r\n{body}\r\n", body.len()).as_bytes()).expect("sent");
        assert_eq!(client.read_head().expect("a head").status, 200);
        let mut text = Vec::new();
        // The connection ends without the end of the body, so that nobody takes it for whole.
        let error = loop {
            match client.read_chunk() {
                Ok(Some(chunk)) => text.extend(chunk),
                Ok(None) => panic!("the body came to its end"),
                Err(error) => break error,
            }
        };
        assert_eq!(error.kind(), std::io::ErrorKind::UnexpectedEof);
        let last = String::from_utf8(text).expect("text").lines().last().map(str::to_owned).expect("a line");
        serde_json::from_str::<serde_json::Value>(&last).expect("JSON")
    };
    let told = ended("{\"partner\":{}}\n{\"part");
    assert_eq!(
        (&told["line"], &told["error"]["errors"][0]["message"]),
        (&json!(2), &json!("the next line did not arrive in time"))
    );
    let told = ended(&"{}\n".repeat(600));
    assert_eq!(told["error"]["errors"][0]["message"], "a batch holds at most 1024 bytes, decompressed");
    alive(&server);
}

#[test]
fn who_says_nothing_or_nonsense_is_let_go() {
    let place = place();
    let server = serve(&place, &["--header-timeout", "200 ms"]);
    let mut silent = server.client();
    assert!(silent.read_head().is_err());
    let mut slow = server.client();
    slow.send(b"GET /livez HTTP/1.1\r\nhost: x\r\n").expect("sent");
    assert!(slow.read_head().is_err());
    let mut nonsense = server.client();
    nonsense.send(b"nonsense\r\n\r\n").expect("sent");
    assert_eq!(nonsense.read_head().expect("a head").status, 400);
    let mut long = server.client();
    long.send(long.head("GET", "/livez", &[("x", "y"); 201], None).as_bytes()).expect("sent");
    assert_eq!(long.read_head().expect("a head").status, 431);
    // Whoever sends more than that is let go before all is sent.
    let mut endless = server.client();
    endless.send(b"GET /livez HTTP/1.1\r\nx: ").expect("sent");
    until("the end", || endless.send(&[b'x'; 64 << 10]).is_err());
    alive(&server);
}

#[test]
fn a_head_that_is_too_long_is_told() {
    let place = place();
    let server = serve(&place, &[]);
    // `host` is one of them.
    let many =
        |count: usize| server.client().ask("GET", "/livez", &vec![("x", "y"); count - 1], b"").expect("an answer");
    assert_eq!(many(100).status, 200);
    told(&many(101), 431, "head-too-large");
    let long = "x".repeat(32 << 10);
    let response = server.client().ask("GET", "/livez", &[("cookie", &long)], b"").expect("an answer");
    told(&response, 431, "head-too-large");
    let response = server.client().get(&format!("/{long}")).expect("an answer");
    told(&response, 431, "head-too-large");
    assert_eq!(
        server.client().ask("GET", "/livez", &[("cookie", &long[1_000..])], b"").expect("an answer").status,
        200
    );
    alive(&server);
}

#[test]
fn there_are_so_many_connections_and_no_more() {
    let place = place();
    let server = serve(&place, &["--connections", "2"]);
    let mut held = [server.client(), server.client()];
    for client in &mut held {
        assert_eq!(client.get("/livez").expect("an answer").status, 200);
    }
    let mut third = Client::connect(server.address).expect("a connection");
    let response = third.read(false).expect("an answer");
    told(&response, 503, "too-busy");
    assert_eq!(response.header("retry-after"), Some("1"));
    drop(held);
    until("room", || server.client().get("/livez").is_ok_and(|response| response.status == 200));
}

#[test]
fn thousands_of_idle_connections_are_borne() {
    const IDLE: usize = 3_000;
    let limit = rlimit::increase_nofile_limit(IDLE as u64 + 500).expect("a limit");
    assert!(limit > IDLE as u64, "the system allows {limit} open files");
    let place = place();
    let server = serve(&place, &[]);
    let before = server.memory();
    let idle: Vec<TcpStream> = (0..IDLE).map(|_| TcpStream::connect(server.address).expect("a connection")).collect();
    alive(&server);
    let metrics = server.client().get("/metrics").expect("an answer").text();
    let line = metrics.lines().find_map(|line| line.strip_prefix("tierline_connections ")).expect("a line");
    assert!(line.parse::<usize>().expect("a number") >= idle.len(), "{line}");
    let each = server.memory().saturating_sub(before) / IDLE as u64;
    assert!(each < 32 << 10, "{each} bytes for each");
}
