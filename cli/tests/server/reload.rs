//! Rules that change while they are asked: every way in which a file can change, under load.
//!
//! A decision tells the stamp of the rule file and that of the table beside it. They are changed together,
//! so an answer in which they differ is a mix of two versions.

use crate::rules::{ASKED, EVALUATE, place, rulebook, rules, serve, table};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;
use tierline_tests::server::{Place, Server, until};

/// Asks all the time while `change` goes on: every answer is whole, and of one of the good `stamps`.
fn under_load(server: &Server, stamps: &[u32], change: impl FnOnce()) {
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let ask = || {
            let mut client = server.client();
            let mut count = 0;
            while !done.load(Ordering::Relaxed) {
                let response = client.post(EVALUATE, ASKED.as_bytes()).expect("an answer");
                assert_eq!(response.status, 200, "{}", response.text());
                let decision = response.json();
                let (file, of_table) = (stamp(&decision, "of_file"), stamp(&decision, "of_table"));
                assert_eq!(file, of_table, "a mix of two versions");
                assert!(stamps.contains(&file), "{file} is none of {stamps:?}");
                count += 1;
            }
            count
        };
        let askers = [scope.spawn(ask), scope.spawn(ask)];
        change();
        done.store(true, Ordering::Relaxed);
        for asker in askers {
            assert!(asker.join().expect("no failed request") > 0);
        }
    });
}

fn stamp(decision: &Value, measure: &str) -> u32 {
    decision["measures"][measure].as_str().and_then(|stamp| stamp.parse().ok()).unwrap_or(0)
}

fn served(server: &Server) -> u32 {
    stamp(&server.client().post(EVALUATE, ASKED.as_bytes()).expect("an answer").json(), "of_file")
}

fn status(server: &Server) -> Value {
    server.client().get("/v1/status").expect("an answer").json()["programs"][0].clone()
}

fn write(place: &Place, folder: &str, stamp: u32) {
    place.write(&format!("{folder}/2025.toml"), &rulebook("2025", stamp));
    place.write(&format!("{folder}/marks-2025.csv"), &table(stamp));
}

/// Changes the rules in one way, and waits until they are served.
fn changed(arguments: &[&str], change: impl FnOnce(&Place)) {
    let place = place();
    let server = serve(&place, arguments);
    let digest = status(&server)["digest"].clone();
    under_load(&server, &[1, 2], || {
        change(&place);
        until("the new stamp", || served(&server) == 2);
    });
    let after = status(&server);
    assert_ne!(after["digest"], digest);
    assert_eq!(after["refused"], Value::Null);
}

#[test]
fn files_that_are_written_are_taken_up() {
    changed(&[], |place| write(place, "rules/acme", 2));
}

#[test]
fn files_that_are_renamed_over_others_are_taken_up() {
    changed(&[], |place| {
        write(place, "draft", 2);
        for name in ["marks-2025.csv", "2025.toml"] {
            fs::rename(place.path("draft").join(name), rules(place).join("acme").join(name)).expect("renamed");
        }
    });
}

#[test]
fn two_files_saved_one_after_the_other_are_taken_up_together() {
    changed(&[], |place| {
        place.write("rules/acme/2025.toml", &rulebook("2025", 2));
        thread::sleep(Duration::from_millis(300));
        place.write("rules/acme/marks-2025.csv", &table(2));
    });
}

#[test]
fn a_burst_of_saves_is_taken_up_at_its_end() {
    changed(&[], |place| {
        for step in 3..60 {
            place.write("rules/acme/2025.toml", &rulebook("2025", step));
            place.write("rules/acme/marks-2025.csv", &table(step)[..8]);
        }
        write(place, "rules/acme", 2);
    });
}

