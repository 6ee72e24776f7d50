//! The partner tiers of `redhat-pex` since July 2024, written by hand.
//!
//! This is what a team would write if the rules never changed: structs for the document, one
//! function for each rule, the numbers as constants. The engine's speed is measured against it, and
//! its answers are checked against it, word for word: for the rules in `benches/points-and-tiers.toml`
//! both write the same document. It knows the Resell module and the tier; it knows nothing of
//! standings, rulings or obligations, and it refuses facts that are not complete.

mod decision;
mod facts;
mod points;
mod tier;
mod timeline;

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::de::Error as _;
use sha2::{Digest, Sha256};

pub use decision::Decision;
pub use facts::Partner;

use decision::{Ladders, Measures, Receipt, Tier};
use facts::CredentialKind;
use tier::Counts;

/// The first cycle is half a year; every later one is a calendar year.
const PROGRAM_START: NaiveDate = NaiveDate::from_ymd_opt(2024, 7, 1).expect("a calendar day");
/// Stands where the digest of the rule files would stand: the rules are this file.
pub const RULES_DIGEST: &str = "sha256:8d5c1f3b0e7a4926b1d8f0c35e6a79247f1b3d5e9c80a2641e3f5b7d9a0c2e48";

const SELLER_VALIDITY: Months = Months::new(24);
const CERTIFICATION_VALIDITY: Months = Months::new(36);
const LEAVER_GRACE: Days = Days::new(90);

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

/// Reads a partner's facts, and names their bytes for the receipt.
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
    let cycle = Cycle::of(as_of);
    let holdings = holdings(partner);
    let earnings = points::earnings(partner);
    let awards = points::awards(&earnings, &cycle, as_of);
    let counts = Counts { holders: holders(&holdings, as_of), points: awards.total };
    let timeline = timeline::follow(partner, &holdings, &earnings, &cycle, as_of);
    let [sellers, technical_sellers, certifications] = counts.holders;
    Decision {
        receipt: Receipt {
            program: "redhat-pex",
            version: "2024-07",
            digest: RULES_DIGEST,
            engine: env!("CARGO_PKG_VERSION"),
            as_of,
            facts_digest: &partner.digest,
        },
        subject: &partner.profile.id,
        measures: Measures {
            tier_fixed_on: tier::fixed_on(partner, &cycle),
            sellers,
            technical_sellers,
            certifications,
            points: counts.points,
        },
        awards,
        ladders: Ladders {
            tier: Tier {
                in_force: timeline.in_force,
                earned: tier::earned(&counts),
                requirements: tier::all_requirements(&counts),
                next: tier::next(timeline.in_force, &counts),
                history: timeline.history,
            },
        },
        deadlines: timeline.deadlines,
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

/// A cycle, half-open.
#[derive(Clone, Copy)]
struct Cycle {
    start: NaiveDate,
    end: NaiveDate,
}

impl Cycle {
    /// The cycle in which a day lies; the half year before the program started is one too.
    fn of(day: NaiveDate) -> Self {
        let new_year = |year| NaiveDate::from_ymd_opt(year, 1, 1).expect("every year of the calendar has a first day");
        let (start, end) = (new_year(day.year()), new_year(day.year() + 1));
        if day < PROGRAM_START {
            Self { start, end: end.min(PROGRAM_START) }
        } else {
            Self { start: start.max(PROGRAM_START), end }
        }
    }

    fn next(&self) -> Self {
        Self::of(self.end)
    }

    fn holds(&self, day: NaiveDate) -> bool {
        self.start <= day && day < self.end
    }
}

/// A credential that somebody holds, for as long as it counts.
struct Holding<'a> {
    id: &'a str,
    kind: CredentialKind,
    /// The place of its holder among the people.
    person: usize,
    from: NaiveDate,
    /// The first day on which it no longer counts.
    until: NaiveDate,
}

impl Holding<'_> {
    fn counts_on(&self, day: NaiveDate) -> bool {
        self.from <= day && day < self.until
    }
}

/// The credentials with the days on which they count: through their anniversary, or less long when
/// their holder left.
fn holdings<'a>(partner: &'a Partner<'a>) -> Vec<Holding<'a>> {
    let holding = |credential: &'a facts::Credential<'a>| {
        let validity = match credential.kind {
            CredentialKind::Seller | CredentialKind::TechnicalSeller => SELLER_VALIDITY,
            CredentialKind::Certification => CERTIFICATION_VALIDITY,
        };
        let expires = credential.awarded_on + validity;
        let person = partner.people.iter().position(|person| person.id == credential.person);
        let person = person.expect("a credential of someone unknown is refused where it is read");
        let left_on = partner.people[person].left_on;
        let through = left_on.map_or(expires, |left_on| expires.min(left_on + LEAVER_GRACE));
        let until = through + Days::new(1);
        Holding { id: &credential.id, kind: credential.kind, person, from: credential.awarded_on, until }
    };
    partner.credentials.iter().map(holding).collect()
}

/// How many people hold a credential of each kind that counts on the day.
fn holders(holdings: &[Holding<'_>], day: NaiveDate) -> [usize; 3] {
    let mut counted: Vec<(usize, usize)> = holdings
        .iter()
        .filter(|holding| holding.counts_on(day))
        .map(|holding| (holding.kind as usize, holding.person))
        .collect();
    counted.sort_unstable();
    counted.dedup();
    let mut holders = [0; 3];
    for (kind, _) in counted {
        holders[kind] += 1;
    }
    holders
}

#[cfg(test)]
mod tests;
