//! The rulings of a decision: on each subject what is decided, at what rate, until when, and why.

use super::{Answer, IsoDate, Named, Receipt, Undetermined};
use crate::evaluate::bounds::both;
use crate::evaluate::gives::GivenPart;
use crate::evaluate::judge::{Cause, Reason};
use crate::evaluate::ruling::{Outcome, RulingResult};
use crate::evaluate::validity::{Request, Validity};
use crate::evaluate::{Evaluator, Truth};
use crate::facts::Value;
use crate::model::node::{Node, Op};
use crate::model::{How, Need, Part, Ruling, What};
use crate::value::Kind;
use schemars::JsonSchema;
use serde::Serialize;
use std::borrow::Cow;

/// The answer on one subject.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RulingAnswer<'a> {
    /// The subject: the id of a record, the name of a row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<Cow<'a, str>>,
    /// `granted`, `refused`, `needs_approval`, `undetermined`.
    pub outcome: &'static str,
    /// `pending`, `active`, `expired`, `used` on the as-of date, where the ruling says when it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Answer<'a>>,
    /// The rate in hundredths, where all parts have one base.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<Answer<'a>>,
    /// What is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Answer<'a>>,
    /// The ISO 4217 code of the amounts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<&'a str>,
    /// The last day on which it is active.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Answer<'a>>,
    /// `undetermined` where anything above is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<&'static str>,
    /// Every requirement and how it came out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<ReasonAnswer<'a>>,
    /// What the amount is made of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<PartAnswer<'a>>,
    /// The requests that were made to extend it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<ExtensionAnswer<'a>>,
    /// What makes it reproducible, where another version judged it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt<'a>>,
    /// The ruling, for those who print the answer.
    #[serde(skip)]
    pub ruling: &'a Ruling,
    /// The rules that judged it, for those who print the answer.
    #[serde(skip)]
    pub model: &'a crate::model::Model,
}

/// A requirement and how it came out.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReasonAnswer<'a> {
    /// The requirement.
    pub id: &'a str,
    /// The requirement that it stands in.
    #[serde(rename = "in", skip_serializing_if = "Option::is_none")]
    pub within: Option<&'a str>,
    /// The record or row that it is about, where there is one for each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<&'a str>,
    /// `met`, `not_met`, `waived`, `asked`, `undetermined`.
    pub state: &'static str,
    /// Who must agree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asks: Option<&'a str>,
    /// What is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub have: Option<Answer<'a>>,
    /// What is needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub need: Option<Answer<'a>>,
    /// The records that do not count in what is there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
    /// What was required, for those who print the answer.
    #[serde(skip)]
    pub cause: Cause<'a>,
}

/// A part of what is given.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PartAnswer<'a> {
    /// Its name within the ruling.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<&'a str>,
    /// The rate in hundredths.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<Answer<'a>>,
    /// The amount of which it is taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<Answer<'a>>,
    /// What it comes to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Answer<'a>>,
    /// `undetermined` where the rate or the amount is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<&'static str>,
    /// The records that do not count in the amount of which it is taken.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
    /// The part, for those who print the answer.
    #[serde(skip)]
    pub part: &'a Part,
}

/// A request to extend a ruling.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ExtensionAnswer<'a> {
    /// The request: its id, else its place from 0.
    pub id: Cow<'a, str>,
    /// The day on which it was made.
    pub on: IsoDate,
    /// `counted`, `not_counted`, `undetermined`.
    pub state: &'static str,
}

/// The rulings of an evaluation; what is not known is noted on the way.
pub(super) fn rulings<'a>(
    evaluator: &Evaluator<'a>,
    undetermined: &mut Vec<Undetermined<'a>>,
) -> Named<'a, Vec<RulingAnswer<'a>>> {
    let model = evaluator.model();
    let mut answers = Vec::with_capacity(model.rulings.len());
    for (place, ruling) in model.rulings.iter().enumerate() {
        let subjects = evaluator.combinations(&ruling.each);
        let mut own = Vec::with_capacity(subjects as usize);
        for combination in 0..subjects {
            evaluator.enter(&ruling.each, combination);
            if evaluator.lies_ahead(ruling) {
                continue;
            }
            let subject = subject(evaluator, ruling);
            let result = evaluator.ruling(place as u32);
            note(result, subject.as_deref().filter(|_| !ruling.each.is_empty()), undetermined);
            if let Ok(judged) = evaluator.judged_by_date(place as u32) {
                evaluator.stand_for(place as u32, judged);
            }
            own.push(answer(evaluator, result, subject));
        }
        if !own.is_empty() {
            answers.push((Cow::Borrowed(ruling.id.as_str()), own));
        }
    }
    ended(evaluator, &mut answers, undetermined);
    Named(answers)
}

