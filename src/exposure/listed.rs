//! Uploads of address books, added up within a community's day: whom they list here, and which classes.
//!
//! A book lists stretches of people, which are added as differences from one person to the next, and a part of a chunk of the third
//! circle, whose members lie side by side in the order of that circle. Neither is looked at entry by entry.

use super::today::{LANES, MOST_CLASSES, union};
use crate::vector::kernels;
use crate::world::{Books, ByLocal, CHUNK, Circles, among, by_local};

/// People of a stretch who are looked at first.
const WINDOW: usize = 32;

/// What uploads say of the people of a community on a day.
#[derive(Clone, Debug, Default)]
pub(super) struct Listings {
    /// Users by place in the order of the third circle, to the end of the last chunk.
    third: Vec<u16>,
    users: usize,
    /// Classes that occur among users, and among the other people, as bits.
    all: [u32; 2],
    /// By home class that stands for all alike as actors.
    listed: Vec<Listed>,
    /// Classes of users, and of other people, whom each book of a block lists, as bits.
    seen: Vec<[u32; 2]>,
}

/// How often uploads list each local person: the sum of what follows. All is zero before the first upload of a day.
#[derive(Clone, Debug)]
struct Listed {
    used: bool,
    /// As differences from one person to the next, and one more.
    people: Vec<i32>,
    /// Besides, of users.
    besides: Box<ByLocal<i32>>,
    /// Of users, by place in the order of the third circle.
    places: Vec<[i32; CHUNK]>,
}

impl Default for Listed {
    fn default() -> Self {
        Listed { used: false, people: Vec::new(), besides: by_local(0), places: Vec::new() }
    }
}

impl Listings {
    /// Looks at the people of a community. `own` are their classes, counted from its first, of which `acting` act.
    pub fn look_around(&mut self, circles: &Circles, own: &[u8], acting: usize) {
        self.users = circles.users() as usize;
        // Nothing is equal to all bits, so that everybody is looked at.
        self.all = [&own[..self.users], &own[self.users..]].map(|own| union(own, u32::MAX));
        self.third.clear();
        self.third.extend_from_slice(&circles.third().0[..self.users]);
        self.third.resize(self.users.next_multiple_of(CHUNK), 0);
        self.listed.resize_with(acting, Listed::default);
        for listed in &mut self.listed {
            listed.people.resize(own.len() + 1, 0);
            listed.places.resize(self.third.len() / CHUNK, [0; CHUNK]);
        }
    }

    /// Adds books, with how often each is uploaded. `own` is the class of each person, counted from the first of the community, `stands` the
    /// class that stands for each as actor.
    pub fn add(&mut self, books: &Books, times: &[u32], own: &ByLocal<u8>, stands: &[u8; MOST_CLASSES]) {
        for &owner in &books.owner {
            let stands = stands[usize::from(own[usize::from(owner)]) % MOST_CLASSES];
            self.listed[usize::from(stands)].used = true;
        }
        list(books, times, own, stands, &self.third, &mut self.listed);
        self.seen.resize(books.owner.len(), [0; 2]);
        look(books, own, &mut self.seen);
        // Most times the first of a stretch are of all the classes that there are.
        for i in 0..self.seen.len() {
            let [users, others] = self.seen[i];
            if users != self.all[0] {
                self.seen[i][0] = self.users_listed(books, i, own);
            }
            if others != self.all[1] {
                let ring = &own[books.rings[0] as usize..][..books.rings[1] as usize];
                self.seen[i][1] = on_ring(ring, books.first_other[i], books.others[i].into(), self.all[1]);
            }
        }
    }

    /// Classes of the people here whom each of the books added last lists, as bits.
    pub fn classes(&self) -> impl Iterator<Item = u32> {
        self.seen.iter().map(|[users, others]| users | others)
    }

    /// Classes of the users whom a book lists, as bits.
    fn users_listed(&self, books: &Books, i: usize, own: &ByLocal<u8>) -> u32 {
        let (owner, first, stretch) = (books.owner[i], books.first[i], books.stretch[i]);
        let (ring, users) = (&own[..self.users], self.users as u32);
        // Those of the stretch before the owner, and those after.
        let before = owner.wrapping_sub(first).wrapping_add(if owner >= first { 0 } else { users as u16 });
        let after = around(u32::from(owner) + 1, users) as u16;
        let mut seen = on_ring(ring, first, before.into(), self.all[0]);
        seen |= on_ring(ring, after, usize::from(stretch - before), self.all[0]);
        let place = usize::from(books.place[i]);
        let chunk = &self.third[place / CHUNK * CHUNK..][..CHUNK];
        for (at, &member) in (place / CHUNK * CHUNK..self.users).zip(chunk) {
            if at ^ place <= books.rank[i].into() && !among(member, first, stretch, users) {
                seen |= 1 << (own[usize::from(member)] % MOST_CLASSES as u8);
            }
        }
        seen
    }

