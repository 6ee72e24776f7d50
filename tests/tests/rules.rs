//! Awards, ladders, benefits, parameters, money and scripts, one behavior at a time.

use serde_json::{Value, json};
use tierline_tests::acme;

fn decide(rules: &str, facts: &Value, as_of: &str) -> Value {
    acme::decided(&acme::plan(rules), &facts.to_string(), as_of).expect("a decision")
}

const SALES: &str = r#"
[modules]
earn_once = "sharing"
resell    = "Resell"
refer     = "Refer"

[parameters.sharing]
is = "most_points"
choices = ["most_points", "first_module"]

[cycle]
starts = "01-01"

[facts.partner]
id = "id"

[facts.sale]
list      = "sales"
happened  = "booked_on"
id        = "id"
booked_on = "date"
product   = ["anvil", "rocket"]
amount    = "number"
modules   = "set of module"
"#;

/// What an award pays for sales of anvils of these amounts.
fn paid(award: &str, amounts: &[&str]) -> Value {
    let list: Vec<Value> = amounts
        .iter()
        .enumerate()
        .map(|(place, amount)| json!({ "id": format!("S-{place}"), "booked_on": "2030-02-01", "product": "anvil", "amount": amount, "modules": ["resell"] }))
        .collect();
    let facts = json!({ "partner": { "id": "P" }, "sales": list });
    let rules = format!("{SALES}\n[parameters]\nblock = {{ is = 10 }}\n\n[[awards]]\nid = \"x\"\n{award}\n");
    decide(&rules, &facts, "2030-06-30")["awards"]["total"].take()
}

#[test]
fn events_and_blocks_pay() {
    let anvils = |points: &str| format!("rows = [ {{ product = \"anvil\", points = {points} }} ]");
    let count = format!("count = \"sale\"\n{}", anvils("100"));
    assert_eq!(paid(&count, &["1", "2", "3"]), json!("300"));
    assert_eq!(paid(&count, &[]), json!("0"));
    let of = |options: &str| format!("sum = \"sale.amount\"\nper = \"block\"\n{options}\n{}", anvils("5"));
    for (options, amounts, points) in [
        ("", &["10", "10"][..], "10"),
        ("", &["9.99"], "0"),
        ("", &["10"], "5"),
        ("", &["6", "6"], "5"),
        ("rounding = \"floor\"", &["19.99"], "5"),
        ("rounding = \"ceil\"", &["10.01"], "10"),
        ("rounding = \"ceil\"", &["10"], "5"),
        ("rounding = \"half_up\"", &["15"], "10"),
        ("rounding = \"half_even\"", &["25"], "10"),
        ("rounding = \"prorate\"", &["12"], "6"),
        ("rounding = \"prorate\"", &["0.3"], "0.15"),
        ("over = \"record\"", &["6", "6"], "0"),
        ("over = \"record\"", &["19", "11"], "10"),
        ("over = \"record\"\nrounding = \"ceil\"", &["1", "11"], "15"),
        ("over = \"cycle\"\nrounding = \"ceil\"", &["1", "11"], "10"),
        ("at_most = 12", &["100"], "12"),
        ("at_most = \"no limit\"", &["100"], "50"),
        ("per = 1", &["7.5"], "35"),
    ] {
        let award = if options.starts_with("per") { of("").replace("per = \"block\"", options) } else { of(options) };
        assert_eq!(paid(&award, amounts), json!(points), "{options} for {amounts:?}");
    }
}

#[test]
fn unspecified_points_are_undetermined_only_where_they_matter() {
    let award = "count = \"sale\"\nrows = [ { product = \"anvil\", points = \"unspecified\" }, { product = \"rocket\", points = 3 } ]";
    assert_eq!(paid(award, &[]), json!("0"));
    assert_eq!(paid(award, &["1"]), Value::Null);
    let rules = format!("{SALES}\n[[awards]]\nid = \"x\"\n{award}\n");
    let facts =
        json!({ "partner": { "id": "P" }, "sales": [{ "id": "S", "booked_on": "2030-02-01", "product": "anvil" }] });
    let decision = decide(&rules, &facts, "2030-06-30");
    let missing = decision["undetermined"][0]["missing"].clone();
    assert_eq!(missing, json!(["awards.x.anvil.points"]), "{decision}");
}

