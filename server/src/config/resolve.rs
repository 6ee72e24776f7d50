//! From flags, variables and a file to one value for each setting, and from where it came.

use super::{Config, SETTINGS, Setting, Value};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use tierline_engine::finding::nearest;

/// What the variables of settings begin with.
pub const PREFIX: &str = "TIERLINE_SERVE_";

/// Where settings are given.
#[derive(Debug, Default)]
pub struct Given {
    /// By flags: the setting's name and its value.
    pub flags: Vec<(String, String)>,
    /// The variables of the process, all of them.
    pub variables: Vec<(String, String)>,
    /// The file, when a flag names one.
    pub file: Option<PathBuf>,
}

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// The file.
    File,
    /// A variable.
    Variable,
    /// A flag.
    Flag,
}

/// Every setting with its value.
#[derive(Debug)]
pub struct Resolved {
    values: BTreeMap<&'static str, (String, Origin)>,
    file: Option<PathBuf>,
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read `{}`: {cause}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        cause: String,
    },
    /// There is no such setting.
    #[error("there is no setting `{name}`, in {place}{}", .near.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default())]
    Unknown {
        /// The name.
        name: String,
        /// Where it is set.
        place: String,
        /// The name that was most likely meant.
        near: Option<String>,
    },
    /// A variable that the file names is not set.
    #[error("`{setting}` in `{}` names the variable `{variable}`, which is not set", .path.display())]
    Undefined {
        /// The setting.
        setting: String,
        /// The variable.
        variable: String,
        /// The file.
        path: PathBuf,
    },
    /// The value cannot be understood.
    #[error("`{value}` cannot be used for `{name}`, {place}: expected {expected}")]
    Bad {
        /// The setting.
        name: &'static str,
        /// Its value.
        value: String,
        /// Where it is set.
        place: String,
        /// What was expected.
        expected: &'static str,
    },
    /// A limit would let nothing through.
    #[error("`{name}` cannot be 0: nothing would be answered")]
    Nothing {
        /// The setting.
        name: &'static str,
    },
    /// No body of the size that is allowed could ever be held.
    #[error("`body_memory` is less than `body_limit`: give it room for one body at least")]
    LittleMemory,
    /// Only one of the two files of TLS is named.
    #[error("`tls_certificate` and `tls_key` go together; one of them is missing")]
    HalfTls,
    /// The address is public, and everybody could use the server.
    #[error(
        "`{address}` is a public address, and nobody would be asked for a token; name a file of tokens with `--tokens FILE`, or say `--allow-unauthenticated`"
    )]
    Public {
        /// The address.
        address: SocketAddr,
    },
}

/// Resolves every setting.
///
/// # Errors
/// When a name or value means nothing, or the settings do not go together.
pub fn resolve(given: &Given) -> Result<(Config, Resolved), ConfigError> {
    let defaults = SETTINGS.iter().map(|setting| (setting.name, (setting.default.to_owned(), Origin::Default)));
    let mut resolved = Resolved { values: defaults.collect(), file: None };
    let variables: Vec<(String, &str)> = given
        .variables
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix(PREFIX)?.to_lowercase(), value.as_str())))
        .collect();
    let named = variables.iter().find(|(name, _)| name == "config").map(|(_, path)| PathBuf::from(path));
    if let Some(path) = given.file.clone().or(named) {
        for (name, value) in read(&path, &given.variables)? {
            resolved.set(&name, value, Origin::File, || format!("`{}`", path.display()))?;
        }
        resolved.file = Some(path);
    }
    for (name, value) in variables.iter().filter(|(name, _)| name != "config") {
        let place = || format!("the variable `{PREFIX}{}`", name.to_uppercase());
        resolved.set(name, (*value).to_owned(), Origin::Variable, place)?;
    }
    for (name, value) in &given.flags {
        resolved.set(name, value.clone(), Origin::Flag, || format!("`{}`", flag(name)))?;
    }
    let config = Config::of(&resolved)?.checked()?;
    Ok((config, resolved))
}

/// The flag of a setting.
pub fn flag(name: &str) -> String {
    format!("--{}", name.replace('_', "-"))
}

