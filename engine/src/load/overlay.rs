//! One rule file over another: what stands in the upper one changes what it goes on from.
//!
//! Tables are merged by key; rules, rows and requirements by their id; every other value is replaced.
//! Each part keeps its place, so that a finding points into the file that says it. It knows which keys
//! hold rules and rows, and nothing else of what they mean.

mod conflict;
mod remove;

pub use conflict::{conflicts, same};
pub use remove::remove;

use crate::document::{Item, Name, Node, Table};
use crate::finding::{Finding, Findings, code, did_you_mean};
use crate::rulebook::parameter::is_heading;
use crate::rulebook::row::identity;
use std::collections::{HashMap, VecDeque};

/// What a version does not take over of the one that it extends.
const OWN: [&str; 7] = ["program", "version", "status", "effective", "title", "extends", "remove"];
/// Texts and sources say one thing, so that half of one never stands beside half of another.
const WHOLE: [&str; 6] = ["title", "otherwise", "provisional", "source", "note", "asks"];
/// The lists whose items are found by their id.
const BY_ID: [&str; 2] = ["rows", "requires"];

/// Names that are no longer than this are near each other by chance.
const SHORT: usize = 3;

/// Where that which is new in a section is put, when nothing says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum New {
    /// Behind what was there: a version says what comes after.
    Last,
    /// Before what was there: what plugins add stands behind the rulebook's own.
    First,
}

/// How a list is woven: items that are new stand before the known one that is written after them, else
/// where `new` says.
struct Weave<'f> {
    new: New,
    findings: &'f mut Findings,
}

/// What `base` becomes for a version that goes on from it.
pub fn inherited(base: &mut Node) {
    let Item::Table(root) = &mut base.item else { return };
    if let Some((_, Node { item: Item::Table(header), .. })) =
        root.entries.iter_mut().find(|(n, _)| n.text == "rulebook")
    {
        header.entries.retain(|(name, _)| !OWN.contains(&name.text.as_str()));
    }
}

/// `top` over `base`.
pub fn over(base: Node, top: &Node, new: New, findings: &mut Findings) -> Node {
    let (Item::Table(base), Item::Table(top_table)) = (base.item, &top.item) else { return top.clone() };
    let mut weave = Weave { new, findings };
    let sections = weave.keys(base, top_table, New::Last, |weave, name, base, top| weave.section(name, base, top));
    Node { span: top.span, item: Item::Table(sections) }
}

