//! Values that a ruling cannot mean: a limit of none, a time that runs backwards, more than all of something.

use super::Checker;
use super::scope::Scope;
use crate::finding::{Finding, code};
use crate::model::node::{Constant, Node, Op};
use crate::value::{Decimal, DomainId, Duration};

impl Checker<'_> {
    /// A finding when a number, or any value of the parameter that holds it, is less than `least` or more than `most`.
    pub(super) fn number_meant(&mut self, node: &Node, key: &str, least: i64, most: Option<i64>) {
        let (low, high) = (Decimal::from(least), most.map(Decimal::from));
        let wrong = |constant: &Constant| match constant {
            Constant::Number(number) if *number < low || high.is_some_and(|high| *number > high) => {
                Some(number.to_string())
            }
            _ => None,
        };
        let help = match most {
            Some(most) => format!("write a number from {least} to {most}"),
            None => format!("write {least} or more"),
        };
        self.meant(node, key, wrong, help);
    }

    /// A finding when a time, or any value of the parameter that holds it, is none or runs backwards.
    pub(super) fn time_meant(&mut self, node: &Node, key: &str) {
        let wrong = |constant: &Constant| match constant {
            Constant::Duration(duration) if !lasts(*duration) => Some(duration.to_string()),
            _ => None,
        };
        self.meant(node, key, wrong, "write a time that is longer than none, such as `\"90 days\"`".to_owned());
    }

    fn meant(&mut self, node: &Node, key: &str, wrong: impl Fn(&Constant) -> Option<String>, help: String) {
        let (found, told) = match &node.op {
            Op::Constant(constant) => (wrong(constant), None),
            Op::Parameter(id, _) => {
                let parameter = self.model.parameter(*id);
                (parameter.values().find_map(&wrong), Some((parameter.span, parameter.name.clone())))
            }
            _ => (None, None),
        };
        let Some(found) = found else { return };
        let finding = match told {
            None => Finding::new(&code::BAD_VALUE, node.span, format!("`{key}` cannot be {found}")),
            Some((span, name)) => {
                let message = format!("`{key}` cannot be {found}, which `{name}` may be");
                Finding::new(&code::BAD_VALUE, node.span, message).and(span, "the parameter is here")
            }
        };
        self.findings.add(finding.help(help));
    }

    /// A finding when any record of `domain`, whatever it belongs to, would extend any subject of a ruling.
    pub(super) fn extends_its_own(&mut self, by: &Node, domain: DomainId, scope: &Scope) {
        let Some(own) = scope.own else { return };
        if scope.frames.contains(&domain) || scope.holder_of(self, domain).is_some() || reads(by, own) {
            return;
        }
        let (record, subject) = (self.model.domain(domain).name.clone(), self.model.domain(own).name.clone());
        let message = format!("any `{record}` would extend any `{subject}`");
        self.findings.add(
            Finding::new(&code::NOT_AT_HAND, by.span, message).help(format!(
                "write `in = \"{subject}\"` in [facts.{record}], so that each belongs to its `{subject}`"
            )),
        );
    }
}

/// Whether a time leads forwards.
fn lasts(duration: Duration) -> bool {
    duration.months >= 0 && duration.days >= 0 && (duration.months, duration.days) != (0, 0)
}

/// Whether an expression reads the record of `domain` at hand.
fn reads(node: &Node, domain: DomainId) -> bool {
    let mut found = false;
    node.walk(&mut |node| found |= matches!(&node.op, Op::Field(of, _) | Op::Row(of) if *of == domain));
    found
}
