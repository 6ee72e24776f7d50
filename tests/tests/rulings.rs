//! Rulings: every outcome, nested requirements, what is given, and the laws that hold for all of them.

use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::{Arc, LazyLock};
use tierline_engine::compile::Plan;
use tierline_tests::acme;

/// Deals that must name a reseller and reach a minimum, and of which odd terms are asked about.
const DEALS: &str = r#"
[parameters]
minimum  = { is = "10_000 USD" }
longest  = { is = 36 }
discount = { by = "tier", is = { none = "unspecified", silver = "7 %", gold = "20 %" } }
left_out = { is = ["training"] }

[[ladders]]
id       = "tier"
assigned = 'partner.level'
rows     = [ { id = "silver" }, { id = "gold" } ]

[[measures]]
id    = "price"
each  = "deal"
sum   = "line.amount"
where = 'kind !in left_out'

[[rulings]]
id    = "registration"
each  = "deal"
gives = [ { percent = 'discount[tier]', of = "price" } ]

  [[rulings.requires]]
  id   = "reseller"
  that = 'has(reseller)'

  [[rulings.requires]]
  id   = "minimum_price"
  that = 'price >= minimum'

  [[rulings.requires]]
  id     = "not_public"
  unless = 'cleared'
  that   = '!public_sector'

  [[rulings.requires]]
  id   = "long_term"
  when = 'months >= longest'
  asks = { en = "the deal desk", ja = "ディールデスク" }

[facts.partner]
id    = "id"
level = "tier"

[facts.deal]
list          = "deals"
id            = "id"
reseller      = "text or none"
public_sector = "flag"
cleared       = "flag or false"
months        = "count"

[facts.line]
in     = "deal"
list   = "lines"
kind   = ["license", "training"]
amount = "money"
"#;

static DEALS_PLAN: LazyLock<Arc<Plan>> = LazyLock::new(|| acme::plan(DEALS));

/// What is decided on one deal of a gold partner.
fn deal(deal: Value) -> Value {
    let facts = json!({ "partner": { "id": "P-1", "level": "gold" }, "deals": [deal] });
    acme::decided(&DEALS_PLAN, &facts.to_string(), "2031-01-01").expect("a decision")
}

/// A deal that is granted.
fn plain() -> Value {
    json!({
        "id": "D-1", "reseller": "R", "public_sector": false, "months": 12,
        "lines": [{ "kind": "license", "amount": "10000.00" }]
    })
}

fn with(mut deal: Value, changes: Value) -> Value {
    for (key, value) in changes.as_object().expect("changes") {
        match value.as_str() {
            Some("absent") => drop(deal.as_object_mut().expect("a deal").remove(key)),
            _ => deal[key] = value.clone(),
        }
    }
    deal
}

/// The outcome of a deal, and the state of every reason.
fn came_out(decision: &Value) -> (&str, Vec<(&str, &str)>) {
    let ruling = &decision["rulings"]["registration"][0];
    let reasons = ruling["reasons"].as_array().expect("reasons").iter();
    let told = reasons.map(|reason| (reason["id"].as_str().unwrap_or(""), reason["state"].as_str().unwrap_or("")));
    (ruling["outcome"].as_str().unwrap_or(""), told.collect())
}

#[test]
fn a_deal_that_meets_everything_is_granted_with_its_rate_and_amount() {
    let decision = deal(plain());
    assert_eq!(
        decision["rulings"],
        json!({ "registration": [{
            "subject": "D-1",
            "outcome": "granted",
            "rate": "20",
            "amount": "2000.00",
            "currency": "USD",
            "reasons": [
                { "id": "reseller", "state": "met" },
                { "id": "minimum_price", "state": "met", "have": "10000.00", "need": "10000" },
                { "id": "not_public", "state": "met" },
            ],
            "parts": [{ "rate": "20", "of": "10000.00", "amount": "2000.00" }],
        }] })
    );
    assert_eq!(decision.get("undetermined"), None);
}

