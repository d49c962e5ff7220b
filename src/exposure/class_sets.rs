//! Sets of classes: what an event's audience consists of, and about which classes something is disclosed.
//!
//! Whether anything of an event is disclosed depends on who is in its audience, but only on their classes; there are few
//! distinct sets of those, so events are tallied by set.

use std::collections::HashMap;

use crate::policy::{Compiled, DecisionIndex};
use crate::random::mix;
use crate::scenario::Kind;
use crate::simd::ones;

const KINDS: usize = Kind::COUNT;

/// Maps of words that we make ourselves: nobody chooses them to collide. Hashes are the same in every run.
type Words<K, V> = HashMap<K, V, foldhash::fast::FixedState>;

/// Sets of classes that audiences consist of, and how many events each had.
#[derive(Clone, Debug, Default)]
pub(super) struct InternedClassSets {
    index: Words<Box<[u64]>, u32>,
    /// Words of bits, one bit per class, by number.
    pub(super) words: Vec<Box<[u64]>>,
    /// Events by set, home class and merged kind, of the first sets.
    counts: Vec<u64>,
    /// Events of sets beyond these, by set and place in its counters: address books that list people of many classes are sets of their own,
    /// of each of which there is one event or two.
    more: Words<u64, u64>,
    /// Number of each set of a community's own classes, if there are few of them; [`InternedClassSets::UNKNOWN`] until it is asked for.
    local: Vec<u32>,
    /// Sets that were asked for lately, by a word that stands for each.
    recent: Vec<(u64, u32)>,
}

impl InternedClassSets {
    const UNKNOWN: u32 = u32::MAX;
    const RECENT: usize = 512;
    /// Most counters of the first sets.
    const MOST: usize = 1 << 18;
    /// Most classes of a community whose sets are looked up without hashing.
    const FEW: usize = 10;

    /// Number of a set; a new one begins with no events, `width` counters.
    pub(super) fn number(&mut self, words: &[u64], width: usize) -> u32 {
        if let Some(&number) = self.index.get(words) {
            return number;
        }
        let number = self.words.len() as u32;
        self.index.insert(words.into(), number);
        self.words.push(words.into());
        if self.words.len() * width <= Self::MOST {
            self.counts.resize(self.words.len() * width, 0);
        }
        number
    }

    /// Adds events of a set of `width` counters, to the one at this place.
    #[inline]
    pub(super) fn add(&mut self, set: u32, place: usize, width: usize, events: u64) {
        let at = set as usize * width + place;
        match self.counts.get_mut(at) {
            Some(count) => *count += events,
            None => *self.more.entry(at as u64).or_default() += events,
        }
    }

    /// Sets and places in their counters with events, and how many.
    pub(super) fn counted(&self, width: usize) -> impl Iterator<Item = (usize, usize, u64)> {
        let first = self.counts.iter().enumerate().map(|(at, &events)| (at, events)).filter(|(_, events)| *events > 0);
        let more = self.more.iter().map(|(&at, &events)| (at as usize, events));
        first.chain(more).map(move |(at, events)| (at / width, at % width, events))
    }

    /// Number of the set that a word stands for, if it was asked for lately.
    pub(super) fn known(&self, word: Option<u64>) -> Option<u32> {
        let word = word?;
        let &(known, number) = self.recent.get(mix(word) as usize % Self::RECENT)?;
        (known == word && number != Self::UNKNOWN).then_some(number)
    }

    /// Keeps the number of the set that a word stands for.
    pub(super) fn remember(&mut self, word: Option<u64>, number: u32) {
        if let Some(word) = word {
            self.recent.resize(Self::RECENT, (0, Self::UNKNOWN));
            self.recent[mix(word) as usize % Self::RECENT] = (word, number);
        }
    }

    /// Number of a set of classes `first`, `first + 1`, ... that are given as bits; there are `classes` in all.
    pub(super) fn local_number(&mut self, bits: u32, first: usize, classes: usize, width: usize) -> u32 {
        let few = bits < 1 << Self::FEW;
        if few {
            self.local.resize(1 << Self::FEW, Self::UNKNOWN);
            let known = self.local[bits as usize];
            if known != Self::UNKNOWN {
                return known;
            }
        }
        let mut words = vec![0u64; classes.div_ceil(64)];
        add_local(&mut words, bits, first);
        let number = self.number(&words, width);
        if few {
            self.local[bits as usize] = number;
        }
        number
    }
}

/// Adds classes `first`, `first + 1`, ... that are given as bits to a set.
pub(super) fn add_local(words: &mut [u64], bits: u32, first: usize) {
    for bit in ones(bits.into()) {
        let class = first + bit;
        words[class / 64] |= 1 << (class % 64);
    }
}

/// Sets of the classes about which something is disclosed as counterparties: period, policy, purpose, kind, actor group.
pub(super) fn disclosed_classes(compiled: &Compiled) -> Vec<u64> {
    let words = compiled.classes.len().div_ceil(64);
    let mut all = Vec::new();
    for period in 0..compiled.periods.len() {
        for policy in 0..compiled.policies {
            for purpose in 0..compiled.purposes {
                for kind in 0..KINDS {
                    for group in 0..compiled.actor_groups() {
                        let from = all.len();
                        all.resize(from + words, 0);
                        let at = DecisionIndex { period, policy, purpose, kind };
                        for class in 0..compiled.classes.len() {
                            let some = compiled.counterparty_mask(at, group, class, 0) != 0;
                            all[from + class / 64] |= u64::from(some) << (class % 64);
                        }
                    }
                }
            }
        }
    }
    all
}
