//! Our generators as generators of `rand`, so that its algorithms and any distribution of `rand_distr` run on them.
//!
//! What they give is a function of where they begin, and of how many words were read. The numbers are those of [`Stream::at`] and
//! [`Key::block`], in order.

use std::convert::Infallible;

use rand::rand_core::block::{BlockRng, Generator};
use rand::rand_core::utils::fill_bytes_via_next_word;
use rand::{SeedableRng, TryRng};

use super::{Domain, Key, Stream};

/// Reads a [`Stream`], number after number.
#[derive(Clone, Debug)]
pub struct StreamRng {
    stream: Stream,
    next: u64,
}

impl From<Stream> for StreamRng {
    /// From number 0 on.
    fn from(stream: Stream) -> Self {
        StreamRng { stream, next: 0 }
    }
}

/// SplitMix64 from a seed. All starts lie on one sequence: seeds that are a few times [`Stream::STEP`] apart read the same numbers, shifted.
impl SeedableRng for StreamRng {
    type Seed = [u8; 8];

    fn from_seed(seed: [u8; 8]) -> Self {
        Stream::new(u64::from_le_bytes(seed)).into()
    }

    /// The seed is the start, as in the reference of SplitMix64.
    fn seed_from_u64(seed: u64) -> Self {
        Stream::new(seed).into()
    }
}

impl TryRng for StreamRng {
    type Error = Infallible;

    /// The high half of a number.
    #[inline]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.try_next_u64().map(|word| (word >> 32) as u32)
    }

    #[inline]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let word = self.stream.at(self.next);
        self.next = self.next.wrapping_add(1);
        Ok(word)
    }

    #[inline]
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        fill_bytes_via_next_word(bytes, || self.try_next_u64())
    }
}

/// Blocks of Philox4x64-10 of a (domain, entity, index): part after part.
#[derive(Clone, Debug)]
struct Blocks {
    key: Key,
    domain: Domain,
    entity: u64,
    index: u64,
    part: u64,
}

impl Generator for Blocks {
    type Output = [u64; 4];

    #[inline]
    fn generate(&mut self, block: &mut [u64; 4]) {
        *block = self.key.block(self.domain, self.entity, self.index, self.part);
        self.part = self.part.wrapping_add(1);
    }
}

/// Reads the words of a (domain, entity, index), part after part. Where it begins is no seed but a place of a run: [`Key::rng`] makes it.
#[derive(Clone, Debug)]
pub struct PhiloxRng(BlockRng<Blocks>);

impl Key {
    /// All words of (domain, entity, index), from part 0 on.
    pub fn rng(&self, domain: Domain, entity: u64, index: u64) -> PhiloxRng {
        PhiloxRng(BlockRng::new(Blocks { key: *self, domain, entity, index, part: 0 }))
    }
}

impl TryRng for PhiloxRng {
    type Error = Infallible;

    /// The high half of a word.
    #[inline]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.0.next_word() >> 32) as u32)
    }

    #[inline]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.0.next_word())
    }

    #[inline]
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill_bytes(bytes);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use rand::Rng;
    use rand::seq::index;

    use super::*;

    /// First numbers of the reference SplitMix64 for seed 1234567 (Vigna, splitmix64.c).
    #[test]
    fn a_stream_reads_splitmix() {
        let known: [u64; 5] =
            [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821];
        let mut rng = StreamRng::seed_from_u64(1234567);
        assert_eq!(known, std::array::from_fn(|_| rng.next_u64()));
        let stream = Stream::new(0x5DEECE66D);
        let mut rng = StreamRng::from(stream);
        assert_eq!(rng.next_u32(), (stream.at(0) >> 32) as u32);
        let mut bytes = [0; 12];
        rng.fill_bytes(&mut bytes);
        assert_eq!(bytes[..8], stream.at(1).to_le_bytes());
        assert_eq!(bytes[8..], stream.at(2).to_le_bytes()[..4]);
        assert_eq!(rng.next_u64(), stream.at(3));
        assert_eq!(StreamRng::from_seed(7u64.to_le_bytes()).next_u64(), Stream::new(7).at(0));
    }

    /// Parts come in order, and a clone goes on where it was made.
    #[test]
    fn philox_reads_block_after_block() {
        let key = Key::new(42, 1);
        let mut rng = key.rng(Domain::Sample, 3, 4);
        for part in 0..3 {
            assert_eq!(key.block(Domain::Sample, 3, 4, part), std::array::from_fn(|_| rng.next_u64()));
        }
        let next = key.block(Domain::Sample, 3, 4, 3);
        let mut clone = rng.clone();
        assert_eq!([rng.next_u64(), clone.next_u64()], [next[0]; 2]);
        let mut bytes = [0; 8];
        rng.fill_bytes(&mut bytes);
        assert_eq!(bytes, next[1].to_le_bytes());
        assert_eq!(rng.next_u32(), (next[2] >> 32) as u32);
    }

    /// Known answers: what `rand` draws from our generators. If a version of it draws others, samples of people change.
    #[test]
    fn draws_stay_what_they_are() {
        let draw = |length, amount| {
            let mut rng = Key::new(42, 0).rng(Domain::Sample, 0, 0);
            let mut drawn = index::sample(&mut rng, length, amount).into_vec();
            drawn.sort_unstable();
            drawn
        };
        // The three algorithms that it chooses from, and numbers beyond 32 bits.
        assert_eq!(draw(1_000, 5), [219, 252, 275, 818, 851]);
        assert_eq!(draw(20, 15), [1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 14, 15, 16, 17, 19]);
        assert_eq!(draw(5_000_000, 200)[..5], [25387, 88906, 102914, 122212, 165010]);
        assert_eq!(draw(10_000_000_000, 5), [2203878670, 2528626779, 2758806351, 8185064568, 8536207409]);
    }
}
