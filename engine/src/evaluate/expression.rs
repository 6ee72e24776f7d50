//! Expressions with facts: three-valued, exact, without the interpreter.

use super::bounds::{Bounds, Overflow, both};
use super::truth::Truth;
use super::turn::Turns;
use super::{Evaluator, Failure};
use crate::date::{self, Date};
use crate::expression::Operator;
use crate::facts::{Presence, Value, Why};
use crate::model::node::{Constant, Function, Node, Op, Over, Quantifier};
use crate::model::{Bound, Key, ParameterId, RowsOf, day_number};
use crate::value::{Decimal, DomainId, Duration, Kind, Rounding};
use bumpalo::collections::Vec as ArenaVec;

impl<'a> Evaluator<'a> {
    /// The truth of a condition.
    #[inline]
    pub fn truth(&self, node: &'a Node) -> Truth<'a> {
        self.truth_of(self.eval(node))
    }

    /// The truth that a value stands for.
    #[inline]
    pub fn truth_of(&self, value: Value<'a>) -> Truth<'a> {
        match value {
            Value::Flag(true) => Truth::True,
            Value::Flag(false) => Truth::False,
            Value::Unknown(why) => Truth::Unknown(why),
            _ => Truth::Unknown(self.undefined("the condition has no value")),
        }
    }

    /// The value of an expression.
    // Most expressions are no more than a look at something; each other kind has a function of its own, so that a
    // look does not pay for what they need.
    pub fn eval(&self, node: &'a Node) -> Value<'a> {
        match &node.op {
            Op::Constant(constant) => Value::of(constant, self.arena),
            Op::Field(domain, field) => self.own_field(*domain, *field),
            Op::Measure(id) => self.measure(*id),
            Op::Parameter(id, keys) => self.parameter(*id, keys),
            Op::And(parts) => self.junction(parts, false),
            Op::Or(parts) => self.junction(parts, true),
            Op::In(item, set) => self.contained(item, set),
            Op::Compare(operator, a, b) => self.comparison(*operator, a, b),
            Op::Shift(date, by, back) => self.shifted(date, by, *back),
            Op::Not(inner) => self.negated(inner),
            Op::Over(over) => self.over(over),
            Op::Call(function, arguments) => self.call(*function, arguments),
            _ => self.less_common(node),
        }
    }

    #[inline(never)]
    fn contained(&self, item: &'a Node, set: &'a Node) -> Value<'a> {
        self.member(self.eval(item), self.eval(set))
    }

    #[inline(never)]
    fn shifted(&self, date: &'a Node, by: &'a Node, back: bool) -> Value<'a> {
        self.shift(self.eval(date), self.eval(by), back)
    }

    #[inline(never)]
    fn negated(&self, inner: &'a Node) -> Value<'a> {
        match self.truth(inner) {
            Truth::True => Value::Flag(false),
            Truth::False => Value::Flag(true),
            Truth::Unknown(why) => Value::Unknown(why),
        }
    }

    /// The value of an expression of the less common kinds.
    #[inline(never)]
    fn less_common(&self, node: &'a Node) -> Value<'a> {
        match &node.op {
            Op::Constant(_) | Op::Field(..) | Op::Measure(_) | Op::Parameter(..) | Op::Shift(..) => self.eval(node),
            Op::And(_) | Op::Or(_) | Op::Not(_) | Op::In(..) | Op::Compare(..) | Op::Over(_) => self.eval(node),
            Op::Call(..) => self.eval(node),
            Op::FieldOf(of, domain, field) => match self.eval(of) {
                Value::Row(row) => self.field(*domain, row, *field),
                other => self.through(other, *domain),
            },
            Op::Row(domain) => match &self.model().domain(*domain).rows {
                RowsOf::Words(_) => Value::Word(self.row(*domain)),
                _ => Value::Row(self.row(*domain)),
            },
            Op::MeasureOf(of, id) => match self.eval(of) {
                Value::Row(row) => {
                    let domain = self.model().measure(*id).each[0];
                    self.with_row(domain, row, || self.measure(*id))
                }
                other => self.through(other, self.model().measure(*id).each[0]),
            },
            Op::Points => self.total_points(),
            Op::AwardRow(award, row) => self.awards().of(*award)[*row as usize].points,
            Op::AwardTotal(award) => self.award_total(*award),
            Op::InForce(ladder) => self.force(*ladder).level,
            Op::Earned(ladder) => self.ladder(*ladder).earned,
            Op::AsOf => {
                self.turn(Turns::DAILY);
                Value::Date(self.as_of)
            }
            Op::Ruling(place, verdict) => self.verdict(*place, *verdict),
            Op::Obligation(place) => self.obligation_state(*place),
            Op::Standing => self.standing(),
            Op::CycleStart => self.cycle().map_or_else(Value::Unknown, |(start, _)| Value::Date(start)),
            Op::CycleEnd => self.cycle().map_or_else(Value::Unknown, |(_, end)| Value::Date(end)),
            Op::If(condition, a, b) => match self.truth(condition) {
                Truth::True => self.eval(a),
                Truth::False => self.eval(b),
                Truth::Unknown(why) => {
                    self.attempt(|| self.either(self.eval(a), self.eval(b), why)).unwrap_or(Value::Unknown(why))
                }
            },
            Op::Coalesce(a, b) => match self.eval(a) {
                Value::None => self.eval(b),
                other => other,
            },
            Op::Has(inner) => match self.eval(inner) {
                Value::None => Value::Flag(false),
                Value::Unknown(why) => Value::Unknown(why),
                _ => Value::Flag(true),
            },
            Op::Arithmetic(operator, a, b) => self.arithmetic(*operator, self.eval(a), self.eval(b)),
            Op::OfHundred(operator, a, b) => {
                let hundred = Value::Number(Decimal::ONE_HUNDRED);
                let result = self.arithmetic(*operator, self.eval(a), self.eval(b));
                let back = if *operator == Operator::Multiply { Operator::Divide } else { Operator::Multiply };
                self.arithmetic(back, result, hundred)
            }
            Op::Negative(inner) => match self.eval(inner) {
                Value::Number(number) => Value::Number(-number),
                Value::Range(range) => {
                    Bounds { low: range.low, high: range.high, why: Some(range.why) }.negative().value(self.arena)
                }
                Value::Duration(duration) => duration.reversed().map_or_else(|| self.overflow(), Value::Duration),
                other => other,
            },
            Op::Lengthen(a, b, back) => self.lengthen(self.eval(a), self.eval(b), *back),
            Op::SetOf(nodes) => self.set_of(nodes),
            Op::Script(id, arguments) => self.script(*id, arguments),
            Op::At(date, what) => match self.eval(date) {
                Value::Date(date) => self.at(date).eval(what),
                other => other,
            },
            Op::Days(from, to, what, every) => self.days(self.eval(from), self.eval(to), what, *every),
        }
    }

    /// The reason that a computation has no answer.
    #[cold]
    pub fn undefined(&self, reason: &'static str) -> &'a Why<'a> {
        self.arena.alloc(Why::Undefined(reason))
    }

    /// The value in the place of one that is too large to be held; the evaluation fails.
    #[cold]
    pub fn overflow(&self) -> Value<'a> {
        self.fail(Failure::Overflow);
        Value::Unknown(self.undefined("a number is too large"))
    }

    fn through(&self, reference: Value<'a>, domain: DomainId) -> Value<'a> {
        match reference {
            Value::Text(id) => Value::Unknown(self.arena.alloc(Why::Record(domain, id))),
            other => other,
        }
    }

    #[inline(never)]
    fn junction(&self, parts: &'a [Node], decisive: bool) -> Value<'a> {
        let mut unknown: Option<&'a Why<'a>> = None;
        for part in parts {
            match self.truth(part) {
                Truth::True if decisive => return Value::Flag(true),
                Truth::False if !decisive => return Value::Flag(false),
                Truth::Unknown(why) => unknown = both(unknown, Some(why), self.arena),
                _ => {}
            }
        }
        unknown.map_or(Value::Flag(!decisive), Value::Unknown)
    }

    /// One of two values, and nobody knows which.
    pub fn either(&self, a: Value<'a>, b: Value<'a>, why: &'a Why<'a>) -> Value<'a> {
        if a.is(&b) {
            return a;
        }
        match (Bounds::of(a), Bounds::of(b)) {
            (Some(a), Some(b)) => {
                let least = |a: Option<Decimal>, b: Option<Decimal>| Some(a?.min(b?));
                let most = |a: Option<Decimal>, b: Option<Decimal>| Some(a?.max(b?));
                let reasons = both(Some(why), both(a.why, b.why, self.arena), self.arena);
                Bounds { low: least(a.low, b.low), high: most(a.high, b.high), why: reasons }.value(self.arena)
            }
            _ => Value::Unknown(why),
        }
    }

    /// Adds, subtracts, multiplies or divides.
    pub fn arithmetic(&self, operator: Operator, a: Value<'a>, b: Value<'a>) -> Value<'a> {
        if let (Value::Number(a), Value::Number(b)) = (a, b) {
            let result = match operator {
                Operator::Add => a.checked_add(b),
                Operator::Subtract => a.checked_sub(b),
                Operator::Multiply => a.checked_mul(b),
                _ if b.is_zero() => return Value::Unknown(self.undefined("division by zero")),
                _ => a.checked_div(b),
            };
            return result.map_or_else(|| self.overflow(), Value::Number);
        }
        if matches!(a, Value::None) || matches!(b, Value::None) {
            return Value::None;
        }
        let (Some(x), Some(y)) = (Bounds::of(a), Bounds::of(b)) else {
            return Value::Unknown(self.undefined("the values cannot be computed with"));
        };
        let result = match operator {
            Operator::Add => x.plus(y, self.arena),
            Operator::Subtract => x.plus(y.negative(), self.arena),
            Operator::Multiply => x.times(y, self.arena),
            _ => match y.exact() {
                Some(divisor) if divisor.is_zero() => return Value::Unknown(self.undefined("division by zero")),
                Some(divisor) => x.divided(divisor),
                None => Ok(Bounds { low: None, high: None, why: both(x.why, y.why, self.arena) }),
            },
        };
        match result {
            Ok(bounds) => bounds.value(self.arena),
            Err(Overflow) => self.overflow(),
        }
    }

    fn shift(&self, date: Value<'a>, by: Value<'a>, back: bool) -> Value<'a> {
        match (date, by) {
            (Value::Date(date), Value::Duration(by)) => {
                let by = if back { by.reversed() } else { Some(by) };
                match by.and_then(|by| date::shift(date, by)) {
                    Some(date) => Value::Date(date),
                    None => Value::Unknown(self.undefined("a date lies outside the calendar")),
                }
            }
            (Value::Unknown(a), Value::Unknown(b)) => {
                both(Some(a), Some(b), self.arena).map_or(Value::None, Value::Unknown)
            }
            (Value::None, _) | (_, Value::None) => Value::None,
            (Value::Unknown(why), _) | (_, Value::Unknown(why)) => Value::Unknown(why),
            _ => Value::Unknown(self.undefined("the values cannot be computed with")),
        }
    }

    fn lengthen(&self, a: Value<'a>, b: Value<'a>, back: bool) -> Value<'a> {
        match (a, b) {
            (Value::Duration(a), Value::Duration(b)) => {
                let b = if back { b.reversed() } else { Some(b) };
                let sum = b.and_then(|b| {
                    Some(Duration { months: a.months.checked_add(b.months)?, days: a.days.checked_add(b.days)? })
                });
                sum.map_or_else(|| self.overflow(), Value::Duration)
            }
            (Value::None, _) | (_, Value::None) => Value::None,
            (Value::Unknown(why), _) | (_, Value::Unknown(why)) => Value::Unknown(why),
            _ => Value::Unknown(self.undefined("the values cannot be computed with")),
        }
    }

