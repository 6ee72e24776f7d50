//! How long a ruling holds, how it is extended and used, and how many there are at most.

use serde_json::{Value, json};
use std::sync::{Arc, LazyLock};
use tierline_engine::compile::Plan;
use tierline_tests::acme;

/// Registrations of 80 days, extended twice by 180, of which two are granted to a customer.
const RULES: &str = r#"
[parameters]
most_requests = { is = 2 }

[[rulings]]
id       = "registration"
each     = "deal"
starts   = "approved_on"
lasts    = "80 days"
extended = { by = "request.on", lasts = "180 days", at_most = "most_requests" }
used     = "ordered_on"

  [[rulings.requires]]
  id   = "good"
  that = 'good'

[facts.deal]
list        = "deals"
id          = "id"
good        = "flag or true"
approved_on = "date or none"
ordered_on  = "date or none"

[facts.request]
in     = "deal"
list   = "requests"
absent = "none"
on     = "date"
"#;

static PLAN: LazyLock<Arc<Plan>> = LazyLock::new(|| acme::plan(RULES));

fn on(day: &str, changes: Value) -> Value {
    let mut deal = json!({ "id": "D-1", "approved_on": "2030-08-01" });
    for (key, value) in changes.as_object().expect("changes") {
        deal[key] = value.clone();
    }
    acme::decided(&PLAN, &json!({ "deals": [deal] }).to_string(), day).expect("a decision")
}

/// The status and the last day, or what stands in their places.
fn stands(day: &str, changes: Value) -> (String, String) {
    let decision = on(day, changes);
    let ruling = &decision["rulings"]["registration"][0];
    let word = |value: Option<&Value>| match value {
        None => "nothing".to_owned(),
        Some(value) => value.as_str().map_or_else(|| value.to_string(), str::to_owned),
    };
    (word(ruling.get("status")), word(ruling.get("valid_until")))
}

fn is(status: &str, until: &str) -> (String, String) {
    (status.to_owned(), until.to_owned())
}

#[test]
fn it_is_pending_then_active_through_its_last_day_then_expired() {
    assert_eq!(stands("2030-07-31", json!({})), is("pending", "2030-10-20"));
    assert_eq!(stands("2030-08-01", json!({})), is("active", "2030-10-20"));
    assert_eq!(stands("2030-10-20", json!({})), is("active", "2030-10-20"));
    assert_eq!(stands("2030-10-21", json!({})), is("expired", "2030-10-20"));
    assert_eq!(stands("2030-08-01", json!({ "approved_on": null })), is("pending", "nothing"));
    // What is refused is neither.
    assert_eq!(stands("2030-08-01", json!({ "good": false })), is("nothing", "nothing"));
}

#[test]
fn it_is_used_when_it_was_while_it_held() {
    assert_eq!(stands("2030-10-20", json!({ "ordered_on": "2030-10-20" })), is("used", "2030-10-20"));
    assert_eq!(stands("2031-10-20", json!({ "ordered_on": "2030-10-20" })), is("used", "2030-10-20"));
    assert_eq!(stands("2030-10-19", json!({ "ordered_on": "2030-10-20" })), is("active", "2030-10-20"));
    assert_eq!(stands("2031-10-20", json!({ "ordered_on": "2030-10-21" })), is("expired", "2030-10-20"));
    assert_eq!(stands("2030-08-02", json!({ "ordered_on": "2030-07-31" })), is("active", "2030-10-20"));
}

fn requests(days: &[&str]) -> Value {
    json!({ "requests": days.iter().map(|day| json!({ "on": day })).collect::<Vec<_>>() })
}

