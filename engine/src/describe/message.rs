//! A message for people in every language, with places for what it speaks of.
//!
//! It knows nothing of rules.

use crate::rulebook::piece::Language;

/// One text in English, Japanese and French; `{0}`, `{1}` and `{2}` are places for parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message(pub [&'static str; Language::ALL.len()]);

impl Message {
    /// The text with its parts.
    pub fn say(self, language: Language, parts: &[&str]) -> String {
        let mut rest = self.0[language as usize];
        let mut said = String::with_capacity(rest.len() + parts.iter().map(|part| part.len()).sum::<usize>());
        while let Some(open) = rest.find('{') {
            said.push_str(&rest[..open]);
            let place = rest.as_bytes().get(open + 1).map_or(0, |digit| usize::from(digit.wrapping_sub(b'0')));
            said.push_str(parts.get(place).copied().unwrap_or(""));
            rest = rest.get(open + 3..).unwrap_or("");
        }
        said.push_str(rest);
        said
    }

    /// The places that the text of one language has, each once.
    #[cfg(test)]
    fn places(self, language: Language) -> std::collections::BTreeSet<char> {
        let text = self.0[language as usize];
        text.char_indices().filter(|(_, c)| *c == '{').filter_map(|(at, _)| text[at + 1..].chars().next()).collect()
    }
}

/// Declares the messages of one part of the catalogue.
macro_rules! messages {
    ($($(#[doc = $about:literal])* $name:ident: $en:literal, $ja:literal, $fr:literal;)+) => {
        $($(#[doc = $about])* pub const $name: $crate::describe::message::Message =
            $crate::describe::message::Message([$en, $ja, $fr]);)+
        #[cfg(test)]
        pub const ALL: &[(&str, $crate::describe::message::Message)] = &[$((stringify!($name), $name)),+];
    };
}
pub(crate) use messages;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::describe::catalogue::{built_in, duty, expression, part, rule, ruling};

    #[test]
    fn every_language_has_the_same_places() {
        for (name, message) in [built_in::ALL, duty::ALL, expression::ALL, part::ALL, rule::ALL, ruling::ALL].concat() {
            let [en, ja, fr] = Language::ALL.map(|(_, language)| message.places(language));
            assert_eq!(en, ja, "{name}");
            assert_eq!(en, fr, "{name}");
            assert!(message.0.iter().all(|text| !text.is_empty()), "{name}");
        }
    }

    #[test]
    fn parts_stand_where_the_language_wants_them() {
        let message = Message(["{0} of {1}", "{1}の{0}", "{0} de {1}"]);
        assert_eq!(message.say(Language::En, &["a", "b"]), "a of b");
        assert_eq!(message.say(Language::Ja, &["a", "b"]), "bのa");
    }
}
