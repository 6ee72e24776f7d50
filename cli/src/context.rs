//! What every command shares: where the rules are, which language is spoken, how a program is found.

use crate::exit::CliError;
use std::path::{Path, PathBuf};
use tierline_engine::compile::{Load, Program};
use tierline_engine::finding::nearest;
use tierline_engine::load::{self, Folder, Library};
use tierline_engine::rulebook::piece::Language;

/// The options of every command.
#[derive(Debug, clap::Args)]
pub struct Global {
    /// The folder of the rulebooks: RULES/PROGRAM/VERSION.toml [default: rules]
    #[arg(long, global = true, value_name = "DIR", help_heading = "Global options")]
    rules: Option<PathBuf>,
    /// The folder of the plugins [default: plugins]
    #[arg(long, global = true, value_name = "DIR", help_heading = "Global options")]
    plugins: Option<PathBuf>,
    /// The language of statements
    #[arg(long, global = true, value_name = "LANGUAGE", default_value = "en", help_heading = "Global options")]
    lang: Tongue,
}

/// A language, as the command line spells it.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Tongue {
    En,
    Ja,
    Fr,
}

/// What every command shares.
#[derive(Debug)]
pub struct Context {
    /// The language of statements.
    pub language: Language,
    rules: PathBuf,
    plugins: Option<Folder>,
    given: Vec<(&'static str, PathBuf)>,
}

/// The folder of plugins, where no other is named.
const PLUGINS: &str = "plugins";

/// `PROGRAM` or `PROGRAM@VERSION`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The program.
    pub program: String,
    /// The version.
    pub version: Option<String>,
}

impl std::str::FromStr for Named {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (program, version) = match text.split_once('@') {
            Some((program, version)) => (program, Some(version)),
            None => (text, None),
        };
        if program.is_empty() || version.is_some_and(str::is_empty) {
            return Err("expected PROGRAM or PROGRAM@VERSION");
        }
        Ok(Self { program: program.to_owned(), version: version.map(str::to_owned) })
    }
}

impl Context {
    /// What the options say.
    ///
    /// # Errors
    /// When a folder was named that is not there.
    pub fn new(global: Global) -> Result<Self, CliError> {
        let plugins = match &global.plugins {
            None if !Path::new(PLUGINS).is_dir() => None,
            named => Some(named.as_deref().unwrap_or(Path::new(PLUGINS))),
        };
        let plugins = plugins.map(Folder::scan).transpose();
        let plugins = plugins.map_err(|cause| CliError::Folder { option: "--plugins", cause })?;
        let language = match global.lang {
            Tongue::En => Language::En,
            Tongue::Ja => Language::Ja,
            Tongue::Fr => Language::Fr,
        };
        let named = [("rules", &global.rules), ("plugins", &global.plugins)];
        let given = named.into_iter().filter_map(|(name, path)| Some((name, path.clone()?))).collect();
        Ok(Self { language, rules: global.rules.unwrap_or_else(|| "rules".into()), plugins, given })
    }

    /// The rules folder, as it is now.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn rules(&self) -> Result<Folder, CliError> {
        Folder::scan(&self.rules).map_err(|cause| CliError::Folder { option: "--rules", cause })
    }

    /// The folders that options name, by the name of the option.
    pub fn given_folders(&self) -> impl Iterator<Item = (String, String)> {
        self.given.iter().map(|(name, path)| ((*name).to_owned(), path.display().to_string()))
    }

    /// The ids of the plugins that there are.
    pub fn plugins(&self, rules: &Folder) -> Vec<String> {
        load::plugins(self.library(rules))
    }

    /// The folder of a plugin, as people know it.
    pub fn plugin_folder(&self, plugin: &str) -> String {
        self.plugins.as_ref().map(|plugins| plugins.shown(&format!("{plugin}/"))).unwrap_or_default()
    }

    /// The rules by which a plugin is tried, each program with its rules folder.
    pub fn trials(&self, rules: &Folder, plugin: &str) -> Vec<(String, Folder)> {
        let Some((folder, programs)) = load::trial(self.library(rules), plugin) else { return Vec::new() };
        programs.into_iter().map(|program| (program, folder.clone())).collect()
    }

    /// These rules, with the plugins.
    pub fn library<'a>(&'a self, rules: &'a Folder) -> Library<'a> {
        Library { plugins: self.plugins.as_ref(), ..Library::from(rules) }
    }

    /// The path of the rules folder.
    pub fn rules_path(&self) -> &Path {
        &self.rules
    }

    /// The program called `name`, loaded and checked.
    ///
    /// # Errors
    /// When there is none.
    pub fn load(&self, rules: &Folder, name: &str) -> Result<Load, CliError> {
        let known = load::programs(rules);
        if known.iter().any(|program| program == name) {
            return Ok(Program::load(self.library(rules), name));
        }
        let plugins = self.plugins(rules);
        if plugins.iter().any(|plugin| plugin == name) {
            return Err(CliError::IsPlugin(name.to_owned()));
        }
        let known: Vec<String> = known.into_iter().chain(plugins).collect();
        Err(CliError::UnknownProgram {
            name: name.to_owned(),
            rules: self.rules.display().to_string(),
            near: nearest(name, known.iter().map(String::as_str)).map(str::to_owned),
            known,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_may_carry_its_version() {
        let named = |text: &str| text.parse::<Named>().map(|named| (named.program, named.version));
        assert_eq!(named("acme"), Ok(("acme".to_owned(), None)));
        assert_eq!(named("acme@2025"), Ok(("acme".to_owned(), Some("2025".to_owned()))));
        assert!(named("@2025").is_err());
        assert!(named("acme@").is_err());
    }
}
