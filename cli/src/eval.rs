//! `tierline eval`: one decision, for people or for programs.

mod narrow;

use crate::context::{Context, Named};
use crate::exit::{CliError, Exit};
use crate::{output, statement, which};
use std::io::Read;
use std::path::{Path, PathBuf};
use tierline_engine::date::Date;
use tierline_engine::evaluate::{Question, VERSION};
use tierline_engine::facts::{self, Arena};
use tierline_engine::load::{Folder, StoreError};

/// Decides for one partner: levels, points, benefits, and what is missing for more
///
/// The version is the published one in force on the as-of date, or the one named after `@`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Arguments {
    /// The program, or PROGRAM@VERSION
    #[arg(value_name = "PROGRAM")]
    program: Named,
    /// The facts: a JSON file, or `-` for standard input
    #[arg(long, value_name = "FILE")]
    facts: PathBuf,
    /// The day for which the question is asked, such as 2024-12-31 [default: today, in UTC]
    #[arg(long, value_name = "DATE", value_parser = which::day)]
    as_of: Option<Date>,
    /// Only what concerns this record, by its id: its rulings, credits and deadlines, the points that it earns, its
    /// steps. What is of the partner as a whole, such as levels and benefits, stays in JSON alone
    #[arg(long, value_name = "ID")]
    subject: Option<String>,
    /// A statement that a partner can read, or the whole decision as JSON
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
    /// Tell every step
    #[arg(long)]
    trace: bool,
}

const EXAMPLES: &str = "\
Examples:
  tierline eval acme-partners --facts partner.json
  tierline eval acme-partners@2025 --facts partner.json --as-of 2025-12-31 --lang ja
  tierline eval acme-partners --facts partner.json --subject C-7
  curl -s https://crm.example/partners/42 | tierline eval acme-partners --facts - --format json";

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Human,
    Json,
}

/// Runs the command.
///
/// # Errors
/// When there is no such program or version, or the rules or facts cannot be used.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Exit, CliError> {
    let rules = context.rules()?;
    let load = context.load(&rules, &arguments.program.program)?;
    let as_of = arguments.as_of.unwrap_or_else(|| chrono::Utc::now().date_naive());
    let plan = which::plan(&load, &rules, &arguments.program, as_of)?;
    let document = read(&arguments.facts)?;
    let arena = Arena::new();
    let facts = facts::read(&plan.schema, &document, &arena).map_err(|cause| CliError::BadFacts {
        place: match arguments.facts.as_path() {
            path if path == Path::new("-") => "standard input".to_owned(),
            path => format!("`{}`", path.display()),
        },
        rulebook: format!("{}@{}", plan.model.program, plan.model.version),
        cause,
    })?;
    let named = arguments.program.version.is_some();
    let question = Question { trace: arguments.trace, named, ..Question::on(as_of) };
    let mut decision = plan.decide(&facts, &question, &arena).map_err(CliError::NoAnswer)?;
    // Where versions bind each partner from its own day, another one may have judged.
    let judge = load.program.plan(Some(decision.receipt.version), as_of).unwrap_or(plan);
    let narrowed = match &arguments.subject {
        Some(id) => narrow::to(&mut decision, &judge.model, &document, id)?,
        None => None,
    };
    match arguments.format {
        Format::Json => output::line(&decision.to_json())?,
        Format::Human => {
            let today = arguments.as_of.is_none();
            let next = decision.deadlines.iter().find(|deadline| deadline.rule == VERSION).map(|next| next.on.0);
            let version = load.program.version(Some(decision.receipt.version), as_of).ok();
            let until = next.or(version.and_then(|version| version.until));
            let sent = statement::Sent { document: &document, today, only: narrowed, until };
            output::result(statement::of(&decision, &judge.model, &sent, context.language))?;
        }
    }
    Ok(Exit::Fine)
}

/// The facts: from a file, or from standard input where the path is `-`.
fn read(path: &Path) -> Result<Vec<u8>, CliError> {
    if path != Path::new("-") {
        return Folder::read_file(path).map_err(CliError::NoFacts);
    }
    let mut document = Vec::new();
    match std::io::stdin().lock().read_to_end(&mut document) {
        Ok(_) => Ok(document),
        Err(cause) => Err(CliError::NoFacts(StoreError::Unreadable { path: "-".to_owned(), cause })),
    }
}