    /// Ends the day. For each home class that stands for owners who uploaded, marks everybody whom they list with `mark`, and calls
    /// `add` with it and how often people of each class were listed. `class` is that of each person, counted from `first` on.
    pub fn end_day(
        &mut self,
        (class, first): (&[u16], usize),
        marks: &mut [u16],
        mark: impl Fn(usize) -> u16,
        mut add: impl FnMut(usize, &[u32; MOST_CLASSES]),
    ) {
        for (actor, listed) in self.listed.iter_mut().enumerate().filter(|(_, listed)| listed.used) {
            let places = listed.places.as_flattened_mut();
            for (&user, times) in self.third[..self.users].iter().zip(&*places) {
                listed.besides[usize::from(user)] += times;
            }
            let besides = &mut listed.besides[..self.users];
            let mut count = [0; MOST_CLASSES];
            listers(&listed.people, besides, class, first, mark(actor), marks, &mut count);
            add(actor, &count);
            besides.fill(0);
            places.fill(0);
            listed.people.fill(0);
            listed.used = false;
        }
    }
}

/// A place on a ring, of one that is at most once around it.
#[inline(always)]
fn around(place: u32, size: u32) -> u32 {
    if place >= size { place - size } else { place }
}

/// Classes that occur among `len` people from `first` on, of a ring, as bits; `all` are those that there are.
fn on_ring(ring: &[u8], first: u16, len: usize, all: u32) -> u32 {
    let first = usize::from(first).min(ring.len());
    let until_end = len.min(ring.len() - first);
    union(&ring[first..first + until_end], all) | union(&ring[..len - until_end], all)
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

kernels! {
    /// Adds books to those whom they list.
    fn list(books: &Books, times: &[u32], own: &ByLocal<u8>, stands: &[u8; MOST_CLASSES], third: &[u16], listed: &mut [Listed]) {
        let n = books.owner.len();
        let (first, stretch, first_other, others) = (&books.first[..n], &books.stretch[..n], &books.first_other[..n], &books.others[..n]);
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
            for at in 0..CHUNK {
                let is_listed = (at as u16 ^ at_chunk <= rank[i]) & !among(members[at], first[i], stretch[i], users);
                places[at] += times[i] as i32 & -i32::from(is_listed);
            }
        }
    }

    /// Classes of the first whom each book lists.
    fn look(books: &Books, own: &ByLocal<u8>, seen: &mut [[u32; 2]]) {
        let users = books.rings[0] as usize;
        for (i, (seen, &owner)) in seen.iter_mut().zip(&books.owner).enumerate() {
            let (first, owner) = (usize::from(books.first[i]), usize::from(owner));
            let end = if owner >= first { owner } else { users };
            let (first_other, ring) = (usize::from(books.first_other[i]), books.rings[1] as usize);
            let others = usize::from(books.others[i]).min(ring - first_other.min(ring));
            *seen = [window(own, first, end - first), window(own, users + first_other, others)];
        }
    }

    /// How often people of each class are listed, from differences, and the first of them besides; marks who is.
    fn listers(listed: &[i32], besides: &[i32], class: &[u16], first: usize, mark: u16, marks: &mut [u16], count: &mut [u32; MOST_CLASSES]) {
        // Copies, so that one person's count does not wait for that of the one before.
        let mut counts = [[0u32; MOST_CLASSES]; LANES];
        let (mut times, mut lane) = (0, 0);
        let mut add = |change: i32, besides: i32, class: u16, marks: &mut u16| {
            times += change;
            let times = times + besides;
            lane = (lane + 1) % LANES;
            counts[lane][(usize::from(class) - first) % MOST_CLASSES] += times as u32;
            *marks |= if times > 0 { mark } else { 0 };
        };
        let mut people = listed.iter().zip(class).zip(marks);
        for (&besides, ((&change, &class), marks)) in besides.iter().zip(people.by_ref()) {
            add(change, besides, class, marks);
        }
        for ((&change, &class), marks) in people {
            add(change, 0, class, marks);
        }
        for (c, sum) in count.iter_mut().enumerate() {
            *sum += counts.iter().map(|count| count[c]).sum::<u32>();
        }
    }
}
