//! Who is there today: a word for each user, worked out in vectors.

use super::part::PART;
use crate::population::{ByLocal, Community, LEVELS, Population, RESIDUES, by_local, rows_before};
use crate::random::{Domain, Stream};
use crate::simd::kernel;
use crate::traffic::conversation::DayState;
use crate::traffic::traffic_tables::TrafficTables;

/// What users are on a day of a community, and the streams of what its users do.
#[derive(Clone, Debug)]
pub struct DayStates {
    /// Of users, by local index.
    own: Box<ByLocal<DayState>>,
    /// Activity, conversations, numbers, the rest.
    streams: [Stream; 4],
    words: Vec<u64>,
    /// The states of the day once more, those of a residue of local indices side by side; and the words below which they start nothing over a weak tie.
    rows: Vec<DayState>,
    none: Vec<u32>,
    /// Weights in a group's conversation, by local index; 0 of who is not active.
    voices: Box<ByLocal<u16>>,
}

impl DayStates {
    /// The state of the day of a user.
    #[inline(always)]
    pub fn of(&self, user: u32) -> DayState {
        self.own[user as usize & 0xffff]
    }

    /// The states of the day of users, by local index.
    pub fn own(&self) -> &ByLocal<DayState> {
        &self.own
    }

    /// The states of the day of the users of a residue from a row on, and the words below which they start nothing over a weak tie.
    pub fn rows(&self, first: usize, n: usize) -> (&[DayState], &[u32]) {
        (&self.rows[first..first + n], &self.none[first..first + n])
    }

    /// Weights of users in a group's conversation, by local index; 0 of who is not active.
    pub fn voices(&self) -> &ByLocal<u16> {
        &self.voices
    }

    /// Streams of what users do: activity, conversations, numbers, the rest.
    pub fn streams(&self) -> [Stream; 4] {
        self.streams
    }

    /// Works out the states of a day.
    pub fn deal(&mut self, population: &Population, tables: &TrafficTables, community: &Community, day: u32) {
        let users = community.shape.users as usize;
        let number = u64::from(community.shape.number);
        self.streams = population.key.streams(Domain::PersonDay, number, u64::from(day), 0);
        let (columns, thresholds) = (&community.columns, &population.people.presence);
        for from in (0..users).step_by(PART) {
            let part = from..(from + PART).min(users);
            self.words.resize(part.len(), 0);
            self.streams[0].fill(from as u64, 1, &mut self.words);
            let place = (community.shape.number, day);
            population.spells.recall(place, (from as u64, 1), &mut self.words);
            let (level, presence) = (&columns.level[part.clone()], &columns.presence[part.clone()]);
            activate(&self.words, level, presence, thresholds, &mut self.own[part]);
        }
        if !community.left_day.is_empty() {
            for (slot, day_state) in (0..).zip(&mut self.own[..users]) {
                take_leave(community, day, slot, day_state);
            }
        }
        self.rows.resize(users, DayState::default());
        self.none.resize(users, 0);
        line_up(&self.own[..users], &mut self.rows);
        give_voice(&self.own[..users], &tables.voice, &mut self.voices[..users]);
        look_up(&self.rows, &tables.weak_none, &mut self.none);
    }
}

/// Puts users of the same residue side by side.
fn line_up(day_states: &[DayState], rows: &mut [DayState]) {
    let users = day_states.len() as u32;
    let mut to: [usize; RESIDUES as usize] = std::array::from_fn(|residue| rows_before(users, residue as u32) as usize);
    let (eights, rest) = day_states.as_chunks::<{ RESIDUES as usize }>();
    for eight in eights {
        for (day_state, to) in eight.iter().zip(&mut to) {
            rows[*to] = *day_state;
            *to += 1;
        }
    }
    for (day_state, to) in rest.iter().zip(to) {
        rows[to] = *day_state;
    }
}

/// Whoever has left takes no part, but our users may still have begun something with them.
pub fn take_leave(community: &Community, day: u32, slot: u32, day_state: &mut DayState) {
    if community.gone(slot, day) {
        *day_state = DayState(day_state.0 & (0x7f | DayState::OURS) | DayState::GONE);
    }
}

impl Default for DayStates {
    fn default() -> Self {
        DayStates {
            own: by_local(DayState::default()),
            streams: [Stream::default(); 4],
            words: Vec::new(),
            rows: Vec::new(),
            none: Vec::new(),
            voices: by_local(0),
        }
    }
}

/// Weights of users in a group's conversation.
#[kernel]
fn give_voice(day_states: &[DayState], by_level: &[u16; LEVELS], to: &mut [u16]) {
    for (to, day_state) in to.iter_mut().zip(day_states) {
        let voice = by_level[day_state.level() & (LEVELS - 1)];
        *to = voice & 0u16.wrapping_sub(u16::from(day_state.has(DayState::ACTIVE)));
    }
}

/// Of each state of the day, what a table has for its level.
#[kernel]
fn look_up(day_states: &[DayState], by_level: &[u32; LEVELS], to: &mut [u32]) {
    for (to, day_state) in to.iter_mut().zip(day_states) {
        *to = by_level[day_state.level() & (LEVELS - 1)];
    }
}

/// States of the day of users: who is active.
#[kernel]
fn activate(words: &[u64], level: &[u8], presence: &[u8], thresholds: &[u64; 64], day_states: &mut [DayState]) {
    for (((day_state, &word), &level), &presence) in day_states.iter_mut().zip(words).zip(level).zip(presence) {
        let active = word >> 32 < thresholds[usize::from(presence & 63)];
        let shape = u16::from(presence >> 6) << DayState::SHAPE;
        *day_state = DayState(u16::from(level) | shape | (DayState::ACTIVE * u16::from(active)));
    }
}
