//! How the written shape is declared: one definition gives the type, its reader and its JSON Schema.
//!
//! A reader takes what it understands from a [`Node`], reports everything else, and goes on, so that
//! an author sees all mistakes of a file at once.

use crate::document::{Name, Node, Table};
use crate::finding::{Finding, Findings, code, did_you_mean, nearest};
use crate::source::Span;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

/// Something that can be read from a rule file.
pub trait Read: Sized {
    /// Whether the key may be left out.
    const OPTIONAL: bool = false;

    /// Reads it, reporting what is wrong; `None` when nothing usable is there.
    fn read(node: &Node, findings: &mut Findings) -> Option<Self>;

    /// What stands for a key that was left out; `None` when it may not be.
    fn absent() -> Option<Self> {
        None
    }
}

impl<T: Read> Read for Option<T> {
    const OPTIONAL: bool = true;

    fn read(node: &Node, findings: &mut Findings) -> Option<Self> {
        Some(T::read(node, findings))
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Read> Read for Vec<T> {
    const OPTIONAL: bool = true;

    fn read(node: &Node, findings: &mut Findings) -> Option<Self> {
        match node.as_list() {
            Some(list) => Some(list.iter().filter_map(|item| T::read(item, findings)).collect()),
            None => wrong_type(node, "a list", findings),
        }
    }

    fn absent() -> Option<Self> {
        Some(Vec::new())
    }
}

impl Read for bool {
    fn read(node: &Node, findings: &mut Findings) -> Option<Self> {
        match node.item {
            crate::document::Item::Flag(flag) => Some(flag),
            _ => {
                findings.add(
                    Finding::new(
                        &code::WRONG_TYPE,
                        node.span,
                        format!("expected true or false, found {}", node.kind()),
                    )
                    .help("write `true` or `false`, without quotes"),
                );
                None
            }
        }
    }
}

/// Reports that `node` should have been `wanted`.
pub fn wrong_type<T>(node: &Node, wanted: &str, findings: &mut Findings) -> Option<T> {
    findings.add(Finding::new(&code::WRONG_TYPE, node.span, format!("expected {wanted}, found {}", node.kind())));
    None
}

/// How many keys are shown as they are written.
const MOST_KEYS: usize = 4;

/// The keys of a table that are still to be read.
pub struct Fields<'n> {
    table: &'n Table,
    span: Span,
    known: &'static [&'static str],
}

impl<'n> Fields<'n> {
    /// The fields of `node`, which must be a table of `known` keys; reports the other keys.
    pub fn of(node: &'n Node, known: &'static [&'static str], findings: &mut Findings) -> Option<Self> {
        let Some(table) = node.as_table() else {
            let keys: Vec<String> = known.iter().map(|key| format!("{} = …", plain(key))).collect();
            let help = match node.item {
                crate::document::Item::List(_) => "write its heading in single brackets, `[…]`".to_owned(),
                _ if keys.len() <= MOST_KEYS => format!("write {{ {} }}, as much of it as there is", keys.join(", ")),
                _ => format!("its keys are {}", listed(&known.iter().map(|key| plain(key)).collect::<Vec<_>>())),
            };
            let message = format!("expected a table, found {}", node.kind());
            findings.add(Finding::new(&code::WRONG_TYPE, node.span, message).help(help));
            return None;
        };
        for (name, _) in &table.entries {
            if !known.iter().any(|key| plain(key) == name.text) {
                findings.add(unknown_key(name, known.iter().map(|key| plain(key))));
            }
        }
        Some(Self { table, span: node.span, known })
    }

    /// Reads `key`.
    pub fn take<T: Read>(&self, key: &'static str, findings: &mut Findings) -> Option<T> {
        let key = plain(key);
        debug_assert!(self.known.iter().any(|known| plain(known) == key));
        match self.table.find(key) {
            // What stands under the misspelt name of the section is told already.
            Some(node) if self.is_single_section(key, node) && self.is_misspelt(key) => T::absent(),
            Some(node) if self.is_single_section(key, node) => {
                findings.add(
                    Finding::new(&code::WRONG_TYPE, node.span, format!("expected a list, found {}", node.kind()))
                        .help(format!("write `[[{key}]]`, once above each of them")),
                );
                None
            }
            Some(node) => T::read(node, findings),
            None => T::absent().or_else(|| {
                if !self.is_misspelt(key) {
                    findings.add(
                        Finding::new(&code::MISSING_KEY, self.span, format!("`{key}` is missing"))
                            .help(format!("write `{key} = …` here")),
                    );
                }
                None
            }),
        }
    }

    /// Whether a section that is written once for each rule has single brackets.
    fn is_single_section(&self, key: &str, node: &Node) -> bool {
        self.known.contains(&"rulebook") && super::RULES.contains(&key) && node.as_table().is_some()
    }

    /// Whether a key that means nothing was most likely meant to be `key`; then it was told already.
    fn is_misspelt(&self, key: &str) -> bool {
        let known = || self.known.iter().map(|known| plain(known));
        let others = self.table.entries.iter().filter(|(name, _)| known().all(|known| known != name.text));
        others.into_iter().any(|(name, _)| nearest(&name.text, known()) == Some(key))
    }
}

/// The finding for a key that means nothing among `known`.
pub fn unknown_key<'a>(name: &Name, known: impl IntoIterator<Item = &'a str> + Clone) -> Finding {
    let keys: Vec<&str> = known.clone().into_iter().collect();
    Finding::new(&code::UNKNOWN_KEY, name.span, format!("`{}` means nothing here", name.text))
        .help(format!("the keys here are {}", listed(&keys)))
        .help_maybe(did_you_mean(&name.text, known))
        .help_maybe((keys.contains(&"median") && AVERAGES.contains(&name.text.as_str())).then(|| AVERAGE.to_owned()))
}

