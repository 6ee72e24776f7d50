//! A validator for the part of JSON Schema that Tierline's schemas use; another keyword is a panic.

use serde_json::Value;

/// Every place where `value` does not fit `schema`.
pub fn problems(root: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(root, root, value, "", &mut found);
    found
}

fn check(root: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    let map = match schema {
        Value::Bool(true) => return,
        Value::Object(map) => map,
        _ => return found.push(format!("{at}: nothing may stand here")),
    };
    for (keyword, told) in map {
        let fits =
            match keyword.as_str() {
                "$schema" | "$defs" | "title" | "description" => true,
                "$ref" => {
                    let pointer = told.as_str().expect("a reference").trim_start_matches('#');
                    check(root, root.pointer(pointer).expect("a definition"), value, at, found);
                    true
                }
                "type" => types(told).iter().any(|name| is(value, name)),
                "enum" => told.as_array().expect("words").contains(value),
                "pattern" => value.as_str().is_none_or(|text| {
                    regex::Regex::new(told.as_str().expect("a pattern")).expect("a pattern").is_match(text)
                }),
                "format" => value.as_str().is_none_or(|text| tierline_engine::date::parse(text).is_some()),
                "minimum" => value.as_f64().is_none_or(|number| number >= told.as_f64().expect("a number")),
                "minItems" => value.as_array().is_none_or(|list| list.len() as u64 >= told.as_u64().expect("a number")),
                "maxItems" => value.as_array().is_none_or(|list| list.len() as u64 <= told.as_u64().expect("a number")),
                "minProperties" => {
                    value.as_object().is_none_or(|object| object.len() as u64 >= told.as_u64().expect("a number"))
                }
                "required" => told.as_array().expect("keys").iter().all(|key| {
                    value.as_object().is_none_or(|object| object.contains_key(key.as_str().expect("a key")))
                }),
                "anyOf" => told.as_array().expect("forms").iter().any(|form| {
                    let mut inner = Vec::new();
                    check(root, form, value, at, &mut inner);
                    inner.is_empty()
                }),
                "items" => {
                    for (place, item) in value.as_array().into_iter().flatten().enumerate() {
                        check(root, told, item, &format!("{at}/{place}"), found);
                    }
                    true
                }
                "properties" => {
                    for (key, inner) in told.as_object().expect("properties") {
                        if let Some(value) = value.get(key) {
                            check(root, inner, value, &format!("{at}/{key}"), found);
                        }
                    }
                    true
                }
                "additionalProperties" => {
                    let known = map.get("properties").and_then(Value::as_object);
                    for (key, inner) in value.as_object().into_iter().flatten() {
                        if !known.is_some_and(|known| known.contains_key(key)) {
                            check(root, told, inner, &format!("{at}/{key}"), found);
                        }
                    }
                    true
                }
                other => panic!("`{other}` is not understood here"),
            };
        if !fits {
            found.push(format!("{at}: {keyword} {told}"));
        }
    }
}

fn types(told: &Value) -> Vec<&str> {
    match told {
        Value::String(one) => vec![one],
        told => told.as_array().into_iter().flatten().filter_map(Value::as_str).collect(),
    }
}

fn is(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        other => panic!("there is no type `{other}`"),
    }
}
