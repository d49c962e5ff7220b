//! From a buffer of conversations of groups to events: as [`crate::traffic::expand::writer`], but for who speaks.

use crate::scenario::Kind;
use crate::simd::kernel;
use crate::traffic::batch::Batch;
use crate::traffic::expand::buffer::{ExpansionBuffer, MESSAGES, QUADS};
use crate::traffic::expand::writer::{EventColumnsMut, EventWriter};
use crate::traffic::group_conversation::{GroupConversation, PICKS};
use crate::traffic::message::gaps_and_sizes::reply_indices;
use crate::traffic::message::{LOW, QUAD, TURN_WORD, TURNS, WORDS, parts_of, word};
use crate::traffic::traffic_tables::{SPEAKERS, TrafficTables};

impl EventWriter {
    /// Appends the events of conversations of groups, which are in the buffer by their audiences in the batch.
    pub fn fill_groups(
        &mut self,
        tables: &TrafficTables,
        buffer: &ExpansionBuffer,
        conversations: &[GroupConversation],
        batch: &mut Batch,
    ) {
        let n = buffer.events.min(MESSAGES);
        self.decide(tables, buffer);
        let [turns, picks] = &mut self.speakers;
        decide(&buffer.place[..buffer.quads], &buffer.number, turns, picks);
        let mut to = EventColumnsMut::new(batch);
        lay(tables, buffer, conversations, self, &mut to);
        self.finish(tables, n, to);
        batch.advance(n);
    }
}

/// Words of turns, and of who speaks next.
#[kernel]
fn decide(place: &[u64], number: &[u8], turns: &mut [u64], picks: &mut [u64]) {
    let n = place.len();
    let (number, turns, picks) = (&number[..n], &mut turns[..n], &mut picks[..n]);
    for i in 0..n {
        let number = u64::from(number[i]);
        turns[i] = word(place[i], TURN_WORD) & LOW;
        // From the place of the quad's first word to that of its pick.
        let steps = (PICKS - TURNS).wrapping_sub(number * (WORDS - 1));
        picks[i] = word(place[i], steps);
    }
}

/// Lays the quads: message follows message.
#[kernel]
fn lay(
    tables: &TrafficTables,
    buffer: &ExpansionBuffer,
    conversations: &[GroupConversation],
    from: &mut EventWriter,
    to: &mut EventColumnsMut<'_>,
) {
    let EventWriter { speakers: [all_turns, all_picks], gaps, sizes, parts: within, kinds, gap, size, part, .. } = from;
    let (mut next, mut speaker) = (0, 0);
    for q in 0..buffer.quads.min(QUADS) {
        let at = next & (MESSAGES - 1);
        let number = usize::from(buffer.conversation[q]) & (QUADS - 1);
        let conversation = &conversations[number];
        let begins = buffer.number[q] == 0;
        speaker = if begins { buffer.starter[number] as usize } else { speaker };
        let (mut turns, mut picks, mut turned) = (all_turns[q], all_picks[q], 0);
        let end = at + QUAD;
        for (i, (actor, target)) in to.actor[at..end].iter_mut().zip(&mut to.target[at..end]).enumerate() {
            // Nobody passes the word at the first message. That no word does can't be had by a word: a chance of 1 is passed by all.
            let next = if begins && i == 0 { speaker } else { conversation.next(tables, speaker, turns, picks) };
            turned |= u64::from(next != speaker) << (16 * i);
            speaker = next;
            *actor = conversation.speakers[next & (SPEAKERS - 1)].into();
            // The target, xor the actor, as it is with two.
            *target = buffer.across[number] ^ *actor;
            (turns, picks) = (turns >> 16, picks >> 16);
        }
        gap[at..end].copy_from_slice(&parts_of(gaps[q] | reply_indices(turned)));
        size[at..end].copy_from_slice(&parts_of(sizes[q]));
        part[at..end].copy_from_slice(&parts_of(within[q]));
        to.kind[at..end].copy_from_slice(&kinds[q].to_le_bytes().map(|kind| kind + Kind::GroupText as u8));
        to.time[at..end].copy_from_slice(&[buffer.start[number]; QUAD]);
        to.conversation[at..end].copy_from_slice(&[buffer.key[number]; QUAD]);
        next += usize::from(buffer.messages[q]);
    }
}
