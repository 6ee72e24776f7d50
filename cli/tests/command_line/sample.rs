//! `sample`: the same bytes for the same seed, partners that do not depend on how many there are, and the
//! mix of tiers that the description of the partner-years promises.

use crate::run::{Outcome, tierline, tierline_with};
use std::collections::BTreeMap;

const RULES: &[&str] = &["--rules", "../../rules", "--as-of", "2025-11-30"];

fn sample(partners: &str, seed: &str) -> Outcome {
    let outcome = tierline(&[&["sample", "redhat-pex", "--partners", partners, "--seed", seed], RULES].concat());
    assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
    outcome
}

#[test]
fn partner_k_is_the_same_however_many_there_are() {
    let many = sample("50", "7").stdout;
    assert_eq!(many, sample("50", "7").stdout);
    assert!(many.starts_with(&sample("20", "7").stdout));
    assert_ne!(sample("1", "7").stdout, sample("1", "8").stdout);
    assert_eq!(sample("0", "7").stdout, "");
}

#[test]
fn what_is_sampled_can_be_decided_and_comes_out_in_the_promised_mix() {
    let facts = sample("200", "7").stdout;
    let batch = tierline_with(&[&["batch", "redhat-pex", "--facts", "-"], RULES].concat(), facts.as_bytes());
    assert_eq!(batch.exit, 0, "{}", batch.stderr);
    let mut tiers: BTreeMap<String, usize> = BTreeMap::new();
    for line in batch.stdout.lines() {
        let decision: serde_json::Value = serde_json::from_str(line).expect("a decision");
        *tiers.entry(decision["ladders"]["tier"]["earned"].as_str().expect("a tier").to_owned()).or_default() += 1;
    }
    // Ready or below 85 %, Advanced 10 %, Premier 5 %, as near as 200 partners come.
    let expected = [("advanced", 21), ("none", 23), ("premier", 6), ("ready", 150)];
    assert_eq!(tiers, expected.map(|(tier, count)| (tier.to_owned(), count)).into());
}

#[test]
fn a_description_that_is_not_there_is_told() {
    let arguments = ["sample", "redhat-pex", "--partners", "1", "--name", "nobody"];
    let outcome = tierline(&[&arguments, RULES].concat());
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (3, ""));
    assert!(outcome.stderr.contains("there is no file"), "{}", outcome.stderr);
}
