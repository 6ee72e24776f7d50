//! Everything of a rulebook that can be asked for by its id, and who reads whom.

use super::Described;
use super::built_in::BuiltIn;
use super::duty::{exception_id, standing_id};
use super::frame::BENEFITS;
use super::ladder::level_id;
use super::teller::Teller;
use crate::model::node::{Function, Node, Op};
use crate::model::{How, Model, RowsOf};
use crate::rulebook::piece::Language;
use crate::value::DomainId;
use std::collections::{BTreeMap, BTreeSet};

/// The place of something that can be described.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// The frame of the rulebook.
    Frame,
    Parameter(usize),
    Listing(usize),
    Record(usize),
    /// A measure of its own.
    Measure(usize),
    /// A rule with rows, by the first of them.
    MeasureRule(usize),
    Award(usize),
    AwardRow(usize, usize),
    Credit(usize),
    Ladder(usize),
    Ruling(usize),
    Obligation(usize),
    Standing(usize),
    Exception(usize),
    Level(usize, usize),
    /// What is said of all benefits together.
    Benefits,
    Benefit(usize),
    Script(usize),
    BuiltIn(BuiltIn),
}

/// Every id of a rulebook.
pub struct Index {
    items: Vec<(String, Item)>,
    reads: BTreeMap<String, BTreeSet<String>>,
}

/// Every id that can be asked for, in the order of the rulebook.
pub fn ids(model: &Model) -> Vec<String> {
    Index::of(model).items.into_iter().map(|(id, _)| id).collect()
}

impl Index {
    pub fn of(model: &Model) -> Self {
        let teller = Teller::new(model, Language::En);
        let mut items = vec![(super::frame::id(model), Item::Frame)];
        for (place, ladder) in model.ladders.iter().enumerate() {
            items.push((ladder.id.clone(), Item::Ladder(place)));
            let rows = ladder.rows.iter().enumerate();
            items.extend(rows.map(|(row, level)| (level_id(&teller, ladder, level), Item::Level(place, row))));
        }
        for (place, award) in model.awards.iter().enumerate() {
            items.push((award.id.clone(), Item::Award(place)));
            let rows = award.rows.iter().enumerate();
            items.extend(rows.map(|(row, paid)| (paid.rule.clone(), Item::AwardRow(place, row))));
        }
        items.extend(model.credits.iter().enumerate().map(|(place, credit)| (credit.id.clone(), Item::Credit(place))));
        let rulings = model.rulings.iter().enumerate();
        items.extend(rulings.map(|(place, ruling)| (ruling.id.clone(), Item::Ruling(place))));
        let obligations = model.obligations.iter().enumerate();
        items.extend(obligations.map(|(place, obligation)| (obligation.id.clone(), Item::Obligation(place))));
        let standings = model.standings.iter().enumerate();
        items.extend(standings.map(|(place, standing)| (standing_id(standing), Item::Standing(place))));
        let exceptions = model.exceptions.iter().enumerate();
        items.extend(exceptions.map(|(place, exception)| (exception_id(exception), Item::Exception(place))));
        for (place, measure) in model.measures.iter().enumerate() {
            let first = matches!(measure.how, How::Tally(_, 0));
            if measure.rule != measure.name && first {
                items.push((measure.rule.clone(), Item::MeasureRule(place)));
            }
            items.push((measure.name.clone(), Item::Measure(place)));
        }
        let own = model
            .parameters
            .iter()
            .enumerate()
            .filter(|(_, parameter)| parameter.view_of.is_none() && !parameter.name.is_empty());
        items.extend(own.map(|(place, parameter)| (parameter.name.clone(), Item::Parameter(place))));
        for (place, domain) in model.domains.iter().enumerate() {
            let item = match domain.rows {
                RowsOf::Records(_) => Item::Record(place),
                RowsOf::Table(_) | RowsOf::Words(_) => Item::Listing(place),
            };
            items.push((domain.name.clone(), item));
        }
        if model.benefits_source.is_some() || model.benefits_note.is_some() {
            items.push((BENEFITS.to_owned(), Item::Benefits));
        }
        let benefits = model.benefits.iter().enumerate();
        items.extend(benefits.map(|(place, benefit)| (format!("benefits.{}", benefit.id), Item::Benefit(place))));
        items
            .extend(model.scripts.iter().enumerate().map(|(place, script)| (script.name.clone(), Item::Script(place))));
        let reads = items.iter().map(|(id, item)| (id.clone(), reads(model, *item))).collect();
        Self { items, reads }
    }

