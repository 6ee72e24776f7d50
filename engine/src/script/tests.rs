//! What scripts can do, and what they cannot.
use super::*;
use crate::date::{self, Date};
use crate::value::Decimal;

fn day(text: &str) -> Date {
    date::parse(text).expect("a date")
}

fn number(text: &str) -> ScriptValue {
    ScriptValue::Number(text.parse::<Decimal>().expect("a number"))
}

/// The value of the expression `body` with `x` bound.
fn value(body: &str, x: ScriptValue) -> Result<ScriptValue, ScriptFault> {
    Script::compile("f", 1, &format!("fn f(x) {{ {body} }}"))?.call(&[x])
}

fn given(body: &str) -> ScriptValue {
    value(body, number("2.5")).unwrap_or_else(|fault| panic!("{body}: {fault}"))
}

fn fault(body: &str) -> ScriptFault {
    match value(body, number("2.5")) {
        Err(fault) => fault,
        Ok(value) => panic!("{body}: {value:?}"),
    }
}

#[test]
fn a_script_is_shared_between_threads() {
    fn shared<T: Send + Sync + Clone + 'static>() {}
    shared::<Script>();
    shared::<ScriptValue>();
    shared::<ScriptFault>();
}

#[test]
fn arithmetic_is_exact_between_whole_numbers_and_decimals() {
    for (body, expected) in [
        ("1 / 4", "0.25"),
        ("7 / 2 * 2", "7"),
        ("x * 2", "5.0"),
        ("2 * x", "5.0"),
        ("x + 1", "3.5"),
        ("1 - x", "-1.5"),
        ("-x", "-2.5"),
        ("-(3)", "-3"),
        ("1 / x", "0.4"),
        ("x / 1", "2.5"),
        ("0.1 + 0.2", "0.3"),
        ("7 % 4", "3"),
        ("x % 1", "0.5"),
        ("2 ** 10", "1024"),
        ("1.1 ** 2", "1.21"),
        ("x ** 0", "1"),
        ("let n = 1; n += 0.5; n /= 2; n", "0.75"),
        ("let n = 1; n /= 2; n", "0.5"),
        ("floor(x) + ceil(x) + round(x)", "8"),
        ("round(1.005, 2)", "1.01"),
        ("round_to(2.5, 0, \"half_even\")", "2"),
        ("min(x, 2) + max(3, x)", "5"),
        ("int(4 / 2)", "2"),
        ("abs(-x)", "2.5"),
        ("let s = 0; for i in 0..int(x * 2) { s += i; } s", "10"),
        ("sum([1, x, 0.5])", "4.0"),
    ] {
        assert_eq!(given(body), number(expected), "{body}");
    }
    for body in [
        "1 == 1.0",
        "x > 2",
        "2 < x",
        "x >= 2.5",
        "3 != x",
        "x <= 3",
        "1.0 in [1, 2]",
        "1 != 2",
        "\"a\" == \"a\"",
        "x != ()",
        "() == ()",
        "[1] == [1.0]",
        "!(x in [1])",
    ] {
        assert_eq!(given(body), ScriptValue::Flag(true), "{body}");
    }
}

#[test]
fn dates_texts_and_lists_come_and_go() {
    let on = ScriptValue::Date(day("2024-01-31"));
    for (body, expected) in [
        ("add_months(x, 1)", ScriptValue::Date(day("2024-02-29"))),
        ("add_days(x, -31)", ScriptValue::Date(day("2023-12-31"))),
        ("year(x) * 100 + month(x)", number("202401")),
        ("days_between(x, date(2024, 3, 1))", number("30")),
        ("months_between(x, date(2024, 2, 29))", number("1")),
        ("x < date(2024, 2, 1) && x == date(2024, 1, 31)", ScriptValue::Flag(true)),
        ("max(x, date(2023, 1, 1))", on.clone()),
        ("to_string(x)", ScriptValue::Text("2024-01-31".into())),
        (
            "[x, (), true, \"a\" + \"b\"]",
            ScriptValue::List(vec![
                on.clone(),
                ScriptValue::None,
                ScriptValue::Flag(true),
                ScriptValue::Text("ab".into()),
            ]),
        ),
        ("x in [date(2024, 1, 31)]", ScriptValue::Flag(true)),
    ] {
        assert_eq!(value(body, on.clone()).unwrap_or_else(|fault| panic!("{body}: {fault}")), expected, "{body}");
    }
    assert_eq!(given("len(\"日本\") + len([1])"), number("3"));
    assert_eq!(value("x == ()", ScriptValue::None), Ok(ScriptValue::Flag(true)));
    let list = ScriptValue::List(vec![number("1"), ScriptValue::Text("a".into())]);
    assert_eq!(
        value("x.push(2); x", list),
        Ok(ScriptValue::List(vec![number("1"), ScriptValue::Text("a".into()), number("2")]))
    );
}

