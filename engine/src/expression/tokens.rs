//! The words and signs of a condition with their exact places.
//!
//! Rhai's parser tells where a part begins, not where it ends, and reports slips in its own terms;
//! this list gives the ends and lets [`super::hints`] look at what the author wrote. It follows
//! Rhai's lexical rules and must not decide what a condition means.

use super::slip::Slip;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// A name or a keyword.
    Word,
    /// A number.
    Number,
    /// A text in double quotes.
    Text,
    /// An operator, a bracket or any other sign.
    Sign,
}

/// One word or sign.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'t> {
    pub sort: Sort,
    pub text: &'t str,
    pub start: usize,
    pub end: usize,
    /// For a bracket, the place in the list of the one that it belongs to.
    pub mate: Option<usize>,
}

impl Token<'_> {
    /// Whether it is this operator, bracket or sign.
    pub fn is(&self, sign: &str) -> bool {
        self.sort == Sort::Sign && self.text == sign
    }

    /// Whether it is this word.
    pub fn is_word(&self, word: &str) -> bool {
        self.sort == Sort::Word && self.text == word
    }

    /// Whether a value can end with it.
    pub fn ends_value(&self) -> bool {
        match self.sort {
            Sort::Word => !matches!(self.text, "if" | "else" | "in"),
            Sort::Number | Sort::Text => true,
            Sort::Sign => matches!(self.text, ")" | "]" | "}"),
        }
    }

    /// Whether a value that needs no sign in front can begin with it.
    pub fn begins_value(&self) -> bool {
        match self.sort {
            Sort::Word => !matches!(self.text, "else" | "in"),
            Sort::Number | Sort::Text => true,
            Sort::Sign => false,
        }
    }
}

/// The tokens of one condition, in order.
pub(super) struct Tokens<'t> {
    pub list: Vec<Token<'t>>,
    /// The first bracket without its partner.
    pub unpaired: Option<Slip>,
}

/// Signs of more than one character, the longer before the shorter.
const LONG_SIGNS: &[&str] = &[
    "**=", "<<=", ">>=", "===", "!==", "..=", "...", "&&", "||", "==", "!=", "<=", ">=", "??", "?.", "?[", "::", "#{",
    "**", "<<", ">>", "=>", "=<", "<>", "<-", "->", ":=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "..", "++",
    "--",
];

impl<'t> Tokens<'t> {
    /// Splits `text`; a text or a comment that never ends is the error.
    pub fn split(text: &'t str) -> Result<Self, Slip> {
        let mut list = Vec::new();
        let mut open = Vec::new();
        let mut unpaired = None;
        let mut at = 0;
        while let Some(first) = text[at..].chars().next() {
            let rest = &text[at..];
            let (sort, length) = match first {
                c if c.is_whitespace() => {
                    at += c.len_utf8();
                    continue;
                }
                '/' if rest.starts_with("//") => {
                    at += rest.find('\n').unwrap_or(rest.len());
                    continue;
                }
                '/' if rest.starts_with("/*") => {
                    at += block_comment(rest, at)?;
                    continue;
                }
                'a'..='z' | 'A'..='Z' | '_' => (Sort::Word, word_length(rest)),
                '0'..='9' => (Sort::Number, number_length(rest)),
                '"' => (Sort::Text, text_length(rest, at)?),
                _ => (Sort::Sign, sign_length(rest)),
            };
            let token = Token { sort, text: &rest[..length], start: at, end: at + length, mate: None };
            let index = list.len();
            list.push(token);
            if sort == Sort::Sign && unpaired.is_none() {
                unpaired = pair(&mut list, &mut open, index).err();
            }
            at += length;
        }
        let unpaired = unpaired.or_else(|| open.pop().map(|index| unclosed(&list[index])));
        Ok(Self { list, unpaired })
    }

    /// The place in the list of the token that begins at byte `start`.
    pub fn beginning(&self, start: usize) -> Option<usize> {
        self.list.binary_search_by_key(&start, |token| token.start).ok()
    }

    /// The place in the list of the token that ends at byte `end`.
    pub fn ending(&self, end: usize) -> Option<usize> {
        self.list.binary_search_by_key(&end, |token| token.end).ok()
    }

