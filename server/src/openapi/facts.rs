//! The facts of a program's versions, as components: what stands in `$defs` of a schema by itself stands
//! beside it here, since there is one place for all of them.

use super::operation::camel;
use serde_json::{Map, Value, json};
use tierline_engine::compile::Program;
use tierline_engine::facts::json_schema;

/// Adds the schemas of every version's facts to `schemas`; gives the name of that of the program.
pub fn components(program: &Program, schemas: &mut Map<String, Value>) -> String {
    let plans = program.versions.iter().filter_map(|version| version.plan.as_ref());
    let mut names = Vec::new();
    for plan in plans {
        let name = named(&format!("facts {} {}", plan.model.program, plan.model.version), schemas);
        let mut schema = json_schema(&plan.model);
        let object = schema.as_object_mut();
        let inner = object.and_then(|schema| {
            schema.shift_remove("$schema");
            schema.shift_remove("$defs")
        });
        let prefix = format!("{name}_");
        for (key, mut record) in inner.as_ref().and_then(Value::as_object).cloned().unwrap_or_default() {
            point(&mut record, &prefix);
            schemas.insert(format!("{prefix}{key}"), record);
        }
        point(&mut schema, &prefix);
        schemas.insert(name.clone(), schema);
        names.push(name);
    }
    if let [one] = names.as_slice() {
        return one.clone();
    }
    let any: Vec<Value> = names.iter().map(|name| json!({ "$ref": format!("#/components/schemas/{name}") })).collect();
    let name = named(&format!("facts {}", program.name), schemas);
    let about = "The facts, by the version that answers";
    schemas.insert(name.clone(), json!({ "description": about, "anyOf": any }));
    name
}

/// A name that no other schema has.
fn named(words: &str, schemas: &Map<String, Value>) -> String {
    let mut name = camel(words);
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    while schemas.contains_key(&name) {
        name.push('_');
    }
    name
}

/// Turns every reference into `$defs` to the component of that name.
fn point(value: &mut Value, prefix: &str) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                match value {
                    Value::String(target) if key == "$ref" => {
                        if let Some(name) = target.strip_prefix("#/$defs/") {
                            *target = format!("#/components/schemas/{prefix}{name}");
                        }
                    }
                    value => point(value, prefix),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| point(value, prefix)),
        _ => {}
    }
}
