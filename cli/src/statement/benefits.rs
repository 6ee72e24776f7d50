//! The benefits, by whether the partner has them, and by the row that they are for or what describes them first.

use super::{Sheet, layout};
use crate::output::{BAD, FAINT, GOOD, OPEN, styled};
use tierline_engine::evaluate::Decision;
use tierline_engine::evaluate::decision::BenefitAnswer;

/// Adds the benefits.
pub fn add(sheet: &mut Sheet<'_>, decision: &Decision<'_>) {
    if decision.benefits.is_empty() {
        return;
    }
    let words = sheet.words;
    sheet.section(words.benefits, "");
    let of = |state: &'static str| decision.benefits.iter().filter(move |benefit| benefit.state == state);
    let states = [
        (styled(GOOD, "✓"), words.benefits_met, of("met").chain(of("waived")).collect::<Vec<_>>()),
        (styled(BAD, "✗"), words.benefits_not_met, of("not_met").collect()),
        (styled(OPEN, "?"), words.benefits_undetermined, of("undetermined").collect()),
    ];
    let labels: Vec<_> = decision.benefits.iter().map(|benefit| heading(sheet, benefit)).collect();
    let labels = layout::widest(labels.iter().map(String::as_str));
    let room = layout::page() - labels - 6;
    for (mark, state, those) in states.into_iter().filter(|(.., those)| !those.is_empty()) {
        sheet.line(format!("  {mark} {state} ({})", those.len()));
        for (heading, names) in grouped(sheet, &those) {
            for (place, line) in layout::listed(&names, room).iter().enumerate() {
                let heading = if place == 0 { heading.as_str() } else { "" };
                sheet.line(format!("    {}  {line}", styled(FAINT, layout::left(heading, labels))));
            }
        }
    }
}

/// The names of benefits under their headings, both in the order of the rulebook.
fn grouped(sheet: &Sheet<'_>, those: &[&BenefitAnswer<'_>]) -> Vec<(String, Vec<String>)> {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for benefit in those {
        let (heading, name) = (heading(sheet, benefit), name(sheet, benefit));
        match groups.iter_mut().find(|(known, _)| *known == heading) {
            Some((_, names)) => names.push(name),
            None => groups.push((heading, vec![name])),
        }
    }
    groups
}

fn heading(sheet: &Sheet<'_>, answer: &BenefitAnswer<'_>) -> String {
    if let Some((_, row)) = &answer.of {
        return sheet.row_title(&sheet.model.benefits_each, row);
    }
    answer.benefit.about.first().map_or_else(String::new, |(column, word)| sheet.described(column, word))
}

fn name(sheet: &Sheet<'_>, answer: &BenefitAnswer<'_>) -> String {
    sheet.titled(answer.benefit.title.as_ref(), &answer.benefit.id)
}
