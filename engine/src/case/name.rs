//! How the items of a decision's lists are called: an award line by its rule, a requirement by its level and
//! id, a deadline by its day, rule and record. It is what cases and comparisons write in their paths.

use serde_json::Value;

/// What can be part of a name, in the order in which it stands there.
const PARTS: [&str; 7] = ["on", "rule", "level", "via", "within", "id", "subject"];

/// The whole name of an item, `2025-01-25.sellers.K-2`; `None` when nothing in it names it.
pub fn name(item: &Value) -> Option<String> {
    let text = |key: &&str| item.get(*key).and_then(Value::as_str);
    let parts: Vec<&str> = PARTS.iter().filter_map(text).collect();
    credited(item)
        .and_then(|names| names.into_iter().next_back())
        .or_else(|| (!parts.is_empty()).then(|| parts.join(".")))
}

/// The names by which an item can be addressed: its id, what it is about, its rule and its day, alone or
/// joined; a requirement also by its level and id, a credit by its partner. The whole one is the last.
pub fn names(item: &Value) -> Vec<String> {
    let text = |key: &str| item.get(key).and_then(Value::as_str);
    let joined = |keys: &[&str]| {
        let parts: Option<Vec<&str>> = keys.iter().map(|key| text(key)).collect();
        parts.map(|parts| parts.join("."))
    };
    let ways: [&[&str]; 10] = [
        &["id"],
        &["id", "subject"],
        &["subject"],
        &["rule"],
        &["on"],
        &["on", "rule"],
        &["rule", "subject"],
        &["on", "subject"],
        &["on", "rule", "subject"],
        &["level", "id"],
    ];
    let all = ways.into_iter().filter_map(joined).chain(credited(item).into_iter().flatten()).chain(name(item));
    let mut names: Vec<String> = Vec::new();
    for name in all {
        names.retain(|known| *known != name);
        names.push(name);
    }
    names
}

/// The names of a credit: its partner, alone or after its rule or a text that says what it is for, as in
/// `competency.office.P-1` and `azure.P-1`. The one that says most is the last.
fn credited(item: &Value) -> Option<Vec<String>> {
    let (partner, rule) = (item.get("partner")?.as_str()?, item.get("rule")?.as_str()?);
    let texts = item.as_object()?.iter().filter(|(key, _)| !["partner", "value", "state"].contains(&key.as_str()));
    let texts: Vec<&str> = texts.filter_map(|(_, value)| value.as_str()).collect();
    let pairs = texts.iter().map(|text| format!("{text}.{partner}"));
    let others = texts.iter().filter(|text| **text != rule);
    let triples = others.clone().map(|text| format!("{rule}.{text}.{partner}"));
    let whole = [rule].into_iter().chain(others.copied()).chain([partner]).collect::<Vec<_>>().join(".");
    Some([partner.to_owned()].into_iter().chain(pairs).chain(triples).chain([whole]).collect())
}

/// A path with one more step; a step with dots in it is quoted.
pub fn join(path: &str, step: &str) -> String {
    let step = if step.contains('.') { format!("\"{step}\"") } else { step.to_owned() };
    if path.is_empty() { step } else { format!("{path}.{step}") }
}
