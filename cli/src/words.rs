//! The fixed words of a statement, in every language.
//!
//! One struct, so that no language can lack a word. `{…}` in a text is filled in by [`fill`].

mod en;
mod fr;
mod ja;

use tierline_engine::rulebook::piece::Language;

/// A word for one and a word for several.
#[derive(Debug)]
pub struct Counted {
    /// For one.
    pub one: &'static str,
    /// For several.
    pub many: &'static str,
}

/// The fixed words of one language.
#[derive(Debug)]
#[allow(missing_docs, reason = "each is named for what it says in English")]
pub struct Words {
    pub partner: &'static str,
    pub as_of: &'static str,
    pub today: &'static str,
    pub cycle: &'static str,
    pub from_to: &'static str,
    pub rules: &'static str,
    pub rules_version: &'static str,
    pub draft: &'static str,
    pub retired: &'static str,
    pub provisional: &'static str,
    pub until: &'static str,
    pub exceptions: &'static str,
    pub only: &'static str,
    pub earns_nothing: &'static str,

    pub standing: &'static str,
    pub affiliated: &'static str,
    pub points_frozen: &'static str,
    pub no_level: &'static str,
    pub benefits_revoked: &'static str,
    pub because_of: &'static str,

    pub history: &'static str,
    pub moved_because: &'static str,
    pub earlier: Counted,
    pub because_carried: &'static str,
    pub because_earned: &'static str,
    pub because_reached: &'static str,
    pub because_lost: &'static str,
    pub because_lapsed: &'static str,
    pub because_suspended: &'static str,
    pub because_restored: &'static str,

    pub obligations: &'static str,
    pub due_by: &'static str,
    pub done_for: &'static str,
    pub overdue: &'static str,
    pub due_unknown: &'static str,
    pub step_done: &'static str,
    pub step_open: &'static str,
    pub steps_left: Counted,

    pub deadlines: &'static str,
    pub stops_counting: Counted,
    pub is_due: &'static str,
    pub cycle_ends: &'static str,
    pub cycle_ends_bare: &'static str,
    pub goes: &'static str,
    pub goes_level: &'static str,
    pub falls_into: &'static str,
    pub goes_earned: &'static str,
    pub version_ends: &'static str,
    pub later: &'static str,
    pub later_group: &'static str,

    pub in_force: &'static str,
    pub earned: &'static str,
    pub earned_alone: &'static str,
    pub highest: &'static str,
    pub none: &'static str,
    pub to_keep: &'static str,
    pub to_reach: &'static str,
    pub every_level: &'static str,
    pub by_way_of: &'static str,
    pub progress: &'static str,
    pub to_go: &'static str,
    pub reached: &'static str,
    pub have: &'static str,
    pub need: &'static str,
    pub met: &'static str,
    pub not_met: &'static str,
    pub missing: &'static str,
    pub waived: &'static str,
    pub asked: &'static str,
    pub one_of: &'static str,
    pub all_of: &'static str,
    pub so_many_of: &'static str,
    pub undetermined: &'static str,

    pub points: &'static str,
    pub other: &'static str,
    pub total: &'static str,
    pub by_module: &'static str,
    pub per_block: &'static str,
    pub at_most: &'static str,
    pub and_more: &'static str,

    pub granted: &'static str,
    pub refused: &'static str,
    pub needs_approval: &'static str,
    pub pending: &'static str,
    pub active: &'static str,
    pub active_through: &'static str,
    pub expired: &'static str,
    pub expired_after: &'static str,
    pub used: &'static str,
    pub status_unknown: &'static str,
    pub judged_by: &'static str,
    pub must_agree: &'static str,
    pub about: &'static str,
    pub place: &'static str,
    pub rate_unknown: &'static str,
    pub have_and_need: &'static str,
    pub left_out: &'static str,
    pub limit: &'static str,
    pub share_of: &'static str,
    pub request_counts: &'static str,
    pub request_counts_not: &'static str,
    pub request_unknown: &'static str,
    pub for_want_of: &'static str,
    pub unsaid: &'static str,
    pub expires: &'static str,
    pub last_to_extend: &'static str,
    pub opens: &'static str,
    pub closes: &'static str,
    pub ruling_changes: &'static str,

