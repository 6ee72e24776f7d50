//! The places of many subjects among each other.
//!
//! Every line is read once to be compared; then each has a place, by the number of its line. Of each line no more is
//! kept than what it is compared by.

use super::Line;
use crate::compile::Plan;
use crate::evaluate::{Compared, Place, Question};
use crate::facts::{self, Arena};
use crate::value::Decimal;
use std::collections::BTreeMap;

/// What the lines of a portfolio are compared by, gathered line after line.
#[derive(Debug)]
pub struct Comparison {
    names: Vec<String>,
    lines: Vec<u64>,
    /// For each measure that ranks, what each line is compared by.
    compared: Vec<Vec<Compared>>,
}

/// The places of the lines of a portfolio.
#[derive(Debug)]
pub struct Places {
    names: Vec<String>,
    lines: Vec<u64>,
    /// For each measure that ranks, the best and the worst place that each line may have.
    places: Vec<Vec<(u64, u64)>>,
}

impl Comparison {
    /// Nothing compared yet; `None` when no measure of the plan ranks.
    pub fn of(plan: &Plan) -> Option<Self> {
        let names: Vec<String> = plan.ranks().map(str::to_owned).collect();
        let compared = vec![Vec::new(); names.len()];
        (!names.is_empty()).then_some(Self { names, lines: Vec::new(), compared })
    }

    /// Adds a line; numbers rise. Of one that has no answer nothing is known, so that it may have any place.
    pub fn add(&mut self, plan: &Plan, question: &Question, number: u64, line: Line<'_>, arena: &mut Arena) {
        arena.reset();
        let known = match line {
            Line::Facts(document) => facts::read(&plan.schema, document, arena)
                .ok()
                .and_then(|facts| plan.compared(&facts, question, arena).ok()),
            Line::TooLong => None,
        };
        self.lines.push(number);
        let mut known = known.into_iter().flatten();
        self.compared.iter_mut().for_each(|all| all.push(known.next().unwrap_or_default()));
    }

    /// The place of every line.
    pub fn places(self) -> Places {
        let places = self.compared.iter().map(|all| ranked(all)).collect();
        Places { names: self.names, lines: self.lines, places }
    }
}

impl Places {
    /// The places of a line.
    pub fn of(&self, number: u64) -> Vec<Place> {
        let Ok(line) = self.lines.binary_search(&number) else { return Vec::new() };
        let places = self.names.iter().zip(&self.places);
        places.map(|(name, all)| Place { measure: name.clone(), best: all[line].0, worst: all[line].1 }).collect()
    }
}

/// Some subjects, by the least and the most that each may come to.
#[derive(Default)]
struct Field {
    lows: Vec<Decimal>,
    highs: Vec<Decimal>,
    /// How many may come to any number, however great.
    open: u64,
}

impl Field {
    fn add(&mut self, one: &Compared) {
        self.lows.extend(one.low);
        match one.high {
            Some(high) => self.highs.push(high),
            None => self.open += 1,
        }
    }

    fn sort(&mut self) {
        self.lows.sort_unstable();
        self.highs.sort_unstable();
    }

    /// How many are surely greater than `than`.
    fn surely(&self, than: Option<Decimal>) -> u64 {
        than.map_or(0, |than| above(&self.lows, than))
    }

    /// How many may be greater than `than`.
    fn perhaps(&self, than: Option<Decimal>) -> u64 {
        self.open + than.map_or(self.highs.len() as u64, |than| above(&self.highs, than))
    }
}

/// How many of `sorted` are greater than `than`.
fn above(sorted: &[Decimal], than: Decimal) -> u64 {
    (sorted.len() - sorted.partition_point(|number| *number <= than)) as u64
}

/// The best and the worst place of each; those that are equal share the better one.
fn ranked(all: &[Compared]) -> Vec<(u64, u64)> {
    let mut groups: BTreeMap<&str, Field> = BTreeMap::new();
    let (mut loose, mut whole) = (Field::default(), Field::default());
    for one in all {
        whole.add(one);
        match &one.among {
            Some(among) => groups.entry(among).or_default().add(one),
            None => loose.add(one),
        }
    }
    groups.values_mut().chain([&mut loose, &mut whole]).for_each(Field::sort);
    let place = |one: &Compared| {
        // Each was counted among those that may be greater, if its own bounds lie apart.
        let own = u64::from(match (one.low, one.high) {
            (Some(low), Some(high)) => high > low,
            _ => true,
        });
        match one.among.as_deref().and_then(|among| groups.get(among)) {
            Some(group) => (1 + group.surely(one.high), 1 + group.perhaps(one.low) + loose.perhaps(one.low) - own),
            None => (1, 1 + whole.perhaps(one.low) - own),
        }
    };
    all.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn compared(low: impl Into<Option<i64>>, high: impl Into<Option<i64>>, among: Option<&str>) -> Compared {
        let number = |n: Option<i64>| n.map(Decimal::from);
        Compared { low: number(low.into()), high: number(high.into()), among: among.map(str::to_owned) }
    }

    #[test]
    fn the_greatest_is_first_and_equals_share_the_better_place() {
        let all = [5, 9, 5, 1].map(|n| compared(n, n, Some("")));
        assert_eq!(ranked(&all), [(2, 2), (1, 1), (2, 2), (4, 4)]);
    }

    #[test]
    fn each_group_has_its_own_places() {
        let all = [compared(5, 5, Some("n")), compared(9, 9, Some("s")), compared(1, 1, Some("n"))];
        assert_eq!(ranked(&all), [(1, 1), (1, 1), (2, 2)]);
    }

    #[test]
    fn what_is_not_known_leaves_places_open() {
        let all = [compared(5, 5, Some("")), compared(None, None, None), compared(1, 7, Some(""))];
        assert_eq!(ranked(&all), [(1, 3), (1, 3), (1, 3)]);
        let all = [compared(5, 5, Some("n")), compared(9, 9, None), compared(1, 1, Some("s"))];
        assert_eq!(ranked(&all), [(1, 2), (1, 1), (1, 2)]);
    }

    proptest! {
        /// Whatever the numbers within the bounds are, the place lies within what was told.
        #[test]
        fn places_hold_whatever_the_numbers_are(
            ones in prop::collection::vec((0i64..6, 0i64..4, 0u8..3), 1..8),
            at in prop::collection::vec(0i64..4, 8),
        ) {
            let all: Vec<Compared> = ones
                .iter()
                .map(|(low, width, group)| compared(*low, low + width, (*group < 2).then_some(["n", "s"][usize::from(*group % 2)])))
                .collect();
            let told = ranked(&all);
            for of_loose in ["n", "s"] {
                let exact: Vec<Compared> = ones
                    .iter()
                    .zip(&at)
                    .map(|((low, width, group), at)| {
                        let number = low + at.min(width);
                        let among = if *group < 2 { ["n", "s"][usize::from(*group % 2)] } else { of_loose };
                        compared(number, number, Some(among))
                    })
                    .collect();
                for (told, exact) in told.iter().zip(ranked(&exact)) {
                    prop_assert_eq!(exact.0, exact.1);
                    prop_assert!(told.0 <= exact.0 && exact.0 <= told.1, "{:?} within {:?}", exact, told);
                }
            }
        }
    }
}
