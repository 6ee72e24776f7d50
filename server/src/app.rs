//! What all requests share.

use crate::auth::Tokens;
use crate::config::Config;
use crate::files::Reloaded;
use crate::metrics::Metrics;
use crate::openapi::Cached;
use crate::rules::Rules;
use crate::tls::Certificate;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::available_parallelism;
use tierline_engine::date::Date;
use tierline_engine::evaluate::Question;
use tokio::sync::Semaphore;

/// What all requests share.
#[derive(Debug)]
pub struct App {
    /// What was set.
    pub config: Config,
    /// The rules that are served.
    pub rules: Rules,
    /// Numbers.
    pub metrics: Metrics,
    /// Who may do what; none when everybody may do everything.
    pub tokens: Option<Reloaded<Tokens>>,
    /// The certificate, where there is TLS.
    pub certificate: Option<Arc<Reloaded<Certificate>>>,
    /// Evaluations that may begin.
    pub evaluations: Arc<Semaphore>,
    /// Long evaluations that may run; each can take much memory, and more of them than cores end no sooner.
    pub long: Arc<Semaphore>,
    /// Batches that may begin.
    pub batches: Arc<Semaphore>,
    /// Bodies that may be held, in units of [`crate::body::UNIT`] bytes.
    pub memory: Arc<Semaphore>,
    /// The description of the API for the set that is served.
    pub openapi: Cached,
    /// Whether the server is about to stop.
    stopping: AtomicBool,
}

impl App {
    /// All of it, at the start.
    pub fn new(
        config: Config,
        rules: Rules,
        tokens: Option<Reloaded<Tokens>>,
        certificate: Option<Arc<Reloaded<Certificate>>>,
    ) -> Self {
        let semaphore = |permits: usize| Arc::new(Semaphore::new(permits.min(Semaphore::MAX_PERMITS)));
        let metrics = Metrics::new();
        metrics.rules(&rules.set(), &rules.news());
        Self {
            evaluations: semaphore(config.evaluations),
            long: semaphore(available_parallelism().map_or(1, NonZero::get)),
            batches: semaphore(config.batches),
            memory: semaphore(config.body_memory.0 / crate::body::UNIT),
            openapi: Cached::default(),
            stopping: AtomicBool::new(false),
            config,
            rules,
            metrics,
            tokens,
            certificate,
        }
    }

    /// The plain question for a day, with the steps that an answer may take.
    pub fn question(&self, as_of: Date) -> Question {
        Question { steps: self.config.step_limit as u64, ..Question::on(as_of) }
    }

    /// Reads the files beside the rules again.
    pub fn refresh(&self) {
        let tokens = self.tokens.as_ref().is_none_or(Reloaded::refresh);
        let certificate = self.certificate.as_ref().is_none_or(|certificate| certificate.refresh());
        self.metrics.refused_files.set(i64::from(!tokens) + i64::from(!certificate));
    }

    /// The server is about to stop: it is not ready any more, and answers what it has begun.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Whether the server is about to stop.
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }
}
