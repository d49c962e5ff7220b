//! What abusive accounts do beyond what everybody does: they write to strangers, and fill groups with them. There are few of them, so that it is made event by event,
//! counted or not. Times are by the clock of the country, and strangers are of the same community.

use super::Traffic;
use crate::population::Community;
use crate::random::{Domain, Stream, below};
use crate::scenario::Kind;
use crate::traffic::abuse_tables::{AbuseTables, MOST_GROUPS, SESSION_GAP_MS};
use crate::traffic::batch::Event;
use crate::traffic::conversation::DayState;
use crate::traffic::diurnal_profile::DiurnalProfile;
use crate::traffic::sink::{Sink, Tally};
use crate::traffic::time::{DAY_MS, since_first};

/// Numbers in the stream of an account's day.
const ACTS: u64 = 0;
const NUMBERS: u64 = 1;
/// What the streams of strangers and of groups begin with.
const STRANGERS: u64 = 0x57A6;
const GROUPS: u64 = 0x6A00;
/// Groups that abusive accounts make are numbered from here on; others are fewer.
const MADE_GROUPS: u32 = 1 << 31;

impl<'a> Traffic<'a> {
    /// What abusive accounts do today.
    pub(super) fn abuse(&mut self, community: &Community, profile: &'a DiurnalProfile, sink: &mut impl Sink) {
        let tables: &'a [AbuseTables] = &self.tables.abuse;
        if tables.is_empty() {
            return;
        }
        let place = (u64::from(community.shape.number), u64::from(self.today));
        let [days, ..] = self.population.key.streams(Domain::AbuseDay, place.0, place.1, 0);
        for account in &community.abusive {
            let user = u32::from(account.user);
            let own = Stream::new(days.at(user.into()));
            let abuse = &tables[usize::from(account.class)];
            if self.day_states.of(user).has(DayState::ACTIVE) && own.at(ACTS) >> 32 < abuse.acts {
                self.write_to_strangers(community, (user, abuse, own), profile, sink);
                self.fill_groups(community, (user, abuse, own), profile, sink);
            }
        }
    }

    fn write_to_strangers(
        &mut self,
        community: &Community,
        (user, abuse, own): (u32, &AbuseTables, Stream),
        profile: &'a DiurnalProfile,
        sink: &mut impl Sink,
    ) {
        let others = community.shape.users - 1;
        let numbers = own.at(NUMBERS);
        let begins = profile.at((numbers >> 32) as u32);
        let keys = Stream::new(own.start() ^ STRANGERS);
        let tables = self.tables;
        for i in 0..abuse.strangers.at(numbers as u32) * others.min(1) {
            let key = keys.at(i.into());
            let [whom, when, answer] = [0, 1, 2].map(|number| Stream::new(key).at(number));
            let stranger = below(whom, others);
            let stranger = stranger + u32::from(stranger >= user);
            if self.day_states.of(stranger).has(DayState::GONE) {
                continue;
            }
            let time = match abuse.in_bursts {
                // At most two seconds late: never before the one before.
                true => begins + i * SESSION_GAP_MS + (when >> 53) as u32,
                false => profile.at((when >> 32) as u32),
            };
            let message = |time: u32, (actor, target): (u32, u32), word: u64| {
                let kind = tables.media[word as usize & 4095];
                let bytes = tables.sizes[usize::from(kind)].at((word >> 12) as u32);
                Event { time, actor, target, kind, bytes, conversation: key | 1 }
            };
            let sent = message(time, (user, stranger), when);
            let answers = whom & 0xffff_ffff < abuse.answered && self.day_states.of(stranger).has(DayState::ACTIVE);
            let after = since_first(tables.gaps[1].at((answer >> 32) as u32));
            let answer = message(time + after, (stranger, user), answer);
            self.today_or_tomorrow(sent);
            if answers {
                self.today_or_tomorrow(answer);
            }
            self.make_room(community, sink);
        }
    }

    /// What is sent past midnight waits for the next day.
    fn today_or_tomorrow(&mut self, event: Event) {
        if event.time < DAY_MS {
            self.out.pair.push(event);
        } else {
            self.carry.pair.push(Event { time: event.time - DAY_MS, ..event });
        }
    }

    fn fill_groups(
        &mut self,
        community: &Community,
        (user, abuse, own): (u32, &AbuseTables, Stream),
        profile: &'a DiurnalProfile,
        sink: &mut impl Sink,
    ) {
        let users = community.shape.users;
        let size = abuse.members.min(users - 1);
        let keys = Stream::new(own.start() ^ GROUPS);
        for i in 0..abuse.groups.at(keys.at(0) as u32).min(MOST_GROUPS) * size.min(1) {
            let group = Stream::new(keys.at(1 + u64::from(i)));
            let [made, posts, first] = [0, 1, 2].map(|number| group.at(number));
            let number = MADE_GROUPS | (self.today & 0x3ff) << 21 | user << 5 | i;
            // Strangers far from each other: the same step from one to the next, and never the same one twice.
            let (first, step) = (below(first, users), (users / (size + 1)).max(1));
            let strangers = (0..=size).map(|k| (first + k * step) % users).filter(|&other| other != user);
            self.members.clear();
            self.members.push(user);
            self.members.extend(strangers.take(size as usize));
            let gone = |slot: &u32| self.day_states.of(*slot).has(DayState::GONE);
            self.members.retain(|slot| !gone(slot));
            let time = profile.at((made >> 32) as u32);
            let (kind, control) = (Kind::GroupJoin, self.tables.control_bytes);
            if self.counting {
                sink.tally(community, self.today, Tally::Alone { user, kind, n: 1 });
            } else {
                self.out.solo.push(Event {
                    time,
                    actor: user,
                    target: number,
                    kind: kind as u8,
                    bytes: control,
                    conversation: 0,
                });
            }
            let n = self.members.len();
            if n > 1 {
                self.post((user, number, time), abuse.posts.at(posts as u32), group);
            }
            self.make_room(community, sink);
        }
    }

    /// Messages to a group of `members`, from when it was made until midnight.
    fn post(&mut self, (user, number, made): (u32, u32, u32), posts: u32, group: Stream) {
        let n = self.members.len();
        let audience = self.out.audience.add_audience(number, n, |to| to[..n].copy_from_slice(&self.members));
        for k in 0..posts {
            let [key, when] = [0, 1].map(|word| group.at(3 + 2 * u64::from(k) + word));
            let text = self.tables.media[key as usize & 4095];
            let bytes = self.tables.sizes[usize::from(text)].at((key >> 12) as u32);
            let time = made + below(when, DAY_MS - made);
            let kind = text + Kind::GroupText as u8;
            self.out.audience.push(Event { time, actor: user, target: audience, kind, bytes, conversation: key | 1 });
        }
    }
}
