//! Findings as the annotations of a GitHub workflow, which shows them beside the changed lines.

use super::Chosen;
use std::fmt::Write;
use tierline_engine::finding::Severity;

/// The findings of all programs, a line each.
pub fn render(chosen: &[Chosen<'_>]) -> String {
    let mut text = String::new();
    for chosen in chosen {
        for finding in &chosen.findings {
            let place = chosen.place(finding.span);
            let level = match finding.code.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            };
            let message = match &finding.help {
                Some(help) => format!("{}\nhelp: {help}", finding.message),
                None => finding.message.clone(),
            };
            let title = format!("{} {}", finding.code.id, finding.code.name);
            // A column after the last is only understood on the line itself.
            let end = match place.end.line == place.start.line {
                true => format!(",endColumn={}", place.end.column),
                false => format!(",endLine={}", place.end.line),
            };
            let _ = writeln!(
                text,
                "::{level} file={},line={},col={}{end},title={}::{}",
                property(place.file),
                place.start.line,
                place.start.column,
                property(&title),
                data(&message),
            );
        }
    }
    text
}

/// What stands after the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What stands after a `=`.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_command_is_escaped() {
        assert_eq!(data("100 %: a,\nb\r"), "100 %25: a,%0Ab%0D");
        assert_eq!(property("C:\\a,b%.toml"), "C%3A\\a%2Cb%25.toml");
    }
}