#[test]
fn the_timer_finds_what_nothing_tells_of() {
    // The folder itself is another one: what the system was asked to look at is gone.
    changed(&["--rescan", "200 ms"], |place| {
        write(place, "next/acme", 2);
        fs::rename(rules(place), place.path("before")).expect("renamed");
        fs::rename(place.path("next"), rules(place)).expect("renamed");
    });
}

#[test]
fn files_that_are_gone_are_told_of_and_the_last_good_serve_on() {
    let place = place();
    let server = serve(&place, &[]);
    under_load(&server, &[1, 2], || {
        for name in ["2025.toml", "marks-2025.csv"] {
            fs::remove_file(rules(&place).join("acme").join(name)).expect("removed");
        }
        until("the refusal", || status(&server)["refused"] != Value::Null);
        let said = status(&server)["refused"]["reasons"][0]["message"].clone();
        assert!(said.as_str().is_some_and(|said| said.starts_with("the folder of `acme` holds no rules")), "{said}");
        assert_eq!(served(&server), 1);
        write(&place, "rules/acme", 2);
        until("the new stamp", || served(&server) == 2);
    });
    assert_eq!(status(&server)["refused"], Value::Null);
}

#[test]
fn a_link_that_is_swapped_as_a_config_map_does_is_taken_up() {
    let place = Place::new();
    for (folder, stamp) in [("rules/acme/..1", 1), ("rules/acme/..2", 2)] {
        write(&place, folder, stamp);
    }
    let acme = rules(&place).join("acme");
    symlink("..1", acme.join("..data")).expect("a link");
    for name in ["2025.toml", "marks-2025.csv"] {
        symlink(Path::new("..data").join(name), acme.join(name)).expect("a link");
    }
    let server = serve(&place, &[]);
    under_load(&server, &[1, 2], || {
        symlink("..2", acme.join("..data_tmp")).expect("a link");
        fs::rename(acme.join("..data_tmp"), acme.join("..data")).expect("swapped");
        fs::remove_dir_all(acme.join("..1")).expect("removed");
        until("the new stamp", || served(&server) == 2);
    });
    assert_eq!(status(&server)["refused"], Value::Null);
}

#[test]
fn a_link_that_leads_out_of_the_rules_is_refused_and_the_last_good_ones_serve_on() {
    let place = place();
    let server = serve(&place, &[]);
    place.write("outside/2026.toml", &rulebook("2026", 9));
    symlink(place.path("outside/2026.toml"), rules(&place).join("acme/2026.toml")).expect("a link");
    until("the refusal", || status(&server)["refused"] != Value::Null);
    assert_eq!(status(&server)["refused"]["reasons"][0]["finding"]["name"], "path-outside");
    assert_eq!(served(&server), 1);
    fs::remove_file(rules(&place).join("acme/2026.toml")).expect("removed");
    until("readiness", || status(&server)["refused"] == Value::Null);
    symlink(place.path("outside"), rules(&place).join("foreign")).expect("a link");
    until("the refusal", || {
        let status = server.client().get("/v1/status").expect("an answer").json();
        status["programs"][1]["refused"]["reasons"][0]["finding"]["name"] == "path-outside"
    });
    assert_eq!((served(&server), status(&server)["refused"].clone()), (1, Value::Null));
}

#[test]
fn a_plugin_that_changes_is_taken_up_and_a_broken_one_is_not() {
    let plugin = |stamp: u32| {
        format!(
            "[plugin]\nid = \"extra\"\nversion = \"1.0.0\"\nengine = \"0.1\"\ntitle = \"Extra\"\n\
             [parameters.of_extra]\nis = {stamp}\n[[measures]]\nid = \"extra\"\nvalue = 'of_extra'\n"
        )
    };
    let place = place();
    let rules = rulebook("2025", 1).replace("currency  =", "plugins   = [\"extra\"]\ncurrency  =");
    place.write("rules/acme/2025.toml", &rules);
    place.write("plugins/extra/plugin.toml", &plugin(1));
    let plugins = place.path("plugins").display().to_string();
    let server = serve(&place, &["--plugins", &plugins]);
    let extra = || {
        let decision = server.client().post(EVALUATE, ASKED.as_bytes()).expect("an answer").json();
        stamp(&decision, "extra")
    };
    assert_eq!(extra(), 1);
    under_load(&server, &[1], || {
        place.write("plugins/extra/plugin.toml", &plugin(2));
        until("the new plugin", || extra() == 2);
        place.write("plugins/extra/plugin.toml", "this is no plugin\n");
        until("the refusal", || status(&server)["refused"] != Value::Null);
    });
    assert_eq!(extra(), 2);
}

