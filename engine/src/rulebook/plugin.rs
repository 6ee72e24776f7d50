//! `[plugin]`: what a plugin says of itself. All else in its file are sections of a rulebook.

use super::piece::{Name, Names, Phrase, Source};
use super::shape::shape;

shape! {
    /// What a plugin says of itself.
    pub struct Plugin {
        /// Its name, which is that of its folder.
        pub id: Name,
        /// Its version.
        pub version: Name,
        /// The version of Tierline that it is written for, such as `0.1`.
        pub engine: Name,
        /// What people call it.
        pub title: Phrase,
        /// The plugins that it builds upon and may change; a rulebook lists them before it.
        pub needs: Names,
        /// Where it comes from.
        pub source: Option<Source>,
        /// For the next reader.
        pub note: Option<Name>,
    }
}

/// Whether an engine of version `own` is one that a plugin is written for.
pub fn suits(engine: &str, own: &str) -> bool {
    let (mut wanted, mut own) = (engine.split('.'), own.split('.'));
    !engine.is_empty() && wanted.all(|part| own.next() == Some(part))
}

#[cfg(test)]
mod tests {
    use super::suits;

    #[test]
    fn a_plugin_says_as_much_of_the_engine_as_it_depends_on() {
        for (wanted, suited) in
            [("0", true), ("0.1", true), ("0.1.3", true), ("0.2", false), ("0.1.3.1", false), ("", false)]
        {
            assert_eq!(suits(wanted, "0.1.3"), suited, "{wanted}");
        }
    }
}
