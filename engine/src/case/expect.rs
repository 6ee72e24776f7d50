//! What a case expects: a part of the decision, compared leaf by leaf and exactly.

use super::change::{ABSENT, NULL};
use super::name::{join, name, names};
use crate::document::{Item, Node};
use crate::finding::did_you_mean;
use crate::value::Decimal;
use serde_json::Value;

/// What a case expects.
#[derive(Clone, Debug)]
pub enum Expect {
    /// These parts of the decision.
    Decision(Node),
    /// That the facts are refused for a mistake at this JSON Pointer, with these words if any are given.
    Error {
        /// The place.
        pointer: String,
        /// The words.
        message: Option<String>,
    },
    /// That there is no decision, for this reason.
    Failure(String),
}

/// One thing that is not as expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its path in the decision.
    pub path: String,
    /// What the case expects.
    pub expected: String,
    /// What there is.
    pub found: String,
    /// What to look at, where that can be said.
    pub hint: Option<String>,
}

/// The parts of a decision. A misspelled one is never there, so that `"absent!"` would hold for it.
pub const PARTS: [&str; 16] = [
    "receipt",
    "subject",
    "provisional",
    "standing",
    "measures",
    "awards",
    "ladders",
    "rulings",
    "credits",
    "not_credited",
    "benefits",
    "obligations",
    "deadlines",
    "exceptions",
    "undetermined",
    "trace",
];

/// What `found` says where nothing is there.
pub const NOTHING: &str = "nothing";

/// Everything in which a decision is not what `part` says.
pub fn compare(part: &Node, decision: &Value) -> Vec<Difference> {
    let mut differences = Vec::new();
    walk("", part, Some(decision), &mut differences);
    differences
}

/// Whether something is said about the decision at all.
pub fn says_something(node: &Node) -> bool {
    match &node.item {
        Item::Table(table) => table.entries.iter().any(|(_, node)| says_something(node)),
        _ => true,
    }
}

fn walk(path: &str, expected: &Node, found: Option<&Value>, out: &mut Vec<Difference>) {
    let Item::Table(table) = &expected.item else {
        let missing = expected.as_text() == Some(ABSENT);
        if missing != found.is_none() || !(missing || found.is_some_and(|found| same(expected, found))) {
            out.push(difference(path, expected, found, found.and_then(|found| spelling(expected, found))));
        }
        return;
    };
    if found.is_none() && !only_absent(expected) {
        out.push(difference(path, expected, found, None));
        return;
    }
    for (name, node) in &table.entries {
        let inner_path = join(path, &name.text);
        match enter(found, &name.text) {
            Ok(None) if !only_absent(node) => {
                let near = found.and_then(|found| did_you_mean(&name.text, keys(found).iter().map(String::as_str)));
                out.push(difference(&inner_path, node, None, near));
            }
            Ok(inner) => walk(&inner_path, node, inner, out),
            Err(hint) => out.push(difference(&inner_path, node, found, Some(hint))),
        }
    }
}

/// What stands under `step`: a key of an object, or the item of a list that goes by that name.
fn enter<'v>(found: Option<&'v Value>, step: &str) -> Result<Option<&'v Value>, String> {
    match found {
        None => Ok(None),
        Some(Value::Object(map)) => Ok(map.get(step)),
        Some(Value::Array(items)) => {
            let named: Vec<&Value> = items.iter().filter(|item| names(item).iter().any(|name| name == step)).collect();
            match named.as_slice() {
                [] => Ok(step.parse::<usize>().ok().and_then(|place| items.get(place))),
                [item] => Ok(Some(item)),
                [first, ..] => {
                    let whole = name(first).unwrap_or_default();
                    Err(format!("several are called `{step}`; say which, as in \"{whole}\""))
                }
            }
        }
        Some(_) => Err("there is no table here, but a single value".to_owned()),
    }
}

fn keys(found: &Value) -> Vec<String> {
    match found {
        Value::Object(map) => map.keys().cloned().collect(),
        Value::Array(items) => items.iter().flat_map(names).collect(),
        _ => Vec::new(),
    }
}

