//! What stands over what: one small table for each rule of merging.

use super::{New, inherited, over, remove};
use crate::document::{Item, Node, Table};
use crate::finding::Findings;
use crate::load::{parse_toml, print};
use crate::rulebook::Read;
use crate::rulebook::piece::Names;
use crate::source::{FileId, Sources};

/// The merged text, with what was told.
fn merged(base: &str, top: &str, new: New) -> (String, Vec<String>) {
    let mut sources = Sources::default();
    let mut findings = Findings::default();
    let mut read = |text: &str| {
        let file = sources.add("a.toml", text);
        parse_toml(file, text, &mut findings).expect("TOML")
    };
    let (mut base, top) = (read(base), read(top));
    inherited(&mut base);
    let header = top.as_table().and_then(|table| table.find("rulebook")).and_then(Node::as_table);
    let paths = header.and_then(|header| header.find("remove")).and_then(|node| Names::read(node, &mut findings));
    remove(&mut base, &paths.unwrap_or_default().0, &mut findings);
    let whole = over(base, &top, new, &mut findings);
    let told = findings.iter().map(|finding| finding.message.clone()).collect();
    // Without comments on where each part is from.
    let text = print(&whole, FileId(0), &sources);
    let text = text.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>();
    (text.join("\n").replace("\n\n", "\n"), told)
}

#[track_caller]
fn gives(base: &str, top: &str, whole: &str) {
    let (text, told) = merged(base, top, New::Last);
    assert_eq!(told, Vec::<String>::new());
    assert_eq!(text, whole);
}

#[track_caller]
fn tells(base: &str, top: &str, what: &str) {
    assert_eq!(merged(base, top, New::Last).1, [what]);
}

#[test]
fn tables_are_merged_by_key_and_lists_are_replaced() {
    gives("[cycle]\na = 1\nb = [1, 2]", "[cycle]\nb = [3]\nc = 4", "[cycle]\na = 1\nb = [3]\nc = 4");
    gives(
        "[parameters]\np = { is = { x = 1, y = 2 }, by = \"t\" }",
        "[parameters]\np = { is = { y = 3 } }",
        "[parameters.p]\nis = { x = 1, y = 3 }\nby = \"t\"",
    );
}

#[test]
fn texts_and_sources_are_replaced_whole() {
    gives(
        "[parameters]\np = { is = 1, title = { en = \"A\", ja = \"B\" }, source = { clause = \"1\", says = \"x\" } }",
        "[parameters]\np = { title = { en = \"C\" }, source = { clause = \"2\" } }",
        "[parameters.p]\nis = 1\ntitle = { en = \"C\" }\nsource = { clause = \"2\" }",
    );
}

#[test]
fn rules_and_rows_are_found_by_their_ids() {
    gives(
        "[[awards]]\nid = \"a\"\nper = 1\nrows = [{ product = \"x\", points = 1 }, { id = \"r\", points = 2 }]",
        "[[awards]]\nid = \"a\"\nrows = [{ product = \"x\", points = 9 }, { product = \"new\", points = 3 }]\n[[awards]]\nid = \"b\"",
        "[[awards]]\nid = \"a\"\nper = 1\nrows = [\n  { product = \"x\", points = 9 },\n  { id = \"r\", points = 2 },\n  { product = \"new\", points = 3 },\n]\n[[awards]]\nid = \"b\"",
    );
}

#[test]
fn alternatives_are_found_by_id_and_via() {
    gives(
        "[[ladders]]\nid = \"t\"\nrows = [{ id = \"a\", m = 1 }, { id = \"a\", via = \"v\", m = 2 }]",
        "[[ladders]]\nid = \"t\"\nrows = [{ id = \"a\", via = \"v\", m = 3 }, { id = \"a\", via = \"w\", m = 4 }]",
        "[[ladders]]\nid = \"t\"\nrows = [\n  { id = \"a\", m = 1 },\n  { id = \"a\", via = \"v\", m = 3 },\n  { id = \"a\", via = \"w\", m = 4 },\n]",
    );
}

#[test]
fn a_new_row_stands_before_the_known_one_that_is_written_after_it() {
    let base = "[[ladders]]\nid = \"t\"\nrows = [{ id = \"a\" }, { id = \"b\" }, { id = \"c\" }]";
    let rows = |rows: &str| format!("[[ladders]]\nid = \"t\"\nrows = [\n{rows}]");
    gives(
        base,
        "[[ladders]]\nid = \"t\"\nrows = [{ id = \"a\" }, { id = \"x\" }, { id = \"c\" }, { id = \"y\" }]",
        &rows("  { id = \"a\" },\n  { id = \"b\" },\n  { id = \"x\" },\n  { id = \"c\" },\n  { id = \"y\" },\n"),
    );
}

#[test]
fn rates_of_two_days_are_two_rows() {
    gives(
        "[tables.exchange]\nrows = [{ currency = \"EUR\", from = 2024-01-01, rate = 1 }]",
        "[tables.exchange]\nrows = [{ currency = \"EUR\", from = 2025-01-01, rate = 2 }]",
        "[tables.exchange]\nrows = [\n  { currency = \"EUR\", from = 2024-01-01, rate = 1 },\n  { currency = \"EUR\", from = 2025-01-01, rate = 2 },\n]",
    );
}

