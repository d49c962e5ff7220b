//! Singling out: among how many alike a person stands, in what is held about them.
//!
//! Somebody who looks for a person knows some things about them, the quasi-identifiers that the scenario names. Each is *held* about a person once a category that tells it is held, as it is or,
//! of a time, rounded (`Knowledge::told_by`); its value is then the true one. In a row, the attributes that count are those that are held about anybody of it. People about whom all of these
//! are held form classes of people who are alike in them. Somebody about whom one of them is not held stands in no class: to take what is missing for a value of its own would make a class of those whom it is
//! missing of, and a wrong risk (ARX issue 259).
//!
//! `n` of a class are its people, `f` all people of the sampled communities and of the row's population who are alike in the same attributes, whether or not anything is held about them. Risks are those of three
//! attackers (`src/statistics/anonymity.rs`); 0.09 is one by eleven, the threshold of EMA's Policy 0070. Besides, the shape of what is seen of somebody's ties: who is the only one with so many
//! contacts of these degrees.
//!
//! It does not say who somebody is, nor what an attacker could know besides. Where a policy lets out part of the time, a value that is a sum over the run (`days_active`, `contacts`) is known less exactly than is
//! taken for granted here; of times that are rounded to the day the hours of use are not known at all.

use std::collections::{BTreeMap, HashMap};

use super::cell::Cell;
use super::contact_graph::ContactGraph;
use super::holding::Holding;
use super::observed::Observed;
use super::rows::{RowMaker, WHOM, places};
use super::timeline::SLOTS;
use crate::exposure::grouping::PopulationGroup;
use crate::exposure::tables::{KnowledgeRow, Risk};
use crate::population::Devices;
use crate::scenario::{Knowledge, MetricFamily, QuasiIdentifier, Scenario};
use crate::simd::ones;
use crate::statistics::Anonymity;

const POPULATIONS: usize = PopulationGroup::ALL.len();
const ATTRIBUTES: usize = QuasiIdentifier::ALL.len();
/// Sizes of classes below which people are counted.
const SIZES: [u64; 4] = [3, 5, 11, 20];
/// Risk above which people are counted.
const THRESHOLD: f64 = 0.09;

type Fast<K, V> = HashMap<K, V, foldhash::fast::FixedState>;
/// Values of the quasi-identifiers; 0 of those that do not count.
type Profile = [u16; ATTRIBUTES];
/// People by whether each quasi-identifier is held about them, as bits, and its values.
type ProfileCounts = Fast<(u8, Profile), u64>;

/// Counters of the family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SinglingOutCounts {
    /// Masks of the categories that tell each quasi-identifier; none if the scenario does not name it.
    told_by: [Option<u32>; ATTRIBUTES],
    /// People about whom some are held, by cell and population.
    held: Vec<ProfileCounts>,
    /// All people by purpose (the last: all of them) and population.
    all: Vec<Fast<Profile, u64>>,
    /// By cell: people of each population by a hash of their contacts' degrees.
    neighbourhoods: Vec<Fast<u128, [u64; POPULATIONS]>>,
}

impl SinglingOutCounts {
    /// Nothing, in so many cells.
    pub fn new(scenario: &Scenario, asked: &Knowledge, cells: usize) -> Self {
        let told_by = QuasiIdentifier::ALL
            .map(|attribute| asked.quasi_identifiers.contains(&attribute).then(|| asked.told_by[attribute as usize]));
        SinglingOutCounts {
            told_by,
            held: vec![ProfileCounts::default(); cells * POPULATIONS],
            all: vec![Fast::default(); (scenario.purposes.len() + 1) * POPULATIONS],
            neighbourhoods: vec![Fast::default(); cells],
        }
    }

    /// The true values of a community's people; counts them.
    pub fn profiles(&mut self, of: &Observed) -> Vec<Profile> {
        let people = &of.sources.population.people;
        let shape = &of.community.shape;
        let devices = Devices::new(of.sources.asked, of.sources.population.key);
        let contexts = of.timeline.places();
        let profile = |person: u32| {
            let attributes = people.person(shape, person, person < shape.users);
            let device = devices.of(shape, person, attributes.os);
            let values = QuasiIdentifier::ALL.map(|attribute| match attribute {
                QuasiIdentifier::Jurisdiction => shape.jurisdiction as u16,
                QuasiIdentifier::Os => attributes.os.into(),
                QuasiIdentifier::AgeBand => attributes.age_band.into(),
                // 0, 1, 2 and 3, 4 to 7, ...
                QuasiIdentifier::Contacts => (u32::BITS - of.listed[person as usize].leading_zeros()) as u16,
                QuasiIdentifier::DaysActive => of.active_days[person as usize],
                // A version is one of a system.
                QuasiIdentifier::OsVersion => u16::from(attributes.os) << 8 | u16::from(device.version),
                QuasiIdentifier::MobileNetwork => device.network.into(),
                QuasiIdentifier::HoursOfUse => hours_of_use(of.timeline.half_hours(person, &contexts)),
            });
            kept(values, self.asked())
        };
        let profiles: Vec<Profile> = (0..of.people()).map(profile).collect();
        let purposes = self.all.len() / POPULATIONS - 1;
        for purpose in 0..=purposes {
            for (person, profile) in (0..).zip(&profiles) {
                let population = of.population(person, (purpose < purposes).then_some(purpose)) as usize;
                *self.all[purpose * POPULATIONS + population].entry(*profile).or_default() += 1;
            }
        }
        profiles
    }

