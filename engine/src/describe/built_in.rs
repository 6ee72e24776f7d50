//! The names that every statement has and no rulebook declares: `points`, `standing` and `cycle`.

use super::catalogue::built_in as say;
use super::duty::standing_id;
use super::teller::{Teller, line};
use super::{Described, Kind, frame};

/// A name that every rulebook has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuiltIn {
    Points,
    Standing,
    Cycle,
}

impl BuiltIn {
    /// What `name` means.
    pub fn find(name: &str) -> Option<Self> {
        match name {
            "points" => Some(Self::Points),
            "standing" => Some(Self::Standing),
            "cycle" => Some(Self::Cycle),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Points => "points",
            Self::Standing => "standing",
            Self::Cycle => "cycle",
        }
    }

    /// The name in words, with the rules that it is made of.
    pub fn describe(self, teller: &Teller<'_>) -> Described {
        let model = teller.model;
        let (lines, reads): (_, Vec<String>) = match self {
            Self::Points if model.awards.is_empty() => (vec![line(teller.say(say::NO_AWARDS, &[]))], Vec::new()),
            Self::Points => {
                (vec![line(teller.say(say::POINTS, &[]))], model.awards.iter().map(|award| award.id.clone()).collect())
            }
            Self::Standing if model.standings.is_empty() => {
                (vec![line(teller.say(say::NO_STANDINGS, &[]))], Vec::new())
            }
            Self::Standing => {
                let mut lines = vec![line(teller.say(say::STANDING, &[]))];
                lines.extend(frame::standings(teller));
                (lines, model.standings.iter().map(standing_id).collect())
            }
            Self::Cycle => {
                let cycle = frame::cycle(teller);
                let lines = if cycle.is_empty() { vec![line(teller.say(say::NO_CYCLE, &[]))] } else { cycle };
                (lines, vec![frame::id(model)])
            }
        };
        Described {
            id: self.name().to_owned(),
            kind: Kind::BuiltIn,
            title: None,
            lines,
            sources: match (self, &model.cycle) {
                (Self::Cycle, Some(cycle)) => teller.cited(&[&cycle.source]),
                _ => Vec::new(),
            },
            note: None,
            reads,
            read_by: Vec::new(),
        }
    }
}
