//! How the server starts, is set, and stops; packing for those who send and take gzip.

use crate::rules::{ASKED, EVALUATE, PROGRAM, place, rules, serve};
use flate2::Compression;
use flate2::read::{GzDecoder, GzEncoder};
use std::io::Read;
use std::process::{Command, Output};
use tierline_tests::server::{Server, until};

/// `bytes` in gzip.
pub fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    GzEncoder::new(bytes, Compression::best()).read_to_end(&mut packed).expect("memory can be read");
    packed
}

/// What is in `bytes`, which are gzip.
pub fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut unpacked = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut unpacked).expect("gzip");
    unpacked
}

fn run(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(PROGRAM);
    command.arg("serve").args(arguments).envs(variables.iter().copied());
    command.output().expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn the_settings_are_printed_with_where_they_come_from() {
    let place = place();
    let file = place.write("serve.toml", "drain = \"7 s\"\nrules = \"${HOME_OF_RULES}/rules\"\n");
    let file = file.display().to_string();
    let variables = [("HOME_OF_RULES", "/srv"), ("TIERLINE_SERVE_RESCAN", "9 s")];
    let output = run(&["--config", &file, "--body-limit", "2 MiB", "--print-config"], &variables);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let printed = text(&output.stdout);
    let line = |name: &str| {
        let line = printed.lines().find(|line| line.starts_with(&format!("{name} = "))).expect("a line");
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(line("drain"), format!("drain = \"7 s\" # {file}"));
    assert_eq!(line("rules"), format!("rules = \"/srv/rules\" # {file}"));
    assert_eq!(line("rescan"), "rescan = \"9 s\" # TIERLINE_SERVE_RESCAN");
    assert_eq!(line("body_limit"), "body_limit = \"2 MiB\" # --body-limit");
    assert_eq!(line("listen"), "listen = \"127.0.0.1:8410\" # default");
}

#[test]
fn settings_that_mean_nothing_end_the_start() {
    let place = place();
    let file = place.write("serve.toml", "tokens = \"${NO_SUCH_VARIABLE}\"\n").display().to_string();
    for (arguments, variables, told) in [
        (vec!["--config", file.as_str()], vec![], "names the variable `NO_SUCH_VARIABLE`, which is not set"),
        (vec![], vec![("TIERLINE_SERVE_DRAINS", "1 s")], "did you mean `drain`?"),
        (vec!["--drain", "1"], vec![], "expected a time such as"),
        (vec!["--listen", "0.0.0.0:0"], vec![], "is a public address, and nobody would be asked for a token"),
    ] {
        let output = run(&arguments, &variables);
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(text(&output.stderr).contains(told), "{told} in {}", text(&output.stderr));
    }
}

#[test]
fn an_invalid_program_stops_the_start_unless_it_may_not() {
    let place = place();
    place.write("rules/broken/1.toml", "[rulebook]\nprogram = \"broken\"\n");
    let told = Server::try_start(PROGRAM, &rules(&place), &[]).expect_err("no start");
    assert!(told.contains("the rules of broken cannot be used"), "{told}");
    assert!(told.contains("a key is missing") || told.contains("missing-key"), "{told}");
    assert!(told.ends_with("exit status: 3"), "{told}");
    let server = serve(&place, &["--at-start", "serve"]);
    let mut client = server.client();
    assert_eq!(client.post(EVALUATE, ASKED.as_bytes()).expect("an answer").status, 200);
    let broken = client.post("/v1/programs/broken/evaluate", ASKED.as_bytes()).expect("an answer");
    assert_eq!((broken.status, broken.json()["type"].as_str()), (503, Some("/docs#problem-rules-refused")));
    let status = client.get("/v1/status").expect("an answer").json();
    assert_eq!(status["programs"][1]["refused"]["reasons"][0]["finding"]["name"], "missing-key");
}

#[test]
fn no_rules_at_all_is_an_error() {
    let place = tierline_tests::server::Place::new();
    let told = Server::try_start(PROGRAM, &place.path("none"), &[]).expect_err("no start");
    assert!(told.contains("cannot read") && told.ends_with("exit status: 2"), "{told}");
    place.write("rules/readme.toml", "");
    let told = Server::try_start(PROGRAM, &rules(&place), &[]).expect_err("no start");
    assert!(told.contains("holds no PROGRAM/VERSION.toml"), "{told}");
}

#[test]
fn what_has_begun_is_brought_to_its_end() {
    let place = place();
    let mut server = serve(&place, &[]);
    let mut client = server.client();
    let head = client.head("POST", EVALUATE, &[("content-type", "application/json")], Some(ASKED.len()));
    client.send(head.as_bytes()).expect("sent");
    client.send(&ASKED.as_bytes()[..20]).expect("sent");
    let mut idle = server.client();
    assert_eq!(idle.get("/readyz").expect("an answer").status, 200);
    server.signal("TERM");
    until("no new connections", || std::net::TcpStream::connect(server.address).is_err());
    client.send(&ASKED.as_bytes()[20..]).expect("sent");
    let answer = client.read(false).expect("an answer");
    assert_eq!((answer.status, answer.header("connection")), (200, Some("close")));
    assert!(server.ended().expect("it ends").success());
    let messages: Vec<String> =
        server.log().iter().filter_map(|entry| Some(entry["message"].as_str()?.to_owned())).collect();
    assert!(messages.iter().any(|message| message == "stopped"), "{messages:?}");
}

#[test]
fn what_does_not_end_is_cut_off() {
    let place = place();
    let mut server = serve(&place, &["--drain", "300 ms"]);
    let mut client = server.client();
    let head = client.head("POST", EVALUATE, &[("content-type", "application/json")], Some(ASKED.len()));
    client.send(head.as_bytes()).expect("sent");
    client.send(&ASKED.as_bytes()[..20]).expect("sent");
    // The request has begun when another one that came later is answered.
    assert_eq!(server.client().get("/livez").expect("an answer").status, 200);
    server.signal("TERM");
    assert_eq!(server.ended().expect("it ends").code(), Some(1));
}
