//! `tierline check`: every finding in the rules, for people, editors and build servers.

mod plugin;

use crate::context::{Context, Named};
use crate::exit::{CliError, Exit};
use crate::finding::{self, Chosen};
use crate::{output, which};
use plugin::{Key, Plugin, key, plugin};
use tierline_engine::analyze;
use tierline_engine::case;
use tierline_engine::compile::Load;
use tierline_engine::finding::{Findings, code};
use tierline_engine::load::{self, Folder};
use tierline_engine::sample;
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

/// How many paths of a kind are told of a draft.
const MOST_PATHS: usize = 8;

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
        beside(&mut load, &rules, named.version.as_deref());
        loads.push((load, named.version));
    }
    let mut told: Vec<Key> = Vec::new();
    loads.iter().for_each(|(load, _)| told.extend(load.findings.iter().map(|finding| key(&load.sources, finding))));
    // A plugin is looked at in every program that lists it, whether this is asked for or not.
    let others = load::programs(&rules)
        .into_iter()
        .filter(|program| !plugins.is_empty() && loads.iter().all(|(load, _)| load.program.name != *program));
    let others: Vec<Load> = others.map(|program| context.load(&rules, &program)).collect::<Result<_, _>>()?;
    let all: Vec<&Load> = loads.iter().map(|(load, _)| load).chain(&others).collect();
    let plugins: Vec<Plugin> =
        plugins.into_iter().flat_map(|id| plugin(&id, &rules, &all, context, &mut told)).collect();
    let (mut sources, mut astray) = (Sources::default(), Findings::default());
    if arguments.programs.is_empty() {
        load::astray(&rules, &mut sources, &mut astray);
    }
    let mut chosen = Vec::new();
    if !astray.is_empty() {
        let name = context.rules_path().display().to_string();
        let (sources, findings, uses) = (&sources, astray.sorted(), Vec::new());
        chosen.push(Chosen { name, versions: 0, ticked: false, uses, sources, findings });
    }
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
        versions: 0,
        ticked: plugin.ticked,
        uses: plugin.uses.clone(),
        sources: &plugin.sources,
        findings: plugin.findings.sorted(),
    }));
    let mut notes = changes(&loads);
    plugins.iter().for_each(|plugin| notes.push_str(&needs(plugin)));
    match write(arguments.format, &chosen, &notes, context) {
        // Whoever stops reading early still learns whether the rules can be used.
        Err(CliError::Output(cause)) if cause.kind() == std::io::ErrorKind::BrokenPipe => {}
        written => written?,
    }
    Ok(if chosen.iter().any(Chosen::has_errors) { Exit::Rules } else { Exit::Fine })
}

/// What is wrong with the samples beside the rules, and with the cases, or those that `version` answers.
fn beside(load: &mut Load, rules: &Folder, version: Option<&str>) {
    let Load { program, sources, findings } = load;
    match version {
        Some(version) => case::read_of(rules, program, version, sources, findings),
        None => case::read(rules, program, sources, findings),
    };
    for name in sample::names(rules, &load.program.name) {
        // A sample is made for the facts of one version; what is wrong by all of them is told by the latest.
        let mut told: Option<Findings> = None;
        for version in load.program.versions.iter().rev() {
            let Some(plan) = &version.plan else { continue };
            // Any day of the version will do: nothing is drawn.
            let own = version.from.or_else(|| version.until.and_then(|until| until.pred_opt()));
            let (mut findings, as_of) = (Findings::default(), own.unwrap_or_default());
            sample::read(rules, plan, &name, as_of, &mut load.sources, &mut findings);
            if !findings.has_errors() {
                told = None;
                break;
            }
            told = told.or(Some(findings));
        }
        told.into_iter().for_each(|findings| load.findings.extend(findings));
    }
}

/// What each draft changes of the version that it goes on from, a line or two for each.
fn changes(loads: &[(Load, Option<String>)]) -> String {
    let mut text = String::new();
    let readable = |load: &Load| load.findings.iter().all(|finding| finding.code != &code::TOML_SYNTAX);
    for (load, chosen) in loads.iter().filter(|(load, _)| readable(load)) {
        let drafts = load.program.versions.iter().filter(|version| match chosen {
            Some(chosen) => version.name == *chosen,
            None => version.status == "draft",
        });
        for draft in drafts {
            let header = draft.document.as_table().and_then(|root| root.find("rulebook")?.as_table());
            let Some(old) = header.and_then(|header| header.find("extends")?.as_text()) else { continue };
            let Some(before) = load.program.versions.iter().find(|version| version.name == old) else { continue };
            let load::Changes { changed, added, removed } = load::changes(&before.whole, &draft.whole);
            let parts = [("changes", changed), ("adds", added), ("removes", removed)];
            let parts: Vec<String> = parts
                .iter()
                .filter(|(_, paths)| !paths.is_empty())
                .map(|(does, paths)| format!("{does} {}", listed(paths)))
                .collect();
            let parts = if parts.is_empty() { "changes nothing".to_owned() } else { parts.join("; ") };
            text.push_str(&format!("{}@{} goes on from {old}: {parts}\n", load.program.name, draft.name));
        }
    }
    text
}

/// What a plugin that no rulebook lists leaves to be checked there.
fn needs(plugin: &Plugin) -> String {
    if plugin.needs.is_empty() {
        return String::new();
    }
    let needs: Vec<String> = plugin.needs.iter().map(|name| format!("`{name}`")).collect();
    format!("{} is listed by no rulebook; one that lists it must have {}\n", plugin.name, listed(&needs))
}

/// The first of these paths, and how many more there are.
fn listed(paths: &[String]) -> String {
    let shown = paths[..paths.len().min(MOST_PATHS)].join(", ");
    match paths.len().saturating_sub(MOST_PATHS) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

fn write(format: Format, chosen: &[Chosen<'_>], notes: &str, context: &Context) -> Result<(), CliError> {
    match format {
        Format::Human => {
            let shown: String = chosen.iter().map(finding::human::render).collect();
            let summary = finding::human::summary(chosen, &context.rules_path().display().to_string());
            output::result(format!("{shown}{notes}{summary}"))
        }
        Format::Json => output::json(&finding::json::render(chosen)),
        Format::Github => output::result(finding::github::render(chosen)),
        Format::Sarif => output::json(&finding::sarif::render(chosen)),
    }
}
