//! Obligations and standings: what is due, and what becomes of a partner that does not do it.

use super::scope::Scope;
use super::{Checker, Meaning};
use crate::finding::{Finding, code};
use crate::model::node::{Constant, Node};
use crate::model::{
    AFFILIATED, AWARDS_MEANWHILE, BENEFITS_MEANWHILE, DutyStep, EVERY, LADDERS_MEANWHILE, OBLIGATION_STATES,
    Obligation, Standing,
};
use crate::rulebook::duty;
use crate::rulebook::piece::Raw;
use crate::value::{Duration, Kind};

impl Checker<'_> {
    /// The words that rules compare obligations and the standing with.
    pub(super) fn declare_duties(&mut self) {
        if !self.rulebook.obligations.is_empty() {
            self.model.obligation_states = Some(self.built_in_words("obligation state", &OBLIGATION_STATES));
        }
        for (place, obligation) in self.rulebook.obligations.iter().enumerate() {
            self.declare(&obligation.id, Meaning::Obligation(place as u32));
        }
        if self.rulebook.standings.is_empty() {
            return;
        }
        let mut words = vec![AFFILIATED];
        for standing in &self.rulebook.standings {
            if words.contains(&standing.id.text.as_str()) {
                self.findings.add(Finding::new(
                    &code::DUPLICATE_ID,
                    standing.id.span,
                    format!("there are two standings `{}`", standing.id.text),
                ));
                continue;
            }
            words.push(&standing.id.text);
        }
        let words = self.built_in_words("standing", &words);
        let titles = self.rulebook.standings.iter().map(|standing| (&standing.id.text, &standing.title));
        for (id, title) in titles {
            let list = &mut self.model.words[words.0 as usize];
            if let Some(place) = list.find(id) {
                list.titles[place as usize] = title.clone();
            }
        }
        self.model.standing_words = Some(words);
    }

    pub(super) fn read_duties(&mut self) {
        for written in &self.rulebook.obligations {
            match self.obligation(written) {
                Some(obligation) => self.model.obligations.push(obligation),
                None => self.lost.push(written.id.span),
            }
        }
        for written in &self.rulebook.standings {
            match self.standing(written) {
                Some(standing) => self.model.standings.push(standing),
                None => self.lost.push(written.id.span),
            }
        }
    }

    fn obligation(&mut self, written: &duty::Obligation) -> Option<Obligation> {
        let words = EVERY.map(|(word, _)| word);
        let every = self.one_of(&written.every, &words)?;
        let scope = Scope::default();
        let due = self.day_formula(&written.due, &scope);
        let first = match &written.first {
            Some(first) => self.day_formula(first, &scope).map(Some),
            None => Some(None),
        };
        let path = format!("obligations.{}", written.id.text);
        let within = self.setting(&written.within.0, &Kind::Duration, &format!("{path}.within"));
        let none = Node::constant(written.id.span, Kind::Duration, Constant::Duration(Duration::days(0)));
        let grace = match &written.grace {
            Some(Raw(node)) => self.setting(node, &Kind::Duration, &format!("{path}.grace")),
            None => Some(none),
        };
        let domain = self.counted(&written.done)?;
        let Some(happened) = self.own_happening(domain) else {
            if self.rulebook.facts.find(&written.done.text).is_some_and(|record| record.happened.is_some()) {
                return None;
            }
            self.findings.add(
                Finding::new(
                    &code::INCOMPLETE_RULE,
                    written.done.span,
                    format!("`{}` has no date of its own", written.done.text),
                )
                .help("say `happened = …` in its [facts], so that it is known when a step was done"),
            );
            return None;
        };
        let steps_scope = Scope::of(self, &[domain]);
        let filter = self.maybe_condition(written.r#where.as_ref(), &steps_scope);
        if written.rows.0.is_empty() {
            self.findings.add(
                Finding::new(&code::INCOMPLETE_RULE, written.id.span, "the obligation has no rows, so nothing is due")
                    .help("write rows = [ { … }, … ], a row for each step"),
            );
            return None;
        }
        let mut steps: Vec<DutyStep> = Vec::new();
        for row in &written.rows.0 {
            let Some(id) = super::name::row_id(row) else {
                self.findings.add(
                    Finding::new(
                        &code::MISSING_KEY,
                        row.span,
                        "the row has no `id`, and no selecting cell to name it by",
                    )
                    .help("write `id = …` in the row"),
                );
                return None;
            };
            if steps.iter().any(|step| step.id == id.text) {
                self.findings.add(Finding::new(
                    &code::DUPLICATE_ID,
                    id.span,
                    format!("the obligation has two steps `{}`", id.text),
                ));
            }
            let when = self.maybe_condition(row.when.as_ref(), &scope);
            let unless = self.maybe_condition(row.unless.as_ref(), &scope);
            let tests = self.tests(row, &steps_scope, &format!("{path}.{}", id.text))?;
            steps.push(DutyStep {
                id: id.text,
                span: row.span,
                title: row.title.clone(),
                tests: tests.into_iter().map(|(_, test)| test.that).collect(),
                when: when?,
                unless: unless?,
                source: row.source.clone().or_else(|| written.source.clone()),
                note: row.note.as_ref().map(|note| note.text.clone()),
            });
        }
        Some(Obligation {
            id: written.id.text.clone(),
            span: written.id.span,
            title: written.title.clone(),
            every: EVERY[every as usize].1,
            due: due?,
            first: first?,
            within: within?,
            grace: grace?,
            domain,
            happened,
            filter: filter?,
            steps,
            source: written.source.clone(),
            note: written.note.as_ref().map(|note| note.text.clone()),
        })
    }

    fn day_formula(&mut self, formula: &crate::rulebook::piece::Formula, scope: &Scope) -> Option<Node> {
        let node = self.expression(formula, scope)?;
        if node.ty.kind != Kind::Date {
            self.mismatch(&Kind::Date, &node);
            return None;
        }
        self.must_exist(&node)?;
        Some(node)
    }

    fn standing(&mut self, written: &duty::Standing) -> Option<Standing> {
        let when = self.condition(&written.when, &Scope::default());
        let mut effect = |raw: &Option<Raw>, list: &str, words: &[&str]| match raw {
            Some(raw) => self.word_setting(Some(raw), list, words, 0, raw.0.span).map(Some),
            None => Some(None),
        };
        let awards = effect(&written.awards, "awards meanwhile", &AWARDS_MEANWHILE);
        let ladders = effect(&written.ladders, "ladders meanwhile", &LADDERS_MEANWHILE);
        let benefits = effect(&written.benefits, "benefits meanwhile", &BENEFITS_MEANWHILE);
        Some(Standing {
            id: written.id.text.clone(),
            span: written.id.span,
            title: written.title.clone(),
            when: when?,
            awards: awards?,
            ladders: ladders?,
            benefits: benefits?,
            source: written.source.clone(),
            note: written.note.as_ref().map(|note| note.text.clone()),
        })
    }
}
