//! How exactly a permit lets values out.

use super::schema::Round;

/// How exactly a value is disclosed. The order is from fine to coarse: of several permits the finest decides.
///
/// A hash without a key can be recomputed from a list of all values, so it is finer than one with a key, whatever its
/// bits; a rounded time is finer than a count over a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Resolution {
    /// As it is.
    #[default]
    Exact,
    /// As a hash without a key, of so many bits.
    HashBits(u32),
    /// As a hash under a key that the parent does not have.
    KeyedHash,
    /// As a time that is rounded down.
    Round(Round),
    /// Only in counts over at least so many people.
    Aggregate(u32),
}

impl Resolution {
    fn rank(self) -> (u32, u32) {
        match self {
            Resolution::Exact => (0, 0),
            Resolution::HashBits(bits) => (1, u32::MAX - bits),
            Resolution::KeyedHash => (2, 0),
            Resolution::Round(to) => (3, to as u32),
            Resolution::Aggregate(k) => (4, k),
        }
    }

    /// The word in tables: `exact`, `hash_bits_39`, `keyed_hash`, `round_day`, `aggregate_k_50`.
    pub fn id(self) -> String {
        match self {
            Resolution::Exact => "exact".into(),
            Resolution::HashBits(bits) => format!("hash_bits_{bits}"),
            Resolution::KeyedHash => "keyed_hash".into(),
            Resolution::Round(to) => format!("round_{}", round_word(to)),
            Resolution::Aggregate(k) => format!("aggregate_k_{k}"),
        }
    }

    /// In words, to follow what is disclosed: "as a hash of 39 bits without a key".
    pub fn words(self) -> String {
        match self {
            Resolution::Exact => "as it is".into(),
            Resolution::HashBits(bits) => format!("as a hash of {bits} bits without a key"),
            Resolution::KeyedHash => "as a hash under a key that the parent does not have".into(),
            Resolution::Round(to) => format!("rounded down to the {}", round_word(to)),
            Resolution::Aggregate(k) => format!("only in counts over at least {k} people"),
        }
    }
}

fn round_word(to: Round) -> &'static str {
    match to {
        Round::Hour => "hour",
        Round::Day => "day",
        Round::Week => "week",
        Round::Month => "month",
    }
}

impl PartialOrd for Resolution {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Resolution {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.rank().cmp(&other.rank())
    }
}
