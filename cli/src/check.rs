//! `tierline check`: every finding in the rules, for people, editors and build servers.

use crate::context::{Context, Named};
use crate::exit::{CliError, Exit};
use crate::finding::{self, Chosen};
use crate::output;
use tierline_engine::analyze;
use tierline_engine::compile::Load;
use tierline_engine::load;

/// Shows what is wrong in the rules, where, and how to mend it
///
/// Without a program, all of them are checked. Warnings alone exit 0, errors exit 3.
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Arguments {
    /// The programs, or PROGRAM@VERSION [default: all]
    #[arg(value_name = "PROGRAM")]
    programs: Vec<Named>,
    /// For people, for programs, as annotations of a GitHub workflow, or as SARIF 2.1.0
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  tierline check
  tierline check acme-partners@2026 --format json
  tierline check --format sarif > findings.sarif";

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Human,
    Json,
    Github,
    Sarif,
}

/// Runs the command.
///
/// # Errors
/// When there is no such program.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Exit, CliError> {
    let rules = context.rules()?;
    let named = match arguments.programs.as_slice() {
        [] => load::programs(&rules).into_iter().map(|program| Named { program, version: None }).collect(),
        named => named.to_vec(),
    };
    let mut loads: Vec<(Load, Option<String>)> = Vec::new();
    for named in named {
        let mut load = context.load(&rules, &named.program)?;
        let more = analyze::program(&load);
        load.findings.extend(more);
        loads.push((load, named.version));
    }
    let mut chosen = Vec::new();
    for (load, version) in &loads {
        chosen.push(match version {
            None => Chosen::all(load),
            Some(version) if rules.holds(&format!("{}/{version}.toml", load.program.name)) => {
                Chosen::version(load, &rules, version)
            }
            Some(version) => {
                let cause = match load.program.plan(Some(version), tierline_engine::date::Date::MIN) {
                    Err(cause) => cause,
                    Ok(_) => continue,
                };
                let known = load.program.versions.iter().map(|known| format!("`{}@{}`", load.program.name, known.name));
                return Err(CliError::NoVersion { cause, known: known.collect() });
            }
        });
    }
    match write(arguments.format, &chosen, context) {
        // Whoever stops reading early still learns whether the rules can be used.
        Err(CliError::Output(cause)) if cause.kind() == std::io::ErrorKind::BrokenPipe => {}
        written => written?,
    }
    Ok(if chosen.iter().any(Chosen::has_errors) { Exit::Rules } else { Exit::Fine })
}

fn write(format: Format, chosen: &[Chosen<'_>], context: &Context) -> Result<(), CliError> {
    match format {
        Format::Human => {
            let shown: String = chosen.iter().map(finding::human::render).collect();
            let summary = finding::human::summary(chosen, &context.rules_path().display().to_string());
            output::result(format!("{shown}{summary}"))
        }
        Format::Json => output::json(&finding::json::render(chosen)),
        Format::Github => output::result(finding::github::render(chosen)),
        Format::Sarif => output::json(&finding::sarif::render(chosen)),
    }
}
