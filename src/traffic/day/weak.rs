//! Conversations over weak ties. Both communities make them, the same to the last digit.

use super::Traffic;
use super::day_states::take_leave;
use super::weak_tie_run::WeakTieRun;
use crate::population::{Community, LEVELS, Pairing, RESIDUES, rows_before};
use crate::random::{Domain, Stream, mix};
use crate::scenario::Kind;
use crate::simd::{each_bit, kernel, mask};
use crate::traffic::batch::Event;
use crate::traffic::conversation::DayState;
use crate::traffic::diurnal_profile::DiurnalProfile;
use crate::traffic::plan::lanes::BLOCK;
use crate::traffic::plan::weak_ties::WeakTieBlock;
use crate::traffic::sink::{Sink, Tally, TieListings};
use crate::traffic::traffic_tables::TrafficTables;
use crate::traffic::uploads::UPLOADS;

/// Blocks of conversations that the others start, and that our users start.
const THEIRS: usize = 0;
const OURS: usize = 1;
const STRIDE: usize = RESIDUES as usize;

/// Where the conversations of a run of a cell come from.
struct RunStarts<'a> {
    /// Whether our users start them.
    we_start: bool,
    /// States of the day of our users, row by row.
    own: &'a [DayState],
    /// Local index of our user and slot of the tie in the first row.
    user: u32,
    slot: u32,
    /// Stream of the starters' keys, and the number in it of the starter in the first row, and from row to row.
    keys: Stream,
    key: (u64, u64),
}

impl<'a> Traffic<'a> {
    /// Conversations over weak ties, those that our users start and those that the other sides start; and who of the others
    /// uploads an address book, in which our user stands.
    pub(super) fn weak(&mut self, community: &Community, profiles: &'a [DiurnalProfile], sink: &mut impl Sink) {
        let our_clock = &profiles[usize::from(community.zone)];
        for (cell, zone) in community.cells_by_zone() {
            let profile = &profiles[usize::from(zone)];
            // Conversations of a block begin by the same diurnal profile.
            let before = std::mem::replace(&mut self.zone, zone);
            if zone != before {
                self.weak_block(community, THEIRS, &profiles[usize::from(before)], sink);
            }
            for run in cell.runs().into_iter().filter(|run| run.2 > 0) {
                self.weak_run(community, cell, run, [our_clock, profile], sink);
            }
            // Nobody at the other end: the conversations go to strong ties instead.
            let [counts, keys, ..] = self.weak_streams(community.shape.number, cell.layer);
            let alone = cell.rows() * RESIDUES + cell.residue..community.shape.users;
            for user in alone.step_by(STRIDE) {
                let day_state = self.day_states.of(user);
                if day_state.has(DayState::ACTIVE) {
                    let n = self.tables.weak_starts(day_state.level(), counts.at(u64::from(user)));
                    self.start(community, user, Stream::new(keys.at(u64::from(user))), n.into(), our_clock, sink);
                }
            }
        }
        for (side, zone) in [(THEIRS, self.zone), (OURS, community.zone)] {
            self.weak_block(community, side, &profiles[usize::from(zone)], sink);
        }
        self.late(community, sink);
    }

    fn weak_streams(&self, community: u32, layer: usize) -> [Stream; 4] {
        self.population.key.streams(Domain::WeakDay, u64::from(community), u64::from(self.today), layer as u64)
    }

