//! What the parent comes to know about the people of some communities.
//!
//! The main line counts how much is let out about whom, in all communities, and forgets by whose act. Here it is kept who told of whom, in a sample of communities, from every event one by
//! one. All figures are exact within these communities.
//!
//! ```text
//! events ─► KnowledgeObserver ─► Observed ───────────────► Holding ──────────────► families: informants, graph,
//!           who did what, and    a community, all days:   what the parent holds    linking, singling out, leakage,
//!           of whom it told      who told of whom, when   under one policy, for    inference: counters that merge by
//!                                                         one purpose or all       addition, then rows; presence
//! ```
//!
//! What a context discloses is read from [`Contexts`](super::contexts::Contexts), as reach does. What is let out only in counts over groups (`aggregate_k`) is held about nobody.

mod attributes;
mod cell;
mod contact_graph;
mod following;
mod graph;
mod holding;
mod inference;
mod informants;
mod leakage;
mod linking;
mod observed;
mod observer;
mod pattern;
mod presence;
mod rows;
mod singling_out;
mod sources;
mod telling;
mod timeline;
mod totals;

pub use observer::KnowledgeObserver;
pub use sources::KnowledgeSources;
pub use telling::MOST_PLACES;
pub use totals::{KnowledgeTotals, knowledge_rows};