impl Weave<'_> {
    fn section(&mut self, section: &Name, base: Option<Node>, top: &Node) -> Node {
        let Some((base, top)) = self.anew(section, base, top) else { return self.fresh(section, top) };
        match (base.item, &top.item) {
            (Item::List(base), Item::List(rules)) => {
                let list = self.items(singular(&section.text), base, rules, self.new, rule_id);
                Node { span: top.span, item: Item::List(list) }
            }
            (Item::Table(base), Item::Table(entries)) => {
                let entries = match section.text.as_str() {
                    "parameters" => self.parameters(base, entries),
                    "rulebook" | "cycle" | "benefits" => self.fields(base, entries),
                    what => {
                        let what = singular(what);
                        self.beside(what, &base.entries, &entries.entries);
                        self.keys(base, entries, self.new, |weave, name, base, top| match what {
                            "kind" => weave.kind(name, base, top),
                            "record" => weave.record(name, base, top),
                            _ => weave.entry(name, base, top),
                        })
                    }
                };
                Node { span: top.span, item: Item::Table(entries) }
            }
            _ => top.clone(),
        }
    }

    /// What is begun anew, or new altogether, comes back as nothing to merge with.
    fn anew(&mut self, name: &Name, base: Option<Node>, top: &Node) -> Option<(Node, Node)> {
        match (base, starts_anew(top)) {
            (Some(base), None) => Some((base, top.clone())),
            (None, Some(replace)) => {
                self.nothing_there(name, replace);
                None
            }
            _ => None,
        }
    }

    fn nothing_there(&mut self, name: &Name, replace: &Name) {
        let message = format!("there is no `{}` to be replaced", name.text);
        self.findings.add(
            Finding::new(&code::NOTHING_THERE, replace.span, message)
                .help("leave `replace` out, or write the name as in the version that is extended"),
        );
    }

    /// A section or entry of which there was nothing: its parts are looked through, as they may say that
    /// they replace something.
    fn fresh(&mut self, name: &Name, top: &Node) -> Node {
        let replaced = starts_anew(top).is_some();
        let mut node = without_replace(top);
        let inside = |weave: &mut Self, part: &Name, node: &mut Node| {
            if let Some(replace) = starts_anew(node).cloned() {
                if !replaced {
                    weave.nothing_there(part, &replace);
                }
                *node = without_replace(node);
            }
        };
        match &mut node.item {
            Item::Table(table) => table.entries.iter_mut().for_each(|(part, node)| inside(self, part, node)),
            Item::List(list) => {
                for node in list {
                    let part = rule_id(node).map_or(name.text.clone(), |(id, _)| id);
                    inside(self, &Name { text: part, span: node.span }, node);
                }
            }
            _ => {}
        }
        node
    }

    /// A named thing of a section: a record, a table, a script.
    fn entry(&mut self, name: &Name, base: Option<Node>, top: &Node) -> Node {
        match self.anew(name, base, top) {
            Some((base, top)) => self.value(name, base, &top),
            None => without_replace(top),
        }
    }

    /// A record of the facts, whose keys are fields.
    fn record(&mut self, name: &Name, base: Option<Node>, top: &Node) -> Node {
        let fields = (base.as_ref().and_then(Node::as_table), top.as_table());
        if let ((Some(base), Some(fields)), None) = (fields, starts_anew(top)) {
            self.beside("field", &base.entries, &fields.entries);
        }
        self.entry(name, base, top)
    }

    /// Tells of what is new beside something of nearly the same name that stays as it is.
    fn beside(&mut self, what: &str, base: &[(Name, Node)], top: &[(Name, Node)]) {
        let holds = |entries: &[(Name, Node)], text: &str| entries.iter().any(|(name, _)| name.text == text);
        for (name, node) in top.iter().filter(|(name, node)| !holds(base, &name.text) && starts_anew(node).is_none()) {
            let stays = base.iter().map(|(known, _)| known.text.as_str()).filter(|known| !holds(top, known));
            // Names that are numbered are meant to be alike.
            let letters = |text: &str| text.replace(|c: char| c.is_ascii_digit(), "");
            let near = |known: &str| known.len().min(name.text.len()) > SHORT && letters(known) != letters(&name.text);
            let mut stays = stays.filter(|known| near(known) || known.eq_ignore_ascii_case(&name.text));
            let same = stays.clone().find(|known| known.eq_ignore_ascii_case(&name.text));
            let help = same.map(|known| format!("did you mean `{known}`?"));
            if let Some(help) = help.or_else(|| did_you_mean(&name.text, stays.by_ref())) {
                let place = node.as_table().and_then(|table| table.find("id")).map_or(name.span, |id| id.span);
                self.findings.add(
                    Finding::new(&code::NEW_BESIDE, place, format!("this adds a new {what} `{}`", name.text))
                        .help(help),
                );
            }
        }
    }

    /// A kind of rule, whose lists hold rules.
    fn kind(&mut self, name: &Name, base: Option<Node>, top: &Node) -> Node {
        let Some((base, top)) = self.anew(name, base, top) else { return without_replace(top) };
        let (Item::Table(base), Item::Table(parts)) = (base.item, &top.item) else { return top };
        let parts = self.keys(base, parts, New::Last, |weave, name, base, top| match (base, &top.item) {
            (Some(Node { item: Item::List(base), .. }), Item::List(rules)) => {
                let template = |node: &Node| Some(rule_id(node).unwrap_or_default());
                Node { span: top.span, item: Item::List(weave.items("rule", base, rules, New::Last, template)) }
            }
            (Some(base), _) => weave.value(name, base, top),
            (None, _) => top.clone(),
        });
        Node { span: top.span, item: Item::Table(parts) }
    }

    fn fields(&mut self, base: Table, top: &Table) -> Table {
        self.keys(base, top, New::Last, |weave, name, base, top| match base {
            Some(base) => weave.value(name, base, top),
            None => top.clone(),
        })
    }

    fn value(&mut self, name: &Name, base: Node, top: &Node) -> Node {
        let key = name.text.as_str();
        match (base.item, &top.item) {
            (Item::Table(base), Item::Table(table)) if !WHOLE.contains(&key) => {
                Node { span: top.span, item: Item::Table(self.fields(base, table)) }
            }
            (Item::List(base), Item::List(items)) if BY_ID.contains(&key) => {
                let what = if key == "rows" { "row" } else { "requirement" };
                Node { span: top.span, item: Item::List(self.items(what, base, items, New::Last, identity)) }
            }
            _ => top.clone(),
        }
    }

    /// Rules, rows or requirements, found by what `named` says of each; each is changed once at most, so
    /// that one which is written twice is found as such.
    fn items(
        &mut self,
        what: &str,
        base: Vec<Node>,
        top: &[Node],
        new: New,
        named: fn(&Node) -> Option<Id>,
    ) -> Vec<Node> {
        let mut places: HashMap<Id, VecDeque<usize>> = HashMap::new();
        for (place, item) in base.iter().enumerate() {
            if let Some(id) = named(item) {
                places.entry(id).or_default().push_back(place);
            }
        }
        let known: Vec<Option<usize>> = top.iter().map(|item| places.get_mut(&named(item)?)?.pop_front()).collect();
        let name = |node: &Node| Name { text: named(node).map_or(String::new(), |(id, _)| id), span: node.span };
        let top: Vec<_> = top.iter().map(|item| (name(item), item.clone())).collect();
        let base: Vec<_> = base.into_iter().map(|item| (name(&item), item)).collect();
        // Cells that name a row are words, which are checked as such.
        let has_id = |(_, item): &&(Name, Node)| item.as_table().is_some_and(|table| table.find("id").is_some());
        let with_ids = |items: &[(Name, Node)]| items.iter().filter(has_id).cloned().collect::<Vec<_>>();
        self.beside(what, &with_ids(&base), &with_ids(&top));
        let woven = self.woven(base, top, &known, new, |weave, name, base, top| match weave.anew(name, base, top) {
            Some((Node { item: Item::Table(base), .. }, Node { span, item: Item::Table(table) })) => {
                Node { span, item: Item::Table(weave.fields(base, &table)) }
            }
            Some((_, top)) => top,
            None => without_replace(top),
        });
        woven.into_iter().map(|(_, node)| node).collect()
    }

    fn keys(
        &mut self,
        base: Table,
        top: &Table,
        new: New,
        merge: impl FnMut(&mut Self, &Name, Option<Node>, &Node) -> Node,
    ) -> Table {
        let places: HashMap<&str, usize> =
            base.entries.iter().enumerate().map(|(place, (name, _))| (name.text.as_str(), place)).collect();
        let known: Vec<_> = top.entries.iter().map(|(name, _)| places.get(name.text.as_str()).copied()).collect();
        let top = top.entries.clone();
        Table { entries: self.woven(base.entries, top, &known, new, merge) }
    }

    fn woven(
        &mut self,
        base: Vec<(Name, Node)>,
        top: Vec<(Name, Node)>,
        known: &[Option<usize>],
        new: New,
        mut merge: impl FnMut(&mut Self, &Name, Option<Node>, &Node) -> Node,
    ) -> Vec<(Name, Node)> {
        let mut base: Vec<Option<(Name, Node)>> = base.into_iter().map(Some).collect();
        // Before each place of the base, and behind all of it: what is new there.
        let mut gaps: Vec<Vec<(Name, Node)>> = (0..=base.len()).map(|_| Vec::new()).collect();
        let mut merged: Vec<Option<(Name, Node)>> = base.iter().map(|_| None).collect();
        let mut behind = 0;
        // For each item, the known one that is next.
        let mut next: Vec<Option<usize>> = known.to_vec();
        for at in (1..next.len()).rev() {
            next[at - 1] = next[at - 1].or(next[at]);
        }
        for (at, (name, node)) in top.into_iter().enumerate() {
            match known[at] {
                Some(place) => {
                    let before = base[place].take().map(|(_, node)| node);
                    let node = merge(self, &name, before, &node);
                    merged[place] = Some((name, node));
                    behind = place + 1;
                }
                None => {
                    let gap = next[at].unwrap_or(if new == New::First { behind } else { base.len() });
                    let node = merge(self, &name, None, &node);
                    gaps[gap].push((name, node));
                }
            }
        }
        let mut woven = Vec::new();
        for (place, gap) in gaps.into_iter().enumerate() {
            woven.extend(gap);
            woven.extend(base.get_mut(place).and_then(Option::take));
            woven.extend(merged.get_mut(place).and_then(Option::take));
        }
        woven
    }

    /// Parameters by their flat names: headings are for the reader, and another file may have others.
    fn parameters(&mut self, mut base: Table, top: &Table) -> Table {
        let mut left = Table::default();
        self.beside("parameter", &flat(&base), &flat(top));
        for (name, node) in &top.entries {
            match held(&mut base, &name.text) {
                Some((known, before)) => {
                    *known = name.clone();
                    *before = self.entry(name, Some(before.clone()), node);
                }
                None if is_heading(node) => {
                    let Item::Table(inner) = &node.item else { continue };
                    let rest = self.parameters_under(&mut base, inner);
                    if !rest.entries.is_empty() {
                        left.entries.push((name.clone(), Node { span: node.span, item: Item::Table(rest) }));
                    }
                }
                None => left.entries.push((name.clone(), self.entry(name, None, node))),
            }
        }
        self.headings(base, left)
    }

    /// Merges what the base has under any heading; what is left is new.
    fn parameters_under(&mut self, base: &mut Table, top: &Table) -> Table {
        let mut left = Table::default();
        for (name, node) in &top.entries {
            match held(base, &name.text) {
                Some((known, before)) => {
                    *known = name.clone();
                    *before = self.entry(name, Some(before.clone()), node);
                }
                None if is_heading(node) => {
                    let Item::Table(inner) = &node.item else { continue };
                    let rest = self.parameters_under(base, inner);
                    if !rest.entries.is_empty() {
                        left.entries.push((name.clone(), Node { span: node.span, item: Item::Table(rest) }));
                    }
                }
                None => left.entries.push((name.clone(), self.entry(name, None, node))),
            }
        }
        left
    }

    /// What is new under the headings that are there, and under others.
    fn headings(&mut self, base: Table, new: Table) -> Table {
        self.keys(base, &new, self.new, |weave, _, base, top| match (base, &top.item) {
            (Some(Node { span, item: Item::Table(base) }), Item::Table(inner)) => {
                Node { span, item: Item::Table(weave.headings(base, inner.clone())) }
            }
            _ => top.clone(),
        })
    }
}

