//! The benefits, by whether the partner has them.

use super::{Sheet, layout};
use crate::output::{BAD, GOOD, OPEN, styled};
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
    let groups = [
        (styled(GOOD, "✓"), words.benefits_met, of("met").chain(of("waived")).collect::<Vec<_>>()),
        (styled(BAD, "✗"), words.benefits_not_met, of("not_met").collect()),
        (styled(OPEN, "?"), words.benefits_undetermined, of("undetermined").collect()),
    ];
    let labels = layout::widest(groups.iter().filter(|(.., those)| !those.is_empty()).map(|(_, label, _)| *label));
    for (mark, label, those) in groups {
        let names: Vec<_> = those.iter().map(|benefit| name(sheet, benefit)).collect();
        for (place, line) in layout::wrapped(&names.join(" · "), layout::WIDTH - labels - 6).iter().enumerate() {
            if those.is_empty() {
                continue;
            }
            let (mark, label) = if place == 0 { (mark.as_str(), label) } else { (" ", "") };
            sheet.line(format!("  {mark} {}  {line}", layout::left(label, labels)));
        }
    }
}

fn name(sheet: &Sheet<'_>, answer: &BenefitAnswer<'_>) -> String {
    let title = sheet.titled(answer.benefit.title.as_ref(), &answer.benefit.id);
    match &answer.of {
        Some((_, row)) => format!("{title} ({})", sheet.row_title(&sheet.model.benefits_each, row)),
        None => title,
    }
}
