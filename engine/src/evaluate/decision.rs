//! The decision: the whole answer for one subject, as it is printed and sent.
//!
//! Money and decimals are JSON strings, counts are numbers, keys stand in a stable order, and a section
//! with nothing in it is left out.

use super::award::Line;
use super::bounds::{Bounds, both};
use super::force::Force;
use super::ladder::{Checked, LadderResult, State};
use super::{Evaluator, Question};
use crate::date::Date;
use crate::facts::{Value, Why};
use crate::model::node::Constant;
use crate::model::{
    Aggregate, Award, AwardRow, Benefit, DutyStep, Ladder, LadderId, Model, Obligation, Requirement, RowsOf,
};
use crate::rulebook::piece::{Language, Phrase};
use crate::value::{Decimal, DomainId, Duration, Kind, WordsId};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use std::borrow::Cow;

/// The version of the engine that a receipt names.
pub const ENGINE: &str = env!("CARGO_PKG_VERSION");

/// The whole answer for one subject.
#[derive(Debug, Serialize)]
pub struct Decision<'a> {
    /// What makes the decision reproducible.
    pub receipt: Receipt<'a>,
    /// The id of the subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<&'a str>,
    /// The text of a provisional rulebook.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "phrase")]
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
#[derive(Debug, Serialize)]
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
    pub as_of: Date1,
    /// The digest of the facts as they were sent.
    pub facts_digest: String,
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

/// A day, printed as `2024-08-01`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date1(pub Date);

impl Serialize for Date1 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use chrono::Datelike;
        let (year, month, day) = (self.0.year().unsigned_abs(), self.0.month(), self.0.day());
        let digit = |n: u32| b'0' + (n % 10) as u8;
        let bytes = [
            digit(year / 1000),
            digit(year / 100),
            digit(year / 10),
            digit(year),
            b'-',
            digit(month / 10),
            digit(month),
            b'-',
            digit(day / 10),
            digit(day),
        ];
        serializer.serialize_str(std::str::from_utf8(&bytes).unwrap_or(""))
    }
}

/// A value in an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer<'a> {
    /// It could not be determined.
    Unknown,
    /// It does not exist.
    None,
    /// True or false.
    Flag(bool),
    /// How many.
    Count(Decimal),
    /// Points, money, a rate.
    Number(Decimal),
    /// How many, between two bounds.
    Counts(Option<Decimal>, Option<Decimal>),
    /// A number between two bounds.
    Numbers(Option<Decimal>, Option<Decimal>),
    /// A day.
    Date(Date),
    /// A length of time.
    Duration(Duration),
    /// A word, a level, an id, a text.
    Text(&'a str),
    /// Several.
    Set(Vec<Answer<'a>>),
}

impl<'a> Answer<'a> {
    /// A value of this kind as an answer.
    pub(crate) fn of(evaluator: &Evaluator<'a>, kind: &'a Kind, value: Value<'a>) -> Self {
        let model = evaluator.model();
        match (value, kind) {
            (Value::Pending | Value::Elsewhere | Value::Unknown(_), _) => Answer::Unknown,
            (Value::None, _) => Answer::None,
            (Value::Flag(flag), _) => Answer::Flag(flag),
            (Value::Number(number), Kind::Count) => Answer::Count(number),
            (Value::Number(number), Kind::Money) => Answer::Number(number),
            (Value::Number(number), _) => Answer::Number(number.normalize()),
            (Value::Range(range), Kind::Count) => Answer::Counts(range.low, range.high),
            (Value::Range(range), _) => {
                Answer::Numbers(range.low.map(|n| n.normalize()), range.high.map(|n| n.normalize()))
            }
            (Value::Date(day), _) => Answer::Date(day),
            (Value::Duration(duration), _) => Answer::Duration(duration),
            (Value::Text(text), _) => Answer::Text(text),
            (Value::Word(word), Kind::Word(words)) => {
                Answer::Text(model.words(*words).words.get(word as usize).map_or("", String::as_str))
            }
            (Value::Word(_), _) => Answer::Unknown,
            (Value::Row(row), Kind::Row(domain)) => match &model.domain(*domain).rows {
                RowsOf::Table(table) => Answer::Text(table.ids.get(row as usize).map_or("", String::as_str)),
                _ => evaluator.record_id(*domain, row).map_or(Answer::Unknown, Answer::Text),
            },
            (Value::Row(_), _) => Answer::Unknown,
            (Value::Set(members), Kind::Set(of)) => {
                Answer::Set(members.iter().map(|member| Answer::of(evaluator, of, *member)).collect())
            }
            (Value::Constants(members), Kind::Set(of)) => {
                let members = members.iter().map(|member| Value::of(member, evaluator.arena));
                Answer::Set(members.map(|member| Answer::of(evaluator, of, member)).collect())
            }
            (Value::Set(_) | Value::Constants(_), _) => Answer::Unknown,
        }
    }

    fn points(bounds: Bounds<'_>) -> Self {
        match (bounds.exact(), bounds.low, bounds.high) {
            (Some(number), ..) => Answer::Number(number.normalize()),
            (None, Some(low), Some(high)) if low == high => Answer::Number(low.normalize()),
            (None, None, None) => Answer::Unknown,
            (None, low, high) => Answer::Numbers(low.map(|n| n.normalize()), high.map(|n| n.normalize())),
        }
    }
}

/// A decimal as text, without a detour through the heap.
struct Digits {
    bytes: [u8; 40],
    len: usize,
}

impl std::fmt::Write for Digits {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let end = self.len + text.len();
        self.bytes.get_mut(self.len..end).ok_or(std::fmt::Error)?.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

impl Digits {
    fn of(number: Decimal) -> Self {
        use std::fmt::Write;
        let mut digits = Self { bytes: [0; 40], len: 0 };
        let _ = write!(digits, "{number}");
        digits
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.len]).unwrap_or("")
    }
}

