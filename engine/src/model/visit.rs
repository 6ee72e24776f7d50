//! Walks over every expression of a rule, for those who ask what a rule reads.

use super::node::{Node, Op};
use super::{
    Absent, Award, Benefit, Credit, CreditRow, Cycle, DutyStep, Extension, How, Ladder, Limit, Model, Need, Obligation,
    Part, Rank, Records, Requirement, Ruling, Standing, Start, Tally, What, Window,
};

/// Walks over the expressions of each rule: one that reads them, and one that may put others in their places.
macro_rules! walks {
    ($nodes:ident, $($to:tt)?) => {
        impl Requirement {
            /// Calls `visit` with every expression of the requirement.
            pub fn $nodes<'m>(&'m $($to)? self, visit: &mut dyn FnMut(&'m $($to)? Node)) {
                let Self { when, unless, that, have, need, .. } = self;
                when.into_iter().chain(unless).chain([that]).chain(have).chain(need).for_each(visit);
            }
        }

        impl Tally {
            /// Calls `visit` with every expression of the tally.
            pub fn $nodes<'m>(&'m $($to)? self, visit: &mut dyn FnMut(&'m $($to)? Node)) {
                let Self { value, happened, filter, module, once_per, rows, window, .. } = self;
                value.into_iter().chain(happened).chain(filter).for_each(&mut *visit);
                module.into_iter().for_each(|(_, node)| visit(node));
                for (chosen, key) in once_per {
                    chosen.into_iter().chain([key]).for_each(&mut *visit);
                }
                for row in rows {
                    (&$($to)? row.tests).into_iter().for_each(&mut *visit);
                }
                window.$nodes(visit);
            }
        }

        impl Window {
            /// Calls `visit` with every expression of the window.
            pub fn $nodes<'m>(&'m $($to)? self, visit: &mut dyn FnMut(&'m $($to)? Node)) {
                match self {
                    Window::Last(node) => visit(node),
                    Window::Between(from, until) => from.into_iter().chain(until).for_each(visit),
                    Window::Ever | Window::Cycle | Window::PreviousCycle => {}
                }
            }
        }

        impl Rank {
            /// Calls `visit` with every expression of the rank.
            pub fn $nodes<'m>(&'m $($to)? self, visit: &mut dyn FnMut(&'m $($to)? Node)) {
                let Self { of, among, told } = self;
                [of].into_iter().chain(among).chain(told).for_each(visit);
            }
        }

        impl Ladder {
            /// Calls `visit` with every expression of the ladder.
            pub fn $nodes<'m>(&'m $($to)? self, visit: &mut dyn FnMut(&'m $($to)? Node)) {
                let Self { below, falls, carried, assigned, rows, requires, up, down, .. } = self;
                visit(below);
                visit(falls);
                carried.into_iter().chain(assigned).for_each(&mut *visit);
                for row in rows {
                    (&$($to)? row.applies).into_iter().for_each(&mut *visit);
                    (&$($to)? row.requirements).into_iter().for_each(|requirement| requirement.$nodes(visit));
                }
                requires.into_iter().for_each(|requirement| requirement.$nodes(visit));
                for moment in [up, down] {
                    if let super::Moment::Word(node) = moment {
                        visit(node);
                    }
                }
            }
        }

        impl Need {
            /// Calls `visit` with every expression of the requirement, and of those inside it.
            pub fn $nodes<'m>(&'m $($to)? self, visit: &mut dyn FnMut(&'m $($to)? Node)) {
                let Self { when, unless, what, .. } = self;
                when.into_iter().chain(unless).for_each(&mut *visit);
                match what {
                    What::That { that, have, need } => [that].into_iter().chain(have).chain(need).for_each(visit),
                    What::Asks(_) => {}
                    What::All(members) | What::Any(members) => members.into_iter().for_each(|need| need.$nodes(visit)),
                    What::AtLeast(number, members) => {
                        visit(number);
                        members.into_iter().for_each(|need| need.$nodes(visit));
                    }
                }
            }
        }

        impl Ruling {
            /// Calls `visit` with every expression of the ruling.
            pub fn $nodes<'m>(&'m $($to)? self, visit: &mut dyn FnMut(&'m $($to)? Node)) {
                let Self { dated_by, requires, gives, starts, lasts, extended, used, limit, .. } = self;
                let own = dated_by.into_iter().chain(starts).chain(lasts).chain(used);
                own.for_each(&mut *visit);
                requires.into_iter().for_each(|need| need.$nodes(visit));
                for part in gives {
                    let Part { when, percent, of, amount, at_most, rounding, .. } = part;
                    let own = when.into_iter().chain(percent).chain(of).chain(amount).chain(at_most);
                    own.chain([rounding]).for_each(&mut *visit);
                }
                if let Some(Extension { by, lasts, at_most, .. }) = extended {
                    [by, lasts].into_iter().chain(at_most).for_each(&mut *visit);
                }
                if let Some(Limit { at_most, by, per, within, .. }) = limit {
                    [at_most, by].into_iter().chain(per).for_each(&mut *visit);
                    within.$nodes(visit);
                }
            }
        }

        impl Obligation {
            /// Calls `visit` with every expression of the obligation.
            pub fn $nodes<'m>(&'m $($to)? self, visit: &mut dyn FnMut(&'m $($to)? Node)) {
                let Self { due, within, grace, happened, first, filter, steps, .. } = self;
                [due, within, grace, happened].into_iter().chain(first).chain(filter).for_each(&mut *visit);
                for step in steps {
                    let DutyStep { tests, when, unless, .. } = step;
                    tests.into_iter().chain(when).chain(unless).for_each(&mut *visit);
                }
            }
        }

        impl Standing {
            /// Calls `visit` with every expression of the standing.
            pub fn $nodes<'m>(&'m $($to)? self, visit: &mut dyn FnMut(&'m $($to)? Node)) {
                let Self { when, awards, ladders, benefits, .. } = self;
                [when].into_iter().chain(awards).chain(ladders).chain(benefits).for_each(visit);
            }
        }

        impl Credit {
            /// Calls `visit` with every expression of the credit.
            pub fn $nodes<'m>(&'m $($to)? self, visit: &mut dyn FnMut(&'m $($to)? Node)) {
                let Self { to, share, subject, happened, dated, filter, requires, value, once_per, rows, .. } = self;
                let plain = [to, share].into_iter().chain(subject).chain(happened).chain(dated).chain(filter);
                plain.chain(value).for_each(&mut *visit);
                requires.into_iter().for_each(|requirement| requirement.$nodes(visit));
                for (chosen, key) in once_per {
                    chosen.into_iter().chain([key]).for_each(&mut *visit);
                }
                for row in rows {
                    let CreditRow { applies, columns, .. } = row;
                    applies.into_iter().chain(columns.into_iter().map(|(_, column)| column)).for_each(&mut *visit);
                }
            }
        }

        impl Benefit {
            /// Calls `visit` with every expression of the benefit.
            pub fn $nodes<'m>(&'m $($to)? self, visit: &mut dyn FnMut(&'m $($to)? Node)) {
                let Self { applies, requirements, .. } = self;
                applies.into_iter().for_each(&mut *visit);
                requirements.into_iter().for_each(|requirement| requirement.$nodes(visit));
            }
        }

        impl Cycle {
            /// Calls `visit` with every expression of the cycle.
            pub fn $nodes<'m>(&'m $($to)? self, visit: &mut dyn FnMut(&'m $($to)? Node)) {
                let Self { starts, lasts, first, .. } = self;
                if let Start::Anniversary(node) = starts {
                    visit(node);
                }
                visit(lasts);
                first.into_iter().for_each(visit);
            }
        }

        impl Award {
            /// Calls `visit` with every expression of the award, those of its tally not included.
            pub fn $nodes<'m>(&'m $($to)? self, visit: &mut dyn FnMut(&'m $($to)? Node)) {
                let Self { per, rounding, over, at_most, category, rows, .. } = self;
                per.into_iter().chain([rounding, over]).chain(at_most).chain(category).for_each(&mut *visit);
                rows.into_iter().for_each(|row| visit(&$($to)? row.points));
            }
        }

        impl Records {
            /// Calls `visit` with every expression that stands in for an absent field.
            pub fn $nodes<'m>(&'m $($to)? self, visit: &mut dyn FnMut(&'m $($to)? Node)) {
                for field in &$($to)? self.fields {
                    if let Absent::Field(node) = &$($to)? field.absent {
                        visit(node);
                    }
                }
            }
        }

        impl Model {
            /// Calls `visit` with every expression of the rulebook's rules; an expression that two rules share
            /// may come twice.
            pub fn $nodes<'m>(&'m $($to)? self, visit: &mut dyn FnMut(&'m $($to)? Node)) {
                let Self { cycle, modules, measures, tallies, awards, .. } = self;
                cycle.into_iter().for_each(|cycle| cycle.$nodes(visit));
                modules.into_iter().for_each(|modules| visit(&$($to)? modules.earn_once));
                for measure in measures {
                    match &$($to)? measure.how {
                        How::Value(node) => visit(node),
                        How::Rank(rank) => rank.$nodes(visit),
                        How::Tally(..) => {}
                    }
                }
                tallies.into_iter().for_each(|tally| tally.$nodes(visit));
                awards.into_iter().for_each(|award| award.$nodes(visit));
                let Self { binds, credits, ladders, rulings, obligations, standings, exceptions, benefits, .. } = self;
                binds.into_iter().for_each(&mut *visit);
                credits.into_iter().for_each(|credit| credit.$nodes(visit));
                ladders.into_iter().for_each(|ladder| ladder.$nodes(visit));
                rulings.into_iter().for_each(|ruling| ruling.$nodes(visit));
                obligations.into_iter().for_each(|obligation| obligation.$nodes(visit));
                standings.into_iter().for_each(|standing| standing.$nodes(visit));
                exceptions.into_iter().for_each(|exception| visit(&$($to)? exception.who));
                benefits.into_iter().for_each(|benefit| benefit.$nodes(visit));
            }
        }
    };
}

