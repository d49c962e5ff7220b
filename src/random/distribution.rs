//! Sampling tables in integers. Built once per run with `libm` (the same digits on every machine); drawing from them
//! uses integer arithmetic alone.

/// Threshold for `word < threshold` to hold with probability `p`, over 32-bit words.
pub fn threshold(p: f64) -> u64 {
    (p.clamp(0.0, 1.0) * 4_294_967_296.0 + 0.5) as u64
}

/// Choice among a few options: cumulative 32-bit thresholds.
#[derive(Clone, Debug)]
pub struct Categorical(Vec<u64>);

impl Categorical {
    /// Options with these weights (any positive scale). No weights, or all zero, gives option 0 always.
    pub fn new(weights: &[f64]) -> Self {
        let total: f64 = weights.iter().sum();
        let mut sum = 0.0;
        let mut cumulative: Vec<u64> = weights
            .iter()
            .map(|w| {
                sum += w;
                if total > 0.0 { threshold(sum / total) } else { 1 << 32 }
            })
            .collect();
        if let Some(last) = cumulative.last_mut() {
            *last = 1 << 32;
        }
        Categorical(cumulative)
    }

    /// The thresholds that some word can pass: an option is the number of those that are passed.
    pub fn thresholds(&self) -> &[u64] {
        let passable = self.0.iter().take_while(|t| **t < 1 << 32).count();
        &self.0[..passable]
    }

    /// Option for a 32-bit word.
    #[inline]
    pub fn pick(&self, word: u32) -> usize {
        self.0.iter().position(|&t| u64::from(word) < t).unwrap_or(0)
    }
}

/// A distribution over `0..weights.len()` (at most 256) as equal slots: slot `i` holds the quantile of its middle.
pub fn slots<const N: usize>(weights: &[f64]) -> Box<[u8; N]> {
    let total: f64 = weights.iter().sum();
    let mut slots = Box::new([0; N]);
    let (mut value, mut until) = (0, weights.first().copied().unwrap_or(total));
    for (i, slot) in slots.iter_mut().enumerate() {
        let middle = (i as f64 + 0.5) / N as f64 * total;
        while until < middle && value + 1 < weights.len() {
            value += 1;
            until += weights[value];
        }
        *slot = value as u8;
    }
    slots
}

/// A continuous distribution as its quantile function: `N` pieces (a power of two), linear in each.
#[derive(Clone, Debug)]
pub struct InverseCdf<const N: usize>(Box<[Piece; N]>);

/// A piece of a quantile function: where it begins, and how much it rises.
#[derive(Clone, Copy, Debug, Default)]
struct Piece {
    from: u32,
    rise: u32,
}

impl<const N: usize> InverseCdf<N> {
    const SHIFT: u32 = 32 - N.trailing_zeros();

    /// From a quantile function; `inverse(u)` for u in (0, 1), rising. The ends are cut at half a piece.
    pub fn new(inverse: impl Fn(f64) -> f64) -> Self {
        const { assert!(N.is_power_of_two()) };
        let knot = |i: usize| {
            let u = (i as f64).clamp(0.5, N as f64 - 0.5) / N as f64;
            inverse(u).round().clamp(0.0, f64::from(u32::MAX)) as u32
        };
        let mut pieces = Box::new([Piece::default(); N]);
        let mut from = knot(0);
        for (i, piece) in pieces.iter_mut().enumerate() {
            let to = knot(i + 1);
            *piece = Piece { from, rise: to - from };
            from = to;
        }
        InverseCdf(pieces)
    }

    /// Lognormal with this median and standard deviation of the logarithm, cut at `max`.
    pub fn lognormal(median: f64, sigma: f64, max: f64) -> Self {
        InverseCdf::new(|u| (median * libm::exp(sigma * normal_quantile(u))).min(max))
    }

