//! From facts and a question to a decision: where an evaluation begins.

use super::shared::Shared;
use super::{Decision, Evaluator, Failure, Question, decision};
use crate::compile::Plan;
use crate::facts::{Arena, Facts};
use crate::model::ParameterId;
use bumpalo::collections::Vec as ArenaVec;

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
        let decision = decision::of(evaluator, question);
        match shared.failure.take() {
            Some(failure) => Err(failure),
            None => Ok(decision),
        }
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
