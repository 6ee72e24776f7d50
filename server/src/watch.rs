//! When the folders are read: on a timer, on a hint that something changed, on SIGHUP.
//!
//! What a hint says is not looked at. Editors rename on save, a ConfigMap swaps a link, queues overflow
//! and network mounts say nothing at all; so a hint is only a reason to read everything again.

use crate::app::App;
use crate::rules::{Done, Reading, Reloader};
use notify::event::{AccessKind, AccessMode};
use notify::{Config, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{self, Builder, JoinHandle};
use std::time::{Duration, Instant};

/// The least time between two readings while something changes.
const SOON: Duration = Duration::from_millis(40);
/// Readings take at most one part in this many of the thread's time.
const SHARE: u32 = 4;
/// The least time after a hint, in which more of them come.
const GATHER: Duration = Duration::from_millis(5);
/// The stack on which rules are loaded and their cases run.
const STACK: usize = 16 << 20;

/// Why the folders are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hint {
    /// Something may have changed.
    Changed,
    /// Nothing is to be read any more.
    Stop,
}

/// Tells the watch to read the folders, or to end.
#[derive(Clone, Debug)]
pub struct Hints(SyncSender<Hint>);

impl Hints {
    /// The folders are to be read now.
    pub fn read_now(&self) {
        // When it is full a reading is due anyway.
        let _ = self.0.try_send(Hint::Changed);
    }

    /// The watch is to end.
    pub fn stop(&self) {
        let _ = self.0.send(Hint::Stop);
    }
}

/// Starts to watch; the thread ends when it is told to stop.
///
/// # Errors
/// When there can be no thread.
pub fn start(app: &Arc<App>, reloader: Reloader) -> std::io::Result<(Hints, JoinHandle<()>)> {
    let (sender, receiver) = sync_channel(8);
    let hints = Hints(sender);
    let watch = Watch { app: Arc::clone(app), reloader, folders: Folders::new(app, &hints) };
    let thread = Builder::new().name("rules".into()).stack_size(STACK).spawn(move || watch.run(&receiver))?;
    Ok((hints, thread))
}

struct Watch {
    app: Arc<App>,
    reloader: Reloader,
    folders: Folders,
}

impl Watch {
    fn run(mut self, hints: &Receiver<Hint>) {
        let rescan = self.app.config.rescan;
        let mut wait = rescan;
        loop {
            match hints.recv_timeout(wait) {
                Ok(Hint::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Ok(Hint::Changed) => {
                    thread::sleep(GATHER);
                    while let Ok(hint) = hints.try_recv() {
                        if hint == Hint::Stop {
                            return;
                        }
                    }
                }
                // The folders may be others than those that were looked at.
                Err(RecvTimeoutError::Timeout) if wait == rescan => self.folders.look(),
                Err(RecvTimeoutError::Timeout) => {}
            }
            let start = Instant::now();
            let read = Reading::take(&self.app.config.rules, &self.app.config.plugins);
            let done = self.reloader.step(read, Instant::now(), &self.app.rules);
            wait = match done {
                Done::Nothing => rescan,
                _ => SOON.max(start.elapsed() * SHARE).min(rescan),
            };
            self.tell(&done);
            self.app.refresh();
        }
    }

    fn tell(&mut self, done: &Done) {
        let (set, news) = (self.app.rules.set(), self.app.rules.news());
        self.app.metrics.rules(&set, &news);
        match done {
            Done::Nothing | Done::Waits => {}
            Done::Unreadable(cause) => tracing::error!(cause, "the rules cannot be read; the last good ones serve on"),
            Done::Served { loaded, refused } => {
                self.folders.look();
                for program in loaded {
                    self.app.metrics.reloaded(program);
                    let digest = set.programs.get(program).map_or("", |served| served.digest.as_str());
                    tracing::info!(program, digest, set = set.digest, "new rules are served");
                }
                for program in refused {
                    self.app.metrics.refused(program);
                    let reasons = news.refused.get(program);
                    let count = reasons.map_or(0, |refused| refused.count);
                    let first = reasons.and_then(|refused| refused.reasons.first()).map(|reason| reason.told());
                    let first = first.unwrap_or_default();
                    tracing::warn!(
                        program,
                        reasons = count,
                        first,
                        "new rules are refused; the last good ones serve on"
                    );
                }
            }
        }
    }
}

/// What the operating system is asked to tell of.
struct Folders {
    watcher: Option<RecommendedWatcher>,
    roots: Vec<PathBuf>,
}

impl Folders {
    fn new(app: &App, hints: &Hints) -> Self {
        let roots = vec![app.config.rules.clone(), app.config.plugins.clone()];
        let hints = hints.clone();
        let told = move |event: notify::Result<Event>| {
            if event.is_ok_and(|event| !is_reading(&event.kind)) {
                hints.read_now();
            }
        };
        let watcher = RecommendedWatcher::new(told, Config::default());
        if let Err(cause) = &watcher {
            tracing::warn!(%cause, "the system does not tell of changes; the folders are read on the timer alone");
        }
        let mut folders = Self { watcher: watcher.ok(), roots };
        folders.look();
        folders
    }

    /// Looks at the folders that are there now.
    fn look(&mut self) {
        let Some(watcher) = &mut self.watcher else { return };
        for root in self.roots.iter().filter(|root| root.is_dir()) {
            // A folder that is gone, or not there yet, is found by the timer.
            let _ = watcher.unwatch(root);
            let _ = watcher.watch(root, RecursiveMode::Recursive);
        }
    }
}

/// Whether it is only that somebody, the watch itself perhaps, reads a file.
fn is_reading(kind: &EventKind) -> bool {
    matches!(kind, EventKind::Access(access) if *access != AccessKind::Close(AccessMode::Write))
}
