//! Rulebooks that differ in all that makes levels and measures change over time, and partners for them.

use chrono::{Datelike, Days};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use tierline_engine::date::Date;

/// The measures and the facts of all rulebooks here.
const RULES: &str = r#"
[facts.partner]
id         = "id"
agreed     = "flag"
brought    = "tier"
fixed      = "tier"
fixed_on   = "date"
held_from  = "date"
held_until = "date"
check_on   = "date"
check_until = "date"

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
booked_on = "date"
amount    = "number"

[parameters]
grace = { is = "30 days" }
block = { is = 10 }
pair  = { is = 2 }

[[measures]]
id    = "counts_through"
each  = "credential"
value = 'min(awarded_on + validity, person.left_on + grace)'

[[measures]]
id    = "paired"
value = 'engineers >= pair'

[[measures]]
id    = "ever_paired"
value = 'any_day(partner.check_on, partner.check_until, paired)'

[[measures]]
id    = "always_paired"
value = 'every_day(partner.check_on, partner.check_until, paired)'

[[measures]]
id    = "check_engineers"
value = 'at(partner.check_on, engineers)'

[[measures]]
id    = "check_volume"
value = 'at(partner.check_on, volume)'

[[measures]]
id    = "check_points"
value = 'at(partner.check_on, points)'

[[measures]]
id    = "check_tier"
value = 'at(partner.check_on, tier)'

[[measures]]
id     = "largest"
max    = "sale.amount"
within = "cycle"

[[awards]]
id   = "sales"
sum  = "sale.amount"
per  = "block"
rows = [ { id = "any", points = 10 } ]

[[standings]]
id      = "held"
when    = 'partner.held_from <= as_of && as_of < partner.held_until'
awards  = "frozen"
ladders = "none"
"#;

const LEVEL_ROWS: &str = r#"
rows = [
  { id = "silver", engineers = 1 },
  { id = "gold", engineers = 1, points = 100 },
  { id = "gold", via = "volume", volume = 150 },
  { id = "gold", via = "team", engineers = 3 },
  { id = "top", engineers = 2, points = 200 },
]
"#;

/// The levels, lowest first.
pub const LEVELS: [&str; 4] = ["none", "silver", "gold", "top"];

/// When levels move.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Moves {
    Immediately,
    AtCycleEnd,
    AtCycleStart,
    Quarterly,
    Monthly,
    OnDays,
}

impl Moves {
    fn written(self) -> &'static str {
        match self {
            Moves::Immediately => r#""immediately""#,
            Moves::AtCycleEnd => r#""at_cycle_end""#,
            Moves::AtCycleStart => r#""at_cycle_start""#,
            Moves::Quarterly => r#""quarterly""#,
            Moves::Monthly => r#""monthly""#,
            Moves::OnDays => r#"["03-15", "09-01"]"#,
        }
    }

    /// Whether levels move on a day of a cycle that starts on `start`.
    pub fn on(self, day: Date, start: Date) -> bool {
        match self {
            Moves::Immediately => true,
            Moves::AtCycleEnd => false,
            Moves::AtCycleStart => day == start,
            Moves::Quarterly => day.day() == 1 && [1, 4, 7, 10].contains(&day.month()),
            Moves::Monthly => day.day() == 1,
            Moves::OnDays => [(3, 15), (9, 1)].contains(&(day.month(), day.day())),
        }
    }
}

/// Rules that differ in all that makes levels move.
#[derive(Clone, Debug)]
pub struct Shape {
    pub up: Moves,
    pub down: Moves,
    /// The day of the year on which cycles start.
    pub starts: (u32, u32),
    /// The first day of a first, short cycle.
    pub first: Option<Date>,
    pub carried: Option<&'static str>,
    pub one_level: bool,
    pub builds_up: bool,
    pub once_per: bool,
    pub window: &'static str,
    pub validity: u32,
    /// Another validity, from this day on.
    pub changes: Option<(Date, u32)>,
    /// For these days gold asks for fewer points.
    pub exception: Option<(Date, Date)>,
    /// Every level asks for the agreement from this day on.
    pub requires_from: Option<Date>,
}

impl Shape {
    /// The rulebook without its head.
    pub fn rules(&self) -> String {
        let (month, day) = self.starts;
        let first = self.first.map_or(String::new(), |first| format!("first = {first}"));
        let mut rules = format!("[cycle]\nstarts = \"{month:02}-{day:02}\"\n{first}\n{RULES}");
        let mut add = |text: String| rules.push_str(&text);

        add(format!("\n[parameters.validity]\nis = \"{} days\"\n", self.validity));
        if let Some((from, days)) = self.changes {
            add(format!("changes = [ {{ from = {from}, is = \"{days} days\" }} ]\n"));
        }
        add(format!("\n[[measures]]\nid = \"volume\"\nsum = \"sale.amount\"\nwithin = \"{}\"\n", self.window));
        add("\n[[measures]]\nid = \"engineers\"\ncount = \"credential\"\nwhere = 'as_of <= counts_through'\n".into());
        if self.once_per {
            add("once_per = \"person\"\n".into());
        }
        if let Some(carried) = self.carried {
            add(format!("\n[[measures]]\nid = \"brought_along\"\nvalue = '{carried}'\n"));
        }
        if let Some((from, until)) = self.exception {
            add(format!("\n[[exceptions]]\nid = \"eased\"\nwho = 'partner.agreed'\nfrom = {from}\nuntil = {until}\n"));
            add("set = { \"ladders.tier.gold.points\" = 40, \"parameters.grace\" = \"200 days\" }\n".into());
        }
        let falls = if self.one_level { "one_level" } else { "to_earned" };
        add(format!("\n[[ladders]]\nid = \"tier\"\nbuilds_up = {}\nfalls = \"{falls}\"\n", self.builds_up));
        add(format!("up = {}\ndown = {}\n", self.up.written(), self.down.written()));
        if let Some(carried) = self.carried {
            add(format!("carried = '{carried}'\n"));
        }
        add(LEVEL_ROWS.into());
        if let Some(from) = self.requires_from {
            add("\n[[ladders.requires]]\nid = \"agreement\"\nthat = 'partner.agreed'\n".into());
            add(format!("effective = {{ from = {from} }}\n"));
        }
        rules
    }

