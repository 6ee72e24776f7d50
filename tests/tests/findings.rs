//! What an author is told: a folder for each code, with the mistake (`rules`), what is said of it
//! (`findings.snap`) and the mended rulebook (`right`); `also` holds further mistakes, one a file.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use tierline_engine::analyze;
use tierline_engine::case;
use tierline_engine::compile::{Load, Program, WhichVersion};
use tierline_engine::finding::{Finding, Severity, code};
use tierline_engine::load::{Folder, Library, programs, store};
use tierline_tests::acme;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("findings")
}

/// The folders in which mistakes are kept, by name.
fn folders() -> Vec<(String, PathBuf)> {
    let entries = std::fs::read_dir(root()).expect("the folder of findings");
    let mut folders: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.join("rules").is_dir())
        .map(|path| (path.file_name().expect("a name").to_string_lossy().into_owned(), path))
        .collect();
    folders.sort();
    folders
}

/// Loads what is in a rules folder, with the plugins beside it.
fn load(folder: &Path) -> Load {
    let plugins = folder.with_file_name(if folder.ends_with("right") { "right-plugins" } else { "plugins" });
    let plugins = plugins.is_dir().then(|| Folder::scan(&plugins).expect("a plugins folder"));
    let folder = Folder::scan(folder).expect("a rules folder");
    let programs = programs(&folder);
    assert_eq!(programs.len(), 1, "one program a folder: {programs:?}");
    let library = Library { plugins: plugins.as_ref(), ..Library::from(&folder) };
    let mut load = analyzed(Program::load(library, &programs[0]));
    case::read(&folder, &load.program, &mut load.sources, &mut load.findings);
    load
}

/// With what a rulebook that can be used gives to think about.
fn analyzed(mut load: Load) -> Load {
    let more = analyze::program(&load);
    load.findings.extend(more);
    load
}

fn said(load: &Load, root: &Path) -> String {
    acme::told(load).replace(&format!("{}/", root.display()), "")
}

fn codes(load: &Load) -> Vec<&'static str> {
    load.findings.iter().map(|finding| finding.code.name).collect()
}

fn snapshot(folder: &Path, name: &str, text: &str) {
    insta::with_settings!({ snapshot_path => folder, prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, text);
    });
}

#[test]
fn every_mistake_is_told_where_it_stands_and_how_to_mend_it() {
    let mut others = Vec::new();
    for (name, folder) in folders() {
        let load = load(&folder.join("rules"));
        snapshot(&folder, "findings", &said(&load, &folder));
        if name != "many-at-once" && codes(&load) != [name.as_str()] {
            others.push(format!("{name}: {:?}", codes(&load)));
        }
    }
    assert!(others.is_empty(), "one mistake is one finding:\n{}", others.join("\n"));
}

#[test]
fn what_is_mended_has_no_findings() {
    for (name, folder) in folders() {
        let right = folder.join("right");
        if !right.is_dir() {
            assert_eq!(name, "many-at-once", "every mistake shows how to mend it");
            continue;
        }
        let mut load = load(&right);
        // The smallest rulebook that shows how to mend a mistake may declare what it does not use.
        let all = std::mem::take(&mut load.findings);
        let small = |finding: &&Finding| name != "unused-name" && finding.code == &code::UNUSED_NAME;
        all.iter().filter(|finding| !small(finding)).for_each(|finding| load.findings.add(finding.clone()));
        assert!(load.findings.is_empty(), "{name}:\n{}", said(&load, &folder));
        assert!(load.program.versions.iter().all(|version| version.plan.is_some()), "{name}");
    }
}

#[test]
fn every_code_is_provoked_by_a_mistake() {
    let shown: BTreeSet<String> = folders().into_iter().map(|(name, _)| name).collect();
    let missing: Vec<_> = code::ALL.iter().map(|code| code.name).filter(|name| !shown.contains(*name)).collect();
    let made = ["too-many-rules", "file-too-large"];
    let missing: Vec<_> = missing.into_iter().filter(|name| !made.contains(name)).collect();
    assert_eq!(missing, Vec::<&str>::new(), "a folder in tests/findings for each (large files are made below)");
}

