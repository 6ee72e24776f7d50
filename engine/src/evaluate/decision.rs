//! The decision: the whole answer for one subject, as it is printed and sent.
//!
//! Money and decimals are JSON strings, counts are numbers, keys stand in a stable order, and a section
//! with nothing in it is left out.

mod answer;
mod assemble;
mod credit;
mod ruling;
mod schema;

pub use super::judge::Cause;
pub use answer::{Answer, IsoDate, constant_text};
pub(crate) use assemble::of;
pub use credit::CreditAnswer;
pub(crate) use ruling::subject as subject_of;
pub use ruling::{ExtensionAnswer, PartAnswer, ReasonAnswer, RulingAnswer};

use crate::date::Date;
use crate::model::{Award, AwardRow, Benefit, DutyStep, Ladder, Obligation, Requirement};
use crate::rulebook::piece::{Language, Phrase};
use schemars::JsonSchema;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::borrow::Cow;

/// The version of the engine that a receipt names.
pub const ENGINE: &str = env!("CARGO_PKG_VERSION");

/// The room for a document to begin with, in bytes: most need no more, and few need more than twice as much.
const ROOM: usize = 8 << 10;

/// The whole answer for one subject.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Decision<'a> {
    /// What makes the decision reproducible.
    pub receipt: Receipt<'a>,
    /// The id of the subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<&'a str>,
    /// The text of a provisional rulebook.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "phrase")]
    #[schemars(with = "Option<String>")]
    pub provisional: Option<&'a Phrase>,
    /// The standing, where the rulebook has standings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standing: Option<Answer<'a>>,
    /// The exceptions that applied.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<&'a str>,
    /// The measures of the subject.
    #[serde(skip_serializing_if = "Named::is_empty")]
    pub measures: Named<'a, Answer<'a>>,
    /// The points earned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub awards: Option<Awards<'a>>,
    /// The levels.
    #[serde(skip_serializing_if = "Named::is_empty")]
    pub ladders: Named<'a, LadderAnswers<'a>>,
    /// The credits.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub credits: Vec<CreditAnswer<'a>>,
    /// Who takes part and is not credited, and why not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_credited: Vec<CreditAnswer<'a>>,
    /// The rulings, by their names.
    #[serde(skip_serializing_if = "Named::is_empty")]
    pub rulings: Named<'a, Vec<RulingAnswer<'a>>>,
    /// The benefits.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub benefits: Vec<BenefitAnswer<'a>>,
    /// What is due, or done, or overdue.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub obligations: Vec<ObligationAnswer<'a>>,
    /// The days on which the answer will change.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub deadlines: Vec<Deadline<'a>>,
    /// What could not be determined, and for want of what.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub undetermined: Vec<Undetermined<'a>>,
    /// Every step, on request.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub trace: Vec<Step<'a>>,
    /// The cycle, half-open, for those who print the answer.
    #[serde(skip)]
    pub cycle: Option<(Date, Date)>,
}

/// What makes a decision reproducible.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Receipt<'a> {
    /// The program.
    pub program: &'a str,
    /// The version of its rules.
    pub version: &'a str,
    /// The digest of the rules.
    pub digest: &'a str,
    /// The version of the engine.
    pub engine: &'static str,
    /// The day for which the question was asked.
    pub as_of: IsoDate,
    /// The digest of the facts as they were sent.
    pub facts_digest: &'a str,
}

/// Names with values, in a stable order.
#[derive(Debug)]
pub struct Named<'a, T>(pub Vec<(Cow<'a, str>, T)>);

impl<T> Named<'_, T> {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T: Serialize> Serialize for Named<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

fn phrase<S: Serializer>(phrase: &Option<&Phrase>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(phrase.map_or("", |phrase| phrase.text(Language::En)))
}

/// The points earned.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Awards<'a> {
    /// All of them.
    pub total: Answer<'a>,
    /// By heading.
    #[serde(skip_serializing_if = "Named::is_empty")]
    pub by_category: Named<'a, Answer<'a>>,
    /// By module.
    #[serde(skip_serializing_if = "Named::is_empty")]
    pub by_module: Named<'a, Answer<'a>>,
    /// What earned them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<AwardLine<'a>>,
}

