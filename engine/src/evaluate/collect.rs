//! What records are remembered for: keys that count once, and values of which one is picked.

use super::Evaluator;
use super::bounds::both;
use crate::date::Date;
use crate::facts::{Arena, Value, Why};
use crate::model::{Aggregate, Tally};
use crate::value::Decimal;
use bumpalo::collections::Vec as ArenaVec;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// From how many keys on they are found by hash.
const MANY: usize = 24;

/// Keys of records, each counted once.
pub struct Keys<'a> {
    list: ArenaVec<'a, (&'a [Value<'a>], bool)>,
    /// Where there are many: their places by hash.
    by_hash: Option<HashMap<u64, Vec<usize>>>,
}

/// What a key was before it was added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// Not there.
    New,
    /// There, but not certain.
    WasPossible,
    /// There.
    Known,
}

impl<'a> Keys<'a> {
    /// No keys yet, of so many records.
    pub fn new(records: usize, arena: &'a Arena) -> Self {
        Self { list: ArenaVec::with_capacity_in(records, arena), by_hash: None }
    }

    /// Adds the key of a record that counts.
    pub fn add_certain(&mut self, key: &'a [Value<'a>]) -> Added {
        match self.find(key) {
            None => {
                self.push(key, true);
                Added::New
            }
            Some(place) if !self.list[place].1 => {
                self.list[place].1 = true;
                Added::WasPossible
            }
            Some(_) => Added::Known,
        }
    }

    /// Adds the key of a record that may count; says whether it may add one to the count.
    pub fn add_possible(&mut self, key: &'a [Value<'a>]) -> bool {
        if key.iter().all(|value| value.doubt().is_none()) {
            if self.find(key).is_some() {
                return false;
            }
            self.push(key, false);
        }
        true
    }

    fn push(&mut self, key: &'a [Value<'a>], certain: bool) {
        self.list.push((key, certain));
        if let Some(by_hash) = &mut self.by_hash {
            by_hash.entry(hash(key)).or_default().push(self.list.len() - 1);
        } else if self.list.len() == MANY {
            let mut by_hash: HashMap<u64, Vec<usize>> = HashMap::new();
            for (place, (key, _)) in self.list.iter().enumerate() {
                by_hash.entry(hash(key)).or_default().push(place);
            }
            self.by_hash = Some(by_hash);
        }
    }

    fn find(&self, key: &[Value<'a>]) -> Option<usize> {
        let same = |place: &usize| self.list[*place].0.iter().zip(key).all(|(a, b)| a.is(b));
        match &self.by_hash {
            None => (0..self.list.len()).find(same),
            Some(by_hash) => by_hash.get(&hash(key))?.iter().copied().find(same),
        }
    }
}

fn hash(key: &[Value<'_>]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for value in key {
        match value {
            Value::Word(n) | Value::Row(n) => n.hash(&mut hasher),
            Value::Text(text) => text.hash(&mut hasher),
            Value::Number(number) => number.hash(&mut hasher),
            Value::Date(day) => day.hash(&mut hasher),
            Value::Flag(flag) => flag.hash(&mut hasher),
            _ => 0u8.hash(&mut hasher),
        }
    }
    hasher.finish()
}

/// Values of records, of which one is picked or all are kept.
pub struct Collected<'a> {
    values: ArenaVec<'a, (Value<'a>, bool, Option<Date>)>,
}

impl<'a> Collected<'a> {
    /// No values.
    pub fn new(arena: &'a Arena) -> Self {
        Self { values: ArenaVec::new_in(arena) }
    }

    /// Adds the value of a record; whether it is certain that the record counts, and when it happened.
    pub fn add(&mut self, value: Value<'a>, certain: bool, when: Option<Date>) {
        if !matches!(value, Value::None) {
            self.values.push((value, certain, when));
        }
    }
}