#[test]
fn a_signal_has_the_folders_read() {
    let place = place();
    let server = serve(&place, &["--rescan", "1 h"]);
    let asked = || server.log().iter().any(|entry| entry["message"] == "the folders are read again, as asked");
    server.signal("HUP");
    until("the signal", asked);
    write(&place, "rules/acme", 2);
    server.signal("HUP");
    until("the new stamp", || served(&server) == 2);
}

#[test]
fn good_and_broken_rules_in_turn_fail_no_request() {
    const TURNS: u32 = 30;
    let place = place();
    let server = serve(&place, &["--settle", "60 ms"]);
    let good: Vec<u32> = (1..=TURNS + 1).collect();
    under_load(&server, &good, || {
        for turn in 2..=TURNS + 1 {
            place.write("rules/acme/2025.toml", "this is no rulebook\n");
            until("the refusal", || status(&server)["refused"]["reasons"][0]["finding"]["name"] == "toml-syntax");
            write(&place, "rules/acme", turn);
            until("the new stamp", || served(&server) == turn);
        }
    });
    let metrics = server.client().get("/metrics").expect("an answer").text();
    let count = |name: &str| {
        let line = metrics.lines().find_map(|line| line.strip_prefix(&format!("{name}{{program=\"acme\"}} ")));
        line.and_then(|count| count.parse::<u32>().ok()).expect("a number")
    };
    assert!(count("tierline_reloads_total") >= TURNS);
    assert!(count("tierline_rejected_candidates_total") >= TURNS);
    let warned = server.log().iter().filter(|entry| entry["level"] == "WARN").count();
    assert!(warned >= TURNS as usize, "{warned}");
}

#[test]
fn a_candidate_that_is_refused_is_seen_everywhere() {
    let place = place();
    let server = serve(&place, &["--ready-stale-after", "1 ms"]);
    let mut client = server.client();
    assert_eq!(client.get("/readyz").expect("an answer").status, 200);
    let wrong = rulebook("2025", 2).replace("value = 'stamp'", "value = 'stmp'");
    place.write("rules/acme/2025.toml", &wrong);
    until("the refusal", || status(&server)["refused"] != Value::Null);
    let finding = status(&server)["refused"]["reasons"][0]["finding"].clone();
    assert_eq!((&finding["name"], &finding["line"]), (&"unknown-name".into(), &32.into()));
    assert_eq!(finding["help"], "did you mean `stamp`?");
    let metrics = client.get("/metrics").expect("an answer").text();
    assert!(metrics.contains("tierline_rejected_candidates_total{program=\"acme\"} 1"), "{metrics}");
    assert!(metrics.contains("tierline_refused_programs 1"), "{metrics}");
    let ready = client.get("/readyz").expect("an answer");
    assert_eq!((ready.status, ready.json()["type"].as_str()), (503, Some("/docs#problem-not-ready")));
    let warned = |entry: &Value| {
        entry["program"] == "acme" && entry["first"].as_str().is_some_and(|said| said.contains("2025.toml:32:"))
    };
    assert!(server.log().iter().any(warned), "{:?}", server.log());
    assert_eq!(served(&server), 1);
    place.write("rules/acme/2025.toml", &rulebook("2025", 1));
    until("readiness", || client.get("/readyz").expect("an answer").status == 200);
}
