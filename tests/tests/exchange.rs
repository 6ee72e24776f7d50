//! Amounts in other currencies, by rates that the document gives: exactly, or not known.

use serde_json::{Value, json};
use tierline_engine::compile::Plan;
use tierline_tests::acme;

const RULES: &str = r#"
[[rulings]]
id       = "deal"
each     = "sale"
requires = [ { id = "price", that = 'amount >= 1' } ]

[facts.sale]
list     = "sales"
id       = "id"
happened = "on"
on       = "date"
amount   = "money"

[facts.exchange]
list     = "exchange_rates"
absent   = "none"
currency = "text"
to       = "text or unknown"
from     = "date or unknown"
rate     = "number"
"#;

const TABLE: &str = r#"
[tables.exchange]
rows = [ { currency = "JPY", rate = 0.01 } ]
"#;

fn decided(plan: &Plan, sale: Value, rates: Value) -> Result<Value, String> {
    let facts = json!({ "sales": [sale], "exchange_rates": rates });
    acme::decided(plan, &facts.to_string(), "2030-12-31")
}

fn sale(on: Option<&str>, amount: &str) -> Value {
    let mut sale = json!({ "id": "S", "amount": amount, "currency": "JPY" });
    on.into_iter().for_each(|on| sale["on"] = json!(on));
    sale
}

/// What the amount is in dollars, or what is missing to know it.
fn worth(plan: &Plan, sale: Value, rates: Value) -> Value {
    let decision = decided(plan, sale, rates).expect("a decision");
    let entries = decision["undetermined"].as_array().into_iter().flatten();
    let missing = entries.filter(|entry| entry["rule"] == "deal.S").map(|entry| entry["missing"].clone()).next();
    missing.unwrap_or_else(|| decision["rulings"]["deal"][0]["reasons"][0]["have"].clone())
}

#[test]
fn a_rate_that_is_not_wholly_told_is_not_passed_over() {
    let plan = acme::plan(RULES);
    let march = |rates: Value| worth(&plan, sale(Some("2030-03-10"), "1000"), rates);
    let old = json!({ "currency": "JPY", "to": null, "from": "2030-01-01", "rate": "0.01" });
    let with = |new: Value| march(json!([old, new]));
    let new = |from: &str| json!({ "currency": "JPY", "to": null, "from": from });
    assert_eq!(with(new("2030-03-01")), json!(["exchange_rates.1.rate"]));
    assert_eq!(with(new("2030-03-10")), json!(["exchange_rates.1.rate"]));
    // What holds only later, or no longer, is not needed.
    assert_eq!(with(new("2030-03-11")), json!("10.00"));
    assert_eq!(with(new("2029-03-01")), json!("10.00"));
    assert_eq!(with(json!({ "currency": "JPY", "to": null, "rate": "0.02" })), json!(["exchange_rates.1.from"]));
    let other = json!({ "currency": "EUR", "to": null, "rate": "1.1" });
    assert_eq!(with(other), json!("10.00"));
    let of_nothing = json!({ "to": null, "from": "2030-03-01", "rate": "0.02" });
    assert_eq!(with(of_nothing), json!(["exchange_rates.1.currency"]));
    let to_nothing = json!({ "currency": "JPY", "from": "2030-03-01", "rate": "0.02" });
    assert_eq!(with(to_nothing), json!(["exchange_rates.1.to"]));
    let both = json!([{ "currency": "JPY", "to": null, "rate": "0.02" }, new("2030-03-02")]);
    assert_eq!(march(both), json!(["exchange_rates.0.from", "exchange_rates.1.rate"]));
    // Nor do the rulebook's rates stand in for it.
    let plan = acme::plan(&format!("{RULES}{TABLE}"));
    let march = |rates: Value| worth(&plan, sale(Some("2030-03-10"), "1000"), rates);
    assert_eq!(march(json!([])), json!("10.00"));
    assert_eq!(march(json!([new("2030-03-01")])), json!(["exchange_rates.0.rate"]));
    assert_eq!(march(json!([new("2030-04-01")])), json!("10.00"));
}

