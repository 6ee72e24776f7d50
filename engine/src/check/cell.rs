//! Cells of rows: the column's type says how a cell is read.

use super::scope::Scope;
use super::{Checker, Meaning};
use crate::document::{Item, Name, Node as Written};
use crate::expression::Operator;
use crate::finding::{Finding, code};
use crate::model::node::{Constant, Function, Node, Op};
use crate::rulebook::piece::Formula;
use crate::rulebook::row::Row;
use crate::source::Span;
use crate::value::quantity::quantity;
use crate::value::{Decimal, Kind, Type};

/// A cell, read: the condition that it states about its column.
pub struct Test {
    /// What must hold.
    pub that: Node,
    /// What the column has.
    pub have: Option<Node>,
    /// What the cell needs.
    pub need: Option<Node>,
    /// Whether it only selects: a row that it does not fit is not for this subject.
    pub selects: bool,
}

/// The sign with which a text begins that compares.
fn comparison(text: &str) -> Option<&'static str> {
    ["<=", ">=", "==", "<", ">", "="].into_iter().find(|sign| text.trim_start().starts_with(sign))
}

impl Checker<'_> {
    /// What a column means in `scope`: a field of the record at hand or of the partner, a measure, a ladder.
    pub(super) fn column(&mut self, name: &Name, scope: &Scope) -> Option<Node> {
        let meaning = self.names.get(&name.text).map(|(meaning, _)| *meaning);
        let own = scope.own.is_some_and(|domain| self.field_place(domain, &name.text).is_some());
        // A field of which nothing could be made was told of where it stands.
        if !own && scope.own.is_some_and(|domain| self.is_written(domain, &name.text)) {
            return None;
        }
        let plain = name.text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if !own && meaning.is_none() && plain && !matches!(name.text.as_str(), "points" | "as_of") {
            for domain in self.singles() {
                if let Some(field) = self.field_place(domain, &name.text) {
                    return Some(self.field_node(domain, field, name.span));
                }
            }
            self.no_column(name, scope);
            return None;
        }
        self.expression(&Formula { text: name.text.clone(), span: name.span }, scope)
    }

    /// Whether a column of a table of facts or rules has this name, so that it is no mere description.
    pub(super) fn is_column(&self, name: &Name, scope: &Scope) -> bool {
        name.text.contains('.')
            || name.text == "points"
            || scope.own.is_some_and(|domain| self.field_place(domain, &name.text).is_some())
            || matches!(
                self.names.get(&name.text),
                Some((Meaning::Measure(_) | Meaning::Ladder(_) | Meaning::Parameter(_) | Meaning::Broken, _))
            )
            || self.singles().into_iter().any(|domain| self.is_written(domain, &name.text))
    }

    /// The tests that a row's cells state, each with its column; `path` names the row.
    pub(super) fn tests(&mut self, row: &Row, scope: &Scope, path: &str) -> Option<Vec<(Name, Test)>> {
        let mut tests = Vec::new();
        let mut whole = true;
        for (name, cell) in &row.cells {
            let test = self
                .column(name, scope)
                .and_then(|column| self.test(&column, cell, scope, &format!("{path}.{}", name.text)));
            match test {
                Some(test) => tests.push((name.clone(), test)),
                None => whole = false,
            }
        }
        whole.then_some(tests)
    }

    /// The condition that `cell` states about `column`.
    pub(super) fn test(&mut self, column: &Node, cell: &Written, scope: &Scope, path: &str) -> Option<Test> {
        match column.ty.kind.clone() {
            Kind::Flag => self.flag_test(column, cell),
            Kind::Set(of) => self.set_test(column, cell, &of, scope, path),
            Kind::Word(words) if self.model.words(words).ordered => self.at_least(column, cell, scope, path),
            kind if kind.is_numeric() => self.at_least(column, cell, scope, path),
            kind @ (Kind::Text | Kind::Word(_) | Kind::Row(_)) => self.selection(column, cell, &kind, path),
            kind => {
                let message = format!("a column cannot be {}", self.model.kind_name(&kind));
                self.findings.add(
                    Finding::new(&code::WRONG_TYPE, cell.span, message)
                        .help("say it in `when`, or give it a name as a measure that is a flag"),
                );
                None
            }
        }
    }

    fn selection(&mut self, column: &Node, cell: &Written, kind: &Kind, path: &str) -> Option<Test> {
        let flag = |span, op| Node { span, ty: Type::always(Kind::Flag), op };
        let that = if let Item::List(_) = &cell.item {
            let of = Kind::Set(Box::new(kind.clone()));
            let set = self.value(cell, &of, path)?;
            let set = Node::constant(cell.span, of, set);
            flag(cell.span, Op::In(Box::new(column.clone()), Box::new(set)))
        } else {
            let constant = self.value(cell, kind, path)?;
            let constant = Node::constant(cell.span, kind.clone(), constant);
            flag(cell.span, Op::Compare(Operator::Equal, Box::new(column.clone()), Box::new(constant)))
        };
        // A field that is none is none of the words.
        let that = if column.ty.optional {
            let exists = flag(cell.span, Op::Has(Box::new(column.clone())));
            flag(cell.span, Op::And(vec![exists, that]))
        } else {
            that
        };
        Some(Test { that, have: None, need: None, selects: true })
    }

    fn flag_test(&mut self, column: &Node, cell: &Written) -> Option<Test> {
        self.column_exists(column)?;
        let constant = self.value(cell, &Kind::Flag, "")?;
        let wanted = constant == Constant::Flag(true);
        let that = if wanted {
            column.clone()
        } else {
            Node { span: cell.span, ty: Type::always(Kind::Flag), op: Op::Not(Box::new(column.clone())) }
        };
        let need = Node::constant(cell.span, Kind::Flag, constant);
        Some(Test { that, have: Some(column.clone()), need: Some(need), selects: false })
    }

    fn at_least(&mut self, column: &Node, cell: &Written, scope: &Scope, path: &str) -> Option<Test> {
        let kind = column.ty.kind.clone();
        let need = self.cell_value(cell, &kind, scope, path);
        self.column_exists(column)?;
        let need = need?;
        let that = self.compare(Operator::AtLeast, column.clone(), need.clone(), cell.span)?;
        Some(Test { that, have: Some(column.clone()), need: Some(need), selects: false })
    }

    /// A finding when a column may be none where a cell asks for something.
    fn column_exists(&mut self, column: &Node) -> Option<()> {
        if !column.ty.optional {
            return Some(());
        }
        let name = self.sources.text(column.span).to_owned();
        self.findings.add(
            Finding::new(
                &code::MAYBE_NONE,
                column.span,
                format!("`{name}` may not exist, and the cell asks for something"),
            )
            .help(format!(
                "make a measure that says what stands in for it, such as `{name} ?? 0`, and use it as the column"
            )),
        );
        None
    }

    /// A cell that holds a value of `kind`, or an expression that gives one.
    pub(super) fn cell_value(&mut self, cell: &Written, kind: &Kind, scope: &Scope, path: &str) -> Option<Node> {
        let is_expression = match (&cell.item, kind) {
            (Item::Text(text), _) if text == "unspecified" || text == super::value::NO_LIMIT => false,
            (Item::Text(text), Kind::Word(words)) => {
                self.model.words(*words).find(text).is_none() && text.contains(['.', '[', '(', ' '])
            }
            (Item::Text(text), _) => quantity(text).is_none(),
            _ => false,
        };
        if let (true, Some(text)) = (is_expression, cell.as_text())
            && self.says_nothing(text, scope)
        {
            self.neither(text, cell.span, kind, "anything here");
            return None;
        }
        if let (true, Some(sign)) = (is_expression, cell.as_text().and_then(comparison)) {
            let text = cell.as_text().unwrap_or_default();
            let value = text.trim_start_matches(sign).trim();
            let help = if matches!(sign, ">=" | "=") {
                format!("a cell of a row means at least this: write `{value}`")
            } else {
                "a cell of a row means at least this; another condition is a requirement, `that = '…'`".to_owned()
            };
            let message = format!("`{text}` compares, and a cell holds what is compared with");
            self.findings.add(Finding::new(&code::BAD_VALUE, cell.span, message).help(help));
            return None;
        }
        if is_expression && self.looks_like_quantity(cell) {
            return None;
        }
        if is_expression {
            let formula = Formula { text: cell.as_text().unwrap_or("").to_owned(), span: cell.span };
            let node = self.expression(&formula, scope)?;
            let plain = |kind: &Kind| matches!(kind, Kind::Count | Kind::Number);
            // A count is compared with any plain number.
            return if plain(kind) && plain(&node.ty.kind) { Some(node) } else { self.coerce(node, kind) };
        }
        self.value(cell, kind, path).map(|constant| Node::constant(cell.span, kind.clone(), constant))
    }

    /// `{ any = […], all = […], at_least = n, of = […] }`; together when several stand in one cell.
    fn set_test(&mut self, column: &Node, cell: &Written, of: &Kind, scope: &Scope, path: &str) -> Option<Test> {
        self.column_exists(column)?;
        let flag = |op| Node { span: cell.span, ty: Type::always(Kind::Flag), op };
        let set = Kind::Set(Box::new(of.clone()));
        let Some(table) = cell.as_table() else {
            self.findings.add(
                Finding::new(
                    &code::WRONG_TYPE,
                    cell.span,
                    format!("expected what the set must hold, found {}", cell.kind()),
                )
                .help("write { any = [ … ] }, { all = [ … ] } or { at_least = 2, of = [ … ] }"),
            );
            return None;
        };
        let mut parts = Vec::new();
        let (mut of_set, mut at_least): (Option<Node>, Option<(Decimal, Span)>) = (None, None);
        let mut need = None;
        for (name, value) in &table.entries {
            match name.text.as_str() {
                "any" | "all" | "of" => {
                    let members = self.cell_set(value, &set, scope, path)?;
                    let shared = Op::Call(Function::Overlap, vec![column.clone(), members.clone()]);
                    let shared = Node { span: value.span, ty: Type::always(set.clone()), op: shared };
                    let size = |node| Node {
                        span: value.span,
                        ty: Type::always(Kind::Count),
                        op: Op::Call(Function::Size, vec![node]),
                    };
                    need = need.or(Some(members.clone()));
                    match name.text.as_str() {
                        "any" => {
                            let one = Node::constant(value.span, Kind::Count, Constant::Number(Decimal::ONE));
                            parts.push(flag(Op::Compare(Operator::AtLeast, Box::new(size(shared)), Box::new(one))));
                        }
                        "all" => {
                            let all = size(members);
                            parts.push(flag(Op::Compare(Operator::AtLeast, Box::new(size(shared)), Box::new(all))));
                        }
                        _ => of_set = Some(shared),
                    }
                }
                "at_least" => match self.value(value, &Kind::Count, path)? {
                    Constant::Number(number) => at_least = Some((number, value.span)),
                    unspecified => {
                        let unspecified = Node::constant(value.span, Kind::Count, unspecified);
                        parts.push(flag(Op::Compare(
                            Operator::AtLeast,
                            Box::new(unspecified.clone()),
                            Box::new(unspecified),
                        )));
                    }
                },
                _ => {
                    let keys = ["any", "all", "at_least", "of"];
                    self.findings.add(
                        Finding::new(&code::UNKNOWN_KEY, name.span, format!("`{}` means nothing here", name.text))
                            .help(format!("the keys here are {}", crate::rulebook::listed(&keys)))
                            .help_maybe(crate::finding::did_you_mean(&name.text, keys)),
                    );
                    return None;
                }
            }
        }
        match (at_least, of_set) {
            (Some((number, span)), of_set) => {
                let counted = of_set.unwrap_or_else(|| column.clone());
                let size = Node { span, ty: Type::always(Kind::Count), op: Op::Call(Function::Size, vec![counted]) };
                let number = Node::constant(span, Kind::Count, Constant::Number(number));
                parts.push(flag(Op::Compare(Operator::AtLeast, Box::new(size), Box::new(number))));
            }
            (None, Some(of_set)) => {
                self.findings.add(
                    Finding::new(&code::INCOMPLETE_RULE, of_set.span, "`of` needs `at_least`")
                        .help("write { at_least = 2, of = [ … ] }"),
                );
                return None;
            }
            (None, None) => {}
        }
        let that = if parts.len() == 1 { parts.remove(0) } else { flag(Op::And(parts)) };
        Some(Test { that, have: Some(column.clone()), need, selects: false })
    }

    fn cell_set(&mut self, value: &Written, set: &Kind, scope: &Scope, path: &str) -> Option<Node> {
        match &value.item {
            Item::Text(text) if text != "unspecified" => {
                let node = self.expression(&Formula { text: text.clone(), span: value.span }, scope)?;
                self.coerce(node, set)
            }
            _ => self.value(value, set, path).map(|constant| Node::constant(value.span, set.clone(), constant)),
        }
    }
}