#[test]
fn parameters_are_found_under_any_heading() {
    gives(
        "[parameters.money]\np = { is = 1 }\nq = { is = 2 }",
        "[parameters]\np = { is = 5 }\n[parameters.money]\nr = { is = 6 }\n[parameters.other]\nq = { is = 7 }\ns = { is = 8 }",
        "[parameters.money.p]\nis = 5\n[parameters.money.q]\nis = 7\n[parameters.money.r]\nis = 6\n[parameters.other.s]\nis = 8",
    );
}

#[test]
fn replace_starts_anew() {
    gives(
        "[[measures]]\nid = \"m\"\ncount = \"x\"\n[parameters]\np = { is = 1, by = \"t\" }",
        "[[measures]]\nid = \"m\"\nreplace = true\nvalue = \"1\"\n[parameters]\np = { replace = true, is = 2 }",
        "[[measures]]\nid = \"m\"\nvalue = \"1\"\n[parameters.p]\nis = 2",
    );
    tells("[cycle]\na = 1", "[[measures]]\nid = \"m\"\nreplace = true", "there is no `m` to be replaced");
    tells(
        "[parameters]\np = { is = 1 }",
        "[parameters]\nq = { replace = true, is = 1 }",
        "there is no `q` to be replaced",
    );
}

#[test]
fn what_says_of_itself_what_it_is_is_not_taken_over() {
    gives(
        "[rulebook]\nprogram = \"p\"\nversion = \"1\"\nstatus = \"draft\"\ntitle = \"T\"\ncurrency = \"USD\"\nremove = [\"x\"]",
        "[rulebook]\nversion = \"2\"",
        "[rulebook]\ncurrency = \"USD\"\nversion = \"2\"",
    );
}

#[test]
fn a_rule_that_is_written_twice_stays_two_rules() {
    let (text, _) = merged("[[measures]]\nid = \"m\"", "[[measures]]\nid = \"m\"\n[[measures]]\nid = \"m\"", New::Last);
    assert_eq!(text.matches("[[measures]]").count(), 2);
}

#[test]
fn what_plugins_add_stands_behind_the_rulebooks_own() {
    let (text, _) = merged("[modules]\np = \"P\"\nq = \"Q\"", "[modules]\na = \"A\"\nq = \"R\"\nb = \"B\"", New::First);
    assert_eq!(text, "[modules]\np = \"P\"\na = \"A\"\nq = \"R\"\nb = \"B\"");
    let (text, _) = merged("[modules]\np = \"P\"", "[modules]\na = \"A\"", New::First);
    assert_eq!(text, "[modules]\na = \"A\"\np = \"P\"");
}

const BASE: &str = "[parameters.head]\np = { is = { x = 1, y = 2 } }\n[[awards]]\nid = \"a\"\nrows = [{ product = \"x\", points = 1 }, { product = \"y\", points = 1 }]\n[[ladders]]\nid = \"t\"\nrows = [{ id = \"g\", m = 1, n = 2 }, { id = \"g\", via = \"v\", m = 3 }]\nrequires = [{ id = \"r\", that = \"true\" }]\n[facts.deal]\nlist = \"deals\"\nkind = \"text\"";

#[track_caller]
fn without(path: &str) -> String {
    let (text, told) = merged(BASE, &format!("[rulebook]\nremove = [\"{path}\"]"), New::Last);
    assert_eq!(told, Vec::<String>::new());
    text
}

#[test]
fn anything_can_be_removed_by_its_path() {
    let whole = merged(BASE, "[rulebook]\nremove = []", New::Last).0;
    for (path, gone) in [
        ("parameters.p", "[parameters.head.p]\nis = { x = 1, y = 2 }\n"),
        ("parameters.p.is.x", "x = 1, "),
        ("awards.a.x", "  { product = \"x\", points = 1 },\n"),
        ("ladders.t.g.n", ", n = 2"),
        ("ladders.t.g.v", "  { id = \"g\", via = \"v\", m = 3 },\n"),
        ("ladders.t.g.v.m", ", m = 3"),
        ("facts.deal.kind", "\nkind = \"text\""),
    ] {
        let wanted = whole.replace(gone, "").replace("remove = []", &format!("remove = [\"{path}\"]"));
        assert_eq!(without(path), wanted, "{path}");
    }
    assert!(!without("ladders.t").contains("[[ladders"));
    assert!(whole.contains("that"));
    assert!(!without("ladders.t.r").contains("that"));
    assert!(!without("ladders.t.requires.r").contains("that"));
    assert!(!without("facts").contains("[facts"));
}

#[test]
fn what_is_not_there_cannot_be_removed() {
    for (path, what) in [
        ("awads.a", "nothing that is taken over is called `awads`"),
        ("awards.b", "`awards` has no `b` that could be removed"),
        ("awards.a.z", "`awards.a` has no `z` that could be removed"),
        ("parameters.q", "`parameters` has no `q` that could be removed"),
        ("ladders.t.g.z", "`ladders.t.g` has no `z` that could be removed"),
        ("ladders.t.g.m.z", "`ladders.t.g.m` has no `z` that could be removed"),
    ] {
        tells(BASE, &format!("[rulebook]\nremove = [\"{path}\"]"), what);
    }
}

#[test]
fn nothing_over_nothing_is_nothing() {
    let empty = || Node { span: crate::source::Span::top(FileId(0)), item: Item::Table(Table::default()) };
    assert_eq!(over(empty(), &empty(), New::First, &mut Findings::default()), empty());
}
