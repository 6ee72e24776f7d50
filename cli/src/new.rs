//! `tierline new`: next year's draft, or a first rulebook with a first case.

use crate::context::{Context, Named};
use crate::exit::{CliError, Exit};
use crate::{output, which};
use std::io::Write;
use std::path::{Path, PathBuf};
use tierline_engine::compile::Version;
use tierline_engine::date::{self, Date};
use tierline_engine::load::{self, Folder};

/// Writes a draft that goes on from another version, or a first rulebook to begin with
///
/// A draft says only what changes: everything else is as in the version that it goes on from. A first
/// rulebook comes with a case that passes. No file is ever overwritten.
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Arguments {
    /// The new version
    #[arg(value_name = "PROGRAM@NEW")]
    new: Named,
    /// The version that it goes on from
    #[arg(long, value_name = "PROGRAM@OLD")]
    from: Option<Named>,
}

const EXAMPLES: &str = "\
Examples:
  tierline new acme-partners@2025                            a first rulebook
  tierline new acme-partners@2026 --from acme-partners@2025  next year's draft";

const FIRST: &str = include_str!("new/first.toml");
const CASE: &str = include_str!("new/case.toml");
const NEXT: &str = include_str!("new/next.toml");

/// Runs the command.
///
/// # Errors
/// When there is such a version already, or none to go on from, or a file cannot be written.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Exit, CliError> {
    let program = &arguments.new.program;
    let Some(version) = &arguments.new.version else {
        return refuse(
            format!("`{program}` names no version"),
            format!("write `{program}@2026`, the name of the new version"),
        );
    };
    for name in [program, version] {
        let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
        if !plain || name.starts_with('.') {
            return refuse(
                format!("`{name}` cannot be the name of a file"),
                "write small letters, digits and `-`, as in `acme-partners@2026`".to_owned(),
            );
        }
    }
    let rules = if context.rules_path().is_dir() { context.rules()? } else { Folder::default() };
    let today = chrono::Utc::now().date_naive();
    let files = match &arguments.from {
        Some(from) => vec![next(program, version, from, &rules, context, today)?],
        None => first(program, version, &rules, today)?,
    };
    let whole: Vec<(PathBuf, &String)> =
        files.iter().map(|(path, text)| (context.rules_path().join(path), text)).collect();
    if let Some((path, _)) = whole.iter().find(|(path, _)| path.exists()) {
        let help = "choose another version, or edit this file";
        return refuse(format!("there is `{}` already", path.display()), help.to_owned());
    }
    let mut said = String::new();
    for (path, text) in whole {
        write(&path, text)?;
        said.push_str(&format!("wrote {}\n", path.display()));
    }
    output::result(said)?;
    output::note(format!(
        "`tierline check {program}` and `tierline test {program}` look at it; `tierline show {program}@{version} --whole` prints all of it\n"
    ));
    Ok(Exit::Fine)
}

fn refuse<T>(message: String, help: String) -> Result<T, CliError> {
    Err(CliError::NotNew { message, help })
}

/// A draft that goes on from another version: its path inside the rules folder, and its text.
fn next(
    program: &str,
    version: &str,
    from: &Named,
    rules: &Folder,
    context: &Context,
    today: Date,
) -> Result<(String, String), CliError> {
    if from.program != program {
        return refuse(
            format!("`{program}` cannot go on from `{}`, which is another program", from.program),
            format!("name a version of `{program}`"),
        );
    }
    let load = context.load(rules, program)?;
    let old = load.program.version(from.version.as_deref(), today).map_err(|cause| {
        let known = load.program.versions.iter().map(|known| format!("`{program}@{}`", known.name));
        CliError::NoVersion { cause, known: known.collect() }
    })?;
    // What cannot be used now can be mended in the old version, and then in one place.
    which::plan(&load, rules, &Named { version: Some(old.name.clone()), ..from.clone() }, today)?;
    let start = begins(version).or(old.until).unwrap_or_else(|| next_year(today, old));
    let header = old.whole.as_table().and_then(|root| root.find("rulebook")).and_then(|node| node.as_table());
    let title = header.and_then(|header| header.find("title")).map_or("\"…\"".to_owned(), load::print_value);
    let text = NEXT
        .replace("{{PROGRAM}}", program)
        .replace("{{VERSION}}", version)
        .replace("{{OLD}}", &old.name)
        .replace("{{START}}", &start.to_string())
        .replace("{{TITLE}}", &title);
    Ok((format!("{program}/{version}.toml"), text))
}

/// A first rulebook, and its first case.
fn first(program: &str, version: &str, rules: &Folder, today: Date) -> Result<Vec<(String, String)>, CliError> {
    let prefix = format!("{program}/");
    let known = rules.paths().filter_map(|path| path.strip_prefix(&prefix)?.strip_suffix(".toml"));
    let own = format!("{program}/{version}.toml");
    if let Some(old) = known.filter(|name| !name.contains('/')).last().filter(|_| !rules.holds(&own)) {
        return refuse(
            format!("`{program}` has versions already"),
            format!("say which one to go on from: `--from {program}@{old}`"),
        );
    }
    let start = begins(version).unwrap_or_else(|| date::year_start(today));
    let fill = |text: &str| {
        text.replace("{{PROGRAM}}", program).replace("{{VERSION}}", version).replace("{{START}}", &start.to_string())
    };
    Ok(vec![(own, fill(FIRST)), (format!("{program}/cases/first.toml"), fill(CASE))])
}

/// The day that the name of a version speaks of: `2026`, `2026-04`, `2026-04-15`.
fn begins(version: &str) -> Option<Date> {
    let whole = match version.len() {
        4 => format!("{version}-01-01"),
        7 => format!("{version}-01"),
        _ => version.to_owned(),
    };
    date::parse(&whole)
}

/// The first day of the year after the old version began, or after this year, whichever is later.
fn next_year(today: Date, old: &Version) -> Date {
    let latest = old.from.map_or(today, |from| from.max(today));
    date::year_start(latest).checked_add_months(chrono::Months::new(12)).unwrap_or(latest)
}

/// Writes a file that is not there yet.
fn write(path: &Path, text: &str) -> Result<(), CliError> {
    let named = |cause: std::io::Error| std::io::Error::new(cause.kind(), format!("{}: {cause}", path.display()));
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(named)?;
    }
    let mut file = std::fs::File::create_new(path).map_err(named)?;
    file.write_all(text.as_bytes()).map_err(named)?;
    Ok(())
}
