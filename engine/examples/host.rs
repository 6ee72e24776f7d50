//! A program that brings a plugin along: a typed function, a module with facts and an award, and a kind of
//! rule, all registered from Rust. `cargo run -p tierline-engine --example host` shows what comes of it.

use tierline_engine::compile::Program;
use tierline_engine::date;
use tierline_engine::evaluate::Question;
use tierline_engine::facts::{self, Arena};
use tierline_engine::load::{Folder, Library};
use tierline_engine::plugin::{Function, Host, ScriptValue, registered};

/// The plugin `referrals`.
#[derive(Debug)]
pub struct Referrals;

const PLUGIN: &str = r#"
[plugin]
id      = "referrals"
version = "1.0.0"
engine  = "0.1"
title   = "Referrals, and bonuses that level off"

# A function of the host: no file, because it is written in Rust.
[scripts.leveled]
takes   = { amount = "number", half = "number" }
returns = "number"

# A module: what is known of referrals, and what they earn.
[modules]
referral = "Referrals"

[facts.referral]
list        = "referrals"
happened    = "referred_on"
id          = "id"
referred_on = "date"
modules     = "set of module or partner.modules"

[[awards]]
id     = "referred"
module = "referral"
count  = "referral"
rows   = [{ id = "each", points = 40 }]

# A kind of rule: a bonus that grows with something, and levels off.
[kinds.bonuses]
takes = { grows_with = "number", half = "number" }

[[kinds.bonuses.measures]]
value = 'leveled(grows_with, half)'
"#;

impl Host for Referrals {
    fn text(&self) -> String {
        PLUGIN.to_owned()
    }

    fn functions(&self) -> Vec<Function> {
        let leveled = Function::new("leveled", 2, |values| match values {
            [ScriptValue::Number(amount), ScriptValue::Number(half)] => {
                let sum =
                    amount.checked_add(*half).filter(|sum| !sum.is_zero()).ok_or("there is nothing to divide by")?;
                let share = amount.checked_div(sum).ok_or("the amount is too large")?;
                Ok(ScriptValue::Number(share.round_dp(2)))
            }
            _ => Err("two numbers are wanted".to_owned()),
        });
        vec![leveled]
    }
}

/// A rulebook that uses the plugin as it would use one in a folder.
pub const RULES: &str = r#"
[rulebook]
program   = "acme"
version   = "1"
status    = "published"
effective = { from = 2030-01-01 }
title     = "Acme"
plugins   = ["referrals"]

[facts.partner]
id      = "id"
modules = "set of module"

[[bonuses]]
id         = "referral_bonus"
title      = "Bonus for referrals"
grows_with = "points"
half       = 200
"#;

/// What is decided for these facts.
///
/// # Errors
/// When the rules cannot be used, the facts do not fit them, or a function fails.
pub fn decide(facts: &[u8]) -> Result<String, Box<dyn std::error::Error>> {
    let rules = Folder::of("rules", [("acme/1.toml", RULES)]);
    let hosts = registered(&[&Referrals]);
    let load = Program::load(Library::from(&rules).with_hosts(&hosts), "acme");
    if let Some(finding) = load.findings.iter().next() {
        return Err(format!("{}: {}", load.sources.file(finding.span.file).path, finding.message).into());
    }
    let as_of = date::parse("2030-06-30").ok_or("a day")?;
    let plan = load.program.plan(None, as_of)?;
    let arena = Arena::new();
    let facts = facts::read(&plan.schema, facts, &arena)?;
    let question = Question::on(as_of);
    let decision = plan.decide(&facts, &question, &arena)?;
    Ok(String::from_utf8(decision.to_json())?)
}

/// Facts of one partner with two referrals.
pub const FACTS: &str = r#"{
    "partner": { "id": "P-1", "modules": ["referral"] },
    "referrals": [{ "id": "R-1", "referred_on": "2030-02-01" }, { "id": "R-2", "referred_on": "2030-03-01" }]
}"#;

#[cfg_attr(test, allow(dead_code))]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("{}", decide(FACTS.as_bytes())?);
    Ok(())
}
