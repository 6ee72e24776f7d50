//! What `check` and `show` say of what stands beside rules: drafts, plugins, cases, files that nothing reads.

use super::run::{Outcome, command};
use std::path::{Path, PathBuf};

const RULES: &str = r#"[rulebook]
program   = "acme"
version   = "1"
status    = "published"
effective = { from = 2030-01-01 }
currency  = "USD"
title     = "Acme"

[facts.partner]
id      = "id"
sellers = "count"

[[ladders]]
id   = "tier"
rows = [{ id = "silver", sellers = 1 }, { id = "gold", sellers = 3 }]
"#;

const DRAFT: &str = r#"[rulebook]
program   = "acme"
version   = "2"
status    = "draft"
effective = { from = 2031-01-01 }
title     = "Acme"
extends   = "1"
remove    = ["ladders.tier.silver"]

[[ladders]]
id   = "tier"
rows = [{ id = "gold", sellers = 4 }, { id = "platinum", sellers = 9 }]
"#;

const PLUGIN: &str = r#"[plugin]
id      = "bonuses"
version = "1.0.0"
engine  = "0.1"
title   = "Bonuses"

[kinds.bonuses]
takes = { rate = "percent", base = "money" }

[[kinds.bonuses.measures]]
value = 'base * rate'
"#;

/// Runs the program in a folder of these files.
fn run(name: &str, files: &[(&str, &str)], arguments: &[&str]) -> Outcome {
    let folder = folder(name);
    for (path, text) in files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    let output = command(arguments).current_dir(&folder).output().expect("the program runs");
    std::fs::remove_dir_all(&folder).expect("the folder is gone");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    Outcome {
        exit: output.status.code().expect("an exit code"),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("beside-{name}-{}", std::process::id()))
}

#[test]
fn a_draft_tells_what_it_changes() {
    let files = [("rules/acme/1.toml", RULES), ("rules/acme/2.toml", DRAFT)];
    let outcome = run("draft", &files, &["check", "acme@2"]);
    let line =
        "acme@2 goes on from 1: changes ladders.tier.gold; adds ladders.tier.platinum; removes ladders.tier.silver\n";
    assert_eq!((outcome.exit, outcome.stdout), (0, format!("{line}✓ acme@2: 1 version, no findings\n")));
    let same = DRAFT.split("remove").next().expect("the head");
    let outcome = run("same", &[("rules/acme/1.toml", RULES), ("rules/acme/2.toml", same)], &["check"]);
    let line = "acme@2 goes on from 1: changes nothing\n";
    assert_eq!((outcome.exit, outcome.stdout), (0, format!("{line}✓ acme: 2 versions, no findings\n")));
}

#[test]
fn a_kind_that_no_rulebook_uses_is_tried_all_the_same() {
    let files = |plugin| [("rules/acme/1.toml", RULES), ("plugins/bonuses/plugin.toml", plugin)];
    let outcome = run("kind", &files(PLUGIN), &["check"]);
    assert_eq!(outcome.stdout, "✓ acme: 1 version, no findings\n✓ plugin bonuses: no findings\n");
    let slip = PLUGIN.replace("base * rate", "bose * rate");
    insta::assert_snapshot!(run("slip", &files(&slip), &["check"]));
    let listing = RULES.replace("title ", "plugins = [\"bonuses\"]\ntitle ");
    let listed = [("rules/acme/1.toml", listing.as_str()), ("plugins/bonuses/plugin.toml", slip.as_str())];
    insta::assert_snapshot!(run("listed", &listed, &["check", "bonuses"]));
}

#[test]
fn a_plugin_of_which_something_is_told_has_no_tick() {
    let listing = RULES.replace("title ", "plugins = [\"bonuses\"]\ntitle ");
    let spare = format!("{PLUGIN}\n[parameters.unread]\nis = 1\n");
    let files = [("rules/acme/1.toml", listing.as_str()), ("plugins/bonuses/plugin.toml", spare.as_str())];
    let outcome = run("tick", &files, &["check"]);
    assert_eq!(outcome.exit, 0, "{outcome}");
    assert!(outcome.stdout.contains("nothing reads the parameter `unread`"), "{outcome}");
    assert!(!outcome.stdout.contains('✓'), "{outcome}");
}

#[test]
fn what_a_plugin_leaves_to_rulebooks_is_told_where_none_lists_it() {
    let plugin = format!("{PLUGIN}\n[[measures]]\nid = \"spare\"\nvalue = 'partner.sellers - target'\n");
    let files = [("rules/acme/1.toml", RULES), ("plugins/bonuses/plugin.toml", plugin.as_str())];
    let outcome = run("needs", &files, &["check"]);
    let needs = "plugin bonuses is listed by no rulebook; one that lists it must have `partner`, `target`\n";
    assert_eq!((outcome.exit, outcome.stdout), (0, format!("{needs}✓ acme: 1 version, no findings\n")));
}

#[test]
fn a_plugin_with_errors_where_a_rulebook_uses_it_has_no_tick() {
    let rules = RULES.replace("title ", "plugins = [\"bonuses\"]\ntitle ");
    let rules = format!("{rules}\n[[bonuses]]\nid = \"b\"\nrate = \"5 %\"\nbase = \"10 USD\"\n");
    let slip = PLUGIN.replace("base * rate", "bose * rate");
    let files = [("rules/acme/1.toml", rules.as_str()), ("plugins/bonuses/plugin.toml", slip.as_str())];
    let outcome = run("used", &files, &["check"]);
    assert_eq!((outcome.exit, outcome.stdout.contains('✓')), (3, false), "{outcome}");
    assert!(outcome.stdout.ends_with("1 error in 1 file\n"), "{outcome}");
}

