//! What a regulator learns from a sample: how much of it finds that an order is breached, and what a sample that is at hand says.
//!
//! ```text
//! plan:   events ─► ProhibitedFlows ─► Detection ─► PowerPlan       how many people, days or records find a leak
//! check:  rows of a sample ─► Judge ─► Verdict                      what a policy and an order say of each
//! ```
//!
//! The sampling unit is the person: whoever is drawn is seen with all that was let out about them, and is found if any of it breaches the order.

mod detection;
mod draws;
mod judge;
mod leak;
mod plan;
mod prohibited;

pub use detection::{Detection, Unit};
pub use judge::{Breach, Facts, Judge, SeenFlow, Verdict};
pub use leak::{Leak, LeakError};
pub use plan::{CurvePoint, LeakPlan, PlanOptions, PowerPlan, UnitPlan, plan};
pub use prohibited::{LeakedFlows, ProhibitedFlows, prohibited};
