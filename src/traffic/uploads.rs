//! How often somebody uploads the address book on a day.

use crate::random::Stream;
use crate::random::distribution::GuideTable;

/// Tells the uploads apart from the rest of what a person does.
pub const UPLOADS: u64 = 0x5C00;

/// Uploads of who is active today, from the word of the rest of their day.
#[inline]
pub fn uploads(table: &GuideTable, rest: u64) -> u32 {
    table.at(Stream::new(rest ^ UPLOADS).at(0) as u32)
}
