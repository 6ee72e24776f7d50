//! A rulebook whose every name is resolved and every type known.
//!
//! The model is what checking gives, and all that compiling, evaluating, describing and comparing
//! read. It is data: it does nothing.

mod credit;
mod duty;
pub mod node;
mod parameter;
mod ruling;
mod visit;

pub use credit::{CREDIT_KEYS, Credit, CreditRow, SHARE};
pub use duty::{DutyStep, Exception, Obligation, Standing};
pub use parameter::{Bound, Key, Parameter, day_number, numbered_day};
pub use ruling::{Extension, Limit, Need, OUTCOMES, Part, Ruling, Verdict, What};

use crate::date::Date;
use crate::expression::Operator;
use crate::rulebook::piece::{Phrase, Source};
use crate::source::Span;
use crate::value::{DomainId, Kind, Type, WordsId};
use node::{Constant, Node};

/// The place of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ParameterId(pub u32);
/// The place of a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MeasureId(pub u32);
/// The place of a ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LadderId(pub u32);
/// The place of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScriptId(pub u32);

/// One version of one program.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// The program, such as a portal names it.
    pub program: String,
    /// The version.
    pub version: String,
    /// What people call the program.
    pub title: Option<Phrase>,
    /// `draft`, `published` or `retired`.
    pub status: String,
    /// The first day on which it is in force; none when it is open at its start.
    pub from: Option<Date>,
    /// The day after the last, where the rulebook says one.
    pub until: Option<Date>,
    /// The partner's own day: the version binds it from its first such day of a year on which the version is in force.
    pub binds: Option<Node>,
    /// The ISO 4217 code of amounts without a currency.
    pub currency: Option<String>,
    /// Printed with every decision.
    pub provisional: Option<Phrase>,
    /// Where the program as a whole comes from.
    pub source: Option<Source>,
    /// For the next reader of the whole.
    pub note: Option<String>,
    /// The documents that rules cite.
    pub documents: Vec<Document>,
    /// The period over which points run.
    pub cycle: Option<Cycle>,
    /// Every list of words.
    pub words: Vec<Words>,
    /// Everything that can be walked row by row.
    pub domains: Vec<Domain>,
    /// The modules, as a list of words; how a record that fits several earns.
    pub modules: Option<Modules>,
    /// Parameters, and views of them in other types.
    pub parameters: Vec<Parameter>,
    /// Measures.
    pub measures: Vec<Measure>,
    /// The ways in which records are counted and added up, for measures and awards.
    pub tallies: Vec<Tally>,
    /// Awards.
    pub awards: Vec<Award>,
    /// Credits.
    pub credits: Vec<Credit>,
    /// Ladders.
    pub ladders: Vec<Ladder>,
    /// Rulings.
    pub rulings: Vec<Ruling>,
    /// The words for the outcome of a ruling; [`OUTCOMES`].
    pub outcome_words: Option<WordsId>,
    /// Obligations.
    pub obligations: Vec<Obligation>,
    /// The words for the state of an obligation; [`OBLIGATION_STATES`].
    pub obligation_states: Option<WordsId>,
    /// Standings, the first that matches first.
    pub standings: Vec<Standing>,
    /// The words for a standing: `affiliated`, then the ids.
    pub standing_words: Option<WordsId>,
    /// Exceptions.
    pub exceptions: Vec<Exception>,
    /// Benefits.
    pub benefits: Vec<Benefit>,
    /// The domains for whose rows each benefit is answered.
    pub benefits_each: Vec<DomainId>,
    /// Where the list of benefits comes from.
    pub benefits_source: Option<Source>,
    /// For the next reader of the list of benefits.
    pub benefits_note: Option<String>,
    /// Scripts.
    pub scripts: Vec<ScriptFunction>,
    /// The table of exchange rates, if there is one.
    pub exchange: Vec<Rate>,
}

/// A document that rules cite.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Its id in the rulebook.
    pub id: String,
    /// What it is called.
    pub title: Phrase,
    /// Where it is published or kept.
    pub place: Option<String>,
    /// Whether clauses without a document are from it.
    pub default: bool,
}

/// The period over which points run.
#[derive(Clone, Debug, PartialEq)]
pub struct Cycle {
    /// When it starts.
    pub starts: Start,
    /// How long it lasts.
    pub lasts: Node,
    /// The first day of the first cycle.
    pub first: Option<Node>,
    /// Where it comes from.
    pub source: Option<Source>,
    /// For the next reader.
    pub note: Option<String>,
}

