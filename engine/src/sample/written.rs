//! The written shape of a sample file. What `facts` may hold depends on the rulebook.

use crate::rulebook::piece::{Entries, Name, Names, Raw};
use crate::rulebook::shape::shape;

shape! {
    /// Made-up subjects of a program.
    pub struct WrittenSample {
        /// The program.
        pub program: Name,
        /// For the next reader.
        pub note: Option<Name>,
        /// The kinds of subject, each with its weight.
        pub kinds: Entries<Raw>,
        /// The records, keyed as in the JSON document: a table is one record, a list of tables groups of records.
        pub facts: Raw,
    }

    /// How a value is drawn: one of the first eight keys, with what belongs to it.
    pub struct WrittenDraw {
        /// This value.
        pub is: Option<Raw>,
        /// One of these texts or words: a list, or a table of weights.
        pub words: Option<Raw>,
        /// A number from the first to the second.
        pub number: Option<Raw>,
        /// A day from the first to the second: `as_of`, `cycle` or an earlier date of the record, `+` or `-` a duration.
        pub date: Option<Names>,
        /// True so often, such as `25 %`.
        pub chance: Option<Raw>,
        /// Several words, each so often.
        pub set: Option<Entries<Raw>>,
        /// The id of a record of this list.
        pub of: Option<Name>,
        /// A draw for each kind of subject.
        pub by_kind: Option<Entries<Raw>>,
        /// With `number`: what lies between one number and the next (default: 1).
        pub step: Option<Raw>,
        /// With `number` and `date`: 1 is even; the higher, the more lie near the first (up to 16).
        pub skew: Option<Raw>,
        /// With `of`: the first record of a group takes the first id, the second the second, and so on.
        pub in_turn: Option<bool>,
        /// With `date`: left out when it would lie after the as-of date.
        pub past: Option<bool>,
        /// Left out so often, such as `25 %`.
        pub absent: Option<Raw>,
    }
}

/// The JSON Schema of a sample file, for editors.
pub fn schema() -> serde_json::Value {
    let settings = schemars::generate::SchemaSettings::draft2020_12();
    let mut schema = settings.into_generator().into_root_schema_for::<WrittenSample>();
    schema.insert("title".into(), "Tierline sample".into());
    schema.to_value()
}
