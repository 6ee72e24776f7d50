//! How far a batch is: a bar while it runs, where somebody can see it, and one line at the end.

use super::pipeline::Answered;
use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::{Duration, Instant};

/// How far a batch is.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    start: Instant,
    /// How many decisions there are.
    pub decisions: u64,
    /// How many error lines there are.
    pub errors: u64,
    /// The first line that ends before its document does.
    cut: Option<u64>,
}

impl Progress {
    /// At the start of an input of `bytes`, where that is known; nothing is shown unless `seen`.
    pub fn new(bytes: Option<u64>, seen: bool) -> Self {
        // Drawn on standard error, and nowhere when that is no terminal.
        let target = if seen { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(bytes, target);
        let template = match bytes {
            Some(_) => "{bar:32} {percent:>3} %  {msg}  {eta} left",
            None => "{spinner} {msg}  {elapsed}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar, start: Instant::now(), decisions: 0, errors: 0, cut: None }
    }

    /// Some more lines are answered.
    pub fn went_on(&mut self, answered: &Answered) {
        self.decisions += answered.decisions;
        self.errors += answered.errors;
        self.cut = self.cut.or(answered.cut);
        self.bar.inc(answered.read);
        if !self.bar.is_hidden() {
            self.bar.set_message(self.counts());
        }
    }

    /// What it came to.
    pub fn summary(&self) -> String {
        self.bar.finish_and_clear();
        let took = self.start.elapsed();
        let lines = u128::from(self.decisions + self.errors);
        let rate = lines * 1_000_000 / took.as_micros().max(1);
        let rate = HumanCount(u64::try_from(rate).unwrap_or(u64::MAX));
        let hint = self.cut.map_or_else(String::new, |line| {
            format!("help: line {line} ends before its document does; write one document a line, as `jq -c` does\n")
        });
        format!("{hint}{} in {:.1} s, {rate} lines a second\n", self.counts(), took.as_secs_f64())
    }

    fn counts(&self) -> String {
        let counted = |count: u64, one: &str, many: &str| {
            format!("{} {}", HumanCount(count), if count == 1 { one } else { many })
        };
        let decisions = counted(self.decisions, "decision", "decisions");
        format!("{decisions}, {}", counted(self.errors, "error line", "error lines"))
    }
}