walks!(nodes,);
walks!(nodes_mut, mut);

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
            How::Rank(rank) => holds(&|visit| rank.nodes(&mut |node| visit(node))),
            How::Tally(tally, _) => holds(&|visit| self.tallies[*tally as usize].nodes(&mut |node| visit(node))),
        });
        let award = || {
            let places = 0..self.awards.len() as u32;
            let place =
                places.into_iter().find(|place| holds(&|visit| self.award_nodes(*place, &mut |node| visit(node))));
            place.map(|place| self.awards[place as usize].id.clone())
        };
        let ladder = || self.ladders.iter().find(|rule| holds(&|visit| rule.nodes(&mut |node| visit(node))));
        let ruling = || self.rulings.iter().find(|rule| holds(&|visit| rule.nodes(&mut |node| visit(node))));
        let duty = || self.obligations.iter().find(|rule| holds(&|visit| rule.nodes(&mut |node| visit(node))));
        let standing = || self.standings.iter().find(|standing| here(&standing.when));
        let exception = || self.exceptions.iter().find(|exception| here(&exception.who));
        let credit = || self.credits.iter().find(|rule| holds(&|visit| rule.nodes(&mut |node| visit(node))));
        let benefit = || self.benefits.iter().find(|rule| holds(&|visit| rule.nodes(&mut |node| visit(node))));
        measure
            .map(|measure| measure.name.clone())
            .or_else(award)
            .or_else(|| ladder().map(|rule| rule.id.clone()))
            .or_else(|| ruling().map(|rule| rule.id.clone()))
            .or_else(|| duty().map(|rule| rule.id.clone()))
            .or_else(|| standing().map(|rule| rule.id.clone()))
            .or_else(|| exception().map(|rule| rule.id.clone()))
            .or_else(|| credit().map(|rule| rule.id.clone()))
            .or_else(|| benefit().map(|rule| rule.id.clone()))
            .unwrap_or_else(|| "cycle".to_owned())
    }

    /// Calls `visit` with every expression of an award, by its place, those of its tally included.
    pub fn award_nodes<'m>(&'m self, place: u32, visit: &mut dyn FnMut(&'m Node)) {
        let award = &self.awards[place as usize];
        if let Some(tally) = self.tallies.get(award.tally as usize) {
            tally.nodes(visit);
        }
        award.nodes(visit);
    }
}
