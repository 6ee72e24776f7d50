//! What must never be answered wrongly: levels earned and lapsed, unknowns in every corner, and what is too large.

use serde_json::{Value, json};
use tierline_engine::compile::Program;
use tierline_engine::load::Folder;
use tierline_tests::acme;

const FACTS: &str = r#"
[cycle]
starts = "01-01"

[facts.partner]
id = "id"
a  = "number"
b  = "number"

[facts.person]
list    = "people"
id      = "id"
left_on = "date or none"

[facts.credential]
list       = "credentials"
happened   = "awarded_on"
id         = "id"
person     = "person"
awarded_on = "date"

[facts.sale]
list      = "sales"
happened  = "booked_on"
id        = "id"
deal      = "text"
product   = ["x", "y"]
amount    = "number"
flag      = "flag"
booked_on = "date"
"#;

fn tried(rules: &str, facts: &Value, as_of: &str) -> Result<Value, String> {
    let load = acme::load(&format!("{FACTS}\n{rules}"), &[]);
    let plan = load.program.versions.first().and_then(|version| version.plan.clone());
    let Some(plan) = plan else { panic!("no plan of {rules}\n{}", acme::told(&load)) };
    acme::decided(&plan, &facts.to_string(), as_of)
}

fn decide(rules: &str, facts: &Value, as_of: &str) -> Value {
    tried(rules, facts, as_of).expect("a decision")
}

fn sale(id: &str, product: &str, amount: i64, on: &str) -> Value {
    json!({ "id": id, "deal": "D", "product": product, "amount": amount, "booked_on": on })
}

fn flagged(mut sale: Value, flag: bool) -> Value {
    sale["flag"] = json!(flag);
    sale
}

fn facts(sales: Value) -> Value {
    json!({ "partner": { "id": "P", "a": 5, "b": 3 }, "people": [], "credentials": [], "sales": sales })
}

/// Two credentials, of which the second is awarded in the cycle; a year after its award the first has lapsed.
fn two() -> Value {
    let mut facts = facts(json!([]));
    facts["people"] = json!([{ "id": "H1", "left_on": null }, { "id": "H2", "left_on": null }]);
    facts["credentials"] = json!([
        { "id": "1", "person": "H1", "awarded_on": "2029-06-01" },
        { "id": "2", "person": "H2", "awarded_on": "2030-03-01" },
    ]);
    facts
}

const VALIDITY: &str = "[parameters]\nvalidity = { is = \"365 days\" }\nvalid_days = { is = 365 }\n";

fn valid(condition: &str) -> String {
    format!(
        "{VALIDITY}[[measures]]\nid = \"n\"\ncount = \"credential\"\nonce_per = \"person\"\nwhere = '{condition}'\n"
    )
}

const COUNT: &str = "[[measures]]\nid = \"n\"\ncount = \"credential\"\n[[measures]]\nid = \"s\"\ncount = \"sale\"\n";

/// A ladder that carries a level over and lowers it when the cycle ends.
fn ladder(rest: &str) -> String {
    format!(
        "[[ladders]]\nid = \"tier\"\ncarried = 'partner.prior'\ndown = \"at_cycle_end\"\n{rest}\n[facts.partner.prior]\ntype = \"tier\"\n"
    )
}

