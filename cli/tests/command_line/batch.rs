//! `batch`: order, bad lines, ends of lines, exit codes, and files that are whole or not there.

use crate::run::{Outcome, command, tierline, tierline_with};
use std::path::PathBuf;
use std::process::Stdio;
use tierline_engine::portfolio::LONGEST_LINE;

const PROGRAM: &[&str] = &["batch", "acme-partners@2025", "--as-of", "2025-06-30", "--facts"];

fn batch(more: &[&str], input: &str) -> Outcome {
    tierline_with(&[PROGRAM, &["-"], more].concat(), input.as_bytes())
}

fn partner(number: usize) -> String {
    format!(
        r#"{{"partner":{{"id":"P-{number}"}},"sales":[{{"id":"S-1","product":"gadget","amount":"{number}.50","booked_on":"2025-02-01"}}]}}"#
    )
}

/// An empty folder for what a test writes.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn names(folder: &PathBuf) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("text")).collect()
}

#[test]
fn the_order_is_that_of_the_input_whatever_the_number_of_threads() {
    let input: String =
        (1..=300).map(|number| if number % 7 == 0 { "{oops\n".into() } else { partner(number) + "\n" }).collect();
    let one = batch(&["--threads", "1"], &input);
    assert_eq!(one.exit, 1, "{}", one.stderr);
    assert_eq!(one.stdout.lines().count(), 300);
    for (place, line) in one.stdout.lines().enumerate() {
        let number = place + 1;
        let answer: serde_json::Value = serde_json::from_str(line).expect("a JSON document");
        if number % 7 == 0 {
            assert_eq!(answer["line"], number);
        } else {
            assert_eq!(answer["subject"], format!("P-{number}"));
        }
    }
    for threads in ["2", "4"] {
        assert_eq!(batch(&["--threads", threads], &input).stdout, one.stdout, "{threads} threads");
    }
    assert_eq!(batch(&[], &input).stdout, one.stdout, "the default");
}

#[test]
fn a_line_is_answered_as_eval_answers_it() {
    let line = partner(42);
    let arguments = ["eval", "acme-partners@2025", "--as-of", "2025-06-30", "--format", "json", "--facts", "-"];
    assert_eq!(batch(&[], &line).stdout, tierline_with(&arguments, line.as_bytes()).stdout);
}

#[test]
fn garbage_in_the_middle_costs_no_other_line_its_answer() {
    let wrong =
        r#"{"partner":{"id":"P-2"},"sales":[{"id":"S-1","product":"rocket","amount":"1","booked_on":"2025-02-01"}]}"#;
    let outcome = batch(&[], &format!("{}\n{wrong}\n[]\n{}\n", partner(1), partner(4)));
    assert_eq!(outcome.exit, 1);
    let lines: Vec<serde_json::Value> =
        outcome.stdout.lines().map(|line| serde_json::from_str(line).expect("a JSON document")).collect();
    assert_eq!(lines.len(), 4);
    assert_eq!((&lines[0]["subject"], &lines[3]["subject"]), (&"P-1".into(), &"P-4".into()));
    assert_eq!(lines[1]["line"], 2);
    assert_eq!(lines[1]["error"]["title"], "the facts do not fit `acme-partners@2025`");
    assert_eq!(lines[1]["error"]["errors"][0]["pointer"], "/sales/0/product");
    assert_eq!(lines[2]["error"]["errors"][0]["message"], "expected an object");
    assert!(outcome.stderr.contains("2 decisions, 2 error lines in "), "{}", outcome.stderr);
}

#[test]
fn bytes_that_are_no_text_are_an_error_line() {
    let arguments = [PROGRAM, &["-"]].concat();
    let outcome = tierline_with(&arguments, b"{\"partner\":{\"id\":\"\xff\"}}\n\x00\n");
    assert_eq!((outcome.exit, outcome.stdout.lines().count()), (1, 2));
    assert!(outcome.stdout.contains("the text is not UTF-8 (at byte 18)"), "{}", outcome.stdout);
}

#[test]
fn nothing_in_nothing_out() {
    for input in ["", "\n", " \r\n\t\n"] {
        let outcome = batch(&[], input);
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, ""), "{}", outcome.stderr);
        assert!(outcome.stderr.contains("0 decisions, 0 error lines"), "{}", outcome.stderr);
    }
}

