//! Ids of records that leave the program: keyed permutations of those inside, which say where a person lives, who is near whom, and what was made
//! first. A public id says nothing; the seed decides it.

use super::layout::Layout;
use crate::random::{Domain, Key, mix};

/// Rounds of the network: at least 4 are needed for a permutation that can't be told from a random one (Luby and Rackoff 1988), more for few bits.
const ROUNDS: usize = 8;

/// Public ids of people, groups and conversations.
#[derive(Clone, Debug)]
pub struct PublicIds {
    layout: Layout,
    people: Feistel,
    groups: [u64; 4],
    conversations: [u64; 4],
    order: u64,
}

impl PublicIds {
    /// Those of a replicate's people.
    pub fn new(key: Key, layout: Layout) -> Self {
        let words = |what, part| key.block(Domain::PublicId, what, 0, part);
        let mut rounds = [0; ROUNDS];
        for (part, rounds) in rounds.chunks_exact_mut(4).enumerate() {
            rounds.copy_from_slice(&words(0, part as u64));
        }
        PublicIds {
            people: Feistel::new(layout.people(), rounds),
            layout,
            groups: words(1, 0),
            conversations: words(2, 0),
            order: words(3, 0)[0],
        }
    }

    /// Id of a person, below the number of people. `community` must be below [`Layout::communities`].
    pub fn public(&self, community: u32, local: u32) -> u64 {
        self.of(self.layout.number(community, local))
    }

    /// Id of person `number` of all, see [`Layout::number`].
    pub fn of(&self, number: u64) -> u64 {
        debug_assert!(number < self.people.size);
        self.people.permute(number)
    }

    /// Community and local index of the person with a public id; `None` if there is none.
    pub fn find(&self, public: u64) -> Option<(u32, u32)> {
        // Walking back from beyond the last person need not end.
        if public >= self.people.size {
            return None;
        }
        self.layout.person(self.people.invert(public))
    }

    /// Id of a community's group.
    pub fn group(&self, community: u32, group: u32) -> u64 {
        scramble(&self.groups, u64::from(community) << 32 | u64::from(group))
    }

    /// Id of a conversation.
    pub fn conversation(&self, conversation: u64) -> u64 {
        scramble(&self.conversations, conversation)
    }

    /// What decides about the order of rows that are alike in all that they are sorted by: a hash of what is in them.
    pub fn tie(&self, row: [u64; 4]) -> u64 {
        row.into_iter().fold(self.order, |hash, word| mix(hash ^ word).wrapping_add(self.order))
    }
}

/// A keyed bijection of 64 bits.
fn scramble(keys: &[u64; 4], word: u64) -> u64 {
    mix(mix(word ^ keys[0]) ^ keys[1]) ^ keys[2]
}

/// A keyed permutation of `0..size`: a balanced network on the least even number of bits that hold it, walked until it is inside.
#[derive(Clone, Copy, Debug)]
struct Feistel {
    size: u64,
    /// Bits of a half.
    bits: u32,
    rounds: [u64; ROUNDS],
}

impl Feistel {
    fn new(size: u64, rounds: [u64; ROUNDS]) -> Self {
        let bits = (u64::BITS - size.saturating_sub(1).leading_zeros()).div_ceil(2).max(1);
        Feistel { size, bits, rounds }
    }

    /// At most 3 of 4 numbers lie outside: 4 steps on average at most.
    fn permute(&self, mut x: u64) -> u64 {
        loop {
            let (mut left, mut right) = self.halves(x);
            for &key in &self.rounds {
                (left, right) = (right, left ^ self.round(key, right));
            }
            x = left << self.bits | right;
            if x < self.size {
                return x;
            }
        }
    }

    fn invert(&self, mut x: u64) -> u64 {
        loop {
            let (mut left, mut right) = self.halves(x);
            for &key in self.rounds.iter().rev() {
                (left, right) = (right ^ self.round(key, left), left);
            }
            x = left << self.bits | right;
            if x < self.size {
                return x;
            }
        }
    }

    fn halves(&self, x: u64) -> (u64, u64) {
        (x >> self.bits, x & ((1 << self.bits) - 1))
    }

