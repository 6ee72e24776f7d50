//! Rules that tests write, change and break.

use std::path::PathBuf;
use tierline_tests::server::{Place, Server};

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_tierline");

/// A rulebook whose decision tells its `stamp`, and that of the table beside it.
pub fn rulebook(version: &str, stamp: u32) -> String {
    format!(
        r#"[rulebook]
program   = "acme"
version   = "{version}"
status    = "published"
effective = {{ from = {version}-01-01 }}
currency  = "USD"
title     = {{ en = "Acme Partners", ja = "アクメ パートナー", fr = "Partenaires Acme" }}

[sources]
guide = {{ title = "Partner guide", url = "https://acme.example/guide", default = true }}

[facts.partner]
id = "id"

[facts.sale]
list   = "sales"
id     = "id"
amount = "money"

[parameters.stamp]
title  = "Stamp"
is     = {stamp}
source = "A-1"
note   = "Which file this is."

[tables.mark]
rows = {{ csv = "marks-{version}.csv" }}

[[measures]]
id    = "of_file"
title = "Stamp of the file"
value = 'stamp'

[[measures]]
id    = "of_table"
title = "Stamp of the table"
value = 'mark["only"].stamp'

[[measures]]
id    = "sold"
title = "Sold"
sum   = "sale.amount"
"#
    )
}

/// The table beside it.
pub fn table(stamp: u32) -> String {
    format!("id,stamp\nonly,{stamp}\n")
}

/// A case that holds for every stamp.
pub const CASES: &str = r#"program = "acme"
as_of = 2025-06-01

[facts.partner]
id = "P-1"

[[case]]
id = "sold"
facts.sales = [ { id = "S-1", amount = "2.50" }, { id = "S-2", amount = 1 } ]
expect.measures.sold = "3.50"
"#;

/// A folder with the rules of one version.
pub fn place() -> Place {
    let place = Place::new();
    place.write("rules/acme/2025.toml", &rulebook("2025", 1));
    place.write("rules/acme/marks-2025.csv", &table(1));
    place.write("rules/acme/cases/all.toml", CASES);
    place
}

/// A server of these rules.
pub fn serve(place: &Place, arguments: &[&str]) -> Server {
    Server::start(PROGRAM, &rules(place), arguments)
}

/// The folder of the rules.
pub fn rules(place: &Place) -> PathBuf {
    place.path("rules")
}

/// A request that the rules can answer.
pub const ASKED: &str =
    r#"{"as_of":"2025-06-01","facts":{"partner":{"id":"P-7"},"sales":[{"id":"S-1","amount":"12.30"}]}}"#;

/// Where it is sent.
pub const EVALUATE: &str = "/v1/programs/acme/evaluate";
