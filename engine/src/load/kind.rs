//! Kinds of rule: each rule of a kind becomes the rules that the kind is made of.
//!
//! Nothing is spliced as text. A value that a rule gives becomes a parameter of its own; the names of the
//! kind are bound to the rule's, and the bindings hold only in the rules that are made, which are told
//! apart by their places: every rule of a kind has the kind's file to itself.

use crate::document::{Item, Name, Node, Table};
use crate::finding::{Finding, Findings, code, did_you_mean, nearest};
use crate::rulebook::piece::Formula;
use crate::rulebook::shape::unknown_key;
use crate::rulebook::{RULES, Rulebook, kind};
use crate::source::{FileId, Sources, Span};
use crate::value::quantity::quantity;
use std::collections::BTreeMap;

/// A rule of a kind, and what the names of the kind mean in it.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The kind.
    pub kind: Name,
    /// The rule's id.
    pub id: Name,
    /// The files that stand for the kind's own in this rule.
    pub files: Vec<FileId>,
    /// The kind's names, with what each means.
    pub names: BTreeMap<String, Bound>,
    /// The values that the rule gives.
    pub given: Vec<Given>,
}

/// A value that a rule of a kind gives.
#[derive(Clone, Debug)]
pub struct Given {
    /// Where it stands.
    pub value: Span,
    /// Where the kind says that it takes it.
    pub taken: Span,
    /// What the kind takes.
    pub of: String,
}

/// What a name of a kind means in one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// A name of the rulebook.
    Name(String),
    /// What the rule says.
    Formula(Formula),
}

/// Types of which a value cannot be mistaken for a name.
const PLAIN: [&str; 7] = ["flag", "count", "number", "money", "percent", "date", "duration"];
/// Keys that hold texts for people, in which a word is only a word.
const TEXTS: [&str; 4] = ["title", "otherwise", "source", "note"];

/// So many keys and values may be made of the rules of all kinds.
pub const MOST_PARTS: usize = 200_000;

/// Puts the rules that kinds are made of in the place of the rules of those kinds.
pub fn expand(document: &mut Node, sources: &mut Sources, findings: &mut Findings) -> Vec<Instance> {
    let Item::Table(root) = &mut document.item else { return Vec::new() };
    let kinds: Vec<(Name, Node)> =
        root.find("kinds").and_then(Node::as_table).map(|table| table.entries.clone()).unwrap_or_default();
    let records = root.find("facts").and_then(Node::as_table).map(|table| table.entries.as_slice()).unwrap_or_default();
    let records: Vec<String> = records.iter().map(|(name, _)| name.text.clone()).collect();
    let mut instances = Vec::new();
    let all_fit = fits(root, &kinds, findings);
    for (name, template) in kinds {
        if Rulebook::KEYS.contains(&name.text.as_str()) {
            findings.add(
                Finding::new(&code::DUPLICATE_ID, name.span, format!("`{}` is a section of every rulebook", name.text))
                    .help("give the kind another name"),
            );
            continue;
        }
        let Some(place) = root.entries.iter().position(|(section, _)| section.text == name.text) else { continue };
        let (_, section) = root.entries.remove(place);
        let Some(template) = template.as_table() else { continue };
        let Some(rules) = section.as_list() else {
            findings.add(
                Finding::new(&code::WRONG_TYPE, section.span, format!("expected a list, found {}", section.kind()))
                    .and(name.span, "the kind is declared here")
                    .help(format!("write `[[{}]]`, once above each of them", name.text)),
            );
            continue;
        };
        for rule in rules.iter().filter(|_| all_fit) {
            let work = Work { records: &records, kind: &name, template, findings, sources };
            if let Some((instance, made)) = work.instance(rule) {
                instances.push(instance);
                made.into_iter().for_each(|(section, key, node)| put(root, section, key, node));
            }
        }
    }
    instances
}

