//! Links in a rules folder: followed inside of it, told where they lead out of it or in a circle.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use tierline_engine::compile::{Load, Program};
use tierline_engine::load::{Folder, Library, plugins, programs};
use tierline_tests::acme;
use tierline_tests::server::Place;

const TABLE: &str = "[tables.region]\nrows = { csv = \"regions.csv\" }\n";

/// Two programs that can be used, and a folder outside.
fn place() -> Place {
    let place = Place::new();
    place.write("rules/acme/1.toml", &acme::whole(TABLE));
    place.write("rules/acme/regions.csv", "id,stamp\nnorth,1\n");
    place.write("rules/other/1.toml", &acme::whole("").replace("\"acme\"", "\"other\""));
    place.write("outside/regions.csv", "id,stamp\nnorth,2\n");
    place.write("outside/2.toml", "secret = \"of somebody else\"\n");
    place
}

fn link(place: &Place, target: &str, at: &str) {
    let at = place.path(at);
    let _ = fs::remove_file(&at);
    symlink(target, at).expect("a link");
}

fn folder(place: &Place) -> Folder {
    Folder::scan(&place.path("rules")).expect("the rules")
}

/// What is said of a program, by paths inside of the place.
fn said(place: &Place, load: &Load) -> Vec<String> {
    let root = format!("{}/", place.path("").display().to_string().trim_end_matches('/'));
    let told = |finding: &tierline_engine::finding::Finding| {
        let file = load.sources.file(finding.span.file).path.replace(&root, "");
        let message = finding.message.replace(&root, "");
        format!("{} {file}: {message}; {}", finding.code.name, finding.help.as_deref().unwrap_or("no help"))
    };
    load.findings.sorted().into_iter().filter(|finding| finding.is_error()).map(told).collect()
}

fn load(place: &Place, program: &str) -> Vec<String> {
    said(place, &Program::load(&folder(place), program))
}

const MEND: &str = "put what it leads to inside, in place of the link";

#[test]
fn a_link_to_a_file_outside_is_refused_and_nothing_of_it_is_read() {
    let place = place();
    link(&place, "../../outside/2.toml", "rules/acme/2.toml");
    let told =
        format!("path-outside rules/acme/2.toml: `rules/acme/2.toml` is a link that leads out of `rules`; {MEND}");
    assert_eq!(load(&place, "acme"), [told]);
    fs::remove_file(place.path("rules/acme/2.toml")).expect("removed");
    link(&place, &place.path("outside/regions.csv").display().to_string(), "rules/acme/regions.csv");
    let file = "rules/acme/regions.csv";
    assert_eq!(
        load(&place, "acme"),
        [format!("path-outside {file}: `{file}` is a link that leads out of `rules`; {MEND}")]
    );
    assert_eq!(load(&place, "other"), Vec::<String>::new());
    assert!(!format!("{:?}", folder(&place)).contains("secret"));
}

#[test]
fn a_link_to_a_folder_outside_is_refused_and_nothing_of_it_is_read() {
    let place = place();
    link(&place, "../../outside", "rules/acme/cases");
    link(&place, "../outside", "rules/foreign");
    let folder = folder(&place);
    assert_eq!(programs(&folder), ["acme", "foreign", "other"]);
    for (program, at) in [("acme", "rules/acme/cases"), ("foreign", "rules/foreign")] {
        assert_eq!(
            load(&place, program),
            [format!("path-outside {at}: `{at}` is a link that leads out of `rules`; {MEND}")]
        );
    }
    assert_eq!(folder.paths().collect::<Vec<_>>(), ["acme/1.toml", "acme/regions.csv", "other/1.toml"]);
    assert_eq!(load(&place, "other"), Vec::<String>::new());
}

#[test]
fn a_table_in_a_folder_outside_is_told_once() {
    let place = place();
    place.write("rules/acme/1.toml", &acme::whole(&TABLE.replace("regions.csv", "tables/regions.csv")));
    link(&place, "../../outside", "rules/acme/tables");
    let at = "rules/acme/tables";
    assert_eq!(
        load(&place, "acme"),
        [format!("path-outside {at}: `{at}` is a link that leads out of `rules`; {MEND}")]
    );
}