    /// The high bits, which depend on all of the word.
    fn round(&self, key: u64, half: u64) -> u64 {
        mix(key ^ half) >> (u64::BITS - self.bits)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    fn network(size: u64, seed: u64) -> Feistel {
        let key = Key::new(seed, 0);
        let [low, high] = [0, 1].map(|part| key.block(Domain::PublicId, 0, 0, part));
        Feistel::new(size, std::array::from_fn(|i| if i < 4 { low[i] } else { high[i - 4] }))
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

        /// Every number once, and back again.
        #[test]
        fn it_permutes(
            size in prop_oneof![Just(1u64), Just(2), Just(3), Just(4), Just(5), Just(300), Just(65_536), Just(70_000), 1u64..5_000],
            seed: u64,
        ) {
            let network = network(size, seed);
            let mut seen = vec![false; size as usize];
            for x in 0..size {
                let y = network.permute(x);
                prop_assert!(!std::mem::replace(&mut seen[y as usize], true), "{y} twice");
                prop_assert_eq!(network.invert(y), x);
            }
        }

        /// So it is in worlds too large to be listed.
        #[test]
        fn it_inverts(size in 1u64..=100_000_000_000, seed: u64, part: u64) {
            let (network, x) = (network(size, seed), part % size);
            prop_assert!(network.permute(x) < size);
            prop_assert_eq!(network.invert(network.permute(x)), x);
        }
    }

    /// All orders of three, about equally often: 1,000 of each, with a standard deviation of 29.
    #[test]
    fn few_people_come_in_every_order() {
        let mut orders = std::collections::BTreeMap::<Vec<u64>, u32>::new();
        for seed in 0..6_000 {
            let network = network(3, seed);
            *orders.entry((0..3).map(|x| network.permute(x)).collect()).or_default() += 1;
        }
        assert_eq!(orders.len(), 6);
        assert!(orders.values().all(|n| n.abs_diff(1_000) < 160), "{orders:?}");
    }

    /// Neighbours are as far apart as any two: correlation, and the shares that lie within 256 of each other and in each of 64 strips.
    #[test]
    fn neighbours_are_scattered() {
        for (size, seed) in [(70_000u64, 1), (70_000, 2), (1_000_003, 42), (1 << 20, 7)] {
            let network = network(size, seed);
            let ids: Vec<u64> = (0..size).map(|x| network.permute(x)).collect();
            let n = size as f64;
            let (mean, variance) = ((n - 1.0) / 2.0, (n * n - 1.0) / 12.0);
            for lag in [1, 2, 8, 128, 256, 4_096] {
                let pairs = || ids.iter().zip(&ids[lag..]).map(|(&a, &b)| (a as f64, b as f64));
                let count = pairs().count() as f64;
                let r = pairs().map(|(a, b)| (a - mean) * (b - mean)).sum::<f64>() / count / variance;
                assert!(r.abs() < 5.0 / count.sqrt(), "{size} {lag}: correlation {r}");
                // 255 places on either side, less those beyond the ends.
                let chance = 510.0 / n;
                let near = pairs().filter(|(a, b)| (a - b).abs() < 256.0).count() as f64;
                let limit = 5.0 * (count * chance).sqrt() + count * chance * 256.0 / n;
                assert!((near - count * chance).abs() < limit, "{size} {lag}: {near} near");
            }
            // The first 4,096 people over 64 strips: chi-squared with 63 degrees of freedom exceeds 117 four times in 100,000.
            let mut strips = [0u32; 64];
            for &id in &ids[..4_096] {
                strips[(id * 64 / size) as usize] += 1;
            }
            let chi: f64 = strips.iter().map(|&k| (f64::from(k) - 64.0).powi(2) / 64.0).sum();
            assert!(chi < 117.0, "{size}: {chi}");
        }
    }

    /// Numbers of groups and of communities next to each other: all distinct, and every bit set in about half of them.
    #[test]
    fn groups_and_conversations_are_scattered() {
        let keys = Key::new(42, 0).block(Domain::PublicId, 1, 0, 0);
        let groups = (0..64u64).flat_map(|c| (0..256).map(move |g| c << 32 | g));
        for words in [groups.collect::<Vec<u64>>(), (0..1 << 14).collect()] {
            let words: Vec<u64> = words.into_iter().map(|word| scramble(&keys, word)).collect();
            let n = words.len() as f64;
            assert_eq!(words.iter().collect::<HashSet<_>>().len(), words.len());
            for bit in 0..64 {
                let ones = words.iter().filter(|&&w| w >> bit & 1 == 1).count() as f64;
                let turns = words.windows(2).filter(|w| (w[0] ^ w[1]) >> bit & 1 == 1).count() as f64;
                assert!(
                    (ones - n / 2.0).abs().max((turns - n / 2.0).abs()) < 3.0 * n.sqrt(),
                    "bit {bit}: {ones} {turns}"
                );
            }
        }
    }
}
