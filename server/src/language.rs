//! In which language rules are explained, of those that the caller understands.

use axum::http::{HeaderMap, header};
use tierline_engine::rulebook::piece::Language;

/// The language that the caller likes best of those there are; English when it likes none of them.
pub fn chosen(headers: &HeaderMap) -> Language {
    let accepted = headers.get_all(header::ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok());
    let ranges = accepted.flat_map(|value| value.split(',')).filter_map(range);
    let mut best = (0, Language::En);
    for (tag, weight) in ranges {
        let main = tag.split('-').next().unwrap_or("");
        let known = Language::ALL.iter().find(|(name, _)| main.eq_ignore_ascii_case(name));
        if let Some((_, language)) = known.filter(|_| weight > best.0) {
            best = (weight, *language);
        }
    }
    best.1
}

/// A language and how much it is liked, in thousandths.
fn range(text: &str) -> Option<(&str, u32)> {
    let mut parts = text.split(';').map(str::trim);
    let tag = parts.next().filter(|tag| !tag.is_empty())?;
    let weight = match parts.find_map(|part| part.strip_prefix("q=")) {
        None => 1000,
        Some(weight) => {
            let (whole, rest) = weight.split_once('.').unwrap_or((weight, ""));
            let thousandths = format!("{rest:0<3}").get(..3)?.parse::<u32>().ok()?;
            whole.parse::<u32>().ok()?.checked_mul(1000)?.checked_add(thousandths)?.min(1000)
        }
    };
    Some((tag, weight))
}

/// The name of a language.
pub fn name(language: Language) -> &'static str {
    Language::ALL.iter().find(|(_, known)| *known == language).map_or("en", |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_liked_language_is_chosen() {
        let of = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, header::HeaderValue::from_str(value).expect("a header"));
            name(chosen(&headers))
        };
        assert_eq!(of("ja"), "ja");
        assert_eq!(of("fr-CH, fr;q=0.9, en;q=0.8, *;q=0.5"), "fr");
        assert_eq!(of("de, en;q=0.2, JA-JP;q=0.7"), "ja");
        assert_eq!(of("ja;q=0"), "en");
        assert_eq!(of("de, *"), "en");
        assert_eq!(of("q=;;,ja;q=x"), "en");
        assert_eq!(name(chosen(&HeaderMap::new())), "en");
    }
}
