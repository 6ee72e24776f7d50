//! One partner-year, bytes to bytes and evaluation alone: every way of answering it in one run.
//!
//! `cargo bench -p tierline-tests --bench document`

use std::hint::black_box;
use std::time::Duration;

use chrono::NaiveDate;
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use tierline_tests::by_hand;

const FACTS: &[u8] = include_bytes!("partner-year.json");
const AS_OF: NaiveDate = NaiveDate::from_ymd_opt(2025, 11, 30).expect("a calendar day");

fn document(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("document");
    group.warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3)).sample_size(50);
    group.throughput(Throughput::Bytes(FACTS.len() as u64));
    by_hand(&mut group);
    group.finish();
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