    /// The quasi-identifiers that the scenario names, as bits.
    fn asked(&self) -> u8 {
        self.told_by.iter().enumerate().fold(0, |bits, (i, mask)| bits | u8::from(mask.is_some()) << i)
    }

    /// Adds the people of a community, with their profiles and the graph of ties that is seen.
    pub fn add(&mut self, holding: &Holding, profiles: &[Profile], seen: &ContactGraph) {
        let mut degrees: Vec<u32> = Vec::new();
        for (person, &profile) in (0..).zip(profiles) {
            let population = holding.population(person) as usize;
            let values = holding.values(person);
            let held = self.told_by.iter().enumerate().fold(0, |bits, (i, told_by)| {
                bits | u8::from(told_by.is_some_and(|categories| categories & values != 0)) << i
            });
            if held != 0 {
                let counts = &mut self.held[holding.cell.number * POPULATIONS + population];
                *counts.entry((held, kept(profile, held))).or_default() += 1;
            }
            if seen.degree(person) > 0 {
                degrees.clear();
                degrees.extend(seen.neighbours(person).iter().map(|&contact| seen.degree(contact)));
                degrees.sort_unstable();
                let hash = hash(&degrees);
                self.neighbourhoods[holding.cell.number].entry(hash).or_default()[population] += 1;
            }
        }
    }

    /// Adds what was counted elsewhere.
    pub fn merge(&mut self, other: &SinglingOutCounts) {
        for (sum, more) in self.held.iter_mut().zip(&other.held) {
            more.iter().for_each(|(&profile, people)| *sum.entry(profile).or_default() += people);
        }
        for (sum, more) in self.all.iter_mut().zip(&other.all) {
            more.iter().for_each(|(&profile, people)| *sum.entry(profile).or_default() += people);
        }
        for (sum, more) in self.neighbourhoods.iter_mut().zip(&other.neighbourhoods) {
            for (&hash, people) in more {
                sum.entry(hash).or_default().iter_mut().zip(people).for_each(|(sum, more)| *sum += more);
            }
        }
    }

    /// Rows of a policy.
    pub fn rows(&self, scenario: &Scenario, cells: impl Iterator<Item = Cell>, rows: &mut Vec<KnowledgeRow>) {
        let mut make = RowMaker::new(scenario, MetricFamily::SinglingOut, Risk::SinglingOut, rows);
        for cell in cells {
            make.turn_to(cell);
            let purpose = cell.purpose.unwrap_or(scenario.purposes.len());
            for whom in WHOM {
                make.about(whom);
                let held = places(whom).flat_map(|population| &self.held[cell.number * POPULATIONS + population]);
                let all = places(whom).flat_map(|population| &self.all[purpose * POPULATIONS + population]);
                let classes = Classed::new(held, all);
                let of = &classes.anonymity;
                let share = |people: u64| (people, of.people());
                make.count("attributes_held", "", u64::from(classes.attributes.count_ones()), "attributes");
                make.count("people_in_classes", "", of.people(), "people");
                make.count("people_in_no_class", "", classes.in_no_class, "people");
                make.count("classes", "", of.classes(), "classes");
                make.count("smallest_class", "", of.smallest(), "people");
                make.ratio("unique_share", "", share(of.people_below(2)), "share");
                for size in SIZES {
                    make.ratio("share_in_classes_below", &format!("k={size}"), share(of.people_below(size)), "share");
                }
                make.figure("risk", "prosecutor", of.prosecutor(), "share");
                make.figure("risk", "journalist", of.journalist(), "share");
                make.figure("risk", "marketer", of.marketer(), "share");
                make.figure("share_above_risk", "prosecutor", of.prosecutor_above(THRESHOLD), "share");
                make.figure("share_above_risk", "journalist", of.journalist_above(THRESHOLD), "share");
                let (mut tied, mut unique) = (0, 0);
                for people in self.neighbourhoods[cell.number].values() {
                    let here: u64 = people[places(whom)].iter().sum();
                    tied += here;
                    unique += if people.iter().sum::<u64>() == 1 { here } else { 0 };
                }
                make.count("people_with_ties_seen", "", tied, "people");
                make.ratio("unique_neighbourhood_share", "", (unique, tied), "share");
            }
        }
    }
}

