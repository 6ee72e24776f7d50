//! Levels of which only bounds are known, and what is certain all the same.

use serde_json::{Value, json};
use tierline_tests::acme;

const RULES: &str = r#"
[[ladders]]
id   = "tier"
rows = [
  { id = "silver", engineers = 1 },
  { id = "gold", engineers = 2, score = 10 },
  { id = "top", engineers = 9 },
]

[parameters]
middle = { is = "gold", type = "tier" }

[[measures]]
id    = "at_least_silver"
value = 'tier >= "silver"'

[[measures]]
id    = "above_middle"
value = 'middle < tier.earned'

[[measures]]
id    = "at_least_gold"
value = 'tier.earned >= "gold"'

[[measures]]
id    = "is_top"
value = 'tier == "top"'

[[measures]]
id    = "is_no_gold"
value = '"gold" != tier'

[benefits]
rows = [ { id = "logo", tier = "silver" }, { id = "fund", tier = "gold" }, { id = "jet", tier = "top" } ]

[facts.partner]
id        = "id"
engineers = "count"
score     = "count"
"#;

#[test]
fn what_holds_for_every_level_that_may_be_is_certain() {
    let plan = acme::plan(RULES);
    let decided = |partner: Value| {
        acme::decided(&plan, &json!({ "partner": partner }).to_string(), "2031-01-01").expect("a decision")
    };
    let open = decided(json!({ "id": "P", "engineers": 2 }));
    assert_eq!(open["ladders"]["tier"]["in_force"], Value::Null);
    assert_eq!(
        open["measures"],
        json!({ "at_least_silver": true, "above_middle": false, "at_least_gold": null, "is_top": false, "is_no_gold": null })
    );
    let states: Vec<Value> =
        open["benefits"].as_array().expect("benefits").iter().map(|b| b["state"].clone()).collect();
    assert_eq!(states, ["met", "undetermined", "not_met"]);

    let known = decided(json!({ "id": "P", "engineers": 2, "score": 10 }));
    assert_eq!(
        known["measures"],
        json!({ "at_least_silver": true, "above_middle": false, "at_least_gold": true, "is_top": false, "is_no_gold": false })
    );
}
