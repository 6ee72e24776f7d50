//! The points of the Resell module: which records earn, and what.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::Cycle;
use super::decision::{AwardLine, Awards, Basis, ByCategory, ByModule};
use super::facts::{ActivityKind, CredentialKind, Deal, Module, Partner, Product};

pub(super) const SALES_BLOCK: Decimal = Decimal::from_parts(25_000, 0, 0, false, 0); // US$

/// What is paid for, in the order in which it is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rule {
    Contract,
    Seller,
    TechnicalSeller,
    Certification,
    Approval,
    Rhel,
    Openshift,
    Ansible,
}

const RULES: [Rule; 8] = [
    Rule::Contract,
    Rule::Seller,
    Rule::TechnicalSeller,
    Rule::Certification,
    Rule::Approval,
    Rule::Rhel,
    Rule::Openshift,
    Rule::Ansible,
];

impl Rule {
    fn name(self) -> &'static str {
        match self {
            Rule::Contract => "contract.onboarding_or_renewal",
            Rule::Seller => "credentials.seller",
            Rule::TechnicalSeller => "credentials.technical_seller",
            Rule::Certification => "credentials.certification",
            Rule::Approval => "deal_approval.approval",
            Rule::Rhel => "resale.rhel",
            Rule::Openshift => "resale.openshift",
            Rule::Ansible => "resale.ansible",
        }
    }

    /// For an event, or for a block of sales.
    pub fn points(self) -> Decimal {
        Decimal::from(match self {
            Rule::Contract => 1_000,
            Rule::Seller => 160,
            Rule::TechnicalSeller => 700,
            Rule::Certification => 4_000,
            Rule::Approval => 1_050,
            Rule::Rhel => 600,
            Rule::Openshift => 800,
            Rule::Ansible => 900,
        })
    }
}

/// A record that earns.
pub(super) struct Earning<'a> {
    pub on: NaiveDate,
    pub rule: Rule,
    /// Of a sale; nothing else has one.
    pub amount: Option<Decimal>,
    pub id: &'a str,
}

/// Every record that earns on its day, whichever cycle that is in; of each rule in the order of the document.
pub(super) fn earnings<'a>(partner: &'a Partner<'a>) -> Vec<Earning<'a>> {
    let in_resell =
        |modules: &Option<Vec<Module>>| modules.as_ref().unwrap_or(&partner.profile.modules).contains(&Module::Resell);
    let mut earnings = Vec::with_capacity(partner.records());

    for activity in &partner.activities {
        if matches!(activity.kind, ActivityKind::Onboarding | ActivityKind::Renewal) && in_resell(&activity.modules) {
            earnings.push(Earning { on: activity.occurred_on, rule: Rule::Contract, amount: None, id: &activity.id });
        }
    }
    if in_resell(&None) {
        let mut seen = BTreeSet::new();
        for credential in &partner.credentials {
            // One that is listed twice earns once.
            if seen.insert((&credential.person, credential.kind, &credential.name, credential.awarded_on)) {
                let rule = match credential.kind {
                    CredentialKind::Seller => Rule::Seller,
                    CredentialKind::TechnicalSeller => Rule::TechnicalSeller,
                    CredentialKind::Certification => Rule::Certification,
                };
                earnings.push(Earning { on: credential.awarded_on, rule, amount: None, id: &credential.id });
            }
        }
        for deal in partner.deals.iter().filter(|deal| earns(deal)) {
            if let Some(on) = deal.approved_on {
                earnings.push(Earning { on, rule: Rule::Approval, amount: None, id: &deal.id });
            }
        }
    }
    for sale in partner.sales.iter().filter(|sale| in_resell(&sale.modules)) {
        let rule = match sale.product {
            Product::Rhel => Rule::Rhel,
            Product::Openshift => Rule::Openshift,
            Product::Ansible => Rule::Ansible,
            Product::Other => continue,
        };
        earnings.push(Earning { on: sale.booked_on, rule, amount: Some(sale.amount), id: &sale.id });
    }
    earnings
}

/// Whether a deal is about one of the products that earn points.
fn earns(deal: &Deal<'_>) -> bool {
    deal.lines.iter().any(|line| matches!(line.product, Product::Rhel | Product::Openshift | Product::Ansible))
}

/// Full blocks only; what was sent back takes blocks away.
pub(super) fn blocks(amount: Decimal) -> Decimal {
    (amount / SALES_BLOCK).floor()
}

/// The points of a cycle up to and with a day.
pub(super) fn total(earnings: &[Earning<'_>], cycle: &Cycle, as_of: NaiveDate) -> Decimal {
    let (mut points, mut amounts) = (Decimal::ZERO, [Decimal::ZERO; RULES.len()]);
    for earning in earnings.iter().filter(|earning| cycle.holds(earning.on) && earning.on <= as_of) {
        match earning.amount {
            Some(amount) => amounts[earning.rule as usize] += amount,
            None => points += earning.rule.points(),
        }
    }
    RULES.iter().fold(points, |points, rule| points + blocks(amounts[*rule as usize]) * rule.points())
}

/// The points of a cycle up to and with a day, and what earned them.
pub(super) fn awards<'a>(earnings: &[Earning<'a>], cycle: &Cycle, as_of: NaiveDate) -> Awards<'a> {
    let mut sums = [const { Sum { amount: Decimal::ZERO, facts: Vec::new() } }; RULES.len()];
    for earning in earnings.iter().filter(|earning| cycle.holds(earning.on) && earning.on <= as_of) {
        let sum = &mut sums[earning.rule as usize];
        sum.amount += earning.amount.unwrap_or_default();
        sum.facts.push(earning.id);
    }

    let mut by = ByCategory::default();
    let mut lines = Vec::with_capacity(RULES.len());
    for (rule, Sum { amount, facts }) in RULES.into_iter().zip(sums) {
        if facts.is_empty() {
            continue;
        }
        let blocks = blocks(amount);
        let count = facts.len();
        let (category, units, basis) = match rule {
            Rule::Contract => (&mut by.admin, count.into(), Basis::Events { count }),
            Rule::Seller | Rule::TechnicalSeller | Rule::Certification => {
                (&mut by.training, count.into(), Basis::Events { count })
            }
            Rule::Approval => (&mut by.deal_registration, count.into(), Basis::Events { count }),
            Rule::Rhel | Rule::Openshift | Rule::Ansible => {
                let whole = blocks.to_i64().expect("amounts are bounded where they are read");
                (&mut by.sales, blocks, Basis::Blocks { amount, blocks: whole })
            }
        };
        let points = units * rule.points();
        *category += points;
        lines.push(AwardLine { rule: rule.name(), points, basis, facts });
    }
    let total = by.admin + by.training + by.deal_registration + by.sales;
    Awards { total, by_category: by, by_module: ByModule { resell: total }, lines }
}

struct Sum<'a> {
    amount: Decimal,
    facts: Vec<&'a str>,
}
