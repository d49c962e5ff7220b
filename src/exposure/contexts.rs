//! Contexts: what a person can do, or be told of, that policies tell apart. A context that a person was in on a day is a mark, a bit.

use std::collections::{HashMap, HashSet};

use super::way::Way;
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
    /// Whether policies decide alike about all events between two.
    pairs: bool,
}

impl KindPartition {
    /// `same` says whether policies decide alike about two kinds; those by which people are told of in another way are apart all the same.
    fn new(same: impl Fn(usize, usize) -> bool) -> Self {
        let way = |kind: usize| Way::of_others(Kind::ALL[kind]);
        let mut partition = KindPartition::default();
        for kind in 0..KINDS {
            let alike = |first: usize| way(first) == way(kind) && same(first, kind);
            let known = partition.first.iter().position(|&first| alike(first));
            partition.of[kind] = known.unwrap_or(partition.first.len()) as u8;
            if known.is_none() {
                partition.first.push(kind);
            }
        }
        partition.count = partition.first.len();
        let message = Kind::TextMessage as usize;
        partition.pairs =
            (message..=Kind::OtherMessage as usize).chain([Kind::Call as usize]).all(|k| same(message, k));
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

    /// Whether policies decide alike about all events between two: messages and calls.
    pub fn pairs(&self) -> bool {
        self.pairs
    }

    /// Whether the kinds of messages to one person are alike, and those to groups.
    pub fn messages(&self) -> bool {
        let one = |kinds: &[Kind]| kinds.iter().all(|k| self.of(*k as u8) == self.of(kinds[0] as u8));
        one(&Kind::ALL[Kind::TextMessage as usize..=Kind::OtherMessage as usize])
            && one(&Kind::ALL[Kind::GroupText as usize..=Kind::GroupOther as usize])
    }
}

/// Contexts of a run: what a mark stands for, and what it discloses.
///
/// On a day only the contexts of its period occur, and those are few even if the run has many. So marks are numbered within the period: a day's
/// marks of a person are a word, or some words if a period tells more than [`BITS`] contexts apart. What a word means over the run is its *plane*:
/// periods whose contexts are the same share it.
#[derive(Clone, Debug)]
pub struct Contexts {
    /// Per period: kinds that are alike.
    pub partition: Vec<KindPartition>,
    /// Per period: mark of an actor, by kind.
    pub(super) actor: Vec<Vec<u32>>,
    /// Per period: mark of a counterparty, by kind and actor group.
    pub(super) counterparty: Vec<Vec<u32>>,
    /// Per period: mark of who is sent a message, by class of the actor, if a person's marks are one word.
    pub message_marks: Vec<Vec<u16>>,
    /// The same of who is listed in an address book.
    pub listing_marks: Vec<Vec<u16>>,
    /// Per period: the planes of its words.
    planes_of: Vec<Vec<usize>>,
    /// Per plane: the context of each bit.
    planes: Vec<Vec<u32>>,
    /// Masks of a context: class, policy, purpose, layer.
    masks: Vec<Box<[u32]>>,
    /// The same for people who left the service, if anybody may. Masks are by the class of before, so that one class goes with all of a person's
    /// marks.
    masks_after_leaving: Vec<Box<[u32]>>,
    /// Whether a context is one of actors: what it discloses is by the person's own act.
    own_act: Vec<bool>,
}

/// A word of marks, over the run, and whether it is of people who left the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plane {
    /// Number, below [`Contexts::planes`].
    pub number: usize,
    /// Whether these are marks of people since they left.
    pub left: bool,
}

impl Plane {
    /// How many places there are for so many planes.
    pub fn places(planes: usize) -> usize {
        2 * planes
    }

    /// Its place among all planes, those since people left in between.
    pub fn place(self) -> usize {
        2 * self.number + usize::from(self.left)
    }

    /// The plane of a place.
    pub fn at(place: usize) -> Self {
        Plane { number: place / 2, left: place % 2 == 1 }
    }
}

/// No mark: nothing is disclosed in the context under any policy.
pub(super) const NONE: u32 = u32::MAX;

