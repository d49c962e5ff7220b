//! What happens: conversations of two and of groups, calls, uploads, check-ins. A day of a community is planned in columns, then counted, or
//! expanded into batches of events.

mod abuse_tables;
mod batch;
mod column;
mod conversation;
mod count;
mod day;
mod diurnal_profile;
mod expand;
#[cfg(test)]
mod fixtures;
mod group_conversation;
mod message;
mod plan;
mod quantile_table;
mod sink;
mod time;
mod traffic_tables;
mod uploads;

pub use batch::{Audience, Batch, Event, Shape, Spare};
pub use column::Column;
pub use conversation::Conversation;
pub use count::message_counts::MessageCounts;
pub use day::Traffic;
pub use diurnal_profile::DiurnalProfile;
pub use plan::group_block::{GroupBlock, GroupMessages, Speaker};
pub use plan::lanes::ROOM;
pub use plan::strong_ties::{StrongTieBlock, Turn};
pub use plan::weak_ties::WeakTieBlock;
pub use sink::{CommunitySink, DaySink, Sink, Tally, TieListings, Within};
pub use time::DAY_MS;
pub use traffic_tables::TrafficTables;
