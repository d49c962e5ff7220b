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

    /// The resolution of an [`Resolution::id`]; `None` if it is none.
    pub fn parse(id: &str) -> Option<Self> {
        let number = |prefix: &str| id.strip_prefix(prefix)?.parse().ok();
        let round = || {
            let word = id.strip_prefix("round_")?;
            [Round::Hour, Round::Day, Round::Week, Round::Month].into_iter().find(|to| round_word(*to) == word)
        };
        match id {
            "exact" => Some(Resolution::Exact),
            "keyed_hash" => Some(Resolution::KeyedHash),
            _ => number("hash_bits_")
                .map(Resolution::HashBits)
                .or_else(|| number("aggregate_k_").map(Resolution::Aggregate))
                .or_else(|| round().map(Resolution::Round)),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_as_they_are_written() {
        let rounds = [Round::Hour, Round::Day, Round::Week, Round::Month].map(Resolution::Round);
        let others = [Resolution::Exact, Resolution::HashBits(39), Resolution::KeyedHash, Resolution::Aggregate(50)];
        for resolution in rounds.into_iter().chain(others) {
            assert_eq!(Resolution::parse(&resolution.id()), Some(resolution));
        }
        for wrong in ["", "Exact", "hash_bits_", "round_year", "aggregate_k_x"] {
            assert_eq!(Resolution::parse(wrong), None, "{wrong}");
        }
    }
}
