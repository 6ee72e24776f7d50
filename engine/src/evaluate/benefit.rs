//! Benefits: which of them a partner has.

use super::Evaluator;
use super::ladder::State;
use super::truth::Truth;
use crate::model::Benefit;
use bumpalo::collections::Vec as ArenaVec;

/// A benefit and whether the subject has it.
#[derive(Clone, Copy, Debug)]
pub struct BenefitResult<'a> {
    /// The benefit.
    pub benefit: &'a Benefit,
    /// The place of the rows for which it is answered.
    pub combination: u32,
    /// Whether the subject has it.
    pub state: State<'a>,
}

impl<'a> Evaluator<'a> {
    /// Every benefit that is for this subject, for every row of what benefits are answered for.
    pub fn benefits(&self) -> ArenaVec<'a, BenefitResult<'a>> {
        let model = self.model();
        let mut results = ArenaVec::new_in(self.arena);
        let revoked = self.meanwhile(|standing| standing.benefits.as_ref());
        for combination in 0..self.combinations(&model.benefits_each) {
            self.enter(&model.benefits_each, combination);
            for benefit in &model.benefits {
                let for_others = benefit.applies.iter().any(|node| matches!(self.truth(node), Truth::False));
                if for_others {
                    continue;
                }
                let requirements = self.check_all(&benefit.requirements, &[]);
                let doubt = benefit.applies.iter().find_map(|node| match self.truth(node) {
                    Truth::Unknown(why) => Some(why),
                    _ => None,
                });
                let mut state = doubt.map_or(State::Met, State::Undetermined);
                for checked in requirements {
                    state = match (state, checked.state) {
                        (_, State::NotMet) | (State::NotMet, _) => State::NotMet,
                        (State::Undetermined(why), _) | (_, State::Undetermined(why)) => State::Undetermined(why),
                        _ => State::Met,
                    };
                }
                state = match revoked {
                    Ok(true) => State::NotMet,
                    Err(why) if !matches!(state, State::NotMet) => State::Undetermined(why),
                    _ => state,
                };
                results.push(BenefitResult { benefit, combination, state });
            }
        }
        results
    }
}
