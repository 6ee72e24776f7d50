//! The cycle followed from event to event up to the as-of date, for the level in force; and from there to
//! the end of the next cycle, for what is going to change.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::decision::{Because, Change, Deadline, Effect, Move, Quantity};
use super::facts::Partner;
use super::points::{self, Earning};
use super::tier::{self, Counts, HOLDERS, Level};
use super::{Cycle, Holding, holders};

/// What happened, and what is going to happen.
pub(super) struct Timeline<'a> {
    pub in_force: Level,
    pub history: Vec<Move>,
    pub deadlines: Vec<Deadline<'a>>,
}

/// Of what happens on one day, the first of these comes first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    CycleStarts,
    LevelFixed,
    Earns(usize),
    StartsCounting(usize),
    StopsCounting(usize),
}

/// Follows a partner from the start of the cycle to the end of the next.
pub(super) fn follow<'a>(
    partner: &'a Partner<'a>,
    holdings: &[Holding<'a>],
    earnings: &[Earning<'a>],
    cycle: &Cycle,
    as_of: NaiveDate,
) -> Timeline<'a> {
    let events = events(partner, holdings, earnings, cycle);
    let mut state = State::new(partner.people.len());
    let mut force = Force::brought(tier::carried(partner, cycle, cycle.start));
    let mut deadlines = Vec::new();
    // What is in force on the as-of date, and how it came to be.
    let mut now: Option<(Level, Vec<Move>)> = None;
    for happening in events.chunk_by(|(day, _), (other, _)| day == other) {
        let day = happening[0].0;
        let before = state.counts();
        for (_, event) in happening {
            state.apply(*event, holdings, earnings);
        }
        let after = state.counts();
        if day > as_of && now.is_none() {
            now = Some((force.level, std::mem::take(&mut force.history)));
        }
        let was = force.level;
        // What is brought along into the next cycle is no fact of this one.
        if day < cycle.end {
            let carried = tier::carried(partner, cycle, day);
            // The points of the day before the cycle are those of another cycle.
            let eve = || match day.pred_opt().filter(|_| day == cycle.start) {
                Some(eve) => {
                    Counts { holders: holders(holdings, eve), points: points::total(earnings, &Cycle::of(eve), eve) }
                }
                None => before,
            };
            force.step(day, carried, &after, eve);
        }
        if day > as_of {
            tell(&mut deadlines, happening, holdings, (&before, &after), (was, force.level));
        }
    }
    let (in_force, history) = now.unwrap_or((force.level, force.history));
    Timeline { in_force, history, deadlines }
}

