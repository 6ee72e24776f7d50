//! Plugins: what a folder adds to the rulebooks that list it, and to no other.

use std::path::Path;
use tierline_engine::case;
use tierline_engine::compile::{Load, Program};
use tierline_engine::finding::Findings;
use tierline_engine::load::{self, Folder, Library};
use tierline_engine::source::Sources;
use tierline_tests::acme::{self, briefly};

const PLUGIN: &str = r#"
[plugin]
id      = "visits"
version = "1.0.0"
engine  = "0.1"
title   = "Visits"

[parameters]
per_visit = { is = 10 }

[facts.visit]
list       = "visits"
happened   = "visited_on"
id         = "id"
visited_on = "date"

[[awards]]
id    = "visited"
count = "visit"
rows  = [{ id = "each", points = "per_visit" }]
"#;

const SHARES: &str = r#"
[plugin]
id      = "bonuses"
version = "1.0.0"
engine  = "0.1"
title   = "Bonuses"

[kinds.bonuses]
takes = { rate = "percent" }

[[kinds.bonuses.measures]]
value = 'rate'
"#;

const RULES: &str = r#"
[rulebook]
program   = "acme"
version   = "1"
status    = "draft"
effective = { from = 2030-01-01 }
title     = "Acme"
plugins   = ["visits"]

[facts.partner]
id = "id"
"#;

const FACTS: &str = r#"{"partner":{"id":"P"},"visits":[{"id":"V-1","visited_on":"2030-02-01"},{"id":"V-2","visited_on":"2030-03-01"}]}"#;

fn visits(rules: &str, plugins: &[(&str, &str)]) -> Load {
    acme::load_files(&[("acme/1.toml", rules)], plugins)
}

fn points(load: &Load) -> serde_json::Value {
    let plan = load.program.versions[0].plan.as_ref().unwrap_or_else(|| panic!("{}", acme::told(load)));
    acme::decided(plan, FACTS, "2030-06-30").expect("a decision")["measures"]["points"].clone()
}

/// Everything that is wrong with a plugin by itself.
fn alone(id: &str, plugins: &[(&str, &str)]) -> String {
    let (rules, plugins) = (Folder::of("rules", []), Folder::of("plugins", plugins.iter().copied()));
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    let found = load::plugin(Library::from(&rules).with_plugins(&plugins), id, &mut sources, &mut findings);
    assert!(found.is_some(), "there is such a plugin");
    let program = Program { name: id.to_owned(), versions: Vec::new() };
    acme::told(&Load { program, sources, findings })
}

#[test]
fn a_plugin_that_is_listed_adds_what_it_has() {
    assert_eq!(points(&visits(RULES, &[("visits/plugin.toml", PLUGIN)])), "20");
}

#[test]
fn a_rulebook_may_change_what_a_plugin_adds() {
    let changed = format!("{RULES}\n[[awards]]\nid = \"visited\"\nrows = [{{ id = \"each\", points = 7 }}]\n");
    let load = visits(&changed, &[("visits/plugin.toml", PLUGIN)]);
    assert_eq!(acme::told(&load), "");
    assert_eq!(points(&load), "14");
    let removed = RULES.replace("plugins   =", "remove = [\"awards.visited\"]\nplugins   =");
    let load = visits(&removed, &[("visits/plugin.toml", PLUGIN)]);
    assert_eq!(load.findings.iter().map(|finding| finding.code.name).collect::<Vec<_>>(), Vec::<&str>::new());
    assert_eq!(points(&load), serde_json::Value::Null, "no award is left, so there are no points");
}

#[test]
fn a_plugin_that_is_not_listed_has_no_effect_not_even_on_the_digest() {
    let unlisted = RULES.replace("plugins   = [\"visits\"]\n", "");
    let (with, without) = (visits(&unlisted, &[("visits/plugin.toml", "[plugin")]), visits(&unlisted, &[]));
    assert_eq!(acme::told(&with), "");
    assert_eq!(with.program.versions[0].digest, without.program.versions[0].digest);
}