/// Whether the rules of all kinds stand for no more than they may; a finding when they stand for more.
fn fits(root: &Table, kinds: &[(Name, Node)], findings: &mut Findings) -> bool {
    let mut parts = 0_usize;
    for (name, template) in kinds {
        let rules = root.find(&name.text).and_then(Node::as_list).unwrap_or_default();
        let each = template.as_table().map_or(0, size);
        parts = parts.saturating_add(rules.len().saturating_mul(each));
        if let Some(rule) = rules.last().filter(|_| parts > MOST_PARTS) {
            findings.add(
                Finding::new(
                    &code::TOO_MANY_RULES,
                    rule.span,
                    format!("the rules of kinds stand for more than {MOST_PARTS} keys and values"),
                )
                .and(name.span, "the kind is declared here")
                .help("write a table with a row for each, and one rule over it"),
            );
            return false;
        }
    }
    true
}

/// How many keys and values a kind has.
fn size(template: &Table) -> usize {
    fn of(node: &Node) -> usize {
        match &node.item {
            Item::List(list) => 1 + list.iter().map(of).sum::<usize>(),
            Item::Table(table) => 1 + size(table),
            _ => 1,
        }
    }
    template.entries.iter().map(|(_, node)| 1 + of(node)).sum()
}

/// Adds what was made to its section.
fn put(root: &mut Table, section: Name, key: Option<Name>, node: Node) {
    let place = root.entries.iter().position(|(known, _)| known.text == section.text).unwrap_or_else(|| {
        let item = if key.is_some() { Item::Table(Table::default()) } else { Item::List(Vec::new()) };
        root.entries.push((section.clone(), Node { span: node.span, item }));
        root.entries.len() - 1
    });
    match (&mut root.entries[place].1.item, key) {
        (Item::Table(table), Some(key)) => table.entries.push((key, node)),
        (Item::List(list), None) => list.push(node),
        _ => {}
    }
}

/// The work on one rule of a kind.
struct Work<'a> {
    /// The records among the facts.
    records: &'a [String],
    kind: &'a Name,
    template: &'a Table,
    findings: &'a mut Findings,
    sources: &'a mut Sources,
}

/// A value that the rules of a kind have.
struct Take<'t> {
    name: &'t Name,
    /// Its type.
    ty: &'t Node,
    /// What stands for it in a rule that does not say it.
    is: Option<&'t Node>,
}

impl<'t> Take<'t> {
    /// As it is written: a type, or a table with a type and a value.
    fn of((name, written): &'t (Name, Node)) -> Self {
        let table = written.as_table();
        let ty = table.and_then(|table| table.find("type")).unwrap_or(written);
        Self { name, ty, is: table.and_then(|table| table.find("is")) }
    }
}

/// A section, the key in it where it is a table, and what is put there.
type Made = (Name, Option<Name>, Node);

