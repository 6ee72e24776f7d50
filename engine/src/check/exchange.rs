//! Rates of exchange that the facts give: the shape that the record `exchange` must have.

use super::Checker;
use crate::finding::{Finding, code};
use crate::model::EXCHANGE;
use crate::value::Kind;

/// The fields that the record must have, or may have, and their kinds.
const FIELDS: [(&str, Kind, bool); 4] = [
    ("currency", Kind::Text, true),
    ("rate", Kind::Number, true),
    ("from", Kind::Date, false),
    ("to", Kind::Text, false),
];

impl Checker<'_> {
    /// Findings where `[facts.exchange]` cannot give rates.
    pub(super) fn check_exchange(&mut self) {
        let Some((name, written)) = self.rulebook.facts.0.iter().find(|(name, _)| name.text == EXCHANGE) else {
            return;
        };
        let Some(domain) = self.model.domain_named(&name.text) else { return };
        if written.list.is_none() {
            let finding = Finding::new(&code::INCOMPLETE_RULE, name.span, "rates of exchange are a list");
            self.findings.add(finding.help("write `list = \"exchange_rates\"`, the key of the list in the facts"));
        }
        for (field, kind, needed) in FIELDS {
            let own = self.model.records(domain).and_then(|own| own.fields.iter().find(|known| known.name == field));
            match own {
                Some(own) if own.ty.kind != kind => {
                    let message = format!("the `{field}` of a rate is {}", self.model.kind_name(&kind));
                    let found = self.model.kind_name(&own.ty.kind);
                    let finding = Finding::new(&code::TYPE_MISMATCH, own.span, message);
                    self.findings.add(finding.help(format!("here it is {found}")));
                }
                None if needed && !self.is_written(domain, field) => {
                    let message = format!("a rate of exchange has no `{field}`");
                    let finding = Finding::new(&code::INCOMPLETE_RULE, name.span, message);
                    self.findings.add(finding.help(
                        "write `currency = \"text\"`, `rate = \"number\"`, and `from = \"date\"`, its first day",
                    ));
                }
                _ => {}
            }
        }
    }
}
