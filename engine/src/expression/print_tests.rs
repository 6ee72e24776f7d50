//! What is printed is read back as the same expression.
use super::super::{Operator, Word, parse};
use super::*;
use crate::finding::Findings;
use crate::source::{FileId, Span};
use crate::value::Decimal;
use proptest::prelude::*;

fn nowhere() -> Span {
    Span::top(FileId(0))
}

fn expr(kind: ExprKind) -> Expr {
    Expr { span: nowhere(), kind }
}

fn boxed(e: Expr) -> Box<Expr> {
    Box::new(e)
}

/// The same expression without its places.
fn bare(mut e: Expr) -> Expr {
    e.span = nowhere();
    if let ExprKind::Field(_, word) | ExprKind::Call(word, _) = &mut e.kind {
        word.span = nowhere();
    }
    for part in e.parts_mut() {
        *part = bare(part.clone());
    }
    e
}

fn read(text: &str) -> Expr {
    let mut findings = Findings::default();
    let span = Span::new(FileId(0), 0, text.len());
    let read = parse(text, span, &mut findings);
    bare(read.unwrap_or_else(|| panic!("{text}: {:?}", findings.iter().collect::<Vec<_>>())))
}

fn name() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9_]{0,5}".prop_filter("reserved", |w| {
        super::super::RESERVED.binary_search(&w.as_str()).is_err()
            && !["and", "or", "not", "contains"].contains(&w.as_str())
    })
}

fn word() -> impl Strategy<Value = Word> {
    name().prop_map(|text| Word { text, span: nowhere() })
}

fn is_literal(e: &Expr) -> bool {
    matches!(e.kind, ExprKind::Number(_) | ExprKind::Text(_) | ExprKind::List(_))
}

/// What Rhai accepts beside `&&`, `||` and after `if`.
fn decidable(e: Expr) -> Expr {
    if is_literal(&e) { expr(ExprKind::Name("flag".into())) } else { e }
}

fn path_base(e: Expr) -> Expr {
    match e.kind {
        ExprKind::Number(_) | ExprKind::Text(_) | ExprKind::List(_) => expr(ExprKind::Name("base".into())),
        _ => e,
    }
}

fn any_expr() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(ExprKind::Flag),
        (any::<i64>(), 0u32..10).prop_map(|(n, scale)| ExprKind::Number(Decimal::new(n, scale))),
        any::<String>().prop_map(ExprKind::Text),
        name().prop_map(ExprKind::Name),
    ]
    .prop_map(expr);
    leaf.prop_recursive(5, 40, 4, |inner| {
        let one = inner.clone().prop_map(boxed);
        let pair = (one.clone(), one.clone());
        let several = |least| proptest::collection::vec(inner.clone(), least..4);
        prop_oneof![
            (inner.clone(), word()).prop_map(|(e, w)| ExprKind::Field(boxed(path_base(e)), w)),
            (inner.clone(), one.clone()).prop_map(|(e, k)| ExprKind::Index(boxed(path_base(e)), k)),
            several(0).prop_map(ExprKind::List),
            one.clone().prop_map(ExprKind::Not),
            inner.clone().prop_map(|e| match e.kind {
                ExprKind::Number(n) => ExprKind::Number(-n),
                _ => ExprKind::Negative(boxed(e)),
            }),
            several(2).prop_map(|parts| {
                let flat = |e: Expr| match e.kind {
                    ExprKind::And(inner) => inner,
                    _ => vec![decidable(e)],
                };
                ExprKind::And(parts.into_iter().flat_map(flat).collect())
            }),
            several(2).prop_map(|parts| {
                let flat = |e: Expr| match e.kind {
                    ExprKind::Or(inner) => inner,
                    _ => vec![decidable(e)],
                };
                ExprKind::Or(parts.into_iter().flat_map(flat).collect())
            }),
            (proptest::sample::select(Operator::ALL.to_vec()), pair.clone())
                .prop_map(|(o, (a, b))| ExprKind::Binary(o, a, b)),
            pair.clone().prop_map(|(a, b)| ExprKind::In(a, b)),
            (inner.clone(), pair.clone()).prop_map(|(c, (a, b))| ExprKind::If(boxed(decidable(c)), a, b)),
            pair.clone().prop_map(|(a, b)| match a.kind {
                ExprKind::Coalesce(..) => ExprKind::Coalesce(boxed(expr(ExprKind::Name("left".into()))), b),
                _ => ExprKind::Coalesce(a, b),
            }),
            (word(), several(0)).prop_map(|(w, arguments)| ExprKind::Call(w, arguments)),
        ]
        .prop_map(expr)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn what_is_printed_reads_back_as_the_same(e in any_expr()) {
        let text = e.to_string();
        if text.len() <= super::super::LONGEST {
            prop_assert_eq!(read(&text), e, "{}", text);
        }
    }

    #[test]
    fn any_text_gives_an_expression_or_one_finding(text in "\\PC{0,40}|[a-c0-9.,()\\[\\]{}!&|=<>?+*/%\"' -]{0,40}") {
        let mut findings = Findings::default();
        let span = Span::new(FileId(0), 10, 10 + text.len());
        let read = parse(&text, span, &mut findings);
        prop_assert_eq!(findings.len(), usize::from(read.is_none()));
        for finding in findings.iter() {
            prop_assert!(finding.span.start >= 10 && finding.span.end as usize <= 10 + text.len().max(1), "{:?}", finding);
        }
    }
}

#[test]
fn brackets_stand_only_where_they_are_needed() {
    for text in [
        "a && (b || c)",
        "(a + b) * c - d / (e - f)",
        "a - (b - c)",
        "x !in [\"a\", \"b\"]",
        "!(a in b && c)",
        "!has(a) || a.b <= as_of",
        "-(a + b)",
        "a ?? b ?? 0",
        "(a == b) == c",
        "if a { 1 } else if b { 0 } else { c }",
        "x >= (if c { a } else { b })",
        "rate[deal.tier].base",
    ] {
        let printed = read(text).to_string();
        assert_eq!(printed, text.replace("(a == b) == c", "a == b == c"));
    }
}

#[test]
fn a_path_is_a_name_with_fields_and_indexes() {
    assert_eq!(read("a . b [ c ]").path().as_deref(), Some("a.b[c]"));
    assert_eq!(read("rate[tier].base").path().as_deref(), Some("rate[tier].base"));
    assert_eq!(read("has(a)").path(), None);
    assert_eq!(read("f(a).b").path(), None);
}
