//! How large chat groups are.

use crate::random::Stream;
use crate::random::distribution::GuideTable;

/// Distribution of group sizes.
#[derive(Clone, Debug)]
pub struct GroupSizes {
    draw: GuideTable,
    /// Mean size.
    pub mean: f64,
    /// Mean of the squared size.
    pub mean_square: f64,
}

impl GroupSizes {
    /// 2 + negative binomial with this mean (above 2) and dispersion k, cut at `max`.
    pub fn new(mean: f64, k: f64, max: f64) -> Self {
        let extra = (mean - 2.0).max(0.0);
        let p = extra / (extra + k.max(1e-6));
        let count = (max.clamp(2.0, f64::from(u16::MAX)) - 2.0) as u32;
        let weights: Vec<f64> = (0..=count)
            .map(|x| {
                let x = f64::from(x);
                let tail = if x > 0.0 { x * libm::log(p.max(1e-300)) } else { 0.0 };
                libm::exp(libm::lgamma(x + k) - libm::lgamma(k) - libm::lgamma(x + 1.0) + tail)
            })
            .collect();
        let total: f64 = weights.iter().sum();
        let moment =
            |power: i32| weights.iter().enumerate().map(|(x, w)| w * (x as f64 + 2.0).powi(power)).sum::<f64>() / total;
        GroupSizes { draw: GuideTable::new(2, &weights), mean: moment(1), mean_square: moment(2) }
    }

    /// Sizes one after the other.
    pub fn draws(&self, stream: Stream) -> SizeDraws<'_> {
        SizeDraws { draw: &self.draw, stream, words: [0; 256], drawn: 0 }
    }
}

/// Sizes one after the other, from the words of a stream.
#[derive(Debug)]
pub struct SizeDraws<'a> {
    draw: &'a GuideTable,
    stream: Stream,
    words: [u64; 256],
    drawn: usize,
}

impl SizeDraws<'_> {
    /// The next size.
    pub fn next(&mut self) -> u32 {
        if self.drawn.is_multiple_of(self.words.len()) {
            self.stream.fill(self.drawn as u64, 1, &mut self.words);
        }
        let word = self.words[self.drawn % self.words.len()];
        self.drawn += 1;
        self.draw.at((word >> 32) as u32)
    }
}
