//! The partner's facts, as the bytes of the request hold them: text is borrowed, amounts are exact.
//!
//! Only what the rules read has a field; serde skips the rest of the document.

use std::borrow::Cow;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::tier::Level;

/// Beyond this an amount is a mistake, and no sum of smaller ones can overflow a decimal.
const LARGEST_AMOUNT: Decimal = Decimal::from_parts(1_000_000_000, 0, 0, false, 0);

/// What is known of one partner for one cycle.
#[derive(Debug, Deserialize)]
pub struct Partner<'a> {
    #[serde(skip)]
    pub(super) digest: String,
    #[serde(borrow, rename = "partner")]
    pub(super) profile: Profile<'a>,
    #[serde(borrow)]
    pub(super) people: Vec<Person<'a>>,
    #[serde(borrow)]
    pub(super) credentials: Vec<Credential<'a>>,
    #[serde(borrow)]
    pub(super) activities: Vec<Activity<'a>>,
    #[serde(borrow)]
    pub(super) deals: Vec<Deal<'a>>,
    #[serde(borrow)]
    pub(super) sales: Vec<Sale<'a>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Profile<'a> {
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    pub modules: Vec<Module>,
    /// In force when the last cycle ended.
    pub tier_prior: Level,
    /// Fixed for this cycle; where it is not given, the prior one goes on.
    pub tier_confirmed: Option<Level>,
    #[serde(default, deserialize_with = "date_or_none")]
    pub tier_confirmed_on: Option<NaiveDate>,
}

impl Partner<'_> {
    /// How many records there are that may earn points.
    pub(super) fn records(&self) -> usize {
        self.activities.len() + self.credentials.len() + self.deals.len() + self.sales.len()
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Person<'a> {
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    #[serde(default, deserialize_with = "date_or_none")]
    pub left_on: Option<NaiveDate>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Credential<'a> {
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    #[serde(borrow)]
    pub person: Cow<'a, str>,
    pub kind: CredentialKind,
    #[serde(borrow)]
    pub name: Cow<'a, str>,
    #[serde(deserialize_with = "date")]
    pub awarded_on: NaiveDate,
}

#[derive(Debug, Deserialize)]
pub(super) struct Activity<'a> {
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    pub kind: ActivityKind,
    #[serde(deserialize_with = "date")]
    pub occurred_on: NaiveDate,
    pub modules: Option<Vec<Module>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Deal<'a> {
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    #[serde(default, deserialize_with = "date_or_none")]
    pub approved_on: Option<NaiveDate>,
    pub lines: Vec<DealLine>,
}

#[derive(Debug, Deserialize)]
pub(super) struct DealLine {
    pub product: Product,
}

#[derive(Debug, Deserialize)]
pub(super) struct Sale<'a> {
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    pub product: Product,
    #[serde(deserialize_with = "amount")]
    pub amount: Decimal,
    #[serde(default, rename = "currency")]
    pub _currency: Currency,
    #[serde(deserialize_with = "date")]
    pub booked_on: NaiveDate,
    pub modules: Option<Vec<Module>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Module {
    Resell,
    Distribution,
    SellWith,
    Csp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum CredentialKind {
    Seller,
    TechnicalSeller,
    Certification,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ActivityKind {
    Onboarding,
    Renewal,
    /// Later releases of the program add kinds that earn nothing here.
    #[serde(other)]
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Product {
    Rhel,
    Openshift,
    Ansible,
    Other,
}

/// There is no rate table, so an amount in another currency is refused rather than added up.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(super) enum Currency {
    #[default]
    #[serde(rename = "USD")]
    Usd,
}

/// Reads an amount from the digits that were written, number or string, never through a float.
fn amount<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    let written = <&RawValue>::deserialize(deserializer)?.get();
    let digits = written.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(written);
    let amount =
        if digits.contains(['e', 'E']) { Decimal::from_scientific(digits) } else { Decimal::from_str_exact(digits) };
    match amount {
        Ok(amount) if amount.abs() <= LARGEST_AMOUNT => Ok(amount),
        Ok(_) => Err(D::Error::custom(format_args!("the amount {written} is too large"))),
        Err(error) => Err(D::Error::custom(format_args!("{written} is not an amount: {error}"))),
    }
}

/// Reads `2025-02-01`; chrono's own reader would also take `2025-2-1` and `+2025-02-01`.
fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
    day(<&str>::deserialize(deserializer)?)
}

fn date_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDate>, D::Error> {
    Option::<&str>::deserialize(deserializer)?.map(day).transpose()
}

fn day<E: serde::de::Error>(text: &str) -> Result<NaiveDate, E> {
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0')))
    };
    let day = match text.as_bytes() {
        &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] => (|| {
            let year = i32::try_from(number(&[y1, y2, y3, y4])?).ok()?;
            NaiveDate::from_ymd_opt(year, number(&[m1, m2])?, number(&[d1, d2])?)
        })(),
        _ => None,
    };
    day.ok_or_else(|| E::custom(format_args!("`{text}` is not a calendar day")))
}
