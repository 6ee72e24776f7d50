//! The `tierline` program.
//!
//! A command is one file with its arguments and a `run`, one variant of [`Command`], and one arm of
//! [`run`]. Results go to standard output, everything else to standard error.

mod batch;
mod check;
mod context;
mod eval;
mod exit;
mod finding;
mod new;
mod output;
mod programs;
mod sample;
mod schema;
mod serve;
mod show;
mod sink;
mod statement;
mod test;
mod which;
mod words;

use clap::{Parser, Subcommand};
use context::{Context, Global};
use exit::{CliError, Exit};
use std::process::ExitCode;

/// Evaluates vendor partner-program rules: tiers, points, training, deal registration, benefits.
///
/// Rules are files, `RULES/PROGRAM/VERSION.toml`. Facts are a JSON document about one partner. An answer
/// lists the rules that made it, the facts that counted, and what is missing for more.
#[derive(Debug, Parser)]
#[command(name = "tierline", version, after_help = EXAMPLES, propagate_version = true, arg_required_else_help = true)]
struct Arguments {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  tierline programs                                    what is there
  tierline check                                       every finding in every rulebook
  tierline show acme-partners tier                     one rule with its sources, in words
  tierline eval acme-partners --facts partner.json     a statement for one partner, as of today

Exit status:
  0  fine; `eval` exits 0 for any decision, refused or undetermined too
  1  a failed case, a difference where none may be, a line that could not be answered
  2  wrong usage
  3  invalid rules
  4  invalid facts";

#[derive(Debug, Subcommand)]
enum Command {
    Eval(eval::Arguments),
    Batch(batch::Arguments),
    Check(check::Arguments),
    New(new::Arguments),
    Test(test::Arguments),
    Programs(programs::Arguments),
    Sample(sample::Arguments),
    Schema(schema::Arguments),
    Serve(serve::Arguments),
    Show(show::Arguments),
}

fn run(command: &Command, context: &Context) -> Result<Exit, CliError> {
    match command {
        Command::Eval(arguments) => eval::run(arguments, context),
        Command::Batch(arguments) => batch::run(arguments, context),
        Command::Check(arguments) => check::run(arguments, context),
        Command::New(arguments) => new::run(arguments, context),
        Command::Test(arguments) => test::run(arguments, context),
        Command::Programs(arguments) => programs::run(arguments, context),
        Command::Sample(arguments) => sample::run(arguments, context),
        Command::Schema(arguments) => schema::run(arguments, context),
        Command::Serve(arguments) => serve::run(arguments, context),
        Command::Show(arguments) => show::run(arguments, context),
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = Context::new(arguments.global).and_then(|context| run(&arguments.command, &context));
    match outcome {
        Ok(exit) => exit.into(),
        // Whoever read the output has seen enough.
        Err(CliError::Output(cause)) if cause.kind() == std::io::ErrorKind::BrokenPipe => Exit::Fine.into(),
        Err(error) => {
            output::error(&error);
            error.exit().into()
        }
    }
}
