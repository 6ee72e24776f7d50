//! `tierline eval`: one decision, for people or for programs.

mod narrow;

use crate::context::{Context, Named};
use crate::exit::{CliError, Exit};
use crate::finding::{self, Chosen};
use crate::{output, statement};
use std::io::Read;
use std::path::{Path, PathBuf};
use tierline_engine::compile::{Load, Plan, WhichVersion};
use tierline_engine::date::{self, Date};
use tierline_engine::evaluate::Question;
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
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<Date>,
    /// Only what concerns this record, by its id: the points that it earns, its deadlines, its steps
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

fn day(text: &str) -> Result<Date, &'static str> {
    date::parse(text).ok_or("expected a day such as 2024-12-31")
}

/// Runs the command.
///
/// # Errors
/// When there is no such program or version, or the rules or facts cannot be used.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Exit, CliError> {
    let rules = context.rules()?;
    let load = context.load(&rules, &arguments.program.program)?;
    let as_of = arguments.as_of.unwrap_or_else(|| chrono::Utc::now().date_naive());
    let plan = choose(&load, &rules, &arguments.program, as_of)?;
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
    let question = Question { trace: arguments.trace, ..Question::on(as_of) };
    let mut decision = plan.decide(&facts, &question, &arena).map_err(CliError::NoAnswer)?;
    let narrowed = match &arguments.subject {
        Some(id) => narrow::to(&mut decision, &plan.model, &document, id)?,
        None => None,
    };
    match arguments.format {
        Format::Json => output::line(&decision.to_json())?,
        Format::Human => {
            let today = arguments.as_of.is_none();
            let sent = statement::Sent { document: &document, today, only: narrowed };
            output::result(statement::of(&decision, &plan.model, &sent, context.language))?;
        }
    }
    Ok(Exit::Fine)
}

/// The plan to decide by. Errors in the chosen version are shown; those of others are mentioned.
pub(crate) fn choose<'l>(load: &'l Load, rules: &Folder, named: &Named, as_of: Date) -> Result<&'l Plan, CliError> {
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
            // A file that is no TOML has no version in the timeline; its findings tell why.
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
