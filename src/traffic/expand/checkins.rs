//! Check-ins, many users at a time.

use crate::population::NOBODY;
use crate::random::{Stream, mix};
use crate::scenario::Kind;
use crate::simd::kernel;
use crate::traffic::batch::Batch;
use crate::traffic::diurnal_profile::DiurnalProfile;

/// Check-ins of a user are written so many at a time.
const SPREAD: usize = 4;

/// Users whose check-ins are made, in a row.
#[derive(Clone, Copy, Debug)]
pub struct Visitors<'a> {
    /// Local index of the first.
    pub first: u32,
    /// Check-ins of each.
    pub n: &'a [u16],
    /// Starts of the streams of each, which have the times from `number` on.
    pub streams: &'a [u64],
    /// See `streams`.
    pub number: u64,
    /// Chronotypes of each.
    pub chronotypes: &'a [u8],
}

/// Appends check-ins to a batch.
pub fn check_in(batch: &mut Batch, profile: &DiurnalProfile, bytes: u32, users: Visitors<'_>, words: &mut Vec<u64>) {
    let all: usize = users.n.iter().map(|&n| usize::from(n)).sum();
    words.resize((all + SPREAD).max(words.len()), 0);
    let to = batch.spare(all + SPREAD);
    spread(users, &mut words[..all + SPREAD], to.actor);
    times((profile, users), &to.actor[..all], &mut words[..all], &mut to.time[..all]);
    to.target.fill(NOBODY);
    to.kind.fill(Kind::DeviceCheckin as u8);
    to.bytes.fill(bytes);
    to.conversation.fill(0);
    batch.advance(all);
}

/// Places of words, and actors.
#[kernel]
fn spread(users: Visitors<'_>, places: &mut [u64], actors: &mut [u32]) {
    let room = places.len();
    let actors = &mut actors[..room];
    let mut at = 0;
    for (user, (&n, &start)) in (users.first..).zip(users.n.iter().zip(users.streams)) {
        let stream = Stream::new(start);
        let mut done = 0;
        loop {
            if at + done > room - SPREAD {
                break;
            }
            let number = users.number + done as u64;
            places[at + done..][..SPREAD].copy_from_slice(&[0, 1, 2, 3].map(|k| stream.place(number + k)));
            actors[at + done..][..SPREAD].fill(user);
            done += SPREAD;
            if done >= usize::from(n) {
                break;
            }
        }
        at += usize::from(n);
    }
}

/// Times of words at these places, by the clocks of those who act.
#[kernel]
fn times((profile, users): (&DiurnalProfile, Visitors<'_>), actors: &[u32], words: &mut [u64], times: &mut [u32]) {
    for word in &mut *words {
        *word = mix(*word);
    }
    for (time, (word, actor)) in times.iter_mut().zip(words.iter().zip(actors)) {
        *time = profile.at_by((word >> 32) as u32, users.chronotypes[(actor - users.first) as usize]);
    }
}
