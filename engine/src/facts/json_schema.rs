//! The JSON Schema of a facts document: what a service may send, and what it means to leave something out.
//!
//! It is made from the rulebook, and accepts what the reader accepts. It knows nothing of values.

use crate::model::node::{Constant, Node, Op};
use crate::model::{Absent, Field, Model, Records, RowsOf};
use crate::value::{DomainId, Kind};
use serde_json::{Map, Value, json};

/// A number in a string, exactly.
const NUMBER: &str = "^-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?$";

/// A whole number in a string.
const COUNT: &str = r"^[0-9]+(\.0+)?$";

/// The JSON Schema (2020-12) of the facts of a rulebook.
pub fn json_schema(model: &Model) -> Value {
    let mut properties = Map::new();
    let mut definitions = Map::new();
    for (place, domain) in model.domains.iter().enumerate() {
        let RowsOf::Records(records) = &domain.rows else { continue };
        definitions.insert(domain.name.clone(), record(model, DomainId(place as u32), records));
        if records.within.is_none() {
            let (key, value) = holder(&domain.name, records);
            properties.insert(key, value);
        }
    }
    let title = model.title.as_ref().map_or(model.program.as_str(), |title| title.text(Default::default()));
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("{title}, {}: facts", model.version),
        "description": "What is known of one subject. A key that is left out is not known, unless its description says otherwise; null is known not to exist.",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
        "$defs": definitions,
    })
}

/// The key under which records stand, and the schema of its value.
fn holder(name: &str, records: &Records) -> (String, Value) {
    let reference = json!({ "$ref": format!("#/$defs/{name}") });
    match &records.list {
        Some(list) => {
            let absent = if records.absent_is_none { "absent: none" } else { "absent: not known" };
            let about = format!("Every {}; {absent}; null: none", spoken(name));
            (list.clone(), json!({ "description": about, "type": ["array", "null"], "items": reference }))
        }
        None => {
            let about = format!("The {}; absent: not known", spoken(name));
            (name.to_owned(), json!({ "description": about, "$ref": format!("#/$defs/{name}") }))
        }
    }
}

fn record(model: &Model, id: DomainId, records: &Records) -> Value {
    let mut properties = Map::new();
    let mut money = false;
    for field in &records.fields {
        money |= field.ty.kind == Kind::Money;
        properties.insert(field.json.clone(), property(model, records, field));
    }
    for domain in &model.domains {
        if let RowsOf::Records(inner) = &domain.rows
            && inner.within == Some(id)
            && inner.list.is_some()
        {
            let (key, value) = holder(&domain.name, inner);
            properties.insert(key, value);
        }
    }
    if money && !properties.contains_key("currency") {
        let own = model.currency.as_deref();
        let absent = own.map_or("not known".to_owned(), |own| format!("`{own}`"));
        let about = format!("The ISO 4217 code of the amounts in this record; absent: {absent}");
        properties.insert("currency".into(), json!({ "description": about, "type": "string" }));
    }
    let about = match &records.within {
        Some(outer) => format!("A {} inside a {}", spoken(&model.domain(id).name), spoken(&model.domain(*outer).name)),
        None => format!("A {}", spoken(&model.domain(id).name)),
    };
    json!({ "description": about, "type": "object", "additionalProperties": false, "properties": properties })
}

fn property(model: &Model, records: &Records, field: &Field) -> Value {
    let mut schema = if let (Kind::Row(inner), true) = (&field.ty.kind, field.inside) {
        json!({ "$ref": format!("#/$defs/{}", model.domain(*inner).name) })
    } else {
        value(model, &field.ty.kind)
    };
    if field.ty.optional || has_none(model, &field.ty.kind) {
        schema = nullable(schema);
    }
    let mut about = vec![what(model, field)];
    let happened = records.happened.and_then(|place| records.fields.get(place as usize));
    if happened.is_some_and(|happened| happened.name == field.name) {
        about.push("the day on which it happened".to_owned());
    }
    about.push(absence(model, field));
    if let Value::Object(schema) = &mut schema {
        schema.shift_insert(0, "description".into(), about.join("; ").into());
    }
    schema
}

