//! A version that goes on from another: merged, it is what the same rules written whole are.

use proptest::prelude::*;
use std::fmt::Write;
use tierline_engine::compile::{Load, Plan};
use tierline_engine::describe;
use tierline_engine::load::{Folder, print};
use tierline_engine::rulebook::piece::Language;
use tierline_tests::acme;

/// One row of an award or ladder: its id, a number, whether it has a note.
type Row = (String, u32);

/// A rulebook as few enough numbers to be drawn.
#[derive(Clone, Debug, PartialEq)]
struct Rules {
    parameters: Vec<(String, u32)>,
    awards: Vec<(String, String, Vec<Row>)>,
    levels: Vec<Row>,
    required: Vec<(String, String)>,
}

const PRODUCTS: [&str; 4] = ["rhodium", "osmium", "argon", "other"];

fn names(of: &'static str, most: usize) -> impl Strategy<Value = Vec<String>> {
    prop::sample::subsequence((0..6).collect::<Vec<_>>(), 1..=most)
        .prop_map(move |places| places.into_iter().map(|place| format!("{of}{place}")).collect())
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    (prop::sample::subsequence(PRODUCTS.to_vec(), 1..=4), prop::collection::vec(1..900u32, 4))
        .prop_map(|(products, points)| products.into_iter().map(str::to_owned).zip(points).collect())
}

fn rules() -> impl Strategy<Value = Rules> {
    let parameters = (names("p", 4), prop::collection::vec(1..500u32, 6));
    let awards = names("a", 3).prop_flat_map(|ids| {
        let count = ids.len();
        let bodies = prop::collection::vec((prop::sample::select(vec!["floor", "ceil", "prorate"]), rows()), count);
        (Just(ids), bodies)
    });
    let levels = (names("l", 4), prop::collection::vec(0..3_000u32, 6));
    let required = prop::collection::vec(prop::sample::select(vec!["as_of > partner.joined_on", "points > 0"]), 0..3);
    (parameters, awards, levels, required).prop_map(|(parameters, awards, levels, required)| {
        let mut numbers = levels.1;
        numbers.sort_unstable();
        Rules {
            parameters: parameters.0.into_iter().zip(parameters.1).collect(),
            awards: awards
                .0
                .into_iter()
                .zip(awards.1)
                .map(|(id, (rounding, rows))| (id, rounding.to_owned(), rows))
                .collect(),
            levels: levels.0.into_iter().zip(numbers).collect(),
            required: required.into_iter().enumerate().map(|(at, that)| (format!("r{at}"), that.to_owned())).collect(),
        }
    })
}

const FACTS: &str = r#"
[choices]
product = ["rhodium", "osmium", "argon", "other"]
[cycle]
starts = "01-01"
[facts.partner]
id = "id"
joined_on = "date"
[facts.sale]
list = "sales"
happened = "sold_on"
id = "id"
sold_on = "date"
product = "product"
amount = "money"
"#;

fn head(version: &str, extends: Option<&str>, remove: &[String]) -> String {
    let extends = extends.map(|base| format!("extends = \"{base}\"\nremove = {remove:?}\n")).unwrap_or_default();
    let currency = if extends.is_empty() { "currency = \"USD\"\n" } else { "" };
    format!(
        "[rulebook]\nprogram = \"acme\"\nversion = \"{version}\"\nstatus = \"draft\"\neffective = {{ from = 2030-01-01 }}\n\
         title = \"Acme\"\n{currency}{extends}"
    )
}

fn row(text: &mut String, product: &str, points: u32) {
    let _ = write!(text, "{{ product = \"{product}\", points = {points} }}, ");
}

/// The rules written in one file.
fn whole(rules: &Rules, version: &str) -> String {
    let mut text = head(version, None, &[]);
    text += FACTS;
    for (name, number) in &rules.parameters {
        let _ = writeln!(text, "[parameters.heading.{name}]\nis = {number}");
    }
    for (name, _) in &rules.parameters {
        let _ = writeln!(text, "[[measures]]\nid = \"m_{name}\"\nvalue = 'points + {name}'");
    }
    for (id, rounding, rows) in &rules.awards {
        let _ = write!(
            text,
            "[[awards]]\nid = \"{id}\"\nsum = \"sale.amount\"\nper = \"100 USD\"\nrounding = \"{rounding}\"\nrows = ["
        );
        rows.iter().for_each(|(product, points)| row(&mut text, product, *points));
        text += "]\n";
    }
    text += "[[ladders]]\nid = \"tier\"\nrows = [";
    for (id, points) in &rules.levels {
        let _ = write!(text, "{{ id = \"{id}\", points = {points} }}, ");
    }
    text += "]\n";
    for (id, that) in &rules.required {
        let _ = writeln!(text, "[[ladders.requires]]\nid = \"{id}\"\nthat = '{that}'");
    }
    text
}