#[test]
fn the_digest_covers_every_file_of_a_plugin() {
    let rows = PLUGIN.replace("rows  = [{ id = \"each\", points = \"per_visit\" }]", "rows = { csv = \"points.csv\" }");
    let digest = |csv: &str| {
        let load = visits(RULES, &[("visits/plugin.toml", &rows), ("visits/points.csv", csv)]);
        assert!(load.program.versions[0].plan.is_some(), "{}", acme::told(&load));
        load.program.versions[0].digest.clone()
    };
    assert_ne!(digest("id,points\neach,10\n"), digest("id,points\neach,11\n"));
    assert_eq!(digest("id,points\neach,10\n"), digest("id,points\neach,10\n"));
}

#[test]
fn a_broken_plugin_is_refused_and_versions_that_do_not_use_it_go_on() {
    let other = RULES.replace("version   = \"1\"", "version   = \"2\"").replace("plugins   = [\"visits\"]\n", "");
    for broken in ["[plugin\n", "title = 1", &PLUGIN.replace("count = \"visit\"", "count = \"visits\"")] {
        let load =
            acme::load_files(&[("acme/1.toml", RULES), ("acme/2.toml", &other)], &[("visits/plugin.toml", broken)]);
        let usable: Vec<_> = load.program.versions.iter().map(|version| version.plan.is_some()).collect();
        assert_eq!(usable, [false, true], "{broken}");
        assert!(load.findings.has_errors());
    }
}

#[test]
fn a_mistake_in_a_plugin_shows_the_rulebook_that_uses_it() {
    let broken = PLUGIN.replace("count = \"visit\"", "count = \"visits\"");
    insta::assert_snapshot!(acme::told(&visits(RULES, &[("visits/plugin.toml", &broken)])));
}

#[test]
fn a_plugin_is_looked_at_by_itself_too() {
    assert_eq!(alone("visits", &[("visits/plugin.toml", PLUGIN)]), "");
    let broken = PLUGIN.replace("count = \"visit\"", "cuont = \"visit\"").replace("title   = \"Visits\"\n", "");
    insta::assert_snapshot!(alone("visits", &[("visits/plugin.toml", &broken)]));
}

#[test]
fn a_name_of_a_plugin_that_is_not_listed_says_so() {
    let helps = |rules: &str| {
        let load = visits(rules, &[("visits/plugin.toml", PLUGIN), ("bonuses/plugin.toml", SHARES)]);
        let told = load.findings.iter().map(|finding| format!("{}: {:?}", finding.message, finding.help));
        told.collect::<Vec<_>>()
    };
    let unlisted = RULES.replace("plugins   = [\"visits\"]\n", "");
    let has = |id: &str| format!("Some(\"the plugin `{id}` has it: list it under `plugins` in [rulebook]\")");
    let measure = "[[measures]]\nid = \"seen\"\ncount = \"visit\"\n";
    assert_eq!(helps(&format!("{unlisted}{measure}")), [format!("there is no record `visit`: {}", has("visits"))]);
    let bonus = "[[bonuses]]\nid = \"b\"\nrate = \"5 %\"\n[[measures]]\nid = \"c\"\nvalue = 'b'\n";
    assert_eq!(helps(&format!("{unlisted}{bonus}")), [format!("`bonuses` means nothing here: {}", has("bonuses"))]);
    assert_eq!(helps(&format!("{RULES}{measure}")), Vec::<String>::new());
}

#[test]
fn a_rule_that_is_nearly_one_of_a_plugin_is_told() {
    let rule = "[[awards]]\nid = \"visitd\"\ncount = \"visit\"\nrows = [{ id = \"each\", points = 1 }]\n";
    let load = visits(&format!("{RULES}{rule}"), &[("visits/plugin.toml", PLUGIN)]);
    let told: Vec<_> = load.findings.iter().map(|finding| (finding.message.as_str(), finding.help.clone())).collect();
    assert_eq!(told, [("this adds a new award `visitd`", Some("did you mean `visited`?".to_owned()))]);
}

#[test]
fn a_list_of_plugins_above_the_header_or_of_none_is_told_alone() {
    let told = |rules: &str| {
        let load = visits(rules, &[("visits/plugin.toml", PLUGIN)]);
        load.findings.iter().map(|finding| finding.message.clone()).collect::<Vec<_>>()
    };
    let measure = "[[measures]]\nid = \"seen\"\ncount = \"visit\"\n";
    let above = format!("plugins = [\"visits\"]\n{}{measure}", RULES.replace("plugins   = [\"visits\"]\n", ""));
    assert_eq!(told(&above), ["`plugins` stands outside of `[rulebook]`"]);
    let misspelt = format!("{}{measure}", RULES.replace("[\"visits\"]", "[\"visit\"]"));
    assert_eq!(told(&misspelt), ["there is no plugin `visit`"]);
}

