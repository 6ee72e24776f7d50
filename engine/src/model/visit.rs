//! Walks over every expression of a rule, for those who ask what a rule reads.

use super::node::{Node, Op};
use super::{Benefit, Cycle, How, Ladder, Model, Obligation, Requirement, Start, Tally, Window};

impl Requirement {
    /// Calls `visit` with every expression of the requirement.
    pub fn nodes<'m>(&'m self, visit: &mut dyn FnMut(&'m Node)) {
        self.when.iter().chain(&self.unless).chain([&self.that]).for_each(&mut *visit);
        self.have.iter().chain(&self.need).for_each(visit);
    }
}

impl Tally {
    /// Calls `visit` with every expression of the tally.
    pub fn nodes<'m>(&'m self, visit: &mut dyn FnMut(&'m Node)) {
        self.value.iter().chain(&self.happened).chain(&self.filter).for_each(&mut *visit);
        self.module.iter().for_each(|(_, node)| visit(node));
        for (chosen, key) in &self.once_per {
            chosen.iter().chain([key]).for_each(&mut *visit);
        }
        self.rows.iter().flat_map(|row| &row.tests).for_each(&mut *visit);
        match &self.window {
            Window::Last(node) => visit(node),
            Window::Between(from, until) => from.iter().chain(until).for_each(visit),
            Window::Ever | Window::Cycle | Window::PreviousCycle => {}
        }
    }
}

impl Ladder {
    /// Calls `visit` with every expression of the ladder.
    pub fn nodes<'m>(&'m self, visit: &mut dyn FnMut(&'m Node)) {
        visit(&self.below);
        visit(&self.falls);
        self.carried.iter().chain(&self.assigned).for_each(&mut *visit);
        self.rows.iter().flat_map(|row| &row.applies).for_each(&mut *visit);
        self.rows.iter().flat_map(|row| &row.requirements).for_each(|requirement| requirement.nodes(visit));
        self.requires.iter().for_each(|requirement| requirement.nodes(visit));
        for moment in [&self.up, &self.down] {
            if let super::Moment::Word(node) = moment {
                visit(node);
            }
        }
    }
}

impl Obligation {
    /// Calls `visit` with every expression of the obligation.
    pub fn nodes<'m>(&'m self, visit: &mut dyn FnMut(&'m Node)) {
        [&self.due, &self.within, &self.grace, &self.happened].into_iter().for_each(&mut *visit);
        self.first.iter().chain(&self.filter).for_each(&mut *visit);
        for step in &self.steps {
            step.tests.iter().chain(&step.when).chain(&step.unless).for_each(&mut *visit);
        }
    }
}

impl Benefit {
    /// Calls `visit` with every expression of the benefit.
    pub fn nodes<'m>(&'m self, visit: &mut dyn FnMut(&'m Node)) {
        self.applies.iter().for_each(&mut *visit);
        self.requirements.iter().for_each(|requirement| requirement.nodes(visit));
    }
}

impl Cycle {
    /// Calls `visit` with every expression of the cycle.
    pub fn nodes<'m>(&'m self, visit: &mut dyn FnMut(&'m Node)) {
        if let Start::Anniversary(node) = &self.starts {
            visit(node);
        }
        visit(&self.lasts);
        self.first.iter().for_each(visit);
    }
}

/// Something that shows the expressions of a rule.
type Nodes<'n> = dyn Fn(&mut dyn FnMut(&Node)) + 'n;

impl Model {
    /// The rule in which a script is called with these very arguments.
    pub fn rule_that_calls(&self, arguments: &[Node]) -> String {
        let here = |node: &Node| {
            let mut found = false;
            node.walk(&mut |part| {
                found |= matches!(&part.op, Op::Script(_, own) if std::ptr::eq(own.as_slice(), arguments));
            });
            found
        };
        let holds = |nodes: &Nodes<'_>| {
            let mut found = false;
            nodes(&mut |node| found |= here(node));
            found
        };
        let measure = self.measures.iter().find(|measure| match &measure.how {
            How::Value(node) => here(node),
            How::Tally(tally, _) => holds(&|visit| self.tallies[*tally as usize].nodes(&mut |node| visit(node))),
        });
        let award = || {
            let places = 0..self.awards.len() as u32;
            let place =
                places.into_iter().find(|place| holds(&|visit| self.award_nodes(*place, &mut |node| visit(node))));
            place.map(|place| self.awards[place as usize].id.clone())
        };
        let ladder = || self.ladders.iter().find(|rule| holds(&|visit| rule.nodes(&mut |node| visit(node))));
        let duty = || self.obligations.iter().find(|rule| holds(&|visit| rule.nodes(&mut |node| visit(node))));
        let standing = || self.standings.iter().find(|standing| here(&standing.when));
        let exception = || self.exceptions.iter().find(|exception| here(&exception.who));
        let credit = || self.credits.iter().find(|rule| holds(&|visit| rule.nodes(&mut |node| visit(node))));
        let benefit = || self.benefits.iter().find(|rule| holds(&|visit| rule.nodes(&mut |node| visit(node))));
        measure
            .map(|measure| measure.name.clone())
            .or_else(award)
            .or_else(|| ladder().map(|rule| rule.id.clone()))
            .or_else(|| duty().map(|rule| rule.id.clone()))
            .or_else(|| standing().map(|rule| rule.id.clone()))
            .or_else(|| exception().map(|rule| rule.id.clone()))
            .or_else(|| credit().map(|rule| rule.id.clone()))
            .or_else(|| benefit().map(|rule| rule.id.clone()))
            .unwrap_or_else(|| "cycle".to_owned())
    }

    /// Calls `visit` with every expression of an award, by its place.
    pub fn award_nodes<'m>(&'m self, place: u32, visit: &mut dyn FnMut(&'m Node)) {
        let award = &self.awards[place as usize];
        if let Some(tally) = self.tallies.get(award.tally as usize) {
            tally.nodes(visit);
        }
        award.per.iter().chain([&award.rounding, &award.over]).chain(&award.at_most).for_each(&mut *visit);
        award.category.iter().for_each(&mut *visit);
        award.rows.iter().for_each(|row| visit(&row.points));
    }

    /// Calls `visit` with every expression of the rulebook; an expression that two rules share may come twice.
    pub fn nodes<'m>(&'m self, visit: &mut dyn FnMut(&'m Node)) {
        self.cycle.iter().for_each(|cycle| cycle.nodes(visit));
        self.modules.iter().for_each(|modules| visit(&modules.earn_once));
        for measure in &self.measures {
            if let How::Value(node) = &measure.how {
                visit(node);
            }
        }
        self.tallies.iter().for_each(|tally| tally.nodes(visit));
        (0..self.awards.len()).for_each(|place| self.award_nodes(place as u32, visit));
        self.credits.iter().for_each(|credit| credit.nodes(visit));
        self.ladders.iter().for_each(|ladder| ladder.nodes(visit));
        self.obligations.iter().for_each(|obligation| obligation.nodes(visit));
        for standing in &self.standings {
            visit(&standing.when);
            standing.effects().for_each(&mut *visit);
        }
        self.exceptions.iter().for_each(|exception| visit(&exception.who));
        self.benefits.iter().for_each(|benefit| benefit.nodes(visit));
    }
}