#[test]
fn functions_of_a_script_call_each_other() {
    let text = "fn half(n) { n / 2 }\nfn smoothed(amount, months) { half(amount) / months }";
    let script = Script::compile("smoothed", 2, text).expect("compiles");
    let first = script.call(&[number("12.5"), number("5")]);
    assert_eq!(first, Ok(number("1.25")));
    assert_eq!(script.clone().call(&[number("12.5"), number("5")]), first);
    assert_eq!(
        script.call(&[]).map_err(|fault| fault.message),
        Err("the function `smoothed` takes 2 values, not 0".into())
    );
}

#[test]
fn every_limit_is_a_fault() {
    let endless = "the script takes more than 100000 steps";
    for (body, message) in [
        ("loop { }", endless),
        ("while true { x += 1; } x", endless),
        ("for i in 0..1000000000 { } 1", endless),
        ("let s = \"ab\"; loop { s += s; }", "length of string is too large"),
        ("let a = [1]; loop { a.push(1); }", "size of array/BLOB is too large"),
        ("let a = []; loop { a = [a]; }", "size of array/BLOB is too large"),
        ("let a = [0]; loop { a[0] = a; }", "size of array/BLOB is too large"),
        ("let a = [0, 0]; loop { a[0] = a; a[1] = a; }", "size of array/BLOB is too large"),
        ("let a = [0]; loop { a += a; }", "size of array/BLOB is too large"),
        ("let a = [0]; loop { a.push(a); }", "size of array/BLOB is too large"),
        ("f(x)", "functions call each other more than 8 levels deep"),
    ] {
        let fault = fault(body);
        assert!(
            fault.kind == FaultKind::Limit && (fault.message == message || fault.message.contains("milliseconds")),
            "{body}: {fault:?}"
        );
        assert!(fault.line == Some(1) && fault.column.is_some(), "{body}: {fault:?}");
    }
    let many: String = (0..300).map(|i| format!("let v{i} = 1;")).collect();
    assert_eq!(fault(&many).kind, FaultKind::Limit);
    let functions: String = (0..70).map(|i| format!("fn g{i}() {{ 1 }}\n")).collect();
    assert_eq!(
        Script::compile("g0", 0, &functions).expect_err("too many").message,
        "the script defines too many functions"
    );
    assert_eq!(fault(&"(".repeat(5_000)).message, "the script is nested too deeply");
    assert_eq!(fault(&format!("{}x", "-".repeat(5_000))).kind, FaultKind::Compile);
    assert_eq!(fault(&format!("x{}", "+x".repeat(5_000))).message, "the script is nested too deeply");
    assert_eq!(Script::compile("f", 0, &" ".repeat(100_000)).expect_err("too long").kind, FaultKind::Compile);
}

#[test]
fn nothing_overflows_the_stack_of_a_small_thread() {
    let small = std::thread::Builder::new().stack_size(2 * 1024 * 1024).spawn(|| {
        let deep =
            |left: &str, n: usize, middle: &str, right: &str| format!("{}{middle}{}", left.repeat(n), right.repeat(n));
        let chains = (1..13).fold("f(x)".to_owned(), |inner, level| format!("({inner}{})", " + 1".repeat(2 * level)));
        let bodies = [
            "f(x)".to_owned(),
            "[f([x])]".to_owned(),
            "let a = []; loop { a = [a]; }".to_owned(),
            "let a = [0]; loop { a[0] = a; }".to_owned(),
            deep("(1 + ", 13, "f(x)", ")"),
            deep("if true { ", 8, "f(x)", " } else { 0 }"),
            deep("for i in [1] { ", 8, "f(x)", ";}"),
            deep("abs(", 13, "f(x)", ")"),
            deep("", 28, "f(x)", " + 1"),
            format!("{}f(x)", "!".repeat(26)),
            format!("{}f(x){}", "- ".repeat(20), " + 1".repeat(20)),
            chains,
            format!(
                "if x > 8.5 {{ let a = []; loop {{ a = [a]; }} }} else {{ {} }}",
                deep("(1 + ", 3, "f(x + 1)", ")")
            ),
        ];
        for body in &bodies {
            assert_eq!(fault(body).kind, FaultKind::Limit, "{body}: {}", fault(body));
        }
    });
    small.expect("a thread").join().expect("no overflow");
}

#[test]
fn what_the_sandbox_lacks_is_refused_when_compiled() {
    for body in [
        "eval(\"1\")",
        "import \"a\" as b; 1",
        "print(x)",
        "debug(x)",
        "let g = |y| y + 1; 1",
        "Fn(\"f\")",
        "#{a: 1}",
        "unknown + 1",
        "x +",
        "this",
    ] {
        let fault = fault(body);
        assert!(
            fault.kind == FaultKind::Compile && fault.line == Some(1) && fault.column.is_some(),
            "{body}: {fault:?}"
        );
    }
    assert_eq!(fault("y").message, "nothing is named `y` here");
    for body in ["sleep(1)", "timestamp()", "exit(1)", "parse_json(\"1\")", "x.map(\"eval\")", "rand()"] {
        let fault = fault(body);
        assert!(
            fault.kind == FaultKind::Runtime && fault.message.starts_with("there is no function"),
            "{body}: {fault:?}"
        );
    }
}