#[test]
fn a_request_on_the_last_day_extends_and_one_on_the_day_after_does_not() {
    assert_eq!(stands("2031-01-01", requests(&["2030-10-20"])), is("active", "2031-04-18"));
    assert_eq!(stands("2031-01-01", requests(&["2030-10-21"])), is("expired", "2030-10-20"));
    // The second adds to the end that the first gave; the order in which they were sent is nothing.
    assert_eq!(stands("2031-10-15", requests(&["2031-04-18", "2030-08-02"])), is("active", "2031-10-15"));
    assert_eq!(stands("2031-10-16", requests(&["2031-04-18", "2030-08-02"])), is("expired", "2031-10-15"));
    // A request that has not been made yet is none.
    assert_eq!(stands("2030-10-19", requests(&["2030-10-20"])), is("active", "2030-10-20"));
    assert_eq!(stands("2030-10-20", requests(&["2030-07-31"])), is("active", "2030-10-20"));
}

#[test]
fn a_third_request_does_not_count() {
    let decision = on("2031-10-01", requests(&["2030-10-01", "2031-04-01", "2031-09-01"]));
    let ruling = &decision["rulings"]["registration"][0];
    assert_eq!(ruling["valid_until"], "2031-10-15");
    assert_eq!(
        ruling["extensions"],
        json!([
            { "id": "0", "on": "2030-10-01", "state": "counted" },
            { "id": "1", "on": "2031-04-01", "state": "counted" },
            { "id": "2", "on": "2031-09-01", "state": "not_counted" },
        ])
    );
}

#[test]
fn what_is_not_known_of_requests_leaves_open_only_what_it_could_change() {
    let unknown = json!({ "requests": [{}] });
    assert_eq!(stands("2030-10-20", unknown.clone()), is("active", "null"));
    assert_eq!(stands("2031-01-01", unknown.clone()), is("null", "null"));
    assert_eq!(stands("2031-04-19", unknown.clone()), is("expired", "null"));
    let decision = on("2031-01-01", unknown);
    assert_eq!(
        decision["undetermined"],
        json!([{ "rule": "registration.D-1", "missing": ["deals.D-1.requests.0.on"] }])
    );
    // Two that certainly count leave nothing for a third.
    let three = json!({ "requests": [{ "on": "2030-08-02" }, { "on": "2030-08-03" }, {}] });
    assert_eq!(stands("2030-10-20", three), is("active", "2031-10-15"));
}

#[test]
fn the_end_and_the_last_day_to_extend_are_deadlines() {
    let deadlines = |day: &str, changes: Value| on(day, changes)["deadlines"].clone();
    let status = json!([{ "rule": "registration.status", "from": "active", "to": "expired" }]);
    assert_eq!(
        deadlines("2030-09-01", json!({})),
        json!([
            { "on": "2030-10-20", "rule": "registration", "subject": "D-1", "effect": "last day to extend" },
            { "on": "2030-10-21", "rule": "registration", "subject": "D-1",
              "effect": "expires; registration.status goes from active to expired", "changes": status },
        ])
    );
    let extended = deadlines("2031-04-10", requests(&["2030-10-01", "2031-04-01"]));
    let told = "expires; registration.status goes from active to expired";
    assert_eq!(
        extended,
        json!([{ "on": "2031-10-16", "rule": "registration", "subject": "D-1", "effect": told, "changes": status }])
    );
    assert_eq!(deadlines("2030-09-01", json!({ "ordered_on": "2030-08-15" })), json!(null));
}

/// Requests for a renewal, between 180 and 30 days before it; one not sent yet is judged as if it were today.
const WINDOW: &str = r#"
[parameters]
earliest = { is = 180, unit = "days" }
latest   = { is = 30, unit = "days" }

[[measures]]
id    = "days_before"
each  = "renewal"
value = 'days_between(asked_on ?? as_of, renews_on)'

[[rulings]]
id   = "renewal_bonus"
each = "renewal"

  [[rulings.requires]]
  id   = "window"
  that = 'days_before >= latest && days_before <= earliest'

[facts.renewal]
list      = "renewals"
id        = "id"
asked_on  = "date or none"
renews_on = "date"
"#;

