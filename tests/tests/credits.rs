//! Credits: who is credited with what, how it is shared, and what is left open where something is not known.

use serde_json::{Value, json};
use tierline_tests::acme;

const FACTS: &str = r#"
[choices]
goods = ["anvil", "rocket"]
duty  = ["seller", "helper"]

[facts.reseller]
list  = "resellers"
id    = "id"
level = ["low", "high"]

[facts.order]
list       = "orders"
happened   = "ordered_on"
id         = "id"
item       = "goods"
amount     = "money"
pieces     = "count"
ordered_on = "date"

[facts.link]
list     = "links"
happened = "made_on"
to       = "reseller"
sold     = "order"
role     = "duty"
made_on  = "date"
"#;

fn decide(rule: &str, facts: &Value) -> Value {
    decide_on(rule, facts, "2030-06-30")
}

fn decide_on(rule: &str, facts: &Value, as_of: &str) -> Value {
    let rules = format!("{FACTS}\n[[credits]]\nid = \"c\"\n{rule}\n");
    acme::decided(&acme::plan(&rules), &facts.to_string(), as_of).expect("a decision")
}

/// Who is credited with how much.
fn credits(decision: &Value) -> Vec<(Value, Value)> {
    let lines = decision["credits"].as_array().cloned().unwrap_or_default();
    lines.into_iter().map(|line| (line["partner"].clone(), line["value"].clone())).collect()
}

fn order(id: &str, item: &str, amount: &str, on: &str) -> Value {
    json!({ "id": id, "item": item, "amount": amount, "pieces": 3, "ordered_on": on })
}

fn link(to: &str, with: &str, role: &str) -> Value {
    json!({ "to": to, "sold": with, "role": role, "made_on": "2030-01-01" })
}

fn three() -> Value {
    json!({
        "resellers": [{ "id": "A", "level": "high" }, { "id": "B", "level": "low" }],
        "orders": [order("O-1", "anvil", "100", "2030-02-01"), order("O-2", "rocket", "50", "2030-03-01")],
        "links": [link("A", "O-1", "seller"), link("B", "O-1", "helper"), link("A", "O-1", "helper"), link("B", "O-2", "seller")],
    })
}

const ALL: &str = "each = \"order\"\nto = \"link.to\"\nwhere = 'link.sold.id == order.id'\nvalue = 'order.amount'";

#[test]
fn everybody_who_fits_is_credited_with_all_of_it() {
    let decision = decide(ALL, &three());
    let expected = [("A", "100"), ("B", "100"), ("A", "100"), ("B", "50")];
    assert_eq!(credits(&decision), expected.map(|(partner, value)| (json!(partner), json!(value))));
    let first = json!({ "rule": "c", "partner": "A", "order": "O-1", "value": "100", "facts": ["0"] });
    assert_eq!(decision["credits"][0], first);
}

#[test]
fn once_per_credits_somebody_once_for_each_of_something() {
    let decision = decide(&format!("{ALL}\nonce_per = \"to\""), &three());
    let expected = [("A", "100"), ("B", "100"), ("B", "50")];
    assert_eq!(credits(&decision), expected.map(|(partner, value)| (json!(partner), json!(value))));
    assert_eq!(decision["credits"][0]["facts"], json!(["0", "2"]));
}

#[test]
fn shares_are_equal_but_for_what_does_not_divide() {
    let split = format!("{ALL}\nonce_per = \"to\"\nshare = \"split\"");
    let mut facts = three();
    facts["orders"][0]["amount"] = json!("0.05");
    assert_eq!(credits(&decide(&split, &facts))[..2], [(json!("A"), json!("0.03")), (json!("B"), json!("0.02"))]);
    let pieces = split.replace("order.amount", "order.pieces");
    assert_eq!(credits(&decide(&pieces, &facts))[..2], [(json!("A"), json!(2)), (json!("B"), json!(1))]);
    // One alone has all of it.
    assert_eq!(credits(&decide(&split, &facts))[2], (json!("B"), json!("50")));
}

