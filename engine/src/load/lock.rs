//! The lock of a published version: `PROGRAM/VERSION.lock` beside its rule file, with the digest under
//! which it was published. A file that no longer has that digest is not the one that was published.

use super::{Folder, Written, add};
use crate::finding::{Finding, Findings, code};
use crate::source::{FileId, Sources, Span};
use serde::Deserialize;

/// What a lock says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lock {
    /// `sha256:…` over the rule file and every file that it names.
    digest: String,
}

/// The path of the lock of the rule file at `path`.
fn beside(path: &str) -> String {
    format!("{}.lock", path.strip_suffix(".toml").unwrap_or(path))
}

/// Whether the version at `path` is locked.
pub fn is_locked(rules: &Folder, path: &str) -> bool {
    rules.holds(&beside(path))
}

/// Takes the rules from a version that is not what was published, and says so.
pub(super) fn hold(rules: &Folder, program: &str, version: &mut Written, sources: &mut Sources) {
    let path = format!("{program}/{}.toml", version.version);
    if !holds(rules, &path, (version.file, &version.digest), sources, &mut version.findings) {
        version.rulebook = None;
    }
}

/// Whether the version at `path` has the digest under which it was published; true where it has no lock.
fn holds(
    rules: &Folder,
    path: &str,
    (file, digest): (FileId, &str),
    sources: &mut Sources,
    findings: &mut Findings,
) -> bool {
    let lock = beside(path);
    if !rules.holds(&lock) {
        return true;
    }
    let said = match rules.text(&lock).map(toml::from_str::<Lock>) {
        Ok(Ok(lock)) => lock.digest,
        Ok(Err(cause)) => {
            let Some(place) = add(rules, &lock, sources, findings) else { return false };
            let message = format!("the lock cannot be read: {}", cause.message());
            findings.add(Finding::new(&code::LOCKED, Span::top(place), message).help(PUT_BACK_LOCK));
            return false;
        }
        Err(_) => return add(rules, &lock, sources, findings).is_some(),
    };
    if said != digest {
        let message = format!("the version was published as `{said}` and has been changed: it is `{digest}` now");
        findings.add(Finding::new(&code::LOCKED, Span::top(file), message).help(PUT_BACK));
    }
    said == digest
}

/// Tells of locks whose version is gone.
pub(super) fn gone(rules: &Folder, program: &str, sources: &mut Sources, findings: &mut Findings) {
    let prefix = format!("{program}/");
    let locks = rules.paths().filter(|path| path.strip_prefix(&prefix).is_some_and(|name| !name.contains('/')));
    let gone: Vec<&str> = locks
        .filter(|path| path.strip_suffix(".lock").is_some_and(|version| !rules.holds(&format!("{version}.toml"))))
        .collect();
    for path in gone {
        let Some(file) = add(rules, path, sources, findings) else { continue };
        let message = format!("the version was published and is gone: there is no `{}`", rule_file(rules, path));
        findings.add(Finding::new(&code::LOCKED, Span::top(file), message).help(PUT_BACK));
    }
}

fn rule_file(rules: &Folder, lock: &str) -> String {
    rules.shown(&format!("{}.toml", lock.strip_suffix(".lock").unwrap_or(lock)))
}

const PUT_BACK: &str = "put the published files back; a correction is a new version";
const PUT_BACK_LOCK: &str = "put the lock back as it was written when the version was published";