#[test]
fn a_window_that_opens_and_closes_is_a_deadline() {
    let plan = acme::plan(WINDOW);
    let decide = |day: &str, renewal: Value| {
        acme::decided(&plan, &json!({ "renewals": [renewal] }).to_string(), day).expect("a decision")
    };
    let open = json!({ "id": "N-1", "renews_on": "2031-06-30" });
    let outcome =
        |decision: &Value| decision["rulings"]["renewal_bonus"][0]["outcome"].as_str().unwrap_or("").to_owned();
    for (day, expected) in
        [("2030-12-31", "refused"), ("2031-01-01", "granted"), ("2031-05-31", "granted"), ("2031-06-01", "refused")]
    {
        assert_eq!(outcome(&decide(day, open.clone())), expected, "{day}");
        let asked = json!({ "id": "N-1", "renews_on": "2031-06-30", "asked_on": day });
        assert_eq!(outcome(&decide("2031-12-31", asked)), expected, "asked on {day}");
    }
    let told = |decision: &Value| {
        let deadlines = decision["deadlines"].as_array().cloned().unwrap_or_default();
        let word = |value: &Value| value.as_str().unwrap_or("").to_owned();
        deadlines.iter().map(|deadline| (word(&deadline["on"]), word(&deadline["effect"]))).collect::<Vec<_>>()
    };
    let opens = ("2031-01-01".to_owned(), "opens; renewal_bonus.outcome goes from refused to granted".to_owned());
    let closes = ("2031-06-01".to_owned(), "closes; renewal_bonus.outcome goes from granted to refused".to_owned());
    assert_eq!(told(&decide("2030-10-01", open.clone())), [opens, closes.clone()]);
    assert_eq!(told(&decide("2031-03-01", open)), [closes]);
    let asked = json!({ "id": "N-1", "renews_on": "2031-06-30", "asked_on": "2031-03-01" });
    assert_eq!(told(&decide("2031-03-01", asked)), []);
}

#[test]
fn what_is_told_of_today_hides_no_deadline_and_is_of_the_day_asked_about() {
    let plan = acme::plan(
        r#"
[parameters]
earliest = { is = "180 days" }
latest   = { is = "30 days" }

[[measures]]
id    = "asked"
each  = "renewal"
value = 'asked_on ?? as_of'

[[rulings]]
id       = "renewal_bonus"
each     = "renewal"
dated_by = 'asked_on ?? as_of'

  [[rulings.requires]]
  id   = "not_too_early"
  that = 'asked >= renews_on - earliest'

  [[rulings.requires]]
  id   = "not_too_late"
  that = 'asked <= renews_on - latest'

[facts.renewal]
list      = "renewals"
id        = "id"
asked_on  = "date or none"
renews_on = "date"
"#,
    );
    let facts = json!({ "renewals": [{ "id": "N-1", "renews_on": "2031-06-30" }] }).to_string();
    let decide = |day: &str| acme::decided(&plan, &facts, day).expect("a decision");
    let told = |decision: &Value| -> Vec<(String, String)> {
        let deadlines = decision["deadlines"].as_array().expect("deadlines").iter();
        let word = |value: &Value| value.as_str().expect("a word").to_owned();
        deadlines.map(|deadline| (word(&deadline["on"]), word(&deadline["effect"]))).collect()
    };
    let opens = ("2031-01-01".to_owned(), "opens; renewal_bonus.outcome goes from refused to granted".to_owned());
    let closes = ("2031-06-01".to_owned(), "closes; renewal_bonus.outcome goes from granted to refused".to_owned());
    assert_eq!(told(&decide("2030-10-01")), [opens, closes.clone()]);
    assert_eq!(told(&decide("2031-03-01")), [closes]);
    for day in ["2030-10-01", "2031-03-01", "2031-06-02"] {
        let reasons = &decide(day)["rulings"]["renewal_bonus"][0]["reasons"];
        assert_eq!((&reasons[0]["have"], &reasons[0]["need"]), (&json!(day), &json!("2031-01-01")));
        assert_eq!((&reasons[1]["have"], &reasons[1]["need"]), (&json!(day), &json!("2031-05-31")));
    }
}

