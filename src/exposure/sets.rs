//! Sets of classes: what an event's audience consists of, and about which classes something is disclosed.
//!
//! Whether anything of an event is disclosed depends on who is in its audience, but only on their classes; there are few
//! distinct sets of those, so events are tallied by set.

use std::collections::HashMap;

use crate::policy::{At, Compiled};
use crate::scenario::Kind;

const KINDS: usize = Kind::COUNT;

/// Sets of classes that audiences consist of, and how many events each had.
#[derive(Debug, Default)]
pub(super) struct Sets {
    index: HashMap<Box<[u64]>, u32>,
    /// Words of bits, one bit per class, by number.
    pub(super) words: Vec<Box<[u64]>>,
    /// Events by set, home class and kind.
    pub(super) counts: Vec<u32>,
}

impl Sets {
    /// Number of a set; a new one begins with no events.
    pub(super) fn number(&mut self, words: &[u64], homes: usize) -> u32 {
        if let Some(&number) = self.index.get(words) {
            return number;
        }
        let number = self.words.len() as u32;
        self.index.insert(words.into(), number);
        self.words.push(words.into());
        self.counts.resize(self.words.len() * homes * KINDS, 0);
        number
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
                        let at = At { period, policy, purpose, kind };
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
