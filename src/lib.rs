//! outflow measures what a messaging service would share with its parent company under alternative sharing policies.
//!
//! ```text
//! scenario -> world -> traffic -> policy -> exposure -> report
//! ```
//!
//! Data run down this line once; each folder knows only those to its left. `bench` times the line. See `docs/METHODOLOGY.md`.
#![warn(missing_docs)]
#![deny(unsafe_code)]

pub mod bench;
pub mod chart;
pub mod cli;
pub mod engine;
pub mod export;
pub mod exposure;
mod letters;
pub mod manifest;
mod messages;
pub mod output;
pub mod parameters;
pub mod policy;
pub mod report;
pub mod results;
pub mod rng;
pub mod scenario;
pub mod table;
mod threads;
pub mod trace;
pub mod traffic;
pub mod vector;
pub mod world;