struct Count(Decimal);

impl Serialize for Count {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match i64::try_from(self.0) {
            Ok(number) if self.0.fract().is_zero() => serializer.serialize_i64(number),
            _ => serializer.serialize_str(Digits::of(self.0).text()),
        }
    }
}

struct Number(Decimal);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(Digits::of(self.0).text())
    }
}

impl Serialize for Answer<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Answer::Unknown | Answer::None => serializer.serialize_none(),
            Answer::Flag(flag) => serializer.serialize_bool(*flag),
            Answer::Count(number) => Count(*number).serialize(serializer),
            Answer::Number(number) => Number(*number).serialize(serializer),
            Answer::Counts(low, high) => {
                let mut map = serializer.serialize_map(None)?;
                low.iter().try_for_each(|low| map.serialize_entry("at_least", &Count(*low)))?;
                high.iter().try_for_each(|high| map.serialize_entry("at_most", &Count(*high)))?;
                map.end()
            }
            Answer::Numbers(low, high) => {
                let mut map = serializer.serialize_map(None)?;
                low.iter().try_for_each(|low| map.serialize_entry("at_least", &Number(*low)))?;
                high.iter().try_for_each(|high| map.serialize_entry("at_most", &Number(*high)))?;
                map.end()
            }
            Answer::Date(day) => Date1(*day).serialize(serializer),
            Answer::Duration(duration) => serializer.serialize_str(&duration.to_string()),
            Answer::Text(text) => serializer.serialize_str(text),
            Answer::Set(members) => {
                let mut list = serializer.serialize_seq(Some(members.len()))?;
                members.iter().try_for_each(|member| list.serialize_element(member))?;
                list.end()
            }
        }
    }
}

fn phrase<S: Serializer>(phrase: &Option<&Phrase>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(phrase.map_or("", |phrase| phrase.text(Language::En)))
}

/// The points earned.
#[derive(Debug, Serialize)]
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
#[derive(Debug, Serialize)]
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
    pub facts: Vec<Cow<'a, str>>,
    /// The award and its row, for those who print the answer.
    #[serde(skip)]
    pub award: (&'a Award, &'a AwardRow),
    /// The heading under which the points are added up, for those who print the answer.
    #[serde(skip)]
    pub category: Option<&'a str>,
}

/// What the points of a line are computed from.
#[derive(Debug, Serialize)]
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
#[derive(Debug, Serialize)]
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
#[derive(Debug, Serialize)]
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
#[derive(Debug, Serialize)]
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
#[derive(Debug, Serialize)]
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
#[derive(Debug, Serialize)]
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
#[derive(Debug, Serialize)]
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
#[derive(Debug, Serialize)]
pub struct Deadline<'a> {
    /// The first day on which it is otherwise; for something due, the last day to do it.
    pub on: Date1,
    /// The rule.
    pub rule: &'a str,
    /// The record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// What happens, in a sentence.
    pub effect: String,
    /// What changes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change<'a>>,
}

