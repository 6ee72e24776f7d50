//! Reading facts: exact, strict, and never a panic, whatever the bytes.

use proptest::prelude::*;
use std::path::Path;
use std::sync::{Arc, LazyLock};
use tierline_engine::compile::{Plan, Program};
use tierline_engine::date;
use tierline_engine::evaluate::Question;
use tierline_engine::facts::{self, Arena, Problem};
use tierline_engine::load::Folder;
use tierline_tests::acme;

const RULES: &str = r#"
[choices]
product = ["anvil", "rocket"]

[tables.region]
rows = [ { id = "north", weight = 1 }, { id = "south", weight = 2 } ]

[facts.partner]
id      = "id"
score   = "number"
staff   = "count"
joined  = "date or none"
active  = "flag or false"
region  = "region.id"
sells   = "set of product"

[facts.deal]
list     = "deals"
happened = "closed_on"
id       = "id"
customer = "customer"
owner    = "person"
closed_on = "date"
value    = "money"
product  = "product"

[facts.customer]
in   = "deal"
name = "text"

[facts.line]
in     = "deal"
list   = "lines"
amount = "money"

[facts.person]
list = "people"
id   = "id"
name = "text or none"

[[measures]]
id    = "score"
value = 'partner.score'

[[measures]]
id    = "staff"
value = 'partner.staff'

[[measures]]
id    = "weight"
value = 'partner.region.weight'

[[measures]]
id  = "total"
sum = "deal.value"
rows = [ { id = "anvils", product = "anvil" }, { id = "rockets", product = "rocket" } ]

[[measures]]
id  = "lines"
sum = "line.amount"

[[measures]]
id    = "named"
count = "deal"
where = 'customer.name == owner.name ?? customer.name'

[[measures]]
id    = "odd"
value = 'partner.active && size(partner.sells) > 0 && has(partner.joined) && partner.joined <= as_of'
"#;

static ACME: LazyLock<Arc<Plan>> = LazyLock::new(|| acme::plan(RULES));

/// The first published program, with its own case of a partner's year.
static PUBLISHED: LazyLock<(Arc<Plan>, String)> = LazyLock::new(|| {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules");
    let folder = Folder::scan(&rules).expect("the rules");
    let load = Program::load(&folder, "redhat-pex");
    let versions = load.program.versions.into_iter();
    let plan = versions.filter(|version| version.name == "2024-07").find_map(|version| version.plan).expect("a plan");
    let facts = std::fs::read_to_string(rules.join("redhat-pex/cases/partner-year.json")).expect("the facts");
    (plan, facts)
});

fn question() -> Question {
    Question::on(date::parse("2030-06-01").expect("a date"))
}

fn at_year_end() -> Question {
    Question::on(date::parse("2024-12-31").expect("a date"))
}

fn problems(document: &str) -> Vec<Problem> {
    problems_in(document.as_bytes())
}

fn problems_in(document: &[u8]) -> Vec<Problem> {
    let arena = Arena::new();
    match facts::read(&ACME.schema, document, &arena) {
        Ok(_) => Vec::new(),
        Err(error) => error.problems,
    }
}

fn told(document: &str) -> Vec<String> {
    problems(document).into_iter().map(|problem| format!("{}: {}", problem.pointer, problem.message)).collect()
}

