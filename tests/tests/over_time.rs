//! The walk over time beside a plain oracle: every day is decided afresh, and levels are moved day by day as
//! the format says; what one evaluation says of other days must be the same.

#[path = "over_time/oracle.rs"]
mod oracle;
#[path = "over_time/shape.rs"]
mod shape;

use std::collections::BTreeMap;

use oracle::{Decided, moved};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use serde_json::{Value, json};
use shape::{LEVELS, Shape, date, facts, shape};
use tierline_engine::date::Date;

fn check_walk(shape: &Shape, facts: &Value, as_of: Date) -> TestCaseResult {
    let decided = Decided::new(shape, facts);
    let tier = decided.on(as_of)["ladders"]["tier"].clone();
    let (force, history) = moved(shape, &decided, as_of);
    let told = tier["history"].as_array().cloned().unwrap_or_default();
    prop_assert_eq!(&told, &history, "the history as of {}", as_of);
    prop_assert_eq!(&tier["in_force"], LEVELS[force], "in force as of {}", as_of);
    Ok(())
}

/// What one evaluation says of another day is what an evaluation on that day says.
fn check_at(shape: &Shape, facts: &Value, as_of: Date) -> TestCaseResult {
    let decided = Decided::new(shape, facts);
    let date_of =
        |field: &str| facts["partner"][field].as_str().and_then(tierline_engine::date::parse).expect("a date");
    let check_on = date_of("check_on");
    let (here, there) = (decided.on(as_of), decided.on(check_on));
    for (told, own) in [
        ("check_engineers", &there["measures"]["engineers"]),
        ("check_volume", &there["measures"]["volume"]),
        ("check_points", &there["measures"]["points"]),
        ("check_tier", &there["ladders"]["tier"]["in_force"]),
    ] {
        prop_assert_eq!(&here["measures"][told], own, "{} as of {}, of {}", told, as_of, check_on);
    }
    let days = check_on.iter_days().take_while(|day| *day <= date_of("check_until"));
    let paired: Vec<Value> = days.map(|day| decided.on(day)["measures"]["paired"].clone()).collect();
    prop_assert_eq!(&here["measures"]["ever_paired"], &json!(paired.contains(&json!(true))));
    prop_assert_eq!(&here["measures"]["always_paired"], &json!(!paired.contains(&json!(false))));
    Ok(())
}

/// Up to the end of the next cycle everything changes as the deadlines say, and nothing else changes.
fn check_deadlines(shape: &Shape, facts: &Value, as_of: Date) -> TestCaseResult {
    let decided = Decided::new(shape, facts);
    let (_, end) = shape.cycle(as_of);
    let (_, last) = shape.cycle(end);
    let mut told: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
    for deadline in decided.on(as_of)["deadlines"].as_array().into_iter().flatten() {
        let day = told.entry(deadline["on"].as_str().expect("a day").to_owned()).or_default();
        for change in deadline["changes"].as_array().into_iter().flatten() {
            day.insert(change["rule"].to_string(), json!([change["from"], change["to"]]));
        }
    }
    told.retain(|day, _| *day < last.to_string());
    told.retain(|_, changes| !changes.is_empty());
    let values = |day: Date| {
        let decision = decided.on(day);
        let mut values: BTreeMap<String, Value> = BTreeMap::new();
        values.insert(r#""tier.earned""#.to_owned(), decision["ladders"]["tier"]["earned"].clone());
        // What is brought along is a fact of its cycle; what is in force in the next one is not told.
        if shape.carried.is_none() || day < end {
            values.insert(r#""tier""#.to_owned(), decision["ladders"]["tier"]["in_force"].clone());
        }
        for rule in ["engineers", "paired", "volume", "largest", "points", "brought_along"] {
            values.insert(format!("\"{rule}\""), decision["measures"][rule].clone());
        }
        values
    };
    let mut found: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
    let mut before = values(as_of);
    for day in as_of.iter_days().skip(1).take_while(|day| *day < last) {
        let now = values(day);
        for (rule, value) in &now {
            if let Some(before) = before.get(rule).filter(|before| *before != value) {
                let day = found.entry(day.to_string()).or_default();
                day.insert(rule.clone(), json!([before, value]));
            }
        }
        before = now;
    }
    prop_assert_eq!(told, found, "deadlines as of {}", as_of);
    Ok(())
}

/// Few cases, since each decides every day of a cycle or two; `PROPTEST_CASES` asks for more.
fn config() -> ProptestConfig {
    let default = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { default.cases } else { 16 };
    ProptestConfig { cases, ..default }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_level_in_force_is_the_one_moved_day_by_day(shape in shape(), facts in facts(700), as_of in 0..700i64) {
        check_walk(&shape, &facts, date(as_of))?;
    }

    #[test]
    fn another_day_within_an_evaluation_is_that_day(shape in shape(), facts in facts(700), as_of in 0..700i64) {
        check_at(&shape, &facts, date(as_of))?;
    }

    #[test]
    fn everything_changes_on_deadlines_and_on_no_other_day(
        shape in shape(), facts in facts(700), as_of in 60..500i64
    ) {
        check_deadlines(&shape, &facts, date(as_of))?;
    }
}