    /// What `id` means; a benefit, standing or exception may be asked for by its own id alone. What a
    /// rulebook declares goes before a name that every rulebook has.
    pub fn find(&self, id: &str) -> Option<Item> {
        let named = |id: &str| self.items.iter().find(|(known, _)| known == id).map(|(_, item)| *item);
        let sections = ["benefits", "standings", "exceptions"];
        named(id)
            .or_else(|| sections.iter().find_map(|section| named(&format!("{section}.{id}"))))
            .or_else(|| BuiltIn::find(id).map(Item::BuiltIn))
    }

    /// Everything but rows and levels, which are told with their rules.
    pub fn whole(&self) -> impl Iterator<Item = Item> {
        self.items.iter().map(|(_, item)| *item).filter(|item| !matches!(item, Item::AwardRow(..) | Item::Level(..)))
    }

    pub fn describe(&self, model: &Model, language: Language, item: Item) -> Described {
        let teller = Teller::new(model, language);
        let mut described = match item {
            Item::Frame => super::frame::describe(&teller),
            Item::Parameter(place) => teller.describe_parameter(&model.parameters[place]),
            Item::Listing(place) => teller.describe_listing(&model.domains[place]),
            Item::Record(place) => teller
                .describe_record(DomainId(place as u32))
                .unwrap_or_else(|| teller.describe_listing(&model.domains[place])),
            Item::Measure(place) => teller.describe_measure(&model.measures[place]),
            Item::MeasureRule(place) => {
                let rule = &model.measures[place].rule;
                let rows: Vec<_> = model.measures.iter().filter(|measure| measure.rule == *rule).collect();
                let whole = teller.describe_measure_rule(rule, &rows);
                whole.unwrap_or_else(|| teller.describe_measure(&model.measures[place]))
            }
            Item::Award(place) => teller.describe_award(&model.awards[place]),
            Item::AwardRow(place, row) => {
                let award = &model.awards[place];
                teller.describe_award_row(award, row).unwrap_or_else(|| teller.describe_award(award))
            }
            Item::Credit(place) => teller.describe_credit(&model.credits[place]),
            Item::Ladder(place) => teller.describe_ladder(&model.ladders[place]),
            Item::Level(place, row) => {
                let ladder = &model.ladders[place];
                teller.describe_level(ladder, &ladder.rows[row])
            }
            Item::Ruling(place) => teller.describe_ruling(&model.rulings[place]),
            Item::Obligation(place) => teller.describe_obligation(&model.obligations[place]),
            Item::Standing(place) => teller.describe_standing(&model.standings[place]),
            Item::Exception(place) => teller.describe_exception(&model.exceptions[place]),
            Item::Benefits => super::frame::benefits(&teller),
            Item::Benefit(place) => teller.describe_benefit(&model.benefits[place]),
            Item::Script(place) => teller.describe_script(&model.scripts[place]),
            Item::BuiltIn(name) => name.describe(&teller),
        };
        if let Some(reads) = self.reads.get(&described.id) {
            described.reads = reads.iter().filter(|read| **read != described.id).cloned().collect();
        }
        let readers = self.items.iter().filter(|(id, item)| {
            *id != described.id
                && !matches!(item, Item::AwardRow(..) | Item::Level(..))
                && self.reads.get(id).is_some_and(|reads| reads.contains(&described.id))
        });
        described.read_by = readers.map(|(id, _)| id.clone()).collect();
        described
    }
}

