//! Fields that take a fixed value or word, or the name of a parameter that holds one.

use super::scope::Scope;
use super::{Checker, Meaning};
use crate::document::{Item, Node as Written};
use crate::finding::{Finding, code};
use crate::model::Window;
use crate::model::node::{Constant, Node, Op};
use crate::rulebook::piece::Raw;
use crate::source::Span;
use crate::value::{Kind, Type};

impl Checker<'_> {
    /// What `within` means; `default` when it is not written.
    pub(super) fn window(&mut self, raw: Option<&Raw>, default: Window) -> Option<Window> {
        let Some(Raw(node)) = raw else { return Some(default) };
        let cycle = self.rulebook.cycle.is_some();
        match &node.item {
            Item::Text(text) if text == "ever" => Some(Window::Ever),
            Item::Text(text) if text == "cycle" || text == "previous cycle" => {
                if !cycle {
                    self.findings.add(Finding::new(&code::INCOMPLETE_RULE, node.span, "the rulebook has no [cycle]"));
                    return None;
                }
                Some(if text == "cycle" { Window::Cycle } else { Window::PreviousCycle })
            }
            Item::Text(_) => self.setting(node, &Kind::Duration, "within").map(Window::Last),
            Item::Table(table) => {
                for (name, _) in &table.entries {
                    self.one_of(name, &["from", "until"])?;
                }
                let scope = Scope::default();
                let bound = |checker: &mut Self, key: &str| match table.find(key) {
                    Some(bound) => checker.cell_value(bound, &Kind::Date, &scope, key).map(Some),
                    None => Some(None),
                };
                let (from, until) = (bound(self, "from"), bound(self, "until"));
                Some(Window::Between(from?, until?))
            }
            _ => {
                self.findings.add(
                    Finding::new(&code::WRONG_TYPE, node.span, format!("expected a time, found {}", node.kind())).help(
                        "write `\"cycle\"`, `\"previous cycle\"`, `\"ever\"`, a duration, or { from = …, until = … }",
                    ),
                );
                None
            }
        }
    }

    /// A field that takes a fixed value of `kind`, or the name of a parameter that holds one.
    pub(super) fn setting(&mut self, node: &Written, kind: &Kind, path: &str) -> Option<Node> {
        if let Some(text) = node.as_text()
            && let Some((meaning, _)) = self.names.get(text).copied()
        {
            match meaning {
                Meaning::Parameter(id) => {
                    let parameter = self.model.parameter(id);
                    let own = Type::always(parameter.kind.clone());
                    let node = Node { span: node.span, ty: own, op: Op::Parameter(id, Vec::new()) };
                    if !parameter.keys.is_empty() {
                        self.findings.add(Finding::new(
                            &code::TYPE_MISMATCH,
                            node.span,
                            format!("`{text}` has a value for each key, and one value is needed here"),
                        ));
                        return None;
                    }
                    return self.coerce(node, kind);
                }
                Meaning::Broken => return None,
                _ => {}
            }
        }
        self.value(node, kind, path).map(|constant| Node::constant(node.span, kind.clone(), constant))
    }

    /// A field that takes one of `words`, or the name of a parameter that holds one.
    pub(super) fn word_setting(
        &mut self,
        raw: Option<&Raw>,
        list: &str,
        words: &[&str],
        default: u32,
        span: Span,
    ) -> Option<Node> {
        let id = self.built_in_words(list, words);
        let kind = Kind::Word(id);
        match raw {
            Some(Raw(node)) => self.setting(node, &kind, list),
            None => Some(Node::constant(span, kind, Constant::Word(default))),
        }
    }
}
