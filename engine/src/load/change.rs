//! What a version changes of the one that it goes on from, by path.

use super::overlay::same;
use crate::document::{Item, Node};
use crate::rulebook::parameter::is_heading;
use crate::rulebook::row::identity;

/// The paths of what differs between two rulebooks, in the order in which they are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// What both have, and not the same.
    pub changed: Vec<String>,
    /// What only the new one has.
    pub added: Vec<String>,
    /// What only the old one has.
    pub removed: Vec<String>,
}

/// How `new` differs from `old`: by section, the things in it, and the rows, requirements and fields of these.
pub fn changes(old: &Node, new: &Node) -> Changes {
    let mut changes = Changes::default();
    let header = |name: &str| name == "rulebook";
    for (path, before, after) in pairs(&parts(old), &parts(new)) {
        if !header(&path) {
            changes.section(&path, before, after);
        }
    }
    changes
}

impl Changes {
    fn section(&mut self, path: &str, before: Option<&Node>, after: Option<&Node>) {
        let things = if path == "parameters" { flat } else { parts };
        let (before, after) = (before.map(things), after.map(things));
        for (name, before, after) in pairs(&before.unwrap_or_default(), &after.unwrap_or_default()) {
            self.thing(&format!("{path}.{name}"), before, after);
        }
    }

    /// A rule, record or table: by its rows, requirements or fields, where nothing else of it differs.
    fn thing(&mut self, path: &str, before: Option<&Node>, after: Option<&Node>) {
        let (Some(old), Some(new)) = (before, after) else {
            let list = if before.is_some() { &mut self.removed } else { &mut self.added };
            list.push(path.to_owned());
            return;
        };
        if same(old, new) {
            return;
        }
        let split = |node| match path.split('.').next() {
            Some("facts") => (parts(node), Vec::new()),
            Some("choices") => (words(node), Vec::new()),
            _ => split(node),
        };
        let ((inside, rest), (inside_new, rest_new)) = (split(old), split(new));
        let other = pairs(&rest, &rest_new).iter().any(|(_, a, b)| !alike(*a, *b));
        if other || (inside.is_empty() && inside_new.is_empty()) {
            self.changed.push(path.to_owned());
        }
        let inside = pairs(&inside, &inside_new);
        if path.starts_with("choices.") && inside.iter().all(|(_, a, b)| alike(*a, *b)) {
            // The same words in another order.
            self.changed.push(path.to_owned());
        }
        for (name, a, b) in inside {
            let list = match (a, b) {
                _ if alike(a, b) => continue,
                (Some(_), Some(_)) => &mut self.changed,
                (None, _) => &mut self.added,
                (_, None) => &mut self.removed,
            };
            list.push(format!("{path}.{name}"));
        }
    }
}

fn alike(a: Option<&Node>, b: Option<&Node>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if same(a, b))
}

type Part<'n> = (String, &'n Node);

/// The parts of a table by their keys, those of a list by what they are found by.
fn parts(node: &Node) -> Vec<Part<'_>> {
    match &node.item {
        Item::Table(table) => table.entries.iter().map(|(name, node)| (name.text.clone(), node)).collect(),
        Item::List(list) => list.iter().filter_map(|item| Some((identified(item)?, item))).collect(),
        _ => Vec::new(),
    }
}

/// The words of a choice, with what people call them where that is said.
fn words(node: &Node) -> Vec<Part<'_>> {
    match node.as_list() {
        Some(list) => list.iter().filter_map(|word| Some((word.as_text()?.to_owned(), word))).collect(),
        None => parts(node),
    }
}

fn identified(node: &Node) -> Option<String> {
    identity(node).map(|(id, via)| via.map_or(id.clone(), |via| format!("{id}.{via}")))
}

/// The rows and requirements of a rule, and its other keys.
fn split(node: &Node) -> (Vec<Part<'_>>, Vec<Part<'_>>) {
    let (lists, rest): (Vec<_>, Vec<_>) = parts(node).into_iter().partition(|(key, node)| {
        matches!(key.as_str(), "rows" | "requires")
            && node.as_list().is_some_and(|l| l.iter().all(|i| identity(i).is_some()))
    });
    (lists.into_iter().flat_map(|(_, list)| parts(list)).collect(), rest)
}

