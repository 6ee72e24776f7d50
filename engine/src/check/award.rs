//! Awards, the modules in which they earn, and the cycle over which points run.

use super::scope::Scope;
use super::tally::Asked;
use super::{Checker, Meaning};
use crate::document::{Item, Node as Written};
use crate::finding::{Finding, code, did_you_mean, nearest};
use crate::model::node::{Constant, Node, Op};
use crate::model::{self, Aggregate, EARN_ONCE, OVER, Start, Window};
use crate::rulebook::piece::{Name, Raw};
use crate::rulebook::rule;
use crate::value::{Duration, Kind, Rounding, Type};

impl Checker<'_> {
    pub(super) fn read_cycle(&mut self) {
        let Some(cycle) = &self.rulebook.cycle else { return };
        let day = cycle.starts.text.split_once('-').and_then(|(month, day)| {
            let (month, day) = (month.parse().ok()?, day.parse().ok()?);
            crate::date::Date::from_ymd_opt(2023, month, day).map(|_| (month, day))
        });
        let starts = match day {
            Some((month, day)) => Some(Start::DayOfYear(month, day)),
            None if cycle.starts.text.starts_with(|c: char| c.is_ascii_digit()) => {
                self.findings.add(
                    Finding::new(
                        &code::BAD_DATE,
                        cycle.starts.span,
                        format!("`{}` is no day of every year", cycle.starts.text),
                    )
                    .help("write month and day, such as `\"01-01\"`"),
                );
                None
            }
            None => {
                let node = self.expression(&cycle.starts, &Scope::default());
                node.and_then(|node| {
                    if node.ty.kind == Kind::Date {
                        return Some(Start::Anniversary(node));
                    }
                    self.mismatch(&Kind::Date, &node);
                    None
                })
            }
        };
        let year = Node::constant(cycle.span, Kind::Duration, Constant::Duration(Duration::months(12)));
        let lasts = match &cycle.lasts {
            Some(Raw(node)) => self.setting(node, &Kind::Duration, "cycle.lasts"),
            None => Some(year),
        };
        if let Some(Node { span, op: Op::Constant(Constant::Duration(duration)), .. }) = &lasts
            && (duration.months < 1 || duration.days != 0)
        {
            self.findings.add(
                Finding::new(&code::BAD_VALUE, *span, format!("a cycle cannot last {duration}"))
                    .help("a cycle lasts whole months or years"),
            );
        }
        let first = match &cycle.first {
            Some(Raw(node)) => self.setting(node, &Kind::Date, "cycle.first").map(Some),
            None => Some(None),
        };
        if let (Some(starts), Some(lasts), Some(first)) = (starts, lasts, first) {
            self.model.cycle = Some(model::Cycle {
                starts,
                lasts,
                first,
                source: cycle.source.clone(),
                note: cycle.note.as_ref().map(|note| note.text.clone()),
            });
        }
    }

    pub(super) fn read_modules(&mut self) {
        if self.model.modules.is_none() {
            return;
        }
        let written = self.rulebook.modules.0.iter().find(|(name, _)| name.text == "earn_once");
        let raw = written.map(|(_, phrase)| {
            let text = phrase.text(crate::rulebook::piece::Language::En).to_owned();
            Raw(Written { span: phrase.span, item: Item::Text(text) })
        });
        let span = self.rulebook.place();
        let node = self.word_setting(raw.as_ref(), "earn_once", &EARN_ONCE, 0, span);
        if let (Some(modules), Some(node)) = (&mut self.model.modules, node) {
            modules.earn_once = node;
        }
    }

    pub(super) fn read_awards(&mut self) {
        for written in &self.rulebook.awards {
            match self.award(written) {
                Some(award) => self.model.awards.push(award),
                None => {
                    // The place of an award is its name; a broken one keeps the others where they are.
                    let broken = model::Award {
                        id: written.id.text.clone(),
                        span: written.id.span,
                        title: None,
                        module: None,
                        category: None,
                        tally: 0,
                        per: None,
                        rounding: Node::constant(written.span, Kind::Flag, Constant::None),
                        over: Node::constant(written.span, Kind::Flag, Constant::None),
                        at_most: None,
                        rows: Vec::new(),
                        source: None,
                        note: None,
                    };
                    self.model.awards.push(broken);
                    self.lost.push(written.id.span);
                }
            }
        }
    }

    fn award(&mut self, written: &rule::Award) -> Option<model::Award> {
        if written.count.is_some() == written.sum.is_some() {
            let finding = match &written.sum {
                Some(sum) => Finding::new(&code::CONFLICTING_KEYS, sum.span, "`count` and `sum` stand together"),
                None if self.was_told("awards", written.span) => return None,
                None => {
                    Finding::new(&code::INCOMPLETE_RULE, written.id.span, "the award has neither `count` nor `sum`")
                }
            };
            self.findings.add(finding.help("`count` pays for each record, `sum` for each block of an amount"));
            return None;
        }
        if written.rows.0.is_empty() {
            if self.was_told("awards", written.span) {
                return None;
            }
            self.findings.add(
                Finding::new(&code::INCOMPLETE_RULE, written.id.span, "the award has no rows, so it pays nothing")
                    .help("write rows = [ { …, points = … } ]"),
            );
            return None;
        }
        let module = match &written.module {
            Some(name) => self.module(name).map(|place| Some((place, name))),
            None => Some(None),
        };
        let within = if self.rulebook.cycle.is_some() { Window::Cycle } else { Window::Ever };
        let asked = Asked {
            rule: &written.id,
            count: written.count.as_ref(),
            aggregate: if written.sum.is_some() { Aggregate::Sum } else { Aggregate::Count },
            value: written.sum.as_ref(),
            each: Vec::new(),
            filter: written.r#where.as_ref(),
            window: within,
            once_per: &written.once_per,
            happened: written.happened.as_ref(),
            effective: written.effective.as_ref(),
            rows: &written.rows,
            module: module.flatten(),
            is_award: true,
            running: false,
        };
        let tally = self.tally(&asked);
        let per = match (&written.per, &tally) {
            (Some(Raw(node)), Some((_, ty))) => {
                self.setting(node, &ty.kind, &format!("awards.{}.per", written.id.text)).map(Some)
            }
            _ => Some(None),
        };
        if let Some(Some(Node { span, op: Op::Constant(Constant::Number(number)), .. })) = &per
            && (number.is_zero() || number.is_sign_negative())
        {
            let finding = Finding::new(&code::BAD_VALUE, *span, "a block is more than 0");
            self.findings
                .add(finding.help("write the amount that earns the points of a row, such as `\"25_000 USD\"`"));
        }
        let span = written.id.span;
        let rounding_words = Rounding::WORDS.map(|(word, _)| word);
        let rounding = self.word_setting(written.rounding.as_ref(), "rounding", &rounding_words, 0, span);
        let over = self.word_setting(written.over.as_ref(), "over", &OVER, 0, span);
        let at_most = match &written.at_most {
            Some(Raw(node)) if node.as_text() == Some("no limit") => Some(None),
            Some(Raw(node)) => {
                self.setting(node, &Kind::Number, &format!("awards.{}.at_most", written.id.text)).map(Some)
            }
            None => Some(None),
        };
        let category = self.category(written.category.as_ref());
        let mut rows = Vec::new();
        let mut whole = true;
        for row in &written.rows.0 {
            let id = super::name::row_id(row).map_or_else(String::new, |id| id.text);
            let rule = format!("{}.{id}", written.id.text);
            let Some(points) = &row.points else {
                whole = false;
                // A column near it was told where it stands.
                let told =
                    |name: &Name| nearest(&name.text, ["points"]).is_some() && !self.names.contains_key(&name.text);
                if row.cells.iter().any(|(name, _)| told(name)) {
                    continue;
                }
                self.findings.add(
                    Finding::new(&code::MISSING_KEY, row.span, "`points` is missing")
                        .help("write `points = …` in the row; `\"unspecified\"` where the guide does not say"),
                );
                continue;
            };
            let Some(points) = self.setting(points, &Kind::Number, &format!("awards.{rule}.points")) else {
                whole = false;
                continue;
            };
            let source = row.source.clone().or_else(|| written.source.clone());
            rows.push(model::AwardRow {
                rule,
                title: row.title.clone(),
                points,
                source,
                note: row.note.as_ref().map(|note| note.text.clone()),
            });
        }
        let module = module?;
        let (tally, _) = tally?;
        let (per, rounding, over) = (per?, rounding?, over?);
        let (at_most, category) = (at_most?, category?);
        if !whole {
            return None;
        }
        let place = self.model.tallies.len() as u32;
        self.model.tallies.push(tally);
        Some(model::Award {
            id: written.id.text.clone(),
            span,
            title: written.title.clone(),
            module: module.map(|(place, _)| place),
            category,
            tally: place,
            per,
            rounding,
            over,
            at_most,
            rows,
            source: written.source.clone(),
            note: written.note.as_ref().map(|note| note.text.clone()),
        })
    }

    /// The heading of an award: a parameter's name, or the heading itself.
    fn category(&mut self, name: Option<&Name>) -> Option<Option<Node>> {
        let Some(name) = name else { return Some(None) };
        if let Some((Meaning::Parameter(_), _)) = self.names.get(&name.text) {
            let written = Written { span: name.span, item: Item::Text(name.text.clone()) };
            return self.setting(&written, &Kind::Text, "category").map(Some);
        }
        let awards = self.rulebook.awards.iter().filter_map(|award| award.category.as_ref());
        if awards.filter(|other| other.text == name.text).count() == 1 {
            // A heading of its own, named nearly as a parameter that holds a heading.
            let holders = self.names.iter().filter(|(_, (meaning, _))| match meaning {
                Meaning::Parameter(id) => self.model.parameter(*id).kind == Kind::Text,
                _ => false,
            });
            if let Some(help) = did_you_mean(&name.text, holders.map(|(name, _)| name.as_str())) {
                let message = format!("`{}` is not the name of a parameter, and no other award has it", name.text);
                self.findings.add(Finding::new(&code::UNKNOWN_NAME, name.span, message).help(help));
                return None;
            }
        }
        Some(Some(Node {
            span: name.span,
            ty: Type::always(Kind::Text),
            op: Op::Constant(Constant::Text(name.text.clone())),
        }))
    }

    fn module(&mut self, name: &Name) -> Option<u32> {
        let known = self.model.modules.as_ref().map(|modules| self.model.words(modules.words).clone());
        let found = known.as_ref().and_then(|words| words.find(&name.text));
        if found.is_none() {
            let words = known.map(|words| words.words).unwrap_or_default();
            self.findings.add(
                Finding::new(&code::UNKNOWN_NAME, name.span, format!("there is no module `{}`", name.text))
                    .help(format!("the modules are {}", crate::rulebook::listed(&words)))
                    .help_maybe(did_you_mean(&name.text, words.iter().map(String::as_str))),
            );
        }
        found
    }
}