/// When cycles start.
#[derive(Clone, Debug, PartialEq)]
pub enum Start {
    /// On this day of the year (month, day).
    DayOfYear(u32, u32),
    /// On the anniversaries of this date.
    Anniversary(Node),
}

/// A list of words.
#[derive(Clone, Debug, PartialEq)]
pub struct Words {
    /// What it is called.
    pub name: String,
    /// The words; lowest first when they are levels.
    pub words: Vec<String>,
    /// What people call them.
    pub titles: Vec<Option<Phrase>>,
    /// Whether they are levels.
    pub ordered: bool,
}

impl Words {
    /// The place of `word`.
    pub fn find(&self, word: &str) -> Option<u32> {
        self.words.iter().position(|known| known == word).map(|place| place as u32)
    }
}

/// Something that can be walked row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Domain {
    /// What it is called.
    pub name: String,
    /// Where it is declared.
    pub span: Span,
    /// What its rows are.
    pub rows: RowsOf,
}

/// What the rows of a domain are.
#[derive(Clone, Debug, PartialEq)]
pub enum RowsOf {
    /// Records among the facts.
    Records(Records),
    /// Rows of a table in the rulebook.
    Table(Box<Table>),
    /// The words of a list.
    Words(WordsId),
}

/// A kind of record.
#[derive(Clone, Debug, PartialEq)]
pub struct Records {
    /// The JSON key of its list; without it there is one record, under the domain's name.
    pub list: Option<String>,
    /// The record inside which it lives.
    pub within: Option<DomainId>,
    /// Whether an absent list is known to be empty.
    pub absent_is_none: bool,
    /// The field that is the record's own date.
    pub happened: Option<u32>,
    /// The field that names the record.
    pub id: Option<u32>,
    /// The fields.
    pub fields: Vec<Field>,
}

/// A field of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name in expressions.
    pub name: String,
    /// Its key in JSON.
    pub json: String,
    /// The type of its values.
    pub ty: Type,
    /// Whether the type is `id`, so that it names the record.
    pub names_record: bool,
    /// Whether the value is an object inside the record, and not a reference to another.
    pub inside: bool,
    /// What absence means.
    pub absent: Absent,
    /// Where it is declared.
    pub span: Span,
}

/// What the absence of a field means.
#[derive(Clone, Debug, PartialEq)]
pub enum Absent {
    /// Not told.
    Unknown,
    /// Known not to exist, or a default value.
    Is(Constant),
    /// The value of another field.
    Field(Node),
}

/// A list that belongs to the rulebook.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The ids of its rows, in order.
    pub ids: Vec<String>,
    /// What people call them.
    pub titles: Vec<Option<Phrase>>,
    /// The columns with their types.
    pub columns: Vec<(String, Type)>,
    /// The cells, row by row.
    pub cells: Vec<Vec<Constant>>,
    /// What is said about it.
    pub about: Box<About>,
}

/// What is said about something, for people.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct About {
    /// What people call it.
    pub title: Option<Phrase>,
    /// Where it comes from.
    pub source: Option<Source>,
    /// For the next reader.
    pub note: Option<String>,
}

/// The modules of a program.
#[derive(Clone, Debug, PartialEq)]
pub struct Modules {
    /// Their names.
    pub words: WordsId,
    /// Where a record earns that fits several; a word of [`EARN_ONCE`].
    pub earn_once: Node,
}

/// Where a record earns that fits several modules.
pub const EARN_ONCE: [&str; 2] = ["most_points", "first_module"];
/// What is divided into blocks.
pub const OVER: [&str; 2] = ["cycle", "record"];
/// When a level that is earned comes into force, or one that is no longer earned is lost.
pub const WHEN: [&str; 5] = ["immediately", "at_cycle_end", "at_cycle_start", "quarterly", "monthly"];

/// How far a level is lost at once.
pub const FALLS: [&str; 2] = ["to_earned", "one_level"];
/// What a standing does to what is earned while it lasts.
pub const AWARDS_MEANWHILE: [&str; 2] = ["frozen", "counted"];
/// What a standing does to levels while it lasts.
pub const LADDERS_MEANWHILE: [&str; 2] = ["none", "kept"];
/// What a standing does to benefits while it lasts.
pub const BENEFITS_MEANWHILE: [&str; 2] = ["revoked", "kept"];
/// The state of an obligation.
pub const OBLIGATION_STATES: [&str; 3] = ["due", "done", "overdue"];
/// How often an obligation is due, with the months between.
pub const EVERY: [(&str, i32); 3] = [("year", 12), ("quarter", 3), ("month", 1)];
/// The standing of a partner for which no other matches.
pub const AFFILIATED: &str = "affiliated";

