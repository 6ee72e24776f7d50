//! Expressions as clauses: what holds, or does not.
//!
//! A negation is carried inward, so that a sentence says `is not` and never `it is not so that`.

use super::catalogue::{expression as say, part};
use super::message::Message;
use super::teller::Teller;
use crate::expression::Operator;
use crate::model::node::{Constant, Function, Node, Op, Over, Quantifier};
use crate::value::{Decimal, Kind};

impl Teller<'_> {
    /// The condition as a clause; its opposite unless `holds`.
    pub fn clause(&self, node: &Node, holds: bool) -> String {
        match &node.op {
            Op::Constant(Constant::Flag(flag)) => self.say(if *flag == holds { say::ALWAYS } else { say::NEVER }, &[]),
            Op::Not(of) => self.clause(of, !holds),
            Op::And(all) => self.joined(all, holds, holds),
            Op::Or(all) => self.joined(all, holds, !holds),
            Op::Compare(operator, a, b) => self.comparison(*operator, a, b, holds),
            Op::Has(of) => self.say(if holds { say::EXISTS } else { say::EXISTS_NOT }, &[&self.noun(of)]),
            Op::In(item, set) => self.membership(item, set, holds),
            Op::If(condition, yes, no) => {
                let parts = [self.clause(condition, true), self.clause(yes, holds), self.clause(no, holds)];
                self.say(say::EITHER, &[&parts[0], &parts[1], &parts[2]])
            }
            Op::Over(over) => self.question(over, holds).unwrap_or_else(|| self.flag(node, holds)),
            Op::Days(from, to, what, every) => {
                // Not on every day is on some day not, and the other way round.
                let message = if *every == holds { say::EVERY_DAY } else { say::ANY_DAY };
                self.say(message, &[&self.noun(from), &self.noun(to), &self.clause(what, holds)])
            }
            _ => self.flag(node, holds),
        }
    }

    fn flag(&self, node: &Node, holds: bool) -> String {
        let owned = match &node.op {
            Op::Field(domain, field) if self.at_hand != Some(*domain) => {
                Some((self.say(say::RECORD, &[&self.record(*domain)]), self.field_words(*domain, *field).0))
            }
            Op::FieldOf(owner, domain, field) => Some((self.noun(owner), self.field_words(*domain, *field).0)),
            _ => None,
        };
        if let Some((owner, name)) = owned {
            return self.say(if holds { say::HOLDS_OF } else { say::HOLDS_NOT_OF }, &[&owner, &name]);
        }
        let named = match &node.op {
            Op::Field(domain, field) => Some(self.field_words(*domain, *field).0),
            Op::Measure(id) => {
                let measure = self.model.measure(*id);
                Some(self.title_or(measure.title.as_ref(), &measure.name))
            }
            _ => None,
        };
        if let Some(name) = named {
            let quoted = self.say(say::QUOTED, &[&name]);
            return self.say(if holds { say::HOLDS } else { say::HOLDS_NOT }, &[&quoted]);
        }
        self.say(if holds { say::HOLDS } else { say::HOLDS_NOT }, &[&self.noun(node)])
    }

    /// All of them (`every`), or one of them.
    fn joined(&self, all: &[Node], holds: bool, every: bool) -> String {
        let clauses: Vec<String> = all
            .iter()
            .filter(|node| !self.goes_without_saying(node, all))
            .map(|node| match node.op {
                Op::And(_) | Op::Or(_) | Op::If(..) | Op::Over(_) | Op::Days(..) => {
                    self.say(say::GROUP, &[&self.clause(node, holds)])
                }
                _ => self.clause(node, holds),
            })
            .collect();
        self.joined_by(&clauses, if every { part::CLAUSE_AND } else { part::CLAUSE_OR })
    }

    /// Clauses with the word between each two of them, so that none is taken for a part of another.
    pub fn joined_by(&self, clauses: &[String], word: Message) -> String {
        let mut clauses = clauses.iter().cloned();
        let first = clauses.next().unwrap_or_default();
        clauses.fold(first, |said, clause| self.say(word, &[&said, &clause]))
    }

    /// `has(x)` beside a comparison of `x` only guards it.
    fn goes_without_saying(&self, node: &Node, all: &[Node]) -> bool {
        let Op::Has(of) = &node.op else { return false };
        all.iter().any(|other| match &other.op {
            Op::Compare(Operator::Equal, a, _) | Op::In(a, _) => a.op == of.op,
            _ => false,
        })
    }

    fn comparison(&self, operator: Operator, a: &Node, b: &Node, holds: bool) -> String {
        if let (Operator::AtLeast, true, Some(said)) = (operator, holds, self.set_condition(a, b)) {
            return said;
        }
        let operator = if holds { operator } else { opposite(operator) };
        let kind = &a.ty.kind;
        let levels = matches!(kind, Kind::Word(words) if self.model.words(*words).ordered);
        let message: Message = match operator {
            Operator::Equal => say::IS,
            Operator::NotEqual => say::IS_NOT,
            Operator::AtLeast if *kind == Kind::Date => say::NO_EARLIER,
            Operator::AtMost if *kind == Kind::Date => say::NO_LATER,
            Operator::More if *kind == Kind::Date => say::AFTER,
            Operator::Less if *kind == Kind::Date => say::BEFORE,
            Operator::AtLeast if levels => say::LEVEL_AT_LEAST,
            Operator::AtMost if levels => say::LEVEL_AT_MOST,
            Operator::More if levels => say::LEVEL_MORE,
            Operator::Less if levels => say::LEVEL_LESS,
            Operator::AtLeast => say::AT_LEAST,
            Operator::AtMost => say::AT_MOST,
            Operator::More => say::MORE,
            Operator::Less => say::LESS,
            Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide => say::IS,
        };
        self.say(message, &[&self.noun(a), &self.noun(b)])
    }

    /// `size(overlap(set, members)) >= n`, as cells of sets are lowered.
    fn set_condition(&self, a: &Node, b: &Node) -> Option<String> {
        let Op::Call(Function::Size, sized) = &a.op else { return None };
        let [Node { op: Op::Call(Function::Overlap, shared), .. }] = sized.as_slice() else { return None };
        let [set, members] = shared.as_slice() else { return None };
        let (set, named) = (self.noun(set), self.noun(members));
        match &b.op {
            Op::Call(Function::Size, of) if of.first().is_some_and(|of| of.op == members.op) => {
                Some(self.say(say::HAS_ALL, &[&set, &named]))
            }
            Op::Constant(Constant::Number(number))
                if *number == Decimal::ONE
                    && matches!(&members.op, Op::Constant(Constant::Set(one)) if one.len() == 1) =>
            {
                Some(self.say(say::INCLUDES, &[&set, &named]))
            }
            Op::Constant(Constant::Number(number)) if *number == Decimal::ONE => {
                Some(self.say(say::HAS_ANY, &[&set, &named]))
            }
            _ => Some(self.say(say::HAS_SOME, &[&set, &named, &self.noun(b)])),
        }
    }

    fn membership(&self, item: &Node, set: &Node, holds: bool) -> String {
        if let (Op::Constant(_), Op::Field(..) | Op::FieldOf(..) | Op::Measure(_)) = (&item.op, &set.op) {
            let message = if holds { say::INCLUDES } else { say::INCLUDES_NOT };
            return self.say(message, &[&self.noun(set), &self.noun(item)]);
        }
        let few = match (&set.op, &set.ty.kind) {
            (Op::Constant(Constant::Set(members)), Kind::Set(of)) if members.len() <= 3 => {
                let texts = members.iter().map(|member| match member {
                    Constant::Text(text) => self.say(say::QUOTED, &[text]),
                    member => self.constant(of, member),
                });
                Some(self.listed(&texts.collect::<Vec<_>>(), part::LIST_TWO_OR))
            }
            _ => None,
        };
        let item = self.noun(item);
        match (few, holds) {
            (Some(few), true) => self.say(say::IS, &[&item, &few]),
            (Some(few), false) => self.say(say::IS_NOT, &[&item, &few]),
            (None, true) => self.say(say::ONE_OF, &[&item, &self.noun(set)]),
            (None, false) => self.say(say::NONE_OF, &[&item, &self.noun(set)]),
        }
    }

    /// `any` and `all`; `None` for counts and sums.
    fn question(&self, over: &Over, holds: bool) -> Option<String> {
        let teller = self.at(over.domain);
        let record = self.record(over.domain);
        match (over.quantifier, &over.filter) {
            (Quantifier::Any, None) => {
                Some(self.say(if holds { say::THERE_IS_ANY } else { say::THERE_IS_NOT_ANY }, &[&record]))
            }
            (Quantifier::Any, Some(filter)) => {
                let message = if holds { say::THERE_IS } else { say::THERE_IS_NONE };
                Some(self.say(message, &[&record, &teller.clause(filter, true)]))
            }
            (Quantifier::All, None) => Some(self.say(if holds { say::ALWAYS } else { say::NEVER }, &[])),
            (Quantifier::All, Some(filter)) => {
                let message = if holds { say::FOR_EVERY } else { say::FOR_SOME };
                Some(self.say(message, &[&record, &teller.clause(filter, holds)]))
            }
            (Quantifier::Count | Quantifier::Sum, _) => None,
        }
    }
}

/// The comparison that holds exactly where `operator` does not.
fn opposite(operator: Operator) -> Operator {
    match operator {
        Operator::Equal => Operator::NotEqual,
        Operator::NotEqual => Operator::Equal,
        Operator::Less => Operator::AtLeast,
        Operator::AtLeast => Operator::Less,
        Operator::More => Operator::AtMost,
        Operator::AtMost => Operator::More,
        other => other,
    }
}
