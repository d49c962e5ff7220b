//! The kinds of circle that people have in a community.

/// Kinds of circle: (name, size). Sizes are powers of two, so that places pair by exclusive or. Acquaintances are those of their chunk who are
/// of another work, class or club.
pub const CIRCLES: [(&str, u32); 4] =
    [("household", 4), ("friends", 16), ("work, class, club", 32), ("acquaintances", 256)];
