//! Many subjects in one request, in and out line by line.

use crate::rules::{place, serve};
use crate::run::unpacked;
use serde_json::{Value, json};
use std::io::Write;
use std::thread;

const BATCH: &str = "/v1/programs/acme/evaluate/batch?as_of=2025-06-01";
const LINES: [(&str, &str); 1] = [("content-type", "application/x-ndjson")];

fn facts(n: usize) -> String {
    format!(r#"{{"partner":{{"id":"P-{n}"}},"sales":[{{"id":"S","amount":{n}}}]}}"#)
}

fn lines(body: &[u8]) -> Vec<Value> {
    String::from_utf8_lossy(body).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn a_bad_line_becomes_an_error_in_its_place() {
    let place = place();
    let server = serve(&place, &[]);
    let input = format!("{}\n\n{{\"partner\":7}}\nnonsense\n{}", facts(1), facts(5));
    let response = server.client().ask("POST", BATCH, &LINES, input.as_bytes()).expect("an answer");
    assert_eq!((response.status, response.header("content-type")), (200, Some("application/x-ndjson")));
    let answers = lines(&response.body);
    assert_eq!(answers.len(), 4);
    assert_eq!((&answers[0]["subject"], &answers[3]["subject"]), (&json!("P-1"), &json!("P-5")));
    assert_eq!((&answers[1]["line"], &answers[1]["error"]["errors"][0]["pointer"]), (&json!(3), &json!("/partner")));
    assert_eq!((&answers[2]["line"], &answers[2]["error"]["errors"][0]["pointer"]), (&json!(4), &json!("")));
}

#[test]
fn a_line_is_answered_before_the_next_one_is_sent() {
    let place = place();
    let server = serve(&place, &[]);
    let mut client = server.client();
    let head = client.head("POST", BATCH, &[LINES[0], ("transfer-encoding", "chunked")], None);
    client.send(head.as_bytes()).expect("sent");
    for n in 0..5 {
        let line = format!("{}\n", facts(n));
        client.send(format!("{:x}\r\n{line}\r\n", line.len()).as_bytes()).expect("sent");
        if n == 0 {
            assert_eq!(client.read_head().expect("a head").status, 200);
        }
        let answer = client.read_chunk().expect("a piece").expect("an answer");
        assert_eq!(lines(&answer)[0]["subject"], format!("P-{n}"));
    }
    client.send(b"0\r\n\r\n").expect("sent");
    assert_eq!(client.read_chunk().expect("the end"), None);
}

#[test]
fn answers_are_compressed_and_still_come_line_by_line() {
    let place = place();
    let server = serve(&place, &[]);
    let mut client = server.client();
    let input: String = (0..300).map(|n| format!("{}\n", facts(n))).collect();
    let plain = client.ask("POST", BATCH, &LINES, input.as_bytes()).expect("an answer");
    let asked = [LINES[0], ("accept-encoding", "gzip")];
    let packed = client.ask("POST", BATCH, &asked, input.as_bytes()).expect("an answer");
    assert_eq!((packed.status, packed.header("content-encoding")), (200, Some("gzip")));
    assert_eq!(unpacked(&packed.body), plain.body);
    let head = client.head("POST", BATCH, &[LINES[0], asked[1], ("transfer-encoding", "chunked")], None);
    client.send(head.as_bytes()).expect("sent");
    let mut reader = flate2::write::GzDecoder::new(Vec::new());
    for n in 0..3 {
        let line = format!("{}\n", facts(n));
        client.send(format!("{:x}\r\n{line}\r\n", line.len()).as_bytes()).expect("sent");
        if n == 0 {
            assert_eq!(client.read_head().expect("a head").status, 200);
        }
        while lines(reader.get_ref()).len() == n {
            reader.write_all(&client.read_chunk().expect("a piece").expect("an answer")).expect("gzip");
            reader.flush().expect("gzip");
        }
        assert_eq!(lines(reader.get_ref())[n]["subject"], format!("P-{n}"));
    }
}

#[test]
fn memory_does_not_grow_with_the_number_of_lines() {
    let place = place();
    let server = serve(&place, &[]);
    let mut client = server.client();
    let head = client.head("POST", BATCH, &[LINES[0], ("transfer-encoding", "chunked")], None);
    client.send(head.as_bytes()).expect("sent");
    let before = server.memory();
    const BLOCKS: usize = 200;
    const EACH: usize = 500;
    let mut writer = client.writer().expect("a writer");
    let sender = thread::spawn(move || {
        for block in 0..BLOCKS {
            let text: String = (0..EACH).map(|n| format!("{}\n", facts(block * EACH + n))).collect();
            write!(writer, "{:x}\r\n{text}\r\n", text.len()).expect("sent");
        }
        writer.write_all(b"0\r\n\r\n").expect("sent");
    });
    assert_eq!(client.read_head().expect("a head").status, 200);
    let (mut count, mut most) = (0, 0);
    while let Some(chunk) = client.read_chunk().expect("a piece") {
        for line in chunk.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let expected = format!(r#""subject":"P-{count}""#);
            let told = String::from_utf8_lossy(line);
            assert!(told.contains(&expected), "{expected} in {told}");
            count += 1;
        }
        most = most.max(server.memory());
    }
    sender.join().expect("all is sent");
    assert_eq!(count, BLOCKS * EACH);
    // The answers are some 60 MB, and the input is 6 MB.
    assert!(most < before + (48 << 20), "from {before} to {most} bytes");
}

#[test]
fn a_query_that_says_too_little_is_a_problem() {
    let place = place();
    let server = serve(&place, &[]);
    let mut client = server.client();
    let path = "/v1/programs/acme/evaluate/batch";
    let told = client.ask("POST", path, &LINES, facts(1).as_bytes()).expect("an answer");
    assert_eq!((told.status, &told.json()["errors"][0]["message"]), (422, &json!("`as_of` is missing in the query")));
    let told = client.post(BATCH, facts(1).as_bytes()).expect("an answer");
    assert_eq!((told.status, &told.json()["help"]), (415, &json!("send `Content-Type: application/x-ndjson`")));
    let path = "/v1/programs/acme/evaluate/batch?as_of=2024-01-01";
    let told = client.ask("POST", path, &LINES, facts(1).as_bytes()).expect("an answer");
    assert_eq!((told.status, &told.json()["type"]), (422, &json!("/docs#problem-no-version")));
}
