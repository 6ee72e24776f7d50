//! Files beside the rules that are read again when they change: tokens, certificates. The last good one
//! stays in use.

use arc_swap::ArcSwap;
use sha2::{Digest, Sha256};
use std::fmt::Debug;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// What is made of the bytes of some files; an error says what is wrong with them.
type Reader<T> = fn(&[Vec<u8>]) -> Result<T, String>;

/// Something that is made of files, as they were when they were good last.
#[derive(Debug)]
pub struct Reloaded<T> {
    paths: Vec<PathBuf>,
    read: Reader<T>,
    now: ArcSwap<T>,
    /// The digest of what was looked at last, good or not.
    seen: Mutex<Vec<u8>>,
}

impl<T: Debug> Reloaded<T> {
    /// Reads the files at `paths`.
    ///
    /// # Errors
    /// When one cannot be read, or they are of no use.
    pub fn open(paths: Vec<PathBuf>, read: Reader<T>) -> Result<Self, String> {
        let bytes = bytes(&paths)?;
        let now = ArcSwap::from_pointee(read(&bytes).map_err(|cause| format!("{}: {cause}", shown(&paths)))?);
        Ok(Self { paths, read, now, seen: Mutex::new(digest(&bytes)) })
    }

    /// What is in use.
    pub fn now(&self) -> Arc<T> {
        self.now.load_full()
    }

    /// Reads the files again when they have changed, and says what came of it in the log.
    pub fn refresh(&self) {
        // Files that are being changed may be unreadable for a moment.
        let Ok(bytes) = bytes(&self.paths) else { return };
        let digest = digest(&bytes);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if *seen == digest {
            return;
        }
        *seen = digest;
        let files = shown(&self.paths);
        match (self.read)(&bytes) {
            Ok(good) => {
                self.now.store(Arc::new(good));
                tracing::info!(files, "changed files are in use");
            }
            Err(cause) => tracing::error!(files, cause, "changed files are of no use; the last good ones stay"),
        }
    }
}

fn bytes(paths: &[PathBuf]) -> Result<Vec<Vec<u8>>, String> {
    let read = |path: &PathBuf| std::fs::read(path).map_err(|cause| format!("cannot read {}: {cause}", path.display()));
    paths.iter().map(read).collect()
}

fn digest(files: &[Vec<u8>]) -> Vec<u8> {
    let mut hash = Sha256::new();
    for file in files {
        hash.update((file.len() as u64).to_le_bytes());
        hash.update(file);
    }
    hash.finalize().to_vec()
}

fn shown(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| Path::display(path).to_string()).collect::<Vec<_>>().join(", ")
}