#[test]
fn a_plugin_may_change_what_it_needs() {
    let more = "[plugin]\nid = \"more\"\nversion = \"1\"\nengine = \"0.1\"\ntitle = \"More\"\nneeds = [\"visits\"]\n\
                [parameters]\nper_visit = { is = 50 }\n";
    let plugins = [("visits/plugin.toml", PLUGIN), ("more/plugin.toml", more)];
    let both = RULES.replace("[\"visits\"]", "[\"visits\", \"more\"]");
    let load = visits(&both, &plugins);
    assert_eq!(acme::told(&load), "");
    assert_eq!(points(&load), "100");
    assert_eq!(alone("more", &plugins), "");
}

#[test]
fn two_plugins_may_say_the_same_of_one_record() {
    let partner = "\n[facts.partner]\nid = \"id\"\nregion = \"text\"\n";
    let first = format!("{PLUGIN}{partner}");
    let second = "[plugin]\nid = \"b\"\nversion = \"1\"\nengine = \"0.1\"\ntitle = \"B\"\n".to_owned()
        + partner
        + "tall = \"flag\"\n";
    let rules = RULES.replace("[\"visits\"]", "[\"visits\", \"b\"]");
    assert_eq!(acme::told(&visits(&rules, &[("visits/plugin.toml", &first), ("b/plugin.toml", &second)])), "");
}

#[test]
fn plugins_of_a_version_are_those_that_it_lists_else_those_of_the_one_that_it_extends() {
    let child = |rest: &str| {
        format!(
            "[rulebook]\nprogram = \"acme\"\nversion = \"2\"\nstatus = \"draft\"\neffective = {{ from = 2031-01-01 }}\n\
             title = \"Acme\"\nextends = \"1\"\n{rest}"
        )
    };
    let told = |rest: &str| {
        let load = acme::load_files(
            &[("acme/1.toml", RULES), ("acme/2.toml", &child(rest))],
            &[("visits/plugin.toml", PLUGIN)],
        );
        assert_eq!(acme::told(&load), "");
        let plan = load.program.versions[1].plan.clone().expect("a plan");
        acme::decided(&plan, FACTS, "2031-06-30").map(|decision| decision["measures"]["points"].clone())
    };
    assert_eq!(told(""), Ok("20".into()));
    assert_eq!(told("plugins = []"), Ok(serde_json::Value::Null), "without the plugin nothing earns points");
}

// ───────────────────────────── Kinds of rule ─────────────────────────────

const KIND: &str = r#"
[plugin]
id      = "bonuses"
version = "1.0.0"
engine  = "0.1"
title   = "Bonuses"

[scripts.capped]
file    = "capped.rhai"
takes   = { amount = "money", most = "money" }
returns = "money"

[kinds.bonuses]
title = "A share of an amount, up to a limit"
takes = { rate = "percent", base = "money", most = "money" }

[[kinds.bonuses.measures]]
id    = "share"
value = 'base * rate'

[[kinds.bonuses.measures]]
value = 'capped(share, most)'
"#;

const CAPPED: &str = "fn capped(amount, most) { if amount > most { most } else { amount } }";

const BONUSES: &str = r#"
[rulebook]
program   = "acme"
version   = "1"
status    = "draft"
effective = { from = 2030-01-01 }
currency  = "USD"
title     = "Acme"
plugins   = ["bonuses"]

[facts.partner]
id       = "id"
revenue  = "money"
services = "money"

[[bonuses]]
id    = "growth"
title = "Growth bonus"
rate  = "5 %"
base  = "partner.revenue"
most  = "1_000 USD"

[[bonuses]]
id    = "service"
rate  = "10 %"
base  = "partner.services + partner.services"
most  = "unspecified"
"#;

fn bonuses(rules: &str, kind: &str) -> Load {
    acme::load_files(&[("acme/1.toml", rules)], &[("bonuses/plugin.toml", kind), ("bonuses/capped.rhai", CAPPED)])
}

