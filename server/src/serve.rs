//! A server from its start to its end.

use crate::accept::Door;
use crate::app::App;
use crate::auth::Tokens;
use crate::config::{AtStart, Config, LogFormat, LogLevel};
use crate::files::Reloaded;
use crate::rules::{Reading, Reloader, Rules};
use crate::tls::{self, Certificate};
use crate::watch::{self, Hints};
use crate::{routes, signals};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};
use tierline_engine::load::StoreError;
use tokio::net::{TcpListener, TcpSocket};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch as told;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls;
use tracing::level_filters::LevelFilter;

/// The stack of a thread that evaluates: that of a program's first thread, on which commands run.
const STACK: usize = 8 << 20;
/// How many connections may wait to be accepted.
const BACKLOG: u32 = 4096;
/// How long to wait between two readings at the start.
const BETWEEN: Duration = Duration::from_millis(20);
/// How long the readings may differ at the start.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why a server did not start, or not end well.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The rules folder cannot be read.
    #[error("{0}")]
    Rules(#[from] StoreError),
    /// Programs are invalid; the log says how.
    #[error("the rules of {} cannot be used; mend them, or start with `--at-start serve`", .0.join(", "))]
    Invalid(Vec<String>),
    /// There is no program.
    #[error("`{0}` holds no PROGRAM/VERSION.toml")]
    Empty(String),
    /// The tokens cannot be used.
    #[error("the tokens cannot be used: {0}")]
    Tokens(String),
    /// The certificate cannot be used.
    #[error("the certificate cannot be used: {0}")]
    Certificate(String),
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
    /// The address cannot be listened on.
    #[error("cannot listen on `{address}`: {cause}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why not.
        cause: io::Error,
    },
    /// The system does not give what the server needs.
    #[error("{0}")]
    System(#[from] io::Error),
    /// Requests did not end in time.
    #[error("some requests did not end within {} ms and were cut off", .0.as_millis())]
    CutOff(Duration),
}

/// Serves until the process is told to end.
///
/// # Errors
/// When the server cannot start, or requests had to be cut off at its end.
pub fn serve(config: Config) -> Result<(), ServeError> {
    log(config.log, config.log_format);
    let (reloader, rules) = load(&config)?;
    let tokens = config.tokens.clone().map(|path| Reloaded::open(vec![path], Tokens::read));
    let tokens = tokens.transpose().map_err(ServeError::Tokens)?;
    let certificate = match (config.tls_certificate.clone(), config.tls_key.clone()) {
        (Some(chain), Some(key)) => Some(Arc::new(Certificate::open(chain, key).map_err(ServeError::Certificate)?)),
        _ => None,
    };
    let tls = certificate.as_ref().map(tls::config).transpose()?.map(TlsAcceptor::from);
    raise_limit(config.connections);
    let runtime = runtime(config.threads)?;
    let address = config.listen;
    let listener = runtime.block_on(listen(address)).map_err(|cause| ServeError::Listen { address, cause })?;
    let address = listener.local_addr()?;
    let app = Arc::new(App::new(config, rules, tokens, certificate));
    let (hints, thread) = watch::start(&app, reloader)?;
    let (stopper, stop) = told::channel(false);
    signals::start(&app, &hints, stopper)?;
    hello(&app, address, tls.is_some());
    let door = Door { listener, tls, router: routes::router(&app), app: Arc::clone(&app) };
    let all_ended = runtime.block_on(door.serve(stop));
    end(&hints, thread, runtime);
    if all_ended { Ok(()) } else { Err(ServeError::CutOff(app.config.drain)) }
}

/// Reads the rules until two readings agree.
fn load(config: &Config) -> Result<(Reloader, Rules), ServeError> {
    let until = Instant::now() + PATIENCE;
    let mut reading = Reading::take(&config.rules, &config.plugins)?;
    loop {
        thread::sleep(BETWEEN);
        let again = Reading::take(&config.rules, &config.plugins)?;
        if again == reading || Instant::now() > until {
            break;
        }
        reading = again;
    }
    let (reloader, rules) = Reloader::start(&reading, config.settle);
    let (set, news) = (rules.set(), rules.news());
    for (program, refused) in &news.refused {
        for reason in &refused.reasons {
            tracing::error!(program, reason = reason.told(), "the rules cannot be used");
        }
    }
    let refused: Vec<String> = news.refused.keys().cloned().collect();
    if !refused.is_empty() && config.at_start == AtStart::Stop {
        return Err(ServeError::Invalid(refused));
    }
    if set.programs.is_empty() && refused.is_empty() {
        return Err(ServeError::Empty(config.rules.display().to_string()));
    }
    Ok((reloader, rules))
}

fn runtime(threads: usize) -> io::Result<Runtime> {
    let mut builder = Builder::new_multi_thread();
    if threads > 0 {
        builder.worker_threads(threads);
    }
    builder.thread_name("serve").thread_stack_size(STACK).enable_io().enable_time().build()
}

async fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // A server that has just stopped leaves its port to the next one.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Every connection is an open file; the system may allow more of them than it does unasked.
fn raise_limit(connections: usize) {
    let wanted = u64::try_from(connections).unwrap_or(u64::MAX).saturating_add(512);
    match rlimit::increase_nofile_limit(wanted) {
        Ok(limit) if limit < wanted => {
            tracing::warn!(limit, connections, "the system allows fewer open files than there may be connections");
        }
        Ok(_) => {}
        Err(cause) => tracing::warn!(%cause, "the limit of open files is not known"),
    }
}

fn hello(app: &App, address: SocketAddr, tls: bool) {
    let set = app.rules.set();
    let scheme = if tls { "https" } else { "http" };
    let programs = set.programs.len();
    tracing::info!(%address, url = format!("{scheme}://{address}/docs"), set = set.digest, programs, "listening");
    if !address.ip().is_loopback() && !tls {
        tracing::warn!("tokens and facts are not encrypted; put TLS in front of the server, or name a certificate");
    }
}

fn end(hints: &Hints, thread: thread::JoinHandle<()>, runtime: Runtime) {
    hints.stop();
    let _ = thread.join();
    // Evaluations that take too long are not waited for.
    runtime.shutdown_timeout(Duration::from_secs(1));
    tracing::info!("stopped");
}

fn log(level: LogLevel, format: LogFormat) {
    let level = match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
    };
    let builder = tracing_subscriber::fmt().with_max_level(level).with_target(false).with_writer(io::stderr);
    // Whoever embeds the server may log already.
    let _ = match format {
        LogFormat::Json => builder.json().flatten_event(true).with_current_span(false).try_init(),
        LogFormat::Text => builder.with_ansi(false).try_init(),
    };
}
