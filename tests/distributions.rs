//! Our tables of integers draw what `rand_distr` draws: two samples that can't be told apart, while one of a table that is slightly wrong can.

use std::collections::BTreeMap;

use outflow::random::distribution::{Categorical, GuideTable, InverseCdf};
use outflow::random::{Stream, StreamRng};
use rand::Rng;
use rand_distr::weighted::WeightedIndex;
use rand_distr::{Distribution, LogNormal, Poisson};

/// Draws of each side.
const N: usize = 400_000;

/// What a table draws.
fn ours<T>(draw: impl Fn(u32) -> T) -> Vec<T> {
    let mut rng = StreamRng::from(Stream::new(0x0123_4567_89AB_CDEF));
    (0..N).map(|_| draw(rng.next_u32())).collect()
}

/// What the reference draws, with other random numbers.
fn theirs<T>(distribution: impl Distribution<T>) -> Vec<T> {
    let rng = StreamRng::from(Stream::new(0xFEDC_BA98_7654_3210));
    distribution.sample_iter(rng).take(N).collect()
}

/// Whether two samples of whole numbers are of the same distribution: chi-square, numbers pooled until a cell has fifty draws. Its mean is
/// the degrees of freedom, its variance twice that; what is beyond the limit happens less than once in ten thousand times.
fn alike(a: &[u64], b: &[u64]) -> bool {
    let mut cells: BTreeMap<u64, [f64; 2]> = BTreeMap::new();
    for (side, sample) in [a, b].into_iter().enumerate() {
        for &number in sample {
            cells.entry(number).or_default()[side] += 1.0;
        }
    }
    let mut pooled = vec![[0.0; 2]];
    for [a, b] in cells.into_values() {
        if pooled.last().is_some_and(|[a, b]| a + b >= 50.0) {
            pooled.push([0.0; 2]);
        }
        if let Some(cell) = pooled.last_mut() {
            *cell = [cell[0] + a, cell[1] + b];
        }
    }
    let chi_square: f64 = pooled.iter().map(|[a, b]| (a - b).powi(2) / (a + b)).sum();
    let freedom = (pooled.len() - 1) as f64;
    chi_square < freedom + 4.0 * (2.0 * freedom).sqrt() + 8.0
}

/// The largest difference of two samples' cumulative functions (Kolmogorov, Smirnov).
fn distance(mut a: Vec<f64>, mut b: Vec<f64>) -> f64 {
    for sample in [&mut a, &mut b] {
        sample.sort_unstable_by(f64::total_cmp);
    }
    let (mut i, mut j, mut most) = (0, 0, 0usize);
    while i < a.len() && j < b.len() {
        let at = a[i].min(b[j]);
        i += a[i..].iter().take_while(|x| **x <= at).count();
        j += b[j..].iter().take_while(|x| **x <= at).count();
        most = most.max(i.abs_diff(j));
    }
    most as f64 / N as f64
}

#[test]
fn poisson_numbers_are_those_of_rand_distr() {
    for mean in [0.05, 1.0, 7.5, 300.0] {
        let reference = theirs(Poisson::new(mean).expect("a mean")).into_iter().map(|x: f64| x as u64);
        let reference: Vec<u64> = reference.collect();
        let table = |mean| {
            let table = GuideTable::poisson(mean);
            ours(|word| u64::from(table.at(word)))
        };
        assert!(alike(&table(mean), &reference), "mean {mean}");
        // Fifteen standard errors beside: 0.2 % of 300.
        let wrong = mean + 15.0 * (2.0 * mean / N as f64).sqrt();
        assert!(!alike(&table(wrong), &reference), "{wrong} passes for {mean}");
    }
}

#[test]
fn shares_are_those_of_rand_distr() {
    let shares = [0.5, 0.2, 0.2, 0.0, 0.07, 0.03];
    let reference: Vec<u64> =
        theirs(WeightedIndex::new(shares).expect("shares")).into_iter().map(|i| i as u64).collect();
    let table = |shares: &[f64]| {
        let table = Categorical::new(shares);
        ours(|word| table.pick(word) as u64)
    };
    assert!(alike(&table(&shares), &reference));
    assert!(!alike(&table(&[0.497, 0.2, 0.2, 0.0, 0.07, 0.033]), &reference), "3.3 % pass for 3 %");
}

#[test]
fn lognormal_values_are_those_of_rand_distr() {
    let (median, sigma) = (30_000.0f64, 1.2);
    let reference = theirs(LogNormal::new(median.ln(), sigma).expect("a sigma"));
    let from_table = |median, sigma| {
        let table = InverseCdf::<1024>::lognormal(median, sigma, 1e9);
        distance(ours(|word| f64::from(table.at(word))), reference.clone())
    };
    // Samples of one distribution are further apart once in ten thousand times.
    let limit = 2.23 * (2.0 / N as f64).sqrt();
    let (right, higher, wider) =
        (from_table(median, sigma), from_table(median * 1.03, sigma), from_table(median, sigma * 1.04));
    assert!(right < limit, "{right} of {limit}");
    assert!(higher > limit, "a median 3 % too high passes: {higher} of {limit}");
    assert!(wider > limit, "a spread 4 % too wide passes: {wider} of {limit}");
}