#[test]
fn a_rule_of_a_kind_is_decided_by_its_own_values() {
    let load = bonuses(BONUSES, KIND);
    assert_eq!(acme::told(&load), "");
    let plan = load.program.versions[0].plan.clone().expect("a plan");
    let decide = |revenue: u32| {
        let facts = format!(r#"{{"partner":{{"id":"P","revenue":{revenue},"services":300}}}}"#);
        acme::decided(&plan, &facts, "2030-06-30").expect("a decision")
    };
    let measures = decide(10_000)["measures"].clone();
    assert_eq!(measures["growth"], "500");
    assert_eq!(measures["growth_share"], "500");
    assert_eq!(measures["service_share"], "60");
    assert_eq!(measures["service"], serde_json::Value::Null);
    assert_eq!(decide(50_000)["measures"]["growth"], "1000");
    let missing = decide(10_000)["undetermined"].clone();
    let of_service =
        missing.as_array().expect("a list").iter().find(|entry| entry["rule"] == "service").expect("it is open");
    assert_eq!(of_service["missing"], serde_json::json!(["parameters.service_most"]));
}

#[test]
fn a_rule_of_a_kind_is_told_as_any_other() {
    let load = bonuses(BONUSES, KIND);
    let model = &load.program.versions[0].plan.as_ref().expect("a plan").model;
    let told = |id: &str| {
        tierline_engine::describe::rule(model, id, tierline_engine::rulebook::piece::Language::En)
            .map(|rule| serde_json::json!(rule))
    };
    insta::assert_snapshot!(format!(
        "{:#}\n{:#}",
        told("growth").expect("a rule"),
        told("growth_rate").expect("a parameter")
    ));
}

#[test]
fn a_wrong_value_is_told_in_the_rule_that_gives_it() {
    insta::assert_snapshot!(acme::told(&bonuses(&BONUSES.replace("\"5 %\"", "\"5 USD\""), KIND)));
}

#[test]
fn a_value_that_is_missing_or_unknown_shows_the_kind() {
    let rules = BONUSES.replace("most  = \"1_000 USD\"", "moost  = \"1_000 USD\"");
    insta::assert_snapshot!(acme::told(&bonuses(&rules, KIND)));
}

#[test]
fn a_mistake_in_a_kind_is_told_once_with_the_rules_that_show_it() {
    insta::assert_snapshot!(acme::told(&bonuses(BONUSES, &KIND.replace("base * rate", "base * rat"))));
}

#[test]
fn a_value_of_another_type_shows_the_kind_and_the_rule() {
    insta::assert_snapshot!(acme::told(&bonuses(&BONUSES.replace("\"partner.revenue\"", "\"partner.id\""), KIND)));
}

#[test]
fn the_names_of_a_kind_mean_nothing_elsewhere() {
    let rules = format!("{BONUSES}\n[[measures]]\nid = \"odd\"\nvalue = 'rate'\n");
    let load = bonuses(&rules, KIND);
    let told: Vec<_> = load.findings.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(told, ["nothing here is called `rate`"]);
    // And a name of the rulebook means what it means in a value, though the kind has one that is the same.
    let rules = BONUSES.replace("partner.services + partner.services", "partner.services * rate")
        + "[parameters]\nrate = { is = 3 }\n";
    let load = bonuses(&rules, KIND);
    assert_eq!(acme::told(&load), "");
    let plan = load.program.versions[0].plan.clone().expect("a plan");
    let facts = r#"{"partner":{"id":"P","revenue":0,"services":300}}"#;
    assert_eq!(acme::decided(&plan, facts, "2030-06-30").expect("a decision")["measures"]["service_share"], "90");
}

#[test]
fn a_rulebook_may_declare_a_kind_of_its_own() {
    let sections = KIND.split("[scripts.capped]").nth(1).expect("sections");
    let own = BONUSES.replace("plugins   = [\"bonuses\"]\n", "") + "[scripts.capped]" + sections;
    let load = acme::load_files(&[("acme/1.toml", &own), ("acme/capped.rhai", CAPPED)], &[]);
    assert_eq!(acme::told(&load), "");
}

// ───────────────────────────── The modules of redhat-pex ─────────────────────────────

fn repository() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Runs all cases of all plugins.
fn passes_its_own_cases(plugins: &Folder) {
    let rules = Folder::scan(&repository().join("rules")).expect("the rules");
    let library = Library::from(&rules).with_plugins(plugins);
    let mut run = 0;
    for id in load::plugins(library) {
        let (folder, programs) = load::trial(library, &id).unwrap_or_else(|| panic!("`{id}` is tried by nothing"));
        for program in programs {
            let mut load = Program::load(Library { rules: &folder, ..library }, &program);
            load.findings.extend(tierline_engine::analyze::program(&load));
            let files = case::read(&folder, &load.program, &mut load.sources, &mut load.findings);
            assert_eq!(acme::told(&load), "", "{id}");
            for case in files.iter().flat_map(|file| &file.cases) {
                assert_eq!(case.run(&load.program).differences, [], "{id}: {}", case.id);
                run += 1;
            }
        }
    }
    assert!(run >= 60, "{run} cases");
}

#[test]
fn every_plugin_passes_its_own_cases() {
    passes_its_own_cases(&Folder::scan(&repository().join("plugins")).expect("the plugins"));
}

#[test]
fn every_plugin_passes_its_own_cases_once_its_numbers_are_filled_in() {
    let shipped = Folder::scan(&repository().join("plugins")).expect("the plugins");
    let mut filled = shipped.clone();
    for id in ["csp", "distribution", "sell-with"] {
        let path = format!("{id}/points.csv");
        let table = shipped.text(&path).expect("a table").replace("unspecified", "500");
        assert!(table.contains(",500"), "{id}");
        filled = filled.with(&Folder::of("plugins", [(path.as_str(), table.as_str())]));
    }
    passes_its_own_cases(&filled);
}

#[test]
fn numbers_are_filled_in_in_one_file_and_the_next_answer_has_them() {
    let rules = Folder::scan(&repository().join("rules")).expect("the rules");
    let plugins = Folder::scan(&repository().join("plugins")).expect("the plugins");
    let facts = |record: &str| {
        format!(
            r#"{{"partner":{{"id":"P-1","joined_on":"2024-07-01","tier_prior":"ready","modules":["sell_with","csp","distribution"]}},
            "people":[],"credentials":[],"deals":[],"sales":[],"compliance":[],"activities":[],{record}}}"#
        )
    };
    let of_record = |id: &str| match id {
        "sell-with" => facts(
            r#""influences":[{"id":"I","transacting_partner":"P-2","product":"rhel","amount":"60000","occurred_on":"2025-02-01"}]"#,
        ),
        "csp" => facts(r#""consumption":[{"id":"C","product":"rhel","amount":"60000","month":"2025-02-01"}]"#),
        _ => facts("")
            .replace(r#""activities":[],"#, r#""activities":[{"id":"A","kind":"day","occurred_on":"2025-02-01"}]"#),
    };
    for (id, missing, points) in [
        ("sell-with", "awards.influenced.rhel.points", "1000"),
        ("csp", "awards.consumed.rhel.points", "1000"),
        ("distribution", "awards.distribution_activity.activity.points", "500"),
    ] {
        let answer = |plugins: &Folder| {
            let library = Library::from(&rules).with_plugins(plugins);
            let (folder, _) = load::trial(library, id).expect("a trial");
            let load = Program::load(Library { rules: &folder, ..library }, "redhat-pex");
            let version =
                load.program.versions.iter().find(|version| version.name == format!("with-{id}")).expect("a version");
            let plan = version.plan.clone().unwrap_or_else(|| panic!("{}", acme::told(&load)));
            acme::decided(&plan, &of_record(id), "2025-06-30").expect("a decision")
        };
        let open = answer(&plugins);
        assert_eq!(open["measures"]["points"], serde_json::Value::Null);
        let told = open["undetermined"].as_array().expect("a list").iter().find(|entry| entry["rule"] == "points");
        assert_eq!(told.expect("points are open")["missing"], serde_json::json!([missing]));
        let path = format!("{id}/points.csv");
        let filled = plugins.text(&path).expect("a table").replace("unspecified", "500");
        let filled = plugins.with(&Folder::of("plugins", [(path.as_str(), filled.as_str())]));
        assert_eq!(answer(&filled)["measures"]["points"], points, "{id}");
    }
}

#[test]
fn one_rulebook_lists_all_of_them_for_a_partner_in_three_modules() {
    let draft = r#"
[rulebook]
program   = "redhat-pex"
version   = "with-all"
status    = "draft"
effective = { from = 2024-07-01 }
title     = { en = "All modules", ja = "All modules", fr = "All modules" }
extends   = "2024-07"
plugins   = ["csp", "sell-with", "distribution"]
"#;
    let facts = r#"{"partner":{"id":"P-1","joined_on":"2024-07-01","tier_prior":"ready","modules":["sell_with","csp","distribution"]},
        "people":[],"credentials":[],"deals":[],"sales":[],"compliance":[],
        "activities":[{"id":"A","kind":"day","occurred_on":"2025-02-01"}],
        "influences":[{"id":"I","transacting_partner":"P-2","product":"rhel","amount":"60000","occurred_on":"2025-02-01"}],
        "consumption":[{"id":"C","product":"rhel","amount":"60000","month":"2025-02-01"}]}"#;
    let published = Folder::scan(&repository().join("rules")).expect("the rules");
    let rules = published.with(&Folder::of("rules", [("redhat-pex/with-all.toml", draft)]));
    let mut plugins = Folder::scan(&repository().join("plugins")).expect("the plugins");
    for (id, points) in [("csp", "1"), ("sell-with", "20"), ("distribution", "300")] {
        let path = format!("{id}/points.csv");
        let filled = plugins.text(&path).expect("a table").replace("unspecified", points);
        plugins = plugins.with(&Folder::of("plugins", [(path.as_str(), filled.as_str())]));
    }
    let load = Program::load(Library::from(&rules).with_plugins(&plugins), "redhat-pex");
    assert_eq!(acme::told(&load), "");
    let day = tierline_engine::date::parse("2025-06-30").expect("a day");
    let plan = load.program.plan(Some("with-all"), day).expect("a plan");
    let decision = acme::decided(plan, facts, "2025-06-30").expect("a decision");
    assert_eq!(decision["measures"]["points"], "342", "two blocks of 1, two blocks of 20, one activity of 300");
}

