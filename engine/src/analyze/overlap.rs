//! Rows of an award that take the same records. Every row pays, so such a record earns twice.

use super::About;
use super::together::Together;
use crate::finding::{Finding, Findings, code};

/// Tells of two rows that ask for the same columns and do not exclude each other. Rows with different
/// columns are meant to add up.
pub fn rows(about: About<'_>, findings: &mut Findings) {
    for award in &about.model.awards {
        let tally = &about.model.tallies[award.tally as usize];
        for (place, row) in tally.rows.iter().enumerate() {
            let own = Together::of(about.judge()).with(&row.tests);
            if own.is_empty() || own.clash().is_some() {
                continue;
            }
            let overlapping = tally.rows[..place].iter().find(|earlier| {
                let other = Together::of(about.judge()).with(&earlier.tests);
                let both = Together::of(about.judge()).with(earlier.tests.iter().chain(&row.tests));
                other.clash().is_none() && own.speaks_of_the_same(&other) && both.clash().is_none()
            });
            if let Some(earlier) = overlapping {
                let message =
                    format!("`{}` and `{}` can take the same record, which then earns twice", earlier.id, row.id);
                findings.add(
                    Finding::new(&code::ROWS_OVERLAP, row.span, message)
                        .and(earlier.span, "the other row is here")
                        .help("let each row take other records, or make two awards of them if both are to pay"),
                );
            }
        }
    }
}
