//! The case runner itself: what must fail fails, with the exact difference; every mistake is found.

use super::{Case, CaseFile, Difference};
use crate::compile::Program;
use crate::finding::Findings;
use crate::load::Folder;
use crate::source::Sources;

const RULES: &str = r#"
[rulebook]
program   = "acme"
version   = "2024"
status    = "published"
effective = { from = 2024-01-01, until = 2025-01-01 }
currency  = "USD"
title     = "Acme"

[choices]
product = ["rocket", "anvil"]

[cycle]
starts = "01-01"

[parameters.reading]
rounding = { is = "floor", choices = ["floor", "prorate"] }
fixed    = { is = "1_000 USD" }

[[awards]]
id       = "resale"
sum      = "sale.amount"
per      = "fixed"
rounding = "rounding"
rows     = [ { product = "rocket", points = 10 }, { product = "anvil", points = 4 } ]

[[measures]]
id    = "deals"
count = "sale"

[[ladders]]
id    = "tier"
below = "none"
rows  = [ { id = "ready", points = 0, deals = 1 }, { id = "premier", points = 20, deals = 2 } ]

[facts.partner]
id = "id"

[facts.sale]
list      = "sales"
happened  = "booked_on"
id        = "id"
product   = "product"
amount    = "money"
booked_on = "date"
"#;

const SHARED: &str = r#"
program = "acme"
as_of   = 2024-06-30
[facts]
partner = { id = "P-1" }
sales   = [ { id = "S-1", product = "rocket", amount = "1500.50", booked_on = 2024-02-01 } ]
"#;

/// The cases of a file that starts with [`SHARED`], and every finding as `code line: message (help)`.
fn read(text: &str) -> (Program, Vec<CaseFile>, Vec<String>) {
    read_whole(&format!("{SHARED}{text}"))
}

fn read_whole(text: &str) -> (Program, Vec<CaseFile>, Vec<String>) {
    let json = r#"{"partner": {"id": "P-2"}, "sales": [{"id": "S-9", "product": "anvil", "amount": 2000.10, "booked_on": "2024-03-01"}]}"#;
    let rules =
        Folder::of("rules", [("acme/2024.toml", RULES), ("acme/cases/a.toml", text), ("acme/cases/year.json", json)]);
    let load = Program::load(&rules, "acme");
    assert!(load.findings.is_empty(), "{:?}", load.findings);
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    let files = super::read(&rules, &load.program, &mut sources, &mut findings);
    let told = findings.sorted().into_iter().map(|finding| {
        let help = finding.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
        let place = sources.position(finding.span);
        let line = place.line.saturating_sub(SHARED.lines().count());
        format!("{} {line}: {}{help}", finding.code.id, finding.message)
    });
    (load.program, files, told.collect())
}

/// The only case of a file, which has no findings.
fn only(text: &str) -> (Program, Case) {
    let (program, files, findings) = read(text);
    assert!(findings.is_empty(), "{findings:?}");
    (program, files[0].cases[0].clone())
}

fn told(differences: &[Difference]) -> Vec<String> {
    let line = |difference: &Difference| {
        let hint = difference.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
        format!("{}: {} but {}{hint}", difference.path, difference.expected, difference.found)
    };
    differences.iter().map(line).collect()
}

/// The differences of the only case that expects `expect`.
fn differences(expect: &str) -> Vec<String> {
    let (program, case) = only(&format!("[[case]]\nid = \"one\"\n{expect}"));
    told(&case.run(&program).differences)
}

/// What is found in a file.
fn findings(text: &str) -> Vec<String> {
    read(text).2
}

#[test]
fn what_is_as_expected_passes() {
    let expect = r#"
        expect.subject = "P-1"
        expect.version = "2024"
        expect.receipt.as_of = 2024-06-30
        expect.measures = { points = "10", deals = 1 }
        expect.awards.lines."resale.rocket" = { points = "10", basis = { amount = "1500.50", blocks = 1 }, facts = ["S-1"] }
        expect.awards.lines."resale.anvil" = "absent!"
        expect.undetermined.tier = "absent!"
        expect.ladders.tier.requirements."premier.points" = { have = "10", need = "20", state = "not_met" }
        expect.ladders.tier.next.missing.points.gap = "10"
    "#;
    assert_eq!(differences(expect), Vec::<String>::new());
}

