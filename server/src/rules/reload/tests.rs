//! When a change is used, when it waits, and when it is refused; the time is an argument.

use super::*;
use crate::rules::Reason;
use tierline_engine::load::Folder;

const SETTLE: Duration = Duration::from_millis(350);

fn rulebook(version: &str, rest: &str) -> String {
    format!(
        "[rulebook]\nprogram = \"acme\"\nversion = \"{version}\"\nstatus = \"published\"\n\
         effective = {{ from = {version}-01-01 }}\ncurrency = \"USD\"\ntitle = \"Acme\"\n{rest}"
    )
}

fn folder(files: &[(&str, &str)]) -> Reading {
    Reading { rules: Folder::of("rules", files.iter().copied()), plugins: None }
}

struct Server {
    reloader: Reloader,
    rules: Rules,
    start: Instant,
}

impl Server {
    fn of(files: &[(&str, &str)]) -> Self {
        let (reloader, rules) = Reloader::start(&folder(files), SETTLE);
        Self { reloader, rules, start: Instant::now() }
    }

    fn step(&mut self, at: u64, files: &[(&str, &str)]) -> Done {
        self.reloader.step(Ok(folder(files)), self.start + Duration::from_millis(at), &self.rules)
    }

    fn versions(&self) -> Vec<String> {
        let set = self.rules.set();
        set.programs["acme"].program.versions.iter().map(|version| version.name.clone()).collect()
    }

    fn reasons(&self) -> Vec<String> {
        let news = self.rules.news();
        let reasons = news.refused.values().flat_map(|refused| &refused.reasons);
        let told = |reason: &Reason| match reason {
            Reason::Finding(finding) => finding.name.to_owned(),
            Reason::Case(case) => format!("case {}", case.id),
            Reason::Message(message) => message.clone(),
        };
        reasons.map(told).collect()
    }
}

fn served(loaded: &[&str], refused: &[&str]) -> Done {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Done::Served { loaded: names(loaded), refused: names(refused) }
}

#[test]
fn a_change_is_served_when_it_has_stayed() {
    let (one, two) = (rulebook("2025", ""), rulebook("2026", ""));
    let before = [("acme/2025.toml", one.as_str())];
    let after = [before[0], ("acme/2026.toml", two.as_str())];
    let mut server = Server::of(&before);
    let digest = server.rules.set().digest.clone();
    assert_eq!(server.step(0, &before), Done::Nothing);
    assert_eq!(server.step(10, &after), Done::Waits);
    assert_eq!(server.step(60, &after), Done::Waits);
    assert_eq!(server.step(359, &after), Done::Waits);
    assert_eq!(server.versions(), ["2025"]);
    assert_eq!(server.step(360, &after), served(&["acme"], &[]));
    assert_eq!(server.versions(), ["2025", "2026"]);
    assert_ne!(server.rules.set().digest, digest);
    assert_eq!(server.step(400, &after), Done::Nothing);
    assert_eq!(server.rules.news().stale_since, None);
}

#[test]
fn a_second_save_starts_the_time_anew() {
    let (one, two, more) = (rulebook("2025", ""), rulebook("2026", ""), rulebook("2026", "note = \"x\"\n"));
    let before = [("acme/2025.toml", one.as_str())];
    let half = [before[0], ("acme/2026.toml", two.as_str())];
    let whole = [before[0], ("acme/2026.toml", more.as_str())];
    let mut server = Server::of(&before);
    server.step(0, &half);
    server.step(50, &half);
    assert_eq!(server.step(300, &whole), Done::Waits);
    assert_eq!(server.step(350, &whole), Done::Waits);
    assert_eq!(server.versions(), ["2025"]);
    assert_eq!(server.step(650, &whole), served(&["acme"], &[]));
}

#[test]
fn a_change_that_is_taken_back_changes_nothing() {
    let one = rulebook("2025", "");
    let before = [("acme/2025.toml", one.as_str())];
    let mut server = Server::of(&before);
    assert_eq!(server.step(0, &[]), Done::Waits);
    assert_eq!(server.step(20, &before), Done::Waits);
    assert_eq!(server.step(500, &before), Done::Nothing);
    assert_eq!(server.rules.news().stale_since, None);
}

