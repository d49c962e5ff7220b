//! outflow measures what a messaging service would share with its parent company under alternative sharing policies.
//!
//! ```text
//! scenario -> population -> traffic -> policy -> exposure -> simulate -> output
//! ```
//!
//! Data run down this line once; each folder knows only those to its left. `bench` times the line. See `docs/METHODOLOGY.md`.
#![warn(missing_docs)]
#![deny(unsafe_code)]

pub mod bench;
pub mod cli;
pub mod exposure;
pub mod output;
pub mod policy;
pub mod population;
pub mod random;
pub mod scenario;
pub mod simd;
pub mod simulate;
pub mod traffic;
