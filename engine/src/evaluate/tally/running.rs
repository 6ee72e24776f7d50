//! Running totals: for every record, what the records up to and with it come to.

use super::judge::Made;
use crate::date::Date;
use crate::evaluate::Evaluator;
use crate::evaluate::bounds::{Bounds, both};
use crate::facts::{Presence, Value, Why};
use crate::model::Aggregate;
use crate::value::Decimal;
use bumpalo::collections::Vec as ArenaVec;

/// A record in the order in which totals run.
struct Placed<'a> {
    /// Its date; one without a date may come before every other.
    when: Result<Option<Date>, &'a Why<'a>>,
    record: u32,
    made: &'a Made<'a>,
}

impl<'a> Evaluator<'a> {
    /// The total up to and with the record at hand; those of all records are kept.
    pub(super) fn running_total(&self, tally: u32, row: u32) -> Value<'a> {
        let running = self.running(tally);
        let written = running.tally;
        let mut turns = running.settings;
        let mut fits = ArenaVec::new_in(self.arena);
        let mut order: ArenaVec<'a, Placed<'a>> = ArenaVec::new_in(self.arena);
        let presence = self.each_row(written.domain, None, &mut |record| {
            fits.clear();
            let ((when, made), own) = self.turning(|| {
                let when = match written.happened.as_ref().map(|happened| self.eval(happened)) {
                    Some(Value::Date(day)) => Ok(Some(day)),
                    Some(Value::Unknown(why)) => Err(why),
                    _ => Ok(None),
                };
                self.fits(&running, 0, &mut fits);
                (when, self.made(&running, &fits))
            });
            turns = turns.and(own);
            order.push(Placed { when, record, made });
            true
        });
        let absent = (presence == Presence::Unknown).then(|| self.list_unknown(written.domain, None));
        // Those without a date come first: they may count in every total.
        order.sort_by_key(|placed| (placed.when.is_ok(), placed.when.ok().flatten(), placed.record));
        let mut totals = ArenaVec::new_in(self.arena);
        totals.resize(written.rows.len(), absent.map_or(Bounds::exactly(Decimal::ZERO), Bounds::unknown));
        for placed in &order {
            for fit in placed.made.fits {
                let added = match written.aggregate {
                    Aggregate::Sum => Bounds::of(placed.made.value),
                    _ => Some(Bounds::exactly(Decimal::ONE)),
                };
                let Some(added) = added else { continue };
                let added = fit.doubt.map_or(added, |why| Bounds {
                    low: added.low.map(|low| low.min(Decimal::ZERO)),
                    high: added.high.map(|high| high.max(Decimal::ZERO)),
                    why: both(added.why, Some(why), self.arena),
                });
                let total = &mut totals[fit.row as usize];
                match total.plus(added, self.arena) {
                    Ok(sum) => *total = sum,
                    Err(_) => {
                        self.overflow();
                    }
                }
            }
            for (id, total) in self.plan.tallies[tally as usize].measures.iter().zip(&totals) {
                let value = placed.when.map_or_else(Value::Unknown, |_| total.value(self.arena));
                let kept = &self.shared.measures[(self.shared.bases[id.0 as usize] + placed.record) as usize];
                kept.keep(self.as_of, (value, turns), self.arena);
            }
        }
        self.turn(turns);
        let id = self.plan.tallies[tally as usize].measures[row as usize];
        let place = self.shared.bases[id.0 as usize] + self.row(written.domain);
        let kept = self.shared.measures.get(place as usize).and_then(|kept| kept.on(self.as_of));
        kept.map_or(Value::None, |(value, _)| value)
    }
}