impl Resolved {
    fn set(&mut self, name: &str, value: String, from: Origin, place: impl Fn() -> String) -> Result<(), ConfigError> {
        let Some(known) = self.values.get_mut(name) else {
            let near = nearest(name, SETTINGS.iter().map(|setting| setting.name)).map(str::to_owned);
            return Err(ConfigError::Unknown { name: name.to_owned(), place: place(), near });
        };
        *known = (value, from);
        Ok(())
    }

    /// The value of a setting.
    pub(super) fn read<T: Value>(&self, name: &'static str) -> Result<T, ConfigError> {
        let (value, from) = self.values.get(name).cloned().unwrap_or((String::new(), Origin::Default));
        let place = self.place(name, &from);
        T::of(&value).ok_or(ConfigError::Bad { name, value, place, expected: T::EXPECTED })
    }

    fn place(&self, name: &str, from: &Origin) -> String {
        match from {
            Origin::Default => "default".to_owned(),
            Origin::File => self.file.as_ref().map_or_else(String::new, |path| path.display().to_string()),
            Origin::Variable => format!("{PREFIX}{}", name.to_uppercase()),
            Origin::Flag => flag(name),
        }
    }

    /// Every setting as a file that sets it, with where its value came from.
    pub fn printed(&self) -> String {
        let line = |setting: &Setting| {
            let (value, from) = &self.values[setting.name];
            (format!("{} = {}", setting.name, toml::Value::String(value.clone())), self.place(setting.name, from))
        };
        let lines: Vec<(String, String)> = SETTINGS.iter().map(line).collect();
        let width = lines.iter().map(|(line, _)| line.chars().count()).max().unwrap_or(0);
        lines.iter().fold(String::new(), |mut text, (line, place)| {
            let _ = writeln!(text, "{line:<width$}  # {place}");
            text
        })
    }
}

/// The settings of a file, as text.
fn read(path: &Path, variables: &[(String, String)]) -> Result<Vec<(String, String)>, ConfigError> {
    let unreadable = |cause: String| ConfigError::Unreadable { path: path.to_owned(), cause };
    let text = std::fs::read_to_string(path).map_err(|cause| unreadable(cause.to_string()))?;
    let table: toml::Table = toml::from_str(&text).map_err(|cause| unreadable(cause.to_string()))?;
    let mut settings = Vec::new();
    for (name, value) in table {
        let text =
            match value {
                toml::Value::String(text) => filled_in(&text, variables).map_err(|variable| {
                    ConfigError::Undefined { setting: name.clone(), variable, path: path.to_owned() }
                })?,
                other => other.to_string(),
            };
        settings.push((name, text));
    }
    Ok(settings)
}