    /// The bytes `start..end`, widened to the round brackets that directly enclose them.
    pub fn with_brackets(&self, start: usize, end: usize) -> (usize, usize) {
        let (Some(mut first), Some(mut last)) = (self.beginning(start), self.ending(end)) else { return (start, end) };
        while let Some(before) = first.checked_sub(1)
            && self.list[before].is("(")
            && self.list[before].mate == Some(last + 1)
        {
            (first, last) = (before, last + 1);
        }
        (self.list[first].start, self.list[last].end)
    }

    /// The token that ends right before byte `start`, without anything between.
    pub fn ending_before(&self, start: usize) -> Option<&Token<'t>> {
        self.ending(start).map(|index| &self.list[index])
    }

    /// The last byte of what stands in brackets that open at token `index`.
    pub fn closing(&self, index: usize) -> Option<usize> {
        let mate = self.list.get(index)?.mate?;
        self.list.get(mate).map(|token| token.end)
    }
}

fn pair(list: &mut [Token<'_>], open: &mut Vec<usize>, index: usize) -> Result<(), Slip> {
    let token = list[index];
    let opener = match token.text {
        "(" | "[" | "{" | "#{" | "?[" => {
            open.push(index);
            return Ok(());
        }
        ")" => "(",
        "]" => "[",
        "}" => "{",
        _ => return Ok(()),
    };
    match open.pop() {
        Some(at) if list[at].text.ends_with(opener) => {
            list[at].mate = Some(index);
            list[index].mate = Some(at);
            Ok(())
        }
        Some(at) => Err(Slip::bad(
            token.start..token.end,
            format!("`{}` is closed by `{}`", list[at].text, token.text),
            Some(format!("close it with `{}`", closer(list[at].text))),
        )),
        None => Err(Slip::bad(
            token.start..token.end,
            format!("`{}` closes nothing", token.text),
            Some(format!("take it out, or add the `{opener}` that it belongs to")),
        )),
    }
}

fn unclosed(token: &Token<'_>) -> Slip {
    Slip::bad(
        token.start..token.end,
        format!("`{}` is never closed", token.text),
        Some(format!("add the `{}` that belongs to it", closer(token.text))),
    )
}

fn closer(opener: &str) -> &'static str {
    match opener {
        "(" => ")",
        "{" | "#{" => "}",
        _ => "]",
    }
}

fn word_length(rest: &str) -> usize {
    rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len())
}

/// A number as Rhai reads it: digits and `_`, one point when a digit follows it; `0x…` whole.
fn number_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    if bytes.len() > 1 && bytes[0] == b'0' && matches!(bytes[1], b'x' | b'X' | b'o' | b'O' | b'b' | b'B') {
        return word_length(rest);
    }
    let digits = |from: usize| {
        from + bytes[from..].iter().position(|b| !(b.is_ascii_digit() || *b == b'_')).unwrap_or(bytes.len() - from)
    };
    let whole = digits(0);
    match bytes.get(whole..whole + 2) {
        Some([b'.', b'0'..=b'9']) => digits(whole + 1),
        _ => whole,
    }
}

fn text_length(rest: &str, at: usize) -> Result<usize, Slip> {
    let bytes = rest.as_bytes();
    let mut next = 1;
    while let Some(byte) = bytes.get(next) {
        match byte {
            b'\\' => next += 2,
            b'"' if bytes.get(next + 1) == Some(&b'"') => next += 2,
            b'"' => return Ok(next + 1),
            b'\n' => break,
            _ => next += 1,
        }
    }
    Err(Slip::bad(at..at + 1, "the text that begins here is never closed", Some("end it with `\"`".into())))
}

fn sign_length(rest: &str) -> usize {
    if rest.starts_with("!in") && word_length(&rest[1..]) == 2 {
        return 3;
    }
    let long = LONG_SIGNS.iter().find(|sign| rest.starts_with(**sign)).map(|sign| sign.len());
    long.or_else(|| rest.chars().next().map(char::len_utf8)).unwrap_or(0)
}

fn block_comment(rest: &str, at: usize) -> Result<usize, Slip> {
    let mut depth = 0usize;
    let mut next = 0;
    while next < rest.len() {
        if rest[next..].starts_with("/*") {
            (depth, next) = (depth + 1, next + 2);
        } else if rest[next..].starts_with("*/") {
            (depth, next) = (depth - 1, next + 2);
            if depth == 0 {
                return Ok(next);
            }
        } else {
            next += rest[next..].chars().next().map_or(1, char::len_utf8);
        }
    }
    Err(Slip::bad(at..at + 2, "the comment that begins here is never closed", Some("end it with `*/`".into())))
}
