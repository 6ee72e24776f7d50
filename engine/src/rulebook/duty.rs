//! What a partner owes and what follows: obligations, standings, and exceptions for some partners.

use super::piece::{Day, Entries, Formula, Name, Phrase, Raw, Source};
use super::row::Rows;
use super::shape::shape;

shape! {
    /// Something due again and again; each row is a step that must be done.
    pub struct Obligation {
        /// The name by which rules read its state: `due`, `done`, `overdue`.
        pub id: Name,
        /// What people call it.
        pub title: Option<Phrase>,
        /// How often: `year`, `quarter` or `month`.
        pub every: Name,
        /// The day on which it is due, in the year (quarter, month) of the as-of date.
        pub due: Formula,
        /// No due date before this day counts.
        pub first: Option<Formula>,
        /// How long before the due date a step may be done: a duration, or a parameter.
        pub within: Raw,
        /// How long after the due date it is not yet overdue: a duration, or a parameter (default `"0 days"`).
        pub grace: Option<Raw>,
        /// The records that are steps.
        pub done: Name,
        /// Only steps for which this holds.
        pub r#where: Option<Formula>,
        /// The steps that must be done.
        pub rows: Rows,
        /// Where it comes from.
        pub source: Option<Source>,
        /// For the next reader.
        pub note: Option<Name>,
    }

    /// A standing that a partner falls into; the first that matches holds, else `affiliated`.
    pub struct Standing {
        /// Its name.
        pub id: Name,
        /// What people call it.
        pub title: Option<Phrase>,
        /// When a partner is in it.
        pub when: Formula,
        /// `frozen`: what is dated while it lasts earns nothing, and the balance stays; or `counted`, or a parameter.
        pub awards: Option<Raw>,
        /// `none`: no level is in force while it lasts; or `kept`, or a parameter.
        pub ladders: Option<Raw>,
        /// `revoked`: no benefit is held while it lasts; or `kept`, or a parameter.
        pub benefits: Option<Raw>,
        /// Where it comes from.
        pub source: Option<Source>,
        /// For the next reader.
        pub note: Option<Name>,
    }

    /// Other values for some partners, for some time.
    pub struct Exception {
        /// Its name.
        pub id: Name,
        /// What people call it.
        pub title: Option<Phrase>,
        /// For whom.
        pub who: Formula,
        /// The first day.
        pub from: Option<Day>,
        /// The day after the last.
        pub until: Option<Day>,
        /// Parameters and cells with their other values, such as `"ladders.tier.premier.points" = 80_000`.
        pub set: Entries<Raw>,
        /// Where it comes from.
        pub source: Option<Source>,
        /// For the next reader.
        pub note: Option<Name>,
    }
}
