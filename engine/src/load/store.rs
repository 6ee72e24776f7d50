//! The only place that touches a file: a folder, read whole into memory within limits.
//!
//! What is read is a snapshot. Links are followed only inside the folder's own tree, and no path of
//! a rule file ever reaches the file system. A part that cannot be read keeps its place and the reason, so
//! that it is told with the rules that it belongs to and takes nothing else along.

use crate::finding::{Finding, code};
use crate::source::Span;
use std::collections::BTreeMap;
use std::fs::{self, File, FileType};
use std::io::{self, ErrorKind, Read};
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
        cause: io::Error,
    },
    /// The file is larger than any rule file should be.
    #[error("`{path}` is larger than {LARGEST_FILE} bytes")]
    TooLarge {
        /// The path.
        path: String,
    },
    /// The file is not UTF-8.
    #[error("`{path}` is not saved as UTF-8 (first at byte {at})")]
    NotText {
        /// The path.
        path: String,
        /// The first byte that is not text.
        at: usize,
    },
    /// A link leads out of the folder that is read.
    #[error("`{path}` is a link that leads out of `{root}`")]
    Outside {
        /// The path of the link.
        path: String,
        /// The folder that is read.
        root: String,
    },
    /// A link leads to a folder that it stands in.
    #[error("`{path}` is a link to a folder that it stands in")]
    Circle {
        /// The path of the link.
        path: String,
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

impl StoreError {
    /// The error as a finding at `place`.
    pub fn told(&self, place: Span) -> Finding {
        let (code, help) = match self {
            Self::TooLarge { .. } => (&code::FILE_TOO_LARGE, None),
            Self::Outside { .. } => (&code::PATH_OUTSIDE, Some("put what it leads to inside, in place of the link")),
            Self::NotText { path, .. } => {
                let code = match path.rsplit_once('.') {
                    Some((_, "csv")) => &code::BROKEN_TABLE,
                    Some((_, "rhai")) => &code::BROKEN_SCRIPT,
                    _ => &code::TOML_SYNTAX,
                };
                (code, Some("save it as UTF-8; an editor asks for the encoding when it saves under a name"))
            }
            Self::Circle { .. } => (&code::MISSING_FILE, Some("take the link away")),
            _ => (&code::MISSING_FILE, None),
        };
        Finding::new(code, place, self.to_string()).help_maybe(help.map(str::to_owned))
    }
}

/// The files of one folder at one moment, by their path inside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folder {
    root: String,
    files: BTreeMap<String, Content>,
    /// Folders of which nothing is read, and what cannot even be told to be a file.
    closed: BTreeMap<String, Closed>,
    /// Paths as people know them, where they do not stand under `root`.
    elsewhere: BTreeMap<String, String>,
    /// The paths of files that are named almost as those of rules are.
    misnamed: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Content {
    Bytes(Vec<u8>),
    TooLarge,
    Closed(Closed),
}

/// Why a part of a folder is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Closed {
    /// A link leads out of the folder that is read, which people know by this path.
    Outside(String),
    /// A link leads to a folder that it stands in.
    Circle,
    /// The number of the system's error.
    Unreadable(i32),
}

impl From<io::Error> for Closed {
    fn from(cause: io::Error) -> Self {
        Closed::Unreadable(cause.raw_os_error().unwrap_or_default())
    }
}

/// The endings of files that belong to rules; everything else is left alone.
const ENDINGS: [&str; 5] = [".toml", ".csv", ".rhai", ".json", ".lock"];

impl Folder {
    /// Reads every rule file under `root`, which may itself be a link.
    ///
    /// # Errors
    /// When the folder cannot be read, or holds more than the limits allow.
    pub fn scan(root: &Path) -> Result<Self, StoreError> {
        let shown = root.to_string_lossy().replace('\\', "/");
        let folder = Self { root: shown.trim_end_matches('/').to_owned(), ..Self::default() };
        let unreadable = |cause| StoreError::Unreadable { path: root.display().to_string(), cause };
        let real = root.canonicalize().map_err(unreadable)?;
        let names = names(&real).map_err(unreadable)?;
        let mut scan = Scan { folder, within: vec![real] };
        scan.entries(names, "")?;
        Ok(scan.folder)
    }

