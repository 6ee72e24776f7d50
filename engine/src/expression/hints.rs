//! Slips that authors make, recognised by their look before Rhai's parser sees them.
//!
//! Everything that is spelled unlike any condition is told here, in the author's terms and at its
//! exact place. Nothing here knows Rhai's syntax tree.

use super::parse::RESERVED;
use super::slip::Slip;
use super::tokens::{Sort, Token, Tokens};
use crate::value::Decimal;

/// How many members and indexes may follow each other in one path.
const LONGEST_PATH: usize = 32;

/// The first slip in reading order, if there is one.
pub(super) fn first_slip(tokens: &Tokens<'_>) -> Option<Slip> {
    let mut path = 0;
    for (index, token) in tokens.list.iter().enumerate() {
        let before = index.checked_sub(1).map(|at| &tokens.list[at]);
        let slip = match token.sort {
            Sort::Word => word(tokens, index, before),
            Sort::Number => number(tokens, index),
            Sort::Text => None,
            Sort::Sign => sign(tokens, index, before),
        };
        if let Some(slip) = slip.or_else(|| adjacent(token, before?)) {
            return Some(slip);
        }
        path = match (token.sort, token.text) {
            (Sort::Sign, "." | "[" | "]") => path + 1,
            (Sort::Sign, _) => 0,
            _ => path,
        };
        if path > LONGEST_PATH {
            return Some(Slip::bad(
                token.start..token.end,
                format!("the path is longer than {LONGEST_PATH} steps"),
                None,
            ));
        }
    }
    None
}

fn word(tokens: &Tokens<'_>, index: usize, before: Option<&Token<'_>>) -> Option<Slip> {
    let token = &tokens.list[index];
    let at = token.start..token.end;
    let after_value = before.is_some_and(Token::ends_value);
    let next = tokens.list.get(index + 1);
    let instead = |sign: &str| {
        Some(Slip::bad(
            at.clone(),
            format!("`{}` is not an operator here", token.text),
            Some(format!("write `{sign}`")),
        ))
    };
    match token.text.to_ascii_lowercase().as_str() {
        "and" if after_value => return instead("&&"),
        "or" if after_value => return instead("||"),
        "is" if after_value && next.is_some_and(|next| next.is_word("not")) => return instead("!="),
        "is" if after_value => return instead("=="),
        "not" if after_value && next.is_some_and(|next| next.is_word("in")) => return instead("!in"),
        "not" if !after_value && next.is_some_and(|next| next.begins_value() || next.is("(")) => return instead("!"),
        _ => {}
    }
    if before.is_some_and(|before| before.is(".")) {
        return reserved(token);
    }
    match token.text {
        "true" | "false" | "if" | "else" | "in" => None,
        "switch" => Some(Slip::foreign(at, "`switch`").or("use `if … { … } else { … }` or a table")),
        "loop" | "while" | "until" | "for" | "do" | "break" | "continue" => {
            Some(Slip::foreign(at, &format!("a loop (`{}`)", token.text)))
        }
        "let" | "const" => Some(
            Slip::foreign(at, &format!("a variable of its own (`{}`)", token.text))
                .or("give the part a name as a measure"),
        ),
        "fn" | "private" => Some(Slip::foreign(at, "the definition of a function")),
        "return" | "throw" | "try" | "catch" => Some(Slip::foreign(at, &format!("a statement (`{}`)", token.text))),
        "import" | "export" | "as" => Some(Slip::foreign(at, &format!("a module (`{}`)", token.text))),
        "this" => Some(Slip::foreign(at, "`this`").or("name the record")),
        "null" | "nil" => Some(Slip::foreign(at, &format!("`{}`", token.text)).or("ask with `has(x)`")),
        _ => reserved(token),
    }
}

fn reserved(token: &Token<'_>) -> Option<Slip> {
    let words: &[&str] = RESERVED;
    words.binary_search(&token.text).ok().map(|_| Slip {
        message: format!("`{}` is a reserved word and names nothing here", token.text),
        help: Some(format!(
            "a field with this key has another name in rules: `NAME = {{ type = …, json = \"{}\" }}`",
            token.text
        )),
        ..Slip::foreign(token.start..token.end, "")
    })
}

fn number(tokens: &Tokens<'_>, index: usize) -> Option<Slip> {
    let token = &tokens.list[index];
    let at = token.start..token.end;
    let digits = token.text.replace('_', "");
    if digits.contains(|c: char| c.is_ascii_alphabetic()) {
        return Some(
            Slip::foreign(at, &format!("the number `{}`, which is not decimal,", token.text))
                .or("write it with the digits 0 to 9"),
        );
    }
    if let Some(end) = date_end(tokens, index) {
        return Some(Slip::bad(
            token.start..end,
            "a date cannot be written in a condition",
            Some("make it a parameter and use its name".into()),
        ));
    }
    if let Some(slip) = thousands(tokens, index) {
        return Some(slip);
    }
    match Decimal::from_str_exact(&digits) {
        Ok(_) => None,
        Err(_) => Some(Slip::bad(
            at,
            format!("the number `{}` has more digits than can be kept exactly", token.text),
            Some("28 digits always fit".into()),
        )),
    }
}

