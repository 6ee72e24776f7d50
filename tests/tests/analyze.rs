//! What is told of a rulebook that can be used, and what is left alone.

use tierline_engine::analyze;
use tierline_engine::finding::Finding;
use tierline_tests::acme;

/// The codes and messages that are found in these rules, none of them an error.
fn warnings(rules: &str) -> Vec<String> {
    let load = acme::load(rules, &[]);
    assert!(load.findings.is_empty(), "\n{}", acme::told(&load));
    let found = analyze::program(&load);
    assert!(!found.has_errors(), "what is found here keeps no rulebook from being used");
    let told = |finding: &Finding| format!("{} {}", finding.code.name, finding.message);
    found.sorted().into_iter().map(told).collect()
}

const FACTS: &str = r#"
[facts.partner]
id      = "id"
sellers = "count"
revenue = "money"
region  = ["north", "south"]
skills  = "set of skill"

[facts.sale]
list      = "sales"
id        = "id"
booked_on = "date"
kind      = "text"
amount    = "money"

[choices]
skill = ["sale", "repair"]
"#;

fn with_facts(rules: &str) -> Vec<String> {
    warnings(&format!("{rules}\n{FACTS}"))
}

#[test]
fn a_zero_in_a_table_is_what_the_guide_prints() {
    let rules = r#"
[[ladders]]
id   = "tier"
rows = [ { id = "silver", sellers = 0, revenue = 0 }, { id = "gold", sellers = 2, revenue = 0 } ]
"#;
    assert_eq!(with_facts(rules), Vec::<String>::new());
}

#[test]
fn the_levels_that_somebody_decides_need_not_ask_for_anything() {
    let rules = r#"
[[ladders]]
id       = "tier"
assigned = 'if partner.region == "north" { "gold" } else { "silver" }'
rows     = [ { id = "silver" }, { id = "gold" } ]
"#;
    assert_eq!(with_facts(rules), Vec::<String>::new());
}

#[test]
fn a_level_whose_requirements_contradict_each_other_is_reached_by_nobody() {
    let rules = r#"
[parameters]
few = { is = 3 }

[[ladders]]
id   = "tier"
rows = [ { id = "silver", sellers = 1 }, { id = "gold", sellers = 5 } ]

  [[ladders.requires]]
  id   = "small"
  that = 'partner.sellers < few'
"#;
    assert_eq!(with_facts(rules), ["unreachable-level nobody can reach `gold`"]);
}

#[test]
fn a_set_that_is_too_small_can_never_hold_so_many() {
    let rules = r#"
[[ladders]]
id   = "tier"
rows = [ { id = "silver", skills = { at_least = 3, of = ["sale", "repair"] } } ]
"#;
    let told = with_facts(rules);
    assert_eq!(told[0], "unreachable-level nobody can reach `silver`");
    assert!(told[1].starts_with("never-holds"), "{told:?}");
}

#[test]
fn levels_that_the_vendor_says_only_have_names() {
    let rules = "[[ladders]]\nid = \"tier\"\nassigned = 'partner.given'\nrows = [ { id = \"silver\" }, { id = \"gold\" } ]\n[facts.partner]\nid = \"id\"\ngiven = \"tier\"\n";
    assert_eq!(warnings(rules), Vec::<String>::new());
}

#[test]
fn a_second_way_that_asks_for_more_decides_nothing() {
    let rules = r#"
[[ladders]]
id   = "tier"
rows = [ { id = "silver", sellers = 2 }, { id = "silver", via = "many", sellers = 5 }, { id = "gold", sellers = 9 } ]
"#;
    let told = "unreachable-level whoever meets `silver` by `many` meets `silver` too, so this row decides nothing";
    assert_eq!(with_facts(rules), [told]);
}

#[test]
fn another_reading_of_a_parameter_is_a_position_of_a_switch() {
    let rules = r#"
[parameters]
basis = { is = "booked", choices = ["booked", "list"] }
grace = { is = 0 }

[[measures]]
id    = "by_list"
value = 'basis == "list" || partner.sellers > grace'
"#;
    assert_eq!(with_facts(rules), Vec::<String>::new());
}

#[test]
fn a_row_that_the_filter_leaves_nothing_takes_no_record() {
    let rules = r#"
[[measures]]
id    = "orders"
count = "sale"
where = 'kind == "order"'
rows  = [ { id = "own_orders", kind = "order" }, { id = "renewals", kind = "renewal" } ]
"#;
    assert_eq!(with_facts(rules), ["never-holds the row can take no record"]);
}

#[test]
fn rows_with_other_columns_are_meant_to_add_up_and_thresholds_are_not() {
    let added = r#"
[[awards]]
id    = "sold"
count = "sale"
rows  = [ { id = "orders", kind = "order", points = 5 }, { id = "large", amount = "1_000 USD", points = 5 } ]
"#;
    assert_eq!(with_facts(added), Vec::<String>::new());
    let thresholds = r#"
[[awards]]
id    = "sold"
count = "sale"
rows  = [ { id = "small", amount = "1_000 USD", points = 5 }, { id = "large", amount = "5_000 USD", points = 9 } ]
"#;
    let told = "rows-overlap `small` and `large` can take the same record, which then earns twice";
    assert_eq!(with_facts(thresholds), [told]);
}

#[test]
fn a_parameter_with_source_and_note_records_a_fact() {
    let rules = |note: &str| format!("[parameters]\nfounded = {{ is = 1999, source = \"p. 1\"{note} }}\n");
    assert_eq!(warnings(&rules(", note = \"for the reader\"")), Vec::<String>::new());
    assert_eq!(warnings(&rules("")), ["unused-name nothing reads the parameter `founded`"]);
}

#[test]
fn everything_that_nothing_reads_is_told() {
    let rules = r#"
[choices]
color = ["red", "blue"]

[tables.area]
rows = [ { id = "north" } ]

[facts.sale]
list = "sales"
id   = "id"
gone = "flag"

[[measures]]
id    = "kept"
each  = "sale"
value = '!gone'
"#;
    let told = [
        "unused-name nothing reads the choice `color`",
        "unused-name nothing reads the table `area`",
        "unused-name nothing reads the measure `kept`",
    ];
    assert_eq!(warnings(rules), told);
}

#[test]
fn a_number_without_end_is_no_limit() {
    let rules = r#"
[parameters]
cap = { is = "no limit", type = "number" }

[facts.partner]
id    = "id"
score = "number"

[[measures]]
id    = "capped"
value = 'min(partner.score, cap)'
"#;
    assert_eq!(warnings(rules), Vec::<String>::new());
    let plan = acme::plan(rules);
    let decided = acme::decided(&plan, r#"{"partner": {"id": "P", "score": 7}}"#, "2030-01-01").expect("a decision");
    assert_eq!(decided["measures"]["capped"], "7");
}
