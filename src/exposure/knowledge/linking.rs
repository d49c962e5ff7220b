//! Linking: which people the parent can link to an account that it has.
//!
//! A person can be linked who has an account with the parent and whose telephone number is held, from whoever's acts. Of a number as it is, all of them are; of one as a hash without a key of `b`
//! bits, whoever can list all numbers knows which have this hash, and picks the right one with probability `(1 - e^-lambda) / lambda`, `lambda` = numbers / 2^b
//! (`src/statistics/lossy_hash.rs`); under a key, or in counts, nobody. Beside it stands what comes of hashing the people of the community, with as many values as make the same lambda: the mean of
//! one by the number of those who share a value.
//!
//! Under a key nobody is linked, but records that bear the same hash belong together, until the key changes (`following`): how many days lie between the first and the last of them.
//!
//! It does not say that the parent did link, nor that people without an account could not be told apart by other things; and whoever knows the country knows nearly everybody: lambda is smaller then.

use super::cell::Cell;
use super::following::{Keys, Rotation};
use super::holding::Holding;
use super::observed::Observed;
use super::rows::{RowMaker, WHOM, Whom, places};
use crate::exposure::grouping::PopulationGroup;
use crate::exposure::tables::{KnowledgeRow, Risk};
use crate::population::Layout;
use crate::random::Domain;
use crate::scenario::{Knowledge, MetricFamily, Resolution, Scenario};
use crate::statistics::share_told_apart;

const POPULATIONS: usize = PopulationGroup::ALL.len();
/// Bits of hashes that are tried.
const BITS: std::ops::RangeInclusive<u32> = 20..=48;
/// Fractions are added up in so many parts of one, as whole numbers.
const ONE: u64 = 1 << 40;
/// People for each value of a hash, less than which are too few to try it.
const LEAST_BY_LAMBDA: f64 = 16.0;

/// Counters of the family.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LinkingCounts {
    /// Mask of the categories that are telephone numbers.
    numbers: u32,
    /// Telephone numbers of the world.
    of_world: f64,
    /// Bits that are tried.
    tried: Vec<u32>,
    /// Keys by day of the run.
    keys: Keys,
    /// By cell and population.
    counts: Vec<LinkCounts>,
}

/// Counters of people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct LinkCounts {
    people: u64,
    /// With an account with the parent.
    with_account: u64,
    /// With one, and whose number is held, by the finest resolution at which it is: as it is; as a hash, by its bits; under a key.
    exact: u64,
    hashed: std::collections::BTreeMap<u32, u64>,
    keyed: u64,
    /// People whose number is held, with an account or not, and sums of the days by which each is followed, by [`Rotation`].
    held: u64,
    followed: [u64; Rotation::ALL.len()],
    /// Of those whose number is held otherwise than under a key: sum of the chance of the right one, by bits that are tried, in parts of [`ONE`].
    picked: Vec<u64>,
}

/// Chance that each person of a community is picked among those who share a value, by bits that are tried, in parts of [`ONE`].
#[derive(Debug)]
pub(super) struct SharedHashes {
    chances: Vec<Vec<u64>>,
}

impl SharedHashes {
    /// Hashes the people of a community.
    fn new(of: &Observed, of_world: f64, tried: &[u32]) -> Self {
        let people = of.people();
        let number = of.community.shape.number;
        let words = of.sources.population.key.streams(Domain::Knowledge, number.into(), 1, 0)[0];
        // A number between 0 and 1 for each, as a good hash makes of telephone numbers.
        let places: Vec<f64> =
            (0..people).map(|person| (words.at(person.into()) >> 11) as f64 / 9_007_199_254_740_992.0).collect();
        let of_bits = |&bits: &u32| shared(&places, f64::from(people) / lambda(of_world, bits));
        SharedHashes { chances: tried.iter().map(of_bits).collect() }
    }
}

/// Numbers of the world by values of a hash.
fn lambda(of_world: f64, bits: u32) -> f64 {
    of_world / (1u64 << bits) as f64
}

/// Of people at places between 0 and 1, where so many values lie evenly: one by the number of those at the same value, in parts of [`ONE`]. The last value may be narrower than the others.
fn shared(places: &[f64], values: f64) -> Vec<u64> {
    let mut at: Vec<(u64, u32)> = places.iter().map(|place| (place * values) as u64).zip(0..).collect();
    at.sort_unstable();
    let mut chances = vec![0; places.len()];
    for alike in at.chunk_by(|a, b| a.0 == b.0) {
        alike.iter().for_each(|&(_, person)| chances[person as usize] = ONE / alike.len() as u64);
    }
    chances
}

impl LinkingCounts {
    /// Nothing, in so many cells.
    pub fn new(scenario: &Scenario, asked: &Knowledge, cells: usize) -> Self {
        let numbers =
            scenario.categories.iter().enumerate().filter(|(_, category)| category.dpv == "pd:TelephoneNumber");
        let layout = Layout::new(scenario);
        let least = layout.spans().iter().filter(|span| span.communities > 0).map(|span| {
            // A community has so many people, or one more.
            span.people / u64::from(span.communities)
        });
        let least = least.min().unwrap_or(0) as f64;
        let enough = |bits: &u32| lambda(asked.phone_numbers, *bits) * LEAST_BY_LAMBDA <= least;
        let tried: Vec<u32> = BITS.filter(enough).collect();
        let counts = LinkCounts { picked: vec![0; tried.len()], ..LinkCounts::default() };
        LinkingCounts {
            numbers: numbers.fold(0, |mask, (i, _)| mask | 1 << i),
            of_world: asked.phone_numbers,
            tried,
            keys: Keys::new(scenario.start, scenario.days),
            counts: vec![counts; cells * POPULATIONS],
        }
    }

