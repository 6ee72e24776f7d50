//! Answers chunks of lines on several threads and gives the answers back in the order of the input.
//!
//! A reader, some workers, and the caller. Every queue between them is bounded, so that memory depends on
//! the number of workers and not on the number of lines; a slow reader of the output slows the input.

use crate::exit::CliError;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Builder;
use tierline_engine::compile::Plan;
use tierline_engine::evaluate::Question;
use tierline_engine::facts::Arena;
use tierline_engine::load::StoreError;
use tierline_engine::portfolio::{self, Answer, Chunk, Line, Places};

/// The stack of a worker: that of a program's first thread, on which commands for one partner run.
const STACK: usize = 8 << 20;
/// How many chunks may be under way for each worker.
const AHEAD: usize = 4;

/// A chunk, answered.
#[derive(Debug, Default)]
pub struct Answered {
    /// Whole lines, one for each line of the chunk.
    pub bytes: Vec<u8>,
    /// How many of them are decisions.
    pub decisions: u64,
    /// How many of them are error lines.
    pub errors: u64,
    /// The first line that ends before its document does.
    pub cut: Option<u64>,
    /// How many bytes of the input they answer.
    pub read: u64,
}

/// A chunk on its way to a worker, and where its answer is awaited.
struct Job {
    chunk: Chunk,
    answer: SyncSender<Answered>,
}

/// Answers `chunks` by `plan` and gives every answer to `take`, in order.
///
/// The threads are not waited for when `take` fails: the reader may stand before an input that says nothing.
///
/// # Errors
/// When the input cannot be read, or `take` fails.
pub fn run(
    chunks: impl Iterator<Item = Result<Chunk, StoreError>> + Send + 'static,
    plan: &Arc<Plan>,
    question: &Question,
    places: Option<Arc<Places>>,
    threads: usize,
    mut take: impl FnMut(Answered) -> Result<(), CliError>,
) -> Result<(), CliError> {
    let (jobs, todo) = sync_channel::<Job>(threads);
    let (order, next) = sync_channel::<Result<Receiver<Answered>, StoreError>>(threads * AHEAD);
    let todo = Arc::new(Mutex::new(todo));
    for _ in 0..threads {
        let (todo, plan, question) = (Arc::clone(&todo), Arc::clone(plan), question.clone());
        let places = places.clone();
        Builder::new().stack_size(STACK).spawn(move || work(&todo, &plan, question, places.as_deref()))?;
    }
    let reader = Builder::new().spawn(move || read(chunks, &order, &jobs))?;
    for ready in next {
        take(ready.map_err(CliError::NoFacts)?.recv().map_err(|_| CliError::Stopped)?)?;
    }
    reader.join().map_err(|_| CliError::Stopped)
}

/// Hands out chunks, and where each answer will be, until the input ends or nobody wants more.
fn read(
    chunks: impl Iterator<Item = Result<Chunk, StoreError>>,
    order: &SyncSender<Result<Receiver<Answered>, StoreError>>,
    jobs: &SyncSender<Job>,
) {
    for chunk in chunks {
        let (answer, ready) = sync_channel(1);
        let (place, job) = match chunk {
            Ok(chunk) => (Ok(ready), Some(Job { chunk, answer })),
            Err(cause) => (Err(cause), None),
        };
        if order.send(place).is_err() || job.is_some_and(|job| jobs.send(job).is_err()) {
            return;
        }
    }
}

/// Answers chunk after chunk with one arena.
fn work(todo: &Mutex<Receiver<Job>>, plan: &Plan, mut question: Question, places: Option<&Places>) {
    let mut arena = Arena::with_capacity(64 << 10);
    loop {
        let job = todo.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Job { chunk, answer }) = job else { return };
        let mut answered = Answered { read: chunk.read, ..Answered::default() };
        for (number, line) in chunk.lines() {
            if let Some(places) = places {
                question.places = places.of(number);
            }
            match portfolio::answer(plan, &question, number, line, &mut arena, &mut answered.bytes) {
                Answer::Decision => answered.decisions += 1,
                Answer::Error => {
                    answered.errors += 1;
                    answered.cut = answered.cut.or_else(|| ends_early(line).then_some(number));
                }
            }
        }
        // Nobody waits for it when the output cannot be written any more.
        let _ = answer.send(answered);
    }
}

/// Whether a line ends before its document does.
fn ends_early(line: Line<'_>) -> bool {
    let Line::Facts(text) = line else { return false };
    serde_json::from_slice::<serde::de::IgnoredAny>(text).is_err_and(|error| error.is_eof())
}
