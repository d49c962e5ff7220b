//! Contexts: what a person can do, or be told of, that policies tell apart. A context that a person was in on a day is a mark, a bit.

use std::collections::HashMap;

use crate::policy::Compiled;
use crate::scenario::Kind;

const KINDS: usize = Kind::COUNT;

/// Which kinds of event are alike to all policies, and to all classes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KindPartition {
    of: [u8; KINDS],
    first: Vec<usize>,
    /// Number of merged kinds.
    pub count: usize,
}

impl KindPartition {
    fn new(same: impl Fn(usize, usize) -> bool) -> Self {
        let mut partition = KindPartition::default();
        for kind in 0..KINDS {
            let known = partition.first.iter().position(|&first| same(first, kind));
            partition.of[kind] = known.unwrap_or(partition.first.len()) as u8;
            if known.is_none() {
                partition.first.push(kind);
            }
        }
        partition.count = partition.first.len();
        partition
    }

    /// Merged kind of a kind.
    #[inline(always)]
    pub fn of(&self, kind: u8) -> usize {
        usize::from(self.of[usize::from(kind) % KINDS])
    }

    /// A kind of a merged kind.
    pub fn first(&self, merged: usize) -> usize {
        self.first[merged]
    }

    /// Whether all kinds of events between two are alike: messages and calls.
    pub fn pairs(&self) -> bool {
        let messages = &self.of[Kind::TextMessage as usize..=Kind::OtherMessage as usize];
        messages.iter().all(|of| *of == self.of[Kind::Call as usize])
    }

    /// Whether the kinds of messages to one person are alike, and those to groups.
    pub fn messages(&self) -> bool {
        let one = |kinds: &[Kind]| kinds.iter().all(|k| self.of(*k as u8) == self.of(kinds[0] as u8));
        one(&Kind::ALL[Kind::TextMessage as usize..=Kind::OtherMessage as usize])
            && one(&Kind::ALL[Kind::GroupText as usize..=Kind::GroupOther as usize])
    }
}

/// Contexts of a run: what a mark stands for, and what it discloses.
#[derive(Clone, Debug)]
pub struct Contexts {
    /// Per period: kinds that are alike.
    pub partition: Vec<KindPartition>,
    /// Per period: mark of an actor, by kind.
    pub(super) actor: Vec<Vec<u32>>,
    /// Per period: mark of a counterparty, by kind and actor group.
    pub(super) counterparty: Vec<Vec<u32>>,
    /// Per period: mark of who is sent a message, by class of the actor, if a person's marks are one word.
    pub told_by_class: Vec<Vec<u16>>,
    /// The same of who is listed in an address book.
    pub listed_by_class: Vec<Vec<u16>>,
    /// Masks of a context: class, policy, purpose, layer.
    pub(super) masks: Vec<Box<[u32]>>,
    /// If people may leave the service: a person's mark after leaving is this much further on. Masks are by the class of
    /// before, so that one class goes with all of a person's marks.
    pub(super) left: Option<usize>,
}

/// No mark: nothing is disclosed in the context under any policy.
pub(super) const NONE: u32 = u32::MAX;

impl Contexts {
    /// Finds the contexts that the policies tell apart.
    pub fn new(compiled: &Compiled) -> Self {
        let groups = compiled.actor_groups();
        // Most contexts have a key that was there: then nothing is looked up class by class.
        let mut known: HashMap<(bool, Vec<u32>), u32> = HashMap::new();
        let mut number: HashMap<Box<[u32]>, u32> = HashMap::new();
        let mut masks = Vec::new();
        let mut intern = |period: usize, kind: usize, group: Option<usize>| {
            *known.entry((group.is_none(), compiled.context_key(period, kind, group))).or_insert_with(|| {
                let context = compiled.context_masks(period, kind, group);
                if context.iter().all(|&m| m == 0) {
                    return NONE;
                }
                *number.entry(context).or_insert_with_key(|s| {
                    masks.push(s.clone());
                    masks.len() as u32 - 1
                })
            })
        };
        let (mut actor, mut counterparty) = (Vec::new(), Vec::new());
        for period in 0..compiled.periods.len() {
            let mut a = Vec::new();
            let mut c = Vec::new();
            for kind in 0..KINDS {
                a.push(intern(period, kind, None));
                c.extend((0..groups).map(|group| intern(period, kind, Some(group))));
            }
            actor.push(a);
            counterparty.push(c);
        }
        let partition = actor.iter().zip(&counterparty).map(|(a, c): (&Vec<u32>, &Vec<u32>)| {
            KindPartition::new(|i, j| a[i] == a[j] && c[i * groups..][..groups] == c[j * groups..][..groups])
        });
        let partition = partition.collect();
        let by_class = |kind: Kind| {
            let of = |c: &Vec<u32>| {
                let group = |&g: &u16| mark(c[kind as usize * groups + usize::from(g)]);
                compiled.actor_group.iter().map(group).collect()
            };
            counterparty.iter().map(of).collect()
        };
        let (told_by_class, listed_by_class) = (by_class(Kind::TextMessage), by_class(Kind::ContactSync));
        let leaves = compiled.left.iter().enumerate().any(|(class, &left)| class != usize::from(left));
        let left = leaves.then_some(masks.len());
        if leaves {
            let width = compiled.policies * compiled.purposes * compiled.layers();
            let after = |m: &[u32]| {
                compiled.left.iter().flat_map(|&l| m[usize::from(l) * width..][..width].iter().copied()).collect()
            };
            masks.extend(masks.iter().map(|m| after(m)).collect::<Vec<Box<[u32]>>>());
        }
        Contexts { partition, actor, counterparty, told_by_class, listed_by_class, masks, left }
    }

    /// Number of contexts.
    pub fn count(&self) -> usize {
        self.masks.len()
    }

    /// Words of marks that a person takes.
    pub fn width(&self) -> usize {
        self.count().div_ceil(BITS).max(1)
    }

    /// Mark of an actor, if a person's marks are one word.
    pub fn actor_mark(&self, period: usize, kind: Kind) -> u16 {
        mark(self.actor[period][kind as usize])
    }

    /// Mark of a counterparty of actors of a group, if a person's marks are one word.
    pub fn counterparty_mark(&self, period: usize, kind: Kind, group: u16, groups: usize) -> u16 {
        mark(self.counterparty[period][kind as usize * groups + usize::from(group)])
    }
}

/// Marks in a word.
pub(super) const BITS: usize = 16;

fn mark(context: u32) -> u16 {
    if context == NONE { 0 } else { 1 << (context % BITS as u32) }
}
