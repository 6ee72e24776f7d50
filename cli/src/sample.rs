//! `tierline sample`: made-up partners for trying out rules and measuring, the same for the same seed.

use crate::context::{Context, Named};
use crate::exit::{CliError, Exit};
use crate::finding::{self, Chosen};
use crate::sink::Sink;
use crate::{output, which};
use std::path::PathBuf;
use tierline_engine::date::Date;
use tierline_engine::finding::Findings;
use tierline_engine::sample;

/// Makes up partners, a JSON document on each line, as a file beside the rules describes them
///
/// The description is RULES/PROGRAM/samples/NAME.toml. The same description, seed and day give the same
/// bytes on every machine, and partner 7 is the same however many are made.
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Arguments {
    /// The program, or PROGRAM@VERSION
    #[arg(value_name = "PROGRAM")]
    program: Named,
    /// How many partners
    #[arg(long, value_name = "N")]
    partners: u64,
    /// Another seed makes other partners
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// The day on which the facts are told, such as 2024-12-31 [default: today, in UTC]
    #[arg(long, value_name = "DATE", value_parser = which::day)]
    as_of: Option<Date>,
    /// Which description
    #[arg(long, value_name = "NAME", default_value = "partner-years")]
    name: String,
    /// Where they go; the file is put there when it is whole [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  tierline sample acme-partners --partners 1000 --seed 7 --as-of 2025-11-30 --out partners.jsonl
  tierline sample acme-partners --partners 1000 | tierline batch acme-partners --facts - | jq -r .ladders.tier.earned";

/// So many bytes are written at once.
const WRITTEN_AT_ONCE: usize = 256 << 10;

/// Runs the command.
///
/// # Errors
/// When there is no such program, version or description, or the output cannot be written.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Exit, CliError> {
    let rules = context.rules()?;
    let load = context.load(&rules, &arguments.program.program)?;
    let today = arguments.as_of.is_none();
    let as_of = arguments.as_of.unwrap_or_else(|| chrono::Utc::now().date_naive());
    let plan = which::plan(&load, &rules, &arguments.program, as_of)?;
    let (mut sources, mut findings) = (load.sources.clone(), Findings::default());
    let sample = sample::read(&rules, plan, &arguments.name, as_of, &mut sources, &mut findings);
    let Some(sample) = sample else {
        let names = sample::names(&rules, &load.program.name);
        let others = if names.contains(&arguments.name) { Vec::new() } else { names };
        let path = rules.shown(&sample::path(&load.program.name, &arguments.name));
        let findings = findings.sorted();
        output::note(finding::human::render(&Chosen {
            name: path.clone(),
            versions: 0,
            ticked: true,
            uses: Vec::new(),
            sources: &sources,
            findings,
        }));
        return Err(CliError::BrokenSample { path, others });
    };
    let mut sink = Sink::open(arguments.out.as_deref())?;
    let said = if today { " (today, in UTC)" } else { "" };
    let seed = arguments.seed;
    output::note(format!("for `{}@{}`, as of {as_of}{said}, seed {seed}\n", plan.model.program, plan.model.version));
    let mut lines = Vec::with_capacity(2 * WRITTEN_AT_ONCE);
    for number in 1..=arguments.partners {
        sample.write(seed, number, &mut lines)?;
        lines.push(b'\n');
        if lines.len() >= WRITTEN_AT_ONCE {
            sink.write(&lines)?;
            lines.clear();
        }
    }
    sink.write(&lines)?;
    sink.finish()?;
    Ok(Exit::Fine)
}
