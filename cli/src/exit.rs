//! How the program ends: exit codes that a script can rely on, and why a command could not do its work.

use std::process::ExitCode;
use tierline_engine::compile::WhichVersion;
use tierline_engine::evaluate::Failure;
use tierline_engine::facts::FactsError;
use tierline_engine::load::StoreError;
use tierline_engine::sample::OutOfCalendar;
use tierline_server::ServeError;

/// How a command ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// All is well; any decision is.
    Fine = 0,
    /// The work was done, and something in it failed.
    Failed = 1,
    /// The command was used wrongly.
    Usage = 2,
    /// The rules cannot be used.
    Rules = 3,
    /// The facts cannot be used.
    Facts = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// Why a command could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// A folder of rules or plugins cannot be read.
    #[error("{cause}")]
    Folder {
        /// Which option names it.
        option: &'static str,
        /// What is wrong with it.
        cause: StoreError,
    },
    /// There is no program of that name.
    #[error("there is no program `{name}` in `{rules}`")]
    UnknownProgram {
        /// The name that was asked for.
        name: String,
        /// The rules folder.
        rules: String,
        /// The name that was most likely meant.
        near: Option<String>,
        /// Every name there is.
        known: Vec<String>,
    },
    /// The name is that of a plugin.
    #[error("`{0}` is a plugin, and no program")]
    IsPlugin(String),
    /// The program has no version of that name, or none for that day.
    #[error("{cause}")]
    NoVersion {
        /// Which of the two.
        cause: WhichVersion,
        /// Every version with its days.
        known: Vec<String>,
    },
    /// A new file cannot be written as it was asked for.
    #[error("{message}")]
    NotNew {
        /// Why.
        message: String,
        /// What to do instead.
        help: String,
    },
    /// The rulebook has no rule of that name.
    #[error("`{rulebook}` has no rule `{name}`")]
    UnknownRule {
        /// The rulebook.
        rulebook: String,
        /// The name that was asked for.
        name: String,
        /// The name that was most likely meant.
        near: Option<String>,
    },
    /// The rules have errors, which have been shown.
    #[error("{0}")]
    BrokenRules(WhichVersion),
    /// The facts cannot be read.
    #[error("{0}")]
    NoFacts(StoreError),
    /// The facts can be read only once, and the rules rank partners.
    #[error("`{program}` ranks partners by `{measures}`, so the facts are read twice")]
    NotTwice {
        /// The rulebook.
        program: String,
        /// The measures that rank.
        measures: String,
    },
    /// The facts do not fit the rules.
    #[error("the facts in {place} do not fit `{rulebook}`")]
    BadFacts {
        /// Where they were read.
        place: String,
        /// The version by whose schema they were read.
        rulebook: String,
        /// What is wrong with them.
        cause: FactsError,
    },
    /// The facts hold no record of that id.
    #[error("the facts hold no record `{id}`")]
    NoSubject {
        /// The id that was asked for.
        id: String,
        /// The id that was most likely meant.
        near: Option<String>,
    },
    /// The evaluation has no answer.
    #[error("{0}")]
    NoAnswer(Failure),
    /// The description of a sample has errors, which have been shown.
    #[error("`{path}` has errors and cannot be used")]
    BrokenSample {
        /// Its path.
        path: String,
        /// The descriptions that there are, where this one is not there.
        others: Vec<String>,
    },
    /// The description of a sample asks for what cannot be.
    #[error(transparent)]
    NoSample(#[from] OutOfCalendar),
    /// The settings of the server cannot be used.
    #[error(transparent)]
    Settings(tierline_server::config::ConfigError),
    /// The server did not start, or not end well.
    #[error(transparent)]
    Server(tierline_server::ServeError),
    /// A thread came to an end that it should not have come to.
    #[error("a worker stopped unexpectedly")]
    Stopped,
    /// The output cannot be written.
    #[error("cannot write the output: {0}")]
    Output(#[from] std::io::Error),
}

impl CliError {
    /// The exit code that tells it apart.
    pub fn exit(&self) -> Exit {
        match self {
            CliError::Folder { .. }
            | CliError::UnknownProgram { .. }
            | CliError::IsPlugin(_)
            | CliError::NoVersion { .. }
            | CliError::NotTwice { .. }
            | CliError::NotNew { .. }
            | CliError::UnknownRule { .. }
            | CliError::Settings(_)
            | CliError::Server(
                ServeError::Rules(_) | ServeError::Empty(_) | ServeError::Tokens(_) | ServeError::Certificate(_),
            ) => Exit::Usage,
            CliError::Server(ServeError::Invalid(_)) => Exit::Rules,
            CliError::BrokenRules(_)
            | CliError::BrokenSample { .. }
            | CliError::NoSample(_)
            | CliError::NoAnswer(Failure::Script { .. }) => Exit::Rules,
            CliError::NoFacts(_) | CliError::BadFacts { .. } | CliError::NoSubject { .. } | CliError::NoAnswer(_) => {
                Exit::Facts
            }
            CliError::Server(_) | CliError::Stopped | CliError::Output(_) => Exit::Failed,
        }
    }

    /// What belongs to it, a line each, and a way to mend it.
    pub fn details(&self) -> Vec<String> {
        match self {
            CliError::Folder { option, .. } => vec![format!("help: name the folder with `{option} DIR`")],
            CliError::UnknownProgram { near, known, .. } => {
                let near = near.iter().map(|near| format!("help: did you mean `{near}`?"));
                let known = match known.as_slice() {
                    [] => "help: the folder holds no PROGRAM/VERSION.toml".to_owned(),
                    known => format!("the programs are {}", known.join(", ")),
                };
                near.chain([known]).collect()
            }
            CliError::IsPlugin(name) => vec![
                format!("help: `tierline check {name}` looks at it, `tierline test {name}` tries it"),
                "its rules are shown with those of a program that lists it: `tierline show PROGRAM`".to_owned(),
            ],
            CliError::UnknownRule { rulebook, near, .. } => vec![match near {
                Some(near) => format!("help: did you mean `{near}`?"),
                None => format!("help: `tierline show {rulebook}` shows every rule"),
            }],
            CliError::NotNew { help, .. } => vec![format!("help: {help}")],
            CliError::NoVersion { known, .. } => known.iter().map(|version| format!("there is {version}")).collect(),
            CliError::BadFacts { cause, .. } => cause
                .problems
                .iter()
                .flat_map(|problem| {
                    let place = if problem.pointer.is_empty() { "the document" } else { problem.pointer.as_str() };
                    let help = problem.help.as_ref().map(|help| format!("  help: {help}"));
                    [Some(format!("{place}: {}", problem.message)), help].into_iter().flatten()
                })
                .collect(),
            CliError::NoSubject { near, .. } => {
                near.iter().map(|near| format!("help: did you mean `{near}`?")).collect()
            }
            CliError::NotTwice { .. } => vec!["help: give a file with `--facts FILE`, not a stream".to_owned()],
            CliError::NoFacts(_) => {
                vec!["help: give a JSON file with `--facts FILE`, or `-` for standard input".into()]
            }
            CliError::BrokenSample { others, .. } => {
                others.iter().map(|name| format!("there is `{name}`: choose it with `--name {name}`")).collect()
            }
            CliError::BrokenRules(_)
            | CliError::NoSample(_)
            | CliError::NoAnswer(_)
            | CliError::Settings(_)
            | CliError::Server(_)
            | CliError::Stopped
            | CliError::Output(_) => Vec::new(),
        }
    }
}
