//! Requests by the thousand: how many in a second, how long each, what was not answered well.

use crate::bare::Bare;
use crate::{PLUGINS, PROGRAM, partner_year, rules};
use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};
use tierline_tests::http::Client;
use tierline_tests::server::Server;

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

/// The server beside a bare handler.
pub fn run() {
    const PATH: &str = "/v1/programs/redhat-pex/evaluate";
    let body = partner_year();
    let threads = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let server = Server::start(PROGRAM, &rules(), &PLUGINS);
    let answer = server.client().post(PATH, &body).expect("an answer");
    assert_eq!(answer.status, 200, "{}", answer.text());
    let bare = Bare::start(answer.body.len(), threads);
    println!("load: {} bytes in, {} out, {CONNECTIONS} connections, {threads} threads", body.len(), answer.body.len());
    let targets = [
        ("tierline", server.address, PATH),
        ("bare axum, parsed into a JSON value", bare.address, "/parse"),
        ("bare axum, read through", bare.address, "/check"),
    ];
    for (_, address, path) in targets {
        ask(address, path, &body, REQUESTS / 6);
    }
    let mut rates = [const { Vec::new() }; 3];
    for _ in 0..ROUNDS {
        for (place, (what, address, path)) in targets.into_iter().enumerate() {
            let figures = ask(address, path, &body, REQUESTS);
            println!("  {}", figures.told(what));
            rates[place].push(figures.rate());
        }
    }
    let best = rates.map(|rates| rates.into_iter().fold(0.0, f64::max));
    println!(
        "  best of {ROUNDS}: {:.2} of the parsing handler, {:.2} of the one that reads through",
        best[0] / best[1],
        best[0] / best[2]
    );
    println!("  memory of the server: {} MiB", server.memory() >> 20);
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
    let figures = ask(server.address, "/v1/programs/redhat-pex/evaluate", &partner_year(), REQUESTS / 6);
    println!(
        "idle: {} connections in {} ms, {} MiB before and {} MiB with them",
        idle.len(),
        took.as_millis(),
        before >> 20,
        server.memory() >> 20
    );
    println!("  {}", figures.told("beside them"));
}
