//! What can be set. A setting is one line of `settings!`: from it come the flag, the variable, the key of
//! the file, its help and its place in `--print-config`.
//!
//! A flag goes before a variable, a variable before the file, the file before the default.

mod resolve;
mod value;

pub use resolve::{ConfigError, Given, Origin, Resolved, flag, resolve};
pub use value::{AtStart, LogFormat, LogLevel, Size, Value};

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// What is said of a setting.
#[derive(Debug)]
pub struct Setting {
    /// Its name, as the file spells it; the flag has dashes, the variable is in capitals.
    pub name: &'static str,
    /// What stands for its value in help texts.
    pub value: &'static str,
    /// Its value when nobody sets it; `none` where it then has none.
    pub default: &'static str,
    /// What it is for.
    pub about: &'static str,
}

macro_rules! settings {
    ($($(#[doc = $about:literal])+ $name:ident: $type:ty = $default:literal, $value:literal;)+) => {
        /// Every setting, by its type.
        #[derive(Clone, Debug)]
        pub struct Config {
            $($(#[doc = $about])+ pub $name: $type,)+
        }

        /// Every setting, for help texts.
        pub static SETTINGS: &[Setting] = &[$(Setting {
            name: stringify!($name), value: $value, default: $default, about: concat!($($about),+),
        }),+];

        impl Config {
            /// The settings of these values.
            fn of(resolved: &Resolved) -> Result<Self, ConfigError> {
                Ok(Self { $($name: resolved.read(stringify!($name))?,)+ })
            }
        }
    };
}

settings! {
    /// The address to listen on; port 0 takes any that is free
    listen: SocketAddr = "127.0.0.1:8410", "ADDRESS";
    /// The folder of the rulebooks
    rules: PathBuf = "rules", "DIR";
    /// The folder of the plugins
    plugins: PathBuf = "plugins", "DIR";
    /// What an invalid program does at the start: `stop` the start, or `serve` the others
    at_start: AtStart = "stop", "stop|serve";
    /// How long the rules must stay as they are before they are used
    settle: Duration = "350 ms", "TIME";
    /// How often the folders are read again when nothing says that they changed
    rescan: Duration = "2 s", "TIME";
    /// After how long with other rules than those on disk the server is not ready; `none`: it stays ready
    ready_stale_after: Option<Duration> = "none", "TIME";

    /// The file of bearer tokens, as hashes with scopes; without it nobody is asked for a token
    tokens: Option<PathBuf> = "none", "FILE";
    /// Listen on a public address though nobody is asked for a token
    allow_unauthenticated: bool = "false", "true|false";
    /// The certificate chain (PEM) for TLS; it is read again when it changes
    tls_certificate: Option<PathBuf> = "none", "FILE";
    /// The private key (PEM) for TLS
    tls_key: Option<PathBuf> = "none", "FILE";

    /// The most bytes of a request's body, decompressed
    body_limit: Size = "1 MiB", "SIZE";
    /// The most bytes of bodies that are held at once, over all requests
    body_memory: Size = "256 MiB", "SIZE";
    /// How deep JSON may nest in a request
    depth_limit: usize = "32", "N";
    /// How long the whole body of a request may take to arrive
    body_timeout: Duration = "20 s", "TIME";
    /// How long the head of a request may take to arrive, and how long a connection may be idle
    header_timeout: Duration = "20 s", "TIME";
    /// The most connections at once
    connections: usize = "16384", "N";
    /// The most evaluations at once; the next is told to come again
    evaluations: usize = "256", "N";
    /// How long an evaluation may take
    evaluation_limit: Duration = "2 s", "TIME";
    /// The most batches at once; the next is told to come again
    batches: usize = "8", "N";
    /// The most bytes of one batch, decompressed
    batch_limit: Size = "4 GiB", "SIZE";
    /// How long a batch may wait for its next line, or for its answers to be taken
    batch_timeout: Duration = "60 s", "TIME";
    /// The threads that serve; 0: as many as the machine has cores
    threads: usize = "0", "N";
    /// How long requests may take to end when the server stops
    drain: Duration = "30 s", "TIME";

    /// What is logged, to standard error
    log: LogLevel = "info", "error|warn|info|debug";
    /// How it is logged
    log_format: LogFormat = "json", "json|text";
}

impl Config {
    /// Holds the settings against each other.
    fn checked(self) -> Result<Self, ConfigError> {
        if self.tls_certificate.is_some() != self.tls_key.is_some() {
            return Err(ConfigError::HalfTls);
        }
        if !self.listen.ip().is_loopback() && self.tokens.is_none() && !self.allow_unauthenticated {
            return Err(ConfigError::Public { address: self.listen });
        }
        let limits = [
            ("body_limit", self.body_limit.0),
            ("depth_limit", self.depth_limit),
            ("connections", self.connections),
            ("evaluations", self.evaluations),
            ("batches", self.batches),
            ("batch_limit", self.batch_limit.0),
        ];
        if let Some((name, _)) = limits.into_iter().find(|(_, limit)| *limit == 0) {
            return Err(ConfigError::Nothing { name });
        }
        if self.body_memory.0 < self.body_limit.0 {
            return Err(ConfigError::LittleMemory);
        }
        Ok(self)
    }
}
