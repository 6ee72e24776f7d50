//! The partner tiers of `redhat-pex` since July 2024, written by hand.
//!
//! This is what a team would write if the rules never changed: structs for the document, one
//! function for each rule, the numbers as constants. The engine's speed is measured against it, and
//! its answers on points and tiers are checked against it. It knows the Resell module and the tier
//! that is earned; it knows nothing of standings, rulings, obligations or the tier that was carried
//! over.

mod decision;
mod facts;

use std::collections::BTreeSet;

use chrono::{Datelike, Days, Months, NaiveDate};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::de::Error as _;
use sha2::{Digest, Sha256};

pub use decision::Decision;
pub use facts::Partner;

use decision::{
    AwardLine, Awards, Basis, Ladders, Measures, Missing, NextLevel, Quantity, Receipt, Requirement, State, Tier,
};
use facts::{ActivityKind, Credential, CredentialKind, Deal, Module, Product};

/// The first cycle is half a year; every later one is a calendar year.
const PROGRAM_START: NaiveDate = NaiveDate::from_ymd_opt(2024, 7, 1).expect("a calendar day");
/// Stands where the digest of the rule files would stand: the rules are this file.
const RULES_DIGEST: &str = "sha256:8d5c1f3b0e7a4926b1d8f0c35e6a79247f1b3d5e9c80a2641e3f5b7d9a0c2e48";

const CONTRACT_POINTS: u32 = 1_000;
const SELLER_POINTS: u32 = 160;
const TECHNICAL_SELLER_POINTS: u32 = 700;
const CERTIFICATION_POINTS: u32 = 4_000;
const DEAL_APPROVAL_POINTS: u32 = 1_050;
const RHEL_POINTS: u32 = 600;
const OPENSHIFT_POINTS: u32 = 800;
const ANSIBLE_POINTS: u32 = 900;

const SALES_BLOCK: Decimal = Decimal::from_parts(25_000, 0, 0, false, 0); // US$
const SELLER_VALIDITY: Months = Months::new(24);
const CERTIFICATION_VALIDITY: Months = Months::new(36);
const LEAVER_GRACE: Days = Days::new(90);

/// Each number is "at least".
struct Level {
    id: &'static str,
    points: u32,
    sellers: usize,
    technical_sellers: usize,
    certifications: usize,
}

/// Lowest first.
const LEVELS: [Level; 3] = [
    Level { id: "ready", points: 0, sellers: 2, technical_sellers: 0, certifications: 0 },
    Level { id: "advanced", points: 25_000, sellers: 3, technical_sellers: 2, certifications: 1 },
    Level { id: "premier", points: 100_000, sellers: 6, technical_sellers: 4, certifications: 2 },
];

/// Answers a request: the JSON of a partner's facts in, the JSON of the decision out.
///
/// # Errors
/// Facts that are not what [`parse`] reads, or a day before the program started.
pub fn decide(facts: &[u8], as_of: NaiveDate) -> Result<Vec<u8>, serde_json::Error> {
    if as_of < PROGRAM_START {
        return Err(serde_json::Error::custom(format_args!("the program started on {PROGRAM_START}, after {as_of}")));
    }
    let partner = parse(facts)?;
    Ok(write(&evaluate(&partner, as_of)))
}

/// Reads a partner's facts, and their digest for the receipt.
///
/// # Errors
/// Bytes that are not JSON, a field that is missing or of the wrong type, an amount that is not in
/// US dollars, or a credential of someone who is not among the people.
pub fn parse(facts: &[u8]) -> Result<Partner<'_>, serde_json::Error> {
    let mut partner: Partner = serde_json::from_slice(facts)?;
    if let Some(stray) = partner
        .credentials
        .iter()
        .find(|credential| !partner.people.iter().any(|person| person.id == credential.person))
    {
        return Err(serde_json::Error::custom(format_args!(
            "credential {} is of the unknown person {}",
            stray.id, stray.person
        )));
    }
    partner.digest = digest(facts);
    Ok(partner)
}

/// Applies the rules, as they stood on a day of the program.
pub fn evaluate<'a>(partner: &'a Partner<'a>, as_of: NaiveDate) -> Decision<'a> {
    let awards = awards(partner, &Cycle::of(as_of));
    let measures = Measures {
        sellers: holders(partner, CredentialKind::Seller, as_of),
        technical_sellers: holders(partner, CredentialKind::TechnicalSeller, as_of),
        certifications: holders(partner, CredentialKind::Certification, as_of),
        points: awards.total,
    };
    Decision {
        receipt: Receipt {
            program: "redhat-pex",
            version: version(as_of),
            digest: RULES_DIGEST,
            engine: env!("CARGO_PKG_VERSION"),
            as_of,
            facts_digest: &partner.digest,
        },
        subject: &partner.profile.id,
        ladders: Ladders { tier: tier(&measures) },
        measures,
        awards,
    }
}

