//! How many entries address books have.

use super::levels::LEVELS;
use crate::random::distribution::{InverseCdf, normal_quantile};
use crate::scenario::Scenario;

/// Lognormal sizes of address books whose logarithms correlate within a neighbourhood, and with the owner's activity. As people list their neighbours,
/// the first correlation decides how often a listed user lists the owner back.
#[derive(Clone, Debug)]
pub struct BookSizes {
    /// Standard normal numbers, as (z + 8) * 2^20.
    normal: InverseCdf<4096>,
    /// Weights of the neighbourhood's number and one's own.
    weights: (f64, f64),
    /// What each level of activity adds.
    by_level: Box<[f64; LEVELS]>,
    /// Entries for z from -8, in steps of 1/64.
    entries: Box<[u16; BookSizes::STEPS]>,
}

impl BookSizes {
    const SCALE: f64 = 1_048_576.0;
    const STEPS: usize = 1024;

    /// Sizes as a scenario has them, where levels of activity have this mean and standard deviation.
    pub fn new(scenario: &Scenario, (mean, deviation): (f64, f64)) -> Self {
        let w = &scenario.file.world;
        let (rho, activity) = (w.address_book_similarity.value, w.address_book_activity.value);
        // What is left to one's own; none if the two correlations leave nothing.
        let own = (1.0 - rho - activity * activity).max(0.0);
        let scale = (rho + own + activity * activity).sqrt();
        let entries = std::array::from_fn(|i| {
            let z = i as f64 / 64.0 - 8.0;
            let size = w.address_book_median.value * libm::exp(w.address_book_sigma.value * z);
            size.min(w.address_book_max.value).round() as u16
        });
        BookSizes {
            normal: InverseCdf::new(|u| (normal_quantile(u) + 8.0) * Self::SCALE),
            weights: (rho.sqrt() / scale, own.sqrt() / scale),
            by_level: Box::new(std::array::from_fn(|level| {
                // Where all are equally active, activity says nothing.
                if deviation > 0.0 { activity / scale * (level as f64 - mean) / deviation } else { 0.0 }
            })),
            entries: Box::new(entries),
        }
    }

    fn z(&self, word: u32) -> f64 {
        Self::unscaled(self.normal.at(word))
    }

    #[inline(always)]
    fn unscaled(z: u32) -> f64 {
        f64::from(z) / Self::SCALE - 8.0
    }

    /// What a neighbourhood has in common.
    pub fn shared(&self, word: u32) -> f64 {
        self.weights.0 * self.z(word)
    }

    /// What decides about an owner's book, of the owner's fourth word.
    #[inline(always)]
    pub fn word(word: u64) -> u32 {
        ((word >> 40) as u32) << 8
    }

    /// Sizes of many books, from what their neighbourhoods have in common and their owners' words and levels; `scratch` is as long.
    #[inline(always)]
    pub fn fill(&self, shared: &mut [f64], (own, level): (&[u32], &[u8]), scratch: &mut [u32], size: &mut [u32]) {
        for (shared, &level) in shared.iter_mut().zip(level) {
            *shared += self.by_level[usize::from(level) % LEVELS];
        }
        for (z, &word) in scratch.iter_mut().zip(own) {
            *z = self.normal.at(word);
        }
        for (z, &shared) in scratch.iter_mut().zip(&*shared) {
            *z = self.step(shared, Self::unscaled(*z));
        }
        for (size, &step) in size.iter_mut().zip(&*scratch) {
            *size = self.entries[step as usize % Self::STEPS].into();
        }
    }

    /// Size of a book, by what a neighbourhood has in common and the owner's word and level of activity.
    pub fn at(&self, shared: f64, own: u32, level: u8) -> u16 {
        let shared = shared + self.by_level[usize::from(level) % LEVELS];
        self.entries[self.step(shared, self.z(own)) as usize]
    }

    /// Place among `entries`.
    #[inline(always)]
    fn step(&self, shared: f64, own: f64) -> u32 {
        let z = shared + self.weights.1 * own;
        (((z + 8.0) * 64.0 + 0.5) as u32).min(Self::STEPS as u32 - 1)
    }
}