fn score(written: &str) -> Result<String, String> {
    let document = format!(r#"{{"partner": {{"id": "P", "score": {written}}}}}"#);
    let decision = acme::decided_by(&ACME, document.as_bytes(), &question())?;
    decision["measures"]["score"].as_str().map(str::to_owned).ok_or_else(|| decision.to_string())
}

#[test]
fn numbers_survive_exactly() {
    for (written, value) in [
        ("0.1", "0.1"),
        ("\"0.1\"", "0.1"),
        ("61234.56", "61234.56"),
        ("\"61234.56\"", "61234.56"),
        ("9007199254740993", "9007199254740993"),
        ("\"9007199254740993\"", "9007199254740993"),
        ("-0.000000000000000001", "-0.000000000000000001"),
        ("79228162514264337593543950335", "79228162514264337593543950335"),
        ("0.30000000000000004", "0.30000000000000004"),
        ("1e3", "1000"),
        ("1E3", "1000"),
        ("1.5e+2", "150"),
        ("25e-3", "0.025"),
        ("\"1e3\"", "1000"),
        ("0e400", "0"),
        ("0", "0"),
        ("-0", "0"),
        ("1.0", "1"),
    ] {
        assert_eq!(score(written).as_deref(), Ok(value), "{written}");
    }
}

#[test]
fn whole_numbers_may_stand_in_strings_as_all_numbers_may() {
    for (written, value) in [("12", "12"), ("\"12\"", "12"), ("\"12.0\"", "12"), ("1.2e1", "12"), ("-0", "0")] {
        let document = format!(r#"{{"partner": {{"id": "P", "staff": {written}}}}}"#);
        let decision = acme::decided_by(&ACME, document.as_bytes(), &question()).expect("a decision");
        let staff = &decision["measures"]["staff"];
        assert_eq!(staff.as_str().map_or_else(|| staff.to_string(), str::to_owned), value, "{written}");
    }
}

#[test]
fn what_cannot_be_held_exactly_is_refused() {
    for written in [
        "1e400",
        "1e-40",
        "123456789012345678901234567890",
        "0.12345678901234567890123456789012",
        "\"one\"",
        "\"\"",
        "\" 1\"",
        "\"0x10\"",
        "\"1_000\"",
        "\"1,000\"",
        "\"NaN\"",
        "\"--1\"",
        "\"1.2.3\"",
        "true",
        "[1]",
        "{}",
        "null",
    ] {
        assert_eq!(
            problems(&format!(r#"{{"partner": {{"id": "P", "score": {written}}}}}"#))
                .first()
                .map(|p| p.pointer.as_str()),
            Some("/partner/score"),
            "{written}"
        );
    }
    for written in ["1.5", "-1", "\"3.5\"", "\"-3\"", "1e-1"] {
        assert_eq!(
            told(&format!(r#"{{"partner": {{"id": "P", "staff": {written}}}}}"#)),
            [format!("/partner/staff: expected a whole number, found `{written}`")],
        );
    }
}

#[test]
fn every_problem_is_told_with_its_place() {
    let document = r#"{
        "partner": {"id": "P", "score": "x", "acitve": true, "region": "nort", "sells": ["anvil", "anvl"]},
        "deals": [
            {"id": "D-1", "closed_on": "2030-02-30", "customer": {"nam": "C"}, "lines": [{"amount": 1}, {"amount": "?"}]},
            7,
            {"id": "D-1", "value": 5}
        ],
        "peeple": [],
        "people": {}
    }"#;
    assert_eq!(
        told(document),
        [
            "/partner/score: expected a number, found `x`",
            "/partner/acitve: `acitve` is not known here",
            "/partner/region: `nort` is not one of the words here",
            "/partner/sells/1: `anvl` is not one of the words here",
            "/deals/0/closed_on: `2030-02-30` is no date",
            "/deals/0/customer/nam: `nam` is not known here",
            "/deals/0/lines/1/amount: expected an amount, found `?`",
            "/deals/1: expected an object, found `7`",
            "/deals/2: another deal `D-1` says something else",
            "/peeple: `peeple` is not known here",
            "/people: expected a list, found an object",
        ]
    );
}

#[test]
fn pointers_are_escaped() {
    assert_eq!(told(r#"{"a/b~c": 1}"#), ["/a~1b~0c: `a/b~c` is not known here"]);
}

#[test]
fn a_key_stands_once() {
    for (document, place) in [
        (r#"{"partner": {"id": "P", "id": "P"}}"#, "/partner/id"),
        (r#"{"partner": {"id": "P"}, "partner": {"id": "P"}}"#, "/partner"),
        (r#"{"partner": {"id": "P"}, "deals": [], "deals": []}"#, "/deals"),
        (r#"{"deals": [{"id": "D", "lines": [], "lines": []}]}"#, "/deals/0/lines"),
        (r#"{"partner": {"id": "P", "\u0069d": "P"}}"#, "/partner/id"),
    ] {
        let problems = problems(document);
        assert!(
            problems.iter().any(|problem| problem.pointer == place && problem.message.contains("twice")),
            "{document}: {problems:?}"
        );
    }
}

#[test]
fn broken_documents_are_errors() {
    let deep_list = format!("{{\"partner\": {}1{}}}", "[".repeat(50_000), "]".repeat(50_000));
    let deep_object = format!("{}1{}", "{\"partner\":".repeat(50_000), "}".repeat(50_000));
    let deep_unknown = format!("{{\"other\": {}{}}}", "[".repeat(50_000), "]".repeat(50_000));
    let long_number = format!("{{\"partner\": {{\"score\": {}}}}}", "9".repeat(100_000));
    let long_exponent = format!("{{\"partner\": {{\"score\": 1e{}}}}}", "9".repeat(10_000));
    for document in [
        "",
        " ",
        "null",
        "1",
        "\"\"",
        "[]",
        "{",
        "{\"partner\"",
        "{\"partner\":",
        "{\"partner\": {}",
        "{\"partner\": {},}",
        "{} {}",
        "{}x",
        "{'partner': {}}",
        "{\"partner\": {\"id\": \"\\ud800\"}}",
        "{\"partner\": {\"id\": \"\u{1}\"}}",
        "{\"partner\": {\"score\": 01}}",
        "{\"partner\": {\"score\": .5}}",
        "{\"partner\": {\"score\": 1.}}",
        "{\"partner\": {\"score\": NaN}}",
        "{\"partner\": {\"score\": Infinity}}",
        "{\"partner\": {\"score\": -}}",
        "\u{feff}\u{feff}{}",
        "\u{feff}",
        &deep_list,
        &deep_object,
        &deep_unknown,
        &long_number,
        &long_exponent,
    ] {
        let shown: String = document.chars().take(60).collect();
        assert!(!problems(document).is_empty(), "{shown}");
    }
    for bytes in [&b"\xff"[..], b"{\"partner\": {\"id\": \"\xc3\x28\"}}", b"\x00", b"{\"a\": \"\xed\xa0\x80\"}"] {
        assert!(!problems_in(bytes).is_empty(), "{bytes:?}");
    }
}

#[test]
fn a_byte_order_mark_says_nothing() {
    let document = r#"{"partner": {"id": "P", "score": 7}}"#;
    let marked = format!("\u{feff}{document}");
    let plain = acme::decided_by(&ACME, document.as_bytes(), &question()).expect("a decision");
    let skipped = acme::decided_by(&ACME, marked.as_bytes(), &question()).expect("a decision");
    assert_eq!(plain["measures"], skipped["measures"]);
    assert_ne!(plain, skipped, "the digest is that of the bytes as they were sent");
    let broken = "{\"partner\":\n  {\"id\" 1}}";
    assert!(told(broken)[0].ends_with("(line 2, column 9)"), "{:?}", told(broken));
    assert_eq!(told(&format!("\u{feff}{broken}")), told(broken));
}

#[test]
fn an_amount_always_has_a_currency() {
    let document = r#"{"deals": [{"id": "D-1", "value": 5, "currency": null}]}"#;
    assert_eq!(told(document), ["/deals/0/currency: an amount always has a currency"]);
    let help = problems(document).swap_remove(0).help;
    assert_eq!(help.as_deref(), Some("leave the key out for USD"));
}

#[test]
fn a_record_sent_twice_is_one_record() {
    let deal =
        r#"{"id": "D-1", "closed_on": "2030-01-01", "value": "10.10", "product": "anvil", "lines": [{"amount": 3}]}"#;
    let twice = format!(r#"{{"partner": {{"id": "P"}}, "deals": [{deal}, {deal}]}}"#);
    let decision = acme::decided_by(&ACME, twice.as_bytes(), &question()).expect("a decision");
    assert_eq!(decision["measures"]["anvils"], "10.10");
    assert_eq!(decision["measures"]["lines"], "3");
    let document = |other: &str| format!(r#"{{"partner": {{"id": "P"}}, "deals": [{deal}, {other}]}}"#);
    let same = deal.replace("\"amount\": 3", "\"amount\": 3.0").replace("\"D-1\"", "\"\\u0044-1\"");
    assert_eq!(told(&document(&same)), Vec::<String>::new());
    for other in ["3.00000000000000000001", "4", "\"3\"", "null"] {
        let other = deal.replace("\"amount\": 3", &format!("\"amount\": {other}"));
        assert!(
            told(&document(&other)).contains(&"/deals/1: another deal `D-1` says something else".to_owned()),
            "{other}"
        );
    }
}

/// Keys that mean something, and one that does not.
fn key() -> impl Strategy<Value = String> {
    let known = [
        "partner",
        "deals",
        "people",
        "lines",
        "customer",
        "id",
        "score",
        "staff",
        "joined",
        "active",
        "region",
        "sells",
        "owner",
        "closed_on",
        "value",
        "product",
        "name",
        "amount",
        "currency",
        "nothing",
    ];
    prop::sample::select(known.to_vec()).prop_map(str::to_owned)
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let words = ["anvil", "north", "P", "2030-01-01", "2030-13-01", "EUR", "1e5", "-3.25", "", "é\"\\"];
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(serde_json::Value::from),
        any::<i64>().prop_map(serde_json::Value::from),
        (-1e9f64..1e9).prop_map(serde_json::Value::from),
        prop::sample::select(words.to_vec()).prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(5, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(serde_json::Value::from),
            prop::collection::vec((key(), inner), 0..8)
                .prop_map(|entries| serde_json::Value::Object(entries.into_iter().collect())),
        ]
    })
}

/// The same value with the keys of every object in another order.
fn shuffled(value: &serde_json::Value, turn: usize) -> serde_json::Value {
    match value {
        serde_json::Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().map(|(key, value)| (key.clone(), shuffled(value, turn + 1))).collect();
            let len = entries.len().max(1);
            entries.rotate_left(turn % len);
            if turn.is_multiple_of(3) {
                entries.reverse();
            }
            serde_json::Value::Object(entries.into_iter().collect())
        }
        serde_json::Value::Array(list) => list.iter().map(|item| shuffled(item, turn + 1)).collect(),
        other => other.clone(),
    }
}

/// A decision without what the bytes of the request alone decide.
fn undigested(mut decision: serde_json::Value) -> serde_json::Value {
    decision["receipt"]["facts_digest"].take();
    decision
}

#[test]
fn the_same_facts_give_the_same_bytes_and_a_trace_changes_nothing() {
    let (plan, facts) = &*PUBLISHED;
    let first = acme::bytes(plan, facts.as_bytes(), &at_year_end()).expect("a decision");
    let second = acme::bytes(plan, facts.as_bytes(), &at_year_end()).expect("a decision");
    assert_eq!(first, second);
    let traced = Question { trace: true, ..at_year_end() };
    let mut with = acme::decided_by(plan, facts.as_bytes(), &traced).expect("a decision");
    let trace = with.as_object_mut().and_then(|decision| decision.remove("trace"));
    assert!(trace.is_some_and(|trace| trace.as_array().is_some_and(|steps| !steps.is_empty())));
    let without: serde_json::Value = serde_json::from_slice(&first).expect("JSON");
    assert_eq!(with, without);
}

#[test]
fn whitespace_changes_nothing_but_the_digest() {
    let (plan, facts) = &*PUBLISHED;
    let value: serde_json::Value = serde_json::from_str(facts).expect("JSON");
    let decided =
        |text: String| undigested(acme::decided_by(plan, text.as_bytes(), &at_year_end()).expect("a decision"));
    let compact = decided(value.to_string());
    assert_eq!(compact, decided(serde_json::to_string_pretty(&value).expect("JSON")));
    let wide = value.to_string().replace("\":", "\" :\r\n\t").replace(",\"", " ,\n\"");
    assert_eq!(compact, decided(wide));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_value_panics(value in json()) {
        let _ = acme::bytes(&ACME, value.to_string().as_bytes(), &question());
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        prop_assert!(!problems_in(&bytes).is_empty());
    }

    #[test]
    fn no_change_of_a_byte_panics(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let (plan, facts) = &*PUBLISHED;
        let mut bytes = facts.clone().into_bytes();
        let at = at.index(bytes.len());
        if cut { bytes.truncate(at) } else { bytes[at] = byte }
        let _ = acme::bytes(plan, &bytes, &at_year_end());
    }

    #[test]
    fn whole_and_fractional_amounts_survive(n in any::<i64>(), scale in 0u32..18) {
        let number = rust_decimal::Decimal::new(n, scale);
        prop_assert_eq!(score(&number.to_string()), Ok(number.normalize().to_string()));
        prop_assert_eq!(score(&format!("\"{number}\"")), Ok(number.normalize().to_string()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_keys_changes_nothing_but_the_digest(turn in 0usize..1_000) {
        let (plan, facts) = &*PUBLISHED;
        let value: serde_json::Value = serde_json::from_str(facts).expect("JSON");
        let decided = |value: &serde_json::Value| {
            undigested(acme::decided_by(plan, value.to_string().as_bytes(), &at_year_end()).expect("a decision"))
        };
        prop_assert_eq!(decided(&shuffled(&value, turn)), decided(&value));
    }
}
