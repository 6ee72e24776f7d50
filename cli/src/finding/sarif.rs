//! Findings as SARIF 2.1.0, the form that code scanners and editors exchange.

use super::{Chosen, Place};
use serde_json::{Map, Value, json};
use tierline_engine::evaluate::decision::ENGINE;
use tierline_engine::finding::{Severity, code};

/// The findings of all programs as one run.
pub fn render(chosen: &[Chosen<'_>]) -> Value {
    let rules = code::ALL.iter().map(|code| {
        json!({
            "id": code.id,
            "name": code.name,
            "shortDescription": { "text": code.about.trim() },
            "defaultConfiguration": { "level": level(code.severity) },
        })
    });
    let results = chosen.iter().flat_map(|chosen| {
        chosen.findings.iter().map(move |finding| {
            let text = match &finding.help {
                Some(help) => format!("{}\nhelp: {help}", finding.message),
                None => finding.message.clone(),
            };
            let mut result = Map::new();
            result.insert("ruleId".into(), finding.code.id.into());
            let index = code::ALL.iter().position(|code| *code == finding.code);
            result.extend(index.map(|index| ("ruleIndex".to_owned(), json!(index))));
            result.insert("level".into(), level(finding.code.severity).into());
            result.insert("message".into(), json!({ "text": text }));
            let place = location(chosen.place(finding.span));
            result.insert("locations".into(), json!([{ "physicalLocation": place }]));
            if !finding.related.is_empty() {
                let related = finding.related.iter().enumerate().map(|(id, (span, label))| {
                    let place = location(chosen.place(*span));
                    json!({ "id": id, "message": { "text": label }, "physicalLocation": place })
                });
                result.insert("relatedLocations".into(), related.collect());
            }
            Value::Object(result)
        })
    });
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "tierline", "version": ENGINE, "rules": rules.collect::<Vec<_>>() } },
            "columnKind": "unicodeCodePoints",
            "results": results.collect::<Vec<_>>(),
        }],
    })
}

fn location(place: Place<'_>) -> Value {
    json!({
        "artifactLocation": { "uri": uri(place.file) },
        "region": {
            "startLine": place.start.line,
            "startColumn": place.start.column,
            "endLine": place.end.line,
            "endColumn": place.end.column,
        },
    })
}

/// A path as a reference that may stand in a URI.
fn uri(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
    path.bytes().map(|byte| if plain(byte) { (byte as char).to_string() } else { format!("%{byte:02X}") }).collect()
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}
