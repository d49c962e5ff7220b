//! Classes of people: all that a rule can tell about a person, enumerated. A person's class is a small number.

use crate::scenario::{Jurisdiction, MAX_JURISDICTIONS, MAX_PURPOSES, Scenario};

/// What a rule can tell about a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PersonClass {
    /// Index of the jurisdiction.
    pub jurisdiction: usize,
    /// Has an account with the service, or had one until they left.
    pub user: bool,
    /// Has left the service, and has no account any more.
    pub left: bool,
    /// Has an account with the parent.
    pub parent_account: bool,
    /// Is a minor.
    pub minor: bool,
    /// Mask of the purposes that the person objects to (0 for a non-user, who has no choice). Somebody who left keeps
    /// it, by which tables split people; to rules they have no choice any more.
    pub objects: u32,
    /// Mask of the purposes that the person agrees to (0 for a non-user).
    pub agrees: u32,
    /// The least attitude of the class as a 53-bit integer, where people are told apart by it ([`Jurisdiction::bands`](crate::scenario::Jurisdiction)); else 0.
    pub attitude: u64,
}

impl PersonClass {
    /// Whether the person has an account now: acts, is a user to rules, and has a choice.
    pub fn has_account(&self) -> bool {
        self.user && !self.left
    }
}

/// All classes of a scenario, and which class a person is of.
#[derive(Clone, Debug)]
pub struct Classes {
    all: Vec<PersonClass>,
    jurisdictions: Vec<Bands>,
    /// Class after leaving, by class; the class itself for those who stay. Empty if nobody leaves.
    left: Vec<u16>,
}

/// A jurisdiction's classes: attitudes are cut where a choice changes.
#[derive(Clone, Debug)]
struct Bands {
    /// Upper ends of the bands of attitude but the last, as 53-bit integers, rising.
    cuts: Vec<u64>,
    /// Class of (band 0, no parent account, adult); then minor, parent account, band.
    first_user: u16,
    /// Class of (no parent account, adult) non-users; then minor, parent account.
    first_non_user: u16,
}

/// Class numbers are 16 bits: of each jurisdiction four for each band of attitude, twice if people leave, and four of non-users.
const _: () = assert!(MAX_JURISDICTIONS * (2 * 4 * (2 * MAX_PURPOSES + 1) + 4) <= 1 << 16);

const ATTITUDES: f64 = 9_007_199_254_740_992.0; // 2^53

/// Attitudes at which the people of a jurisdiction choose otherwise, as 53-bit integers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attitudes {
    /// By purpose: whoever is below objects.
    objects: Vec<u64>,
    /// By purpose: whoever is not below agrees.
    agrees: Vec<u64>,
}

impl Attitudes {
    /// Those that follow from a jurisdiction's rates.
    pub fn new(j: &Jurisdiction) -> Self {
        let objects: Vec<u64> = j.objects.iter().map(|r| (r * ATTITUDES).ceil() as u64).collect();
        // Rates that sum to 1 may overlap by what floats round, and nobody objects and agrees at once.
        let agrees: Vec<u64> =
            j.agrees.iter().zip(&objects).map(|(r, &o)| (((1.0 - r) * ATTITUDES).ceil() as u64).max(o)).collect();
        Attitudes { objects, agrees }
    }

    /// Attitudes from which on somebody chooses otherwise than those below; in no order, and not each once.
    pub fn cuts(&self) -> impl Iterator<Item = u64> + '_ {
        self.objects.iter().chain(&self.agrees).copied().filter(|&c| c > 0 && c < ATTITUDES as u64)
    }

    /// What somebody of an attitude chooses: masks of the purposes objected and agreed to.
    pub fn choices(&self, attitude: u64) -> (u32, u32) {
        let mask = |holds: &dyn Fn(usize) -> bool| {
            (0..self.objects.len()).filter(|&p| holds(p)).fold(0, |mask, p| mask | 1 << p)
        };
        (mask(&|p| attitude < self.objects[p]), mask(&|p| attitude >= self.agrees[p]))
    }
}

