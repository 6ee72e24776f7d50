//! The shape of the code: floors, words and files, held as the design fixes them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The modules of the engine by floor; imports point down.
const FLOORS: [&[&str]; 8] = [
    &["value", "date", "source", "finding"],
    &["document", "expression", "rulebook", "script"],
    &["load"],
    &["model", "check", "plugin"],
    &["facts", "compile"],
    &["evaluate"],
    &["describe", "analyze"],
    &["case", "coverage", "compare", "mutate", "portfolio", "sample"],
];

/// Imports on one floor: who may use whom.
const BESIDE: [(&str, &str); 8] = [
    ("finding", "source"),
    ("date", "value"),
    ("rulebook", "document"),
    ("check", "model"),
    ("check", "plugin"),
    ("compile", "facts"),
    ("coverage", "case"),
    ("compare", "case"),
];

/// Files that are longer than a file should be; each is to be split, none is to be added.
const LONG: [(&str, usize); 5] = [
    ("evaluate/decision.rs", 1_000),
    ("evaluate/expression.rs", 750),
    ("evaluate/tally.rs", 600),
    ("facts/read.rs", 750),
    ("model.rs", 800),
];

/// The longest that a file should be.
const LONGEST: usize = 500;

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every Rust file under a folder, by its path inside, with its text.
fn files(folder: &Path) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(at) = folders.pop() {
        for entry in std::fs::read_dir(&at).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let inside = path.strip_prefix(folder).expect("inside").to_string_lossy().replace('\\', "/");
                files.push((inside, std::fs::read_to_string(&path).expect("a file")));
            }
        }
    }
    files.sort();
    files
}

fn engine() -> Vec<(String, String)> {
    files(&workspace().join("engine/src"))
}

/// The module that a file of the engine belongs to.
fn module(path: &str) -> &str {
    let first = path.split('/').next().unwrap_or(path);
    first.strip_suffix(".rs").unwrap_or(first)
}

/// The text without comments, and without the tests that stand below it.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    text.lines().map(|line| if line.trim_start().starts_with("//") { "" } else { line }).collect::<Vec<_>>().join("\n")
}

/// The modules named in `crate::…`, one level deep, groups included.
fn imports(code: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let group = rest.strip_prefix('{').map(|group| group.split('}').next().unwrap_or(""));
        for part in group.unwrap_or(rest).split(',').take(if group.is_some() { usize::MAX } else { 1 }) {
            let name: String = part.trim().chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            if !name.is_empty() {
                names.insert(name);
            }
        }
    }
    names
}

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

#[test]
fn every_module_has_a_floor() {
    let lib = std::fs::read_to_string(workspace().join("engine/src/lib.rs")).expect("lib.rs");
    let declared: Vec<&str> = lib
        .lines()
        .filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';'))
        .collect();
    assert!(!declared.is_empty());
    let homeless: Vec<_> = declared.into_iter().filter(|module| floor(module).is_none()).collect();
    assert!(homeless.is_empty(), "no floor for {homeless:?}");
}

#[test]
fn imports_point_down() {
    let mut up = Vec::new();
    let mut seen = 0;
    for (path, text) in engine() {
        let own = module(&path);
        // Unit tests may use what stands above them.
        if own == "lib" || path.ends_with("tests.rs") {
            continue;
        }
        let Some(from) = floor(own) else {
            up.push(format!("{path}: `{own}` has no floor"));
            continue;
        };
        for other in imports(&code(&text)).into_iter().filter(|other| other != own) {
            seen += 1;
            let allowed = match floor(&other) {
                Some(to) if to < from => true,
                Some(to) if to == from => BESIDE.contains(&(own, &*other)),
                // A macro of the crate, or a name that is no module.
                None => !text.contains(&format!("crate::{other}::")),
                _ => false,
            };
            if !allowed {
                up.push(format!("{path}: `{own}` uses `{other}`"));
            }
        }
    }
    assert!(seen > 100, "imports are found at all: {seen}");
    assert!(up.is_empty(), "imports that do not point down:\n{}", up.join("\n"));
}

#[test]
fn only_the_expression_parser_and_the_scripts_name_the_interpreter() {
    for (path, text) in engine() {
        let allowed = matches!(module(&path), "expression" | "script");
        let code = code(&text);
        let named = code.contains("rhai::") || code.contains("use rhai");
        assert!(allowed || !named, "{path} names rhai");
    }
}

#[test]
fn only_the_store_touches_a_file() {
    for (path, text) in engine() {
        let code = code(&text);
        let touches = ["std::fs", "std::net", "std::process", "File::open"].iter().any(|word| code.contains(word));
        assert!(path == "load/store.rs" || !touches, "{path} touches the system");
    }
}

#[test]
fn no_clock_is_read_except_to_end_a_script() {
    for (path, text) in engine() {
        let code = code(&text);
        let reads = ["Utc::now", "Local::now", "SystemTime", "Instant"].iter().any(|word| code.contains(word));
        assert!(module(&path) == "script" || !reads, "{path} reads a clock");
    }
}

#[test]
fn no_vendor_is_named_in_code() {
    let vendors = ["redhat", "red_hat", "red hat", "openshift", "ansible", "ibm_", "microsoft", "vmware", "broadcom"];
    for part in ["engine", "server", "cli"] {
        for (path, text) in files(&workspace().join(part).join("src")) {
            // Examples in doc comments may name the first program.
            if path.contains("test") {
                continue;
            }
            let code = code(&text).to_lowercase();
            for vendor in vendors {
                assert!(!code.contains(vendor), "{part}/src/{path} names {vendor}");
            }
        }
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for part in ["engine", "server", "cli"] {
        for (path, text) in files(&workspace().join(part).join("src")) {
            assert!(text.starts_with("//! "), "{part}/src/{path} has no head");
        }
    }
    for (path, text) in files(&workspace().join("tests/tests")) {
        assert!(text.starts_with("//! "), "tests/tests/{path} has no head");
    }
}

#[test]
fn files_are_short() {
    let mut long = Vec::new();
    for part in ["engine", "server", "cli"] {
        for (path, text) in files(&workspace().join(part).join("src")) {
            let lines = text.lines().count();
            let known = LONG.iter().find(|(long, _)| part == "engine" && *long == path);
            let most = known.map_or(LONGEST, |(_, most)| *most);
            if lines > most {
                long.push(format!("{part}/src/{path}: {lines} lines, and the most is {most}"));
            }
        }
    }
    assert!(long.is_empty(), "files to be split:\n{}", long.join("\n"));
}

#[test]
fn no_module_is_a_drawer_for_everything() {
    for part in ["engine", "server", "cli"] {
        for (path, _) in files(&workspace().join(part).join("src")) {
            let name = path.rsplit('/').next().unwrap_or(&path);
            let drawer = ["util", "utils", "helper", "helpers", "common", "misc", "mod"];
            assert!(!drawer.iter().any(|word| name == format!("{word}.rs")), "{part}/src/{path}");
        }
    }
}