/// A value computed from facts.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    /// Its name.
    pub name: String,
    /// The rule that declares it (the same, unless it is one of several rows).
    pub rule: String,
    /// Where it is declared.
    pub span: Span,
    /// What people call it.
    pub title: Option<Phrase>,
    /// What people call the rule, where it has several rows.
    pub rule_title: Option<Phrase>,
    /// The domains for whose rows it has a value.
    pub each: Vec<DomainId>,
    /// The type of its value.
    pub ty: Type,
    /// How it is computed.
    pub how: How,
    /// Where it comes from.
    pub source: Option<Source>,
    /// For the next reader.
    pub note: Option<String>,
}

/// How a measure is computed.
#[derive(Clone, Debug, PartialEq)]
pub enum How {
    /// By an expression.
    Value(Node),
    /// By one row of a tally.
    Tally(u32, u32),
    /// By comparing the partner with others.
    Rank(Box<Rank>),
}

/// The place of a partner among others, the greatest first; those that are equal share the better place.
#[derive(Clone, Debug, PartialEq)]
pub struct Rank {
    /// The number by which partners are compared.
    pub of: Node,
    /// What those have in common that are compared with each other.
    pub among: Option<Node>,
    /// The fact that tells the place, where there is one.
    pub told: Option<Node>,
}

/// One way of counting or adding up records; one visit of a record serves all of its rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    /// The rule that declares it.
    pub rule: String,
    /// The records.
    pub domain: DomainId,
    /// The domains for whose rows it is made.
    pub each: Vec<DomainId>,
    /// The record of `each` inside which the records live; all of them when there is none.
    pub inside: Option<DomainId>,
    /// Whether it is made for every one of the records itself, up to and with it.
    pub running: bool,
    /// What is made of the records.
    pub aggregate: Aggregate,
    /// What is added up, compared or collected.
    pub value: Option<Node>,
    /// The date of the record to go by.
    pub happened: Option<Node>,
    /// Only records of this time.
    pub window: Window,
    /// Only records from this day on.
    pub from: Option<Date>,
    /// Only records before this day.
    pub until: Option<Date>,
    /// Only records for which this holds.
    pub filter: Option<Node>,
    /// The module in which it earns, and whether a record belongs to it.
    pub module: Option<(u32, Node)>,
    /// Records that share these count once; a key that a parameter chooses says whether it is chosen.
    pub once_per: Vec<(Option<Node>, Node)>,
    /// The value over no records.
    pub empty: Constant,
    /// Which records each row takes.
    pub rows: Vec<TallyRow>,
}

/// Which records a row of a tally takes.
#[derive(Clone, Debug, PartialEq)]
pub struct TallyRow {
    /// Its id within the rule; empty when the rule has no rows.
    pub id: String,
    /// All of these must hold.
    pub tests: Vec<Node>,
    /// Where it stands.
    pub span: Span,
}

/// What is made of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aggregate {
    /// How many.
    Count,
    /// The sum.
    Sum,
    /// The least.
    Min,
    /// The greatest.
    Max,
    /// The middle one, or the mean of the two middle ones.
    Median,
    /// The value of the record that happened last; of several on one day, the last in the file.
    Latest,
    /// Whether one holds.
    Any,
    /// Whether all hold.
    All,
    /// The set of values.
    Collect,
}

/// The time of which records are taken.
#[derive(Clone, Debug, PartialEq)]
pub enum Window {
    /// Any time up to the as-of date.
    Ever,
    /// The cycle of the as-of date.
    Cycle,
    /// The cycle before.
    PreviousCycle,
    /// This long before the as-of date, that day not included, the as-of date included.
    Last(Node),
    /// These days, half-open.
    Between(Option<Node>, Option<Node>),
}