#[test]
fn cases_and_samples_are_looked_at_and_not_run() {
    let case = "program = \"acme\"\nas_of = 2030-06-01\nfacts.partner = { id = \"P\", selers = 1 }\n[[case]]\nid = \"one\"\nlke = \"two\"\nexpect.ladders.teir.earned = \"gold\"\n";
    let sample = "program = \"acme\"\n[kinds]\nusual = 1\n[facts.partner]\nid = \"P-{n}\"\nselers = 1\n";
    let files = [
        ("rules/acme/1.toml", RULES),
        ("rules/acme/cases/a.toml", case),
        ("rules/acme/samples/s.toml", sample),
        ("rules/acme/2.toml.txt", DRAFT),
        ("rules/acme/3.TOML", DRAFT),
        ("rules/acme/spare.csv", "id\n"),
    ];
    insta::assert_snapshot!(run("files", &files, &["check"]));
    insta::assert_snapshot!(run("tested", &files, &["test"]));
}

#[test]
fn a_rulebook_outside_of_its_folder_is_told() {
    let files = [("rules/acme.toml", RULES), ("rules/beta/1.toml.txt", RULES)];
    insta::assert_snapshot!(run("astray", &files, &["check"]));
}

#[test]
fn a_plugin_is_no_program() {
    let files = [("rules/acme/1.toml", RULES), ("plugins/bonuses/plugin.toml", PLUGIN)];
    insta::assert_snapshot!(run("shown", &files, &["show", "bonuses"]));
}

#[test]
fn places_far_apart_are_shown_without_what_lies_between() {
    let twice = format!("{RULES}{}[[measures]]\nid = \"tier\"\nvalue = 'partner.sellers'\n", "# …\n".repeat(20));
    insta::assert_snapshot!(run("far", &[("rules/acme/1.toml", &twice)], &["check"]));
}

#[test]
fn a_version_is_checked_with_the_cases_that_it_answers() {
    let cases = r#"program = "acme"
as_of = 2030-06-30
facts.partner = { id = "P", sellers = 1 }
[[case]]
id = "now"
expect.ladders.teir.earned = "gold"
[[case]]
id = "next"
version = "2"
expect.ladders.tear.earned = "gold"
"#;
    let files = [("rules/acme/1.toml", RULES), ("rules/acme/2.toml", DRAFT), ("rules/acme/cases/a.toml", cases)];
    let told = |version: &str| {
        let outcome = run(&format!("checked-{version}"), &files, &["check", &format!("acme@{version}")]);
        let lines = outcome.stdout.lines().filter(|line| line.contains('×')).map(|line| line.trim().to_owned());
        (outcome.exit, lines.collect::<Vec<_>>())
    };
    assert_eq!(told("1"), (3, vec!["× no decision has `ladders.teir`".to_owned()]));
    assert_eq!(told("2"), (3, vec!["× no decision has `ladders.tear`".to_owned()]));
}

#[test]
fn a_version_is_checked_with_the_samples_that_fit_none() {
    let sample = "program = \"acme\"\n[facts.partner]\nselers = 1\n";
    let files = [("rules/acme/1.toml", RULES), ("rules/acme/samples/s.toml", sample)];
    let outcome = run("checked-sample", &files, &["check", "acme@1"]);
    assert_eq!(outcome.exit, 3, "{}", outcome.stdout);
    assert!(outcome.stdout.contains("rules/acme/samples/s.toml"), "{}", outcome.stdout);
}

#[test]
fn a_sample_that_is_not_there_is_told_with_those_that_are() {
    let files = [("rules/acme/1.toml", RULES), ("rules/acme/samples/small.toml", "")];
    let outcome = run("sampled", &files, &["sample", "acme@1", "--partners", "1", "--as-of", "2030-01-01"]);
    assert_eq!(outcome.exit, 3, "{}", outcome.stderr);
    let help = "there is `small`: choose it with `--name small`\n";
    assert!(outcome.stderr.ends_with(help), "{}", outcome.stderr);
}

#[test]
fn the_notes_of_a_rulebook_and_of_its_benefits_stand_where_they_belong() {
    let rules = RULES.replace("title     = \"Acme\"", "title     = \"Acme\"\nnote      = \"Half of it is told.\"")
        + "[benefits]\nsource = \"B-1\"\nnote   = \"None is promised.\"\nrows   = [{ id = \"badge\", title = \"Badge\", tier = \"gold\" }]\n";
    let outcome = run("noted", &[("rules/acme/1.toml", &rules)], &["show", "acme@1"]);
    let (head, rest) = outcome.stdout.split_once("LADDERS").expect("ladders");
    assert!(head.ends_with("\n  Note: Half of it is told.\n\n"), "{head}");
    let (_, benefits) = rest.split_once("BENEFITS\n").expect("benefits");
    assert!(benefits.starts_with("  Note: None is promised.\n  [B-1]\nbenefits.badge  Badge\n"), "{benefits}");
    let alone = run("noted-alone", &[("rules/acme/1.toml", &rules)], &["show", "acme@1", "benefits"]);
    assert!(alone.stdout.contains("\n  Badge\n") && alone.stdout.contains("None is promised."), "{}", alone.stdout);
}
