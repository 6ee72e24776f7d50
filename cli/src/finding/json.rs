//! Findings for programs: an array with an object for each.

use super::{Chosen, Place};
use serde_json::{Map, Value, json};
use tierline_engine::finding::Severity;

/// The findings of all programs as one array.
pub fn render(chosen: &[Chosen<'_>]) -> Value {
    let objects = chosen.iter().flat_map(|chosen| {
        chosen.findings.iter().map(move |finding| {
            let mut object = Map::new();
            object.insert("code".into(), finding.code.id.into());
            object.insert("name".into(), finding.code.name.into());
            object.insert("severity".into(), word(finding.code.severity).into());
            object.insert("message".into(), finding.message.as_str().into());
            object.insert("help".into(), finding.help.as_deref().into());
            object.extend(place(chosen.place(finding.span)));
            let related = finding.related.iter().map(|(span, label)| {
                let mut object = Map::new();
                object.insert("message".into(), label.as_str().into());
                object.extend(place(chosen.place(*span)));
                Value::Object(object)
            });
            object.insert("related".into(), related.collect());
            Value::Object(object)
        })
    });
    objects.collect()
}

fn place(place: Place<'_>) -> [(String, Value); 5] {
    [
        ("file".into(), json!(place.file)),
        ("line".into(), json!(place.start.line)),
        ("column".into(), json!(place.start.column)),
        ("end_line".into(), json!(place.end.line)),
        ("end_column".into(), json!(place.end.column)),
    ]
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}