/// All parameters, without their headings.
fn flat(node: &Node) -> Vec<Part<'_>> {
    let Some(table) = node.as_table() else { return Vec::new() };
    let entries = table.entries.iter();
    entries
        .flat_map(|(name, node)| if is_heading(node) { flat(node) } else { vec![(name.text.clone(), node)] })
        .collect()
}

/// What both have, each by its name, in the order of the new one; then what only the old one has.
fn pairs<'n>(old: &[Part<'n>], new: &[Part<'n>]) -> Vec<(String, Option<&'n Node>, Option<&'n Node>)> {
    let find = |parts: &[Part<'n>], name: &str| parts.iter().find(|(known, _)| known == name).map(|(_, node)| *node);
    let kept = new.iter().map(|(name, node)| (name.clone(), find(old, name), Some(*node)));
    let gone = old.iter().filter(|(name, _)| find(new, name).is_none());
    kept.chain(gone.map(|(name, node)| (name.clone(), Some(*node), None))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Findings;
    use crate::load::parse_toml;
    use crate::source::Sources;

    const OLD: &str = r#"
        [rulebook]
        version = "1"
        [choices]
        product = ["anvil", "rocket"]
        [facts.partner]
        id = "id"
        badge = "flag"
        [parameters.sales]
        block = { is = 10 }
        gone = { is = 1 }
        [[awards]]
        id = "resale"
        per = "block"
        rows = [{ product = "anvil", points = 100 }, { product = "rocket", points = 150 }]
        [[ladders]]
        id = "tier"
        rows = [{ id = "gold", points = 500 }, { id = "gold", via = "people", people = 3 }]
        [[ladders.requires]]
        id = "signed"
        that = "partner.badge"
    "#;

    fn between(new: &str) -> Changes {
        let parse = |text: &str| {
            let file = Sources::default().add("a.toml", text);
            parse_toml(file, text, &mut Findings::default()).expect("a document")
        };
        changes(&parse(OLD), &parse(new))
    }

    #[test]
    fn what_is_the_same_in_another_place_is_no_change() {
        let new = OLD.replace("[parameters.sales]", "[parameters.blocks]").replace("\"1\"", "\"2\"");
        assert_eq!(between(&new), Changes::default());
    }

    #[test]
    fn a_list_of_words_that_is_restated_says_what_goes() {
        let new = OLD.replace("[\"anvil\", \"rocket\"]", "[\"magnet\", \"rocket\"]");
        let path = |word: &str| vec![format!("choices.product.{word}")];
        let expected = Changes { changed: Vec::new(), added: path("magnet"), removed: path("anvil") };
        assert_eq!(between(&new), expected);
        let turned = OLD.replace("[\"anvil\", \"rocket\"]", "[\"rocket\", \"anvil\"]");
        let changed = vec!["choices.product".to_owned()];
        assert_eq!(between(&turned), Changes { changed, ..Changes::default() });
    }

    #[test]
    fn rows_fields_and_parameters_are_told_by_their_paths() {
        let new = OLD
            .replace("\"rocket\"]", "\"rocket\", \"magnet\"]")
            .replace("badge = \"flag\"", "badge = \"text\"")
            .replace("gone = { is = 1 }", "come = { is = 1 }")
            .replace("points = 150 }", "points = 175 }, { product = \"magnet\", points = 80 }")
            .replace("people = 3", "people = 4")
            .replace("id = \"signed\"", "id = \"agreed\"");
        let paths = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>();
        let expected = Changes {
            changed: paths(&["facts.partner.badge", "awards.resale.rocket", "ladders.tier.gold.people"]),
            added: paths(&["choices.product.magnet", "parameters.come", "awards.resale.magnet", "ladders.tier.agreed"]),
            removed: paths(&["parameters.gone", "ladders.tier.signed"]),
        };
        assert_eq!(between(&new), expected);
    }

    #[test]
    fn another_key_of_a_rule_changes_the_rule() {
        let changes = between(&OLD.replace("per = \"block\"", "per = \"gone\""));
        assert_eq!(changes.changed, ["awards.resale"]);
    }
}
