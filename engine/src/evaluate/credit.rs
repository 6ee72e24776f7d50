//! Credits: who is credited with what.
//!
//! Who takes part and does not meet what it takes is not credited, and is told why. What is not known of one partner leaves the credits of the others alone, unless they share.

use super::Evaluator;
use super::bounds::both;
use super::ladder::{Checked, State};
use super::time::Span;
use super::truth::Truth;
use crate::facts::{Presence, Value, Why};
use crate::model::node::Node;
use crate::model::{Credit, CreditRow, RowsOf};
use crate::value::{Decimal, Kind};
use bumpalo::collections::Vec as ArenaVec;

/// What one partner is credited with.
#[derive(Clone, Copy, Debug)]
pub struct CreditResult<'a> {
    /// The rule.
    pub credit: &'a Credit,
    /// Its row.
    pub row: &'a CreditRow,
    /// The place of the rows for which it is credited.
    pub combination: u32,
    /// Who; unknown where a record does not tell.
    pub to: Value<'a>,
    /// What it is about, where the rule says so.
    pub subject: Option<Value<'a>>,
    /// How what it takes came out, where somebody is not credited.
    pub reasons: &'a [Checked<'a>],
    /// How much, where something is counted.
    pub value: Option<Value<'a>>,
    /// Why it is not certain.
    pub why: Option<&'a Why<'a>>,
    /// The records that name the partner.
    pub facts: &'a [u32],
}

/// What all credits come to.
#[derive(Debug)]
pub struct CreditResults<'a> {
    /// Who is credited with what, in the order of the rules, of what is credited, and of the facts.
    pub lines: ArenaVec<'a, CreditResult<'a>>,
    /// Who takes part and is not credited, in the same order.
    pub refused: ArenaVec<'a, CreditResult<'a>>,
    /// Rows of which it is not known whom else they credit.
    pub open: ArenaVec<'a, (&'a CreditRow, &'a Why<'a>)>,
}

/// Somebody who is credited, while the records are visited.
struct Recipient<'a> {
    to: Value<'a>,
    subject: Option<Value<'a>>,
    /// How what it takes came out, where that does not hold.
    reasons: &'a [Checked<'a>],
    key: &'a [Value<'a>],
    why: Option<&'a Why<'a>>,
    facts: ArenaVec<'a, u32>,
}

