//! What one decision takes of the heap and of its arena, counted exactly.
//!
//! The counts are the same on every run. Where a change is meant to move them, the snapshots are written
//! anew (`INSTA_UPDATE=always`) and the difference is read.

use std::fmt::Write;
use std::sync::Arc;

use allocation_counter::{AllocationInfo, measure};
use tierline_engine::compile::{Plan, Program};
use tierline_engine::date::Date;
use tierline_engine::evaluate::Question;
use tierline_engine::facts::{self, Arena};
use tierline_engine::load::Folder;
use tierline_engine::portfolio::{self, Line};
use tierline_tests::by_hand;

const FACTS: &[u8] = include_bytes!("../benches/partner-year.json");
/// The rules that the program by hand computes too.
const SAME_RULES: &str = include_str!("../benches/points-and-tiers.toml");
const RULEBOOK: &str = include_str!("../../rules/redhat-pex/2024-07.toml");
/// As much as the command line and the benchmarks set aside for one subject.
const ARENA: usize = 64 << 10;
const AS_OF: Date = Date::from_ymd_opt(2025, 11, 30).expect("a calendar day");

fn plan(rulebook: &str) -> Arc<Plan> {
    let load = Program::load(&Folder::of("rules", [("redhat-pex/2024-07.toml", rulebook)]), "redhat-pex");
    Arc::clone(load.program.plan(None, AS_OF).expect("the rulebook has no errors"))
}

/// What work takes of the heap.
fn heap(work: impl FnOnce()) -> String {
    let AllocationInfo { count_total, bytes_total, count_current, .. } = measure(work);
    let kept = if count_current == 0 { String::new() } else { format!(", {count_current} kept") };
    format!("{count_total} allocations of {bytes_total} bytes in all{kept}")
}

/// How many bytes of an arena are in use, and in how many pieces it is.
fn arena_use(arena: &mut Arena) -> (usize, usize) {
    let (mut bytes, mut chunks) = (0, 0);
    for chunk in arena.iter_allocated_chunks() {
        bytes += chunk.len();
        chunks += 1;
    }
    (bytes, chunks)
}

/// What reading, deciding and writing take.
fn phases(plan: &Plan) -> String {
    let mut text = String::new();
    let question = Question::on(AS_OF);

    let mut arena = Arena::with_capacity(ARENA);
    let reading = heap(|| drop(facts::read(&plan.schema, FACTS, &arena).expect("facts")));
    let (bytes, chunks) = arena_use(&mut arena);
    let _ = writeln!(text, "reading:  {reading}; arena: {bytes} bytes in {chunks} chunks");

    let read = Arena::with_capacity(ARENA);
    let facts = facts::read(&plan.schema, FACTS, &read).expect("facts");
    let mut arena = Arena::with_capacity(ARENA);
    let mut json = Vec::new();
    let mut writing = String::new();
    let deciding = {
        let mut decision = None;
        let deciding = heap(|| decision = Some(plan.decide(&facts, &question, &arena).expect("a decision")));
        let decision = decision.expect("it was made");
        writing.push_str(&heap(|| json = decision.to_json()));
        deciding
    };
    let (bytes, chunks) = arena_use(&mut arena);
    let _ = writeln!(text, "deciding: {deciding}; arena: {bytes} bytes in {chunks} chunks");
    let _ = writeln!(text, "writing:  {writing}; document: {} bytes", json.len());

    // Line after line in one arena, which soon has grown as far as it must.
    let mut arena = Arena::with_capacity(ARENA);
    let mut out = Vec::with_capacity(6 * json.len());
    for number in 1..=5 {
        let line = heap(|| {
            portfolio::answer(plan, &question, number, Line::Facts(FACTS), &mut arena, &mut out);
        });
        let _ = writeln!(text, "line {number} of many: {line}; arena: {} bytes", arena.allocated_bytes());
    }
    text
}

#[test]
fn the_rules_that_the_program_by_hand_computes_too() {
    insta::assert_snapshot!(phases(&plan(SAME_RULES)));
}

#[test]
fn the_whole_rulebook() {
    insta::assert_snapshot!(phases(&plan(RULEBOOK)));
}

#[test]
fn the_program_by_hand() {
    let mut text = String::new();
    let _ = writeln!(text, "reading:  {}", heap(|| drop(by_hand::parse(FACTS).expect("facts"))));
    let partner = by_hand::parse(FACTS).expect("facts");
    let mut decision = None;
    let _ = writeln!(text, "deciding: {}", heap(|| decision = Some(by_hand::evaluate(&partner, AS_OF))));
    let decision = decision.expect("it was made");
    let _ = writeln!(text, "writing:  {}", heap(|| drop(by_hand::write(&decision))));
    insta::assert_snapshot!(text);
}
