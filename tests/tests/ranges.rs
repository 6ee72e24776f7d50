//! The law of ranges: whatever the unknown turns out to be, the answer lies in what was said before.

use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::{Arc, LazyLock};
use tierline_engine::compile::Plan;
use tierline_tests::acme;

const RULES: &str = r#"
[facts.partner]
id    = "id"
bonus = "flag"

[facts.item]
list    = "items"
happened = "on"
id      = "id"
on      = "date"
good    = "flag"
value   = "number"
holder  = ["ann", "ben"]

[parameters]
two   = { is = 2 }
block = { is = 3 }
bands = { bands = [ { below = 1, is = 10 }, { up_to = 4, is = 20 }, { is = 30 } ] }

[[measures]]
id    = "held"
count = "item"
where = 'good'

[[measures]]
id    = "recent"
count = "item"
where = 'good'
within = "1 year"

[[measures]]
id       = "holders"
count    = "item"
where    = 'good'
once_per = "holder"

[[measures]]
id    = "total"
sum   = "item.value"
where = 'good'

[[measures]]
id    = "least"
min   = "item.value"
where = 'good'

[[measures]]
id    = "most"
max   = "item.value"
where = 'good'

[[measures]]
id     = "middle"
median = "item.value"
where  = 'good'

[[measures]]
id     = "last"
latest = "item.value"
where  = 'good'

[[measures]]
id  = "some"
any = "item.good"

[[measures]]
id  = "whole"
all = "item.good"

[[measures]]
id      = "names"
collect = "item.holder"
where   = 'good'

[[measures]]
id    = "how_many_names"
value = 'size(names)'

[[measures]]
id    = "added"
value = 'sum(item, value, good)'

[[measures]]
id    = "listed"
value = 'count(item, good && value > 0)'

[[measures]]
id    = "mixed"
value = 'if partner.bonus { total * two } else { min(total, held) - two }'

[[measures]]
id    = "curved"
value = 'total / two + held * held'

[[measures]]
id    = "banded"
value = 'bands[total]'

[[measures]]
id    = "enough"
value = 'total >= two || held >= two'

[[awards]]
id    = "records"
count = "item"
where = 'good'
at_most = 25
rows  = [ { holder = "ann", points = 10 }, { holder = "ben", points = 7 } ]

[[awards]]
id       = "blocks"
sum      = "item.value"
per      = "block"
rounding = "floor"
over     = "record"
rows     = [ { id = "all", points = 5 } ]

[[awards]]
id       = "added_blocks"
sum      = "item.value"
per      = "block"
rounding = "ceil"
rows     = [ { id = "all", points = 2 } ]

[[ladders]]
id   = "tier"
rows = [
  { id = "silver", held = 1 },
  { id = "gold",   held = 2, total = 3 },
  { id = "gold",   via = "points", points = 30 },
  { id = "best",   holders = 2, whole = true },
]
"#;

static PLAN: LazyLock<Arc<Plan>> = LazyLock::new(|| acme::plan(RULES));

/// One item of which some fields are unknown.
#[derive(Clone, Debug)]
struct Item {
    on: Option<u8>,
    good: Option<bool>,
    value: Option<i8>,
    holder: Option<bool>,
}

fn item() -> impl Strategy<Value = Item> {
    // The more there is to complete, the rarer it is.
    let rarely = |known: BoxedStrategy<u8>| prop::option::weighted(0.85, known);
    (
        rarely((0u8..3).boxed()),
        prop::option::weighted(0.7, any::<bool>()),
        prop::option::weighted(0.7, -3i8..6),
        prop::option::weighted(0.85, any::<bool>()),
    )
        .prop_map(|(on, good, value, holder)| Item { on, good, value, holder })
}

const DAYS: [&str; 3] = ["2029-01-01", "2030-05-01", "2031-01-01"];

fn written(items: &[Item], bonus: Option<bool>) -> String {
    let list: Vec<Value> = items
        .iter()
        .enumerate()
        .map(|(place, item)| {
            let mut object = json!({ "id": format!("I-{place}") });
            if let Some(on) = item.on {
                object["on"] = json!(DAYS[usize::from(on)]);
            }
            if let Some(good) = item.good {
                object["good"] = json!(good);
            }
            if let Some(value) = item.value {
                object["value"] = json!(value);
            }
            if let Some(holder) = item.holder {
                object["holder"] = json!(if holder { "ann" } else { "ben" });
            }
            object
        })
        .collect();
    let mut partner = json!({ "id": "P" });
    if let Some(bonus) = bonus {
        partner["bonus"] = json!(bonus);
    }
    json!({ "partner": partner, "items": list }).to_string()
}

