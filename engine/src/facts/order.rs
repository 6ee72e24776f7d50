//! In which order the keys of records come. Who writes a document writes its records alike, so that the next key
//! is mostly known before it is read.

use super::Arena;
use crate::value::DomainId;
use bumpalo::collections::Vec as ArenaVec;

/// For every domain and key, the key that came after it the last time.
pub(super) struct Order<'a> {
    /// Keys are places from 1; 0 is the beginning of a record, and no key.
    after: ArenaVec<'a, ArenaVec<'a, u32>>,
}

impl<'a> Order<'a> {
    pub(super) fn new(domains: usize, arena: &'a Arena) -> Self {
        let mut after = ArenaVec::with_capacity_in(domains, arena);
        after.extend((0..domains).map(|_| ArenaVec::new_in(arena)));
        Self { after }
    }

    /// The place of the key that is expected after that of the place before.
    #[inline]
    pub(super) fn after(&self, domain: DomainId, before: Option<usize>) -> Option<usize> {
        let next = self.after[domain.0 as usize].get(before.map_or(0, |place| place + 1))?;
        (*next as usize).checked_sub(1)
    }

    /// Notes which key came after which, of so many that a record may have.
    pub(super) fn note(&mut self, domain: DomainId, keys: usize, before: Option<usize>, place: usize) {
        let after = &mut self.after[domain.0 as usize];
        if after.is_empty() {
            after.resize(keys + 1, 0);
        }
        after[before.map_or(0, |place| place + 1)] = place as u32 + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_that_came_last_is_expected_again() {
        let arena = Arena::new();
        let mut order = Order::new(2, &arena);
        let (people, deals) = (DomainId(0), DomainId(1));
        assert_eq!(order.after(people, None), None);
        order.note(people, 3, None, 2);
        order.note(people, 3, Some(2), 0);
        assert_eq!([None, Some(2), Some(0)].map(|before| order.after(people, before)), [Some(2), Some(0), None]);
        order.note(people, 3, None, 1);
        assert_eq!(order.after(people, None), Some(1));
        assert_eq!(order.after(deals, None), None);
    }
}
