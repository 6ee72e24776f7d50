//! What the server is held against: an axum handler that parses a JSON body and answers with as many bytes
//! as the server does, and does nothing else. It is a process of its own, as the server is.

use axum::body::Bytes;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Router, serve as serve_router};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitCode, Stdio};
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
    /// Starts one that answers with `size` bytes.
    pub fn start(size: usize, threads: usize) -> Self {
        let own = std::env::current_exe().expect("this program");
        let mut command = Command::new(own);
        command.args([ROLE, &size.to_string(), &threads.to_string()]).stdout(Stdio::piped());
        let mut child = command.spawn().expect("a process");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        Self { child, address: line.trim().parse().expect("an address") }
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves until it is killed. `/parse` makes a JSON value of the body, `/check` only reads through it.
pub fn serve(size: usize, threads: usize) -> ExitCode {
    let answer = Bytes::from(format!("\"{}\"", "x".repeat(size.saturating_sub(2))));
    let json = [("content-type", "application/json")];
    let (parsed, checked) = (answer.clone(), answer);
    let router = Router::new()
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
        );
    let runtime = Builder::new_multi_thread().worker_threads(threads).enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        println!("{}", listener.local_addr().expect("an address"));
        serve_router(listener, router).await.expect("it serves");
    });
    ExitCode::SUCCESS
}