#[test]
fn rows_say_as_what_it_counts() {
    let rows = "rows = [ { item = \"anvil\", heading = \"iron\" }, { id = \"any\", amount = 60, heading = \"big\" }, { id = \"own\", when = 'ordered_on > as_of - days(days_back)', heading = \"late\" } ]\n[parameters]\ndays_back = { is = 100 }";
    let decision = decide(&format!("{ALL}\n{rows}"), &three());
    let told: Vec<_> = decision["credits"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|line| {
            format!(
                "{} {} {}",
                line["rule"].as_str().unwrap_or(""),
                line["partner"].as_str().unwrap_or(""),
                line["heading"].as_str().unwrap_or("")
            )
        })
        .collect();
    let anvils = ["A", "B", "A"].map(|partner| format!("c.anvil {partner} iron"));
    let big = ["A", "B", "A"].map(|partner| format!("c.any {partner} big"));
    assert_eq!(told, [anvils.to_vec(), big.to_vec()].concat());
    assert_eq!(decision["credits"][0]["item"], json!("anvil"));
}

#[test]
fn without_a_value_the_answer_is_who() {
    let rule = "to = \"link.to\"\nwhere = 'role == \"seller\" && link.to.level == \"high\"'\nonce_per = \"to\"";
    let decision = decide(rule, &three());
    assert_eq!(decision["credits"], json!([{ "rule": "c", "partner": "A", "facts": ["0"] }]));
}

#[test]
fn what_has_not_happened_yet_credits_nobody() {
    assert_eq!(credits(&decide_on(ALL, &three(), "2030-02-28")).len(), 3);
    let mut facts = three();
    facts["links"][0]["made_on"] = json!("2030-07-01");
    assert_eq!(credits(&decide(ALL, &facts)).len(), 3);
    let march = format!("{ALL}\neffective = {{ from = 2030-03-01, until = 2030-04-01 }}");
    assert_eq!(credits(&decide(&march, &three())), [(json!("B"), json!("50"))]);
}

#[test]
fn a_reference_names_its_record_though_nothing_more_is_known_of_it() {
    let mut facts = three();
    facts["resellers"] = json!([]);
    assert_eq!(credits(&decide(ALL, &facts))[0], (json!("A"), json!("100")));
    let high = format!("{}\nonce_per = \"to\"", ALL.replace("order.id'", "order.id && link.to.level == \"high\"'"));
    let decision = decide(&high, &facts);
    assert_eq!(credits(&decision)[0], (json!("A"), Value::Null));
    assert_eq!(decision["credits"][0]["state"], json!("undetermined"));
    assert_eq!(decision["undetermined"][0], json!({ "rule": "c.A", "missing": ["resellers.A"] }));
}

#[test]
fn what_is_not_known_of_one_leaves_the_others_alone_unless_they_share() {
    let mut facts = three();
    facts["links"][1] = json!({ "to": "B", "role": "helper", "made_on": "2030-01-01" });
    let full = decide(&format!("{ALL}\nonce_per = \"to\""), &facts);
    let expected = [(json!("A"), json!("100")), (json!("B"), Value::Null), (json!("B"), json!("50"))];
    assert_eq!(credits(&full), expected);
    assert_eq!(full["undetermined"], json!([{ "rule": "c.B", "missing": ["links.1.sold"] }]));
    let split = decide(&format!("{ALL}\nonce_per = \"to\"\nshare = \"split\""), &facts);
    let open = [(json!("A"), Value::Null), (json!("B"), Value::Null), (json!("B"), json!("50"))];
    assert_eq!(credits(&split), open);
}