    fn member(&self, item: Value<'a>, set: Value<'a>) -> Value<'a> {
        if let Value::Range(range) = item {
            let outside = |number: Decimal| {
                range.low.is_some_and(|low| number < low) || range.high.is_some_and(|high| number > high)
            };
            let excluded = match set {
                Value::Constants(members) => {
                    members.iter().all(|member| matches!(member, Constant::Number(number) if outside(*number)))
                }
                Value::Set(members) => {
                    members.iter().all(|member| matches!(member, Value::Number(number) if outside(*number)))
                }
                _ => false,
            };
            return if excluded { Value::Flag(false) } else { Value::Unknown(range.why) };
        }
        if let Value::Unknown(why) = item {
            return match set {
                Value::Set([]) | Value::Constants([]) => Value::Flag(false),
                _ => Value::Unknown(why),
            };
        }
        match set {
            Value::Constants(members) => {
                if members.iter().any(|member| item.is_constant(member)) {
                    return Value::Flag(true);
                }
                let unspecified = members.iter().find_map(|member| match member {
                    Constant::Unspecified(place) => Some(place.as_str()),
                    _ => None,
                });
                unspecified
                    .map_or(Value::Flag(false), |place| Value::Unknown(self.arena.alloc(Why::Unspecified(place))))
            }
            Value::Set(members) => {
                if members.iter().any(|member| item.is(member)) {
                    return Value::Flag(true);
                }
                let unknown = members.iter().find_map(Value::doubt);
                unknown.map_or(Value::Flag(false), Value::Unknown)
            }
            Value::Unknown(why) => Value::Unknown(why),
            _ => Value::Flag(false),
        }
    }

    fn set_of(&self, nodes: &'a [Node]) -> Value<'a> {
        let mut members = ArenaVec::with_capacity_in(nodes.len(), self.arena);
        for node in nodes {
            let value = self.eval(node);
            if !matches!(value, Value::None) && !members.iter().any(|member: &Value<'a>| member.is(&value)) {
                members.push(value);
            }
        }
        Value::Set(members.into_bump_slice())
    }

    #[inline(never)]
    fn parameter(&self, id: ParameterId, keys: &'a [Node]) -> Value<'a> {
        let parameter = self.model().parameter(id);
        let cells = match self.excepted(id) {
            None => self.cells(id),
            Some(Ok(cells)) => cells,
            Some(Err(why)) => return Value::Unknown(why),
        };
        let mut place = 0;
        for (key, node) in parameter.keys.iter().zip(keys) {
            let value = self.eval(node);
            let at = match (key, value) {
                (_, Value::Unknown(why)) => return Value::Unknown(why),
                (_, Value::None) => return Value::None,
                (Key::Words(_), Value::Word(word)) => word as usize,
                (Key::Rows(_), Value::Row(row)) => row as usize,
                (Key::Bands(bounds, _), Value::Number(number)) => match band(bounds, number) {
                    Some(band) => band,
                    None => return Value::Unknown(self.undefined("the number lies above the last band")),
                },
                (Key::Bands(bounds, _), Value::Date(day)) => match band(bounds, day_number(day)) {
                    Some(band) => band,
                    None => return Value::Unknown(self.undefined("the day lies after the last band")),
                },
                (Key::Bands(bounds, _), Value::Range(range)) => {
                    // Bounds in one band decide; else the value is not known.
                    let ends = (range.low.and_then(|n| band(bounds, n)), range.high.and_then(|n| band(bounds, n)));
                    match ends {
                        (Some(low), Some(high)) if low == high => low,
                        _ => return Value::Unknown(range.why),
                    }
                }
                _ => return Value::Unknown(self.undefined("the key has no cell")),
            };
            place = place * key_len(self.model(), key) + at;
        }
        match cells.get(place) {
            Some(Some(constant)) => Value::of(constant, self.arena),
            _ => Value::Unknown(self.undefined("the key has no cell")),
        }
    }

    /// The cells of a parameter as they are on the as-of date.
    fn cells(&self, id: ParameterId) -> &'a [Option<Constant>] {
        let parameter = self.model().parameter(id);
        if let Some((_, reading)) = self.readings.iter().find(|(of, _)| *of == id) {
            return &parameter.choices[*reading];
        }
        for change in &parameter.changes {
            self.turns_on(Some(change.0));
        }
        let changed = parameter.changes.iter().rev().find(|(from, _)| *from <= self.as_of);
        changed.map_or(&parameter.cells, |(_, cells)| cells)
    }

    #[inline(never)]
    fn call(&self, function: Function, arguments: &'a [Node]) -> Value<'a> {
        match function {
            Function::Min | Function::Max => return self.extreme(function == Function::Max, arguments),
            Function::HowMany => return self.how_many(arguments),
            _ => {}
        }
        let first = self.eval(&arguments[0]);
        let second = arguments.get(1).map(|node| self.eval(node));
        for value in [Some(first), second].into_iter().flatten() {
            match value {
                Value::None => return Value::None,
                Value::Unknown(why) if !matches!(function, Function::Overlap) => return Value::Unknown(why),
                _ => {}
            }
        }
        match (function, first, second) {
            (Function::Abs, Value::Number(number), _) => Value::Number(number.abs()),
            (Function::Floor, Value::Number(number), _) => Value::Number(number.floor()),
            (Function::Ceil, Value::Number(number), _) => Value::Number(number.ceil()),
            (Function::Round, Value::Number(number), Some(Value::Number(places))) => {
                match u32::try_from(places).ok().filter(|places| *places <= 28) {
                    Some(places) => Value::Number(Rounding::HalfUp.apply(number, places)),
                    None => Value::Unknown(self.undefined("a number is rounded to 0 to 28 places")),
                }
            }
            (Function::RoundTo, Value::Number(number), Some(Value::Word(word))) => {
                Value::Number(rounding(word).apply(number, 0))
            }
            (Function::Floor, Value::Range(_), _) => self.round_range(first, Rounding::Floor, 0),
            (Function::Ceil, Value::Range(_), _) => self.round_range(first, Rounding::Ceil, 0),
            (Function::RoundTo, Value::Range(_), Some(Value::Word(word))) => self.round_range(first, rounding(word), 0),
            (Function::Days, Value::Number(number), _) => self.duration(number, 0),
            (Function::Months, Value::Number(number), _) => self.duration(number, 1),
            (Function::Years, Value::Number(number), _) => self.duration(number, 12),
            (Function::DaysBetween, Value::Date(from), Some(Value::Date(to))) => {
                Value::Number(Decimal::from(date::days_between(from, to)))
            }
            (Function::MonthsBetween, Value::Date(from), Some(Value::Date(to))) => {
                Value::Number(Decimal::from(date::months_between(from, to)))
            }
            (Function::MonthStart, Value::Date(day), _) => Value::Date(date::month_start(day)),
            (Function::MonthEnd, Value::Date(day), _) => Value::Date(date::month_end(day)),
            (Function::Anniversary, Value::Date(day), _) => self.anniversary(day),
            (Function::Marginal(bands), Value::Number(number), _) => self.marginal(bands, number),
            (Function::Size, Value::Set(members), _) => self.size(members),
            (Function::Size, Value::Constants(members), _) => Value::Number(Decimal::from(members.len())),
            (Function::Overlap, a, Some(b)) => self.overlap(a, b),
            (_, Value::Range(range), _) | (_, _, Some(Value::Range(range))) => Value::Unknown(range.why),
            _ => Value::Unknown(self.undefined("the function has no answer")),
        }
    }

    pub fn round_range(&self, value: Value<'a>, rounding: Rounding, places: u32) -> Value<'a> {
        Bounds::of(value).map_or(value, |bounds| bounds.rounded(rounding, places).value(self.arena))
    }

    fn duration(&self, number: Decimal, months: i32) -> Value<'a> {
        let whole = number.fract().is_zero().then(|| i32::try_from(number.trunc()).ok()).flatten();
        let duration = whole.and_then(|n| match months {
            0 => Some(Duration::days(n)),
            factor => n.checked_mul(factor).map(Duration::months),
        });
        duration
            .map_or_else(|| Value::Unknown(self.undefined("a duration is a whole number of units")), Value::Duration)
    }

    /// The least or greatest; none is left out, and is the answer only when there is nothing else.
    fn extreme(&self, greatest: bool, arguments: &'a [Node]) -> Value<'a> {
        let mut best = Value::None;
        let mut unknown: Option<&'a Why<'a>> = None;
        let mut ranged = false;
        // The best of what is exact, and then all that follows something that is not.
        let mut all = ArenaVec::new_in(self.arena);
        for node in arguments {
            let value = self.eval(node);
            match value {
                Value::None => continue,
                Value::Unknown(why) => unknown = both(unknown, Some(why), self.arena),
                Value::Range(_) => ranged = true,
                _ => {}
            }
            if unknown.is_some() || ranged {
                if all.is_empty() && !matches!(best, Value::None) {
                    all.push(best);
                }
                all.push(value);
            }
            best = match (best, value) {
                (Value::None, value) => value,
                (Value::Number(a), Value::Number(b)) => Value::Number(if greatest { a.max(b) } else { a.min(b) }),
                (Value::Date(a), Value::Date(b)) => Value::Date(if greatest { a.max(b) } else { a.min(b) }),
                (Value::Word(a), Value::Word(b)) => Value::Word(if greatest { a.max(b) } else { a.min(b) }),
                (best, _) => best,
            };
        }
        if unknown.is_none() && !ranged {
            return best;
        }
        let mut bounds: Option<Bounds<'a>> = None;
        for value in all {
            let Some(next) = Bounds::of(value) else {
                return unknown.map_or(best, Value::Unknown);
            };
            // The greatest is the negative of the least of the negatives.
            bounds = Some(match bounds {
                None => next,
                Some(so_far) if greatest => so_far.negative().at_most(next.negative(), self.arena).negative(),
                Some(so_far) => so_far.at_most(next, self.arena),
            });
        }
        bounds.map_or(best, |bounds| bounds.value(self.arena))
    }

    fn how_many(&self, arguments: &'a [Node]) -> Value<'a> {
        let (mut certain, mut possible) = (0u32, 0u32);
        let mut reason: Option<&'a Why<'a>> = None;
        for node in arguments {
            match self.truth(node) {
                Truth::True => certain += 1,
                Truth::False => {}
                Truth::Unknown(why) => {
                    possible += 1;
                    reason = both(reason, Some(why), self.arena);
                }
            }
        }
        let (low, high) = (Decimal::from(certain), Decimal::from(certain + possible));
        Bounds { low: Some(low), high: Some(high), why: reason }.value(self.arena)
    }

    fn size(&self, members: &'a [Value<'a>]) -> Value<'a> {
        let unknown = members.iter().find_map(Value::doubt);
        let Some(why) = unknown else { return Value::Number(Decimal::from(members.len())) };
        // An unknown member stands for any number of members.
        let known = members.iter().filter(|member| member.doubt().is_none()).count();
        Bounds { low: Some(Decimal::from(known)), high: None, why: Some(why) }.value(self.arena)
    }

    fn members(&self, set: Value<'a>) -> Option<ArenaVec<'a, Value<'a>>> {
        let mut members = ArenaVec::new_in(self.arena);
        match set {
            Value::Set(values) => members.extend_from_slice(values),
            Value::Constants(constants) => {
                members.extend(constants.iter().map(|constant| Value::of(constant, self.arena)))
            }
            _ => return None,
        }
        Some(members)
    }

    fn overlap(&self, a: Value<'a>, b: Value<'a>) -> Value<'a> {
        if let (Value::Unknown(why), _) | (_, Value::Unknown(why)) = (a, b) {
            let empty = |set| matches!(set, Value::Set([]) | Value::Constants([]));
            return if empty(a) || empty(b) { Value::Set(&[]) } else { Value::Unknown(why) };
        }
        let (Some(first), Some(second)) = (self.members(a), self.members(b)) else {
            return Value::Unknown(self.undefined("the sets cannot be compared"));
        };
        let mut shared = ArenaVec::new_in(self.arena);
        shared.extend(
            first.into_iter().filter(|member| member.doubt().is_some() || second.iter().any(|other| other.is(member))),
        );
        Value::Set(shared.into_bump_slice())
    }

    fn anniversary(&self, day: Date) -> Value<'a> {
        use chrono::Datelike;
        let (from, until) = if self.model().cycle.is_some() {
            match self.cycle() {
                Ok((start, end)) => (start, Some(end)),
                Err(why) => return Value::Unknown(why),
            }
        } else {
            self.turns_on(Date::from_ymd_opt(self.as_of.year() + 1, 1, 1));
            (Date::from_ymd_opt(self.as_of.year(), 1, 1).unwrap_or(self.as_of), None)
        };
        let candidates = [from.year(), from.year() + 1].map(|year| date::in_year(day, year));
        let fits = candidates.into_iter().flatten().find(|d| *d >= from && until.is_none_or(|until| *d < until));
        // A short first cycle may hold no anniversary: then it is the one of the year in which it starts.
        fits.or(candidates[0]).map_or_else(|| self.overflow(), Value::Date)
    }

    fn marginal(&self, bands: ParameterId, number: Decimal) -> Value<'a> {
        let parameter = self.model().parameter(bands);
        let cells = self.cells(bands);
        let [Key::Bands(bounds, _)] = parameter.keys.as_slice() else {
            return Value::Unknown(self.undefined("the parameter has no bands"));
        };
        let mut sum = Value::Number(Decimal::ZERO);
        let mut from = Decimal::ZERO;
        for (bound, cell) in bounds.iter().zip(cells) {
            let upper = match bound {
                Bound::Below(upper) | Bound::UpTo(upper) => number.min(*upper),
                Bound::Open => number,
            };
            if upper <= from {
                continue;
            }
            let rate = cell.as_ref().map_or(Value::None, |constant| Value::of(constant, self.arena));
            let part = self.arithmetic(Operator::Multiply, Value::Number(upper - from), rate);
            let part = if parameter.kind == Kind::Percent {
                self.arithmetic(Operator::Divide, part, Value::Number(Decimal::ONE_HUNDRED))
            } else {
                part
            };
            sum = self.arithmetic(Operator::Add, sum, part);
            from = upper;
        }
        if number > from {
            return Value::Unknown(self.undefined("the number lies above the last band"));
        }
        sum
    }

    /// `any`, `all`, `count` and `sum` over the records at hand.
    #[inline(never)]
    fn over(&self, over: &'a Over) -> Value<'a> {
        let mut unknown: Option<&'a Why<'a>> = None;
        let (mut certain, mut possible) = (0u32, 0u32);
        let mut sum = Value::Number(Decimal::ZERO);
        let presence = self.each_row(over.domain, over.inside, &mut |_| {
            let fits = over.filter.as_ref().map_or(Truth::True, |filter| self.truth(filter));
            match (over.quantifier, fits) {
                (Quantifier::Any, Truth::True) | (Quantifier::All, Truth::False) => {
                    certain += 1;
                    return false;
                }
                (Quantifier::Sum, Truth::True) => {
                    let value = over.value.as_ref().map_or(Value::None, |value| self.eval(value));
                    if !matches!(value, Value::None) {
                        sum = self.arithmetic(Operator::Add, sum, value);
                    }
                }
                (Quantifier::Sum, Truth::Unknown(why)) => {
                    let value = over.value.as_ref().map_or(Value::None, |value| self.eval(value));
                    let maybe = self.either(Value::Number(Decimal::ZERO), value, why);
                    sum = self.arithmetic(Operator::Add, sum, maybe);
                }
                (Quantifier::Count, Truth::True) => certain += 1,
                (_, Truth::Unknown(why)) => {
                    possible += 1;
                    unknown = both(unknown, Some(why), self.arena);
                }
                _ => {}
            }
            true
        });
        let absent = (presence == Presence::Unknown).then(|| self.list_unknown(over.domain, over.inside));
        let reason = both(unknown, absent, self.arena);
        match over.quantifier {
            Quantifier::Any if certain > 0 => Value::Flag(true),
            Quantifier::All if certain > 0 => Value::Flag(false),
            Quantifier::Any | Quantifier::All => {
                reason.map_or(Value::Flag(over.quantifier == Quantifier::All), Value::Unknown)
            }
            Quantifier::Count => {
                let high = if absent.is_some() { None } else { Some(Decimal::from(certain + possible)) };
                Bounds { low: Some(Decimal::from(certain)), high, why: reason }.value(self.arena)
            }
            Quantifier::Sum => absent.map_or(sum, Value::Unknown),
        }
    }

    fn days(&self, from: Value<'a>, to: Value<'a>, what: &'a Node, every: bool) -> Value<'a> {
        let (from, to) = match (from, to) {
            (Value::Date(from), Value::Date(to)) => (from, to),
            (Value::Unknown(why), _) | (_, Value::Unknown(why)) => return Value::Unknown(why),
            _ => return Value::Unknown(self.undefined("the span has no ends")),
        };
        if date::days_between(from, to) > super::LONGEST_SPAN {
            self.fail(Failure::SpanTooLong);
            return Value::Unknown(self.undefined("the span is too long"));
        }
        let mut unknown: Option<&'a Why<'a>> = None;
        for day in from.iter_days().take_while(|day| *day <= to) {
            match self.at(day).truth(what) {
                Truth::True if !every => return Value::Flag(true),
                Truth::False if every => return Value::Flag(false),
                Truth::Unknown(why) => unknown = both(unknown, Some(why), self.arena),
                _ => {}
            }
        }
        unknown.map_or(Value::Flag(every), Value::Unknown)
    }
}

/// The rounding at this place of [`Rounding::WORDS`].
pub fn rounding(word: u32) -> Rounding {
    Rounding::WORDS.get(word as usize).map_or(Rounding::Exact, |(_, rounding)| *rounding)
}

/// The band in which a number lies.
fn band(bounds: &[Bound], number: Decimal) -> Option<usize> {
    bounds.iter().position(|bound| match bound {
        Bound::Below(bound) => number < *bound,
        Bound::UpTo(bound) => number <= *bound,
        Bound::Open => true,
    })
}

fn key_len(model: &crate::model::Model, key: &Key) -> usize {
    match key {
        Key::Words(words) => model.words(*words).words.len(),
        Key::Rows(domain) => match &model.domain(*domain).rows {
            RowsOf::Table(table) => table.ids.len(),
            _ => 0,
        },
        Key::Bands(bounds, _) => bounds.len(),
    }
}
