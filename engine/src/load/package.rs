//! Plugins: a folder, or what a host brings along, with a manifest and sections of a rulebook.

use super::beside::{Beside, ScriptText, add, closed};
use super::format::recover_toml;
use super::library::Library;
use super::{Folder, Layer};
use crate::document::{Item, Name, Node};
use crate::finding::{Finding, Findings, code, did_you_mean};
use crate::rulebook::plugin::{Plugin, suits};
use crate::rulebook::{Read, Rulebook};
use crate::script::Script;
use crate::source::{FileId, Sources, Span};

/// A plugin that a host brings along.
#[derive(Clone, Debug)]
pub struct HostPlugin {
    /// What would stand in its `plugin.toml`.
    pub text: String,
    /// Its functions, by the names under which `[scripts]` declares them without a file.
    pub functions: Vec<(String, Script)>,
}

/// A plugin as it is written.
#[derive(Clone, Debug)]
pub struct Package {
    /// Its id.
    pub id: String,
    /// What it says of itself, as far as that can be read.
    pub manifest: Option<Plugin>,
    /// Its sections and files.
    pub layer: Layer,
}

impl Package {
    /// The names of the values that its kinds take.
    pub fn takes(&self) -> Vec<&str> {
        let kinds = self.document().as_table().and_then(|root| root.find("kinds")).and_then(Node::as_table);
        let takes = kinds.into_iter().flat_map(|kinds| &kinds.entries);
        let takes = takes.filter_map(|(_, kind)| kind.as_table()?.find("takes")?.as_table());
        takes.flat_map(|takes| &takes.entries).map(|(name, _)| name.text.as_str()).collect()
    }

    /// Its sections as a tree.
    pub(super) fn document(&self) -> &Node {
        &self.layer.document
    }
}

/// The file of a plugin.
const FILE: &str = "plugin.toml";

/// The plugins that there are, in alphabetical order: every folder with a `plugin.toml`, and those of hosts.
pub fn plugins(library: Library<'_>) -> Vec<String> {
    let in_folder = library.plugins.into_iter().flat_map(Folder::paths).filter_map(|path| path.split_once('/'));
    let mut ids: Vec<String> =
        in_folder.filter(|(_, file)| *file == FILE).map(|(folder, _)| folder.to_owned()).collect();
    let closed = library.plugins.into_iter().flat_map(Folder::closed).filter(|(path, _)| !path.contains('/'));
    ids.extend(closed.map(|(path, _)| path.to_owned()));
    ids.extend(library.hosts.iter().filter_map(|host| host_id(&host.text)));
    ids.sort();
    ids.dedup();
    ids
}

/// The id that the text of a host's plugin gives itself.
fn host_id(text: &str) -> Option<String> {
    let mut sources = Sources::default();
    let file = sources.add(FILE, text);
    let document = recover_toml(file, text, &mut Findings::default()).unwrap_or_else(|rest| rest);
    Some(document.as_table()?.find("plugin")?.as_table()?.find("id")?.as_text()?.to_owned())
}

/// The plugin `id`, where there is one; what is wrong with its text is kept with it.
pub fn package(library: Library<'_>, id: &str, sources: &mut Sources) -> Option<Package> {
    if let Some(host) = library.hosts.iter().find(|host| host_id(&host.text).as_deref() == Some(id)) {
        let file = sources.add(format!("host:{id}/{FILE}"), host.text.as_str());
        return Some(read(id, file, sources, |_, document, _| {
            let declared = document.as_table().and_then(|t| t.find("scripts")).and_then(Node::as_table);
            let declared = |name: &String| declared.is_some_and(|table| table.find(name).is_some());
            let own = host.functions.iter().filter(|(name, _)| declared(name));
            own.map(|(name, script)| ScriptText { name: name.clone(), file, own: Some(script.clone()) }).collect()
        }));
    }
    let folder = library.plugins?;
    let path = format!("{id}/{FILE}");
    if !folder.holds(&path) && !folder.is_closed(&path) {
        return None;
    }
    let mut findings = Findings::default();
    closed(folder, id, sources, &mut findings);
    let file = if findings.is_empty() { add(folder, &path, sources, &mut findings) } else { None };
    let Some(file) = file else {
        let file = findings.iter().next().map_or(FileId(0), |finding| finding.span.file);
        let document = Node { span: Span::top(file), item: Item::Table(crate::document::Table::default()) };
        let layer =
            Layer { file, document, whole: false, files: Vec::new(), scripts: Vec::new(), lost: Vec::new(), findings };
        return Some(Package { id: id.to_owned(), manifest: None, layer });
    };
    Some(read(id, file, sources, |sources, document, layer| {
        let files = vec![(FILE.to_owned(), file)];
        let findings = &mut layer.findings;
        let mut beside = Beside { from: folder, folder: id, sources, findings, files, lost: Vec::new() };
        beside.inline_tables(document);
        let scripts = beside.scripts(document);
        (layer.files, layer.lost) = (beside.files, beside.lost);
        scripts
    }))
}

