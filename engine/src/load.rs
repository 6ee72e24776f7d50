//! From a folder of files to written rulebooks: which programs and versions there are, their text as
//! trees, what they go on from, and the digest of everything that belongs to a version.
//!
//! It knows nothing of what rules mean.

mod beside;
mod broken;
mod change;
mod format;
mod kind;
mod library;
pub mod lock;
mod origin;
mod overlay;
mod package;
mod print;
pub mod store;
mod stray;
mod unlisted;
mod version;

pub use beside::ScriptText;
pub(crate) use beside::add;
pub use change::{Changes, changes};
pub use format::{parse_csv, parse_toml, recover_toml};
pub use kind::{Bound, Instance, MOST_PARTS};
pub use library::Library;
pub use origin::{Origins, Used, gather};
pub use package::{HostPlugin, Package, TRIAL, plugin, plugins, trial, whole_trial};
pub use print::{inline as print_value, print};
pub use store::{Folder, StoreError};
pub use stray::astray;
pub use unlisted::unlisted;
pub use version::LONGEST_CHAIN;

use crate::document::Node;
use crate::finding::Findings;
use crate::rulebook::{Header, Rulebook};
use crate::source::{FileId, Sources, Span};
use sha2::{Digest, Sha256};
use version::{Part, Versions};

/// One version of a program as it is written, with all the files that belong to it.
#[derive(Clone, Debug)]
pub struct Written {
    /// The version, from the file's name.
    pub version: String,
    /// The rule file.
    pub file: FileId,
    /// All of it as a tree: with its tables read in, with what it goes on from, and with the rules that
    /// its kinds stand for.
    pub document: Node,
    /// The same as an author could have written it in one file.
    pub whole: Node,
    /// What could be read of it; `None` when its text or its shape is broken, or it is not what was published.
    pub rulebook: Option<Rulebook>,
    /// What it says of itself, as far as that can be read though the rest is broken.
    pub header: Option<Header>,
    /// The scripts that it names: the name in the rulebook, the file, its text.
    pub scripts: Vec<ScriptText>,
    /// Where something is wrong with its text or its shape, so that rules may be missing from what was read.
    pub told: Vec<Span>,
    /// `sha256:…` over the rule file, every file that it names, and all of that of which it goes on from.
    pub digest: String,
    /// By what way its texts belong to it.
    pub origins: Origins,
    /// What is wrong with its text and its shape.
    pub findings: Findings,
}

/// One file of those that make a version: a rule file or a plugin, with the files that it names.
#[derive(Clone, Debug)]
pub struct Layer {
    /// The file.
    file: FileId,
    /// All of it as a tree, with its tables read in.
    document: Node,
    /// Whether its text could be read to the end.
    whole: bool,
    /// It and the files that it names, by the names under which the digest knows them.
    files: Vec<(String, FileId)>,
    /// The scripts that it declares.
    scripts: Vec<ScriptText>,
    /// The places of tables of which rows could not be read.
    lost: Vec<Span>,
    /// What is wrong with its text.
    findings: Findings,
}

impl Layer {
    fn files(&self) -> Vec<FileId> {
        self.files.iter().map(|(_, file)| *file).chain([self.file]).collect()
    }
}

/// The programs in a rules folder, in alphabetical order: every folder with a rule file in it, or in which
/// there may be one because it cannot be read.
pub fn programs(rules: &Folder) -> Vec<String> {
    let mut programs: Vec<String> = rules
        .paths()
        .filter_map(|path| path.split_once('/'))
        .filter(|(_, file)| !file.contains('/') && file.ends_with(".toml"))
        .map(|(program, _)| program.to_owned())
        .collect();
    programs.extend(rules.closed().filter(|(path, _)| !path.contains('/')).map(|(path, _)| path.to_owned()));
    programs.sort();
    programs.dedup();
    programs
}

/// Every version of `program`, in alphabetical order of its files; a file that cannot be opened is told
/// in `findings`, all else is kept with its version.
pub fn program<'a>(
    library: impl Into<Library<'a>>,
    program: &str,
    sources: &mut Sources,
    findings: &mut Findings,
) -> Vec<Written> {
    let library = library.into();
    let prefix = format!("{program}/");
    let mut files: Vec<&str> = library
        .rules
        .paths()
        .filter(|path| path.strip_prefix(&prefix).is_some_and(|rest| !rest.contains('/') && rest.ends_with(".toml")))
        .collect();
    files.sort_unstable();
    let parts = files.into_iter().filter_map(|path| Part::read(library, path, sources, findings)).collect();
    let mut versions = Versions { library, program, parts, packages: Vec::new() };
    let mut written: Vec<Written> = (0..versions.parts.len()).map(|place| versions.written(place, sources)).collect();
    written.iter_mut().for_each(|version| lock::hold(library.rules, program, version, sources));
    lock::gone(library.rules, program, sources, findings);
    beside::closed(library.rules, program, sources, findings);
    let own = versions.parts.iter().flat_map(|part| part.files());
    let read: Vec<String> = own.map(|name| format!("{prefix}{name}")).collect();
    // Where a file could not be found, one that nothing reads may be the one that is meant.
    let whole = !findings.has_errors() && written.iter().all(|version| !version.findings.has_errors());
    stray::stray(library.rules, program, whole.then_some(&read), sources, findings);
    written
}

/// `sha256:…` over names and contents, each with its length, so that no two sets of files look alike.
fn digest(sources: &Sources, files: &[(String, FileId)]) -> String {
    let mut all: Vec<_> = files.iter().map(|(name, file)| (name.as_str(), &*sources.file(*file).text)).collect();
    all.sort_unstable();
    all.dedup();
    let mut hash = Sha256::new();
    for part in all.into_iter().flat_map(|(name, text)| [name, text]) {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    sha256(hash)
}

/// `sha256:…` of `bytes`.
pub fn digest_of(bytes: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update(bytes);
    sha256(hash)
}

fn sha256(hash: Sha256) -> String {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(7 + 64);
    text.push_str("sha256:");
    for byte in hash.finalize() {
        text.push(char::from(HEX[usize::from(byte >> 4)]));
        text.push(char::from(HEX[usize::from(byte & 15)]));
    }
    text
}
