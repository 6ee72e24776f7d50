//! `tierline show`: a rulebook, or one rule with its sources, in words.

mod labels;
mod page;

use crate::context::{Context, Named};
use crate::exit::{CliError, Exit};
use crate::output;
use crate::which;
use serde_json::json;
use tierline_engine::compile::Load;
use tierline_engine::date::Date;
use tierline_engine::describe;
use tierline_engine::finding::nearest;
use tierline_engine::load::print;

/// Shows a rulebook, or one rule with its sources, in words
///
/// The version is the published one in force today, or the one named after `@`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Arguments {
    /// The program, or PROGRAM@VERSION
    #[arg(value_name = "PROGRAM")]
    program: Named,
    /// A rule: the id of a ladder, award, measure, parameter, table, record or benefit, or RULE.ROW
    #[arg(value_name = "RULE")]
    rule: Option<String>,
    /// The rulebook as one TOML file, with all that it takes over from other versions and from plugins
    #[arg(long, conflicts_with_all = ["rule", "format"])]
    whole: bool,
    /// For people or for programs
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  tierline show acme-partners                  the whole rulebook
  tierline show acme-partners tier             a ladder, with the clauses it comes from
  tierline show acme-partners tier.gold        one level
  tierline show acme-partners@2025 resale --lang ja
  tierline show acme-partners@2026 --whole     as if it had been written in one file";

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Human,
    Json,
}

/// Runs the command.
///
/// # Errors
/// When there is no such program, version or rule, or the rules cannot be used.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Exit, CliError> {
    let rules = context.rules()?;
    let load = context.load(&rules, &arguments.program.program)?;
    let today = chrono::Utc::now().date_naive();
    if arguments.whole {
        return whole(&load, arguments, today);
    }
    let plan = which::plan(&load, &rules, &arguments.program, today)?;
    let model = &plan.model;
    let Some(id) = &arguments.rule else {
        let all = describe::rulebook(model, context.language);
        match arguments.format {
            Format::Json => {
                output::json(&json!({ "program": model.program, "version": model.version, "rules": all }))?;
            }
            Format::Human => output::result(page::rulebook(&all, context.language))?,
        }
        return Ok(Exit::Fine);
    };
    let Some(described) = describe::rule(model, id, context.language) else {
        let known = describe::ids(model);
        return Err(CliError::UnknownRule {
            rulebook: format!("{}@{}", model.program, model.version),
            near: nearest(id, known.iter().map(String::as_str)).map(str::to_owned),
            name: id.clone(),
        });
    };
    match arguments.format {
        Format::Json => output::json(&json!(described))?,
        Format::Human => output::result(page::rule(&described, context.language))?,
    }
    Ok(Exit::Fine)
}

/// Prints the rulebook whole, which helps most where it has mistakes.
fn whole(load: &Load, arguments: &Arguments, today: Date) -> Result<Exit, CliError> {
    let version = load.program.version(arguments.program.version.as_deref(), today).map_err(|cause| {
        let known = load.program.versions.iter().map(|known| format!("`{}@{}`", load.program.name, known.name));
        CliError::NoVersion { cause, known: known.collect() }
    })?;
    output::result(print(&version.whole, version.file, &load.sources))?;
    Ok(Exit::Fine)
}