/// The end of `2024-07-01` when it begins at `index`; Rhai would subtract.
fn date_end(tokens: &Tokens<'_>, index: usize) -> Option<usize> {
    let [year, dash, month, other, day] = tokens.list.get(index..index + 5)? else { return None };
    let shaped = year.text.len() == 4
        && (dash.is("-") && other.is("-"))
        && [month, day].iter().all(|part| part.sort == Sort::Number && part.text.len() == 2)
        && day.end - year.start == 10;
    shaped.then_some(day.end)
}

/// `25,000` where a comma separates nothing, or where `000` cannot be a number of its own.
fn thousands(tokens: &Tokens<'_>, index: usize) -> Option<Slip> {
    let token = &tokens.list[index];
    let groups: Vec<&Token<'_>> = tokens.list[index + 1..]
        .chunks_exact(2)
        .take_while(|pair| {
            pair[0].is(",")
                && pair[1].sort == Sort::Number
                && pair[1].end - pair[0].start == 4
                && pair[1].text.bytes().all(|b| b.is_ascii_digit())
        })
        .map(|pair| &pair[1])
        .collect();
    let last = groups.last()?;
    let joined = groups.first()?.start == token.end + 1 && token.text.len() <= 3;
    let separates = enclosing(tokens, index)
        .is_some_and(|open| open.is("[") || tokens.ending_before(open.start).is_some_and(|t| t.sort == Sort::Word));
    let leading_zero = groups.iter().any(|group| group.text.starts_with('0'));
    if !joined || (separates && !leading_zero) {
        return None;
    }
    let written = std::iter::once(token.text).chain(groups.iter().map(|group| group.text));
    Some(Slip::bad(
        token.start..last.end,
        "a comma cannot separate thousands",
        Some(format!("write `{}`", written.collect::<Vec<_>>().join("_"))),
    ))
}

fn enclosing<'a, 't>(tokens: &'a Tokens<'t>, index: usize) -> Option<&'a Token<'t>> {
    tokens.list[..index].iter().rev().find(|token| token.mate.is_some_and(|mate| mate > index))
}