/// A value that will change.
#[derive(Clone, Debug, Serialize)]
pub struct Change<'a> {
    /// The rule.
    pub rule: &'a str,
    /// What it is now.
    pub from: Answer<'a>,
    /// What it will be.
    pub to: Answer<'a>,
}

/// A change of the level in force.
#[derive(Debug, Serialize)]
pub struct MoveAnswer<'a> {
    /// The first day of the new level.
    pub on: Date1,
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
#[derive(Debug, Serialize)]
pub struct Undetermined<'a> {
    /// The rule.
    pub rule: Cow<'a, str>,
    /// For want of what.
    pub missing: Vec<String>,
}

/// One step of an evaluation.
#[derive(Debug, Serialize)]
pub struct Step<'a> {
    /// The rule.
    pub rule: &'a str,
    /// The record or row, where the rule has a value for each.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subject: String,
    /// What it came to.
    pub value: Answer<'a>,
    /// The records that counted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Cow<'a, str>>,
}

impl Decision<'_> {
    /// The decision as JSON.
    pub fn to_json(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(4096);
        // Writing to memory cannot fail, and every key is text.
        let written = serde_json::to_writer(&mut bytes, self);
        debug_assert!(written.is_ok());
        bytes
    }
}

/// The decision of an evaluation.
pub(crate) fn of<'a>(evaluator: &'a Evaluator<'a>, question: &'a Question) -> Decision<'a> {
    let model = evaluator.model();
    let mut undetermined = Vec::new();
    let measures = measures(evaluator, &mut undetermined);
    let awards = (!model.awards.is_empty()).then(|| awards(evaluator, &mut undetermined));
    let ladders = ladders(evaluator, &mut undetermined);
    let benefits = benefits(evaluator, &mut undetermined);
    let standing = standing(evaluator, &mut undetermined);
    let obligations = obligations(evaluator, &mut undetermined);
    let all = &model.exceptions;
    Decision {
        standing,
        exceptions: evaluator.exceptions().iter().map(|(place, _)| all[*place as usize].id.as_str()).collect(),
        obligations,
        deadlines: evaluator.deadlines(),
        receipt: Receipt {
            program: &model.program,
            version: &model.version,
            digest: &evaluator.plan.digest,
            engine: ENGINE,
            as_of: Date1(question.as_of),
            facts_digest: crate::load::digest_of(evaluator.facts.document()),
        },
        subject: evaluator.plan.subject.and_then(|(domain, _)| evaluator.record_id(domain, 0)),
        provisional: model.provisional.as_ref(),
        measures: Named(measures),
        awards,
        ladders: Named(ladders),
        benefits,
        undetermined,
        trace: if question.trace { evaluator.steps() } else { Vec::new() },
        cycle: model.cycle.as_ref().and_then(|_| evaluator.cycle().ok()),
    }
}

fn note<'a>(
    evaluator: &Evaluator<'a>,
    rule: impl Into<Cow<'a, str>>,
    why: Option<&'a Why<'a>>,
    undetermined: &mut Vec<Undetermined<'a>>,
) {
    if let Some(why) = why {
        undetermined.push(Undetermined { rule: rule.into(), missing: evaluator.missing(why) });
    }
}

/// What a value that is not exactly known depends on.
fn doubt<'a>(value: Value<'a>) -> Option<&'a Why<'a>> {
    match value {
        Value::Unknown(why) => Some(why),
        Value::Range(range) => Some(range.why),
        Value::Set(members) => members.iter().find_map(|member| doubt(*member)),
        _ => None,
    }
}

fn measures<'a>(
    evaluator: &Evaluator<'a>,
    undetermined: &mut Vec<Undetermined<'a>>,
) -> Vec<(Cow<'a, str>, Answer<'a>)> {
    let model = evaluator.model();
    let own = model.measures.iter().filter(|measure| measure.each.is_empty());
    let mut answers = Vec::with_capacity(model.measures.len() + 1);
    for (measure, id) in own.map(|measure| (measure, model.measure_id(measure))) {
        let value = evaluator.measure(id);
        note(evaluator, measure.name.as_str(), doubt(value), undetermined);
        answers.push((Cow::Borrowed(measure.name.as_str()), Answer::of(evaluator, &measure.ty.kind, value)));
    }
    if !model.awards.is_empty() {
        let points = evaluator.total_points();
        note(evaluator, "points", doubt(points), undetermined);
        answers.push((Cow::Borrowed("points"), Answer::of(evaluator, &Kind::Number, points)));
    }
    answers
}