    /// Lognormal of the values below `max` alone: nothing piles up there. Without spread, all are the median or `max`.
    pub fn lognormal_below(median: f64, sigma: f64, max: f64) -> Self {
        let below = if sigma > 0.0 { normal_cdf(libm::log(max / median) / sigma) } else { 1.0 };
        InverseCdf::new(|u| (median * libm::exp(sigma * normal_quantile((u * below).max(f64::MIN_POSITIVE)))).min(max))
    }

    /// Value for a 32-bit word.
    #[inline(always)]
    pub fn at(&self, word: u32) -> u32 {
        let piece = self.0[(word >> Self::SHIFT) as usize];
        let part = u64::from(word & ((1 << Self::SHIFT) - 1));
        piece.from + ((u64::from(piece.rise) * part) >> Self::SHIFT) as u32
    }

    /// The pieces: where each begins, in the low half, and how much it rises, in the high half.
    pub fn pieces(&self) -> impl Iterator<Item = u64> + '_ {
        self.0.iter().map(|piece| u64::from(piece.from) | u64::from(piece.rise) << 32)
    }

    /// Mean of the values drawn.
    pub fn mean(&self) -> f64 {
        self.0.iter().map(|p| f64::from(p.from) + f64::from(p.rise) / 2.0).sum::<f64>() / N as f64
    }
}

/// Whole numbers of a given distribution: an index on the top bits, then a short scan of the cumulative function.
#[derive(Clone, Debug)]
pub struct GuideTable {
    /// Number at which the cumulative function begins.
    first: u32,
    /// P(N <= first + i) in 32 bits.
    cumulative: Box<[u32]>,
    /// Start of the scan for each value of the top bits.
    guide: Box<[u16; GuideTable::GUIDE]>,
}

impl GuideTable {
    /// Entries of the guide.
    const GUIDE: usize = 1024;
    const SHIFT: u32 = 32 - Self::GUIDE.trailing_zeros();

    /// Number `first + i` has probability `weights[i]` (any positive scale).
    pub fn new(first: u32, weights: &[f64]) -> Self {
        let total: f64 = weights.iter().sum();
        let mut sum = 0.0;
        let mut cumulative: Vec<u32> = Vec::with_capacity(weights.len());
        for w in weights {
            sum += w / total;
            cumulative.push((sum * 4_294_967_296.0).min(f64::from(u32::MAX)) as u32);
            if cumulative.last() == Some(&u32::MAX) {
                break;
            }
        }
        let mut guide = Box::new([0u16; Self::GUIDE]);
        let mut i = 0;
        for (top, entry) in guide.iter_mut().enumerate() {
            while i + 1 < cumulative.len() && cumulative[i] <= (top as u32) << Self::SHIFT {
                i += 1;
            }
            *entry = i as u16;
        }
        GuideTable { first, cumulative: cumulative.into(), guide }
    }

    /// Poisson numbers; beyond eight standard deviations nothing is drawn.
    pub fn poisson(mean: f64) -> Self {
        if mean <= 0.0 {
            return GuideTable::new(0, &[1.0]);
        }
        let spread = 8.0 * mean.sqrt() + 12.0;
        let first = (mean - spread).max(0.0).floor();
        let count = (mean + spread - first).ceil() as u32;
        let weights: Vec<f64> = (0..=count)
            .map(|i| {
                let k = first + f64::from(i);
                libm::exp(k * libm::log(mean) - mean - libm::lgamma(k + 1.0))
            })
            .collect();
        GuideTable::new(first as u32, &weights)
    }

    /// The numbers as equal slots: slot `i` of `n` holds the quantile of its middle.
    pub fn slots<const N: usize>(&self) -> [u16; N] {
        std::array::from_fn(|i| self.at((((2 * i as u64 + 1) << 31) / N as u64) as u32).min(u32::from(u16::MAX)) as u16)
    }

    /// Words below this one give 0: all of 32 bits, if there is no other number.
    pub fn none(&self) -> u64 {
        match (self.first, &*self.cumulative) {
            (0, [_]) => 1 << 32,
            (0, [zero, ..]) => u64::from(*zero),
            _ => 0,
        }
    }

