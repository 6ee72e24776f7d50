//! The rules: measures, awards, ladders, benefits, and the scripts that they may call.

use super::piece::{Day, Entries, Formula, Name, Names, Phrase, Raw, Source};
use super::row::Rows;
use super::shape::shape;

shape! {
    /// A typed value computed from facts. Exactly one of `value`, `count`, `sum`, `min`, `max`, `median`,
    /// `latest`, `any`, `all`, `collect` and `rank` says how.
    pub struct Measure {
        /// The name by which rules read it; with `rows`, each row has its own.
        pub id: Name,
        /// What people call it.
        pub title: Option<Phrase>,
        /// A value for every one of these: a record, a table, a choice.
        pub each: Names,
        /// An expression.
        pub value: Option<Formula>,
        /// How many of these records.
        pub count: Option<Name>,
        /// The sum of this field or measure of a record, such as `sale.amount`.
        pub sum: Option<Formula>,
        /// The least value of this field or measure.
        pub min: Option<Formula>,
        /// The greatest value of this field or measure.
        pub max: Option<Formula>,
        /// The middle value of this field or measure; the mean of the two middle ones for an even number.
        pub median: Option<Formula>,
        /// The value of the record that happened last.
        pub latest: Option<Formula>,
        /// Whether this flag holds for any record.
        pub any: Option<Formula>,
        /// Whether this flag holds for all records.
        pub all: Option<Formula>,
        /// The set of the values of this field or measure.
        pub collect: Option<Formula>,
        /// The place of the partner among all of them by this number, the greatest first.
        pub rank: Option<Formula>,
        /// Only partners that share this, such as `partner.region`, are ranked together.
        pub among: Option<Formula>,
        /// With `count` or `sum`: for every record, the total up to and with it, by date, then by the order of the list.
        pub running: Option<bool>,
        /// Only records for which this holds.
        pub r#where: Option<Formula>,
        /// Only records of this time: `"cycle"`, `"previous cycle"`, `"ever"` (default), a duration, `{ from, until }`.
        pub within: Option<Raw>,
        /// Records that share these count once.
        pub once_per: Names,
        /// The date of the record to go by, when not its own.
        pub happened: Option<Formula>,
        /// One measure for each row.
        pub rows: Rows,
        /// The value over no records (default: 0 for counts and sums, none otherwise).
        pub empty: Option<Raw>,
        /// The type, where the computation alone does not tell it (a ratio as `percent`).
        pub r#type: Option<Name>,
        /// The days on which the rule holds, inside the rulebook's own.
        pub effective: Option<Period>,
        /// Where it comes from.
        pub source: Option<Source>,
        /// For the next reader.
        pub note: Option<Name>,
    }

    /// Points earned: per event, or per block of an amount.
    pub struct Award {
        /// The name of the rule.
        pub id: Name,
        /// What people call it.
        pub title: Option<Phrase>,
        /// The module in which it earns; a record earns in one module only.
        pub module: Option<Name>,
        /// The heading under which its points are added up; a word, or a parameter.
        pub category: Option<Name>,
        /// A record of this kind earns.
        pub count: Option<Name>,
        /// This amount earns, such as `sale.amount`.
        pub sum: Option<Formula>,
        /// The block of an amount that earns the points: a parameter or a quantity (default 1).
        pub per: Option<Raw>,
        /// What happens to a part of a block: `floor` (default), `ceil`, `prorate`, or a parameter.
        pub rounding: Option<Raw>,
        /// What is divided into blocks: the `cycle`'s whole amount for each row (default), or each `record`.
        pub over: Option<Raw>,
        /// Only records for which this holds.
        pub r#where: Option<Formula>,
        /// Records that share these earn once.
        pub once_per: Names,
        /// The date of the record to go by, when not its own.
        pub happened: Option<Formula>,
        /// The most that one row earns.
        pub at_most: Option<Raw>,
        /// What earns how many points.
        pub rows: Rows,
        /// The days on which the rule holds, inside the rulebook's own.
        pub effective: Option<Period>,
        /// Where it comes from.
        pub source: Option<Source>,
        /// For the next reader.
        pub note: Option<Name>,
    }

    /// Ordered levels, each with what it requires.
    pub struct Ladder {
        /// The name by which rules read the level in force.
        pub id: Name,
        /// What people call it.
        pub title: Option<Phrase>,
        /// An answer for every one of these: a record, a table, a choice.
        pub each: Names,
        /// The level under all others (default `none`): a word, or a parameter.
        pub below: Option<Raw>,
        /// When a level that is earned comes into force: a word, days of the year, or a parameter.
        pub up: Option<Raw>,
        /// When a level that is no longer earned is lost: a word, days of the year, or a parameter.
        pub down: Option<Raw>,
        /// How far a level is lost at once: `to_earned` (default), or `one_level`.
        pub falls: Option<Raw>,
        /// The level brought along.
        pub carried: Option<Formula>,
        /// The level, when the vendor says it and no requirements are published.
        pub assigned: Option<Formula>,
        /// Whether a level also needs every level under it.
        pub builds_up: Option<bool>,
        /// The levels, lowest first; a second row of a level is an alternative.
        pub rows: Rows,
        /// What every level requires.
        pub requires: Vec<Requirement>,
        /// Where it comes from.
        pub source: Option<Source>,
        /// For the next reader.
        pub note: Option<Name>,
    }

    /// One condition with its message and its clause.
    pub struct Requirement {
        /// Its name within the rule.
        pub id: Name,
        /// What people call it.
        pub title: Option<Phrase>,
        /// Applies only if; else it is not listed.
        pub when: Option<Formula>,
        /// Waived if; it is then listed as waived.
        pub unless: Option<Formula>,
        /// What must hold.
        pub that: Formula,
        /// What to tell the partner when it does not hold.
        pub otherwise: Option<Phrase>,
        /// The days on which it holds, inside the rulebook's own.
        pub effective: Option<Period>,
        /// Where it comes from.
        pub source: Option<Source>,
        /// For the next reader.
        pub note: Option<Name>,
    }

    /// A half-open span of days.
    pub struct Period {
        /// The first day.
        pub from: Option<Day>,
        /// The day after the last.
        pub until: Option<Day>,
    }

    /// What a partner may have; rows are read against the partner.
    pub struct Benefits {
        /// An answer for every one of these: a record, a table, a choice.
        pub each: Names,
        /// The benefits; columns that are no field, measure or ladder describe the benefit (`gives`, `area`).
        pub rows: Rows,
        /// Where it comes from.
        pub source: Option<Source>,
        /// For the next reader.
        pub note: Option<Name>,
    }

    /// A Rhai function in a file beside the rulebook, then a function in expressions.
    pub struct ScriptFile {
        /// The file; a plugin that a host brings along has functions of its own instead.
        pub file: Option<Name>,
        /// The arguments with their types, in order.
        pub takes: Entries<Name>,
        /// The type of the result.
        pub returns: Name,
        /// Where it comes from.
        pub source: Option<Source>,
        /// For the next reader.
        pub note: Option<Name>,
    }

    /// The period over which points run.
    pub struct Cycle {
        /// The day of the year on which it starts, such as `"01-01"`, or an expression.
        pub starts: Formula,
        /// How long it lasts (default `"1 year"`).
        pub lasts: Option<Raw>,
        /// The first day of the first cycle, which may be short; a day, or a parameter.
        pub first: Option<Raw>,
        /// Where it comes from.
        pub source: Option<Source>,
        /// For the next reader.
        pub note: Option<Name>,
    }
}