#[test]
fn certain_records_stand_before_those_that_may_count() {
    let mut facts = three();
    facts["links"][0] = json!({ "to": "A", "role": "seller", "made_on": "2030-01-01" });
    let decision = decide(&format!("{ALL}\nonce_per = \"to\""), &facts);
    let first = json!({ "rule": "c", "partner": "A", "order": "O-1", "value": "100", "facts": ["2"] });
    assert_eq!(decision["credits"][0], first);
}

#[test]
fn somebody_who_is_not_known_is_credited_without_a_name() {
    let mut facts = three();
    facts["links"] = json!([{ "sold": "O-1", "role": "seller", "made_on": "2030-01-01" }]);
    let decision = decide(ALL, &facts);
    assert_eq!(credits(&decision), [(Value::Null, Value::Null)]);
    assert_eq!(decision["undetermined"], json!([{ "rule": "c", "missing": ["links.0.to"] }]));
}

#[test]
fn a_list_that_nobody_told_is_told_once() {
    let mut facts = three();
    facts.as_object_mut().expect("an object").remove("links");
    let decision = decide(ALL, &facts);
    assert_eq!(decision["credits"], Value::Null);
    assert_eq!(decision["undetermined"], json!([{ "rule": "c", "missing": ["links"] }]));
}

#[test]
fn bounds_of_a_value_are_credited_as_they_are() {
    let rule = format!("{}\n\n[[measures]]\nid = \"worth\"\neach = \"order\"\nsum = \"piece.price\"\n\n[facts.piece]\nin = \"order\"\nlist = \"parts\"\nprice = \"money\"\nsound = \"flag\"\n", ALL.replace("order.amount", "order.worth"))
        .replace("sum = \"piece.price\"", "sum = \"piece.price\"\nwhere = 'sound'");
    let mut facts = three();
    facts["orders"][0]["parts"] = json!([{ "price": 7, "sound": true }, { "price": 5 }]);
    facts["orders"][1]["parts"] = json!([]);
    let decision = decide(&rule, &facts);
    assert_eq!(credits(&decision)[0], (json!("A"), json!({ "at_least": "7", "at_most": "12" })));
    assert_eq!(decision["credits"][0]["state"], json!("undetermined"));
}

#[test]
fn too_many_pairs_are_refused() {
    let orders: Vec<Value> = (0..1_100).map(|n| order(&format!("O-{n}"), "anvil", "1", "2030-02-01")).collect();
    let links: Vec<Value> = (0..1_000).map(|_| link("A", "O-1", "seller")).collect();
    let facts = json!({ "resellers": [], "orders": orders, "links": links });
    let rules = format!("{FACTS}\n[[credits]]\nid = \"c\"\n{ALL}\n");
    let failure = acme::decided(&acme::plan(&rules), &facts.to_string(), "2030-06-30");
    let told = "a rule is repeated for more than 1000000 combinations of records and rows";
    assert_eq!(failure, Err(told.to_owned()));
}

const REQUIRES: &str = r#"
each     = "order"
subject  = 'order.id'
to       = "link.to"
where    = 'link.sold.id == order.id'
once_per = "to"
value    = 'order.amount'
  [[credits.requires]]
  id        = "duty"
  that      = 'role in counted_duties'
  otherwise = "Helpers are not credited."
  [[credits.requires]]
  id   = "level"
  that = 'link.to.level == "high"'
[parameters.counted_duties]
type = "set of duty"
is   = ["seller"]
"#;

