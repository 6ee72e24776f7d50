//! Digests of files: by program, and of all of them.

use super::Reading;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write;
use tierline_engine::load::Folder;

/// The digest of every program's files, whatever belongs to its versions or stands beside them, and of all
/// plugins, any of which it may use.
pub fn programs(reading: &Reading) -> BTreeMap<String, String> {
    let rules = &reading.rules;
    let mut plugins = Sha256::new();
    for path in reading.plugins.iter().flat_map(Folder::paths) {
        let plugin = reading.plugins.as_ref().and_then(|plugins| plugins.bytes(path).ok());
        add(&mut plugins, path.as_bytes());
        add(&mut plugins, plugin.unwrap_or(b"too large"));
    }
    let plugins = plugins.finalize();
    let mut hashes: BTreeMap<&str, (Sha256, bool)> = BTreeMap::new();
    for path in rules.paths() {
        let Some((program, file)) = path.split_once('/') else { continue };
        let (hash, has_version) = hashes.entry(program).or_default();
        *has_version |= file.ends_with(".toml") && !file.contains('/');
        add(hash, file.as_bytes());
        // A file that is too large to be read is told of when its program is loaded.
        add(hash, rules.bytes(path).unwrap_or(b"too large"));
    }
    let programs = hashes.into_iter().filter(|(_, (_, has_version))| *has_version);
    let whole = |mut hash: Sha256| {
        if reading.plugins.is_some() {
            add(&mut hash, &plugins);
        }
        shown(hash)
    };
    programs.map(|(program, (hash, _))| (program.to_owned(), whole(hash))).collect()
}

/// The digest of programs that have these digests.
pub fn of_all<'a>(programs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut hash = Sha256::new();
    for (program, digest) in programs {
        add(&mut hash, program.as_bytes());
        add(&mut hash, digest.as_bytes());
    }
    shown(hash)
}

/// With its length, so that no two lists of parts look alike.
fn add(hash: &mut Sha256, part: &[u8]) {
    hash.update((part.len() as u64).to_le_bytes());
    hash.update(part);
}

fn shown(hash: Sha256) -> String {
    let mut text = "sha256:".to_owned();
    for byte in hash.finalize() {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
