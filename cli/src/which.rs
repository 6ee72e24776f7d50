//! Which version answers a command, and for which day.

use crate::context::{Context, Named};
use crate::exit::CliError;
use crate::finding::{self, Chosen};
use crate::output;
use std::sync::Arc;
use tierline_engine::compile::{Load, Plan, WhichVersion};
use tierline_engine::date::{self, Date};
use tierline_engine::load::{self, Folder};

/// A day as a command is given it.
///
/// # Errors
/// When it is no day.
pub fn day(text: &str) -> Result<Date, &'static str> {
    date::parse(text).ok_or("expected a day such as 2024-12-31")
}

/// The programs and the plugins that a command is given; all of them, where it is given none.
pub fn named(given: &[Named], rules: &Folder, context: &Context) -> (Vec<Named>, Vec<String>) {
    let (programs, plugins) = (load::programs(rules), context.plugins(rules));
    if given.is_empty() {
        return (programs.into_iter().map(|program| Named { program, version: None }).collect(), plugins);
    }
    let is_plugin = |named: &&Named| {
        named.version.is_none() && !programs.contains(&named.program) && plugins.contains(&named.program)
    };
    let (plugins, programs): (Vec<_>, Vec<_>) = given.iter().partition(is_plugin);
    (programs.into_iter().cloned().collect(), plugins.into_iter().map(|named| named.program.clone()).collect())
}

/// The plan to decide by. Errors in the chosen version are shown; those of others are mentioned.
///
/// # Errors
/// When there is none, or it has errors.
pub fn plan<'l>(load: &'l Load, rules: &Folder, named: &Named, as_of: Date) -> Result<&'l Arc<Plan>, CliError> {
    match load.program.plan(named.version.as_deref(), as_of) {
        Ok(plan) => {
            let others = load.findings.iter().filter(|finding| finding.is_error()).count();
            if others > 0 {
                let program = &named.program;
                let errors = finding::counted(others, "error", "errors");
                let shows = format!("`tierline check {program}` shows them");
                output::note(format!("warning: other files of `{program}` have {errors}; {shows}\n"));
            }
            Ok(plan)
        }
        Err(cause) => {
            // A file that cannot be opened has no version in the timeline; its findings tell why.
            let unreadable = match &cause {
                WhichVersion::Broken { .. } => true,
                WhichVersion::Unknown { program, version, .. } => rules.holds(&format!("{program}/{version}.toml")),
                WhichVersion::NoneInForce { .. } => load.findings.has_errors(),
            };
            if unreadable {
                let chosen = match &cause {
                    WhichVersion::Broken { version, .. } | WhichVersion::Unknown { version, .. } => {
                        Chosen::version(load, rules, version)
                    }
                    WhichVersion::NoneInForce { .. } => Chosen::all(load),
                };
                output::note(finding::human::render(&chosen));
                let (WhichVersion::Unknown { program, version, .. } | WhichVersion::Broken { program, version }) =
                    cause
                else {
                    return Err(CliError::BrokenRules(cause));
                };
                return Err(CliError::BrokenRules(WhichVersion::Broken { program, version }));
            }
            let known = load.program.versions.iter().map(|version| {
                let from = version.from.map_or_else(String::new, |from| format!(" from {from}"));
                let until = version.until.map_or_else(String::new, |until| format!(" until {until}"));
                format!("`{}@{}`, {}{from}{until}", load.program.name, version.name, version.status)
            });
            Err(CliError::NoVersion { cause, known: known.collect() })
        }
    }
}