#[test]
fn a_file_that_is_too_large_is_told_and_not_read() {
    let folder = std::env::temp_dir().join(format!("tierline-large-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("rules/acme")).expect("a folder");
    let rules = "[tables.region]\nrows = { csv = \"regions.csv\" }\n";
    std::fs::write(folder.join("rules/acme/1.toml"), acme::whole(rules)).expect("a rulebook");
    let large = vec![b'a'; store::LARGEST_FILE as usize + 1];
    std::fs::write(folder.join("rules/acme/regions.csv"), large).expect("a large file");
    let load = load(&folder.join("rules"));
    let text = said(&load, &folder);
    std::fs::remove_dir_all(&folder).expect("the folder is gone");
    snapshot(&root(), "file-too-large", &text);
    assert_eq!(codes(&load), ["file-too-large"]);
}

#[test]
fn kinds_that_stand_for_too_much_are_told_and_not_made() {
    let kind = "[kinds.copies]\n[[kinds.copies.measures]]\nvalue = 'partner.sellers'\n";
    let rules: String =
        (0..tierline_engine::load::MOST_PARTS / 4).map(|at| format!("[[copies]]\nid = \"c{at}\"\n")).collect();
    let facts = "[facts.partner]\nid = \"id\"\nsellers = \"count\"\n";
    let load = acme::load(&format!("{kind}{facts}{rules}"), &[]);
    let told: Vec<_> = load.findings.iter().map(|finding| (finding.code.name, finding.message.as_str())).collect();
    assert_eq!(told, [("too-many-rules", "the rules of kinds stand for more than 200000 keys and values")]);
}

#[test]
fn further_mistakes_are_told_as_well() {
    let folder = root().join("also");
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .expect("the folder of further mistakes")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    files.sort();
    let mut others = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(&path).expect("a rulebook");
        // A script is kept beside its rulebook, under the same name.
        let script = std::fs::read_to_string(path.with_extension("rhai")).ok();
        let beside: Vec<(&str, &str)> = script.iter().map(|script| ("damped.rhai", script.as_str())).collect();
        let load = acme::load(&text, &beside);
        let plan = load.program.versions.iter().any(|version| version.plan.is_some());
        assert!(!plan, "a rulebook with errors has no plan: {}", path.display());
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        snapshot(&folder, &name, &acme::told(&load));
        if load.findings.len() != 1 {
            others.push(format!("{name}: {:?}", codes(&load)));
        }
    }
    assert!(others.is_empty(), "one mistake is one finding:\n{}", others.join("\n"));
}

#[test]
fn many_mistakes_are_told_at_once() {
    let load = load(&root().join("many-at-once/rules"));
    let kinds: BTreeSet<_> = codes(&load).into_iter().collect();
    assert!(kinds.len() >= 10, "{kinds:?}");
}

#[test]
fn the_published_rulebooks_have_no_findings() {
    let rules = Folder::scan(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules")).expect("the rules");
    let plugins = Folder::scan(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../plugins")).expect("the plugins");
    for program in programs(&rules) {
        let load = analyzed(Program::load(Library::from(&rules).with_plugins(&plugins), &program));
        assert!(load.findings.is_empty(), "{program}:\n{}", acme::told(&load));
    }
}

/// The page on which every code is explained by its example.
fn reference() -> String {
    let mut page = String::from(
        "# Findings reference\n\n\
         <!-- Made from the catalogue of codes and the examples in tests/findings; `cargo test -p tierline-tests --test \\\n\
         findings` checks it, and with `UPDATE=1` before it writes it anew. -->\n\n\
         Every code, with the smallest mistake that it tells of, what is said, and the mended lines. \
         Examples leave out the section `[rulebook]`.\n",
    );
    for code in code::ALL {
        let severity = if code.severity == Severity::Error { "error" } else { "warning" };
        let _ = writeln!(page, "\n## {} {}\n\n*{severity}* · {}", code.id, code.name, code.about.trim());
        let folder = root().join(code.name);
        let Ok(snapshot) = std::fs::read_to_string(folder.join("findings.snap")) else { continue };
        let told = snapshot.splitn(3, "---\n").nth(2).unwrap_or_default().trim_end();
        let wrong = [example(&folder.join("rules/acme")), plugins(&folder.join("plugins"))].concat();
        let right = [example(&folder.join("right/acme")), plugins(&folder.join("right-plugins"))].concat();
        for (name, text) in &wrong {
            show(&mut page, name, paragraphs(text).filter(|part| !part.starts_with("[rulebook]")));
        }
        let _ = writeln!(page, "\n```text\n{told}\n```\n\nMended:");
        for (name, text) in &right {
            let before = wrong.iter().find(|(known, _)| known == name).map_or("", |(_, text)| text);
            show(&mut page, name, paragraphs(text).filter(|part| !paragraphs(before).any(|known| known == *part)));
        }
    }
    page
}

/// The files of an example, by name; those of cases too.
fn example(folder: &Path) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for inside in [folder.to_owned(), folder.join("cases")] {
        let Ok(entries) = std::fs::read_dir(&inside) else { continue };
        for path in entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_file()) {
            let name = path.strip_prefix(folder).expect("inside").to_string_lossy().into_owned();
            files.push((name, std::fs::read_to_string(&path).expect("a text")));
        }
    }
    files.sort();
    files
}

/// The files of the plugins of an example.
fn plugins(folder: &Path) -> Vec<(String, String)> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut ids: Vec<_> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    ids.sort();
    let named = |id: &String| {
        example(&folder.join(id)).into_iter().map(|(name, text)| (format!("{id}/{name}"), text)).collect::<Vec<_>>()
    };
    ids.iter().flat_map(named).collect()
}

fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
    text.split("\n\n").map(str::trim_end).filter(|part| !part.is_empty())
}

fn show<'t>(page: &mut String, name: &str, parts: impl Iterator<Item = &'t str>) {
    let text = parts.collect::<Vec<_>>().join("\n\n");
    let language = name.rsplit_once('.').map_or("text", |(_, ending)| if ending == "rhai" { "rust" } else { ending });
    if !text.is_empty() {
        let _ = writeln!(page, "\n`{name}`\n\n```{language}\n{text}\n```");
    }
}

#[test]
fn the_committed_reference_is_the_one_of_the_catalogue() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference/findings.md");
    let wanted = reference();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &wanted).expect("a file to write");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == wanted, "out of date; write it anew with `UPDATE=1 cargo test -p tierline-tests --test findings`");
}

#[test]
fn a_version_that_is_no_toml_is_known_to_be_there_and_broken() {
    let version = |name: &str, from: &str, rest: &str| {
        acme::HEAD.replace("\"1\"", &format!("\"{name}\"")).replace("draft", "published").replace("2030-01-01", from)
            + rest
    };
    let (good, torn) = (version("2030", "2030-01-01", ""), version("2031", "2031-01-01", "[parameters\n"));
    let files = [("acme/2030.toml", good.as_str()), ("acme/2031.toml", torn.as_str())];
    let load = Program::load(&Folder::of("rules", files), "acme");
    assert_eq!(codes(&load), ["toml-syntax"]);
    let day = |text: &str| tierline_engine::date::parse(text).expect("a day");
    let plan = |version, on: &str| load.program.plan(version, day(on)).map(|plan| plan.model.version.clone());
    let broken = || Err(WhichVersion::Broken { program: "acme".to_owned(), version: "2031".to_owned() });
    assert_eq!(plan(None, "2030-12-31"), Ok("2030".to_owned()));
    assert_eq!(plan(None, "2031-01-01"), broken(), "no other version answers in its place");
    assert_eq!(plan(Some("2031"), "2030-12-31"), broken());
}
