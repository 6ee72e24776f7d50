//! What a partner owes and what follows: obligations, standings, exceptions.

use super::ParameterId;
use super::node::{Constant, Node};
use crate::date::Date;
use crate::rulebook::piece::{Phrase, Source};
use crate::source::Span;
use crate::value::DomainId;

/// Something due again and again.
#[derive(Clone, Debug, PartialEq)]
pub struct Obligation {
    /// Its name.
    pub id: String,
    /// Where it is declared.
    pub span: Span,
    /// What people call it.
    pub title: Option<Phrase>,
    /// The months between two due dates.
    pub every: i32,
    /// The day on which it is due, in the year (quarter, month) of the as-of date.
    pub due: Node,
    /// No due date before this day counts.
    pub first: Option<Node>,
    /// How long before the due date a step may be done.
    pub within: Node,
    /// How long after the due date it is not yet overdue.
    pub grace: Node,
    /// The records that are steps.
    pub domain: DomainId,
    /// The date of a step.
    pub happened: Node,
    /// Only steps for which this holds.
    pub filter: Option<Node>,
    /// The steps that must be done.
    pub steps: Vec<DutyStep>,
    /// Where it comes from.
    pub source: Option<Source>,
    /// For the next reader.
    pub note: Option<String>,
}

/// A step that must be done.
#[derive(Clone, Debug, PartialEq)]
pub struct DutyStep {
    /// Its name within the obligation.
    pub id: String,
    /// Where it stands.
    pub span: Span,
    /// What people call it.
    pub title: Option<Phrase>,
    /// Which records are this step.
    pub tests: Vec<Node>,
    /// Asked only if.
    pub when: Option<Node>,
    /// Waived if.
    pub unless: Option<Node>,
    /// Where it comes from.
    pub source: Option<Source>,
    /// For the next reader.
    pub note: Option<String>,
}

/// A standing that a partner falls into.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Its name.
    pub id: String,
    /// Where it is declared.
    pub span: Span,
    /// What people call it.
    pub title: Option<Phrase>,
    /// When a partner is in it.
    pub when: Node,
    /// The first word of [`AWARDS_MEANWHILE`](super::AWARDS_MEANWHILE): what is dated while it lasts earns nothing.
    pub awards: Option<Node>,
    /// The first word of [`LADDERS_MEANWHILE`](super::LADDERS_MEANWHILE): no level is in force while it lasts.
    pub ladders: Option<Node>,
    /// The first word of [`BENEFITS_MEANWHILE`](super::BENEFITS_MEANWHILE): no benefit is held while it lasts.
    pub benefits: Option<Node>,
    /// Where it comes from.
    pub source: Option<Source>,
    /// For the next reader.
    pub note: Option<String>,
}

impl Standing {
    /// What it does while it lasts.
    pub fn effects(&self) -> impl Iterator<Item = &Node> {
        [&self.awards, &self.ladders, &self.benefits].into_iter().flatten()
    }
}

/// Other values for some partners, for some time.
#[derive(Clone, Debug, PartialEq)]
pub struct Exception {
    /// Its name.
    pub id: String,
    /// Where it is declared.
    pub span: Span,
    /// What people call it.
    pub title: Option<Phrase>,
    /// For whom.
    pub who: Node,
    /// The first day.
    pub from: Option<Date>,
    /// The day after the last.
    pub until: Option<Date>,
    /// Parameters with their other cells; views of a parameter each stand by themselves.
    pub sets: Vec<(ParameterId, Vec<Option<Constant>>)>,
    /// Where it comes from.
    pub source: Option<Source>,
    /// For the next reader.
    pub note: Option<String>,
}
