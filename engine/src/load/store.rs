//! The only place that touches a file: a folder, read whole into memory within limits.
//!
//! What is read is a snapshot. Links are followed only inside the folder's own tree, and no path of
//! a rule file ever reaches the file system.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// The largest file that is read, in bytes.
pub const LARGEST_FILE: u64 = 4 << 20;
/// The most files that one folder may hold.
pub const MOST_FILES: usize = 10_000;
/// How deep folders may nest.
pub const DEEPEST: usize = 8;

/// Why a folder or file could not be read.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The folder or file cannot be read.
    #[error("cannot read `{path}`: {cause}")]
    Unreadable {
        /// The path.
        path: String,
        /// What the system says.
        cause: std::io::Error,
    },
    /// The file is larger than any rule file should be.
    #[error("`{path}` is larger than {LARGEST_FILE} bytes")]
    TooLarge {
        /// The path.
        path: String,
    },
    /// The file is not UTF-8.
    #[error("`{path}` is not valid UTF-8 (first at byte {at})")]
    NotText {
        /// The path.
        path: String,
        /// The first byte that is not text.
        at: usize,
    },
    /// There is no such file.
    #[error("there is no file `{path}`")]
    Missing {
        /// The path.
        path: String,
    },
    /// The folder holds more than a rules folder should.
    #[error("`{path}` holds more than {MOST_FILES} files, or folders more than {DEEPEST} deep")]
    TooMany {
        /// The path.
        path: String,
    },
}

/// The files of one folder at one moment, by their path inside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folder {
    root: String,
    files: BTreeMap<String, Content>,
    /// Paths as people know them, where they do not stand under `root`.
    elsewhere: BTreeMap<String, String>,
    /// The paths of files that are named almost as those of rules are.
    misnamed: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Content {
    Bytes(Vec<u8>),
    TooLarge,
}

/// The endings of files that belong to rules; everything else is left alone.
const ENDINGS: [&str; 5] = [".toml", ".csv", ".rhai", ".json", ".lock"];

impl Folder {
    /// Reads every rule file under `root`.
    ///
    /// # Errors
    /// When the folder cannot be read, or holds more than the limits allow.
    pub fn scan(root: &Path) -> Result<Self, StoreError> {
        let shown = root.to_string_lossy().replace('\\', "/");
        let mut folder = Self { root: shown.trim_end_matches('/').to_owned(), ..Self::default() };
        folder.descend(root, String::new(), 0)?;
        Ok(folder)
    }