#[test]
fn every_leaf_that_differs_is_told() {
    let expect = r#"
        expect.measures = { points = 10, deals = "1" }
        expect.awards.lines."resale.rocket" = { points = "10.0", basis.amount = "1500.5", facts = ["S-1", "S-2"] }
        expect.awards.lines."resale.rockets".points = "10"
        expect.awards.total = "absent!"
        expect.ladders.tier = { earned = "premier", state = "null!", earned.x = 1 }
    "#
    .replace(", earned.x = 1", "");
    assert_eq!(
        differences(&expect),
        [
            "measures.points: 10 but \"10\" (points and money are text in a decision: write \"10\")",
            "measures.deals: \"1\" but 1 (counts are numbers in a decision: write 1)",
            "awards.lines.\"resale.rocket\".points: \"10.0\" but \"10\" (the number is the same, but it is written \"10\")",
            "awards.lines.\"resale.rocket\".basis.amount: \"1500.5\" but \"1500.50\" (the number is the same, but it is written \"1500.50\")",
            "awards.lines.\"resale.rocket\".facts: [\"S-1\",\"S-2\"] but [\"S-1\"]",
            "awards.lines.\"resale.rockets\": {\"points\":\"10\"} but nothing (did you mean `resale.rocket`?)",
            "awards.total: nothing but \"10\"",
            "ladders.tier.earned: \"premier\" but \"ready\"",
            "ladders.tier.state: null but nothing",
        ]
    );
}

#[test]
fn a_name_that_several_go_by_must_say_which() {
    let hint = "several are called `points`; say which, as in \"ready.points\"";
    let found = differences("expect.ladders.tier.requirements.points.state = \"met\"");
    assert!(found[0].starts_with("ladders.tier.requirements.points: {\"state\":\"met\"} but [{"), "{found:?}");
    assert!(found[0].ends_with(&format!("({hint})")), "{found:?}");
}

#[test]
fn what_is_not_known_says_for_want_of_what() {
    let text =
        "facts = { partner = { id = \"P-1\" } }\nchange = { \"sales\" = \"absent!\" }\nexpect.measures.deals = 1";
    let (program, case) = only(&format!("[[case]]\nid = \"one\"\n{text}"));
    let outcome = case.run(&program);
    assert_eq!(
        told(&outcome.differences),
        [
            "measures.deals: 1 but {\"at_least\":0} (undetermined: deals for want of sales; points for want of sales; resale.rocket for want of sales)"
        ]
    );
}

#[test]
fn refused_facts_are_expected_by_their_place_and_words() {
    let wrong = "change = { \"sales.S-1.product\" = \"rockett\" }\n";
    let message = "message = \"`rockett` is not one of the words here\"";
    let exact = format!("{wrong}expect.error = {{ pointer = \"/sales/0/product\", {message} }}");
    assert_eq!(differences(&exact), Vec::<String>::new());
    let place = format!("{wrong}expect.error = {{ pointer = \"/sales/0/amount\" }}");
    let found = "/sales/0/product: `rockett` is not one of the words here (did you mean `rocket`?)";
    assert_eq!(differences(&place), [format!("error.pointer: /sales/0/amount but {found}")]);
    let words = format!("{wrong}expect.error = {{ pointer = \"/sales/0/product\", message = \"no\" }}");
    assert_eq!(differences(&words), ["error.message: no but `rockett` is not one of the words here"]);
    let decision = format!("{wrong}expect.measures.deals = 1");
    let unfit = "TL803 3: `rockett` is not one of the words here (did you mean `rocket`?)";
    assert_eq!(findings(&format!("[[case]]\nid = \"one\"\n{decision}")), [unfit]);
    let none = "expect.error = { pointer = \"/sales/0/product\" }";
    assert_eq!(differences(none), ["error.pointer: /sales/0/product but facts without a mistake"]);
}

#[test]
fn facts_that_do_not_fit_are_found_where_they_are_said() {
    let case = |rest: &str| format!("[[case]]\nid = \"one\"\n{rest}\nexpect.measures.deals = 1\n");
    let written = "facts.sales = [ { id = \"S-1\", product = \"anvil\", amount = 1,\n  booked = 2024-02-01 } ]";
    let help = "(did you mean `booked_on`?)";
    assert_eq!(findings(&case(written)), [format!("TL803 4: `booked` is not known here {help}")]);
    let changed = "change = { \"sales.S-1.amount\" = true }";
    assert_eq!(findings(&case(changed)).iter().map(|told| &told[..8]).collect::<Vec<_>>(), ["TL803 3:"]);
    let table = "[[table]]\nid = \"t\"\ngiven = [\"sales.S-1.product\"]\nexpect = [\"measures.deals\"]\nrows = [\n  [\"anvil\", 1],\n  [\"anvli\", 1],\n]\n";
    assert_eq!(findings(table), ["TL803 7: `anvli` is not one of the words here (did you mean `anvil`?)"]);
    let (_, files, _) = read(&format!("{}{table}", case("")));
    assert_eq!(files[0].cases.iter().map(|case| case.id.as_str()).collect::<Vec<_>>(), ["one"]);
}

