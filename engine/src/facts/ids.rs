//! The ids of a list's records: which of them was there before.

use super::Arena;
use bumpalo::collections::Vec as ArenaVec;
use std::collections::HashMap;

/// From how many ids on they are found by hash.
const MANY: usize = 16;

/// Where a record stands in the document.
#[derive(Clone, Copy)]
pub(super) struct Stand {
    pub from: usize,
    pub to: usize,
}

/// The ids of a list that were read so far.
pub(super) struct Ids<'a> {
    seen: ArenaVec<'a, (&'a str, Stand)>,
    /// Whether each came after all before it, as in `S-1` to `S-18`; then none of them was there before.
    rising: bool,
    /// The same by id, as soon as there are many that do not rise.
    by_id: HashMap<&'a str, Stand>,
}

impl<'a> Ids<'a> {
    pub(super) fn new(arena: &'a Arena) -> Self {
        Self { seen: ArenaVec::new_in(arena), rising: true, by_id: HashMap::new() }
    }

    /// Where the record with this id stands that was read before.
    pub(super) fn earlier(&mut self, id: &str) -> Option<Stand> {
        self.rising = self.rising && self.seen.last().is_none_or(|(last, _)| (last.len(), *last) < (id.len(), id));
        if self.rising {
            return None;
        }
        if self.seen.len() < MANY {
            return self.seen.iter().find(|(known, _)| *known == id).map(|(_, stand)| *stand);
        }
        if self.by_id.is_empty() {
            self.by_id.extend(self.seen.iter().copied());
        }
        self.by_id.get(id).copied()
    }

    /// Notes an id that was not there before.
    pub(super) fn note(&mut self, id: &'a str, stand: Stand) {
        self.seen.push((id, stand));
        if !self.by_id.is_empty() {
            self.by_id.insert(id, stand);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// For each id, where the first of its kind stands, if there was one before.
    fn earlier<'a>(ids: impl IntoIterator<Item = &'a str>) -> Vec<Option<usize>> {
        let arena = Arena::new();
        let mut known = Ids::new(&arena);
        let found = ids.into_iter().enumerate().map(|(place, id)| {
            let found = known.earlier(id).map(|stand| stand.from);
            if found.is_none() {
                known.note(id, Stand { from: place, to: place + 1 });
            }
            found
        });
        found.collect()
    }

    #[test]
    fn an_id_is_found_in_few_and_in_many_and_in_any_order() {
        assert_eq!(earlier(["A-9", "A-10", "A-10", "A-9", "A-11"]), [None, None, Some(1), Some(0), None]);
        assert_eq!(earlier(["b", "a", "b", "c", "a"]), [None, None, Some(0), None, Some(1)]);
        let ids: Vec<String> = (0..100).map(|number| format!("S-{}", number * 37 % 60)).collect();
        let first = |id: &String| ids.iter().position(|known| known == id).expect("it is there");
        let expected: Vec<_> =
            ids.iter().enumerate().map(|(place, id)| Some(first(id)).filter(|first| *first < place)).collect();
        assert_eq!(earlier(ids.iter().map(String::as_str)), expected);
    }
}