#[test]
fn a_record_earns_in_one_module_only() {
    let awards = "[[awards]]\nid = \"a\"\nmodule = \"resell\"\ncount = \"sale\"\nrows = [ { product = \"anvil\", points = 5 }, { product = \"rocket\", points = 9 } ]\n\n\
        [[awards]]\nid = \"b\"\nmodule = \"refer\"\ncount = \"sale\"\nrows = [ { product = \"anvil\", points = 7 }, { product = \"rocket\", points = 9 } ]\n";
    let facts = |product: &str, modules: Value| json!({ "partner": { "id": "P" }, "sales": [{ "id": "S", "booked_on": "2030-02-01", "product": product, "modules": modules }] });
    let both = json!(["resell", "refer"]);
    for (sharing, product, modules, total, module) in [
        ("most_points", "anvil", &both, "7", "refer"),
        ("first_module", "anvil", &both, "5", "resell"),
        // Between equals the first module in the list.
        ("most_points", "rocket", &both, "9", "resell"),
        ("most_points", "anvil", &json!(["resell"]), "5", "resell"),
        ("first_module", "anvil", &json!(["refer"]), "7", "refer"),
    ] {
        let rules = format!("{}\n{awards}", SALES.replace("is = \"most_points\"", &format!("is = \"{sharing}\"")));
        let decision = decide(&rules, &facts(product, modules.clone()), "2030-06-30");
        assert_eq!(decision["awards"]["total"], json!(total), "{sharing} {product}");
        assert_eq!(decision["awards"]["by_module"][module], json!(total), "{sharing} {product}");
    }
}

const STAFF: &str = r#"
[choices]
skill = ["sales", "tech", "cloud"]

[facts.partner]
id      = "id"
sellers = "count"
points_so_far = "number"
signed  = "flag"
exempt  = "flag or false"
kind    = ["shop", "maker"]
skills  = "set of skill"
named   = "text or none"
level   = "given or none"

[facts.area]
list   = "areas"
id     = "id"
people = "count"
"#;

/// What a ladder `tier` says of a partner.
fn tier(ladder: &str, partner: Value) -> Value {
    tier_of(ladder, json!({ "partner": partner }))
}

fn tier_of(ladder: &str, facts: Value) -> Value {
    let given =
        "[[ladders]]\nid = \"given\"\nrows = [ { id = \"low\", sellers = 0 }, { id = \"high\", sellers = 1_000 } ]\n";
    let rules = format!(
        "{STAFF}\n[parameters]\nfew = {{ is = 2 }}\nmany = {{ is = 5 }}\nfloor_level = {{ is = \"base\" }}\n\n{given}\n[[ladders]]\nid = \"tier\"\n{ladder}\n"
    );
    decide(&rules, &facts, "2030-06-30")["ladders"]["tier"].take()
}

fn earned(ladder: &str, partner: Value) -> Value {
    tier(ladder, partner)["earned"].take()
}

#[test]
fn the_highest_level_of_which_all_holds_is_earned() {
    let rows = "rows = [ { id = \"bronze\", sellers = 1 }, { id = \"silver\", sellers = 2, points_so_far = 10 }, { id = \"gold\", sellers = 5 } ]";
    for (sellers, points, level) in [
        (0, 100, "none"),
        (1, 100, "bronze"),
        (2, 9, "bronze"),
        (2, 10, "silver"),
        (4, 9, "bronze"),
        // Lower levels need not hold.
        (5, 0, "gold"),
    ] {
        let partner = json!({ "id": "P", "sellers": sellers, "points_so_far": points });
        assert_eq!(earned(rows, partner.clone()), json!(level), "{sellers} {points}");
    }
    let builds_up = format!("builds_up = true\n{rows}");
    let gap = json!({ "id": "P", "sellers": 5, "points_so_far": 0 });
    assert_eq!(earned(&builds_up, gap), json!("bronze"));
    let all = json!({ "id": "P", "sellers": 5, "points_so_far": 10 });
    assert_eq!(earned(&builds_up, all), json!("gold"));
}

