//! From facts and a question to a decision: where an evaluation begins.

use super::decision::{Answer, Change, Deadline, Effect, IsoDate};
use super::shared::Shared;
use super::{Decision, Evaluator, Failure, Question, decision};
use crate::compile::Plan;
use crate::date::Date;
use crate::facts::{Arena, Facts};
use crate::model::ParameterId;
use bumpalo::collections::Vec as ArenaVec;

/// The rule that a deadline names on which another version binds the partner.
pub const VERSION: &str = "version";

impl Plan {
    /// Decides: facts and a question to a decision.
    ///
    /// # Errors
    /// When a number overflows, a script fails, or a rule looks at too many days.
    pub fn decide<'a>(
        &'a self,
        facts: &'a Facts<'a>,
        question: &'a Question,
        arena: &'a Arena,
    ) -> Result<Decision<'a>, Failure> {
        let readings = self.readings(&question.readings, arena);
        let shared = arena.alloc(Shared::of(self, facts, question, arena));
        let evaluator = Evaluator::first(self, facts, arena, readings, shared);
        if self.model.binds.is_some() && !question.named && !question.alone {
            match evaluator.not_bound_until() {
                Ok(None) => {}
                Ok(Some(from)) => return self.decide_before(facts, question, arena, from),
                Err(failure) => return Err(failure),
            }
        }
        let decision = decision::of(evaluator, question);
        match shared.failure.take() {
            Some(failure) => Err(failure),
            None => Ok(decision),
        }
    }

    /// Decides by the version before, which binds the partner until the day `from`; that day is told.
    fn decide_before<'a>(
        &'a self,
        facts: &'a Facts<'a>,
        question: &'a Question,
        arena: &'a Arena,
        from: Date,
    ) -> Result<Decision<'a>, Failure> {
        let Some((before, share)) = &self.before else {
            return Err(Failure::BoundLater { version: self.model.version.clone(), from });
        };
        let facts = arena.alloc(share.of(facts, &before.schema, arena));
        let mut decision = before.decide(facts, question, arena)?;
        let version = |version: &'a str| Answer::Text(version);
        let change =
            Change { rule: VERSION, from: version(decision.receipt.version), to: version(&self.model.version) };
        // What a version further back says of its successor is said by the one that follows this one.
        decision.deadlines.retain(|deadline| deadline.rule != VERSION);
        let changes = vec![change];
        let told = Deadline { on: IsoDate(from), rule: VERSION, subject: None, effect: Effect::Changes, changes };
        let place = decision.deadlines.partition_point(|known| known.on.0 <= from);
        decision.deadlines.insert(place, told);
        Ok(decision)
    }

    /// The parameters that are asked for in another of their readings, with all of their views.
    pub(super) fn readings<'a>(&self, asked: &[(String, usize)], arena: &'a Arena) -> &'a [(ParameterId, usize)] {
        let mut readings = ArenaVec::new_in(arena);
        for (name, choice) in asked {
            for (id, parameter) in self.parameter_views(name) {
                if *choice < parameter.choices.len() {
                    readings.push((id, *choice));
                }
            }
        }
        readings.into_bump_slice()
    }
}