impl<'a> Evaluator<'a> {
    /// Who is credited with what.
    pub fn credits(&self) -> CreditResults<'a> {
        let list = || ArenaVec::new_in(self.arena);
        let mut results = CreditResults { lines: list(), refused: list(), open: ArenaVec::new_in(self.arena) };
        for credit in &self.model().credits {
            for combination in 0..self.combinations(&credit.each) {
                for row in &credit.rows {
                    self.enter(&credit.each, combination);
                    self.credit(credit, row, combination, &mut results);
                }
            }
        }
        results
    }

    fn credit(&self, credit: &'a Credit, row: &'a CreditRow, combination: u32, results: &mut CreditResults<'a>) {
        let mut common: Option<&'a Why<'a>> = None;
        for condition in &row.applies {
            if !self.may(condition, &mut common) {
                return;
            }
        }
        let mut keys: ArenaVec<'a, &'a Node> = ArenaVec::new_in(self.arena);
        let chosen = credit
            .once_per
            .iter()
            .filter(|(chosen, _)| chosen.as_ref().is_none_or(|chosen| matches!(self.truth(chosen), Truth::True)));
        keys.extend(chosen.map(|(_, key)| key));
        let mut recipients: ArenaVec<'a, Recipient<'a>> = ArenaVec::new_in(self.arena);
        let mut refused: ArenaVec<'a, Recipient<'a>> = ArenaVec::new_in(self.arena);
        let mut visit = |record: u32| {
            match self.recipient(credit, &keys, record, common) {
                Some(found) if found.reasons.is_empty() => add(&mut recipients, found, self),
                Some(found) => refused.push(found),
                None => {}
            }
            true
        };
        let presence = if credit.each.contains(&credit.domain) {
            visit(self.row(credit.domain));
            Presence::Known
        } else {
            self.each_row(credit.domain, credit.inside, &mut visit)
        };
        let absent = (presence == Presence::Unknown).then(|| self.list_unknown(credit.domain, credit.inside));
        if let Some(why) = absent {
            match results.open.iter_mut().find(|(known, _)| std::ptr::eq(*known, row)) {
                Some((_, known)) => *known = both(Some(known), Some(why), self.arena).unwrap_or(why),
                None => results.open.push((row, why)),
            }
        }
        // Who is credited by one record is not refused by another.
        refused.retain(|found| !recipients.iter().any(|other| same(other.key, found.key)));
        let all = self.credited(credit, &recipients, absent);
        let result = |recipient: Recipient<'a>, value, why| CreditResult {
            credit,
            row,
            combination,
            to: recipient.to,
            subject: recipient.subject,
            reasons: recipient.reasons,
            value,
            why,
            facts: recipient.facts.into_bump_slice(),
        };
        results.lines.extend(recipients.into_iter().zip(all).map(|(one, (value, why))| result(one, value, why)));
        results.refused.extend(refused.into_iter().map(|one| result(one, None, None)));
    }

    /// Who is credited by the records at hand, if anybody may be.
    fn recipient(
        &self,
        credit: &'a Credit,
        keys: &[&'a Node],
        record: u32,
        common: Option<&'a Why<'a>>,
    ) -> Option<Recipient<'a>> {
        let mut why = common;
        for happened in &credit.happened {
            match self.eval(happened) {
                Value::Date(day) if day > self.as_of => {
                    self.turns_on(Some(day));
                    return None;
                }
                Value::Date(_) => {}
                Value::Unknown(unknown) => why = both(why, Some(unknown), self.arena),
                _ => return None,
            }
        }
        let in_time = match credit.dated.as_ref().map(|dated| self.eval(dated)) {
            Some(Value::Date(day)) => Span { from: credit.from, until: credit.until }.holds(day),
            Some(_) => true,
            None => self.applies_on(credit.from, credit.until),
        };
        if !in_time {
            return None;
        }
        if let Some(filter) = &credit.filter
            && !self.may(filter, &mut why)
        {
            return None;
        }
        let reasons = self.check_all(&credit.requires, &[]);
        let refused = reasons.iter().any(|checked| matches!(checked.state, State::NotMet));
        for checked in reasons {
            if let State::Undetermined(unknown) = checked.state {
                why = both(why, Some(unknown), self.arena);
            }
        }
        let subject = credit.subject.as_ref().map(|subject| self.named(subject));
        why = both(why, subject.and_then(|subject| subject.doubt()), self.arena);
        let to = self.named(&credit.to);
        match to {
            Value::None => return None,
            Value::Unknown(unknown) => why = both(why, Some(unknown), self.arena),
            _ => {}
        }
        let mut key = ArenaVec::with_capacity_in(keys.len() + 1, self.arena);
        key.extend(subject);
        for node in keys {
            let value = if node.op == credit.to.op { to } else { self.eval(node) };
            why = both(why, value.doubt(), self.arena);
            key.push(value);
        }
        if keys.is_empty() {
            // Every record is credited by itself.
            key.push(Value::Number(Decimal::from(record)));
        }
        let mut facts = ArenaVec::new_in(self.arena);
        facts.push(record);
        let reasons = if refused { reasons } else { &[] };
        Some(Recipient { to, subject, reasons, key: key.into_bump_slice(), why, facts })
    }

    /// Whom or what a node names. A reference names its record by the id, though nothing more be known of it.
    fn named(&self, to: &'a Node) -> Value<'a> {
        let model = self.model();
        let name = match (self.eval(to), &to.ty.kind) {
            (Value::Unknown(Why::Record(_, id)), _) => Some(*id),
            (Value::Word(word), Kind::Word(words)) => model.words(*words).words.get(word as usize).map(String::as_str),
            (Value::Row(row), Kind::Row(domain)) => match &model.domain(*domain).rows {
                RowsOf::Records(_) => self.record_id(*domain, row),
                RowsOf::Table(table) => table.ids.get(row as usize).map(String::as_str),
                RowsOf::Words(words) => model.words(*words).words.get(row as usize).map(String::as_str),
            },
            (value, _) => return value,
        };
        name.map_or_else(|| self.eval(to), Value::Text)
    }

    /// What each recipient is credited with, and why that is not certain.
    fn credited(
        &self,
        credit: &'a Credit,
        recipients: &[Recipient<'a>],
        absent: Option<&'a Why<'a>>,
    ) -> ArenaVec<'a, (Option<Value<'a>>, Option<&'a Why<'a>>)> {
        let mut all = ArenaVec::with_capacity_in(recipients.len(), self.arena);
        let Some(value) = &credit.value else {
            all.extend(recipients.iter().map(|recipient| (None, recipient.why)));
            return all;
        };
        let value = self.eval(value);
        let share = self.eval(&credit.share);
        let of_one_subject = |one: &Recipient<'a>, other: &Recipient<'a>| match (one.subject, other.subject) {
            (Some(one), Some(other)) => one.is(&other),
            _ => true,
        };
        let alone = recipients.len() == 1 && absent.is_none();
        let open = match share {
            Value::Word(0) => None,
            // How much each of them has depends on how many they are.
            Value::Word(_) => recipients.iter().fold(absent, |open, one| both(open, one.why, self.arena)),
            other => other.doubt().filter(|_| !alone),
        };
        for (place, recipient) in recipients.iter().enumerate() {
            let why = both(both(recipient.why, open, self.arena), value.doubt(), self.arena);
            let sharing = |others: &[Recipient<'a>]| others.iter().filter(|one| of_one_subject(one, recipient)).count();
            let (many, place) = (sharing(recipients), sharing(&recipients[..place]));
            let credited = match (why, share, value) {
                (Some(why), ..) if value.doubt().is_none() || recipient.why.is_some() || open.is_some() => {
                    Value::Unknown(why)
                }
                (None, Value::Word(1), Value::Number(whole)) => Value::Number(part(whole, many, place, credit.places)),
                (Some(why), Value::Word(1), _) if recipients.len() > 1 => Value::Unknown(why),
                _ => value,
            };
            all.push((Some(credited), why));
        }
        all
    }

    /// Whether a condition may hold; where that is not known, the reason is added to `why`.
    fn may(&self, condition: &'a Node, why: &mut Option<&'a Why<'a>>) -> bool {
        match self.truth(condition) {
            Truth::True => true,
            Truth::False => false,
            Truth::Unknown(unknown) => {
                *why = both(*why, Some(unknown), self.arena);
                true
            }
        }
    }
}

/// Adds somebody who is credited, once for each key; what is certain stands before what is not.
fn add<'a>(recipients: &mut ArenaVec<'a, Recipient<'a>>, found: Recipient<'a>, evaluator: &Evaluator<'a>) {
    match recipients.iter_mut().find(|other| same(other.key, found.key)) {
        None => recipients.push(found),
        Some(other) => match (other.why, found.why) {
            (None, None) => other.facts.extend(found.facts),
            (None, Some(_)) => {}
            (Some(_), None) => (other.why, other.facts) = (None, found.facts),
            (Some(_), Some(_)) => {
                other.why = both(other.why, found.why, evaluator.arena);
                other.facts.extend(found.facts);
            }
        },
    }
}

