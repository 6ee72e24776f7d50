//! What a rulebook that can be used still gives to think about: levels that nobody reaches, conditions
//! that say nothing, names that nothing reads, numbers without a source.
//!
//! All of it is found without facts, in the checked model of each version. Every finding here is a
//! warning: what keeps a rulebook from being used is found by `check`.

mod bands;
mod condition;
mod counted;
mod judge;
mod less;
mod level;
mod origin;
mod overlap;
mod range;
mod same;
mod script;
mod time;
mod together;
mod translation;
mod unused;

use crate::compile::{Load, Version};
use crate::finding::{Findings, code};
use crate::load;
use crate::model::Model;
use crate::source::{Sources, Span};
use judge::Judge;

/// What is found in every version of a program that can be used.
pub fn program(loaded: &Load) -> Findings {
    let mut all = Vec::new();
    for version in &loaded.program.versions {
        if let Some(plan) = &version.plan {
            let about = About { version, model: &plan.model, sources: &loaded.sources };
            let mut findings = Findings::default();
            for check in CHECKS {
                check(about, &mut findings);
            }
            all.push((&version.origins, findings));
        }
    }
    let mut findings = Findings::default();
    load::gather(&all, &loaded.sources, &mut findings);
    // A new name that was most likely meant for an old one is told of already.
    let told = |span| loaded.findings.iter().any(|known| known.code == &code::NEW_BESIDE && known.span == span);
    findings.retain(|finding| finding.code != &code::UNUSED_NAME || !told(finding.span));
    findings
}

/// One thing that is looked for.
type Check = for<'m> fn(About<'m>, &mut Findings);

/// Everything that is looked for; a new check is a line here and a file.
const CHECKS: [Check; 12] = [
    level::unreachable,
    less::asked,
    counted::single,
    condition::constant,
    bands::stopping,
    overlap::rows,
    unused::names,
    time::outside,
    script::failing,
    script::arguments,
    origin::missing,
    translation::missing,
];

/// A version, as the checks see it.
#[derive(Clone, Copy)]
struct About<'m> {
    version: &'m Version,
    model: &'m Model,
    sources: &'m Sources,
}

impl<'m> About<'m> {
    fn judge(self) -> Judge<'m> {
        Judge::of(self.model)
    }

    /// The author's words at a place, in backticks when they are few.
    fn quoted(self, span: Span) -> String {
        let text = self.sources.text(span).trim_matches('\'');
        if text.is_empty() || text.len() > 80 || text.contains('\n') { "this".to_owned() } else { format!("`{text}`") }
    }
}