#[test]
fn a_level_earned_and_lapsed_stays_in_force_until_the_cycle_ends() {
    let adv = ladder("rows = [ { id = \"adv\", n = 2 } ]");
    let penalties = "[[awards]]\nid = \"good\"\nsum = \"sale.amount\"\nrows = [ { id = \"g\", product = \"x\", points = 1 } ]\n\
        [[awards]]\nid = \"bad\"\ncount = \"sale\"\nrows = [ { id = \"p\", product = \"y\", points = -60 } ]\n";
    let sold = facts(json!([sale("1", "x", 120, "2030-03-01"), sale("2", "y", 1, "2030-04-01")]));
    let relaxed = ladder(
        "rows = [ { id = \"adv\", via = \"relaxed\", n = 2, when = 'as_of < relaxed_until' }, { id = \"adv\", n = 3 } ]",
    );
    let requires = ladder(
        "rows = [ { id = \"adv\", n = 2 } ]\n[[ladders.requires]]\nid = \"sales\"\nthat = 's >= 1'\neffective = { from = 2030-06-01 }",
    );
    for (name, rules, facts) in [
        ("plainly", format!("{}{adv}", valid("as_of <= awarded_on + validity")), two()),
        ("by days between", format!("{}{adv}", valid("days_between(awarded_on, as_of) <= valid_days")), two()),
        ("by the day less", format!("{}{adv}", valid("awarded_on >= as_of - validity")), two()),
        ("by penalties", format!("{penalties}{}", ladder("rows = [ { id = \"adv\", points = 100 } ]")), sold),
        ("by a row", format!("[parameters]\nrelaxed_until = {{ is = 2030-04-01 }}\n{COUNT}{relaxed}"), two()),
        ("by a requirement", format!("{COUNT}{requires}"), two()),
    ] {
        for (prior, day, earned, in_force) in [
            ("none", "2030-02-28", "none", "none"),
            ("none", "2030-03-01", "adv", "adv"),
            ("none", "2030-09-01", "none", "adv"),
            ("none", "2030-12-31", "none", "adv"),
            ("adv", "2030-02-28", "none", "adv"),
            ("adv", "2030-09-01", "none", "adv"),
        ] {
            let mut facts = facts.clone();
            facts["partner"]["prior"] = json!(prior);
            let tier = decide(&rules, &facts, day)["ladders"]["tier"].take();
            assert_eq!(tier["earned"], json!(earned), "{name} from {prior} on {day}: {tier}");
            assert_eq!(tier["in_force"], json!(in_force), "{name} from {prior} on {day}: {tier}");
        }
    }
}

#[test]
fn a_higher_prior_level_never_harms() {
    let rows = "rows = [ { id = \"low\", n = 0 }, { id = \"mid\", n = 2 }, { id = \"high\", n = 3 } ]";
    let rules = format!("{}{}", valid("days_between(awarded_on, as_of) <= valid_days"), ladder(rows));
    for (prior, day, in_force) in [
        ("low", "2030-02-28", "low"),
        ("low", "2030-03-01", "mid"),
        ("low", "2030-09-01", "mid"),
        ("mid", "2030-02-28", "mid"),
        ("mid", "2030-09-01", "mid"),
        ("high", "2030-02-28", "high"),
        ("high", "2030-09-01", "high"),
    ] {
        let mut facts = two();
        facts["partner"]["prior"] = json!(prior);
        let tier = decide(&rules, &facts, day)["ladders"]["tier"].take();
        assert_eq!(tier["in_force"], json!(in_force), "from {prior} on {day}: {tier}");
    }
}