#[test]
fn an_unknown_leaves_a_level_open_only_where_it_decides() {
    let rows = "rows = [ { id = \"bronze\", sellers = 1 }, { id = \"silver\", sellers = 2, points_so_far = 10 }, { id = \"gold\", sellers = 5 } ]";
    assert_eq!(earned(rows, json!({ "id": "P", "sellers": 1 })), json!("bronze"));
    assert_eq!(earned(rows, json!({ "id": "P", "sellers": 2 })), Value::Null);
    assert_eq!(earned(rows, json!({ "id": "P", "sellers": 5 })), json!("gold"));
    assert_eq!(earned(rows, json!({ "id": "P", "points_so_far": 1 })), Value::Null);
}

#[test]
fn a_second_row_of_a_level_is_another_way() {
    let rows = "rows = [ { id = \"gold\", sellers = 5 }, { id = \"gold\", via = \"points\", points_so_far = 50 } ]";
    for (sellers, points, level) in [(5, 0, "gold"), (0, 50, "gold"), (4, 49, "none"), (5, 50, "gold")] {
        let partner = json!({ "id": "P", "sellers": sellers, "points_so_far": points });
        assert_eq!(earned(rows, partner), json!(level), "{sellers} {points}");
    }
    let decision = tier(rows, json!({ "id": "P", "sellers": 4, "points_so_far": 0 }));
    assert!(
        decision["requirements"].as_array().is_some_and(|list| list.iter().any(|r| r["via"] == "points")),
        "{decision}"
    );
}

#[test]
fn requirements_apply_are_waived_or_left_out() {
    let ladder = "rows = [ { id = \"gold\", sellers = 1 } ]\n\
        [[ladders.requires]]\nid = \"signed\"\nwhen = 'partner.kind == \"shop\"'\nunless = 'partner.exempt'\nthat = 'partner.signed'\n";
    let of = |partner: Value| {
        let decision = tier(ladder, partner);
        let signed = decision["requirements"].as_array().into_iter().flatten().find(|r| r["id"] == "signed");
        (decision["earned"].clone(), signed.map_or(json!("absent"), |r| r["state"].clone()))
    };
    let partner = |rest: Value| {
        let mut partner = json!({ "id": "P", "sellers": 1 });
        for (key, value) in rest.as_object().into_iter().flatten() {
            partner[key] = value.clone();
        }
        partner
    };
    let shop = |rest: Value| {
        let mut shop = partner(rest);
        shop["kind"] = json!("shop");
        shop
    };
    assert_eq!(of(shop(json!({ "signed": true }))), (json!("gold"), json!("met")));
    assert_eq!(of(shop(json!({ "signed": false }))), (json!("none"), json!("not_met")));
    assert_eq!(of(shop(json!({ "signed": false, "exempt": true }))), (json!("gold"), json!("waived")));
    assert_eq!(of(shop(json!({}))), (Value::Null, json!("undetermined")));
    assert_eq!(of(partner(json!({ "kind": "maker", "signed": false }))), (json!("gold"), json!("absent")));
    // An unknown `when` leaves it open, unless the condition holds anyway.
    assert_eq!(of(partner(json!({ "signed": true }))), (json!("gold"), json!("met")));
    assert_eq!(of(partner(json!({ "signed": false }))), (Value::Null, json!("undetermined")));
}

