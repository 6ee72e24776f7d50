//! Columns and line breaks, by the width that characters take on a screen.

use std::io::IsTerminal;
use std::sync::OnceLock;
use unicode_width::UnicodeWidthStr;

/// How wide a statement is at most, and where nobody says how wide it may be.
const WIDEST: usize = 100;
/// How wide a statement is at least; its tables need the room.
const NARROWEST: usize = 72;

/// How wide a statement is: as wide as `COLUMNS` says, else as the terminal that shows it, within bounds.
pub fn page() -> usize {
    static PAGE: OnceLock<usize> = OnceLock::new();
    *PAGE.get_or_init(|| {
        let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let seen = || {
            let size = std::io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
            size.map(|(width, _)| usize::from(width.0))
        };
        told.or_else(seen).unwrap_or(WIDEST).clamp(NARROWEST, WIDEST)
    })
}

/// How many columns `text` takes.
pub fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// `text` with spaces after it, `columns` wide.
pub fn left(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// `text` with spaces before it, `columns` wide.
pub fn right(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(width(text))))
}

/// The widest of `texts`.
pub fn widest<'t>(texts: impl IntoIterator<Item = &'t str>) -> usize {
    texts.into_iter().map(width).max().unwrap_or(0)
}

/// `text` in lines of at most `columns`.
pub fn wrapped(text: &str, columns: usize) -> Vec<String> {
    // A day or a number is not broken at its hyphens.
    let whole = textwrap::Options::new(columns.max(20)).word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::wrap(text, whole).into_iter().map(std::borrow::Cow::into_owned).collect()
}

/// `items` between separators, in lines of at most `columns`; only an item that is longer than a line is broken.
pub fn listed(items: &[String], columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for item in items {
        match lines.last_mut() {
            Some(line) if width(line) + width(item) + 4 <= columns => line.push_str(&format!(" · {item}")),
            _ => {
                lines.last_mut().into_iter().for_each(|line| line.push_str(" ·"));
                lines.extend(wrapped(item, columns - 2));
            }
        }
    }
    lines
}

/// A bar with `filled` of its `cells` full, and those up to `perhaps` in doubt.
pub fn bar(cells: usize, filled: usize, perhaps: usize) -> String {
    let filled = filled.min(cells);
    let perhaps = perhaps.clamp(filled, cells);
    format!("{}{}{}", "█".repeat(filled), "▒".repeat(perhaps - filled), "░".repeat(cells - perhaps))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn japanese_takes_two_columns_a_character() {
        assert_eq!(width("階層"), 4);
        assert_eq!(left("階層", 6), "階層  ");
        assert_eq!(right("階層", 6), "  階層");
        let items = ["one", "two", "three"].map(str::to_owned);
        assert_eq!(listed(&items, 24), ["one · two · three"]);
        assert_eq!(listed(&items, 12), ["one · two ·", "three"]);
        assert_eq!(wrapped("パートナートレーニングポータル", 20), ["パートナートレーニン", "グポータル"]);
    }

    #[test]
    fn a_bar_shows_what_is_in_doubt() {
        assert_eq!(bar(10, 3, 5), "███▒▒░░░░░");
        assert_eq!(bar(4, 9, 2), "████");
    }
}
