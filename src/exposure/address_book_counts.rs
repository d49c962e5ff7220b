//! Uploads of address books, added up within a community's day: whom they list here, and which classes.
//!
//! A book lists stretches of people, which are added as differences from one person to the next, and a part of a chunk of the third
//! circle, whose members lie side by side in the order of that circle. Neither is looked at entry by entry.

use super::jurisdiction_classes::{MOST_CLASSES, union};
use crate::population::{AddressBookBatch, ByLocal, CHUNK, Circles, LOCAL_BITS, among, around, by_local};
use crate::simd::{each_bit, kernel, mask};

/// People of a stretch who are looked at first.
const WINDOW: usize = 32;
/// People who are added up at once: how often each is listed stays in the cache.
const PART: usize = 1024;
/// People of whom how often they are listed is added up in 32 bits: each by [`MAX_COMMUNITY`] owners at most, who upload their books fewer
/// than 256 times a day (`contact_syncs_per_active_day` is 100 at most, and beyond eight standard deviations nothing is drawn).
const FEW: usize = 1 << (32 - LOCAL_BITS - 8);

/// Everybody is of one class.
static NO_CLASSES: ByLocal<u8> = [0; 1 << LOCAL_BITS];

/// What uploads say of the people of a community on a day.
#[derive(Clone, Debug, Default)]
pub(super) struct AddressBookCounts {
    /// Users by place in the order of the third circle, to the end of the last chunk.
    third: Vec<u16>,
    users: usize,
    /// Classes that occur among users, and among the other people, as bits.
    all: [u32; 2],
    /// By home class that stands for all alike as actors.
    listed: Vec<ListingCounts>,
    of_class: Vec<OfClass>,
    /// Classes of users, and of other people, whom each book of a block lists, as bits.
    seen: Vec<[u32; 2]>,
    /// Members of the owner's chunk whom each book lists, as bits.
    members: Vec<u32>,
}

/// Who is of a class.
#[derive(Clone, Debug, Default)]
struct OfClass {
    /// A bit for each person, and one word more.
    people: Vec<u64>,
    /// A bit for each user by place in the order of the third circle, a word for each chunk.
    chunks: Vec<u32>,
}

/// How often uploads list each local person: the sum of what follows. All is zero before the first upload of a day.
#[derive(Clone, Debug)]
struct ListingCounts {
    used: bool,
    /// As differences from one person to the next, and one more.
    people: Vec<i32>,
    /// Besides, of users.
    besides: Box<ByLocal<i32>>,
    /// Of users, by place in the order of the third circle.
    places: Vec<[i32; CHUNK]>,
}

impl Default for ListingCounts {
    fn default() -> Self {
        ListingCounts { used: false, people: Vec::new(), besides: by_local(0), places: Vec::new() }
    }
}

impl AddressBookCounts {
    /// Looks at the people of a community. `own` are their classes, counted from its first, of which `acting` act.
    pub fn look_around(&mut self, circles: &Circles, own: &[u8], acting: usize) {
        self.users = circles.users() as usize;
        // Nothing is equal to all bits, so that everybody is looked at.
        self.all = [&own[..self.users], &own[self.users..]].map(|own| union(own, u32::MAX));
        self.third.clear();
        self.third.extend_from_slice(&circles.wider().0[..self.users]);
        self.third.resize(self.users.next_multiple_of(CHUNK), 0);
        let classes = u32::BITS - (self.all[0] | self.all[1]).leading_zeros();
        self.of_class.resize_with(classes as usize, OfClass::default);
        for (class, of_class) in (0..).zip(&mut self.of_class) {
            of_class.people.resize(own.len().div_ceil(64) + 1, 0);
            of_class.chunks.resize(self.third.len() / CHUNK, 0);
            find(own, class, &mut of_class.people);
        }
        find_in_chunks(own, &self.third, self.users, &mut self.of_class);
        self.listed.resize_with(acting, ListingCounts::default);
        for listed in &mut self.listed {
            listed.people.resize(own.len() + 1, 0);
            listed.places.resize(self.third.len() / CHUNK, [0; CHUNK]);
        }
    }

    /// Looks at the circles of a community of so many people, whose classes nobody asks for: for [`AddressBookCounts::add_times`].
    pub fn look_at_circles(&mut self, circles: &Circles, people: usize) {
        self.users = circles.users() as usize;
        self.third.clear();
        self.third.extend_from_slice(&circles.wider().0[..self.users]);
        self.third.resize(self.users.next_multiple_of(CHUNK), 0);
        self.listed.resize_with(1, ListingCounts::default);
        let listed = &mut self.listed[0];
        listed.people.clear();
        listed.people.resize(people + 1, 0);
        listed.places.clear();
        listed.places.resize(self.third.len() / CHUNK, [0; CHUNK]);
    }

