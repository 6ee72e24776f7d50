//! Cases as people read them: a line for each file, and for each failure what differs and where.

use super::{Run, RunFile, Suite};
use crate::finding::counted;
use crate::output::{BAD, FAINT, GOOD, OPEN, STRONG, styled};
use std::collections::BTreeMap;
use std::fmt::Write;
use tierline_engine::case::Difference;
use tierline_engine::coverage::Coverage;

/// How much of a value is shown.
const LONGEST: usize = 240;

/// The cases of a program.
pub fn suite(suite: &Suite) -> String {
    let mut text = format!("{}\n", styled(STRONG, &suite.program));
    let errors = errors(suite);
    if suite.broken {
        let all = counted(errors.values().sum(), "error", "errors");
        let _ = writeln!(text, "  {} the rules have {all}, so no case was run", styled(BAD, "✗"));
    } else {
        let unread = errors.iter().filter(|(path, _)| suite.files.iter().all(|file| file.path != **path));
        for (path, count) in unread {
            let _ = writeln!(text, "  {} {path}: {}", styled(BAD, "✗"), counted(*count, "error", "errors"));
        }
        for (version, cases) in &suite.left_out {
            let cases = match cases {
                0 => String::new(),
                1 => ", and its case was not run".to_owned(),
                cases => format!(", and its {cases} cases were not run"),
            };
            let _ = writeln!(text, "  {} {version} has errors and is left out{cases}", styled(BAD, "✗"));
        }
        if suite.files.is_empty() && errors.is_empty() {
            let _ = writeln!(text, "  {} there are no cases", styled(OPEN, "!"));
        }
    }
    for file in &suite.files {
        text.push_str(&counts(file, errors.get(file.path.as_str()).copied().unwrap_or(0)));
    }
    for file in &suite.files {
        for run in file.runs.iter().filter(|run| !run.outcome.passed()) {
            text.push_str(&failure(&file.path, run));
        }
    }
    for coverage in &suite.coverage {
        text.push_str(&covered(&suite.program, coverage));
    }
    text.push('\n');
    text
}

/// How many errors each file has.
fn errors(suite: &Suite) -> BTreeMap<&str, usize> {
    let mut errors = BTreeMap::new();
    for finding in suite.findings.iter().filter(|finding| finding.is_error()) {
        *errors.entry(&*suite.sources.file(finding.span.file).path).or_default() += 1;
    }
    errors
}

fn counts(file: &RunFile, errors: usize) -> String {
    let failed = file.runs.iter().filter(|run| !run.outcome.passed()).count();
    let passed = file.runs.len() - failed;
    if failed == 0 && errors == 0 {
        return format!("  {} {}: {passed} passed\n", styled(GOOD, "✓"), file.path);
    }
    let errors = if errors > 0 { format!("{}, ", counted(errors, "error", "errors")) } else { String::new() };
    format!("  {} {}: {errors}{passed} passed, {failed} failed\n", styled(BAD, "✗"), file.path)
}

fn failure(path: &str, run: &Run) -> String {
    let mut text = format!("\n  {} {}\n", styled(BAD, "✗"), styled(STRONG, &run.case.id));
    let version = run.outcome.version.as_ref().map(|version| format!(", by {version}")).unwrap_or_default();
    let clauses =
        run.case.source.as_ref().map(|source| source.clauses.join(", ")).filter(|clauses| !clauses.is_empty());
    let clauses = clauses.map(|clauses| format!(", {clauses}")).unwrap_or_default();
    let about = format!("{path}:{}, as of {}{version}{clauses}", run.line, run.case.as_of);
    let _ = writeln!(text, "    {}", styled(FAINT, about));
    for difference in &run.outcome.differences {
        text.push_str(&differs(difference));
    }
    text
}

fn differs(difference: &Difference) -> String {
    let mut text = String::new();
    if !difference.path.is_empty() {
        let _ = writeln!(text, "    {}", difference.path);
    }
    let _ = writeln!(text, "      expected  {}", styled(GOOD, shortened(&difference.expected)));
    let _ = writeln!(text, "      found     {}", styled(BAD, shortened(&difference.found)));
    if let Some(hint) = &difference.hint {
        let _ = writeln!(text, "      hint      {hint}");
    }
    text
}

fn shortened(value: &str) -> String {
    match value.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

fn covered(program: &str, coverage: &Coverage) -> String {
    let reached = coverage.all - coverage.gaps.len();
    let mut text =
        format!("\n  coverage of {program}@{}: {reached} of {} reached by a case\n", coverage.version, coverage.all);
    let width = coverage.gaps.iter().map(|gap| gap.rule.len()).max().unwrap_or(0);
    for gap in &coverage.gaps {
        let _ = writeln!(text, "    {:<width$}  {}", gap.rule, styled(OPEN, &gap.never));
    }
    text
}

/// Differences without styles, for reports that other programs show.
pub fn plain(differences: &[Difference]) -> String {
    let line = |difference: &Difference| {
        let hint = difference.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
        let path = if difference.path.is_empty() { "decision" } else { &difference.path };
        format!("{path}: expected {}, found {}{hint}", difference.expected, difference.found)
    };
    differences.iter().map(line).collect::<Vec<_>>().join("\n")
}
