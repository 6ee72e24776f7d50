//! Text to [`Expr`], by Rhai's own parser.
//!
//! Only this file, `convert` and `script` name `rhai`. What an expression means is not known here.

use super::convert::convert;
use super::hints::first_slip;
use super::slip::{Slip, TO_A_SCRIPT};
use super::tokens::Tokens;
use super::{Expr, ExprKind};
use crate::finding::{Finding, Findings};
use crate::source::Span;
use rhai::{Engine, LexError, OptimizationLevel, ParseError, ParseErrorType, Position};
use std::sync::LazyLock;

/// Words that Rhai reserves, so that no field, parameter or measure can be named by them; sorted.
pub const RESERVED: &[&str] = &[
    "Fn",
    "_",
    "as",
    "async",
    "await",
    "break",
    "call",
    "case",
    "catch",
    "const",
    "continue",
    "curry",
    "debug",
    "default",
    "do",
    "else",
    "eval",
    "exit",
    "export",
    "false",
    "fn",
    "for",
    "go",
    "goto",
    "if",
    "import",
    "in",
    "is",
    "is_def_fn",
    "is_def_var",
    "is_shared",
    "let",
    "loop",
    "match",
    "module",
    "new",
    "nil",
    "null",
    "package",
    "print",
    "private",
    "protected",
    "public",
    "return",
    "shared",
    "spawn",
    "static",
    "super",
    "switch",
    "sync",
    "this",
    "thread",
    "throw",
    "true",
    "try",
    "type_of",
    "until",
    "use",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

/// The longest condition in bytes.
pub const LONGEST: usize = 4096;

/// How deep Rhai's parser may go; every operator of a chain counts too.
pub(super) const DEEPEST: usize = 128;

static PARSER: LazyLock<Engine> = LazyLock::new(|| {
    let mut engine = Engine::new_raw();
    engine
        .set_optimization_level(OptimizationLevel::None)
        .set_max_expr_depths(DEEPEST, DEEPEST)
        .set_max_functions(0)
        .set_max_modules(0)
        .set_max_strings_interned(0)
        .set_allow_anonymous_fn(false)
        .set_allow_switch_expression(false)
        .set_allow_loop_expressions(false)
        .set_allow_statement_expression(false)
        .set_allow_looping(false);
    engine
});

/// Parses `text`, which stands at `span`; what is wrong with it goes to `findings`.
///
/// `span` is the place of the whole value in its file: with its quotes, or without where it has
/// none. Every part of the answer has its own place when the text stands in the file as it is, and
/// the whole `span` when escapes or several lines keep the two apart. `None` means that exactly one
/// finding was added.
pub fn parse(text: &str, span: Span, findings: &mut Findings) -> Option<Expr> {
    let place = Place::new(text, span);
    match read(text, span) {
        Ok(mut expr) => {
            place.settle(&mut expr);
            Some(expr)
        }
        Err(slip) => {
            let at = place.of(slip.at.start, slip.at.end);
            findings.add(Finding::new(slip.code, at, slip.message).help_maybe(slip.help));
            None
        }
    }
}

/// The expression with places counted from the beginning of `text`.
fn read(text: &str, span: Span) -> Result<Expr, Slip> {
    if text.len() > LONGEST {
        return Err(Slip::bad(
            0..text.len(),
            format!("the condition is longer than {LONGEST} bytes"),
            Some("give its parts names as measures".into()),
        ));
    }
    let tokens = Tokens::split(text)?;
    if tokens.list.is_empty() {
        return Err(Slip::bad(0..text.len(), "the condition is empty", None));
    }
    if let Some(slip) = first_slip(&tokens).or_else(|| tokens.unpaired.clone()) {
        return Err(slip);
    }
    let lines = Lines::of(text);
    let ast = PARSER.compile_expression(text).map_err(|error| reworded(&error, text, &tokens, &lines))?;
    convert(ast.statements(), &tokens, &lines, span.file)
}

/// Where the text of a condition lies in its file.
struct Place {
    whole: Span,
    /// The byte of the file at which the text begins, when the two agree byte for byte.
    base: Option<usize>,
}

impl Place {
    fn new(text: &str, span: Span) -> Self {
        let length = span.end.saturating_sub(span.start) as usize;
        let start = span.start as usize;
        let base = match text.contains('\n') {
            false if length == text.len() + 2 => Some(start + 1),
            false if length == text.len() => Some(start),
            _ => None,
        };
        Self { whole: span, base }
    }

    fn of(&self, start: usize, end: usize) -> Span {
        match self.base {
            Some(base) => Span::new(self.whole.file, base + start, base + end),
            None => self.whole,
        }
    }

    fn settle(&self, expr: &mut Expr) {
        let of = |span: Span| self.of(span.start as usize, span.end as usize);
        expr.span = of(expr.span);
        match &mut expr.kind {
            ExprKind::Field(_, word) | ExprKind::Call(word, _) => word.span = of(word.span),
            _ => {}
        }
        for part in expr.parts_mut() {
            self.settle(part);
        }
    }
}

/// The lines of a text, to turn Rhai's positions into bytes.
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, starts }
    }

    /// The byte at `position`; the end of the text where Rhai names none.
    pub fn byte(&self, position: Position) -> usize {
        let (Some(line), Some(column)) = (position.line(), position.position()) else { return self.text.len() };
        let Some(start) = self.starts.get(line - 1) else { return self.text.len() };
        let rest = &self.text[*start..];
        start + rest.char_indices().nth(column.max(1) - 1).map_or(rest.len(), |(at, _)| at)
    }
}

