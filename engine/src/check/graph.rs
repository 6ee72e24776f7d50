//! What needs what: rules that need each other in a circle can never be computed.

use super::Checker;
use crate::finding::{Finding, code};
use crate::model::node::{Node, Op};
use crate::model::{Absent, How, LadderId, MeasureId, Model, RowsOf, Start};
use crate::source::Span;
use crate::value::DomainId;

/// Something that is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Measure(MeasureId),
    Award(u32),
    Ladder(LadderId),
    Ruling(u32),
    Obligation(u32),
    Standing,
    Exception(u32),
    Cycle,
    /// A field for which, when it is absent, something else stands.
    Field(DomainId, u32),
}

impl Checker<'_> {
    pub(super) fn check_circles(&mut self) {
        let model = &self.model;
        let mut steps = vec![Step::Cycle];
        steps.extend((0..model.measures.len()).map(|place| Step::Measure(MeasureId(place as u32))));
        steps.extend((0..model.awards.len()).map(|place| Step::Award(place as u32)));
        steps.extend((0..model.ladders.len()).map(|place| Step::Ladder(LadderId(place as u32))));
        for (place, domain) in model.domains.iter().enumerate() {
            let RowsOf::Records(records) = &domain.rows else { continue };
            let fields = (0..records.fields.len() as u32).map(|field| Step::Field(DomainId(place as u32), field));
            steps.extend(fields.filter(|field| stands_in(model, *field).is_some()));
        }
        steps.extend((0..model.rulings.len()).map(|place| Step::Ruling(place as u32)));
        steps.extend((0..model.obligations.len()).map(|place| Step::Obligation(place as u32)));
        steps.push(Step::Standing);
        steps.extend((0..model.exceptions.len()).map(|place| Step::Exception(place as u32)));
        let mut done = Vec::new();
        let mut found = Vec::new();
        for step in steps {
            visit(model, step, &mut Vec::new(), &mut done, &mut found);
        }
        for steps in found {
            let names: Vec<_> = steps.iter().map(|step| name(model, *step)).collect();
            let mut finding = circle(&names);
            for (name, span) in &names[1..] {
                finding = finding.and(*span, format!("`{name}` is declared here"));
            }
            self.findings.add(finding);
        }
    }
}

/// The finding for things that need each other, the first one last again.
pub fn circle(names: &[(String, Span)]) -> Finding {
    let Some((first, span)) = names.first() else {
        return Finding::new(&code::CIRCULAR_DEPENDENCY, Span::top(crate::source::FileId(0)), "a rule needs itself");
    };
    let after = names.iter().skip(1).chain(names.first());
    let steps: Vec<String> = names.iter().zip(after).map(|((a, _), (b, _))| format!("`{a}` needs `{b}`")).collect();
    let message = match steps.as_slice() {
        [_] => format!("`{first}` needs itself to be computed"),
        steps => format!("`{first}` needs itself to be computed: {}", steps.join(", ")),
    };
    let which = if names.len() == 1 { "it" } else { "one of them" };
    Finding::new(&code::CIRCULAR_DEPENDENCY, *span, message).help(format!("compute {which} from facts alone"))
}

/// What stands for a field when it is absent, where that is to be computed.
fn stands_in(model: &Model, step: Step) -> Option<&Node> {
    let Step::Field(domain, field) = step else { return None };
    match &model.records(domain)?.fields.get(field as usize)?.absent {
        Absent::Field(node) => Some(node),
        _ => None,
    }
}

fn visit(model: &Model, step: Step, path: &mut Vec<Step>, done: &mut Vec<Step>, found: &mut Vec<Vec<Step>>) {
    if let Some(start) = path.iter().position(|on_path| *on_path == step) {
        found.push(path[start..].to_vec());
        return;
    }
    if done.contains(&step) {
        return;
    }
    path.push(step);
    let mut needs = Vec::new();
    each_node(model, step, &mut |node| node.walk(&mut |part| needs.extend(needed(model, part))));
    let by_standing = match step {
        Step::Award(_) => model.standings.iter().any(|standing| standing.awards.is_some()),
        Step::Ladder(_) => model.standings.iter().any(|standing| standing.ladders.is_some()),
        _ => false,
    };
    if by_standing {
        needs.push(Step::Standing);
    }
    for need in needs {
        visit(model, need, path, done, found);
    }
    path.pop();
    done.push(step);
}