    /// A folder made of these files, shown under the name `root`.
    pub fn of<'a>(root: &str, files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let files = files.into_iter().map(|(path, text)| (path.to_owned(), Content::Bytes(text.as_bytes().to_vec())));
        Self { root: root.to_owned(), files: files.collect(), ..Self::default() }
    }

    /// One file from outside any rules folder.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read_file(path: &Path) -> Result<Vec<u8>, StoreError> {
        fs::read(path).map_err(|cause| StoreError::Unreadable { path: path.display().to_string(), cause })
    }

    /// What stands under `prefix`, by paths inside that.
    pub fn under(&self, prefix: &str) -> Self {
        let inside = |path: &str| path.strip_prefix(prefix)?.strip_prefix('/').map(str::to_owned);
        let files = self.files.iter().filter_map(|(path, content)| Some((inside(path)?, content.clone())));
        let closed = self.closed.iter().filter_map(|(path, why)| Some((inside(path)?, why.clone())));
        let paths = self.files.keys().chain(self.closed.keys());
        let elsewhere = paths.filter_map(|path| Some((inside(path)?, self.shown(path))));
        Self {
            root: self.shown(prefix),
            elsewhere: elsewhere.collect(),
            files: files.collect(),
            closed: closed.collect(),
            misnamed: self.misnamed.iter().filter_map(|path| inside(path)).collect(),
        }
    }

    /// These files with those of `other`, which stand before ours of the same path.
    pub fn with(&self, other: &Self) -> Self {
        let mut both = self.clone();
        for (path, content) in &other.files {
            both.files.insert(path.clone(), content.clone());
            both.elsewhere.insert(path.clone(), other.shown(path));
        }
        for (path, why) in &other.closed {
            both.closed.insert(path.clone(), why.clone());
            both.elsewhere.insert(path.clone(), other.shown(path));
        }
        both
    }

    /// The files of which this holds.
    pub fn only(&self, keep: impl Fn(&str) -> bool) -> Self {
        let mut kept = self.clone();
        kept.files.retain(|path, _| keep(path));
        kept.closed.retain(|path, _| keep(path));
        kept
    }

    /// The paths of all files, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// The folders of which nothing is read, in order, with the reason.
    pub fn closed(&self) -> impl Iterator<Item = (&str, StoreError)> {
        self.closed.iter().map(|(path, why)| (path.as_str(), self.why(path, why)))
    }

    /// Whether `path` is, or stands in, a folder of which nothing is read.
    pub fn is_closed(&self, path: &str) -> bool {
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        ends.into_iter().any(|end| self.closed.contains_key(&path[..end]))
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
            Some(Content::Closed(why)) => Err(self.why(path, why)),
            None => Err(StoreError::Missing { path: self.shown(path) }),
        }
    }

    fn why(&self, path: &str, why: &Closed) -> StoreError {
        let path = self.shown(path);
        match why {
            Closed::Outside(root) => StoreError::Outside { path, root: root.clone() },
            Closed::Circle => StoreError::Circle { path },
            Closed::Unreadable(code) => StoreError::Unreadable { path, cause: io::Error::from_raw_os_error(*code) },
        }
    }
}

/// The names in a folder, in order, with what each is.
fn names(at: &Path) -> io::Result<Vec<(String, FileType)>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(at)? {
        let entry = entry?;
        // A name that is not text belongs to no rule; hidden ones are those of editors and of ConfigMaps.
        if let Some(name) = entry.file_name().to_str().filter(|name| !name.starts_with('.')) {
            names.push((name.to_owned(), entry.file_type()?));
        }
    }
    names.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(names)
}

/// The work of reading a folder.
struct Scan {
    folder: Folder,
    /// The folders that are being read, as they are called without any link: the root, and so on inward.
    within: Vec<PathBuf>,
}

