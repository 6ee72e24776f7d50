//! Where lines go: to standard output or to a file, whole lines only, whatever interrupts.
//!
//! A file is written beside its place under another name and put there at the end, so that nobody ever
//! reads half of one. An interruption waits until the lines that are being written are whole.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The exit status of a program that was interrupted, as shells know it.
const INTERRUPTED: i32 = 130;

/// Where lines go.
#[derive(Debug)]
pub struct Sink {
    to: To,
    /// Held while lines are written; the unfinished file, which an interruption takes away.
    partial: Arc<Mutex<Option<PathBuf>>>,
}

#[derive(Debug)]
enum To {
    Output,
    /// Something that is no regular file, and cannot be replaced.
    Device(File),
    File {
        file: File,
        place: PathBuf,
    },
}

impl Sink {
    /// To `path`, else to standard output.
    ///
    /// # Errors
    /// When no file can be made there.
    pub fn open(path: Option<&Path>) -> io::Result<Self> {
        let partial = Arc::new(Mutex::new(None));
        let to = match path {
            None => To::Output,
            Some(path) => Self::file(path, &partial).map_err(|error| at(path, &error))?,
        };
        let guarded = Arc::clone(&partial);
        let stop = move || {
            let partial = guarded.lock().unwrap_or_else(PoisonError::into_inner);
            partial.iter().for_each(|partial| drop(fs::remove_file(partial)));
            std::process::exit(INTERRUPTED);
        };
        ctrlc::set_handler(stop).map_err(io::Error::other)?;
        Ok(Self { to, partial })
    }

    fn file(path: &Path, partial: &Mutex<Option<PathBuf>>) -> io::Result<To> {
        // A link stays one, and its target is what is replaced.
        let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let there = fs::metadata(&place).ok();
        if there.as_ref().is_some_and(|there| !there.is_file()) {
            return Ok(To::Device(OpenOptions::new().write(true).open(&place)?));
        }
        let name = place.file_name().ok_or(io::ErrorKind::IsADirectory)?.to_string_lossy();
        let beside = place.with_file_name(format!(".{name}.{}.part", std::process::id()));
        let create = || OpenOptions::new().write(true).create_new(true).open(&beside);
        let file = create().or_else(|error| match error.kind() {
            // Left behind by one that was killed, under a number that is ours now.
            io::ErrorKind::AlreadyExists => fs::remove_file(&beside).and_then(|()| create()),
            _ => Err(error),
        })?;
        *partial.lock().unwrap_or_else(PoisonError::into_inner) = Some(beside);
        if let Some(there) = there {
            file.set_permissions(there.permissions())?;
        }
        Ok(To::File { file, place })
    }

    /// Writes whole lines.
    ///
    /// # Errors
    /// When nobody takes them.
    pub fn write(&mut self, lines: &[u8]) -> io::Result<()> {
        let _whole = self.partial.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut self.to {
            To::Output => {
                let mut output = io::stdout().lock();
                output.write_all(lines)?;
                output.flush()
            }
            To::Device(file) => file.write_all(lines),
            To::File { file, place } => file.write_all(lines).map_err(|error| at(place, &error)),
        }
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// When it cannot be put there.
    pub fn finish(self) -> io::Result<()> {
        let mut partial = self.partial.lock().unwrap_or_else(PoisonError::into_inner);
        if let (To::File { file, place }, Some(beside)) = (&self.to, &*partial) {
            file.sync_all().and_then(|()| fs::rename(beside, place)).map_err(|error| at(place, &error))?;
        }
        *partial = None;
        Ok(())
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let partial = self.partial.lock().unwrap_or_else(PoisonError::into_inner).take();
        partial.iter().for_each(|partial| drop(fs::remove_file(partial)));
    }
}

fn at(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