    /// Adds books, with how often each is uploaded, whatever the classes of owners and of those listed.
    pub fn add_times(&mut self, books: &AddressBookBatch, times: &[u32]) {
        self.listed[0].used = true;
        self.members.resize(books.owner.len(), 0);
        list(books, times, &NO_CLASSES, &[0; MOST_CLASSES], &self.third, &mut self.listed, &mut self.members);
    }

    /// Adds how often each person was listed to `times`, and forgets it.
    pub fn take_times(&mut self, times: &mut ByLocal<u32>) {
        let listed = &mut self.listed[0];
        if !std::mem::take(&mut listed.used) {
            return;
        }
        for (&user, n) in self.third[..self.users].iter().zip(listed.places.as_flattened()) {
            listed.besides[usize::from(user)] += n;
        }
        let mut sum = 0;
        let changes = listed.people[..listed.people.len() - 1].iter().zip(listed.besides.iter());
        for (times, (change, besides)) in times.iter_mut().zip(changes) {
            sum += change;
            *times += (sum + besides) as u32;
        }
        listed.besides[..self.users].fill(0);
        listed.places.as_flattened_mut().fill(0);
        listed.people.fill(0);
    }

    /// Adds books, with how often each is uploaded. `own` is the class of each person, counted from the first of the community, `stands` the
    /// class that stands for each as actor.
    pub fn add(&mut self, books: &AddressBookBatch, times: &[u32], own: &ByLocal<u8>, stands: &[u8; MOST_CLASSES]) {
        for &owner in &books.owner {
            let stands = stands[usize::from(own[usize::from(owner)]) % MOST_CLASSES];
            self.listed[usize::from(stands)].used = true;
        }
        self.seen.resize(books.owner.len(), [0; 2]);
        self.members.resize(books.owner.len(), 0);
        list(books, times, own, stands, &self.third, &mut self.listed, &mut self.members);
        look(books, own, &mut self.seen);
        // Most times the first of a stretch are of all the classes that there are, or of all but a rare one.
        for i in 0..self.seen.len() {
            let missing = [0, 1].map(|who| self.all[who] & !self.seen[i][who]);
            each_bit(missing[0].into(), |class| {
                self.seen[i][0] |= u32::from(self.lists_user(books, i, class)) << class
            });
            let ring = (books.rings[0], books.rings[1]);
            each_bit(missing[1].into(), |class| {
                let found = any(&self.of_class[class].people, ring, books.first_other[i], books.others[i]);
                self.seen[i][1] |= u32::from(found) << class;
            });
        }
    }

    /// Classes of the people here whom each of the books added last lists, as bits.
    pub fn classes(&self) -> impl Iterator<Item = u32> {
        self.seen.iter().map(|[users, others]| users | others)
    }

    /// Whether a book lists a user of a class.
    #[inline]
    fn lists_user(&self, books: &AddressBookBatch, i: usize, class: usize) -> bool {
        let (owner, first, stretch) = (books.owner[i], books.first[i], books.stretch[i]);
        let (OfClass { people, chunks }, ring) = (&self.of_class[class], (0, books.rings[0]));
        // Those of the stretch before the owner, and those after.
        let before = owner.wrapping_sub(first).wrapping_add(if owner >= first { 0 } else { ring.1 as u16 });
        let after = around(u32::from(owner) + 1, ring.1) as u16;
        any(people, ring, first, before)
            || any(people, ring, after, stretch - before)
            || chunks[usize::from(books.place[i]) / CHUNK] & self.members[i] != 0
    }

    /// Ends the day. For each home class that stands for owners who uploaded, marks everybody whom they list with `mark`, and calls
    /// `add` with it and how often people of each class were listed. `own` is the class of each person, counted from the first of the community.
    pub fn end_day(
        &mut self,
        own: &[u8],
        marks: &mut [u16],
        mark: impl Fn(usize) -> u16,
        mut add: impl FnMut(usize, &[u64]),
    ) {
        for (actor, listed) in self.listed.iter_mut().enumerate().filter(|(_, listed)| listed.used) {
            let places = listed.places.as_flattened_mut();
            for (&user, times) in self.third[..self.users].iter().zip(&*places) {
                listed.besides[usize::from(user)] += times;
            }
            let besides = &mut listed.besides[..self.users];
            let mut count = [0; MOST_CLASSES];
            let count = &mut count[..self.of_class.len()];
            listers(&listed.people, besides, own, mark(actor), marks, &mut [0; PART], count);
            add(actor, count);
            besides.fill(0);
            places.fill(0);
            listed.people.fill(0);
            listed.used = false;
        }
    }
}

