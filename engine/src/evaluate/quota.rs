//! How many rulings of a kind are granted at most: the first ones by date.
//!
//! Subjects are taken in the order of their dates, so that one that the limit refuses uses nothing up.

use super::Evaluator;
use super::bounds::{Bounds, both};
use super::decision::Answer;
use super::judge::{Cause, Judgement, Reason, Settled};
use super::ruling::{Judged, Outcome};
use crate::date::{self, Date};
use crate::facts::{Value, Why};
use crate::model::{Limit, Window};
use crate::value::Decimal;
use bumpalo::collections::Vec as ArenaVec;
use std::collections::HashMap;

/// How many of the reasons for a doubt are told.
const MOST_REASONS: usize = 8;

/// What a limit says of one subject.
#[derive(Clone, Copy, Debug)]
pub struct Quota<'a> {
    /// How many were granted before it.
    have: Value<'a>,
    /// How many may be.
    need: Value<'a>,
    state: Settled<'a>,
}

/// A subject that the requirements alone do not refuse.
struct Entry<'a> {
    at: u32,
    judged: &'a Judged<'a>,
    limit: &'a Limit,
    /// With whom it is counted, where that is known.
    key: Option<String>,
    /// Its date, where that is known.
    on: Option<Date>,
    /// What is not known of the two.
    why: Option<&'a Why<'a>>,
}

/// Those that are counted together, in the order of their dates.
#[derive(Default)]
struct Counted<'a> {
    granted: Vec<Date>,
    perhaps: Vec<(Date, &'a Why<'a>)>,
}

/// A subject of which it is not known where it stands among the others.
struct Loose<'a> {
    at: u32,
    key: Option<String>,
    why: &'a Why<'a>,
}

