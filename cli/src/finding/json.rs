//! Findings for programs: an array with an object for each.

use super::Chosen;
use serde_json::{Value, json};
use tierline_engine::finding::Told;

/// The findings of all programs as one array.
pub fn render(chosen: &[Chosen<'_>]) -> Value {
    let told = chosen.iter().flat_map(|chosen| chosen.findings.iter().map(|finding| finding.told(chosen.sources)));
    json!(told.collect::<Vec<Told>>())
}