#[test]
fn every_requirement_is_told_also_after_the_first_that_fails_and_nothing_is_given() {
    let lines = json!([{ "kind": "license", "amount": "9999.99" }, { "kind": "training", "amount": "600" }]);
    let refused = with(plain(), json!({ "reseller": null, "public_sector": true, "months": 36, "lines": lines }));
    let decision = deal(refused);
    assert_eq!(
        decision["rulings"]["registration"][0],
        json!({
            "subject": "D-1",
            "outcome": "refused",
            "reasons": [
                { "id": "reseller", "state": "not_met" },
                { "id": "minimum_price", "state": "not_met", "have": "9999.99", "need": "10000",
                  "left_out": ["deals.D-1.lines.1"] },
                { "id": "not_public", "state": "not_met" },
                { "id": "long_term", "state": "asked", "asks": "the deal desk" },
            ],
        })
    );
}

#[test]
fn what_is_dated_after_the_as_of_date_is_no_subject_yet() {
    let plan = acme::plan(
        r#"
[facts.partner]
id = "id"

[facts.deal]
list     = "deals"
happened = "sent_on"
id       = "id"
small    = "flag"
sent_on  = "date or unknown"
over_on  = "date"

[[rulings]]
id   = "registration"
each = "deal"

  [[rulings.requires]]
  id   = "small"
  that = 'small && as_of < over_on'
"#,
    );
    let deal =
        |id: &str, sent_on: Value| json!({ "id": id, "small": true, "sent_on": sent_on, "over_on": "2031-05-01" });
    let mut deals = vec![
        deal("D-1", json!("2031-01-01")),
        deal("D-2", json!("2031-01-02")),
        deal("D-3", Value::Null),
        deal("D-4", Value::Null),
    ];
    // Of one it is known that it was not sent, of the other nothing: both may be asked about.
    deals[3].as_object_mut().expect("a deal").remove("sent_on");
    let facts = json!({ "partner": { "id": "P-1" }, "deals": deals });
    let subjects = |section: &Value| -> Vec<String> {
        let named = section.as_array().expect("a list").iter().map(|item| item["subject"].as_str().expect("a name"));
        named.map(str::to_owned).collect()
    };
    let decision = acme::decided(&plan, &facts.to_string(), "2031-01-01").expect("a decision");
    assert_eq!(subjects(&decision["rulings"]["registration"]), ["D-1", "D-3", "D-4"]);
    assert_eq!(subjects(&decision["deadlines"]), ["D-1", "D-3", "D-4"]);
    let decision = acme::decided(&plan, &facts.to_string(), "2031-01-02").expect("a decision");
    assert_eq!(subjects(&decision["rulings"]["registration"]), ["D-1", "D-2", "D-3", "D-4"]);
}

#[test]
fn somebody_is_asked_where_all_that_must_hold_holds() {
    let decision = deal(with(plain(), json!({ "months": 36 })));
    let met = [("reseller", "met"), ("minimum_price", "met"), ("not_public", "met"), ("long_term", "asked")];
    assert_eq!(came_out(&decision), ("needs_approval", met.to_vec()));
    assert_eq!(decision["rulings"]["registration"][0]["amount"], "2000.00");
    // One month less, and nobody is asked.
    assert_eq!(came_out(&deal(with(plain(), json!({ "months": 35 })))).0, "granted");
}

#[test]
fn what_is_unknown_leaves_the_outcome_open_only_where_it_could_change_it() {
    let unknown = deal(with(plain(), json!({ "public_sector": "absent" })));
    assert_eq!(came_out(&unknown).0, "undetermined");
    let missing = json!([{ "rule": "registration.D-1", "missing": ["deals.D-1.public_sector"] }]);
    assert_eq!(unknown["undetermined"], missing);
    // What it would give is told all the same.
    assert_eq!(unknown["rulings"]["registration"][0]["rate"], "20");
    let states = |changes: Value| {
        let decision = deal(with(plain(), changes));
        let (outcome, reasons) = came_out(&decision);
        (outcome.to_owned(), reasons.into_iter().map(|(id, state)| format!("{id} {state}")).collect::<Vec<_>>())
    };
    let (outcome, reasons) = states(json!({ "public_sector": "absent", "reseller": null }));
    assert_eq!((outcome.as_str(), reasons[2].as_str()), ("refused", "not_public undetermined"));
    let (outcome, reasons) = states(json!({ "public_sector": "absent", "cleared": true }));
    assert_eq!((outcome.as_str(), reasons[2].as_str()), ("granted", "not_public waived"));
    // Whether somebody is asked depends on the months.
    let (outcome, reasons) = states(json!({ "months": "absent" }));
    assert_eq!((outcome.as_str(), reasons[3].as_str()), ("undetermined", "long_term undetermined"));
}

