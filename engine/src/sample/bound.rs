//! Days by their distance from another: `as_of - 2 years`, `submitted_on + 14 days`.

use super::draw::{Anchor, Bound};
use crate::document::Name;
use crate::finding::{Finding, Findings, code, did_you_mean};
use crate::rulebook::listed;
use crate::value::Duration;
use crate::value::quantity::{Quantity, quantity};

/// What a day may be counted from.
#[derive(Clone, Copy, Debug)]
pub struct Anchors<'a> {
    /// Whether there is a cycle.
    pub cycle: bool,
    /// The dates of the same record that are drawn before, with their places.
    pub earlier: &'a [(String, usize)],
}

impl Anchors<'_> {
    /// The day that `text` means.
    pub fn bound(&self, text: &Name, findings: &mut Findings) -> Option<Bound> {
        let (name, rest) = text.text.split_once(' ').unwrap_or((&text.text, ""));
        let Some(anchor) = self.find(name) else {
            let mut known: Vec<&str> = vec!["as_of"];
            known.extend(self.cycle.then_some("cycle"));
            known.extend(self.earlier.iter().map(|(name, _)| name.as_str()));
            findings.add(
                Finding::new(&code::UNKNOWN_NAME, text.span, format!("`{name}` is no day that is known here"))
                    .help(format!("days are counted from {}", listed(&known)))
                    .help_maybe(did_you_mean(name, known.iter().copied())),
            );
            return None;
        };
        let by = distance(rest.trim());
        if by.is_none() {
            findings.add(
                Finding::new(&code::BAD_VALUE, text.span, format!("`{}` is no day", text.text))
                    .help("write `as_of`, or `as_of - 2 years`, or `as_of + 14 days`"),
            );
        }
        Some(Bound { anchor, by: by? })
    }

    fn find(&self, name: &str) -> Option<Anchor> {
        match name {
            "as_of" => Some(Anchor::AsOf),
            "cycle" if self.cycle => Some(Anchor::Cycle),
            _ => self.earlier.iter().find(|(known, _)| known == name).map(|(_, at)| Anchor::Member(*at)),
        }
    }
}

fn distance(text: &str) -> Option<Duration> {
    if text.is_empty() {
        return Some(Duration::days(0));
    }
    let (back, length) = match text.strip_prefix('-') {
        Some(length) => (true, length),
        None => (false, text.strip_prefix('+')?),
    };
    match quantity(length)? {
        Quantity::Duration(length) if back => length.reversed(),
        Quantity::Duration(length) => Some(length),
        _ => None,
    }
}