#[test]
fn a_plugin_that_is_a_link_out_of_the_plugins_is_refused() {
    let place = place();
    let text = acme::whole("").replace("[rulebook]\n", "[rulebook]\nplugins = [\"foreign\"]\n");
    place.write("rules/acme/1.toml", &text);
    place.write("outside/plugin.toml", "secret = \"of somebody else\"\n");
    fs::create_dir_all(place.path("plugins")).expect("a folder");
    link(&place, "../outside", "plugins/foreign");
    let (rules, packages) = (folder(&place), Folder::scan(&place.path("plugins")).expect("the plugins"));
    let library = Library { plugins: Some(&packages), ..Library::from(&rules) };
    assert_eq!(plugins(library), ["foreign"]);
    let load = Program::load(library, "acme");
    let at = "plugins/foreign";
    assert_eq!(
        said(&place, &load),
        [format!("path-outside {at}: `{at}` is a link that leads out of `plugins`; {MEND}")]
    );
}

#[test]
fn links_inside_are_followed() {
    let place = place();
    place.write("rules/shared/regions.csv", "id,stamp\nnorth,3\n");
    link(&place, "../shared/regions.csv", "rules/acme/regions.csv");
    link(&place, "acme", "rules/again");
    let rules = folder(&place);
    assert_eq!(load(&place, "acme"), Vec::<String>::new());
    assert_eq!(rules.text("acme/regions.csv").expect("text"), "id,stamp\nnorth,3\n");
    assert_eq!(rules.text("again/1.toml").expect("text"), rules.text("acme/1.toml").expect("text"));
}

#[test]
fn a_root_may_be_a_link_and_a_config_map_is_read() {
    let place = place();
    let table = acme::whole(TABLE);
    for (mount, stamp) in [("..2024_11_22", 4), ("..2024_11_23", 5)] {
        place.write(&format!("volume/{mount}/acme/1.toml"), &table);
        place.write(&format!("volume/{mount}/acme/regions.csv"), &format!("id,stamp\nnorth,{stamp}\n"));
    }
    link(&place, "..2024_11_22", "volume/..data");
    link(&place, "..data/acme", "volume/acme");
    link(&place, "volume", "mounted");
    let read = || Folder::scan(&place.path("mounted")).expect("the rules");
    assert_eq!(said(&place, &Program::load(&read(), "acme")), Vec::<String>::new());
    assert_eq!(read().text("acme/regions.csv").expect("text"), "id,stamp\nnorth,4\n");
    link(&place, "..2024_11_23", "volume/..data");
    assert_eq!(read().text("acme/regions.csv").expect("text"), "id,stamp\nnorth,5\n");
}

#[test]
fn links_in_a_circle_are_told_and_end() {
    let place = place();
    for (target, told) in [
        (".", "is a link to a folder that it stands in"),
        ("../acme", "is a link to a folder that it stands in"),
        ("..", "is a link to a folder that it stands in"),
    ] {
        link(&place, target, "rules/acme/round");
        let at = "rules/acme/round";
        assert_eq!(load(&place, "acme"), [format!("missing-file {at}: `{at}` {told}; take the link away")], "{target}");
    }
    link(&place, "there.toml", "rules/acme/round");
    link(&place, "round", "rules/acme/there.toml");
    let said = load(&place, "acme");
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said.iter().all(|line| line.contains("cannot read `rules/acme/")), "{said:?}");
    assert_eq!(load(&place, "other"), Vec::<String>::new());
}

#[test]
fn what_leads_nowhere_is_told_with_its_program_alone() {
    let place = place();
    link(&place, "../../gone", "rules/acme/cases");
    let at = "rules/acme/cases";
    let told = format!("missing-file {at}: cannot read `{at}`: No such file or directory (os error 2); no help");
    assert_eq!(load(&place, "acme"), [told]);
    assert_eq!(load(&place, "other"), Vec::<String>::new());
}

#[test]
fn what_belongs_to_no_rule_is_left_alone_wherever_it_leads() {
    let place = place();
    place.write("outside/README.md", "");
    link(&place, "../../outside/README.md", "rules/acme/README.md");
    link(&place, "user@host.4711:1700000000", "rules/acme/.#1.toml");
    assert_eq!(load(&place, "acme"), Vec::<String>::new());
}
