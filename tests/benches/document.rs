//! One partner-year, bytes to bytes and phase by phase: every way of answering it in one run. And the rules,
//! from their text to a plan.
//!
//! `cargo bench -p tierline-tests --bench document`

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDate;
use criterion::measurement::WallTime;
use criterion::{BatchSize, BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use tierline_engine::check::check;
use tierline_engine::compile::{Plan, Program};
use tierline_engine::evaluate::Question;
use tierline_engine::facts;
use tierline_engine::finding::Findings;
use tierline_engine::load::{self, Folder};
use tierline_engine::source::Sources;
use tierline_tests::by_hand;

const FACTS: &[u8] = include_bytes!("partner-year.json");
const RULEBOOK: &str = include_str!("../../rules/redhat-pex/2024-07.toml");
/// The rules that the program by hand computes too.
const SAME_RULES: &str = include_str!("points-and-tiers.toml");
const AS_OF: NaiveDate = NaiveDate::from_ymd_opt(2025, 11, 30).expect("a calendar day");

fn document(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("document");
    group.warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3)).sample_size(50);
    group.throughput(Throughput::Bytes(FACTS.len() as u64));
    by_hand(&mut group);
    engine(&mut group, "engine, same rules", &plan(SAME_RULES));
    engine(&mut group, "engine, whole rulebook", &plan(RULEBOOK));
    group.finish();
}

fn plan(rulebook: &str) -> Arc<Plan> {
    let rules = Folder::of("rules", [("redhat-pex/2024-07.toml", rulebook)]);
    let load = Program::load(&rules, "redhat-pex");
    Arc::clone(load.program.plan(None, AS_OF).expect("the rulebook has no errors"))
}

fn engine(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, plan: &Plan) {
    let question = Question::on(AS_OF);
    let mut arena = facts::Arena::with_capacity(64 << 10);
    group.bench_function(format!("{name}, bytes to bytes"), |bencher| {
        bencher.iter(|| {
            arena.reset();
            let facts = facts::read(&plan.schema, black_box(FACTS), &arena).expect("the partner-year is well formed");
            plan.decide(&facts, &question, &arena).expect("the evaluation succeeds").to_json()
        });
    });
    arena.reset();
    group.bench_function(format!("{name}, reading alone"), |bencher| {
        bencher.iter(|| {
            arena.reset();
            let facts = facts::read(&plan.schema, black_box(FACTS), &arena).expect("the partner-year is well formed");
            black_box(facts.document().len())
        });
    });
    let kept = facts::Arena::new();
    let facts = facts::read(&plan.schema, FACTS, &kept).expect("the partner-year is well formed");
    group.bench_function(format!("{name}, evaluation alone"), |bencher| {
        bencher.iter(|| {
            let arena = facts::Arena::with_capacity(64 << 10);
            let decision = plan.decide(black_box(&facts), &question, &arena).expect("the evaluation succeeds");
            black_box(decision.measures.0.len())
        });
    });
    let decision = plan.decide(&facts, &question, &kept).expect("the evaluation succeeds");
    group.bench_function(format!("{name}, writing alone"), |bencher| {
        bencher.iter(|| black_box(&decision).to_json());
    });
}

fn by_hand(group: &mut BenchmarkGroup<'_, WallTime>) {
    group.bench_function("by hand, bytes to bytes", |bencher| {
        bencher.iter(|| by_hand::decide(black_box(FACTS), AS_OF).expect("the partner-year is well formed"));
    });
    group.bench_function("by hand, reading alone", |bencher| {
        bencher.iter(|| by_hand::parse(black_box(FACTS)).expect("the partner-year is well formed"));
    });
    let partner = by_hand::parse(FACTS).expect("the partner-year is well formed");
    group.bench_function("by hand, evaluation alone", |bencher| {
        bencher.iter(|| by_hand::evaluate(black_box(&partner), AS_OF));
    });
    let decision = by_hand::evaluate(&partner, AS_OF);
    group.bench_function("by hand, writing alone", |bencher| {
        bencher.iter(|| by_hand::write(black_box(&decision)));
    });
    group.bench_function("by hand, digest alone", |bencher| {
        bencher.iter(|| by_hand::digest(black_box(FACTS)));
    });
}

/// From the text of the rules to what answers questions; the program by hand has none of it.
fn rules(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("rules");
    group.warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3)).sample_size(30);
    for (name, rulebook) in [("same rules", SAME_RULES), ("whole rulebook", RULEBOOK)] {
        let folder = Folder::of("rules", [("redhat-pex/2024-07.toml", rulebook)]);
        group.throughput(Throughput::Bytes(rulebook.len() as u64));
        let load = || {
            let (mut sources, mut findings) = (Sources::default(), Findings::default());
            let mut written = load::program(black_box(&folder), "redhat-pex", &mut sources, &mut findings);
            (written.pop().expect("one version"), sources, findings)
        };
        group.bench_function(format!("{name}, text to written rulebook"), |bencher| bencher.iter(load));
        let (written, sources, _) = load();
        let checked = || check(black_box(&written), &sources, &mut Findings::default()).expect("rules without errors");
        group.bench_function(format!("{name}, written rulebook to model"), |bencher| bencher.iter(checked));
        group.bench_function(format!("{name}, model to plan"), |bencher| {
            let compile = |model| Plan::of(black_box(model), written.digest.clone());
            bencher.iter_batched(checked, compile, BatchSize::SmallInput);
        });
        group.bench_function(format!("{name}, text to plan"), |bencher| {
            bencher.iter(|| Program::load(black_box(&folder), "redhat-pex"));
        });
    }
    group.finish();
}

criterion_group!(benches, document, rules);
criterion_main!(benches);
