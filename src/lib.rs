//! outflow measures what a messaging service would share with its parent company under alternative sharing policies.
//!
//! ```text
//! scenario -> population -> traffic -> policy -> exposure -> simulate -> output
//! ```
//!
//! Data run down this line once; each folder knows only those to its left. `bench` times the line. See `docs/ARCHITECTURE.md`.
//!
//! Load a scenario, change it, simulate it, and go on with its tables as polars frames:
//!
//! ```
//! use outflow::{Overrides, Simulation, load, tables};
//!
//! let changes = Overrides { people: Some(2_000), days: Some(1), ..Overrides::default() };
//! let (scenario, _warnings) = load("cnil-2017".as_ref(), &changes)?;
//! let mut simulation = Simulation::new(&scenario);
//! let outcome = simulation.run_replicates(2, &Default::default());
//! let exposure = tables(&simulation, &outcome)?.exposure;
//! assert_eq!(exposure.get_column_names()[..4], ["policy", "purpose", "jurisdiction", "population"]);
//! assert!(exposure.height() > 1_000);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![warn(missing_docs)]
#![deny(unsafe_code)]

pub mod audit;
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
pub mod statistics;
pub mod traffic;
pub mod utility;

pub use output::tables::tables;
pub use scenario::{Overrides, load};
pub use simulate::Simulation;
