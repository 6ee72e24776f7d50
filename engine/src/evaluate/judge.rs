//! Requirements of a ruling: how every one came out, and what they make together.

use super::bounds::both;
use super::possible::Possible;
use super::ruling::Outcome;
use super::truth::Truth;
use super::turn::Turns;
use super::{Evaluator, Failure, MOST_COMBINATIONS};
use crate::facts::{Arena, Presence, Value, Why};
use crate::model::node::{Node, Op};
use crate::model::{Need, Ruling, What};
use crate::value::DomainId;
use bumpalo::collections::Vec as ArenaVec;

/// What a ruling's requirements make of a subject.
#[derive(Clone, Copy, Debug)]
pub struct Judgement<'a> {
    /// What is decided.
    pub outcome: Outcome<'a>,
    /// How every requirement came out.
    pub reasons: &'a [Reason<'a>],
    /// What is known of each requirement that stands in no other.
    pub(super) known: &'a [Known<'a>],
}

/// What is known of a requirement and of all that stand in it. It stays so until something of that turns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known<'a> {
    need: &'a Need,
    /// How it may come out, for each row of what it is repeated for.
    ways: &'a [Possible],
    /// What each depends on that is not known.
    whys: &'a [Option<&'a Why<'a>>],
    /// Whether there may be more of them.
    more: bool,
    /// Where its reasons begin, and how many it has.
    reasons: (usize, usize),
    /// When any of that turns.
    turns: Turns,
}

/// A requirement and how it came out.
#[derive(Clone, Copy, Debug)]
pub struct Reason<'a> {
    /// What was required: written out, or that no more are granted than may be.
    pub cause: Cause<'a>,
    /// The requirement that it stands in.
    pub within: Option<&'a str>,
    /// The row that it is about, where there is one for each.
    pub about: Option<&'a str>,
    /// What is there.
    pub have: Option<Value<'a>>,
    /// What is needed.
    pub need: Option<Value<'a>>,
    /// How it came out.
    pub state: Settled<'a>,
}

impl Reason<'_> {
    /// Whether it is about the subject of the ruling itself.
    pub fn is_plain(&self) -> bool {
        self.within.is_none() && self.about.is_none()
    }
}

/// What was required.
#[derive(Clone, Copy, Debug)]
pub enum Cause<'a> {
    /// A requirement that is written out.
    Need(&'a Need),
    /// The limit of the ruling.
    Limit(&'a crate::model::Limit),
}

impl<'a> Cause<'a> {
    /// Its name within the ruling.
    pub fn id(&self) -> &'a str {
        match self {
            Cause::Need(need) => &need.id,
            Cause::Limit(_) => "limit",
        }
    }
}

/// How a requirement came out.
#[derive(Clone, Copy, Debug)]
pub enum Settled<'a> {
    /// It holds.
    Met,
    /// It does not hold.
    NotMet,
    /// It need not hold.
    Waived,
    /// Somebody must agree.
    Asked,
    /// It depends on something unknown.
    Undetermined(&'a Why<'a>),
}

impl Settled<'_> {
    /// The word that a decision uses.
    pub fn word(&self) -> &'static str {
        match self {
            Settled::Met => "met",
            Settled::NotMet => "not_met",
            Settled::Waived => "waived",
            Settled::Asked => "asked",
            Settled::Undetermined(_) => "undetermined",
        }
    }
}

/// Requirements that stand together, as they come out one after the other.
struct Group<'a> {
    /// The requirement that they stand in.
    within: Option<&'a str>,
    /// How each may come out.
    ways: ArenaVec<'a, Possible>,
    /// What each depends on that is not known.
    whys: ArenaVec<'a, Option<&'a Why<'a>>>,
    /// Whether there may be more of them, because a list was not told.
    more: bool,
}

impl Known<'_> {
    fn is_of(&self, need: &Need) -> bool {
        std::ptr::eq(self.need, need)
    }
}

impl<'a> Group<'a> {
    /// None of so many so far.
    fn of(needs: usize, within: Option<&'a str>, arena: &'a Arena) -> Self {
        let (ways, whys) = (ArenaVec::with_capacity_in(needs, arena), ArenaVec::with_capacity_in(needs, arena));
        Self { within, ways, whys, more: false }
    }