/// The ids and fields that something reads.
fn reads(model: &Model, item: Item) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut visit = |node: &Node| node.walk(&mut |part| note(model, part, &mut found));
    match item {
        Item::Frame => {
            model.cycle.iter().for_each(|cycle| cycle.nodes(&mut visit));
            model.modules.iter().for_each(|modules| visit(&modules.earn_once));
        }
        Item::Measure(place) | Item::MeasureRule(place) => match &model.measures[place].how {
            How::Value(node) => visit(node),
            How::Rank(rank) => rank.nodes(&mut visit),
            How::Tally(tally, _) => model.tallies[*tally as usize].nodes(&mut visit),
        },
        Item::Award(place) | Item::AwardRow(place, _) => model.award_nodes(place as u32, &mut visit),
        Item::Credit(place) => {
            let credit = &model.credits[place];
            credit.nodes(&mut visit);
            found.insert(model.domain(credit.domain).name.clone());
            found.extend(credit.each.iter().map(|domain| model.domain(*domain).name.clone()));
        }
        Item::Ladder(place) => model.ladders[place].nodes(&mut visit),
        Item::Level(place, row) => {
            let ladder = &model.ladders[place];
            let row = &ladder.rows[row];
            row.applies.iter().for_each(&mut visit);
            row.requirements.iter().chain(&ladder.requires).for_each(|requirement| requirement.nodes(&mut visit));
        }
        Item::Benefit(place) => model.benefits[place].nodes(&mut visit),
        Item::Ruling(place) => model.rulings[place].nodes(&mut visit),
        Item::Obligation(place) => model.obligations[place].nodes(&mut visit),
        Item::Standing(place) => {
            let standing = &model.standings[place];
            visit(&standing.when);
            standing.effects().for_each(visit);
        }
        Item::Exception(place) => visit(&model.exceptions[place].who),
        Item::Parameter(_)
        | Item::Listing(_)
        | Item::Record(_)
        | Item::Benefits
        | Item::Script(_)
        | Item::BuiltIn(_) => {}
    }
    let tally = match item {
        Item::Measure(place) | Item::MeasureRule(place) => match model.measures[place].how {
            How::Tally(tally, _) => model.tallies.get(tally as usize),
            How::Value(_) | How::Rank(_) => None,
        },
        Item::Award(place) | Item::AwardRow(place, _) => model.tallies.get(model.awards[place].tally as usize),
        _ => None,
    };
    match item {
        Item::Ruling(place) => {
            let ruling = &model.rulings[place];
            let requests = ruling.extended.iter().map(|extended| extended.domain);
            found.extend(ruling.each.iter().copied().chain(requests).map(|domain| model.domain(domain).name.clone()));
        }
        Item::Obligation(place) => {
            found.insert(model.domain(model.obligations[place].domain).name.clone());
        }
        // What an exception sets is told with what it reads, so that it shows in both places.
        Item::Exception(place) => {
            let teller = Teller::new(model, Language::En);
            let sets = model.exceptions[place].sets.iter().map(|(id, _)| match teller.cell_of(*id) {
                Some((ladder, ..)) => ladder.id.clone(),
                None => model.parameter(*id).name.clone(),
            });
            found.extend(sets);
        }
        _ => {}
    }
    found.extend(tally.map(|tally| model.domain(tally.domain).name.clone()));
    found
}

fn note(model: &Model, node: &Node, found: &mut BTreeSet<String>) {
    let field = |domain: DomainId, field: u32| {
        let domain = model.domain(domain);
        let name = match &domain.rows {
            RowsOf::Records(records) => records.fields.get(field as usize).map(|field| field.name.as_str()),
            RowsOf::Table(table) => table.columns.get(field as usize).map(|(name, _)| name.as_str()),
            RowsOf::Words(_) => None,
        };
        name.map_or_else(|| domain.name.clone(), |name| format!("{}.{name}", domain.name))
    };
    let award = |place: u32| model.awards.get(place as usize);
    let name = match &node.op {
        Op::Parameter(id, _) => Some(model.parameter(*id).name.clone()),
        Op::Call(Function::Marginal(id), _) => Some(model.parameter(*id).name.clone()),
        Op::Field(domain, place) | Op::FieldOf(_, domain, place) => Some(field(*domain, *place)),
        Op::Measure(id) | Op::MeasureOf(_, id) => Some(model.measure(*id).name.clone()),
        Op::Points => Some("points".to_owned()),
        Op::AwardRow(place, row) => award(*place).and_then(|a| a.rows.get(*row as usize)).map(|row| row.rule.clone()),
        Op::AwardTotal(place) => award(*place).map(|award| award.id.clone()),
        Op::InForce(id) | Op::Earned(id) => Some(model.ladder(*id).id.clone()),
        Op::Over(over) => Some(model.domain(over.domain).name.clone()),
        Op::Script(id, _) => model.scripts.get(id.0 as usize).map(|script| script.name.clone()),
        Op::Ruling(place, _) => model.rulings.get(*place as usize).map(|ruling| ruling.id.clone()),
        Op::Obligation(place) => model.obligations.get(*place as usize).map(|obligation| obligation.id.clone()),
        Op::Standing => {
            found.extend(model.standings.iter().map(standing_id));
            None
        }
        _ => None,
    };
    found.extend(name.filter(|name| !name.is_empty()));
}