/// An id, and the alternative of it.
type Id = (String, Option<String>);

fn rule_id(rule: &Node) -> Option<Id> {
    Some((rule.as_table()?.find("id")?.as_text()?.to_owned(), None))
}

/// What one thing of a section is called.
fn singular(section: &str) -> &str {
    match section {
        "facts" => "record",
        "sources" => "document",
        "measures" | "awards" | "credits" | "ladders" | "rulings" | "obligations" | "standings" | "exceptions"
        | "tables" | "choices" | "modules" | "scripts" | "kinds" => section.trim_end_matches('s'),
        _ => "rule",
    }
}

/// All parameters, without their headings.
fn flat(table: &Table) -> Vec<(Name, Node)> {
    let under = |(name, node): &(Name, Node)| match &node.item {
        Item::Table(inner) if is_heading(node) => flat(inner),
        _ => vec![(name.clone(), node.clone())],
    };
    table.entries.iter().flat_map(under).collect()
}

/// The parameter of that name, under whatever heading.
fn held<'t>(table: &'t mut Table, name: &str) -> Option<(&'t mut Name, &'t mut Node)> {
    let place = table.entries.iter().position(|(known, node)| known.text == name && !is_heading(node));
    if let Some(place) = place {
        let (known, node) = &mut table.entries[place];
        return Some((known, node));
    }
    let headings = table.entries.iter_mut().filter(|(_, node)| is_heading(node));
    headings
        .filter_map(|(_, node)| if let Item::Table(inner) = &mut node.item { Some(inner) } else { None })
        .find_map(|inner| held(inner, name))
}

/// The key by which a thing says that it starts anew.
fn starts_anew(node: &Node) -> Option<&Name> {
    let found = node.as_table()?.entries.iter().find(|(name, _)| name.text == "replace");
    found.filter(|(_, value)| value.item == Item::Flag(true)).map(|(name, _)| name)
}

fn without_replace(node: &Node) -> Node {
    let mut node = node.clone();
    if starts_anew(&node).is_some()
        && let Item::Table(table) = &mut node.item
    {
        table.entries.retain(|(name, _)| name.text != "replace");
    }
    node
}

#[cfg(test)]
mod tests;
