//! A day's events of a community, in an order that tells nothing of how they were made: by time, events of one time by a hash of what they are.

use crate::population::PublicIds;
use crate::traffic::{Batch, Event, Shape};

/// Shapes that records are made of: an incoming event is a record of its actor's community.
const SHAPES: [Shape; 3] = [Shape::Pair, Shape::Solo, Shape::Audience];

/// Bits of a hash beside a time of a day.
const TIE_BITS: u32 = 37;
const _: () = assert!(crate::traffic::DAY_MS < 1 << (u64::BITS - TIE_BITS));

/// The events of the day at hand, by shape as they came, and in order.
pub struct DayEvents {
    /// One of each shape, see [`DayEvents::batches`].
    batches: [Batch; SHAPES.len()],
    order: Vec<Place>,
    /// Of each event of the last shape, how many counterparties those before it have.
    before: Vec<usize>,
}

/// An event among those of the day; sorts as they do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Time, and what decides between events of one time.
    key: u64,
    shape: u8,
    number: u32,
}

impl Place {
    /// Index of the batch in [`DayEvents::batches`].
    pub fn batch(self) -> usize {
        usize::from(self.shape)
    }

    /// Number of the event in its batch.
    pub fn number(self) -> usize {
        self.number as usize
    }
}

impl DayEvents {
    /// No events.
    pub fn new() -> Self {
        DayEvents { batches: SHAPES.map(|shape| Batch::new(shape, 0)), order: Vec::new(), before: Vec::new() }
    }

    /// Turns to a day: drops all events, keeps the room.
    pub fn clear(&mut self) {
        self.batches.iter_mut().for_each(Batch::clear);
    }

    /// Adds events. `ids` are the public ids of slots: members of an audience are kept in their order.
    pub fn add(&mut self, batch: &Batch, ids: &[u64]) {
        let Some(kept) = self.batches.iter_mut().find(|kept| kept.shape == batch.shape) else { return };
        let audiences = kept.audiences.len() as u32;
        for audience in &batch.audiences {
            let members = &batch.members[audience.start as usize..audience.end as usize];
            kept.add_audience(audience.group, members.len(), |room| {
                let room = &mut room[..members.len()];
                room.copy_from_slice(members);
                room.sort_unstable_by_key(|&slot| ids[slot as usize]);
            });
        }
        let shift = if batch.shape == Shape::Audience { audiences } else { 0 };
        for e in (0..batch.len()).map(|i| batch.event(i)) {
            kept.push(Event { target: e.target + shift, ..e });
        }
    }

    /// Puts the day's events in order, when all of them are there.
    pub fn sort(&mut self, public: &PublicIds, ids: &[u64]) {
        self.order.clear();
        for (shape, batch) in (0..).zip(&self.batches) {
            self.order.extend((0..).zip(0..batch.len()).map(|(number, i)| {
                let e = batch.event(i);
                let to = match batch.shape {
                    Shape::Pair | Shape::Incoming => ids[e.target as usize],
                    Shape::Solo => e.target.into(),
                    Shape::Audience => batch.audiences[e.target as usize].group.into(),
                };
                let what = u64::from(e.kind) << u32::BITS | u64::from(e.bytes);
                let tie = public.tie([ids[e.actor as usize], to, e.conversation, what]);
                Place { key: u64::from(e.time) << TIE_BITS | tie >> (u64::BITS - TIE_BITS), shape, number }
            }));
        }
        self.order.sort_unstable();
        let last = &self.batches[SHAPES.len() - 1];
        self.before.clear();
        self.before.extend(last.target.iter().scan(0, |next, &target| {
            let before = *next;
            *next += last.audience(target).len();
            Some(before)
        }));
    }

    /// The events by shape.
    pub fn batches(&self) -> &[Batch; SHAPES.len()] {
        &self.batches
    }

    /// The events in order.
    pub fn order(&self) -> &[Place] {
        &self.order
    }

    /// An event.
    pub fn event(&self, at: Place) -> Event {
        self.batches[at.batch()].event(at.number())
    }