/// What changes from one to the other, as an author writes it; `None` where the order of what stays is not
/// the same, which only a list that starts anew can say.
fn change(from: &Rules, to: &Rules) -> String {
    let mut remove = Vec::new();
    let mut text = String::new();
    for (name, _) in &from.parameters {
        if to.parameters.iter().all(|(other, _)| other != name) {
            remove.push(format!("parameters.{name}"));
            remove.push(format!("measures.m_{name}"));
        }
    }
    for (name, number) in to.parameters.iter().filter(|new| !from.parameters.contains(new)) {
        // Headings are for the reader: what is changed may stand under another, or under none.
        let known = from.parameters.iter().any(|(other, _)| other == name);
        let heading = if known { "parameters" } else { "parameters.heading" };
        let _ = writeln!(text, "[{heading}.{name}]\nis = {number}");
    }
    for (name, _) in to.parameters.iter().filter(|(name, _)| from.parameters.iter().all(|(other, _)| other != name)) {
        let _ = writeln!(text, "[[measures]]\nid = \"m_{name}\"\nvalue = 'points + {name}'");
    }
    for (id, ..) in from.awards.iter().filter(|(id, ..)| to.awards.iter().all(|(other, ..)| other != id)) {
        remove.push(format!("awards.{id}"));
    }
    for (id, rounding, rows) in to.awards.iter().filter(|new| !from.awards.contains(new)) {
        let before = from.awards.iter().find(|(other, ..)| other == id);
        let _ = writeln!(text, "[[awards]]\nid = \"{id}\"");
        let Some((_, old_rounding, old_rows)) = before else {
            let _ = write!(text, "sum = \"sale.amount\"\nper = \"100 USD\"\nrounding = \"{rounding}\"\nrows = [");
            rows.iter().for_each(|(product, points)| row(&mut text, product, *points));
            text += "]\n";
            continue;
        };
        if old_rounding != rounding {
            let _ = writeln!(text, "rounding = \"{rounding}\"");
        }
        for (product, _) in old_rows.iter().filter(|(product, _)| rows.iter().all(|(other, _)| other != product)) {
            remove.push(format!("awards.{id}.{product}"));
        }
        text += "rows = [";
        // What stays is written too, so that what is new stands where it belongs.
        rows.iter().for_each(|(product, points)| row(&mut text, product, *points));
        text += "]\n";
    }
    for (id, _) in from.levels.iter().filter(|(id, _)| to.levels.iter().all(|(other, _)| other != id)) {
        remove.push(format!("ladders.tier.{id}"));
    }
    text += "[[ladders]]\nid = \"tier\"\nrows = [";
    for (id, points) in &to.levels {
        let _ = write!(text, "{{ id = \"{id}\", points = {points} }}, ");
    }
    text += "]\n";
    for (id, that) in &to.required {
        let _ = writeln!(text, "[[ladders.requires]]\nid = \"{id}\"\nthat = '{that}'");
    }
    for (id, _) in from.required.iter().filter(|(id, _)| to.required.iter().all(|(other, _)| other != id)) {
        remove.push(format!("ladders.tier.requires.{id}"));
    }
    format!("{}{text}", head("2", Some("1"), &remove))
}

/// Everything that a plan is, as far as it can be told: in words, and in decisions.
fn told(plan: &Plan) -> (String, Vec<serde_json::Value>) {
    let words = serde_json::to_string_pretty(&describe::rulebook(&plan.model, Language::En)).expect("JSON");
    let documents = [
        r#"{"partner":{"id":"P","joined_on":"2029-01-01"},"sales":[]}"#,
        r#"{"partner":{"id":"P","joined_on":"2029-01-01"},"sales":[
            {"id":"1","sold_on":"2030-02-01","product":"rhodium","amount":"1234.56"},
            {"id":"2","sold_on":"2030-03-01","product":"osmium","amount":"99.99"},
            {"id":"3","sold_on":"2030-03-01","product":"argon","amount":"450"},
            {"id":"4","sold_on":"2030-03-02","product":"other","amount":"777"}]}"#,
        r#"{"partner":{"id":"P"},"sales":[{"id":"1","product":"rhodium","amount":"1234.56"}]}"#,
    ];
    let decide = |facts: &&str| {
        let mut decision = acme::decided(plan, facts, "2030-06-30").expect("a decision");
        decision["receipt"]["digest"] = serde_json::Value::Null;
        decision
    };
    (words, documents.iter().map(decide).collect())
}