    /// The cycle of a day, half-open.
    pub fn cycle(&self, day: Date) -> (Date, Date) {
        let (month, of_month) = self.starts;
        let in_year = |year| Date::from_ymd_opt(year, month, of_month).expect("a calendar day");
        let year = if day < in_year(day.year()) { day.year() - 1 } else { day.year() };
        let (start, end) = (in_year(year), in_year(year + 1));
        match self.first {
            Some(first) if start < first && first < end && day < first => (start, first),
            Some(first) if start < first && first < end => (first, end),
            _ => (start, end),
        }
    }
}

/// A day, so many days after 1 January 2030.
pub fn date(days: i64) -> Date {
    let first = Date::from_ymd_opt(2030, 1, 1).expect("a calendar day");
    first + chrono::Duration::days(days)
}

fn moves() -> impl Strategy<Value = Moves> {
    use Moves::*;
    select(vec![Immediately, AtCycleEnd, AtCycleStart, Quarterly, Monthly, OnDays])
}

/// Any rules.
pub fn shape() -> impl Strategy<Value = Shape> {
    let carried = select(vec![
        None,
        Some("partner.brought"),
        Some("if as_of < partner.fixed_on { partner.brought } else { partner.fixed }"),
    ]);
    let cycle = (select(vec![(1, 1), (4, 1), (10, 15)]), prop::option::weighted(0.3, (-30..200i64).prop_map(date)));
    let window = select(vec!["cycle", "ever", "90 days", "previous cycle"]);
    let flags = (any::<bool>(), prop::bool::weighted(0.3), any::<bool>());
    let validity = (30..500u32, prop::option::weighted(0.3, ((0..700i64).prop_map(date), 30..500u32)));
    let exception = prop::option::weighted(0.3, (0..600i64, 1..300i64).prop_map(|(a, b)| (date(a), date(a + b))));
    let requires_from = prop::option::weighted(0.3, (-100..600i64).prop_map(date));
    ((moves(), moves(), carried, cycle), flags, window, validity, exception, requires_from).prop_map(
        |((up, down, carried, (starts, first)), flags, window, (validity, changes), exception, requires_from)| {
            let (one_level, builds_up, once_per) = flags;
            Shape {
                up,
                down,
                starts,
                first,
                carried,
                one_level,
                builds_up,
                once_per,
                window,
                validity,
                changes,
                exception,
                requires_from,
            }
        },
    )
}

/// A partner; `latest` is the last day on which anything of its facts may have happened.
pub fn facts(latest: i64) -> impl Strategy<Value = Value> {
    let happened = move || (-300..=latest).prop_map(date);
    let ahead = || (-300..900i64).prop_map(date);
    let names = || select(LEVELS.to_vec());
    let partner = (any::<bool>(), names(), names(), ahead(), (ahead(), 0..60u64), (ahead(), 0..40u64));
    let partner = partner.prop_map(|(agreed, brought, fixed, fixed_on, held, check)| {
        let days = |(from, days): (Date, u64)| [from.to_string(), (from + Days::new(days)).to_string()];
        let ([held_from, held_until], [check_on, check_until]) = (days(held), days(check));
        json!({ "id": "P", "agreed": agreed, "brought": brought, "fixed": fixed, "fixed_on": fixed_on.to_string(),
            "held_from": held_from, "held_until": held_until, "check_on": check_on, "check_until": check_until })
    });
    let people = prop::collection::vec(prop::option::weighted(0.3, happened()), 3);
    let credentials = prop::collection::vec((0..3usize, happened()), 0..5);
    let sales = prop::collection::vec((-60..120i32, happened()), 0..7);
    (partner, people, credentials, sales).prop_map(|(partner, people, credentials, sales)| {
        let people = people
            .iter()
            .enumerate()
            .map(|(n, left_on)| json!({ "id": format!("H-{n}"), "left_on": left_on.map(|day| day.to_string()) }));
        let credentials = credentials.iter().enumerate().map(|(n, (person, on))| {
            json!({ "id": format!("C-{n}"), "person": format!("H-{person}"), "awarded_on": on.to_string() })
        });
        let sales = sales
            .iter()
            .enumerate()
            .map(|(n, (amount, on))| json!({ "id": format!("S-{n}"), "amount": amount, "booked_on": on.to_string() }));
        json!({ "partner": partner, "people": people.collect::<Vec<_>>(),
            "credentials": credentials.collect::<Vec<_>>(), "sales": sales.collect::<Vec<_>>() })
    })
}
