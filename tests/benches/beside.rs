//! The engine beside the program by hand in one run: medians, and how many times as long the engine takes.
//!
//! `cargo bench -p tierline-tests --bench beside`
//!
//! What is compared takes turns, round after round, so that whatever else the machine does meanwhile falls on
//! all of it alike.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use tierline_engine::compile::{Plan, Program};
use tierline_engine::evaluate::Question;
use tierline_engine::facts::{self, Arena};
use tierline_engine::finding::Findings;
use tierline_engine::load::Folder;
use tierline_engine::portfolio::{self, Answer, Line};
use tierline_engine::sample;
use tierline_engine::source::Sources;
use tierline_tests::by_hand;

const FACTS: &[u8] = include_bytes!("partner-year.json");
const RULEBOOK: &str = include_str!("../../rules/redhat-pex/2024-07.toml");
/// The rules that the program by hand computes too.
const SAME_RULES: &str = include_str!("points-and-tiers.toml");
const SAMPLES: &str = include_str!("../../rules/redhat-pex/samples/partner-years.toml");
const AS_OF: NaiveDate = NaiveDate::from_ymd_opt(2025, 11, 30).expect("a calendar day");

/// As much as the command line sets aside for one line.
const ARENA: usize = 64 << 10;
/// How many partners a batch has.
const PARTNERS: u64 = 4_000;
/// How many lines a thread takes at once, as the command line does.
const CHUNK: usize = 32;
/// How often each document is answered before the clock is read: few times, so that most are undisturbed.
const REPEATS: u32 = 10;

type Work<'w> = (&'static str, Box<dyn FnMut() + 'w>);

fn main() {
    // Cargo runs benchmarks as tests too: then everything runs once.
    let measured = std::env::args().any(|argument| argument == "--bench");
    let (rounds, repeats) = if measured { (900, REPEATS) } else { (1, 1) };
    let (same, whole) = (plan(SAME_RULES), plan(RULEBOOK));
    one_document(&same, &whole, rounds, repeats);
    let lines = lines(&same, if measured { PARTNERS } else { 2 * CHUNK as u64 });
    for threads in [1, 2] {
        batch(&same, &whole, &lines, threads, if measured { 15 } else { 1 });
    }
}

fn folder(rulebook: &str) -> Folder {
    let files = [("redhat-pex/2024-07.toml", rulebook), ("redhat-pex/samples/partner-years.toml", SAMPLES)];
    Folder::of("rules", files)
}

fn plan(rulebook: &str) -> Arc<Plan> {
    let load = Program::load(&folder(rulebook), "redhat-pex");
    Arc::clone(load.program.plan(None, AS_OF).expect("the rulebook has no errors"))
}

fn lines(plan: &Plan, partners: u64) -> Vec<Vec<u8>> {
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    let sample = sample::read(&folder(SAME_RULES), plan, "partner-years", AS_OF, &mut sources, &mut findings);
    let sample = sample.expect("the description is in order");
    let line = |number| {
        let mut line = Vec::new();
        sample.write(7, number, &mut line).expect("dates of the calendar");
        line
    };
    (1..=partners).map(line).collect()
}

/// One document, phase by phase and as a whole.
fn one_document(same: &Plan, whole: &Plan, rounds: usize, repeats: u32) {
    let question = Question::on(AS_OF);
    let partner = by_hand::parse(FACTS).expect("the partner-year is well formed");
    let decision = by_hand::evaluate(&partner, AS_OF);
    let reading = |plan: &Plan, arena: &mut Arena| {
        arena.reset();
        black_box(facts::read(&plan.schema, black_box(FACTS), arena).expect("the partner-year is well formed"));
    };
    let whole_way = |plan: &Plan, arena: &mut Arena| {
        arena.reset();
        let facts = facts::read(&plan.schema, black_box(FACTS), arena).expect("the partner-year is well formed");
        black_box(plan.decide(&facts, &question, arena).expect("the evaluation succeeds").to_json());
    };
    let kept = Arena::new();
    let [facts, all_facts] =
        [same, whole].map(|plan| facts::read(&plan.schema, FACTS, &kept).expect("the partner-year is well formed"));
    let [same_answer, whole_answer] = [(same, &facts), (whole, &all_facts)]
        .map(|(plan, facts)| plan.decide(facts, &question, &kept).expect("the evaluation succeeds"));
    // As those do who answer many: each thread has its arena.
    let deciding = |plan: &Plan, facts: &facts::Facts<'_>, arena: &mut Arena| {
        arena.reset();
        black_box(plan.decide(black_box(facts), &question, arena).expect("the evaluation succeeds"));
    };
    let [mut a, mut b, mut c, mut d, mut e, mut f] = [(); 6].map(|()| Arena::with_capacity(ARENA));

    let times = |work: &mut [Work<'_>]| medians(work, rounds, repeats).into_iter().map(|time| time / repeats).collect();
    heading("one document");
    table(
        "reading",
        times(&mut [
            ("by hand", Box::new(|| drop(black_box(by_hand::parse(black_box(FACTS)))))),
            ("same rules", Box::new(|| reading(same, &mut a))),
            ("whole rulebook", Box::new(|| reading(whole, &mut b))),
        ]),
    );
    table(
        "deciding",
        times(&mut [
            ("by hand", Box::new(|| drop(black_box(by_hand::evaluate(black_box(&partner), AS_OF))))),
            ("same rules", Box::new(|| deciding(same, &facts, &mut e))),
            ("whole rulebook", Box::new(|| deciding(whole, &all_facts, &mut f))),
        ]),
    );
    table(
        "writing",
        times(&mut [
            ("by hand", Box::new(|| drop(black_box(by_hand::write(black_box(&decision)))))),
            ("same rules", Box::new(|| drop(black_box(black_box(&same_answer).to_json())))),
            ("whole rulebook", Box::new(|| drop(black_box(black_box(&whole_answer).to_json())))),
        ]),
    );
    table(
        "bytes to bytes",
        times(&mut [
            ("by hand", Box::new(|| drop(black_box(by_hand::decide(black_box(FACTS), AS_OF))))),
            ("same rules", Box::new(|| whole_way(same, &mut c))),
            ("whole rulebook", Box::new(|| whole_way(whole, &mut d))),
        ]),
    );
}