    /// The first ends of numbers, of words. For numbers that begin beyond 0 they say nothing.
    pub fn ends(&self) -> PackedThresholds {
        // What is beyond all but the last end is the last number.
        let last = if self.first == 0 { self.cumulative.len() - 1 } else { 0 };
        PackedThresholds::new(std::array::from_fn(|i| {
            if i < last { (self.cumulative[i] >> 17) as u16 } else { PackedThresholds::NONE }
        }))
    }

    /// A number for a 32-bit word, with the ends at hand.
    #[inline(always)]
    pub fn at_ends(&self, ends: &PackedThresholds, word: u32) -> u32 {
        let [below, up_to] = ends.count((word >> 17) as u16);
        // An end whose 15 top bits are those of the word is compared in full.
        if self.first == 0 && below == up_to && below < PackedThresholds::COUNT { below } else { self.at(word) }
    }

    /// A number for a 32-bit word.
    #[inline(always)]
    pub fn at(&self, word: u32) -> u32 {
        let mut i = usize::from(self.guide[(word >> Self::SHIFT) as usize]);
        while i + 1 < self.cumulative.len() && self.cumulative[i] <= word {
            i += 1;
        }
        self.first + i as u32
    }
}

/// The ends of the first numbers of a distribution, 15 bits each: a number is how many ends there are up to a word. All are compared at
/// once, four to a word, without a branch to guess.
#[derive(Clone, Copy, Debug)]
pub struct PackedThresholds([u64; 2]);

impl PackedThresholds {
    /// How many there are.
    pub const COUNT: u32 = 8;
    /// An end beyond all others.
    pub const NONE: u16 = 0x7fff;

    /// From ends of 15 bits, in order.
    pub fn new(ends: [u16; Self::COUNT as usize]) -> Self {
        let word = |ends: &[u16]| ends.iter().rev().fold(0, |word, &end| word << 16 | u64::from(end));
        PackedThresholds([word(&ends[..4]), word(&ends[4..])])
    }

    /// How many ends are below a number of 15 bits, and how many up to it; one of [`PackedThresholds::NONE`] may be among these.
    #[inline(always)]
    pub fn count(&self, number: u16) -> [u32; 2] {
        const TOP: u64 = 0x8000_8000_8000_8000;
        const EACH: u64 = 0x0001_0001_0001_0001;
        let number = u64::from(number) * EACH;
        let tops = |word: u64| (word & TOP).count_ones();
        let up_to = self.0.map(|ends| tops((number | TOP) - ends));
        let not_below = self.0.map(|ends| tops((ends | TOP) - number));
        [Self::COUNT - not_below[0] - not_below[1], up_to[0] + up_to[1]]
    }
}

/// Distribution function of the standard normal.
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z / std::f64::consts::SQRT_2)
}