    /// Hashes the numbers of a community.
    pub fn hashes(&self, of: &Observed) -> SharedHashes {
        SharedHashes::new(of, self.of_world, &self.tried)
    }

    /// Adds the people of a community.
    pub fn add(&mut self, holding: &Holding, hashes: &SharedHashes) {
        let days = holding.days(self.numbers);
        for person in 0..holding.of.people() {
            let at = holding.cell.number * POPULATIONS + holding.population(person) as usize;
            let counts = &mut self.counts[at];
            counts.people += 1;
            let followed = self.keys.longest(days.of(person));
            counts.held += u64::from(followed[0] > 0);
            counts.followed.iter_mut().zip(followed).for_each(|(sum, days)| *sum += u64::from(days));
            if !holding.of.person_class(person).parent_account {
                continue;
            }
            counts.with_account += 1;
            let finest = holding.by_resolution(person).find(|(_, mask)| mask & self.numbers != 0);
            match finest {
                Some((Resolution::Exact, _)) => counts.exact += 1,
                Some((Resolution::HashBits(bits), _)) => *counts.hashed.entry(bits).or_default() += 1,
                Some((Resolution::KeyedHash | Resolution::Round(_), _)) => {
                    counts.keyed += 1;
                    continue;
                }
                Some((Resolution::Aggregate(_), _)) | None => continue,
            }
            for (sum, chances) in counts.picked.iter_mut().zip(&hashes.chances) {
                *sum += chances[person as usize];
            }
        }
    }

    /// Adds what was counted elsewhere.
    pub fn merge(&mut self, other: &LinkingCounts) {
        self.counts.iter_mut().zip(&other.counts).for_each(|(sum, more)| sum.merge(more));
    }

    /// Rows of a policy.
    pub fn rows(&self, scenario: &Scenario, cells: impl Iterator<Item = Cell>, rows: &mut Vec<KnowledgeRow>) {
        let mut make = RowMaker::new(scenario, MetricFamily::Linking, Risk::Linkability, rows);
        for cell in cells {
            make.turn_to(cell);
            for whom in WHOM {
                make.about(whom);
                let counts = self.sum(cell, whom);
                let share = |linked: f64| if counts.people == 0 { 0.0 } else { linked / counts.people as f64 };
                let told_apart = |bits: u32| share_told_apart(lambda(self.of_world, bits));
                make.count("people", "", counts.people, "people");
                make.count("people_with_parent_account", "", counts.with_account, "people");
                let known = counts.exact + counts.hashed.values().sum::<u64>();
                make.count("people_with_account_and_number", "", known + counts.keyed, "people");
                let hashed: f64 = counts.hashed.iter().map(|(&bits, &n)| n as f64 * told_apart(bits)).sum();
                make.figure("linked_share", "as_let_out", share(counts.exact as f64 + hashed), "share");
                make.ratio("linked_share", "exact", (known, counts.people), "share");
                make.count("people_with_number", "", counts.held, "people");
                for (rotation, days) in Rotation::ALL.into_iter().zip(counts.followed) {
                    make.ratio("followed_days", rotation.id(), (days, counts.held), "days");
                }
                for bits in BITS {
                    let linked = share(known as f64 * told_apart(bits));
                    make.figure("linked_share", &format!("bits={bits}"), linked, "share");
                }
                for (bits, &picked) in self.tried.iter().zip(&counts.picked) {
                    let linked = share(picked as f64 / ONE as f64);
                    make.figure("linked_share_tried", &format!("bits={bits}"), linked, "share");
                }
            }
        }
    }

    /// Counters of some people in a cell.
    fn sum(&self, cell: Cell, whom: Whom) -> LinkCounts {
        let mut sum = LinkCounts { picked: vec![0; self.tried.len()], ..LinkCounts::default() };
        places(whom).for_each(|population| sum.merge(&self.counts[cell.number * POPULATIONS + population]));
        sum
    }
}

impl LinkCounts {
    fn merge(&mut self, other: &LinkCounts) {
        self.people += other.people;
        self.with_account += other.with_account;
        self.exact += other.exact;
        self.keyed += other.keyed;
        self.held += other.held;
        self.followed.iter_mut().zip(other.followed).for_each(|(sum, more)| *sum += more);
        other.hashed.iter().for_each(|(&bits, people)| *self.hashed.entry(bits).or_default() += people);
        self.picked.iter_mut().zip(&other.picked).for_each(|(sum, more)| *sum += more);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Key;

    #[test]
    fn who_shares_a_value_is_picked_by_chance() {
        // Values 0, 0, 1, 2, 2, 2 of two and a half.
        let places = [0.1, 0.39, 0.5, 0.81, 0.9, 0.99];
        assert_eq!(shared(&places, 2.5), [ONE / 2, ONE / 2, ONE, ONE / 3, ONE / 3, ONE / 3]);
    }

    /// The mean over many people is the closed form, within four standard errors: the chance lies within 0 and 1, so that its deviation is a half at most.
    #[test]
    fn it_is_the_closed_form() {
        let words = Key::new(5, 0).streams(Domain::Knowledge, 0, 1, 0)[0];
        let n = 40_000u32;
        let places: Vec<f64> = (0..n).map(|i| (words.at(i.into()) >> 11) as f64 / 9_007_199_254_740_992.0).collect();
        for lambda in [0.0146, 0.3, 1.0, 4.0, 16.0] {
            let chances = shared(&places, f64::from(n) / lambda);
            let mean = chances.iter().sum::<u64>() as f64 / ONE as f64 / f64::from(n);
            let error = 4.0 * 0.5 / f64::from(n).sqrt();
            assert!((mean - share_told_apart(lambda)).abs() < error, "{lambda}: {mean}");
        }
    }
}
