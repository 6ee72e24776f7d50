//! Findings for people: the excerpt with the place underlined, what is wrong, and how to mend it.

use super::{Chosen, counted};
use crate::output::{BAD, GOOD, OPEN, styled};
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, NamedSource,
    Severity, SourceCode, SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};
use std::fmt;
use tierline_engine::finding::{self, Finding};
use tierline_engine::source::{SourceFile, Span};

/// How many lines are underlined as a whole.
const MOST_LINES: usize = 4;
/// How wide findings are printed.
const WIDTH: usize = 100;

/// The findings of one program, one after the other.
pub fn render(chosen: &Chosen<'_>) -> String {
    let theme = GraphicalTheme { characters: ThemeCharacters::unicode(), styles: ThemeStyles::ansi() };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(WIDTH)
        .with_links(false)
        .with_context_lines(0)
        .with_show_related_as_nested(true);
    let mut text = String::new();
    for finding in &chosen.findings {
        let report = Report::of(chosen, finding);
        if handler.render_report(&mut text, &report).is_err() {
            text.push_str(&finding.message);
        }
        for (span, label) in finding.related.iter().filter(|(span, _)| chosen.is_use(finding, *span)) {
            let place = chosen.place(*span);
            text.push_str(&format!("  {label}: {}:{}\n", place.file, place.start.line));
        }
        text.push('\n');
    }
    text
}

/// How many findings there are, in how many files; for each program without any, that it has none.
pub fn summary(chosen: &[Chosen<'_>], rules: &str) -> String {
    let mut text = String::new();
    for program in chosen.iter().filter(|chosen| chosen.ticked && chosen.findings.is_empty()) {
        // A plugin has no versions.
        let versions = match program.versions {
            0 => String::new(),
            count => format!("{}, ", counted(count, "version", "versions")),
        };
        text.push_str(&format!("{} {}: {versions}no findings\n", styled(GOOD, "✓"), program.name));
    }
    let all = || chosen.iter().flat_map(|chosen| chosen.findings.iter().map(move |finding| (chosen, *finding)));
    let errors = all().filter(|(_, finding)| finding.is_error()).count();
    let warnings = all().count() - errors;
    let mut files: Vec<&str> = all().map(|(chosen, finding)| chosen.place(finding.span).file).collect();
    files.sort_unstable();
    files.dedup();
    let count = |style, count, one, many| (count > 0).then(|| styled(style, counted(count, one, many)));
    let counts = [count(BAD, errors, "error", "errors"), count(OPEN, warnings, "warning", "warnings")];
    let counts: Vec<_> = counts.into_iter().flatten().collect();
    if !counts.is_empty() {
        text.push_str(&format!("{} in {}\n", counts.join(", "), counted(files.len(), "file", "files")));
    }
    if chosen.is_empty() {
        text.push_str(&format!("`{rules}` holds no PROGRAM/VERSION.toml\n"));
    }
    text
}

/// A finding as miette draws it.
#[derive(Debug)]
struct Report {
    code: String,
    message: String,
    severity: Severity,
    help: Option<String>,
    source: Option<WholeLines>,
    labels: Vec<LabeledSpan>,
    related: Vec<Report>,
}

impl Report {
    fn of(chosen: &Chosen<'_>, finding: &Finding) -> Self {
        let file = chosen.sources.file(finding.span.file);
        let (here, elsewhere): (Vec<_>, Vec<_>) =
            finding.related.iter().partition(|(span, _)| span.file == finding.span.file);
        let elsewhere = elsewhere.into_iter().filter(|(span, _)| !chosen.is_use(finding, *span));
        let range = |span| range(span, &file.text);
        let mut labels = vec![LabeledSpan::new_primary_with_span(Some("here".to_owned()), range(finding.span))];
        labels.extend(
            here.into_iter().map(|(span, label)| LabeledSpan::new_with_span(Some(label.clone()), range(*span))),
        );
        let shown = !file.text.is_empty();
        Self {
            code: format!("{} {}", finding.code.id, finding.code.name),
            message: if shown { finding.message.clone() } else { format!("{}: {}", file.path, finding.message) },
            severity: match finding.code.severity {
                finding::Severity::Error => Severity::Error,
                finding::Severity::Warning => Severity::Warning,
            },
            help: finding.help.clone(),
            source: shown.then(|| WholeLines::of(file)),
            labels: if shown { labels } else { Vec::new() },
            related: elsewhere.map(|(span, label)| Self::related(chosen, *span, label)).collect(),
        }
    }

    fn related(chosen: &Chosen<'_>, span: Span, label: &str) -> Self {
        let file = chosen.sources.file(span.file);
        Self {
            code: String::new(),
            message: label.to_owned(),
            severity: Severity::Advice,
            help: None,
            source: Some(WholeLines::of(file)),
            labels: vec![LabeledSpan::new_primary_with_span(None, range(span, &file.text))],
            related: Vec::new(),
        }
    }
}

/// A text of which the lines around a place are shown whole, and no others.
#[derive(Debug)]
struct WholeLines(NamedSource<String>);

impl WholeLines {
    fn of(file: &SourceFile) -> Self {
        Self(NamedSource::new(&*file.path, file.text.to_string()))
    }
}

impl SourceCode for WholeLines {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let text = self.0.inner().as_bytes();
        let from = span.offset().min(text.len());
        let to = (from + span.len()).min(text.len());
        let start = text[..from].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        // With the line's end, so that a place after the last character can be shown.
        let end = text[to..].iter().position(|byte| *byte == b'\n').map_or(text.len(), |at| to + at + 1);
        let lines = self.0.read_span(&(start..end).into(), before, after)?;
        let column = String::from_utf8_lossy(&text[start..from]).chars().count();
        let (span, line) = (*lines.span(), lines.line());
        // The lines that are shown, so that places far apart are shown without all that lies between.
        let count = lines.data().iter().filter(|byte| **byte == b'\n').count();
        let name = self.0.name().to_owned();
        Ok(Box::new(MietteSpanContents::new_named(name, lines.data(), span, line, column, count)))
    }
}

/// The bytes that are underlined: of many lines only the first.
fn range(span: Span, text: &str) -> std::ops::Range<usize> {
    let (start, end) = (span.start as usize, span.end as usize);
    match text.get(start..end) {
        Some(under) if under.lines().count() > MOST_LINES => start..start + under.lines().next().map_or(0, str::len),
        _ => start..end,
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Report {}

impl Diagnostic for Report {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.code.is_empty()).then(|| Box::new(&self.code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        (!self.related.is_empty()).then(|| {
            Box::new(self.related.iter().map(|report| report as &dyn Diagnostic)) as Box<dyn Iterator<Item = _>>
        })
    }
}
