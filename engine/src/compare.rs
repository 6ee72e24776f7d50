//! Two decisions side by side: every place at which they differ, record by record.
//!
//! Items of lists are held against each other by what names them, so that one line more leaves the others
//! as they are; their order means nothing. A place is told as cases tell it, `awards.lines."resale.rhel".points`.
//! It knows decisions and nothing of how they came about.

use crate::case::{join, name};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// A place at which two decisions differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Difference {
    /// The place, as the cases of a rulebook name it: keys, and names of items, joined by dots; a step with
    /// dots in it stands in quotes.
    pub path: String,
    /// What the old decision says there; left out when it says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<Value>,
    /// What the new decision says there; left out when it says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<Value>,
}

/// Every place at which two decisions differ, but for their receipts; in the order of the old one, with what
/// only the new one has after that.
pub fn decisions(old: &Value, new: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    differ("", Some(old), Some(new), &mut found);
    found
}

fn differ(path: &str, old: Option<&Value>, new: Option<&Value>, found: &mut Vec<Difference>) {
    match (old, new) {
        (Some(Value::Object(before)), Some(Value::Object(after))) => {
            let added = after.keys().filter(|key| !before.contains_key(*key));
            for key in before.keys().chain(added).filter(|key| *key != "receipt") {
                differ(&join(path, key), before.get(key), after.get(key), found);
            }
        }
        (Some(Value::Array(before)), Some(Value::Array(after))) => items(path, before, after, found),
        // A list with nothing in it is left out of a decision.
        (None, Some(Value::Array(after))) if !after.is_empty() => items(path, &[], after, found),
        (Some(Value::Array(before)), None) if !before.is_empty() => items(path, before, &[], found),
        (old, new) if old != new => {
            found.push(Difference { path: path.to_owned(), old: old.cloned(), new: new.cloned() });
        }
        _ => {}
    }
}

fn items(path: &str, old: &[Value], new: &[Value], found: &mut Vec<Difference>) {
    let (before, after) = names(old, new);
    let places: HashMap<&str, &Value> = after.iter().map(String::as_str).zip(new).collect();
    for (name, item) in before.iter().zip(old) {
        differ(&join(path, name), Some(item), places.get(name.as_str()).copied(), found);
    }
    let known: HashSet<&String> = before.iter().collect();
    for (name, item) in after.iter().zip(new).filter(|(name, _)| !known.contains(name)) {
        differ(&join(path, name), None, Some(item), found);
    }
}

/// What the items of two lists are called, each differently from all others of its list.
fn names(old: &[Value], new: &[Value]) -> (Vec<String>, Vec<String>) {
    let mut called = [old, new].map(|items| items.iter().map(own).collect::<Vec<_>>());
    let [before, after] = called.each_ref().map(|names| alike(names));
    let mut several: Vec<&String> =
        before.iter().chain(&after).filter(|(_, places)| places.len() > 1).map(|(name, _)| name).collect();
    several.sort_unstable();
    several.dedup();
    let mut changes = Vec::new();
    for name in several {
        let places = [&before, &after].map(|named| named.get(name).map_or(&[][..], Vec::as_slice));
        let key = telling([(old, places[0]), (new, places[1])]);
        for (side, items) in [old, new].into_iter().enumerate() {
            for (count, place) in places[side].iter().enumerate() {
                let text = key.and_then(|key| items[*place].get(key)?.as_str());
                let whole = match text {
                    Some(text) => format!("{name}.{text}"),
                    None => format!("{name}#{}", count + 1),
                };
                changes.push((side, *place, whole));
            }
        }
    }
    for (side, place, name) in changes {
        called[side][place] = name;
    }
    called.into()
}

/// Where each name stands.
fn alike(names: &[String]) -> HashMap<String, Vec<usize>> {
    let mut places: HashMap<String, Vec<usize>> = HashMap::with_capacity(names.len());
    names.iter().enumerate().for_each(|(place, name)| places.entry(name.clone()).or_default().push(place));
    places
}

