//! What conditions become, and what authors are told about the others.
use super::super::Operator;
use super::*;
use crate::source::FileId;

/// The condition as it stands in single quotes from byte 100.
fn quoted(text: &str) -> Span {
    Span::new(FileId(3), 100, 102 + text.len())
}

fn good(text: &str) -> Expr {
    let mut findings = Findings::default();
    let expr = parse(text, quoted(text), &mut findings);
    expr.unwrap_or_else(|| panic!("{text}: {:?}", findings.iter().collect::<Vec<_>>()))
}

fn finding(text: &str) -> Finding {
    let mut findings = Findings::default();
    assert_eq!(parse(text, quoted(text), &mut findings), None, "{text}");
    assert_eq!(findings.len(), 1, "{text}");
    findings.iter().next().cloned().expect("one finding")
}

/// The text under a span of a condition in single quotes.
fn under(text: &str, span: Span) -> &str {
    assert_eq!(span.file, FileId(3));
    &text[span.start as usize - 101..span.end as usize - 101]
}

/// Code, text at the place, and message.
fn told(text: &str) -> (&'static str, &str, String) {
    let finding = finding(text);
    (finding.code.name, under(text, finding.span), finding.message)
}

fn helped(text: &str) -> String {
    finding(text).help.unwrap_or_default()
}

#[test]
fn every_part_has_its_own_place() {
    let text = "(points + 1) * rate[tier].base >= max(a.b, -2) && !x !in [\"a\", \"b\"]";
    let expr = good(text);
    assert_eq!(under(text, expr.span), text);
    let mut seen = Vec::new();
    let mut todo = vec![&expr];
    while let Some(expr) = todo.pop() {
        seen.push(under(text, expr.span));
        todo.extend(expr.parts().into_iter().rev());
    }
    assert_eq!(
        seen,
        [
            text,
            "(points + 1) * rate[tier].base >= max(a.b, -2)",
            "(points + 1) * rate[tier].base",
            "points + 1",
            "points",
            "1",
            "rate[tier].base",
            "rate[tier]",
            "rate",
            "tier",
            "max(a.b, -2)",
            "a.b",
            "a",
            "-2",
            "!x !in [\"a\", \"b\"]",
            "!x !in [\"a\", \"b\"]",
            "!x",
            "x",
            "[\"a\", \"b\"]",
            "\"a\"",
            "\"b\"",
        ]
    );
}

#[test]
fn a_choice_covers_its_braces_and_words_have_places() {
    let text = "x >= if c { a.first } else if d { (b) } else { f(0) }";
    let expr = good(text);
    let ExprKind::Binary(Operator::AtLeast, _, choice) = &expr.kind else { panic!("{expr:?}") };
    assert_eq!(under(text, choice.span), &text[5..]);
    let ExprKind::If(_, then, otherwise) = &choice.kind else { panic!("{choice:?}") };
    let ExprKind::Field(_, word) = &then.kind else { panic!("{then:?}") };
    assert_eq!(under(text, word.span), "first");
    assert_eq!(under(text, otherwise.span), "if d { (b) } else { f(0) }");
    assert_eq!(good("if a { b } else { c }").to_string(), "if a { b } else { c }");
}

#[test]
fn text_that_is_escaped_or_on_several_lines_has_one_place() {
    let span = Span::new(FileId(0), 5, 30);
    let mut findings = Findings::default();
    let expr = parse("a == \"b\"", span, &mut findings).expect("parses");
    assert!(expr.span == span && expr.parts().iter().all(|part| part.span == span));
    let lines = "a\n&& b // why\n&& /* or */ c";
    let span = Span::new(FileId(0), 0, lines.len());
    let expr = parse(lines, span, &mut findings).expect("parses");
    assert_eq!((expr.span, expr.to_string().as_str()), (span, "a && b && c"));
    assert_eq!(parse("a ==", Span::new(FileId(0), 5, 30), &mut findings), None);
    assert_eq!(findings.iter().next().map(|finding| finding.span), Some(Span::new(FileId(0), 5, 30)));
}

#[test]
fn text_without_quotes_begins_where_its_cell_begins() {
    let expr = parse("a < b", Span::new(FileId(0), 40, 45), &mut Findings::default()).expect("parses");
    assert_eq!(expr.parts()[1].span, Span::new(FileId(0), 44, 45));
}

#[test]
fn places_count_bytes_before_and_inside_other_scripts() {
    let text = "kind == \"認定\" && level == \"上級\"";
    let expr = good(text);
    let ExprKind::And(parts) = &expr.kind else { panic!("{expr:?}") };
    assert_eq!(under(text, parts[1].span), "level == \"上級\"");
}

