//! Points, holders and tiers one rule at a time, and facts that are refused.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a calendar day")
}

/// A reseller with eight people of whom nothing else is known.
fn reseller() -> Value {
    let people: Vec<Value> = (1..=8).map(|n| json!({ "id": format!("H-{n}") })).collect();
    json!({
        "partner": { "id": "P-1", "modules": ["resell"], "tier_prior": "none" },
        "people": people, "credentials": [], "activities": [], "deals": [], "sales": []
    })
}

/// A reseller with the given lists in place of the empty ones.
fn with(lists: Value) -> Value {
    let mut facts = reseller();
    for (name, list) in lists.as_object().expect("lists by their names") {
        facts[name] = list.clone();
    }
    facts
}

fn credential(n: usize, person: usize, kind: &str, awarded_on: &str) -> Value {
    json!({ "id": format!("C-{n}"), "person": format!("H-{person}"), "kind": kind, "name": "Red Hat", "awarded_on": awarded_on })
}

fn sale(n: usize, product: &str, amount: Value, booked_on: &str) -> Value {
    json!({ "id": format!("S-{n}"), "product": product, "amount": amount, "booked_on": booked_on })
}

fn decided(facts: &Value, as_of: &str) -> Value {
    let bytes = decide(facts.to_string().as_bytes(), day(as_of)).expect("facts that are well formed");
    serde_json::from_slice(&bytes).expect("a decision in JSON")
}

fn refused(facts: &Value) -> String {
    decide(facts.to_string().as_bytes(), day("2025-11-30")).expect_err("facts that are not well formed").to_string()
}

#[test]
fn a_year_of_resale_earns_15_780_points() {
    let deals: Vec<Value> = (1..=4)
        .map(|n| json!({ "id": format!("D-{n}"), "approved_on": "2025-04-01", "lines": [{ "product": "rhel" }, { "product": "ansible" }] }))
        .collect();
    let decision = decided(
        &with(json!({
            "credentials": [
                credential(1, 1, "seller", "2025-02-01"), credential(2, 2, "seller", "2025-02-01"),
                credential(3, 3, "seller", "2025-02-01"), credential(4, 4, "technical_seller", "2025-03-01"),
                credential(5, 5, "technical_seller", "2025-03-01"), credential(6, 4, "certification", "2025-05-01")
            ],
            "activities": [{ "id": "A-1", "kind": "renewal", "occurred_on": "2025-01-10" }],
            "deals": deals,
            "sales": [
                sale(1, "rhel", json!(70_000), "2025-03-01"), sale(2, "rhel", json!("60000.00"), "2025-08-01"),
                sale(3, "openshift", json!(49_999), "2025-06-01"), sale(4, "ansible", json!("25000"), "2025-06-01")
            ]
        })),
        "2025-12-31",
    );
    assert_eq!(
        decision["awards"],
        json!({
            "total": "15780",
            "by_category": { "admin": "1000", "training": "5880", "deal_registration": "4200", "sales": "4700" },
            "by_module": { "resell": "15780" },
            "lines": [
                { "rule": "contract.onboarding_or_renewal", "points": "1000", "basis": { "count": 1 }, "facts": ["A-1"] },
                { "rule": "credentials.seller", "points": "480", "basis": { "count": 3 }, "facts": ["C-1", "C-2", "C-3"] },
                { "rule": "credentials.technical_seller", "points": "1400", "basis": { "count": 2 }, "facts": ["C-4", "C-5"] },
                { "rule": "credentials.certification", "points": "4000", "basis": { "count": 1 }, "facts": ["C-6"] },
                { "rule": "deal_approval.approval", "points": "4200", "basis": { "count": 4 }, "facts": ["D-1", "D-2", "D-3", "D-4"] },
                { "rule": "resale.rhel", "points": "3000", "basis": { "amount": "130000.00", "blocks": 5 }, "facts": ["S-1", "S-2"] },
                { "rule": "resale.openshift", "points": "800", "basis": { "amount": "49999", "blocks": 1 }, "facts": ["S-3"] },
                { "rule": "resale.ansible", "points": "900", "basis": { "amount": "25000", "blocks": 1 }, "facts": ["S-4"] }
            ]
        })
    );
    let tier = &decision["ladders"]["tier"];
    assert_eq!(tier["earned"], "ready");
    assert_eq!(
        tier["next"],
        json!({ "level": "advanced", "missing": [{ "id": "points", "have": "15780", "need": "25000", "gap": "9220" }] })
    );
    assert_eq!(
        tier["requirements"][5],
        json!({ "level": "advanced", "id": "sellers", "have": 3, "need": 3, "state": "met" })
    );
    assert_eq!(
        tier["requirements"][9],
        json!({ "level": "premier", "id": "sellers", "have": 3, "need": 6, "state": "not_met" })
    );
}

#[test]
fn the_tier_is_the_highest_whose_conditions_all_hold() {
    for (points, sellers, technical_sellers, certifications, earned) in [
        (0, 1, 0, 0, "none"),
        (25_000, 1, 2, 1, "none"),
        (0, 2, 0, 0, "ready"),
        (24_999, 3, 2, 1, "ready"),
        (25_000, 3, 2, 1, "advanced"),
        (25_000, 2, 2, 1, "ready"),
        (99_999, 6, 4, 2, "advanced"),
        (100_000, 6, 4, 1, "advanced"),
        (100_000, 6, 4, 2, "premier"),
    ] {
        let points = Decimal::from(points);
        let counts = Counts { holders: [sellers, technical_sellers, certifications], points };
        assert_eq!(
            tier::earned(&counts).name(),
            earned,
            "{points} points, {sellers}/{technical_sellers}/{certifications}"
        );
        assert_eq!(tier::next(tier::earned(&counts), &counts).is_none(), earned == "premier");
    }
}