fn needed(model: &Model, node: &Node) -> Vec<Step> {
    match &node.op {
        Op::Measure(id) | Op::MeasureOf(_, id) => vec![Step::Measure(*id)],
        Op::Points => (0..model.awards.len()).map(|place| Step::Award(place as u32)).collect(),
        Op::AwardRow(award, _) | Op::AwardTotal(award) => vec![Step::Award(*award)],
        Op::InForce(id) | Op::Earned(id) => vec![Step::Ladder(*id)],
        Op::CycleStart | Op::CycleEnd => vec![Step::Cycle],
        Op::Field(domain, field) | Op::FieldOf(_, domain, field) => {
            let step = Step::Field(*domain, *field);
            stands_in(model, step).map(|_| step).into_iter().collect()
        }
        Op::Ruling(place, _) => vec![Step::Ruling(*place)],
        Op::Obligation(place) => vec![Step::Obligation(*place)],
        Op::Standing => vec![Step::Standing],
        Op::Parameter(id, _) => {
            let sets = |exception: &crate::model::Exception| exception.sets.iter().any(|(set, _)| set == id);
            let all = model.exceptions.iter().enumerate();
            all.filter(|(_, exception)| sets(exception)).map(|(place, _)| Step::Exception(place as u32)).collect()
        }
        _ => Vec::new(),
    }
}

fn name(model: &Model, step: Step) -> (String, Span) {
    match step {
        Step::Measure(id) => (model.measure(id).name.clone(), model.measure(id).span),
        Step::Award(place) => (model.awards[place as usize].id.clone(), model.awards[place as usize].span),
        Step::Ladder(id) => (model.ladder(id).id.clone(), model.ladder(id).span),
        Step::Field(domain, field) => {
            match model.records(domain).and_then(|records| records.fields.get(field as usize)) {
                Some(field) => (format!("{}.{}", model.domain(domain).name, field.name), field.span),
                None => (String::new(), Span::top(crate::source::FileId(0))),
            }
        }
        Step::Ruling(place) => (model.rulings[place as usize].id.clone(), model.rulings[place as usize].span),
        Step::Obligation(place) => {
            (model.obligations[place as usize].id.clone(), model.obligations[place as usize].span)
        }
        Step::Exception(place) => (model.exceptions[place as usize].id.clone(), model.exceptions[place as usize].span),
        Step::Standing => {
            let span = model.standings.first().map_or(Span::top(crate::source::FileId(0)), |standing| standing.span);
            ("standing".to_owned(), span)
        }
        Step::Cycle => {
            let span = match model.cycle.as_ref().map(|cycle| &cycle.starts) {
                Some(Start::Anniversary(node)) => node.span,
                _ => Span::top(crate::source::FileId(0)),
            };
            ("cycle".to_owned(), span)
        }
    }
}

fn each_node<'m>(model: &'m Model, step: Step, visit: &mut dyn FnMut(&'m Node)) {
    match step {
        Step::Measure(id) => match &model.measure(id).how {
            How::Value(node) => visit(node),
            How::Rank(rank) => rank.nodes(visit),
            How::Tally(place, _) => model.tallies[*place as usize].nodes(visit),
        },
        Step::Award(place) => model.award_nodes(place, visit),
        Step::Ladder(id) => model.ladder(id).nodes(visit),
        Step::Field(..) => stands_in(model, step).into_iter().for_each(visit),
        Step::Ruling(place) => model.rulings[place as usize].nodes(visit),
        Step::Obligation(place) => model.obligations[place as usize].nodes(visit),
        Step::Standing => model.standings.iter().for_each(|standing| {
            visit(&standing.when);
            standing.effects().for_each(&mut *visit);
        }),
        Step::Exception(place) => visit(&model.exceptions[place as usize].who),
        Step::Cycle => model.cycle.iter().for_each(|cycle| cycle.nodes(visit)),
    }
}