/// Points earned.
#[derive(Clone, Debug, PartialEq)]
pub struct Award {
    /// The rule's id.
    pub id: String,
    /// Where it is declared.
    pub span: Span,
    /// What people call it.
    pub title: Option<Phrase>,
    /// The module in which it earns.
    pub module: Option<u32>,
    /// The heading under which its points are added up.
    pub category: Option<Node>,
    /// How its records are counted or added up.
    pub tally: u32,
    /// The block of an amount, or the number of records, that earns the points.
    pub per: Option<Node>,
    /// What happens to a part of a block: a word of [`Rounding::WORDS`](crate::value::Rounding::WORDS).
    pub rounding: Node,
    /// What is divided into blocks: a word of [`OVER`].
    pub over: Node,
    /// The most that one row earns.
    pub at_most: Option<Node>,
    /// The rows, in the order of the tally's.
    pub rows: Vec<AwardRow>,
    /// Where it comes from.
    pub source: Option<Source>,
    /// For the next reader.
    pub note: Option<String>,
}

/// What one row of an award pays.
#[derive(Clone, Debug, PartialEq)]
pub struct AwardRow {
    /// `rule.row`, as the decision names it.
    pub rule: String,
    /// What people call it.
    pub title: Option<Phrase>,
    /// The points for one record or block.
    pub points: Node,
    /// Where it comes from.
    pub source: Option<Source>,
    /// For the next reader.
    pub note: Option<String>,
}

/// Ordered levels.
#[derive(Clone, Debug, PartialEq)]
pub struct Ladder {
    /// Its name.
    pub id: String,
    /// Where it is declared.
    pub span: Span,
    /// What people call it.
    pub title: Option<Phrase>,
    /// The domains for whose rows it has an answer.
    pub each: Vec<DomainId>,
    /// The levels, lowest first, those under all rows included.
    pub levels: WordsId,
    /// The level under all others.
    pub below: Node,
    /// When a level that is earned comes into force.
    pub up: Moment,
    /// When a level that is no longer earned is lost.
    pub down: Moment,
    /// How far it is lost at once: a word of [`FALLS`].
    pub falls: Node,
    /// The level brought along.
    pub carried: Option<Node>,
    /// The level, when the vendor says it.
    pub assigned: Option<Node>,
    /// Whether a level also needs every level under it.
    pub builds_up: bool,
    /// The ways to a level, lowest first.
    pub rows: Vec<LevelRow>,
    /// What every level requires.
    pub requires: Vec<Requirement>,
    /// Where it comes from.
    pub source: Option<Source>,
    /// For the next reader.
    pub note: Option<String>,
}

/// When a level changes.
#[derive(Clone, Debug, PartialEq)]
pub enum Moment {
    /// A word of [`WHEN`].
    Word(Node),
    /// On these days of the year (month, day).
    DaysOfYear(Vec<(u32, u32)>),
}

/// One way to a level.
#[derive(Clone, Debug, PartialEq)]
pub struct LevelRow {
    /// The level.
    pub level: u32,
    /// The name of the alternative, where there is one.
    pub via: Option<String>,
    /// For whom it is at all; where one of these does not hold, the way is not listed.
    pub applies: Vec<Node>,
    /// What it requires.
    pub requirements: Vec<Requirement>,
    /// Where it comes from.
    pub source: Option<Source>,
    /// Where it stands.
    pub span: Span,
    /// For the next reader.
    pub note: Option<String>,
}

/// One condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Requirement {
    /// Its name within the rule.
    pub id: String,
    /// Where it stands.
    pub span: Span,
    /// What people call it.
    pub title: Option<Phrase>,
    /// Applies only if.
    pub when: Option<Node>,
    /// Waived if.
    pub unless: Option<Node>,
    /// What must hold.
    pub that: Node,
    /// What is there, where that is one value.
    pub have: Option<Node>,
    /// What is needed, where that is one value.
    pub need: Option<Node>,
    /// How the two are compared, where that is all that is asked.
    pub compares: Option<Operator>,
    /// What to tell the partner when it does not hold.
    pub otherwise: Option<Phrase>,
    /// The first day on which it applies.
    pub from: Option<Date>,
    /// The day after the last.
    pub until: Option<Date>,
    /// Where it comes from.
    pub source: Option<Source>,
    /// For the next reader.
    pub note: Option<String>,
}