/// Words for an average, which the language says otherwise.
pub const AVERAGES: [&str; 3] = ["mean", "average", "avg"];
/// How an average is said.
pub const AVERAGE: &str =
    "an average is a sum divided by a count: a measure with `sum`, one with `count`, and `value = 'total / how_many'`";

/// `` `a`, `b` and `c` ``
pub fn listed<S: AsRef<str>>(words: &[S]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{}`", word.as_ref())).collect();
    match quoted.split_last() {
        None => "none".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// A field's name without the mark that Rust needs for its own words.
pub fn plain(field: &str) -> &str {
    field.strip_prefix("r#").unwrap_or(field)
}

/// One property of a table's JSON Schema.
pub struct Property {
    /// The key.
    pub name: &'static str,
    /// What it means.
    pub about: &'static str,
    /// The schema of its value.
    pub schema: Schema,
    /// Whether it must be there.
    pub required: bool,
}

/// The property `name` of type `T`.
pub fn property<T: Read + JsonSchema>(
    name: &'static str,
    about: &'static str,
    generator: &mut SchemaGenerator,
) -> Property {
    Property { name: plain(name), about, schema: without_null(generator.subschema_for::<T>()), required: !T::OPTIONAL }
}

/// The schema of what may be left out: TOML has no null.
fn without_null(schema: Schema) -> Schema {
    let null = serde_json::json!({ "type": "null" });
    let Some(either) = schema.get("anyOf").and_then(|any| any.as_array()).filter(|any| any.contains(&null)) else {
        let mut schema = schema;
        if let Some(serde_json::Value::Array(types)) = schema.get_mut("type") {
            types.retain(|of| of != "null");
            if let [only] = types.as_slice() {
                let only = only.clone();
                schema.insert("type".into(), only);
            }
        }
        return schema;
    };
    let own: Vec<_> = either.iter().filter(|of| **of != null).cloned().collect();
    match own.as_slice() {
        [only] => Schema::try_from(only.clone()).unwrap_or(schema),
        several => json_schema!({ "anyOf": several }),
    }
}

/// The schema of a table with exactly these properties.
pub fn table_schema(about: &str, properties: Vec<Property>) -> Schema {
    let required: Vec<&str> = properties.iter().filter(|p| p.required).map(|p| p.name).collect();
    let mut map = serde_json::Map::new();
    for mut property in properties {
        if let Some(object) = property.schema.as_object_mut() {
            object.insert("description".into(), property.about.trim().into());
        }
        map.insert(property.name.into(), property.schema.to_value());
    }
    let mut schema = json_schema!({ "type": "object", "additionalProperties": false, "description": about.trim() });
    schema.insert("properties".into(), map.into());
    if !required.is_empty() {
        schema.insert("required".into(), required.into());
    }
    schema
}

/// A type name as the schema shows it.
pub fn schema_name(name: &'static str) -> Cow<'static, str> {
    Cow::Borrowed(name)
}

/// Declares a table of a rule file: the struct, its reader and its JSON Schema.
macro_rules! shape {
    ($(
        $(#[doc = $about:literal])+
        pub struct $name:ident {
            $($(#[doc = $field_about:literal])+ pub $field:ident : $type:ty,)*
        }
    )+) => {$(
        $(#[doc = $about])+
        #[derive(Clone, Debug)]
        pub struct $name {
            /// Where it stands.
            pub span: $crate::source::Span,
            $($(#[doc = $field_about])+ pub $field: $type,)*
        }

        impl $name {
            /// Its keys, as Rust spells them.
            pub const KEYS: &'static [&'static str] = &[$(stringify!($field)),*];
        }

        impl $crate::rulebook::shape::Read for $name {
            fn read(
                node: &$crate::document::Node,
                findings: &mut $crate::finding::Findings,
            ) -> Option<Self> {
                let fields = $crate::rulebook::shape::Fields::of(node, Self::KEYS, findings)?;
                $(let $field = fields.take::<$type>(stringify!($field), findings);)*
                Some(Self { span: node.span, $($field: $field?,)* })
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                $crate::rulebook::shape::schema_name(stringify!($name))
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let properties = vec![$($crate::rulebook::shape::property::<$type>(
                    stringify!($field),
                    concat!($($field_about),+),
                    generator,
                )),*];
                $crate::rulebook::shape::table_schema(concat!($($about),+), properties)
            }
        }
    )+};
}
pub(crate) use shape;