impl Contexts {
    /// Finds the contexts that the policies tell apart.
    pub fn new(compiled: &Compiled) -> Self {
        let groups = compiled.actor_groups();
        // Most contexts have a key that was there: then nothing is looked up class by class.
        let mut known: HashMap<(bool, Vec<u32>), u32> = HashMap::new();
        // What acts of one's own disclose is told apart from what those of others do.
        let mut number: HashMap<(bool, Box<[u32]>), u32> = HashMap::new();
        let (mut masks, mut own_act) = (Vec::new(), Vec::new());
        let mut intern = |period: usize, kind: usize, group: Option<usize>| {
            *known.entry((group.is_none(), compiled.context_key(period, kind, group))).or_insert_with(|| {
                let context = compiled.context_masks(period, kind, group);
                if context.iter().all(|&m| m == 0) {
                    return NONE;
                }
                *number.entry((group.is_none(), context)).or_insert_with_key(|(own, s)| {
                    masks.push(s.clone());
                    own_act.push(*own);
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
        let mut planes = Vec::new();
        let mark_within = |(a, c): (&mut Vec<u32>, &mut Vec<u32>)| {
            let (words, place) = planes_of_period(a.iter().chain(c.iter()).copied(), &mut planes);
            for context in a.iter_mut().chain(c).filter(|context| **context != NONE) {
                *context = place[context];
            }
            words
        };
        let planes_of = actor.iter_mut().zip(&mut counterparty).map(mark_within).collect();
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
        let (message_marks, listing_marks) = (by_class(Kind::TextMessage), by_class(Kind::ContactSync));
        let leaves = compiled.left.iter().enumerate().any(|(class, &left)| class != usize::from(left));
        let mut masks_after_leaving = Vec::new();
        if leaves {
            let width = compiled.policies * compiled.purposes * compiled.layers();
            let after = |m: &[u32]| {
                compiled.left.iter().flat_map(|&l| m[usize::from(l) * width..][..width].iter().copied()).collect()
            };
            masks_after_leaving = masks.iter().map(|m| after(m)).collect();
        }
        Contexts {
            partition,
            actor,
            counterparty,
            message_marks,
            listing_marks,
            planes_of,
            planes,
            masks,
            masks_after_leaving,
            own_act,
        }
    }

    /// Number of contexts, those of people who left among them.
    pub fn count(&self) -> usize {
        self.masks.len() + self.masks_after_leaving.len()
    }

    /// Number of planes: words of marks that a person takes over the run, without those since they left.
    pub fn planes(&self) -> usize {
        self.planes.len()
    }

    /// Planes of the words of marks that a person takes on a day of a period.
    pub fn planes_of(&self, period: usize) -> &[usize] {
        &self.planes_of[period]
    }

    /// Whether a person's marks of a day of a period are one word.
    pub fn is_one_word(&self, period: usize) -> bool {
        self.planes_of[period].len() == 1
    }

    /// Most words of marks that a person takes on a day.
    pub fn words(&self) -> usize {
        self.planes_of.iter().map(Vec::len).max().unwrap_or(1)
    }

    /// Whether people may leave the service.
    pub fn leaves(&self) -> bool {
        !self.masks_after_leaving.is_empty()
    }

    /// Contexts of a plane.
    pub fn bits(&self, plane: usize) -> usize {
        self.planes[plane].len()
    }

    /// What the context of a bit of a plane discloses: masks by class, policy, purpose, layer.
    pub fn masks(&self, plane: Plane, bit: usize) -> &[u32] {
        let masks = if plane.left { &self.masks_after_leaving } else { &self.masks };
        &masks[self.planes[plane.number][bit] as usize]
    }

    /// Whether the context of a bit of a plane is one of actors: what it discloses is by the person's own act.
    pub fn is_own_act(&self, plane: Plane, bit: usize) -> bool {
        self.own_act[self.planes[plane.number][bit] as usize]
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

/// Gives the contexts of a period their planes, new ones if none has them all, and each its mark: [`BITS`] times the word, plus the bit.
fn planes_of_period(
    contexts: impl Iterator<Item = u32>,
    planes: &mut Vec<Vec<u32>>,
) -> (Vec<usize>, HashMap<u32, u32>) {
    let mut seen = HashSet::new();
    let distinct: Vec<u32> = contexts.filter(|context| *context != NONE && seen.insert(*context)).collect();
    let mut words: Vec<usize> = Vec::new();
    let mut marks = HashMap::new();
    // A word even if nothing is ever disclosed.
    for contexts in distinct.chunks(BITS).chain(distinct.is_empty().then_some(&[][..])) {
        let has_all = |(number, plane): (usize, &Vec<u32>)| {
            !words.contains(&number) && contexts.iter().all(|context| plane.contains(context))
        };
        let plane = (0..).zip(planes.iter()).position(has_all).unwrap_or_else(|| {
            planes.push(contexts.to_vec());
            planes.len() - 1
        });
        for (bit, context) in planes[plane].iter().enumerate().filter(|(_, context)| contexts.contains(context)) {
            marks.insert(*context, (words.len() * BITS + bit) as u32);
        }
        words.push(plane);
    }
    (words, marks)
}

fn mark(context: u32) -> u16 {
    if context == NONE { 0 } else { 1 << (context % BITS as u32) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_of_the_same_contexts_share_a_plane() {
        let mut planes = Vec::new();
        let mut of = |contexts: &[u32]| planes_of_period(contexts.iter().copied(), &mut planes);
        let (words, marks) = of(&[7, NONE, 3, 7]);
        assert_eq!((words, marks[&7], marks[&3], marks.len()), (vec![0], 0, 1, 2));
        // Fewer of them, in another order: marks are those of the plane.
        assert_eq!(of(&[3]), (vec![0], HashMap::from([(3, 1)])));
        // A new one: a plane of its own.
        assert_eq!(of(&[3, 8]).0, [1]);
        // More than a word has bits; and none at all, which is a word too.
        let (words, marks) = of(&(100..120).collect::<Vec<_>>());
        assert_eq!((words, marks[&115], marks[&116], marks[&119]), (vec![2, 3], 15, 16, 19));
        assert_eq!(of(&[]), (vec![0], HashMap::new()));
    }
}
