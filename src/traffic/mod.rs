//! What happens: conversations, group talk, calls, uploads, check-ins, as batches of events in columns, or counted.

mod batch;
mod block;
mod chat;
mod chats;
mod day;
mod far;
mod model;
mod rest;
mod said;
mod talk;
mod unfold;

pub use batch::{Audience, Batch, Event, Listed, Shape, Sink, Tally};
pub use block::{Block, ROOM, Turn};
pub use chats::{Chat, Chats, Speaker};
pub use day::Traffic;
pub use far::Far;
pub use model::{Clock, DAY_MS, Model};
pub use said::Said;
pub use talk::Talk;