    pub figures: &'static str,
    pub yes: &'static str,
    pub no: &'static str,
    pub years: Counted,
    pub months: Counted,
    pub days: Counted,
    pub range_from: &'static str,
    pub range_to: &'static str,

    pub credits: &'static str,
    pub not_credited: &'static str,
    pub benefits: &'static str,
    pub benefits_met: &'static str,
    pub benefits_not_met: &'static str,
    pub benefits_undetermined: &'static str,

    pub open: &'static str,
    pub open_rules: &'static str,
    pub open_facts: &'static str,
    pub open_reasons: &'static str,
    pub of: &'static str,
    pub of_each: &'static str,
    pub count_benefits: Counted,
    pub count_rules: Counted,

    pub steps: &'static str,
    pub receipt: &'static str,
    pub facts: &'static str,
    pub engine: &'static str,
    pub sources: &'static str,

    /// Separates thousands, and the whole from its parts.
    pub separators: (&'static str, &'static str),
    /// An amount of money: `{amount}` and `{currency}`.
    pub money: &'static str,
    /// A percentage: `{number}`.
    pub percent: &'static str,
    /// Between two bounds: `{low}` and `{high}`.
    pub range: &'static str,
    /// Stands between the items of a list.
    pub comma: &'static str,
    /// Words of the trade that rulebooks use without a title; others are printed as they are written.
    pub terms: &'static [(&'static str, &'static str)],
}

impl Words {
    /// The words of `language`.
    pub fn of(language: Language) -> &'static Words {
        match language {
            Language::En => &en::WORDS,
            Language::Ja => &ja::WORDS,
            Language::Fr => &fr::WORDS,
        }
    }

    /// What people call `id`, if it is a word of the trade.
    pub fn known_term(&self, id: &str) -> Option<&'static str> {
        self.terms.iter().find(|(known, _)| *known == id).map(|(_, term)| *term)
    }

    /// What people call `id`, which has no title.
    pub fn term(&self, id: &str) -> String {
        if let Some(term) = self.known_term(id) {
            return term.to_owned();
        }
        let spaced = id.replace('_', " ").replace('.', ": ");
        let mut letters = spaced.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    }
}

/// `text` with every `{name}` replaced by its value.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every text with the gaps in it; the order is that of the struct.
    fn gaps(language: Language) -> Vec<Vec<String>> {
        let debug = format!("{:?}", Words::of(language)).replace("\\u{", "");
        let fixed = debug.split("terms: [").next().expect("the words before the terms");
        let texts = fixed.split('"').skip(1).step_by(2);
        let gaps = |text: &str| {
            let mut gaps: Vec<_> = text
                .split('{')
                .skip(1)
                .filter_map(|rest| rest.split_once('}'))
                .map(|(name, _)| name.to_owned())
                .collect();
            gaps.sort();
            gaps
        };
        texts.map(gaps).collect()
    }

    #[test]
    fn every_language_fills_in_the_same() {
        let english = gaps(Language::En);
        assert!(english.len() > 50);
        assert_eq!(gaps(Language::Ja), english);
        assert_eq!(gaps(Language::Fr), english);
    }

    #[test]
    fn every_language_knows_the_same_terms() {
        let known = |words: &Words| words.terms.iter().map(|(id, _)| *id).collect::<Vec<_>>();
        assert_eq!(known(&ja::WORDS), known(&fr::WORDS));
    }

    #[test]
    fn an_id_without_a_title_is_made_readable() {
        assert_eq!(en::WORDS.term("deal_registration"), "Deal registration");
        assert_eq!(en::WORDS.term("resale.new_customer"), "Resale: new customer");
        assert_eq!(ja::WORDS.term("deal_registration"), "案件登録");
        assert_eq!(fr::WORDS.term("solution_path"), "Solution path");
    }
}