fn limited(within: &str, at_most: &str) -> Arc<Plan> {
    acme::plan(&format!(
        r#"
[cycle]
starts = "01-01"

[parameters]
cap = {{ is = {at_most} }}

[[rulings]]
id    = "bonus"
each  = "claim"
limit = {{ at_most = "cap", per = "customer", within = {within} }}

  [[rulings.requires]]
  id   = "good"
  that = 'good'

  [[rulings.requires]]
  id   = "large"
  when = 'large'
  asks = "Finance"

[facts.claim]
list     = "claims"
happened = "on"
id       = "id"
customer = "text"
on       = "date"
good     = "flag"
large    = "flag or false"
"#
    ))
}

fn claim(id: &str, customer: &str, on: &str, good: bool) -> Value {
    json!({ "id": id, "customer": customer, "on": on, "good": good })
}

fn outcomes(plan: &Plan, claims: &[Value]) -> Vec<String> {
    let decision = acme::decided(plan, &json!({ "claims": claims }).to_string(), "2035-01-01").expect("a decision");
    let rulings = decision["rulings"]["bonus"].as_array().cloned().unwrap_or_default();
    rulings.iter().map(|ruling| ruling["outcome"].as_str().unwrap_or("").to_owned()).collect()
}

#[test]
fn the_first_ones_by_date_are_granted_and_the_rest_is_refused() {
    let plan = limited("\"ever\"", "2");
    let claims = [
        claim("C-1", "x", "2030-05-01", true),
        claim("C-2", "x", "2030-03-01", true),
        claim("C-3", "y", "2030-05-01", true),
        claim("C-4", "x", "2030-02-01", false),
        claim("C-5", "x", "2030-04-01", true),
        claim("C-6", "x", "2030-04-01", true),
    ];
    assert_eq!(outcomes(&plan, &claims), ["refused", "granted", "granted", "refused", "granted", "refused"]);
    let decision = acme::decided(&plan, &json!({ "claims": claims }).to_string(), "2035-01-01").expect("a decision");
    let reason = &decision["rulings"]["bonus"][0]["reasons"][1];
    assert_eq!(*reason, json!({ "id": "limit", "state": "not_met", "have": 2, "need": 2 }));
}

#[test]
fn a_limit_counts_within_its_time() {
    let claims = [
        claim("C-1", "x", "2030-12-31", true),
        claim("C-2", "x", "2031-01-01", true),
        claim("C-3", "x", "2031-12-31", true),
    ];
    assert_eq!(outcomes(&limited("\"cycle\"", "1"), &claims), ["granted", "granted", "refused"]);
    assert_eq!(outcomes(&limited("\"1 year\"", "1"), &claims), ["granted", "refused", "granted"]);
    assert_eq!(outcomes(&limited("\"ever\"", "1"), &claims), ["granted", "refused", "refused"]);
}

#[test]
fn what_may_have_come_before_leaves_the_limit_open_only_where_it_matters() {
    let plan = limited("\"ever\"", "1");
    let mut unknown = claim("C-1", "x", "2030-01-01", true);
    unknown.as_object_mut().expect("a claim").remove("good");
    let later = claim("C-2", "x", "2030-02-01", true);
    assert_eq!(outcomes(&plan, &[unknown.clone(), later.clone()]), ["undetermined", "undetermined"]);
    let first = claim("C-0", "x", "2029-01-01", true);
    assert_eq!(outcomes(&plan, &[unknown, later.clone(), first]), ["refused", "refused", "granted"]);
    let mut undated = claim("C-1", "x", "2030-01-01", true);
    undated.as_object_mut().expect("a claim").remove("on");
    assert_eq!(outcomes(&plan, &[undated.clone(), later.clone()]), ["undetermined", "undetermined"]);
    undated["customer"] = json!("y");
    assert_eq!(outcomes(&plan, &[undated, later.clone()]), ["granted", "granted"]);
    let mut asked = claim("C-1", "x", "2030-01-01", true);
    asked["large"] = json!(true);
    assert_eq!(outcomes(&plan, &[asked, later]), ["needs_approval", "undetermined"]);
    let two = [claim("C-1", "x", "2030-01-01", true), claim("C-2", "x", "2030-02-01", true)];
    assert_eq!(outcomes(&limited("\"ever\"", "\"unspecified\""), &two), ["undetermined", "undetermined"]);
}