/// Rhai's complaint in the author's terms.
fn reworded(error: &ParseError, text: &str, tokens: &Tokens<'_>, lines: &Lines<'_>) -> Slip {
    let byte = lines.byte(error.position());
    let token = tokens.beginning(byte).map(|index| &tokens.list[index]);
    let at = match token {
        Some(token) => token.start..token.end,
        None => byte..byte + text[byte..].chars().next().map_or(0, char::len_utf8),
    };
    let here = token.map_or_else(|| "the end".to_owned(), |token| format!("`{}`", token.text));
    let missing = |at, help| Slip::bad(at, format!("something is missing before {here}"), help);
    match error.err_type() {
        ParseErrorType::ExprTooDeep => Slip::too_deep(text.len()),
        ParseErrorType::UnexpectedEOF => Slip::bad(
            text.trim_end().len()..text.len().max(1),
            "the condition ends too early",
            Some("a name or a value belongs at its end".into()),
        ),
        ParseErrorType::BadInput(LexError::UnexpectedInput(input)) if input == "{" => {
            Slip::foreign(at, "a block (`{ … }`) that belongs to no `if`")
        }
        ParseErrorType::BadInput(LexError::UnexpectedInput(_)) => match token {
            Some(token) if matches!(token.text, "else" | ":") => Slip::bad(
                at,
                format!("{here} belongs to nothing"),
                Some("a choice is written `if … { … } else { … }`".into()),
            ),
            _ => missing(at, Some("a name or a value belongs there".into())),
        },
        ParseErrorType::BadInput(LexError::MalformedEscapeSequence(sequence)) => Slip::bad(
            at,
            format!("`{sequence}` means nothing in a text"),
            Some("write `\\\\` for a backslash and `\\\"` for a quotation mark".into()),
        ),
        ParseErrorType::BadInput(LexError::MalformedNumber(number)) => {
            Slip::bad(at, format!("the number `{number}` cannot be kept exactly"), None)
        }
        ParseErrorType::BadInput(LexError::MalformedIdentifier(name)) => {
            Slip::bad(at, format!("`{name}` is no name"), Some("a name begins with a letter".into()))
        }
        ParseErrorType::MismatchedType(_, actual) => Slip::bad(
            at,
            format!("{actual} stands where yes or no is decided"),
            Some("compare it with something".into()),
        ),
        ParseErrorType::MissingToken(sign, _) if sign == "{" => missing(
            at,
            Some("a choice is written `if … { … } else { … }`, with one expression in each pair of braces".into()),
        ),
        ParseErrorType::MissingToken(sign, _) => Slip::bad(at, format!("`{sign}` is missing before {here}"), None),
        ParseErrorType::PropertyExpected => missing(at, Some("the name of a field belongs after a dot".into())),
        ParseErrorType::MalformedIndexExpr(_) => Slip::bad(at, format!("{here} cannot be looked up in a list"), None),
        ParseErrorType::Reserved(word) => {
            Slip { help: Some(TO_A_SCRIPT.into()), ..Slip::bad(at, format!("`{word}` is a reserved word"), None) }
        }
        other => Slip::bad(at, lower(&other.to_string()), None),
    }
}

/// A message of another library in the form of ours: lower case, no full stop, back-ticks.
fn lower(message: &str) -> String {
    let message = message.trim_end_matches('.').replace('\'', "`");
    let mut chars = message.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