impl<'a> Evaluator<'a> {
    /// What is made of collected values.
    pub fn gathered(
        &self,
        aggregate: Aggregate,
        collected: Collected<'a>,
        tally: &'a Tally,
        why: Option<&'a Why<'a>>,
        absent: bool,
    ) -> Value<'a> {
        let values = collected.values;
        match aggregate {
            Aggregate::Any | Aggregate::All => {
                return self.any_or_all(aggregate == Aggregate::Any, &values, why, absent);
            }
            Aggregate::Collect => return self.collected(&values, why, absent),
            _ => {}
        }
        let uncertain = absent
            || values
                .iter()
                .any(|(value, certain, _)| !certain || matches!(value, Value::Unknown(_) | Value::Range(_)));
        if let (true, Some(why)) = (uncertain, why) {
            return Value::Unknown(why);
        }
        if values.is_empty() {
            return Value::of(&tally.empty, self.arena);
        }
        let numbers = || {
            let mut numbers: ArenaVec<'a, Decimal> = ArenaVec::new_in(self.arena);
            numbers.extend(values.iter().filter_map(|(value, ..)| match value {
                Value::Number(number) => Some(*number),
                _ => None,
            }));
            numbers.sort_unstable();
            numbers
        };
        match aggregate {
            Aggregate::Min | Aggregate::Max => {
                let best = values.iter().map(|(value, ..)| *value).reduce(|a, b| {
                    let less = matches!(self.compare(crate::expression::Operator::Less, b, a), Value::Flag(true));
                    if less == (aggregate == Aggregate::Min) { b } else { a }
                });
                best.unwrap_or(Value::None)
            }
            Aggregate::Median => {
                let numbers = numbers();
                let (middle, odd) = (numbers.len() / 2, numbers.len() % 2 == 1);
                if odd {
                    return Value::Number(numbers[middle]);
                }
                let sum = numbers[middle - 1].checked_add(numbers[middle]);
                sum.map_or_else(|| self.overflow(), |sum| Value::Number(sum / Decimal::TWO))
            }
            _ => {
                // The record that happened last; of several on one day, the last in the document.
                let mut last = values[0];
                for value in &values[1..] {
                    if value.2 >= last.2 {
                        last = *value;
                    }
                }
                last.0
            }
        }
    }

    fn any_or_all(
        &self,
        any: bool,
        values: &[(Value<'a>, bool, Option<Date>)],
        why: Option<&'a Why<'a>>,
        absent: bool,
    ) -> Value<'a> {
        let decides = |value: &Value<'a>| matches!(value, Value::Flag(flag) if *flag == any);
        if values.iter().any(|(value, certain, _)| *certain && decides(value)) {
            return Value::Flag(any);
        }
        let open = absent || values.iter().any(|(value, ..)| decides(value) || matches!(value, Value::Unknown(_)));
        match why {
            Some(why) if open => Value::Unknown(why),
            _ => Value::Flag(!any),
        }
    }

    fn collected(
        &self,
        values: &[(Value<'a>, bool, Option<Date>)],
        why: Option<&'a Why<'a>>,
        absent: bool,
    ) -> Value<'a> {
        let mut members: ArenaVec<'a, Value<'a>> = ArenaVec::new_in(self.arena);
        let mut unknown: Option<&'a Why<'a>> = None;
        for (value, certain, _) in values {
            match value {
                Value::Unknown(why) => unknown = both(unknown, Some(why), self.arena),
                Value::Range(range) => unknown = both(unknown, Some(range.why), self.arena),
                value if *certain => {
                    if !members.iter().any(|known| known.is(value)) {
                        members.push(*value);
                    }
                }
                _ => unknown = both(unknown, why, self.arena),
            }
        }
        if absent {
            unknown = both(unknown, why, self.arena);
        }
        if let Some(why) = unknown {
            // A set that may hold more: what is asked of it may still be decided by what it does hold.
            members.push(Value::Unknown(why));
        }
        Value::Set(members.into_bump_slice())
    }
}
