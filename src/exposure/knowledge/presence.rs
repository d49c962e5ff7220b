//! Presence: what times of use tell of when somebody is awake.
//!
//! People live by clocks of their own (`traffic.own_clock_hours`): the same day, some hours earlier or later than their country's. Whoever holds times at which somebody used the service (the scenario's
//! `times_of_use`, from the person's own acts) guesses how late that person's clock is: the mean direction of the half hours in which they were there, on a dial of 24 hours, less that of all people of
//! the community whose times are held (circular statistics: Fisher 1993). Few times say little: the difference is taken in the proportion `V / (V + D / n)`, with `V` the variance of clocks, which the attacker
//! knows, `D` the circular dispersion of everybody's times, and `n` the half hours. What is wrong by then is the *error*; waking hours are found as exactly as the clock, since all wake as long here.
//!
//! Times that are rounded to the day, or more, say nothing of the hour: the guess is the country's clock. It does not say what could be seen in the times of one day, nor of who is awake with whom.

use std::f64::consts::TAU;

use super::cell::Cell;
use super::holding::Holding;
use super::rows::{RowMaker, WHOM, places};
use super::timeline::SLOTS;
use crate::exposure::grouping::PopulationGroup;
use crate::exposure::tables::{KnowledgeRow, Risk};
use crate::population::{CHRONOTYPES, Chronotypes};
use crate::random::Key;
use crate::random::distribution::normal_quantile;
use crate::scenario::{Knowledge, MetricFamily, Resolution, Round, Scenario};
use crate::simd::ones;

const POPULATIONS: usize = PopulationGroup::ALL.len();
/// Errors are added up in so many parts of an hour, as whole numbers.
const PARTS: f64 = (1 << 20) as f64;
/// An error up to which somebody's clock counts as found, hours.
const NEAR: f64 = 1.0;
/// Directions that times may have: quarters of an hour. A half hour lies at its middle, an hour too.
const QUARTERS: usize = 2 * SLOTS;

/// How exactly times are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rounding {
    /// As the policy lets each out.
    AsLetOut,
    /// To the half hour, as if all were as they are.
    Exact,
    /// As if all were rounded so.
    To(Round),
}

impl Rounding {
    /// In the order of tables.
    const ALL: [Rounding; 5] = [
        Rounding::AsLetOut,
        Rounding::Exact,
        Rounding::To(Round::Hour),
        Rounding::To(Round::Day),
        Rounding::To(Round::Week),
    ];

    fn id(self) -> &'static str {
        match self {
            Rounding::AsLetOut => "as_let_out",
            Rounding::Exact => "exact",
            Rounding::To(Round::Hour) => "hour",
            Rounding::To(Round::Day) => "day",
            Rounding::To(Round::Week) => "week",
            Rounding::To(Round::Month) => "month",
        }
    }

    /// What is held of a time that a policy lets out so.
    fn of(self, let_out: Resolution) -> Resolution {
        match self {
            Rounding::AsLetOut => let_out,
            Rounding::Exact => Resolution::Exact,
            Rounding::To(to) => Resolution::Round(to),
        }
    }
}

/// Counters of the family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PresenceCounts {
    /// Mask of the categories that hold a time of use.
    times: u32,
    /// By cell, population and [`Rounding`].
    counts: Vec<[GuessCounts; Rounding::ALL.len()]>,
}

/// How well clocks were guessed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct GuessCounts {
    /// People of whom a time is held.
    people: u64,
    /// Sum of different half hours, or hours, in which they are seen.
    seen: u64,
    /// Sum of errors, in parts of an hour.
    error: u64,
    /// Errors of at most an hour.
    near: u64,
    /// Guesses by how many hours they are early or late, from 12 early.
    by_hour: [u64; 24],
}

/// How late the clock of each kind of people is, hours.
pub(super) struct Clocks {
    of: Chronotypes,
    late: [f64; CHRONOTYPES],
    /// Variance of clocks, squared radians of the dial.
    variance: f64,
}