fn awards<'a>(evaluator: &Evaluator<'a>, undetermined: &mut Vec<Undetermined<'a>>) -> Awards<'a> {
    let model = evaluator.model();
    let results = evaluator.awards();
    let mut lines = Vec::new();
    let mut by_category: Vec<(Cow<'a, str>, Bounds<'a>)> = Vec::new();
    let mut by_module: Vec<(Cow<'a, str>, Bounds<'a>)> = Vec::new();
    for (award, own) in model.awards.iter().zip(results.lines) {
        let category = match award.category.as_ref().map(|category| evaluator.eval(category)) {
            Some(Value::Text(category)) => Some(category),
            _ => None,
        };
        let module = award.module.zip(model.modules.as_ref());
        let module = module.map(|(place, modules)| model.words(modules.words).words[place as usize].as_str());
        for (row, line) in award.rows.iter().zip(*own) {
            for (name, sums) in [(category, &mut by_category), (module, &mut by_module)] {
                let Some(name) = name else { continue };
                add(evaluator, sums, name, line.points);
            }
            note(evaluator, row.rule.as_str(), line.points.why, undetermined);
            if line.result.facts.is_empty() && line.points.exact().is_some_and(|points| points.is_zero()) {
                continue;
            }
            lines.push(award_line(evaluator, (award, row), category, line));
        }
    }
    let answers = |sums: Vec<(Cow<'a, str>, Bounds<'a>)>| {
        Named(sums.into_iter().map(|(name, points)| (name, Answer::points(points))).collect())
    };
    Awards {
        total: Answer::points(results.total),
        by_category: answers(by_category),
        by_module: answers(by_module),
        lines,
    }
}

fn add<'a>(evaluator: &Evaluator<'a>, sums: &mut Vec<(Cow<'a, str>, Bounds<'a>)>, name: &'a str, points: Bounds<'a>) {
    match sums.iter_mut().find(|(known, _)| known == name) {
        None => sums.push((Cow::Borrowed(name), points)),
        Some((_, sum)) => match sum.plus(points, evaluator.arena) {
            Ok(both) => *sum = both,
            Err(_) => {
                evaluator.overflow();
            }
        },
    }
}

fn award_line<'a>(
    evaluator: &Evaluator<'a>,
    (award, row): (&'a Award, &'a AwardRow),
    category: Option<&'a str>,
    line: &Line<'a>,
) -> AwardLine<'a> {
    let tally = &evaluator.model().tallies[award.tally as usize];
    let points = Answer::points(line.points);
    let counted = tally.aggregate == Aggregate::Count;
    let kind = tally.value.as_ref().map_or(&Kind::Count, |value| &value.ty.kind);
    let basis = Answer::of(evaluator, kind, line.basis);
    let blocks = line.blocks.map(|blocks| Answer::of(evaluator, &Kind::Count, blocks.value(evaluator.arena)));
    AwardLine {
        rule: &row.rule,
        state: line.points.why.map(|_| "undetermined"),
        points,
        basis: Basis {
            count: counted.then(|| basis.clone()),
            amount: (!counted).then_some(basis),
            blocks: blocks.filter(|_| award.per.is_some()),
        },
        facts: evaluator.fact_names(tally.domain, line.result.facts),
        award: (award, row),
        category,
    }
}

fn ladders<'a>(
    evaluator: &Evaluator<'a>,
    undetermined: &mut Vec<Undetermined<'a>>,
) -> Vec<(Cow<'a, str>, LadderAnswers<'a>)> {
    let model = evaluator.model();
    let mut answers = Vec::with_capacity(model.ladders.len());
    for (place, ladder) in model.ladders.iter().enumerate() {
        let id = LadderId(place as u32);
        let answer = if ladder.each.is_empty() {
            let found = (evaluator.ladder(id), evaluator.force(id));
            LadderAnswers::One(Box::new(ladder_answer(
                evaluator,
                ladder,
                found,
                ladder.id.as_str().into(),
                undetermined,
            )))
        } else {
            let mut each = Vec::new();
            for combination in 0..evaluator.combinations(&ladder.each) {
                evaluator.enter(&ladder.each, combination);
                let name = row_names(evaluator, &ladder.each);
                let rule = format!("{}.{name}", ladder.id);
                let found = (evaluator.ladder(id), evaluator.force(id));
                let answer = ladder_answer(evaluator, ladder, found, rule.into(), undetermined);
                each.push((Cow::Owned(name), answer));
            }
            LadderAnswers::Each(Named(each))
        };
        answers.push((Cow::Borrowed(ladder.id.as_str()), answer));
    }
    answers
}