#[test]
fn selecting_cells_choose_the_rows_and_flags_and_sets_ask() {
    let rows = "rows = [ { id = \"gold\", kind = \"shop\", sellers = 5 }, { id = \"gold\", via = \"maker\", kind = [\"maker\"], sellers = 2 } ]";
    for (kind, sellers, level) in [("shop", 5, "gold"), ("shop", 2, "none"), ("maker", 2, "gold")] {
        assert_eq!(earned(rows, json!({ "id": "P", "kind": kind, "sellers": sellers })), json!(level));
    }
    for (cell, held, level) in [
        ("{ any = [\"tech\", \"cloud\"] }", json!(["cloud"]), "gold"),
        ("{ any = [\"tech\", \"cloud\"] }", json!(["sales"]), "none"),
        ("{ all = [\"tech\", \"cloud\"] }", json!(["tech", "cloud", "sales"]), "gold"),
        ("{ all = [\"tech\", \"cloud\"] }", json!(["tech"]), "none"),
        ("{ at_least = 2 }", json!(["tech", "sales"]), "gold"),
        ("{ at_least = 2 }", json!(["tech"]), "none"),
        ("{ at_least = 2, of = [\"tech\", \"cloud\"] }", json!(["tech", "sales"]), "none"),
        ("{ at_least = 2, of = [\"tech\", \"cloud\"] }", json!(["tech", "cloud"]), "gold"),
        ("{ any = [\"sales\"], at_least = 2 }", json!(["tech", "cloud"]), "none"),
        ("{ any = [\"sales\"], at_least = 2 }", json!(["tech", "sales"]), "gold"),
    ] {
        let rows = format!("rows = [ {{ id = \"gold\", skills = {cell} }} ]");
        assert_eq!(earned(&rows, json!({ "id": "P", "skills": held })), json!(level), "{cell} with {held}");
    }
    assert_eq!(
        earned("rows = [ { id = \"gold\", signed = true } ]", json!({ "id": "P", "signed": true })),
        json!("gold")
    );
    assert_eq!(
        earned("rows = [ { id = \"gold\", signed = false } ]", json!({ "id": "P", "signed": true })),
        json!("none")
    );
    assert_eq!(
        earned("rows = [ { id = \"gold\", sellers = 'few + 1' } ]", json!({ "id": "P", "sellers": 3 })),
        json!("gold")
    );
    assert_eq!(
        earned("rows = [ { id = \"gold\", sellers = \"many\" } ]", json!({ "id": "P", "sellers": 4 })),
        json!("none")
    );
    assert_eq!(
        earned("rows = [ { id = \"gold\", sellers = \"unspecified\" } ]", json!({ "id": "P", "sellers": 4 })),
        Value::Null
    );
}

#[test]
fn a_level_may_be_said_by_the_vendor_and_lie_under_all_others() {
    let assigned = "assigned = 'if has(partner.named) { high_level } else { tier_below }'\nrows = [ { id = \"low\" }, { id = \"high\" } ]\n\
        [parameters.levels]\nhigh_level = { is = \"high\" }\ntier_below = { is = \"low\" }\n";
    assert_eq!(tier(assigned, json!({ "id": "P", "named": "N" }))["in_force"], json!("high"));
    assert_eq!(tier(assigned, json!({ "id": "P", "named": null }))["in_force"], json!("low"));
    let below = "below = \"floor_level\"\nrows = [ { id = \"gold\", sellers = 1 } ]";
    assert_eq!(earned(below, json!({ "id": "P", "sellers": 0 })), json!("base"));
    let below = "below = \"member\"\nrows = [ { id = \"gold\", sellers = 1 } ]";
    assert_eq!(earned(below, json!({ "id": "P", "sellers": 0 })), json!("member"));
}

#[test]
fn a_ladder_for_each_area() {
    let ladder =
        "each = \"area\"\nrows = [ { id = \"silver\", people = 1 }, { id = \"gold\", people = 3, sellers = 2 } ]";
    let areas = json!([{ "id": "A", "people": 3 }, { "id": "B", "people": 1 }, { "id": "C", "people": 0 }]);
    let answers = tier_of(ladder, json!({ "partner": { "id": "P", "sellers": 2 }, "areas": areas }));
    let earned: Vec<_> = ["A", "B", "C"].map(|area| answers[area]["earned"].clone()).to_vec();
    assert_eq!(earned, [json!("gold"), json!("silver"), json!("none")]);
}