/// Writes a decision as JSON.
pub fn write(decision: &Decision<'_>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(4_096);
    serde_json::to_writer(&mut bytes, decision).expect("a decision has text keys and is written to memory");
    bytes
}

/// Names the bytes of a document: `sha256:` and 64 hexadecimal digits.
pub fn digest(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut name = String::with_capacity(71);
    name.push_str("sha256:");
    for byte in Sha256::digest(bytes) {
        name.push(char::from(DIGITS[usize::from(byte >> 4)]));
        name.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    name
}

/// The part of a cycle that has happened: both days are in it.
struct Cycle {
    start: NaiveDate,
    as_of: NaiveDate,
}

impl Cycle {
    fn of(as_of: NaiveDate) -> Self {
        let new_year = NaiveDate::from_ymd_opt(as_of.year(), 1, 1).expect("every year of the calendar has a first day");
        Self { start: new_year.max(PROGRAM_START), as_of }
    }

    fn holds(&self, day: NaiveDate) -> bool {
        self.start <= day && day <= self.as_of
    }
}

/// The version of the program in force on a day; points and tiers are the same in all of them.
fn version(as_of: NaiveDate) -> &'static str {
    match as_of.year() {
        ..=2024 => "2024-07",
        2025 => "2025-01",
        2026.. => "2026-01",
    }
}

/// How many people hold a credential of a kind that counts on the day.
fn holders(partner: &Partner<'_>, kind: CredentialKind, as_of: NaiveDate) -> usize {
    let mut people: Vec<&str> = partner
        .credentials
        .iter()
        .filter(|credential| credential.kind == kind)
        .filter(|credential| credential.awarded_on <= as_of && as_of <= counts_through(partner, credential))
        .map(|credential| &*credential.person)
        .collect();
    people.sort_unstable();
    people.dedup();
    people.len()
}

/// The last day on which a credential counts: its anniversary, or sooner when its holder left.
fn counts_through(partner: &Partner<'_>, credential: &Credential<'_>) -> NaiveDate {
    let validity = match credential.kind {
        CredentialKind::Seller | CredentialKind::TechnicalSeller => SELLER_VALIDITY,
        CredentialKind::Certification => CERTIFICATION_VALIDITY,
    };
    let expires = credential.awarded_on + validity;
    let left_on = partner.people.iter().find(|person| person.id == credential.person).and_then(|person| person.left_on);
    left_on.map_or(expires, |left_on| expires.min(left_on + LEAVER_GRACE))
}

/// The points of the Resell module.
fn awards<'a>(partner: &'a Partner<'a>, cycle: &Cycle) -> Awards<'a> {
    let in_resell =
        |modules: &Option<Vec<Module>>| modules.as_ref().unwrap_or(&partner.profile.modules).contains(&Module::Resell);
    let mut awards = Awards::default();

    let contracts = partner
        .activities
        .iter()
        .filter(|activity| matches!(activity.kind, ActivityKind::Onboarding | ActivityKind::Renewal))
        .filter(|activity| cycle.holds(activity.occurred_on) && in_resell(&activity.modules))
        .map(|activity| &*activity.id)
        .collect();
    awards.by_category.admin += each(&mut awards.lines, "contract.onboarding_or_renewal", CONTRACT_POINTS, contracts);

    if in_resell(&None) {
        for (kind, rule, points) in [
            (CredentialKind::Seller, "credentials.seller", SELLER_POINTS),
            (CredentialKind::TechnicalSeller, "credentials.technical_seller", TECHNICAL_SELLER_POINTS),
            (CredentialKind::Certification, "credentials.certification", CERTIFICATION_POINTS),
        ] {
            let credentials = awarded(partner, kind, cycle);
            awards.by_category.training += each(&mut awards.lines, rule, points, credentials);
        }

        let approvals = partner
            .deals
            .iter()
            .filter(|deal| deal.approved_on.is_some_and(|day| cycle.holds(day)) && earns(deal))
            .map(|deal| &*deal.id)
            .collect();
        awards.by_category.deal_registration +=
            each(&mut awards.lines, "deal_approval.approval", DEAL_APPROVAL_POINTS, approvals);
    }

    for (product, rule, points) in [
        (Product::Rhel, "resale.rhel", RHEL_POINTS),
        (Product::Openshift, "resale.openshift", OPENSHIFT_POINTS),
        (Product::Ansible, "resale.ansible", ANSIBLE_POINTS),
    ] {
        let mut amount = Decimal::ZERO;
        let mut facts = Vec::new();
        for sale in partner.sales.iter().filter(|sale| sale.product == product) {
            if cycle.holds(sale.booked_on) && in_resell(&sale.modules) {
                amount += sale.amount;
                facts.push(&*sale.id);
            }
        }
        if !facts.is_empty() {
            let blocks = (amount / SALES_BLOCK).floor();
            let points = blocks * Decimal::from(points);
            let blocks = blocks.to_i64().expect("amounts are bounded where they are read");
            awards.by_category.sales += points;
            awards.lines.push(AwardLine { rule, points, basis: Basis::Blocks { amount, blocks }, facts });
        }
    }

    let by = &awards.by_category;
    awards.total = by.admin + by.training + by.deal_registration + by.sales;
    awards.by_module.resell = awards.total;
    awards
}

