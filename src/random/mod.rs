//! Counter-based random numbers: every draw is a function of (seed, replicate, domain, entity, index).
//!
//! Two levels. [`Key::block`] opens a community, or a community's day, with Philox4x64-10 (Salmon et al., SC 2011; known
//! answers of Random123 in the tests): 256 bits, 8 ns. [`Stream`] then gives each person, and each of a person's
//! conversations, a number of the SplitMix64 sequence (Steele et al., OOPSLA 2014) from a start that Philox gave; such a number
//! is the start of the next, inner sequence. Number `i` costs the same as number 0, so many are drawn at once in vectors.
//! No state is shared or carried: any part can be produced alone and in any order.
//!
//! Where numbers are read one after the other, [`StreamRng`] and [`PhiloxRng`] are generators of `rand` over the same words.

pub mod distribution;
mod rng;

pub use rng::{PhiloxRng, StreamRng};

use crate::simd::kernel;

const M0: u64 = 0xD2E7_470E_E14C_6C93;
const M1: u64 = 0xCA5A_8263_9512_1157;
const W0: u64 = 0x9E37_79B9_7F4A_7C15;
const W1: u64 = 0xBB67_AE85_84CA_A73B;

/// What a block of random numbers decides. One domain per decision point: adding one changes no other draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Domain {
    /// Attributes of a community's people.
    Person = 1,
    /// What a community's people do on a day.
    PersonDay = 2,
    /// Conversations that they start over a layer of weak ties on a day.
    WeakDay = 3,
    /// Conversations of a community's groups on a day.
    GroupDay = 4,
    /// Shape of a community: permutations, group sizes, time zone.
    Community = 5,
    /// How weak ties pair communities.
    Pairing = 6,
    /// What people near each other in a community have in common.
    Neighbourhood = 7,
    /// Who is drawn for a sample.
    Sample = 8,
    /// What a community's people do on the days of a spell.
    Spell = 9,
    /// Ids and the order of rows of records that leave the program.
    PublicId = 10,
    /// When alters change places in the circles of a community.
    Turnover = 11,
    /// What a community's households, circles of friends and neighbourhoods have in common.
    Likeness = 12,
    /// By which clock people live.
    Chronotype = 13,
    /// What abusive accounts do on a day.
    AbuseDay = 15,
    /// Seeds of replicates.
    Replicate = 14,
    /// At which values of its parameters a scenario is simulated, and what is drawn again for intervals.
    Design = 20,
    /// About whom an imagined leak is, and which samples are drawn to try a plan.
    Audit = 40,
    /// Which communities the parent's knowledge is looked at in, what is tried there, and what numbers its people have.
    Knowledge = 60,
    /// Hashes of accounts in sketches, and noise on counts.
    Utility = 70,
}

/// Philox4x64 with 10 rounds: counter and key to four words.
pub fn philox4x64(mut ctr: [u64; 4], mut key: [u64; 2]) -> [u64; 4] {
    for round in 0..10 {
        if round > 0 {
            key[0] = key[0].wrapping_add(W0);
            key[1] = key[1].wrapping_add(W1);
        }
        let p0 = u128::from(M0) * u128::from(ctr[0]);
        let p1 = u128::from(M1) * u128::from(ctr[2]);
        ctr = [(p1 >> 64) as u64 ^ ctr[1] ^ key[0], p1 as u64, (p0 >> 64) as u64 ^ ctr[3] ^ key[1], p0 as u64];
    }
    ctr
}

/// The finaliser of SplitMix64 (Stafford's variant 13): a bijection of 64 bits.
#[inline(always)]
pub fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Seed of a replicate of a seeded run: a run with this seed is that replicate. The first has the seed of the run, the others have numbers of 53 bits, which
/// every reader of JSON keeps whole.
pub fn replicate_seed(seed: u64, replicate: u32) -> u64 {
    if replicate == 0 {
        seed
    } else {
        philox4x64([u64::from(replicate), 0, 0, Domain::Replicate as u64], [seed, 0])[0] >> 11
    }
}

/// The key of one world: of a seed and a replicate.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    seed: u64,
}

impl Key {
    /// Key of one replicate of a seeded run.
    pub fn new(seed: u64, replicate: u32) -> Self {
        Key { seed: replicate_seed(seed, replicate) }
    }

    /// Four streams of (domain, entity, index, part).
    pub fn streams(&self, domain: Domain, entity: u64, index: u64, part: u64) -> [Stream; 4] {
        self.block(domain, entity, index, part).map(Stream::new)
    }

    /// The four words of (domain, entity, index, part).
    #[inline]
    pub fn block(&self, domain: Domain, entity: u64, index: u64, part: u64) -> [u64; 4] {
        philox4x64([entity, index, part, domain as u64], [self.seed, 0])
    }
}

/// A sequence of numbers inside one entity; any element can be had alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stream {
    start: u64,
}