/// Many documents, each a line in and a line out.
fn batch(same: &Plan, whole: &Plan, lines: &[Vec<u8>], threads: usize, rounds: usize) {
    let by_hand = |chunk: &[Vec<u8>], (): &mut (), out: &mut Vec<u8>| {
        for line in chunk {
            out.extend_from_slice(&by_hand::decide(line, AS_OF).expect("the partner-year is well formed"));
            out.push(b'\n');
        }
    };
    let question = Question::on(AS_OF);
    let by_engine = |plan: &Plan, chunk: &[Vec<u8>], arena: &mut Arena, out: &mut Vec<u8>| {
        for (number, line) in (1..).zip(chunk) {
            let answer = portfolio::answer(plan, &question, number, Line::Facts(line), arena, out);
            assert_eq!(answer, Answer::Decision);
        }
    };
    let arena = || Arena::with_capacity(ARENA);
    let mut work: [Work<'_>; 3] = [
        ("by hand", Box::new(|| in_chunks(lines, threads, || (), by_hand))),
        ("same rules", Box::new(|| in_chunks(lines, threads, arena, |c, a, o| by_engine(same, c, a, o)))),
        ("whole rulebook", Box::new(|| in_chunks(lines, threads, arena, |c, a, o| by_engine(whole, c, a, o)))),
    ];
    let count = u32::try_from(lines.len()).expect("few lines");
    let times = medians(&mut work, rounds, 1).into_iter().map(|time| time / count).collect();
    let threads = if threads == 1 { "one thread".to_owned() } else { format!("{threads} threads") };
    heading(&format!("each line of {count}, {threads}"));
    table("bytes to bytes", times);
}

/// Answers all lines: each thread takes the next chunk until there is none.
fn in_chunks<State>(
    lines: &[Vec<u8>],
    threads: usize,
    start: impl Fn() -> State + Sync,
    answer: impl Fn(&[Vec<u8>], &mut State, &mut Vec<u8>) + Sync,
) {
    let chunks: Vec<&[Vec<u8>]> = lines.chunks(CHUNK).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut state = start();
        while let Some(chunk) = chunks.get(next.fetch_add(1, Ordering::Relaxed)) {
            let mut out = Vec::new();
            answer(chunk, &mut state, &mut out);
            black_box(out);
        }
    };
    if threads == 1 {
        return work();
    }
    thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
}

/// The median time that each takes for so many repeats; they take turns.
fn medians(work: &mut [Work<'_>], rounds: usize, repeats: u32) -> Vec<Duration> {
    let mut times = vec![Vec::with_capacity(rounds); work.len()];
    for round in 0..=rounds {
        for ((_, work), times) in work.iter_mut().zip(&mut times) {
            let start = Instant::now();
            (0..repeats).for_each(|_| work());
            // The first round warms up.
            if round > 0 {
                times.push(start.elapsed());
            }
        }
    }
    times.iter_mut().for_each(|times| times.sort_unstable());
    times.iter().map(|times| times[times.len() / 2]).collect()
}

fn heading(what: &str) {
    println!("\n{what:<28} {:>12} {:>12} {:>7} {:>14} {:>7}", "by hand", "same rules", "×", "whole rulebook", "×");
}

fn table(phase: &str, times: Vec<Duration>) {
    let [by_hand, same, whole] = times[..] else { unreachable!("three are compared") };
    let micros = |time: Duration| format!("{:.2} µs", time.as_nanos() as f64 / 1_000.0);
    let ratio = |time: Duration| format!("{:.2}", time.as_secs_f64() / by_hand.as_secs_f64());
    let columns = [micros(by_hand), micros(same), ratio(same), micros(whole), ratio(whole)];
    let [a, b, c, d, e] = columns;
    println!("  {phase:<26} {a:>12} {b:>12} {c:>7} {d:>14} {e:>7}");
}
