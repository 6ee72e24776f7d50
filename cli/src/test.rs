//! `tierline test`: runs the cases beside the rules, and shows what is not as expected.

mod junit;
mod report;

use crate::context::{Context, Named};
use crate::exit::{CliError, Exit};
use crate::finding::{self, Chosen};
use crate::{output, which};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tierline_engine::case::{self, Case, Outcome};
use tierline_engine::compile::{Load, Program};
use tierline_engine::coverage::{self, Coverage};
use tierline_engine::date::Date;
use tierline_engine::finding::Findings;
use tierline_engine::load::Folder;
use tierline_engine::source::Sources;

/// Runs every case and shows what is not as expected
///
/// Cases are kept in RULES/PROGRAM/cases/*.toml; those of a plugin in PLUGINS/ID/rules/PROGRAM/cases. A case that fails exits 1, broken rules or case files
/// exit 3.
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Arguments {
    /// The programs, or plugins; with @VERSION, the cases that this version answers [default: all]
    #[arg(value_name = "PROGRAM")]
    programs: Vec<Named>,
    /// Also write a JUnit XML report
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Also list what no case reaches
    #[arg(long)]
    coverage: bool,
}

const EXAMPLES: &str = "\
Examples:
  tierline test
  tierline test acme-partners@2026 --coverage
  tierline test --junit cases.xml";

/// The cases of one program, run.
#[derive(Debug)]
pub struct Suite {
    /// The program.
    pub program: String,
    /// The texts that places point into.
    pub sources: Sources,
    /// Whether the rules cannot be used, so that no case was run.
    pub broken: bool,
    /// What is wrong with the rules or the case files.
    pub findings: Findings,
    /// The case files.
    pub files: Vec<RunFile>,
    /// What the cases reach, when it was asked for.
    pub coverage: Vec<Coverage>,
}

/// One case file, run.
#[derive(Debug)]
pub struct RunFile {
    /// Its path.
    pub path: String,
    /// Its cases.
    pub runs: Vec<Run>,
}

/// One case, run.
#[derive(Debug)]
pub struct Run {
    /// The case.
    pub case: Case,
    /// What became of it.
    pub outcome: Outcome,
    /// Its line in the file.
    pub line: usize,
    /// How long it took.
    pub took: Duration,
}

impl Suite {
    fn runs(&self) -> impl Iterator<Item = &Run> {
        self.files.iter().flat_map(|file| &file.runs)
    }

    fn failed(&self) -> usize {
        self.runs().filter(|run| !run.outcome.passed()).count()
    }
}

/// Runs the command.
///
/// # Errors
/// When there is no such program or version, or the report cannot be written.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Exit, CliError> {
    let rules = context.rules()?;
    let (programs, plugins) = which::named(&arguments.programs, &rules, context);
    let mut suites = Vec::new();
    for named in programs {
        let load = context.load(&rules, &named.program)?;
        suites.push(suite(load, &rules, named.version.as_deref(), arguments.coverage)?);
    }
    for plugin in plugins {
        for (program, rules) in context.trials(&rules, &plugin) {
            let load = Program::load(context.library(&rules), &program);
            let tried = suite(load, &rules, None, false)?;
            suites.push(Suite { program: format!("plugin {plugin}, tried by {program}"), ..tried });
        }
    }
    if let Some(path) = &arguments.junit {
        let named = |cause: std::io::Error| std::io::Error::new(cause.kind(), format!("{}: {cause}", path.display()));
        std::fs::write(path, junit::render(&suites)).map_err(named)?;
    }
    for suite in &suites {
        show_findings(suite);
        output::result(report::suite(suite))?;
    }
    let failed: usize = suites.iter().map(Suite::failed).sum();
    let passed = suites.iter().flat_map(Suite::runs).count() - failed;
    output::result(format!("{passed} passed, {failed} failed\n"))?;
    Ok(match failed {
        _ if suites.iter().any(|suite| suite.findings.has_errors()) => Exit::Rules,
        0 => Exit::Fine,
        _ => Exit::Failed,
    })
}

fn suite(mut load: Load, rules: &Folder, version: Option<&str>, cover: bool) -> Result<Suite, CliError> {
    if let Some(name) = version {
        load.program.version(Some(name), Date::MIN).map_err(|cause| {
            let known = load.program.versions.iter().map(|known| format!("`{}@{}`", load.program.name, known.name));
            CliError::NoVersion { cause, known: known.collect() }
        })?;
    }
    let answers = |case: &Case| {
        let answering = load.program.version(case.version.as_deref(), case.as_of);
        version.is_none_or(|version| answering.is_ok_and(|answering| answering.name == version))
    };
    let mut files = Vec::new();
    // By rules that cannot be used every case would fail, which says nothing about the cases.
    let broken = load.findings.has_errors();
    if !broken {
        for file in case::read(rules, &load.program, &mut load.sources, &mut load.findings) {
            let runs = file.cases.into_iter().filter(|case| answers(case)).map(|case| {
                let start = Instant::now();
                let outcome = case.run(&load.program);
                let took = start.elapsed();
                Run { line: load.sources.position(case.span).line, case, outcome, took }
            });
            files.push(RunFile { path: load.sources.file(file.file).path.to_string(), runs: runs.collect() });
        }
    }
    let all = files.iter().flat_map(|file: &RunFile| file.runs.iter().map(|run| (&run.case, &run.outcome)));
    let coverage = if cover { coverage::of(&load.program, all) } else { Vec::new() };
    Ok(Suite { program: load.program.name, sources: load.sources, broken, findings: load.findings, files, coverage })
}

/// Shows what is wrong with rules and case files; that is no result, so it goes to standard error.
fn show_findings(suite: &Suite) {
    let findings = suite.findings.sorted();
    if findings.is_empty() {
        return;
    }
    let chosen = Chosen {
        name: suite.program.clone(),
        versions: 0,
        ticked: true,
        uses: Vec::new(),
        sources: &suite.sources,
        findings,
    };
    output::note(finding::human::render(&chosen));
}

#[cfg(test)]
mod tests;
