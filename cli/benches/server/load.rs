//! Requests by the thousand: how many in a second, how long each, what was not answered well.

use crate::bare::Bare;
use crate::{PLUGINS, PROGRAM, partner_year, rules};
use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};
use tierline_tests::http::Client;
use tierline_tests::server::{Place, Server};

/// Where the server is asked.
const EVALUATE: &str = "/v1/programs/redhat-pex/evaluate";
/// The requests of one measurement.
const REQUESTS: usize = 60_000;
/// The connections that ask at once.
const CONNECTIONS: usize = 8;
/// How often each is measured, in turn, so that both have the machine in the same moods.
const ROUNDS: usize = 3;

/// What requests came to.
#[derive(Default)]
pub struct Figures {
    /// How long each took, in ascending order.
    latencies: Vec<Duration>,
    /// Everything but 2xx, with how often.
    others: BTreeMap<String, usize>,
    /// How long all of them took.
    took: Duration,
}

impl Figures {
    fn at(&self, share: f64) -> Duration {
        let place = (self.latencies.len() as f64 * share) as usize;
        self.latencies.get(place.min(self.latencies.len().saturating_sub(1))).copied().unwrap_or_default()
    }

    /// How many in a second.
    pub fn rate(&self) -> f64 {
        self.latencies.len() as f64 / self.took.as_secs_f64()
    }

    /// In one line.
    pub fn told(&self, what: &str) -> String {
        let micros = |time: Duration| time.as_micros();
        let (p50, p99, most) = (micros(self.at(0.5)), micros(self.at(0.99)), micros(self.at(1.0)));
        let others: usize = self.others.values().sum();
        format!(
            "{what:<34} {:>8.0}/s   p50 {p50:>6} µs   p99 {p99:>6} µs   most {most:>7} µs   not 2xx: {others} {:?}",
            self.rate(),
            self.others
        )
    }
}

/// Asks `requests` times over some connections.
pub fn ask(address: SocketAddr, path: &str, body: &[u8], requests: usize) -> Figures {
    let start = Instant::now();
    let each = requests / CONNECTIONS;
    let parts: Vec<Figures> = thread::scope(|scope| {
        let askers: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(|| converse(address, path, body, each))).collect();
        askers.into_iter().map(|asker| asker.join().expect("an asker")).collect()
    });
    let mut all = Figures { took: start.elapsed(), ..Figures::default() };
    for part in parts {
        all.latencies.extend(part.latencies);
        part.others.into_iter().for_each(|(what, count)| *all.others.entry(what).or_default() += count);
    }
    all.latencies.sort_unstable();
    all
}

fn converse(address: SocketAddr, path: &str, body: &[u8], requests: usize) -> Figures {
    let mut client = Client::connect(address).expect("a connection");
    let mut figures = Figures { latencies: Vec::with_capacity(requests), ..Figures::default() };
    for _ in 0..requests {
        let start = Instant::now();
        let told = match client.post(path, body) {
            Ok(response) if (200..300).contains(&response.status) => None,
            Ok(response) => Some(response.status.to_string()),
            Err(error) => {
                client = Client::connect(address).expect("a connection");
                Some(error.kind().to_string())
            }
        };
        figures.latencies.push(start.elapsed());
        if let Some(told) = told {
            *figures.others.entry(told).or_default() += 1;
        }
    }
    figures
}

/// One of those that are held against each other.
struct Target<'a> {
    what: String,
    address: SocketAddr,
    path: &'static str,
    cpu: Box<dyn Fn() -> Duration + 'a>,
    /// The best rate, in requests a second.
    rate: f64,
    /// The least time that a request took of all processors.
    least: Duration,
}

impl<'a> Target<'a> {
    fn new(what: &str, address: SocketAddr, path: &'static str, cpu: impl Fn() -> Duration + 'a) -> Self {
        Self { what: what.to_owned(), address, path, cpu: Box::new(cpu), rate: 0.0, least: Duration::MAX }
    }

    fn measure(&mut self, body: &[u8]) {
        let before = (self.cpu)();
        let figures = ask(self.address, self.path, body, REQUESTS);
        let each = ((self.cpu)() - before) / figures.latencies.len() as u32;
        println!("  {}   its own {:>4} µs", figures.told(&self.what), each.as_micros());
        self.rate = self.rate.max(figures.rate());
        self.least = self.least.min(each);
    }
}