/// Every way in which the unknown may turn out; `None` when there are too many.
fn completions(items: &[Item], bonus: Option<bool>) -> Option<Vec<(Vec<Item>, Option<bool>)>> {
    let mut all = vec![(Vec::new(), bonus)];
    for item in items {
        let mut next = Vec::new();
        for (before, bonus) in &all {
            for on in item.on.map_or(vec![0, 1, 2], |on| vec![on]) {
                for good in item.good.map_or(vec![false, true], |good| vec![good]) {
                    for value in item.value.map_or(vec![-4, 0, 7], |value| vec![value]) {
                        for holder in item.holder.map_or(vec![false, true], |holder| vec![holder]) {
                            let whole =
                                Item { on: Some(on), good: Some(good), value: Some(value), holder: Some(holder) };
                            let mut items: Vec<Item> = before.clone();
                            items.push(whole);
                            next.push((items, *bonus));
                        }
                    }
                }
            }
        }
        if next.len() > 200 {
            return None;
        }
        all = next;
    }
    if bonus.is_none() {
        let both = |(items, _): (Vec<Item>, Option<bool>)| [true, false].map(|bonus| (items.clone(), Some(bonus)));
        all = all.into_iter().flat_map(both).collect();
    }
    Some(all)
}

fn decided(facts: &str) -> Value {
    acme::decided(&PLAN, facts, "2030-06-01").expect("a decision")
}

fn number(value: &Value) -> Option<rust_decimal::Decimal> {
    match value {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.to_string().parse().ok(),
        _ => None,
    }
}

/// Whether an answer that was given while something was unknown allows the answer for a completion.
fn allows(open: &Value, undetermined: bool, whole: &Value) -> bool {
    match open {
        Value::Null => undetermined || whole.is_null(),
        Value::Object(bounds) if bounds.keys().all(|key| key == "at_least" || key == "at_most") => {
            let Some(whole) = number(whole) else { return false };
            let low = bounds.get("at_least").and_then(number).is_none_or(|low| low <= whole);
            let high = bounds.get("at_most").and_then(number).is_none_or(|high| whole <= high);
            low && high
        }
        Value::Array(members) => {
            // A set names what is certainly in it; `null` stands for what may be.
            let Some(whole) = whole.as_array() else { return false };
            let known: Vec<_> = members.iter().filter(|member| !member.is_null()).collect();
            known.iter().all(|member| whole.contains(member)) && (undetermined || known.len() == whole.len())
        }
        known => match (number(known), number(whole)) {
            (Some(a), Some(b)) => a == b,
            _ => known == whole,
        },
    }
}

fn is_undetermined(decision: &Value, rule: &str) -> bool {
    decision["undetermined"].as_array().into_iter().flatten().any(|entry| entry["rule"] == rule)
}

fn hold(open: &Value, whole: &Value) -> Result<(), String> {
    for (name, value) in open["measures"].as_object().into_iter().flatten() {
        if !allows(value, is_undetermined(open, name), &whole["measures"][name]) {
            return Err(format!("`{name}` was {value}, and is {}", whole["measures"][name]));
        }
    }
    let total = &open["awards"]["total"];
    if !allows(total, is_undetermined(open, "points"), &whole["awards"]["total"]) {
        return Err(format!("the points were {total}, and are {}", whole["awards"]["total"]));
    }
    let (before, after) = (&open["ladders"]["tier"], &whole["ladders"]["tier"]);
    if !before["earned"].is_null() && before["earned"] != after["earned"] {
        return Err(format!("`tier` was {}, and is {}", before["earned"], after["earned"]));
    }
    let states = |ladder: &Value| ladder["requirements"].as_array().cloned().unwrap_or_default();
    for (before, after) in states(before).iter().zip(states(after)) {
        if before["state"] != "undetermined" && before["state"] != after["state"] {
            return Err(format!("the requirement {before} became {after}"));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_completion_lies_in_what_was_said(
        items in prop::collection::vec(item(), 0..5),
        bonus in prop::option::weighted(0.7, any::<bool>()),
    ) {
        let Some(completions) = completions(&items, bonus) else { return Ok(()) };
        let facts = written(&items, bonus);
        let open = decided(&facts);
        for (items, bonus) in completions {
            let whole_facts = written(&items, bonus);
            let whole = decided(&whole_facts);
            if let Err(broken) = hold(&open, &whole) {
                return Err(TestCaseError::fail(format!("{broken}\nopen:  {facts}\nwhole: {whole_facts}")));
            }
        }
    }
}

#[test]
fn four_valid_and_one_undated_still_meet_three() {
    let item = |place: u32, good: &str| {
        format!(r#"{{"id": "I-{place}", "on": "2030-01-01", "value": 1, "holder": "ann"{good}}}"#)
    };
    let items: Vec<String> = (0..4).map(|place| item(place, r#", "good": true"#)).chain([item(4, "")]).collect();
    let decision = decided(&format!(r#"{{"partner": {{"id": "P", "bonus": true}}, "items": [{}]}}"#, items.join(", ")));
    assert_eq!(decision["measures"]["held"], json!({ "at_least": 4, "at_most": 5 }));
    assert_eq!(decision["measures"]["total"], json!({ "at_least": "4", "at_most": "5" }));
    assert_eq!(decision["measures"]["enough"], json!(true));
    assert_eq!(decision["ladders"]["tier"]["requirements"][0]["state"], "met");
}
