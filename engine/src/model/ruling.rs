//! Rulings: what a subject must meet, what it is then given, from when and until when.

use super::Window;
use super::node::Node;
use crate::date::Date;
use crate::rulebook::piece::{Phrase, Source};
use crate::source::Span;
use crate::value::DomainId;

/// What rules may compare an outcome with; an outcome that is not known is none of them.
pub const OUTCOMES: [&str; 3] = ["granted", "refused", "needs_approval"];

/// What is read of a ruling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Its outcome.
    Outcome,
    /// What it gives, in hundredths.
    Rate,
    /// What it gives, in money.
    Amount,
}

/// The answer on each subject.
#[derive(Clone, Debug, PartialEq)]
pub struct Ruling {
    /// Its name.
    pub id: String,
    /// Where it is declared.
    pub span: Span,
    /// What people call it.
    pub title: Option<Phrase>,
    /// The domains for whose rows it is given.
    pub each: Vec<DomainId>,
    /// The date that picks the rulebook.
    pub dated_by: Option<Node>,
    /// What it requires.
    pub requires: Vec<Need>,
    /// What it gives.
    pub gives: Vec<Part>,
    /// The date from which it is active.
    pub starts: Option<Node>,
    /// How long it lasts.
    pub lasts: Option<Node>,
    /// How it is extended.
    pub extended: Option<Extension>,
    /// The date on which it was used.
    pub used: Option<Node>,
    /// How many are granted at most.
    pub limit: Option<Limit>,
    /// Where it comes from.
    pub source: Option<Source>,
    /// For the next reader.
    pub note: Option<String>,
}

/// One requirement of a ruling, or several that stand together.
#[derive(Clone, Debug, PartialEq)]
pub struct Need {
    /// Its name within the ruling.
    pub id: String,
    /// Where it stands.
    pub span: Span,
    /// What people call it.
    pub title: Option<Phrase>,
    /// The domains for whose rows there is one, each with the record at hand inside which its rows live.
    pub each: Vec<(DomainId, Option<DomainId>)>,
    /// Applies only if.
    pub when: Option<Node>,
    /// Waived if.
    pub unless: Option<Node>,
    /// What is required.
    pub what: What,
    /// What to tell the partner when it does not hold.
    pub otherwise: Option<Phrase>,
    /// The first day on which it applies.
    pub from: Option<Date>,
    /// The day after the last.
    pub until: Option<Date>,
    /// Where it comes from.
    pub source: Option<Source>,
    /// For the next reader.
    pub note: Option<String>,
}

/// What is required.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// This must hold; what is there and what is needed, where each is one value.
    That {
        /// What must hold.
        that: Node,
        /// What is there.
        have: Option<Node>,
        /// What is needed.
        need: Option<Node>,
    },
    /// Somebody must agree.
    Asks(Phrase),
    /// All of these.
    All(Vec<Need>),
    /// One of these.
    Any(Vec<Need>),
    /// So many of these.
    AtLeast(Node, Vec<Need>),
}

/// A part of what a ruling gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Its name within the ruling, where it has one.
    pub id: Option<String>,
    /// Where it stands.
    pub span: Span,
    /// What people call it.
    pub title: Option<Phrase>,
    /// Only if.
    pub when: Option<Node>,
    /// The rate.
    pub percent: Option<Node>,
    /// The amount of which the rate is taken.
    pub of: Option<Node>,
    /// Which base it has: parts with the same number have the same.
    pub base: u32,
    /// An amount, in the place of a rate.
    pub amount: Option<Node>,
    /// The most that it gives.
    pub at_most: Option<Node>,
    /// How the amount is rounded: a word of [`Rounding::WORDS`](crate::value::Rounding::WORDS).
    pub rounding: Node,
    /// Where it comes from.
    pub source: Option<Source>,
    /// For the next reader.
    pub note: Option<String>,
}

/// How a ruling is extended.
#[derive(Clone, Debug, PartialEq)]
pub struct Extension {
    /// The requests.
    pub domain: DomainId,
    /// The domain of the ruling inside which the requests live; all of them when there is none.
    pub inside: Option<DomainId>,
    /// The date of a request.
    pub by: Node,
    /// How much a request adds.
    pub lasts: Node,
    /// How many requests count.
    pub at_most: Option<Node>,
}

/// How many are granted at most.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// Where it stands.
    pub span: Span,
    /// The number.
    pub at_most: Node,
    /// Those that share these are counted together.
    pub per: Vec<Node>,
    /// The time over which they are counted, up to the subject's own date.
    pub within: Window,
    /// The date by which the first ones are known.
    pub by: Node,
    /// What to tell the partner when it is used up.
    pub otherwise: Option<Phrase>,
    /// Where it comes from.
    pub source: Option<Source>,
}

impl What {
    /// The requirements that stand together here; none for a single one.
    pub fn members(&self) -> &[Need] {
        match self {
            What::That { .. } | What::Asks(_) => &[],
            What::All(members) | What::Any(members) | What::AtLeast(_, members) => members,
        }
    }
}

impl Ruling {
    /// Every requirement, those inside others too, each after the one that it stands in.
    pub fn needs(&self) -> Vec<&Need> {
        fn add<'m>(needs: &'m [Need], into: &mut Vec<&'m Need>) {
            for need in needs {
                into.push(need);
                add(need.what.members(), into);
            }
        }
        let mut all = Vec::new();
        add(&self.requires, &mut all);
        all
    }
}