#[test]
fn a_ladder_may_rest_on_what_another_has_in_force() {
    let rules = |down: &str| {
        format!(
            "{}[[measures]]\nid = \"ever\"\nvalue = 'any_day(cycle.start, as_of, is_adv)'\n[[measures]]\nid = \"is_adv\"\nvalue = 'lev >= \"adv\"'\n\
            [facts.partner.prior]\ntype = \"lev\"\n[facts.partner.prior2]\ntype = \"second\"\n\
            [[ladders]]\nid = \"lev\"\ncarried = 'partner.prior'\ndown = \"{down}\"\nrows = [ {{ id = \"adv\", n = 2 }} ]\n\
            [[measures]]\nid = \"h\"\nvalue = 'if lev >= \"adv\" {{ 1 }} else {{ 0 }}'\n\
            [[ladders]]\nid = \"second\"\ncarried = 'partner.prior2'\ndown = \"at_cycle_end\"\nrows = [ {{ id = \"gold\", h = 1 }} ]\n",
            valid("as_of < awarded_on + validity")
        )
    };
    let mut facts = two();
    facts["partner"]["prior"] = json!("none");
    facts["partner"]["prior2"] = json!("none");
    for (down, day, lev, earned, second) in [
        ("immediately", "2030-02-28", "none", "none", "none"),
        ("immediately", "2030-03-01", "adv", "gold", "gold"),
        ("immediately", "2030-05-31", "adv", "gold", "gold"),
        ("immediately", "2030-06-01", "none", "none", "gold"),
        ("immediately", "2030-09-01", "none", "none", "gold"),
        ("at_cycle_end", "2030-02-28", "none", "none", "none"),
        ("at_cycle_end", "2030-03-01", "adv", "gold", "gold"),
        ("at_cycle_end", "2030-09-01", "adv", "gold", "gold"),
    ] {
        let mut decision = decide(&rules(down), &facts, day);
        let ladders = decision["ladders"].take();
        // Asks about every day before, each for itself.
        assert_eq!(decision["measures"]["ever"], json!(second == "gold"), "{down} on {day}");
        let found = [&ladders["lev"]["in_force"], &ladders["second"]["earned"], &ladders["second"]["in_force"]];
        assert_eq!(found, [&json!(lev), &json!(earned), &json!(second)], "{down} on {day}: {ladders}");
        let days = |ladder: &str| {
            let history = ladders[ladder]["history"].as_array().cloned().unwrap_or_default();
            history.iter().map(|step| step["on"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
        };
        let gained = if day < "2030-03-01" { vec![] } else { vec!["2030-03-01"] };
        assert_eq!(days("second"), gained, "{down} on {day}: {ladders}");
        let lost = (down == "immediately" && day >= "2030-06-01").then_some("2030-06-01");
        assert_eq!(days("lev"), gained.into_iter().chain(lost).collect::<Vec<_>>(), "{down} on {day}: {ladders}");
    }
}

#[test]
fn a_number_known_between_bounds_is_in_no_set_for_sure() {
    let rules = r#"
[parameters]
odd = { is = [1, 3], type = "set of count" }
[[measures]]
id = "n"
count = "sale"
where = 'flag'
[[measures]]
id = "in_odd"
value = 'n in odd'
[[measures]]
id = "not_in_odd"
value = 'n !in odd'
[[measures]]
id = "per"
each = "person"
value = 'count(sale, flag)'
[[measures]]
id = "all"
collect = "person.per"
[[measures]]
id = "kinds"
value = 'size(all)'
"#;
    let of = |first: Value| {
        let mut facts = facts(json!([first, flagged(sale("2", "x", 3, "2030-02-01"), true)]));
        facts["people"] = json!([{ "id": "A" }, { "id": "B" }]);
        let measures = decide(rules, &facts, "2030-09-01")["measures"].take();
        ["in_odd", "not_in_odd", "kinds"].map(|id| measures[id].clone())
    };
    let first = sale("1", "x", 5, "2030-02-01");
    assert_eq!(of(first.clone()), [Value::Null, Value::Null, json!({ "at_least": 0 })]);
    assert_eq!(of(flagged(first.clone(), true)), [json!(false), json!(true), json!(1)]);
    assert_eq!(of(flagged(first, false)), [json!(true), json!(false), json!(1)]);
}

#[test]
fn which_of_its_records_stands_for_a_deal_may_be_open() {
    let rules = "[[measures]]\nid = \"x\"\nsum = \"sale.amount\"\nonce_per = \"deal\"\nwhere = 'flag'\n\
        [[measures]]\nid = \"small\"\nvalue = 'x <= partner.a'\n";
    let on = |id: &str, amount: i64| sale(id, "x", amount, "2030-02-01");
    for (limit, sales, small) in [
        // Nothing, 5 or 10.
        (5, json!([on("1", 5), on("2", 10)]), json!(null)),
        // 3 or 5.
        (4, json!([on("1", 3), flagged(on("2", 5), true)]), json!(null)),
        (4, json!([flagged(on("1", 3), true), on("2", 5)]), json!(true)),
        (4, json!([flagged(on("1", 3), false), flagged(on("2", 5), true)]), json!(false)),
    ] {
        let mut facts = facts(sales);
        facts["partner"]["a"] = json!(limit);
        assert_eq!(decide(rules, &facts, "2030-09-01")["measures"]["small"], small, "{facts}");
    }
    let any = "[[measures]]\nid = \"x\"\nany = \"sale.flag\"\nonce_per = \"deal\"\nwhere = 'amount > 0'\n";
    let mut sales = json!([flagged(on("1", 1), false), flagged(on("2", 5), true)]);
    assert_eq!(decide(any, &facts(sales.clone()), "2030-09-01")["measures"]["x"], json!(false));
    sales[0].as_object_mut().expect("a sale").remove("amount");
    assert_eq!(decide(any, &facts(sales), "2030-09-01")["measures"]["x"], json!(null));
}

#[test]
fn what_a_vendor_leaves_open_about_points_leaves_them_open() {
    let sales = json!([sale("1", "x", 15, "2030-02-01"), sale("2", "x", 9, "2030-02-01")]);
    for (option, choices, floor) in [
        ("rounding", "\"floor\", \"prorate\", \"unspecified\"", "2"),
        ("over", "\"cycle\", \"record\", \"unspecified\"", "2"),
    ] {
        let first = choices.split(',').next().expect("a choice");
        for (is, total, missing) in
            [("\"unspecified\"", Value::Null, json!(["parameters.open"])), (first, json!(floor), Value::Null)]
        {
            let rules = format!(
                "[parameters]\nopen = {{ is = {is}, choices = [{choices}] }}\nblock = {{ is = 10 }}\n\
                [[awards]]\nid = \"w\"\nsum = \"sale.amount\"\nper = \"block\"\n{option} = \"open\"\nrows = [ {{ id = \"g\", points = 1 }} ]\n"
            );
            let decision = decide(&rules, &facts(sales.clone()), "2030-09-01");
            assert_eq!(decision["awards"]["total"], total, "{option} {is}: {decision}");
            assert_eq!(decision["undetermined"][0]["missing"], missing, "{option} {is}: {decision}");
        }
    }
    let award = |module: &str, points: u32| {
        format!(
            "[[awards]]\nid = \"{module}_w\"\nmodule = \"{module}\"\ncount = \"sale\"\nrows = [ {{ id = \"g\", points = {points} }} ]\n"
        )
    };
    let rules = format!(
        "[modules]\nearn_once = \"open\"\nresell = \"Resell\"\nrefer = \"Refer\"\n[facts.sale.modules]\ntype = \"set of module\"\n\
        [parameters]\nopen = {{ is = \"unspecified\", choices = [\"most_points\", \"first_module\", \"unspecified\"] }}\n{}{}",
        award("resell", 5),
        award("refer", 7)
    );
    let mut shared = sale("1", "x", 1, "2030-02-01");
    shared["modules"] = json!(["resell", "refer"]);
    let decision = decide(&rules, &facts(json!([shared])), "2030-09-01");
    assert_eq!(decision["awards"]["total"], json!({ "at_least": "0", "at_most": "12" }), "{decision}");
    assert_eq!(decision["undetermined"][0]["missing"], json!(["parameters.open"]), "{decision}");
}

#[test]
fn an_unknown_lower_level_leaves_open_what_builds_upon_it() {
    let rows = "builds_up = true\nrows = [ { id = \"adv\", n = 2 }, { id = \"top\", s = 1 } ]";
    let rules = format!("{COUNT}{}", ladder(rows));
    let sold = || json!([sale("1", "x", 1, "2030-02-01")]);
    let unknown = json!({ "partner": { "id": "P", "prior": "none" }, "people": [], "sales": sold() });
    let tier = decide(&rules, &unknown, "2030-09-01")["ladders"]["tier"].take();
    assert_eq!((&tier["earned"], &tier["in_force"]), (&Value::Null, &Value::Null), "{tier}");
    let mut known = two();
    known["partner"]["prior"] = json!("none");
    known["sales"] = sold();
    let tier = decide(&rules, &known, "2030-09-01")["ladders"]["tier"].take();
    assert_eq!((&tier["earned"], &tier["in_force"]), (&json!("top"), &json!("top")), "{tier}");
}

#[test]
fn a_third_of_a_block_pays_a_third_exactly() {
    let rules = "[parameters]\nblock = { is = 30_000 }\nfloor = { is = 200 }\n[[awards]]\nid = \"w\"\nsum = \"sale.amount\"\nper = \"block\"\nrounding = \"prorate\"\n\
        rows = [ { id = \"g\", points = 600 } ]\n[[measures]]\nid = \"enough\"\nvalue = 'points >= floor'\n";
    let decision = decide(rules, &facts(json!([sale("1", "x", 10_000, "2030-02-01")])), "2030-09-01");
    assert_eq!((&decision["awards"]["total"], &decision["measures"]["enough"]), (&json!("200"), &json!(true)));
}

#[test]
fn every_one_of_many_credentials_has_its_deadline() {
    let rules = format!(
        "{}[[ladders]]\nid = \"tier\"\nrows = [ {{ id = \"adv\", n = 2 }} ]\n",
        valid("as_of <= awarded_on + validity")
    );
    let mut many = facts(json!([]));
    let ids: Vec<u32> = (0..100).collect();
    let day = |place: &u32| format!("2030-{:02}-{:02}", place / 25 + 1, place % 25 + 1);
    many["people"] = ids.iter().map(|place| json!({ "id": format!("H{place}"), "left_on": null })).collect();
    many["credentials"] = ids
        .iter()
        .map(|place| json!({ "id": format!("K{place}"), "person": format!("H{place}"), "awarded_on": day(place) }))
        .collect();
    let deadlines = decide(&rules, &many, "2030-09-01")["deadlines"].take();
    let found: Vec<&str> =
        deadlines.as_array().into_iter().flatten().filter_map(|deadline| deadline["on"].as_str()).collect();
    // A year after its award each counts for the last time.
    let after = |place: &u32| format!("2031-{:02}-{:02}", place / 25 + 1, place % 25 + 2);
    assert_eq!(found, ids.iter().map(after).collect::<Vec<_>>());
    assert_eq!(deadlines[99]["changes"], json!([{ "rule": "n", "from": 1, "to": 0 }]), "{}", deadlines[99]);
}

#[test]
fn what_is_too_large_is_open_or_a_failure_but_never_more() {
    let rules = "[parameters]\ngrace = { is = \"90 days\" }\n[[measures]]\nid = \"x\"\ncount = \"person\"\nwhere = 'as_of <= (left_on ?? as_of) + grace'\n";
    let mut left = facts(json!([]));
    left["people"] = json!([{ "id": "A", "left_on": "2030-08-01" }]);
    assert_eq!(decide(rules, &left, "2030-09-01")["measures"]["x"], json!(1));
    left["people"][0]["left_on"] = json!("9999-12-31");
    assert_eq!(decide(rules, &left, "2030-09-01")["measures"]["x"], json!({ "at_least": 0, "at_most": 1 }));

    let rules = "[parameters]\nbig = { is = 79228162514264337593543950335 }\n[[measures]]\nid = \"x\"\nvalue = 'if partner.b > partner.a { partner.a } else { partner.a * big }'\n";
    let x = |partner: Value| {
        tried(rules, &json!({ "partner": partner }), "2030-09-01").map(|mut found| found["measures"]["x"].take())
    };
    assert_eq!(x(json!({ "id": "P", "a": 5 })), Ok(Value::Null));
    assert_eq!(x(json!({ "id": "P", "a": 5, "b": 9 })), Ok(json!("5")));
    assert_eq!(
        x(json!({ "id": "P", "a": 5, "b": 1 })),
        Err("a number or date is too large to be computed with".to_owned())
    );

    let rules = "[[measures]]\nid = \"pairs\"\neach = [\"person\", \"sale\"]\nvalue = 'sale.amount'\n[[measures]]\nid = \"x\"\nvalue = 'partner.a'\n";
    let mut many = facts((0..1_001).map(|place| sale(&format!("S{place}"), "x", 1, "2030-02-01")).collect());
    many["people"] = (0..1_000).map(|place| json!({ "id": format!("H{place}") })).collect();
    let failure = tried(rules, &many, "2030-09-01").map(|_| ()).expect_err("a failure");
    assert_eq!(failure, "a rule is repeated for more than 1000000 combinations of records and rows");
}

#[test]
fn where_the_carried_level_changes_in_the_cycle_a_higher_prior_one_never_harms() {
    const RULES: &str = include_str!("../../rules/redhat-pex/2024-07.toml");
    let load = Program::load(&Folder::of("rules", [("redhat-pex/2024-07.toml", RULES)]), "redhat-pex");
    let plan = load.program.versions[0].plan.clone().expect("a plan");
    // Advanced is earned on 5 January and lapses with the certification; the tier of the year is fixed on the 31st.
    let held = |kind: &str, many: usize, on: &str| -> Vec<Value> {
        (0..many).map(|place| json!({ "id": format!("{kind}{place}"), "person": format!("H{place}"), "kind": kind, "name": "n", "awarded_on": on })).collect()
    };
    let credentials = [
        held("seller", 3, "2024-05-01"),
        held("technical_seller", 2, "2024-05-01"),
        held("certification", 1, "2022-01-20"),
    ]
    .concat();
    let people: Vec<Value> = (0..3).map(|place| json!({ "id": format!("H{place}") })).collect();
    for (prior, day, in_force) in [
        ("premier", "2025-01-10", "premier"),
        ("premier", "2025-01-25", "premier"),
        ("premier", "2025-01-31", "advanced"),
        ("premier", "2025-03-01", "advanced"),
        ("ready", "2025-01-04", "ready"),
        ("ready", "2025-01-10", "advanced"),
        ("ready", "2025-01-25", "advanced"),
        ("ready", "2025-01-31", "advanced"),
        ("ready", "2025-03-01", "advanced"),
    ] {
        let facts = json!({
            "partner": { "id": "P", "tier_prior": prior, "joined_on": "2015-06-01", "tier_confirmed": "ready", "tier_confirmed_on": "2025-01-31", "modules": ["resell"] },
            "people": people, "credentials": credentials, "activities": [], "deals": [],
            "sales": [{ "id": "X", "product": "rhel", "amount": 1_100_000, "booked_on": "2025-01-05" }],
        });
        let tier = acme::decided(&plan, &facts.to_string(), day).expect("a decision")["ladders"]["tier"].take();
        assert_eq!(tier["in_force"], json!(in_force), "from {prior} on {day}: {tier}");
    }
}

#[test]
fn an_exception_of_which_it_is_not_known_whether_it_applies_did_not_apply() {
    let rules = "[parameters]\nfee = { is = 7 }\n\
        [[measures]]\nid = \"x\"\nvalue = 'fee'\n\
        [[exceptions]]\nid = \"eased\"\nwho = 'partner.a > 1'\nset = { \"parameters.fee\" = 3 }\n";
    let mut known = facts(json!([]));
    let decision = decide(rules, &known, "2030-09-01");
    assert_eq!((&decision["exceptions"], &decision["measures"]["x"]), (&json!(["eased"]), &json!("3")));
    known["partner"].as_object_mut().expect("a partner").remove("a");
    let decision = decide(rules, &known, "2030-09-01");
    assert_eq!((&decision["exceptions"], &decision["measures"]["x"]), (&Value::Null, &Value::Null));
    let open = |rule: &str| json!({ "rule": rule, "missing": ["partner.a"] });
    assert_eq!(decision["undetermined"], json!([open("x"), open("exceptions.eased")]));
}
