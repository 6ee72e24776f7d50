//! How the values of settings are written: times as `350 ms`, sizes as `1 MiB`, nothing as `none`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// A value that can be written as text.
pub trait Value: Sized {
    /// What is expected, for messages.
    const EXPECTED: &'static str;
    /// The value, if `text` is one.
    fn of(text: &str) -> Option<Self>;
}

/// A number of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size(pub usize);

/// What an invalid program does at the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtStart {
    /// The server does not start.
    Stop,
    /// The other programs are served.
    Serve,
}

/// What is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogLevel {
    /// Requests that the server could not answer.
    Error,
    /// And candidates that were refused.
    Warn,
    /// And what changed, and requests that were refused.
    Info,
    /// And every request.
    Debug,
}

/// How it is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For people.
    Text,
}

/// A number and the unit after it.
fn quantity(text: &str) -> Option<(u64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '_').unwrap_or(text.len());
    let number = text[..end].replace('_', "").parse().ok()?;
    Some((number, text[end..].trim()))
}

impl Value for Duration {
    const EXPECTED: &'static str = "a time such as `500 ms`, `20 s`, `5 min` or `1 h`";

    fn of(text: &str) -> Option<Self> {
        let (number, unit) = quantity(text)?;
        let milliseconds = match unit {
            "ms" => 1,
            "s" => 1_000,
            "min" => 60_000,
            "h" => 3_600_000,
            _ => return None,
        };
        number.checked_mul(milliseconds).filter(|ms| *ms > 0).map(Duration::from_millis)
    }
}

impl Value for Size {
    const EXPECTED: &'static str = "a size such as `64 KiB`, `1 MiB` or `4 GiB`";

    fn of(text: &str) -> Option<Self> {
        let (number, unit) = quantity(text)?;
        let bytes = match unit {
            "" | "B" => 1,
            "KiB" => 1 << 10,
            "MiB" => 1 << 20,
            "GiB" => 1 << 30,
            _ => return None,
        };
        number.checked_mul(bytes).and_then(|bytes| usize::try_from(bytes).ok()).map(Size)
    }
}

impl Value for usize {
    const EXPECTED: &'static str = "a whole number";

    fn of(text: &str) -> Option<Self> {
        quantity(text).filter(|(_, unit)| unit.is_empty()).and_then(|(number, _)| usize::try_from(number).ok())
    }
}

impl Value for bool {
    const EXPECTED: &'static str = "`true` or `false`";

    fn of(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Value for SocketAddr {
    const EXPECTED: &'static str = "an address and a port such as `127.0.0.1:8410`";

    fn of(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Value for PathBuf {
    const EXPECTED: &'static str = "a path";

    fn of(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| PathBuf::from(text))
    }
}

impl<T: Value> Value for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn of(text: &str) -> Option<Self> {
        if text == "none" { Some(None) } else { T::of(text).map(Some) }
    }
}

impl Value for AtStart {
    const EXPECTED: &'static str = "`stop` or `serve`";

    fn of(text: &str) -> Option<Self> {
        match text {
            "stop" => Some(AtStart::Stop),
            "serve" => Some(AtStart::Serve),
            _ => None,
        }
    }
}

impl Value for LogLevel {
    const EXPECTED: &'static str = "`error`, `warn`, `info` or `debug`";

    fn of(text: &str) -> Option<Self> {
        match text {
            "error" => Some(LogLevel::Error),
            "warn" => Some(LogLevel::Warn),
            "info" => Some(LogLevel::Info),
            "debug" => Some(LogLevel::Debug),
            _ => None,
        }
    }
}

impl Value for LogFormat {
    const EXPECTED: &'static str = "`json` or `text`";

    fn of(text: &str) -> Option<Self> {
        match text {
            "json" => Some(LogFormat::Json),
            "text" => Some(LogFormat::Text),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_sizes_have_units() {
        assert_eq!(Duration::of("350 ms"), Some(Duration::from_millis(350)));
        assert_eq!(Duration::of("5min"), Some(Duration::from_secs(300)));
        assert_eq!(Duration::of("5"), None);
        assert_eq!(Duration::of("0 s"), None);
        assert_eq!(Size::of("1 MiB"), Some(Size(1 << 20)));
        assert_eq!(Size::of("4_096"), Some(Size(4096)));
        assert_eq!(Size::of("1 MB"), None);
        assert_eq!(usize::of("-1"), None);
        assert_eq!(Option::<Duration>::of("none"), Some(None));
    }
}
