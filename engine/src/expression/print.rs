//! [`Expr`] to canonical text, such that reading the text gives the same expression.

use super::{Expr, ExprKind, Operator};
use std::fmt;

/// How tightly each form binds, as Rhai has it.
const CHOICE: u8 = 0;
const OR: u8 = 30;
const AND: u8 = 60;
const EQUAL: u8 = 90;
const IN: u8 = 110;
const ORDER: u8 = 130;
const COALESCE: u8 = 135;
const SUM: u8 = 150;
const PRODUCT: u8 = 180;
const PREFIX: u8 = 220;
const POSTFIX: u8 = 230;
const ATOM: u8 = 240;

impl Expr {
    /// The canonical text of a name with fields and indexes, such as `deal.customer` or
    /// `rate[tier].base`; `None` for every other expression.
    ///
    /// Two expressions with the same path stand for the same value where they stand together.
    pub fn path(&self) -> Option<String> {
        match &self.kind {
            ExprKind::Name(name) => Some(name.clone()),
            ExprKind::Field(base, word) => Some(format!("{}.{}", base.path()?, word.text)),
            ExprKind::Index(base, key) => Some(format!("{}[{key}]", base.path()?)),
            _ => None,
        }
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExprKind::Flag(flag) => write!(f, "{flag}"),
            ExprKind::Number(number) => write!(f, "{number}"),
            ExprKind::Text(text) => quoted(f, text),
            ExprKind::Name(name) => f.write_str(name),
            ExprKind::Field(base, word) => write!(f, "{}.{}", Inside(base, POSTFIX), word.text),
            ExprKind::Index(base, key) => write!(f, "{}[{key}]", Inside(base, POSTFIX)),
            ExprKind::List(items) => {
                f.write_str("[")?;
                joined(f, items, ", ", CHOICE)?;
                f.write_str("]")
            }
            ExprKind::Not(part) => match &part.kind {
                ExprKind::In(item, set) => write!(f, "{} !in {}", Inside(item, IN), Inside(set, IN + 1)),
                ExprKind::Not(_) => write!(f, "!{}", Inside(part, PREFIX)),
                _ => write!(f, "!{}", Inside(part, PREFIX + 1)),
            },
            ExprKind::Negative(part) => write!(f, "-{}", Inside(part, PREFIX + 1)),
            ExprKind::And(parts) => joined(f, parts, " && ", AND + 1),
            ExprKind::Or(parts) => joined(f, parts, " || ", OR + 1),
            ExprKind::Binary(operator, left, right) => {
                let level = binding(*operator);
                write!(f, "{} {} {}", Inside(left, level), operator.symbol(), Inside(right, level + 1))
            }
            ExprKind::In(item, set) => write!(f, "{} in {}", Inside(item, IN), Inside(set, IN + 1)),
            ExprKind::If(condition, then, otherwise) => {
                write!(f, "if {condition} {{ {then} }} else ")?;
                match otherwise.kind {
                    ExprKind::If(..) => write!(f, "{otherwise}"),
                    _ => write!(f, "{{ {otherwise} }}"),
                }
            }
            ExprKind::Coalesce(left, right) => {
                write!(f, "{} ?? {}", Inside(left, COALESCE + 1), Inside(right, COALESCE))
            }
            ExprKind::Call(word, arguments) => {
                write!(f, "{}(", word.text)?;
                joined(f, arguments, ", ", CHOICE)?;
                f.write_str(")")
            }
        }
    }
}

/// An expression where only something that binds at least so tightly can stand without brackets.
struct Inside<'a>(&'a Expr, u8);

impl fmt::Display for Inside<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match level(self.0) >= self.1 {
            true => write!(f, "{}", self.0),
            false => write!(f, "({})", self.0),
        }
    }
}

fn level(expr: &Expr) -> u8 {
    match &expr.kind {
        ExprKind::If(..) => CHOICE,
        ExprKind::Or(_) => OR,
        ExprKind::And(_) => AND,
        ExprKind::Binary(operator, ..) => binding(*operator),
        ExprKind::In(..) => IN,
        ExprKind::Not(part) if matches!(part.kind, ExprKind::In(..)) => IN,
        ExprKind::Coalesce(..) => COALESCE,
        ExprKind::Not(_) | ExprKind::Negative(_) => PREFIX,
        ExprKind::Number(number) if number.is_sign_negative() => PREFIX,
        ExprKind::Number(_) => PREFIX + 1,
        _ => ATOM,
    }
}

fn binding(operator: Operator) -> u8 {
    match operator {
        Operator::Equal | Operator::NotEqual => EQUAL,
        Operator::Less | Operator::AtMost | Operator::More | Operator::AtLeast => ORDER,
        Operator::Add | Operator::Subtract => SUM,
        Operator::Multiply | Operator::Divide => PRODUCT,
    }
}

fn joined(f: &mut fmt::Formatter<'_>, parts: &[Expr], between: &str, level: u8) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        write!(f, "{}", Inside(part, level))?;
    }
    Ok(())
}

fn quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("\"")?;
    for c in text.chars() {
        match c {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            c if c.is_control() => write!(f, "\\u{:04x}", u32::from(c))?,
            c => write!(f, "{c}")?,
        }
    }
    f.write_str("\"")
}

#[cfg(test)]
#[path = "print_tests.rs"]
mod tests;
