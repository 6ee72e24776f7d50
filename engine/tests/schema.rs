//! The schemas for editors and services say what the readers accept, and the committed files are theirs.

#[path = "schema/validator.rs"]
mod validator;

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use tierline_engine::compile::{Plan, Program};
use tierline_engine::document::{Item, Node};
use tierline_engine::facts::{self, Arena};
use tierline_engine::load::Folder;
use tierline_engine::rulebook;
use validator::problems;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn plan() -> std::sync::Arc<Plan> {
    let load = Program::load(&Folder::scan(&repository().join("rules")).expect("rules"), "redhat-pex");
    let day = tierline_engine::date::parse("2024-12-31").expect("a date");
    load.program.plan(Some("2024-07"), day).expect("a plan").clone()
}

fn partner_year() -> Value {
    let text = std::fs::read(repository().join("rules/redhat-pex/cases/partner-year.json")).expect("facts");
    serde_json::from_slice(&text).expect("JSON")
}

/// Compares a committed file with what it is made from; with `UPDATE=1` writes it anew.
fn committed(path: &str, wanted: &str) {
    let file = repository().join(path);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, wanted).expect("a file to write");
    }
    let found = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        found == wanted,
        "`{path}` is out of date; write it anew with `UPDATE=1 cargo test -p tierline-engine --test schema`"
    );
}

#[test]
fn the_committed_schema_of_rule_files_is_the_one_of_the_reader() {
    committed("schema/rulebook.json", &format!("{:#}\n", rulebook::schema()));
}

#[test]
fn the_committed_schemas_of_plugins_and_cases_are_those_of_the_readers() {
    committed("schema/plugin.json", &format!("{:#}\n", rulebook::plugin_schema()));
    committed("schema/cases.json", &format!("{:#}\n", tierline_engine::case::schema()));
}

/// Every file of a folder and of those under it that has this name, or ends so.
fn files(folder: &str, end: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![repository().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            match path.is_dir() {
                true => folders.push(path),
                false => found.extend(path.to_string_lossy().ends_with(end).then_some(path)),
            }
        }
    }
    found.sort();
    found
}

/// A TOML file as JSON; dates as text.
fn toml(path: &Path) -> Value {
    fn json(value: toml::Value) -> Value {
        match value {
            toml::Value::Datetime(day) => json!(day.to_string()),
            toml::Value::Array(items) => items.into_iter().map(json).collect(),
            toml::Value::Table(table) => table.into_iter().map(|(key, value)| (key, json(value))).collect(),
            other => serde_json::to_value(other).expect("JSON"),
        }
    }
    let text = std::fs::read_to_string(path).expect("a file");
    json(toml::from_str(&text).expect("TOML"))
}

#[test]
fn the_plugins_and_cases_of_this_repository_fit_their_schemas() {
    let plugins = files("plugins", "plugin.toml");
    assert_eq!(plugins.len(), 3);
    let cases: Vec<_> = ["rules", "plugins"].iter().flat_map(|folder| files(folder, ".toml")).collect();
    let cases: Vec<_> =
        cases.into_iter().filter(|path| path.parent().is_some_and(|at| at.ends_with("cases"))).collect();
    assert!(cases.len() > 20);
    for (schema, paths) in [(rulebook::plugin_schema(), plugins), (tierline_engine::case::schema(), cases)] {
        for path in paths {
            assert_eq!(problems(&schema, &toml(&path)), Vec::<String>::new(), "{}", path.display());
        }
    }
}

#[test]
fn a_mistake_in_a_plugin_or_a_case_does_not_fit() {
    let first = |problems: Vec<String>| problems.first().map(|told| told.split(':').next().unwrap_or("").to_owned());
    let mut plugin = toml(&repository().join("plugins/sell-with/plugin.toml"));
    plugin["plugin"]["vresion"] = json!("1");
    assert_eq!(first(problems(&rulebook::plugin_schema(), &plugin)), Some("/plugin/vresion".to_owned()));
    let mut cases = toml(&repository().join("rules/vmware-partner-network/cases/levels.toml"));
    cases["case"][0]["exepct"] = json!({});
    assert_eq!(first(problems(&tierline_engine::case::schema(), &cases)), Some("/case/0/exepct".to_owned()));
}

#[test]
fn the_committed_reference_is_the_one_of_the_reader() {
    committed("docs/reference/rulebook.md", &rulebook::reference());
}

fn as_json(node: &Node) -> Value {
    match &node.item {
        Item::Text(text) => json!(text),
        Item::Number(number) => serde_json::from_str(&number.to_string()).expect("a number"),
        Item::Flag(flag) => json!(flag),
        Item::Date(date) => json!(date.to_string()),
        Item::List(list) => list.iter().map(as_json).collect(),
        Item::Table(table) => table.entries.iter().map(|(name, value)| (name.text.clone(), as_json(value))).collect(),
    }
}

fn released() -> Value {
    let load = Program::load(&Folder::scan(&repository().join("rules")).expect("rules"), "redhat-pex");
    let version = load.program.versions.iter().find(|version| version.name == "2024-07").expect("a version");
    as_json(&version.document)
}

#[test]
fn a_released_rulebook_fits_the_schema() {
    assert_eq!(problems(&rulebook::schema(), &released()), Vec::<String>::new());
}

