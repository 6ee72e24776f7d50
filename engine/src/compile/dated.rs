//! The versions of a program beside each other: one document suits them all, and each knows the others,
//! by which subjects of their days are judged.

use super::Plan;
use super::program::{PUBLISHED, Version};
use crate::date::Date;
use crate::facts::{Schema, Share};
use crate::finding::{Finding, Findings, code};
use std::sync::Arc;

/// How many keys a record may have, of all versions together: a reader marks each as seen.
const MOST_KEYS: usize = 120;

/// Another version of the program, as a version knows it.
#[derive(Clone, Debug)]
pub struct Dated {
    /// Its name.
    pub version: String,
    /// The first day on which it is in force.
    pub from: Option<Date>,
    /// The day after the last.
    pub until: Option<Date>,
    /// What it evaluates by, itself alone; `None` when it has errors.
    pub(crate) plan: Option<Arc<Plan>>,
    /// Where its facts are among those that were read.
    pub(crate) share: Share,
    /// Whether subjects are judged by it: only a published version judges those of its days.
    pub(crate) judges: bool,
}

/// Whether a half-open span of days holds a day.
pub fn within((from, until): (Option<Date>, Option<Date>), day: Date) -> bool {
    from.is_none_or(|from| from <= day) && until.is_none_or(|until| day < until)
}

/// Lets every version read what the others read, and know them.
pub fn unite(versions: &mut [Version], findings: &mut Findings) {
    let alone: Vec<Option<Arc<Plan>>> = versions.iter().map(|version| version.plan.clone()).collect();
    for place in 0..versions.len() {
        let Some(own) = &alone[place] else { continue };
        let mut plan = Plan::clone(own);
        plan.period = (versions[place].from, versions[place].until);
        for (other, known) in versions.iter().zip(&alone).enumerate().filter(|(at, _)| *at != place).map(|(_, v)| v) {
            plan.dated.push(Dated {
                version: other.name.clone(),
                from: other.from,
                until: other.until,
                share: known.as_ref().map(|known| plan.schema.widen(&known.schema)).unwrap_or_default(),
                plan: known.clone(),
                judges: other.status == PUBLISHED,
            });
        }
        // The versions stand in the order of their first days: those before this one are whole by now.
        let earlier = versions[..place].iter().rev().find(|known| known.status == PUBLISHED);
        if let Some(earlier) = earlier.and_then(|earlier| earlier.plan.as_ref()).filter(|_| plan.model.binds.is_some())
        {
            plan.before = Some((Arc::clone(earlier), plan.schema.widen(&earlier.schema)));
        }
        if let Some((name, keys)) = too_many(&plan.schema) {
            let message = format!("`{name}` has {keys} keys in all versions together, and the most is {MOST_KEYS}");
            findings.add(
                Finding::new(&code::SCHEMA_CONFLICT, versions[place].place, message)
                    .help("use the same keys in all versions, or move some into a record inside"),
            );
            return;
        }
        versions[place].plan = Some(Arc::new(plan));
    }
}

fn too_many(schema: &Schema) -> Option<(String, usize)> {
    let mut records = schema.records.iter().flatten();
    let keys = records.find(|record| record.fields.len() + record.inside.len() > MOST_KEYS);
    let own = keys.map(|record| (record.name.clone(), record.fields.len() + record.inside.len()));
    own.or_else(|| (schema.top.len() > MOST_KEYS).then(|| ("the document".to_owned(), schema.top.len())))
}
