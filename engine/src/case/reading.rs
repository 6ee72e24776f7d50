//! What a case says about a version's own names: parameters in another reading, measures that are given.

use super::expect::told;
use crate::compile::Version;
use crate::document::{Item, Node};
use crate::finding::{Finding, Findings, code, did_you_mean};
use crate::model::Model;
use crate::model::node::Constant;
use crate::rulebook::piece::{Name, Raw};
use crate::rulebook::shape::{listed, wrong_type};
use crate::value::Kind;

/// The readings that `parameters` ask for: each parameter with the place of the choice.
pub fn readings(version: &Version, parameters: &[(Name, Raw)], findings: &mut Findings) -> Vec<(String, usize)> {
    // Of a version with errors nobody knows which parameters it would have.
    if version.plan.is_none() {
        return Vec::new();
    }
    let mut known = Vec::new();
    if let Some(node) = version.document.as_table().and_then(|table| table.find("parameters")) {
        flatten(node, &mut known);
    }
    let mut readings = Vec::new();
    for (name, Raw(wanted)) in parameters {
        let Some((_, parameter)) = known.iter().find(|(known, _)| *known == name.text) else {
            findings.add(
                Finding::new(
                    &code::UNKNOWN_NAME,
                    name.span,
                    format!("`{}` has no parameter `{}`", version.name, name.text),
                )
                .help_maybe(did_you_mean(&name.text, known.iter().map(|(name, _)| *name))),
            );
            continue;
        };
        let choices = parameter.as_table().and_then(|table| table.find("choices")).and_then(Node::as_list);
        let choices = choices.unwrap_or_default();
        match choices.iter().position(|choice| alike(choice, wanted)) {
            Some(place) => readings.push((name.text.clone(), place)),
            None if choices.is_empty() => findings.add(
                Finding::new(&code::BAD_VALUE, name.span, format!("`{}` has no other readings", name.text))
                    .help("give the parameter `choices` in the rulebook"),
            ),
            None => findings.add(
                Finding::new(
                    &code::BAD_VALUE,
                    wanted.span,
                    format!("{} is no reading of `{}`", told(wanted), name.text),
                )
                .help(format!("the choices are {}", choices.iter().map(told).collect::<Vec<_>>().join(", "))),
            ),
        }
    }
    readings
}

/// All parameters under their headings.
fn flatten<'n>(node: &'n Node, into: &mut Vec<(&'n str, &'n Node)>) {
    let Some(table) = node.as_table() else { return };
    for (name, value) in &table.entries {
        match value.as_table() {
            Some(inner) if inner.find("is").is_none() && inner.find("bands").is_none() => flatten(value, into),
            _ => into.push((&name.text, value)),
        }
    }
}

/// Whether two values say the same, wherever they stand.
fn alike(a: &Node, b: &Node) -> bool {
    match (&a.item, &b.item) {
        (Item::List(a), Item::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(a, b)),
        (Item::Table(a), Item::Table(b)) => {
            a.entries.len() == b.entries.len()
                && a.entries.iter().all(|(name, a)| b.find(&name.text).is_some_and(|b| alike(a, b)))
        }
        (a, b) => a == b,
    }
}

/// The measure called `name`, or the points, with this value; `None` (and a finding) when it cannot be given.
pub fn given(model: &Model, name: &Name, value: &Node, findings: &mut Findings) -> Option<(String, Constant)> {
    let own = model.measures.iter().filter(|measure| measure.each.is_empty());
    let points = (!model.awards.is_empty()).then_some(("points", &Kind::Number));
    let known: Vec<(&str, &Kind)> =
        own.map(|measure| (measure.name.as_str(), &measure.ty.kind)).chain(points).collect();
    let Some((_, kind)) = known.iter().find(|(known, _)| *known == name.text) else {
        let near = did_you_mean(&name.text, known.iter().map(|(name, _)| *name));
        findings.add(
            Finding::new(&code::UNKNOWN_NAME, name.span, format!("there is no measure `{}` to be given", name.text))
                .help("give a fact by its dotted path, or a measure of the partner by its name")
                .help_maybe(near),
        );
        return None;
    };
    let constant = match (kind, &value.item) {
        (kind, Item::Number(number)) if kind.is_numeric() => Constant::Number(*number),
        (Kind::Flag, Item::Flag(flag)) => Constant::Flag(*flag),
        (Kind::Date, Item::Date(date)) => Constant::Date(*date),
        (Kind::Text, Item::Text(text)) => Constant::Text(text.clone()),
        (Kind::Word(words), Item::Text(text)) => match model.words(*words).find(text) {
            Some(word) => Constant::Word(word),
            None => {
                let words = &model.words(*words).words;
                let message = format!("`{text}` is not one of the words of `{}`", name.text);
                findings.add(
                    Finding::new(&code::BAD_VALUE, value.span, message)
                        .help(format!("the words are {}", listed(words))),
                );
                return None;
            }
        },
        (Kind::Flag, _) => return wrong_type(value, "true or false", findings),
        (Kind::Date, _) => return wrong_type(value, "a date", findings),
        (Kind::Text | Kind::Word(_), _) => return wrong_type(value, "text", findings),
        (kind, _) if kind.is_numeric() => return wrong_type(value, "a number", findings),
        _ => return wrong_type(value, "a measure that a case can give", findings),
    };
    Some((name.text.clone(), constant))
}
