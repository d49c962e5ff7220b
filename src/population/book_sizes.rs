//! How many entries address books have.

use crate::random::distribution::{InverseCdf, normal_quantile};
use crate::scenario::Scenario;

/// Lognormal sizes of address books whose logarithms correlate within a neighbourhood. As people list their neighbours,
/// the correlation decides how often a listed user lists the owner back.
#[derive(Clone, Debug)]
pub struct BookSizes {
    /// Standard normal numbers, as (z + 8) * 2^20.
    normal: InverseCdf<4096>,
    /// Weights of the neighbourhood's number and one's own.
    weights: (f64, f64),
    /// Entries for z from -8, in steps of 1/64.
    entries: Box<[u16; BookSizes::STEPS]>,
}

impl BookSizes {
    const SCALE: f64 = 1_048_576.0;
    const STEPS: usize = 1024;

    /// Sizes as a scenario has them.
    pub fn new(scenario: &Scenario) -> Self {
        let w = &scenario.file.world;
        let rho = w.address_book_similarity.value;
        let entries = std::array::from_fn(|i| {
            let z = i as f64 / 64.0 - 8.0;
            let size = w.address_book_median.value * libm::exp(w.address_book_sigma.value * z);
            size.min(w.address_book_max.value).round() as u16
        });
        BookSizes {
            normal: InverseCdf::new(|u| (normal_quantile(u) + 8.0) * Self::SCALE),
            weights: (rho.sqrt(), (1.0 - rho).sqrt()),
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

    /// Sizes of many books, from what their neighbourhoods have in common and their owners' words; `scratch` is as long.
    #[inline(always)]
    pub fn fill(&self, shared: &[f64], own: &[u32], scratch: &mut [u32], size: &mut [u32]) {
        for (z, &word) in scratch.iter_mut().zip(own) {
            *z = self.normal.at(word);
        }
        for (z, &shared) in scratch.iter_mut().zip(shared) {
            *z = self.step(shared, Self::unscaled(*z));
        }
        for (size, &step) in size.iter_mut().zip(&*scratch) {
            *size = self.entries[step as usize % Self::STEPS].into();
        }
    }

    /// Size of a book, by what a neighbourhood has in common and the owner's word.
    pub fn at(&self, shared: f64, own: u32) -> u16 {
        self.entries[self.step(shared, self.z(own)) as usize]
    }

    /// Place among `entries`.
    #[inline(always)]
    fn step(&self, shared: f64, own: f64) -> u32 {
        let z = shared + self.weights.1 * own;
        (((z + 8.0) * 64.0 + 0.5) as u32).min(Self::STEPS as u32 - 1)
    }
}