#[test]
fn benefits_follow_from_levels_and_facts() {
    let rules = format!(
        "{STAFF}\n[[ladders]]\nid = \"given\"\nrows = [ {{ id = \"low\", sellers = 1 }}, {{ id = \"high\", sellers = 5 }} ]\n\n\
         [benefits]\nrows = [\n\
         {{ id = \"logo\", gives = \"provided\", given = \"low\" }},\n\
         {{ id = \"fund\", gives = \"eligible\", given = \"high\" }},\n\
         {{ id = \"lab\", kind = \"maker\", given = \"low\" }},\n\
         {{ id = \"event\", given = \"unspecified\" }},\n]\n"
    );
    let facts = json!({ "partner": { "id": "P", "sellers": 3, "kind": "shop" } });
    assert_eq!(
        decide(&rules, &facts, "2030-06-30")["benefits"],
        json!([
            { "id": "logo", "gives": "provided", "state": "met" },
            { "id": "fund", "gives": "eligible", "state": "not_met" },
            { "id": "event", "state": "undetermined" },
        ])
    );
}

/// The value of an expression over these parameters, for a partner with `score` and `kind`.
fn valued(parameters: &str, expression: &str, partner: Value, as_of: &str) -> Value {
    let rules = format!(
        "[choices]\nkind = [\"shop\", \"maker\"]\nplace = [\"north\", \"south\"]\n\n[facts.partner]\nid = \"id\"\nscore = \"number\"\nworth = \"money\"\nkind = \"kind\"\n\n\
         [[measures]]\nid = \"x\"\nvalue = '{expression}'\n\n[parameters]\n{parameters}\n"
    );
    decide(&rules, &json!({ "partner": partner }), as_of)["measures"]["x"].take()
}

#[test]
fn parameters_by_key_band_and_day() {
    let by = "rate = { by = [\"kind\", \"place\"], is = { shop = { north = 1, south = 2 }, maker = { north = 3, south = \"unspecified\" } } }";
    let kind = |kind: &str| json!({ "id": "P", "kind": kind });
    assert_eq!(valued(by, "rate[partner.kind][\"north\"]", kind("maker"), "2030-06-30"), json!("3"));
    assert_eq!(valued(by, "rate[partner.kind][\"south\"]", kind("shop"), "2030-06-30"), json!("2"));
    assert_eq!(valued(by, "rate[partner.kind][\"south\"]", kind("maker"), "2030-06-30"), Value::Null);
    let bands = "rate = { bands = [ { below = 10, is = 1 }, { up_to = 20, is = 2 }, { is = 3 } ] }";
    for (score, value) in [("9.99", "1"), ("10", "2"), ("20", "2"), ("20.01", "3"), ("-5", "1")] {
        let partner = json!({ "id": "P", "score": score });
        assert_eq!(valued(bands, "rate[partner.score]", partner, "2030-06-30"), json!(value), "{score}");
    }
    let closed = "rate = { bands = [ { below = 10, is = 1 }, { below = 20, is = 2 } ] }";
    assert_eq!(valued(closed, "rate[partner.score]", json!({ "id": "P", "score": 20 }), "2030-06-30"), Value::Null);
    let dated = "rate = { is = 1, changes = [ { from = 2030-03-01, is = 2 }, { from = 2030-06-30, is = 3 } ] }";
    for (day, value) in [("2030-02-28", "1"), ("2030-03-01", "2"), ("2030-06-29", "2"), ("2030-06-30", "3")] {
        assert_eq!(valued(dated, "rate", json!({ "id": "P" }), day), json!(value), "{day}");
    }
}

#[test]
fn marginal_bands_split_an_amount() {
    let bands = "rate = { bands = [ { up_to = \"100 USD\", is = \"10 %\" }, { up_to = \"200 USD\", is = \"20 %\" }, { is = \"50 %\" } ] }";
    for (worth, value) in [("0", "0"), ("50", "5"), ("100", "10"), ("150.50", "20.1"), ("200", "30"), ("1000", "430")] {
        let partner = json!({ "id": "P", "worth": worth });
        let found = valued(bands, "marginal(rate, partner.worth)", partner, "2030-06-30");
        let (found, value): (rust_decimal::Decimal, rust_decimal::Decimal) =
            (found.as_str().expect("a number").parse().expect("a number"), value.parse().expect("a number"));
        assert_eq!(found, value, "{worth}");
    }
}

