//! The facts of a case while they are put together: JSON whose numbers stay as they were written.

use crate::document::{Item, Node};
use crate::source::Span;
use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;

/// Stands for a JSON `null`.
pub const NULL: &str = "null!";
/// Stands for what is not there.
pub const ABSENT: &str = "absent!";
/// The deepest that facts are taken apart.
const DEEPEST: usize = 32;

/// A part of the facts, with the place where a case says it.
#[derive(Clone, Debug)]
pub struct Fact {
    place: Option<Span>,
    part: Part,
}

#[derive(Clone, Debug)]
enum Part {
    /// JSON text of anything that is neither a list nor an object.
    Leaf(String),
    /// A list.
    List(Vec<Fact>),
    /// An object, in order.
    Record(Vec<(String, Fact)>),
}

impl Fact {
    /// No facts at all.
    pub fn nothing() -> Self {
        Self::from(Part::Record(Vec::new()))
    }

    /// The same, said at this place.
    pub fn at(mut self, place: Span) -> Self {
        self.place = Some(place);
        self
    }

    /// Where that is said to which a JSON Pointer leads, or the last thing on the way that has a place.
    pub fn place_of(&self, pointer: &str) -> Option<Span> {
        let mut at = self;
        let mut place = self.place;
        for step in pointer.split('/').skip(1) {
            let step = step.replace("~1", "/").replace("~0", "~");
            let inner = match &at.part {
                Part::Leaf(_) => None,
                Part::List(items) => step.parse::<usize>().ok().and_then(|place| items.get(place)),
                Part::Record(entries) => entries.iter().find(|(key, _)| *key == step).map(|(_, inner)| inner),
            };
            let Some(inner) = inner else { break };
            place = inner.place.or(place);
            at = inner;
        }
        place
    }

    /// The fact that a value of a case file is.
    pub fn of(node: &Node) -> Self {
        let part = match &node.item {
            Item::Text(text) if text == NULL => Part::Leaf("null".to_owned()),
            Item::Text(text) => Part::Leaf(quoted(text)),
            Item::Number(number) => Part::Leaf(number.to_string()),
            Item::Flag(flag) => Part::Leaf(flag.to_string()),
            Item::Date(date) => Part::Leaf(quoted(&date.to_string())),
            Item::List(list) => Part::List(list.iter().map(Self::of).collect()),
            Item::Table(table) => {
                let stands = |node: &Node| node.as_text() != Some(ABSENT);
                let entries = table.entries.iter().filter(|(_, value)| stands(value));
                Part::Record(entries.map(|(name, value)| (name.text.clone(), Self::of(value).at(name.span))).collect())
            }
        };
        Self::from(part).at(node.span)
    }

    /// The facts that a JSON text holds.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        Self::parse_at(serde_json::from_str(text)?, 0)
    }

    fn parse_at(raw: &RawValue, depth: usize) -> Result<Self, serde_json::Error> {
        let text = raw.get();
        if depth > DEEPEST {
            return Ok(Self::from(Part::Leaf(text.to_owned())));
        }
        match text.as_bytes().first() {
            Some(b'{') => {
                let Entries(entries) = serde_json::from_str(text)?;
                let entries = entries.into_iter().map(|(key, value)| Ok((key, Self::parse_at(value, depth + 1)?)));
                Ok(Self::from(Part::Record(entries.collect::<Result<_, serde_json::Error>>()?)))
            }
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(text)?;
                let items = items.into_iter().map(|item| Self::parse_at(item, depth + 1));
                Ok(Self::from(Part::List(items.collect::<Result<_, _>>()?)))
            }
            _ => Ok(Self::from(Part::Leaf(text.to_owned()))),
        }
    }

    /// These facts with those of `other` in the place of their own, by the first key.
    pub fn merge(&mut self, other: Fact) {
        let place = other.place;
        match (&mut self.part, other.part) {
            (Part::Record(own), Part::Record(others)) => {
                for (key, mut value) in others {
                    value.place = value.place.or(place);
                    match own.iter_mut().find(|(known, _)| *known == key) {
                        Some((_, place)) => *place = value,
                        None => own.push((key, value)),
                    }
                }
            }
            (own, other) => *own = other,
        }
        self.place = place.or(self.place);
    }

    /// Puts `value` at `path`, or takes away what is there; says how far the path leads when it finds nothing.
    pub fn change(&mut self, path: &[String], value: Option<Fact>) -> Result<(), usize> {
        let mut at = self;
        let mut done = 0;
        loop {
            let rest = &path[done..];
            match &mut at.part {
                Part::Leaf(_) => return Err(done),
                Part::Record(entries) => {
                    let [key, inner @ ..] = rest else { return Err(done) };
                    let place = entries.iter().position(|(known, _)| known == key);
                    match (place, inner.is_empty(), value.is_some()) {
                        (None, true, true) => {
                            entries.extend(value.map(|value| (key.clone(), value)));
                            return Ok(());
                        }
                        (None, ..) => return Err(done),
                        (Some(place), true, _) => {
                            match value {
                                Some(value) => entries[place].1 = value,
                                None => drop(entries.remove(place)),
                            }
                            return Ok(());
                        }
                        (Some(place), false, _) => at = &mut entries[place].1,
                    }
                    done += 1;
                }
                Part::List(items) => {
                    let (place, taken) = find(items, rest).ok_or(done)?;
                    done += taken;
                    if done == path.len() {
                        match value {
                            Some(value) => items[place] = value,
                            None => drop(items.remove(place)),
                        }
                        return Ok(());
                    }
                    at = &mut items[place];
                }
            }
        }
    }

    /// The JSON text.
    pub fn to_json(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) {
        match &self.part {
            Part::Leaf(leaf) => text.push_str(leaf),
            Part::List(items) => {
                text.push('[');
                for (place, item) in items.iter().enumerate() {
                    text.push_str(if place > 0 { ", " } else { "" });
                    item.write(text);
                }
                text.push(']');
            }
            Part::Record(entries) => {
                text.push('{');
                for (place, (key, value)) in entries.iter().enumerate() {
                    text.push_str(if place > 0 { ", " } else { "" });
                    text.push_str(&quoted(key));
                    text.push_str(": ");
                    value.write(text);
                }
                text.push('}');
            }
        }
    }
}

