//! `tierline check`: every finding in the rules, for people, editors and build servers.

use crate::context::{Context, Named};
use crate::exit::{CliError, Exit};
use crate::finding::{self, Chosen};
use crate::{output, which};
use tierline_engine::analyze;
use tierline_engine::compile::{Load, Program};
use tierline_engine::finding::{Finding, Findings};
use tierline_engine::load::{self, Folder, Library};
use tierline_engine::source::Sources;

/// Shows what is wrong in the rules, where, and how to mend it
///
/// Without a program, all of them are checked, and all plugins. Warnings alone exit 0, errors exit 3.
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Arguments {
    /// The programs, PROGRAM@VERSION, or plugins [default: all]
    #[arg(value_name = "PROGRAM")]
    programs: Vec<Named>,
    /// For people, for programs, as annotations of a GitHub workflow, or as SARIF 2.1.0
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  tierline check
  tierline check acme-partners@2026 --format json
  tierline check --format sarif > findings.sarif";

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Human,
    Json,
    Github,
    Sarif,
}

/// Runs the command.
///
/// # Errors
/// When there is no such program.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Exit, CliError> {
    let rules = context.rules()?;
    let (programs, plugins) = which::named(&arguments.programs, &rules, context);
    let mut loads: Vec<(Load, Option<String>)> = Vec::new();
    for named in programs {
        let mut load = context.load(&rules, &named.program)?;
        let more = analyze::program(&load);
        load.findings.extend(more);
        loads.push((load, named.version));
    }
    let mut told: Vec<Key> = Vec::new();
    loads.iter().for_each(|(load, _)| told.extend(load.findings.iter().map(|finding| key(&load.sources, finding))));
    let plugins: Vec<Plugin> = plugins.into_iter().flat_map(|id| plugin(&id, &rules, context, &mut told)).collect();
    let mut chosen = Vec::new();
    for (load, version) in &loads {
        chosen.push(match version {
            None => Chosen::all(load),
            Some(version) if rules.holds(&format!("{}/{version}.toml", load.program.name)) => {
                Chosen::version(load, &rules, version)
            }
            Some(version) => {
                let cause = match load.program.plan(Some(version), tierline_engine::date::Date::MIN) {
                    Err(cause) => cause,
                    Ok(_) => continue,
                };
                let known = load.program.versions.iter().map(|known| format!("`{}@{}`", load.program.name, known.name));
                return Err(CliError::NoVersion { cause, known: known.collect() });
            }
        });
    }
    chosen.extend(plugins.iter().map(|plugin| Chosen {
        name: plugin.name.clone(),
        versions: 1,
        sources: &plugin.sources,
        findings: plugin.findings.sorted(),
    }));
    match write(arguments.format, &chosen, context) {
        // Whoever stops reading early still learns whether the rules can be used.
        Err(CliError::Output(cause)) if cause.kind() == std::io::ErrorKind::BrokenPipe => {}
        written => written?,
    }
    Ok(if chosen.iter().any(Chosen::has_errors) { Exit::Rules } else { Exit::Fine })
}

/// A plugin, or a program by which it is tried, with what is found in the plugin's own files.
struct Plugin {
    name: String,
    sources: Sources,
    findings: Findings,
}

/// What makes a finding the same as another, though it was made in another load.
type Key = (&'static str, String, u32, String);

fn key(sources: &Sources, finding: &Finding) -> Key {
    let path = sources.file(finding.span.file).path.to_string();
    (finding.code.id, path, finding.span.start, finding.message.clone())
}

/// The plugin by itself, then every program by which it is tried; what was told before is not told again.
fn plugin(id: &str, rules: &Folder, context: &Context, told: &mut Vec<Key>) -> Vec<Plugin> {
    let library = context.library(rules);
    let (mut sources, mut found) = (Sources::default(), Findings::default());
    load::plugin(library, id, &mut sources, &mut found);
    let mut all = vec![(format!("plugin {id}"), sources, found)];
    for (program, rules) in context.trials(rules, id) {
        let mut load = Program::load(Library { rules: &rules, ..library }, &program);
        load.findings.extend(analyze::program(&load));
        all.push((format!("plugin {id}, tried by {program}"), load.sources, load.findings));
    }
    let folder = context.plugin_folder(id);
    let mut plugins = Vec::new();
    for (name, sources, found) in all {
        let inside = |finding: &Finding| {
            let mut places = finding.related.iter().map(|(span, _)| *span).chain([finding.span]);
            places.any(|span| sources.file(span.file).path.starts_with(&folder))
        };
        let mut findings = Findings::default();
        for finding in found.iter().filter(|finding| inside(finding)) {
            let key = key(&sources, finding);
            if !told.contains(&key) {
                told.push(key);
                findings.add(finding.clone());
            }
        }
        plugins.push(Plugin { name, sources, findings });
    }
    plugins
}

fn write(format: Format, chosen: &[Chosen<'_>], context: &Context) -> Result<(), CliError> {
    match format {
        Format::Human => {
            let shown: String = chosen.iter().map(finding::human::render).collect();
            let summary = finding::human::summary(chosen, &context.rules_path().display().to_string());
            output::result(format!("{shown}{summary}"))
        }
        Format::Json => output::json(&finding::json::render(chosen)),
        Format::Github => output::result(finding::github::render(chosen)),
        Format::Sarif => output::json(&finding::sarif::render(chosen)),
    }
}