#[test]
fn money_is_converted_on_the_day_of_the_record() {
    let rules = r#"
[tables.exchange]
rows = [
  { currency = "EUR", from = 2030-01-01, rate = 1.1 },
  { currency = "EUR", from = 2030-07-01, rate = 1.2 },
  { currency = "JPY", rate = 0.007 },
]

[facts.partner]
id = "id"

[facts.sale]
list     = "sales"
happened = "on"
id       = "id"
on       = "date"
amount   = "money"

[[measures]]
id  = "total"
sum = "sale.amount"
"#;
    let total = |currency: &str, on: &str| {
        let sale = json!({ "id": "S", "on": on, "amount": "100.00", "currency": currency });
        let decision = decide(rules, &json!({ "partner": { "id": "P" }, "sales": [sale] }), "2030-12-31");
        (decision["measures"]["total"].clone(), decision["undetermined"][0]["missing"].clone())
    };
    assert_eq!(total("USD", "2030-02-01"), (json!("100.00"), Value::Null));
    assert_eq!(total("EUR", "2030-06-30"), (json!("110.000"), Value::Null));
    assert_eq!(total("EUR", "2030-07-01"), (json!("120.000"), Value::Null));
    assert_eq!(total("JPY", "2030-07-01"), (json!("0.70000"), Value::Null));
    assert_eq!(total("EUR", "2029-12-31"), (Value::Null, json!(["exchange.EUR"])));
    assert_eq!(total("GBP", "2030-02-01"), (Value::Null, json!(["exchange.GBP"])));
}

#[test]
fn percentages_are_hundredths() {
    let parameters = "rate = { is = \"7 %\" }\nbase = { is = \"250 USD\" }\nseven = { is = 7 }";
    for (expression, value) in
        [("base * rate", "17.50"), ("rate * base", "17.50"), ("rate + rate", "14"), ("rate / rate", "1")]
    {
        let found = valued(parameters, expression, json!({ "id": "P" }), "2030-06-30");
        let number = |text: &str| text.parse::<rust_decimal::Decimal>().expect("a number");
        assert_eq!(number(found.as_str().expect("a number")), number(value), "{expression}");
    }
}

#[test]
fn scripts_are_called_when_everything_is_known() {
    let rules = r#"
[scripts.smoothed]
file    = "smoothed.rhai"
takes   = { value = "number", months = "count" }
returns = "number"

[facts.partner]
id     = "id"
score  = "number"
months = "count"

[[measures]]
id    = "x"
value = 'smoothed(partner.score, partner.months)'
"#;
    let script = "fn smoothed(value, months) {\n    if months == 13 { throw \"thirteen is too many\" }\n    value / (1 + months)\n}\n";
    let plan = acme::plan_with(rules, &[("smoothed.rhai", script)]);
    let decide = |facts: Value| acme::decided(&plan, &json!({ "partner": facts }).to_string(), "2030-06-30");
    let x = |facts: Value| decide(facts).map(|decision| decision["measures"]["x"].clone());
    assert_eq!(x(json!({ "id": "P", "score": 12, "months": 3 })), Ok(json!("3")));
    assert_eq!(x(json!({ "id": "P", "score": "0.3", "months": 2 })), Ok(json!("0.1")));
    assert_eq!(x(json!({ "id": "P", "score": 12 })), Ok(Value::Null));
    assert_eq!(
        x(json!({ "id": "P", "score": 12, "months": 13 })),
        Err("the script `smoothed`, called by `x`, failed: thirteen is too many (rules/acme/smoothed.rhai, line 2)"
            .to_owned())
    );
}

