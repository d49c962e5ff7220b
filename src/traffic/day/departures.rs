//! People who leave the service take no part from the midnight of their day on.
//!
//! Who is gone is not active, so does nothing and answers nobody; what others would begin with them does not happen.
//! What is left to do is here: conversations that were under way at that midnight. They stay in address books.

use super::Buffers;
use crate::population::{Community, NOBODY};
use crate::traffic::batch::Batch;

impl Buffers {
    /// Drops what people who leave today would do or receive in conversations that began yesterday.
    pub(super) fn drop_gone(&mut self, community: &Community, day: u32) {
        // Who left before today took no part in yesterday's conversations.
        let first = community.leavers.partition_point(|&(left, _)| left < day);
        if community.leavers.get(first).is_none_or(|&(left, _)| left > day) {
            return;
        }
        for batch in [&mut self.pair, &mut self.incoming] {
            batch.retain(|b, i| !community.gone(b.actor[i], day) && !community.gone(b.target[i], day));
        }
        drop_members(&mut self.audience, |slot| community.gone(slot, day));
        // An audience holds its actor: with fewer than two members it holds nobody else.
        self.audience.retain(|b, i| !community.gone(b.actor[i], day) && b.audience(b.target[i]).len() > 1);
    }
}

/// Takes members out of the audiences of groups. Address books, which keep them, never run past midnight.
fn drop_members(batch: &mut Batch, gone: impl Fn(u32) -> bool) {
    let mut kept = 0;
    for audience in &mut batch.audiences {
        debug_assert_ne!(audience.group, NOBODY);
        let start = kept;
        for i in audience.start..audience.end {
            let member = batch.members[i as usize];
            if !gone(member) {
                batch.members[kept as usize] = member;
                kept += 1;
            }
        }
        (audience.start, audience.end) = (start, kept);
    }
    batch.members.truncate(kept as usize);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::traffic::batch::{Event, Shape};

    #[test]
    fn members_leave_their_audiences_and_no_others() {
        let mut batch = Batch::new(Shape::Audience, 0);
        for (group, members) in [(0, vec![1, 2, 3]), (1, vec![2, 3]), (2, vec![4, 5])] {
            let target = batch.add_audience(group, members.len(), |to| to[..members.len()].copy_from_slice(&members));
            batch.push(Event { time: 0, actor: 0, target, kind: 0, bytes: group, conversation: 0 });
        }
        drop_members(&mut batch, |slot| slot == 2 || slot == 3);
        let audiences: Vec<&[u32]> = (0..3).map(|target| batch.audience(target)).collect();
        assert_eq!(audiences, [&[1][..], &[], &[4, 5]]);
        batch.retain(|b, i| b.audience(b.target[i]).len() > 1);
        assert_eq!((batch.len(), batch.event(0).bytes, batch.audience(batch.event(0).target)), (1, 2, &[4, 5][..]));
    }
}
