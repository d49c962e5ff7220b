//! From several worlds to what they say of the world in general: means and intervals. And from figures at many values of what is not known to what matters most for
//! them: designs of points, and indices of sensitivity.
//!
//! Everything goes through a software `libm`, in a fixed order: the same digits on every machine.

mod interval;
mod morris;
mod sampling;
mod sobol_indices;
mod student_t;

pub use interval::{Estimate, Scale};
pub use morris::{ElementaryEffects, elementary_effects, trajectories};
pub use sampling::{MOST_DIMENSIONS, MOST_SEQUENCE, UnitPoints, latin_hypercube, sobol_sequence};
pub use sobol_indices::{SobolIndex, SobolIndices, saltelli, sobol_indices};
pub use student_t::student_t;
