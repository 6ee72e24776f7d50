//! Records that are counted though there is only one of them: mostly the `list` was forgotten.

use super::About;
use crate::finding::{Finding, Findings, code};
use crate::model::{Aggregate, RowsOf};
use crate::value::DomainId;

/// Tells of records without a list that something counts, or takes by their dates.
pub fn single(about: About<'_>, findings: &mut Findings) {
    for (place, domain) in about.model.domains.iter().enumerate() {
        let RowsOf::Records(records) = &domain.rows else { continue };
        if records.list.is_some() || records.within.is_some() {
            continue;
        }
        let of_many = |aggregate| aggregate == Aggregate::Count || records.happened.is_some();
        let mut tallies = about.model.tallies.iter().filter(|tally| tally.domain == DomainId(place as u32));
        let Some(tally) = tallies.find(|tally| of_many(tally.aggregate)) else { continue };
        let name = &domain.name;
        findings.add(
            Finding::new(
                &code::ONE_RECORD,
                domain.span,
                format!("there is one `{name}` at most, and `{}` counts them", tally.rule),
            )
            .help(format!("write `list = \"{name}s\"` in [facts.{name}], with the key of the list in the facts")),
        );
    }
}
