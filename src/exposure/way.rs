//! Whose doing a disclosure is: a person's own act, or an act of somebody else, and which.

use crate::scenario::Kind;

/// The way by which data about a person get out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The person's own act, of any kind.
    Own,
    /// Somebody uploads an address book that lists the person.
    AddressBook,
    /// Somebody writes to the person.
    Message,
    /// Somebody writes to a group that the person is in.
    Group,
    /// Somebody calls the person.
    Call,
}

impl Way {
    /// All, in the order of counters.
    pub const ALL: [Way; 5] = [Way::Own, Way::AddressBook, Way::Message, Way::Group, Way::Call];

    /// Those of others' acts.
    pub const OTHERS: [Way; 4] = [Way::AddressBook, Way::Message, Way::Group, Way::Call];

    /// Place among [`Way::OTHERS`]; that of a person's own act is no other's, and goes with the first.
    #[inline(always)]
    pub fn of_other(self) -> usize {
        (self as usize).saturating_sub(1)
    }

    /// The word in names of metrics.
    pub fn word(self) -> &'static str {
        match self {
            Way::Own => "own_acts",
            Way::AddressBook => "address_books",
            Way::Message => "messages",
            Way::Group => "groups",
            Way::Call => "calls",
        }
    }

    /// The way by which an event of a kind tells of those whom it is about besides its actor. None of an event that is about nobody else.
    pub fn of_others(kind: Kind) -> Option<Way> {
        match kind {
            Kind::ContactSync => Some(Way::AddressBook),
            Kind::Call => Some(Way::Call),
            _ if kind.is_group_message() => Some(Way::Group),
            _ if kind.is_message() => Some(Way::Message),
            _ => None,
        }
    }
}

/// What is held about people through others' acts: counters of one class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThroughOthers {
    /// Facts that acts of others disclosed.
    Facts,
    /// Facts that acts of others alone disclosed: without them the parent would not have these.
    FactsAlone,
    /// People about whom acts of others disclosed something.
    People,
    /// People about whom acts of others alone disclosed something.
    PeopleAlone,
}

impl ThroughOthers {
    /// All, in the order of counters.
    pub const ALL: [ThroughOthers; 4] =
        [ThroughOthers::Facts, ThroughOthers::FactsAlone, ThroughOthers::People, ThroughOthers::PeopleAlone];

    /// What a person adds to each counter about whom these categories were disclosed, and these by acts of others.
    pub fn of(all: u32, by_own_acts: u32, by_others: u32) -> [u64; 4] {
        let alone = by_others & !by_own_acts;
        debug_assert_eq!(all, by_own_acts | by_others);
        let [facts, facts_alone] = [by_others, alone].map(|mask| u64::from(mask.count_ones()));
        [facts, facts_alone, u64::from(by_others != 0), u64::from(by_others != 0 && by_own_acts == 0)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_alone_told() {
        // Two facts from own acts, two from others', one of them the same.
        assert_eq!(ThroughOthers::of(0b111, 0b011, 0b110), [2, 1, 1, 0]);
        assert_eq!(ThroughOthers::of(0b100, 0, 0b100), [1, 1, 1, 1]);
        assert_eq!(ThroughOthers::of(0b100, 0b100, 0), [0, 0, 0, 0]);
    }

    #[test]
    fn others_have_their_places() {
        for (place, way) in Way::OTHERS.into_iter().enumerate() {
            assert_eq!(way.of_other(), place);
        }
        assert!(!Way::OTHERS.contains(&Way::Own));
    }

    #[test]
    fn whoever_is_told_of_is_told_of_by_some_way() {
        for kind in Kind::ALL {
            let way = Way::of_others(kind);
            assert_eq!(way.is_some(), kind.has_counterparty(), "{kind:?}");
            assert_ne!(way, Some(Way::Own));
        }
    }
}