impl Classes {
    /// Enumerates the classes of a scenario.
    ///
    /// A person objects to a purpose iff attitude < objection rate, and agrees iff attitude >= 1 - agreement rate and they do not object,
    /// with attitude = n / 2^53: both comparisons are exact in integers.
    pub fn new(scenario: &Scenario) -> Self {
        let leave = scenario.uninstall.map_or(0, |u| u.purposes);
        let mut all: Vec<PersonClass> = Vec::new();
        let mut twins: Vec<(usize, u16)> = Vec::new();
        let mut jurisdictions = Vec::new();
        for (index, j) in scenario.jurisdictions.iter().enumerate() {
            let attitudes = Attitudes::new(j);
            let mut cuts: Vec<u64> = attitudes.cuts().chain(j.bands.iter().copied()).collect();
            cuts.sort_unstable();
            cuts.dedup();
            let first_user = all.len() as u16;
            for band in 0..=cuts.len() {
                // Any attitude of the band decides as all of them do; the first one is at hand.
                let attitude = if band == 0 { 0 } else { cuts[band - 1] };
                let (objects, agrees) = attitudes.choices(attitude);
                let told = if j.bands.is_empty() { 0 } else { attitude };
                for (parent_account, minor) in FLAGS {
                    all.push(PersonClass {
                        jurisdiction: index,
                        user: true,
                        left: false,
                        parent_account,
                        minor,
                        objects,
                        agrees,
                        attitude: told,
                    });
                }
            }
            // Users, then those who left, then non-users: who has an account comes first in each jurisdiction.
            for class in usize::from(first_user)..all.len() {
                if all[class].objects & leave != 0 {
                    twins.push((class, all.len() as u16));
                    all.push(PersonClass { left: true, ..all[class] });
                }
            }
            let first_non_user = all.len() as u16;
            for (parent_account, minor) in FLAGS {
                all.push(PersonClass {
                    jurisdiction: index,
                    user: false,
                    left: false,
                    parent_account,
                    minor,
                    objects: 0,
                    agrees: 0,
                    attitude: 0,
                });
            }
            jurisdictions.push(Bands { cuts, first_user, first_non_user });
        }
        let mut left = Vec::new();
        if !twins.is_empty() {
            left.extend(0..all.len() as u16);
        }
        for (class, twin) in twins {
            left[class] = twin;
        }
        Classes { all, jurisdictions, left }
    }

    /// All classes; the index is the class number.
    pub fn all(&self) -> &[PersonClass] {
        &self.all
    }

    /// Class number after leaving the service; the class itself if its people never leave.
    #[inline]
    pub fn left(&self, class: u16) -> u16 {
        self.left.get(usize::from(class)).copied().unwrap_or(class)
    }

    /// Upper ends of the bands of attitude but the last, and the class of (band 0, no parent account, adult). Non-users have
    /// one band.
    pub fn bands(&self, jurisdiction: usize, user: bool) -> (&[u64], u16) {
        let bands = &self.jurisdictions[jurisdiction];
        if user { (&bands.cuts, bands.first_user) } else { (&[], bands.first_non_user) }
    }

    /// Class number of a person. `attitude` is the 53-bit integer.
    #[inline]
    pub fn of(&self, jurisdiction: usize, user: bool, parent_account: bool, minor: bool, attitude: u64) -> u16 {
        let bands = &self.jurisdictions[jurisdiction];
        let flags = u16::from(parent_account) * 2 + u16::from(minor);
        if user {
            let band = bands.cuts.iter().filter(|&&c| attitude >= c).count() as u16;
            bands.first_user + band * 4 + flags
        } else {
            bands.first_non_user + flags
        }
    }
}

/// (parent account, minor), in the order of class numbers.
const FLAGS: [(bool, bool); 4] = [(false, false), (false, true), (true, false), (true, true)];
