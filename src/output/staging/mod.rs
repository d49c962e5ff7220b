//! Results appear whole or not at all, beside whatever else the user keeps in the folder.
//!
//! ```text
//! place ─► lock ─► (recovery) ─► ownership ─► staging ─► commit
//! which    one at  what a killed  what may be  the work   files move, one by one,
//! folder   a time  run left       replaced                the manifest last
//! ```
//!
//! The folder itself is never replaced: a link, a mount point, its group, its mode and a shell that stands in it stay as they are. What
//! is new is written into `.outflow/` inside it, synced, and announced in a journal; from then on the commit can only be completed, by this
//! process or by the next one that opens the folder. Only files that the manifest in place lists, with the digest that they still have, are
//! replaced or removed; whatever else lies there is the user's.

mod checkpoints;
mod commit;
mod contents;
pub mod disk;
mod file;
pub mod interrupt;
mod inventory;
mod lock;
mod ownership;
mod place;
mod recovery;
mod staged;
mod verify;

#[cfg(test)]
mod power_loss;
#[cfg(test)]
mod tests;

pub use checkpoints::Checkpoints;
pub use contents::Contents;
pub use file::NewFile;
pub use inventory::{FileEntry, Inventory, paths};
pub use staged::Staging;
pub use verify::{Problem, Verification, verify};

/// The manifest: what makes a folder complete, and what says which files in it are outflow's.
pub const MANIFEST: &str = "manifest.json";
/// Folder inside a results folder that holds what is not finished; it is gone when nothing is.
const CONTROL: &str = ".outflow";

/// Why results can't be written.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The place that the user named can't be used: their input is at fault.
    #[error("{0}")]
    Unusable(String),
    /// Writing failed on the way.
    #[error("{0}")]
    Failed(String),
}
