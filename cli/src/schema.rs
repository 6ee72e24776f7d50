//! `tierline schema`: JSON Schema for editors and services.

use crate::context::{Context, Named};
use crate::exit::{CliError, Exit};
use crate::output;
use crate::which;

/// Prints a JSON Schema, for editors and services
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    of: Of,
}

const EXAMPLES: &str = "\
Examples:
  tierline schema rulebook > schema/rulebook.json
  tierline schema facts acme-partners@2025

An editor uses it where a file begins with a line such as `#:schema ../../schema/rulebook.json`.";

#[derive(Debug, clap::Subcommand)]
enum Of {
    /// The schema of rule files
    Rulebook,
    /// The schema of `plugin.toml`
    Plugin,
    /// The schema of case files
    Cases,
    /// The schema of the facts that a program takes
    Facts {
        /// The program, or PROGRAM@VERSION
        #[arg(value_name = "PROGRAM")]
        program: Named,
    },
}

/// Runs the command.
///
/// # Errors
/// When there is no such program or version, its rules cannot be used, or nobody takes the output.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Exit, CliError> {
    match &arguments.of {
        Of::Rulebook => output::json(&tierline_engine::rulebook::schema())?,
        Of::Plugin => output::json(&tierline_engine::rulebook::plugin_schema())?,
        Of::Cases => output::json(&tierline_engine::case::schema())?,
        Of::Facts { program } => {
            let rules = context.rules()?;
            let load = context.load(&rules, &program.program)?;
            let plan = which::plan(&load, &rules, program, chrono::Utc::now().date_naive())?;
            output::json(&tierline_engine::facts::json_schema(&plan.model))?;
        }
    }
    Ok(Exit::Fine)
}