    /// A folder made of these files, shown under the name `root`.
    pub fn of<'a>(root: &str, files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let files = files.into_iter().map(|(path, text)| (path.to_owned(), Content::Bytes(text.as_bytes().to_vec())));
        Self { root: root.to_owned(), files: files.collect(), ..Self::default() }
    }

    /// One file from outside any rules folder, read within the same limits.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read_file(path: &Path) -> Result<Vec<u8>, StoreError> {
        std::fs::read(path).map_err(|cause| StoreError::Unreadable { path: path.display().to_string(), cause })
    }

    /// What stands under `prefix`, by paths inside that.
    pub fn under(&self, prefix: &str) -> Self {
        let inside = |path: &str| path.strip_prefix(prefix)?.strip_prefix('/').map(str::to_owned);
        let files = self.files.iter().filter_map(|(path, content)| Some((inside(path)?, content.clone())));
        let elsewhere = self.files.keys().filter_map(|path| Some((inside(path)?, self.shown(path))));
        let misnamed = self.misnamed.iter().filter_map(|path| inside(path)).collect();
        Self { root: self.shown(prefix), elsewhere: elsewhere.collect(), files: files.collect(), misnamed }
    }

    /// These files with those of `other`, which stand before ours of the same path.
    pub fn with(&self, other: &Self) -> Self {
        let mut both = self.clone();
        for (path, content) in &other.files {
            both.files.insert(path.clone(), content.clone());
            both.elsewhere.insert(path.clone(), other.shown(path));
        }
        both
    }

    /// The files of which this holds.
    pub fn only(&self, keep: impl Fn(&str) -> bool) -> Self {
        let mut kept = self.clone();
        kept.files.retain(|path, _| keep(path));
        kept
    }

    /// The paths of all files, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// The paths of files that are not read, though they are named almost as those of rules are: `1.toml.txt`, `1.TOML`.
    pub fn misnamed(&self) -> impl Iterator<Item = &str> {
        self.misnamed.iter().map(String::as_str)
    }

    /// Whether there is a file at `path`.
    pub fn holds(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// The path as people know it.
    pub fn shown(&self, path: &str) -> String {
        if let Some(shown) = self.elsewhere.get(path) {
            return shown.clone();
        }
        if self.root.is_empty() { path.to_owned() } else { format!("{}/{path}", self.root) }
    }

    /// The text of the file at `path`.
    ///
    /// # Errors
    /// When there is no such file, or it is too large, or not text.
    pub fn text(&self, path: &str) -> Result<&str, StoreError> {
        let bytes = self.bytes(path)?;
        std::str::from_utf8(bytes)
            .map_err(|error| StoreError::NotText { path: self.shown(path), at: error.valid_up_to() })
    }

    /// The bytes of the file at `path`.
    ///
    /// # Errors
    /// When there is no such file, or it is too large.
    pub fn bytes(&self, path: &str) -> Result<&[u8], StoreError> {
        match self.files.get(path) {
            Some(Content::Bytes(bytes)) => Ok(bytes),
            Some(Content::TooLarge) => Err(StoreError::TooLarge { path: self.shown(path) }),
            None => Err(StoreError::Missing { path: self.shown(path) }),
        }
    }

    fn descend(&mut self, at: &Path, prefix: String, depth: usize) -> Result<(), StoreError> {
        let unreadable = |path: &Path, cause| StoreError::Unreadable { path: path.display().to_string(), cause };
        let mut entries: Vec<PathBuf> = std::fs::read_dir(at)
            .and_then(|entries| entries.map(|entry| entry.map(|e| e.path())).collect())
            .map_err(|cause| unreadable(at, cause))?;
        entries.sort();
        for path in entries {
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
            if name.starts_with('.') {
                continue;
            }
            let inside = format!("{prefix}{name}");
            let about = std::fs::metadata(&path).map_err(|cause| unreadable(&path, cause))?;
            if about.is_dir() {
                if depth + 1 >= DEEPEST {
                    return Err(StoreError::TooMany { path: path.display().to_string() });
                }
                self.descend(&path, format!("{inside}/"), depth + 1)?;
            } else if about.is_file() && ENDINGS.iter().any(|ending| name.ends_with(ending)) {
                if self.files.len() >= MOST_FILES {
                    return Err(StoreError::TooMany { path: at.display().to_string() });
                }
                let content = if about.len() > LARGEST_FILE {
                    Content::TooLarge
                } else {
                    Content::Bytes(std::fs::read(&path).map_err(|cause| unreadable(&path, cause))?)
                };
                self.files.insert(inside, content);
            } else if about.is_file() && is_misnamed(name) && self.misnamed.len() < MOST_FILES {
                self.misnamed.push(inside);
            }
        }
        Ok(())
    }
}

/// Whether a name has the ending of a rule file in other letters, or before an ending that an editor gave it.
fn is_misnamed(name: &str) -> bool {
    let name = name.to_lowercase();
    ENDINGS.iter().any(|ending| name.trim_end_matches(".txt").ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_says_so() {
        let error = Folder::scan(Path::new("no/such/folder")).expect_err("no folder");
        assert!(error.to_string().starts_with("cannot read `no/such/folder`: "), "{error}");
        let folder = Folder::of("rules", [("p/1.toml", "a = 1")]);
        assert_eq!(folder.text("p/1.toml").expect("text"), "a = 1");
        let other =
            Folder::of("plugins", [("x/rules/p/1.toml", "b = 2"), ("x/rules/p/3.toml", "c = 3")]).under("x/rules");
        let both = folder.with(&other);
        assert_eq!(both.text("p/1.toml").expect("text"), "b = 2");
        assert_eq!(both.shown("p/1.toml"), "plugins/x/rules/p/1.toml");
        assert_eq!(both.only(|path| path != "p/1.toml").paths().collect::<Vec<_>>(), ["p/3.toml"]);
        assert_eq!(folder.text("p/2.toml").expect_err("missing").to_string(), "there is no file `rules/p/2.toml`");
    }
}
