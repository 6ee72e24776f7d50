//! `remove = […]`: what a version leaves out of what it goes on from, by path.

use super::held;
use crate::document::{Item, Name, Node, Table};
use crate::finding::{Finding, Findings, code, did_you_mean};
use crate::rulebook::row::identity;

/// Takes out of `base` what each of `paths` names; a finding for each that names nothing.
pub fn remove(base: &mut Node, paths: &[Name], findings: &mut Findings) {
    for path in paths {
        let steps: Vec<&str> = path.text.split('.').collect();
        if let Err(Lost { far, near }) = take(base, &steps) {
            let (there, step) = (steps[..far].join("."), steps.get(far).copied().unwrap_or_default());
            let message = if far == 0 {
                format!("nothing that is taken over is called `{step}`")
            } else {
                format!("`{there}` has no `{step}` that could be removed")
            };
            let place = if far == 0 { section_of(base, step) } else { None };
            let near = near.iter().map(String::as_str);
            let whole = |near: String| if far == 0 { near } else { near.replace("mean `", &format!("mean `{there}.")) };
            findings.add(
                Finding::new(&code::NOTHING_THERE, path.span, message)
                    .help("write the section, the name in it, and the row or key, as in `awards.resale.rhel`")
                    .help_maybe(did_you_mean(step, near).map(whole))
                    .help_maybe(place.map(|section| format!("did you mean `{section}.{}`?", path.text))),
            );
        }
    }
}

/// The section that has something of this name.
fn section_of(base: &mut Node, name: &str) -> Option<String> {
    let Item::Table(root) = &mut base.item else { return None };
    let has = |section: &str, node: &mut Node| match &mut node.item {
        Item::Table(parameters) if section == "parameters" => held(parameters, name).is_some(),
        Item::Table(table) => section != "rulebook" && table.find(name).is_some(),
        Item::List(_) => holds(node, name),
        _ => false,
    };
    root.entries.iter_mut().find_map(|(section, node)| has(&section.text, node).then(|| section.text.clone()))
}

/// How far a path led, and what it could have gone on with.
struct Lost {
    far: usize,
    near: Vec<String>,
}

fn take(at: &mut Node, steps: &[&str]) -> Result<(), Lost> {
    let lost = |near| Err(Lost { far: 0, near });
    let Some((step, rest)) = steps.split_first() else { return lost(Vec::new()) };
    let further = |result: Result<(), Lost>, by: usize| result.map_err(|lost| Lost { far: lost.far + by, ..lost });
    match &mut at.item {
        Item::Table(table) => {
            let near = || names(table);
            if let Some(place) = table.entries.iter().position(|(name, _)| name.text == *step) {
                if rest.is_empty() {
                    table.entries.remove(place);
                    return Ok(());
                }
                let (name, node) = &mut table.entries[place];
                if let (Item::Table(parameters), "parameters") = (&mut node.item, name.text.as_str())
                    && held(parameters, rest[0]).is_some()
                {
                    return further(parameter(parameters, rest), 1);
                }
                return further(take(node, rest), 1);
            }
            let near = near();
            // A rule's rows and requirements are named by their ids alone.
            for list in ["rows", "requires"] {
                let found = table.entries.iter_mut().find(|(name, _)| name.text == list).map(|(_, node)| node);
                if let Some(node) = found.filter(|node| holds(node, step)) {
                    return take(node, steps);
                }
            }
            lost(near)
        }
        Item::List(list) => {
            if rest.is_empty() {
                let before = list.len();
                let near = list.iter().filter_map(identity).map(|(id, _)| id).collect();
                list.retain(|item| identity(item).is_none_or(|(id, _)| id != *step));
                return if list.len() < before { Ok(()) } else { lost(near) };
            }
            let is = |item: &Node, via: Option<&str>| {
                identity(item).is_some_and(|(id, own)| id == *step && (via.is_none() || own.as_deref() == via))
            };
            if let Some(place) = list.iter().position(|item| is(item, Some(rest[0]))) {
                if rest.len() == 1 {
                    list.remove(place);
                    return Ok(());
                }
                return further(take(&mut list[place], &rest[1..]), 2);
            }
            match list.iter_mut().find(|item| is(item, None)) {
                Some(item) => further(take(item, rest), 1),
                None => lost(list.iter().filter_map(identity).map(|(id, _)| id).collect()),
            }
        }
        _ => lost(Vec::new()),
    }
}

/// A parameter, under whatever heading it stands, or a part of one.
fn parameter(table: &mut Table, steps: &[&str]) -> Result<(), Lost> {
    if let Some(place) = table.entries.iter().position(|(name, _)| name.text == steps[0]) {
        if steps.len() == 1 {
            table.entries.remove(place);
            return Ok(());
        }
        return take(&mut table.entries[place].1, &steps[1..]).map_err(|lost| Lost { far: lost.far + 1, ..lost });
    }
    let inner = table.entries.iter_mut().filter_map(|(_, node)| match &mut node.item {
        Item::Table(inner) => Some(inner),
        _ => None,
    });
    for inner in inner {
        if held(inner, steps[0]).is_some() {
            return parameter(inner, steps);
        }
    }
    Err(Lost { far: 0, near: Vec::new() })
}

fn holds(list: &Node, step: &str) -> bool {
    list.as_list().unwrap_or_default().iter().any(|item| identity(item).is_some_and(|(id, _)| id == step))
}

/// What can stand after a dot here.
fn names(table: &Table) -> Vec<String> {
    let mut names: Vec<String> = table.entries.iter().map(|(name, _)| name.text.clone()).collect();
    for list in ["rows", "requires"] {
        let items = table.find(list).and_then(Node::as_list).unwrap_or_default();
        names.extend(items.iter().filter_map(identity).map(|(id, _)| id));
    }
    for (_, node) in &table.entries {
        if let Some(inner) = node.as_table().filter(|_| crate::rulebook::parameter::is_heading(node)) {
            names.extend(inner.entries.iter().map(|(name, _)| name.text.clone()));
        }
    }
    names
}