impl Clocks {
    /// Those of a replicate.
    pub fn new(scenario: &Scenario, key: Key) -> Self {
        let hours = scenario.file.traffic.own_clock_hours.value;
        let late = std::array::from_fn(|i| {
            let quantile = normal_quantile((i as f64 + 0.5) / CHRONOTYPES as f64);
            // To the minute, as things happen.
            (quantile * hours * 60.0).round() / 60.0
        });
        let radians = hours * TAU / 24.0;
        Clocks { of: Chronotypes::new(key), late, variance: radians * radians }
    }
}

/// Times of somebody, or of many, on a dial of a day.
#[derive(Clone, Debug)]
struct Dial {
    counts: [u32; QUARTERS],
}

impl Dial {
    fn new() -> Self {
        Dial { counts: [0; QUARTERS] }
    }

    /// Adds half hours of a day, as bits: as they are, or as the hours that they belong to.
    fn add(&mut self, half_hours: u64, resolution: Resolution) {
        match resolution {
            Resolution::Exact => ones(half_hours).for_each(|slot| self.counts[2 * slot + 1] += 1),
            Resolution::Round(Round::Hour) => {
                let hours = (half_hours | half_hours >> 1) & 0x5555_5555_5555;
                ones(hours).for_each(|slot| self.counts[2 * slot + 2] += 1);
            }
            _ => {}
        }
    }

    fn n(&self) -> u64 {
        self.counts.iter().copied().map(u64::from).sum()
    }

    /// Sums of cosines and sines of so many times the directions.
    fn sums(&self, times: f64) -> [f64; 2] {
        let mut sums = [0.0; 2];
        for (i, &n) in self.counts.iter().enumerate().filter(|(_, n)| **n > 0) {
            let angle = times * TAU * i as f64 / QUARTERS as f64;
            sums[0] += f64::from(n) * libm::cos(angle);
            sums[1] += f64::from(n) * libm::sin(angle);
        }
        sums
    }
}

/// What everybody's times say of anybody's.
struct Everybody {
    direction: f64,
    dispersion: f64,
}

impl Everybody {
    /// None of nothing, or of what points nowhere.
    fn of(dial: &Dial) -> Option<Self> {
        let n = dial.n() as f64;
        let [cos, sin] = dial.sums(1.0);
        let length = libm::hypot(cos, sin) / n;
        if n == 0.0 || length <= 1e-9 {
            return None;
        }
        let direction = libm::atan2(sin, cos);
        let [cos, sin] = dial.sums(2.0);
        let second = (cos * libm::cos(2.0 * direction) + sin * libm::sin(2.0 * direction)) / n;
        Some(Everybody { direction, dispersion: (1.0 - second) / (2.0 * length * length) })
    }

    /// How late somebody's clock is by these times, hours.
    fn guess(&self, dial: &Dial, variance: f64) -> f64 {
        let n = dial.n();
        let [cos, sin] = dial.sums(1.0);
        if n == 0 || libm::hypot(cos, sin) < 1e-9 || variance == 0.0 {
            return 0.0;
        }
        let late = libm::remainder(libm::atan2(sin, cos) - self.direction, TAU);
        late * variance / (variance + self.dispersion / n as f64) * 24.0 / TAU
    }
}

impl PresenceCounts {
    /// Nothing, in so many cells.
    pub fn new(asked: &Knowledge, cells: usize) -> Self {
        PresenceCounts { times: asked.times_of_use, counts: vec![Default::default(); cells * POPULATIONS] }
    }

