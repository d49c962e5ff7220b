//! HyperLogLog: how many different people there are in a set, from registers that name none of them.
//!
//! A person's hash chooses a register, which keeps the longest run of leading zeros that it saw (Flajolet et al. 2007). Sketches of two companies merge to that of the union, register by register. The
//! estimate is Ertl's improved one (2017, arXiv 1702.01284, algorithm 6), unbiased for few and many people alike; its standard error is about 1.04 by the square root of the registers.

/// Registers of a sketch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sketch {
    bits: u32,
    registers: Vec<u8>,
}

/// 1 / (2 ln 2): the constant of the estimate for many registers.
const ALPHA: f64 = 0.721_347_520_444_481_7;

impl Sketch {
    /// Of nobody, with 2^`bits` registers, `bits` from 1 to 32.
    pub fn new(bits: u32) -> Self {
        Sketch { bits, registers: vec![0; 1 << bits] }
    }

    /// Adds somebody by a hash.
    #[inline]
    pub fn add(&mut self, hash: u64) {
        let register = &mut self.registers[(hash >> (64 - self.bits)) as usize];
        // Of hashes that are zeros behind the register's number, the run ends with the hash.
        let rank = ((hash << self.bits).leading_zeros().min(64 - self.bits) + 1) as u8;
        *register = (*register).max(rank);
    }

    /// Adds everybody of another sketch of as many registers.
    pub fn merge(&mut self, other: &Sketch) {
        debug_assert_eq!(self.bits, other.bits);
        self.registers.iter_mut().zip(&other.registers).for_each(|(own, theirs)| *own = (*own).max(*theirs));
    }

    /// How many different people were added, about.
    pub fn estimate(&self) -> f64 {
        let last = (64 - self.bits) as usize;
        let mut counts = vec![0u64; last + 2];
        self.registers.iter().for_each(|&rank| counts[usize::from(rank)] += 1);
        let m = self.registers.len() as f64;
        let mut sum = m * tau(1.0 - counts[last + 1] as f64 / m);
        for rank in (1..=last).rev() {
            sum = 0.5 * (sum + counts[rank] as f64);
        }
        sum += m * sigma(counts[0] as f64 / m);
        ALPHA * m * m / sum
    }
}

/// x + sum over k of x^(2^k) 2^(k - 1): what registers of nobody stand for.
fn sigma(mut x: f64) -> f64 {
    if x == 1.0 {
        return f64::INFINITY;
    }
    let (mut y, mut z) = (1.0, x);
    loop {
        x *= x;
        let before = z;
        z += x * y;
        y += y;
        if z == before {
            return z;
        }
    }
}

/// What registers stand for that could not count further.
fn tau(mut x: f64) -> f64 {
    if x == 0.0 || x == 1.0 {
        return 0.0;
    }
    let (mut y, mut z) = (1.0, 1.0 - x);
    loop {
        x = libm::sqrt(x);
        let before = z;
        y *= 0.5;
        z -= (1.0 - x) * (1.0 - x) * y;
        if z == before {
            return z / 3.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;

    fn sketch(bits: u32, seed: u64, people: std::ops::Range<u64>) -> Sketch {
        let mut sketch = Sketch::new(bits);
        people.for_each(|person| sketch.add(Stream::new(seed).at(person)));
        sketch
    }

    /// 1.04 by the square root of the registers, and no bias, from few people to many times the registers.
    #[test]
    fn the_error_is_that_of_the_registers() {
        assert_eq!(Sketch::new(8).estimate(), 0.0);
        for (bits, people) in [(8u32, 50u64), (8, 600), (8, 20_000), (10, 3_000)] {
            let errors: Vec<f64> =
                (0..200).map(|seed| sketch(bits, 77 + seed, 0..people).estimate() / people as f64 - 1.0).collect();
            let mean = errors.iter().sum::<f64>() / 200.0;
            let deviation = (errors.iter().map(|error| error * error).sum::<f64>() / 200.0).sqrt();
            let expected = 1.04 / f64::from(1 << bits).sqrt();
            assert!(mean.abs() < 4.0 * expected / 200f64.sqrt(), "{bits} {people}: bias {mean}");
            // Few people are counted nearly exactly; nobody is worse than the formula by a fifth.
            assert!(deviation < 1.2 * expected, "{bits} {people}: {deviation} {expected}");
            assert!(people < 1000 || deviation > 0.8 * expected, "{bits} {people}: {deviation} {expected}");
        }
    }

    #[test]
    fn sketches_merge_to_that_of_the_union() {
        let mut both = sketch(10, 3, 0..700);
        both.merge(&sketch(10, 3, 400..2000));
        assert_eq!(both, sketch(10, 3, 0..2000));
        let again = both.clone();
        both.merge(&again);
        assert_eq!(both, again);
    }

    #[test]
    fn ranks_are_runs_of_zeros() {
        let mut sketch = Sketch::new(4);
        sketch.add(0xf << 60);
        sketch.add(0x1 << 60 | 1 << 59);
        sketch.add(0x2 << 60 | 1 << 50);
        assert_eq!(sketch.registers[15], 61);
        assert_eq!(sketch.registers[1], 1);
        assert_eq!(sketch.registers[2], 10);
    }
}
