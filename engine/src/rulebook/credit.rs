//! Credits: a metric attributed to one or more partners.

use super::piece::{Formula, Name, Names, Phrase, Raw, Source};
use super::row::Rows;
use super::rule::{Period, Requirement};
use super::shape::shape;

shape! {
    /// What is credited to partners: an award that goes to somebody.
    pub struct Credit {
        /// The name of the rule.
        pub id: Name,
        /// What people call it.
        pub title: Option<Phrase>,
        /// Credited for every one of these: a record, a table, a choice.
        pub each: Names,
        /// To whom: a field of a record, such as `association.partner`; every such record that fits is credited.
        pub to: Formula,
        /// What each line is about, such as `usage.tenant`: a text, a word or a reference. Partners are credited, and
        /// share, for each of these apart.
        pub subject: Option<Formula>,
        /// Only records for which this holds, of those in `to`.
        pub r#where: Option<Formula>,
        /// What it takes to be credited; who takes part and does not meet it is told why not.
        pub requires: Vec<Requirement>,
        /// Records that share these are credited once.
        pub once_per: Names,
        /// `full`: each of them is credited with all of it (default); `split`: with an equal share; or a parameter.
        pub share: Option<Raw>,
        /// What is credited; without it, that they are is the answer.
        pub value: Option<Formula>,
        /// What is credited as what; columns that are no field, measure or ladder describe it (`competency`).
        pub rows: Rows,
        /// The days on which the rule holds, inside the rulebook's own.
        pub effective: Option<Period>,
        /// Where it comes from.
        pub source: Option<Source>,
        /// For the next reader.
        pub note: Option<Name>,
    }
}