/// Whether two keys are known, and are the same.
fn same<'a>(a: &[Value<'a>], b: &[Value<'a>]) -> bool {
    let known = |key: &[Value<'a>]| key.iter().all(|value| value.doubt().is_none());
    known(a) && known(b) && a.iter().zip(b).all(|(a, b)| a.is(b))
}

/// The share of the one at `place` among `many`: all shares are equal but for what does not divide, which goes to
/// the first of them, so that together they are the whole.
fn part(whole: Decimal, many: usize, place: usize, places: u32) -> Decimal {
    if many <= 1 {
        return whole;
    }
    let count = Decimal::from(many as u64);
    let equal = (whole / count).trunc_with_scale(places);
    let rest = whole - equal * count;
    let mut unit = Decimal::new(1, places);
    unit.set_sign_negative(rest.is_sign_negative());
    let units = (rest / unit).trunc();
    let extra = if Decimal::from(place as u64) < units { unit } else { Decimal::ZERO };
    let finer = if place == 0 { rest - units * unit } else { Decimal::ZERO };
    equal + extra + finer
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_does_not_divide_goes_to_the_first() {
        let shares = |whole: &str, many: usize, places: u32| {
            let whole: Decimal = whole.parse().expect("a number");
            (0..many).map(|place| part(whole, many, place, places).to_string()).collect::<Vec<_>>()
        };
        assert_eq!(shares("100", 3, 2), ["33.34", "33.33", "33.33"]);
        assert_eq!(shares("5", 3, 0), ["2", "2", "1"]);
        assert_eq!(shares("0.05", 2, 1), ["0.05", "0"]);
        assert_eq!(shares("-1", 3, 2), ["-0.34", "-0.33", "-0.33"]);
        assert_eq!(shares("7", 1, 2), ["7"]);
    }

    proptest! {
        #[test]
        fn shares_add_up_to_the_whole(cents in -1_000_000_000i64..1_000_000_000, many in 1usize..50, places in 0u32..4) {
            let whole = Decimal::new(cents, 2);
            let sum: Decimal = (0..many).map(|place| part(whole, many, place, places)).sum();
            prop_assert_eq!(sum, whole);
        }
    }
}
