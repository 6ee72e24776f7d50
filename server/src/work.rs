//! Evaluations, within limits: how many at once, how long each.
//!
//! A short one is done where the request is; handing it to another thread would cost more than it does.
//! A long one is done on a thread of its own, so that no short one waits for it; as many of them as there are
//! cores, and the next waits.

use crate::app::App;
use crate::body::Held;
use crate::envelope;
use crate::problem::{self, Problem};
use std::cell::RefCell;
use std::sync::Arc;
use tierline_engine::facts::Arena;
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

/// A request with more objects and lists than this is long.
const SHORT: usize = 400;
/// The most memory, in bytes, that a thread keeps from one evaluation to the next.
const KEPT: usize = 4 << 20;

thread_local! {
    static ARENA: RefCell<Arena> = RefCell::new(Arena::with_capacity(64 << 10));
}

/// The right to evaluate, now.
///
/// # Errors
/// When as many evaluations run as may.
pub fn permit(app: &App) -> Result<OwnedSemaphorePermit, Problem> {
    let busy = |_| Problem::too_busy("as many evaluations run as may");
    Arc::clone(&app.evaluations).try_acquire_owned().map_err(busy)
}

/// Does `work` for the request with this body; one that is no JSON is told as such and nothing else.
///
/// # Errors
/// When there is too much to do, the work takes too long, or it comes to a problem.
pub async fn run<T: Send + 'static>(
    app: &Arc<App>,
    held: Held,
    work: impl FnOnce(&Held, &mut Arena) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let permit = permit(app)?;
    let work = move |held: &Held| with_arena(|arena| envelope::of(held, |held| work(held, arena)));
    if held.outline.parts <= SHORT {
        return work(&held);
    }
    let limit = app.config.evaluation_limit;
    // The permit and the memory go along: what takes too long goes on holding them until it ends.
    let long = Arc::clone(&app.long);
    let task = async move {
        let place = long.acquire_owned().await;
        let task = move || {
            let _held = (permit, place);
            work(&held)
        };
        spawn_blocking(task).await
    };
    match timeout(limit, task).await {
        Ok(Ok(done)) => done,
        Ok(Err(_)) => Err(Problem::new(&problem::INTERNAL, "the evaluation ended unexpectedly")),
        Err(_) => {
            let detail = format!("the evaluation took longer than {} ms", limit.as_millis());
            Err(Problem::new(&problem::TOO_LONG, detail).help("send fewer records"))
        }
    }
}

/// Lends the thread's arena, emptied.
pub fn with_arena<T>(work: impl FnOnce(&mut Arena) -> T) -> T {
    ARENA.with_borrow_mut(|arena| {
        arena.reset();
        let done = work(arena);
        if arena.allocated_bytes() > KEPT {
            *arena = Arena::with_capacity(64 << 10);
        }
        done
    })
}