#[test]
fn ends_of_lines_make_no_difference() {
    let plain = batch(&[], &format!("{}\n{}\n", partner(1), partner(2)));
    assert_eq!((plain.exit, plain.stdout.lines().count()), (0, 2), "{}", plain.stderr);
    let inputs = [("\n", ""), ("\r\n", "\r\n"), ("\r\n", ""), ("\n\n \n", "\n\n")];
    for (between, end) in inputs {
        let outcome = batch(&[], &format!("{}{between}{}{end}", partner(1), partner(2)));
        assert_eq!(outcome.stdout, plain.stdout, "{between:?} {end:?}");
    }
    let marked = batch(&[], &format!("\u{feff}{}\n{}\n", partner(1), partner(2)));
    assert_eq!(marked.stdout, plain.stdout);
}

#[test]
fn a_huge_line_is_refused_and_the_next_one_answered() {
    let huge = format!(r#"{{"partner":{{"id":"{}"}}}}"#, "x".repeat(LONGEST_LINE));
    let outcome = batch(&[], &format!("{}\n{huge}\n{}\n", partner(1), partner(3)));
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    assert_eq!((outcome.exit, lines.len()), (1, 3));
    assert!(lines[1].starts_with(r#"{"line":2,"error":{"title":"the line is too long","errors":["#), "{}", lines[1]);
    assert!(lines[2].contains(r#""subject":"P-3""#), "{}", lines[2]);
}

#[test]
fn a_file_is_put_in_its_place_when_it_is_whole() {
    let folder = folder("batch-out");
    let (facts, out) = (folder.join("partners.jsonl"), folder.join("decisions.jsonl"));
    let input: String = (1..=50).map(|number| partner(number) + "\n").collect();
    std::fs::write(&facts, &input).expect("the facts are written");
    std::fs::write(&out, "what was there before\n").expect("a file is written");
    let (facts, shown) = (facts.to_str().expect("text"), out.to_str().expect("text"));
    let outcome = tierline(&[PROGRAM, &[facts, "--out", shown]].concat());
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, ""), "{}", outcome.stderr);
    assert_eq!(std::fs::read_to_string(&out).expect("the decisions"), batch(&[], &input).stdout);
    assert_eq!(names(&folder).len(), 2);
}

#[test]
fn a_file_that_cannot_be_written_is_told_before_anything_is_done() {
    let outcome = batch(&["--out", "no/such/folder/decisions.jsonl"], &partner(1));
    assert_eq!(outcome.exit, 1);
    assert!(outcome.stderr.contains("no/such/folder/decisions.jsonl"), "{}", outcome.stderr);
}

#[test]
fn an_input_that_cannot_be_read_is_told() {
    for path in ["facts/nobody.jsonl", "facts"] {
        let outcome = tierline(&[PROGRAM, &[path]].concat());
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (4, ""));
        assert!(outcome.stderr.contains(&format!("cannot read `{path}`")), "{}", outcome.stderr);
    }
}

#[test]
fn wrong_usage_and_broken_rules_have_their_exit_codes() {
    assert_eq!(batch(&["--threads", "0"], "").exit, 2);
    assert_eq!(tierline(&["batch", "nobody", "--facts", "-"]).exit, 2);
    assert_eq!(tierline(&["batch", "broken-partners@1", "--facts", "-"]).exit, 3);
}

#[test]
fn the_day_is_today_and_said_so_unless_it_is_given() {
    assert!(batch(&[], "").stderr.contains("by `acme-partners@2025`, as of 2025-06-30\n"));
    let outcome = tierline(&["batch", "acme-partners@2025", "--facts", "-"]);
    let today = outcome.stderr.lines().find(|line| line.starts_with("by ")).expect("the day");
    assert!(today.ends_with(" (today, in UTC)"), "{today}");
}

#[test]
fn a_reader_who_has_seen_enough_is_no_mishap() {
    let mut command = command(&[PROGRAM, &["-"]].concat());
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a start");
    drop(child.stdout.take());
    let mut input = child.stdin.take().expect("its input");
    std::io::Write::write_all(&mut input, (partner(1) + "\n").as_bytes()).expect("the program reads");
    // The input stays open: nothing more comes, and the program ends all the same.
    assert_eq!(child.wait().expect("an end").code(), Some(0));
}

#[cfg(unix)]
#[test]
fn an_interruption_leaves_what_was_there_before() {
    use std::io::Write;
    let folder = folder("batch-interrupted");
    let out = folder.join("decisions.jsonl");
    std::fs::write(&out, "what was there before\n").expect("a file is written");
    let mut command = command(&[PROGRAM, &["-", "--out", out.to_str().expect("text")]].concat());
    let mut child = command.stdin(Stdio::piped()).stderr(Stdio::null()).spawn().expect("a start");
    let mut input = child.stdin.take().expect("its input");
    input.write_all((partner(1) + "\n").as_bytes()).expect("the program reads");
    while names(&folder).len() < 2 {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    // The handler is set right after the file is there.
    std::thread::sleep(std::time::Duration::from_millis(200));
    let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(kill.success());
    assert_eq!(child.wait().expect("an end").code(), Some(130));
    assert_eq!(std::fs::read_to_string(&out).expect("the file"), "what was there before\n");
    assert_eq!(names(&folder), ["decisions.jsonl"]);
}

const RANKS: &[&str] = &["batch", "ranking", "--rules", "../../tests/shapes", "--as-of", "2026-12-31", "--facts"];

#[test]
fn partners_are_ranked_among_those_of_the_file() {
    let folder = folder("batch-ranks");
    let file = folder.join("partners.jsonl");
    let partner = |id: &str, region: &str, amount: &str| {
        let sale = format!(r#"{{"id":"S-1","amount":{amount},"booked_on":"2026-03-01"}}"#);
        format!(r#"{{"partner":{{"id":"{id}","home_region":"{region}"}},"sales":[{sale}]}}"#)
    };
    let lines = [
        partner("A", "north", "100"),
        partner("B", "north", "300"),
        String::new(),
        partner("C", "south", "200"),
        partner("D", "north", "100"),
        r#"{"partner":{"id":"E","home_region":"south"}}"#.to_owned(),
        partner("F", "north", "50").replace("\"home_region\":\"north\"", "\"home_region\":\"north\",\"sales_rank\":9"),
    ];
    std::fs::write(&file, lines.join("\n")).expect("a file");
    let outcome = tierline(&[RANKS, &[file.to_str().expect("text"), "--threads", "2"]].concat());
    assert_eq!(outcome.exit, 0, "{outcome}");
    let ranks: Vec<String> = outcome
        .stdout
        .lines()
        .map(|line| {
            let answer: serde_json::Value = serde_json::from_str(line).expect("a JSON document");
            format!("{} {}", answer["subject"], answer["measures"]["sales_rank"])
        })
        .collect();
    let open = r#"{"at_least":1,"at_most":2}"#;
    let expected = ["\"A\" 2", "\"B\" 1", &format!("\"C\" {open}"), "\"D\" 2", &format!("\"E\" {open}"), "\"F\" 9"];
    assert_eq!(ranks, expected);
}

#[test]
fn a_line_without_an_answer_may_have_any_rank() {
    let folder = folder("batch-ranks-with-a-bad-line");
    let file = folder.join("partners.jsonl");
    std::fs::write(&file, "{oops\n{\"partner\":{\"id\":\"A\",\"home_region\":\"north\"},\"sales\":[]}\n")
        .expect("a file");
    let outcome = tierline(&[RANKS, &[file.to_str().expect("text")]].concat());
    assert_eq!(outcome.exit, 1, "{outcome}");
    let answer: serde_json::Value = serde_json::from_str(outcome.stdout.lines().last().expect("a line")).expect("JSON");
    assert_eq!(answer["measures"]["sales_rank"].to_string(), r#"{"at_least":1,"at_most":2}"#);
}

#[test]
fn partners_are_not_ranked_in_a_stream_that_can_be_read_once() {
    let outcome = tierline_with(&[RANKS, &["-"]].concat(), b"");
    assert_eq!(outcome.exit, 2);
    let told = "error: `ranking@1` ranks partners by `sales_rank`, so the facts are read twice\n  help: give a file with `--facts FILE`, not a stream\n";
    assert!(outcome.stderr.ends_with(told), "{}", outcome.stderr);
}

#[test]
fn a_document_over_several_lines_is_hinted_at_once() {
    let partner: serde_json::Value = serde_json::from_str(&partner(1)).expect("a document");
    let outcome = batch(&[], &format!("{partner:#}\n"));
    assert_eq!((outcome.exit, outcome.stdout.lines().count()), (1, format!("{partner:#}").lines().count()));
    let hint = "help: line 1 ends before its document does; write one document a line, as `jq -c` does\n";
    assert_eq!(outcome.stderr.matches("help:").count(), 1, "{}", outcome.stderr);
    assert!(outcome.stderr.contains(hint), "{}", outcome.stderr);
    assert_eq!(batch(&[], &format!("{partner}\n{{oops\n")).stderr.matches("help:").count(), 0);
}