#[test]
fn a_credential_counts_through_its_anniversary_or_ninety_days_after_its_holder_left() {
    let mut facts = with(json!({ "credentials": [
        credential(1, 1, "seller", "2024-03-10"),
        credential(2, 2, "technical_seller", "2024-02-29"),
        credential(3, 3, "certification", "2024-09-01")
    ] }));
    facts["people"][2]["left_on"] = json!("2025-01-10");
    let holders = |as_of: &str| {
        let measures = &decided(&facts, as_of)["measures"];
        ["sellers", "technical_sellers", "certifications"].map(|id| measures[id].as_u64().expect("a count"))
    };
    assert_eq!(holders("2024-08-31"), [1, 1, 0]);
    assert_eq!(holders("2025-04-10"), [1, 1, 1]);
    assert_eq!(holders("2025-04-11"), [1, 1, 0]);
    assert_eq!(holders("2026-02-28"), [1, 1, 0]);
    assert_eq!(holders("2026-03-01"), [1, 0, 0]);
    assert_eq!(holders("2026-03-10"), [1, 0, 0]);
    assert_eq!(holders("2026-03-11"), [0, 0, 0]);
}

#[test]
fn a_person_counts_once_and_a_credential_earns_once() {
    let decision = decided(
        &with(json!({ "credentials": [
            credential(1, 1, "seller", "2025-02-01"),
            credential(2, 1, "seller", "2025-02-01"),
            credential(3, 1, "seller", "2025-06-01")
        ] })),
        "2025-12-31",
    );
    assert_eq!(decision["measures"]["sellers"], 1);
    assert_eq!(decision["awards"]["lines"][0]["facts"], json!(["C-1", "C-3"]));
}

#[test]
fn only_what_happened_in_the_cycle_earns() {
    let sales = ["2024-06-30", "2024-07-01", "2024-12-31", "2025-01-01"];
    let sales: Vec<Value> = (1..).zip(sales).map(|(n, on)| sale(n, "rhel", json!(25_000), on)).collect();
    let facts = with(json!({ "sales": sales }));
    let earned = |as_of: &str| decided(&facts, as_of)["awards"]["lines"][0]["facts"].clone();
    assert_eq!(earned("2024-12-30"), json!(["S-2"]));
    assert_eq!(earned("2024-12-31"), json!(["S-2", "S-3"]));
    assert_eq!(earned("2025-12-31"), json!(["S-4"]));
}

#[test]
fn only_the_resell_module_earns() {
    let mut facts = with(json!({
        "activities": [{ "id": "A-1", "kind": "onboarding", "occurred_on": "2025-01-10", "modules": ["distribution", "resell"] }],
        "credentials": [credential(1, 1, "seller", "2025-02-01")],
        "sales": [sale(1, "rhel", json!(25_000), "2025-02-01")]
    }));
    facts["partner"]["modules"] = json!(["sell_with"]);
    assert_eq!(decided(&facts, "2025-12-31")["awards"]["by_module"], json!({ "resell": "1000" }));
}

#[test]
fn an_amount_is_read_as_it_is_written() {
    let amounts = [json!(0.1), json!(0.2), json!("24999.70"), json!(-0.01), json!(1e-2)];
    let sales: Vec<Value> = (1..).zip(amounts).map(|(n, amount)| sale(n, "rhel", amount, "2025-02-01")).collect();
    let decision = decided(&with(json!({ "sales": sales })), "2025-12-31");
    assert_eq!(decision["awards"]["lines"][0]["basis"], json!({ "amount": "25000.00", "blocks": 1 }));
}

#[test]
fn facts_that_cannot_be_understood_are_refused() {
    let of = |amount: Value| with(json!({ "sales": [sale(1, "rhel", amount, "2025-02-01")] }));
    assert!(refused(&of(json!("12,50"))).starts_with("\"12,50\" is not an amount"));
    assert!(refused(&of(json!("1000000000.01"))).starts_with("the amount \"1000000000.01\" is too large"));
    assert!(refused(&of(json!(null))).starts_with("null is not an amount"));

    let mut euros = of(json!(1));
    euros["sales"][0]["currency"] = json!("EUR");
    assert!(refused(&euros).starts_with("unknown variant `EUR`"));

    let stray = with(json!({ "credentials": [credential(1, 9, "seller", "2025-02-01")] }));
    assert_eq!(refused(&stray), "credential C-1 is of the unknown person H-9");

    let undated = with(json!({ "credentials": [credential(1, 1, "seller", "2025-2-1")] }));
    assert!(refused(&undated).starts_with("`2025-2-1` is not a calendar day"));

    let mut without_sales = reseller();
    without_sales.as_object_mut().expect("an object").remove("sales");
    assert!(refused(&without_sales).starts_with("missing field `sales`"));

    assert!(decide(reseller().to_string().as_bytes(), day("2024-06-30")).is_err());
}

#[test]
fn the_partner_year_of_the_benchmark_is_decided() {
    let facts = include_bytes!("../../benches/partner-year.json");
    let decision = decide(facts, day("2025-11-30")).expect("facts that are well formed");
    let decision: Value = serde_json::from_slice(&decision).expect("a decision in JSON");
    assert_eq!(
        decision["measures"],
        json!({ "tier_fixed_on": "2025-01-24", "sellers": 4, "technical_sellers": 3, "certifications": 2, "points": "18090" })
    );
    assert_eq!(decision["ladders"]["tier"]["earned"], "ready");
    assert_eq!(decision["receipt"]["version"], "2024-07");
    assert_eq!(decision["receipt"]["facts_digest"], digest(facts));
}
