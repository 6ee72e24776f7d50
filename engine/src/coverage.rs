//! Coverage: which rules no case reaches, read off the decisions that the cases led to.
//!
//! It runs nothing itself. A rule that no case reaches can be changed without any test noticing.

use crate::case::{Case, Outcome};
use crate::compile::{Program, Version};
use crate::model::{Model, What};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What the cases reach of one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// The version.
    pub version: String,
    /// How many cases it answered.
    pub cases: usize,
    /// How many things a case could reach.
    pub all: usize,
    /// What no case reaches.
    pub gaps: Vec<Gap>,
}

/// Something that no case reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The rule, such as `resale.gadget` or `tier.gold.points`.
    pub rule: String,
    /// What never happens.
    pub never: Never,
}

/// What never happens in any case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Never {
    /// The row never earns points.
    Earns,
    /// Nobody is ever credited.
    Credits,
    /// The level is never earned.
    Earned,
    /// The requirement never holds.
    Met,
    /// The requirement never fails.
    NotMet,
    /// The measure is never anything but zero.
    NonZero,
    /// The benefit is never decided.
    Decided,
    /// The ruling is never granted.
    Granted,
    /// Nobody is ever asked.
    Asked,
    /// The reading of the parameter is never asked for, by its place among the choices.
    Reading(usize),
}

impl std::fmt::Display for Never {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Never::Earns => f.write_str("never earns"),
            Never::Credits => f.write_str("never credits anybody"),
            Never::Earned => f.write_str("never earned"),
            Never::Met => f.write_str("never met"),
            Never::NotMet => f.write_str("never not met"),
            Never::NonZero => f.write_str("never anything but zero"),
            Never::Decided => f.write_str("never decided"),
            Never::Granted => f.write_str("never granted"),
            Never::Asked => f.write_str("never asked"),
            Never::Reading(place) => write!(f, "choice {} never asked for", place + 1),
        }
    }
}

/// What the cases reach of every version that answered one of them.
pub fn of<'a>(program: &Program, runs: impl IntoIterator<Item = (&'a Case, &'a Outcome)>) -> Vec<Coverage> {
    let runs: Vec<_> = runs.into_iter().collect();
    let mut all = Vec::new();
    for version in &program.versions {
        let Some(plan) = &version.plan else { continue };
        let mut seen = Seen::default();
        for (case, outcome) in &runs {
            if outcome.version.as_ref() == Some(&version.name) {
                seen.note(case, outcome);
            }
            seen.rulings(outcome, &version.name);
        }
        if seen.cases > 0 {
            all.push(seen.against(version, &plan.model));
        }
    }
    all
}

/// What happened in the decisions of one version.
#[derive(Default)]
struct Seen {
    cases: usize,
    earning: BTreeSet<String>,
    crediting: BTreeSet<String>,
    levels: BTreeSet<(String, String)>,
    met: BTreeSet<String>,
    not_met: BTreeSet<String>,
    /// Every requirement that was listed, and whether it ever asked for anything.
    needs: BTreeMap<String, bool>,
    measures: BTreeMap<String, bool>,
    benefits: BTreeSet<String>,
    readings: BTreeSet<(String, usize)>,
    granted: BTreeSet<String>,
    asked: BTreeSet<String>,
}

impl Seen {
    fn note(&mut self, case: &Case, outcome: &Outcome) {
        self.cases += 1;
        self.readings.extend(case.readings.iter().cloned());
        let Some(decision) = &outcome.decision else { return };
        for line in items(decision.pointer("/awards/lines")) {
            if let (Some(rule), false) = (text(line, "rule"), line.get("points").is_none_or(is_zero)) {
                self.earning.insert(rule.to_owned());
            }
        }
        for line in items(decision.get("credits")).filter(|line| line.get("state").is_none()) {
            self.crediting.extend(text(line, "rule").map(str::to_owned));
        }
        for line in items(decision.get("not_credited")) {
            let rule = text(line, "rule").unwrap_or_default();
            let credit = rule.split_once('.').map_or(rule, |(credit, _)| credit);
            let failed = items(line.get("reasons")).filter(|reason| text(reason, "state") == Some("not_met"));
            self.not_met.extend(failed.filter_map(|reason| Some(format!("{credit}.{}", text(reason, "id")?))));
        }
        for (name, value) in entries(decision.get("measures")) {
            *self.measures.entry(name.clone()).or_default() |= !is_zero(value);
        }
        for benefit in items(decision.get("benefits")) {
            if let (Some(id), Some("met" | "not_met")) = (text(benefit, "id"), text(benefit, "state")) {
                self.benefits.insert(id.to_owned());
            }
        }
        for (ladder, answer) in entries(decision.get("ladders")) {
            if answer.get("earned").is_some() {
                self.ladder(ladder, answer);
            } else {
                entries(Some(answer)).for_each(|(_, answer)| self.ladder(ladder, answer));
            }
        }
    }

