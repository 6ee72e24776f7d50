//! The server under load and under change: the real program, on this machine, by bounded requests.
//!
//! ```sh
//! cargo bench -p tierline --bench server            # all of it
//! cargo bench -p tierline --bench server -- reload  # one part: load, reload, ways, idle
//! cargo bench -p tierline --bench server -- load /old/tierline  # beside another build of the program
//! ```
//!
//! `load` holds the server against axum handlers that do next to nothing, with the whole rulebook, and with the
//! rules that the program by hand (`tests/src/by_hand`) computes too, beside a handler that runs that program.
//!
//! It prints figures and asserts nothing of them; what must hold is held by `tests/server`.

mod bare;
mod load;
mod reload;

use std::path::PathBuf;
use std::process::ExitCode;

/// The program that is measured.
const PROGRAM: &str = env!("CARGO_BIN_EXE_tierline");

/// The rules of the repository.
fn rules() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../rules"))
}

/// Where the plugins are that they may use.
const PLUGINS: [&str; 2] = ["--plugins", concat!(env!("CARGO_MANIFEST_DIR"), "/../plugins")];

/// A request about a partner-year: some 40 activities and 8 people.
fn partner_year() -> Vec<u8> {
    let facts = include_str!("../../../tests/benches/partner-year.json");
    format!(r#"{{"as_of":"2025-11-30","facts":{}}}"#, facts.trim()).into_bytes()
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [first, threads] = arguments.as_slice()
        && first == bare::ROLE
    {
        return bare::serve(threads.parse().unwrap_or(1));
    }
    let (builds, parts): (Vec<String>, Vec<String>) =
        arguments.into_iter().partition(|argument| argument.contains(std::path::MAIN_SEPARATOR));
    let wanted = |part: &str| parts.is_empty() || parts.iter().any(|wanted| wanted == part);
    if wanted("load") {
        load::run(&builds);
    }
    if wanted("idle") {
        load::idle();
    }
    if wanted("ways") {
        reload::ways();
    }
    if wanted("reload") {
        reload::run();
    }
    ExitCode::SUCCESS
}