/// The rulings that this version has no longer, on the subjects of the days of those that had them.
fn ended<'a>(
    evaluator: &Evaluator<'a>,
    answers: &mut Vec<(Cow<'a, str>, Vec<RulingAnswer<'a>>)>,
    undetermined: &mut Vec<Undetermined<'a>>,
) {
    for (version, ruling, place) in evaluator.ended_rulings() {
        let Some(by) = evaluator.version(version) else { continue };
        let mut own = Vec::new();
        for combination in 0..by.combinations(&ruling.each) {
            by.enter(&ruling.each, combination);
            if by.lies_ahead(ruling) || !by.is_of_its_days(evaluator, version, ruling) {
                continue;
            }
            let subject = subject(by, ruling);
            let result = by.ruling(place);
            note(result, subject.as_deref().filter(|_| !ruling.each.is_empty()), undetermined);
            own.push(answer(evaluator, result, subject));
        }
        if own.is_empty() {
            continue;
        }
        match answers.iter_mut().find(|(id, _)| *id == ruling.id) {
            Some((_, known)) => known.append(&mut own),
            None => answers.push((Cow::Borrowed(ruling.id.as_str()), own)),
        }
    }
}

/// The name of the subject at hand; of a ruling about the partner, the partner's.
pub(crate) fn subject<'a>(evaluator: &Evaluator<'a>, ruling: &'a Ruling) -> Option<Cow<'a, str>> {
    match ruling.each.as_slice() {
        [] => evaluator.plan.subject.and_then(|(domain, _)| evaluator.record_id(domain, 0)).map(Cow::Borrowed),
        each => Some(each.iter().map(|domain| evaluator.place_name(*domain)).collect::<Vec<_>>().join(".").into()),
    }
}

/// Notes everything on which the answer depends and that is not known.
fn note<'a>(result: &RulingResult<'a>, subject: Option<&str>, undetermined: &mut Vec<Undetermined<'a>>) {
    let by = result.by;
    let mut why = result.gives.why(by.arena);
    if let Outcome::Undetermined(doubt) = result.outcome {
        why = both(Some(doubt), why, by.arena);
    }
    if let Some(validity) = &result.validity {
        let doubts = [validity.status.err(), validity.until.and_then(Result::err)];
        why = doubts.into_iter().fold(why, |why, doubt| both(why, doubt, by.arena));
    }
    let Some(why) = why else { return };
    let rule = match subject {
        Some(subject) => Cow::Owned(format!("{}.{subject}", result.ruling.id)),
        None => Cow::Borrowed(result.ruling.id.as_str()),
    };
    undetermined.push(Undetermined { rule, missing: by.missing(why) });
}

fn answer<'a>(evaluator: &Evaluator<'a>, result: &RulingResult<'a>, subject: Option<Cow<'a, str>>) -> RulingAnswer<'a> {
    let by = result.by;
    let shown = |kind: &'a Kind, value: Option<Value<'a>>| Some(Answer::of(by, kind, value?));
    let given = &result.gives;
    let validity = result.validity.as_ref();
    let until = validity.and_then(|validity| validity.until);
    let known = given.why(by.arena).is_none()
        && validity.is_none_or(|validity| validity.status.is_ok())
        && until.is_none_or(|until| until.is_ok())
        && !matches!(result.outcome, Outcome::Undetermined(_));
    RulingAnswer {
        subject,
        outcome: result.outcome.word(),
        status: validity.map(|validity| match validity.status {
            Ok(status) => Answer::Text(status.word()),
            Err(_) => Answer::Unknown,
        }),
        rate: shown(&Kind::Percent, given.rate),
        amount: shown(&Kind::Money, given.amount),
        currency: given.amount.and(by.model().currency.as_deref()),
        valid_until: until.map(|until| until.map_or(Answer::Unknown, Answer::Date)),
        state: (!known).then_some("undetermined"),
        reasons: result.reasons.iter().map(|reason| self::reason(by, reason)).collect(),
        parts: given.parts.iter().map(|part| self::part(by, part)).collect(),
        extensions: validity.map(|validity| extensions(by, result.ruling, validity)).unwrap_or_default(),
        receipt: (!std::ptr::eq(by.plan, evaluator.plan)).then(|| super::assemble::receipt(by, evaluator.as_of)),
        ruling: result.ruling,
        model: &by.plan.model,
    }
}