    /// The rulings that a version judged, also in the decisions of others.
    fn rulings(&mut self, outcome: &Outcome, version: &str) {
        for (ruling, answers) in entries(outcome.decision.as_ref().and_then(|decision| decision.get("rulings"))) {
            for answer in items(Some(answers)) {
                let judge = answer.pointer("/receipt/version").and_then(Value::as_str).or(outcome.version.as_deref());
                if judge != Some(version) {
                    continue;
                }
                if text(answer, "outcome") == Some("granted") {
                    self.granted.insert(ruling.clone());
                }
                for reason in items(answer.get("reasons")) {
                    let name = format!("{ruling}.{}", text(reason, "id").unwrap_or_default());
                    match text(reason, "state") {
                        Some("met") => drop(self.met.insert(name)),
                        Some("not_met") => drop(self.not_met.insert(name)),
                        Some("asked") => drop(self.asked.insert(name)),
                        _ => {}
                    }
                }
            }
        }
    }

    fn ladder(&mut self, ladder: &str, answer: &Value) {
        if let Some(level) = text(answer, "earned") {
            self.levels.insert((ladder.to_owned(), level.to_owned()));
        }
        for requirement in items(answer.get("requirements")) {
            let parts = [Some(ladder), text(requirement, "level"), text(requirement, "via"), text(requirement, "id")];
            let name = parts.into_iter().flatten().collect::<Vec<_>>().join(".");
            *self.needs.entry(name.clone()).or_default() |= !requirement.get("need").is_some_and(is_zero);
            match text(requirement, "state") {
                Some("met") => drop(self.met.insert(name)),
                Some("not_met") => drop(self.not_met.insert(name)),
                _ => {}
            }
        }
    }

    fn against(&self, version: &Version, model: &Model) -> Coverage {
        let mut check = Check::default();
        for row in model.awards.iter().flat_map(|award| &award.rows) {
            check.that(self.earning.contains(&row.rule), &row.rule, Never::Earns);
        }
        for row in model.credits.iter().flat_map(|credit| &credit.rows) {
            check.that(self.crediting.contains(&row.rule), &row.rule, Never::Credits);
        }
        for credit in &model.credits {
            for requirement in &credit.requires {
                let name = format!("{}.{}", credit.id, requirement.id);
                check.that(self.not_met.contains(&name), &name, Never::NotMet);
            }
        }
        for ladder in &model.ladders {
            for level in &model.words(ladder.levels).words {
                let name = format!("{}.{level}", ladder.id);
                check.that(self.levels.contains(&(ladder.id.clone(), level.clone())), &name, Never::Earned);
            }
            let common = ladder.requires.iter().map(|requirement| format!("{}.{}", ladder.id, requirement.id));
            let own = ladder.rows.iter().flat_map(|row| {
                let level = &model.words(ladder.levels).words[row.level as usize];
                let way = [Some(ladder.id.as_str()), Some(level.as_str()), row.via.as_deref()];
                let way = way.into_iter().flatten().collect::<Vec<_>>().join(".");
                row.requirements.iter().map(move |requirement| format!("{way}.{}", requirement.id))
            });
            for name in common.chain(own) {
                check.that(self.met.contains(&name), &name, Never::Met);
                // What asks for nothing cannot fail.
                if self.needs.get(&name).copied().unwrap_or(true) {
                    check.that(self.not_met.contains(&name), &name, Never::NotMet);
                }
            }
        }
        for ruling in &model.rulings {
            check.that(self.granted.contains(&ruling.id), &ruling.id, Never::Granted);
            for need in ruling.needs() {
                let name = format!("{}.{}", ruling.id, need.id);
                if let What::Asks(_) = need.what {
                    check.that(self.asked.contains(&name), &name, Never::Asked);
                    continue;
                }
                check.that(self.met.contains(&name), &name, Never::Met);
                check.that(self.not_met.contains(&name), &name, Never::NotMet);
            }
            if ruling.limit.is_some() {
                let name = format!("{}.limit", ruling.id);
                check.that(self.not_met.contains(&name), &name, Never::NotMet);
            }
        }
        for measure in model.measures.iter().filter(|measure| measure.each.is_empty()) {
            let reached = self.measures.get(&measure.name).copied().unwrap_or(false);
            check.that(reached, &measure.name, Never::NonZero);
        }
        for benefit in &model.benefits {
            check.that(self.benefits.contains(&benefit.id), &format!("benefits.{}", benefit.id), Never::Decided);
        }
        for parameter in model.parameters.iter().filter(|parameter| parameter.view_of.is_none()) {
            for (place, choice) in parameter.choices.iter().enumerate() {
                let reached = *choice == parameter.cells || self.readings.contains(&(parameter.name.clone(), place));
                check.that(reached, &format!("parameters.{}", parameter.name), Never::Reading(place));
            }
        }
        Coverage { version: version.name.clone(), cases: self.cases, all: check.all, gaps: check.gaps }
    }
}

#[derive(Default)]
struct Check {
    all: usize,
    gaps: Vec<Gap>,
}

impl Check {
    fn that(&mut self, reached: bool, rule: &str, never: Never) {
        self.all += 1;
        if !reached {
            self.gaps.push(Gap { rule: rule.to_owned(), never });
        }
    }
}

fn items(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

fn entries(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str)
}

/// Whether a value of a decision is zero, or nothing at all.
fn is_zero(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Number(number) => number.as_i64() == Some(0),
        Value::String(text) => text.bytes().all(|byte| matches!(byte, b'0' | b'.')),
        Value::Array(items) => items.is_empty(),
        Value::Object(range) => range.values().all(is_zero),
        Value::Bool(true) => false,
    }
}
