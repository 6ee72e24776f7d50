//! From the text of a sample file to a sample: every key is a key of the facts, or a finding.

use super::bound::Anchors;
use super::draw::Weights;
use super::number::weight;
use super::value::Values;
use super::words::json;
use super::written::WrittenSample;
use super::{Fields, Group, Member, Sample, What};
use crate::compile::Plan;
use crate::date::Date;
use crate::document::{Name, Node};
use crate::evaluate::Question;
use crate::facts::{self, Arena, Reader, RecordSchema, Schema};
use crate::finding::{Finding, Findings, code};
use crate::load::{self, Folder};
use crate::rulebook::piece::Raw;
use crate::rulebook::shape::{Read, unknown_key, wrong_type};
use crate::source::Sources;
use crate::value::DomainId;

/// The key that says how many records a group has.
const COUNT: &str = "count";

/// Where the sample called `name` is kept.
pub fn path(program: &str, name: &str) -> String {
    format!("{program}/samples/{name}.toml")
}

/// The names of the samples of a program.
pub fn names(rules: &Folder, program: &str) -> Vec<String> {
    let folder = path(program, "");
    let folder = folder.trim_end_matches(".toml");
    let names = rules.paths().filter_map(|path| path.strip_prefix(folder)?.strip_suffix(".toml"));
    names.filter(|name| !name.contains('/')).map(str::to_owned).collect()
}

/// Reads the sample file called `name` of a plan's program, for facts as of a day.
///
/// What is wrong with it becomes findings; there is a sample when nothing is.
pub fn read(
    rules: &Folder,
    plan: &Plan,
    name: &str,
    as_of: Date,
    sources: &mut Sources,
    findings: &mut Findings,
) -> Option<Sample> {
    let file = load::add(rules, &path(&plan.model.program, name), sources, findings)?;
    let document = load::parse_toml(file, &sources.file(file).text.clone(), findings)?;
    let written = WrittenSample::read(&document, findings)?;
    if written.program.text != plan.model.program {
        let said = &written.program;
        let message = format!("the file says `{}`, its folder says `{}`", said.text, plan.model.program);
        findings.add(Finding::new(&code::MISPLACED_FILE, said.span, message).help("rename one of the two"));
    }
    let cycle = cycle(plan, as_of);
    let weights: Vec<_> = written.kinds.0.iter().map(|(_, weighs)| weight(weighs, findings)).collect();
    let kinds = Weights::of(weights.into_iter().collect::<Option<Vec<_>>>()?);
    if kinds.is_none() {
        let message = "no kind of subject can be drawn";
        findings.add(Finding::new(&code::MISSING_KEY, written.span, message).help("write `kinds = { usual = 1 }`"));
    }
    let kinds = kinds?;
    let names: Vec<Name> = written.kinds.0.iter().map(|(name, _)| name.clone()).collect();
    let Raw(facts) = &written.facts;
    let mut reading =
        Reading { schema: &plan.schema, kinds: &names, cycle: cycle.is_some(), lists: Vec::new(), findings };
    let facts = reading.document(facts)?;
    let sample = Sample { as_of, cycle, kinds, facts, domains: plan.schema.records.len() };
    (!findings.has_errors()).then_some(sample)
}

/// The first day of the cycle, when it is the same for everybody: asked of the rules, without any facts.
fn cycle(plan: &Plan, as_of: Date) -> Option<Date> {
    let (arena, question) = (Arena::new(), Question::on(as_of));
    let facts = facts::read(&plan.schema, b"{}", &arena).ok()?;
    let cycle = plan.decide(&facts, &question, &arena).ok()?.cycle;
    cycle.map(|(start, _)| start)
}

struct Reading<'a> {
    schema: &'a Schema,
    kinds: &'a [Name],
    cycle: bool,
    /// The lists that have been read, with what they hold.
    lists: Vec<(String, DomainId)>,
    findings: &'a mut Findings,
}

