//! The straightforward loop: for each event, policy and purpose look up what is let out, and add.

use std::hint::black_box;

use outflow::simulate::Threads;

use crate::data::{Answer, Data, Figures, Given, Masks};
use crate::rounds::Contestant;

/// Sums and people of a part of the events.
struct Counts {
    figures: Answer,
    /// A bit for each person, by policy and purpose.
    seen: Vec<Vec<u64>>,
}

/// The loop. The masks of all policies and purposes stand beside each other, so that an event costs two look-ups of
/// classes and two of masks; that is as far as one gets without thinking about what policies have in common.
fn count(given: &Given, masks: &Masks, from: usize, to: usize) -> Counts {
    let words = given.class.len().div_ceil(64);
    let mut figures = vec![Figures::default(); masks.cells];
    let mut seen = vec![vec![0u64; words]; masks.cells];
    for ((&actor, &target), &kind) in
        given.actor[from..to].iter().zip(&given.target[from..to]).zip(&given.kind[from..to])
    {
        let (actor, target) = (actor as usize, target as usize);
        let about_actor = masks.of_actor(kind, given.class[actor]);
        let about_target = masks.of_counterparty(kind, given.class[target]);
        for (((a, t), figures), seen) in about_actor.iter().zip(about_target).zip(&mut figures).zip(&mut seen) {
            figures.values += u64::from(a.values + t.values);
            figures.bytes += u64::from(a.bytes + t.bytes);
            figures.events += u64::from(a.categories | t.categories != 0);
            seen[actor / 64] |= u64::from(a.categories != 0) << (actor % 64);
            seen[target / 64] |= u64::from(t.categories != 0) << (target % 64);
        }
    }
    Counts { figures, seen }
}

/// What the loop answers about some events.
pub fn answer_of(given: &Given, masks: &Masks, threads: &Threads) -> Answer {
    let (n, length) = (given.kind.len(), given.kind.len().div_ceil(threads.count()));
    let mut parts: Vec<Counts> =
        threads.each(|thread| count(given, masks, (thread * length).min(n), ((thread + 1) * length).min(n)));
    let mut sum = parts.swap_remove(0);
    for part in parts {
        for (sum, more) in sum.figures.iter_mut().zip(&part.figures) {
            sum.values += more.values;
            sum.events += more.events;
            sum.bytes += more.bytes;
        }
        for (sum, more) in sum.seen.iter_mut().flatten().zip(part.seen.iter().flatten()) {
            *sum |= more;
        }
    }
    for (figures, seen) in sum.figures.iter_mut().zip(&sum.seen) {
        figures.people = seen.iter().map(|w| u64::from(w.count_ones())).sum();
    }
    sum.figures
}

/// What the loop answers.
pub fn answer(data: &Data, threads: &Threads) -> Answer {
    answer_of(&data.given, &data.masks, threads)
}

/// The loop as a contestant.
pub fn contestant<'a>(data: &'a Data, expected: &Answer, threads: usize) -> Contestant<'a> {
    let pool = Threads::start(threads);
    assert_eq!(&answer(data, &pool), expected, "the loop on {threads} threads");
    Contestant::new("straightforward loop", threads, data.events(), move || {
        black_box(answer(data, &pool));
    })
}
