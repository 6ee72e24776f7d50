//! Rhai's syntax tree to [`Expr`], with the places of every part in bytes of the text.
//!
//! The tree is undone where Rhai has rewritten what was written: `in` arrives as `contains`, chains
//! of members lean to the right, `&&`, `||` and `??` are flat. Names and types mean nothing here.

use super::parse::{DEEPEST, Lines};
use super::slip::Slip;
use super::tokens::Tokens;
use super::{Expr, ExprKind, Operator, Word};
use crate::source::{FileId, Span};
use crate::value::Decimal;
use rhai::{ASTFlags, Expr as Tree, FnCallExpr, Position, Stmt, StmtBlock};
use std::cell::Cell;

/// The one expression of `statements`; the error names the form that is outside the language.
pub(super) fn convert(statements: &[Stmt], tokens: &Tokens<'_>, lines: &Lines<'_>, file: FileId) -> Result<Expr, Slip> {
    let converter = Converter { tokens, lines, file, depth: Cell::new(0) };
    match statements {
        [only] => converter.statement(only),
        _ => Err(Slip::foreign(0..converter.end(), "more than one expression")),
    }
}

struct Converter<'a> {
    tokens: &'a Tokens<'a>,
    lines: &'a Lines<'a>,
    file: FileId,
    /// How many expressions stand around the one at hand.
    depth: Cell<usize>,
}

