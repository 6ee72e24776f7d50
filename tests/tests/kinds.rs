//! Kinds of rule: the values that a kind has by itself, and the records that its rules are about.

use tierline_engine::compile::Load;
use tierline_tests::acme::{self, briefly};

const REBATES: &str = r#"
[plugin]
id      = "rebates"
version = "1.0.0"
engine  = "0.1"
title   = "Rebates on records"

[kinds.rebates]
title = "A share of what every record of some kind is worth"
takes = { over = "record", worth = "money", rate = { type = "percent", is = "5 %" }, most = { type = "money", is = "no limit" } }

[[kinds.rebates.measures]]
id    = "share"
each  = "over"
value = 'worth * rate'

[[kinds.rebates.measures]]
id  = "whole"
sum = "over.share"

[[kinds.rebates.measures]]
value = 'min(whole, most)'
"#;

const SALES: &str = r#"
[facts.partner]
id = "id"

[facts.sale]
list   = "sales"
id     = "id"
amount = "money"

[facts.service]
list  = "services"
id    = "id"
price = "money"

[[rebates]]
id    = "sold"
over  = "sale"
worth = "sale.amount"

[[rebates]]
id    = "served"
over  = "service"
worth = "service.price"
rate  = "10 %"
most  = "15 USD"
"#;

/// Loads these rules with the kind in a plugin that they list.
fn with_kind(rules: &str, kind: &str) -> Load {
    let rules = format!("{rules}{}plugins = [\"rebates\"]\n", acme::HEAD);
    acme::load_files(&[("acme/1.toml", &rules)], &[("rebates/plugin.toml", kind)])
}

fn rebates(rules: &str) -> Load {
    with_kind(rules, REBATES)
}

#[test]
fn a_rule_of_a_kind_says_which_records_it_is_about_and_may_leave_out_what_the_kind_has() {
    let load = rebates(SALES);
    assert_eq!(acme::told(&load), "");
    let plan = load.program.versions[0].plan.clone().expect("a plan");
    let facts = r#"{"partner":{"id":"P"},"sales":[{"id":"S-1","amount":100},{"id":"S-2","amount":300}],
        "services":[{"id":"V-1","price":120},{"id":"V-2","price":80}]}"#;
    let measures = acme::decided(&plan, facts, "2030-06-30").expect("a decision")["measures"].clone();
    let told = |name: &str| measures[name].as_str().expect("an amount").to_owned();
    assert_eq!([told("sold_whole"), told("sold")], ["20", "20"]);
    assert_eq!([told("served_whole"), told("served")], ["20", "15"]);
}

#[test]
fn a_record_that_is_none_and_a_value_that_the_kind_has_not_are_told_of_the_rule() {
    let misspelt = SALES.replace("over  = \"sale\"", "over  = \"sales\"");
    assert_eq!(briefly(&rebates(&misspelt)), ["TL301 `sales` is no record among the facts"]);
    let number = SALES.replace("over  = \"sale\"", "over  = 3");
    assert_eq!(briefly(&rebates(&number)), ["TL203 expected the name of a record, found a number"]);
    let without = SALES.replace("over  = \"sale\"\n", "");
    assert_eq!(briefly(&rebates(&without)), ["TL202 `over` is missing"]);
    let wrong = SALES.replace("10 %", "10 USD");
    assert_eq!(briefly(&rebates(&wrong)), ["TL203 expected a percentage, found `10 USD`"]);
}

#[test]
fn what_a_kind_has_by_itself_is_checked_as_a_value_that_a_rule_gives() {
    let kind = REBATES.replace("is = \"5 %\"", "is = \"5 USD\"");
    let load = with_kind(SALES, &kind);
    assert_eq!(briefly(&load), ["TL203 expected a percentage, found `5 USD`"]);
    let kind = REBATES.replace("type = \"percent\", is", "typ = \"percent\", is");
    let load = with_kind(SALES, &kind);
    assert_eq!(briefly(&load), ["TL203 expected text, found a table", "TL201 `typ` means nothing here"]);
}
