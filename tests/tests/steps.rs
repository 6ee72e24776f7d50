//! The limit of steps: the same request is always answered or always refused, and an answer is whole.

use std::path::Path;
use std::sync::Arc;
use tierline_engine::compile::{Plan, Program};
use tierline_engine::date;
use tierline_engine::evaluate::{Failure, Question};
use tierline_engine::facts::{self, Arena};
use tierline_engine::load::{Folder, Library};

fn plan(day: &str) -> Arc<Plan> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (rules, plugins) = (Folder::scan(&root.join("rules")), Folder::scan(&root.join("plugins")));
    let (rules, plugins) = (rules.expect("the rules"), plugins.expect("the plugins"));
    let load = Program::load(Library::from(&rules).with_plugins(&plugins), "redhat-pex");
    Arc::clone(load.program.plan(None, date::parse(day).expect("a day")).expect("a version"))
}

fn decided(plan: &Plan, document: &str, day: &str, steps: u64) -> Result<String, Failure> {
    let arena = Arena::new();
    let facts = facts::read(&plan.schema, document.as_bytes(), &arena).expect("facts");
    let question = Question { steps, ..Question::on(date::parse(day).expect("a day")) };
    let decision = plan.decide(&facts, &question, &arena)?;
    Ok(String::from_utf8(decision.to_json()).expect("text"))
}

/// The fewest steps with which there is an answer.
fn fewest(plan: &Plan, document: &str, day: &str) -> u64 {
    let (mut too_few, mut enough) = (0u64, 1 << 40);
    while too_few + 1 < enough {
        let half = too_few.midpoint(enough);
        match decided(plan, document, day, half) {
            Ok(_) => enough = half,
            Err(failure) => {
                assert_eq!(failure, Failure::TooManySteps { most: half });
                too_few = half;
            }
        }
    }
    enough
}

/// A partner with so many sales in a year.
fn partner(sales: usize) -> String {
    let sales: Vec<String> = (0..sales)
        .map(|n| {
            let (month, day) = (n % 12 + 1, n % 28 + 1);
            format!(r#"{{"id":"S-{n}","product":"rhel","amount":"{n}.50","booked_on":"2024-{month:02}-{day:02}"}}"#)
        })
        .collect();
    format!(r#"{{"partner":{{"id":"P-1"}},"sales":[{}]}}"#, sales.join(","))
}

#[test]
fn an_answer_within_the_limit_is_the_whole_answer() {
    let plan = plan("2025-12-31");
    let document = include_str!("../benches/partner-year.json");
    let whole = decided(&plan, document, "2025-12-31", u64::MAX).expect("a decision");
    let fewest = fewest(&plan, document, "2025-12-31");
    assert_eq!(decided(&plan, document, "2025-12-31", fewest).expect("a decision"), whole);
    for steps in [0, 1, fewest / 2, fewest - 1] {
        assert_eq!(decided(&plan, document, "2025-12-31", steps), Err(Failure::TooManySteps { most: steps }));
    }
    let told = Failure::TooManySteps { most: 7 }.to_string();
    assert_eq!(told, "the evaluation takes more than 7 steps; each record or row that a rule looks at is one");
}

#[test]
fn steps_grow_as_the_records_do() {
    let plan = plan("2025-12-31");
    let of = |sales: usize| fewest(&plan, &partner(sales), "2024-06-30");
    let (few, many) = (of(200), of(400));
    assert!(many > few && many < 3 * few, "{few} steps for 200 sales, {many} for 400");
}
