//! Which records are walked together, so that each is visited once for all the rules of its list.
//!
//! Tallies over the same records that need nothing of each other form one scan. A record finds the
//! rows that it fits by its words, without trying each.

use crate::expression::Operator;
use crate::model::node::{Constant, Node, Op};
use crate::model::{How, MeasureId, Model, Tally};
use crate::value::DomainId;

/// Tallies that one walk over the records serves.
#[derive(Clone, Debug)]
pub struct Scan {
    /// The records.
    pub domain: DomainId,
    /// The tallies, by their places.
    pub tallies: Vec<u32>,
    /// Whether awards of several modules are among them, so that a record may earn in only one.
    pub one_module: bool,
}

/// How one tally is made.
#[derive(Clone, Debug)]
pub struct TallyPlan {
    /// The scan that makes it; `None` for a tally that is made for each of something.
    pub scan: Option<u32>,
    /// The field that is the date of a record, where it is plainly that.
    pub date: Option<u32>,
    /// Whether the module that it earns in is the same for all records.
    pub one_member: bool,
    /// Whether the condition of all rows is the same for all records.
    pub one_filter: bool,
    /// How a record finds its rows.
    pub dispatch: Option<Dispatch>,
    /// How many of each row's first tests the dispatch has answered.
    pub answered: usize,
    /// The award that it belongs to, so that the facts that count are kept.
    pub award: Option<u32>,
    /// The measure that each row makes, for tallies of measures.
    pub measures: Vec<MeasureId>,
}

/// Rows by the word of one field.
#[derive(Clone, Debug)]
pub struct Dispatch {
    /// The record's field.
    pub field: u32,
    /// For each word, the rows that take it.
    pub rows: Vec<Vec<u32>>,
}

/// The scans of a model, and how each tally is made.
pub fn schedule(model: &Model) -> (Vec<Scan>, Vec<TallyPlan>) {
    let mut stages: Vec<Option<u32>> = vec![None; model.tallies.len()];
    for place in 0..model.tallies.len() {
        stage(model, place, &mut stages);
    }
    let award_of = |place: usize| model.awards.iter().position(|award| award.tally as usize == place).map(|a| a as u32);
    // A record that may earn in several modules is seen once, when all of its awards can be judged.
    let earning: Vec<usize> = (0..model.tallies.len()).filter(|place| award_of(*place).is_some()).collect();
    for place in &earning {
        let domain = model.tallies[*place].domain;
        let last = earning.iter().filter(|p| model.tallies[**p].domain == domain).filter_map(|p| stages[*p]).max();
        stages[*place] = last;
    }
    let mut scans: Vec<(DomainId, u32, Vec<u32>)> = Vec::new();
    let mut plans = Vec::new();
    for (place, tally) in model.tallies.iter().enumerate() {
        let stage = stages[place].unwrap_or(0);
        let scan = tally.each.is_empty().then(|| {
            let found = scans.iter().position(|(domain, at, _)| *domain == tally.domain && *at == stage);
            let scan = found.unwrap_or_else(|| {
                scans.push((tally.domain, stage, Vec::new()));
                scans.len() - 1
            });
            scans[scan].2.push(place as u32);
            scan as u32
        });
        let dispatch = dispatch(tally);
        let answered = usize::from(dispatch.is_some());
        let made = |row: usize| {
            let measure = |measure: &crate::model::Measure| measure.how == How::Tally(place as u32, row as u32);
            model.measures.iter().position(measure).map(|place| MeasureId(place as u32))
        };
        let measures = (0..tally.rows.len()).map_while(made).collect();
        let date = tally.happened.as_ref().and_then(|happened| own_field(tally, happened));
        let one_member = tally.module.as_ref().is_some_and(|(_, member)| is_apart(model, member));
        let one_filter = tally.filter.as_ref().is_some_and(|filter| is_apart(model, filter));
        let award = award_of(place);
        plans.push(TallyPlan { scan, date, one_member, one_filter, dispatch, answered, award, measures });
    }
    let scans = scans
        .into_iter()
        .map(|(domain, _, tallies)| {
            let mut modules: Vec<u32> =
                tallies.iter().filter_map(|t| model.tallies[*t as usize].module.as_ref().map(|(m, _)| *m)).collect();
            modules.sort_unstable();
            modules.dedup();
            Scan { domain, one_module: modules.len() > 1, tallies }
        })
        .collect();
    (scans, plans)
}

