//! Typed expressions: every name resolved, every type known, ready to be evaluated or analyzed.

use super::{LadderId, MeasureId, ParameterId, ScriptId, Verdict};
use crate::date::Date;
use crate::expression::Operator;
use crate::source::Span;
use crate::value::{Decimal, DomainId, Duration, Kind, Type};

/// A typed expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where it stands.
    pub span: Span,
    /// The type of its value.
    pub ty: Type,
    /// What it does.
    pub op: Op,
}

/// A value that stands in a rulebook.
#[derive(Clone, Debug, PartialEq)]
pub enum Constant {
    /// Known not to exist; as a cap, no limit.
    None,
    /// The guide does not say; the place where it would stand, such as `parameters.rate.gold`.
    Unspecified(String),
    /// True or false.
    Flag(bool),
    /// Any number.
    Number(Decimal),
    /// A day.
    Date(Date),
    /// A length of time.
    Duration(Duration),
    /// Text.
    Text(String),
    /// A word of the list that the type names.
    Word(u32),
    /// A row of the table that the type names.
    Row(u32),
    /// Several of these.
    Set(Vec<Constant>),
}

/// What a node does.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// Itself.
    Constant(Constant),
    /// A parameter, at its keys.
    Parameter(ParameterId, Vec<Node>),
    /// A field of the record at hand, or a column of the row at hand.
    Field(DomainId, u32),
    /// A field of the record that the first node refers to.
    FieldOf(Box<Node>, DomainId, u32),
    /// The record or row at hand.
    Row(DomainId),
    /// A measure; one with `each` for the records and rows at hand.
    Measure(MeasureId),
    /// A measure of the record that the node refers to.
    MeasureOf(Box<Node>, MeasureId),
    /// The points of all awards in the cycle.
    Points,
    /// The points of one row of an award, by the place of the award and of the row.
    AwardRow(u32, u32),
    /// The points of all rows of an award.
    AwardTotal(u32),
    /// The level of a ladder that is in force.
    InForce(LadderId),
    /// The level of a ladder that the requirements alone give.
    Earned(LadderId),
    /// What a ruling, by its place, says of the rows at hand.
    Ruling(u32, Verdict),
    /// The state of an obligation, by its place.
    Obligation(u32),
    /// The standing.
    Standing,
    /// The day for which the question is asked.
    AsOf,
    /// The first day of the cycle.
    CycleStart,
    /// The first day of the next cycle.
    CycleEnd,
    /// Not.
    Not(Box<Node>),
    /// All of them hold.
    And(Vec<Node>),
    /// One of them holds.
    Or(Vec<Node>),
    /// The second if the first holds, else the third.
    If(Box<Node>, Box<Node>, Box<Node>),
    /// The first, or the second where the first is none.
    Coalesce(Box<Node>, Box<Node>),
    /// Whether it is not none.
    Has(Box<Node>),
    /// A comparison of two values of one kind.
    Compare(Operator, Box<Node>, Box<Node>),
    /// Addition, subtraction, multiplication or division of numbers.
    Arithmetic(Operator, Box<Node>, Box<Node>),
    /// Like [`Op::Arithmetic`], with one side in hundredths.
    OfHundred(Operator, Box<Node>, Box<Node>),
    /// The negative of a number or duration.
    Negative(Box<Node>),
    /// A date moved by a duration; backwards when the flag is set.
    Shift(Box<Node>, Box<Node>, bool),
    /// Two durations added; the second reversed when the flag is set.
    Lengthen(Box<Node>, Box<Node>, bool),
    /// Whether the first is a member of the second.
    In(Box<Node>, Box<Node>),
    /// A set of these.
    SetOf(Vec<Node>),
    /// A function of values.
    Call(Function, Vec<Node>),
    /// Something about all records of a domain that are at hand.
    Over(Box<Over>),
    /// A declared script.
    Script(ScriptId, Vec<Node>),
    /// The second as it was on the day that the first gives.
    At(Box<Node>, Box<Node>),
    /// Whether the last holds on any (or, when the flag is set, every) day of a span, both ends included.
    Days(Box<Node>, Box<Node>, Box<Node>, bool),
}