/// Whether a bit is set of `len` from number `first` on of a ring, which is given by its first bit and its size.
#[inline]
fn any(bits: &[u64], (base, size): (u32, u32), first: u16, len: u16) -> bool {
    let (first, len) = (u32::from(first), u32::from(len));
    let until_end = len.min(size - first.min(size));
    any_of(bits, base + first, until_end) || any_of(bits, base, len - until_end)
}

/// Whether a bit is set of `len` from number `first` on.
#[inline]
fn any_of(bits: &[u64], first: u32, len: u32) -> bool {
    (0..len).step_by(64).any(|from| {
        let (word, shift, rest) = (((first + from) / 64) as usize, (first + from) % 64, len - from);
        // Two shifts, as one by 64 is none.
        let here = bits[word] >> shift | bits[word + 1] << 1 << (63 - shift);
        here << (64 - rest.min(64)) != 0
    })
}

/// Which of a chunk are equal to a number, as bits.
#[inline(always)]
fn equal(chunk: &[u8; CHUNK], number: u8) -> u32 {
    let mut bits = 0;
    for (at, &other) in chunk.iter().enumerate() {
        bits |= u32::from(other == number) << at;
    }
    bits
}

/// Adds `n` to each of `len` numbers from `first` on, of a ring that is given by differences, and one more.
#[inline(always)]
fn add_to_ring(ring: &mut [i32], first: u16, len: usize, n: i32) {
    let (first, size) = (usize::from(first), ring.len() - 1);
    let end = first + len;
    ring[first] += n;
    if end <= size {
        ring[end] -= n;
    } else {
        ring[size] -= n;
        ring[0] += n;
        ring[end - size] -= n;
    }
}

/// Classes that occur among the first of `len` people from `first` on, as bits.
#[inline(always)]
fn window(own: &ByLocal<u8>, first: usize, len: usize) -> u32 {
    // Lanes that are looked at, of those from `from` on.
    let from = first.min(own.len() - WINDOW);
    let (skip, len) = ((first - from) as u32, len.min(WINDOW) as u32);
    let own: &[u8; WINDOW] = own[from..].first_chunk().unwrap_or(&[0; WINDOW]);
    let mut seen = 0;
    for (lane, &own) in (0..WINDOW as u32).zip(own) {
        seen |= u32::from(lane.wrapping_sub(skip) < len) << (own % MOST_CLASSES as u8);
    }
    seen
}

/// Which people are of a class, as bits.
#[kernel]
fn find(own: &[u8], class: u8, people: &mut [u64]) {
    let (words, rest) = own.as_chunks::<64>();
    for (word, own) in people.iter_mut().zip(words) {
        *word = mask(|i| own[i] == class);
    }
    if let Some(word) = people.get_mut(words.len()) {
        *word = rest.iter().enumerate().fold(0, |word, (i, &own)| word | u64::from(own == class) << i);
    }
}

/// Which of the first `users` of chunks are of each class.
#[kernel]
fn find_in_chunks(own: &[u8], third: &[u16], users: usize, of_class: &mut [OfClass]) {
    for (chunk, members) in third.as_chunks::<CHUNK>().0.iter().enumerate() {
        let exist = u32::MAX >> CHUNK.saturating_sub(users - chunk * CHUNK);
        let members = members.map(|member| own[usize::from(member)]);
        for (class, of_class) in (0..).zip(&mut *of_class) {
            of_class.chunks[chunk] = equal(&members, class) & exist;
        }
    }
}

/// Adds books to those whom they list.
#[kernel]
fn list(
    books: &AddressBookBatch,
    times: &[u32],
    own: &ByLocal<u8>,
    stands: &[u8; MOST_CLASSES],
    third: &[u16],
    listed: &mut [ListingCounts],
    listed_members: &mut [u32],
) {
    let n = books.owner.len();
    let (first, stretch, first_other, others) =
        (&books.first[..n], &books.stretch[..n], &books.first_other[..n], &books.others[..n]);
    let (place, rank, times) = (&books.place[..n], &books.rank[..n], &times[..n]);
    let [users, ring] = books.rings;
    let (users_end, ring_end) = (users as usize, (users + ring) as usize);
    for (i, &owner) in books.owner.iter().enumerate() {
        let owner = usize::from(owner);
        let listed = &mut listed[usize::from(stands[usize::from(own[owner]) % MOST_CLASSES])];
        let times = times[i] as i32;
        add_to_ring(&mut listed.people[..=users_end], first[i], usize::from(stretch[i]) + 1, times);
        add_to_ring(&mut listed.people[users_end..=ring_end], first_other[i], others[i].into(), times);
        // The owner is in the middle of the stretch, and not a contact.
        listed.besides[owner] -= times;
    }
    let (chunks, _) = third.as_chunks::<CHUNK>();
    for (i, &owner) in books.owner.iter().enumerate() {
        let listed = &mut listed[usize::from(stands[usize::from(own[usize::from(owner)]) % MOST_CLASSES])];
        let (chunk, at_chunk) = (usize::from(place[i]) / CHUNK, place[i] % CHUNK as u16);
        let (members, places) = (&chunks[chunk], &mut listed.places[chunk]);
        let mut bits = 0;
        for at in 0..CHUNK {
            let is_listed = (at as u16 ^ at_chunk <= rank[i]) & !among(members[at], first[i], stretch[i], users);
            places[at] += times[i] as i32 & -i32::from(is_listed);
            bits |= u32::from(is_listed) << at;
        }
        listed_members[i] = bits;
    }
}

