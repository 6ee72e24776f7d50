//! From an evaluation to its decision, section by section; what is not known is noted on the way.

use super::{
    Answer, AwardLine, Awards, Basis, BenefitAnswer, Decision, ENGINE, IsoDate, LadderAnswer, LadderAnswers, Missing,
    MoveAnswer, Named, Next, ObligationAnswer, Receipt, RequirementAnswer, StepAnswer, Undetermined,
};
use crate::date::Date;
use crate::evaluate::award::Line;
use crate::evaluate::bounds::{Bounds, both};
use crate::evaluate::force::Force;
use crate::evaluate::ladder::{Checked, LadderResult, State};
use crate::evaluate::{Evaluator, Question, Truth};
use crate::expression::Operator;
use crate::facts::{Value, Why};
use crate::model::{Aggregate, Award, AwardRow, Ladder, LadderId, MeasureId};
use crate::value::{DomainId, Kind};
use bumpalo::collections::String as ArenaString;
use std::borrow::Cow;

/// The decision of an evaluation.
pub(crate) fn of<'a>(evaluator: &'a Evaluator<'a>, question: &'a Question) -> Decision<'a> {
    let model = evaluator.model();
    let mut undetermined = Vec::new();
    let measures = measures(evaluator, &mut undetermined);
    let awards = (!model.awards.is_empty()).then(|| awards(evaluator, &mut undetermined));
    let ladders = ladders(evaluator, &mut undetermined);
    let (credits, not_credited) = super::credit::credits(evaluator, &mut undetermined);
    let rulings = super::ruling::rulings(evaluator, &mut undetermined);
    let benefits = benefits(evaluator, &mut undetermined);
    let standing = standing(evaluator, &mut undetermined);
    let obligations = obligations(evaluator, &mut undetermined);
    let exceptions = exceptions(evaluator, &mut undetermined);
    Decision {
        standing,
        exceptions,
        obligations,
        deadlines: evaluator.deadlines(),
        receipt: receipt(evaluator, question.as_of),
        subject: evaluator.plan.subject.and_then(|(domain, _)| evaluator.record_id(domain, 0)),
        provisional: model.provisional.as_ref(),
        measures: Named(measures),
        awards,
        ladders: Named(ladders),
        credits,
        not_credited,
        rulings,
        benefits,
        undetermined,
        trace: if question.trace { evaluator.all_steps() } else { Vec::new() },
        cycle: model.cycle.as_ref().and_then(|_| evaluator.cycle().ok()),
    }
}

/// What makes an answer of an evaluation reproducible.
pub(super) fn receipt<'a>(evaluator: &Evaluator<'a>, as_of: Date) -> Receipt<'a> {
    Receipt {
        program: &evaluator.model().program,
        version: &evaluator.model().version,
        digest: &evaluator.plan.digest,
        engine: ENGINE,
        as_of: IsoDate(as_of),
        facts_digest: evaluator.facts.digest,
    }
}

pub(super) fn note<'a>(
    evaluator: &Evaluator<'a>,
    rule: impl Into<Cow<'a, str>>,
    why: Option<&'a Why<'a>>,
    undetermined: &mut Vec<Undetermined<'a>>,
) {
    if let Some(why) = why {
        undetermined.push(Undetermined { rule: rule.into(), missing: evaluator.missing(why) });
    }
}

/// Two texts in one.
fn joined<'a>(evaluator: &Evaluator<'a>, first: &str, second: &str) -> &'a str {
    let mut text = ArenaString::with_capacity_in(first.len() + second.len(), evaluator.arena);
    text.push_str(first);
    text.push_str(second);
    text.into_bump_str()
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
    let own = model.measures.iter().enumerate().filter(|(_, measure)| measure.each.is_empty());
    let mut answers = Vec::with_capacity(model.measures.len() + 1);
    for (place, measure) in own {
        let value = evaluator.measure(MeasureId(place as u32));
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
    let mut lines = Vec::with_capacity(model.awards.iter().map(|award| award.rows.len()).sum());
    let mut by_category: Vec<(Cow<'a, str>, Value<'a>)> = Vec::new();
    let mut by_module: Vec<(Cow<'a, str>, Value<'a>)> = Vec::new();
    for (place, award) in model.awards.iter().enumerate() {
        let own = results.of(place as u32);
        let category = match award.category.as_ref().map(|category| evaluator.eval(category)) {
            Some(Value::Text(category)) => Some(category),
            _ => None,
        };
        let module = award.module.zip(model.modules.as_ref());
        let module = module.map(|(place, modules)| model.words(modules.words).words[place as usize].as_str());
        for (row, line) in award.rows.iter().zip(own) {
            for (name, sums) in [(category, &mut by_category), (module, &mut by_module)] {
                let Some(name) = name else { continue };
                add(evaluator, sums, name, line.points);
            }
            note(evaluator, row.rule.as_str(), doubt(line.points), undetermined);
            if line.result.facts.is_empty() && matches!(line.points, Value::Number(points) if points.is_zero()) {
                continue;
            }
            lines.push(award_line(evaluator, (award, row), category, line));
        }
    }
    let answers = |sums: Vec<(Cow<'a, str>, Value<'a>)>| {
        Named(sums.into_iter().map(|(name, points)| (name, points_answer(points))).collect())
    };
    Awards {
        total: points_answer(results.total),
        by_category: answers(by_category),
        by_module: answers(by_module),
        lines,
    }
}