impl<'a> Evaluator<'a> {
    /// A judgement on the rows at hand that the requirements alone do not refuse, with the limit of the ruling.
    pub fn limited(&self, ruling: u32, limit: &'a Limit, judged: &Judged<'a>) -> Judgement<'a> {
        let judgement = judged.judgement;
        let at = self.combination(&self.model().rulings[ruling as usize].each);
        let Some(Some(quota)) = self.quotas(ruling).get(at as usize) else { return judgement };
        let mut reasons = ArenaVec::with_capacity_in(judgement.reasons.len() + 1, self.arena);
        reasons.extend_from_slice(judgement.reasons);
        reasons.push(Reason {
            cause: Cause::Limit(limit),
            within: None,
            about: None,
            have: Some(quota.have),
            need: Some(quota.need),
            state: quota.state,
        });
        let outcome = match (judgement.outcome, quota.state) {
            (_, Settled::NotMet) => Outcome::Refused,
            (Outcome::Undetermined(a), Settled::Undetermined(b)) => {
                Outcome::Undetermined(both(Some(a), Some(b), self.arena).unwrap_or(a))
            }
            (_, Settled::Undetermined(why)) => Outcome::Undetermined(why),
            (outcome, _) => outcome,
        };
        Judgement { outcome, reasons: reasons.into_bump_slice(), ..judgement }
    }

    /// What the limit of a ruling says of every subject.
    fn quotas(&self, ruling: u32) -> &'a [Option<Quota<'a>>] {
        self.known_today(&self.shared.quotas[ruling as usize], || {
            let at = self.combination(&self.model().rulings[ruling as usize].each);
            let quotas = self.count_all(ruling);
            self.enter(&self.model().rulings[ruling as usize].each, at);
            quotas
        })
    }

    fn count_all(&self, ruling: u32) -> &'a [Option<Quota<'a>>] {
        let all = self.combinations(&self.model().rulings[ruling as usize].each);
        let quotas = self.arena.alloc_slice_fill_with(all as usize, |_| None);
        let (mut entries, mut loose) = (Vec::new(), Vec::new());
        for at in 0..all {
            self.enter(&self.model().rulings[ruling as usize].each, at);
            match self.judged_by_date(ruling) {
                Err(why) => loose.push(Loose { at, key: None, why }),
                Ok(Judged { judgement: Judgement { outcome: Outcome::Refused, .. }, .. }) => {}
                Ok(judged) => {
                    self.stand_for(ruling, judged);
                    entries.extend(judged.ruling.limit.as_ref().map(|limit| judged.by.entry(at, judged, limit)));
                }
            }
        }
        let (mut dated, open): (Vec<_>, Vec<_>) = entries.into_iter().partition(|entry| entry.why.is_none());
        loose.extend(
            open.iter().filter_map(|entry| Some(Loose { at: entry.at, key: entry.key.clone(), why: entry.why? })),
        );
        dated.sort_by_key(|entry| (entry.on, entry.at));
        let mut groups: HashMap<&str, Counted<'a>> = HashMap::new();
        for entry in &dated {
            let (Some(key), Some(on)) = (entry.key.as_deref(), entry.on) else { continue };
            let counted = groups.entry(key).or_default();
            let quota = entry.judged.by.counted_before(entry, on, counted, &loose);
            match (entry.judged.judgement.outcome, quota.state) {
                (_, Settled::NotMet) => {}
                (Outcome::Granted, Settled::Met) => counted.granted.push(on),
                (_, Settled::Undetermined(why)) | (Outcome::Undetermined(why), _) => counted.perhaps.push((on, why)),
                _ => counted.perhaps.push((on, self.undefined("an earlier one still needs approval"))),
            }
            quotas[entry.at as usize] = Some(quota);
        }
        for entry in &open {
            quotas[entry.at as usize] = entry.why.map(|why| entry.judged.by.count_loose(entry, why, &groups, &loose));
        }
        quotas
    }

    /// The subject at hand as the limit sees it.
    fn entry(&self, at: u32, judged: &'a Judged<'a>, limit: &'a Limit) -> Entry<'a> {
        let mut why = None;
        let mut keys = Vec::new();
        for key in &limit.per {
            let value = self.eval(key);
            why = both(why, value.doubt(), self.arena);
            keys.push(Answer::of(self, &key.ty.kind, value));
        }
        let key = why.is_none().then(|| serde_json::to_string(&keys).unwrap_or_default());
        let on = match self.eval(&limit.by) {
            Value::Date(on) => Some(on),
            other => {
                let doubt =
                    other.doubt().unwrap_or_else(|| self.undefined("the date by which it is counted does not exist"));
                why = both(why, Some(doubt), self.arena);
                None
            }
        };
        Entry { at, judged, limit, key, on, why }
    }

    /// What the limit says of a subject, after those of earlier dates.
    fn counted_before(&self, entry: &Entry<'a>, on: Date, counted: &Counted<'a>, loose: &[Loose<'a>]) -> Quota<'a> {
        let need = self.eval(&entry.limit.at_most);
        let (from, doubt) = match self.counted_from(entry.limit, on) {
            Ok(Counts::From(from)) => (from, None),
            Ok(Counts::NotAtAll) => {
                return Quota { have: Value::Number(Decimal::ZERO), need, state: Settled::Met };
            }
            Err(why) => (None, Some(why)),
        };
        let granted = counted.granted.partition_point(|day| from.is_some_and(|from| *day < from));
        let perhaps = counted.perhaps.partition_point(|(day, _)| from.is_some_and(|from| *day < from));
        let (granted, perhaps) = (counted.granted.len() - granted, &counted.perhaps[perhaps..]);
        let near: Vec<_> = loose.iter().filter(|other| other.key.is_none() || other.key == entry.key).collect();
        let low = if doubt.is_some() { 0 } else { granted };
        let whys = perhaps.iter().map(|(_, why)| *why).chain(near.iter().map(|other| other.why)).take(MOST_REASONS);
        let why = whys.fold(doubt, |all, why| both(all, Some(why), self.arena));
        self.quota(low, granted + perhaps.len() + near.len(), why, need)
    }

    /// What the limit says of a subject of which it is not known where it stands.
    fn count_loose(
        &self,
        entry: &Entry<'a>,
        why: &'a Why<'a>,
        groups: &HashMap<&str, Counted<'a>>,
        loose: &[Loose<'a>],
    ) -> Quota<'a> {
        let near = |key: Option<&str>| entry.key.is_none() || key.is_none() || key == entry.key.as_deref();
        let dated = groups.iter().filter(|(key, _)| near(Some(**key)));
        let dated: usize = dated.map(|(_, counted)| counted.granted.len() + counted.perhaps.len()).sum();
        let others = loose.iter().filter(|other| other.at != entry.at && near(other.key.as_deref())).count();
        self.quota(0, dated + others, Some(why), self.eval(&entry.limit.at_most))
    }

    fn quota(&self, low: usize, high: usize, why: Option<&'a Why<'a>>, need: Value<'a>) -> Quota<'a> {
        let (low, high) = (Decimal::from(low), Decimal::from(high));
        let have = Bounds { low: Some(low), high: Some(high), why: why.filter(|_| low != high) };
        let state = match need {
            Value::Number(most) if low >= most => Settled::NotMet,
            Value::Number(most) if high < most => Settled::Met,
            Value::None => Settled::Met,
            other => {
                let why = both(have.why, other.doubt(), self.arena);
                Settled::Undetermined(why.unwrap_or_else(|| self.undefined("the limit is not known")))
            }
        };
        Quota { have: have.value(self.arena), need, state }
    }

    /// The first day of the time over which subjects are counted up to one of `on`.
    fn counted_from(&self, limit: &'a Limit, on: Date) -> Result<Counts, &'a Why<'a>> {
        match &limit.within {
            Window::Ever | Window::PreviousCycle => Ok(Counts::From(None)),
            Window::Cycle => self.cycle_of(on).map(|(from, _)| Counts::From(Some(from))),
            Window::Last(length) => match self.eval(length) {
                Value::Duration(length) => {
                    let edge = length.reversed().and_then(|back| date::shift(on, back));
                    Ok(Counts::From(edge.and_then(|edge| edge.succ_opt())))
                }
                other => Err(other.doubt().unwrap_or_else(|| self.undefined("the window has no length"))),
            },
            Window::Between(..) => {
                let span = self.window(&limit.within)?;
                Ok(if span.holds(on) { Counts::From(span.from) } else { Counts::NotAtAll })
            }
        }
    }
}

/// From when a limit counts.
enum Counts {
    /// From this day on; from the beginning where there is none.
    From(Option<Date>),
    /// The subject lies outside the time of the limit.
    NotAtAll,
}