/// Everything that happens in this cycle and the next, in order.
fn events(
    partner: &Partner<'_>,
    holdings: &[Holding<'_>],
    earnings: &[Earning<'_>],
    cycle: &Cycle,
) -> Vec<(NaiveDate, Event)> {
    let start = cycle.start;
    let last = cycle.next().end;
    let mut events = Vec::with_capacity(4 + earnings.len() + 2 * holdings.len());
    events.extend([start, cycle.end, last].map(|day| (day, Event::CycleStarts)));
    events.push((tier::fixed_on(partner, cycle), Event::LevelFixed));
    events.extend(earnings.iter().enumerate().map(|(place, earning)| (earning.on, Event::Earns(place))));
    for (place, holding) in holdings.iter().enumerate() {
        let from = holding.from.max(start);
        if from < holding.until {
            events.extend([(from, Event::StartsCounting(place)), (holding.until, Event::StopsCounting(place))]);
        }
    }
    events.retain(|(day, _)| start <= *day && *day <= last);
    events.sort_unstable();
    events
}

/// Points and holders while events happen.
struct State {
    /// For events.
    points: Decimal,
    /// Of each product: what was sold, and the points for it.
    sales: [(Decimal, Decimal); 3],
    /// Of each person: how many credentials of each kind count.
    held: Vec<[u32; 3]>,
    holders: [usize; 3],
}

impl State {
    fn new(people: usize) -> Self {
        Self { points: Decimal::ZERO, sales: Default::default(), held: vec![[0; 3]; people], holders: [0; 3] }
    }

    fn counts(&self) -> Counts {
        let [(_, a), (_, b), (_, c)] = self.sales;
        Counts { holders: self.holders, points: self.points + a + b + c }
    }

    fn apply(&mut self, event: Event, holdings: &[Holding<'_>], earnings: &[Earning<'_>]) {
        match event {
            Event::CycleStarts => (self.points, self.sales) = Default::default(),
            Event::LevelFixed => {}
            Event::Earns(place) => {
                let earning = &earnings[place];
                match earning.amount {
                    None => self.points += earning.rule.points(),
                    Some(amount) => {
                        let (sold, paid) = &mut self.sales[earning.rule as usize - points::Rule::Rhel as usize];
                        *sold += amount;
                        *paid = points::blocks(*sold) * earning.rule.points();
                    }
                }
            }
            Event::StartsCounting(place) => {
                let Holding { kind, person, .. } = holdings[place];
                self.held[person][kind as usize] += 1;
                self.holders[kind as usize] += usize::from(self.held[person][kind as usize] == 1);
            }
            Event::StopsCounting(place) => {
                let Holding { kind, person, .. } = holdings[place];
                self.held[person][kind as usize] -= 1;
                self.holders[kind as usize] -= usize::from(self.held[person][kind as usize] == 0);
            }
        }
    }
}

/// The level in force: the one brought along, raised by what is earned, not lowered in the cycle.
struct Force {
    carried: Level,
    level: Level,
    best: Level,
    history: Vec<Move>,
}

impl Force {
    fn brought(carried: Level) -> Self {
        Self { carried, level: carried, best: Level::None, history: Vec::new() }
    }

    fn step(&mut self, day: NaiveDate, carried: Level, counts: &Counts, before: impl FnOnce() -> Counts) {
        let from = self.level;
        let mut because = Because::Carried;
        if carried != self.carried {
            self.carried = carried;
            self.level = carried.max(self.best);
        }
        let earned = tier::earned(counts);
        self.best = self.best.max(earned);
        if earned > self.level {
            self.level = earned;
            because = Because::Earned;
        }
        let to = self.level;
        if to != from {
            let requirements = match because {
                Because::Earned => tier::turned(to.max(from), &before(), counts),
                Because::Carried => Vec::new(),
            };
            self.history.push(Move { on: day, from, to, because, requirements });
        }
    }
}

/// Tells what is otherwise from a day on: each credential that stops counting, then all else.
fn tell<'a>(
    deadlines: &mut Vec<Deadline<'a>>,
    happening: &[(NaiveDate, Event)],
    holdings: &[Holding<'a>],
    (before, after): (&Counts, &Counts),
    in_force: (Level, Level),
) {
    let on = happening[0].0;
    let people = |kind: usize| {
        let (from, to) = (before.holders[kind], after.holders[kind]);
        let change = Change { rule: HOLDERS[kind], from: Quantity::People(from), to: Quantity::People(to) };
        (from != to).then_some(change)
    };
    let level = |rule, (was, is): (Level, Level)| {
        let change = Change { rule, from: Quantity::Level(was), to: Quantity::Level(is) };
        (was != is).then_some(change)
    };
    let earned = (tier::earned(before), tier::earned(after));
    let levels: Vec<Change> = level("tier.earned", earned).into_iter().chain(level("tier", in_force)).collect();
    // A level that changes with the cycle is told with it.
    let cycle_ends = happening[0].1 == Event::CycleStarts;
    let by_record = if cycle_ends { &[][..] } else { &levels[..] };

    let stops = |(_, event): &(NaiveDate, Event)| match event {
        // Of several credentials of one person the first stands for all; the others count for nothing.
        Event::StopsCounting(place) if stands_first(holdings, *place, on) => Some(*place),
        _ => None,
    };
    let mut stopped: Vec<usize> = happening.iter().filter_map(stops).collect();
    stopped.sort_unstable_by_key(|place| (holdings[*place].kind, *place));
    let mut told = [false; 3];
    for holding in stopped.iter().map(|place| &holdings[*place]) {
        let kind = holding.kind as usize;
        told[kind] = true;
        let changes = people(kind).into_iter().chain(by_record.iter().cloned()).collect();
        let (rule, subject) = (HOLDERS[kind], Some(holding.id));
        deadlines.push(Deadline { on, rule, subject, effect: Effect::StopsCounting, changes });
    }

    let mut changes: Vec<Change> = (0..3).filter(|kind| !told[*kind]).filter_map(people).collect();
    if before.points != after.points {
        let (from, to) = (Quantity::Points(before.points), Quantity::Points(after.points));
        changes.push(Change { rule: "points", from, to });
    }
    if cycle_ends || stopped.is_empty() {
        changes.extend(levels);
    }
    if let Some(first) = changes.first() {
        let (rule, effect) = if cycle_ends { ("cycle", Effect::CycleEnds) } else { (first.rule, Effect::Changes) };
        deadlines.push(Deadline { on, rule, subject: None, effect, changes });
    }
}

/// Whether no credential of the same kind and person that stands before it counted until this day.
fn stands_first(holdings: &[Holding<'_>], place: usize, day: NaiveDate) -> bool {
    let Holding { kind, person, .. } = holdings[place];
    let until = day.pred_opt().expect("no credential ends on the first day of the calendar");
    !holdings[..place].iter().any(|other| other.kind == kind && other.person == person && other.counts_on(until))
}
