//! From what is written for a field to how its value is drawn, checked against what the field holds.

use super::bound::Anchors;
use super::draw::{Days, Drawn, How};
use super::number::{chance, chance_or, number, skew, steps};
use super::random::Chance;
use super::words::{pattern, set, word, words};
use super::written::WrittenDraw;
use crate::document::{Item, Name, Node};
use crate::facts::{LONGEST_LIST, Reader, Schema};
use crate::finding::{Finding, Findings, code, did_you_mean};
use crate::rulebook::listed;
use crate::rulebook::piece::{Entries, Raw};
use crate::rulebook::shape::{Read, wrong_type};
use crate::value::{Decimal, DomainId};

/// What a value is read with.
pub struct Values<'a> {
    pub schema: &'a Schema,
    /// The names of the kinds of subject.
    pub kinds: &'a [Name],
    /// The lists that stand before, with what they hold.
    pub lists: &'a [(String, DomainId)],
    pub anchors: Anchors<'a>,
    pub findings: &'a mut Findings,
}

impl Values<'_> {
    /// How the value of a field is drawn.
    pub fn value(&mut self, node: &Node, reader: &Reader) -> Option<Drawn> {
        if node.as_table().is_none() {
            return self.literal(node, reader).map(How::always);
        }
        let written = WrittenDraw::read(node, self.findings)?;
        self.belongs(&written)?;
        let how = self.how(&written, reader);
        let absent = chance_or(written.absent.as_ref(), Chance::NEVER, self.findings);
        Some(Drawn { how: how?, absent: absent? })
    }

    /// How many records there are: a number, `[from, to]`, or a draw.
    pub fn count(&mut self, node: &Node) -> Option<Drawn> {
        let drawn = match &node.item {
            Item::Number(_) => {
                let range = Node { span: node.span, item: Item::List(vec![node.clone(), node.clone()]) };
                How::Number(steps(&range, Decimal::ONE, 1, self.findings)?).always()
            }
            Item::List(_) => How::Number(steps(node, Decimal::ONE, 1, self.findings)?).always(),
            _ => {
                let written = WrittenDraw::read(node, self.findings)?;
                self.belongs(&written)?;
                let absent = chance_or(written.absent.as_ref(), Chance::NEVER, self.findings)?;
                let how = match (&written.number, &written.by_kind) {
                    (Some(Raw(range)), _) => number(range, &written, self.findings)?,
                    (_, Some(kinds)) => self.by_kind(kinds, node, &mut |values, node| values.count(node))?,
                    _ => return wrong_type(node, "a number, `[from, to]`, `number` or `by_kind`", self.findings),
                };
                Drawn { how, absent }
            }
        };
        if let How::Number(steps) = &drawn.how {
            let high = steps.low + steps.step * Decimal::from(steps.count - 1);
            let whole = steps.low.fract().is_zero() && steps.step.fract().is_zero();
            if !whole || steps.low.is_sign_negative() || high > Decimal::from(LONGEST_LIST) {
                return wrong_type(node, &format!("whole numbers from 0 to {LONGEST_LIST}"), self.findings);
            }
        }
        Some(drawn)
    }

    fn literal(&mut self, node: &Node, reader: &Reader) -> Option<How> {
        Some(match (reader, &node.item) {
            (Reader::Text | Reader::Reference(_), Item::Text(text)) => return pattern(text, node, self.findings),
            (Reader::Flag, Item::Flag(flag)) => How::Fixed(flag.to_string().into_bytes()),
            (Reader::Date, Item::Date(date)) => How::Day(*date),
            (Reader::Word(..) | Reader::TableRow(_), Item::Text(text)) => {
                let name = Name { text: text.clone(), span: node.span };
                How::Fixed(word(&name, reader, self.schema, self.findings)?)
            }
            (Reader::Count | Reader::Number | Reader::Money(_), Item::Number(number)) => {
                How::Fixed(number.to_string().into_bytes())
            }
            (Reader::Set(of), Item::List(list)) => {
                let words = list.iter().map(|item| {
                    let name = Name::read(item, self.findings)?;
                    Some((Chance::ALWAYS, word(&name, of, self.schema, self.findings)?))
                });
                let words: Vec<_> = words.collect();
                How::Set(words.into_iter().collect::<Option<_>>()?)
            }
            _ => {
                let expected = format!("{}, or a table that says how it is drawn", reader.expected());
                return wrong_type(node, &expected, self.findings);
            }
        })
    }

    fn how(&mut self, written: &WrittenDraw, reader: &Reader) -> Option<How> {
        let textual = matches!(reader, Reader::Text | Reader::Word(..) | Reader::TableRow(_) | Reader::Reference(_));
        let numeric = matches!(reader, Reader::Count | Reader::Number | Reader::Money(_));
        let word = match (written, reader) {
            (WrittenDraw { is: Some(Raw(node)), .. }, _) => return self.literal(node, reader),
            (WrittenDraw { by_kind: Some(kinds), span, .. }, _) => {
                let node = Node { span: *span, item: Item::Flag(true) };
                return self.by_kind(kinds, &node, &mut |values, node| values.value(node, reader));
            }
            (WrittenDraw { words: Some(list), .. }, _) if textual => {
                return words(list, reader, self.schema, self.findings);
            }
            (WrittenDraw { number: Some(Raw(range)), .. }, _) if numeric => {
                return number(range, written, self.findings);
            }
            (WrittenDraw { date: Some(days), .. }, Reader::Date) => return self.days(&days.0, written),
            (WrittenDraw { chance: Some(often), .. }, Reader::Flag) => {
                return chance(often, self.findings).map(How::Flag);
            }
            (WrittenDraw { set: Some(entries), .. }, Reader::Set(of)) => {
                return set(entries, of, self.schema, self.findings);
            }
            (WrittenDraw { of: Some(list), .. }, Reader::Reference(_) | Reader::Text) => {
                return self.reference(list, written, reader);
            }
            _ => self.hows(written).first().copied().unwrap_or("is"),
        };
        let message = format!("`{word}` does not give {}", reader.expected());
        self.findings.add(Finding::new(&code::WRONG_TYPE, written.span, message));
        None
    }

    /// The keys that say how a value is drawn, of those that are there.
    fn hows(&self, written: &WrittenDraw) -> Vec<&'static str> {
        let all = [
            ("is", written.is.is_some()),
            ("words", written.words.is_some()),
            ("number", written.number.is_some()),
            ("date", written.date.is_some()),
            ("chance", written.chance.is_some()),
            ("set", written.set.is_some()),
            ("of", written.of.is_some()),
            ("by_kind", written.by_kind.is_some()),
        ];
        all.into_iter().filter(|(_, there)| *there).map(|(key, _)| key).collect()
    }

    /// Exactly one key says how a value is drawn, and the others belong to it.
    fn belongs(&mut self, written: &WrittenDraw) -> Option<()> {
        let hows = self.hows(written);
        let [how] = hows[..] else {
            let keys = ["is", "words", "number", "date", "chance", "set", "of", "by_kind"];
            let message = if hows.is_empty() {
                "nothing says how the value is drawn".to_owned()
            } else {
                format!("{} exclude each other", listed(&hows))
            };
            let help = format!("write one of {}", listed(&keys));
            self.findings.add(Finding::new(&code::CONFLICTING_KEYS, written.span, message).help(help));
            return None;
        };
        let others: [(&str, bool, &[&str]); 4] = [
            ("step", written.step.is_some(), &["number"]),
            ("skew", written.skew.is_some(), &["number", "date"]),
            ("in_turn", written.in_turn.is_some(), &["of"]),
            ("past", written.past.is_some(), &["date"]),
        ];
        for (key, there, with) in others {
            if there && !with.contains(&how) {
                let message = format!("`{key}` belongs to {}, not to `{how}`", listed(with));
                self.findings.add(Finding::new(&code::CONFLICTING_KEYS, written.span, message));
                return None;
            }
        }
        Some(())
    }

    fn by_kind(
        &mut self,
        entries: &Entries<Raw>,
        node: &Node,
        read: &mut dyn FnMut(&mut Self, &Node) -> Option<Drawn>,
    ) -> Option<How> {
        let names: Vec<&str> = self.kinds.iter().map(|kind| kind.text.as_str()).collect();
        let mut whole = true;
        for (name, _) in entries.0.iter().filter(|(name, _)| !names.contains(&name.text.as_str())) {
            let finding = Finding::new(&code::UNKNOWN_NAME, name.span, format!("there is no kind `{}`", name.text))
                .help(format!("the kinds are {}", listed(&names)))
                .help_maybe(did_you_mean(&name.text, names.iter().copied()));
            self.findings.add(finding);
            whole = false;
        }
        let mut draws = Vec::new();
        for name in names {
            match entries.find(name) {
                Some(Raw(node)) => draws.push(read(self, node)),
                None => {
                    let message = format!("nothing is said for the kind `{name}`");
                    self.findings.add(Finding::new(&code::MISSING_CELL, node.span, message));
                    whole = false;
                }
            }
        }
        let draws = draws.into_iter().collect::<Option<_>>()?;
        whole.then_some(How::ByKind(draws))
    }

    fn days(&mut self, days: &[Name], written: &WrittenDraw) -> Option<How> {
        let [low, high] = days else {
            let message = "a date needs its first and its last day";
            let finding = Finding::new(&code::WRONG_TYPE, written.span, message);
            self.findings.add(finding.help("write [\"as_of - 1 year\", \"as_of\"]"));
            return None;
        };
        let (low, high) = (self.anchors.bound(low, self.findings), self.anchors.bound(high, self.findings));
        let skew = skew(written, self.findings)?;
        Some(How::Date(Days { low: low?, high: high?, skew, past: written.past == Some(true) }))
    }

    fn reference(&mut self, list: &Name, written: &WrittenDraw, reader: &Reader) -> Option<How> {
        let found = self.lists.iter().find(|(known, _)| *known == list.text).map(|(_, of)| *of);
        let fits = |of: &DomainId| !matches!(reader, Reader::Reference(wanted) if wanted != of);
        let Some(of) = found.filter(fits) else {
            let known: Vec<&str> =
                self.lists.iter().filter(|(_, of)| fits(of)).map(|(name, _)| name.as_str()).collect();
            let message = format!("`{}` is no list that stands before and holds what is meant here", list.text);
            let finding = Finding::new(&code::UNKNOWN_NAME, list.span, message)
                .help(format!("the lists are {}", listed(&known)))
                .help_maybe(did_you_mean(&list.text, known.iter().copied()));
            self.findings.add(finding);
            return None;
        };
        Some(How::Reference { of, in_turn: written.in_turn == Some(true) })
    }
}