impl Stream {
    /// The SplitMix64 sequence from `start`, which is to come from [`Key::block`] or [`Stream::at`].
    #[inline(always)]
    pub fn new(start: u64) -> Self {
        Stream { start }
    }

    /// The start.
    #[inline(always)]
    pub fn start(&self) -> u64 {
        self.start
    }

    /// How far places of the sequence are apart.
    pub const STEP: u64 = W0;

    /// Place of number `i`, which is the [`mix`] of it.
    #[inline(always)]
    pub fn place(&self, i: u64) -> u64 {
        self.start.wrapping_add(W0.wrapping_mul(i.wrapping_add(1)))
    }

    /// Number `i` of the sequence.
    #[inline(always)]
    pub fn at(&self, i: u64) -> u64 {
        mix(self.place(i))
    }

    /// Numbers `first`, `first + step`, ... of the sequence. `step` may be negative as a wrapping number.
    #[inline]
    pub fn fill(&self, first: u64, step: u64, out: &mut [u64]) {
        fill(self.start.wrapping_add(W0.wrapping_mul(first.wrapping_add(1))), W0.wrapping_mul(step), out);
    }
}

#[kernel]
fn fill(start: u64, step: u64, out: &mut [u64]) {
    for (i, out) in out.iter_mut().enumerate() {
        *out = mix(start.wrapping_add(step.wrapping_mul(i as u64)));
    }
}

/// A number in `0..n` from the 32 high bits of `word` by multiplication (Lemire 2019); bias below n / 2^32.
#[inline(always)]
pub fn below(word: u64, n: u32) -> u32 {
    (((word >> 32) * u64::from(n)) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Known answers of Random123, `kat_vectors`, philox4x64 10.
    #[test]
    fn philox_known_answers() {
        assert_eq!(
            philox4x64([0; 4], [0; 2]),
            [0x16554d9eca36314c, 0xdb20fe9d672d0fdc, 0xd7e772cee186176b, 0x7e68b68aec7ba23b]
        );
        assert_eq!(
            philox4x64([u64::MAX; 4], [u64::MAX; 2]),
            [0x87b092c3013fe90b, 0x438c3c67be8d0224, 0x9cc7d7c69cd777b6, 0xa09caebf594f0ba0]
        );
        assert_eq!(
            philox4x64(
                [0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89],
                [0x452821e638d01377, 0xbe5466cf34e90c6c]
            ),
            [0xa528f45403e61d95, 0x38c72dbd566e9788, 0xa5a1610e72fd18b5, 0x57bd43b5e52b7fe6]
        );
    }

    /// First numbers of the reference SplitMix64 for seed 1234567 (Vigna, splitmix64.c).
    #[test]
    fn splitmix_known_answers() {
        let s = Stream::new(1234567);
        let got: Vec<u64> = (0..5).map(|i| s.at(i)).collect();
        assert_eq!(
            got,
            [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821]
        );
    }

    /// Neighbouring people, days and draws: each bit of the xor of neighbours is set half of the time. 6 standard
    /// deviations; a generator that leaks its counter fails it at once.
    #[test]
    fn neighbours_are_independent() {
        let key = Key::new(42, 0);
        let n = 20_000u64;
        // Person, day and draw as traffic nests them: a community's day, a person, a conversation, a word of it.
        let draw = |p: u64, d: u64, i: u64| {
            let people = key.streams(Domain::PersonDay, p >> 16, d, 0)[1];
            Stream::new(Stream::new(people.at(p & 0xffff)).at(i >> 3)).at(i & 7)
        };
        for (dp, dd, di) in [(1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 0, 8), (1 << 16, 0, 0)] {
            let mut ones = [0u32; 64];
            for k in 0..n {
                let x = draw(k, 3, 5) ^ draw(k + dp, 3 + dd, 5 + di);
                for (b, count) in ones.iter_mut().enumerate() {
                    *count += (x >> b & 1) as u32;
                }
            }
            let limit = 6.0 * (n as f64).sqrt() / 2.0;
            for (b, &count) in ones.iter().enumerate() {
                assert!((f64::from(count) - n as f64 / 2.0).abs() < limit, "bit {b}: {count} of {n}");
            }
        }
    }

    #[test]
    fn filling_is_drawing_one_by_one() {
        let stream = Stream::new(0x5DEECE66D);
        for (first, step) in [(0u64, 1u64), (7, 8), (1000, 8u64.wrapping_neg())] {
            let mut out = [0; 37];
            stream.fill(first, step, &mut out);
            for (i, &word) in out.iter().enumerate() {
                assert_eq!(word, stream.at(first.wrapping_add(step.wrapping_mul(i as u64))));
            }
        }
    }

    #[test]
    fn below_stays_below() {
        assert_eq!(below(u64::MAX, 7), 6);
        assert_eq!(below(0, 7), 0);
    }
}