    /// A run of a cell: (row here, row there, length). The diurnal profiles are ours and theirs: that of the one who starts counts.
    fn weak_run(
        &mut self,
        community: &Community,
        cell: &Pairing,
        (here, there, len): (u32, u32, u32),
        [our_clock, their_clock]: [&'a DiurnalProfile; 2],
        sink: &mut impl Sink,
    ) {
        let tables = self.tables;
        let mut ties = std::mem::take(&mut self.weak_tie_run);
        let n = len as usize;
        let (our_first, their_first) = (here * RESIDUES + cell.residue, there * RESIDUES + cell.residue);
        let slots = community.cell_start(cell.layer, cell.residue) + here;
        let [our_counts, our_keys, ..] = self.weak_streams(community.shape.number, cell.layer);
        let [their_counts, their_keys, ..] = self.weak_streams(cell.other.number, cell.layer);
        let day = u64::from(self.today);
        let [activity, .., rest] = self.population.key.streams(Domain::PersonDay, u64::from(cell.other.number), day, 0);
        let back = u64::from(RESIDUES).wrapping_neg();
        for words in &mut ties.words {
            words.resize(n, 0);
        }
        activity.fill(their_first.into(), back, &mut ties.words[0]);
        let place = (cell.other.number, self.today);
        self.population.spells.recall(place, (their_first.into(), back), &mut ties.words[0]);
        rest.fill(their_first.into(), back, &mut ties.words[1]);
        their_counts.fill(their_first.into(), back, &mut ties.words[2]);
        our_counts.fill(our_first.into(), RESIDUES.into(), &mut ties.words[3]);
        let columns = &community.columns;
        let (level, presence) = (&columns.level[slots as usize..][..n], &columns.presence[slots as usize..][..n]);
        let first_row = (rows_before(community.shape.users, cell.residue) + here) as usize;
        let own = self.day_states.rows(first_row, n);
        meet(&mut ties, own, level, presence, &self.population.people.presence, tables.syncs.none(), &tables.weak_none);
        if !community.left_day.is_empty() {
            for (slot, day_state) in (slots..).zip(&mut ties.day_states) {
                take_leave(community, self.today, slot, day_state);
            }
        }
        list(&mut ties);
        if cell.is_within() {
            ties.uploads.clear();
        }
        for (side, keys, key, profile) in [
            (OURS, our_keys, (u64::from(our_first), u64::from(RESIDUES)), our_clock),
            (THEIRS, their_keys, (their_first.into(), back), their_clock),
        ] {
            let mut at = (0, 0);
            loop {
                let (own, _) = self.day_states.rows(first_row, n);
                let run = RunStarts { we_start: side == OURS, own, user: our_first, slot: slots, keys, key };
                at = start(&mut self.weak[side], tables, &ties, &run, at.0, at.1);
                if at.0 == usize::MAX {
                    break;
                }
                self.weak_block(community, side, profile, sink);
            }
        }
        if self.counting && !ties.uploads.is_empty() {
            let (rows, beside) = (&ties.uploads, (cell.ours, here));
            let uploads = (&ties.words[1][..], &tables.syncs);
            let listed = TieListings { owner: slots, user: our_first, step: RESIDUES, rows, beside, uploads };
            sink.tally(community, self.today, Tally::Listed(listed));
        } else {
            for &i in &ties.uploads {
                let clock = (their_clock, self.population.chronotype(community, slots + i));
                let listed = [Some(our_first + i * RESIDUES), cell.ours.of(here + i)];
                self.uploads_elsewhere(ties.words[1][i as usize], slots + i, listed, clock);
            }
        }
        self.weak_tie_run = ties;
    }

    /// Opens the conversations that were started over weak ties, and hands them on.
    fn weak_block(&mut self, community: &Community, side: usize, profile: &'a DiurnalProfile, sink: &mut impl Sink) {
        let (tables, weak) = (self.tables, &mut self.weak[side]);
        if weak.len == 0 {
            return;
        }
        weak.we_start = side == OURS;
        weak.open(tables, profile, self.counting, &mut self.late);
        if self.counting {
            self.sent.weak(tables, weak);
            sink.tally(community, self.today, Tally::WeakTies(weak, &self.sent));
        } else {
            let starter = |i: usize| match weak.we_start {
                true => self.chronotypes[usize::from(weak.user[i])],
                false => self.population.chronotype(community, weak.slot[i]),
            };
            self.clocks.clear();
            self.clocks.extend((0..weak.len).map(starter));
            self.expander.weak(tables, (profile, &self.clocks), weak, &mut self.conversation);
        }
        weak.len = 0;
        // They all end today.
        self.share_out(community);
        self.make_room(community, sink);
        if self.late.len() >= BLOCK {
            self.late(community, sink);
        }
    }

    /// Uploads by a weak tie, whose address book lists our user and perhaps somebody beside: what they say of these counts here, also after the
    /// user left the service. `rest` is the word of the rest of what the tie does.
    fn uploads_elsewhere(&mut self, rest: u64, owner: u32, listed: [Option<u32>; 2], clock: (&'a DiurnalProfile, u8)) {
        for time in self.upload_times(Stream::new(rest ^ UPLOADS), clock) {
            for target in listed.into_iter().flatten() {
                let kind = Kind::ContactSync as u8;
                self.out.incoming.push(Event { time, actor: owner, target, kind, bytes: 0, conversation: 0 });
            }
        }
    }
}

/// States of the day of ties. `own` are the states of the day of our users and the words below which they start nothing, `level` and `presence` columns of the
/// ties.
#[kernel]
fn meet(
    ties: &mut WeakTieRun,
    own: (&[DayState], &[u32]),
    level: &[u8],
    presence: &[u8],
    thresholds: &[u64; 64],
    no_upload: u64,
    none_by_level: &[u32; LEVELS],
) {
    let WeakTieRun { words: [activity, rest, theirs, ours], day_states, active, none, .. } = ties;
    let n = activity.len();
    day_states.resize(n, DayState::default());
    active.resize(n, 0);
    none.resize(n, 0);
    let (activity, rest, theirs, ours, day_states) =
        (&activity[..n], &mut rest[..n], &theirs[..n], &ours[..n], &mut day_states[..n]);
    let (active, none, level, presence, own, none_of_ours) =
        (&mut active[..n], &mut none[..n], &level[..n], &presence[..n], &own.0[..n], &own.1[..n]);
    for i in 0..n {
        active[i] = thresholds[usize::from(presence[i] & 63)];
    }
    for i in 0..n {
        none[i] = none_by_level[usize::from(level[i]) & (LEVELS - 1)];
    }
    for i in 0..n {
        let there = activity[i] >> 32 < active[i];
        let uploads = mix(Stream::new(rest[i] ^ UPLOADS).place(0)) & 0xffff_ffff >= no_upload;
        let they_start = theirs[i] as u32 >= none[i];
        let we_start = ours[i] as u32 >= none_of_ours[i];
        let flag = |flag: u16, set: bool| flag & 0u16.wrapping_sub(u16::from(set));
        day_states[i] = DayState(
            u16::from(level[i])
                | flag(DayState::ACTIVE, there)
                | flag(DayState::UPLOADS, there & uploads)
                | flag(DayState::THEIRS, there & they_start)
                | flag(DayState::OURS, own[i].has(DayState::ACTIVE) & we_start),
        );
    }
}

/// Adds the conversations of a run's rows, from the row at `k` of its list on, of whom from number `first` on. Returns where it stopped for lack of
/// room, `usize::MAX` if it did not.
#[kernel]
fn start(
    weak: &mut WeakTieBlock,
    tables: &TrafficTables,
    ties: &WeakTieRun,
    run: &RunStarts,
    k: usize,
    first: usize,
) -> (usize, usize) {
    let n = ties.day_states.len().min(run.own.len());
    let (rows, words) =
        if run.we_start { (&ties.ours, &ties.words[3][..n]) } else { (&ties.theirs, &ties.words[2][..n]) };
    let (day_states, own) = (&ties.day_states[..n], &run.own[..n]);
    let mut first = first;
    for (k, &row) in rows.iter().enumerate().skip(k) {
        let i = row as usize;
        let day_states = if run.we_start { [own[i], day_states[i]] } else { [day_states[i], own[i]] };
        let starts = usize::from(tables.weak_starts(day_states[0].level(), words[i]));
        // With somebody who has left nothing begins.
        let wanted = (if day_states[1].has(DayState::GONE) { 0 } else { starts }) - first;
        let keys = Stream::new(run.keys.at(run.key.0.wrapping_add(run.key.1.wrapping_mul(u64::from(row)))));
        let done = weak.add((run.user + row * RESIDUES, run.slot + row), day_states, keys, (first, wanted));
        if done < wanted {
            return (k, first + done);
        }
        first = 0;
    }
    (usize::MAX, 0)
}

/// Lists who does what.
#[kernel]
fn list(ties: &mut WeakTieRun) {
    let WeakTieRun { day_states, ours, theirs, uploads, .. } = ties;
    let lists = [ours, theirs, uploads];
    for (list, flag) in lists.into_iter().zip([DayState::OURS, DayState::THEIRS, DayState::UPLOADS]) {
        list.clear();
        let (words, rest) = day_states.as_chunks::<64>();
        for (word, day_states) in (0..).zip(words) {
            each_bit(mask(|i| day_states[i].has(flag)), |bit| list.push(64 * word + bit as u32));
        }
        let first = (day_states.len() - rest.len()) as u32;
        list.extend((first..).zip(rest).filter(|(_, day_state)| day_state.has(flag)).map(|(i, _)| i));
    }
}
