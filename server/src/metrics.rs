//! Numbers for Prometheus: requests, evaluations, reloads, the age of the rules.

use crate::rules::{News, Set};
use chrono::{DateTime, Utc};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::sync::Mutex;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

/// The upper bounds of latencies, in seconds.
const LATENCIES: [f64; 13] = [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0];

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfRequest {
    route: String,
    method: &'static str,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfRoute {
    route: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfEvaluation {
    program: String,
    version: String,
    outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfProgram {
    program: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfRules {
    program: String,
    version: String,
    digest: String,
}

/// What an evaluation came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A decision.
    Decision,
    /// Something else.
    Error,
}

impl Outcome {
    fn word(self) -> &'static str {
        match self {
            Outcome::Decision => "decision",
            Outcome::Error => "error",
        }
    }
}

/// What ages are counted from.
#[derive(Clone, Copy, Debug)]
struct Times {
    read_at: DateTime<Utc>,
    served_at: DateTime<Utc>,
    stale_since: Option<DateTime<Utc>>,
}

/// All numbers.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<OfRequest, Counter>,
    latencies: Family<OfRoute, Histogram>,
    evaluations: Family<OfEvaluation, Counter>,
    reloads: Family<OfProgram, Counter>,
    refusals: Family<OfProgram, Counter>,
    rules: Family<OfRules, Gauge>,
    refused: Gauge,
    read_age: Gauge,
    served_age: Gauge,
    stale: Gauge,
    times: Mutex<Option<Times>>,
    /// Open connections.
    pub connections: Gauge<i64, AtomicI64>,
    /// Connections that were turned away.
    pub turned_away: Counter,
    /// Files beside the rules that are not in use as they are on disk.
    pub refused_files: Gauge,
}

impl Metrics {
    /// All of them at nothing.
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("tierline");
        let metrics = Self {
            requests: Family::default(),
            latencies: Family::new_with_constructor(|| Histogram::new(LATENCIES)),
            evaluations: Family::default(),
            reloads: Family::default(),
            refusals: Family::default(),
            rules: Family::default(),
            refused: Gauge::default(),
            read_age: Gauge::default(),
            served_age: Gauge::default(),
            stale: Gauge::default(),
            times: Mutex::new(None),
            connections: Gauge::default(),
            turned_away: Counter::default(),
            refused_files: Gauge::default(),
            registry: Registry::default(),
        };
        registry.register("requests", "Requests, by route, method and status", metrics.requests.clone());
        registry.register_with_unit(
            "request_duration",
            "How long requests took, by route",
            Unit::Seconds,
            metrics.latencies.clone(),
        );
        registry.register(
            "evaluations",
            "Evaluations, by program, version and outcome; each line of a batch is one",
            metrics.evaluations.clone(),
        );
        registry.register("reloads", "New rules that were put in, by program", metrics.reloads.clone());
        registry.register("rejected_candidates", "New rules that were refused, by program", metrics.refusals.clone());
        registry.register("rules", "1 for each version that is served, with its digest", metrics.rules.clone());
        registry.register(
            "refused_programs",
            "Programs whose rules on disk are refused just now",
            metrics.refused.clone(),
        );
        let seconds = [
            ("rules_age", "Since new rules were put in last", &metrics.served_age),
            ("rules_read_age", "Since the folders were read last", &metrics.read_age),
            (
                "rules_stale",
                "Since when other rules are served than those on disk; 0: they are the same",
                &metrics.stale,
            ),
        ];
        for (name, help, gauge) in seconds {
            registry.register_with_unit(name, help, Unit::Seconds, gauge.clone());
        }
        registry.register(
            "refused_files",
            "Files of tokens, and of a certificate, that are not in use as they are on disk",
            metrics.refused_files.clone(),
        );
        registry.register("connections", "Open connections", metrics.connections.clone());
        registry.register(
            "connections_turned_away",
            "Connections that were turned away because there were too many",
            metrics.turned_away.clone(),
        );
        Self { registry, ..metrics }
    }

    /// A request was answered.
    pub fn request(&self, route: &str, method: &'static str, status: u16, took: Duration) {
        let of = OfRequest { route: route.to_owned(), method, status };
        self.requests.get_or_create(&of).inc();
        self.latencies.get_or_create(&OfRoute { route: of.route }).observe(took.as_secs_f64());
    }

    /// `count` evaluations came to the same.
    pub fn evaluated(&self, program: &str, version: &str, outcome: Outcome, count: u64) {
        if count > 0 {
            let of = OfEvaluation { program: program.to_owned(), version: version.to_owned(), outcome: outcome.word() };
            self.evaluations.get_or_create(&of).inc_by(count);
        }
    }

    /// New rules of a program were put in.
    pub fn reloaded(&self, program: &str) {
        self.reloads.get_or_create(&OfProgram { program: program.to_owned() }).inc();
    }

    /// New rules of a program were refused.
    pub fn refused(&self, program: &str) {
        self.refusals.get_or_create(&OfProgram { program: program.to_owned() }).inc();
    }

    /// These rules are served.
    pub fn rules(&self, set: &Set, news: &News) {
        let times = Times { read_at: news.read_at, served_at: news.served_at, stale_since: news.stale_since };
        let before = {
            let mut known = self.times.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            known.replace(times)
        };
        self.refused.set(i64::try_from(news.refused.len()).unwrap_or(i64::MAX));
        if before.is_some_and(|before| before.served_at == news.served_at) {
            return;
        }
        self.rules.clear();
        for served in set.programs.values() {
            for version in &served.program.versions {
                let of = OfRules {
                    program: served.program.name.clone(),
                    version: version.name.clone(),
                    digest: version.digest.clone(),
                };
                self.rules.get_or_create(&of).set(1);
            }
        }
    }

    /// All of them in the text format.
    pub fn text(&self) -> String {
        let times = *self.times.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(Times { read_at, served_at, stale_since }) = times {
            let now = Utc::now();
            let since = |then: DateTime<Utc>| (now - then).num_seconds().max(0);
            self.read_age.set(since(read_at));
            self.served_age.set(since(served_at));
            self.stale.set(stale_since.map_or(0, |then| since(then).max(1)));
        }
        let mut text = String::new();
        // Writing to memory cannot fail.
        let written = encode(&mut text, &self.registry);
        debug_assert!(written.is_ok());
        text
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}