    /// Adds the people of a community.
    pub fn add(&mut self, holding: &Holding, clocks: &Clocks) {
        let of = holding.of;
        // How exactly times of each place of contexts are held, by class.
        let by_class = |place: u16| (place, holding.plain_by_class(place, self.times));
        let held: Vec<(u16, Vec<Option<Resolution>>)> = of.timeline.places().into_iter().map(by_class).collect();
        if held.iter().all(|(_, by_class)| by_class.iter().all(Option::is_none)) {
            return;
        }
        let classes = held[0].1.len();
        for (i, rounding) in Rounding::ALL.into_iter().enumerate() {
            // Places of contexts whose times are held equally exactly, by class.
            let places: Vec<Vec<(Resolution, Vec<u16>)>> = (0..classes)
                .map(|class| {
                    let mut places: Vec<(Resolution, Vec<u16>)> = Vec::new();
                    for (place, by_class) in &held {
                        let Some(resolution) = by_class[class].map(|let_out| rounding.of(let_out)) else { continue };
                        match places.iter_mut().find(|(other, _)| *other == resolution) {
                            Some((_, places)) => places.push(*place),
                            None => places.push((resolution, vec![*place])),
                        }
                    }
                    places
                })
                .collect();
            let dial = |person: u32| {
                let (mut dial, mut there) = (Dial::new(), false);
                for (resolution, places) in &places[holding.class_index(person)] {
                    for half_hours in of.timeline.half_hours(person, places) {
                        there |= half_hours != 0;
                        dial.add(half_hours, *resolution);
                    }
                }
                there.then_some(dial)
            };
            let dials: Vec<Option<Dial>> = (0..of.people()).map(dial).collect();
            let mut all = Dial::new();
            for dial in dials.iter().flatten() {
                all.counts.iter_mut().zip(&dial.counts).for_each(|(sum, more)| *sum += more);
            }
            let everybody = Everybody::of(&all);
            for (person, dial) in (0..).zip(&dials) {
                let Some(dial) = dial else { continue };
                let late = clocks.late[usize::from(clocks.of.of(of.community.shape.number, person))];
                let guess = everybody.as_ref().map_or(0.0, |everybody| everybody.guess(dial, clocks.variance));
                let at = holding.cell.number * POPULATIONS + holding.population(person) as usize;
                self.counts[at][i].add(dial.n(), libm::remainder(guess - late, 24.0));
            }
        }
    }

    /// Adds what was counted elsewhere.
    pub fn merge(&mut self, other: &PresenceCounts) {
        let both = self.counts.iter_mut().flatten().zip(other.counts.iter().flatten());
        both.for_each(|(sum, more)| sum.merge(more));
    }

    /// Rows of a policy.
    pub fn rows(&self, scenario: &Scenario, cells: impl Iterator<Item = Cell>, rows: &mut Vec<KnowledgeRow>) {
        let mut make = RowMaker::new(scenario, MetricFamily::Presence, Risk::Inference, rows);
        for cell in cells {
            make.turn_to(cell);
            for whom in WHOM {
                make.about(whom);
                for (i, rounding) in Rounding::ALL.into_iter().enumerate() {
                    let mut counts = GuessCounts::default();
                    places(whom)
                        .for_each(|population| counts.merge(&self.counts[cell.number * POPULATIONS + population][i]));
                    if rounding == Rounding::AsLetOut {
                        make.count("people_with_times", "", counts.people, "people");
                    }
                    let (name, n) = (rounding.id(), counts.people);
                    make.ratio("times_seen", name, (counts.seen, n), "times");
                    let error = if n == 0 { 0.0 } else { counts.error as f64 / PARTS / n as f64 };
                    make.figure("clock_error", name, error, "hours");
                    make.ratio("clock_within_an_hour", name, (counts.near, n), "share");
                    make.figure("clock_entropy", name, entropy(&counts.by_hour), "bits");
                }
            }
        }
    }
}

impl GuessCounts {
    /// Adds a person who is seen in so many half hours, or hours, and whose clock is guessed so many hours late.
    fn add(&mut self, seen: u64, late: f64) {
        self.people += 1;
        self.seen += seen;
        self.error += (late.abs() * PARTS).round() as u64;
        self.near += u64::from(late.abs() <= NEAR);
        self.by_hour[(late.round() as i64 + 12).rem_euclid(24) as usize] += 1;
    }

    fn merge(&mut self, other: &GuessCounts) {
        self.people += other.people;
        self.seen += other.seen;
        self.error += other.error;
        self.near += other.near;
        self.by_hour.iter_mut().zip(&other.by_hour).for_each(|(sum, more)| *sum += more);
    }
}