fn sign(tokens: &Tokens<'_>, index: usize, before: Option<&Token<'_>>) -> Option<Slip> {
    let token = &tokens.list[index];
    let at = token.start..token.end;
    let after_value = before.is_some_and(Token::ends_value);
    let next = tokens.list.get(index + 1);
    let meant = |sign: &str, why: &str| {
        Some(Slip::bad(at.clone(), format!("`{}` {why}", token.text), Some(format!("write `{sign}`"))))
    };
    let foreign = |form: &str| Some(Slip::foreign(at.clone(), form));
    match token.text {
        "=" => meant("==", "does not compare"),
        "===" | ":=" => meant("==", "is not an operator"),
        "!==" | "<>" => meant("!=", "is not an operator"),
        "=<" => meant("<=", "is not an operator"),
        "=>" => meant(">=", "is not an operator"),
        "<-" => meant("< -", "is not an operator"),
        "->" => meant("- >", "is not an operator"),
        "++" | "--" => Some(Slip::bad(
            at,
            format!("`{}` is not an operator", token.text),
            Some("put a space between the two signs".into()),
        )),
        "&" | "|" if after_value => {
            Some(Slip::foreign(at, &format!("a bit operator (`{}`)", token.text)).or(&format!(
                "write `{0}{0}` for {1}",
                token.text,
                if token.text == "&" { "and" } else { "or" }
            )))
        }
        "||" | "|" if !after_value => {
            Some(Slip::foreign(at, "a closure (`|…|`)").or("write `any(record, …)` without bars"))
        }
        "^" | "~" | "&" | "<<" | ">>" => foreign(&format!("a bit operator (`{}`)", token.text)),
        "%" if before.is_some_and(|before| before.sort == Sort::Number)
            && !next.is_some_and(|next| next.begins_value() || next.is("(")) =>
        {
            Some(Slip::bad(
                before.map_or(token.start, |before| before.start)..token.end,
                "a percentage cannot be written in a condition",
                Some("make it a parameter, such as `rate = \"7 %\"`, and use its name".into()),
            ))
        }
        "%" => foreign("a remainder (`%`)"),
        "**" => foreign("a power (`**`)"),
        "+=" | "-=" | "*=" | "/=" | "%=" | "**=" | "&=" | "|=" | "^=" | "<<=" | ">>=" => {
            foreign(&format!("an assignment (`{}`)", token.text))
        }
        ".." | "..=" | "..." => {
            Some(Slip::foreign(at, &format!("a range (`{}`)", token.text)).or("compare with `>=` and `<=`"))
        }
        "?." | "?[" => {
            Some(Slip::foreign(at, &format!("`{}`", token.text)).or("none goes through fields; write `.` or `[`"))
        }
        "::" => foreign("a name from a module (`::`)"),
        "#{" => foreign("a map (`#{…}`)"),
        ";" => foreign("a second statement (`;`)"),
        "`" => Some(Slip::foreign(at, "a text in back-ticks").or("write the text in double quotes")),
        "'" => {
            let close = tokens.list[index + 1..].iter().find(|token| token.is("'"));
            Some(Slip::bad(
                token.start..close.map_or(token.end, |close| close.end),
                "a text inside a condition stands in double quotes",
                Some("write `\"…\"`, and put the whole condition in single quotes".into()),
            ))
        }
        "(" if next.is_some_and(|next| next.is(")")) && !before.is_some_and(is_name) => Some(
            Slip::foreign(token.start..next.map_or(token.end, |next| next.end), "an empty value (`()`)")
                .or("ask with `has(x)`"),
        ),
        "(" if before.is_some_and(is_name) && index >= 2 && tokens.list[index - 2].is(".") => {
            let name = before.map_or("", |before| before.text);
            Some(
                Slip::foreign(
                    before.map_or(token.start, |before| before.start)..token.end,
                    &format!("a call after a dot (`.{name}(…)`)"),
                )
                .or(&format!("write `{name}(…)` with the value as its first argument")),
            )
        }
        "!" if after_value && next.is_some_and(|next| next.is("(")) => foreign("a call with `!`"),
        "$" | "€" | "£" | "¥" => Some(Slip::bad(
            at,
            "an amount of money cannot be written in a condition",
            Some("make it a parameter, such as `floor = \"25_000 USD\"`, and use its name".into()),
        )),
        "<" | "<=" | ">" | ">=" | "==" | "!=" | "&&" | "||" | "??" | "+" | "-" | "*" | "/" | "!" | "!in" | "("
        | ")" | "[" | "]" | "{" | "}" | "," | "." | ":" => None,
        _ => Some(strange(token)),
    }
}

fn is_name(token: &Token<'_>) -> bool {
    token.sort == Sort::Word && !matches!(token.text, "if" | "else" | "in" | "true" | "false")
}

/// A character that looks like a sign of the language, or like none.
fn strange(token: &Token<'_>) -> Slip {
    let at = token.start..token.end;
    let c = token.text.chars().next().unwrap_or(' ');
    let plain = match c {
        '“' | '”' | '„' | '«' | '»' | '‘' | '’' | '「' | '」' | '『' | '』' | '＂' | '＇' => {
            "\"".into()
        }
        '≥' => ">=".into(),
        '≤' => "<=".into(),
        '≠' => "!=".into(),
        '×' | '·' => "*".into(),
        '÷' => "/".into(),
        '−' | '–' | '—' => "-".into(),
        '∧' => "&&".into(),
        '∨' => "||".into(),
        '¬' => "!".into(),
        '＝' => "==".into(),
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(c) - 0xfee0).map_or_else(String::new, |plain| plain.to_string())
        }
        _ => String::new(),
    };
    let message = match plain.as_str() {
        "\"" => format!("`{c}` is not a quotation mark of the language"),
        _ => format!("`{c}` means nothing in a condition"),
    };
    let help = (!plain.is_empty()).then(|| format!("write `{plain}`"));
    Slip::bad(at, message, help)
}

/// Two values side by side with no operator between.
fn adjacent(token: &Token<'_>, before: &Token<'_>) -> Option<Slip> {
    let opens_value = token.is("(") && (matches!(before.sort, Sort::Number | Sort::Text) || before.is(")"));
    let glued = before.is(")") || before.is("]") || before.is("}") || before.sort != Sort::Sign;
    if !(glued && before.ends_value() && (token.begins_value() || opens_value)) {
        return None;
    }
    let at = token.start..token.end;
    if before.sort == Sort::Number && token.sort == Sort::Word {
        let help = match token.text.trim_end_matches('s') {
            unit @ ("day" | "month" | "year") => format!("write `{unit}s({})`, or use a parameter's name", before.text),
            _ => "make the quantity a parameter and use its name".into(),
        };
        return Some(Slip::bad(
            before.start..token.end,
            format!("`{} {}` cannot be written in a condition", before.text, token.text),
            Some(help),
        ));
    }
    Some(Slip::bad(at, format!("an operator is missing between `{}` and `{}`", before.text, token.text), None))
}