#[test]
fn a_rate_that_the_guide_leaves_open_is_not_zero() {
    let facts = json!({ "partner": { "id": "P-1", "level": null }, "deals": [plain()] });
    let decision = acme::decided(&DEALS_PLAN, &facts.to_string(), "2031-01-01").expect("a decision");
    let ruling = &decision["rulings"]["registration"][0];
    assert_eq!(ruling["outcome"], "granted");
    assert_eq!(
        (&ruling["rate"], &ruling["amount"], &ruling["state"]),
        (&json!(null), &json!(null), &json!("undetermined"))
    );
    let part = json!([{ "rate": null, "of": "10000.00", "amount": null, "state": "undetermined" }]);
    assert_eq!(ruling["parts"], part);
    let missing = json!([{ "rule": "registration.D-1", "missing": ["parameters.discount.none"] }]);
    assert_eq!(decision["undetermined"], missing);
}

/// Flags of the partner, and requirements made of them.
fn flags(requires: &str) -> String {
    format!(
        r#"
[parameters]
two = {{ is = 2 }}

[[rulings]]
id = "access"
requires = [
{requires}
]

[facts.partner]
id = "id"
a = "flag"
b = "flag"
c = "flag"
d = "flag"
"#
    )
}

/// The outcome for some flags: `+` for yes, `-` for no, `?` where it was not told; then `id state` of each reason.
fn judged(plan: &Plan, told: &str) -> (String, Vec<String>) {
    let mut partner = json!({ "id": "P-1" });
    for (name, flag) in ["a", "b", "c", "d"].into_iter().zip(told.chars()) {
        match flag {
            '?' => {}
            flag => partner[name] = json!(flag == '+'),
        }
    }
    let decision = acme::decided(plan, &json!({ "partner": partner }).to_string(), "2031-01-01").expect("a decision");
    let ruling = &decision["rulings"]["access"][0];
    let word = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let reasons = ruling["reasons"].as_array().into_iter().flatten();
    let reasons = reasons.map(|reason| format!("{} {}", word(&reason["id"]), word(&reason["state"])));
    (word(&ruling["outcome"]), reasons.collect())
}

#[test]
fn requirements_stand_inside_each_other() {
    let plan = acme::plan(&flags(
        r#"{ id = "one", any = [
             { id = "alone", that = 'partner.a' },
             { id = "pair", all = [ { id = "left", that = 'partner.b' }, { id = "right", that = 'partner.c' } ] },
           ] },
           { id = "some", at_least = "two", of = [
             { id = "first", that = 'partner.a' }, { id = "second", that = 'partner.b' }, { id = "third", asks = "Legal" },
           ] }"#,
    ));
    let states = |told: &str| judged(&plan, told);
    let told = |one, alone, pair, left, right, some, first, second| {
        let ids = ["one", "alone", "pair", "left", "right", "some", "first", "second", "third"];
        let states = [one, alone, pair, left, right, some, first, second, "asked"];
        ids.into_iter().zip(states).map(|(id, state)| format!("{id} {state}")).collect::<Vec<_>>()
    };
    let (met, not, open) = ("met", "not_met", "undetermined");
    assert_eq!(states("++--"), ("granted".into(), told(met, met, not, met, not, met, met, met)));
    assert_eq!(states("+---"), ("needs_approval".into(), told(met, met, not, not, not, "asked", met, not)));
    assert_eq!(states("-++-"), ("needs_approval".into(), told(met, not, met, met, met, "asked", not, met)));
    assert_eq!(states("-+--"), ("refused".into(), told(not, not, not, met, not, "asked", not, met)));
    assert_eq!(states("----"), ("refused".into(), told(not, not, not, not, not, not, not, not)));
    // Which of the ways it is need not be known.
    assert_eq!(states("+???"), ("undetermined".into(), told(met, met, open, open, open, open, met, open)));
    assert_eq!(states("++??"), ("granted".into(), told(met, met, open, met, open, met, met, met)));
    assert_eq!(states("?+-?").0, "undetermined");
    assert_eq!(states("?---").0, "undetermined");
}

