//! What happens: conversations, group talk, calls, uploads, check-ins, as batches of events in columns, or counted.

mod audience;
mod batch;
mod block;
mod chat;
mod checkins;
mod column;
mod day;
mod fill;
mod fill_groups;
mod model;
mod part;
mod pieces;
mod said;
mod sheet;
mod talk;
mod unfold;

pub use batch::{Audience, Batch, Event, Shape, Sink, Spare, Tally};
pub use block::{Block, Turn};
pub use chat::{Chat, Chats};
pub use column::Column;
pub use day::Traffic;
pub use model::{Clock, DAY_MS, Model};
pub use said::Said;
pub use talk::Talk;
