//! Disclosures about some people, one by one, with the rules that let them out.
//!
//! Only the communities that these people live in are simulated: everything about a person is found from their own side.

mod follow;
mod sample;
mod subject;

pub use follow::{Disclosure, follow};
pub use sample::{Sample, SampleError, draw, write};
pub use subject::{Held, Subject, subject};
