//! One operation: what is sent, what comes back, which scope it wants.

use serde_json::{Map, Value, json};

/// What comes back when all is well.
#[derive(Debug)]
pub enum Answers {
    /// JSON of this schema.
    Json(Value),
    /// The same, with a tag.
    Tagged(Value),
    /// A JSON Schema.
    Schema,
    /// One JSON document a line.
    Lines,
    /// Text of this type.
    Text(&'static str),
}

/// One operation.
#[derive(Debug)]
pub struct Operation {
    path: String,
    method: &'static str,
    value: Value,
}

impl Operation {
    /// One that reads.
    pub fn get(path: &str, name: &str, about: &str, scope: &str) -> Self {
        Self::new(path.to_owned(), "get", name, about, scope)
    }

    /// One that is sent a body.
    pub fn post(path: String, name: &str, about: &str, scope: &str) -> Self {
        Self::new(path, "post", name, about, scope)
    }

    fn new(path: String, method: &'static str, name: &str, about: &str, scope: &str) -> Self {
        let tag = match scope {
            "evaluate" => "decide",
            "read" => "browse",
            _ => "operate",
        };
        let mut value = json!({ "operationId": camel(name), "summary": about, "tags": [tag] });
        if scope.is_empty() {
            value["security"] = json!([]);
        } else {
            value["description"] = format!("Scope: `{scope}`").into();
        }
        Self { path, method, value }
    }

    /// The same, with these parameters.
    pub fn parameters(mut self, parameters: Value) -> Self {
        self.value["parameters"] = parameters;
        self
    }

    /// The same, with a body.
    pub fn body(mut self, content_type: &str, schema: Value) -> Self {
        self.value["requestBody"] = json!({ "required": true, "content": { content_type: { "schema": schema } } });
        self
    }

    /// The same, with what comes back.
    pub fn answers(mut self, answers: Answers) -> Self {
        let problem = json!({
            "description": "A problem",
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
        });
        let tag = json!({ "ETag": { "description": "For `If-None-Match`", "schema": { "type": "string" } } });
        let (content_type, schema, tagged) = match answers {
            Answers::Json(schema) => ("application/json", schema, false),
            Answers::Tagged(schema) => ("application/json", schema, true),
            Answers::Schema => ("application/schema+json", json!({ "type": "object" }), true),
            Answers::Lines => (
                "application/x-ndjson",
                json!({
                    "description": "For each line a decision, or `{\"line\": 17, \"error\": {…}}` in its place",
                    "type": "string",
                }),
                false,
            ),
            Answers::Text(content_type) => (content_type, json!({ "type": "string" }), false),
        };
        let mut good = json!({ "description": "All is well", "content": { content_type: { "schema": schema } } });
        let mut responses = Map::new();
        if tagged {
            good["headers"] = tag;
        }
        responses.insert("200".into(), good);
        if tagged {
            responses.insert("304".into(), json!({ "description": "Nothing has changed" }));
        }
        responses.insert("default".into(), problem);
        self.value["responses"] = responses.into();
        self
    }

    /// Puts the operation among the others.
    pub fn add_to(self, paths: &mut Map<String, Value>) {
        let Self { path, method, value } = self;
        let entry = paths.entry(path).or_insert_with(|| json!({}));
        entry[method] = value;
    }
}

/// `evaluate acme-partners` as `evaluateAcmePartners`.
pub fn camel(name: &str) -> String {
    let mut camel = String::new();
    let mut up = false;
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            camel.push(if up { c.to_ascii_uppercase() } else { c });
            up = false;
        } else {
            up = true;
        }
    }
    camel
}