/// What one row of an award pays.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AwardLine<'a> {
    /// The rule, as `rule.row`.
    pub rule: &'a str,
    /// The points.
    pub points: Answer<'a>,
    /// Set where the points could not be determined.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<&'static str>,
    /// What they are computed from.
    pub basis: Basis<'a>,
    /// The records that counted.
    pub facts: &'a [&'a str],
    /// The award and its row, for those who print the answer.
    #[serde(skip)]
    pub award: (&'a Award, &'a AwardRow),
    /// The heading under which the points are added up, for those who print the answer.
    #[serde(skip)]
    pub category: Option<&'a str>,
}

/// What the points of a line are computed from.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Basis<'a> {
    /// How many records.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<Answer<'a>>,
    /// Their amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Answer<'a>>,
    /// How many blocks it makes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocks: Option<Answer<'a>>,
}

/// The answer of a ladder, or one for each of something.
#[derive(Debug)]
pub enum LadderAnswers<'a> {
    /// One answer.
    One(Box<LadderAnswer<'a>>),
    /// One for each, by name.
    Each(Named<'a, LadderAnswer<'a>>),
}

impl Serialize for LadderAnswers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            LadderAnswers::One(answer) => answer.serialize(serializer),
            LadderAnswers::Each(answers) => answers.serialize(serializer),
        }
    }
}

/// The answer of a ladder.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LadderAnswer<'a> {
    /// The level in force.
    pub in_force: Answer<'a>,
    /// The level that the requirements alone give.
    pub earned: Answer<'a>,
    /// `undetermined` where one of the two is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<&'static str>,
    /// Every requirement of every level.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub requirements: Vec<RequirementAnswer<'a>>,
    /// The next level, and what it lacks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Next<'a>>,
    /// The changes of the level in force in the cycle.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<MoveAnswer<'a>>,
    /// The ladder, for those who print the answer.
    #[serde(skip)]
    pub ladder: &'a Ladder,
}

/// How a requirement came out.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RequirementAnswer<'a> {
    /// The level, unless every level requires it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<&'a str>,
    /// The name of the alternative.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub via: Option<&'a str>,
    /// The requirement.
    pub id: &'a str,
    /// What is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub have: Option<Answer<'a>>,
    /// What is needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub need: Option<Answer<'a>>,
    /// How it came out.
    pub state: &'static str,
    /// The requirement, for those who print the answer.
    #[serde(skip)]
    pub requirement: &'a Requirement,
}

/// The next level, and what it lacks.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Next<'a> {
    /// The level.
    pub level: &'a str,
    /// The name of the alternative that lacks least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub via: Option<&'a str>,
    /// What it lacks.
    pub missing: Vec<Missing<'a>>,
}

/// What a level lacks.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Missing<'a> {
    /// The requirement.
    pub id: &'a str,
    /// What is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub have: Option<Answer<'a>>,
    /// What is needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub need: Option<Answer<'a>>,
    /// How much is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap: Option<Answer<'a>>,
    /// `undetermined` where it is not known whether it is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<&'static str>,
    /// The requirement, for those who print the answer.
    #[serde(skip)]
    pub requirement: &'a Requirement,
}

/// A benefit and whether the subject has it.
#[derive(Debug)]
pub struct BenefitAnswer<'a> {
    /// The benefit.
    pub benefit: &'a Benefit,
    /// For which row, where benefits are answered for each of something.
    pub of: Option<(&'a str, String)>,
    /// `met`, `not_met`, `undetermined`.
    pub state: &'static str,
}

impl Serialize for BenefitAnswer<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &self.benefit.id)?;
        if let Some((domain, row)) = &self.of {
            map.serialize_entry(domain, row)?;
        }
        self.benefit.about.iter().try_for_each(|(column, text)| map.serialize_entry(column, text))?;
        map.serialize_entry("state", self.state)?;
        map.end()
    }
}

/// How an obligation stands.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ObligationAnswer<'a> {
    /// The obligation.
    pub id: &'a str,
    /// The due date that it is about.
    pub due: Answer<'a>,
    /// `due`, `done`, `overdue`; `undetermined` where that is not known.
    pub state: &'a str,
    /// Its steps.
    pub steps: Vec<StepAnswer<'a>>,
    /// The obligation, for those who print the answer.
    #[serde(skip)]
    pub obligation: &'a Obligation,
}

