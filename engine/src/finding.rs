//! Findings: what Tierline tells the author of a rule file.
//!
//! An author's mistake is data, not a failed operation: every phase adds to one list and goes on.
//! A finding says what is wrong, where it stands, and how to mend it. The catalogue of codes is in
//! [`code`]; codes are permanent and never reused.

pub mod code;
mod told;

use crate::source::Span;
pub use code::{Code, Severity};
pub use told::{Place, Related, Told};

/// One diagnostic for an author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which kind of mistake it is.
    pub code: &'static Code,
    /// What is wrong: lower case, no full stop, the author's words in backticks.
    pub message: String,
    /// Where it stands.
    pub span: Span,
    /// How to mend it, when that can be said.
    pub help: Option<String>,
    /// Other places that belong to it (the first definition, the other end of a conflict).
    pub related: Vec<(Span, String)>,
}

impl Finding {
    /// A finding of kind `code` at `span`.
    pub fn new(code: &'static Code, span: Span, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), span, help: None, related: Vec::new() }
    }

    /// The same, with a way to mend it.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same, with a way to mend it where one is known.
    pub fn help_maybe(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// The same, pointing at another place too.
    pub fn and(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push((span, label.into()));
        self
    }

    /// Whether it keeps the rulebook from being used.
    pub fn is_error(&self) -> bool {
        self.code.severity == Severity::Error
    }
}

/// The findings of one load, in the order in which they were made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    list: Vec<Finding>,
}

impl Findings {
    /// Adds a finding; the same finding at the same place is kept once.
    pub fn add(&mut self, finding: Finding) {
        if !self.list.contains(&finding) {
            self.list.push(finding);
        }
    }

    /// Adds a finding that concerns somebody by a way that these places show. The same finding is kept
    /// once: an error shows up to `most` of the places from which it is reached, a warning the first.
    pub fn add_used(&mut self, finding: Finding, way: Vec<(Span, String)>, most: usize) {
        let same = |known: &&mut Finding| {
            (known.code, known.span, &known.message) == (finding.code, finding.span, &finding.message)
        };
        match self.list.iter_mut().find(same) {
            Some(known) if known.is_error() => {
                let room = most.saturating_sub(known.related.len());
                let new: Vec<_> = way.into_iter().filter(|place| !known.related.contains(place)).collect();
                known.related.extend(new.into_iter().take(room));
            }
            Some(_) => {}
            None => self.list.push(Finding { related: [finding.related, way].concat(), ..finding }),
        }
    }

    /// Adds all of `others`.
    pub fn extend(&mut self, others: Findings) {
        others.list.into_iter().for_each(|finding| self.add(finding));
    }

    /// All of them, as made, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Finding> {
        self.list.iter_mut()
    }

    /// Keeps those of which this holds.
    pub fn retain(&mut self, keep: impl FnMut(&Finding) -> bool) {
        self.list.retain(keep);
    }

    /// Forgets all but the first `count`.
    pub fn truncate(&mut self, count: usize) {
        self.list.truncate(count);
    }

    /// Whether any of them keeps the rulebook from being used.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(Finding::is_error)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// All of them by file and place, so that output does not depend on the order of the phases.
    pub fn sorted(&self) -> Vec<&Finding> {
        let mut list: Vec<_> = self.list.iter().collect();
        list.sort_by_key(|f| (f.span, f.code.id));
        list
    }

    /// All of them, as made.
    pub fn iter(&self) -> impl Iterator<Item = &Finding> {
        self.list.iter()
    }
}

/// The candidate that `word` was most likely meant to be, if any is near.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.chars().count().max(3) / 3))
        .filter(|(_, candidate)| !other_words(word, candidate))
        .min_by_key(|(distance, candidate)| (*distance, *candidate))
        .map(|(_, candidate)| candidate)
}

/// Whether names of as many words differ by a whole word, as `sold_last_year` and `sold_this_year` do: that is no slip.
fn other_words(name: &str, candidate: &str) -> bool {
    let (words, others): (Vec<_>, Vec<_>) = (name.split('_').collect(), candidate.split('_').collect());
    let slip = |(word, other): (&&str, &&str)| {
        let longer = word.chars().count().max(other.chars().count());
        let distance = strsim::damerau_levenshtein(word, other);
        distance <= 2 && distance * 2 <= longer
    };
    words.len() > 1 && words.len() == others.len() && !words.iter().zip(&others).all(slip)
}

/// ``did you mean `…`?`` for the candidate nearest to `word`.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(word, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_offered_and_a_far_one_is_not() {
        let words = ["sellers", "technical_sellers", "points"];
        assert_eq!(nearest("sellrs", words), Some("sellers"));
        assert_eq!(nearest("point", words), Some("points"));
        assert_eq!(nearest("revenue", words), None);
        assert_eq!(nearest("tecnical_selers", words), Some("technical_sellers"));
        assert_eq!(nearest("sold_last_year", ["sold_this_year"]), None);
        assert_eq!(nearest("max_points", ["min_points"]), None);
        assert_eq!(nearest("sold_last_yaer", ["sold_this_year", "sold_last_year"]), Some("sold_last_year"));
    }
}
