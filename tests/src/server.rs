//! The real program, serving on a free port of this machine, with a folder of rules that tests may change.

use crate::http::Client;
use serde_json::Value;
use std::io::{self, BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long to wait for what must come.
const PATIENCE: Duration = Duration::from_secs(30);

/// A folder of its own, gone in the end.
#[derive(Debug)]
pub struct Place(PathBuf);

impl Place {
    /// A new folder.
    ///
    /// # Panics
    /// When the system gives none.
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("tierline-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        match std::fs::create_dir_all(&path) {
            Ok(()) => Self(path),
            Err(cause) => panic!("{}: {cause}", path.display()),
        }
    }

    /// A path inside.
    pub fn path(&self, inside: &str) -> PathBuf {
        self.0.join(inside)
    }

    /// Writes a file, with the folders that it stands in.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn write(&self, inside: &str, text: &str) -> PathBuf {
        let path = self.path(inside);
        let folder = path.parent().unwrap_or(&self.0);
        match std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&path, text)) {
            Ok(()) => path,
            Err(cause) => panic!("{}: {cause}", path.display()),
        }
    }
}

impl Default for Place {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A server that runs.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    log: Arc<Mutex<Vec<Value>>>,
}

impl Server {
    /// Starts `program` with the rules at `rules`.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start(program: &str, rules: &Path, arguments: &[&str]) -> Self {
        match Self::try_start(program, rules, arguments) {
            Ok(server) => server,
            Err(log) => panic!("the server did not start:\n{log}"),
        }
    }

    /// The same; what it said when it does not start.
    ///
    /// # Errors
    /// When it does not start.
    pub fn try_start(program: &str, rules: &Path, arguments: &[&str]) -> Result<Self, String> {
        let mut command = Command::new(program);
        command.arg("--rules").arg(rules).args(["serve", "--listen", "127.0.0.1:0"]).args(arguments);
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|cause| format!("{program}: {cause}"))?;
        let mut lines = BufReader::new(child.stderr.take().ok_or("no log")?).lines();
        let mut said = String::new();
        let log = Arc::new(Mutex::new(Vec::new()));
        while let Some(Ok(line)) = lines.next() {
            said.push_str(&line);
            said.push('\n');
            let entry: Value = serde_json::from_str(&line).unwrap_or_default();
            let address = entry["address"].as_str().and_then(|address| address.parse().ok());
            add(&log, entry);
            if let Some(address) = address {
                let kept = Arc::clone(&log);
                thread::spawn(move || {
                    lines.map_while(Result::ok).for_each(|line| {
                        add(&kept, serde_json::from_str(&line).unwrap_or(Value::String(line)));
                    });
                });
                return Ok(Self { child, address, log });
            }
        }
        let exit = child.wait().map_err(|cause| cause.to_string())?;
        Err(format!("{said}{exit}"))
    }

    /// A new connection.
    ///
    /// # Panics
    /// When nobody listens.
    pub fn client(&self) -> Client {
        match Client::connect(self.address) {
            Ok(client) => client,
            Err(cause) => panic!("{}: {cause}", self.address),
        }
    }

    /// What it has logged.
    pub fn log(&self) -> Vec<Value> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sends a signal, such as `HUP`.
    ///
    /// # Panics
    /// When it cannot be sent.
    pub fn signal(&self, signal: &str) {
        let sent = Command::new("kill").arg(format!("-{signal}")).arg(self.child.id().to_string()).status();
        assert!(sent.is_ok_and(|status| status.success()), "the signal {signal}");
    }

    /// The bytes of memory that it holds.
    ///
    /// # Panics
    /// When the system does not tell.
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        match kib {
            Some(kib) => kib << 10,
            None => panic!("no memory in {status}"),
        }
    }

    /// The time that it has used of all processors.
    pub fn cpu(&self) -> Duration {
        cpu(self.child.id())
    }

    /// Waits until it has ended.
    ///
    /// # Errors
    /// When it does not end.
    pub fn ended(&mut self) -> io::Result<ExitStatus> {
        let until = Instant::now() + PATIENCE;
        loop {
            match self.child.try_wait()? {
                Some(status) => return Ok(status),
                None if Instant::now() > until => return Err(io::ErrorKind::TimedOut.into()),
                None => thread::sleep(Duration::from_millis(10)),
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn add(log: &Mutex<Vec<Value>>, entry: Value) {
    log.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
}

/// The time that a process has used of all processors.
///
/// # Panics
/// When the system does not tell.
pub fn cpu(process: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name, in brackets, may hold anything; user and system time are the 12th and 13th field after it.
    let fields = stat.rsplit(')').next().unwrap_or("").split_whitespace().skip(11).take(2);
    let ticks: Vec<u64> = fields.filter_map(|ticks| ticks.parse().ok()).collect();
    match ticks.as_slice() {
        // Linux tells programs of a hundred ticks in a second, whatever it counts itself.
        [user, system] => Duration::from_millis((user + system) * 10),
        _ => panic!("no times in {stat}"),
    }
}

/// Waits until `holds`, and gives for how long that was.
///
/// # Panics
/// When it does not come.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) -> Duration {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < PATIENCE, "{what} did not come");
        thread::sleep(Duration::from_millis(5));
    }
    start.elapsed()
}
