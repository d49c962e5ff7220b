//! People's own clocks: who is early, who is late.

use super::layout::person_id;
use crate::random::{Domain, Key, Stream};

/// Kinds of clocks, from the earliest to the latest, each of as many people.
pub const CHRONOTYPES: usize = 8;

/// By which clock each person lives, for good.
#[derive(Clone, Copy, Debug)]
pub struct Chronotypes(Stream);

impl Chronotypes {
    /// Those of a replicate.
    pub fn new(key: Key) -> Self {
        let [stream, ..] = key.streams(Domain::Chronotype, 0, 0, 0);
        Chronotypes(stream)
    }

    /// Chronotype of a person of a community, below [`CHRONOTYPES`].
    #[inline(always)]
    pub fn of(&self, community: u32, local: u32) -> u8 {
        (self.0.at(person_id(community, local)) >> (64 - CHRONOTYPES.ilog2())) as u8
    }
}
