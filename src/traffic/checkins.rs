//! Check-ins, many users at a time.

use super::batch::Batch;
use super::model::Clock;
use crate::rng::{Stream, mix};
use crate::scenario::Kind;
use crate::vector::kernels;
use crate::world::NOBODY;

/// Check-ins of a user are written so many at a time.
const SPREAD: usize = 4;

/// Appends the check-ins of users from local index `user` on to a batch: `n` of each, at times that the streams that start at `rest`
/// have from number `first` on.
pub fn check_in(
    batch: &mut Batch,
    clock: &Clock,
    bytes: u32,
    user: u32,
    n: &[u16],
    rest: &[u64],
    first: u64,
    words: &mut Vec<u64>,
) {
    let all: usize = n.iter().map(|&n| usize::from(n)).sum();
    words.resize((all + SPREAD).max(words.len()), 0);
    let to = batch.spare(all + SPREAD);
    spread(n, rest, user, first, &mut words[..all + SPREAD], to.actor);
    times(clock, &mut words[..all], &mut to.time[..all]);
    to.target.fill(NOBODY);
    to.kind.fill(Kind::DeviceCheckin as u8);
    to.bytes.fill(bytes);
    to.conversation.fill(0);
    batch.advance(all);
}

kernels! {
    /// Places of words, and actors.
    fn spread(n: &[u16], rest: &[u64], user: u32, first: u64, places: &mut [u64], actors: &mut [u32]) {
        let room = places.len();
        let (rest, actors) = (&rest[..n.len()], &mut actors[..room]);
        let mut at = 0;
        for (i, (&n, &rest)) in n.iter().zip(rest).enumerate() {
            let stream = Stream::new(rest);
            let mut done = 0;
            loop {
                if at + done > room - SPREAD {
                    break;
                }
                let number = first + done as u64;
                places[at + done..][..SPREAD].copy_from_slice(&[0, 1, 2, 3].map(|k| stream.place(number + k)));
                actors[at + done..][..SPREAD].fill(user + i as u32);
                done += SPREAD;
                if done >= usize::from(n) {
                    break;
                }
            }
            at += usize::from(n);
        }
    }

    /// Times of words at these places.
    fn times(clock: &Clock, words: &mut [u64], times: &mut [u32]) {
        for word in &mut *words {
            *word = mix(*word);
        }
        for (time, word) in times.iter_mut().zip(&*words) {
            *time = clock.when.at((word >> 32) as u32);
        }
    }
}