    fn add(&mut self, ways: Possible, why: Option<&'a Why<'a>>) {
        self.ways.push(ways);
        self.whys.push(why);
    }

    /// What it depends on whether all hold: one that can only hold, or not apply, is in nobody's way.
    fn why_all(&self, arena: &'a Arena) -> Option<&'a Why<'a>> {
        let open = self.ways.iter().zip(&self.whys).filter(|(ways, _)| !ways.is_free());
        open.fold(None, |all, (_, why)| both(all, *why, arena))
    }

    /// What it depends on how many hold.
    fn why_counted(&self, arena: &'a Arena) -> Option<&'a Why<'a>> {
        self.whys.iter().fold(None, |all, why| both(all, *why, arena))
    }
}

impl<'a> Evaluator<'a> {
    /// What the requirements of a ruling make of the rows at hand; what an earlier day `knew` of one and has not
    /// turned since is taken from it.
    pub fn judged(&self, ruling: &'a Ruling, knew: Option<&Judgement<'a>>) -> Judgement<'a> {
        let needs = &ruling.requires;
        let mut reasons = ArenaVec::with_capacity_in(needs.len(), self.arena);
        let mut known = ArenaVec::with_capacity_in(needs.len(), self.arena);
        let mut group = Group::of(needs.len(), None, self.arena);
        for need in needs.iter().filter(|need| self.applies_on(need.from, need.until)) {
            let earlier = knew.and_then(|knew| Some((knew, knew.known.iter().find(|known| known.is_of(need))?)));
            let at = reasons.len();
            let own = match earlier.filter(|(_, earlier)| earlier.turns.not_by(self.as_of)) {
                Some((knew, earlier)) => {
                    self.turn(earlier.turns);
                    let (from, count) = earlier.reasons;
                    reasons.extend_from_slice_copy(&knew.reasons[from..from + count]);
                    Known { reasons: (at, count), ..*earlier }
                }
                None => self.judge_known(need, &mut reasons),
            };
            group.ways.extend_from_slice_copy(own.ways);
            group.whys.extend_from_slice_copy(own.whys);
            group.more |= own.more;
            known.push(own);
        }
        let all = Possible::all(&group.ways);
        let outcome = match (all.met, all.asked, all.not_met) {
            (true, false, false) => Outcome::Granted,
            (false, true, false) => Outcome::NeedsApproval,
            (false, false, true) => Outcome::Refused,
            _ => Outcome::Undetermined(self.because(group.why_all(self.arena))),
        };
        Judgement { outcome, reasons: reasons.into_bump_slice(), known: known.into_bump_slice() }
    }

    /// Judges a requirement that stands in no other, and says when any of that turns.
    fn judge_known(&self, need: &'a Need, reasons: &mut ArenaVec<'a, Reason<'a>>) -> Known<'a> {
        let at = reasons.len();
        let mut group = Group::of(1, None, self.arena);
        let ((), turns) = self.turning(|| self.judge_each(need, &need.each, &mut group, reasons));
        self.turn(turns);
        let Group { ways, whys, more, .. } = group;
        let (ways, whys) = (ways.into_bump_slice(), whys.into_bump_slice());
        Known { need, ways, whys, more, reasons: (at, reasons.len() - at), turns }
    }

    fn because(&self, why: Option<&'a Why<'a>>) -> &'a Why<'a> {
        why.unwrap_or_else(|| self.undefined("a requirement is not known"))
    }

    fn judge_all(
        &self,
        needs: &'a [Need],
        within: Option<&'a str>,
        reasons: &mut ArenaVec<'a, Reason<'a>>,
    ) -> Group<'a> {
        let mut group = Group::of(needs.len(), within, self.arena);
        for need in needs {
            if self.applies_on(need.from, need.until) {
                self.judge_each(need, &need.each, &mut group, reasons);
            }
        }
        group
    }

    /// Judges a requirement for every row of what it is repeated for.
    fn judge_each(
        &self,
        need: &'a Need,
        each: &'a [(DomainId, Option<DomainId>)],
        group: &mut Group<'a>,
        reasons: &mut ArenaVec<'a, Reason<'a>>,
    ) {
        let Some(((domain, inside), rest)) = each.split_first() else {
            self.judge_need(need, group, reasons);
            return;
        };
        let presence = self.each_row(*domain, *inside, &mut |_| {
            self.judge_each(need, rest, group, reasons);
            true
        });
        if presence == Presence::Unknown && !self.settled_without(need, *domain, group, reasons) {
            // There may be more of them, and nobody knows how they come out.
            let why = self.list_unknown(*domain, *inside);
            let any = Possible { met: true, asked: true, not_met: true, absent: true };
            group.add(any, Some(why));
            group.more = true;
            reasons.push(Reason {
                cause: Cause::Need(need),
                within: group.within,
                about: None,
                have: None,
                need: None,
                state: Settled::Undetermined(why),
            });
        }
    }

    /// Whether a requirement for each row of a list that was not told is settled by what says nothing of the rows:
    /// then it does not apply, or is waived, whatever they are.
    fn settled_without(
        &self,
        need: &'a Need,
        list: DomainId,
        group: &Group<'a>,
        reasons: &mut ArenaVec<'a, Reason<'a>>,
    ) -> bool {
        let holds = |condition: &'a Option<Node>| {
            let plain = condition.as_ref().filter(|node| !self.speaks_of(node, list));
            plain.map(|node| self.truth(node))
        };
        if matches!(holds(&need.when), Some(Truth::False)) {
            return true;
        }
        let applies = need.when.is_none() || matches!(holds(&need.when), Some(Truth::True));
        let waived = applies && matches!(holds(&need.unless), Some(Truth::True));
        if waived {
            let (cause, within, state) = (Cause::Need(need), group.within, Settled::Waived);
            reasons.push(Reason { cause, within, about: None, have: None, need: None, state });
        }
        waived
    }

    /// Whether an expression reads the row of a domain that is at hand.
    fn speaks_of(&self, node: &Node, domain: DomainId) -> bool {
        let mut speaks = false;
        node.walk(&mut |part| {
            speaks |= match &part.op {
                Op::Field(of, _) | Op::Row(of) => *of == domain,
                Op::Measure(id) => self.model().measure(*id).each.contains(&domain),
                Op::Over(over) => over.inside == Some(domain),
                Op::InForce(id) | Op::Earned(id) => self.model().ladder(*id).each.contains(&domain),
                _ => false,
            };
        });
        speaks
    }

    fn judge_need(&self, need: &'a Need, group: &mut Group<'a>, reasons: &mut ArenaVec<'a, Reason<'a>>) {
        let when = need.when.as_ref().map_or(Truth::True, |when| self.truth(when));
        if matches!(when, Truth::False) {
            return;
        }
        if !self.may_judge_more() {
            return;
        }
        let at = reasons.len();
        reasons.push(Reason {
            cause: Cause::Need(need),
            within: group.within,
            about: self.row_names(&need.each),
            have: None,
            need: None,
            state: Settled::Met,
        });
        let (mut ways, mut why) = self.require(need, at, reasons);
        let unless = need.unless.as_ref().map_or(Truth::False, |unless| self.truth(unless));
        match unless {
            Truth::True => (ways, why) = (Possible::MET, None),
            Truth::Unknown(doubt) if !ways.is_free() => {
                ways = ways.or(Possible::MET);
                why = both(why, Some(doubt), self.arena);
            }
            _ => {}
        }
        if let Truth::Unknown(doubt) = when {
            ways = ways.or_absent();
            why = both(why, Some(doubt), self.arena);
        }
        reasons[at].state = match (unless, ways) {
            (Truth::True, _) => Settled::Waived,
            (_, ways) if ways.is_free() => Settled::Met,
            (_, Possible::ASKED) => Settled::Asked,
            (_, Possible::NOT_MET) => Settled::NotMet,
            _ => Settled::Undetermined(self.because(why)),
        };
        group.add(ways, why);
    }

    /// Counts one more requirement; there is no answer where there are too many, all subjects and days together.
    fn may_judge_more(&self) -> bool {
        let judged = self.shared.reasons.get();
        if judged >= MOST_COMBINATIONS {
            self.fail(Failure::TooManyCombinations);
            return false;
        }
        self.shared.reasons.set(judged + 1);
        true
    }

    /// How what is required may come out, its `when` and `unless` left aside.
    fn require(
        &self,
        need: &'a Need,
        at: usize,
        reasons: &mut ArenaVec<'a, Reason<'a>>,
    ) -> (Possible, Option<&'a Why<'a>>) {
        match &need.what {
            What::Asks(_) => (Possible::ASKED, None),
            What::That { that, have, need } => {
                let sides = [have, need].map(|side| side.as_ref().map(|side| (side, self.is_made_of_today(side))));
                let told = sides.map(|side| side.map(|(side, today)| self.side(side, today && reasons[at].is_plain())));
                [reasons[at].have, reasons[at].need] = told;
                let holds = match (&that.op, sides, told) {
                    // Both sides are there already.
                    (&Op::Compare(operator, ..), [Some((a, false)), Some((b, false))], [Some(have), Some(need)])
                        if ![a, b].iter().any(|side| matches!(side.op, Op::InForce(_) | Op::Earned(_))) =>
                    {
                        self.compares(operator, have, need)
                    }
                    _ => self.truth(that),
                };
                match holds {
                    Truth::True => (Possible::MET, None),
                    Truth::False => (Possible::NOT_MET, None),
                    Truth::Unknown(why) => (Possible::MET.or(Possible::NOT_MET), Some(why)),
                }
            }
            What::All(members) => {
                let group = self.judge_all(members, Some(&need.id), reasons);
                (Possible::all(&group.ways), group.why_all(self.arena))
            }
            What::Any(members) => {
                let group = self.judge_all(members, Some(&need.id), reasons);
                (Possible::at_least(1, &group.ways, group.more), group.why_counted(self.arena))
            }
            What::AtLeast(number, members) => {
                let group = self.judge_all(members, Some(&need.id), reasons);
                self.so_many(number, group, at, reasons)
            }
        }
    }

    /// What is there or what is needed. What is told of `today` is told anew on every day, and decides nothing.
    fn side(&self, side: &'a Node, today: bool) -> Value<'a> {
        if today { self.turning(|| self.eval(side)).0 } else { self.eval(side) }
    }

    /// How it may come out that so many of several must hold.
    fn so_many(
        &self,
        number: &'a crate::model::node::Node,
        group: Group<'a>,
        at: usize,
        reasons: &mut ArenaVec<'a, Reason<'a>>,
    ) -> (Possible, Option<&'a Why<'a>>) {
        use rust_decimal::prelude::ToPrimitive;
        let needed = self.eval(number);
        let count = |test: &dyn Fn(&Possible) -> bool| group.ways.iter().filter(|ways| test(ways)).count();
        let (low, high) = (count(&|ways| *ways == Possible::MET), count(&|ways| ways.met));
        let why = group.why_counted(self.arena);
        let (low, high) = (Some(low.into()), (!group.more).then(|| high.into()));
        reasons[at].have =
            Some(super::bounds::Bounds { low, high, why: why.filter(|_| low != high) }.value(self.arena));
        reasons[at].need = Some(needed);
        match needed {
            Value::Number(number) => {
                let number = number.ceil().to_usize().unwrap_or(usize::MAX);
                (Possible::at_least(number, &group.ways, group.more), why)
            }
            other => {
                let doubt = other.doubt().unwrap_or_else(|| self.undefined("it is not known how many must hold"));
                let any = (1..=group.ways.len() + 1).map(|number| Possible::at_least(number, &group.ways, group.more));
                (any.fold(Possible::default(), Possible::or), both(why, Some(doubt), self.arena))
            }
        }
    }

    /// The names of the rows at hand for which something is repeated: ids, words, else places.
    fn row_names(&self, each: &[(DomainId, Option<DomainId>)]) -> Option<&'a str> {
        if each.is_empty() {
            return None;
        }
        let names: Vec<String> = each.iter().map(|(domain, _)| self.place_name(*domain)).collect();
        Some(self.arena.alloc_str(&names.join(".")))
    }

    /// The name of the row at hand: an id or a word, else its place from 0 in the list that holds it.
    pub fn place_name(&self, domain: DomainId) -> String {
        let row = self.row(domain);
        if self.model().records(domain).is_none() || self.record_id(domain, row).is_some() {
            return self.row_name(domain);
        }
        let rows = self.facts.rows(domain);
        let parent = rows.parents.get(row as usize);
        let first = parent.and_then(|parent| rows.spans.get(*parent as usize)).map_or(0, |span| span.0);
        row.saturating_sub(first).to_string()
    }
}