#[test]
fn numbers_are_exact() {
    let number = |text: &str| match good(text).kind {
        ExprKind::Number(number) => number.to_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!(number("25_000"), "25000");
    assert_eq!(number("0.10"), "0.10");
    assert_eq!(number("-5"), "-5");
    assert_eq!(number("-(5)"), "-5");
    assert_eq!(number("-2.5"), "-2.5");
    assert_eq!(number("- -2.5"), "2.5");
    assert_eq!(number("-9223372036854775808"), "-9223372036854775808");
    assert_eq!(number("79228162514264337593543950335"), "79228162514264337593543950335");
    assert_eq!(
        told("x > 79228162514264337593543950336"),
        (
            "bad-expression",
            "79228162514264337593543950336",
            "the number `79228162514264337593543950336` has more digits than can be kept exactly".into()
        )
    );
    assert_eq!(told("0.12345678901234567890123456789012345").0, "bad-expression");
    assert_eq!(told("x == 0xff").0, "not-a-condition");
}

#[test]
fn what_rhai_rewrites_is_undone() {
    for (text, canonical) in [
        ("contains(products, p)", "p in products"),
        ("p !in products", "p !in products"),
        ("!(p in products)", "p !in products"),
        ("a && (b && c)", "a && b && c"),
        ("(a ?? b) ?? c", "a ?? b ?? c"),
        ("a.b.c[d].e[f][g]", "a.b.c[d].e[f][g]"),
        ("(a.b).c", "a.b.c"),
        ("a[b.c].d", "a[b.c].d"),
        ("f(a)[b].c", "f(a)[b].c"),
        ("+a", "a"),
        ("count( )", "count()"),
        ("any(lines, category == \"training\")", "any(lines, category == \"training\")"),
    ] {
        assert_eq!(good(text).to_string(), canonical, "{text}");
    }
    let text = "a && contains(list, x)";
    assert_eq!(under(text, good(text).parts()[1].span), "contains(list, x)");
}

#[test]
fn forms_outside_the_language_are_named() {
    for (text, place, form) in [
        ("a && |x| x > 1", "|", "a closure (`|…|`)"),
        ("any(a, || true)", "||", "a closure (`|…|`)"),
        ("switch a { 1 => b }", "switch", "`switch`"),
        ("a.len()", "len(", "a call after a dot (`.len(…)`)"),
        ("#{a: 1}", "#{", "a map (`#{…}`)"),
        ("a == `b`", "`", "a text in back-ticks"),
        ("a?.b", "?.", "`?.`"),
        ("a?[b]", "?[", "`?[`"),
        ("a += 1", "+=", "an assignment (`+=`)"),
        ("while a { b }", "while", "a loop (`while`)"),
        ("let x = 1", "let", "a variable of its own (`let`)"),
        ("a in 1..5", "..", "a range (`..`)"),
        ("a | b", "|", "a bit operator (`|`)"),
        ("a ^ b", "^", "a bit operator (`^`)"),
        ("a << b", "<<", "a bit operator (`<<`)"),
        ("a % b", "%", "a remainder (`%`)"),
        ("a ** b", "**", "a power (`**`)"),
        ("a == ()", "()", "an empty value (`()`)"),
        ("this == a", "this", "`this`"),
        ("a::b", "::", "a name from a module (`::`)"),
        ("a; b", ";", "a second statement (`;`)"),
        ("{ a }", "{", "a block (`{ … }`) that belongs to no `if`"),
        ("if a { b; c } else { d }", ";", "a second statement (`;`)"),
        ("f!(a)", "!", "a call with `!`"),
        ("return a", "return", "a statement (`return`)"),
    ] {
        assert_eq!(told(text), ("not-a-condition", place, format!("{form} cannot stand in a condition")), "{text}");
        assert!(helped(text).contains("move it into a function of a script"), "{text}");
    }
    assert_eq!(
        told("eval(\"1\")"),
        ("not-a-condition", "eval", "`eval` is a reserved word and names nothing here".into())
    );
    assert_eq!(told("deal.type_of").1, "type_of");
}

#[test]
fn common_slips_are_told_with_a_way_out() {
    for (text, place, message, help) in [
        ("tier = \"gold\"", "=", "`=` does not compare", "write `==`"),
        ("a and b", "and", "`and` is not an operator here", "write `&&`"),
        ("a OR b", "OR", "`OR` is not an operator here", "write `||`"),
        ("not a", "not", "`not` is not an operator here", "write `!`"),
        ("not (a)", "not", "`not` is not an operator here", "write `!`"),
        ("a not in b", "not", "`not` is not an operator here", "write `!in`"),
        ("a <> b", "<>", "`<>` is not an operator", "write `!=`"),
        ("a => b", "=>", "`=>` is not an operator", "write `>=`"),
        ("a ≥ b", "≥", "`≥` means nothing in a condition", "write `>=`"),
        ("a ＝ b", "＝", "`＝` means nothing in a condition", "write `==`"),
        ("f（a)", "（", "`（` means nothing in a condition", "write `(`"),
        ("a == “gold”", "“", "`“` is not a quotation mark of the language", "write `\"`"),
        (
            "a == 'gold'",
            "'gold'",
            "a text inside a condition stands in double quotes",
            "write `\"…\"`, and put the whole condition in single quotes",
        ),
        ("(a || b", "(", "`(` is never closed", "add the `)` that belongs to it"),
        ("a || b)", ")", "`)` closes nothing", "take it out, or add the `(` that it belongs to"),
        ("f(a]", "]", "`(` is closed by `]`", "close it with `)`"),
        (
            "rate >= 7 %",
            "7 %",
            "a percentage cannot be written in a condition",
            "make it a parameter, such as `rate = \"7 %\"`, and use its name",
        ),
        ("points >= 25,000", "25,000", "a comma cannot separate thousands", "write `25_000`"),
        ("max(1,250,000, a)", "1,250,000", "a comma cannot separate thousands", "write `1_250_000`"),
        (
            "x > 80 days",
            "80 days",
            "`80 days` cannot be written in a condition",
            "write `days(80)`, or use a parameter's name",
        ),
        (
            "x > 25_000 USD",
            "25_000 USD",
            "`25_000 USD` cannot be written in a condition",
            "make the quantity a parameter and use its name",
        ),
        (
            "on >= 2024-07-01",
            "2024-07-01",
            "a date cannot be written in a condition",
            "make it a parameter and use its name",
        ),
        ("a b", "b", "an operator is missing between `a` and `b`", ""),
        ("a == \"gold", "\"", "the text that begins here is never closed", "end it with `\"`"),
        ("if a { b }", "if", "this `if` has no `else`", "say with `else { … }` what holds otherwise"),
        ("a && && b", "&&", "something is missing before `&&`", "a name or a value belongs there"),
        ("a.", "", "something is missing before the end", "the name of a field belongs after a dot"),
        ("5 && a", "5", "a number stands where yes or no is decided", "compare it with something"),
    ] {
        let finding = finding(text);
        let all = (under(text, finding.span), finding.message.as_str(), finding.help.as_deref().unwrap_or_default());
        assert_eq!((finding.code.name, all), ("bad-expression", (place, message, help)), "{text}");
    }
    assert_eq!(good("round(a,100)").to_string(), "round(a, 100)");
    assert_eq!(good("[100,200,300]").to_string(), "[100, 200, 300]");
}

#[test]
fn an_empty_or_endless_condition_is_told() {
    assert_eq!(told("").2, "the condition is empty");
    assert_eq!(told("  // nothing").2, "the condition is empty");
    assert_eq!(told("a ==").2, "the condition ends too early");
    assert_eq!(told(&"a".repeat(LONGEST + 1)).2, "the condition is longer than 4096 bytes");
}

#[test]
fn a_deep_condition_is_refused_before_it_can_harm() {
    let within_two_megabytes = std::thread::Builder::new().stack_size(2 * 1024 * 1024).spawn(|| {
        let bombs = [
            "(".repeat(10_000),
            format!("{}a{}", "(".repeat(2_000), ")".repeat(2_000)),
            "!".repeat(10_000),
            format!("{}a", "!".repeat(4_000)),
            format!("{}a", "- ".repeat(2_000)),
            "-".repeat(4_000),
            format!("a{}", "+a".repeat(2_000)),
            format!("a{}", "&&a".repeat(1_300)),
            format!("a{}", "??a".repeat(1_300)),
            format!("a{}", ".a".repeat(2_000)),
            format!("a{}", "[0]".repeat(1_300)),
            format!("a{}{}", "[a".repeat(1_300), "]".repeat(1_300)),
            format!("{}{}", "[".repeat(2_000), "]".repeat(2_000)),
            format!("{}a{}", "f(".repeat(1_300), ")".repeat(1_300)),
            format!("{}{{a}}", "if a {a} else ".repeat(200)),
            format!("{}a{}", "if ".repeat(500), "{a}else{a}".repeat(200)),
            "/*".repeat(2_000),
            // chains inside chains, which stay below the limit of Rhai's parser
            (1..12).fold("a".to_owned(), |inner, _| format!("({inner}{})", "+a".repeat(95))),
        ];
        for bomb in &bombs {
            assert_eq!(finding(bomb).code.name, "bad-expression", "{bomb:.40}");
        }
        // the deepest that is allowed, in every shape
        let deep = [
            format!("{}a{}", "(".repeat(60), ")".repeat(60)),
            format!("{}a{}", "f(".repeat(40), ")".repeat(40)),
            format!("{}a", "!".repeat(100)),
            format!("a{}", " + a".repeat(100)),
            format!("a{}", " && a".repeat(100)),
            format!("{}{{a}}", "if a {a} else ".repeat(40)),
            format!("{}a{}", "a||b&&c==d<e??f+g*(".repeat(12), ")".repeat(12)),
            format!("{}a{}", "a||b&&c==d<e??f+g*!f(".repeat(8), ")".repeat(8)),
        ];
        for text in &deep {
            assert_eq!(good(&good(text).to_string()).to_string(), good(text).to_string());
        }
    });
    within_two_megabytes.expect("a thread").join().expect("no overflow");
}

#[test]
fn reserved_words_are_those_of_rhai_and_sorted() {
    assert!(RESERVED.is_sorted());
    for word in RESERVED {
        let literal = matches!(*word, "true" | "false");
        let token = PARSER.lex(&[word]).0.next().map(|(token, _)| token);
        let is_name = matches!(token, Some(rhai::Token::Identifier(_)));
        assert!(!is_name || *word == "exit", "{word}: {token:?}");
        assert!(parse(word, quoted(word), &mut Findings::default()).is_none() || literal, "{word}");
    }
}
