//! The facts of all versions of a program: one document must be able to suit each of them.

use crate::finding::{Finding, Findings, code};
use crate::model::{Domain, Field, Model, Records, RowsOf};
use crate::value::Kind;

/// Tells of fields that two versions read in ways that no document can suit.
pub fn conflicts(versions: &[&Model], findings: &mut Findings) {
    for (place, later) in versions.iter().enumerate() {
        for domain in &later.domains {
            let Some(records) = records(domain) else { continue };
            let known = versions[..place].iter().rev().find_map(|earlier| {
                let same = |other: &&Domain| other.name == domain.name;
                let other = earlier.domains.iter().filter(same).find_map(self::records)?;
                Some((*earlier, other))
            });
            if let Some((earlier, other)) = known {
                compare(later, domain, records, earlier, other, findings);
            }
        }
    }
}

fn records(domain: &Domain) -> Option<&Records> {
    match &domain.rows {
        RowsOf::Records(records) => Some(records),
        _ => None,
    }
}

fn compare(
    later: &Model,
    domain: &Domain,
    records: &Records,
    earlier: &Model,
    other: &Records,
    findings: &mut Findings,
) {
    let name = &domain.name;
    if records.list.is_some() && other.list.is_some() && records.absent_is_none != other.absent_is_none {
        let message = format!("an absent list of `{name}` means something else in version `{}`", earlier.version);
        findings.add(
            Finding::new(&code::SCHEMA_CONFLICT, domain.span, message)
                .help("say the same in `absent` in both versions, so that one document can suit them"),
        );
    }
    for field in &records.fields {
        let Some(before) = other.fields.iter().find(|before| before.json == field.json) else { continue };
        if form(field, &field.ty.kind) == form(before, &before.ty.kind) {
            continue;
        }
        let (now, then) = (later.kind_name(&field.ty.kind), earlier.kind_name(&before.ty.kind));
        findings.add(
            Finding::new(
                &code::SCHEMA_CONFLICT,
                field.span,
                format!("`{name}.{}` is {now} here and {then} in version `{}`", field.json, earlier.version),
            )
            .and(before.span, format!("version `{}` reads it by this type", earlier.version))
            .help("give the new field a name of its own, so that one document can suit both versions"),
        );
    }
}

/// How a value looks in JSON, as far as two types can differ in it.
fn form(field: &Field, kind: &Kind) -> Vec<&'static str> {
    match kind {
        Kind::Row(_) if field.inside => vec!["object"],
        Kind::Set(of) => [vec!["list"], form(field, of)].concat(),
        Kind::Flag => vec!["flag"],
        Kind::Count | Kind::Number | Kind::Money | Kind::Percent => vec!["number"],
        Kind::Date | Kind::Duration | Kind::Text | Kind::Word(_) | Kind::Row(_) => vec!["text"],
    }
}
