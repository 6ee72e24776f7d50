//! Rules that change under load: how soon the new ones answer, and whether any request fails or is answered
//! by a mix of two versions.

use crate::PROGRAM;
use serde_json::Value;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use tierline_tests::server::{Place, Server, until};

const EVALUATE: &str = "/v1/programs/acme/evaluate";
const ASKED: &[u8] = br#"{"as_of":"2025-06-01","facts":{"partner":{"id":"P-7"}}}"#;

/// Every decision tells the stamp of the rule file, and that of the table beside it.
fn rulebook(stamp: usize) -> String {
    format!(
        "[rulebook]\nprogram = \"acme\"\nversion = \"2025\"\nstatus = \"published\"\n\
         effective = {{ from = 2025-01-01 }}\ncurrency = \"USD\"\ntitle = \"Acme\"\n\
         [facts.partner]\nid = \"id\"\n[parameters.stamp]\nis = {stamp}\n\
         [tables.mark]\nrows = {{ csv = \"marks.csv\" }}\n\
         [[measures]]\nid = \"of_file\"\nvalue = 'stamp'\n\
         [[measures]]\nid = \"of_table\"\nvalue = 'mark[\"only\"].stamp'\n"
    )
}

fn table(stamp: usize) -> String {
    format!("id,stamp\nonly,{stamp}\n")
}

fn write(place: &Place, folder: &str, stamp: usize) {
    place.write(&format!("{folder}/2025.toml"), &rulebook(stamp));
    place.write(&format!("{folder}/marks.csv"), &table(stamp));
}

fn stamps(decision: &Value) -> (usize, usize) {
    let of = |name: &str| decision["measures"][name].as_str().and_then(|stamp| stamp.parse().ok()).unwrap_or(0);
    (of("of_file"), of("of_table"))
}

/// What happened while rules changed.
#[derive(Default)]
struct Seen {
    answers: AtomicUsize,
    failed: AtomicUsize,
    mixed: AtomicUsize,
}

/// Asks all the time while `change` goes on.
fn under_load<T>(server: &Server, change: impl FnOnce() -> T) -> (T, Seen) {
    let (seen, done) = (Seen::default(), AtomicBool::new(false));
    let changed = thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut client = server.client();
                while !done.load(Ordering::Relaxed) {
                    match client.post(EVALUATE, ASKED) {
                        Ok(response) if response.status == 200 => {
                            let (file, table) = stamps(&response.json());
                            seen.answers.fetch_add(1, Ordering::Relaxed);
                            seen.mixed.fetch_add(usize::from(file != table), Ordering::Relaxed);
                        }
                        _ => {
                            seen.failed.fetch_add(1, Ordering::Relaxed);
                            client = server.client();
                        }
                    }
                    // Heavy, and yet such that the machine has room for what is measured.
                    thread::sleep(Duration::from_micros(200));
                }
            });
        }
        let changed = change();
        done.store(true, Ordering::Relaxed);
        changed
    });
    (changed, seen)
}

/// Waits until a decision tells `stamp`, and gives how long that was since `start`.
fn served(server: &Server, stamp: usize, start: Instant) -> Duration {
    let mut client = server.client();
    until("the new stamp", || stamps(&client.post(EVALUATE, ASKED).expect("an answer").json()).0 == stamp);
    start.elapsed()
}

fn told(what: &str, mut times: Vec<Duration>, seen: &Seen) {
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_millis();
    let count = |count: &AtomicUsize| count.load(Ordering::Relaxed);
    println!(
        "  {what:<34} {:>4} times   p50 {:>4} ms   p99 {:>4} ms   most {:>4} ms   answers {:>7}   failed {}   mixed {}",
        times.len(),
        at(0.5),
        at(0.99),
        at(1.0),
        count(&seen.answers),
        count(&seen.failed),
        count(&seen.mixed)
    );
}

