//! What `tierline test` shows of cases that pass, that fail, and that cannot be read.

use super::*;
use tierline_engine::compile::Program;

const RULES: &str = r#"
[rulebook]
program   = "acme"
version   = "2024"
status    = "published"
effective = { from = 2024-01-01 }
title     = "Acme"

[[measures]]
id    = "sellers"
count = "seller"

[[measures]]
id    = "partners"
count = "partner"

[facts.partner]
id = "id"

[facts.seller]
list = "sellers"
id   = "id"
"#;

const CASES: &str = r#"program = "acme"
as_of   = 2024-06-30
facts   = { partner = { id = "P-1" }, sellers = [] }
[[case]]
id     = "none"
source = "A-1, A-2"
expect.measures.sellers = 0
[[case]]
id     = "one <seller>"
source = "A-1, A-2"
expect.measures = { sellers = 1, partners = "1" }
"#;

fn run_cases(rules: &str, cases: &str) -> Suite {
    let rules = Folder::of("rules", [("acme/2024.toml", rules), ("acme/cases/a.toml", cases)]);
    let mut suite = suite(Program::load(&rules, "acme"), &rules, &Asked::All, true).expect("a program");
    for file in &mut suite.files {
        file.runs.iter_mut().for_each(|run| run.took = Duration::ZERO);
    }
    suite
}

fn shown(suite: &Suite) -> String {
    anstream::adapter::strip_str(&report::suite(suite)).to_string()
}

#[test]
fn a_failure_says_where_and_what_differs() {
    let suite = run_cases(RULES, CASES);
    let text = "\
acme
  ✗ rules/acme/cases/a.toml: 1 passed, 1 failed

  ✗ one <seller>
    rules/acme/cases/a.toml:9, as of 2024-06-30, by 2024, A-1, A-2
    measures.sellers
      expected  1
      found     0
    measures.partners
      expected  \"1\"
      found     1
      hint      counts are numbers in a decision: write 1

  coverage of acme@2024: 1 of 2 reached by a case
    sellers  never anything but zero

";
    assert_eq!(shown(&suite), text);
    assert_eq!(suite.failed(), 1);
}

#[test]
fn the_junit_report_tells_the_same() {
    let xml = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="tierline" tests="2" skipped="0" failures="1" errors="0">
    <testsuite name="rules/acme/cases/a.toml" tests="2" skipped="0" errors="0" failures="1" time="0.000">
        <testcase name="none" classname="acme" time="0.000" file="rules/acme/cases/a.toml" line="5"/>
        <testcase name="one &lt;seller&gt;" classname="acme" time="0.000" file="rules/acme/cases/a.toml" line="9">
            <failure message="measures.sellers: expected 1, found 0" type="difference">rules/acme/cases/a.toml:9
measures.sellers: expected 1, found 0
measures.partners: expected &quot;1&quot;, found 1 (counts are numbers in a decision: write 1)</failure>
        </testcase>
    </testsuite>
</testsuites>
"#;
    assert_eq!(junit::render(&[run_cases(RULES, CASES)]), xml);
}

#[test]
fn broken_files_are_no_success() {
    let suite = run_cases(RULES, &CASES.replace("expect.measures.sellers = 0", "expct.measures.sellers = 0"));
    assert!(suite.findings.has_errors());
    assert!(
        shown(&suite).starts_with("acme\n  ✗ rules/acme/cases/a.toml: 1 error, 0 passed, 1 failed\n"),
        "{}",
        shown(&suite)
    );
    let suite = run_cases(&RULES.replace("count = \"seller\"", "count = \"selller\""), CASES);
    assert_eq!(shown(&suite), "acme\n  ✗ the rules have 1 error, so no case was run\n\n");
    let xml = junit::render(&[suite]);
    assert!(xml.contains("<testsuite name=\"acme findings\" tests=\"1\" skipped=\"0\" errors=\"1\""), "{xml}");
    assert!(xml.contains("<testcase name=\"TL301 rules/acme/2024.toml:11\" classname=\"acme\""), "{xml}");
}

#[test]
fn a_version_takes_the_cases_that_it_answers() {
    let later = RULES.replace("2024", "2025");
    let rules = Folder::of(
        "rules",
        [("acme/2024.toml", RULES), ("acme/2025.toml", later.as_str()), ("acme/cases/a.toml", CASES)],
    );
    let counted = |version| {
        let suite = suite(Program::load(&rules, "acme"), &rules, &Asked::Version(String::from(version)), false);
        suite.map(|suite| suite.runs().count()).map_err(|error| error.to_string())
    };
    assert_eq!(counted("2024"), Ok(2));
    assert_eq!(counted("2025"), Ok(0));
    assert_eq!(counted("2026"), Err("`acme` has no version `2026`; did you mean `2024`?".to_owned()));
}

#[test]
fn a_broken_draft_is_left_out_and_the_cases_of_the_others_run() {
    let draft =
        RULES.replace("published", "draft").replace("2024", "2025").replace("count = \"seller\"", "count = \"sell\"");
    let cases = CASES.replace("\"1\"", "1").replace("sellers = 1", "sellers = 0")
        + "[[case]]\nid = \"next\"\nversion = \"2025\"\nexpect.measures = { sellers = 0, buyers = 1 }\n";
    let files = [("acme/2024.toml", RULES), ("acme/2025.toml", draft.as_str()), ("acme/cases/a.toml", cases.as_str())];
    let rules = Folder::of("rules", files);
    let tried = |asked: Asked| suite(Program::load(&rules, "acme"), &rules, &asked, false).expect("a program");
    let told = |suite: &Suite| suite.findings.iter().map(|finding| finding.code.id).collect::<Vec<_>>();
    let all = tried(Asked::All);
    assert_eq!(told(&all), ["TL301"], "names in cases of what is broken are not judged");
    let text = "\
acme
  ✗ rules/acme/2025.toml: 1 error
  ✗ 2025 has errors and is left out, and its case was not run
  ✓ rules/acme/cases/a.toml: 2 passed

";
    assert_eq!(shown(&all), text);
    let good = tried(Asked::Version("2024".to_owned()));
    assert_eq!((told(&good), good.left_out.len()), (Vec::new(), 0));
    assert_eq!(shown(&good), "acme\n  ✓ rules/acme/cases/a.toml: 2 passed\n\n");
    let bad = tried(Asked::Version("2025".to_owned()));
    assert_eq!(told(&bad), ["TL301"]);
    assert_eq!(shown(&bad), "acme\n  ✗ the rules have 1 error, so no case was run\n\n");
}