/// Quantile function of the standard normal (Acklam 2003 with one Halley step; relative error below 1e-12).
pub fn normal_quantile(p: f64) -> f64 {
    const A: [f64; 6] = [
        -3.969683028665376e1,
        2.209460984245205e2,
        -2.759285104469687e2,
        1.38357751867269e2,
        -3.066479806614716e1,
        2.506628277459239,
    ];
    const B: [f64; 5] =
        [-5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1];
    const C: [f64; 6] = [
        -7.784894002430293e-3,
        -3.223964580411365e-1,
        -2.400758277161838,
        -2.549732539343734,
        4.374664141464968,
        2.938163982698783,
    ];
    const D: [f64; 4] = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416];
    let tail = |q: f64| {
        (((((C[0] * q + C[1]) * q + C[2]) * q + C[3]) * q + C[4]) * q + C[5])
            / ((((D[0] * q + D[1]) * q + D[2]) * q + D[3]) * q + 1.0)
    };
    let x = if p < 0.02425 {
        tail(libm::sqrt(-2.0 * libm::log(p)))
    } else if p > 1.0 - 0.02425 {
        -tail(libm::sqrt(-2.0 * libm::log(1.0 - p)))
    } else {
        let q = p - 0.5;
        let r = q * q;
        (((((A[0] * r + A[1]) * r + A[2]) * r + A[3]) * r + A[4]) * r + A[5]) * q
            / (((((B[0] * r + B[1]) * r + B[2]) * r + B[3]) * r + B[4]) * r + 1.0)
    };
    let e = normal_cdf(x) - p;
    let u = e * libm::sqrt(2.0 * std::f64::consts::PI) * libm::exp(x * x / 2.0);
    x - u / (1.0 + x * u / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn below_a_most_nothing_piles_up() {
        let cut: InverseCdf<1024> = InverseCdf::lognormal(90_000.0, 1.8, 7_200_000.0);
        let below: InverseCdf<1024> = InverseCdf::lognormal_below(90_000.0, 1.8, 7_200_000.0);
        let at = |of: &InverseCdf<1024>| (0..1 << 16).filter(|&word| of.at(word << 16) >= 7_190_000).count();
        assert!(at(&cut) > 400 && at(&below) < 4, "{}, {}", at(&cut), at(&below));
        // Without its tail above the most, .75 %, the median is a little less.
        let median = f64::from(below.at(1 << 31));
        assert!((88_000.0..90_000.0).contains(&median), "{median}");
        // Where hardly anything is below, or nothing is spread, there is still something.
        for (median, sigma) in [(21_600_000.0, 0.0), (21_600_000.0, 0.1), (1.0, 4.0), (21_600_000.0, 4.0)] {
            let below: InverseCdf<1024> = InverseCdf::lognormal_below(median, sigma, 7_200_000.0);
            assert!((0..64).all(|word| below.at(word << 26) <= 7_200_000));
        }
    }

    use crate::random::Stream;

    #[test]
    fn normal_quantile_known_values() {
        for (p, x) in [(0.5, 0.0), (0.975, 1.959963984540054), (0.0013498980316301, -3.0), (0.9999, 3.719016485455709)]
        {
            assert!((normal_quantile(p) - x).abs() < 1e-9, "{p}: {}", normal_quantile(p));
        }
    }

    #[test]
    fn poisson_has_its_mean_and_variance() {
        let stream = Stream::new(7);
        for m in [0.0, 0.05, 1.0, 7.5, 300.0] {
            let table = GuideTable::poisson(m);
            let n = 40_000u64;
            let ends = table.ends();
            assert!((0..n).all(|i| table.at_ends(&ends, stream.at(i) as u32) == table.at(stream.at(i) as u32)));
            let draws: Vec<f64> = (0..n).map(|i| f64::from(table.at((stream.at(i) >> 32) as u32))).collect();
            let mean = draws.iter().sum::<f64>() / n as f64;
            let var = draws.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n as f64;
            let se = (m / n as f64).sqrt();
            assert!((mean - m).abs() <= 5.0 * se, "mean {mean} for {m}");
            assert!((var - m).abs() <= 0.05 * m + 5.0 * se, "variance {var} for {m}");
        }
    }

    #[test]
    fn lognormal_quantiles() {
        let q = InverseCdf::<1024>::lognormal(1000.0, 1.2, 1e9);
        assert!((f64::from(q.at(1 << 31)) - 1000.0).abs() < 2.0);
        // Mean exp(sigma^2/2) medians, less what the cut of the last half piece takes.
        let mean = q.mean() / (1000.0 * (0.72f64).exp());
        assert!((0.95..1.02).contains(&mean), "{mean}");
    }

    #[test]
    fn shares_pick_in_proportion() {
        let s = Categorical::new(&[1.0, 3.0]);
        assert_eq!((s.pick(0), s.pick((1 << 30) - 1), s.pick(1 << 30), s.pick(u32::MAX)), (0, 0, 1, 1));
    }
}
