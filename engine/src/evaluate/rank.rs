//! The place of a partner among others.
//!
//! One evaluation knows one partner. Its place is a fact, or whoever has the facts of all partners compares
//! them and gives it with the question.

use super::decision::Answer;
use super::{Evaluator, Failure, Question, Shared};
use crate::compile::Plan;
use crate::facts::{Arena, Facts, Range, Value, Why};
use crate::model::{How, MeasureId, Rank};
use crate::value::Decimal;

/// The place of the subject among others by one measure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The measure, one with `rank`.
    pub measure: String,
    /// The best place that it may be; 1 is the first.
    pub best: u64,
    /// The worst place that it may be.
    pub worst: u64,
}

/// What a partner is compared by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// The number is at least this; open when `None`.
    pub low: Option<Decimal>,
    /// The number is at most this; open when `None`.
    pub high: Option<Decimal>,
    /// What those have in common that are compared; `None` when that is not known.
    pub among: Option<String>,
}

impl Plan {
    /// The measures that rank, by name, in the order of the rulebook.
    pub fn ranks(&self) -> impl Iterator<Item = &str> {
        let ranking = self.model.measures.iter().filter(|measure| matches!(measure.how, How::Rank(_)));
        ranking.map(|measure| measure.name.as_str())
    }

    /// What a subject is compared by, for every measure that ranks.
    ///
    /// # Errors
    /// When a number overflows, a script fails, or a rule looks at too many days.
    pub fn compared<'a>(
        &'a self,
        facts: &'a Facts<'a>,
        question: &'a Question,
        arena: &'a Arena,
    ) -> Result<Vec<Compared>, Failure> {
        let readings = self.readings(&question.readings, arena);
        let shared = arena.alloc(Shared::of(self, facts, question, arena));
        let evaluator = Evaluator::first(self, facts, arena, readings, shared);
        let ranking = evaluator.model().measures.iter().filter_map(|measure| match &measure.how {
            How::Rank(rank) => Some(rank),
            _ => None,
        });
        let compared = ranking.map(|rank| evaluator.compared_by(rank)).collect();
        match shared.failure.take() {
            Some(failure) => Err(failure),
            None => Ok(compared),
        }
    }
}

impl<'a> Evaluator<'a> {
    fn compared_by(&self, rank: &'a Rank) -> Compared {
        let (low, high) = match self.eval(&rank.of) {
            Value::Number(number) => (Some(number), Some(number)),
            Value::Range(range) => (range.low, range.high),
            _ => (None, None),
        };
        let among = match rank.among.as_ref().map(|among| (&among.ty.kind, self.eval(among))) {
            None => Some(String::new()),
            Some((_, value)) if value.doubt().is_some() => None,
            Some((kind, value)) => serde_json::to_string(&Answer::of(self, kind, value)).ok(),
        };
        Compared { low, high, among }
    }

    /// The place of the subject by a measure: the one that a fact tells, else the one that came with the question.
    pub fn ranked(&self, id: MeasureId, rank: &'a Rank) -> Value<'a> {
        let told = rank.told.as_ref().map(|told| self.eval(told));
        if let Some(value @ Value::Number(_)) = told {
            return value;
        }
        let name = &self.model().measure(id).name;
        // What the others come to on earlier days, nobody compared.
        let given = self.shared.places.iter().find(|place| place.measure == *name);
        match (given.filter(|_| self.as_of >= self.shared.asked), told) {
            (Some(Place { best, worst, .. }), _) if best == worst => Value::Number(Decimal::from(*best)),
            (Some(Place { best, worst, .. }), _) => {
                let why = self.arena.alloc(Why::Undefined("what the other partners come to is not known"));
                let (low, high) = (Some(Decimal::from(*best)), Some(Decimal::from(*worst)));
                Value::Range(self.arena.alloc(Range { low, high, why }))
            }
            (None, Some(Value::Unknown(why))) => Value::Unknown(why),
            (None, _) => Value::Unknown(self.undefined("a rank needs the facts of all partners")),
        }
    }
}
