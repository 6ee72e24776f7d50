//! Rulings: the answer on the subject at hand, by the version that its date picks.

use super::Evaluator;
use super::gives::Gives;
use super::judge::{Judgement, Reason};
use super::shared::Shared;
use super::validity::Validity;
use crate::compile::within;
use crate::date::Date;
use crate::facts::{Value, Why};
use crate::model::node::Op;
use crate::model::{RowsOf, Ruling, Verdict};

/// The answer on one subject.
#[derive(Clone, Copy)]
pub struct RulingResult<'a> {
    /// Who judged it: the version of the day, or the one that its date picks.
    pub by: &'a Evaluator<'a>,
    /// The ruling.
    pub ruling: &'a Ruling,
    /// What is decided.
    pub outcome: Outcome<'a>,
    /// How every requirement came out.
    pub reasons: &'a [Reason<'a>],
    /// What is given.
    pub gives: Gives<'a>,
    /// From when until when, where the ruling says it.
    pub validity: Option<Validity<'a>>,
    /// The first later day on which what is decided or given may change.
    pub next: Option<Date>,
}

/// What is decided.
#[derive(Clone, Copy, Debug)]
pub enum Outcome<'a> {
    /// Every requirement holds.
    Granted,
    /// One does not.
    Refused,
    /// Somebody must agree.
    NeedsApproval,
    /// It depends on something unknown.
    Undetermined(&'a Why<'a>),
}

impl Outcome<'_> {
    /// The word that a decision uses.
    pub fn word(&self) -> &'static str {
        match self {
            Outcome::Granted => "granted",
            Outcome::Refused => "refused",
            Outcome::NeedsApproval => "needs_approval",
            Outcome::Undetermined(_) => "undetermined",
        }
    }
}

/// Who judges a subject, and what its requirements make of it.
#[derive(Clone, Copy)]
pub struct Judged<'a> {
    /// The version that judges it.
    pub by: &'a Evaluator<'a>,
    /// The ruling, as that version has it.
    pub ruling: &'a Ruling,
    /// What its requirements make of it.
    pub judgement: Judgement<'a>,
}

/// Who judged a subject, what is decided with the limit of the ruling, and what is given.
type Decided<'a> = (&'a Judged<'a>, Judgement<'a>, Gives<'a>);

/// The version that a date picks.
enum Picked<'a> {
    Own,
    /// Another, by its place among those that are known.
    Other(usize),
    None(&'a Why<'a>),
}

