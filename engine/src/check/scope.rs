//! What is at hand where an expression stands.

use super::Checker;
use crate::model::RowsOf;
use crate::value::DomainId;

/// The records and rows at hand, and what is known about them.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// Every domain with a row at hand, outermost first.
    pub frames: Vec<DomainId>,
    /// The domain whose fields can be named alone.
    pub own: Option<DomainId>,
    /// Paths that are known not to be none here.
    pub known: Vec<String>,
}

impl Scope {
    /// The scope in which a row of each of `domains` is at hand; the last one's fields can be named alone.
    /// Where records live inside others, those are at hand too.
    pub fn of(checker: &Checker<'_>, domains: &[DomainId]) -> Self {
        let mut scope = Self::default();
        domains.iter().for_each(|domain| scope.enter(checker, *domain));
        scope
    }

    /// The scope of a part that looks at a row of `domain` too.
    pub fn with(&self, checker: &Checker<'_>, domain: DomainId) -> Self {
        let mut scope = self.clone();
        scope.enter(checker, domain);
        scope
    }

    fn enter(&mut self, checker: &Checker<'_>, domain: DomainId) {
        let mut chain = vec![domain];
        while let Some(outer) = checker.model.records(chain[chain.len() - 1]).and_then(|records| records.within) {
            if chain.contains(&outer) {
                break;
            }
            chain.push(outer);
        }
        for domain in chain.into_iter().rev() {
            if !self.frames.contains(&domain) {
                self.frames.push(domain);
            }
        }
        self.own = Some(domain);
    }

    /// The record at hand inside which records of `domain` live, the innermost first.
    pub fn holder_of(&self, checker: &Checker<'_>, domain: DomainId) -> Option<DomainId> {
        let mut outer = checker.model.records(domain)?.within;
        while let Some(holder) = outer {
            if self.frames.contains(&holder) {
                return Some(holder);
            }
            outer = checker.model.records(holder)?.within;
        }
        None
    }

    /// Whether a row of `domain` is at hand: entered, or the only record of its kind.
    pub fn holds(&self, checker: &Checker<'_>, domain: DomainId) -> bool {
        self.frames.contains(&domain)
            || matches!(&checker.model.domain(domain).rows,
                RowsOf::Records(records) if records.list.is_none() && records.within.is_none())
    }
}