impl Work<'_> {
    fn instance(mut self, rule: &Node) -> Option<(Instance, Vec<Made>)> {
        let Some(table) = rule.as_table() else {
            return crate::rulebook::shape::wrong_type(rule, "a table", self.findings);
        };
        let id = match table.find("id") {
            Some(id) => Name { text: id.as_text()?.to_owned(), span: id.span },
            None => {
                self.findings
                    .add(Finding::new(&code::MISSING_KEY, rule.span, "`id` is missing").help("write `id = …` here"));
                return None;
            }
        };
        let takes = self.template.find("takes").and_then(Node::as_table).map(|table| table.entries.as_slice());
        let takes: Vec<Take<'_>> = takes.unwrap_or_default().iter().map(Take::of).collect();
        // Without one of its values nothing can be made of the rule.
        let mut whole = self.check_keys(rule, table, &takes);
        let mut names = BTreeMap::new();
        let mut given = Vec::new();
        let mut made = Vec::new();
        for Take { name: take, ty, is } in takes {
            let told = table.entries.iter().find(|(key, _)| key.text == take.text);
            let Some((key, value)) = told.map(|(key, value)| (key, value)).or(is.map(|is| (take, is))) else {
                continue;
            };
            let of = ty.as_text().unwrap_or_default();
            let bound = match formula(value, of) {
                _ if of == kind::RECORD => match self.record(value) {
                    Some(record) => Bound::Name(record),
                    None => {
                        whole = false;
                        continue;
                    }
                },
                Some(formula) => Bound::Formula(formula),
                None => {
                    let name = format!("{}_{}", id.text, take.text);
                    let key = Name { text: name.clone(), span: key.span };
                    made.push((word("parameters", key.span), Some(key), parameter(value, ty, table)));
                    Bound::Name(name)
                }
            };
            names.insert(take.text.clone(), bound);
            given.push(Given { value: value.span, taken: take.span, of: of.to_owned() });
        }
        if !whole {
            return None;
        }
        self.own_names(&id, &mut names);
        let mut instance = Instance { kind: self.kind.clone(), id, files: Vec::new(), names, given };
        for (section, rules) in &self.template.entries {
            if !RULES.contains(&section.text.as_str()) {
                continue;
            }
            for template in rules.as_list().unwrap_or_default() {
                let node = self.moved(template, &mut instance.files);
                let node = self.named(&section.text, node, &instance, table);
                made.push((section.clone(), None, node));
            }
        }
        Some((instance, made))
    }

    /// Whether the rule gives every value that the kind takes; findings for those that it lacks, and for
    /// keys that mean nothing.
    fn check_keys(&mut self, rule: &Node, table: &Table, takes: &[Take<'_>]) -> bool {
        let known = || takes.iter().map(|take| take.name.text.as_str()).chain(kind::INSTANCE);
        for (key, _) in &table.entries {
            if known().all(|known| known != key.text) {
                let finding = unknown_key(key, known().collect::<Vec<_>>());
                self.findings.add(finding.and(self.kind.span, "the kind is declared here"));
            }
        }
        let misspelt = |take: &Name| {
            let unknown = table.entries.iter().filter(|(key, _)| known().all(|known| known != key.text));
            unknown.into_iter().any(|(key, _)| nearest(&key.text, known()) == Some(&take.text))
        };
        for Take { name: take, ty, is } in takes {
            if table.find(&take.text).is_none() && is.is_none() && !misspelt(take) {
                self.findings.add(
                    Finding::new(&code::MISSING_KEY, rule.span, format!("`{}` is missing", take.text))
                        .and(take.span, "the kind takes it")
                        .help(format!(
                            "write `{} = …` here, a value of type `{}`",
                            take.text,
                            ty.as_text().unwrap_or("…")
                        )),
                );
            }
        }
        takes.iter().all(|take| take.is.is_some() || table.find(&take.name.text).is_some())
    }

    /// The record among the facts that a value names; a finding when there is none of that name.
    fn record(&mut self, value: &Node) -> Option<String> {
        let Some(name) = value.as_text() else {
            return crate::rulebook::shape::wrong_type(value, "the name of a record", self.findings);
        };
        if self.records.iter().any(|known| known == name) {
            return Some(name.to_owned());
        }
        let known = self.records.iter().map(String::as_str);
        let finding = Finding::new(&code::UNKNOWN_NAME, value.span, format!("`{name}` is no record among the facts"));
        self.findings.add(finding.help_maybe(did_you_mean(name, known)));
        None
    }

    /// The ids that the kind gives to its own rules, and to the rows that are measures.
    fn own_names(&mut self, id: &Name, names: &mut BTreeMap<String, Bound>) {
        let mut nameless: Option<&Node> = None;
        for (section, rules) in self.template.entries.iter().filter(|(name, _)| RULES.contains(&name.text.as_str())) {
            for rule in rules.as_list().unwrap_or_default() {
                let rows = rule.as_table().and_then(|rule| rule.find("rows")).and_then(Node::as_list);
                let rows = rows.unwrap_or_default().iter().filter(|_| section.text == "measures");
                let own = rule.as_table().and_then(|rule| rule.find("id")).and_then(Node::as_text);
                let row_ids = rows.filter_map(|row| crate::rulebook::row::identity(row).map(|(id, _)| id));
                for own in own.map(str::to_owned).into_iter().chain(row_ids) {
                    let whole = format!("{}_{own}", id.text);
                    names.insert(own, Bound::Name(whole));
                }
                if own.is_none()
                    && let Some(first) = nameless.replace(rule)
                {
                    self.findings.add(
                        Finding::new(&code::MISSING_KEY, rule.span, "two rules of the kind have no `id`")
                            .and(first.span, "the other is here")
                            .help("one has the id of the rule itself; give the other an `id`, which is added to it"),
                    );
                }
            }
        }
    }

    /// The same in files of its own.
    fn moved(&mut self, template: &Node, files: &mut Vec<FileId>) -> Node {
        let mut own = Vec::new();
        files_of(template, &mut own);
        let mut node = template.clone();
        for file in own {
            let known = files.iter().copied().find(|known| self.sources.first(*known) == file);
            let again = known.unwrap_or_else(|| {
                let again = self.sources.repeat(file);
                files.push(again);
                again
            });
            node = node.moved(file, again);
        }
        node
    }

    /// The rule with its id, its texts, and the names that stand alone in it.
    fn named(&self, section: &str, node: Node, instance: &Instance, table: &Table) -> Node {
        let mut node = bound(node, &instance.names);
        let Item::Table(rule) = &mut node.item else { return node };
        let id = &instance.id;
        if let Some((_, own)) = rule.entries.iter_mut().find(|(name, _)| name.text == "id") {
            own.span = id.span;
        } else {
            let text = Node { span: id.span, item: Item::Text(id.text.clone()) };
            rule.entries.insert(0, (word("id", id.span), text));
            for key in ["title", "source", "note"] {
                if let Some((name, value)) = table.entries.iter().find(|(name, _)| name.text == key) {
                    rule.entries.retain(|(known, _)| known.text != key);
                    rule.entries.push((name.clone(), value.clone()));
                }
            }
        }
        if section == "measures"
            && let Some((_, Node { item: Item::List(rows), .. })) =
                rule.entries.iter_mut().find(|(name, _)| name.text == "rows")
        {
            for row in rows {
                let Some((name, _)) = crate::rulebook::row::identity(row) else { continue };
                let Item::Table(cells) = &mut row.item else { continue };
                if cells.find("id").is_none() {
                    let text = Item::Text(format!("{}_{name}", id.text));
                    cells.entries.insert(0, (word("id", row.span), Node { span: row.span, item: text }));
                }
            }
        }
        node
    }
}

