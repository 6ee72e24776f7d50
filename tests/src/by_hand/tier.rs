//! The three tiers: what they ask for, which one is earned, what the next one lacks.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Cycle;
use super::decision::{Missing, NextLevel, Quantity, Requirement, State};
use super::facts::Partner;

/// Day in January on which the tier of the year is fixed, unless the partner's own is known.
const CONFIRMATION_DAY: (u32, u32) = (1, 31);

/// A partner's tier, lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Level {
    None,
    Ready,
    Advanced,
    Premier,
}

impl Level {
    pub fn name(self) -> &'static str {
        match self {
            Level::None => "none",
            Level::Ready => "ready",
            Level::Advanced => "advanced",
            Level::Premier => "premier",
        }
    }
}

/// What a level asks for; each number is "at least".
struct Conditions {
    level: Level,
    points: Decimal,
    holders: [usize; 3],
}

const LADDER: [Conditions; 3] = [
    Conditions { level: Level::Ready, points: thousand(0), holders: [2, 0, 0] },
    Conditions { level: Level::Advanced, points: thousand(25), holders: [3, 2, 1] },
    Conditions { level: Level::Premier, points: thousand(100), holders: [6, 4, 2] },
];

const fn thousand(points: u32) -> Decimal {
    Decimal::from_parts(points * 1_000, 0, 0, false, 0)
}

/// The kinds of holders, in the order of [`Counts::holders`].
pub(super) const HOLDERS: [&str; 3] = ["sellers", "technical_sellers", "certifications"];

/// What the tiers depend on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Counts {
    pub holders: [usize; 3],
    pub points: Decimal,
}

/// The highest level whose conditions all hold.
pub(super) fn earned(counts: &Counts) -> Level {
    let holds = |level: &&Conditions| {
        counts.points >= level.points && counts.holders.iter().zip(level.holders).all(|(have, need)| *have >= need)
    };
    LADDER.iter().rev().find(holds).map_or(Level::None, |conditions| conditions.level)
}

/// The requirements of all levels.
pub(super) fn all_requirements(counts: &Counts) -> Vec<Requirement> {
    LADDER.iter().flat_map(|level| level.requirements(counts)).collect()
}

impl Conditions {
    fn requirements(&self, counts: &Counts) -> [Requirement; 4] {
        let at_least = |id, have, need| {
            let state = if have >= need { State::Met } else { State::NotMet };
            Requirement { level: self.level, id, have, need, state }
        };
        let people =
            |n: usize| at_least(HOLDERS[n], Quantity::People(counts.holders[n]), Quantity::People(self.holders[n]));
        let points = at_least("points", Quantity::Points(counts.points), Quantity::Points(self.points));
        [points, people(0), people(1), people(2)]
    }
}

/// The requirements of a level that hold on one of two days and not on the other.
pub(super) fn turned(level: Level, before: &Counts, after: &Counts) -> Vec<&'static str> {
    let Some(conditions) = LADDER.iter().find(|conditions| conditions.level == level) else { return Vec::new() };
    let both = conditions.requirements(before).into_iter().zip(conditions.requirements(after));
    both.filter(|(before, after)| before.state != after.state).map(|(_, after)| after.id).collect()
}

/// The level above the one in force, and what it lacks.
pub(super) fn next(in_force: Level, counts: &Counts) -> Option<NextLevel> {
    let conditions = LADDER.iter().find(|conditions| conditions.level > in_force)?;
    let missing = conditions.requirements(counts).iter().filter_map(missing).collect();
    Some(NextLevel { level: conditions.level, missing })
}

fn missing(requirement: &Requirement) -> Option<Missing> {
    let &Requirement { id, have, need, .. } = requirement;
    let gap = match (have, need) {
        (Quantity::People(have), Quantity::People(need)) if have < need => Quantity::People(need - have),
        (Quantity::Points(have), Quantity::Points(need)) if have < need => Quantity::Points(need - have),
        _ => return None,
    };
    Some(Missing { id, have, need, gap })
}

/// The day on which the tier of the year is fixed.
pub(super) fn fixed_on(partner: &Partner<'_>, cycle: &Cycle) -> NaiveDate {
    let (month, day) = CONFIRMATION_DAY;
    partner
        .profile
        .tier_confirmed_on
        .unwrap_or_else(|| NaiveDate::from_ymd_opt(cycle.start.year(), month, day).expect("every January has 31 days"))
}

/// The level brought along to a day of the cycle: last year's until this year's is fixed.
pub(super) fn carried(partner: &Partner<'_>, cycle: &Cycle, day: NaiveDate) -> Level {
    let profile = &partner.profile;
    if day < fixed_on(partner, cycle) {
        profile.tier_prior
    } else {
        profile.tier_confirmed.unwrap_or(profile.tier_prior)
    }
}
