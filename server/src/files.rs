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
    seen: Mutex<Seen>,
}

/// What came of looking at the files.
#[derive(Debug)]
struct Seen {
    /// The digest of what was read last, good or not.
    digest: Vec<u8>,
    /// Whether that was of no use.
    bad: bool,
    /// How often they could not be read, one time after the other.
    failures: u32,
}

/// Files that are being changed may be unreadable for a moment; after this many times it is told.
const FAILURES: u32 = 5;

impl<T: Debug> Reloaded<T> {
    /// Reads the files at `paths`.
    ///
    /// # Errors
    /// When one cannot be read, or they are of no use.
    pub fn open(paths: Vec<PathBuf>, read: Reader<T>) -> Result<Self, String> {
        let bytes = bytes(&paths)?;
        let now = ArcSwap::from_pointee(read(&bytes).map_err(|cause| format!("{}: {cause}", shown(&paths)))?);
        let seen = Seen { digest: digest(&bytes), bad: false, failures: 0 };
        Ok(Self { paths, read, now, seen: Mutex::new(seen) })
    }

    /// What is in use.
    pub fn now(&self) -> Arc<T> {
        self.now.load_full()
    }

    /// Reads the files again when they have changed, says what came of it in the log, and gives whether what
    /// is in use is what they say now.
    pub fn refresh(&self) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let files = shown(&self.paths);
        let bytes = match bytes(&self.paths) {
            Ok(bytes) => bytes,
            Err(cause) => {
                seen.failures = seen.failures.saturating_add(1);
                if seen.failures == FAILURES {
                    tracing::error!(files, cause, "files cannot be read; what was in them last stays in use");
                }
                return seen.failures < FAILURES && !seen.bad;
            }
        };
        seen.failures = 0;
        let digest = digest(&bytes);
        if seen.digest == digest {
            return !seen.bad;
        }
        seen.digest = digest;
        let read = (self.read)(&bytes);
        seen.bad = read.is_err();
        match read {
            Ok(good) => {
                self.now.store(Arc::new(good));
                tracing::info!(files, "changed files are in use");
            }
            Err(cause) => tracing::error!(files, cause, "changed files are of no use; the last good ones stay"),
        }
        !seen.bad
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_of_no_use_or_gone_is_told_until_it_is_mended() {
        let path = std::env::temp_dir().join(format!("tierline-files-{}", std::process::id()));
        let write = |text: &str| std::fs::write(&path, text).expect("written");
        let read: Reader<String> = |files| match String::from_utf8_lossy(&files[0]).into_owned() {
            text if text == "bad" => Err("bad".to_owned()),
            text => Ok(text),
        };
        write("one");
        let files = Reloaded::open(vec![path.clone()], read).expect("good");
        let now = || (files.refresh(), files.now().as_str().to_owned());
        assert_eq!(now(), (true, "one".to_owned()));
        write("bad");
        assert_eq!([now(), now()], [(false, "one".to_owned()), (false, "one".to_owned())]);
        write("two");
        assert_eq!(now(), (true, "two".to_owned()));
        std::fs::remove_file(&path).expect("removed");
        let told: Vec<bool> = (0..6).map(|_| files.refresh()).collect();
        assert_eq!(told, [true, true, true, true, false, false]);
        write("two");
        assert_eq!(now(), (true, "two".to_owned()));
        std::fs::remove_file(&path).expect("removed");
    }
}
