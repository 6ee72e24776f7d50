//! The catalogue of findings. A code is permanent: it is never renumbered and never reused.

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The rulebook cannot be used.
    Error,
    /// The rulebook can be used; the author should look.
    Warning,
}

/// One kind of finding.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// Its permanent number, such as `TL201`.
    pub id: &'static str,
    /// Its name, such as `unknown-key`.
    pub name: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// What it means and why it matters, in a sentence or two.
    pub about: &'static str,
}

macro_rules! catalogue {
    ($($(#[doc = $about:literal])+ $constant:ident = $id:literal $name:literal $severity:ident;)+) => {
        $($(#[doc = $about])+
        pub static $constant: Code = Code {
            id: $id, name: $name, severity: Severity::$severity, about: concat!($($about),+),
        };)+
        /// Every code, by number.
        pub static ALL: &[&Code] = &[$(&$constant),+];
    };
}

catalogue! {
    // 1xx: files
    /// The file is not valid TOML, so nothing in it could be read.
    TOML_SYNTAX = "TL101" "toml-syntax" Error;
    /// A file that the rulebook names does not exist, or cannot be read.
    MISSING_FILE = "TL102" "missing-file" Error;
    /// A file is larger than any rule file should be.
    FILE_TOO_LARGE = "TL103" "file-too-large" Error;
    /// A table kept in a CSV file is broken: a row has too many or too few cells, or a column has no name.
    BROKEN_TABLE = "TL104" "broken-table" Error;
    /// A path leaves the folder of the rulebook, or a link leads out of the folder of all rules or plugins.
    PATH_OUTSIDE = "TL105" "path-outside" Error;
    /// A file beside the rules has the name of something that is read, but for its ending or its place, and is not read.
    IGNORED_FILE = "TL106" "ignored-file" Warning;

    // 2xx: shape
    /// The key means nothing here. Tierline never skips what it does not understand.
    UNKNOWN_KEY = "TL201" "unknown-key" Error;
    /// A key that must be there is not.
    MISSING_KEY = "TL202" "missing-key" Error;
    /// The value is of another type than the key takes.
    WRONG_TYPE = "TL203" "wrong-type" Error;
    /// The value has the right type but cannot be understood: a bad quantity, a word that is not one of the choices.
    BAD_VALUE = "TL204" "bad-value" Error;
    /// The date does not exist, or is not a whole day.
    BAD_DATE = "TL205" "bad-date" Error;
    /// Keys that exclude each other stand together, or none of several stands where one must.
    CONFLICTING_KEYS = "TL206" "conflicting-keys" Error;

    // 3xx: names
    /// No record, field, measure, ladder, parameter, table, function or word has this name.
    UNKNOWN_NAME = "TL301" "unknown-name" Error;
    /// Two things have the same id; nothing is shadowed.
    DUPLICATE_ID = "TL302" "duplicate-id" Error;
    /// The name could mean two things where it stands.
    AMBIGUOUS_NAME = "TL303" "ambiguous-name" Error;
    /// Rules need each other in a circle, so none of them can be computed first.
    CIRCULAR_DEPENDENCY = "TL304" "circular-dependency" Error;
    /// The word is reserved by the expression language and cannot name this.
    RESERVED_WORD = "TL305" "reserved-word" Error;
    /// A record or row is read where none is at hand.
    NOT_AT_HAND = "TL306" "not-at-hand" Error;

    // 4xx: expressions and types
    /// The expression cannot be parsed.
    BAD_EXPRESSION = "TL401" "bad-expression" Error;
    /// The expression is valid, but outside the language of conditions; a declared script function can hold it.
    NOT_A_CONDITION = "TL402" "not-a-condition" Error;
    /// Two things are compared or combined that have different types.
    TYPE_MISMATCH = "TL403" "type-mismatch" Error;
    /// A value that may not exist is compared without asking whether it does.
    MAYBE_NONE = "TL404" "maybe-none" Error;
    /// A bare number other than 0 or 1 stands in a condition; a number in a condition has a name.
    BARE_NUMBER = "TL405" "bare-number" Error;
    /// A function is called with the wrong number of arguments.
    WRONG_ARGUMENTS = "TL406" "wrong-arguments" Error;
    /// A table or parameter lacks a cell for a key that may be read.
    MISSING_CELL = "TL407" "missing-cell" Error;
    /// An amount is in another currency than the rulebook's, and no rate is given.
    CURRENCY_MISMATCH = "TL408" "currency-mismatch" Error;
    /// Numbers that count different things, by their `unit`, are compared or added.
    UNIT_MISMATCH = "TL409" "unit-mismatch" Error;

    // 5xx: rules
    /// The rule lacks something that its kind needs, or says two things at once.
    INCOMPLETE_RULE = "TL501" "incomplete-rule" Error;
    /// Nobody can ever be told to be on this level: what it requires cannot be met together, or whoever meets it meets a higher one too.
    UNREACHABLE_LEVEL = "TL502" "unreachable-level" Warning;
    /// The condition fails whatever the facts are, so what depends on it never happens.
    NEVER_HOLDS = "TL503" "never-holds" Warning;
    /// The condition holds whatever the facts are, so it asks nothing.
    ALWAYS_HOLDS = "TL504" "always-holds" Warning;
    /// The last band of a parameter has a bound, so nothing is said of a larger number.
    BANDS_STOP = "TL505" "bands-stop" Warning;
    /// Two rows of an award ask for the same things and can take the same record, which then earns twice.
    ROWS_OVERLAP = "TL506" "rows-overlap" Warning;
    /// No rule reads it. A parameter with both a `source` and a `note` records a fact and may stand unread.
    UNUSED_NAME = "TL507" "unused-name" Warning;
    /// The days of the rule or value lie outside the days on which the version is in force.
    OUT_OF_TIME = "TL508" "out-of-time" Warning;
    /// A higher level asks for less of something than a lower one does.
    ASKS_LESS = "TL509" "asks-less" Warning;
    /// Records are counted of which there is only one, as they are no list.
    ONE_RECORD = "TL510" "one-record" Warning;

    // 6xx: scripts
    /// The script cannot be compiled, or does not define the function that is declared.
    BROKEN_SCRIPT = "TL601" "broken-script" Error;
    /// Whatever sample values the script is given, what it returns is not of the type that is declared.
    WRONG_RESULT = "TL602" "wrong-result" Error;
    /// The script fails for every sample value that it is given.
    FAILING_SCRIPT = "TL603" "failing-script" Warning;
    /// The function does not read an argument that is declared, or names its arguments in another order.
    SCRIPT_ARGUMENTS = "TL604" "script-arguments" Warning;

    // 7xx: versions
    /// Two versions of one program are in force on the same day.
    VERSIONS_OVERLAP = "TL701" "versions-overlap" Error;
    /// Between two versions of one program lie days on which none is in force.
    VERSIONS_GAP = "TL702" "versions-gap" Error;
    /// The file's place does not fit what it says: `rules/PROGRAM/VERSION.toml` must hold that program and version.
    MISPLACED_FILE = "TL703" "misplaced-file" Error;
    /// Versions of one program give one field different types, so that no facts can suit both.
    SCHEMA_CONFLICT = "TL704" "schema-conflict" Error;
    /// `remove` or `replace` names something that is not taken over, so that the version would be another than it says.
    NOTHING_THERE = "TL705" "nothing-there" Error;
    /// More versions extend each other than anybody could follow.
    LONG_CHAIN = "TL706" "long-chain" Error;
    /// Two plugins give the same name to different things, and neither is written for the other.
    PLUGINS_CONFLICT = "TL707" "plugins-conflict" Error;
    /// A plugin builds upon another that the rulebook does not list before it.
    NEEDED_PLUGIN = "TL708" "needed-plugin" Error;
    /// The plugin is written for another version of Tierline.
    OTHER_ENGINE = "TL709" "other-engine" Error;
    /// The rules of kinds stand for more rules than a rulebook may hold.
    TOO_MANY_RULES = "TL710" "too-many-rules" Error;
    /// The version is locked, and its files are not those that were published, or are gone. A correction is a new version.
    LOCKED = "TL711" "locked" Error;
    /// A new name is nearly one that the version takes over and leaves as it is, so that the old rule stays beside the new one.
    NEW_BESIDE = "TL712" "new-beside" Warning;

    // 8xx: cases
    /// The case expects nothing of the decision, so it passes whatever the rules say.
    EXPECTS_NOTHING = "TL801" "expects-nothing" Error;
    /// The case changes a fact that is not there, so it would test something else than it says.
    NOTHING_TO_CHANGE = "TL802" "nothing-to-change" Error;
    /// The facts of the case do not fit the facts of the rulebook, so that nothing is decided.
    UNFIT_FACTS = "TL803" "unfit-facts" Error;
    /// The case expects something of which no decision by the rulebook speaks.
    UNKNOWN_RESULT = "TL804" "unknown-result" Error;

    // 9xx: style
    /// The rulebook names the documents that it is made from, and this number says no clause of them.
    NO_SOURCE = "TL901" "no-source" Warning;
    /// The text is missing in a language in which the rulebook has its own title.
    MISSING_TRANSLATION = "TL902" "missing-translation" Warning;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_are_unique_and_in_order() {
        for pair in ALL.windows(2) {
            assert!(pair[0].id < pair[1].id, "{} before {}", pair[0].id, pair[1].id);
        }
        let mut names: Vec<_> = ALL.iter().map(|code| code.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ALL.len());
    }
}
