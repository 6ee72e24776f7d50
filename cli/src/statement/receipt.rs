//! What makes the decision reproducible, and which documents its rules come from.

use super::{Sheet, layout};
use crate::output::{FAINT, styled};
use tierline_engine::evaluate::Decision;

/// Adds the receipt.
pub fn add(sheet: &mut Sheet<'_>, decision: &Decision<'_>) {
    let words = sheet.words;
    let receipt = &decision.receipt;
    let mut rows = vec![
        (words.rules, format!("{}@{}", receipt.program, receipt.version)),
        ("", receipt.digest.to_owned()),
        (words.facts, receipt.facts_digest.to_owned()),
        (words.engine, receipt.engine.to_owned()),
    ];
    let cited = sheet.cited.take();
    for document in &sheet.model.documents {
        let name = if document.default { "" } else { document.id.as_str() };
        if cited.iter().any(|cited| cited == name || *cited == document.id) {
            let before = if document.default { "[…] ".to_owned() } else { format!("[{name} …] ") };
            rows.push((words.sources, format!("{before}{}", sheet.phrase(&document.title))));
        }
    }
    sheet.section(words.receipt, "");
    let labels = layout::widest(rows.iter().map(|(label, _)| *label));
    for (label, value) in rows {
        sheet.line(styled(FAINT, format!("  {}  {value}", layout::left(label, labels))));
    }
}
