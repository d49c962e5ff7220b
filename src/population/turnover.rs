//! Ties come and go: from time to time the alters of a circle change places, while each ego's signature stays (Miritello et al. 2013: people keep their number of
//! contacts and turn over who they are; Saramäki et al. 2014).

use super::circle::Circles;
use super::circle_kinds::CIRCLES;
use super::contact_table::Origin;
use super::layout::MAX_COMMUNITY;
use crate::random::{Domain, Key, Stream};

/// People whose households and friends lie within them: a household of each of four circles of friends.
const BLOCK: u32 = CIRCLES[0].1 * CIRCLES[1].1;
/// Those of the widest circle.
const WIDEST: u32 = CIRCLES[3].1;

const BLOCKS: usize = (MAX_COMMUNITY as u32 / BLOCK) as usize;
const WIDEST_BLOCKS: usize = (MAX_COMMUNITY as u32 / WIDEST) as usize;

/// When alters change places. What is near in rank changes places often, what is far apart seldom: a tie has its spells, and in the long run comes and goes.
#[derive(Clone, Copy, Debug)]
pub struct Turnover {
    key: Key,
    /// Days between two changes of a circle, 0 for never: between neighbouring ranks, and between halves and quarters of the circle.
    days: [u32; 2],
}

/// Today's exclusive-or masks, by block: of local indices, and of places.
#[derive(Clone, Debug)]
pub struct TurnoverDay {
    near: [u16; BLOCKS],
    wider: [u16; WIDEST_BLOCKS],
}

impl Default for TurnoverDay {
    fn default() -> Self {
        TurnoverDay { near: [0; BLOCKS], wider: [0; WIDEST_BLOCKS] }
    }
}

/// Ranks change places often by these bits of the exclusive or, seldom by those.
const NEAR: [u32; 2] = [0x0f, 0x30];
const WIDER: [u32; 2] = [0x03, 0x1c];

impl Turnover {
    /// Alters change places every so many days, often and seldom.
    pub fn new(key: Key, days: [u32; 2]) -> Self {
        Turnover { key, days }
    }

    /// The masks of a day of a community.
    pub fn fill(&self, community: u32, day: u32, to: &mut TurnoverDay) {
        if self.days == [0; 2] {
            return;
        }
        let [near, wider, ..] = self.key.streams(Domain::Turnover, community.into(), 0, 0);
        for (stream, masks, bits) in [(near, &mut to.near[..], NEAR), (wider, &mut to.wider[..], WIDER)] {
            for (block, mask) in (0..).zip(masks) {
                let word = stream.at(block);
                let clocks = self.days.into_iter().zip([word as u32, (word >> 32) as u32]);
                *mask =
                    clocks.zip(bits).fold(0, |mask, ((days, word), bits)| mask | new(word, days, day) & bits) as u16;
            }
        }
    }
}

/// The bits of a period of so many days; the word decides on which day it begins.
fn new(word: u32, days: u32, day: u32) -> u32 {
    if days == 0 {
        return 0;
    }
    let phase = ((u64::from(word) * u64::from(days)) >> 32) as u32;
    Stream::new(u64::from(word)).at(u64::from((day + phase) / days)) as u32
}

impl TurnoverDay {
    /// From where a user's contacts are counted.
    #[inline(always)]
    pub fn origin(&self, circles: &Circles, user: u16) -> Origin {
        let place = circles.wider().1[usize::from(user)];
        let near = user ^ self.near[usize::from(user) / BLOCK as usize];
        Origin { user, place, near, wider: place ^ self.wider[usize::from(place) / WIDEST as usize] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_change_as_often_as_they_are_to_and_by_no_more_than_a_circle() {
        let turnover = Turnover::new(Key::new(4, 0), [5, 50]);
        let masks = |day: u32| {
            let mut masks = Box::<TurnoverDay>::default();
            turnover.fill(3, day, &mut masks);
            masks
        };
        let days: Vec<_> = (0..500).map(masks).collect();
        assert!(days.iter().all(|day| day.near.iter().all(|m| *m < 64) && day.wider.iter().all(|m| *m < 32)));
        for (bits, every, same) in [(0x0c, 5.0, 0.25), (0x30, 50.0, 0.25), (0x03, 5.0, 0.25)] {
            // Two bits stay as they were by chance once in four.
            let changes =
                days.windows(2).map(|d| (0..BLOCKS).filter(|&i| (d[0].near[i] ^ d[1].near[i]) & bits != 0).count());
            let per_day = changes.sum::<usize>() as f64 / 499.0 / BLOCKS as f64;
            assert!((per_day * every / (1.0 - same) - 1.0).abs() < 0.03, "{bits:b}: {per_day}");
        }
        let mut never = TurnoverDay::default();
        Turnover::new(Key::new(4, 0), [0, 0]).fill(3, 77, &mut never);
        assert!(never.near.iter().chain(&never.wider).all(|&mask| mask == 0));
    }
}
