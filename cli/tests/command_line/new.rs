//! `tierline new`: a first rulebook, and next year's draft.

use super::run::{Outcome, tierline};
use std::path::{Path, PathBuf};

/// A folder of its own for a test, which goes when the test ends.
struct Rules(PathBuf);

impl Rules {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("tierline-new-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        let rules = self.0.join("rules");
        let mut all = vec!["--rules", rules.to_str().expect("a path")];
        all.extend(arguments);
        let mut outcome = tierline(&all);
        for text in [&mut outcome.stdout, &mut outcome.stderr] {
            *text = text.replace(&*self.0.to_string_lossy(), "");
        }
        outcome
    }

    fn text(&self, path: &str) -> String {
        std::fs::read_to_string(self.0.join("rules").join(Path::new(path))).expect("a file")
    }
}

impl Drop for Rules {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_first_rulebook_is_in_order_and_its_first_cases_pass() {
    let rules = Rules::new("first");
    let made = rules.run(&["new", "acme-partners@2030"]);
    assert_eq!(
        (made.exit, made.stdout.as_str()),
        (0, "wrote /rules/acme-partners/2030.toml\nwrote /rules/acme-partners/cases/first.toml\n")
    );
    let check = rules.run(&["check"]);
    assert_eq!((check.exit, check.stdout.as_str()), (0, "✓ acme-partners: 1 version, no findings\n"));
    let test = rules.run(&["test"]);
    assert_eq!(test.exit, 0, "{test}");
    assert!(test.stdout.ends_with("2 passed, 0 failed\n"), "{test}");
    assert!(rules.text("acme-partners/2030.toml").contains("effective = { from = 2030-01-01 }"));
}

#[test]
fn a_draft_goes_on_from_the_old_version() {
    let rules = Rules::new("next");
    assert_eq!(rules.run(&["new", "acme@2030"]).exit, 0);
    let made = rules.run(&["new", "acme@2031-04", "--from", "acme@2030"]);
    insta::assert_snapshot!(made);
    insta::assert_snapshot!(rules.text("acme/2031-04.toml"));
    assert_eq!(
        rules.run(&["check", "acme"]).stdout,
        "acme@2031-04 goes on from 2030: changes nothing\n✓ acme: 2 versions, no findings\n"
    );
    let whole = rules.run(&["show", "acme@2031-04", "--whole"]);
    insta::assert_snapshot!(whole);
}

#[test]
fn nothing_is_overwritten() {
    let rules = Rules::new("twice");
    assert_eq!(rules.run(&["new", "acme@2030"]).exit, 0);
    let before = rules.text("acme/2030.toml");
    insta::assert_snapshot!(rules.run(&["new", "acme@2030"]));
    insta::assert_snapshot!(rules.run(&["new", "acme@2030", "--from", "acme@2030"]));
    assert_eq!(rules.text("acme/2030.toml"), before);
}

#[test]
fn what_cannot_be_begun_is_refused_with_a_way_out() {
    let rules = Rules::new("refused");
    assert_eq!(rules.run(&["new", "acme@2030"]).exit, 0);
    for arguments in [
        ["acme", ""].as_slice(),
        &["acme@2031", ""],
        &["../acme@2031", ""],
        &["acme@2031", "--from=other@2030"],
        &["acme@2031", "--from=acme@2029"],
    ] {
        let given: Vec<&str> = ["new"].into_iter().chain(arguments.iter().copied().filter(|a| !a.is_empty())).collect();
        insta::assert_snapshot!(format!("{}\n{}", given.join(" "), rules.run(&given)));
    }
}
