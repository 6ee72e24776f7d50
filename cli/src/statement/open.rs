//! What could not be determined, grouped by what it is for want of.

use super::title::counted_from_one;
use super::value::counted;
use super::{Sheet, layout};
use crate::output::{FAINT, OPEN, styled};
use crate::words::fill;
use tierline_engine::evaluate::Decision;
use tierline_engine::model::{Model, RowsOf};

/// How many names a line lists.
const MOST_NAMES: usize = 6;

/// Who could have told what is missing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Teller {
    Rules,
    Facts,
    Nobody,
}

/// Something missing, wherever it is missing, and the rules that want it.
struct Want {
    teller: Teller,
    /// The field or place.
    what: String,
    /// The list in which it is missing, and the records.
    of: Option<(String, Vec<String>)>,
    /// Whether every rule lacks it in itself.
    own: bool,
    rules: Vec<String>,
}

/// Adds what is not known.
pub fn add(sheet: &mut Sheet<'_>, decision: &Decision<'_>) {
    let mut wants: Vec<Want> = Vec::new();
    for entry in &decision.undetermined {
        for missing in &entry.missing {
            let want = want(sheet.model, &entry.rule, missing);
            let alike = |known: &&mut Want| {
                let list = |want: &Want| want.of.as_ref().map(|(list, _)| list.clone());
                known.teller == want.teller
                    && known.what == want.what
                    && known.own == want.own
                    && list(known) == list(&want)
            };
            match wants.iter_mut().find(alike) {
                None => wants.push(want),
                Some(known) => {
                    join(&mut known.rules, want.rules);
                    if let (Some((_, known)), Some((_, records))) = (&mut known.of, want.of) {
                        join(known, records);
                    }
                }
            }
        }
    }
    if wants.is_empty() {
        return;
    }
    let words = sheet.words;
    sheet.section(words.open, "");
    let tellers =
        [(Teller::Rules, words.open_rules), (Teller::Facts, words.open_facts), (Teller::Nobody, words.open_reasons)];
    for (teller, heading) in tellers {
        let mut those = wants.iter().filter(|want| want.teller == teller).peekable();
        if those.peek().is_some() {
            sheet.line(format!("  {heading}"));
        }
        for want in those {
            print(sheet, want);
        }
    }
}

fn join(known: &mut Vec<String>, more: Vec<String>) {
    for item in more {
        if !known.contains(&item) {
            known.push(item);
        }
    }
}

fn print(sheet: &mut Sheet<'_>, want: &Want) {
    let words = sheet.words;
    let benefits = want.rules.iter().all(|rule| rule.starts_with("benefits."));
    let count = if benefits { &words.count_benefits } else { &words.count_rules };
    let those = counted(words, count, want.rules.len());
    // Benefits have been listed under their own heading.
    let titles: Vec<_> = want.rules.iter().map(|rule| sheet.rule_title(rule)).collect();
    let titles = if benefits && titles.len() > MOST_NAMES { those } else { few(sheet, &titles, " · ") };
    let text = match &want.of {
        _ if want.own => {
            let field = words.known_term(&want.what).unwrap_or(&want.what);
            fill(words.of_each, &[("field", field), ("those", &titles)])
        }
        Some((list, records)) => {
            let records = match sheet.record_without_id(list) {
                Some(record) => {
                    let places: Vec<_> = records.iter().map(|name| counted_from_one(name)).collect();
                    fill(words.place, &[("list", &record), ("number", &few(sheet, &places, words.comma))])
                }
                None => format!("{list} {}", few(sheet, records, words.comma)),
            };
            fill(words.of, &[("field", &want.what), ("list", &records)])
        }
        None => sheet.wanted(&want.what),
    };
    let wanted = if want.own { String::new() } else { format!(" → {titles}") };
    for (place, line) in layout::wrapped(&format!("{text}{wanted}"), layout::page() - 6).iter().enumerate() {
        let mark = if place == 0 { styled(OPEN, "?") } else { " ".to_owned() };
        sheet.line(format!("    {mark} {}", styled(FAINT, line)));
    }
}

/// The first few names, and how many more there are.
fn few(sheet: &Sheet<'_>, names: &[String], between: &str) -> String {
    let more = names.len().saturating_sub(MOST_NAMES);
    let list = names[..names.len() - more].join(between);
    match more {
        0 => list,
        more => fill(sheet.words.and_more, &[("list", &list), ("count", &more.to_string())]),
    }
}

fn want(model: &Model, rule: &str, missing: &str) -> Want {
    let rules = vec![rule.to_owned()];
    if let Some(own) = missing.strip_prefix(rule).and_then(|rest| rest.strip_prefix('.')) {
        return Want { teller: Teller::Rules, what: own.to_owned(), of: None, own: true, rules };
    }
    let (first, rest) = missing.split_once('.').unwrap_or((missing, ""));
    let records = model.domains.iter().find_map(|domain| match &domain.rows {
        RowsOf::Records(records) if records.within.is_none() => {
            (records.list.as_deref().unwrap_or(&domain.name) == first).then_some(records)
        }
        _ => None,
    });
    if let Some(records) = records {
        // `people.H-1.left_on`: the record stands between its list and its field.
        let field = rest.split_once('.').filter(|_| records.list.is_some());
        return match field {
            Some((record, field)) => Want {
                teller: Teller::Facts,
                what: field.to_owned(),
                of: Some((first.to_owned(), vec![record.to_owned()])),
                own: false,
                rules,
            },
            None => Want { teller: Teller::Facts, what: missing.to_owned(), of: None, own: false, rules },
        };
    }
    let written = ["parameters", "tables", "awards", "ladders", "benefits", "measures", "exchange"];
    let teller = if written.contains(&first) { Teller::Rules } else { Teller::Nobody };
    Want { teller, what: missing.to_owned(), of: None, own: false, rules }
}
