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
use tierline_engine::compile::{Load, Program, Version};
use tierline_engine::coverage::{self, Coverage};
use tierline_engine::date::Date;
use tierline_engine::finding::Findings;
use tierline_engine::load::Folder;
use tierline_engine::source::Sources;

/// Runs every case and shows what is not as expected
///
/// Cases are kept in RULES/PROGRAM/cases/*.toml; those of a plugin in PLUGINS/ID/rules/PROGRAM/cases. A case that fails exits 1. Versions
/// with errors are left out with their cases; they and broken case files exit 3.
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
    /// Whether no version can be used, so that no case was run.
    pub broken: bool,
    /// The versions that cannot be used, where others can, each with how many cases ask for it.
    pub left_out: Vec<(String, usize)>,
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
        let asked = named.version.map_or(Asked::All, Asked::Version);
        suites.push(suite(load, &rules, &asked, arguments.coverage)?);
    }
    for plugin in plugins {
        for (program, rules) in context.trials(&rules, &plugin) {
            let load = Program::load(context.library(&rules), &program);
            let folder = context.plugin_folder(&plugin);
            let own = |version: &&Version| load.sources.file(version.file).path.starts_with(&folder);
            let own = load.program.versions.iter().filter(own).map(|version| version.name.clone()).collect();
            let tried = suite(load, &rules, &Asked::Trial(own), false)?;
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
        _ if suites.iter().any(|suite| suite.findings.has_errors() || !suite.left_out.is_empty()) => Exit::Rules,
        0 => Exit::Fine,
        _ => Exit::Failed,
    })
}

/// Which versions of a program are to be tried.
enum Asked {
    /// All of them.
    All,
    /// One, by its own cases.
    Version(String),
    /// Those of a plugin, by all cases of the plugin.
    Trial(Vec<String>),
}

impl Asked {
    fn asks(&self, version: &str) -> bool {
        match self {
            Asked::All => true,
            Asked::Version(asked) => asked == version,
            Asked::Trial(own) => own.iter().any(|own| own == version),
        }
    }

    /// What is found in the rules that are to be tried.
    fn findings(&self, load: &Load, rules: &Folder) -> Findings {
        let versions = match self {
            Asked::All => return load.findings.clone(),
            Asked::Version(asked) => std::slice::from_ref(asked),
            Asked::Trial(own) => own,
        };
        let mut findings = Findings::default();
        let found = versions.iter().flat_map(|version| Chosen::version(load, rules, version).findings);
        found.for_each(|finding| findings.add(finding.clone()));
        findings
    }
}

fn suite(mut load: Load, rules: &Folder, asked: &Asked, cover: bool) -> Result<Suite, CliError> {
    if let Asked::Version(name) = asked
        && !rules.holds(&format!("{}/{name}.toml", load.program.name))
    {
        load.program.version(Some(name), Date::MIN).map_err(|cause| {
            let known = load.program.versions.iter().map(|known| format!("`{}@{}`", load.program.name, known.name));
            CliError::NoVersion { cause, known: known.collect() }
        })?;
    }
    let mut findings = asked.findings(&load, rules);
    let Load { program, sources, .. } = &mut load;
    let tried = || program.versions.iter().filter(|version| asked.asks(&version.name));
    let mut left_out: Vec<(String, usize)> =
        tried().filter(|version| version.plan.is_none()).map(|version| (version.name.clone(), 0)).collect();
    let mut files = Vec::new();
    // By rules that cannot be used every case would fail, which says nothing about the cases.
    let broken = findings.has_errors() && tried().all(|version| version.plan.is_none());
    if !broken {
        let read = match asked {
            Asked::Version(version) => case::read_of(rules, program, version, sources, &mut findings),
            Asked::All | Asked::Trial(_) => case::read(rules, program, sources, &mut findings),
        };
        for file in read {
            let mut runs = Vec::new();
            for case in file.cases {
                if let Some(version) = case::broken(program, case.version.as_deref(), case.as_of) {
                    match left_out.iter_mut().find(|(known, _)| known == version) {
                        Some((_, cases)) => *cases += 1,
                        None => left_out.push((version.to_owned(), 1)),
                    }
                    continue;
                }
                let answering = program.version(case.version.as_deref(), case.as_of);
                if matches!(asked, Asked::Version(asked) if answering.is_ok_and(|version| version.name != *asked)) {
                    continue;
                }
                let start = Instant::now();
                let outcome = case.run(program);
                let took = start.elapsed();
                runs.push(Run { line: sources.position(case.span).line, case, outcome, took });
            }
            files.push(RunFile { path: sources.file(file.file).path.to_string(), runs });
        }
    }
    let all = files.iter().flat_map(|file: &RunFile| file.runs.iter().map(|run| (&run.case, &run.outcome)));
    let coverage = if cover { coverage::of(program, all) } else { Vec::new() };
    Ok(Suite { program: load.program.name, sources: load.sources, broken, left_out, findings, files, coverage })
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