#[test]
fn the_declared_function_must_be_there() {
    let fault = |text| Script::compile("f", 1, text).expect_err("not that function").message;
    assert_eq!(fault("fn g(x) { x }"), "the script does not define the function `f`");
    assert_eq!(fault("fn f(x, y) { x }"), "the function `f` takes 2 values where 1 are declared");
    assert_eq!(fault("let a = 1; fn f(x) { x }"), "a script holds functions only, and this stands outside of them");
    assert_eq!(fault(""), "the script does not define the function `f`");
}

#[test]
fn a_failing_script_says_why_and_where() {
    for (body, message) in [
        ("1 / 0", "division by zero: 1 / 0"),
        ("x == \"2.5\"", "a number is compared with a text"),
        ("x < \"3\"", "a number is compared with a text"),
        ("() >= 1", "a none is compared with a number"),
        ("1 > date(2024, 1, 1)", "a number is compared with a date"),
        ("1 != true", "a number is compared with a flag"),
        ("date(2024, 1, 1) == \"2024-01-01\"", "a date is compared with a text"),
        ("x / 0", "division by zero: 2.5 / 0"),
        ("9223372036854775807 + 1", "addition overflow: 9223372036854775807 + 1"),
        ("79228162514264337593543950335 * x", "multiplication overflow: 79228162514264337593543950335 * 2.5"),
        ("int(x)", "`2.5` is not a whole number"),
        ("date(2024, 2, 30)", "there is no day 2024-02-30"),
        ("throw \"no rate for this partner\"", "no rate for this partner"),
        ("missing(x)", "there is no function `missing (decimal)`"),
        (
            "round_to(x, 0, \"up\")",
            "`up` is no rounding; the words are `floor`, `ceil`, `half_up`, `half_even`, `prorate`",
        ),
    ] {
        let fault = fault(&format!("\n  {body}"));
        assert_eq!((fault.kind, fault.message.as_str(), fault.line), (FaultKind::Runtime, message, Some(2)), "{body}");
        assert!(fault.column.is_some_and(|column| column >= 3), "{body}: {fault:?}");
    }
    for (body, message) in [
        ("[1, 'a']", "the function `f` returned a single character, which is no value of a rule"),
        ("'a'", "the function `f` returned a single character, which is no value of a rule"),
        ("0..3", "the function `f` returned a `core::ops::range::Range<i64>`, which is no value of a rule"),
    ] {
        assert_eq!(fault(body).message, message);
    }
    let script = Script::compile("f", 0, "// first\n\n  fn g() { 1 }\n  fn f () { loop { } }").expect("compiles");
    let unplaced = script.call(&[]).expect_err("endless");
    assert_eq!((unplaced.line, unplaced.column), (Some(4), Some(3)));
    let shown = ScriptFault { line: Some(2), column: Some(3), ..ScriptFault::compile("it is broken") };
    assert_eq!(shown.to_string(), "it is broken (line 2, column 3)");
}

#[test]
fn extreme_numbers_fail_and_do_not_panic() {
    let most = "79228162514264337593543950335";
    for body in [
        "2.5 ** 1000".to_owned(),
        "(-x) ** 0.5".to_owned(),
        "0.0 ** -1".to_owned(),
        "2 ** 97".to_owned(),
        "2 ** -1".to_owned(),
        "x ** 99999999999".to_owned(),
        format!("{most} + 1"),
        format!("-{most} - 1"),
        format!("{most} / 0.1"),
        "-(-9223372036854775807 - 1)".to_owned(),
        "abs(-9223372036854775807 - 1)".to_owned(),
        "(-9223372036854775807 - 1) % -1".to_owned(),
        "x % 0".to_owned(),
        "1 % 0".to_owned(),
        format!("int({most})"),
        "round(x, -1)".to_owned(),
        "round(x, 29)".to_owned(),
        format!("sum([{most}, 1])"),
        "add_days(date(9999, 12, 31), 1)".to_owned(),
        "add_months(date(1, 1, 1), -9223372036854775807)".to_owned(),
        "date(99999999999, 1, 1)".to_owned(),
        "let s = 0; for i in range(0, 10, 0) { s += 1; } s".to_owned(),
        "[1][5]".to_owned(),
        "\"abc\"[9]".to_owned(),
    ] {
        let fault = fault(&body);
        assert!(fault.kind == FaultKind::Runtime && fault.line == Some(1), "{body}: {fault:?}");
    }
    for body in [
        format!("round({most}, 5)"),
        format!("round(-{most}, 0)"),
        format!("floor(-{most}) + ceil({most})"),
        "round(x, 28)".to_owned(),
    ] {
        assert!(matches!(given(&body), ScriptValue::Number(_)), "{body}");
    }
}