    /// Slots of an event's counterparties by public id; in an audience stands the actor too.
    pub fn counterparties(&self, at: Place) -> &[u32] {
        let (batch, i) = (&self.batches[at.batch()], at.number());
        match batch.shape {
            Shape::Pair => std::slice::from_ref(&batch.target[i]),
            Shape::Audience => batch.audience(batch.target[i]),
            Shape::Solo | Shape::Incoming => &[],
        }
    }

    /// Where the decisions about these begin, among those about the batch.
    pub fn decided_from(&self, at: Place) -> usize {
        match self.batches[at.batch()].shape {
            Shape::Pair => at.number(),
            Shape::Audience => self.before[at.number()],
            Shape::Solo | Shape::Incoming => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population::{Layout, NOBODY, Population};
    use crate::scenario::{Overrides, load};

    fn public() -> PublicIds {
        let scenario = load(std::path::Path::new("scenarios/cnil-2017.toml"), &Overrides::default());
        let Ok((scenario, _)) = scenario else { panic!("the scenario does not load") };
        let Population { public_ids, layout, .. } = Population::new(&scenario, 0);
        assert_eq!(Layout::people(&layout), scenario.people);
        public_ids
    }

    /// However a day's events come, in whichever batches: the same records in the same order, with the same decisions' places.
    #[test]
    fn the_order_does_not_depend_on_how_events_come() {
        let public = public();
        let ids: Vec<u64> = (0..64).map(|local| public.public(0, local)).collect();
        let (mut pairs, mut solo, mut groups) =
            (Batch::new(Shape::Pair, 0), Batch::new(Shape::Solo, 0), Batch::new(Shape::Audience, 0));
        for i in 0..400u32 {
            // Few times, so that many are the same.
            let e = Event { time: i * 7 % 5, actor: i % 60, target: i % 59 + 1, kind: 3, bytes: i, conversation: 9 };
            pairs.push(e);
            solo.push(Event { target: NOBODY, ..e });
            let first = i % 8;
            let to = groups.add_audience(i, 5, |room| (0..5).zip(room).for_each(|(k, slot)| *slot = first + 7 * k));
            groups.push(Event { actor: first, target: to, ..e });
        }
        let read = |batches: &[&Batch]| {
            let mut day = DayEvents::new();
            batches.iter().for_each(|batch| day.add(batch, &ids));
            day.sort(&public, &ids);
            let rows: Vec<(u32, u64, Vec<u64>)> = day
                .order()
                .iter()
                .map(|&at| {
                    let to: Vec<u64> = day.counterparties(at).iter().map(|&slot| ids[slot as usize]).collect();
                    assert!(to.is_sorted());
                    (day.event(at).time, ids[day.event(at).actor as usize], to)
                })
                .collect();
            // Of each shape, decisions about one event lie beside those about the next.
            let mut decided = day.order().to_vec();
            decided.sort_unstable_by_key(|&at| (at.batch(), day.decided_from(at)));
            for shape in decided.chunk_by(|a, b| a.batch() == b.batch()) {
                let mut next = 0;
                for &at in shape {
                    assert_eq!(day.decided_from(at), next);
                    next += day.counterparties(at).len();
                }
            }
            rows
        };
        let rows = read(&[&pairs, &solo, &groups]);
        assert_eq!(rows.len(), 1_200);
        assert!(rows.is_sorted_by_key(|row| row.0));
        let part = |batch: &Batch, of: u32| {
            let mut part = batch.clone();
            part.retain(|batch, i| batch.bytes[i] % 3 == of);
            part
        };
        let parts: Vec<Batch> = [&groups, &pairs, &solo].iter().flat_map(|b| [2, 0, 1].map(|of| part(b, of))).collect();
        assert_eq!(rows, read(&parts.iter().collect::<Vec<_>>()));
        // Shapes and numbers are mixed: runs of one kind of event are short.
        let runs = rows.chunk_by(|a, b| a.2.len() == b.2.len()).count();
        assert!(runs > 700, "{runs}");
    }
}
