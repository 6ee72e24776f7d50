//! The body of a request, read within limits: its size when decompressed, the time that it takes to
//! arrive, the memory that all bodies together hold, how deep its JSON nests.

use crate::app::App;
use crate::outline::{self, Outline};
use crate::problem::{self, Place, Problem};
use axum::body::Body;
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use http_body_util::BodyExt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, timeout, timeout_at};

/// The unit in which memory for bodies is given out, in bytes.
pub const UNIT: usize = 1 << 10;

/// How much more is read of a body that is too large, so that its sender comes to read why.
const LEFT_OVER: usize = 8 << 20;
/// The memory that is taken before the first byte has come.
const FIRST: usize = 16 << 10;
/// For how long.
const LINGER: Duration = Duration::from_secs(1);

/// A body, and the memory that it holds while it is needed.
#[derive(Debug)]
pub struct Held {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// How its lists and objects nest.
    pub outline: Outline,
    memory: Option<OwnedSemaphorePermit>,
}

/// Checks that a body is of one of these types.
///
/// # Errors
/// When it is of another, or of none.
pub fn of_type(headers: &HeaderMap, types: &[&str]) -> Result<(), Problem> {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let plain = given.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    if types.contains(&plain.as_str()) {
        return Ok(());
    }
    let detail =
        if plain.is_empty() { "the body has no type".into() } else { format!("the body is of type `{plain}`") };
    Err(Problem::new(&problem::WRONG_TYPE, detail).help(format!("send `Content-Type: {}`", types[0])))
}

/// Reads a JSON body whole.
///
/// # Errors
/// When it is of another type, too large, too slow or nested too deep, or there is no memory for it.
pub async fn json(app: &Arc<App>, headers: &HeaderMap, body: Body) -> Result<Held, Problem> {
    of_type(headers, &["application/json"])?;
    let limit = app.config.body_limit.0;
    let said: Option<usize> = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    let mut held =
        Held { bytes: Vec::with_capacity(said.unwrap_or(0).min(FIRST)), outline: Outline::default(), memory: None };
    let deadline = Instant::now() + app.config.body_timeout;
    let mut body = body;
    loop {
        let frame = match timeout_at(deadline, body.frame()).await {
            Err(_) => return Err(too_slow(app)),
            Ok(None) => break,
            Ok(Some(Err(cause))) => return Err(broken(&cause)),
            Ok(Some(Ok(frame))) => frame,
        };
        let Ok(data) = frame.into_data() else { continue };
        if held.bytes.len() + data.len() > limit {
            drop(held);
            linger(body).await;
            return Err(too_large(limit));
        }
        held.add(&data, app)?;
    }
    held.outline = outline::of(&held.bytes);
    let depth = held.outline.depth;
    if depth > app.config.depth_limit {
        let message = format!("the JSON nests {depth} deep; {} is the most", app.config.depth_limit);
        return Err(Problem::new(&problem::INVALID_REQUEST, message.clone()).at(vec![Place::new("", message)]));
    }
    Ok(held)
}

impl Held {
    /// A body that is here already.
    #[cfg(test)]
    pub fn of(body: &str) -> Self {
        Self { bytes: body.as_bytes().to_vec(), outline: outline::of(body.as_bytes()), memory: None }
    }

    fn add(&mut self, data: &Bytes, app: &Arc<App>) -> Result<(), Problem> {
        let (before, after) = (self.bytes.len().div_ceil(UNIT), (self.bytes.len() + data.len()).div_ceil(UNIT));
        let more = u32::try_from(after - before).unwrap_or(u32::MAX);
        if more > 0 {
            let busy = |_| Problem::too_busy("the bodies of other requests take all the memory that bodies may take");
            let permit = Arc::clone(&app.memory).try_acquire_many_owned(more).map_err(busy)?;
            match &mut self.memory {
                Some(memory) => memory.merge(permit),
                None => self.memory = Some(permit),
            }
        }
        self.bytes.extend_from_slice(data);
        Ok(())
    }
}

/// The body did not arrive in time.
pub fn too_slow(app: &App) -> Problem {
    let detail = format!("the body did not arrive within {} ms", app.config.body_timeout.as_millis());
    Problem::new(&problem::TOO_SLOW, detail).header(header::CONNECTION, header::HeaderValue::from_static("close"))
}

/// The body broke off, or is not compressed as it says.
pub fn broken(cause: &axum::Error) -> Problem {
    Problem::new(&problem::MALFORMED_REQUEST, format!("the body cannot be read: {cause}"))
}

fn too_large(limit: usize) -> Problem {
    Problem::new(&problem::TOO_LARGE, format!("the body holds more than {limit} bytes, decompressed"))
        .help("send one subject at a time; for many there is `/evaluate/batch`")
}

/// Reads a little more, of which nothing is kept.
async fn linger(mut body: Body) {
    let rest = async {
        let mut left = LEFT_OVER;
        while let Some(Ok(frame)) = body.frame().await {
            left = left.saturating_sub(frame.data_ref().map_or(0, Bytes::len));
            if left == 0 {
                return;
            }
        }
    };
    let _ = timeout(LINGER, rest).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_says_of_which_type_it_is() {
        let of = |value: Option<&str>| {
            let mut headers = HeaderMap::new();
            if let Some(value) = value {
                headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_str(value).expect("a header"));
            }
            of_type(&headers, &["application/json"]).map_err(|problem| problem.detail.clone())
        };
        assert_eq!(of(Some("Application/JSON; charset=utf-8")), Ok(()));
        assert_eq!(of(Some("text/plain")), Err("the body is of type `text/plain`".to_owned()));
        assert_eq!(of(None), Err("the body has no type".to_owned()));
    }
}
