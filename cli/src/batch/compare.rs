//! The places of all partners of a file among each other, where the rules rank them.

use super::chunks::Chunks;
use crate::exit::CliError;
use std::path::Path;
use tierline_engine::compile::Plan;
use tierline_engine::evaluate::Question;
use tierline_engine::facts::Arena;
use tierline_engine::load::StoreError;
use tierline_engine::portfolio::{Comparison, Places};

/// Reads a file once and compares its lines; `None` where no rule ranks.
///
/// # Errors
/// When the file cannot be read, or is a stream, which can be read only once.
pub fn places(path: &Path, plan: &Plan, question: &Question) -> Result<Option<Places>, CliError> {
    let Some(mut comparison) = Comparison::of(plan) else { return Ok(None) };
    let (input, bytes) = super::open(path)?;
    if bytes.is_none() {
        let program = format!("{}@{}", plan.model.program, plan.model.version);
        return Err(CliError::NotTwice { program, measures: plan.ranks().collect::<Vec<_>>().join("`, `") });
    }
    let mut arena = Arena::with_capacity(64 << 10);
    let shown = path.display().to_string();
    for chunk in Chunks::of(input) {
        let chunk = chunk.map_err(|cause| CliError::NoFacts(StoreError::Unreadable { path: shown.clone(), cause }))?;
        for (number, line) in chunk.lines() {
            comparison.add(plan, question, number, line, &mut arena);
        }
    }
    Ok(Some(comparison.places()))
}