/// The stage at which a tally can be made: after every tally that it reads.
fn stage(model: &Model, place: usize, stages: &mut Vec<Option<u32>>) -> u32 {
    if let Some(stage) = stages[place] {
        return stage;
    }
    stages[place] = Some(0);
    let mut needed = Vec::new();
    let mut seen = Vec::new();
    model.tallies[place].nodes(&mut |node| tallies_under(model, node, &mut needed, &mut seen));
    let earns = model.awards.iter().any(|award| award.tally as usize == place);
    for standing in model.standings.iter().filter(|standing| earns && standing.awards.is_some()) {
        tallies_under(model, &standing.when, &mut needed, &mut seen);
    }
    let after = needed.into_iter().filter(|t| *t != place).map(|t| stage(model, t, stages) + 1).max().unwrap_or(0);
    stages[place] = Some(after);
    after
}

/// Every tally that an expression reads, through measures, awards and ladders too.
fn tallies_under(model: &Model, node: &Node, into: &mut Vec<usize>, seen: &mut Vec<MeasureId>) {
    let mut more: Vec<&Node> = Vec::new();
    node.walk(&mut |part| match &part.op {
        Op::Measure(id) | Op::MeasureOf(_, id) => {
            if seen.contains(id) {
                return;
            }
            seen.push(*id);
            match &model.measure(*id).how {
                How::Tally(tally, _) => into.push(*tally as usize),
                How::Value(node) => more.push(node),
                How::Rank(rank) => more.extend([&rank.of].into_iter().chain(&rank.told)),
            }
        }
        Op::Points => into.extend(model.awards.iter().map(|award| award.tally as usize)),
        Op::AwardRow(award, _) | Op::AwardTotal(award) => into.push(model.awards[*award as usize].tally as usize),
        Op::InForce(ladder) | Op::Earned(ladder) => model.ladder(*ladder).nodes(&mut |node| more.push(node)),
        Op::Ruling(place, _) => model.rulings[*place as usize].nodes(&mut |node| more.push(node)),
        Op::Obligation(place) => model.obligations[*place as usize].nodes(&mut |node| more.push(node)),
        Op::Standing => model.standings.iter().for_each(|standing| more.push(&standing.when)),
        _ => {}
    });
    for node in more {
        tallies_under(model, node, into, seen);
    }
}

/// A tally whose every row selects by words of the same field is found by that word.
fn dispatch(tally: &Tally) -> Option<Dispatch> {
    if tally.rows.len() < 2 {
        return None;
    }
    let mut by_word: Vec<Vec<u32>> = Vec::new();
    let mut of: Option<u32> = None;
    for (row, written) in tally.rows.iter().enumerate() {
        let (field, words) = selected(tally, written.tests.first()?)?;
        if *of.get_or_insert(field) != field {
            return None;
        }
        for word in words {
            if by_word.len() <= word as usize {
                by_word.resize(word as usize + 1, Vec::new());
            }
            by_word[word as usize].push(row as u32);
        }
    }
    Some(Dispatch { field: of?, rows: by_word })
}

/// The field of a tally's records that an expression is.
fn own_field(tally: &Tally, node: &Node) -> Option<u32> {
    match node.op {
        Op::Field(domain, field) if domain == tally.domain => Some(field),
        _ => None,
    }
}

/// Whether an expression is the same whatever record is at hand: it looks at nothing but the subject.
fn is_apart(model: &Model, node: &Node) -> bool {
    let is_subject = |domain: DomainId| {
        model.records(domain).is_some_and(|records| records.list.is_none() && records.within.is_none())
    };
    let mut apart = true;
    node.walk(&mut |part| {
        apart &= match &part.op {
            Op::Field(domain, _) => is_subject(*domain),
            Op::Constant(_) | Op::Parameter(..) | Op::SetOf(_) | Op::In(..) | Op::Has(_) => true,
            Op::Not(_) | Op::And(_) | Op::Or(_) | Op::If(..) | Op::Coalesce(..) | Op::Compare(..) => true,
            _ => false,
        };
    });
    apart
}

/// The field and the words that a test selects by, if that is what it does.
fn selected(tally: &Tally, test: &Node) -> Option<(u32, Vec<u32>)> {
    let own_field = |node: &Node| own_field(tally, node);
    let word = |constant: &Constant| match constant {
        Constant::Word(word) => Some(*word),
        _ => None,
    };
    match &test.op {
        Op::Compare(Operator::Equal, a, b) => match &b.op {
            Op::Constant(constant) => Some((own_field(a)?, vec![word(constant)?])),
            _ => None,
        },
        Op::In(a, b) => match &b.op {
            Op::Constant(Constant::Set(members)) => {
                Some((own_field(a)?, members.iter().map(word).collect::<Option<_>>()?))
            }
            _ => None,
        },
        _ => None,
    }
}