#[test]
fn what_is_broken_is_refused_and_the_last_good_serves_on() {
    let (one, broken) = (rulebook("2025", ""), rulebook("2026", "nonsense = 1\n"));
    let before = [("acme/2025.toml", one.as_str())];
    let after = [before[0], ("acme/2026.toml", broken.as_str())];
    let mut server = Server::of(&before);
    let digest = server.rules.set().digest.clone();
    server.step(0, &after);
    server.step(50, &after);
    assert_eq!(server.step(400, &after), served(&[], &["acme"]));
    assert_eq!(server.reasons(), ["unknown-key"]);
    assert_eq!((server.versions(), server.rules.set().digest.clone()), (vec!["2025".to_owned()], digest));
    assert!(server.rules.news().stale_since.is_some());
    server.step(500, &before);
    server.step(550, &before);
    assert_eq!(server.step(900, &before), served(&[], &[]));
    assert_eq!(server.reasons(), [""; 0]);
    assert_eq!(server.rules.news().stale_since, None);
}

#[test]
fn rules_that_fail_their_own_cases_are_refused() {
    let one = rulebook("2025", "[facts.partner]\nid = \"id\"\n[[measures]]\nid = \"limit\"\nvalue = '1'\n");
    let case = "program = \"acme\"\nas_of = 2025-02-01\n[facts.partner]\nid = \"P\"\n\
                [[case]]\nid = \"one\"\nexpect.measures.limit = 2\n";
    let server = Server::of(&[("acme/2025.toml", one.as_str()), ("acme/cases/all.toml", case)]);
    assert_eq!(server.reasons(), ["case one"]);
    assert!(server.rules.set().programs.is_empty());
    assert_eq!(server.rules.set().without, ["acme"]);
}

#[test]
fn a_published_version_does_not_vanish() {
    let (one, two) = (rulebook("2025", ""), rulebook("2026", ""));
    let both = [("acme/2025.toml", one.as_str()), ("acme/2026.toml", two.as_str())];
    let mut server = Server::of(&both);
    for at in [0, 50] {
        server.step(at, &both[..1]);
    }
    assert_eq!(server.step(400, &both[..1]), served(&[], &["acme"]));
    assert_eq!(server.reasons(), ["`acme@2026` was published and is gone; put it back, or retire it"]);
    assert_eq!(server.versions(), ["2025", "2026"]);
    for at in [500, 550] {
        server.step(at, &[]);
    }
    assert_eq!(server.step(900, &[]), served(&[], &["acme"]));
    assert_eq!(server.versions(), ["2025", "2026"]);
    assert!(server.reasons()[0].starts_with("the folder of `acme` holds no rules any more"));
}

#[test]
fn a_locked_version_is_not_changed() {
    let (one, changed) = (rulebook("2025", ""), rulebook("2025", "note = \"x\"\n"));
    let digest =
        Server::of(&[("acme/2025.toml", one.as_str())]).rules.set().programs["acme"].program.versions[0].digest.clone();
    let lock = format!("digest = \"{digest}\"\n");
    let locked = [("acme/2025.toml", one.as_str()), ("acme/2025.lock", lock.as_str())];
    let mut server = Server::of(&locked);
    assert_eq!(server.reasons(), [""; 0]);
    let with_lock = [("acme/2025.toml", changed.as_str()), locked[1]];
    for at in [0, 50] {
        server.step(at, &with_lock);
    }
    assert_eq!(server.step(400, &with_lock), served(&[], &["acme"]));
    assert_eq!(server.reasons(), ["locked"]);
    for at in [500, 550] {
        server.step(at, &with_lock[..1]);
    }
    assert_eq!(server.step(900, &with_lock[..1]), served(&[], &["acme"]));
    assert_eq!(server.reasons(), ["`acme@2025` was locked, and is changed now that its lock is gone"]);
}

#[test]
fn a_folder_that_cannot_be_read_is_told_once_it_stays_so() {
    let one = rulebook("2025", "");
    let mut server = Server::of(&[("acme/2025.toml", one.as_str())]);
    let error = || Err(StoreError::Missing { path: "rules".to_owned() });
    let now = server.start;
    for _ in 1..FAILURES {
        assert_eq!(server.reloader.step(error(), now, &server.rules), Done::Waits);
    }
    let told = "there is no file `rules`".to_owned();
    assert_eq!(server.reloader.step(error(), now, &server.rules), Done::Unreadable(told.clone()));
    assert_eq!(server.reloader.step(error(), now, &server.rules), Done::Nothing);
    assert_eq!(server.rules.news().unreadable, Some(told));
    assert!(server.rules.news().stale_since.is_some());
    server.step(1, &[("acme/2025.toml", one.as_str())]);
    assert_eq!(server.rules.news().stale_since, None);
    assert_eq!(server.versions(), ["2025"]);
}