#[test]
fn a_mistake_in_a_rulebook_does_not_fit() {
    let schema = rulebook::schema();
    let with = |change: &dyn Fn(&mut Value)| {
        let mut rules = released();
        change(&mut rules);
        problems(&schema, &rules)
            .into_iter()
            .map(|problem| problem.split(':').next().unwrap_or("").to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(with(&|rules| rules["awards"][0]["modul"] = json!("resell")), ["/awards/0/modul"]);
    assert_eq!(with(&|rules| rules["rulebook"]["status"] = json!("final")), ["/rulebook/status"]);
    assert_eq!(with(&|rules| rules["measures"][0]["id"] = json!(7)), ["/measures/0/id"]);
    assert_eq!(with(&|rules| rules["parameters"]["block"]["sorce"] = json!("A4")), ["/parameters/block"]);
    assert_eq!(with(&|rules| rules["ladder"] = json!([])), ["/ladder"]);
}

#[test]
fn every_field_of_a_rule_file_is_described() {
    fn walk(at: &str, schema: &Value, missing: &mut Vec<String>) {
        for (key, field) in schema["properties"].as_object().into_iter().flatten() {
            let told = field["description"].is_string() || field["$ref"].is_string();
            if !told {
                missing.push(format!("{at}.{key}"));
            }
            walk(&format!("{at}.{key}"), field, missing);
        }
        for form in schema["anyOf"].as_array().into_iter().flatten() {
            walk(at, form, missing);
        }
    }
    let schema = rulebook::schema();
    let mut missing = Vec::new();
    walk("", &schema, &mut missing);
    for (name, definition) in schema["$defs"].as_object().into_iter().flatten() {
        if !definition["description"].is_string() {
            missing.push(name.clone());
        }
        walk(name, definition, &mut missing);
    }
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn a_document_that_is_read_fits_the_schema_of_its_facts() {
    assert_eq!(problems(&facts::json_schema(&plan().model), &partner_year()), Vec::<String>::new());
}

#[test]
fn what_the_reader_refuses_does_not_fit_the_schema_and_what_it_accepts_does() {
    let plan = plan();
    let schema = facts::json_schema(&plan.model);
    let both = |pointer: &str, value: Value| {
        let mut document = partner_year();
        let (holder, key) = pointer.rsplit_once('/').expect("a pointer");
        match document.pointer_mut(holder).expect("a place") {
            Value::Object(object) => drop(object.insert(key.to_owned(), value)),
            other => panic!("{other}"),
        }
        let bytes = serde_json::to_vec(&document).expect("JSON");
        let read = facts::read(&plan.schema, &bytes, &Arena::new()).is_ok();
        assert_eq!(problems(&schema, &document).is_empty(), read, "{pointer}: {document:#}");
        read
    };
    for (pointer, value) in [
        ("/partner/nmae", json!("x")),
        ("/sale", json!([])),
        ("/credentials/0/kind", json!("sellr")),
        ("/credentials/0/awarded_on", json!("2024-02-30")),
        ("/credentials/0/awarded_on", json!("20240201")),
        ("/deals/0/term_months", json!(1.5)),
        ("/deals/0/term_months", json!("1.5")),
        ("/deals/0/term_months", json!("-12")),
        ("/deals/0/term_months", json!("a year")),
        ("/deals/0/customer", json!("C-101")),
        ("/deals/0/customer/segmnt", json!("x")),
        ("/sales/0/amount", json!("1,000")),
        ("/sales/0/amount", json!(null)),
        ("/sales/0/currency", json!(5)),
        ("/sales/0/currency", json!(null)),
        ("/people/0/currency", json!("USD")),
        ("/partner/modules", json!("resell")),
        ("/partner/modules", json!(["resel"])),
        ("/partner", json!(null)),
    ] {
        assert!(!both(pointer, value), "{pointer}");
    }
    for (pointer, value) in [
        ("/people/0/left_on", json!(null)),
        ("/deals/0/term_months", json!("12")),
        ("/partner/tier_prior", json!(null)),
        ("/sales", json!(null)),
        ("/deals/0/term_months", json!("12")),
        ("/sales/0/amount", json!(1000.25)),
        ("/sales/0/amount", json!("-1000.25")),
        ("/sales/0/currency", json!("EUR")),
        ("/deals/0/lines", json!([])),
        ("/sales/0/modules", json!(["resell", "csp"])),
    ] {
        assert!(both(pointer, value), "{pointer}");
    }
}

#[test]
fn a_schema_of_facts_says_what_absence_means() {
    let schema = facts::json_schema(&plan().model);
    let told = |pointer: &str| schema.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    assert_eq!(told("/$defs/person/properties/left_on/description"), "a date; absent: none");
    assert_eq!(told("/$defs/partner/properties/joined_on/description"), "a date; absent: not known");
    assert_eq!(
        told("/$defs/sale/properties/modules/description"),
        "a set, each a word of module; absent: the partner’s modules"
    );
    assert_eq!(told("/$defs/deal/properties/cross_sell/description"), "a flag; absent: false");
    assert_eq!(told("/$defs/deal/properties/extensions/description"), "Every extension; absent: none; null: none");
    assert_eq!(
        told("/$defs/sale/properties/amount/description"),
        "an amount of money, `currency` beside it; absent: not known"
    );
}