/// A node in which every text and key that is a name of the kind stands for what that means.
fn bound(node: Node, names: &BTreeMap<String, Bound>) -> Node {
    let meaning = |text: &str| names.get(text);
    let Node { span, item } = node;
    match item {
        Item::Text(text) => match meaning(&text) {
            Some(Bound::Name(name)) => Node { span, item: Item::Text(name.clone()) },
            Some(Bound::Formula(formula)) => Node { span: formula.span, item: Item::Text(formula.text.clone()) },
            None => Node { span, item: Item::Text(text) },
        },
        Item::List(list) => Node { span, item: Item::List(list.into_iter().map(|item| bound(item, names)).collect()) },
        Item::Table(table) => {
            let entries = table.entries.into_iter().map(|(mut key, value)| {
                if TEXTS.contains(&key.text.as_str()) {
                    return (key, value);
                }
                if let Some(Bound::Name(name)) = meaning(&key.text) {
                    key.text.clone_from(name);
                }
                (key, bound(value, names))
            });
            Node { span, item: Item::Table(Table { entries: entries.collect() }) }
        }
        item => Node { span, item },
    }
}

fn word(text: &str, span: Span) -> Name {
    Name { text: text.to_owned(), span }
}

/// What a rule gives as a name or computation; `None` for a value.
fn formula(value: &Node, ty: &str) -> Option<Formula> {
    let text = value.as_text()?;
    let is_value = quantity(text).is_some()
        || ["unspecified", "no limit", "true", "false"].contains(&text)
        || crate::date::parse(text).is_some();
    (PLAIN.contains(&ty) && !is_value).then(|| Formula { text: text.to_owned(), span: value.span })
}

/// The parameter that holds a value of a rule.
fn parameter(value: &Node, ty: &Node, rule: &Table) -> Node {
    let mut entries = vec![(word("is", value.span), value.clone()), (word("type", ty.span), ty.clone())];
    let source = rule.entries.iter().find(|(name, _)| name.text == "source");
    entries.extend(source.cloned());
    Node { span: value.span, item: Item::Table(Table { entries }) }
}

fn files_of(node: &Node, files: &mut Vec<FileId>) {
    let mut add = |span: Span| {
        if !files.contains(&span.file) {
            files.push(span.file);
        }
    };
    add(node.span);
    match &node.item {
        Item::List(list) => list.iter().for_each(|item| files_of(item, files)),
        Item::Table(table) => {
            table.entries.iter().for_each(|(name, _)| add(name.span));
            table.entries.iter().for_each(|(_, value)| files_of(value, files));
        }
        _ => {}
    }
}