#[test]
fn a_group_says_how_many_hold_and_every_leaf_where_it_stands() {
    let plan = acme::plan(&flags(
        r#"{ id = "some", at_least = 2, of = [
             { id = "first", that = 'partner.a' }, { id = "second", when = 'partner.d', that = 'partner.b' },
           ] }"#,
    ));
    let decide = |partner: Value| {
        let decision =
            acme::decided(&plan, &json!({ "partner": partner }).to_string(), "2031-01-01").expect("a decision");
        decision["rulings"]["access"][0].clone()
    };
    let both = decide(json!({ "id": "P-1", "a": true, "b": true, "d": true }));
    let reasons = json!([
        { "id": "some", "state": "met", "have": 2, "need": 2 },
        { "id": "first", "in": "some", "state": "met" },
        { "id": "second", "in": "some", "state": "met" },
    ]);
    assert_eq!((&both["outcome"], &both["reasons"]), (&json!("granted"), &reasons));
    // What does not apply does not hold either.
    let one = decide(json!({ "id": "P-1", "a": true, "b": true, "d": false }));
    let reasons = json!([
        { "id": "some", "state": "not_met", "have": 1, "need": 2 },
        { "id": "first", "in": "some", "state": "met" },
    ]);
    assert_eq!((&one["outcome"], &one["reasons"]), (&json!("refused"), &reasons));
    let perhaps = decide(json!({ "id": "P-1", "a": true, "b": true }));
    assert_eq!(
        perhaps["reasons"][0],
        json!({ "id": "some", "state": "undetermined", "have": { "at_least": 1, "at_most": 2 }, "need": 2 })
    );
    assert_eq!(perhaps["outcome"], "undetermined");
}

#[test]
fn a_requirement_may_be_repeated_for_every_record_or_row() {
    let plan = acme::plan(
        r#"
[tables.country]
rows = [ { id = "jp", annex = true }, { id = "fr", annex = true }, { id = "de", annex = false } ]

[[rulings]]
id = "sale"

  [[rulings.requires]]
  id   = "annex"
  each = "country"
  when = 'annex'
  that = 'country.id in partner.annexes'

  [[rulings.requires]]
  id       = "proof"
  at_least = 2
  of       = [ { id = "described", each = "evidence", that = 'text != ""' } ]

[facts.partner]
id      = "id"
annexes = "set of country.id"

[facts.evidence]
list = "evidence"
text = "text"
"#,
    );
    let decide = |facts: Value| acme::decided(&plan, &facts.to_string(), "2031-01-01").expect("a decision");
    let partner = json!({ "id": "P-1", "annexes": ["jp"] });
    let decision =
        decide(json!({ "partner": partner, "evidence": [{ "text": "met" }, { "text": "" }, { "text": "poc" }] }));
    assert_eq!(
        decision["rulings"]["sale"],
        json!([{ "subject": "P-1", "outcome": "refused", "reasons": [
            { "id": "annex", "subject": "jp", "state": "met" },
            { "id": "annex", "subject": "fr", "state": "not_met" },
            { "id": "proof", "state": "met", "have": 2, "need": 2 },
            { "id": "described", "in": "proof", "subject": "0", "state": "met" },
            { "id": "described", "in": "proof", "subject": "1", "state": "not_met" },
            { "id": "described", "in": "proof", "subject": "2", "state": "met" },
        ] }])
    );
    // A list that was not told may hold anything.
    let decision = decide(json!({ "partner": { "id": "P-1", "annexes": ["jp", "fr"] } }));
    assert_eq!(decision["rulings"]["sale"][0]["outcome"], "undetermined");
    assert_eq!(decision["undetermined"], json!([{ "rule": "sale", "missing": ["evidence"] }]));
}