impl From<Part> for Fact {
    fn from(part: Part) -> Self {
        Self { place: None, part }
    }
}

/// The item of a list that the first steps of a path name, by id or by place, and how many steps that takes.
/// An id may itself have dots in it.
fn find(items: &[Fact], path: &[String]) -> Option<(usize, usize)> {
    let by_id = (1..=path.len()).find_map(|taken| {
        let id = quoted(&path[..taken].join("."));
        let is_id = |fact: &Fact| matches!(&fact.part, Part::Leaf(leaf) if *leaf == id);
        let named = |item: &Fact| match &item.part {
            Part::Record(entries) => entries.iter().any(|(key, value)| key == "id" && is_id(value)),
            _ => false,
        };
        Some((items.iter().position(named)?, taken))
    });
    by_id.or_else(|| Some((path.first()?.parse().ok().filter(|place| *place < items.len())?, 1)))
}

/// The steps of a dotted path; a step in quotes may have dots in it.
pub fn steps(path: &str) -> Vec<String> {
    let mut steps = vec![String::new()];
    let mut inside = false;
    for letter in path.chars() {
        match letter {
            '"' => inside = !inside,
            '.' if !inside => steps.push(String::new()),
            letter => steps.iter_mut().last().into_iter().for_each(|step| step.push(letter)),
        }
    }
    steps
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The entries of an object, in order, those that stand twice included.
struct Entries<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Entries<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Gather;
        impl<'de> Visitor<'de> for Gather {
            type Value = Entries<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Gather)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(path: &str, value: Option<&str>) -> Result<String, usize> {
        let mut facts =
            Fact::parse(r#"{"sales": [{"id": "S.1", "amount": 1.10}, {"amount": 2}], "partner": {"id": "P"}}"#)
                .expect("JSON");
        facts.change(&steps(path), value.map(|text| Fact::from(Part::Leaf(text.to_owned())))).map(|()| facts.to_json())
    }

    #[test]
    fn numbers_stay_as_they_are_written() {
        let text = r#"{"a": [1.10, 1e3, "x\"y"], "b": {}}"#;
        assert_eq!(Fact::parse(text).expect("JSON").to_json(), text);
    }

    #[test]
    fn a_path_leads_through_records_and_lists_by_id_and_by_place() {
        let rest = r#", "partner": {"id": "P"}}"#;
        let first = r#"{"sales": [{"id": "S.1", "amount": 7}, {"amount": 2}]"#;
        assert_eq!(changed("sales.S.1.amount", Some("7")), Ok(format!("{first}{rest}")));
        assert_eq!(changed("sales.\"S.1\".amount", Some("7")), Ok(format!("{first}{rest}")));
        let second = r#"{"sales": [{"id": "S.1", "amount": 1.10}, {"amount": 2, "note": 7}]"#;
        assert_eq!(changed("sales.1.note", Some("7")), Ok(format!("{second}{rest}")));
        let without = r#"{"sales": [{"id": "S.1", "amount": 1.10}], "partner": {"id": "P"}}"#;
        assert_eq!(changed("sales.1", None), Ok(without.to_owned()));
    }

    #[test]
    fn a_path_that_finds_nothing_says_how_far_it_leads() {
        assert_eq!(changed("sales.S-9.amount", Some("7")), Err(1));
        assert_eq!(changed("deals.D-1.amount", Some("7")), Err(0));
        assert_eq!(changed("partner.id.x", Some("7")), Err(2));
        assert_eq!(changed("partner.name", None), Err(1));
    }
}
