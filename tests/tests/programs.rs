//! Programs of this repository, once a value that nobody publishes is filled in.

use serde_json::{Value, json};
use std::path::Path;
use tierline_engine::compile::Program;
use tierline_engine::date;
use tierline_engine::load::Folder;
use tierline_tests::acme;

const DRAFT: &str = r#"
[rulebook]
program   = "vmware-partner-connect"
version   = "filled-in"
status    = "draft"
effective = { from = 2020-02-29 }
title     = { en = "VMware Partner Connect", ja = "VMware Partner Connect", fr = "VMware Partner Connect" }
extends   = "2020"

[parameters]
credits_per_dollar = { is = 2 }
accelerator_rate   = { is = { licensing_model = 3, market_size = 5, solution_maturity = 7 } }
"#;

/// The credits of one sale of 10 dollars with these accelerators.
fn credits(accelerators: &Value) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules/vmware-partner-connect/2020.toml");
    let published = std::fs::read_to_string(path).expect("the rulebook");
    let files =
        [("vmware-partner-connect/2020.toml", published.as_str()), ("vmware-partner-connect/filled-in.toml", DRAFT)];
    let load = Program::load(&Folder::of("rules", files), "vmware-partner-connect");
    assert_eq!(acme::told(&load), "");
    let day = date::parse("2020-06-30").expect("a date");
    let plan = load.program.plan(Some("filled-in"), day).expect("a plan");
    let facts = json!({
        "partner": { "id": "P", "business_models": [] },
        "credentials": [], "agreements": [], "compliance": [], "competencies": [],
        "sales": [{ "id": "S-1", "path": "vmc_on_aws", "amount": "10", "accelerators": accelerators, "booked_on": "2020-05-01" }],
    });
    let decision = acme::decided(plan, &facts.to_string(), "2020-06-30").expect("a decision");
    let requirements =
        decision["ladders"]["path"]["vmc_on_aws"]["requirements"].as_array().cloned().unwrap_or_default();
    let principal = requirements.iter().find(|own| own["level"] == "principal" && own["id"] == "credits");
    principal.expect("a requirement")["have"].clone()
}

#[test]
fn every_accelerator_of_a_sale_multiplies_its_credits() {
    assert_eq!(credits(&json!([])), "20");
    assert_eq!(credits(&Value::Null), "20");
    assert_eq!(credits(&json!(["licensing_model"])), "60");
    assert_eq!(credits(&json!(["market_size"])), "100");
    assert_eq!(credits(&json!(["solution_maturity"])), "140");
    assert_eq!(credits(&json!(["licensing_model", "market_size", "solution_maturity"])), "2100");
}
