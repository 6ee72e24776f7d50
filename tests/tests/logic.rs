//! Three-valued logic, written out: what every operator gives for what is true, false, unknown, none or a range.

use tierline_engine::date;
use tierline_engine::evaluate::Question;
use tierline_tests::acme;

const FACTS: &str = r#"
[choices]
product = ["anvil", "rocket"]

[facts.partner]
id   = "id"
a    = "flag"
b    = "flag"
n    = "number"
m    = "number or none"
d    = "date or none"
p    = "product"
s    = "set of product"

[facts.item]
list = "items"
good = "flag"

[parameters]
two    = { is = 2 }
three  = { is = 3 }
nobody = { is = "unspecified", type = "number" }
rates  = { by = "product", is = { anvil = 7, rocket = "unspecified" } }
"#;

/// The value of `expression` for a partner with these facts: as it is printed, or `unknown`.
fn value(expression: &str, facts: &str) -> String {
    let counted = "[[measures]]\nid = \"fine\"\ncount = \"item\"\nwhere = 'item.good'\n";
    let plan = acme::plan(&format!("{FACTS}\n{counted}\n[[measures]]\nid = \"x\"\nvalue = '{expression}'\n"));
    let (partner, rest) = facts.split_once('|').unwrap_or((facts, ""));
    let comma = if partner.trim().is_empty() { "" } else { ", " };
    let rest = if rest.trim().is_empty() { String::new() } else { format!(", {rest}") };
    let document = format!("{{\"partner\": {{\"id\": \"P\"{comma}{partner}}}{rest}}}");
    let question = Question::on(date::parse("2030-06-01").expect("a date"));
    let decision = acme::decided_by(&plan, document.as_bytes(), &question).expect("a decision");
    let unknown = decision["undetermined"].as_array().into_iter().flatten().any(|rule| rule["rule"] == "x");
    match &decision["measures"]["x"] {
        serde_json::Value::Null if unknown => "unknown".to_owned(),
        serde_json::Value::Null => "none".to_owned(),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn check(expression: &str, table: &[(&str, &str)]) {
    for (facts, expected) in table {
        assert_eq!(value(expression, facts), *expected, "`{expression}` with {facts}");
    }
}

/// A pair of flags: true, false, unknown.
const PAIRS: [(&str, &str); 9] = [
    ("TT", r#""a": true, "b": true"#),
    ("TF", r#""a": true, "b": false"#),
    ("TU", r#""a": true"#),
    ("FT", r#""a": false, "b": true"#),
    ("FF", r#""a": false, "b": false"#),
    ("FU", r#""a": false"#),
    ("UT", r#""b": true"#),
    ("UF", r#""b": false"#),
    ("UU", ""),
];

fn check_pairs(expression: &str, expected: [&str; 9]) {
    for ((name, facts), expected) in PAIRS.iter().zip(expected) {
        let expected = match expected {
            "T" => "true",
            "F" => "false",
            "U" => "unknown",
            other => other,
        };
        assert_eq!(value(expression, facts), expected, "`{expression}` for {name}");
    }
}

#[test]
fn and_or_not_and_choice_by_flags() {
    //                                  TT   TF   TU   FT   FF   FU   UT   UF   UU
    check_pairs("partner.a && partner.b", ["T", "F", "U", "F", "F", "F", "U", "F", "U"]);
    check_pairs("partner.b && partner.a", ["T", "F", "U", "F", "F", "F", "U", "F", "U"]);
    check_pairs("partner.a || partner.b", ["T", "T", "T", "T", "F", "U", "T", "U", "U"]);
    check_pairs("partner.b || partner.a", ["T", "T", "T", "T", "F", "U", "T", "U", "U"]);
    check_pairs("!partner.a", ["F", "F", "F", "T", "T", "T", "U", "U", "U"]);
    check_pairs("partner.a == partner.b", ["T", "F", "U", "F", "T", "U", "U", "U", "U"]);
    check_pairs("partner.a != partner.b", ["F", "T", "U", "T", "F", "U", "U", "U", "U"]);
    check_pairs("if partner.a { partner.b } else { true }", ["T", "F", "U", "T", "T", "T", "T", "U", "U"]);
    check_pairs("if partner.a { partner.b } else { partner.b }", ["T", "F", "U", "T", "F", "U", "T", "F", "U"]);
    check_pairs(
        "how_many(partner.a, partner.b)",
        [
            "2",
            "1",
            r#"{"at_least":1,"at_most":2}"#,
            "1",
            "0",
            r#"{"at_least":0,"at_most":1}"#,
            r#"{"at_least":1,"at_most":2}"#,
            r#"{"at_least":0,"at_most":1}"#,
            r#"{"at_least":0,"at_most":2}"#,
        ],
    );
}

#[test]
fn a_choice_between_unknown_numbers_is_a_range() {
    check(
        "if partner.a { two } else { three }",
        &[(r#""a": true"#, "2"), (r#""a": false"#, "3"), ("", r#"{"at_least":"2","at_most":"3"}"#)],
    );
    check("if partner.a { two } else { two }", &[("", "2")]);
    check("(if partner.a { two } else { three }) >= two", &[("", "true")]);
    check("(if partner.a { two } else { three }) > two", &[("", "unknown")]);
    check("(if partner.a { two } else { three }) < two", &[("", "false")]);
}

#[test]
fn none_is_no_unknown() {
    check("has(partner.m)", &[(r#""m": 5"#, "true"), (r#""m": null"#, "false"), ("", "false")]);
    check("has(partner.n)", &[(r#""n": 5"#, "true"), ("", "unknown")]);
    check("partner.m ?? two", &[(r#""m": 5"#, "5"), (r#""m": null"#, "2"), ("", "2")]);
    check("partner.m + two", &[(r#""m": 5"#, "7"), (r#""m": null"#, "none")]);
    check(
        "has(partner.m) && partner.m >= two",
        &[(r#""m": 5"#, "true"), (r#""m": 1"#, "false"), (r#""m": null"#, "false")],
    );
    check("!has(partner.m) || partner.m >= two", &[(r#""m": 1"#, "false"), (r#""m": null"#, "true")]);
    check("partner.d + days(two)", &[(r#""d": "2030-01-31""#, "2030-02-02"), (r#""d": null"#, "none")]);
    check("min(partner.m, two)", &[(r#""m": 1"#, "1"), (r#""m": 5"#, "2"), (r#""m": null"#, "2")]);
    check("max(partner.m, partner.m)", &[(r#""m": null"#, "none")]);
}

#[test]
fn arithmetic_with_the_unknown_is_unknown_unless_it_cannot_matter() {
    check("partner.n + two", &[(r#""n": 1"#, "3"), ("", "unknown")]);
    check("partner.n * 0", &[("", "0")]);
    check("partner.n / 0", &[(r#""n": 1"#, "unknown")]);
    check("two / partner.n", &[(r#""n": 0"#, "unknown"), (r#""n": 4"#, "0.5")]);
    check("partner.a || two / 0 > 0", &[(r#""a": true"#, "true"), (r#""a": false"#, "unknown")]);
    check("min(partner.n, two) <= two", &[("", "true")]);
    check("max(partner.n, two) >= two", &[("", "true")]);
    check("min(partner.n, two) < two", &[("", "unknown")]);
    check("nobody > 0", &[("", "unknown")]);
    check("rates[partner.p]", &[(r#""p": "anvil""#, "7"), (r#""p": "rocket""#, "unknown"), ("", "unknown")]);
}

#[test]
fn a_range_decides_what_all_of_it_decides() {
    // One good, one that may be good: between 1 and 2.
    let open = r#"|"items": [{"good": true}, {}, {"good": false}]"#;
    let whole = r#"|"items": [{"good": true}, {"good": true}]"#;
    check("fine", &[(open, r#"{"at_least":1,"at_most":2}"#), (whole, "2"), ("", r#"{"at_least":0}"#)]);
    for (expression, for_open, for_whole) in [
        ("fine >= 0", "true", "true"),
        ("fine >= 1", "true", "true"),
        ("fine >= two", "unknown", "true"),
        ("fine >= three", "false", "false"),
        ("fine > 0", "true", "true"),
        ("fine > 1", "unknown", "true"),
        ("fine > two", "false", "false"),
        ("fine < 1", "false", "false"),
        ("fine < two", "unknown", "false"),
        ("fine < three", "true", "true"),
        ("fine <= 0", "false", "false"),
        ("fine <= 1", "unknown", "false"),
        ("fine <= two", "true", "true"),
        ("fine == 0", "false", "false"),
        ("fine == 1", "unknown", "false"),
        ("fine == three", "false", "false"),
        ("fine != 0", "true", "true"),
        ("fine != 1", "unknown", "true"),
        ("fine + 1 >= two", "true", "true"),
        ("fine - three < 0", "true", "true"),
        ("fine * two >= two", "true", "true"),
        ("-fine <= 0 - 1", "true", "true"),
        ("fine / two > 0", "true", "true"),
        ("floor(fine / three)", "0", "0"),
    ] {
        check(expression, &[(open, for_open), (whole, for_whole)]);
    }
    // A list that was not told has no upper bound.
    check("fine >= 0", &[("", "true")]);
    check("fine >= 1", &[("", "unknown")]);
    check("fine < 0", &[("", "false")]);
}

#[test]
fn quantifiers_over_unknown_items() {
    let items = |list: &str| format!(r#"|"items": {list}"#);
    for (list, any, all, count) in [
        ("[]", "false", "true", "0"),
        (r#"[{"good": true}]"#, "true", "true", "1"),
        (r#"[{"good": false}]"#, "false", "false", "0"),
        ("[{}]", "unknown", "unknown", r#"{"at_least":0,"at_most":1}"#),
        (r#"[{"good": true}, {}]"#, "true", "unknown", r#"{"at_least":1,"at_most":2}"#),
        (r#"[{"good": false}, {}]"#, "unknown", "false", r#"{"at_least":0,"at_most":1}"#),
    ] {
        check("any(item, good)", &[(&items(list), any)]);
        check("all(item, good)", &[(&items(list), all)]);
        check("count(item, good)", &[(&items(list), count)]);
    }
    check("any(item, good)", &[("", "unknown")]);
    check("count(item)", &[("", r#"{"at_least":0}"#)]);
}

#[test]
fn membership() {
    check("partner.p in [\"anvil\"]", &[(r#""p": "anvil""#, "true"), (r#""p": "rocket""#, "false"), ("", "unknown")]);
    check("partner.p !in [\"anvil\"]", &[(r#""p": "anvil""#, "false"), (r#""p": "rocket""#, "true"), ("", "unknown")]);
    check(
        "partner.p in partner.s",
        &[
            (r#""p": "anvil", "s": ["anvil"]"#, "true"),
            (r#""p": "anvil", "s": ["rocket"]"#, "false"),
            (r#""p": "anvil", "s": []"#, "false"),
            (r#""p": "anvil""#, "unknown"),
            (r#""s": []"#, "false"),
            (r#""s": ["anvil"]"#, "unknown"),
        ],
    );
    check("partner.n in [two, partner.n]", &[(r#""n": 1"#, "true"), ("", "unknown")]);
    check("two in [two, partner.n]", &[("", "true")]);
    check("three in [two, partner.n]", &[("", "unknown"), (r#""n": 1"#, "false")]);
    check("size(partner.s)", &[(r#""s": ["anvil", "rocket"]"#, "2"), (r#""s": []"#, "0"), ("", "unknown")]);
    check("size(overlap(partner.s, [\"anvil\"]))", &[(r#""s": ["anvil", "rocket"]"#, "1"), (r#""s": []"#, "0")]);
}
