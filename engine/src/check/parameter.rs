//! Parameters: their kinds, their cells by key, and their values by date.

use super::{Checker, Meaning};
use crate::document::{Item, Name, Node, Table};
use crate::finding::{Finding, code, did_you_mean};
use crate::model::node::Constant;
use crate::model::{self, Bound, Key, ParameterId, RowsOf};
use crate::rulebook::parameter::Parameter;
use crate::source::Span;
use crate::value::Kind;

impl Checker<'_> {
    pub(super) fn read_parameters(&mut self) {
        for (name, parameter) in &self.rulebook.parameters.0 {
            let read = self.parameter(name, parameter).unwrap_or_else(|| {
                if let Some((meaning @ Meaning::Parameter(_), span)) = self.names.get_mut(&name.text)
                    && *span == name.span
                {
                    *meaning = Meaning::Broken;
                }
                bare(name, parameter, Kind::Number)
            });
            self.model.parameters.push(read);
        }
    }

    fn parameter(&mut self, name: &Name, written: &Parameter) -> Option<model::Parameter> {
        let path = format!("parameters.{}", name.text);
        if !written.bands.is_empty() {
            return self.banded(name, written, &path);
        }
        let Some(is) = &written.is else {
            if !self.written.told.iter().any(|told| written.span.holds(*told)) {
                self.findings.add(
                    Finding::new(&code::MISSING_KEY, name.span, format!("the parameter `{}` has no value", name.text))
                        .help("write `is = …`; `\"unspecified\"` where the guide does not say"),
                );
            }
            return None;
        };
        let keys: Vec<Key> = written.by.0.iter().filter_map(|key| self.key(key)).collect();
        if keys.len() != written.by.0.len() {
            return None;
        }
        let kind = match &written.r#type {
            Some(ty) => self.field_kind(&ty.text, ty.span)?,
            None => {
                let values = std::iter::once(&is.0)
                    .chain(written.choices.iter().map(|raw| &raw.0))
                    .chain(written.changes.iter().map(|change| &change.is.0));
                let values: Vec<&Node> = values.flat_map(|node| under(node, keys.len())).collect();
                self.shared_kind(&values)?.unwrap_or(Kind::Number)
            }
        };
        if written.r#type.is_none() && kind == Kind::Text && self.looks_like_quantity(&is.0) {
            return None;
        }
        if let (true, Some(table)) = (keys.is_empty(), is.0.as_table())
            && let Some(by) = self.keyed_by(table)
        {
            let message = format!("`{}` has a cell for each `{by}`, and does not say so", name.text);
            self.findings.add(
                Finding::new(&code::MISSING_KEY, is.0.span, message).help(format!("write `by = \"{by}\"` above it")),
            );
            return None;
        }
        let mut parameter = bare(name, written, kind.clone());
        parameter.cells = self.cells(&is.0, &keys, &kind, &path)?;
        for change in &written.changes {
            let cells = self.cells(&change.is.0, &keys, &kind, &path)?;
            if let Some((before, _)) = parameter.changes.last()
                && *before >= change.from.date
            {
                self.findings.add(
                    Finding::new(&code::BAD_DATE, change.from.span, "the changes are not in order of their days")
                        .help("write the earliest change first"),
                );
            }
            parameter.changes.push((change.from.date, cells));
        }
        for choice in &written.choices {
            let cells = self.cells(&choice.0, &keys, &kind, &path)?;
            parameter.choices.push(cells);
        }
        if !parameter.choices.is_empty() && !parameter.choices.contains(&parameter.cells) {
            self.findings.add(
                Finding::new(&code::BAD_VALUE, is.0.span, "the value is not among its own `choices`")
                    .help("list every reading in `choices`, the one in use too"),
            );
        }
        parameter.keys = keys;
        Some(parameter)
    }

    fn key(&mut self, name: &Name) -> Option<Key> {
        match self.names.get(&name.text).map(|(meaning, _)| *meaning) {
            Some(Meaning::Ladder(ladder)) => return Some(Key::Words(self.model.ladder(ladder).levels)),
            Some(Meaning::Domain(domain)) => match &self.model.domain(domain).rows {
                RowsOf::Words(words) => return Some(Key::Words(*words)),
                RowsOf::Table(_) => return Some(Key::Rows(domain)),
                RowsOf::Records(_) => {}
            },
            Some(Meaning::Broken) => return None,
            _ => {}
        }
        if let (Some(modules), "module") = (&self.model.modules, name.text.as_str()) {
            return Some(Key::Words(modules.words));
        }
        let help = did_you_mean(&name.text, self.names.keys().map(String::as_str));
        self.findings.add(
            Finding::new(&code::UNKNOWN_NAME, name.span, format!("`{}` is no choice, ladder or table", name.text))
                .help_maybe(help),
        );
        None
    }

    /// The words that a key may take.
    pub(super) fn key_words(&self, key: &Key) -> Vec<String> {
        match key {
            Key::Words(words) => self.model.words(*words).words.clone(),
            Key::Rows(domain) => match &self.model.domain(*domain).rows {
                RowsOf::Table(table) => table.ids.clone(),
                _ => Vec::new(),
            },
            Key::Bands(bounds, _) => vec![String::new(); bounds.len()],
        }
    }

    /// The cells under `node`, the last key running fastest.
    pub(super) fn cells(
        &mut self,
        node: &Node,
        keys: &[Key],
        kind: &Kind,
        path: &str,
    ) -> Option<Vec<Option<Constant>>> {
        let Some((key, rest)) = keys.split_first() else {
            return self.value(node, kind, path).map(|constant| vec![Some(constant)]);
        };
        let words = self.key_words(key);
        let Some(table) = node.as_table() else {
            if node.as_text() == Some("unspecified") {
                return self.unspecified_cells(keys, path);
            }
            self.findings.add(
                Finding::new(
                    &code::WRONG_TYPE,
                    node.span,
                    format!("expected a cell for each key, found {}", node.kind()),
                )
                .help(format!("write {{ {} = …, … }}", words.first().map_or("key", String::as_str))),
            );
            return None;
        };
        self.known_keys(table, &words);
        let missing: Vec<String> = words.iter().filter(|word| table.find(word).is_none()).cloned().collect();
        if !missing.is_empty() {
            self.findings.add(
                Finding::new(
                    &code::MISSING_CELL,
                    node.span,
                    format!("there is no cell for {}", crate::rulebook::listed(&missing)),
                )
                .help("give every key a cell; `\"unspecified\"` where the guide does not say")
                .help_maybe(self.below_all(key, &missing)),
            );
            return None;
        }
        let mut cells = Vec::new();
        let mut whole = true;
        for word in &words {
            match table.find(word).and_then(|cell| self.cells(cell, rest, kind, &format!("{path}.{word}"))) {
                Some(under) => cells.extend(under),
                None => whole = false,
            }
        }
        whole.then_some(cells)
    }

    /// The ladder, choice or table whose words are the keys of this table.
    fn keyed_by(&self, table: &Table) -> Option<String> {
        let mut names = self.names.iter();
        let holds = |words: &[String]| table.entries.iter().all(|(name, _)| words.contains(&name.text));
        let found = names.find(|(_, (meaning, _))| match meaning {
            Meaning::Ladder(ladder) => holds(&self.model.words(self.model.ladder(*ladder).levels).words),
            Meaning::Domain(domain) => match &self.model.domain(*domain).rows {
                RowsOf::Words(words) => holds(&self.model.words(*words).words),
                RowsOf::Table(table) => holds(&table.ids),
                RowsOf::Records(_) => false,
            },
            _ => false,
        });
        found.filter(|_| !table.entries.is_empty()).map(|(name, _)| name.clone())
    }

    /// What the cell is for that stands for no level at all.
    fn below_all(&self, key: &Key, missing: &[String]) -> Option<String> {
        let Key::Words(words) = key else { return None };
        let [only] = missing else { return None };
        let list = self.model.words(*words);
        (list.ordered && list.words.first() == Some(only)).then(|| {
            format!("`{only}` is for those below all levels; write `{only} = …`, or `\"unspecified\"` where the guide does not say")
        })
    }

    fn unspecified_cells(&self, keys: &[Key], path: &str) -> Option<Vec<Option<Constant>>> {
        let Some((key, rest)) = keys.split_first() else {
            return Some(vec![Some(Constant::Unspecified(path.to_owned()))]);
        };
        let words = self.key_words(key);
        let under = words.iter().map(|word| self.unspecified_cells(rest, &format!("{path}.{word}")));
        under.collect::<Option<Vec<_>>>().map(|cells| cells.concat())
    }

    fn known_keys(&mut self, table: &Table, words: &[String]) {
        for (name, _) in &table.entries {
            if !words.contains(&name.text) {
                self.findings.add(
                    Finding::new(&code::UNKNOWN_NAME, name.span, format!("`{}` is no key here", name.text))
                        .help(format!("the keys are {}", crate::rulebook::listed(words)))
                        .help_maybe(did_you_mean(&name.text, words.iter().map(String::as_str))),
                );
            }
        }
    }

    fn banded(&mut self, name: &Name, written: &Parameter, path: &str) -> Option<model::Parameter> {
        if let Some(is) = &written.is {
            self.findings.add(
                Finding::new(&code::CONFLICTING_KEYS, is.0.span, "`is` and `bands` stand together")
                    .help("leave one of them out; each band has its own `is`"),
            );
            return None;
        }
        let value_kind = match &written.r#type {
            Some(ty) => self.field_kind(&ty.text, ty.span)?,
            None => {
                let values: Vec<&Node> = written.bands.iter().map(|band| &band.is.0).collect();
                self.shared_kind(&values)?.unwrap_or(Kind::Number)
            }
        };
        let bounds = written.bands.iter().filter_map(|band| band.below.as_ref().or(band.up_to.as_ref()));
        let bounds: Vec<&Node> = bounds.map(|raw| &raw.0).collect();
        if bounds.iter().any(|bound| self.looks_like_quantity(bound)) {
            return None;
        }
        let bound_kind = self.shared_kind(&bounds)?.unwrap_or(Kind::Number);
        let mut bounds = Vec::new();
        let mut cells = Vec::new();
        let mut last: Option<(crate::value::Decimal, Span)> = None;
        for (place, band) in written.bands.iter().enumerate() {
            cells.push(Some(self.value(&band.is.0, &value_kind, &format!("{path}.{place}"))?));
            let (raw, below) = match (&band.below, &band.up_to) {
                (Some(raw), None) => (raw, true),
                (None, Some(raw)) => (raw, false),
                (None, None) if place + 1 == written.bands.len() => {
                    bounds.push(Bound::Open);
                    continue;
                }
                _ if self.written.told.iter().any(|told| band.span.holds(*told)) => return None,
                _ => {
                    self.findings.add(
                        Finding::new(&code::CONFLICTING_KEYS, band.span, "a band has one bound, `below` or `up_to`")
                            .help("only the last band may be left open"),
                    );
                    return None;
                }
            };
            let number = match self.value(&raw.0, &bound_kind, path)? {
                Constant::Number(number) => number,
                Constant::Date(day) => model::day_number(day),
                _ => {
                    let message = "the bound of a band is a number or a day, and known";
                    self.findings.add(Finding::new(&code::BAD_VALUE, raw.0.span, message));
                    return None;
                }
            };
            if let Some((before, span)) = last
                && before >= number
            {
                self.findings.add(
                    Finding::new(&code::BAD_VALUE, raw.0.span, "the bands are not in order")
                        .and(span, "the band before ends here")
                        .help("write the lowest band first"),
                );
            }
            last = Some((number, raw.0.span));
            bounds.push(if below { Bound::Below(number) } else { Bound::UpTo(number) });
        }
        let mut parameter = bare(name, written, value_kind);
        parameter.keys = vec![Key::Bands(bounds, bound_kind)];
        parameter.cells = cells;
        Some(parameter)
    }

    /// The parameter in another kind, for places that say what its words mean.
    pub(super) fn parameter_as(&mut self, id: ParameterId, kind: &Kind) -> Option<ParameterId> {
        if self.model.parameter(id).kind == *kind {
            return Some(id);
        }
        if let Some((_, _, view)) = self.views.iter().find(|(of, as_kind, _)| *of == id && as_kind == kind) {
            return Some(*view);
        }
        let mut view = self.model.parameter(id).clone();
        let span = view.span;
        let cells = view.cells.iter_mut().chain(view.changes.iter_mut().flat_map(|(_, cells)| cells.iter_mut()));
        let constants = cells.chain(view.choices.iter_mut().flatten()).flatten();
        let mut whole = true;
        for constant in constants {
            match self.converted(constant, kind, span) {
                Some(converted) => *constant = converted,
                None => whole = false,
            }
        }
        if !whole {
            return None;
        }
        view.kind = kind.clone();
        view.view_of = Some(id);
        let place = ParameterId(self.model.parameters.len() as u32);
        self.model.parameters.push(view);
        self.views.push((id, kind.clone(), place));
        Some(place)
    }
}

/// The cells under `node`, which has so many keys.
fn under(node: &Node, depth: usize) -> Vec<&Node> {
    match (depth, &node.item) {
        (0, _) => vec![node],
        (_, Item::Table(table)) => table.entries.iter().flat_map(|(_, value)| under(value, depth - 1)).collect(),
        _ => Vec::new(),
    }
}

fn bare(name: &Name, written: &Parameter, kind: Kind) -> model::Parameter {
    model::Parameter {
        name: name.text.clone(),
        span: name.span,
        title: written.title.clone(),
        kind,
        unit: written.unit.as_ref().map(|unit| unit.text.clone()),
        keys: Vec::new(),
        cells: Vec::new(),
        changes: Vec::new(),
        choices: Vec::new(),
        view_of: None,
        source: written.source.clone(),
        note: written.note.as_ref().map(|note| note.text.clone()),
    }
}
