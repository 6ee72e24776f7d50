//! Where words go: results to standard output, everything else to standard error.
//!
//! Text carries its styles; they are taken out where nobody would see colors.

use crate::exit::CliError;
use anstyle::{AnsiColor, Style};
use std::fmt::Display;
use std::io::Write;

/// Headings and names.
pub const STRONG: Style = Style::new().bold();
/// What may be skipped.
pub const FAINT: Style = Style::new().dimmed();
/// What is well.
pub const GOOD: Style = AnsiColor::Green.on_default();
/// What is missing.
pub const BAD: Style = AnsiColor::Red.on_default();
/// What is not known.
pub const OPEN: Style = AnsiColor::Yellow.on_default();

/// `text` in `style`.
pub fn styled(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

/// Writes a result.
///
/// # Errors
/// When nobody takes it.
pub fn result(text: impl Display) -> Result<(), CliError> {
    let mut out = anstream::AutoStream::auto(std::io::stdout().lock());
    write!(out, "{text}")?;
    out.flush()?;
    Ok(())
}

/// Writes bytes and a line's end, as they are.
///
/// # Errors
/// When nobody takes them.
pub fn line(bytes: &[u8]) -> Result<(), CliError> {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes)?;
    out.write_all(b"\n")?;
    out.flush()?;
    Ok(())
}

/// Writes a JSON document for people and programs.
///
/// # Errors
/// When nobody takes it.
pub fn json(value: &serde_json::Value) -> Result<(), CliError> {
    line(format!("{value:#}").as_bytes())
}

/// Tells the person at the terminal something. Nobody may be there, so it cannot fail.
pub fn note(text: impl Display) {
    let mut err = anstream::AutoStream::auto(std::io::stderr().lock());
    let _ = write!(err, "{text}");
}

/// Tells why a command could not do its work.
pub fn error(error: &CliError) {
    let mut text = format!("{} {error}\n", styled(AnsiColor::Red.on_default().bold(), "error:"));
    for line in error.details() {
        text.push_str(&format!("  {line}\n"));
    }
    note(text);
}