impl Converter<'_> {
    fn statement(&self, statement: &Stmt) -> Result<Expr, Slip> {
        match statement {
            Stmt::Expr(tree) => self.expr(tree),
            Stmt::FnCall(call, position) => self.call(call, *position),
            Stmt::If(choice, position) => {
                let start = self.lines.byte(*position);
                let condition = self.expr(&choice.expr)?;
                let then = self.block(&choice.body, start)?;
                if choice.branch.statements().iter().all(Stmt::is_noop) {
                    return Err(Slip::bad(
                        self.token(start),
                        "this `if` has no `else`",
                        Some("say with `else { … }` what holds otherwise".into()),
                    ));
                }
                let otherwise = self.block(&choice.branch, start)?;
                let last = self.tokens.list.iter().find(|token| token.start >= end(&otherwise) && token.is("}"));
                let end = match choice.branch.statements() {
                    [Stmt::If(..)] => end(&otherwise),
                    _ => last.map_or(end(&otherwise), |token| token.end),
                };
                let kind = ExprKind::If(Box::new(condition), Box::new(then), Box::new(otherwise));
                Ok(self.node(start, end, kind))
            }
            other => Err(Slip::foreign(self.token(self.lines.byte(other.position())), "a statement")),
        }
    }

    fn block(&self, block: &StmtBlock, around: usize) -> Result<Expr, Slip> {
        match block.statements() {
            [Stmt::Block(inner)] => self.block(inner, around),
            [only] => self.statement(only),
            _ => Err(Slip::foreign(self.token(around), "a block of more or less than one expression")),
        }
    }

    /// Rhai's own limit does not bound a chain inside a chain, so the depth is counted here.
    fn expr(&self, tree: &Tree) -> Result<Expr, Slip> {
        let depth = self.depth.get();
        if depth >= DEEPEST {
            return Err(Slip::too_deep(self.end()));
        }
        self.depth.set(depth + 1);
        let expr = self.form(tree);
        self.depth.set(depth);
        expr
    }

    fn form(&self, tree: &Tree) -> Result<Expr, Slip> {
        let start = self.lines.byte(tree.position());
        let leaf = |kind| Ok(self.node(start, self.leaf_end(start), kind));
        match tree {
            Tree::BoolConstant(flag, _) => leaf(ExprKind::Flag(*flag)),
            Tree::IntegerConstant(number, _) => leaf(ExprKind::Number(Decimal::from(*number))),
            Tree::DynamicConstant(value, _) => match value.as_decimal() {
                Ok(number) => leaf(ExprKind::Number(number)),
                Err(_) => Err(Slip::foreign(self.token(start), "a closure (`|…|`)")),
            },
            Tree::StringConstant(text, _) => leaf(ExprKind::Text(text.to_string())),
            Tree::Variable(name, ..) if name.2.is_empty() => leaf(ExprKind::Name(name.1.to_string())),
            Tree::Array(items, _) => {
                let items = items.iter().map(|item| self.expr(item)).collect::<Result<Vec<_>, _>>()?;
                let end = self.closing(start, items.last().map_or(start, end));
                Ok(self.node(start, end, ExprKind::List(items)))
            }
            Tree::Dot(pair, flags, _) if !flags.contains(ASTFlags::NEGATED) => {
                self.member(self.expr(&pair.lhs)?, &pair.rhs)
            }
            Tree::Index(pair, flags, _) => self.index(self.expr(&pair.lhs)?, &pair.rhs, *flags),
            Tree::And(parts, _) => self.flat(parts, ExprKind::And),
            Tree::Or(parts, _) => self.flat(parts, ExprKind::Or),
            Tree::Coalesce(parts, _) => {
                let mut parts = parts.iter().rev().map(|part| self.expr(part));
                let mut all = parts.next().unwrap_or_else(|| Err(self.unknown(tree)))?;
                for part in parts {
                    let part = part?;
                    let (start, end) = self.across(&part, &all);
                    all = self.node(start, end, ExprKind::Coalesce(Box::new(part), Box::new(all)));
                }
                Ok(all)
            }
            Tree::FnCall(call, position) => self.call(call, *position),
            Tree::Stmt(block) => self.block(block, start),
            _ => Err(self.unknown(tree)),
        }
    }

    fn flat(&self, parts: &[Tree], kind: fn(Vec<Expr>) -> ExprKind) -> Result<Expr, Slip> {
        let parts = parts.iter().map(|part| self.expr(part)).collect::<Result<Vec<_>, _>>()?;
        let (start, end) = match (parts.first(), parts.last()) {
            (Some(first), Some(last)) => self.across(first, last),
            _ => (0, self.end()),
        };
        Ok(self.node(start, end, kind(parts)))
    }

    /// `base.rhs`, where `rhs` holds all further steps of the path.
    fn member(&self, base: Expr, rhs: &Tree) -> Result<Expr, Slip> {
        match rhs {
            Tree::Property(names, position) => {
                let at = self.lines.byte(*position);
                let (start, end) = (self.wide(&base).0, self.leaf_end(at));
                let word = Word { text: names.2.to_string(), span: Span::new(self.file, at, end) };
                Ok(self.node(start, end, ExprKind::Field(Box::new(base), word)))
            }
            Tree::Dot(pair, flags, _) if !flags.contains(ASTFlags::NEGATED) => {
                self.member(self.member(base, &pair.lhs)?, &pair.rhs)
            }
            Tree::Index(pair, flags, _) => self.index(self.member(base, &pair.lhs)?, &pair.rhs, *flags),
            other => Err(self.unknown(other)),
        }
    }

    /// `base[rhs]`, where `rhs` holds all further steps of the path unless the chain ends here.
    fn index(&self, base: Expr, rhs: &Tree, flags: ASTFlags) -> Result<Expr, Slip> {
        if flags.contains(ASTFlags::BREAK) {
            return self.indexed(base, rhs);
        }
        match rhs {
            Tree::Dot(pair, ..) => self.member(self.indexed(base, &pair.lhs)?, &pair.rhs),
            Tree::Index(pair, flags, _) => self.index(self.indexed(base, &pair.lhs)?, &pair.rhs, *flags),
            other => self.indexed(base, other),
        }
    }

    fn indexed(&self, base: Expr, key: &Tree) -> Result<Expr, Slip> {
        let key = self.expr(key)?;
        let (start, base_end) = self.wide(&base);
        let bracket = self.tokens.list.iter().find(|token| token.start >= base_end && token.is("["));
        let end = self.closing(bracket.map_or(base_end, |token| token.start), end(&key));
        Ok(self.node(start, end, ExprKind::Index(Box::new(base), Box::new(key))))
    }

    fn call(&self, call: &FnCallExpr, position: Position) -> Result<Expr, Slip> {
        let at = self.lines.byte(position);
        let name = call.name.as_str();
        if call.is_qualified() || call.capture_parent_scope {
            return Err(Slip::foreign(self.token(at), "a call in another scope"));
        }
        match (&call.args[..], call.op_token.is_some()) {
            ([set, item], _) if name == "contains" => {
                let written = self.tokens.beginning(at).is_some_and(|i| self.tokens.list[i].is_word("contains"));
                let (set, item) = (self.expr(set)?, self.expr(item)?);
                let (start, end) = match written {
                    true => (at, self.closing_after(at)),
                    false => self.across(&item, &set),
                };
                Ok(self.node(start, end, ExprKind::In(Box::new(item), Box::new(set))))
            }
            ([one], true) => self.prefixed(name, at, self.expr(one)?),
            ([left, right], true) => {
                let Some(operator) = Operator::ALL.into_iter().find(|operator| operator.symbol() == name) else {
                    return Err(Slip::foreign(self.token(at), &format!("`{name}`")));
                };
                let (left, right) = (self.expr(left)?, self.expr(right)?);
                let (start, end) = self.across(&left, &right);
                Ok(self.node(start, end, ExprKind::Binary(operator, Box::new(left), Box::new(right))))
            }
            (arguments, false) => {
                let arguments = arguments.iter().map(|argument| self.expr(argument)).collect::<Result<_, _>>()?;
                let word = Word { text: name.to_owned(), span: Span::new(self.file, at, self.leaf_end(at)) };
                Ok(self.node(at, self.closing_after(at), ExprKind::Call(word, arguments)))
            }
            _ => Err(Slip::foreign(self.token(at), &format!("`{name}`"))),
        }
    }

    fn prefixed(&self, sign: &str, at: usize, part: Expr) -> Result<Expr, Slip> {
        let end = self.wide(&part).1;
        match (sign, part.kind) {
            ("!", kind @ ExprKind::In(..))
                if self.tokens.beginning(at).is_some_and(|i| self.tokens.list[i].is("!in")) =>
            {
                let (from, to) = (part.span.start as usize, part.span.end as usize);
                let part = Expr { span: part.span, kind };
                Ok(self.node(from, to, ExprKind::Not(Box::new(part))))
            }
            ("!", kind) => Ok(self.node(at, end, ExprKind::Not(Box::new(Expr { span: part.span, kind })))),
            ("-", ExprKind::Number(number)) => Ok(self.node(at, end, ExprKind::Number(-number))),
            ("-", kind) => Ok(self.node(at, end, ExprKind::Negative(Box::new(Expr { span: part.span, kind })))),
            ("+", kind) => Ok(self.node(at, end, kind)),
            _ => Err(Slip::foreign(self.token(at), &format!("`{sign}`"))),
        }
    }

    fn unknown(&self, tree: &Tree) -> Slip {
        let form = match tree {
            Tree::Unit(_) => "an empty value (`()`)",
            Tree::CharConstant(..) => "a single character",
            Tree::InterpolatedString(..) => "a text with values inside",
            Tree::Map(..) => "a map (`#{…}`)",
            Tree::ThisPtr(_) => "`this`",
            Tree::Variable(..) => "a name from a module (`::`)",
            Tree::MethodCall(..) => "a call after a dot",
            _ => "this form",
        };
        Slip::foreign(self.token(self.lines.byte(tree.position())), form)
    }

    fn node(&self, start: usize, end: usize, kind: ExprKind) -> Expr {
        Expr { span: Span::new(self.file, start, end), kind }
    }

    /// From the first to the last of two parts, with the round brackets around each.
    fn across(&self, first: &Expr, last: &Expr) -> (usize, usize) {
        (self.wide(first).0, self.wide(last).1)
    }

    fn wide(&self, expr: &Expr) -> (usize, usize) {
        self.tokens.with_brackets(expr.span.start as usize, expr.span.end as usize)
    }

    /// The end of the word, number or text at `start`, with the signs before a number.
    fn leaf_end(&self, start: usize) -> usize {
        let Some(mut index) = self.tokens.beginning(start) else { return start };
        while let Some(token) = self.tokens.list.get(index) {
            match token.text {
                "-" | "+" => index += 1,
                "(" => return self.tokens.closing(index).unwrap_or(token.end),
                _ => return token.end,
            }
        }
        self.end()
    }

    /// The end of the brackets that open at `start`.
    fn closing(&self, start: usize, otherwise: usize) -> usize {
        self.tokens.beginning(start).and_then(|index| self.tokens.closing(index)).unwrap_or(otherwise)
    }

    /// The end of the brackets that open after the word at `start`.
    fn closing_after(&self, start: usize) -> usize {
        let closing = self.tokens.beginning(start).and_then(|index| self.tokens.closing(index + 1));
        closing.unwrap_or_else(|| self.leaf_end(start))
    }

    fn token(&self, start: usize) -> std::ops::Range<usize> {
        match self.tokens.beginning(start) {
            Some(index) => start..self.tokens.list[index].end,
            None => 0..self.end(),
        }
    }

    fn end(&self) -> usize {
        self.tokens.list.last().map_or(0, |token| token.end)
    }
}

fn end(expr: &Expr) -> usize {
    expr.span.end as usize
}