fn read(
    id: &str,
    file: FileId,
    sources: &mut Sources,
    scripts: impl FnOnce(&mut Sources, &mut Node, &mut Layer) -> Vec<ScriptText>,
) -> Package {
    let text = sources.file(file).text.clone();
    let mut findings = Findings::default();
    let (mut document, whole) = match recover_toml(file, &text, &mut findings) {
        Ok(document) => (document, true),
        Err(rest) => (rest, false),
    };
    let empty = Node { span: document.span, item: Item::Table(crate::document::Table::default()) };
    let files = vec![(FILE.to_owned(), file)];
    let mut layer = Layer { file, document: empty, whole, files, scripts: Vec::new(), lost: Vec::new(), findings };
    layer.scripts = scripts(sources, &mut document, &mut layer);
    let manifest = if whole { take_manifest(id, &mut document, &mut layer.findings) } else { None };
    // Inside a digest, files of plugins are told apart from the rulebook's own.
    layer.files.iter_mut().for_each(|(name, _)| *name = format!("plugins/{id}/{name}"));
    layer.document = document;
    Package { id: id.to_owned(), manifest, layer }
}

/// Takes `[plugin]` out of the document, and tells what is wrong with it.
fn take_manifest(id: &str, document: &mut Node, findings: &mut Findings) -> Option<Plugin> {
    let span = document.span;
    let Item::Table(table) = &mut document.item else { return None };
    let place = table.entries.iter().position(|(name, _)| name.text == "plugin");
    let Some(place) = place else {
        findings.add(
            Finding::new(&code::MISSING_KEY, Span { end: span.start, ..span }, "`plugin` is missing")
                .help("write `[plugin]` with `id`, `version`, `engine` and `title`"),
        );
        return None;
    };
    let (_, node) = table.entries.remove(place);
    if let Some((name, _)) = table.entries.iter().find(|(name, _)| name.text == "rulebook") {
        findings.add(
            Finding::new(&code::UNKNOWN_KEY, name.span, "`rulebook` means nothing here")
                .help("a plugin says what it is in `[plugin]`; which program and version, a rulebook says"),
        );
    }
    let manifest = Plugin::read(&node, findings)?;
    if manifest.id.text != id {
        findings.add(
            Finding::new(
                &code::MISPLACED_FILE,
                manifest.id.span,
                format!("the file says `{}`, its folder says `{id}`", manifest.id.text),
            )
            .help("a plugin is kept in PLUGINS/ID/plugin.toml; rename one of the two"),
        );
    }
    let own = env!("CARGO_PKG_VERSION");
    if !suits(&manifest.engine.text, own) {
        findings.add(
            Finding::new(
                &code::OTHER_ENGINE,
                manifest.engine.span,
                format!("the plugin is written for Tierline {}, and this is {own}", manifest.engine.text),
            )
            .help("see whether it still does what it should, then write this version, or as much of it as matters"),
        );
    }
    Some(manifest)
}

/// The plugins that a list names, each with the name; findings for what cannot be used as listed.
pub fn listed(
    library: Library<'_>,
    names: &[Name],
    packages: &mut Vec<Package>,
    sources: &mut Sources,
    findings: &mut Findings,
) -> Vec<(usize, Name)> {
    let mut found: Vec<(usize, Name)> = Vec::new();
    for name in names {
        let known = packages.iter().position(|package| package.id == name.text);
        let place = known.or_else(|| {
            packages.push(package(library, &name.text, sources)?);
            Some(packages.len() - 1)
        });
        let Some(place) = place else {
            let known = plugins(library);
            findings.add(
                Finding::new(&code::UNKNOWN_NAME, name.span, format!("there is no plugin `{}`", name.text))
                    .help("a plugin is a folder with a file `plugin.toml`; `--plugins` says where these folders are")
                    .help_maybe(did_you_mean(&name.text, known.iter().map(String::as_str))),
            );
            continue;
        };
        if let Some((_, first)) = found.iter().find(|(known, _)| *known == place) {
            findings.add(
                Finding::new(&code::DUPLICATE_ID, name.span, format!("`{}` is listed twice", name.text))
                    .and(first.span, "it is first listed here"),
            );
            continue;
        }
        for need in packages[place].manifest.iter().flat_map(|manifest| &manifest.needs.0) {
            if found.iter().all(|(_, before)| before.text != need.text) {
                findings.add(
                    Finding::new(
                        &code::NEEDED_PLUGIN,
                        name.span,
                        format!("`{}` needs the plugin `{}`, which is not listed before it", name.text, need.text),
                    )
                    .and(need.span, "the plugin says so here")
                    .help(format!("write `plugins = [ …, \"{}\", \"{}\" ]`", need.text, name.text)),
                );
            }
        }
        found.push((place, name.clone()));
    }
    found
}