/// The server with some rules, other builds of it with the same, and bare handlers whose answers are as long.
struct Group {
    rules: &'static str,
    server: Server,
    builds: Vec<(String, Server)>,
    bare: Bare,
    /// What the bare handlers do, and where they are.
    handlers: Vec<(&'static str, &'static str)>,
}

impl Group {
    fn start(rules: &'static str, folder: &Path, arguments: &[&str], builds: &[String], body: &[u8]) -> Self {
        let threads = thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let server = Server::start(PROGRAM, folder, arguments);
        let builds = builds.iter().map(|build| (build.clone(), Server::start(build, folder, arguments))).collect();
        let answer = server.client().post(EVALUATE, body).expect("an answer");
        assert_eq!(answer.status, 200, "{}", answer.text());
        println!("  {rules}: {} bytes in, {} out", body.len(), answer.body.len());
        let bare = Bare::start(&answer.body, threads);
        let handlers = vec![
            ("bare axum, parsed, and one written", "/document"),
            ("bare axum, parsed", "/parse"),
            ("bare axum, read through", "/check"),
        ];
        Self { rules, server, builds, bare, handlers }
    }

    /// The server first, then what it is held against.
    fn targets(&self) -> Vec<Target<'_>> {
        let own = format!("tierline, {}", self.rules);
        let own = Target::new(&own, self.server.address, EVALUATE, || self.server.cpu());
        let builds = self.builds.iter();
        let builds = builds.map(|(build, other)| Target::new(build, other.address, EVALUATE, || other.cpu()));
        let bare = self.handlers.iter();
        let bare = bare.map(|(what, path)| Target::new(what, self.bare.address, path, || self.bare.cpu()));
        [own].into_iter().chain(builds).chain(bare).collect()
    }
}

/// The server beside bare handlers, beside the same work done by hand, and beside other builds of itself.
///
/// What is done by hand are fewer rules than the whole rulebook has, so the server stands beside it with just
/// those. Whoever asks runs on the same machine, so the rates are those of both together; `its own` is the
/// time of the processors that the server alone takes for a request.
pub fn run(builds: &[String]) {
    let body = partner_year();
    println!("load: {CONNECTIONS} connections");
    let same_rules = Place::new();
    same_rules.write("redhat-pex/2024-07.toml", include_str!("../../../tests/benches/points-and-tiers.toml"));
    let whole = Group::start("whole rulebook", &rules(), &PLUGINS, builds, &body);
    let mut same = Group::start("same rules", &same_rules.path(""), &[], builds, &body);
    same.handlers.push(("axum, the same rules by hand", "/by-hand"));
    let mut groups = [whole.targets(), same.targets()];
    for target in groups.iter().flatten() {
        ask(target.address, target.path, &body, REQUESTS / 6);
    }
    for _ in 0..ROUNDS {
        groups.iter_mut().flatten().for_each(|target| target.measure(&body));
    }
    println!("  best of {ROUNDS}:");
    for (own, others) in groups.iter().filter_map(|targets| targets.split_first()) {
        println!("    {}", own.what);
        for other in others {
            let (rate, time) = (own.rate / other.rate, own.least.as_secs_f64() / other.least.as_secs_f64());
            println!("      beside {:<34} {rate:>5.2} of its rate, {time:>5.2} of its time", other.what);
        }
    }
    println!("  memory of the server: {} MiB; load of the machine: {}", whole.server.memory() >> 20, load());
}

/// How busy the machine is and was, as the system tells it.
fn load() -> String {
    let told = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    told.split_whitespace().take(3).collect::<Vec<_>>().join(" ")
}

/// Ten thousand connections that say nothing, and requests beside them.
pub fn idle() {
    const IDLE: usize = 10_000;
    rlimit::increase_nofile_limit(IDLE as u64 + 1_000).expect("a limit of open files");
    let server = Server::start(PROGRAM, &rules(), &PLUGINS);
    let before = server.memory();
    let start = Instant::now();
    let idle: Vec<TcpStream> = (0..IDLE).map_while(|_| TcpStream::connect(server.address).ok()).collect();
    let took = start.elapsed();
    let figures = ask(server.address, EVALUATE, &partner_year(), REQUESTS / 6);
    println!(
        "idle: {} connections in {} ms, {} MiB before and {} MiB with them",
        idle.len(),
        took.as_millis(),
        before >> 20,
        server.memory() >> 20
    );
    println!("  {}", figures.told("beside them"));
}
