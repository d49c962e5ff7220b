//! From several worlds to what they say of the world in general: means and intervals. And from figures at many values of what is not known to what matters most for
//! them: designs of points, and indices of sensitivity. And from a sample to what it was drawn from: what it finds, and what it bounds. And closed forms of what somebody who holds data can tell: among how many alike a person
//! stands, which of many a cut hash means, which ties are likely.
//!
//! Everything goes through a software `libm`, in a fixed order: the same digits on every machine.

mod anonymity;
mod auc;
mod binomial;
mod finite_sample;
mod histogram;
mod inequality;
mod interval;
mod leakage;
mod lossy_hash;
mod morris;
mod roc;
mod sampling;
mod shapley;
mod sobol_indices;
mod student_t;
mod success_rate;
mod unequal_sample;

pub use anonymity::Anonymity;
pub use auc::{LinkScores, area_under_curve};
pub use binomial::{incomplete_beta, ln_binomial, lower_share, upper_share};
pub use finite_sample::{Marked, least, most_marked};
pub use histogram::Histogram;
pub use inequality::{gini, top_share};
pub use interval::{Estimate, Scale};
pub use leakage::JointCounts;
pub use lossy_hash::share_told_apart;
pub use morris::{ElementaryEffects, elementary_effects, trajectories};
pub use roc::{Cut, ScoreCounts};
pub use sampling::{MOST_DIMENSIONS, MOST_SEQUENCE, UnitPoints, latin_hypercube, sobol_sequence};
pub use shapley::shapley_values;
pub use sobol_indices::{SobolIndex, SobolIndices, saltelli, sobol_indices};
pub use student_t::student_t;
pub use success_rate::SuccessRate;
pub use unequal_sample::Silent;
