//! The interpreter as oracle: for known values an expression gives what Rhai gives with decimals.

use proptest::prelude::*;
use rhai::{Dynamic, Engine, EvalAltResult, Scope};
use rust_decimal::{Decimal, RoundingStrategy};
use std::fmt::Write;
use tierline_engine::date;
use tierline_engine::evaluate::Question;
use tierline_tests::acme;

type Outcome<T> = Result<T, Box<EvalAltResult>>;

fn held<T>(value: Option<T>) -> Outcome<T> {
    value.ok_or_else(|| "no answer".into())
}

/// Rhai with decimals alone, and the functions of the condition language.
fn oracle() -> Engine {
    let mut engine = Engine::new_raw();
    engine.set_fast_operators(false).set_max_expr_depths(0, 0);
    engine
        .register_fn("+", |a: Decimal, b: Decimal| held(a.checked_add(b)))
        .register_fn("-", |a: Decimal, b: Decimal| held(a.checked_sub(b)))
        .register_fn("*", |a: Decimal, b: Decimal| held(a.checked_mul(b)))
        .register_fn("/", |a: Decimal, b: Decimal| held(a.checked_div(b)))
        .register_fn("-", |a: Decimal| -a)
        .register_fn("==", |a: Decimal, b: Decimal| a == b)
        .register_fn("!=", |a: Decimal, b: Decimal| a != b)
        .register_fn("<", |a: Decimal, b: Decimal| a < b)
        .register_fn("<=", |a: Decimal, b: Decimal| a <= b)
        .register_fn(">", |a: Decimal, b: Decimal| a > b)
        .register_fn(">=", |a: Decimal, b: Decimal| a >= b)
        .register_fn("==", |a: bool, b: bool| a == b)
        .register_fn("!=", |a: bool, b: bool| a != b)
        .register_fn("!", |a: bool| !a)
        .register_fn("min", |a: Decimal, b: Decimal| a.min(b))
        .register_fn("max", |a: Decimal, b: Decimal| a.max(b))
        .register_fn("abs", |a: Decimal| a.abs())
        .register_fn("floor", |a: Decimal| a.floor())
        .register_fn("ceil", |a: Decimal| a.ceil())
        .register_fn("round", |a: Decimal, places: Decimal| {
            let places = held(u32::try_from(places).ok())?;
            Outcome::Ok(a.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero))
        })
        .register_fn("how_many", |a: bool, b: bool| Decimal::from(u8::from(a) + u8::from(b)))
        .register_fn("contains", |list: &mut rhai::Array, item: Decimal| {
            list.iter().any(|other| other.as_decimal().is_ok_and(|other| other == item))
        });
    engine
}

