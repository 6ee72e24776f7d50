//! `tierline batch`: one decision a line, for as many partners as there are.

mod chunks;
mod compare;
mod pipeline;
mod progress;

use crate::context::{Context, Named};
use crate::exit::{CliError, Exit};
use crate::sink::Sink;
use crate::{output, which};
use chunks::Chunks;
use progress::Progress;
use std::fs::File;
use std::io::{IsTerminal, Read};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tierline_engine::date::Date;
use tierline_engine::evaluate::Question;
use tierline_engine::load::StoreError;

/// Decides for many partners: JSON lines in, one decision a line out, in the same order
///
/// A line that cannot be answered becomes an error line in its place, {"line": 17, "error": {…}}, and the
/// rest goes on; the command then exits 1. Blank lines are skipped, but counted. A line holds at most 4 MiB.
/// One version, in force on the as-of date or named after `@`, decides for all. Where the rules rank partners, the
/// file is read twice: once to compare them, once to decide.
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Arguments {
    /// The program, or PROGRAM@VERSION
    #[arg(value_name = "PROGRAM")]
    program: Named,
    /// The facts, a JSON document of one partner on each line: a file, or `-` for standard input
    #[arg(long, value_name = "FILE")]
    facts: PathBuf,
    /// The day for which the question is asked, such as 2024-12-31 [default: today, in UTC]
    #[arg(long, value_name = "DATE", value_parser = which::day)]
    as_of: Option<Date>,
    /// Where the decisions go; the file is put there when it is whole [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// How many lines are answered at once [default: as many as the machine has cores]
    #[arg(long, value_name = "N", value_parser = threads)]
    threads: Option<NonZeroUsize>,
}

const EXAMPLES: &str = "\
Examples:
  tierline batch acme-partners --facts partners.jsonl --out decisions.jsonl
  zcat partners.jsonl.gz | tierline batch acme-partners@2025 --facts - --as-of 2025-12-31 | jq .subject

Interrupted, it leaves no file, and only whole lines on standard output. When nobody reads its standard
output any more it ends quietly, with exit status 0.";

/// More threads than this are a slip.
const MOST_THREADS: usize = 1024;

fn threads(text: &str) -> Result<NonZeroUsize, String> {
    let threads = text.parse().ok().filter(|threads: &NonZeroUsize| threads.get() <= MOST_THREADS);
    threads.ok_or_else(|| format!("expected a number from 1 to {MOST_THREADS}"))
}

/// Runs the command.
///
/// # Errors
/// When there is no such program or version, the input cannot be read or the output cannot be written.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Exit, CliError> {
    let rules = context.rules()?;
    let load = context.load(&rules, &arguments.program.program)?;
    let today = arguments.as_of.is_none();
    let as_of = arguments.as_of.unwrap_or_else(|| chrono::Utc::now().date_naive());
    let plan = which::plan(&load, &rules, &arguments.program, as_of)?;
    let question = Question { named: arguments.program.version.is_some(), ..Question::on(as_of) };
    let places = compare::places(&arguments.facts, plan, &question)?.map(Arc::new);
    let (input, bytes) = open(&arguments.facts)?;
    let threads = arguments.threads.or_else(|| std::thread::available_parallelism().ok());
    let mut sink = Sink::open(arguments.out.as_deref())?;
    let said = if today { " (today, in UTC)" } else { "" };
    output::note(format!("by `{}@{}`, as of {as_of}{said}\n", plan.model.program, plan.model.version));
    // Lines on a terminal would tear the bar apart.
    let mut progress = Progress::new(bytes, arguments.out.is_some() || !std::io::stdout().is_terminal());
    let path = arguments.facts.display().to_string();
    let unreadable = move |cause| StoreError::Unreadable { path: path.clone(), cause };
    let chunks = Chunks::of(input).map(move |chunk| chunk.map_err(&unreadable));
    pipeline::run(chunks, plan, &question, places, threads.map_or(1, NonZeroUsize::get), |answered| {
        sink.write(&answered.bytes)?;
        progress.went_on(&answered);
        Ok(())
    })?;
    sink.finish()?;
    output::note(progress.summary());
    Ok(if progress.errors == 0 { Exit::Fine } else { Exit::Failed })
}

/// The input, and how many bytes it holds, where that is known.
fn open(path: &Path) -> Result<(Box<dyn Read + Send>, Option<u64>), CliError> {
    if path == Path::new("-") {
        return Ok((Box::new(std::io::stdin()), None));
    }
    let unreadable = |cause| CliError::NoFacts(StoreError::Unreadable { path: path.display().to_string(), cause });
    let file = File::open(path).map_err(unreadable)?;
    let about = file.metadata().map_err(unreadable)?;
    if about.is_dir() {
        return Err(unreadable(std::io::ErrorKind::IsADirectory.into()));
    }
    let bytes = about.is_file().then_some(about.len());
    Ok((Box::new(file), bytes))
}