fn plan<'l>(load: &'l Load, version: &str) -> &'l Plan {
    let found = load.program.versions.iter().find(|known| known.name == version);
    found.and_then(|version| version.plan.as_deref()).unwrap_or_else(|| panic!("{}", acme::told(load)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn merged_is_what_is_written_whole(from in rules(), to in rules()) {
        let (base, child) = (whole(&from, "1"), change(&from, &to));
        let written = whole(&to, "2");
        let merged = acme::load_files(&[("acme/1.toml", &base), ("acme/2.toml", &child)], &[]);
        let alone = acme::load_files(&[("acme/2.toml", &written)], &[]);
        prop_assert!(merged.findings.is_empty(), "{}\n{base}\n{child}", acme::told(&merged));
        // Rules are told in the order in which they are written, and new ones come last; the decision does
        // not depend on it.
        let (merged_words, merged_decisions) = told(plan(&merged, "2"));
        let (whole_words, whole_decisions) = told(plan(&alone, "2"));
        prop_assert_eq!(sorted(&merged_words), sorted(&whole_words));
        prop_assert_eq!(in_any_order(merged_decisions), in_any_order(whole_decisions));

        // And what is printed is written whole.
        let version = merged.program.versions.iter().find(|version| version.name == "2").expect("a version");
        let printed = print(&version.whole, version.file, &merged.sources);
        let again = acme::load_files(&[("acme/2.toml", &printed)], &[]);
        prop_assert!(again.findings.is_empty(), "{}\n{printed}", acme::told(&again));
        prop_assert_eq!(told(plan(&again, "2")), told(plan(&merged, "2")));
    }
}

fn sorted(words: &str) -> Vec<String> {
    let all: Vec<serde_json::Value> = serde_json::from_str(words).expect("a list");
    let mut all: Vec<String> = all.iter().map(|rule| in_any_order(vec![rule.clone()])[0].to_string()).collect();
    all.sort();
    all
}

/// The same with every list of rules in one order.
fn in_any_order(values: Vec<serde_json::Value>) -> Vec<serde_json::Value> {
    fn order(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Array(list) => {
                list.iter_mut().for_each(order);
                list.sort_by_key(ToString::to_string);
            }
            serde_json::Value::Object(object) => {
                object.values_mut().for_each(order);
                object.sort_keys();
                // A deadline tells of its changes in words as well, in the order of the rules.
                if let Some(serde_json::Value::String(effect)) = object.get_mut("effect") {
                    let mut parts: Vec<&str> = effect.split("; ").collect();
                    parts.sort_unstable();
                    *effect = parts.join("; ");
                }
            }
            _ => {}
        }
    }
    let mut values = values;
    values.iter_mut().for_each(order);
    values
}

const FIRST: &str = r#"
[rulebook]
program   = "acme"
version   = "1"
status    = "published"
effective = { from = 2030-01-01, until = 2031-01-01 }
currency  = "USD"
title     = "Acme"

[parameters]
least = { is = 3 }

[facts.partner]
id      = "id"
sellers = "count"

[[ladders]]
id   = "tier"
rows = [{ id = "silver", sellers = 1 }, { id = "gold", sellers = "least" }]
"#;

fn child(rest: &str) -> String {
    format!(
        "[rulebook]\nprogram = \"acme\"\nversion = \"2\"\nstatus = \"draft\"\neffective = {{ from = 2031-01-01 }}\n\
         title = \"Acme\"\nextends = \"1\"\n{rest}"
    )
}

fn two(rest: &str) -> Load {
    acme::load_files(&[("acme/1.toml", FIRST), ("acme/2.toml", &child(rest))], &[])
}

