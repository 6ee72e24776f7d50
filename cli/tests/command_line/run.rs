//! Runs the program in the folder of the tests and keeps all that it says.

use std::fmt;
use std::io::Write;
use std::process::{Command, Stdio};

/// What a run came to.
pub struct Outcome {
    pub exit: i32,
    pub stdout: String,
    pub stderr: String,
}

/// The program, ready to be run in `cli/tests`, away from what the caller's terminal prefers.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tierline"));
    command.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests")).args(arguments);
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "NO_GRAPHICS"] {
        command.env_remove(name);
    }
    command
}

/// Runs the program.
pub fn tierline(arguments: &[&str]) -> Outcome {
    tierline_with(arguments, b"")
}

/// Runs the program with something on its standard input.
pub fn tierline_with(arguments: &[&str], input: &[u8]) -> Outcome {
    let mut command = command(arguments);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A program that reads no input may be gone already.
    let _ = child.stdin.take().expect("its input").write_all(input);
    let output = child.wait_with_output().expect("the program ends");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    Outcome {
        exit: output.status.code().expect("an exit code"),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// `text` with every digest shortened to its name, so that a comment in a rule file changes no snapshot.
pub fn without_digests(text: &str) -> String {
    let mut parts = text.split("sha256:");
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        result.push_str("sha256:…");
        result.push_str(part.trim_start_matches(|c: char| c.is_ascii_hexdigit()));
    }
    result
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exit {}\n── stdout\n{}── stderr\n{}", self.exit, without_digests(&self.stdout), self.stderr)
    }
}