/// Entropy of counts, bits; of nothing 0.
fn entropy(counts: &[u64]) -> f64 {
    let n = counts.iter().sum::<u64>() as f64;
    let of = |&count: &u64| count as f64 / n * libm::log2(n / count as f64);
    counts.iter().filter(|count| **count > 0).map(of).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;

    /// A person who is there in the half hours from 8 to 23 of a clock that is so many half hours late, each with a chance.
    fn dial(days: u64, late: usize, chance: u64, seed: u64) -> Dial {
        let mut dial = Dial::new();
        for day in 0..days {
            let slots = (16..46).filter(|slot| Stream::new(seed).at(day * 64 + slot) % 100 < chance);
            let word = slots.fold(0u64, |word, slot| word | 1 << ((slot as usize + late) % SLOTS));
            dial.add(word, Resolution::Exact);
        }
        dial
    }

    #[test]
    fn a_late_clock_is_found() {
        let everybody = Everybody::of(&dial(1000, 0, 30, 1)).expect("a direction");
        // Wide apart, so that the proportion is near one.
        let guess = |days, late| everybody.guess(&dial(days, late, 30, 7), 100.0);
        assert!((guess(1000, 4) - 2.0).abs() < 0.1, "{}", guess(1000, 4));
        assert!((guess(1000, 44) + 2.0).abs() < 0.1, "{}", guess(1000, 44));
        // Nothing is nothing; if clocks don't differ, none is late.
        assert_eq!(guess(0, 4), 0.0);
        assert_eq!(everybody.guess(&dial(50, 4, 30, 7), 0.0), 0.0);
    }

    /// The spread of guesses over samples of `n` half hours is the square root of the dispersion by n, and the proportion halves a guess whose error is as wide as clocks are.
    #[test]
    fn few_times_say_little() {
        let everybody = Everybody::of(&dial(2000, 0, 30, 1)).expect("a direction");
        let samples: Vec<Dial> = (0..400).map(|seed| dial(2, 0, 30, 1000 + seed)).collect();
        let n = samples.iter().map(Dial::n).sum::<u64>() as f64 / 400.0;
        let guesses: Vec<f64> = samples.iter().map(|dial| everybody.guess(dial, 1e9) * TAU / 24.0).collect();
        let variance = guesses.iter().map(|guess| guess * guess).sum::<f64>() / 400.0;
        // Half hours of a day are drawn without replacement, so that they vary less than independent ones: by the share that is not there.
        let expected = everybody.dispersion / n * 0.7;
        assert!((variance / expected - 1.0).abs() < 0.25, "{variance} {expected}");
        let one = &samples[0];
        let wide = everybody.dispersion / one.n() as f64;
        assert!((everybody.guess(one, wide) - everybody.guess(one, 1e9) / 2.0).abs() < 1e-6);
    }

    #[test]
    fn hours_say_nearly_as_much_as_half_hours_and_days_nothing() {
        let word = 1u64 << 17 | 1 << 16 | 1 << 40;
        let mut hours = Dial::new();
        hours.add(word, Resolution::Round(Round::Hour));
        // The hours from 8 and from 20 lie at their middles: quarters 34 and 82.
        assert_eq!((hours.n(), hours.counts[34], hours.counts[82]), (2, 1, 1));
        for coarse in [Round::Day, Round::Week, Round::Month] {
            let mut days = Dial::new();
            days.add(word, Resolution::Round(coarse));
            assert_eq!(days.n(), 0);
            assert!(Everybody::of(&days).is_none());
        }
    }

    #[test]
    fn entropy_is_that_of_the_shares() {
        assert_eq!(entropy(&[0; 24]), 0.0);
        assert_eq!(entropy(&[5, 0]), 0.0);
        assert!((entropy(&[3; 8]) - 3.0).abs() < 1e-12);
    }

    #[test]
    fn errors_go_round_the_dial() {
        let mut counts = GuessCounts::default();
        [0.4, -0.9, 1.6, 11.9].into_iter().for_each(|late| counts.add(2, late));
        assert_eq!((counts.people, counts.seen, counts.near), (4, 8, 2));
        assert_eq!([11, 12, 14, 0].map(|hour| counts.by_hour[hour]), [1; 4]);
        assert!((counts.error as f64 / PARTS - 14.8).abs() < 1e-5);
    }
}
