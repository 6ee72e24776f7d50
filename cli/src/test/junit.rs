//! Cases as build servers read them: a JUnit XML report.

use super::{Run, RunFile, Suite, report};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use tierline_engine::finding::Finding;

/// The report: one suite for each case file, and one for each program whose files have findings.
pub fn render(suites: &[Suite]) -> String {
    let mut report = Report::new("tierline");
    for suite in suites {
        let errors: Vec<&Finding> = suite.findings.sorted().into_iter().filter(|finding| finding.is_error()).collect();
        if !errors.is_empty() {
            let mut broken = TestSuite::new(format!("{} findings", suite.program));
            broken.add_test_cases(errors.into_iter().map(|finding| error(suite, finding)));
            report.add_test_suite(broken);
        }
        report.add_test_suites(suite.files.iter().map(|file| cases(suite, file)));
    }
    // Writing to memory cannot fail, and every name is text.
    report.to_string().unwrap_or_default()
}

fn cases(suite: &Suite, file: &RunFile) -> TestSuite {
    let mut cases = TestSuite::new(file.path.as_str());
    cases.set_time(file.runs.iter().map(|run| run.took).sum());
    cases.add_test_cases(file.runs.iter().map(|run| one(suite, file, run)));
    cases
}

fn one(suite: &Suite, file: &RunFile, run: &Run) -> TestCase {
    let mut status = TestCaseStatus::success();
    if let Some(first) = run.outcome.differences.first() {
        status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_type("difference");
        status.set_message(report::plain(std::slice::from_ref(first)));
        status.set_description(format!("{}:{}\n{}", file.path, run.line, report::plain(&run.outcome.differences)));
    }
    let mut case = TestCase::new(run.case.id.as_str(), status);
    case.set_classname(suite.program.as_str());
    case.set_time(run.took);
    case.extra.insert("file".into(), file.path.as_str().into());
    case.extra.insert("line".into(), run.line.to_string().into());
    case
}

fn error(suite: &Suite, finding: &Finding) -> TestCase {
    let place = suite.sources.position(finding.span);
    let path = &suite.sources.file(finding.span.file).path;
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_type(finding.code.name);
    status.set_message(finding.message.as_str());
    status.set_description(format!("{path}:{}:{}: {}", place.line, place.column, finding.message));
    let mut case = TestCase::new(format!("{} {path}:{}", finding.code.id, place.line), status);
    case.set_classname(suite.program.as_str());
    case
}
