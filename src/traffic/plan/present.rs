//! Groups without those who have left the service.

use crate::population::{ByLocal, Community};
use crate::simd::kernel;
use crate::traffic::conversation::DayState;

/// Seats of a community's groups today.
#[derive(Clone, Debug, Default)]
pub struct Present {
    /// Members who are there, group by group.
    pub seats: Vec<u16>,
    /// First seat and members, by number of the group.
    pub groups: Vec<(u32, u32)>,
}

impl Present {
    /// Makes these the seats of a day.
    pub fn fill(&mut self, community: &Community, day_states: &ByLocal<DayState>) {
        let groups = &community.groups;
        self.groups.clear();
        self.seats.clear();
        self.seats.resize(groups.seats.len() + 1, 0);
        let mut from = 0;
        for group in &groups.list {
            let members = stay(&groups.seats[community.seats_of(group)], day_states, &mut self.seats[from..]);
            self.groups.push((from as u32, members as u32));
            from += members;
        }
    }
}

/// Seats the members who have not left; returns how many.
#[kernel]
fn stay(members: &[u16], day_states: &ByLocal<DayState>, seats: &mut [u16]) -> usize {
    let mut n = 0;
    for &member in members {
        // All are written, those who stay are kept.
        seats[n] = member;
        n += usize::from(!day_states[usize::from(member)].has(DayState::GONE));
    }
    n
}