#[test]
fn what_applies_only_if_something_exists_may_compare_it() {
    let plan = acme::plan(
        r#"
[parameters]
lead = { is = "30 days" }
rate = { is = "2 %" }

[[rulings]]
id    = "order"
each  = "deal"
gives = [ { percent = "rate", of = 'extra', when = 'has(extra)' } ]

  [[rulings.requires]]
  id   = "early"
  when = 'has(ordered_on)'
  that = 'approved_on + lead <= ordered_on'

  [[rulings.requires]]
  id     = "late"
  unless = '!has(ordered_on)'
  any    = [ { id = "after", that = 'approved_on <= ordered_on' } ]

[facts.deal]
list        = "deals"
id          = "id"
approved_on = "date"
ordered_on  = "date or none"
extra       = "money or none"
"#,
    );
    let decide = |deal: Value| {
        let decision = acme::decided(&plan, &json!({ "deals": [deal] }).to_string(), "2031-01-01").expect("a decision");
        decision["rulings"]["order"][0].clone()
    };
    let open = decide(json!({ "id": "D-1", "approved_on": "2030-01-01" }));
    let after = json!({ "id": "after", "in": "late", "state": "undetermined", "have": "2030-01-01", "need": null });
    let reasons = json!([{ "id": "late", "state": "waived" }, after]);
    assert_eq!((&open["outcome"], open.get("amount"), &open["reasons"]), (&json!("granted"), None, &reasons));
    let dated = |ordered_on: &str| {
        decide(json!({ "id": "D-1", "approved_on": "2030-01-01", "ordered_on": ordered_on, "extra": "50" }))
    };
    assert_eq!((&dated("2030-01-31")["outcome"], &dated("2030-01-31")["amount"]), (&json!("granted"), &json!("1.00")));
    assert_eq!(dated("2030-01-30")["outcome"], "refused");
}

#[test]
fn too_many_requirements_end_in_a_failure_and_not_in_an_endless_answer() {
    let plan = acme::plan(
        r#"
[[rulings]]
id       = "bonus"
each     = "deal"
requires = [ { id = "pairs", any = [ { id = "pair", each = "proof", that = 'proof.good && deal.good' } ] } ]

[facts.deal]
list = "deals"
good = "flag"

[facts.proof]
list = "proofs"
good = "flag"
"#,
    );
    let many: Vec<Value> = (0..1001).map(|_| json!({ "good": false })).collect();
    let facts = json!({ "deals": many, "proofs": many }).to_string();
    let failure = acme::decided(&plan, &facts, "2031-01-01").expect_err("no answer");
    assert_eq!(failure, "a rule is repeated for more than 1000000 combinations of records and rows");
}

/// Parts over an amount and a smaller one, as the tests need them.
fn parts(gives: &str, currency: &str) -> Arc<Plan> {
    acme::plan(&format!(
        r#"
[parameters]
rate    = {{ is = "12.5 %" }}
cap     = {{ is = "150 {currency}" }}
no_cap  = {{ is = "no limit" }}
method  = {{ is = "floor", choices = ["floor", "half_up"] }}

[[rulings]]
id    = "rebate"
each  = "deal"
gives = [ {gives} ]

[facts.deal]
list     = "deals"
id       = "id"
amount   = "money"
promoted = "money"
extra    = "flag"

[rulebook]
program   = "acme"
version   = "1"
status    = "draft"
effective = {{ from = 2030-01-01 }}
currency  = "{currency}"
title     = "Acme Partners"
"#
    ))
}

fn given(plan: &Plan, deal: &Value) -> Value {
    let facts = json!({ "deals": [deal] }).to_string();
    let mut ruling = acme::decided(plan, &facts, "2031-01-01").expect("a decision")["rulings"]["rebate"][0].clone();
    for key in ["subject", "outcome", "currency"] {
        ruling.as_object_mut().expect("a ruling").remove(key);
    }
    ruling
}

