//! `tierline schema`: JSON Schema for editors and services.

use crate::context::Context;
use crate::exit::{CliError, Exit};
use crate::output;

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

An editor uses it where a rule file begins with `#:schema ../../schema/rulebook.json`.";

#[derive(Debug, clap::Subcommand)]
enum Of {
    /// The schema of rule files
    Rulebook,
}

/// Runs the command.
///
/// # Errors
/// When nobody takes the output.
pub fn run(arguments: &Arguments, _: &Context) -> Result<Exit, CliError> {
    match arguments.of {
        Of::Rulebook => output::json(&tierline_engine::rulebook::schema())?,
    }
    Ok(Exit::Fine)
}