fn add<'a>(evaluator: &Evaluator<'a>, sums: &mut Vec<(Cow<'a, str>, Value<'a>)>, name: &'a str, points: Value<'a>) {
    match sums.iter_mut().find(|(known, _)| known == name) {
        None => sums.push((Cow::Borrowed(name), points)),
        Some((_, sum)) => *sum = evaluator.arithmetic(Operator::Add, *sum, points),
    }
}

fn points_answer<'a>(points: Value<'a>) -> Answer<'a> {
    Bounds::of(points).map_or(Answer::Unknown, Answer::points)
}

fn award_line<'a>(
    evaluator: &Evaluator<'a>,
    (award, row): (&'a Award, &'a AwardRow),
    category: Option<&'a str>,
    line: &Line<'a>,
) -> AwardLine<'a> {
    let tally = &evaluator.model().tallies[award.tally as usize];
    let points = points_answer(line.points);
    let counted = tally.aggregate == Aggregate::Count;
    let kind = tally.value.as_ref().map_or(&Kind::Count, |value| &value.ty.kind);
    let basis = Answer::of(evaluator, kind, line.result.value);
    let blocks = line.blocks.map(|blocks| Answer::of(evaluator, &Kind::Count, blocks));
    AwardLine {
        rule: &row.rule,
        state: doubt(line.points).map(|_| "undetermined"),
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

pub(super) fn row_names(evaluator: &Evaluator<'_>, each: &[DomainId]) -> String {
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
    let own = result.ways.iter().map(|way| way.requirements.len()).sum::<usize>();
    let mut requirements = Vec::with_capacity(result.common.len() + own);
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
                on: IsoDate(step.on),
                from: words.get(step.from as usize).map_or("", String::as_str),
                to: words.get(step.to as usize).map_or("", String::as_str),
                because: step.because.word(),
                requirements: step.requirements,
            })
            .collect(),
        ladder,
    }
}

pub(super) fn requirement<'a>(
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
            let gap = need.checked_sub(have).map_or_else(|| evaluator.overflow(), Value::Number);
            Some(Answer::of(evaluator, kind, gap))
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
            note(evaluator, joined(evaluator, "benefits.", &result.benefit.id), Some(why), undetermined);
        }
        answers.push(BenefitAnswer { benefit: result.benefit, of, state: result.state.word() });
    }
    answers
}

/// The exceptions that apply; of one that perhaps does, what is not known.
fn exceptions<'a>(evaluator: &Evaluator<'a>, undetermined: &mut Vec<Undetermined<'a>>) -> Vec<&'a str> {
    let mut applied = Vec::new();
    for (place, truth) in evaluator.exceptions() {
        let exception = &evaluator.model().exceptions[*place as usize];
        match truth {
            Truth::True => applied.push(exception.id.as_str()),
            Truth::False => {}
            Truth::Unknown(why) => {
                note(evaluator, joined(evaluator, "exceptions.", &exception.id), Some(*why), undetermined);
            }
        }
    }
    applied
}

fn standing<'a>(evaluator: &Evaluator<'a>, undetermined: &mut Vec<Undetermined<'a>>) -> Option<Answer<'a>> {
    let words = evaluator.model().standing_words?;
    let value = evaluator.standing();
    note(evaluator, "standing", doubt(value), undetermined);
    Some(Answer::word(evaluator, words, value))
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