/// Classes of the first whom each book lists.
#[kernel]
fn look(books: &AddressBookBatch, own: &ByLocal<u8>, seen: &mut [[u32; 2]]) {
    let users = books.rings[0] as usize;
    for (i, (seen, &owner)) in seen.iter_mut().zip(&books.owner).enumerate() {
        let (first, owner) = (usize::from(books.first[i]), usize::from(owner));
        let end = if owner >= first { owner } else { users };
        let (first_other, ring) = (usize::from(books.first_other[i]), books.rings[1] as usize);
        let others = usize::from(books.others[i]).min(ring - first_other.min(ring));
        *seen = [window(own, first, end - first), window(own, users + first_other, others)];
    }
}

/// How often people of each class are listed, from differences, and the first of them besides; marks who is. `times` is room.
#[kernel]
fn listers(
    listed: &[i32],
    besides: &[i32],
    own: &[u8],
    mark: u16,
    marks: &mut [u16],
    times: &mut [i32; PART],
    count: &mut [u64],
) {
    let n = own.len();
    let (listed, marks) = (&listed[..n], &mut marks[..n]);
    let mut sum = 0;
    for (part, own) in own.chunks(PART).enumerate() {
        let from = part * PART;
        let times = &mut times[..own.len()];
        for (times, change) in times.iter_mut().zip(&listed[from..]) {
            sum += change;
            *times = sum;
        }
        for (times, besides) in times.iter_mut().zip(besides.get(from..).unwrap_or_default()) {
            *times += besides;
        }
        for (marks, &times) in marks[from..].iter_mut().zip(&*times) {
            *marks |= if times > 0 { mark } else { 0 };
        }
        for (class, count) in (0..).zip(&mut *count) {
            for (own, times) in own.chunks(FEW).zip(times.chunks(FEW)) {
                let mut sum = 0;
                for (&own, &times) in own.iter().zip(times) {
                    sum += if own == class { times as u32 } else { 0 };
                }
                *count += u64::from(sum);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn parts_of_rings_are_those_of_people_one_by_one(
            own in proptest::collection::vec(0u8..3, 1..300),
            base in 0u32..100,
            first: u16,
            len: u16,
            n in -3i32..9,
        ) {
            let size = own.len();
            let (first, len) = (usize::from(first) % size, usize::from(len) % (size + 1));
            let on_it = |person: usize| (person + size - first) % size < len;
            let mut people = vec![0u8; base as usize];
            people.extend(&own);
            for class in 0..3 {
                let mut bits = vec![0; people.len().div_ceil(64) + 1];
                find(&people, class, &mut bits);
                let expected = (0..size).any(|person| on_it(person) && own[person] == class);
                prop_assert_eq!(super::any(&bits, (base, size as u32), first as u16, len as u16), expected);
            }
            let mut ring = vec![0; size + 1];
            add_to_ring(&mut ring, first as u16, len, n);
            let mut sum = 0;
            for (person, change) in ring[..size].iter().enumerate() {
                sum += change;
                prop_assert_eq!(sum, if on_it(person) { n } else { 0 });
            }
            prop_assert_eq!(ring.iter().sum::<i32>(), 0);
        }

        #[test]
        fn a_window_shows_the_first_of_a_stretch(first in 65_000usize..65_536, len in 0usize..100, word: u64) {
            let mut own = by_local(0u8);
            for (person, own) in own.iter_mut().enumerate() {
                *own = (crate::random::mix(word ^ person as u64) % 32) as u8;
            }
            let len = len.min(own.len() - first);
            let expected = own[first..first + len.min(WINDOW)].iter().fold(0, |seen, own| seen | 1u32 << own);
            prop_assert_eq!(window(&own, first, len), expected);
        }
    }
}
