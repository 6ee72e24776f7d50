//! Fields that take a fixed value or word, or the name of a parameter that holds one.

use super::scope::Scope;
use super::{Checker, Meaning};
use crate::document::{Item, Node as Written};
use crate::finding::{Finding, code, did_you_mean};
use crate::model::node::{Constant, Node, Op};
use crate::model::{RowsOf, Window};
use crate::rulebook::listed;
use crate::rulebook::piece::Raw;
use crate::source::Span;
use crate::value::quantity::quantity;
use crate::value::{Kind, Type};

/// What `within` may say.
const TIMES: &str =
    "write `\"cycle\"`, `\"previous cycle\"`, `\"ever\"`, a duration such as `\"1 year\"`, or { from = …, until = … }";

impl Checker<'_> {
    /// What `within` means; `default` when it is not written.
    pub(super) fn window(&mut self, raw: Option<&Raw>, default: Window) -> Option<Window> {
        let Some(Raw(node)) = raw else { return Some(default) };
        let cycle = self.rulebook.cycle.is_some();
        match &node.item {
            Item::Text(text) if text == "ever" => Some(Window::Ever),
            Item::Text(text) if text == "cycle" || text == "previous cycle" => {
                if !cycle {
                    self.findings.add(
                        Finding::new(&code::INCOMPLETE_RULE, node.span, "the rulebook has no [cycle]")
                            .help("say in a section [cycle] when it `starts`"),
                    );
                    return None;
                }
                Some(if text == "cycle" { Window::Cycle } else { Window::PreviousCycle })
            }
            Item::Text(text) if !self.names.contains_key(text) && quantity(text).is_none() && text != "unspecified" => {
                let finding = Finding::new(&code::BAD_VALUE, node.span, format!("`{text}` is no time"));
                self.findings
                    .add(finding.help(TIMES).help_maybe(did_you_mean(text, ["cycle", "previous cycle", "ever"])));
                None
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
                    Finding::new(&code::WRONG_TYPE, node.span, format!("expected a time, found {}", node.kind()))
                        .help(TIMES),
                );
                None
            }
        }
    }

    /// A field that takes a fixed value of `kind`, or the name of a parameter that holds one.
    pub(super) fn setting(&mut self, node: &Written, kind: &Kind, path: &str) -> Option<Node> {
        if let Some(text) = node.as_text()
            && !self.names.contains_key(text)
            && !self.is_value(text, kind)
            && is_plain(text)
        {
            self.neither(text, node.span, kind, "a parameter");
            return None;
        }
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

    /// Whether a word stands for a value of `kind` by itself.
    fn is_value(&self, text: &str, kind: &Kind) -> bool {
        match kind {
            _ if text == "unspecified" => true,
            Kind::Text => true,
            Kind::Flag => text == "true" || text == "false",
            Kind::Word(words) => self.model.words(*words).find(text).is_some(),
            Kind::Row(domain) => match &self.model.domain(*domain).rows {
                RowsOf::Table(table) => table.ids.iter().any(|id| id == text),
                _ => true,
            },
            _ => false,
        }
    }

    /// Whether a cell holds a mere word that means nothing where it stands.
    pub(super) fn says_nothing(&self, text: &str, scope: &Scope) -> bool {
        is_plain(text)
            && !self.names.contains_key(text)
            && !matches!(text, "as_of" | "points")
            && scope.own.is_none_or(|domain| self.field_place(domain, text).is_none() && !self.is_written(domain, text))
            && self.model.domain_named(text).is_none()
    }

    /// The finding for a word that stands neither for a value nor for something that holds one.
    pub(super) fn neither(&mut self, text: &str, span: Span, kind: &Kind, name_of: &str) {
        let holders = self.names.iter().filter(|(_, (meaning, _))| match name_of {
            "a parameter" => matches!(meaning, Meaning::Parameter(_)),
            _ => matches!(meaning, Meaning::Parameter(_) | Meaning::Measure(_)),
        });
        let mut near: Vec<String> = holders.map(|(name, _)| name.clone()).collect();
        let (what, help) = match kind {
            Kind::Word(words) => {
                let words = &self.model.words(*words).words;
                near.extend(words.iter().cloned());
                ("one of the words here".to_owned(), Some(format!("the words are {}", listed(words))))
            }
            kind => (self.model.kind_name(kind), super::value::example(kind).map(str::to_owned)),
        };
        let message = format!("`{text}` is neither {what} nor the name of {name_of}");
        let help = did_you_mean(text, near.iter().map(String::as_str)).or(help);
        self.findings.add(Finding::new(&code::BAD_VALUE, span, message).help_maybe(help));
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

/// Whether a text looks like a name.
fn is_plain(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}