#[test]
fn a_table_is_like_no_case() {
    let text =
        "[[table]]\nid = \"t\"\nlike = \"one\"\ngiven = [\"deals\"]\nexpect = [\"measures.deals\"]\nrows = [[1, 1]]\n";
    let help = "only a case is like another; write `facts` here, or at the top of the file";
    assert_eq!(findings(text), [format!("TL201 3: `like` means nothing here ({help})")]);
}

#[test]
fn a_version_that_is_not_there_is_found() {
    let case = "[[case]]\nid = \"one\"\nversion = \"2042\"\nexpect.measures.deals = 1\n";
    assert_eq!(findings(case), ["TL301 3: `acme` has no version `2042` (did you mean `2024`?)"]);
}

#[test]
fn a_result_that_no_decision_has_is_found_though_it_is_expected_to_be_absent() {
    let case = "[[case]]\nid = \"one\"\nexpect.ladders.teir = \"absent!\"\nexpect.measures.deals = 1\n";
    assert_eq!(findings(case), ["TL804 3: no decision has `ladders.teir` (did you mean `tier`?)"]);
}

#[test]
fn a_failure_can_be_expected() {
    let outside = "as_of = 2025-01-01\n";
    let message = "no published version of `acme` is in force on 2025-01-01";
    assert_eq!(differences(&format!("{outside}expect.failure = \"{message}\"")), Vec::<String>::new());
    assert_eq!(differences(&format!("{outside}expect.failure = \"no\"")), [format!("failure: no but {message}")]);
    assert_eq!(differences(&format!("{outside}expect.measures.deals = 1")), [format!(": a decision but {message}")]);
    assert_eq!(differences("expect.failure = \"no\""), ["failure: no but a decision"]);
    assert_eq!(differences("expect.version = \"2023\""), ["version: 2023 but 2024"]);
}

#[test]
fn a_case_takes_over_everything_but_the_expectation() {
    let text = r#"
        [[case]]
        id = "second"
        like = "first"
        change = { "sales.S-9.amount" = 3000, "sales.S-9.booked_on" = 2024-03-02 }
        expect.measures.points = "12"
        [[case]]
        id = "first"
        facts = "year.json"
        parameters = { rounding = "prorate" }
        expect.measures.points = "8.0004"
    "#;
    let (program, files, findings) = read(text);
    assert_eq!(findings, Vec::<String>::new());
    for case in &files[0].cases {
        assert_eq!(told(&case.run(&program).differences), Vec::<String>::new(), "{}", case.id);
        assert_eq!(case.readings, [("rounding".to_owned(), 1)], "{}", case.id);
    }
    let facts = String::from_utf8_lossy(&files[0].cases[1].facts).into_owned();
    assert_eq!(
        facts,
        r#"{"partner": {"id": "P-2"}, "sales": [{"id": "S-9", "product": "anvil", "amount": 2000.10, "booked_on": "2024-03-01"}]}"#
    );
}

#[test]
fn every_row_of_a_table_is_a_case() {
    let text = r#"
[[table]]
id     = "levels"
given  = ["points", "sales.0.booked_on"]
expect = ["ladders.tier.earned", "ladders.tier.requirements.\"ready.deals\".have"]
rows   = [
  [19, 2024-02-01, "ready", 1],
  [20, 2024-12-01, "none", 1],
]"#;
    let (program, files, findings) = read(text);
    assert_eq!(findings, Vec::<String>::new());
    let outcomes: Vec<_> =
        files[0].cases.iter().map(|case| (case.id.as_str(), told(&case.run(&program).differences))).collect();
    let differs = "ladders.tier.requirements.\"ready.deals\".have: 1 but 0".to_owned();
    assert_eq!(outcomes, [("levels.1", vec![]), ("levels.2", vec![differs])]);
}

#[test]
fn a_table_may_expect_refusals() {
    let text = r#"
[[table]]
id     = "words"
given  = ["sales.S-1.product"]
expect = ["error.pointer", "error.message"]
rows   = [ ["gold", "/sales/0/product", "`gold` is not one of the words here"], ["anvil", "/sales/0/product", "x"] ]
[[table]]
id     = "twice"
expect = ["measures", "measures.deals"]
rows   = [[1, 1]]"#;
    let (program, files, findings) = read(text);
    assert_eq!(findings, ["TL206 9: another column already says what `measures.deals` is"]);
    let outcomes: Vec<_> = files[0].cases.iter().map(|case| told(&case.run(&program).differences)).collect();
    let none = "error.pointer: /sales/0/product but facts without a mistake".to_owned();
    assert_eq!(outcomes[..2], [vec![], vec![none]]);
}

#[test]
fn keys_that_mean_nothing_are_found() {
    assert_eq!(
        findings("[[case]]\nid = \"one\"\nexpects.measures.deals = 1"),
        ["TL201 3: `expects` means nothing here (did you mean `expect`?)"]
    );
    assert_eq!(findings("[[case]]\nid = \"one\""), ["TL202 1: `expect` is missing (write `expect = …` here)"]);
}