fn row_names(evaluator: &Evaluator<'_>, each: &[DomainId]) -> String {
    each.iter().map(|domain| evaluator.row_name(*domain)).collect::<Vec<_>>().join(".")
}

fn ladder_answer<'a>(
    evaluator: &Evaluator<'a>,
    ladder: &'a Ladder,
    (result, force): (&LadderResult<'a>, &Force<'a>),
    rule: Cow<'a, str>,
    undetermined: &mut Vec<Undetermined<'a>>,
) -> LadderAnswer<'a> {
    let words = &evaluator.model().words(ladder.levels).words;
    let level = |value: Value<'a>| match value {
        Value::Word(word) => words.get(word as usize).map_or(Answer::Unknown, |word| Answer::Text(word)),
        _ => Answer::Unknown,
    };
    let why = both(doubt(result.earned), doubt(force.level), evaluator.arena);
    note(evaluator, rule, why, undetermined);
    let mut requirements = Vec::new();
    requirements.extend(result.common.iter().map(|checked| requirement(evaluator, checked, None, None)));
    for way in result.ways {
        let name = words.get(way.row.level as usize).map(String::as_str);
        let via = way.row.via.as_deref();
        requirements.extend(way.requirements.iter().map(|checked| requirement(evaluator, checked, name, via)));
    }
    LadderAnswer {
        in_force: level(force.level),
        earned: level(result.earned),
        state: why.map(|_| "undetermined"),
        requirements,
        next: next(evaluator, words, result, force),
        history: force
            .history
            .iter()
            .map(|step| MoveAnswer {
                on: Date1(step.on),
                from: words.get(step.from as usize).map_or("", String::as_str),
                to: words.get(step.to as usize).map_or("", String::as_str),
                because: step.because.word(),
                requirements: step.requirements,
            })
            .collect(),
        ladder,
    }
}

fn requirement<'a>(
    evaluator: &Evaluator<'a>,
    checked: &Checked<'a>,
    level: Option<&'a str>,
    via: Option<&'a str>,
) -> RequirementAnswer<'a> {
    RequirementAnswer {
        level,
        via,
        id: &checked.requirement.id,
        have: side(evaluator, checked.requirement.have.as_ref(), checked.have),
        need: side(evaluator, checked.requirement.need.as_ref(), checked.need),
        state: checked.state.word(),
        requirement: checked.requirement,
    }
}

fn side<'a>(
    evaluator: &Evaluator<'a>,
    node: Option<&'a crate::model::node::Node>,
    value: Option<Value<'a>>,
) -> Option<Answer<'a>> {
    Some(Answer::of(evaluator, &node?.ty.kind, value?))
}

/// The level above the one in force (where that is not known, above the one earned), by the way that lacks least.
fn next<'a>(
    evaluator: &Evaluator<'a>,
    words: &'a [String],
    result: &LadderResult<'a>,
    force: &Force<'a>,
) -> Option<Next<'a>> {
    let at = match (force.level, result.earned) {
        (Value::Word(word), _) | (_, Value::Word(word)) => word,
        _ => return None,
    };
    let level = result.ways.iter().map(|way| way.row.level).filter(|level| *level > at).min()?;
    let lacks = |checked: &&Checked<'a>| matches!(checked.state, State::NotMet | State::Undetermined(_));
    let ways = result.ways.iter().filter(|way| way.row.level == level);
    let way = ways.min_by_key(|way| way.requirements.iter().filter(lacks).count())?;
    let missing = result.common.iter().chain(way.requirements).filter(lacks);
    Some(Next {
        level: words.get(level as usize)?,
        via: way.row.via.as_deref(),
        missing: missing.map(|checked| missing_part(evaluator, checked)).collect(),
    })
}

