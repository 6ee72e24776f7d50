//! How many rulings of a kind are granted at most: the first ones by date.

use super::Evaluator;
use super::bounds::{Bounds, both};
use super::judge::{Cause, Judgement, Reason, Settled};
use super::ruling::{Judged, Outcome};
use super::time::Span;
use crate::date::{self, Date};
use crate::facts::{Value, Why};
use crate::model::{Limit, Window};
use crate::value::Decimal;
use bumpalo::collections::Vec as ArenaVec;

/// A subject as it stands among the others.
#[derive(Clone, Copy)]
struct Place<'a> {
    on: Value<'a>,
    keys: &'a [Value<'a>],
}

/// Whether another subject comes before this one, and is counted together with it.
#[derive(Clone, Copy)]
enum Before<'a> {
    Yes,
    No,
    Unknown(&'a Why<'a>),
}

impl<'a> Evaluator<'a> {
    /// A judgement on the rows at hand that the requirements alone do not refuse, with the limit of the ruling.
    pub fn limited(&self, ruling: u32, limit: &'a Limit, judged: &Judged<'a>) -> Judgement<'a> {
        let each = &self.model().rulings[ruling as usize].each;
        let own_at = self.combination(each);
        let by = judged.by;
        self.stand_for(ruling, judged);
        let own = by.place(limit);
        let (mut low, mut high) = (Decimal::ZERO, Decimal::ZERO);
        let mut why: Option<&'a Why<'a>> = None;
        for at in (0..self.combinations(each)).filter(|at| *at != own_at) {
            self.enter(each, at);
            self.stand_for(ruling, judged);
            let before = by.before(limit, by.place(limit), at, own, own_at);
            if matches!(before, Before::No) {
                continue;
            }
            let (counts, doubt) = match self.judged_by_date(ruling).map(|other| other.judgement.outcome) {
                Ok(Outcome::Refused) => continue,
                Ok(Outcome::Granted) => (true, None),
                Ok(Outcome::NeedsApproval) => (false, Some(self.undefined("an earlier one still needs approval"))),
                Ok(Outcome::Undetermined(why)) | Err(why) => (false, Some(why)),
            };
            high += Decimal::ONE;
            match before {
                Before::Yes if counts => low += Decimal::ONE,
                Before::Unknown(doubt) => why = both(why, Some(doubt), self.arena),
                _ => {}
            }
            why = both(why, doubt, self.arena);
        }
        self.enter(each, own_at);
        let at_most = by.eval(&limit.at_most);
        let bounds = Bounds { low: Some(low), high: Some(high), why: why.filter(|_| low != high) };
        self.within_limit(limit, judged.judgement, bounds, at_most)
    }

    /// The judgement on a subject before which so many others were granted.
    fn within_limit(
        &self,
        limit: &'a Limit,
        judgement: Judgement<'a>,
        earlier: Bounds<'a>,
        at_most: Value<'a>,
    ) -> Judgement<'a> {
        let state = match (at_most, earlier.low, earlier.high) {
            (Value::Number(most), Some(low), _) if low >= most => Settled::NotMet,
            (Value::Number(most), _, Some(high)) if high < most => Settled::Met,
            (Value::None, ..) => Settled::Met,
            (other, ..) => {
                let why = both(earlier.why, other.doubt(), self.arena);
                Settled::Undetermined(why.unwrap_or_else(|| self.undefined("the limit is not known")))
            }
        };
        let mut reasons = ArenaVec::with_capacity_in(judgement.reasons.len() + 1, self.arena);
        reasons.extend_from_slice(judgement.reasons);
        reasons.push(Reason {
            cause: Cause::Limit(limit),
            within: None,
            about: None,
            have: Some(earlier.value(self.arena)),
            need: Some(at_most),
            state,
        });
        let outcome = match (judgement.outcome, state) {
            (_, Settled::NotMet) => Outcome::Refused,
            (Outcome::Undetermined(a), Settled::Undetermined(b)) => {
                Outcome::Undetermined(both(Some(a), Some(b), self.arena).unwrap_or(a))
            }
            (_, Settled::Undetermined(why)) => Outcome::Undetermined(why),
            (outcome, _) => outcome,
        };
        Judgement { outcome, reasons: reasons.into_bump_slice() }
    }

    fn place(&self, limit: &'a Limit) -> Place<'a> {
        let mut keys = ArenaVec::with_capacity_in(limit.per.len(), self.arena);
        keys.extend(limit.per.iter().map(|key| self.eval(key)));
        Place { on: self.eval(&limit.by), keys: keys.into_bump_slice() }
    }

    /// Whether another subject comes before this one and is counted together with it.
    fn before(&self, limit: &'a Limit, other: Place<'a>, at: u32, own: Place<'a>, own_at: u32) -> Before<'a> {
        let mut doubt: Option<&'a Why<'a>> = None;
        for (a, b) in other.keys.iter().zip(own.keys) {
            match both(a.doubt(), b.doubt(), self.arena) {
                Some(why) => doubt = both(doubt, Some(why), self.arena),
                None if a.is(b) => {}
                None => return Before::No,
            }
        }
        match (other.on, own.on) {
            (Value::Date(theirs), Value::Date(ours)) => {
                if (theirs, at) > (ours, own_at) {
                    return Before::No;
                }
                match self.together(limit, theirs, ours) {
                    Ok(true) => {}
                    Ok(false) => return Before::No,
                    Err(why) => doubt = both(doubt, Some(why), self.arena),
                }
            }
            (Value::None, _) | (_, Value::None) => return Before::No,
            (a, b) => {
                let why = both(a.doubt(), b.doubt(), self.arena);
                doubt = both(doubt, why.or(Some(self.undefined("a date is not known"))), self.arena);
            }
        }
        doubt.map_or(Before::Yes, Before::Unknown)
    }

    /// Whether the time over which subjects are counted up to `ours` holds `theirs`.
    fn together(&self, limit: &'a Limit, theirs: Date, ours: Date) -> Result<bool, &'a Why<'a>> {
        match &limit.within {
            Window::Ever | Window::PreviousCycle => Ok(true),
            Window::Cycle => {
                let (from, until) = self.cycle_of(ours)?;
                Ok(Span { from: Some(from), until: Some(until) }.holds(theirs))
            }
            Window::Last(length) => match self.eval(length) {
                Value::Duration(length) => {
                    let edge = length.reversed().and_then(|back| date::shift(ours, back));
                    Ok(edge.is_none_or(|edge| theirs > edge))
                }
                other => Err(other.doubt().unwrap_or_else(|| self.undefined("the window has no length"))),
            },
            Window::Between(..) => {
                let span = self.window(&limit.within)?;
                Ok(span.holds(theirs) && span.holds(ours))
            }
        }
    }
}