impl<'a> Evaluator<'a> {
    /// What a ruling says of the rows at hand.
    pub fn verdict(&self, place: u32, verdict: Verdict) -> Value<'a> {
        let result = self.ruling(place);
        match (verdict, result.outcome) {
            (Verdict::Outcome, Outcome::Granted) => Value::Word(0),
            (Verdict::Outcome, Outcome::Refused) => Value::Word(1),
            (Verdict::Outcome, Outcome::NeedsApproval) => Value::Word(2),
            (Verdict::Outcome, Outcome::Undetermined(why)) => Value::Unknown(why),
            // What may yet be refused may give nothing.
            (_, Outcome::Undetermined(why)) if !result.ruling.gives.is_empty() => Value::Unknown(why),
            (Verdict::Rate, _) => result.gives.rate.unwrap_or(Value::None),
            (Verdict::Amount, _) => {
                let own = self.model().currency.as_deref();
                match (result.gives.amount, result.by.model().currency.as_deref()) {
                    (Some(amount), currency) if currency == own => amount,
                    // What another version gives in its own currency is no amount in this one's.
                    (Some(_), Some(currency)) => Value::Unknown(self.arena.alloc(Why::Rate(currency))),
                    (Some(_), None) => Value::Unknown(self.undefined("an amount has no currency")),
                    (None, _) => Value::None,
                }
            }
        }
    }

    /// The answer of a ruling on the rows at hand.
    pub fn ruling(&self, place: u32) -> &'a RulingResult<'a> {
        let rule = |_| &*self.arena.alloc(self.rule(place));
        match self.shared.rulings.get(self.ruling_place(place)) {
            Some(kept) => self.known(kept, rule),
            None => rule(None),
        }
    }

    /// The place of a ruling's answer for the rows at hand.
    fn ruling_place(&self, place: u32) -> usize {
        let ruling = &self.model().rulings[place as usize];
        (self.shared.ruling_bases[place as usize] + self.combination(&ruling.each)) as usize
    }

    fn rule(&self, place: u32) -> RulingResult<'a> {
        let (decided, turns) = self.turning(|| self.decided(place));
        self.turn(turns);
        let (judged, judgement, gives) = match decided {
            Ok(decided) => decided,
            Err(why) => {
                return RulingResult {
                    by: self.at(self.as_of),
                    ruling: &self.model().rulings[place as usize],
                    outcome: Outcome::Undetermined(why),
                    reasons: &[],
                    gives: Gives::NOTHING,
                    validity: None,
                    next: turns.after(self.as_of),
                };
            }
        };
        let (by, ruling) = (judged.by, judged.ruling);
        let (outcome, reasons, next) = (judgement.outcome, judgement.reasons, turns.after(self.as_of));
        let refused = matches!(outcome, Outcome::Refused);
        let (validity, turns) = by.turning(|| if refused { None } else { by.validity(ruling) });
        self.turn(turns);
        RulingResult { by, ruling, outcome, reasons, gives, validity, next }
    }

    /// What is decided on the rows at hand and what is given; they are at hand for the judge then.
    fn decided(&self, place: u32) -> Result<Decided<'a>, &'a Why<'a>> {
        let judged = self.judged_by_date(place)?;
        let Judged { by, ruling, mut judgement } = *judged;
        if let (Some(limit), false) = (&ruling.limit, matches!(judgement.outcome, Outcome::Refused)) {
            judgement = self.limited(place, limit, judged);
        }
        self.stand_for(place, judged);
        let refused = matches!(judgement.outcome, Outcome::Refused);
        let (gives, turns) = by.turning(|| if refused { Gives::NOTHING } else { by.gives(ruling) });
        self.turn(turns);
        Ok((judged, judgement, gives))
    }

    /// The judgement on the rows at hand, by the version that their date picks; `Err` when none does.
    pub fn judged_by_date(&self, place: u32) -> Result<&'a Judged<'a>, &'a Why<'a>> {
        let judge = || self.judge_by_date(place);
        match self.shared.judgements.get(self.ruling_place(place)) {
            Some(kept) => self.known_today(kept, judge),
            None => judge(),
        }
    }

    fn judge_by_date(&self, place: u32) -> Result<&'a Judged<'a>, &'a Why<'a>> {
        let own = &self.model().rulings[place as usize];
        let (by, ruling) = match self.picked(own) {
            Picked::Own => (self.at(self.as_of), own),
            Picked::None(why) => return Err(why),
            Picked::Other(version) => self.other_ruling(version, own)?,
        };
        let earlier = self.shared.judgements.get(self.ruling_place(place)).and_then(|kept| kept.before(self.as_of));
        let earlier =
            earlier.and_then(|(earlier, _)| earlier.ok()).filter(|earlier| std::ptr::eq(earlier.ruling, ruling));
        let (judgement, turns) = by.turning(|| {
            self.stand(own, by, ruling);
            by.judged(ruling, earlier.map(|earlier| &earlier.judgement))
        });
        self.turn(turns);
        Ok(self.arena.alloc(Judged { by, ruling, judgement }))
    }

    /// The version that the date of the rows at hand picks.
    fn picked(&self, ruling: &'a Ruling) -> Picked<'a> {
        let Some(dated_by) = &ruling.dated_by else { return Picked::Own };
        if self.shared.alone {
            return Picked::Own;
        }
        let told = |text: String| Picked::None(self.arena.alloc(Why::Told(self.arena.alloc_str(&text))));
        if self.is_today(dated_by) && within(self.plan.period, self.as_of) {
            // This version judges as long as it is in force.
            self.turns_on(self.plan.period.1);
            return Picked::Own;
        }
        let day = match self.eval(dated_by) {
            Value::Date(day) => day,
            Value::Unknown(why) => return Picked::None(why),
            _ => {
                let what = match dated_by.op {
                    Op::Field(domain, field) => self.field_path(domain, self.row(domain), field),
                    _ => "the date that picks the rules".to_owned(),
                };
                return told(format!("{what} does not exist"));
            }
        };
        for version in [None].into_iter().chain((0..self.plan.dated.len()).map(Some)) {
            match (self.judges_on(version, day), version) {
                (Ok(true), Some(version)) => return Picked::Other(version),
                (Ok(true), None) => return Picked::Own,
                (Ok(false), _) => {}
                (Err(why), _) => return Picked::None(why),
            }
        }
        told(format!("no version of `{}` is in force on {day}", self.model().program))
    }

    /// The ruling as another version has it.
    fn other_ruling(&self, version: usize, own: &'a Ruling) -> Result<(&'a Evaluator<'a>, &'a Ruling), &'a Why<'a>> {
        let name = &self.plan.dated[version].version;
        let told = |text: String| -> &'a Why<'a> { self.arena.alloc(Why::Told(self.arena.alloc_str(&text))) };
        let Some(by) = self.version(version) else {
            return Err(told(format!("version `{name}` has errors and cannot be used")));
        };
        let Some(ruling) = by.model().rulings.iter().find(|ruling| ruling.id == own.id) else {
            return Err(told(format!("version `{name}` has no ruling `{}`", own.id)));
        };
        let same = |evaluator: &Evaluator<'a>, ruling: &'a Ruling| -> Vec<&'a str> {
            ruling.each.iter().map(|domain| evaluator.model().domain(*domain).name.as_str()).collect()
        };
        if same(self, own) != same(by, ruling) {
            return Err(told(format!("in version `{name}` the ruling `{}` is about something else", own.id)));
        }
        Ok((by, ruling))
    }

    /// The rulings of other versions that this one has not, each with the place of its version and its own.
    pub fn ended_rulings(&self) -> Vec<(usize, &'a Ruling, u32)> {
        if self.shared.alone {
            return Vec::new();
        }
        let own = &self.model().rulings;
        let all = self.plan.dated.iter().enumerate().filter(|(_, known)| known.judges);
        let all = all.filter_map(|(version, known)| Some((version, known.plan.as_deref()?)));
        all.flat_map(|(version, plan)| {
            let rulings = plan.model.rulings.iter().enumerate();
            let ended = rulings
                .filter(|(_, ruling)| ruling.dated_by.is_some() && !own.iter().any(|known| known.id == ruling.id));
            ended.map(move |(place, ruling)| (version, ruling, place as u32))
        })
        .collect()
    }

    /// Whether a record that the ruling is about is dated after the as-of date: it has not happened yet.
    pub fn lies_ahead(&self, ruling: &Ruling) -> bool {
        ruling.each.iter().any(|domain| {
            let happened = self.model().records(*domain).and_then(|records| records.happened);
            matches!(happened.map(|field| self.own_field(*domain, field)), Some(Value::Date(day)) if day > self.as_of)
        })
    }

    /// Whether the date of the rows at hand lies in the days of this version, which `main` knows by its place.
    pub fn is_of_its_days(&self, main: &Evaluator<'a>, version: usize, ruling: &'a Ruling) -> bool {
        match ruling.dated_by.as_ref().map(|dated_by| self.eval(dated_by)) {
            Some(Value::Date(day)) => main.judges_on(Some(version), day).unwrap_or(false),
            _ => false,
        }
    }

    /// The evaluation of another version for the same subject, on the same day.
    pub fn version(&self, place: usize) -> Option<&'a Evaluator<'a>> {
        let dated = &self.plan.dated[place];
        let plan = dated.plan.as_deref()?;
        let first = self.shared.versions[place].get().unwrap_or_else(|| {
            let facts = &*self.arena.alloc(dated.share.of(self.facts, &plan.schema, self.arena));
            let shared = &*self.arena.alloc(Shared::beside(self.shared, plan, facts, self.arena));
            let readings = plan.readings(self.shared.readings, self.arena);
            let first = Self::first(plan, facts, self.arena, readings, shared);
            self.shared.versions[place].set(Some(first));
            first
        });
        Some(first.at(self.as_of))
    }

    /// Puts the rows that are at hand here at hand in the version that judges them.
    fn stand(&self, own: &Ruling, by: &Evaluator<'a>, ruling: &Ruling) {
        if std::ptr::eq(self.plan, by.plan) {
            return;
        }
        for (here, there) in own.each.iter().zip(&ruling.each) {
            let row = match &by.model().domain(*there).rows {
                RowsOf::Records(_) => self.row(*here),
                _ => {
                    // A row of a table goes by its name: another version may have others before it.
                    let name = self.row_name(*here);
                    (0..by.len(*there))
                        .find(|row| by.with_row(*there, *row, || by.row_name(*there)) == name)
                        .unwrap_or(0)
                }
            };
            by.set_row(*there, row);
        }
    }

    /// Puts the rows that are at hand here at hand for whoever judged them.
    pub fn stand_for(&self, place: u32, judged: &Judged<'a>) {
        self.stand(&self.model().rulings[place as usize], judged.by, judged.ruling);
    }
}

impl std::fmt::Debug for RulingResult<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RulingResult")
            .field("ruling", &self.ruling.id)
            .field("outcome", &self.outcome)
            .finish_non_exhaustive()
    }
}
