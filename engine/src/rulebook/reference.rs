//! The reference of every section and field, for the manual, from the same definition that reads them.

use serde_json::{Map, Value};
use std::fmt::Write;

/// Where a section stands in a rule file, by its key.
fn heading(key: &str, schema: &Value) -> String {
    match schema["type"].as_str() {
        Some("array") => format!("[[{key}]]"),
        _ if ["sources", "facts", "scripts", "tables"].contains(&key) => format!("[{key}.NAME]"),
        _ => format!("[{key}]"),
    }
}

/// The reference as Markdown.
pub fn reference() -> String {
    let schema = super::schema();
    let mut text = String::from(
        "# Rulebook reference\n\n\
         <!-- Made from the definition that reads rule files; `cargo test -p tierline-engine --test schema` checks it,\n\
         and with `UPDATE=1` before it writes it anew. -->\n\n\
         Every section and field of a rule file. A field in **bold** must be there.\n",
    );
    let mut told: Vec<String> = Vec::new();
    for (key, section) in entries(&schema["properties"]) {
        let _ = writeln!(text, "\n## `{}`\n\n{}", heading(key, section), about(section));
        match target(section) {
            Some(name) if name == "Parameters" || schema["$defs"][name].get("properties").is_some() => {
                fields(&mut text, &schema, name, &mut told);
            }
            _ => {
                let _ = writeln!(text, "\nKeys that you choose, each with {}.", kind(&section["additionalProperties"]));
            }
        }
    }
    text.push_str("\n# Parts\n");
    for (name, definition) in entries(&schema["$defs"]) {
        if !told.iter().any(|known| known == name) {
            let _ = writeln!(text, "\n## {name}\n\n{}", about(definition));
            if definition.get("properties").is_some() {
                fields(&mut text, &schema, name, &mut told);
            } else {
                forms(&mut text, definition);
            }
        }
    }
    text
}

fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter).map(|(key, value)| (key.as_str(), value))
}

fn about(schema: &Value) -> String {
    let text = schema["description"].as_str().unwrap_or("").trim();
    if text.is_empty() || text.ends_with(['.', ')']) { text.to_owned() } else { format!("{text}.") }
}

/// The definition whose fields a section has.
fn target(schema: &Value) -> Option<&str> {
    [schema, &schema["items"], &schema["additionalProperties"]].into_iter().find_map(referred)
}

fn referred(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.strip_prefix("#/$defs/")
}

fn fields(text: &mut String, schema: &Value, name: &str, told: &mut Vec<String>) {
    let definition = &schema["$defs"][name];
    let Some(properties) = definition["properties"].as_object() else {
        forms_or_link(text, name);
        return;
    };
    told.push(name.to_owned());
    let needed: Vec<&str> = definition["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    text.push_str("\n| field | holds | meaning |\n|---|---|---|\n");
    for (field, value) in properties {
        let shown = if needed.contains(&field.as_str()) { format!("**`{field}`**") } else { format!("`{field}`") };
        let _ = writeln!(text, "| {shown} | {} | {} |", cell(&kind(value)), cell(&about(value)));
    }
    if let Some(other) = definition.get("additionalProperties").filter(|other| other.is_object()) {
        let _ = writeln!(text, "| any other key | {} | {} |", cell(&kind(other)), cell(&about(other)));
    }
}

fn forms_or_link(text: &mut String, name: &str) {
    let _ = writeln!(text, "\nSee {}.", link(name));
}

/// The forms that a part may take.
fn forms(text: &mut String, definition: &Value) {
    let forms: Vec<&Value> = definition["anyOf"].as_array().into_iter().flatten().collect();
    if forms.is_empty() {
        if let Some(other) = definition.get("additionalProperties").filter(|other| other.is_object()) {
            let _ = writeln!(text, "\nKeys that you choose, each with {}.", kind(other));
        }
        return;
    }
    text.push('\n');
    for form in forms {
        let about = about(form);
        let about = if about.is_empty() { about } else { format!(": {about}") };
        let _ = writeln!(text, "- {}{about}", kind(form));
        for (field, value) in entries(&form["properties"]) {
            let _ = writeln!(text, "  - `{field}`, {}: {}", kind(value), self::about(value));
        }
    }
}

/// What a schema accepts, in a few words.
fn kind(schema: &Value) -> String {
    if let Some(name) = referred(schema) {
        return link(name);
    }
    if let Some(words) = schema["enum"].as_array() {
        return words.iter().filter_map(Value::as_str).map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    }
    if let Some(forms) = schema["anyOf"].as_array() {
        return forms.iter().map(kind).collect::<Vec<_>>().join(" or ");
    }
    let one = |name: &str| match name {
        "string" if schema["format"] == "date" => "a date".to_owned(),
        "string" => "text".to_owned(),
        "boolean" => "true or false".to_owned(),
        "integer" | "number" => "a number".to_owned(),
        "array" => format!("a list of {}", kind(&schema["items"])),
        "object" if schema["additionalProperties"].is_object() => {
            format!("keys, each with {}", kind(&schema["additionalProperties"]))
        }
        "object" => "a table".to_owned(),
        other => other.to_owned(),
    };
    match &schema["type"] {
        Value::Array(names) if *names == ["string", "boolean"] => "an expression".to_owned(),
        Value::String(name) => one(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).map(one).collect::<Vec<_>>().join(" or "),
        _ => "any value".to_owned(),
    }
}

fn link(name: &str) -> String {
    format!("[{name}](#{})", name.to_lowercase())
}

/// Text as a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
