//! The example host: a function, a module and a kind of rule from Rust.

#[path = "../examples/host.rs"]
#[allow(dead_code)]
mod host;

use serde_json::{Value, json};
use tierline_engine::compile::Program;
use tierline_engine::date;
use tierline_engine::evaluate::Question;
use tierline_engine::facts::{self, Arena};
use tierline_engine::load::{Folder, Library};
use tierline_engine::plugin::{Function, Host, ScriptValue, registered};

#[test]
fn what_a_host_brings_along_is_used_like_a_folder() {
    let decision: Value =
        serde_json::from_str(&host::decide(host::FACTS.as_bytes()).expect("a decision")).expect("JSON");
    assert_eq!(decision["awards"]["by_module"], json!({ "referral": "80" }));
    // 80 / (80 + 200), to two places.
    assert_eq!(decision["measures"]["referral_bonus"], "0.29");
}

#[test]
fn a_function_of_a_host_is_called_only_when_everything_is_known() {
    let facts = r#"{ "partner": { "id": "P-1", "modules": ["referral"] } }"#;
    let decision: Value = serde_json::from_str(&host::decide(facts.as_bytes()).expect("a decision")).expect("JSON");
    assert_eq!(decision["measures"]["referral_bonus"], Value::Null);
}

/// A host with one function, `odd`, and a rulebook that measures by it.
struct Odd(fn(&[ScriptValue]) -> Result<ScriptValue, String>, usize);

impl Host for Odd {
    fn text(&self) -> String {
        "[plugin]\nid = \"odd\"\nversion = \"1\"\nengine = \"0.1\"\ntitle = \"Odd\"\n\
         [scripts.odd]\ntakes = { a = \"number\" }\nreturns = \"number\"\n"
            .to_owned()
    }

    fn functions(&self) -> Vec<Function> {
        vec![Function::new("odd", self.1, self.0)]
    }
}

const RULES: &str = "[rulebook]\nprogram = \"acme\"\nversion = \"1\"\nstatus = \"published\"\n\
    effective = { from = 2030-01-01 }\ntitle = \"Acme\"\nplugins = [\"odd\"]\n[facts.partner]\nid = \"id\"\nsize = \"number\"\n\
    [[measures]]\nid = \"m\"\nvalue = 'odd(partner.size)'\n";

/// What is decided, or what is found, or why there is no decision.
fn asked(host: &Odd) -> String {
    let rules = Folder::of("rules", [("acme/1.toml", RULES)]);
    let hosts = registered(&[host]);
    let load = Program::load(Library::from(&rules).with_hosts(&hosts), "acme");
    if let Some(finding) = load.findings.iter().next() {
        return format!("{}: {}", finding.code.name, finding.message);
    }
    let as_of = date::parse("2030-06-30").expect("a day");
    let plan = load.program.plan(None, as_of).expect("a plan");
    let arena = Arena::new();
    let facts = facts::read(&plan.schema, br#"{"partner":{"id":"P","size":13}}"#, &arena).expect("facts");
    let question = Question::on(as_of);
    match plan.decide(&facts, &question, &arena) {
        Err(failure) => failure.to_string(),
        Ok(decision) => {
            let decision: Value = serde_json::from_slice(&decision.to_json()).expect("JSON");
            decision["measures"]["m"].to_string()
        }
    }
}

fn unless_thirteen(values: &[ScriptValue], other: fn() -> Result<ScriptValue, String>) -> Result<ScriptValue, String> {
    match values {
        [ScriptValue::Number(number)] if number.to_string() != "13" => Ok(ScriptValue::Number(*number)),
        _ => other(),
    }
}

#[test]
fn a_function_of_a_host_that_fails_is_a_failure_that_names_it() {
    let failed = asked(&Odd(|values| unless_thirteen(values, || Err("13 is odd".to_owned())), 1));
    assert_eq!(failed, "the script `odd`, called by `m`, failed: 13 is odd (host:odd/plugin.toml)");
    let text = asked(&Odd(|values| unless_thirteen(values, || Ok(ScriptValue::Text("x".to_owned()))), 1));
    assert_eq!(
        text,
        "the script `odd`, called by `m`, failed: it returned the text \"x\", not a number (host:odd/plugin.toml)"
    );
    let panics = asked(&Odd(|values| unless_thirteen(values, || panic!("13")), 1));
    assert_eq!(
        panics,
        "the script `odd`, called by `m`, failed: the function `odd` stopped unexpectedly (host:odd/plugin.toml)"
    );
}

#[test]
fn a_function_of_a_host_must_be_what_its_text_declares() {
    assert_eq!(
        asked(&Odd(|_| Err(String::new()), 2)),
        "broken-script: the function `odd` takes 2 values where 1 are declared"
    );
    assert_eq!(
        asked(&Odd(|_| Ok(ScriptValue::Flag(true)), 1)),
        "wrong-result: the script returns a flag where a number is declared"
    );
}