/// What a partner may have.
#[derive(Clone, Debug, PartialEq)]
pub struct Benefit {
    /// Its name.
    pub id: String,
    /// Where it stands.
    pub span: Span,
    /// What people call it.
    pub title: Option<Phrase>,
    /// What describes it (`gives`, `area`), by column.
    pub about: Vec<(String, String)>,
    /// For whom it is at all; where one of these does not hold, it is not listed.
    pub applies: Vec<Node>,
    /// What it requires.
    pub requirements: Vec<Requirement>,
    /// Where it comes from.
    pub source: Option<Source>,
    /// For the next reader.
    pub note: Option<String>,
}

/// A declared script.
#[derive(Clone, Debug)]
pub struct ScriptFunction {
    /// Its name in expressions.
    pub name: String,
    /// Where it is declared.
    pub span: Span,
    /// The arguments with their kinds.
    pub takes: Vec<(String, Kind)>,
    /// The type of the result.
    pub returns: Type,
    /// The compiled function.
    pub script: crate::script::Script,
    /// The path of its file.
    pub path: String,
}

/// The name of the table, or of the record among the facts, that gives rates of exchange.
pub const EXCHANGE: &str = "exchange";

/// A rate from one currency to the rulebook's.
#[derive(Clone, Debug, PartialEq)]
pub struct Rate {
    /// The other currency.
    pub currency: String,
    /// The first day on which the rate holds.
    pub from: Option<Date>,
    /// The rulebook's currency for one of the other.
    pub rate: crate::value::Decimal,
}

impl Model {
    /// Whether a setting of a standing is its first word, by the reading in use.
    pub fn has_effect(&self, setting: &Option<Node>) -> bool {
        let first = |constant: &Constant| *constant == Constant::Word(0);
        match setting.as_ref().map(|node| &node.op) {
            Some(node::Op::Constant(constant)) => first(constant),
            Some(node::Op::Parameter(id, _)) => self.parameter(*id).cells.iter().flatten().next().is_some_and(first),
            _ => false,
        }
    }

    /// The words of a list.
    pub fn words(&self, id: WordsId) -> &Words {
        &self.words[id.0 as usize]
    }

    /// The words of the choice called `name`; what describes something under that name is one of them.
    pub fn choice(&self, name: &str) -> Option<&Words> {
        self.domains.iter().find_map(|domain| match &domain.rows {
            RowsOf::Words(words) if domain.name == name => Some(self.words(*words)),
            _ => None,
        })
    }

    /// What people call a word that describes something under `name`, where there is a choice of that name.
    pub fn choice_title(&self, name: &str, word: &str) -> Option<&Phrase> {
        let words = self.choice(name)?;
        words.titles.get(words.find(word)? as usize)?.as_ref()
    }

    /// A domain.
    pub fn domain(&self, id: DomainId) -> &Domain {
        &self.domains[id.0 as usize]
    }

    /// A parameter.
    pub fn parameter(&self, id: ParameterId) -> &Parameter {
        &self.parameters[id.0 as usize]
    }

    /// A measure.
    pub fn measure(&self, id: MeasureId) -> &Measure {
        &self.measures[id.0 as usize]
    }

    /// A ladder.
    pub fn ladder(&self, id: LadderId) -> &Ladder {
        &self.ladders[id.0 as usize]
    }

    /// The records that a domain holds, if it holds records.
    pub fn records(&self, id: DomainId) -> Option<&Records> {
        match &self.domain(id).rows {
            RowsOf::Records(records) => Some(records),
            _ => None,
        }
    }

    /// The domain called `name`.
    pub fn domain_named(&self, name: &str) -> Option<DomainId> {
        self.domains.iter().position(|domain| domain.name == name).map(|place| DomainId(place as u32))
    }

    /// The kind of `kind`'s values in words for messages.
    pub fn kind_name(&self, kind: &Kind) -> String {
        match kind {
            Kind::Flag => "a flag".to_owned(),
            Kind::Count => "a count".to_owned(),
            Kind::Number => "a number".to_owned(),
            Kind::Money => "money".to_owned(),
            Kind::Percent => "a percentage".to_owned(),
            Kind::Date => "a date".to_owned(),
            Kind::Duration => "a duration".to_owned(),
            Kind::Text => "text".to_owned(),
            Kind::Word(words) if self.words(*words).ordered => format!("a level of `{}`", self.words(*words).name),
            Kind::Word(words) => format!("a word of `{}`", self.words(*words).name),
            Kind::Row(domain) => format!("a `{}`", self.domain(*domain).name),
            Kind::Set(of) => format!("a set of {}", self.kind_name(of).trim_start_matches("a ")),
        }
    }
}
