//! Rulings in words: what a subject must meet, what it is given, from when and until when.

use super::catalogue::ruling;
use super::teller::Teller;
use crate::model::Verdict;

impl Teller<'_> {
    /// What is read of a ruling, as a noun.
    pub fn verdict_noun(&self, place: u32, verdict: Verdict) -> String {
        let rule = &self.model.rulings[place as usize];
        let message = match verdict {
            Verdict::Outcome => ruling::OUTCOME_OF,
            Verdict::Rate => ruling::RATE_OF,
            Verdict::Amount => ruling::AMOUNT_OF,
        };
        self.say(message, &[&self.title_or(rule.title.as_ref(), &rule.id)])
    }
}