/// A formula says the same in an expression and in a script, percentages among its values.
#[test]
fn a_formula_gives_in_a_script_what_it_gives_in_an_expression() {
    let formulas = [
        ("money", "amount * rate"),
        ("money", "amount / rate"),
        ("money", "min(amount * rate, most)"),
        ("number", "rate / other"),
        ("number", "factor * rate"),
        ("percent", "rate + other"),
        ("percent", "rate * other"),
        ("number", "rate * factor"),
        ("percent", "max(rate, other)"),
        ("flag", "rate > other"),
        ("flag", "rate == other"),
    ];
    let facts = "[facts.partner]\nid = \"id\"\namount = \"money\"\nmost = \"money\"\nrate = \"percent\"\n\
                 other = \"percent\"\nfactor = \"number\"\n";
    let mut rules = facts.to_owned();
    let mut files = Vec::new();
    for (at, (returns, formula)) in formulas.iter().enumerate() {
        rules += &format!(
            "\n[scripts.f{at}]\nfile = \"f{at}.rhai\"\ntakes = {{ amount = \"money\", most = \"money\", rate = \"percent\", \
             other = \"percent\", factor = \"number\" }}\nreturns = \"{returns}\"\n"
        );
        let reads =
            ["amount", "most", "rate", "other", "factor"].iter().fold((*formula).to_owned(), |formula, name| {
                formula
                    .split(' ')
                    .map(|word| word.replace(name, &format!("partner.{name}")))
                    .collect::<Vec<_>>()
                    .join(" ")
            });
        let given = "partner.amount, partner.most, partner.rate, partner.other, partner.factor";
        let keys = |value: &str| match *returns {
            "flag" => format!("value = 'if {value} {{ 1 }} else {{ 0 }}'"),
            _ => format!("value = '{value}'"),
        };
        rules += &format!("\n[[measures]]\nid = \"plain{at}\"\n{}\n", keys(&reads));
        rules += &format!("\n[[measures]]\nid = \"script{at}\"\n{}\n", keys(&format!("f{at}({given})")));
        files.push((format!("f{at}.rhai"), format!("fn f{at}(amount, most, rate, other, factor) {{ {formula} }}\n")));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let plan = acme::plan_with(&rules, &files);
    // The last of 28 digits depends on the order in which is multiplied and divided.
    let decimal = |text: &str| text.parse::<rust_decimal::Decimal>().expect("a number").round_dp(20);
    let number = |value: &Value| value.as_str().map(decimal);
    for (amount, rate, other) in
        [("25000", "1", "0.5"), ("0.99", "7.25", "7.25"), ("100", "150", "40"), ("0", "25", "50")]
    {
        let facts = json!({ "partner": {
            "id": "P", "amount": amount, "most": "2000", "rate": rate, "other": other, "factor": "1.5"
        } });
        let decision = acme::decided(&plan, &facts.to_string(), "2030-06-30").expect("a decision");
        let measures = &decision["measures"];
        for (at, (_, formula)) in formulas.iter().enumerate() {
            let (plain, script) = (&measures[format!("plain{at}")], &measures[format!("script{at}")]);
            assert!(!plain.is_null(), "{formula}: {decision}");
            assert_eq!(number(script), number(plain), "{formula} with {facts}");
            assert_eq!(script.as_str().is_none(), plain.as_str().is_none(), "{formula}: {script} and {plain}");
        }
    }
    let facts = json!({ "partner": {
        "id": "P", "amount": "25000", "most": "2000", "rate": "1", "other": "0.5", "factor": "1.5"
    } });
    let decision = acme::decided(&plan, &facts.to_string(), "2030-06-30").expect("a decision");
    assert_eq!(number(&decision["measures"]["script0"]), Some(rust_decimal::Decimal::from(250)));
    assert_eq!(number(&decision["measures"]["script5"]), Some(rust_decimal::Decimal::new(15, 1)));
}

#[test]
fn what_is_too_large_is_a_failure_and_no_answer() {
    let parameters = "huge = { is = 79228162514264337593543950335 }";
    let rules = format!(
        "[facts.partner]\nid = \"id\"\n\n[parameters]\n{parameters}\n\n[[measures]]\nid = \"x\"\nvalue = 'huge * huge'\n"
    );
    let failure = acme::decided(&acme::plan(&rules), "{\"partner\": {\"id\": \"P\"}}", "2030-06-30");
    assert_eq!(failure, Err("a number or date is too large to be computed with".to_owned()));
}