/// What an item is called by itself: its name, else what it is; nothing for a record that nothing names.
fn own(item: &Value) -> String {
    match item {
        Value::Object(_) => name(item).unwrap_or_default(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The first key under which items that are called alike have texts that tell them apart in each of the lists.
fn telling<'v>(lists: [(&'v [Value], &[usize]); 2]) -> Option<&'v String> {
    let first = lists.iter().find_map(|(items, places)| items.get(*places.first()?)?.as_object())?;
    let tells = |key: &&String| {
        lists.iter().all(|(items, places)| {
            let texts: Option<HashSet<&str>> = places.iter().map(|place| items[*place].get(*key)?.as_str()).collect();
            texts.is_some_and(|texts| texts.len() == places.len())
        })
    };
    first.keys().find(tells)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told(old: Value, new: Value) -> Vec<String> {
        let side = |value: Option<Value>| value.map_or_else(|| "-".to_owned(), |value| value.to_string());
        let told = decisions(&old, &new).into_iter();
        told.map(|one| format!("{}: {} {}", one.path, side(one.old), side(one.new))).collect()
    }

    #[test]
    fn every_place_is_found_with_both_values() {
        let old = json!({ "receipt": { "version": "1" }, "a": 1, "b": { "x.y": "1", "same": "s" }, "gone": {}, "t": {"x": 1} });
        let new =
            json!({ "receipt": { "version": "2" }, "a": 1, "b": { "x.y": "2", "same": "s" }, "added": null, "t": "x" });
        assert_eq!(told(old, new), [r#"b."x.y": "1" "2""#, "gone: {} -", r#"t: {"x":1} "x""#, "added: - null"]);
    }

    #[test]
    fn one_line_more_leaves_the_others_as_they_are() {
        let line = |rule: &str, points: &str| json!({ "rule": rule, "points": points });
        let old = json!({ "awards": { "lines": [line("resale.rhel", "600"), line("resale.ocp", "800")] } });
        let new = json!({ "awards": { "lines": [line("first", "5"), line("resale.ocp", "800"), line("resale.rhel", "700")] } });
        assert_eq!(
            told(old, new),
            [
                r#"awards.lines."resale.rhel".points: "600" "700""#,
                r#"awards.lines.first: - {"rule":"first","points":"5"}"#,
            ]
        );
    }

    #[test]
    fn items_are_called_by_what_names_them() {
        let requirement = |have: u32| json!({ "level": "gold", "via": "partner", "id": "sellers", "have": have });
        let old = json!({
            "ladders": { "tier": { "requirements": [requirement(1)], "history": [{ "on": "2025-02-03", "to": "gold" }] } },
            "deadlines": [{ "on": "2025-03-11", "rule": "sellers", "subject": "C-7", "effect": "changes" }],
            "rulings": { "deal": [{ "subject": "D-1", "reasons": [{ "id": "minimum", "within": "any", "state": "met" }] }] },
            "credits": [{ "rule": "competency", "area": "office", "partner": "P-1", "value": "1" }],
        });
        let mut new = old.clone();
        new["ladders"]["tier"]["requirements"] = json!([requirement(2)]);
        new["ladders"]["tier"]["history"] = json!([]);
        new["deadlines"][0]["effect"] = json!("expires");
        new["rulings"]["deal"][0]["reasons"][0]["state"] = json!("not_met");
        new["credits"][0]["value"] = json!("2");
        assert_eq!(
            told(old, new),
            [
                r#"ladders.tier.requirements."gold.partner.sellers".have: 1 2"#,
                r#"ladders.tier.history.2025-02-03: {"on":"2025-02-03","to":"gold"} -"#,
                r#"deadlines."2025-03-11.sellers.C-7".effect: "changes" "expires""#,
                r#"rulings.deal.D-1.reasons."any.minimum".state: "met" "not_met""#,
                r#"credits."competency.office.P-1".value: "1" "2""#,
            ]
        );
    }

    #[test]
    fn lists_of_texts_differ_by_what_is_in_one_of_them() {
        let old = json!({ "facts": ["S-1", "S-2", "S-2"], "exceptions": ["early"] });
        let new = json!({ "facts": ["S-3", "S-2", "S-1"] });
        let same = r##"facts.S-2#2: "S-2" -"##;
        assert_eq!(told(old, new), [same, r#"facts.S-3: - "S-3""#, r#"exceptions.early: "early" -"#]);
    }

    #[test]
    fn items_that_are_called_alike_are_told_apart_by_a_text_or_by_their_order() {
        let benefit = |area: &str, state: &str| json!({ "id": "label", "area": area, "state": state });
        let old = json!({ "benefits": [benefit("cloud", "met"), benefit("edge", "met")] });
        let new = json!({ "benefits": [benefit("edge", "met"), benefit("cloud", "not_met"), benefit("core", "met")] });
        assert_eq!(
            told(old, new),
            [
                r#"benefits."label.cloud".state: "met" "not_met""#,
                r#"benefits."label.core": - {"id":"label","area":"core","state":"met"}"#,
            ]
        );
        let part = |rate: u32| json!({ "rate": rate });
        let (old, new) = (json!({ "parts": [part(1), part(2)] }), json!({ "parts": [part(1), part(3), part(4)] }));
        assert_eq!(told(old, new), ["parts.#2.rate: 2 3", r#"parts.#3: - {"rate":4}"#]);
    }
}