fn choosing(words: &str, id: &str) -> String {
    format!(
        "[plugin]\nid = \"{id}\"\nversion = \"1.0.0\"\nengine = \"0.1\"\ntitle = \"{id}\"\n[choices.colour]\n{words}\n[[measures]]\nid = \"of_{id}\"\ncount = \"dye\"\nwhere = 'colour == \"red\"'\n"
    )
}

#[test]
fn two_plugins_may_add_words_to_one_choice_but_not_the_same_word_with_two_titles() {
    let rules = RULES.replace("[\"visits\"]", "[\"one\", \"two\"]")
        + "[choices.colour]\nred = \"Red\"\n[facts.dye]\nlist = \"dyes\"\nid = \"id\"\ncolour = \"colour\"\n";
    let told = |one: &str, two: &str| {
        let (one, two) = (choosing(one, "one"), choosing(two, "two"));
        briefly(&visits(&rules, &[("one/plugin.toml", &one), ("two/plugin.toml", &two)]))
    };
    assert_eq!(told("blue = \"Blue\"", "green = \"Green\""), Vec::<String>::new());
    assert_eq!(told("blue = \"Blue\"", "blue = \"Blue\""), Vec::<String>::new());
    let conflict = ["TL707 another plugin has a `blue` of its own"];
    assert_eq!(told("blue = \"Blue\"", "blue = \"Azure\""), conflict);
}

#[test]
fn a_rule_that_two_plugins_have_is_told_of_once_and_made_of_neither_and_the_other() {
    let rules = RULES.replace("[\"visits\"]", "[\"visits\", \"other\"]");
    let other = PLUGIN.split("[parameters]").next().expect("a head").replace("visits", "other")
        + "[[awards]]\nid = \"visited\"\nsum = \"visit.worth\"\nper = 10\nrows = [{ id = \"all\", points = 1 }]\n";
    let load = visits(&rules, &[("visits/plugin.toml", PLUGIN), ("other/plugin.toml", &other)]);
    assert_eq!(briefly(&load), ["TL707 another plugin has a `visited` of its own"]);
}