/// `any`, `all`, `count` and `sum` over records.
#[derive(Clone, Debug, PartialEq)]
pub struct Over {
    /// What is asked.
    pub quantifier: Quantifier,
    /// The records.
    pub domain: DomainId,
    /// The record at hand inside which they live; all of them when there is none.
    pub inside: Option<DomainId>,
    /// What is added up.
    pub value: Option<Node>,
    /// Only records for which this holds.
    pub filter: Option<Node>,
}

/// What is asked of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantifier {
    /// Whether one of them fits.
    Any,
    /// Whether all of them fit.
    All,
    /// How many fit.
    Count,
    /// The sum over those that fit.
    Sum,
}

/// A function of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// The least; none is left out.
    Min,
    /// The greatest; none is left out.
    Max,
    /// Without its sign.
    Abs,
    /// Down to a whole number.
    Floor,
    /// Up to a whole number.
    Ceil,
    /// To so many places, halves away from zero.
    Round,
    /// To a whole number, by a named rounding.
    RoundTo,
    /// A duration of so many days.
    Days,
    /// A duration of so many months.
    Months,
    /// A duration of so many years.
    Years,
    /// Whole days from the first date to the second.
    DaysBetween,
    /// Whole months from the first date to the second.
    MonthsBetween,
    /// The first day of the month.
    MonthStart,
    /// The last day of the month.
    MonthEnd,
    /// The anniversary that falls in the current cycle, or in the year of the as-of date.
    Anniversary,
    /// Each part of a number at its own band's value, added up.
    Marginal(ParameterId),
    /// How many members a set has.
    Size,
    /// The members that two sets share.
    Overlap,
    /// How many of the flags hold.
    HowMany,
}

/// The nodes that a node is made of: to be read, and to be put in other places.
macro_rules! parts {
    ($parts:ident, $($to:tt)?) => {
        impl Node {
            /// Calls `visit` on every node that this one is made of, itself not included.
            pub fn $parts<'n>(&'n $($to)? self, visit: &mut dyn FnMut(&'n $($to)? Node)) {
                match &$($to)? self.op {
                    Op::Constant(_) | Op::Field(..) | Op::Row(_) | Op::Measure(_) | Op::Points | Op::AwardRow(..) => {}
                    Op::AwardTotal(_) | Op::InForce(_) | Op::Earned(_) | Op::AsOf | Op::CycleStart | Op::CycleEnd => {}
                    Op::Obligation(_) | Op::Standing | Op::Ruling(..) => {}
                    Op::Parameter(_, nodes) | Op::And(nodes) | Op::Or(nodes) | Op::SetOf(nodes) => nodes.into_iter().for_each(visit),
                    Op::Call(_, nodes) | Op::Script(_, nodes) => nodes.into_iter().for_each(visit),
                    Op::FieldOf(a, ..) | Op::MeasureOf(a, _) => visit(a),
                    Op::Not(a) | Op::Has(a) | Op::Negative(a) => visit(a),
                    Op::Coalesce(a, b) | Op::Compare(_, a, b) | Op::Arithmetic(_, a, b) | Op::OfHundred(_, a, b) => {
                        visit(a);
                        visit(b);
                    }
                    Op::Shift(a, b, _) | Op::Lengthen(a, b, _) | Op::In(a, b) | Op::At(a, b) => {
                        visit(a);
                        visit(b);
                    }
                    Op::If(a, b, c) | Op::Days(a, b, c, _) => {
                        visit(a);
                        visit(b);
                        visit(c);
                    }
                    Op::Over(over) => {
                        let Over { value, filter, .. } = &$($to)? **over;
                        value.into_iter().chain(filter).for_each(visit);
                    }
                }
            }
        }
    };
}

parts!(parts,);
parts!(parts_mut, mut);

impl Node {
    /// A constant of this kind.
    pub fn constant(span: Span, kind: Kind, constant: Constant) -> Self {
        let optional = constant == Constant::None;
        Self { span, ty: Type { kind, optional }, op: Op::Constant(constant) }
    }

    /// Calls `visit` on this node and on every node under it.
    pub fn walk<'n>(&'n self, visit: &mut dyn FnMut(&'n Node)) {
        visit(self);
        self.parts(&mut |part| part.walk(visit));
    }
}