impl Reading<'_> {
    fn document(&mut self, node: &Node) -> Option<Fields> {
        let Some(table) = node.as_table() else {
            return wrong_type(node, "a table of records", self.findings);
        };
        let mut members = Vec::new();
        for (name, node) in &table.entries {
            let Some((_, domain)) = self.schema.top.iter().find(|(key, _)| *key == name.text) else {
                self.findings.add(unknown_key(name, self.schema.top.iter().map(|(key, _)| key.as_str())));
                continue;
            };
            if let Some(what) = self.records(name, node, *domain) {
                members.push(Member { key: key(name), id: false, what });
            }
        }
        Some(Fields { domain: None, members })
    }

    /// One record, or the groups of a list.
    fn records(&mut self, name: &Name, node: &Node, domain: DomainId) -> Option<What> {
        let record = self.schema.record(domain)?;
        if record.single {
            return self.fields(node, domain, record, false).map(What::Record);
        }
        let Some(list) = node.as_list() else {
            let message = format!("a list of groups of records, `[[…{}]]`", name.text);
            return wrong_type(node, &message, self.findings);
        };
        let groups: Vec<_> = list.iter().map(|group| self.group(group, domain, record)).collect();
        if record.within.is_none() {
            self.lists.push((name.text.clone(), domain));
        }
        groups.into_iter().collect::<Option<_>>().map(What::List)
    }

    fn group(&mut self, node: &Node, domain: DomainId, record: &RecordSchema) -> Option<Group> {
        let fields = self.fields(node, domain, record, true);
        let Some(count) = node.as_table()?.find(COUNT) else {
            let finding = Finding::new(&code::MISSING_KEY, node.span, format!("`{COUNT}` is missing"));
            self.findings.add(finding.help(format!("write `{COUNT} = 5` or `{COUNT} = [2, 8]`")));
            return None;
        };
        let count = self.values(&[]).count(count);
        Some(Group { count: count?, fields: fields? })
    }

    fn fields(&mut self, node: &Node, domain: DomainId, record: &RecordSchema, counted: bool) -> Option<Fields> {
        let Some(table) = node.as_table() else {
            return wrong_type(node, "a table of fields", self.findings);
        };
        let mut members: Vec<Member> = Vec::new();
        let mut dates = Vec::new();
        for (name, node) in table.entries.iter().filter(|(name, _)| !(counted && name.text == COUNT)) {
            let inside = record.inside.iter().find(|(key, _)| *key == name.text);
            let field = record.fields.iter().position(|field| field.key == name.text);
            let what = match (inside, field.map(|place| (place, &record.fields[place].reader))) {
                (Some((_, inner)), _) => self.records(name, node, *inner),
                (_, Some((_, Reader::Inside(inner)))) => self.records(name, node, *inner),
                (_, Some((_, reader))) => {
                    let value = self.values(&dates).value(node, reader);
                    if *reader == Reader::Date {
                        dates.push((name.text.clone(), members.len()));
                    }
                    value.map(What::Value)
                }
                _ => {
                    let keys = record.fields.iter().map(|field| field.key.as_str());
                    let keys = keys.chain(record.inside.iter().map(|(key, _)| key.as_str()));
                    self.findings.add(unknown_key(name, keys.chain(counted.then_some(COUNT))));
                    None
                }
            };
            let id = field.is_some() && field == record.id.map(|id| id as usize);
            // A member that is missing would move the ones after it; the sample is refused anyway.
            members.push(Member { key: key(name), id, what: what.unwrap_or(What::List(Vec::new())) });
        }
        Some(Fields { domain: Some(domain), members })
    }

    fn values<'v>(&'v mut self, earlier: &'v [(String, usize)]) -> Values<'v> {
        Values {
            schema: self.schema,
            kinds: self.kinds,
            lists: &self.lists,
            anchors: Anchors { cycle: self.cycle, earlier },
            findings: self.findings,
        }
    }
}

fn key(name: &Name) -> Vec<u8> {
    let mut key = json(&name.text);
    key.push(b':');
    key
}