/// Whether a value is exactly what is written.
fn same(expected: &Node, found: &Value) -> bool {
    match (&expected.item, found) {
        (Item::Text(text), Value::Null) => text == NULL,
        (Item::Text(text), Value::String(found)) => text == found,
        (Item::Number(number), Value::Number(found)) => Decimal::from_str_exact(&found.to_string()) == Ok(*number),
        (Item::Flag(flag), Value::Bool(found)) => flag == found,
        (Item::Date(date), Value::String(found)) => date.to_string() == *found,
        (Item::List(list), Value::Array(found)) => {
            list.len() == found.len() && list.iter().zip(found).all(|(expected, found)| same(expected, found))
        }
        (Item::Table(table), Value::Object(found)) => {
            table.entries.len() == found.len()
                && table.entries.iter().all(|(name, node)| found.get(&name.text).is_some_and(|found| same(node, found)))
        }
        _ => false,
    }
}

fn only_absent(node: &Node) -> bool {
    match &node.item {
        Item::Text(text) => text == ABSENT,
        Item::Table(table) => !table.entries.is_empty() && table.entries.iter().all(|(_, node)| only_absent(node)),
        _ => false,
    }
}

/// A hint where the value is right and only its type is not.
fn spelling(expected: &Node, found: &Value) -> Option<String> {
    match (&expected.item, found) {
        (Item::Number(number), Value::String(text)) if Decimal::from_str_exact(text) == Ok(*number) => {
            Some(format!("points and money are text in a decision: write \"{text}\""))
        }
        (Item::Text(text), Value::Number(number)) if *text == number.to_string() => {
            Some(format!("counts are numbers in a decision: write {number}"))
        }
        (Item::Text(text), Value::String(found)) => {
            let (text, number) = (Decimal::from_str_exact(text).ok()?, Decimal::from_str_exact(found).ok()?);
            (text == number).then(|| format!("the number is the same, but it is written \"{found}\""))
        }
        _ => None,
    }
}

fn difference(path: &str, expected: &Node, found: Option<&Value>, hint: Option<String>) -> Difference {
    let found = found.map_or_else(|| NOTHING.to_owned(), Value::to_string);
    Difference { path: path.to_owned(), expected: told(expected), found, hint }
}

/// A value of a case file as a decision would print it.
pub fn told(node: &Node) -> String {
    match &node.item {
        Item::Text(text) if text == ABSENT => NOTHING.to_owned(),
        Item::Text(text) if text == NULL => "null".to_owned(),
        Item::Text(text) => Value::from(text.as_str()).to_string(),
        Item::Number(number) => number.to_string(),
        Item::Flag(flag) => flag.to_string(),
        Item::Date(date) => format!("\"{date}\""),
        Item::List(list) => format!("[{}]", list.iter().map(told).collect::<Vec<_>>().join(",")),
        Item::Table(table) => {
            let entries =
                table.entries.iter().map(|(name, node)| format!("{}:{}", Value::from(name.text.as_str()), told(node)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_item_of_a_list_is_found_by_its_day_rule_and_subject() {
        let expiry = |on: &str, subject: &str| json!({ "on": on, "rule": "sellers", "subject": subject });
        let due = json!({ "on": "2025-01-25", "rule": "compliance" });
        let list = json!([expiry("2025-01-25", "K-1"), expiry("2025-01-25", "K-2"), expiry("2025-02-01", "K-2"), due]);
        let found = |step: &str| enter(Some(&list), step).map(|item| item.cloned());
        assert_eq!(found("2025-01-25.sellers.K-2"), Ok(Some(expiry("2025-01-25", "K-2"))));
        assert_eq!(found("2025-01-25.K-1"), Ok(Some(expiry("2025-01-25", "K-1"))));
        assert_eq!(found("sellers.K-1"), Ok(Some(expiry("2025-01-25", "K-1"))));
        assert_eq!(found("2025-02-01"), Ok(Some(expiry("2025-02-01", "K-2"))));
        assert_eq!(found("2025-01-25.compliance"), Ok(Some(due.clone())));
        assert_eq!(found("2025-01-26"), Ok(None));
        let hint = "several are called `2025-01-25`; say which, as in \"2025-01-25.sellers.K-1\"";
        assert_eq!(found("2025-01-25"), Err(hint.to_owned()));
        let moved = json!([{ "on": "2024-09-03", "from": "ready", "to": "advanced", "because": "earned" }]);
        assert_eq!(enter(Some(&moved), "2024-09-03"), Ok(moved.get(0)));
    }
}
