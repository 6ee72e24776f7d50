//! What can be said only of the whole document: which record a reference names, what stands in for an absent field.

use super::schema::Schema;
use super::{Facts, Value};
use bumpalo::collections::Vec as ArenaVec;
use std::collections::HashMap;

/// From how many records on they are found by hash.
const MANY: u32 = 16;

/// Turns the ids of references into the records that they name, and puts the values of other fields in the places of
/// absent ones, as far as the schema says where they lie.
pub fn complete(schema: &Schema, facts: &mut Facts<'_>) {
    for (domain, field, target) in &schema.references {
        refer(schema, facts, domain.0 as usize, *field, target.0 as usize);
    }
    for (domain, field, source, instead) in &schema.stand_ins {
        stand_in(facts, domain.0 as usize, *field, source.0 as usize, *instead);
    }
}

/// Turns the ids in a field into the records of `target` that they name; of several, the first.
fn refer(schema: &Schema, facts: &mut Facts<'_>, place: usize, field: u32, target: usize) {
    let named = schema.records[target].as_ref();
    let Some(id) = named.and_then(|named| named.fields[named.id? as usize].slot) else { return };
    let (rows, targets) = (&facts.records[place], &facts.records[target]);
    if rows.len == 0 || targets.len == 0 {
        return;
    }
    let id_of = |row: u32| match targets.cell(row, id) {
        Value::Text(text) => Some(text),
        _ => None,
    };
    let by_id: Option<HashMap<&str, u32>> =
        (targets.len > MANY).then(|| (0..targets.len).rev().filter_map(|row| Some((id_of(row)?, row))).collect());
    let find = |text: &str| match &by_id {
        Some(by_id) => by_id.get(text).copied(),
        None => (0..targets.len).find(|row| id_of(*row) == Some(text)),
    };
    let mut found = ArenaVec::with_capacity_in(rows.len as usize, facts.records.bump());
    found.extend((0..rows.len).filter_map(|row| match rows.cell(row, field) {
        Value::Text(text) => Some((row, find(text)?)),
        _ => None,
    }));
    let rows = &mut facts.records[place];
    for (row, target) in found {
        rows.cells[(row * rows.width + field) as usize] = Value::Row(target);
    }
}

/// Puts the value of `instead`, a field of the same record or of the only one of its kind, where `field` is absent.
fn stand_in(facts: &mut Facts<'_>, place: usize, field: u32, source: usize, instead: u32) {
    let only = (source != place).then(|| facts.records[source].record(0).get(instead as usize).copied()).flatten();
    let rows = &mut facts.records[place];
    for row in 0..rows.len {
        if let Value::Elsewhere = rows.cell(row, field) {
            let value = if source == place { Some(rows.cell(row, instead)) } else { only };
            rows.cells[(row * rows.width + field) as usize] = value.unwrap_or(Value::Elsewhere);
        }
    }
}
