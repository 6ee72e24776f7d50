//! `tierline programs`: which programs and versions there are, and whether they can be used.

use crate::context::Context;
use crate::exit::{CliError, Exit};
use crate::finding::counted;
use crate::output::{self, BAD, FAINT, GOOD, STRONG, styled};
use serde_json::json;
use std::fmt::Write;
use tierline_engine::compile::{Load, Version};
use tierline_engine::load::{self, Folder};

/// Lists the programs and their versions, with their days, status and digest
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// For people or for programs
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Human,
    Json,
}

/// Runs the command.
///
/// # Errors
/// When the rules folder cannot be read.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Exit, CliError> {
    let rules = context.rules()?;
    let names = load::programs(&rules);
    let loads = names.iter().map(|name| context.load(&rules, name)).collect::<Result<Vec<_>, _>>()?;
    match arguments.format {
        Format::Json => output::json(&loads.iter().map(|load| as_json(load, &rules, context)).collect())?,
        Format::Human if loads.is_empty() => {
            output::result(format!("`{}` holds no PROGRAM/VERSION.toml\n", context.rules_path().display()))?;
        }
        Format::Human => output::result(loads.iter().map(|load| as_text(load, &rules, context)).collect::<String>())?,
    }
    Ok(Exit::Fine)
}

fn title<'l>(load: &'l Load, context: &Context) -> Option<&'l str> {
    let plans = load.program.versions.iter().rev().filter_map(|version| version.plan.as_ref());
    plans.filter_map(|plan| plan.model.title.as_ref()).map(|title| title.text(context.language)).next()
}

fn errors(load: &Load) -> usize {
    load.findings.iter().filter(|finding| finding.is_error()).count()
}

fn as_text(load: &Load, rules: &Folder, context: &Context) -> String {
    let title = title(load, context).map(|title| format!("  {title}")).unwrap_or_default();
    let mut text = format!("{}{title}\n", styled(STRONG, &load.program.name));
    let unreadable = unreadable(load, rules);
    let versions = &load.program.versions;
    let names = versions.iter().map(|version| &version.name).chain(&unreadable);
    let width = names.map(String::len).max().unwrap_or(0);
    let period = versions.iter().map(|version| days(version).len()).max().unwrap_or(0);
    for version in &load.program.versions {
        if version.status.is_empty() {
            let _ = writeln!(text, "  {} {:<width$}  cannot be read", styled(BAD, "✗"), version.name);
            continue;
        }
        let mark = if version.plan.is_some() { styled(GOOD, "✓") } else { styled(BAD, "✗") };
        let digest = styled(FAINT, version.digest.get(..19).unwrap_or(&version.digest));
        let (name, status, days) = (&version.name, &version.status, days(version));
        let _ = writeln!(text, "  {mark} {name:<width$}  {status:<9}  {days:<period$}  {digest}");
    }
    for name in unreadable {
        let _ = writeln!(text, "  {} {name:<width$}  cannot be read", styled(BAD, "✗"));
    }
    if errors(load) > 0 {
        let _ = writeln!(
            text,
            "  {}; `tierline check {}` shows them",
            styled(BAD, counted(errors(load), "error", "errors")),
            load.program.name
        );
    }
    text
}

/// The versions whose files could not be opened, so that nothing is known of them.
fn unreadable(load: &Load, rules: &Folder) -> Vec<String> {
    let program = format!("{}/", load.program.name);
    let files = rules.paths().filter_map(|path| path.strip_prefix(&program)?.strip_suffix(".toml"));
    let known = |name: &str| load.program.versions.iter().any(|version| version.name == name);
    files.filter(|name| !name.contains('/') && !known(name)).map(str::to_owned).collect()
}

fn days(version: &Version) -> String {
    let each = version.binds().map(|binds| format!(", each partner from its own {binds}")).unwrap_or_default();
    let days = match (version.from, version.until) {
        (Some(from), Some(until)) => format!("from {from} until {until}"),
        (Some(from), None) => format!("from {from}"),
        (None, Some(until)) => format!("until {until}"),
        (None, None) => "always".to_owned(),
    };
    format!("{days}{each}")
}

fn as_json(load: &Load, rules: &Folder, context: &Context) -> serde_json::Value {
    let versions = load.program.versions.iter().map(|version| {
        json!({
            "version": version.name,
            "status": version.status,
            "from": version.from.map(|day| day.to_string()),
            "until": version.until.map(|day| day.to_string()),
            "binds": version.binds(),
            "digest": version.digest,
            "usable": version.plan.is_some(),
        })
    });
    json!({
        "program": load.program.name,
        "title": title(load, context),
        "versions": versions.collect::<Vec<_>>(),
        "unreadable": unreadable(load, rules),
        "errors": errors(load),
    })
}
