//! A damaged rulebook is told, and never ends the program: any edit of a real file is loaded or refused.

use proptest::prelude::*;
use std::path::Path;
use std::sync::LazyLock;
use tierline_engine::compile::Program;
use tierline_engine::load::Folder;

static TEXT: LazyLock<String> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules/redhat-pex/2024-07.toml");
    std::fs::read_to_string(path).expect("a rulebook")
});

/// Loads a text as the rulebook; whatever is found has a place inside it.
fn load(text: &str) {
    let folder = Folder::of("rules", [("redhat-pex/2024-07.toml", text)]);
    let load = Program::load(&folder, "redhat-pex");
    for finding in load.findings.iter() {
        let end = load.sources.file(finding.span.file).text.len() as u32;
        assert!(finding.span.start <= end && finding.span.end <= end, "{finding:?}");
        let _ = load.sources.position(finding.span);
        assert!(!finding.message.is_empty());
    }
    let usable = load.program.versions.iter().any(|version| version.plan.is_some());
    let told = tierline_tests::acme::told(&load);
    assert!(!load.findings.has_errors() || !usable, "a rulebook with errors has no plan:\n{told}");
    assert!(load.findings.has_errors() || usable, "a rulebook without a plan has errors");
}

/// One edit of a text.
#[derive(Clone, Debug)]
enum Edit {
    Replace(prop::sample::Index, char),
    Insert(prop::sample::Index, &'static str),
    DropLine(prop::sample::Index),
    TwiceLine(prop::sample::Index),
    SwapLines(prop::sample::Index, prop::sample::Index),
    SwapWords(prop::sample::Index, prop::sample::Index),
    Cut(prop::sample::Index),
}

fn edit() -> impl Strategy<Value = Edit> {
    let at = any::<prop::sample::Index>;
    let pieces = [
        "\"",
        "'",
        "[",
        "]",
        "{",
        "}",
        "=",
        ",",
        ".",
        "#",
        "\n",
        " ",
        "é",
        "\u{0}",
        "0",
        "none",
        "unspecified",
        "points",
        "tier",
        "each = \"deal\"\n",
        "[[measures]]\n",
        "by = \"tier\"",
        "&&",
        "!",
        "??",
        "if a { b } else { c }",
        "at(",
        ")",
    ];
    prop_oneof![
        1 => (at(), any::<char>()).prop_map(|(at, c)| Edit::Replace(at, c)),
        3 => (at(), prop::sample::select(pieces.to_vec())).prop_map(|(at, piece)| Edit::Insert(at, piece)),
        2 => at().prop_map(Edit::DropLine),
        1 => at().prop_map(Edit::TwiceLine),
        1 => (at(), at()).prop_map(|(a, b)| Edit::SwapLines(a, b)),
        3 => (at(), at()).prop_map(|(a, b)| Edit::SwapWords(a, b)),
        1 => at().prop_map(Edit::Cut),
    ]
}

fn boundary(text: &str, index: prop::sample::Index) -> usize {
    let mut at = index.index(text.len().max(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn edited(text: &str, edit: &Edit) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    if lines.is_empty() {
        return text.to_owned();
    }
    let line = |index: &prop::sample::Index| index.index(lines.len());
    match edit {
        Edit::Replace(at, c) => {
            let at = boundary(text, *at);
            let after = text[at..].chars().next().map_or(at, |old| at + old.len_utf8());
            return format!("{}{c}{}", &text[..at], &text[after..]);
        }
        Edit::Insert(at, piece) => {
            let at = boundary(text, *at);
            return format!("{}{piece}{}", &text[..at], &text[at..]);
        }
        Edit::Cut(at) => return text[..boundary(text, *at)].to_owned(),
        Edit::DropLine(at) => {
            lines.remove(line(at));
        }
        Edit::TwiceLine(at) => {
            let at = line(at);
            lines.insert(at, lines[at]);
        }
        Edit::SwapLines(a, b) => {
            let (a, b) = (line(a), line(b));
            lines.swap(a, b);
        }
        Edit::SwapWords(a, b) => {
            let words: Vec<(usize, usize)> = words(text);
            let (a, b) = (words[a.index(words.len())], words[b.index(words.len())]);
            let (first, second) = if a.0 <= b.0 { (a, b) } else { (b, a) };
            if first == second {
                return text.to_owned();
            }
            let (x, y) = (&text[first.0..first.1], &text[second.0..second.1]);
            return format!("{}{y}{}{x}{}", &text[..first.0], &text[first.1..second.0], &text[second.1..]);
        }
    }
    lines.join("\n")
}

/// The places of all words of a text.
fn words(text: &str) -> Vec<(usize, usize)> {
    let mut words: Vec<(usize, usize)> = Vec::new();
    for (at, c) in text.char_indices() {
        if !(c.is_ascii_alphanumeric() || c == '_') {
            continue;
        }
        match words.last_mut() {
            Some((_, end)) if *end == at => *end = at + 1,
            _ => words.push((at, at + 1)),
        }
    }
    words
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_edit_of_a_rulebook_panics(edits in prop::collection::vec(edit(), 1..4)) {
        let text = edits.iter().fold(TEXT.clone(), |text, edit| edited(&text, edit));
        load(&text);
    }
}

#[test]
fn every_line_can_be_missing() {
    let lines: Vec<&str> = TEXT.lines().collect();
    // Every seventh, from another start each: all kinds of lines, in a time that tests can take.
    for skip in (0..lines.len()).step_by(7) {
        let text: Vec<&str> = lines.iter().enumerate().filter(|(at, _)| *at != skip).map(|(_, line)| *line).collect();
        load(&text.join("\n"));
    }
}
