//! Files beside the rules that nothing reads: a name that an editor changed, a folder that is misspelt, a
//! table or script that no rulebook names.

use super::store::Folder;
use crate::finding::{Finding, Findings, code, nearest};
use crate::source::{Sources, Span};

/// Tells of files that belong to no program, so that nobody looks at them.
pub fn astray(rules: &Folder, sources: &mut Sources, findings: &mut Findings) {
    let programs = super::programs(rules);
    let of_program = |path: &str| path.split_once('/').is_some_and(|(folder, _)| programs.iter().any(|p| p == folder));
    let at_root = rules.paths().filter(|path| !path.contains('/') && path.ends_with(".toml"));
    let misnamed = rules.misnamed().filter(|path| !of_program(path));
    for path in at_root.chain(misnamed) {
        let file = sources.add(rules.shown(path), "");
        findings.add(
            Finding::new(&code::IGNORED_FILE, Span::top(file), "nothing reads this file")
                .help("a rulebook is kept in a folder of its program, as PROGRAM/VERSION.toml"),
        );
    }
}

/// The folders of a program, beside its rule files.
const FOLDERS: [&str; 2] = ["cases", "samples"];

/// Tells of the files of `program` that nothing reads; `read` are the paths of those that versions read,
/// where that is known.
pub fn stray(
    rules: &Folder,
    program: &str,
    read: Option<&Vec<String>>,
    sources: &mut Sources,
    findings: &mut Findings,
) {
    let prefix = format!("{program}/");
    let mut tell = |path: &str, help: String| {
        let file = sources.add(rules.shown(path), "");
        findings.add(Finding::new(&code::IGNORED_FILE, Span::top(file), "nothing reads this file").help(help));
    };
    for path in rules.misnamed().filter(|path| path.starts_with(&prefix)) {
        let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
        tell(path, format!("rename it to `{}`", name.trim_end_matches(".txt")));
    }
    let Some(read) = read else { return };
    for path in rules.paths().filter(|path| !read.iter().any(|known| known == path)) {
        let Some(inside) = path.strip_prefix(&prefix) else { continue };
        let (folder, ending) = (inside.split_once('/').map(|(folder, _)| folder), inside.rsplit('.').next());
        match (folder, ending) {
            (Some(folder), _) if FOLDERS.contains(&folder) => {}
            (Some(folder), Some("toml")) => tell(
                path,
                match nearest(folder, FOLDERS) {
                    Some(near) => format!("is the folder meant to be `{near}`?"),
                    None => format!("a version is kept in `{program}/`, cases in `{program}/cases/`"),
                },
            ),
            (_, Some("csv")) => {
                tell(path, "name it in a rulebook by `rows = { csv = \"…\" }`, or remove it".to_owned())
            }
            (_, Some("rhai")) => tell(path, "name it in a rulebook under `[scripts]`, or remove it".to_owned()),
            _ => {}
        }
    }
}
