//! Chance: one stream of numbers for each subject, the same on every machine and in every release.
//!
//! ChaCha with eight rounds is a published algorithm; what is made of its numbers is fixed here, in whole
//! numbers alone, and belongs to no library.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// The random stream of one subject.
#[derive(Debug)]
pub struct Random(ChaCha8Rng);

/// How likely something is, in 2⁻³² parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chance(pub u64);

impl Chance {
    /// It never happens.
    pub const NEVER: Chance = Chance(0);
    /// It always happens.
    pub const ALWAYS: Chance = Chance(1 << 32);
}

impl Random {
    /// Stream `number` of `seed`.
    pub fn new(seed: u64, number: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        let mut random = ChaCha8Rng::from_seed(key);
        random.set_stream(number);
        Self(random)
    }

    /// A number from 0 to the one before `end`, all equally likely; 0 when there is none.
    pub fn below(&mut self, end: u64) -> u64 {
        self.skewed(end, 1)
    }

    /// A number from 0 to the one before `end`; the higher `skew`, the more of them are small.
    ///
    /// It is a part of one, raised to the power `skew`, times `end`: with skew 3, half of the numbers lie in
    /// the first eighth.
    pub fn skewed(&mut self, end: u64, skew: u32) -> u64 {
        let part = u128::from(self.0.next_u64());
        let raised = (1..skew).fold(part, |raised, _| (raised * part) >> 64);
        ((raised * u128::from(end)) >> 64) as u64
    }

    /// Whether something of this chance happens.
    pub fn happens(&mut self, chance: Chance) -> bool {
        match chance {
            Chance::NEVER => false,
            Chance::ALWAYS => true,
            Chance(parts) => u64::from(self.0.next_u32()) < parts,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_a_seed_never_change() {
        let mut random = Random::new(1, 2);
        let numbers: Vec<u64> = (0..6).map(|_| random.below(1000)).collect();
        assert_eq!(numbers, [376, 109, 406, 261, 993, 901]);
    }

    #[test]
    fn skew_makes_small_numbers_more_likely_and_none_too_large() {
        let below_half = |skew| {
            let mut random = Random::new(7, 1);
            let numbers: Vec<u64> = (0..1000).map(|_| random.skewed(100, skew)).collect();
            assert!(numbers.iter().all(|number| *number < 100));
            numbers.iter().filter(|number| **number < 50).count()
        };
        assert!((450..550).contains(&below_half(1)));
        assert!((750..850).contains(&below_half(3)));
    }
}