/// The rules by which a plugin is tried: those of its own folder `rules`, over the ordinary ones, with no
/// cases but its own; and the programs that it tries. `None` for a plugin without any.
pub fn trial(library: Library<'_>, id: &str) -> Option<(Folder, Vec<String>)> {
    let own = library.plugins?.under(&format!("{id}/rules"));
    let programs = super::programs(&own);
    let ordinary = library.rules.only(|path| path.split('/').nth(1) != Some("cases"));
    (!programs.is_empty()).then(|| (ordinary.with(&own), programs))
}

/// The name of the version by which a plugin is tried where nobody else does.
pub const TRIAL: &str = "of-plugin";

/// The rules by which everything in the plugin `id` is tried, with their program: a version that has a rule
/// of each kind that `listing` does not use, a version that lists the plugin; without one, of each kind.
pub fn whole_trial(library: Library<'_>, id: &str, listing: Option<(&str, &str, &Node)>) -> Option<(Folder, String)> {
    let package = package(library, id, &mut Sources::default())?;
    let (program, head, whole) = match listing {
        Some((program, version, whole)) => (program, format!("extends = {}", quoted(version)), Some(whole)),
        None => {
            let needs = package.manifest.iter().flat_map(|manifest| &manifest.needs.0).map(|need| need.text.as_str());
            let plugins: Vec<String> = needs.chain([id]).map(quoted).collect();
            (id, format!("plugins = [{}]\ncurrency = \"USD\"\n[cycle]\nstarts = \"01-01\"", plugins.join(", ")), None)
        }
    };
    let mut text = format!(
        "[rulebook]\nprogram = {}\nversion = {}\nstatus = \"draft\"\neffective = {{}}\ntitle = \"\"\n{head}\n",
        quoted(program),
        quoted(TRIAL)
    );
    let kinds = package.document().as_table().and_then(|root| root.find("kinds")).and_then(Node::as_table);
    for (kind, template) in kinds.into_iter().flat_map(|kinds| &kinds.entries) {
        if whole.and_then(Node::as_table).is_some_and(|root| root.find(&kind.text).is_some()) {
            continue;
        }
        let takes = template.as_table().and_then(|template| template.find("takes")).and_then(Node::as_table);
        text.push_str(&format!("[[{}]]\nid = {}\n", quoted(&kind.text), quoted(&format!("trial_of_{}", kind.text))));
        for (take, ty) in takes.into_iter().flat_map(|takes| &takes.entries) {
            text.push_str(&format!("{} = {}\n", quoted(&take.text), example(ty.as_text().unwrap_or_default())));
        }
    }
    let own = Folder::of("", [(format!("{program}/{TRIAL}.toml").as_str(), text.as_str())]);
    Some((library.rules.with(&own), program.to_owned()))
}

/// A value of a type, as a rule of a kind gives it.
fn example(ty: &str) -> &'static str {
    match ty.trim_end_matches(" or none") {
        "flag" => "true",
        "count" | "number" | "money" | "percent" => "1",
        "date" => "2000-01-01",
        "duration" => "\"1 day\"",
        _ => "\"unspecified\"",
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Everything that is wrong with the plugin `id` by itself: its text, its manifest, the shape of its sections.
///
/// What its names and types mean is found where a rulebook uses it.
pub fn plugin(library: Library<'_>, id: &str, sources: &mut Sources, findings: &mut Findings) -> Option<Package> {
    let mut packages = Vec::new();
    let name = Name { text: id.to_owned(), span: Span::top(FileId(0)) };
    let mut own = package(library, id, sources)?;
    let needs = own.manifest.as_ref().map(|manifest| manifest.needs.0.clone()).unwrap_or_default();
    let needed = listed(library, &needs, &mut packages, sources, findings);
    findings.extend(own.layer.findings.clone());
    if own.layer.whole {
        let base = Node { span: name.span, item: Item::Table(crate::document::Table::default()) };
        let base = needed.into_iter().fold(base, |base, (place, _)| {
            super::overlay::over(
                base,
                &packages[place].layer.document,
                super::overlay::New::Last,
                &mut Findings::default(),
            )
        });
        let mut told = Findings::default();
        let mut merged = super::overlay::over(base, &own.layer.document, super::overlay::New::Last, &mut told);
        super::kind::expand(&mut merged, sources, &mut told);
        Rulebook::read_sections(&merged, &mut told);
        let mine: Vec<FileId> = own.layer.files.iter().map(|(_, file)| *file).collect();
        told.iter()
            .filter(|finding| mine.contains(&sources.first(finding.span.file)))
            .for_each(|finding| findings.add(finding.clone()));
    }
    own.layer.findings = Findings::default();
    Some(own)
}
