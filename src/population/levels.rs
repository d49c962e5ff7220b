//! How finely activity is told apart.

/// Levels of activity: a grid of the logarithm of the rate, 16 steps a standard deviation.
pub const LEVELS: usize = 128;