/// A generated expression; rendered for Tierline, and for Rhai with its literals as names.
#[derive(Clone, Debug)]
enum Form {
    Leaf(String),
    /// A template with `{0}`, `{1}`, … for its parts.
    Of(&'static str, Vec<Form>),
}

impl Form {
    fn text(&self) -> String {
        match self {
            Form::Leaf(name) => name.clone(),
            Form::Of(template, parts) => {
                let mut text = (*template).to_owned();
                for (place, part) in parts.iter().enumerate() {
                    text = text.replace(&format!("{{{place}}}"), &part.text());
                }
                text
            }
        }
    }
}

fn of<const N: usize>(template: &'static str, parts: [BoxedStrategy<Form>; N]) -> BoxedStrategy<Form> {
    parts.to_vec().prop_map(move |parts| Form::Of(template, parts)).boxed()
}

fn number(depth: u32) -> BoxedStrategy<Form> {
    let names = ["p0", "p1", "p2", "partner.n0", "partner.n1", "partner.n2", "0", "1"];
    let leaf = prop::sample::select(names.to_vec()).prop_map(|name| Form::Leaf(name.to_owned())).boxed();
    if depth == 0 {
        return leaf;
    }
    let n = || number(depth - 1);
    prop_oneof![
        2 => leaf,
        2 => of("({0} + {1})", [n(), n()]),
        2 => of("({0} - {1})", [n(), n()]),
        2 => of("({0} * {1})", [n(), n()]),
        2 => of("({0} / {1})", [n(), n()]),
        1 => of("(-{0})", [of("({0})", [n()])]),
        1 => of("min({0}, {1})", [n(), n()]),
        1 => of("max({0}, {1})", [n(), n()]),
        1 => of("abs({0})", [n()]),
        1 => of("floor({0})", [n()]),
        1 => of("ceil({0})", [n()]),
        1 => of("round({0}, 1)", [n()]),
        1 => of("(how_many({0}, {1}) + {2})", [flag(depth - 1), flag(depth - 1), n()]),
        1 => of("(if {0} { {1} } else { {2} })", [flag(depth - 1), n(), n()]),
    ]
    .boxed()
}

fn flag(depth: u32) -> BoxedStrategy<Form> {
    let names = ["partner.f0", "partner.f1", "true", "false"];
    let leaf = prop::sample::select(names.to_vec()).prop_map(|name| Form::Leaf(name.to_owned())).boxed();
    if depth == 0 {
        return leaf;
    }
    let (n, f) = (|| number(depth - 1), || flag(depth - 1));
    prop_oneof![
        1 => leaf,
        2 => of("({0} && {1})", [f(), f()]),
        2 => of("({0} || {1})", [f(), f()]),
        1 => of("(!{0})", [of("({0})", [f()])]),
        1 => of("({0} == {1})", [f(), f()]),
        1 => of("({0} < {1})", [n(), n()]),
        1 => of("({0} <= {1})", [n(), n()]),
        1 => of("({0} > {1})", [n(), n()]),
        1 => of("({0} >= {1})", [n(), n()]),
        1 => of("({0} == {1})", [n(), n()]),
        1 => of("({0} != {1})", [n(), n()]),
        1 => of("({0} in [{1}, {2}])", [n(), n(), n()]),
        1 => of("({0} !in [{1}, {2}])", [n(), n(), n()]),
        1 => of("(if {0} { {1} } else { {2} })", [f(), f(), f()]),
    ]
    .boxed()
}

fn decimal() -> BoxedStrategy<Decimal> {
    prop_oneof![
        3 => (-20i64..20).prop_map(Decimal::from),
        3 => (-100_000i64..100_000, 0u32..5).prop_map(|(n, scale)| Decimal::new(n, scale)),
        1 => (any::<i64>(), 0u32..10).prop_map(|(n, scale)| Decimal::new(n, scale)),
    ]
    .boxed()
}

/// What both sides know.
#[derive(Clone, Debug)]
struct Known {
    parameters: [Decimal; 3],
    numbers: [Decimal; 3],
    flags: [bool; 2],
}

fn known() -> impl Strategy<Value = Known> {
    (prop::array::uniform3(decimal()), prop::array::uniform3(decimal()), prop::array::uniform2(any::<bool>()))
        .prop_map(|(parameters, numbers, flags)| Known { parameters, numbers, flags })
}

/// The text as Rhai takes it: every name plain, every literal a name.
fn for_rhai(text: &str) -> String {
    let text = text.replace("partner.", "");
    let mut out = String::new();
    let mut before = ' ';
    for c in text.chars() {
        match c {
            '0' | '1' if !before.is_ascii_alphanumeric() => out.push_str(if c == '0' { "zero" } else { "one" }),
            c => out.push(c),
        }
        before = c;
    }
    out
}

fn by_rhai(engine: &Engine, text: &str, known: &Known) -> Option<Dynamic> {
    let mut scope = Scope::new();
    scope.push("zero", Decimal::ZERO).push("one", Decimal::ONE);
    for (place, value) in known.parameters.iter().enumerate() {
        scope.push(format!("p{place}"), *value);
    }
    for (place, value) in known.numbers.iter().enumerate() {
        scope.push(format!("n{place}"), *value);
    }
    for (place, value) in known.flags.iter().enumerate() {
        scope.push(format!("f{place}"), *value);
    }
    engine.eval_expression_with_scope(&mut scope, &for_rhai(text)).ok()
}

fn by_tierline(texts: &[String], known: &Known) -> Result<serde_json::Value, String> {
    let mut rules = String::from("[facts.partner]\nid = \"id\"\n");
    for place in 0..3 {
        let _ = writeln!(rules, "n{place} = \"number\"");
    }
    rules.push_str("f0 = \"flag\"\nf1 = \"flag\"\n\n[parameters]\n");
    for (place, value) in known.parameters.iter().enumerate() {
        let _ = writeln!(rules, "p{place} = {{ is = \"{value}\", type = \"number\" }}");
    }
    for (place, text) in texts.iter().enumerate() {
        let _ = writeln!(rules, "\n[[measures]]\nid = \"x{place}\"\nvalue = '{text}'");
    }
    let plan = acme::plan(&rules);
    let numbers: Vec<String> = known.numbers.iter().enumerate().map(|(i, n)| format!("\"n{i}\": \"{n}\"")).collect();
    let flags = format!("\"f0\": {}, \"f1\": {}", known.flags[0], known.flags[1]);
    let facts = format!("{{\"partner\": {{\"id\": \"P\", {}, {flags}}}}}", numbers.join(", "));
    let question = Question::on(date::parse("2030-06-01").expect("a date"));
    acme::decided_by(&plan, facts.as_bytes(), &question)
}

/// The same value, as Rhai holds it and as a decision prints it.
fn same(value: &Dynamic, printed: &serde_json::Value) -> bool {
    match (value.as_decimal(), value.as_bool(), printed) {
        (Ok(number), _, serde_json::Value::String(text)) => text.parse::<Decimal>().is_ok_and(|other| other == number),
        (Ok(number), _, serde_json::Value::Number(text)) => {
            text.to_string().parse::<Decimal>().is_ok_and(|other| other == number)
        }
        (_, Ok(flag), serde_json::Value::Bool(other)) => flag == *other,
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn known_values_come_out_as_the_interpreter_says(
        known in known(),
        numbers in prop::collection::vec(number(3), 3),
        flags in prop::collection::vec(flag(3), 3),
    ) {
        let engine = oracle();
        let texts: Vec<String> = numbers.iter().chain(&flags).map(Form::text).collect();
        // What Rhai cannot answer (a division by zero, a number too large) Tierline may still decide.
        let answered: Vec<_> = texts.into_iter().filter_map(|text| {
            let value = by_rhai(&engine, &text, &known)?;
            Some((text, value))
        }).collect();
        let texts: Vec<String> = answered.iter().map(|(text, _)| text.clone()).collect();
        let decision = by_tierline(&texts, &known);
        for (place, (text, value)) in answered.iter().enumerate() {
            let decision = decision.as_ref().map_err(|failure| TestCaseError::fail(format!("{failure}\n{text}")))?;
            let printed = &decision["measures"][format!("x{place}")];
            prop_assert!(same(value, printed), "`{}` with {:?}: rhai says {}, tierline {}", text, known, value, printed);
        }
    }
}

#[test]
fn the_oracle_answers_at_all() {
    let known = Known {
        parameters: [Decimal::ONE, Decimal::TWO, Decimal::TEN],
        numbers: [Decimal::ZERO, Decimal::ONE, Decimal::NEGATIVE_ONE],
        flags: [true, false],
    };
    let engine = oracle();
    for (text, expected) in [
        ("(p1 / p2)", "0.2"),
        ("(if partner.f0 { (p0 + 1) } else { 0 })", "2"),
        ("(partner.n1 in [p0, 0])", "true"),
        ("round((p0 / (p1 + 1)), 1)", "0.3"),
    ] {
        let value = by_rhai(&engine, text, &known).expect("an answer");
        let shown = value.as_decimal().map_or_else(|_| value.to_string(), |number| number.normalize().to_string());
        assert_eq!(shown, expected, "{text}");
        let decision = by_tierline(&[text.to_owned()], &known).expect("a decision");
        assert!(same(&value, &decision["measures"]["x0"]), "{text}: {decision}");
    }
}
