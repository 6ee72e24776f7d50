//! Digests of files: by program, and of all of them.

use super::Reading;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write;
use tierline_engine::load::{Folder, StoreError};

/// The digest of every program's files, whatever belongs to its versions or stands beside them, and of all
/// plugins, any of which it may use.
pub fn programs(reading: &Reading) -> BTreeMap<String, String> {
    let rules = &reading.rules;
    let mut plugins = Sha256::new();
    if let Some(plugin) = &reading.plugins {
        plugin.paths().for_each(|path| add_file(&mut plugins, path, plugin, path));
        plugin.closed().for_each(|(path, why)| add_closed(&mut plugins, path, &why));
    }
    let plugins = plugins.finalize();
    let mut hashes: BTreeMap<&str, (Sha256, bool)> = BTreeMap::new();
    for path in rules.paths() {
        let Some((program, file)) = path.split_once('/') else { continue };
        let (hash, has_version) = hashes.entry(program).or_default();
        *has_version |= file.ends_with(".toml") && !file.contains('/');
        add_file(hash, file, rules, path);
    }
    for (path, why) in rules.closed() {
        let (program, inside) = path.split_once('/').unwrap_or((path, ""));
        let (hash, has_version) = hashes.entry(program).or_default();
        *has_version |= inside.is_empty();
        add_closed(hash, inside, &why);
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

/// A file of `folder`, under the name that it has here. One that cannot be read counts by the reason, which
/// is told when its program is loaded.
fn add_file(hash: &mut Sha256, name: &str, folder: &Folder, path: &str) {
    add(hash, name.as_bytes());
    match folder.bytes(path) {
        Ok(bytes) => add(hash, bytes),
        Err(why) => add(hash, why.to_string().as_bytes()),
    }
}

/// A folder of which nothing is read.
fn add_closed(hash: &mut Sha256, name: &str, why: &StoreError) {
    add(hash, name.as_bytes());
    add(hash, why.to_string().as_bytes());
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
