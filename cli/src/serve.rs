//! `tierline serve`: the API, which goes on while the rules change.
//!
//! What can be set is a table of the server's; the flags here are made from it.

use crate::context::Context;
use crate::exit::{CliError, Exit};
use crate::output;
use clap::{Arg, ArgMatches, Command, FromArgMatches};
use std::path::PathBuf;
use tierline_server::config::{Given, SETTINGS, flag, resolve};

/// Serves the API; rules that change on disk are taken up while it runs
///
/// A setting is taken from its flag, else from the variable TIERLINE_SERVE_NAME, else from the file, else it is
/// the default. SIGHUP reads the folders at once, SIGTERM ends the server when its requests have ended.
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Arguments {
    /// A TOML file of settings; `${NAME}` in it is the variable NAME
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Print every setting with where it comes from, and do no more
    #[arg(long)]
    print_config: bool,
    #[command(flatten)]
    flags: Flags,
}

const EXAMPLES: &str = "\
Examples:
  tierline serve
  tierline serve --listen 0.0.0.0:8443 --tokens tokens.toml --tls-certificate cert.pem --tls-key key.pem
  tierline serve --config /etc/tierline/serve.toml --print-config

The API is described at /docs and /openapi.json of the running server.";

/// The settings that were given as flags, by name.
#[derive(Debug)]
struct Flags(Vec<(String, String)>);

/// These are options of every command.
const GLOBAL: [&str; 2] = ["rules", "plugins"];

impl clap::Args for Flags {
    fn augment_args(command: Command) -> Command {
        let own = SETTINGS.iter().filter(|setting| !GLOBAL.contains(&setting.name));
        own.fold(command, |command, setting| {
            let about = format!("{} [default: {}]", setting.about.trim(), setting.default);
            let long = flag(setting.name).trim_start_matches('-').to_owned();
            let arg = Arg::new(setting.name).long(long).value_name(setting.value).help(about);
            // A switch may stand alone.
            let switch = setting.value == "true|false";
            let arg = if switch { arg.num_args(0..=1).require_equals(true).default_missing_value("true") } else { arg };
            command.arg(arg.help_heading("Settings"))
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Flags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut flags = Self(Vec::new());
        flags.update_from_arg_matches(matches)?;
        Ok(flags)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        let own = SETTINGS.iter().filter(|setting| !GLOBAL.contains(&setting.name));
        let given = own.filter_map(|setting| {
            let value = matches.get_one::<String>(setting.name)?;
            Some((setting.name.to_owned(), value.clone()))
        });
        self.0 = given.collect();
        Ok(())
    }
}

/// Runs the command.
///
/// # Errors
/// When the settings or the rules cannot be used, or the server cannot start.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Exit, CliError> {
    let mut flags = arguments.flags.0.clone();
    flags.extend(context.given_folders());
    let variables =
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let given = Given { flags, variables: variables.collect(), file: arguments.config.clone() };
    let (config, resolved) = resolve(&given).map_err(CliError::Settings)?;
    if arguments.print_config {
        output::result(resolved.printed())?;
        return Ok(Exit::Fine);
    }
    tierline_server::serve(config).map_err(CliError::Server)?;
    Ok(Exit::Fine)
}