#[test]
fn a_case_that_cannot_fail_is_found() {
    let help = "(say what the decision holds, such as `expect.ladders.tier.earned = \"…\"`)";
    assert_eq!(
        findings("[[case]]\nid = \"one\"\nexpect.measures = {}\n[[table]]\nid = \"two\"\nrows = []"),
        [
            format!("TL801 2: `one` expects nothing, so it cannot fail {help}"),
            format!("TL801 5: `two` expects nothing, so it cannot fail {help}"),
        ]
    );
    assert_eq!(
        findings("[[case]]\nid = \"one\"\nexpect = { failure = \"x\", subject = \"P-1\" }"),
        ["TL206 3: where `failure` is expected there is no decision to expect something of"]
    );
}

#[test]
fn what_is_no_part_of_a_decision_is_found() {
    let text = r#"
[[case]]
id = "one"
expect.undetermind.tier = "absent!"
[[table]]
id = "two"
expect = ["ladder.tier.earned"]
rows = [["ready"]]
"#;
    assert_eq!(
        findings(text),
        [
            "TL201 4: `undetermind` is no part of a decision (did you mean `undetermined`?)",
            "TL201 7: `ladder` is no part of a decision (did you mean `ladders`?)",
        ]
    );
}

#[test]
fn names_that_lead_nowhere_are_found() {
    let text = r#"
[[case]]
id = "one"
like = "tow"
expect.measures.deals = 1
[[case]]
id = "two"
like = "three"
expect.measures.deals = 1
[[case]]
id = "three"
like = "two"
expect.measures.deals = 1
[[case]]
id = "two"
facts = "yaer.json"
change = { "sales.S-2.amount" = 1, "sales.S-1.note" = "x", "partner.name.first" = "y" }
parameters = { roundng = "floor", rounding = "ceil", fixed = 1 }
expect.measures.deals = 1
[[table]]
id = "four"
given = ["deal"]
expect = ["measures.deals"]
rows = [[1], [1, 2], 3]
"#;
    let help = "a record is named by its id or by its place from 0; a new list or record is written with `facts`";
    assert_eq!(
        findings(text),
        [
            "TL301 4: this file has no case `tow` (did you mean `two`?)".to_owned(),
            "TL304 8: `three` is like itself, by way of others perhaps".to_owned(),
            "TL304 12: `two` is like itself, by way of others perhaps".to_owned(),
            "TL302 15: another case is called `two`".to_owned(),
            "TL102 16: there is no file `rules/acme/cases/yaer.json` (did you mean `year.json`?)".to_owned(),
            format!("TL802 17: `sales` has no `S-2` ({help})"),
            format!("TL802 17: `partner` has no `name` ({help})"),
            "TL301 18: `2024` has no parameter `roundng` (did you mean `rounding`?)".to_owned(),
            "TL204 18: \"ceil\" is no reading of `rounding` (the choices are \"floor\", \"prorate\")".to_owned(),
            "TL204 18: `fixed` has no other readings (give the parameter `choices` in the rulebook)".to_owned(),
            "TL301 22: there is no measure `deal` to be given (did you mean `deals`?)".to_owned(),
            "TL104 24: the row has 1 cells, the table has 2 columns".to_owned(),
            "TL203 24: expected a row [ … ] with a cell for each column, found a number".to_owned(),
        ]
    );
}

#[test]
fn a_day_and_the_right_program_are_needed() {
    let (_, _, findings) = read_whole("program = \"acme-two\"\n[[case]]\nid = \"one\"\nexpect.measures.deals = 1");
    assert_eq!(
        findings,
        [
            "TL703 0: the file says `acme-two`, its folder says `acme` (cases are kept in PROGRAM/cases/; rename one of the two)",
            "TL202 0: `one` asks for no day: `as_of` is missing (write it in the case, or at the top of the file for all of them)",
        ]
    );
}

#[test]
fn what_no_case_reaches_is_told() {
    let (program, case) = only("[[case]]\nid = \"one\"\nexpect.measures.deals = 1");
    let outcome = case.run(&program);
    let coverage = crate::coverage::of(&program, [(&case, &outcome)]);
    let gaps: Vec<_> = coverage[0].gaps.iter().map(|gap| format!("{} {}", gap.rule, gap.never)).collect();
    assert_eq!(
        gaps,
        [
            "resale.anvil never earns",
            "tier.none never earned",
            "tier.premier never earned",
            "tier.ready.deals never not met",
            "tier.premier.points never met",
            "tier.premier.deals never met",
            "parameters.rounding choice 2 never asked for",
        ]
    );
    assert_eq!((coverage[0].version.as_str(), coverage[0].cases, coverage[0].all), ("2024", 1, 15));
}
