//! Plugins as `tierline check` looks at them: by themselves, where rulebooks list them, where their own
//! rulebooks try them, and whatever of them nobody uses, in a rulebook that is made up.

use super::beside;
use crate::context::Context;
use crate::finding::uses;
use std::collections::BTreeSet;
use tierline_engine::analyze;
use tierline_engine::compile::{Load, Program, Version};
use tierline_engine::document::{Item, Node};
use tierline_engine::finding::{Finding, Findings, code};
use tierline_engine::load::{self, Folder, Library, Package};
use tierline_engine::source::{Sources, Span};

/// A plugin, or a program by which it is tried, with what is found in the plugin's own files.
pub struct Plugin {
    /// What people call it.
    pub name: String,
    /// The texts that the findings point into.
    pub sources: Sources,
    /// What is found.
    pub findings: Findings,
    /// Whether it is told that nothing is wrong, where nothing is.
    pub ticked: bool,
    /// Names that it reads and nobody has: a rulebook that lists it must have them.
    pub needs: BTreeSet<String>,
    /// Where versions say that they use it.
    pub uses: Vec<Span>,
}

impl Plugin {
    fn of(name: String, load: Load) -> Self {
        let uses = uses(&load);
        Self { name, sources: load.sources, findings: load.findings, ticked: true, needs: BTreeSet::new(), uses }
    }
}

/// What makes a finding the same as another, though it was made in another load.
pub type Key = (&'static str, String, u32, String);

/// The key of a finding.
pub fn key(sources: &Sources, finding: &Finding) -> Key {
    let path = sources.file(finding.span.file).path.to_string();
    (finding.code.id, path, finding.span.start, finding.message.clone())
}

/// Everything that is found in the plugin `id`; what was told before is not told again.
pub fn plugin(id: &str, rules: &Folder, loads: &[&Load], context: &Context, told: &mut Vec<Key>) -> Vec<Plugin> {
    let library = context.library(rules);
    let folder = context.plugin_folder(id);
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    let package = load::plugin(library, id, &mut sources, &mut findings);
    let itself = format!("plugin {id}");
    let (name, needs) = (itself.clone(), BTreeSet::new());
    let mut all = vec![Plugin { name, sources, findings, ticked: true, needs, uses: Vec::new() }];
    let mut trials: Vec<(Folder, Load)> = Vec::new();
    for (program, rules) in context.trials(rules, id) {
        let mut load = Program::load(Library { rules: &rules, ..library }, &program);
        load.findings.extend(analyze::program(&load));
        beside(&mut load, &rules, None);
        trials.push((rules, load));
    }
    let listing = |rules, load| Some(User { rules, load, version: lists(load, id)? });
    let mut users: Vec<User<'_>> = loads.iter().filter_map(|load| listing(rules, load)).collect();
    for User { load, .. } in &users {
        let name = format!("{itself}, used by {}", load.program.name);
        let (sources, findings) = (load.sources.clone(), load.findings.clone());
        let (needs, uses) = (BTreeSet::new(), uses(load));
        all.push(Plugin { name, sources, findings, ticked: false, needs, uses });
    }
    users.extend(trials.iter().filter_map(|(rules, load)| listing(rules, load)));
    let broken = all[0].findings.has_errors();
    all.extend(package.filter(|_| !broken).and_then(|package| unused(id, &package, users.first(), library)));
    for (_, load) in trials {
        all.push(Plugin::of(format!("{itself}, tried by {}", load.program.name), load));
    }
    let mut said = false;
    for plugin in &mut all {
        let sources = &plugin.sources;
        let lies = |span| sources.file(span).path.starts_with(&folder);
        let inside =
            |finding: &Finding| lies(finding.span.file) || finding.related.iter().any(|(span, _)| lies(span.file));
        plugin.findings.retain(|finding| {
            said |= lies(finding.span.file);
            let key = key(sources, finding);
            let new = inside(finding) && !told.contains(&key);
            if new {
                told.push(key);
            }
            new
        });
    }
    all.iter_mut().for_each(|plugin| plugin.ticked &= !said && plugin.findings.is_empty());
    all[0].ticked &= all.iter().all(|plugin| plugin.needs.is_empty());
    all.retain(|plugin| plugin.ticked || !plugin.findings.is_empty() || !plugin.needs.is_empty());
    all
}

/// A version that lists a plugin, where it stands.
struct User<'l> {
    rules: &'l Folder,
    load: &'l Load,
    version: &'l Version,
}

/// The version of a program that lists the plugin.
fn lists<'l>(load: &'l Load, id: &str) -> Option<&'l Version> {
    load.program.versions.iter().find(|version| {
        let header = version.document.as_table().and_then(|root| root.find("rulebook")?.as_table());
        match header.and_then(|header| header.find("plugins")).map(|node| &node.item) {
            Some(Item::Text(text)) => text == id,
            Some(Item::List(list)) => list.iter().any(|item: &Node| item.as_text() == Some(id)),
            _ => false,
        }
    })
}

/// What of a plugin no rulebook uses, in a rulebook that is made up.
fn unused(id: &str, package: &Package, user: Option<&User<'_>>, library: Library<'_>) -> Option<Plugin> {
    let listing = user.map(|user| (user.load.program.name.as_str(), user.version.name.as_str(), &user.version.whole));
    let library = Library { rules: user.map_or(library.rules, |user| user.rules), ..library };
    let (rules, program) = load::whole_trial(library, id, listing)?;
    let mut load = Program::load(Library { rules: &rules, ..library }, &program);
    let (sources, takes) = (&load.sources, package.takes());
    let mut needs = BTreeSet::new();
    load.findings.retain(|finding| {
        let text = sources.text(finding.span).trim_matches(['"', '\'']);
        // What is given for a value of the kind is made up, and a name of the rulebook may be meant by it.
        if !finding.is_error() || takes.contains(&text) {
            return false;
        }
        let slip = finding.help.as_ref().is_some_and(|help| help.starts_with("did you mean"));
        if user.is_none() && finding.code == &code::UNKNOWN_NAME && !slip {
            needs.insert(text.to_owned());
            return false;
        }
        user.is_some() || finding.code != &code::CURRENCY_MISMATCH
    });
    // The rulebook that is made up is nobody's to look at.
    let made_up = format!("{program}/{}.toml", load::TRIAL);
    for finding in load.findings.iter_mut() {
        finding.related.retain(|(span, _)| *load.sources.file(span.file).path != *made_up);
    }
    Some(Plugin { ticked: false, needs, ..Plugin::of(format!("plugin {id}"), load) })
}