#[test]
fn parts_are_added_up_and_a_rate_is_told_where_all_have_one_base() {
    let plan = parts(
        r#"{ id = "own", percent = "rate", of = "amount" }, { id = "more", percent = "2 %", of = "amount", when = 'extra' }"#,
        "USD",
    );
    let deal = |extra: Value| json!({ "id": "D-1", "amount": "1000", "promoted": "10", "extra": extra });
    let own = json!({ "id": "own", "rate": "12.5", "of": "1000", "amount": "125.00" });
    let more = json!({ "id": "more", "rate": "2", "of": "1000", "amount": "20.00" });
    assert_eq!(given(&plan, &deal(json!(true))), json!({ "rate": "14.5", "amount": "145.00", "parts": [own, more] }));
    assert_eq!(given(&plan, &deal(json!(false))), json!({ "rate": "12.5", "amount": "125.00", "parts": [own] }));
    // A part that may not apply makes a range.
    let perhaps = given(&plan, &json!({ "id": "D-1", "amount": "1000", "promoted": "10" }));
    assert_eq!(perhaps["amount"], json!({ "at_least": "125.00", "at_most": "145.00" }));
    assert_eq!(perhaps["rate"], json!({ "at_least": "12.5", "at_most": "14.5" }));
    let mixed = parts(
        r#"{ id = "own", percent = "3 %", of = "amount" }, { id = "new", percent = "2 %", of = "promoted" }"#,
        "USD",
    );
    let ruling = given(&mixed, &deal(json!(true)));
    assert_eq!((ruling.get("rate"), &ruling["amount"]), (None, &json!("30.20")));
}