#[test]
fn a_chain_of_versions_is_followed_to_its_beginning() {
    let third = child("[parameters]\nleast = { is = 7 }")
        .replace("\"2\"", "\"3\"")
        .replace("extends = \"1\"", "extends = \"2\"");
    let second = child("[parameters]\nleast = { is = 5 }");
    let load = acme::load_files(&[("acme/1.toml", FIRST), ("acme/2.toml", &second), ("acme/3.toml", &third)], &[]);
    assert_eq!(acme::told(&load), "");
    let gold = |version: &str, sellers: u32| {
        let facts = format!(r#"{{"partner":{{"id":"P","sellers":{sellers}}}}}"#);
        let decision = acme::decided(plan(&load, version), &facts, "2031-06-30").expect("a decision");
        decision["ladders"]["tier"]["earned"].as_str().expect("a level").to_owned()
    };
    let levels = |sellers| ["1", "2", "3"].map(|version| gold(version, sellers));
    assert_eq!(levels(3), ["gold", "silver", "silver"]);
    assert_eq!(levels(5), ["gold", "gold", "silver"]);
    assert_eq!(levels(7), ["gold", "gold", "gold"]);
}

#[test]
fn what_a_version_is_made_of_is_in_its_digest() {
    let digest = |load: &Load| load.program.versions.iter().map(|version| version.digest.clone()).collect::<Vec<_>>();
    let (before, same) = (digest(&two("")), digest(&two("")));
    assert_eq!(before, same);
    let first = FIRST.replace("is = 3", "is = 4");
    let after = digest(&acme::load_files(&[("acme/1.toml", &first), ("acme/2.toml", &child(""))], &[]));
    assert_ne!(before[0], after[0]);
    assert_ne!(before[1], after[1], "the second goes on from the first");
}

#[test]
fn a_mistake_is_told_in_the_file_that_has_it_once_for_all_that_go_on_from_it() {
    let first = FIRST.replace("sellers = \"least\"", "sellers = \"leest\"");
    let load = acme::load_files(&[("acme/1.toml", &first), ("acme/2.toml", &child(""))], &[]);
    insta::assert_snapshot!(acme::told(&load));
}

#[test]
fn a_mistake_that_only_the_change_makes_is_told_with_the_place_that_goes_on() {
    insta::assert_snapshot!(acme::told(&two("remove = [\"parameters.least\"]")));
}

#[test]
fn a_version_may_mend_what_it_goes_on_from() {
    let first = FIRST.replace("sellers = \"least\"", "sellers = \"leest\"");
    let rows = "[[ladders]]\nid = \"tier\"\nrows = [{ id = \"gold\", sellers = \"least\" }]";
    let load = acme::load_files(&[("acme/1.toml", &first), ("acme/2.toml", &child(rows))], &[]);
    let usable: Vec<_> = load.program.versions.iter().map(|version| version.plan.is_some()).collect();
    assert_eq!(usable, [false, true]);
}

#[test]
fn what_goes_on_from_a_file_that_is_no_toml_is_refused_with_it() {
    let first = format!("{FIRST}\n[parameters\n");
    let load = acme::load_files(&[("acme/1.toml", &first), ("acme/2.toml", &child(""))], &[]);
    insta::assert_snapshot!(acme::told(&load));
    assert!(load.program.versions.iter().all(|version| version.plan.is_none()));
}

#[test]
fn a_circle_is_told_once_for_each_of_its_versions() {
    let first = FIRST.replace("title     =", "extends = \"2\"\ntitle     =");
    let load = acme::load_files(&[("acme/1.toml", &first), ("acme/2.toml", &child(""))], &[]);
    insta::assert_snapshot!(acme::told(&load));
}

#[test]
fn a_version_that_is_not_there_cannot_be_gone_on_from() {
    let text = child("").replace("extends = \"1\"", "extends = \"2024-7\"");
    let first = FIRST.replace("version   = \"1\"", "version   = \"2024-07\"");
    let load = acme::load_files(&[("acme/2024-07.toml", &first), ("acme/2.toml", &text)], &[]);
    insta::assert_snapshot!(acme::told(&load));
}

#[test]
fn what_is_missing_with_an_old_version_is_not_told_beside_it() {
    let rest = "remove = [\"parameters.leest\"]\n[parameters]\nmost = { is = 9 }\n[[ladders]]\nid = \"tier\"\n\
                rows = [{ id = \"gold\", sellers = \"least\" }]\n[[measures]]\nid = \"more\"\nvalue = 'least + most'";
    let text = child(rest).replace("extends = \"1\"", "extends = \"0\"");
    let load = acme::load_files(&[("acme/1.toml", FIRST), ("acme/2.toml", &text)], &[]);
    let told: Vec<_> = load.findings.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(told, ["`acme` has no version `0`"]);
}

#[test]
fn a_key_of_the_header_that_is_not_understood_is_told_alone() {
    let rest = "[[ladders]]\nid = \"tier\"\nrows = [{ id = \"gold\", sellers = \"least\" }]";
    let text = child(rest).replace("extends", "base");
    let load = acme::load_files(&[("acme/1.toml", FIRST), ("acme/2.toml", &text)], &[]);
    let told: Vec<_> = load.findings.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(told, ["`base` means nothing here"]);
}

#[test]
fn what_is_removed_by_its_name_alone_is_found_in_its_section() {
    let help = |path: &str| {
        let load = two(&format!("remove = [\"{path}\"]"));
        load.findings.iter().map(|finding| finding.help.clone().unwrap_or_default()).collect::<Vec<_>>()
    };
    assert_eq!(help("least"), ["did you mean `parameters.least`?"]);
    assert_eq!(help("tier.silver"), ["did you mean `ladders.tier.silver`?"]);
}

#[test]
fn words_that_a_version_replaces_are_shown_beside_the_word_that_is_missing() {
    let first = format!(
        "{FIRST}[choices]\nproduct = [\"anvil\"]\n[parameters.price]\nby = \"product\"\nis = {{ anvil = 1 }}\n[[measures]]\nid = \"m\"\nvalue = 'price[\"anvil\"]'\n"
    );
    let text = child("[choices]\nproduct = [\"magnet\"]\n[parameters]\nprice = { is = { magnet = 2 } }\n");
    let load = acme::load_files(&[("acme/1.toml", &first), ("acme/2.toml", &text)], &[]);
    insta::assert_snapshot!(acme::told(&load));
}

#[test]
fn what_only_an_older_version_reads_is_removed_in_the_new_one() {
    let first = FIRST.replace("[parameters]\n", "[parameters]\nfirst = { is = 1 }\n")
        + "\n[[measures]]\nid = \"m\"\nvalue = 'first'\n";
    let second = child("remove = [\"measures.m\"]\n");
    let load = acme::load_files(&[("acme/1.toml", &first), ("acme/2.toml", &second)], &[]);
    let told: Vec<_> = tierline_engine::analyze::program(&load)
        .iter()
        .filter(|finding| finding.code.id == "TL507")
        .map(|finding| (finding.message.clone(), finding.help.clone().unwrap_or_default()))
        .collect();
    let help = "write `remove = [\"parameters.first\"]` in version 2, or use it in a rule there";
    assert_eq!(told, [("nothing reads the parameter `first`".to_owned(), help.to_owned())]);
}

#[test]
fn a_new_name_that_differs_by_a_whole_word_is_meant() {
    let parameter = |id: &str| format!("[parameters.sales]\n{id} = {{ is = 1 }}\n");
    let first = format!("{FIRST}{}", parameter("sold_last_year"));
    let told = |id: &str| {
        let load = acme::load_files(&[("acme/1.toml", &first), ("acme/2.toml", &child(&parameter(id)))], &[]);
        load.findings.iter().map(|finding| finding.message.clone()).collect::<Vec<_>>()
    };
    assert_eq!(told("sold_this_year"), Vec::<String>::new());
    assert_eq!(told("sold_lats_year"), ["this adds a new parameter `sold_lats_year`"]);
}

#[test]
fn a_new_name_beside_an_old_one_is_told_unless_the_two_are_numbered() {
    let told = |rest: &str| {
        let load = two(rest);
        let all = load.findings.iter().map(|finding| format!("{} {}", finding.code.id, finding.message));
        all.collect::<Vec<_>>()
    };
    let row = |id: &str| format!("[[ladders]]\nid = \"tier\"\nrows = [{{ id = \"{id}\", sellers = 9 }}]");
    assert_eq!(told(&row("glod")), ["TL712 this adds a new row `glod`"]);
    assert_eq!(told(&row("gold")), Vec::<String>::new());
    assert_eq!(told(&row("gold2")), Vec::<String>::new());
    assert_eq!(told("[parameters]\nleasts = { is = 1 }"), ["TL712 this adds a new parameter `leasts`"]);
    assert_eq!(told("[facts.partner]\nseller = \"count\""), ["TL712 this adds a new field `seller`"]);
    let lacking = "this adds a new ladder `teir`, and the ladder has no levels";
    assert_eq!(told("[[ladders]]\nid = \"teir\""), [format!("TL501 {lacking}")]);
}

#[test]
fn a_plan_of_another_folder_is_out_of_reach() {
    let folder = Folder::of(
        "rules",
        [("acme/2.toml", child("").replace("\"1\"", "\"../other/1\"").as_str()), ("other/1.toml", FIRST)],
    );
    let load = tierline_engine::compile::Program::load(&folder, "acme");
    assert_eq!(load.findings.iter().map(|finding| finding.code.name).collect::<Vec<_>>(), ["unknown-name"]);
}
