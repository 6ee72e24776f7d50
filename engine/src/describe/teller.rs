//! Who tells: the model, the language, and the record at hand.

use super::catalogue::part;
use super::message::Message;
use super::{Cited, Line};
use crate::model::Model;
use crate::rulebook::piece::{Language, Phrase, Source};
use crate::value::DomainId;

/// Says things of one model in one language.
#[derive(Clone, Copy)]
pub struct Teller<'m> {
    pub model: &'m Model,
    pub language: Language,
    /// The record whose fields need no owner in a sentence.
    pub at_hand: Option<DomainId>,
}

impl<'m> Teller<'m> {
    pub fn new(model: &'m Model, language: Language) -> Self {
        Self { model, language, at_hand: None }
    }

    /// The same, inside a rule that speaks of `domain`.
    pub fn at(self, domain: DomainId) -> Self {
        Self { at_hand: Some(domain), ..self }
    }

    /// The same, inside a rule that is repeated for `each`.
    pub fn each(self, each: &[DomainId]) -> Self {
        Self { at_hand: each.last().copied().or(self.at_hand), ..self }
    }

    pub fn say(&self, message: Message, parts: &[&str]) -> String {
        let said = message.say(self.language, parts);
        // « si il » is written « s’il ».
        if self.language == Language::Fr { said.replace("si il ", "s’il ") } else { said }
    }

    pub fn text(&self, phrase: &Phrase) -> String {
        phrase.text(self.language).to_owned()
    }

    /// `a, b and c`; with `separate` between all but the last two.
    pub fn listed(&self, items: &[String], last: Message) -> String {
        match items {
            [] => self.say(part::EMPTY, &[]),
            [one] => one.clone(),
            [rest @ .., end] => self.say(last, &[&rest.join(&self.say(part::COMMA, &[])), end]),
        }
    }

    /// The sources in full.
    pub fn cited(&self, sources: &[&Option<Source>]) -> Vec<Cited> {
        let mut all: Vec<Cited> = Vec::new();
        for source in sources.iter().filter_map(|source| source.as_ref()) {
            let id = source.document.as_ref().map(|name| name.text.as_str());
            let found = self.model.documents.iter().find(|document| match id {
                Some(id) => document.id == id,
                None => document.default,
            });
            let cited = Cited {
                document: found.map(|d| self.text(&d.title)).or(id.map(str::to_owned)).unwrap_or_default(),
                clauses: source.clauses.clone(),
                says: source.says.clone(),
                place: found.and_then(|document| document.place.clone()),
            };
            if !all.contains(&cited) {
                all.push(cited);
            }
        }
        all
    }
}

/// A sentence of its own.
pub fn line(text: String) -> Line {
    Line { depth: 0, text }
}

/// A sentence under the one before it.
pub fn under(text: String) -> Line {
    Line { depth: 1, text }
}

/// A sentence under one that stands under another.
pub fn deeper(text: String) -> Line {
    Line { depth: 2, text }
}
