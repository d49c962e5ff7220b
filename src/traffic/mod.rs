//! What happens: conversations, group talk, calls, uploads, check-ins, as batches of events in columns, or counted.

mod audience;
mod batch;
mod block;
mod chat;
mod chats;
mod checkins;
mod column;
mod day;
mod far;
mod fill;
mod fill_groups;
mod model;
mod part;
mod pieces;
mod rest;
mod said;
mod sheet;
mod talk;
mod unfold;

pub use batch::{Audience, Batch, Event, Listed, Shape, Sink, Spare, Tally};
pub use block::{Block, ROOM, Turn};
pub use chats::{Chat, Chats, Speaker};
pub use column::Column;
pub use day::Traffic;
pub use far::Far;
pub use model::{Clock, DAY_MS, Model};
pub use said::Said;
pub use talk::Talk;