/// Parts of a day.
const PARTS: usize = 6;

/// Four hours of the day (UTC), from 1, in which somebody did something in most half hours, the first of equals; 0 if in none.
fn hours_of_use(half_hours: impl Iterator<Item = u64>) -> u16 {
    let mut counts = [0u32; PARTS];
    half_hours.for_each(|of_day| ones(of_day).for_each(|slot| counts[slot * PARTS / SLOTS] += 1));
    let most = (1u16..).zip(counts).max_by_key(|&(part, n)| (n, std::cmp::Reverse(part)));
    most.filter(|(_, n)| *n > 0).map_or(0, |(part, _)| part)
}

/// The values of these attributes, and 0 of the others.
fn kept(profile: Profile, attributes: u8) -> Profile {
    std::array::from_fn(|i| if attributes >> i & 1 == 1 { profile[i] } else { 0 })
}

/// Hash of the degrees of somebody's contacts, in rising order; their number is one of them.
fn hash(degrees: &[u32]) -> u128 {
    let bytes: Vec<u8> = degrees.iter().flat_map(|degree| degree.to_le_bytes()).collect();
    blake3::hash(&bytes).as_bytes().iter().take(16).fold(0, |word, &byte| word << 8 | u128::from(byte))
}

/// People in classes.
struct Classed {
    /// The attributes that are held about anybody, as bits.
    attributes: u8,
    anonymity: Anonymity,
    in_no_class: u64,
}

impl Classed {
    /// Of people by what is held about them, and of all people.
    fn new<'a>(
        held: impl Iterator<Item = (&'a (u8, Profile), &'a u64)> + Clone,
        all: impl Iterator<Item = (&'a Profile, &'a u64)>,
    ) -> Self {
        let attributes = held.clone().fold(0, |bits, ((held, _), _)| bits | held);
        let mut classes: BTreeMap<Profile, (u64, u64)> = BTreeMap::new();
        let mut in_no_class = 0;
        for (&(held, profile), &people) in held {
            if held == attributes {
                classes.entry(profile).or_default().0 += people;
            } else {
                in_no_class += people;
            }
        }
        for (&profile, &people) in all {
            if let Some((_, of_population)) = classes.get_mut(&kept(profile, attributes)) {
                *of_population += people;
            }
        }
        Classed { attributes, anonymity: Anonymity::of(classes.into_values()), in_no_class }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of five people two attributes are held about three, one about another, none about the last.
    #[test]
    fn whom_an_attribute_is_missing_of_is_in_no_class() {
        let held: ProfileCounts = [
            ((0b011, [1, 7, 0, 0, 0, 0, 0, 0]), 2),
            ((0b011, [1, 8, 0, 0, 0, 0, 0, 0]), 1),
            ((0b001, [1, 0, 0, 0, 0, 0, 0, 0]), 1),
        ]
        .into_iter()
        .collect();
        let all: Fast<Profile, u64> = [
            ([1, 7, 3, 0, 0, 0, 0, 0], 2),
            ([1, 7, 4, 0, 0, 0, 0, 0], 1),
            ([1, 8, 3, 0, 0, 0, 0, 0], 1),
            ([2, 7, 3, 0, 0, 0, 0, 0], 1),
        ]
        .into_iter()
        .collect();
        let of = Classed::new(held.iter(), all.iter());
        assert_eq!((of.attributes, of.in_no_class), (0b011, 1));
        assert_eq!(of.anonymity, Anonymity::of([(2, 3), (1, 1)]));
    }

    #[test]
    fn hours_of_use_are_those_with_most_half_hours() {
        let slots = |slots: &[u32]| slots.iter().fold(0u64, |word, slot| word | 1 << slot);
        assert_eq!(hours_of_use([slots(&[7, 8, 9]), slots(&[47])].into_iter()), 2);
        // Of equals the first; the last half hour is of the last part.
        assert_eq!(hours_of_use([slots(&[20, 47])].into_iter()), 3);
        assert_eq!(hours_of_use([slots(&[47]), 0].into_iter()), 6);
        assert_eq!(hours_of_use([0, 0].into_iter()), 0);
    }

    #[test]
    fn what_does_not_count_is_no_value() {
        assert_eq!(kept([1, 2, 3, 4, 5, 0, 0, 0], 0b10101), [1, 0, 3, 0, 5, 0, 0, 0]);
        assert_ne!(hash(&[1, 2]), hash(&[2, 2]));
        assert_ne!(hash(&[1]), hash(&[1, 1]));
    }
}
