//! Talk in groups.

use super::{DAY_MS, Traffic};
use crate::rng::{Domain, Stream, below};
use crate::scenario::Kind;
use crate::traffic::batch::{Event, Sink};
use crate::traffic::model::{Clock, SPEAKERS};
use crate::world::{Community, NOBODY};

impl<'a> Traffic<'a> {
    /// Conversations of all groups.
    pub(super) fn groups(&mut self, community: &Community, day: u32, clock: &'a Clock, sink: &mut impl Sink) {
        for number in 0..community.groups.len() as u32 {
            let entity = u64::from(community.shape.number) << 32 | u64::from(number);
            let [w0, start, ..] = self.world.key.block(Domain::GroupDay, entity, u64::from(day), 0);
            let size = usize::from(community.groups[number as usize].size);
            let n = self.model.group_starts[size].at(w0 as u32);
            let stream = Stream::new(start);
            for j in 0..u64::from(n) {
                self.unfold_group(community, number, stream.at(j), clock);
                self.make_room(community, sink);
            }
        }
    }

    /// One conversation of a group: up to four members who are active today speak in turn.
    pub(super) fn unfold_group(&mut self, community: &Community, number: u32, key: u64, clock: &'a Clock) {
        let model = self.model;
        let stream = Stream::new(key);
        let (a, b) = (stream.at(0), stream.at(1));
        if (a as u32 & 0xffff) >= clock.keep {
            return;
        }
        let group = community.groups[number as usize];
        self.contacts.clear();
        self.contacts.extend(community.members(&group));
        // Distinct candidates: a run of the group, which is in random order, from a random place.
        let first = below(b, u32::from(group.size)) as usize;
        let mut speakers = [(0u32, 0u32); SPEAKERS];
        let (mut count, mut weight) = (0, 0);
        for i in 0..SPEAKERS.min(self.contacts.len()) {
            let member = self.contacts[(first + i) % self.contacts.len()];
            // A talk goes with the one who is asked first: a group talks less in proportion to whom it lost.
            if i == 0 && community.gone(member, self.today) {
                return;
            }
            if self.active[member as usize] {
                weight += model.voice[usize::from(community.level(member))];
                speakers[count] = (member, weight);
                count += 1;
            }
        }
        if community.somebody_left(self.today) {
            self.contacts.retain(|&member| !community.gone(member, self.today));
        }
        // Nobody talks to nobody: the one who speaks is a member too.
        if count == 0 || self.contacts.len() < 2 {
            return;
        }
        let pick = |word: u64| {
            let at = below(word, weight);
            speakers[..count].iter().position(|s| at < s.1).unwrap_or(0)
        };
        let mut speaker = pick(b << 32);
        let mut time = u64::from(clock.when.at((a >> 32) as u32));
        let mut audiences = [NOBODY; 2];
        for i in 0..usize::from(model.lengths[(a as usize >> 16) & 4095]) {
            let r = stream.at(2 + i as u64);
            if i > 0 {
                let before = speaker;
                if (r as u32 & 0xffff) < model.group_pass {
                    speaker = pick(crate::rng::mix(r));
                }
                time += u64::from(model.gaps[usize::from(speaker != before)].at(((r >> 16) as u32) << 10));
            }
            let media = model.media[(r >> 38) as usize & 4095];
            let tomorrow = usize::from(time >= u64::from(DAY_MS));
            if time >= 2 * u64::from(DAY_MS) {
                break;
            }
            let out = if tomorrow == 0 { &mut self.out.audience } else { &mut self.carry.audience };
            if audiences[tomorrow] == NOBODY {
                audiences[tomorrow] = out.add_audience(number, self.contacts.iter().copied());
            }
            out.push(Event {
                time: time as u32 - tomorrow as u32 * DAY_MS,
                actor: speakers[speaker].0,
                target: audiences[tomorrow],
                kind: media + Kind::GroupText as u8,
                bytes: model.sizes[usize::from(media)].at(((r >> 50) as u32) << 18),
                conversation: key,
            });
        }
    }
}
