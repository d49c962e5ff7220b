//! A plan tried out: samples are drawn, one after the other, and what each finds is looked up in the world that they are drawn from.

use rand::Rng;
use rand::seq::index;

use super::detection::{Unit, over_leaked};
use super::leak::Leak;
use super::prohibited::{LeakedFlows, ProhibitedFlows};
use crate::random::{Domain, Key, PhiloxRng};

/// Most units that all samples of a plan are drawn with, some seconds of work: beyond, nothing is tried.
const MOST: u64 = 100_000_000;

/// The share of `draws` samples of `n` that find the leak, each with random numbers of its own; `None` if they would be too large to be drawn.
///
/// It shares nothing with what computes the probability but the counts: people, days or values are drawn by `rand::seq::index`, and of a rate it is drawn for each whether any of
/// its flows leaks.
pub fn found(
    (key, entity): (Key, u64),
    (leak, unit): (Leak, Unit),
    (all, leaked): (&ProhibitedFlows, &LeakedFlows),
    (n, draws): (u64, u32),
) -> Option<f64> {
    if draws == 0 || n.saturating_mul(draws.into()) > MOST {
        return None;
    }
    let leaked_numbers: Vec<(u64, f64)> = match (leak, unit) {
        (Leak::Rate(rate), Unit::Records) => over_leaked(leaked.flows(), rate).collect(),
        _ => Vec::new(),
    };
    let mut hits = 0u32;
    for draw in 0..draws {
        let mut rng = key.rng(Domain::Audit, 1 << 62 | entity, draw.into());
        let shows = match unit {
            Unit::People => any(&mut rng, n, leak, leaked.about.len(), |person| leaked.about[person].into()),
            Unit::Days => any(&mut rng, n, leak, leaked.on.len(), |day| leaked.on[day]),
            Unit::Records => {
                let some = match leak {
                    Leak::Rate(_) => drawn_number(&mut rng, &leaked_numbers),
                    _ => leaked.flows(),
                };
                let of = all.rest + some;
                index::sample(&mut rng, usize::try_from(of).ok()?, n.min(of) as usize)
                    .into_iter()
                    .any(|i| (i as u64) < some)
            }
        };
        hits += u32::from(shows);
    }
    Some(f64::from(hits) / f64::from(draws))
}

/// Whether any of `n` of `of` things shows its flows.
fn any(rng: &mut PhiloxRng, n: u64, leak: Leak, of: usize, flows: impl Fn(usize) -> u64) -> bool {
    let drawn = index::sample(rng, of, (n as usize).min(of));
    drawn.into_iter().any(|thing| match (flows(thing), leak) {
        (0, _) => false,
        // The chance that none of its flows leaks.
        (n, Leak::Rate(rate)) => unit(rng) >= libm::pow(1.0 - rate, n as f64),
        _ => true,
    })
}

/// One of the numbers, as likely as it is.
fn drawn_number(rng: &mut PhiloxRng, numbers: &[(u64, f64)]) -> u64 {
    let mut at = unit(rng);
    let found = numbers.iter().find(|(_, p)| {
        at -= p;
        at < 0.0
    });
    found.or(numbers.last()).map_or(0, |of| of.0)
}

/// A number in [0, 1).
fn unit(rng: &mut PhiloxRng) -> f64 {
    (rng.next_u64() >> 11) as f64 / (1u64 << 53) as f64
}
