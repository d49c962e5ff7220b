//! What a person does alone: check-ins, registrations, updates, joins, and uploads of the address book.

use super::daily_counts::{RARELY, SYNCS, WHEN};
use super::{Traffic, USERS};
use crate::population::{BOOKS, Community, NOBODY};
use crate::random::{Stream, below};
use crate::scenario::Kind;
use crate::traffic::batch::Event;
use crate::traffic::diurnal_profile::DiurnalProfile;
use crate::traffic::expand::audience::write_book;
use crate::traffic::expand::checkins::{Visitors, check_in};
use crate::traffic::sink::{Sink, Tally};

impl<'a> Traffic<'a> {
    /// Check-ins of all users.
    pub(super) fn checkins(&mut self, community: &Community, profile: &'a DiurnalProfile, sink: &mut impl Sink) {
        if self.counting {
            sink.tally(community, self.today, Tally::CheckIns(&self.daily_counts.checkins));
            return;
        }
        let mut words = std::mem::take(&mut self.words);
        for from in (0..self.daily_counts.checkins.len()).step_by(USERS) {
            let users = from..(from + USERS).min(self.daily_counts.checkins.len());
            self.daily_counts.rests(from, users.len(), &mut self.rests);
            let (n, streams) = (&self.daily_counts.checkins[users], &self.rests[..]);
            let chronotypes = &self.chronotypes[from..][..n.len()];
            let users = Visitors { first: from as u32, n, streams, number: WHEN + 3, chronotypes };
            check_in(&mut self.out.solo, profile, self.tables.control_bytes, users, &mut words);
            self.make_room(community, sink);
        }
        self.words = words;
    }

    fn alone(
        &self,
        user: u32,
        kind: Kind,
        target: u32,
        stream: Stream,
        number: u64,
        profile: &'a DiurnalProfile,
    ) -> Event {
        Event {
            time: profile.at_by((stream.at(number) >> 32) as u32, self.chronotypes[user as usize]),
            actor: user,
            target,
            kind: kind as u8,
            bytes: self.tables.control_bytes,
            conversation: 0,
        }
    }

    /// Rare events without a counterparty.
    pub(super) fn rarely(&mut self, community: &Community, profile: &'a DiurnalProfile, sink: &mut impl Sink) {
        for k in 0..self.daily_counts.busy[RARELY].len() {
            let user = self.daily_counts.busy[RARELY][k];
            let other = self.daily_counts.other_counts(self.tables, user);
            let user = u32::from(user);
            for (i, kind) in (0..).zip([Kind::Registration, Kind::ProfileUpdate, Kind::GroupJoin]) {
                if !other.rare[i as usize] {
                    continue;
                }
                let mut target = NOBODY;
                if kind == Kind::GroupJoin {
                    let join = Stream::new(other.stream.start() ^ 0x6A01).at(0);
                    let layer = below(join, u32::from(self.population.group_layers)) as u8;
                    if !community.groups.holds(&community.circles, layer, user) {
                        continue;
                    }
                    if !self.counting {
                        target = community.groups.of(&community.circles, layer, user).unwrap_or(NOBODY);
                    }
                }
                if self.counting {
                    sink.tally(community, self.today, Tally::Alone { user, kind, n: 1 });
                } else {
                    let event = self.alone(user, kind, target, other.stream, WHEN + i, profile);
                    self.out.solo.push(event);
                }
            }
            self.make_room(community, sink);
        }
    }

    /// Uploads of the address book.
    pub(super) fn uploads(&mut self, community: &Community, profile: &'a DiurnalProfile, sink: &mut impl Sink) {
        if self.counting {
            self.tally_uploads(community, sink);
            return;
        }
        let mut book = std::mem::take(&mut self.book);
        for k in 0..self.daily_counts.busy[SYNCS].len() {
            let user = self.daily_counts.busy[SYNCS][k];
            let uploads = self.daily_counts.uploads(user);
            let owner = u32::from(user);
            community.address_book(self.population, owner, &mut book);
            let bytes = u64::from(self.tables.control_bytes) + u64::from(self.tables.entry_bytes) * book.len() as u64;
            let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
            let kind = Kind::ContactSync as u8;
            let clock = (profile, self.chronotypes[usize::from(user)]);
            for time in self.upload_times(uploads, clock) {
                let target = self.out.audience.add_audience(NOBODY, book.len(), |to| write_book(&book, to));
                self.out.audience.push(Event { time, actor: owner, target, kind, bytes, conversation: 0 });
            }
            self.make_room(community, sink);
        }
        self.book = book;
    }

    /// Uploads of the address book, counted.
    fn tally_uploads(&mut self, community: &Community, sink: &mut impl Sink) {
        for owners in self.daily_counts.busy[SYNCS].chunks(BOOKS) {
            self.books.fill(self.population, community, owners);
            self.daily_counts.upload_words(owners, &mut self.words);
            self.times.clear();
            self.times.extend(self.words.iter().map(|&word| self.tables.syncs.at(word as u32)));
            sink.tally(community, self.today, Tally::Uploads(&self.books, &self.times));
        }
    }

    /// Times of a person's address book uploads, from their stream, by their clock.
    pub(super) fn upload_times(
        &self,
        stream: Stream,
        (profile, chronotype): (&'a DiurnalProfile, u8),
    ) -> impl Iterator<Item = u32> + use<'a> {
        let n = self.tables.syncs.at(stream.at(0) as u32);
        (0..u64::from(n)).map(move |i| profile.at_by((stream.at(1 + i) >> 32) as u32, chronotype))
    }
}