fn missing_part<'a>(evaluator: &Evaluator<'a>, checked: &Checked<'a>) -> Missing<'a> {
    let kind = checked.requirement.have.as_ref().map(|node| &node.ty.kind);
    let gap = match (kind, checked.have, checked.need) {
        (Some(kind), Some(Value::Number(have)), Some(Value::Number(need))) if need > have => {
            Some(Answer::of(evaluator, kind, Value::Number(need - have)))
        }
        _ => None,
    };
    Missing {
        id: &checked.requirement.id,
        have: side(evaluator, checked.requirement.have.as_ref(), checked.have),
        need: side(evaluator, checked.requirement.need.as_ref(), checked.need),
        gap,
        state: matches!(checked.state, State::Undetermined(_)).then_some("undetermined"),
        requirement: checked.requirement,
    }
}

fn benefits<'a>(evaluator: &Evaluator<'a>, undetermined: &mut Vec<Undetermined<'a>>) -> Vec<BenefitAnswer<'a>> {
    let model = evaluator.model();
    let mut answers = Vec::with_capacity(model.benefits.len());
    for result in evaluator.benefits() {
        evaluator.enter(&model.benefits_each, result.combination);
        let of = model
            .benefits_each
            .first()
            .map(|domain| (model.domain(*domain).name.as_str(), row_names(evaluator, &model.benefits_each)));
        if let State::Undetermined(why) = result.state {
            note(evaluator, format!("benefits.{}", result.benefit.id), Some(why), undetermined);
        }
        answers.push(BenefitAnswer { benefit: result.benefit, of, state: result.state.word() });
    }
    answers
}

fn standing<'a>(evaluator: &Evaluator<'a>, undetermined: &mut Vec<Undetermined<'a>>) -> Option<Answer<'a>> {
    let words = evaluator.model().standing_words?;
    let value = evaluator.standing();
    note(evaluator, "standing", doubt(value), undetermined);
    Some(evaluator.word(words, value))
}

impl<'a> Evaluator<'a> {
    /// One of some words as an answer.
    pub(crate) fn word(&self, words: WordsId, value: Value<'a>) -> Answer<'a> {
        let words = &self.model().words(words).words;
        match value {
            Value::Word(word) => words.get(word as usize).map_or(Answer::Unknown, |word| Answer::Text(word)),
            _ => Answer::Unknown,
        }
    }
}

fn obligations<'a>(evaluator: &Evaluator<'a>, undetermined: &mut Vec<Undetermined<'a>>) -> Vec<ObligationAnswer<'a>> {
    let all = evaluator.model().obligations.iter().enumerate();
    all.map(|(place, obligation)| {
        let result = evaluator.obligation(place as u32);
        note(evaluator, obligation.id.as_str(), result.doubt(), undetermined);
        let steps = result.steps.iter().map(|(step, state)| StepAnswer { id: &step.id, state: state.word(), step });
        ObligationAnswer {
            id: &obligation.id,
            due: Answer::of(evaluator, &Kind::Date, result.due),
            state: match result.state {
                Value::Word(word) => crate::model::OBLIGATION_STATES.get(word as usize).copied().unwrap_or(""),
                _ => "undetermined",
            },
            steps: steps.collect(),
            obligation,
        }
    })
    .collect()
}

impl Model {
    /// The place of a measure of this model.
    fn measure_id(&self, measure: &crate::model::Measure) -> crate::model::MeasureId {
        let place = self.measures.iter().position(|known| std::ptr::eq(known, measure)).unwrap_or(0);
        crate::model::MeasureId(place as u32)
    }
}

/// A constant as an answer, for those who print rules.
pub fn constant_text(model: &Model, kind: &Kind, constant: &Constant) -> String {
    match (constant, kind) {
        (Constant::None, _) => "none".to_owned(),
        (Constant::Unspecified(_), _) => "unspecified".to_owned(),
        (Constant::Flag(flag), _) => flag.to_string(),
        (Constant::Number(number), _) => number.normalize().to_string(),
        (Constant::Date(date), _) => date.to_string(),
        (Constant::Duration(duration), _) => duration.to_string(),
        (Constant::Text(text), _) => text.clone(),
        (Constant::Word(word), Kind::Word(words)) => {
            model.words(*words).words.get(*word as usize).cloned().unwrap_or_default()
        }
        (Constant::Row(row), Kind::Row(domain)) => match &model.domain(*domain).rows {
            RowsOf::Table(table) => table.ids.get(*row as usize).cloned().unwrap_or_default(),
            _ => String::new(),
        },
        (Constant::Set(members), Kind::Set(of)) => {
            members.iter().map(|member| constant_text(model, of, member)).collect::<Vec<_>>().join(", ")
        }
        _ => String::new(),
    }
}