/// Five hundred reloads, good and broken in turn.
pub fn run() {
    const TURNS: usize = 250;
    let place = Place::new();
    write(&place, "rules/acme", 1);
    let server = Server::start(PROGRAM, &place.path("rules"), &[]);
    println!("reload: {} reloads, good and broken in turn, by the default settings", 2 * TURNS);
    let ((good, broken), seen) = under_load(&server, || {
        let (mut good, mut broken) = (Vec::new(), Vec::new());
        let mut client = server.client();
        for turn in 2..TURNS + 2 {
            place.write("rules/acme/2025.toml", "this is no rulebook\n");
            let start = Instant::now();
            until("the refusal", || {
                let status = client.get("/v1/status").expect("an answer").json();
                status["programs"][0]["refused"]["reasons"][0]["finding"]["name"] == "toml-syntax"
            });
            broken.push(start.elapsed());
            write(&place, "rules/acme", turn);
            good.push(served(&server, turn, Instant::now()));
        }
        (good, broken)
    });
    told("good rules answer", good, &seen);
    told("broken rules are told of", broken, &seen);
    println!("  memory of the server: {} MiB", server.memory() >> 20);
}

/// A way to change files: the last write is done when it returns.
type Way = fn(&Place, usize);

/// Every way in which a file can change.
pub fn ways() {
    const TIMES: usize = 10;
    let ways: [(&str, Way); 6] = [
        ("written", |place, stamp| write(place, "rules/acme", stamp)),
        ("renamed over", |place, stamp| {
            write(place, "draft", stamp);
            for name in ["marks.csv", "2025.toml"] {
                fs::rename(place.path("draft").join(name), place.path("rules/acme").join(name)).expect("renamed");
            }
        }),
        ("deleted, and restored 1 s later", |place, stamp| {
            for name in ["marks.csv", "2025.toml"] {
                fs::remove_file(place.path("rules/acme").join(name)).expect("removed");
            }
            thread::sleep(Duration::from_secs(1));
            write(place, "rules/acme", stamp);
        }),
        ("two files saved 300 ms apart", |place, stamp| {
            place.write("rules/acme/2025.toml", &rulebook(stamp));
            thread::sleep(Duration::from_millis(300));
            place.write("rules/acme/marks.csv", &table(stamp));
        }),
        ("a burst of 100 saves", |place, stamp| {
            for step in 0..50 {
                place.write("rules/acme/2025.toml", &rulebook(stamp + 1_000 + step));
                place.write("rules/acme/marks.csv", "id,st");
            }
            write(place, "rules/acme", stamp);
        }),
        ("a link swapped as a ConfigMap does", |place, stamp| {
            let acme = place.path("rules/acme");
            write(place, &format!("rules/acme/..{stamp}"), stamp);
            symlink(format!("..{stamp}"), acme.join("..data_tmp")).expect("a link");
            fs::rename(acme.join("..data_tmp"), acme.join("..data")).expect("swapped");
            let _ = fs::remove_dir_all(acme.join(format!("..{}", stamp - 1)));
        }),
    ];
    println!("ways: from the last write until the new rules answer, by the default settings");
    for (what, way) in ways {
        let place = Place::new();
        write(&place, "rules/acme", 1);
        if what.starts_with("a link") {
            let acme = place.path("rules/acme");
            write(&place, "rules/acme/..1", 1);
            symlink("..1", acme.join("..data")).expect("a link");
            for name in ["marks.csv", "2025.toml"] {
                fs::remove_file(acme.join(name)).expect("removed");
                symlink(Path::new("..data").join(name), acme.join(name)).expect("a link");
            }
        }
        let server = Server::start(PROGRAM, &place.path("rules"), &[]);
        let (times, seen) = under_load(&server, || {
            let change = |stamp| {
                way(&place, stamp);
                served(&server, stamp, Instant::now())
            };
            (2..2 + TIMES).map(change).collect()
        });
        told(what, times, &seen);
    }
}