/// `text` with every `${NAME}` filled in; the name that is not set, if there is one.
fn filled_in(text: &str, variables: &[(String, String)]) -> Result<String, String> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, behind)) = after.split_once('}') else { break };
        let value = variables.iter().find(|(known, _)| known == name).ok_or_else(|| name.to_owned())?;
        filled.push_str(before);
        filled.push_str(&value.1);
        rest = behind;
    }
    filled.push_str(rest);
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn file(text: &str) -> PathBuf {
        let name = format!("tierline-config-{}-{:?}.toml", std::process::id(), std::thread::current().id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, text).expect("a file");
        path
    }

    #[test]
    fn a_flag_goes_before_a_variable_before_the_file_before_the_default() {
        let path = file("drain = \"1 s\"\nrescan = \"2 s\"\nsettle = \"${SETTLE}\"\nevaluations = 7\n");
        let given = Given {
            flags: pairs(&[("drain", "3 s")]),
            variables: pairs(&[
                ("TIERLINE_SERVE_DRAIN", "4 s"),
                ("TIERLINE_SERVE_RESCAN", "5 s"),
                ("SETTLE", "6 s"),
                ("OTHER", "x"),
            ]),
            file: Some(path.clone()),
        };
        let (config, resolved) = resolve(&given).expect("settings");
        std::fs::remove_file(&path).expect("the file is gone");
        let seconds = |time: std::time::Duration| time.as_secs();
        assert_eq!(seconds(config.drain), 3);
        assert_eq!(seconds(config.rescan), 5);
        assert_eq!(seconds(config.settle), 6);
        assert_eq!(config.evaluations, 7);
        let printed = resolved.printed();
        let line = |name: &str| printed.lines().find(|line| line.starts_with(name)).expect("a line").to_owned();
        assert!(line("drain").ends_with("# --drain"), "{printed}");
        assert!(line("rescan").ends_with("# TIERLINE_SERVE_RESCAN"), "{printed}");
        assert!(line("settle").ends_with(&format!("# {}", path.display())), "{printed}");
        assert!(line("listen = \"127.0.0.1:8410\"").ends_with("# default"), "{printed}");
    }

    #[test]
    fn what_is_printed_can_be_read_again() {
        let (_, resolved) = resolve(&Given::default()).expect("defaults");
        let path = file(&resolved.printed());
        let again = resolve(&Given { file: Some(path.clone()), ..Given::default() }).expect("settings").1;
        std::fs::remove_file(&path).expect("the file is gone");
        let values = |resolved: &Resolved| resolved.values.values().map(|(value, _)| value.clone()).collect::<Vec<_>>();
        assert_eq!(values(&resolved), values(&again));
    }

    #[test]
    fn what_means_nothing_is_an_error() {
        let error = |given: Given| resolve(&given).map(|_| ()).expect_err("an error").to_string();
        let variables = pairs(&[("TIERLINE_SERVE_LISTN", "x")]);
        assert_eq!(
            error(Given { variables, ..Given::default() }),
            "there is no setting `listn`, in the variable `TIERLINE_SERVE_LISTN`; did you mean `listen`?"
        );
        let flags = pairs(&[("drain", "soon")]);
        assert_eq!(
            error(Given { flags, ..Given::default() }),
            "`soon` cannot be used for `drain`, --drain: expected a time such as `500 ms`, `20 s`, `5 min` or `1 h`"
        );
        let path = file("tokens = \"${SECRETS}/tokens.toml\"\n");
        let told = error(Given { file: Some(path.clone()), ..Given::default() });
        std::fs::remove_file(&path).expect("the file is gone");
        assert!(told.ends_with("names the variable `SECRETS`, which is not set"), "{told}");
        assert!(error(Given { file: Some("no/such.toml".into()), ..Given::default() }).starts_with("cannot read"));
    }

    #[test]
    fn limits_that_let_nothing_through_are_errors() {
        let error = |flags: &[(&str, &str)]| {
            resolve(&Given { flags: pairs(flags), ..Given::default() }).map(|_| ()).expect_err("an error").to_string()
        };
        assert_eq!(error(&[("body_limit", "0")]), "`body_limit` cannot be 0: nothing would be answered");
        assert_eq!(error(&[("connections", "0")]), "`connections` cannot be 0: nothing would be answered");
        let little = "`body_memory` is less than `body_limit`: give it room for one body at least";
        assert_eq!(error(&[("body_limit", "300 MiB")]), little);
        assert!(error(&[("rescan", "0 s")]).starts_with("`0 s` cannot be used for `rescan`"));
        assert!(resolve(&Given { flags: pairs(&[("threads", "0")]), ..Given::default() }).is_ok());
    }

    #[test]
    fn a_public_address_wants_tokens_or_a_word() {
        let with = |more: &[(&str, &str)]| {
            let flags = pairs(&[&[("listen", "0.0.0.0:80")], more].concat());
            resolve(&Given { flags, ..Given::default() }).map(|(config, _)| config.listen)
        };
        let address = "0.0.0.0:80".parse().expect("an address");
        assert_eq!(with(&[]), Err(ConfigError::Public { address }));
        assert_eq!(with(&[("tokens", "tokens.toml")]), Ok(address));
        assert_eq!(with(&[("allow_unauthenticated", "true")]), Ok(address));
        assert_eq!(with(&[("tls_key", "key.pem"), ("tokens", "t")]), Err(ConfigError::HalfTls));
    }
}
