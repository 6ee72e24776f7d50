//! Ladders: their levels, what each requires, and when a level changes.

use super::scope::Scope;
use super::{Checker, Meaning};
use crate::document::{Item, Node as Written};
use crate::expression::Operator;
use crate::finding::{Finding, code, did_you_mean};
use crate::model::node::{Constant, Node, Op};
use crate::model::{FALLS, LevelRow, Moment, Requirement, WHEN};
use crate::rulebook::piece::Raw;
use crate::rulebook::row::Row;
use crate::rulebook::rule;
use crate::source::Span;
use crate::value::Kind;

impl Checker<'_> {
    pub(super) fn read_ladders(&mut self) {
        for (place, written) in self.rulebook.ladders.iter().enumerate() {
            let lost = self.ladder(place, written).is_none();
            if lost {
                self.lost.push(written.id.span);
            }
        }
    }

    fn ladder(&mut self, place: usize, written: &rule::Ladder) -> Option<()> {
        let levels = self.model.ladders[place].levels;
        let kind = Kind::Word(levels);
        if written.rows.0.is_empty() && !self.was_told("ladders", written.span) {
            self.findings.add(
                Finding::new(&code::INCOMPLETE_RULE, written.id.span, "the ladder has no levels")
                    .help("write rows = [ { id = … }, … ], the lowest level first"),
            );
        }
        let each = self.each(&written.each)?;
        let scope = Scope::of(self, &each);
        let below = match &written.below {
            Some(Raw(node)) => {
                self.below_misspelt(node, written);
                self.setting(node, &kind, "below")
            }
            None => {
                let none = self.model.words(levels).find("none").unwrap_or(0);
                Some(Node::constant(written.id.span, kind.clone(), Constant::Word(none)))
            }
        };
        let up = self.moment(written.up.as_ref(), written.id.span);
        let down = self.moment(written.down.as_ref(), written.id.span);
        let falls = self.word_setting(written.falls.as_ref(), "falls", &FALLS, 0, written.id.span);
        let carried = self.level_formula(written.carried.as_ref(), &kind, &scope);
        let assigned = self.level_formula(written.assigned.as_ref(), &kind, &scope);
        let mut rows = Vec::new();
        let mut whole = true;
        let mut seen: Vec<(String, Option<String>)> = Vec::new();
        for row in &written.rows.0 {
            match self.level(row, written, &scope, &mut seen) {
                Some(level) => rows.push(level),
                None => whole = false,
            }
        }
        if written.assigned.is_some()
            && let Some(row) = rows.iter().find(|row| !row.requirements.is_empty())
        {
            self.findings.add(
                Finding::new(&code::CONFLICTING_KEYS, row.span, "a level that is assigned has no requirements")
                    .help("leave out `assigned`, or the columns of the rows"),
            );
        }
        let requires: Vec<_> = written.requires.iter().map(|required| self.requirement(required, &scope)).collect();
        let requires = requires.into_iter().collect::<Option<Vec<_>>>();
        self.unique_ids(&written.requires);
        let ladder = crate::model::Ladder {
            id: written.id.text.clone(),
            span: written.id.span,
            title: written.title.clone(),
            each,
            levels,
            below: below?,
            up: up?,
            down: down?,
            falls: falls?,
            carried: carried?,
            assigned: assigned?,
            builds_up: written.builds_up.unwrap_or(false),
            rows,
            requires: requires?,
            source: written.source.clone(),
            note: written.note.as_ref().map(|note| note.text.clone()),
        };
        whole.then(|| self.model.ladders[place] = ladder)
    }

    /// A finding when the word under all levels looks like a slip for a parameter, a row or `none`:
    /// it would quietly be one more level.
    fn below_misspelt(&mut self, node: &Written, written: &rule::Ladder) {
        let Some(text) = node.as_text().filter(|text| !self.names.contains_key(*text)) else { return };
        let rows = || written.rows.0.iter().filter_map(|row| row.id.as_ref()).map(|id| id.text.as_str());
        if text == "none" || rows().any(|id| id == text) {
            return;
        }
        let parameters = self.names.iter().filter(|(_, (meaning, _))| matches!(meaning, Meaning::Parameter(_)));
        let near = parameters.map(|(name, _)| name.as_str()).chain(rows()).chain(["none"]);
        if let Some(help) = did_you_mean(text, near) {
            let message = format!("`{text}` is neither `none`, nor a level of the ladder, nor the name of a parameter");
            self.findings.add(Finding::new(&code::UNKNOWN_NAME, node.span, message).help(help));
        }
    }

    fn level_formula(
        &mut self,
        formula: Option<&crate::rulebook::piece::Formula>,
        kind: &Kind,
        scope: &Scope,
    ) -> Option<Option<Node>> {
        let Some(formula) = formula else { return Some(None) };
        let node = self.expression(formula, scope)?;
        let node = self.coerce(node, kind)?;
        self.must_exist(&node)?;
        Some(Some(node))
    }

    fn level(
        &mut self,
        row: &Row,
        written: &rule::Ladder,
        scope: &Scope,
        seen: &mut Vec<(String, Option<String>)>,
    ) -> Option<LevelRow> {
        let Some(id) = &row.id else {
            self.findings.add(
                Finding::new(&code::MISSING_KEY, row.span, "the row has no `id`").help("the id of a row is its level"),
            );
            return None;
        };
        let via = row.via.as_ref().map(|via| via.text.clone());
        if seen.contains(&(id.text.clone(), via.clone())) {
            self.findings.add(
                Finding::new(&code::DUPLICATE_ID, id.span, format!("the ladder has two rows `{}`", id.text))
                    .help("another way to the same level has a name of its own, `via`"),
            );
        }
        seen.push((id.text.clone(), via.clone()));
        let levels = self.model.ladders.iter().find(|ladder| ladder.id == written.id.text)?.levels;
        let level = self.model.words(levels).find(&id.text)?;
        let path = format!("ladders.{}.{}", written.id.text, id.text);
        let mut cells = row.clone();
        if let Some(points) = cells.points.take() {
            let name = crate::document::Name { text: "points".to_owned(), span: points.span };
            cells.cells.insert(0, (name, points));
        }
        let source = row.source.clone().or_else(|| written.source.clone());
        let (applies, requirements) = self.row_requirements(&cells, scope, &path, source.as_ref())?;
        let note = row.note.as_ref().map(|note| note.text.clone());
        Some(LevelRow { level, via, applies, requirements, source, span: row.span, note })
    }

    /// What the cells of a row state: for whom it is, and a requirement for each other column.
    pub(super) fn row_requirements(
        &mut self,
        row: &Row,
        scope: &Scope,
        path: &str,
        source: Option<&crate::rulebook::piece::Source>,
    ) -> Option<(Vec<Node>, Vec<Requirement>)> {
        let when = self.maybe_condition(row.when.as_ref(), scope);
        let unless = self.maybe_condition(row.unless.as_ref(), scope);
        let tests = self.tests(row, scope, path)?;
        let (when, unless) = (when?, unless?);
        let requirement = |(name, test): (crate::document::Name, super::cell::Test)| Requirement {
            id: name.text,
            span: test.that.span,
            title: None,
            when: None,
            unless: unless.clone(),
            compares: compared(&test.that, test.have.as_ref(), test.need.as_ref()),
            that: test.that,
            have: test.have,
            need: test.need,
            otherwise: None,
            from: None,
            until: None,
            source: source.cloned(),
            note: None,
        };
        let (selecting, asking): (Vec<_>, Vec<_>) = tests.into_iter().partition(|(_, test)| test.selects);
        let applies = selecting.into_iter().map(|(_, test)| test.that).chain(when).collect();
        Some((applies, asking.into_iter().map(requirement).collect()))
    }

    /// A requirement that is written out.
    pub(super) fn requirement(&mut self, written: &rule::Requirement, scope: &Scope) -> Option<Requirement> {
        self.check_period(written.effective.as_ref());
        let when = self.maybe_condition(written.when.as_ref(), scope);
        let unless = self.maybe_condition(written.unless.as_ref(), scope);
        let inner = self.where_so(written.when.as_ref(), true, scope);
        let inner = self.where_so(written.unless.as_ref(), false, &inner);
        let that = self.condition(&written.that, &inner)?;
        let (have, need) = match &that.op {
            Op::Compare(Operator::AtLeast | Operator::More, a, b) => (Some((**a).clone()), Some((**b).clone())),
            Op::Compare(Operator::AtMost | Operator::Less, a, b) => (Some((**a).clone()), Some((**b).clone())),
            Op::In(item, set) if !matches!(item.op, Op::Constant(_)) => (Some((**item).clone()), Some((**set).clone())),
            _ => (None, None),
        };
        Some(Requirement {
            id: written.id.text.clone(),
            span: written.id.span,
            title: written.title.clone(),
            when: when?,
            unless: unless?,
            compares: compared(&that, have.as_ref(), need.as_ref()),
            that,
            have,
            need,
            otherwise: written.otherwise.clone(),
            from: written.effective.as_ref().and_then(|period| period.from).map(|day| day.date),
            until: written.effective.as_ref().and_then(|period| period.until).map(|day| day.date),
            source: written.source.clone(),
            note: written.note.as_ref().map(|note| note.text.clone()),
        })
    }

    pub(super) fn unique_ids(&mut self, requirements: &[rule::Requirement]) {
        for (place, requirement) in requirements.iter().enumerate() {
            if let Some(first) = requirements[..place].iter().find(|other| other.id.text == requirement.id.text) {
                self.findings.add(
                    Finding::new(
                        &code::DUPLICATE_ID,
                        requirement.id.span,
                        format!("the rule has two requirements `{}`", requirement.id.text),
                    )
                    .and(first.id.span, "the first is here"),
                );
            }
        }
    }

    fn moment(&mut self, raw: Option<&Raw>, span: Span) -> Option<Moment> {
        let Some(Raw(Written { item: Item::List(list), .. })) = raw else {
            return self.word_setting(raw, "when", &WHEN, 0, span).map(Moment::Word);
        };
        let mut days = Vec::new();
        for node in list {
            let day = node.as_text().and_then(|text| text.split_once('-')).and_then(|(month, day)| {
                let (month, day) = (month.parse().ok()?, day.parse().ok()?);
                crate::date::Date::from_ymd_opt(2023, month, day).map(|_| (month, day))
            });
            match day {
                Some(day) => days.push(day),
                None => {
                    self.findings.add(
                        Finding::new(&code::BAD_DATE, node.span, "this is no day of every year")
                            .help("write month and day, such as `\"03-01\"`"),
                    );
                    return None;
                }
            }
        }
        days.sort_unstable();
        Some(Moment::DaysOfYear(days))
    }
}

/// How a requirement compares what is there with what is needed, if that is all that it asks. A comparison with
/// the day turns by itself, and one with a level goes by all that it may be: they are left to the expression.
fn compared(that: &Node, have: Option<&Node>, need: Option<&Node>) -> Option<Operator> {
    let Op::Compare(operator, a, b) = &that.op else { return None };
    let plain = |node: &Node, of: Option<&Node>| {
        !matches!(node.op, Op::AsOf | Op::InForce(_) | Op::Earned(_)) && of == Some(node)
    };
    let all = operator.is_order() && plain(a, have) && plain(b, need);
    all.then_some(*operator)
}