#[test]
fn amounts_are_capped_and_rounded_to_the_smallest_unit_of_their_currency() {
    let amount = |gives: &str, currency: &str, of: &str| {
        let deal = json!({ "id": "D-1", "amount": of, "promoted": "0", "extra": true });
        given(&parts(gives, currency), &deal)["amount"].clone()
    };
    let plain = r#"{ percent = "rate", of = "amount" }"#;
    assert_eq!(amount(plain, "USD", "1000.04"), "125.01");
    assert_eq!(amount(plain, "USD", "1000.03"), "125.00");
    assert_eq!(amount(plain, "JPY", "1004"), "126");
    assert_eq!(amount(plain, "BHD", "0.1"), "0.013");
    assert_eq!(amount(r#"{ percent = "rate", of = "amount", rounding = "method" }"#, "USD", "1000.04"), "125.00");
    assert_eq!(amount(r#"{ percent = "rate", of = "amount", rounding = "prorate" }"#, "USD", "1000.04"), "125.005");
    assert_eq!(amount(r#"{ percent = "rate", of = "amount", at_most = "cap" }"#, "USD", "1200"), "150.00");
    assert_eq!(amount(r#"{ percent = "rate", of = "amount", at_most = "cap" }"#, "USD", "1200.08"), "150.00");
    assert_eq!(amount(r#"{ percent = "rate", of = "amount", at_most = "cap" }"#, "USD", "1199.92"), "149.99");
    assert_eq!(amount(r#"{ percent = "rate", of = "amount", at_most = "no limit" }"#, "USD", "12000"), "1500.00");
    assert_eq!(amount(r#"{ amount = 'min(amount, cap)' }"#, "USD", "90"), "90.00");
    assert_eq!(amount(r#"{ amount = "25 USD" }"#, "USD", "90"), "25.00");
    // What is not known is capped all the same.
    assert_eq!(
        amount(r#"{ percent = "unspecified", of = "amount", at_most = "cap" }"#, "USD", "1"),
        json!({ "at_most": "150.00" })
    );
}

#[test]
fn a_rate_may_stand_alone() {
    let plan = parts(r#"{ percent = "5 %" }"#, "USD");
    let ruling = given(&plan, &json!({ "id": "D-1", "amount": "1", "promoted": "0", "extra": true }));
    assert_eq!(ruling, json!({ "rate": "5", "parts": [{ "rate": "5" }] }));
}

#[test]
fn what_a_ruling_decides_is_read_by_other_rules() {
    let rules = format!(
        "{DEALS}{}",
        r#"
[[measures]]
id    = "granted"
count = "deal"
where = 'registration.outcome == "granted"'

[[measures]]
id    = "saved"
each  = "deal"
value = 'registration.amount ?? nothing'

[[measures]]
id  = "saved_in_all"
sum = "deal.saved"

[[measures]]
id  = "best_rate"
max = "deal.registration_rate"

[[measures]]
id    = "registration_rate"
each  = "deal"
value = 'registration.rate'

[parameters.more]
nothing = { is = "0 USD" }
"#
    );
    let facts = json!({
        "partner": { "id": "P-1", "level": "gold" },
        "deals": [plain(), with(plain(), json!({ "id": "D-2", "reseller": null })), with(plain(), json!({ "id": "D-3" }))]
    });
    let decision = acme::decided(&acme::plan(&rules), &facts.to_string(), "2031-01-01").expect("a decision");
    let measures = json!({ "granted": 2, "saved_in_all": "4000.00", "best_rate": "20" });
    assert_eq!(decision["measures"], measures);
}

/// Requirements of every form over the four flags, in some order.
fn any_requirements() -> impl Strategy<Value = Vec<String>> {
    let leaf = prop_oneof![
        Just("that = 'FLAG'"),
        Just("that = '!FLAG'"),
        Just("asks = \"Legal\""),
        Just("when = 'FLAG', asks = \"Legal\""),
        Just("when = 'FLAG', that = 'partner.a'"),
        Just("unless = 'FLAG', that = 'partner.b'"),
        Just("any = [ { id = \"ID_x\", that = 'FLAG' }, { id = \"ID_y\", when = 'partner.c', that = 'partner.d' } ]"),
        Just(
            "at_least = 2, of = [ { id = \"ID_x\", that = 'FLAG' }, { id = \"ID_y\", that = 'partner.a' }, { id = \"ID_z\", asks = \"Legal\" } ]"
        ),
    ];
    let flag = prop_oneof![Just("partner.a"), Just("partner.b"), Just("partner.c"), Just("partner.d")];
    let requirement = (leaf, flag).prop_map(|(form, flag)| form.replace("FLAG", flag));
    proptest::collection::vec(requirement, 1..5).prop_map(|forms| {
        let named = forms.into_iter().enumerate();
        named.map(|(at, form)| format!("{{ id = \"r{at}\", {} }}", form.replace("ID", &format!("r{at}")))).collect()
    })
}

/// A plan of these requirements; they may be as silly as chance makes them.
fn silly(requirements: &[String]) -> Arc<Plan> {
    let load = acme::load(&flags(&requirements.join(",\n")), &[]);
    load.program.versions[0].plan.clone().unwrap_or_else(|| panic!("\n{}", acme::told(&load)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// What is decided without knowing something is decided so whatever it turns out to be.
    #[test]
    fn an_outcome_that_is_decided_stays_whatever_the_unknown_turns_out_to_be(
        requirements in any_requirements(),
        told in "[-+?]{4}",
    ) {
        let plan = silly(&requirements);
        let (outcome, _) = judged(&plan, &told);
        for bits in 0..16u32 {
            let flags = told.chars().enumerate();
            let whole: String =
                flags.map(|(at, flag)| if flag == '?' { if bits >> at & 1 == 1 { '+' } else { '-' } } else { flag }).collect();
            let (decided, _) = judged(&plan, &whole);
            prop_assert_ne!(&decided, "undetermined", "all is known in {}", whole);
            prop_assert!(outcome == "undetermined" || outcome == decided, "{} for {}, {} for {}", outcome, told, decided, whole);
        }
    }

    /// The order in which requirements are written changes only the order in which they are told.
    #[test]
    fn the_order_of_requirements_does_not_matter(requirements in any_requirements(), told in "[-+?]{4}") {
        let backwards: Vec<String> = requirements.iter().rev().cloned().collect();
        let (outcome, mut reasons) = judged(&silly(&requirements), &told);
        let (other, mut others) = judged(&silly(&backwards), &told);
        reasons.sort();
        others.sort();
        prop_assert_eq!((outcome, reasons), (other, others));
    }
}
