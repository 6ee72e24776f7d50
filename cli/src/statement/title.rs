//! What people call things, and the clauses that they rest on.

use super::Sheet;
use crate::words::fill;
use tierline_engine::model::node::{Node, Op};
use tierline_engine::model::{Key, LadderId, Model, Need, Requirement, RowsOf, What};
use tierline_engine::rulebook::piece::{Phrase, Source};
use tierline_engine::value::DomainId;

impl Sheet<'_> {
    /// What people call a requirement: its title, else that of what it looks at.
    pub fn requirement_title(&self, requirement: &Requirement) -> String {
        if let Some(title) = &requirement.title {
            return self.phrase(title).to_owned();
        }
        let of = requirement.have.as_ref().and_then(|have| self.node_title(have));
        of.unwrap_or_else(|| self.words.term(&requirement.id))
    }

    /// What people call a requirement of a ruling: its title, else that of what it looks at.
    pub fn need_title(&self, need: &Need) -> String {
        if let Some(title) = &need.title {
            return self.phrase(title).to_owned();
        }
        let of = match &need.what {
            What::That { have, .. } => have.as_ref().and_then(|have| self.node_title(have)),
            _ => None,
        };
        of.unwrap_or_else(|| self.words.term(&need.id))
    }

    fn node_title(&self, node: &Node) -> Option<String> {
        let title = match &node.op {
            Op::Points => return Some(self.words.points.to_owned()),
            Op::Measure(id) | Op::MeasureOf(_, id) => self.model.measure(*id).title.as_ref(),
            Op::InForce(id) | Op::Earned(id) => self.model.ladder(*id).title.as_ref(),
            Op::Parameter(id, _) => self.model.parameter(*id).title.as_ref(),
            Op::AwardRow(award, row) => {
                let award = self.model.awards.get(*award as usize)?;
                award.rows.get(*row as usize)?.title.as_ref().or(award.title.as_ref())
            }
            Op::AwardTotal(award) => self.model.awards.get(*award as usize)?.title.as_ref(),
            _ => None,
        };
        title.map(|title| self.phrase(title).to_owned())
    }

    /// What people call a ladder.
    pub fn ladder_title(&self, name: &str) -> String {
        let ladder = self.model.ladders.iter().find(|ladder| ladder.id == name);
        self.titled(ladder.and_then(|ladder| ladder.title.as_ref()), name)
    }

    /// What people call a row of the domain that a rule repeats over; `name` is as the decision has it.
    pub fn row_title(&self, each: &[DomainId], name: &str) -> String {
        let [domain] = each else { return name.to_owned() };
        let title = match &self.model.domain(*domain).rows {
            RowsOf::Records(_) => return name.to_owned(),
            RowsOf::Table(table) => {
                let place = table.ids.iter().position(|id| id == name);
                place.and_then(|place| table.titles.get(place)?.as_ref())
            }
            RowsOf::Words(words) => {
                let words = self.model.words(*words);
                words.find(name).and_then(|place| words.titles.get(place as usize)?.as_ref())
            }
        };
        self.titled(title, name)
    }

    /// Records by their ids; those without any by their places, which people count from one: `sale 1, 3`.
    pub fn records_named(&self, domain: DomainId, names: &[impl AsRef<str>]) -> String {
        let names = names.iter().map(|name| name.as_ref());
        if self.model.records(domain).is_none_or(|records| records.id.is_some()) || names.len() == 0 {
            return names.collect::<Vec<_>>().join(self.words.comma);
        }
        let places = names.map(counted_from_one).collect::<Vec<_>>().join(self.words.comma);
        let record = self.record_title(&self.model.domain(domain).name);
        fill(self.words.place, &[("list", &record), ("number", &places)])
    }

    /// What people call the records of a list, where they have no ids.
    pub fn record_without_id(&self, list: &str) -> Option<String> {
        self.model.domains.iter().find_map(|domain| match &domain.rows {
            RowsOf::Records(records) if records.id.is_none() && records.list.as_deref() == Some(list) => {
                Some(self.record_title(&domain.name))
            }
            _ => None,
        })
    }

    fn record_title(&self, record: &str) -> String {
        self.words.known_term(record).map_or_else(|| record.replace('_', " "), str::to_owned)
    }

    /// What people call the records of a list.
    pub fn record_of_list(&self, list: &str) -> Option<&str> {
        self.model.domains.iter().find_map(|domain| match &domain.rows {
            RowsOf::Records(records) if records.list.as_deref() == Some(list) => {
                Some(self.words.known_term(&domain.name).unwrap_or(&domain.name))
            }
            _ => None,
        })
    }

    /// Whether what is missing would have to be said by the rules.
    pub fn is_of_rules(&self, path: &str) -> bool {
        path.starts_with("parameters.") || path.starts_with("tables.")
    }

    /// What people call what is missing: a parameter by its title and its keys, anything else by its path.
    pub fn wanted(&self, path: &str) -> String {
        let mut steps = path.strip_prefix("parameters.").unwrap_or_default().split('.');
        let name = steps.next().unwrap_or_default();
        let known = [self.model].into_iter().chain(self.others.iter().copied()).find_map(|model| {
            let parameter = model.parameters.iter().find(|parameter| parameter.name == name)?;
            Some((model, parameter))
        });
        let Some((model, parameter, title)) =
            known.and_then(|(model, known)| Some((model, known, known.title.as_ref()?)))
        else {
            return path.to_owned();
        };
        let keys: Vec<String> =
            steps.zip(&parameter.keys).map(|(step, key)| self.key_title(model, key, step)).collect();
        let title = self.phrase(title);
        if keys.is_empty() { title.to_owned() } else { format!("{title} ({})", keys.join(self.words.comma)) }
    }

    fn key_title(&self, model: &Model, key: &Key, step: &str) -> String {
        let Key::Words(words) = key else { return step.to_owned() };
        let words = model.words(*words);
        let title = words.find(step).and_then(|place| words.titles.get(place as usize)?.as_ref());
        self.titled(title, step)
    }

    /// What people call the rule of that name, whatever kind of rule it is.
    pub fn rule_title(&self, rule: &str) -> String {
        let model = self.model;
        if rule == "points" {
            return self.words.points.to_owned();
        }
        let (name, rest) = rule.split_once('.').map_or((rule, None), |(name, rest)| (name, Some(rest)));
        if name == "benefits"
            && let Some(benefit) = model.benefits.iter().find(|benefit| Some(benefit.id.as_str()) == rest)
        {
            return self.titled(benefit.title.as_ref(), &benefit.id);
        }
        if let Some(measure) = model.measures.iter().find(|measure| measure.name == rule) {
            return self.titled(measure.title.as_ref(), rule);
        }
        let rows = model.awards.iter().flat_map(|award| award.rows.iter().map(move |row| (award, row)));
        if let Some((award, row)) = rows.into_iter().find(|(_, row)| row.rule == rule) {
            return self.titled(row.title.as_ref().or(award.title.as_ref()), rule);
        }
        let credits = model.credits.iter().flat_map(|credit| credit.rows.iter().map(move |row| (credit, row)));
        let named = |(_, row): &(_, &tierline_engine::model::CreditRow)| {
            rule == row.rule || rule.strip_prefix(&row.rule).is_some_and(|rest| rest.starts_with('.'))
        };
        if let Some((credit, row)) = credits.into_iter().find(named) {
            let title = self.titled(row.title.as_ref().or(credit.title.as_ref()), &row.rule);
            let partner = rule.strip_prefix(&row.rule).and_then(|rest| rest.strip_prefix('.'));
            return partner.map_or(title.clone(), |partner| format!("{title} ({partner})"));
        }
        if let Some(ruling) = model.rulings.iter().find(|ruling| ruling.id == name) {
            let title = self.titled(ruling.title.as_ref(), name);
            return rest.map_or(title.clone(), |rest| format!("{title} ({})", self.row_title(&ruling.each, rest)));
        }
        if let Some(place) = model.ladders.iter().position(|ladder| ladder.id == name) {
            let title = self.ladder_title(name);
            let each = &model.ladder(LadderId(place as u32)).each;
            return rest.map_or(title.clone(), |rest| format!("{title} ({})", self.row_title(each, rest)));
        }
        self.words.term(rule)
    }

    /// A title, else the id made readable.
    pub fn titled(&self, title: Option<&Phrase>, id: &str) -> String {
        title.map_or_else(|| self.words.term(id), |title| self.phrase(title).to_owned())
    }

    /// The clauses of a source in brackets, the document before them unless it is the default one.
    pub fn clauses(&self, source: Option<&Source>) -> String {
        let Some(source) = source.filter(|source| !source.clauses.is_empty()) else { return String::new() };
        let document = source.document.as_ref().map_or("", |document| document.text.as_str());
        let mut cited = self.cited.borrow_mut();
        if !cited.iter().any(|known| known == document) {
            cited.push(document.to_owned());
        }
        let before = if document.is_empty() { String::new() } else { format!("{document} ") };
        format!("[{before}{}]", source.clauses.join(", "))
    }
}

/// A place counted from one; any other name as it is.
pub fn counted_from_one(name: &str) -> String {
    name.parse::<u32>().map_or_else(|_| name.to_owned(), |place| place.saturating_add(1).to_string())
}