/// Adds a line for events that earn the same points each, and says what they earn together.
fn each<'a>(lines: &mut Vec<AwardLine<'a>>, rule: &'static str, points: u32, facts: Vec<&'a str>) -> Decimal {
    let count = facts.len();
    let points = Decimal::from(points) * Decimal::from(count);
    if count > 0 {
        lines.push(AwardLine { rule, points, basis: Basis::Events { count }, facts });
    }
    points
}

/// The credentials of a kind that were awarded in the cycle; one that is listed twice counts once.
fn awarded<'a>(partner: &'a Partner<'a>, kind: CredentialKind, cycle: &Cycle) -> Vec<&'a str> {
    let mut seen = BTreeSet::new();
    partner
        .credentials
        .iter()
        .filter(|credential| credential.kind == kind && cycle.holds(credential.awarded_on))
        .filter(|credential| seen.insert((&credential.person, &credential.name, credential.awarded_on)))
        .map(|credential| &*credential.id)
        .collect()
}

/// Whether a deal is about one of the products that earn points.
fn earns(deal: &Deal<'_>) -> bool {
    deal.lines.iter().any(|line| matches!(line.product, Product::Rhel | Product::Openshift | Product::Ansible))
}

/// The highest level whose conditions all hold, and what the one above it still asks for.
fn tier(measures: &Measures) -> Tier {
    let requirements = LEVELS.each_ref().map(|level| requirements(level, measures));
    let reached =
        requirements.iter().rposition(|level| level.iter().all(|requirement| requirement.state == State::Met));
    let next = reached.map_or(0, |reached| reached + 1);
    Tier {
        earned: reached.map_or("none", |reached| LEVELS[reached].id),
        next: LEVELS.get(next).map(|level| NextLevel {
            level: level.id,
            missing: requirements[next].iter().filter_map(missing).collect(),
        }),
        requirements: requirements.into_iter().flatten().collect(),
    }
}

fn requirements(level: &Level, measures: &Measures) -> [Requirement; 4] {
    let at_least = |id, have, need| {
        let state = if have >= need { State::Met } else { State::NotMet };
        Requirement { level: level.id, id, have, need, state }
    };
    let people = |id, have, need| at_least(id, Quantity::People(have), Quantity::People(need));
    [
        at_least("points", Quantity::Points(measures.points), Quantity::Points(level.points.into())),
        people("sellers", measures.sellers, level.sellers),
        people("technical_sellers", measures.technical_sellers, level.technical_sellers),
        people("certifications", measures.certifications, level.certifications),
    ]
}

fn missing(requirement: &Requirement) -> Option<Missing> {
    let &Requirement { id, have, need, .. } = requirement;
    let gap = match (have, need) {
        (Quantity::People(have), Quantity::People(need)) if have < need => Quantity::People(need - have),
        (Quantity::Points(have), Quantity::Points(need)) if have < need => Quantity::Points(need - have),
        _ => return None,
    };
    Some(Missing { id, have, need, gap })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a calendar day")
    }

    /// A reseller with eight people of whom nothing else is known.
    fn reseller() -> Value {
        let people: Vec<Value> = (1..=8).map(|n| json!({ "id": format!("H-{n}") })).collect();
        json!({
            "partner": { "id": "P-1", "modules": ["resell"] },
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
            let tier = tier(&Measures { sellers, technical_sellers, certifications, points });
            assert_eq!(tier.earned, earned, "{points} points, {sellers}/{technical_sellers}/{certifications}");
            assert_eq!(tier.next.is_none(), earned == "premier");
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
        let facts = include_bytes!("../benches/partner-year.json");
        let decision = decide(facts, day("2025-11-30")).expect("facts that are well formed");
        let decision: Value = serde_json::from_slice(&decision).expect("a decision in JSON");
        assert_eq!(
            decision["measures"],
            json!({ "sellers": 4, "technical_sellers": 3, "certifications": 2, "points": "18090" })
        );
        assert_eq!(decision["ladders"]["tier"]["earned"], "ready");
        assert_eq!(decision["receipt"]["version"], "2025-01");
        assert_eq!(decision["receipt"]["facts_digest"], digest(facts));
    }
}