/// Whether `null` is a word of the list: the level under all others.
fn has_none(model: &Model, kind: &Kind) -> bool {
    matches!(kind, Kind::Word(words) if model.words(*words).ordered && model.words(*words).find("none").is_some())
}

fn nullable(mut schema: Value) -> Value {
    match schema.get("type") {
        Some(Value::String(one)) => schema["type"] = json!([one, "null"]),
        Some(Value::Array(several)) => {
            let mut several = several.clone();
            several.push("null".into());
            schema["type"] = several.into();
        }
        _ => return json!({ "anyOf": [schema, { "type": "null" }] }),
    }
    if let Some(Value::Array(words)) = schema.get_mut("enum") {
        words.push(Value::Null);
    }
    schema
}

fn value(model: &Model, kind: &Kind) -> Value {
    match kind {
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Count => json!({ "type": ["integer", "string"], "minimum": 0, "pattern": COUNT }),
        Kind::Number | Kind::Percent | Kind::Money => json!({ "type": ["number", "string"], "pattern": NUMBER }),
        Kind::Date => json!({ "type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" }),
        Kind::Text | Kind::Duration => json!({ "type": "string" }),
        Kind::Word(words) => json!({ "type": "string", "enum": model.words(*words).words }),
        Kind::Row(domain) => match &model.domain(*domain).rows {
            RowsOf::Table(table) => json!({ "type": "string", "enum": table.ids }),
            RowsOf::Records(_) | RowsOf::Words(_) => json!({ "type": "string" }),
        },
        Kind::Set(of) => json!({ "type": "array", "items": value(model, of), "maxItems": 1000 }),
    }
}

/// What a field holds, in a few words.
fn what(model: &Model, field: &Field) -> String {
    match &field.ty.kind {
        Kind::Row(domain) if field.inside => format!("the {}", spoken(&model.domain(*domain).name)),
        Kind::Row(domain) if matches!(model.domain(*domain).rows, RowsOf::Records(_)) => {
            format!("the id of a {}", spoken(&model.domain(*domain).name))
        }
        Kind::Money => "an amount of money, `currency` beside it".to_owned(),
        Kind::Text if field.names_record => "names the record".to_owned(),
        Kind::Set(of) => format!("a set, each {}", model.kind_name(of).replace('`', "")),
        kind => model.kind_name(kind).replace('`', ""),
    }
}

/// What it means to leave the field out.
fn absence(model: &Model, field: &Field) -> String {
    match &field.absent {
        Absent::Unknown => "absent: not known".to_owned(),
        Absent::Is(Constant::None) => "absent: none".to_owned(),
        Absent::Is(Constant::Flag(flag)) => format!("absent: {flag}"),
        Absent::Is(Constant::Number(number)) => format!("absent: {}", number.normalize()),
        Absent::Is(Constant::Word(word)) => match &field.ty.kind {
            Kind::Word(words) => {
                format!("absent: {}", model.words(*words).words.get(*word as usize).map_or("", String::as_str))
            }
            _ => "absent: a default".to_owned(),
        },
        Absent::Is(_) => "absent: a default".to_owned(),
        Absent::Field(node) => format!("absent: the {}", other(model, node)),
    }
}

/// The field that stands in.
fn other(model: &Model, node: &Node) -> String {
    match &node.op {
        Op::Field(domain, place) | Op::FieldOf(_, domain, place) => {
            let name = model.records(*domain).and_then(|records| records.fields.get(*place as usize));
            let name = name.map_or("", |field| field.name.as_str());
            format!("{}’s {}", spoken(&model.domain(*domain).name), spoken(name))
        }
        _ => "value of another field".to_owned(),
    }
}

fn spoken(name: &str) -> String {
    name.replace('_', " ")
}