#[test]
fn an_amount_of_an_unknown_day_has_no_rate_but_one_of_any_day() {
    let plan = acme::plan(RULES);
    let any = json!({ "currency": "JPY", "to": null, "from": null, "rate": "0.01" });
    let dated = json!({ "currency": "JPY", "to": null, "from": "2030-03-01", "rate": "0.02" });
    assert_eq!(worth(&plan, sale(None, "1000"), json!([any])), json!("10.00"));
    assert_eq!(worth(&plan, sale(None, "1000"), json!([any, dated])), json!(["sales.S.on"]));
}

#[test]
fn a_converted_amount_is_exact_or_not_known() {
    let plan = acme::plan(RULES);
    let rates = |rate: &str| json!([{ "currency": "JPY", "to": null, "from": null, "rate": rate }]);
    let worth = |amount: &str, rate: &str| worth(&plan, sale(Some("2030-03-10"), amount), rates(rate));
    assert_eq!(worth("2.00000000000001", "1.0000000000001"), json!("2.000000000000210000000000001"));
    let inexact = json!(["an amount in another currency has, converted, more digits than can be held exactly"]);
    assert_eq!(worth("2.000000000000001", "1.00000000000001"), inexact);
    assert_eq!(worth("9999999999999999999999999999", "100"), inexact);
}

#[test]
fn rates_that_cannot_be_meant_are_problems_of_the_document() {
    let plan = acme::plan(RULES);
    let told = |rates: Value| decided(&plan, sale(Some("2030-03-10"), "1000"), rates).expect_err("a problem");
    let rate = |to: Value, rate: &str| json!({ "currency": "JPY", "to": to, "from": "2030-01-01", "rate": rate });
    let twice = "/exchange_rates/1: `/exchange_rates/0` gives another rate of `JPY` for the same days \
                 (leave one of them out, or say of each from which day on it holds)";
    assert_eq!(told(json!([rate(Value::Null, "0.01"), rate(Value::Null, "0.02")])), twice);
    assert_eq!(told(json!([rate(json!("USD"), "0.01"), rate(Value::Null, "0.02")])), twice);
    assert_eq!(told(json!([rate(Value::Null, "0.01"), rate(json!("USD"), "0.02")])), twice);
    for (written, found) in [("0", "0"), ("-0.01", "-0.01"), ("0.00", "0.00")] {
        let problem = format!(
            "/exchange_rates/0/rate: a rate is more than 0, found `{found}` (leave the key out when the rate is not known)"
        );
        assert_eq!(told(json!([rate(Value::Null, written)])), problem);
    }
    // The same rate twice, or one to another currency, is no contradiction.
    for other in [rate(Value::Null, "0.010"), rate(json!("USD"), "0.01"), rate(json!("EUR"), "0.02")] {
        let rates = json!([rate(Value::Null, "0.01"), other]);
        assert!(decided(&plan, sale(Some("2030-03-10"), "1000"), rates).is_ok());
    }
}

#[test]
fn a_currency_is_three_capital_letters() {
    let plan = acme::plan(RULES);
    let mut bought = sale(Some("2030-03-10"), "1000");
    for (code, help) in [
        ("eur", "did you mean `EUR`?"),
        ("Usd", "did you mean `USD`?"),
        ("Euros", "write its ISO 4217 code, such as `USD`"),
        ("€", "write its ISO 4217 code, such as `USD`"),
        ("", "write its ISO 4217 code, such as `USD`"),
    ] {
        bought["currency"] = json!(code);
        let problem = decided(&plan, bought.clone(), json!([])).expect_err("a problem");
        assert_eq!(problem, format!("/sales/0/currency: `{code}` is no currency ({help})"));
        for key in ["currency", "to"] {
            let mut rate = json!({ "currency": "JPY", "to": null, "from": null, "rate": "1" });
            rate[key] = json!(code);
            let problem = decided(&plan, sale(None, "1"), json!([rate])).expect_err("a problem");
            assert_eq!(problem, format!("/exchange_rates/0/{key}: `{code}` is no currency ({help})"));
        }
    }
}
