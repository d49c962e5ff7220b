//! What happens: conversations, group talk, calls, uploads, check-ins, as batches of events in columns.

mod batch;
mod day;
mod model;

pub use batch::{Audience, Batch, Event, Shape, Sink};
pub use day::Traffic;
pub use model::{Clock, DAY_MS, Model};
