//! The plain oracle: every day is decided by an evaluation of its own, and levels are moved from day to day.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use serde_json::{Value, json};
use tierline_engine::compile::Plan;
use tierline_engine::date::Date;
use tierline_engine::evaluate::Question;
use tierline_tests::acme;

use crate::shape::{LEVELS, Moves, Shape};

fn plan(shape: &Shape) -> Arc<Plan> {
    let load = acme::load(&shape.rules(), &[]);
    let plan = load.program.versions.first().and_then(|version| version.plan.clone());
    plan.unwrap_or_else(|| panic!("no plan of {}\n{}", shape.rules(), acme::told(&load)))
}

/// One partner, decided on any day.
pub struct Decided {
    plan: Arc<Plan>,
    facts: String,
    days: RefCell<BTreeMap<Date, Rc<Value>>>,
}

impl Decided {
    pub fn new(shape: &Shape, facts: &Value) -> Self {
        Self { plan: plan(shape), facts: facts.to_string(), days: RefCell::default() }
    }

    /// The decision on a day, by an evaluation of its own.
    pub fn on(&self, day: Date) -> Rc<Value> {
        let mut days = self.days.borrow_mut();
        let decide =
            || acme::decided_by(&self.plan, self.facts.as_bytes(), &Question::on(day)).expect("a decision").into();
        Rc::clone(days.entry(day).or_insert_with(decide))
    }

    fn earned(&self, day: Date) -> usize {
        level(&self.on(day)["ladders"]["tier"]["earned"])
    }

    fn suspended(&self, day: Date) -> bool {
        self.on(day)["standing"] == "held"
    }

    /// The requirements of a level that hold on a day, by the way to the level that they belong to.
    fn held(&self, day: Date, level: usize) -> Vec<(Value, bool)> {
        let decision = self.on(day);
        let all = decision["ladders"]["tier"]["requirements"].as_array().cloned().unwrap_or_default();
        let of_level = |requirement: &&Value| requirement["level"] == LEVELS[level];
        let common = |requirement: &&Value| requirement["level"].is_null();
        let ordered = all.iter().filter(of_level).chain(all.iter().filter(common));
        ordered.map(|one| (json!([one["id"], one["via"]]), one["state"] == "met")).collect()
    }

    /// The requirements of a level that came out otherwise than on the day before.
    fn turned(&self, day: Date, level: usize) -> Vec<Value> {
        let before = self.held(day.pred_opt().expect("a day"), level);
        let mut turned = Vec::new();
        for (requirement, holds) in self.held(day, level) {
            let held = before.iter().any(|(known, held)| *known == requirement && *held);
            if held != holds && !turned.contains(&requirement[0]) {
                turned.push(requirement[0].clone());
            }
        }
        turned
    }
}

fn level(name: &Value) -> usize {
    LEVELS.iter().position(|level| name == level).unwrap_or_else(|| panic!("{name} is a level"))
}

/// The level in force and its history, moved day by day.
pub fn moved(shape: &Shape, decided: &Decided, as_of: Date) -> (usize, Vec<Value>) {
    let (start, _) = shape.cycle(as_of);
    let brought = |day: Date| match shape.carried {
        Some(_) => level(&decided.on(day)["measures"]["brought_along"]),
        None if shape.first.is_some_and(|first| start <= first) => 0,
        None => decided.earned(start.pred_opt().expect("a day")),
    };
    let (mut force, mut best, mut before) = (brought(start), 0, brought(start));
    let (mut shown, mut was_suspended) = (force, false);
    let mut history = Vec::new();
    for day in start.iter_days().take_while(|day| *day <= as_of) {
        let mut because = "standing";
        let carried = brought(day);
        if carried != before {
            force = if shape.down == Moves::AtCycleEnd { carried.max(best) } else { carried };
            (before, because) = (carried, "carried");
        }
        let earned = decided.earned(day);
        if shape.up.on(day, start) {
            best = best.max(earned);
            if earned > force {
                (force, because) = (earned, "earned");
            }
        }
        if shape.down.on(day, start) && earned < force {
            force = if shape.one_level { earned.max(force - 1) } else { earned };
            because = "lost";
        }
        let suspended = decided.suspended(day);
        if suspended || was_suspended {
            because = "standing";
        }
        was_suspended = suspended;
        let now = if suspended { 0 } else { force };
        // What was suspended, or brought along, on the first day may have been so before.
        if now != shown && (day != start || ["earned", "lost"].contains(&because)) {
            let mut step =
                json!({ "on": day.to_string(), "from": LEVELS[shown], "to": LEVELS[now], "because": because });
            let turned = decided.turned(day, now.max(shown));
            if ["earned", "lost"].contains(&because) && !turned.is_empty() {
                step["requirements"] = turned.into();
            }
            history.push(step);
        }
        shown = now;
    }
    (shown, history)
}
