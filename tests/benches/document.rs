//! One partner-year, bytes to bytes and evaluation alone: every way of answering it in one run.
//!
//! `cargo bench -p tierline-tests --bench document`

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDate;
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use tierline_engine::compile::{Plan, Program};
use tierline_engine::evaluate::Question;
use tierline_engine::facts;
use tierline_engine::load::Folder;
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
}

fn by_hand(group: &mut BenchmarkGroup<'_, WallTime>) {
    group.bench_function("by hand, bytes to bytes", |bencher| {
        bencher.iter(|| by_hand::decide(black_box(FACTS), AS_OF).expect("the partner-year is well formed"));
    });
    let partner = by_hand::parse(FACTS).expect("the partner-year is well formed");
    group.bench_function("by hand, evaluation alone", |bencher| {
        bencher.iter(|| by_hand::evaluate(black_box(&partner), AS_OF));
    });
    group.bench_function("by hand, digest alone", |bencher| {
        bencher.iter(|| by_hand::digest(black_box(FACTS)));
    });
}

criterion_group!(benches, document);
criterion_main!(benches);