impl Scan {
    fn entries(&mut self, names: Vec<(String, FileType)>, prefix: &str) -> Result<(), StoreError> {
        let at = self.within.last().cloned().unwrap_or_default();
        for (name, kind) in names {
            let inside = format!("{prefix}{name}");
            let path = at.join(&name);
            match self.target(path, &name, kind) {
                Ok((path, true)) => self.open(path, inside)?,
                Ok((path, false)) => self.file(&path, inside)?,
                Err(why) => self.close(inside, why),
            }
        }
        Ok(())
    }

    /// Where an entry really is, and whether it is a folder.
    fn target(&self, path: PathBuf, name: &str, kind: FileType) -> Result<(PathBuf, bool), Closed> {
        if !kind.is_symlink() {
            return Ok((path, kind.is_dir()));
        }
        let path = path.canonicalize()?;
        let is_folder = path.is_dir();
        if !is_folder && !belongs(name) {
            // It is left alone, wherever it leads.
            Ok((path, false))
        } else if !path.starts_with(&self.within[0]) {
            Err(Closed::Outside(self.folder.root.clone()))
        } else if is_folder && self.within.contains(&path) {
            Err(Closed::Circle)
        } else {
            Ok((path, is_folder))
        }
    }

    fn open(&mut self, path: PathBuf, inside: String) -> Result<(), StoreError> {
        if self.within.len() >= DEEPEST {
            return Err(StoreError::TooMany { path: self.folder.shown(&inside) });
        }
        match names(&path) {
            Ok(names) => {
                self.within.push(path);
                self.entries(names, &format!("{inside}/"))?;
                self.within.pop();
            }
            // It has been taken away since its name was read.
            Err(cause) if cause.kind() == ErrorKind::NotFound => {}
            Err(cause) => self.close(inside, cause.into()),
        }
        Ok(())
    }

    fn file(&mut self, path: &Path, inside: String) -> Result<(), StoreError> {
        if !belongs(&inside) {
            if is_misnamed(&inside) && self.folder.misnamed.len() < MOST_FILES {
                self.folder.misnamed.push(inside);
            }
            return Ok(());
        }
        if self.folder.files.len() >= MOST_FILES {
            return Err(StoreError::TooMany { path: self.folder.root.clone() });
        }
        match content(path) {
            Ok(Some(content)) => {
                self.folder.files.insert(inside, content);
            }
            Ok(None) => {}
            Err(cause) if cause.kind() == ErrorKind::NotFound => {}
            Err(cause) => self.close(inside, cause.into()),
        }
        Ok(())
    }

    fn close(&mut self, inside: String, why: Closed) {
        if belongs(&inside) {
            self.folder.files.insert(inside, Content::Closed(why));
        } else {
            self.folder.closed.insert(inside, why);
        }
    }
}

/// Whether a file of this name belongs to rules.
fn belongs(name: &str) -> bool {
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// What stands in a file; `None` when it is no plain one.
fn content(path: &Path) -> io::Result<Option<Content>> {
    if !fs::metadata(path)?.is_file() {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST_FILE + 1).read_to_end(&mut bytes)?;
    let fits = bytes.len() as u64 <= LARGEST_FILE;
    Ok(Some(if fits { Content::Bytes(bytes) } else { Content::TooLarge }))
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
        for (path, code) in [("p/1.toml", "toml-syntax"), ("p/a.csv", "broken-table"), ("p/a.rhai", "broken-script")] {
            let latin = Folder { root: "rules".to_owned(), ..Folder::default() };
            let files = [(path.to_owned(), Content::Bytes(b"title = \"R\xe9gion\"".to_vec()))].into();
            let error = Folder { files, ..latin }.text(path).expect_err("no UTF-8");
            let told = error.told(Span::top(crate::source::FileId(0)));
            assert_eq!(told.code.name, code);
            assert_eq!(told.message, format!("`rules/{path}` is not saved as UTF-8 (first at byte 10)"));
            assert_eq!(
                told.help.as_deref(),
                Some("save it as UTF-8; an editor asks for the encoding when it saves under a name")
            );
        }
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
