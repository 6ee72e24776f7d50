//! What a script does with sample values, against what is declared of it.
//!
//! Samples cannot prove that a script keeps its contract, but where not one of them gives the declared
//! type, no partner's values will.

use crate::date::Date;
use crate::model::{Model, RowsOf, ScriptFunction};
use crate::script::{FaultKind, ScriptFault, ScriptValue};
use crate::value::{Decimal, Kind, Type};

/// How often a script is called with samples.
const CALLS: usize = 6;

/// One call with sample values.
#[derive(Debug)]
pub struct Probe {
    /// What the script was given.
    pub given: Vec<ScriptValue>,
    /// What came of it.
    pub gave: Result<ScriptValue, ScriptFault>,
}

/// Calls a script with sample values; no calls where a type has no samples, or a limit is reached.
pub fn probes(model: &Model, script: &ScriptFunction) -> Vec<Probe> {
    let samples: Option<Vec<_>> = script.takes.iter().map(|(_, kind)| samples(model, kind)).collect();
    let mut probes: Vec<Probe> = Vec::new();
    for call in 0..CALLS {
        // Each argument runs through its samples from another start, so that they do not go in step.
        let given = samples.iter().flatten().enumerate().map(|(place, list)| list[(call + place) % list.len()].clone());
        let given: Vec<_> = given.collect();
        if samples.is_none() || probes.iter().any(|probe| probe.given == given) {
            continue;
        }
        let gave = script.script.call(&given);
        if gave.as_ref().is_err_and(|fault| fault.kind == FaultKind::Limit) {
            return Vec::new();
        }
        probes.push(Probe { given, gave });
    }
    probes
}

/// Whether a value is of the declared type.
pub fn fits(model: &Model, value: &ScriptValue, declared: &Type) -> bool {
    match value {
        ScriptValue::None => declared.optional,
        value => of_kind(model, value, &declared.kind),
    }
}

fn of_kind(model: &Model, value: &ScriptValue, kind: &Kind) -> bool {
    match (value, kind) {
        (ScriptValue::Flag(_), Kind::Flag) | (ScriptValue::Text(_), Kind::Text) => true,
        (ScriptValue::Date(_), Kind::Date) => true,
        (ScriptValue::Number(number), Kind::Count) => number.fract().is_zero(),
        (ScriptValue::Number(_), kind) => kind.is_numeric(),
        (ScriptValue::Text(text), Kind::Word(words)) => model.words(*words).find(text).is_some(),
        (ScriptValue::List(list), Kind::Set(of)) => list.iter().all(|member| of_kind(model, member, of)),
        _ => false,
    }
}

/// What a value is, in a word, as authors say it.
pub fn named(value: &ScriptValue) -> &'static str {
    match value {
        ScriptValue::None => "nothing",
        ScriptValue::Flag(_) => "a flag",
        ScriptValue::Number(number) if number.fract().is_zero() => "a number",
        ScriptValue::Number(_) => "a number with a fraction",
        ScriptValue::Text(_) => "text",
        ScriptValue::Date(_) => "a date",
        ScriptValue::List(_) => "a list",
    }
}

/// Plain values of a kind, at least one.
fn samples(model: &Model, kind: &Kind) -> Option<Vec<ScriptValue>> {
    let numbers = |list: &[(i64, u32)]| {
        list.iter().map(|(number, places)| ScriptValue::Number(Decimal::new(*number, *places))).collect()
    };
    let texts = |list: &[String]| list.iter().take(3).cloned().map(ScriptValue::Text).collect::<Vec<_>>();
    let list: Vec<ScriptValue> = match kind {
        Kind::Flag => vec![ScriptValue::Flag(true), ScriptValue::Flag(false)],
        Kind::Count => numbers(&[(1, 0), (12, 0), (0, 0), (3, 0)]),
        Kind::Number | Kind::Money => numbers(&[(1, 0), (1250, 2), (0, 0), (100, 0), (1_000_000, 0)]),
        // 1 % is 0.01 in a script.
        Kind::Percent => numbers(&[(1, 2), (125, 3), (0, 0), (1, 0), (10_000, 0)]),
        Kind::Text => texts(&["a".to_owned(), String::new()]),
        Kind::Date => {
            let days = [(2024, 1, 1), (2024, 2, 29), (2030, 12, 31)];
            days.iter().filter_map(|(y, m, d)| Date::from_ymd_opt(*y, *m, *d)).map(ScriptValue::Date).collect()
        }
        Kind::Word(words) => texts(&model.words(*words).words),
        Kind::Row(domain) => match &model.domain(*domain).rows {
            RowsOf::Table(table) => texts(&table.ids),
            _ => return None,
        },
        Kind::Set(of) => vec![ScriptValue::List(samples(model, of)?), ScriptValue::List(Vec::new())],
        Kind::Duration => return None,
    };
    (!list.is_empty()).then_some(list)
}
