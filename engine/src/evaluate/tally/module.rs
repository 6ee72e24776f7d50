//! Awards of several modules: a record earns in one of them only.

use super::judge::Fit;
use super::{Running, Scanned};
use crate::evaluate::Evaluator;
use crate::evaluate::bounds::both;
use crate::facts::{Value, Why};
use crate::value::Decimal;
use bumpalo::collections::Vec as ArenaVec;

impl<'a> Evaluator<'a> {
    /// A record that fits awards of several modules earns in one of them only.
    #[cold]
    pub(super) fn keep_one_module(&self, running: &[(Running<'a>, Scanned<'a>)], fits: &mut ArenaVec<'a, Fit<'a>>) {
        let module = |fit: &Fit<'a>| running[fit.tally as usize].0.tally.module.as_ref().map(|(module, _)| *module);
        let mut modules: ArenaVec<'a, u32> = ArenaVec::new_in(self.arena);
        for module in fits.iter().filter_map(module) {
            if !modules.contains(&module) {
                modules.push(module);
            }
        }
        if modules.len() < 2 {
            return;
        }
        modules.sort_unstable();
        let earn_once = self.model().modules.as_ref().map(|modules| self.eval(&modules.earn_once));
        let most = matches!(earn_once, Some(Value::Word(0)));
        let doubtful = earn_once.and_then(|value| value.doubt()).or_else(|| fits.iter().find_map(|fit| fit.doubt));
        let mut best: Option<(u32, Decimal)> = None;
        let mut unknown: Option<&'a Why<'a>> = doubtful;
        for candidate in &modules {
            let mut alone = Decimal::ZERO;
            for fit in fits.iter().filter(|fit| module(fit) == Some(*candidate)) {
                match self.alone(&running[fit.tally as usize].0, fit.row) {
                    Value::Number(points) => match alone.checked_add(points) {
                        Some(sum) => alone = sum,
                        None => {
                            self.overflow();
                        }
                    },
                    _ if most => {
                        unknown = unknown.or_else(|| Some(self.undefined("the points of a module are not known")))
                    }
                    _ => {}
                }
            }
            let better = best.is_none_or(|(_, points)| most && alone > points);
            if better {
                best = Some((*candidate, alone));
            }
        }
        match (unknown, best) {
            // Which module pays is not known, so none is certain.
            (Some(why), _) => fits.iter_mut().filter(|fit| module(fit).is_some()).for_each(|fit| {
                fit.doubt = both(fit.doubt, Some(why), self.arena);
            }),
            (None, Some((best, _))) => fits.retain(|fit| module(fit).is_none_or(|module| module == best)),
            (None, None) => {}
        }
    }

    /// The points that the record at hand would earn in a row if there were no other record.
    fn alone(&self, running: &Running<'a>, row: u32) -> Value<'a> {
        let amount = running.tally.value.as_ref().map_or(Value::Number(Decimal::ONE), |value| self.eval(value));
        match running.plan.award {
            Some(award) if !matches!(amount, Value::None) => self.points_of(award, row, amount),
            _ => Value::Unknown(self.undefined("the points of a record are not known")),
        }
    }
}