#[test]
fn a_line_names_its_subject_and_who_is_not_credited_is_told_why() {
    let mut facts = three();
    facts["resellers"][1]["level"] = json!("high");
    facts["links"][3] = link("C", "O-2", "seller");
    facts["resellers"].as_array_mut().expect("a list").push(json!({ "id": "C", "level": "low" }));
    let decision = decide(REQUIRES, &facts);
    let line = json!({ "rule": "c", "subject": "O-1", "partner": "A", "order": "O-1", "value": "100", "facts": ["0"] });
    assert_eq!(decision["credits"], json!([line]));
    let duty = |role: &str, state: &str| json!({ "id": "duty", "have": role, "need": ["seller"], "state": state });
    let level = |state: &str| json!({ "id": "level", "state": state });
    let refused = |subject: &str, partner: &str, fact: &str, reasons: Value| json!({ "rule": "c", "subject": subject, "partner": partner, "order": subject, "reasons": reasons, "facts": [fact] });
    // A is credited as a seller, so that it is not refused as a helper.
    let expected = json!([
        refused("O-1", "B", "1", json!([duty("helper", "not_met"), level("met")])),
        refused("O-2", "C", "3", json!([duty("seller", "met"), level("not_met")])),
    ]);
    assert_eq!(decision["not_credited"], expected);
}

#[test]
fn what_is_not_known_of_a_requirement_leaves_the_credit_open() {
    let mut facts = three();
    facts["links"][1].as_object_mut().expect("a record").remove("role");
    let decision = decide(&REQUIRES.replace("level == \"high\"", "level in [\"high\", \"low\"]"), &facts);
    assert_eq!(decision["credits"][1]["partner"], "B");
    assert_eq!(decision["credits"][1]["state"], "undetermined");
    assert_eq!(decision["undetermined"], json!([{ "rule": "c.O-1.B", "missing": ["links.1.role"] }]));
    assert_eq!(decision["not_credited"], Value::Null);
}

#[test]
fn partners_share_for_each_subject_apart() {
    let rule = "to = \"link.to\"\nsubject = 'link.sold'\nonce_per = \"to\"\nshare = \"split\"\nvalue = 'pot'\n\
                [parameters]\npot = { is = \"10 USD\" }";
    let decision = decide(rule, &three());
    let told: Vec<_> = decision["credits"].as_array().into_iter().flatten().collect();
    let told: Vec<_> = told.iter().map(|line| [&line["subject"], &line["partner"], &line["value"]]).collect();
    assert_eq!(json!(told), json!([["O-1", "A", "5.00"], ["O-1", "B", "5.00"], ["O-2", "B", "10"]]));
    // Whose it is, is not known: then nobody's share is.
    let mut facts = three();
    facts["links"][3].as_object_mut().expect("a record").remove("sold");
    let decision = decide(rule, &facts);
    let told: Vec<_> = decision["credits"].as_array().into_iter().flatten().map(|line| &line["value"]).collect();
    assert_eq!(json!(told), json!([null, null, null]));
    assert_eq!(decision["credits"][2]["subject"], Value::Null);
}

#[test]
fn a_subject_is_something_that_has_a_name() {
    let load =
        acme::load(&format!("{FACTS}\n[[credits]]\nid = \"c\"\nto = \"link.to\"\nsubject = 'link.made_on'\n"), &[]);
    assert_eq!(briefly(&load), ["TL403 expected text, found a date"]);
}

#[test]
fn what_describes_under_the_name_of_a_choice_is_one_of_its_words() {
    let rules = |heading: &str| {
        let rows = format!("rows = [ {{ item = \"anvil\", heading = \"{heading}\" }} ]");
        format!("[choices.heading]\niron = \"Iron and steel\"\n{FACTS}\n[[credits]]\nid = \"c\"\n{ALL}\n{rows}\n")
            .replacen("[choices]", "[choices.goods]\nanvil = \"Anvil\"\nrocket = \"Rocket\"\n[choices]", 1)
            .replace("goods = [\"anvil\", \"rocket\"]\n", "")
    };
    assert_eq!(briefly(&acme::load(&rules("iron"), &[])), [""; 0]);
    assert_eq!(briefly(&acme::load(&rules("irn"), &[])), ["TL204 `irn` is no word of `heading`"]);
}

/// The code and message of everything that was found.
fn briefly(load: &tierline_engine::compile::Load) -> Vec<String> {
    let found = load.findings.sorted().into_iter();
    found.map(|finding| format!("{} {}", finding.code.id, finding.message)).collect()
}
