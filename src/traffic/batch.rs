//! Events in columns. A batch holds one shape of event, so that no stage branches per event.

use crate::traffic::column::Column;
use crate::traffic::expand::audience::MORE;

/// What the events of a batch look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One counterparty: `target` is its slot.
    Pair,
    /// As `Pair`, but the actor is elsewhere: the event belongs to the actor's community, only what it says of the
    /// counterparty counts here.
    Incoming,
    /// No counterparty: `target` is a group's number or `NOBODY`.
    Solo,
    /// Several counterparties: `target` is an index into `audiences`.
    Audience,
}

/// Several people at once. The counterparties of an event are its audience without its actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Audience {
    /// First of `members`.
    pub start: u32,
    /// End of `members`.
    pub end: u32,
    /// Number of the group in its community, `NOBODY` for an address book.
    pub group: u32,
}

/// Events in columns of equal length.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Shape of all events.
    pub shape: Shape,
    /// Milliseconds since midnight UTC of the batch's day.
    pub time: Column<u32>,
    /// Slot of the one who acts.
    pub actor: Column<u32>,
    /// See [`Shape`].
    pub target: Column<u32>,
    /// Number of the [`crate::scenario::Kind`].
    pub kind: Column<u8>,
    /// Size on the wire, bytes.
    pub bytes: Column<u32>,
    /// Id of the conversation, 0 for none.
    pub conversation: Column<u64>,
    /// Audiences that `target` refers to.
    pub audiences: Vec<Audience>,
    /// Their members, as slots.
    pub members: Column<u32>,
}

/// One event, as pushed.
#[derive(Clone, Copy, Debug)]
pub struct Event {
    /// Milliseconds since midnight UTC.
    pub time: u32,
    /// Slot.
    pub actor: u32,
    /// See [`Shape`].
    pub target: u32,
    /// Kind number.
    pub kind: u8,
    /// Bytes.
    pub bytes: u32,
    /// Conversation id.
    pub conversation: u64,
}

/// Columns of events that are still to be written, of equal length.
#[derive(Debug)]
pub struct Spare<'a> {
    /// See [`Batch`], as the others.
    pub time: &'a mut [u32],
    /// Actors.
    pub actor: &'a mut [u32],
    /// Targets.
    pub target: &'a mut [u32],
    /// Kinds.
    pub kind: &'a mut [u8],
    /// Bytes.
    pub bytes: &'a mut [u32],
    /// Conversations.
    pub conversation: &'a mut [u64],
}

impl Spare<'_> {
    /// The first `n`; then that all columns are as long is known where they are written.
    #[inline(always)]
    pub fn first(&mut self, n: usize) -> Spare<'_> {
        Spare {
            time: &mut self.time[..n],
            actor: &mut self.actor[..n],
            target: &mut self.target[..n],
            kind: &mut self.kind[..n],
            bytes: &mut self.bytes[..n],
            conversation: &mut self.conversation[..n],
        }
    }
}

impl Batch {
    /// An empty batch with room for `capacity` events.
    pub fn new(shape: Shape, capacity: usize) -> Self {
        Batch {
            shape,
            time: Column::with_capacity(capacity),
            actor: Column::with_capacity(capacity),
            target: Column::with_capacity(capacity),
            kind: Column::with_capacity(capacity),
            bytes: Column::with_capacity(capacity),
            conversation: Column::with_capacity(capacity),
            audiences: Vec::new(),
            members: Column::default(),
        }
    }

    /// Events.
    pub fn len(&self) -> usize {
        self.time.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.time.is_empty()
    }

    /// Drops all events, keeps the room.
    pub fn clear(&mut self) {
        self.time.clear();
        self.actor.clear();
        self.target.clear();
        self.kind.clear();
        self.bytes.clear();
        self.conversation.clear();
        self.audiences.clear();
        self.members.clear();
    }

    /// Adds an event.
    #[inline(always)]
    pub fn push(&mut self, e: Event) {
        self.time.push(e.time);
        self.actor.push(e.actor);
        self.target.push(e.target);
        self.kind.push(e.kind);
        self.bytes.push(e.bytes);
        self.conversation.push(e.conversation);
    }

    /// Room for `n` events behind the last one.
    pub fn spare(&mut self, n: usize) -> Spare<'_> {
        Spare {
            time: self.time.spare(n),
            actor: self.actor.spare(n),
            target: self.target.spare(n),
            kind: self.kind.spare(n),
            bytes: self.bytes.spare(n),
            conversation: self.conversation.spare(n),
        }
    }

    /// Keeps the first `n` events of the room behind the last one.
    pub fn advance(&mut self, n: usize) {
        self.time.advance(n);
        self.actor.advance(n);
        self.target.advance(n);
        self.kind.advance(n);
        self.bytes.advance(n);
        self.conversation.advance(n);
    }

    /// Moves the events from number `from` on whose time is past midnight into `next`, where they belong to the next day.
    pub fn spill(&mut self, from: usize, midnight: u32, next: &mut Batch) {
        let mut kept = from;
        for i in from..self.len() {
            let e = self.event(i);
            if e.time >= midnight {
                next.push(Event { time: e.time - midnight, ..e });
                continue;
            }
            self.set(kept, e);
            kept += 1;
        }
        self.truncate(kept);
    }

    #[inline(always)]
    fn set(&mut self, i: usize, e: Event) {
        self.time[i] = e.time;
        self.actor[i] = e.actor;
        self.target[i] = e.target;
        self.kind[i] = e.kind;
        self.bytes[i] = e.bytes;
        self.conversation[i] = e.conversation;
    }

    /// Event `i`.
    #[inline(always)]
    pub fn event(&self, i: usize) -> Event {
        Event {
            time: self.time[i],
            actor: self.actor[i],
            target: self.target[i],
            kind: self.kind[i],
            bytes: self.bytes[i],
            conversation: self.conversation[i],
        }
    }

    /// Keeps the first `len` events.
    pub fn truncate(&mut self, len: usize) {
        self.time.truncate(len);
        self.actor.truncate(len);
        self.target.truncate(len);
        self.kind.truncate(len);
        self.bytes.truncate(len);
        self.conversation.truncate(len);
    }

    /// Keeps the events for which `keep(batch, number)` holds, in their order.
    pub fn retain(&mut self, keep: impl Fn(&Batch, usize) -> bool) {
        let mut kept = 0;
        for i in 0..self.len() {
            if keep(self, i) {
                self.set(kept, self.event(i));
                kept += 1;
            }
        }
        self.truncate(kept);
    }

    /// Adds an audience of `n` members, which `write` writes to room for [`MORE`] more; its number is the `target` of events to it.
    pub fn add_audience(&mut self, group: u32, n: usize, write: impl FnOnce(&mut [u32])) -> u32 {
        let start = self.members.len() as u32;
        write(self.members.spare(n + MORE));
        self.members.advance(n);
        self.audiences.push(Audience { start, end: start + n as u32, group });
        self.audiences.len() as u32 - 1
    }

    /// The members of audience `target`.
    #[inline]
    pub fn audience(&self, target: u32) -> &[u32] {
        let a = self.audiences[target as usize];
        &self.members[a.start as usize..a.end as usize]
    }
}
