//! What the server is held against: axum handlers that take a JSON body and answer with as many bytes as the
//! server does, and do nothing else; and one that applies the rules as somebody would who writes them by hand.
//! They are a process of their own, as the server is.

use axum::body::Bytes;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Router, serve as serve_router};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::time::Duration;
use tierline_tests::server::cpu;
use tokio::net::TcpListener;
use tokio::runtime::Builder;

/// The argument by which this program becomes the bare server.
pub const ROLE: &str = "bare-server";

/// A bare server that runs.
pub struct Bare {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Bare {
    /// Starts one that answers with this document.
    pub fn start(answer: &[u8], threads: usize) -> Self {
        let own = std::env::current_exe().expect("this program");
        let mut command = Command::new(own);
        command.args([ROLE, &threads.to_string()]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("a process");
        child.stdin.take().expect("its input").write_all(answer).expect("written");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        Self { child, address: line.trim().parse().expect("an address") }
    }

    /// The time that it has used of all processors.
    pub fn cpu(&self) -> Duration {
        cpu(self.child.id())
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves until it is killed. `/document` makes a JSON value of the body and answers with one that it writes,
/// `/parse` makes a value of it and answers with bytes, `/check` only reads through it. `/by-hand` answers with
/// the decision that the program by hand comes to.
pub fn serve(threads: usize) -> ExitCode {
    let mut answer = Vec::new();
    std::io::stdin().read_to_end(&mut answer).expect("an answer");
    let value: Arc<Value> = Arc::new(serde_json::from_slice(&answer).expect("JSON"));
    let answer = Bytes::from(answer);
    let json = [("content-type", "application/json")];
    let (parsed, checked) = (answer.clone(), answer);
    let router = Router::new()
        .route(
            "/document",
            post(move |body: Bytes| {
                let value = Arc::clone(&value);
                async move {
                    match serde_json::from_slice::<Value>(&body) {
                        Ok(Value::Object(_)) => Ok((json, serde_json::to_vec(&*value).expect("JSON"))),
                        _ => Err(StatusCode::BAD_REQUEST),
                    }
                }
            }),
        )
        .route(
            "/parse",
            post(move |body: Bytes| async move {
                match serde_json::from_slice::<Value>(&body) {
                    Ok(Value::Object(_)) => Ok((json, parsed)),
                    _ => Err(StatusCode::BAD_REQUEST),
                }
            }),
        )
        .route(
            "/check",
            post(move |body: Bytes| async move {
                match serde_json::from_slice::<serde::de::IgnoredAny>(&body) {
                    Ok(_) => Ok((json, checked)),
                    Err(_) => Err(StatusCode::BAD_REQUEST),
                }
            }),
        )
        .route(
            "/by-hand",
            post(move |body: Bytes| async move {
                match by_hand(&body) {
                    Some(decision) => Ok((json, decision)),
                    None => Err(StatusCode::BAD_REQUEST),
                }
            }),
        );
    let runtime = Builder::new_multi_thread().worker_threads(threads).enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        println!("{}", listener.local_addr().expect("an address"));
        serve_router(listener, router).await.expect("it serves");
    });
    ExitCode::SUCCESS
}

/// What the server is asked.
#[derive(Deserialize)]
struct Asked<'b> {
    as_of: &'b str,
    #[serde(borrow)]
    facts: &'b RawValue,
}

fn by_hand(body: &[u8]) -> Option<Vec<u8>> {
    let asked: Asked<'_> = serde_json::from_slice(body).ok()?;
    tierline_tests::by_hand::decide(asked.facts.get().as_bytes(), asked.as_of.parse().ok()?).ok()
}