/// A step of an obligation.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StepAnswer<'a> {
    /// The step.
    pub id: &'a str,
    /// `met`, `not_met`, `waived`, `undetermined`.
    pub state: &'static str,
    /// The step, for those who print the answer.
    #[serde(skip)]
    pub step: &'a DutyStep,
}

/// A day on which the answer will change.
#[derive(Debug)]
pub struct Deadline<'a> {
    /// The first day on which it is otherwise; for something due or to be extended, the last day to do it.
    pub on: IsoDate,
    /// The rule.
    pub rule: &'a str,
    /// The record.
    pub subject: Option<Cow<'a, str>>,
    /// What happens.
    pub effect: Effect,
    /// What changes.
    pub changes: Vec<Change<'a>>,
}

/// What happens on a deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Something is due.
    Due,
    /// A record stops counting.
    StopsCounting,
    /// The cycle ends.
    CycleEnds,
    /// A ruling holds no longer.
    Expires,
    /// A ruling can still be extended, and not after this day.
    LastDayToExtend,
    /// A ruling that is refused is so no longer.
    Opens,
    /// A ruling is refused from then on.
    Closes,
    /// A value changes.
    Changes,
}

impl Effect {
    /// The effect in a few words.
    pub fn words(self) -> &'static str {
        match self {
            Effect::Due => "due",
            Effect::StopsCounting => "stops counting",
            Effect::CycleEnds => "the cycle ends",
            Effect::Expires => "expires",
            Effect::LastDayToExtend => "last day to extend",
            Effect::Opens => "opens",
            Effect::Closes => "closes",
            Effect::Changes => "changes",
        }
    }
}

impl Serialize for Deadline<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("on", &self.on)?;
        map.serialize_entry("rule", self.rule)?;
        self.subject.iter().try_for_each(|subject| map.serialize_entry("subject", subject))?;
        map.serialize_entry("effect", &Told(self))?;
        if !self.changes.is_empty() {
            map.serialize_entry("changes", &self.changes)?;
        }
        map.end()
    }
}

/// An effect in a sentence: what happens, and what changes by it.
struct Told<'d, 'a>(&'d Deadline<'a>);

impl Serialize for Told<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.told())
    }
}

impl Deadline<'_> {
    /// The effect in a sentence: what happens, and what changes by it.
    pub fn told(&self) -> String {
        let mut text = self.effect.words().to_owned();
        for change in &self.changes {
            for part in ["; ", change.rule, " goes from "] {
                text.push_str(part);
            }
            change.from.told(&mut text);
            text.push_str(" to ");
            change.to.told(&mut text);
        }
        text
    }
}

/// A value that will change.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Change<'a> {
    /// The rule.
    pub rule: &'a str,
    /// What it is now.
    pub from: Answer<'a>,
    /// What it will be.
    pub to: Answer<'a>,
}

/// A change of the level in force.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MoveAnswer<'a> {
    /// The first day of the new level.
    pub on: IsoDate,
    /// The level before.
    pub from: &'a str,
    /// The level from then on.
    pub to: &'a str,
    /// `carried`, `earned`, `lost`, `standing`.
    pub because: &'static str,
    /// The requirements that came to hold, or to fail, on that day.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub requirements: &'a [&'a str],
}

/// Something that could not be determined.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Undetermined<'a> {
    /// The rule.
    pub rule: Cow<'a, str>,
    /// For want of what.
    pub missing: Vec<Cow<'a, str>>,
}

/// One step of an evaluation.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Step<'a> {
    /// The rule.
    pub rule: &'a str,
    /// The record or row, where the rule has a value for each.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subject: String,
    /// The version, where another one judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<&'a str>,
    /// What it came to.
    pub value: Answer<'a>,
    /// The records that counted.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub facts: &'a [&'a str],
}

impl Decision<'_> {
    /// The decision as JSON.
    pub fn to_json(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(ROOM);
        self.write_json(&mut bytes);
        bytes
    }

    /// Adds the decision as JSON to `out`.
    pub fn write_json(&self, out: &mut Vec<u8>) {
        // Writing to memory cannot fail, and every key is text.
        let written = serde_json::to_writer(out, self);
        debug_assert!(written.is_ok());
    }
}