fn reason<'a>(by: &Evaluator<'a>, reason: &Reason<'a>) -> ReasonAnswer<'a> {
    let (have, need, asks) = match reason.cause {
        Cause::Need(need) => match &need.what {
            What::That { have, need, .. } => {
                let kind = |node: &'a Option<Node>| node.as_ref().map(|node| &node.ty.kind);
                (kind(have), kind(need), None)
            }
            What::AtLeast(..) => (Some(&Kind::Count), Some(&Kind::Count), None),
            What::Asks(asks) => (None, None, Some(asks.text(Default::default()))),
            What::All(_) | What::Any(_) => (None, None, None),
        },
        Cause::Limit(_) => (Some(&Kind::Count), Some(&Kind::Count), None),
    };
    let counted = match reason.cause {
        Cause::Need(Need { what: What::That { have, .. }, .. }) if reason.about.is_none() => have.as_ref(),
        _ => None,
    };
    let side = |kind: Option<&'a Kind>, value: Option<Value<'a>>| Some(Answer::of(by, kind?, value?));
    // The answer may be one of an earlier day on which all was decided as it is today.
    let today = |node: Option<&'a Node>, known: Option<Value<'a>>| match node {
        Some(node) if reason.is_plain() && by.is_made_of_today(node) => Some(by.eval(node)),
        _ => known,
    };
    let (left, right) = match reason.cause {
        Cause::Need(Need { what: What::That { have, need, .. }, .. }) => (have.as_ref(), need.as_ref()),
        _ => (None, None),
    };
    ReasonAnswer {
        id: reason.cause.id(),
        within: reason.within,
        subject: reason.about,
        state: reason.state.word(),
        asks,
        have: side(have, today(left, reason.have)),
        need: side(need, today(right, reason.need)),
        left_out: left_out(by, counted),
        cause: reason.cause,
    }
}

fn part<'a>(by: &Evaluator<'a>, given: &GivenPart<'a>) -> PartAnswer<'a> {
    let shown = |kind: &'a Kind, value: Option<Value<'a>>| Some(Answer::of(by, kind, value?));
    PartAnswer {
        id: given.part.id.as_deref(),
        rate: shown(&Kind::Percent, given.rate),
        of: shown(&Kind::Money, given.of),
        amount: shown(&Kind::Money, given.amount),
        state: (!given.is_known()).then_some("undetermined"),
        left_out: left_out(by, given.part.of.as_ref()),
        part: given.part,
    }
}

/// The records of the subject at hand that a measure of it looks at and does not count.
fn left_out<'a>(by: &Evaluator<'a>, value: Option<&'a Node>) -> Vec<String> {
    let mut names = Vec::new();
    let Some(Op::Measure(id)) = value.map(|value| &value.op) else { return names };
    let How::Tally(tally, row) = by.model().measure(*id).how else { return names };
    let tally = &by.model().tallies[tally as usize];
    if tally.inside.is_none() {
        return names;
    }
    by.each_row(tally.domain, tally.inside, &mut |record| {
        let mut conditions = tally.rows[row as usize].tests.iter().chain(&tally.filter);
        if conditions.any(|condition| matches!(by.truth(condition), Truth::False)) {
            names.push(by.record_path(tally.domain, record));
        }
        true
    });
    names
}

fn extensions<'a>(by: &Evaluator<'a>, ruling: &'a Ruling, validity: &Validity<'a>) -> Vec<ExtensionAnswer<'a>> {
    let Some(extended) = &ruling.extended else { return Vec::new() };
    let named = |request: &Request| ExtensionAnswer {
        id: by.with_row(extended.domain, request.row, || by.place_name(extended.domain)).into(),
        on: IsoDate(request.on),
        state: match request.counts {
            Some(true) => "counted",
            Some(false) => "not_counted",
            None => "undetermined",
        },
    };
    validity.requests.iter().map(named).collect()
}
