//! Scripts: called only when every argument is known, trusted with nothing.
//!
//! A percentage is a fraction in a script: 1 % is 0.01, so that a formula there gives what it gives in an expression.

use super::{Evaluator, Failure, steps};
use crate::facts::Value;
use crate::model::RowsOf;
use crate::model::ScriptId;
use crate::model::node::Node;
use crate::script::ScriptValue;
use crate::value::{Decimal, Kind};
use bumpalo::collections::Vec as ArenaVec;

impl<'a> Evaluator<'a> {
    /// What a script gives for these arguments.
    pub fn script(&self, id: ScriptId, arguments: &'a [Node]) -> Value<'a> {
        let declared = &self.model().scripts[id.0 as usize];
        let mut given = Vec::with_capacity(arguments.len());
        for (node, (_, kind)) in arguments.iter().zip(&declared.takes) {
            let value = self.eval(node);
            match value {
                Value::Unknown(why) => return Value::Unknown(why),
                Value::Range(range) => return Value::Unknown(range.why),
                value => match self.to_script(value, kind) {
                    Some(value) => given.push(value),
                    None => return Value::Unknown(self.undefined("a script cannot take this value")),
                },
            }
        }
        let failed = |message: String, line: Option<usize>| {
            let (script, path) = (declared.name.clone(), declared.path.clone());
            let rule = self.model().rule_that_calls(arguments);
            self.fail(Failure::Script { script, rule, message, path, line });
            Value::Unknown(self.undefined("a script failed"))
        };
        if !self.step(steps::SCRIPT) {
            return Value::Unknown(self.undefined("the evaluation has taken all of its steps"));
        }
        match declared.script.call(&given) {
            Err(fault) => failed(fault.message, fault.line),
            Ok(value) => {
                let optional = declared.returns.optional;
                match self.of_script(&value, &declared.returns.kind) {
                    Some(Value::None) if !optional => failed("it returned nothing".to_owned(), None),
                    Some(value) => value,
                    None => {
                        let wanted = self.model().kind_name(&declared.returns.kind);
                        failed(format!("it returned {}, not {wanted}", value.told()), None)
                    }
                }
            }
        }
    }

    fn to_script(&self, value: Value<'a>, kind: &Kind) -> Option<ScriptValue> {
        Some(match (value, kind) {
            (Value::None, _) => ScriptValue::None,
            (Value::Flag(flag), _) => ScriptValue::Flag(flag),
            (Value::Number(number), Kind::Percent) => ScriptValue::Number(number.checked_div(Decimal::ONE_HUNDRED)?),
            (Value::Number(number), _) => ScriptValue::Number(number),
            (Value::Text(text), _) => ScriptValue::Text(text.to_owned()),
            (Value::Date(date), _) => ScriptValue::Date(date),
            (Value::Word(word), Kind::Word(words)) => {
                ScriptValue::Text(self.model().words(*words).words.get(word as usize)?.clone())
            }
            (Value::Row(row), Kind::Row(domain)) => match &self.model().domain(*domain).rows {
                RowsOf::Table(table) => ScriptValue::Text(table.ids.get(row as usize)?.clone()),
                _ => return None,
            },
            (Value::Set(members), Kind::Set(of)) => {
                let members: Option<Vec<_>> = members.iter().map(|member| self.to_script(*member, of)).collect();
                ScriptValue::List(members?)
            }
            (Value::Constants(members), Kind::Set(of)) => {
                let members = members.iter().map(|member| self.to_script(Value::of(member, self.arena), of));
                ScriptValue::List(members.collect::<Option<Vec<_>>>()?)
            }
            _ => return None,
        })
    }

    fn of_script(&self, value: &ScriptValue, kind: &Kind) -> Option<Value<'a>> {
        Some(match (value, kind) {
            (ScriptValue::None, _) => Value::None,
            (ScriptValue::Flag(flag), Kind::Flag) => Value::Flag(*flag),
            (ScriptValue::Number(number), Kind::Count) if number.fract().is_zero() => Value::Number(*number),
            (ScriptValue::Number(number), Kind::Number | Kind::Money) => Value::Number(*number),
            (ScriptValue::Number(number), Kind::Percent) => Value::Number(number.checked_mul(Decimal::ONE_HUNDRED)?),
            (ScriptValue::Text(text), Kind::Text) => Value::Text(self.arena.alloc_str(text)),
            (ScriptValue::Text(text), Kind::Word(words)) => Value::Word(self.model().words(*words).find(text)?),
            (ScriptValue::Date(date), Kind::Date) => Value::Date(*date),
            (ScriptValue::List(list), Kind::Set(of)) => {
                let mut members = ArenaVec::with_capacity_in(list.len(), self.arena);
                for member in list {
                    members.push(self.of_script(member, of)?);
                }
                Value::Set(members.into_bump_slice())
            }
            _ => return None,
        })
    }
}
