//! Which keys of an object were seen.

/// Places that are marked; few in nearly every object.
#[derive(Debug, Default)]
pub(super) struct Marks {
    few: u64,
    /// The places from 64 on, 64 in each.
    more: Vec<u64>,
}

impl Marks {
    /// Marks a place; says whether it was marked before.
    #[inline]
    pub fn mark(&mut self, place: usize) -> bool {
        let bit = 1 << (place % 64);
        let bits = match place / 64 {
            0 => &mut self.few,
            word => {
                if self.more.len() < word {
                    self.more.resize(word, 0);
                }
                &mut self.more[word - 1]
            }
        };
        let before = *bits & bit != 0;
        *bits |= bit;
        before
    }

    /// Whether a place is marked.
    #[inline]
    pub fn has(&self, place: usize) -> bool {
        let bits = match place / 64 {
            0 => self.few,
            word => self.more.get(word - 1).copied().unwrap_or(0),
        };
        bits & 1 << (place % 64) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::Marks;

    #[test]
    fn every_place_is_marked_by_itself() {
        let mut marks = Marks::default();
        let places = [0, 1, 63, 64, 65, 127, 128, 191, 192, 1_000];
        for (number, place) in places.iter().enumerate() {
            assert!(!marks.mark(*place));
            assert!(marks.mark(*place));
            let marked: Vec<usize> = (0..1_100).filter(|place| marks.has(*place)).collect();
            assert_eq!(marked, places[..=number]);
        }
    }
}
