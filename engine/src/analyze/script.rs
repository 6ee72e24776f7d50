//! Scripts that do not do what is declared of them, as far as sample values and their text tell.

use super::About;
use crate::check::contract::probes;
use crate::finding::{Finding, Findings, code};
use crate::script::ScriptValue;

/// Tells of scripts that fail for every sample.
pub fn failing(about: About<'_>, findings: &mut Findings) {
    for script in &about.model.scripts {
        let probes = probes(about.model, script);
        let Some(first) = probes.first() else { continue };
        let Err(fault) = &first.gave else { continue };
        if probes.iter().all(|probe| probe.gave.is_err()) {
            let given: Vec<String> = first.given.iter().map(shown).collect();
            let place = fault.line.and_then(|line| about.sources.place(&script.path, Some(line), fault.column));
            let place = place.unwrap_or(script.span);
            findings.add(
                Finding::new(&code::FAILING_SCRIPT, place, format!("the script fails: {}", fault.message))
                    .and(script.span, format!("tried with {}({}) and others", script.name, given.join(", ")))
                    .help("mend the function; where a script fails, nothing is decided"),
            );
        }
    }
}

/// Tells of arguments that the function does not read, or names in another order.
pub fn arguments(about: About<'_>, findings: &mut Findings) {
    for script in &about.model.scripts {
        let own = script.script.parameters();
        let declared: Vec<&str> = script.takes.iter().map(|(name, _)| name.as_str()).collect();
        // What a host brings along has no text of its own.
        let Some((line, column)) = script.script.place() else { continue };
        let place = about.sources.place(&script.path, Some(line), Some(column)).unwrap_or(script.span);
        let swapped =
            own.iter().zip(&declared).any(|(own, other)| own.name != *other && declared.contains(&own.name.as_str()));
        if swapped {
            let message =
                format!("the function of `{}` names its arguments in another order than is declared", script.name);
            findings.add(
                Finding::new(&code::SCRIPT_ARGUMENTS, place, message)
                    .and(script.span, format!("here they are ({})", declared.join(", ")))
                    .help("values are given by their order, not by their names; write both in one order"),
            );
            continue;
        }
        for parameter in own.iter().filter(|parameter| !parameter.read && !parameter.name.starts_with('_')) {
            let message = format!("the function of `{}` does not read its argument `{}`", script.name, parameter.name);
            findings.add(
                Finding::new(&code::SCRIPT_ARGUMENTS, place, message)
                    .and(script.span, "the script is declared here")
                    .help("use the argument, or leave it out in both places"),
            );
        }
    }
}

fn shown(value: &ScriptValue) -> String {
    match value {
        ScriptValue::None => "()".to_owned(),
        ScriptValue::Flag(flag) => flag.to_string(),
        ScriptValue::Number(number) => number.to_string(),
        ScriptValue::Text(text) => format!("{text:?}"),
        ScriptValue::Date(date) => date.to_string(),
        ScriptValue::List(list) => format!("[{}]", list.iter().map(shown).collect::<Vec<_>>().join(", ")),
    }
}
