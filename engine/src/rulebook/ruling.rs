//! Rulings: the answer on one subject, such as a deal, a renewal or a fund claim.

use super::piece::{Formula, Name, Names, Phrase, Raw, Source};
use super::rule::Period;
use super::shape::shape;

shape! {
    /// The answer on each subject: whether it is granted, at what rate, until when, and if not, why not.
    pub struct Ruling {
        /// The name by which rules read its `outcome`, `rate` and `amount`.
        pub id: Name,
        /// What people call it.
        pub title: Option<Phrase>,
        /// An answer for every one of these: a record, a table, a choice; without it, one about the partner.
        pub each: Names,
        /// The date that picks the rulebook: a subject of an older version's days is judged by that version.
        pub dated_by: Option<Formula>,
        /// What it requires; every requirement is reported, also after the first that fails.
        pub requires: Vec<RulingRequirement>,
        /// What it gives, added up.
        pub gives: Vec<Part>,
        /// The date from which it is active; until then it is pending.
        pub starts: Option<Formula>,
        /// How long it lasts from its start, that last day included: a duration, a parameter, an expression.
        pub lasts: Option<Raw>,
        /// How it can be extended.
        pub extended: Option<Extension>,
        /// The date on which it was used.
        pub used: Option<Formula>,
        /// How many are granted at most; the first ones by date.
        pub limit: Option<Limit>,
        /// Where it comes from.
        pub source: Option<Source>,
        /// For the next reader.
        pub note: Option<Name>,
    }

    /// One requirement of a ruling: exactly one of `that`, `asks`, `all`, `any`, and `at_least` with `of`.
    pub struct RulingRequirement {
        /// Its name within the ruling.
        pub id: Name,
        /// What people call it.
        pub title: Option<Phrase>,
        /// One for every one of these: a record, a table, a choice.
        pub each: Names,
        /// Applies only if; else it is not listed.
        pub when: Option<Formula>,
        /// Waived if; it is then listed as waived.
        pub unless: Option<Formula>,
        /// What must hold.
        pub that: Option<Formula>,
        /// Who must agree; the ruling then needs approval.
        pub asks: Option<Phrase>,
        /// Requirements of which every one must hold.
        pub all: Vec<RulingRequirement>,
        /// Requirements of which one must hold.
        pub any: Vec<RulingRequirement>,
        /// How many of the requirements in `of` must hold: a number, or a parameter.
        pub at_least: Option<Raw>,
        /// The requirements that `at_least` counts.
        pub of: Vec<RulingRequirement>,
        /// What to tell the partner when it does not hold.
        pub otherwise: Option<Phrase>,
        /// The days on which it applies, inside the rulebook's own.
        pub effective: Option<Period>,
        /// Where it comes from.
        pub source: Option<Source>,
        /// For the next reader.
        pub note: Option<Name>,
    }

    /// A part of what a ruling gives: a `percent` of an amount, or an `amount`.
    pub struct Part {
        /// Its name within the ruling; needed where there are several.
        pub id: Option<Name>,
        /// What people call it.
        pub title: Option<Phrase>,
        /// Only if.
        pub when: Option<Formula>,
        /// The rate: a percentage, a parameter, an expression.
        pub percent: Option<Raw>,
        /// The amount of which the rate is taken: a measure, a field, an expression; without it only a rate is given.
        pub of: Option<Formula>,
        /// An amount, in the place of a rate.
        pub amount: Option<Raw>,
        /// The most that this part gives.
        pub at_most: Option<Raw>,
        /// How the amount is brought to the currency's smallest unit: `half_up` (default), `half_even`, `floor`,
        /// `ceil`, `prorate` (not at all), or a parameter.
        pub rounding: Option<Raw>,
        /// Where it comes from.
        pub source: Option<Source>,
        /// For the next reader.
        pub note: Option<Name>,
    }

    /// How a ruling is extended: a request made while it is active adds to its end.
    pub struct Extension {
        /// The date of a request, such as `extension.requested_on`.
        pub by: Formula,
        /// How much a request adds: a duration, a parameter, an expression.
        pub lasts: Raw,
        /// How many requests count (default: no limit).
        pub at_most: Option<Raw>,
    }

    /// How many are granted at most: the first ones by date are, the rest is refused.
    pub struct Limit {
        /// The number: written, or a parameter.
        pub at_most: Raw,
        /// For each of these alone, such as `customer.id`.
        pub per: Names,
        /// Counted over this time up to the subject's own date: `"ever"` (default), `"cycle"`, a duration.
        pub within: Option<Raw>,
        /// What to tell the partner when it is used up.
        pub otherwise: Option<Phrase>,
        /// Where it comes from.
        pub source: Option<Source>,
    }
}
