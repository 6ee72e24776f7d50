//! The tierline program.
use tierline_engine::{compile::Program, evaluate::Question, facts, load::Folder};
fn main() {
    let rules = Folder::scan(std::path::Path::new("rules")).expect("rules");
    let load = Program::load(&rules, "redhat-pex");
    for f in load.findings.sorted() {
        let at = load.sources.position(f.span);
        println!(
            "{} {}:{}:{} {} [{}] {:?}",
            f.code.id,
            load.sources.file(f.span.file).path,
            at.line,
            at.column,
            f.message,
            load.sources.text(f.span).chars().take(40).collect::<String>(),
            f.help
        );
    }
    let date = tierline_engine::date::parse("2024-12-31").expect("date");
    let plan = match load.program.plan(None, date) {
        Ok(p) => p,
        Err(e) => {
            println!("{e}");
            return;
        }
    };
    let bytes = std::fs::read(std::env::args().nth(1).expect("file")).expect("file");
    let arena = facts::Arena::new();
    let f = match facts::read(&plan.schema, &bytes, &arena) {
        Ok(f) => f,
        Err(e) => {
            println!("{e}");
            return;
        }
    };
    let q = Question::on(date);
    match plan.decide(&f, &q, &arena) {
        Ok(d) => println!("{}", String::from_utf8_lossy(&d.to_json())),
        Err(e) => println!("{e}"),
    }
}
