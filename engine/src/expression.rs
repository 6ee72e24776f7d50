//! The condition language: a typed subset of Rhai expressions, as written.
//!
//! Here stands the shape of an expression before names and types are known. It knows nothing of
//! rulebooks, schemas or values of facts.

mod convert;
mod hints;
mod parse;
mod print;
mod slip;
mod tokens;

pub use parse::{LONGEST, RESERVED, parse};

use crate::source::Span;
use crate::value::Decimal;

/// An expression as written, with the place of every part.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// Where it stands in its file.
    pub span: Span,
    /// What it is.
    pub kind: ExprKind,
}

/// A name with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// The name as written.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// The forms that an expression can take.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `true`, `false`
    Flag(bool),
    /// `1`, `0.5`
    Number(Decimal),
    /// `"advanced"`
    Text(String),
    /// `points`
    Name(String),
    /// `partner.country`
    Field(Box<Expr>, Word),
    /// `rate[tier]`
    Index(Box<Expr>, Box<Expr>),
    /// `["rhel", "ansible"]`
    List(Vec<Expr>),
    /// `!a`
    Not(Box<Expr>),
    /// `-a`
    Negative(Box<Expr>),
    /// `a && b && c`, flattened
    And(Vec<Expr>),
    /// `a || b || c`, flattened
    Or(Vec<Expr>),
    /// `a + b`, `a <= b`, …
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// `item in set`; `!in` arrives as a `Not` around it
    In(Box<Expr>, Box<Expr>),
    /// `if c { a } else { b }`
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `a ?? b`
    Coalesce(Box<Expr>, Box<Expr>),
    /// `min(a, b)`
    Call(Word, Vec<Expr>),
}

/// An operator between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`, exact
    Divide,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

impl Expr {
    /// The expressions directly inside this one, in the order in which they are written.
    pub fn parts(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::Flag(_) | ExprKind::Number(_) | ExprKind::Text(_) | ExprKind::Name(_) => Vec::new(),
            ExprKind::Field(part, _) | ExprKind::Not(part) | ExprKind::Negative(part) => vec![part],
            ExprKind::Index(a, b) | ExprKind::Binary(_, a, b) | ExprKind::In(a, b) | ExprKind::Coalesce(a, b) => {
                vec![a, b]
            }
            ExprKind::If(a, b, c) => vec![a, b, c],
            ExprKind::List(parts) | ExprKind::And(parts) | ExprKind::Or(parts) | ExprKind::Call(_, parts) => {
                parts.iter().collect()
            }
        }
    }

    /// Puts what `meaning` gives for a name in the place of it; a member is renamed where that is a name.
    ///
    /// What is put there is not looked through: its own names mean what they mean elsewhere.
    pub fn bind(&mut self, meaning: &mut dyn FnMut(&str, Span) -> Option<Expr>) {
        if let ExprKind::Name(name) = &self.kind {
            if let Some(bound) = meaning(name, self.span) {
                *self = bound;
            }
            return;
        }
        if let ExprKind::Field(_, word) = &mut self.kind
            && let Some(Expr { kind: ExprKind::Name(name), .. }) = meaning(&word.text, word.span)
        {
            word.text = name;
        }
        self.parts_mut().into_iter().for_each(|part| part.bind(meaning));
    }

    /// The same, to be changed in place.
    fn parts_mut(&mut self) -> Vec<&mut Expr> {
        match &mut self.kind {
            ExprKind::Flag(_) | ExprKind::Number(_) | ExprKind::Text(_) | ExprKind::Name(_) => Vec::new(),
            ExprKind::Field(part, _) | ExprKind::Not(part) | ExprKind::Negative(part) => vec![part],
            ExprKind::Index(a, b) | ExprKind::Binary(_, a, b) | ExprKind::In(a, b) | ExprKind::Coalesce(a, b) => {
                vec![a, b]
            }
            ExprKind::If(a, b, c) => vec![a, b, c],
            ExprKind::List(parts) | ExprKind::And(parts) | ExprKind::Or(parts) | ExprKind::Call(_, parts) => {
                parts.iter_mut().collect()
            }
        }
    }
}

impl Operator {
    /// The operator that says the same with its sides exchanged.
    pub fn mirrored(self) -> Self {
        match self {
            Operator::Less => Operator::More,
            Operator::AtMost => Operator::AtLeast,
            Operator::More => Operator::Less,
            Operator::AtLeast => Operator::AtMost,
            other => other,
        }
    }

    /// Whether it asks which of two is more.
    pub fn is_order(self) -> bool {
        matches!(self, Operator::Less | Operator::AtMost | Operator::More | Operator::AtLeast)
    }

    /// All of them.
    pub const ALL: [Operator; 10] = [
        Operator::Add,
        Operator::Subtract,
        Operator::Multiply,
        Operator::Divide,
        Operator::Equal,
        Operator::NotEqual,
        Operator::Less,
        Operator::AtMost,
        Operator::More,
        Operator::AtLeast,
    ];

    /// The operator as written.
    pub fn symbol(self) -> &'static str {
        match self {
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Divide => "/",
            Operator::Equal => "==",
            Operator::NotEqual => "!=",
            Operator::Less => "<",
            Operator::AtMost => "<=",
            Operator::More => ">",
            Operator::AtLeast => ">=",
        }
    }
}
