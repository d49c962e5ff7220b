//! Public ids of a community's slots.

use crate::population::{Community, PublicIds};

/// Public id of a slot; `u64::MAX` for a weak tie that is not there.
pub fn slot_id(public: &PublicIds, community: &Community, slot: u32) -> u64 {
    community.place(slot).map_or(u64::MAX, |(shape, local)| public.public(shape.number, local))
}
