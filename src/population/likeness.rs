//! Likeness: what people near each other have in common. People who know each other are alike in age, in what they think of sharing, in where else they have
//! accounts and in how much they write (homophily; peer effects in disclosure: Böhme and Pötzsch 2011, Lewis 2011).
//!
//! An attribute is decided by a *score*: a sum of numbers of one's own, of the household, of the circle of friends and of the neighbourhood, whose weights are such that
//! the scores of two people correlate by the sum of the strengths of what they share. The distribution of the sum is known, and a score stands for its place in it, which is
//! uniform: rates are those of the scenario, whatever the strengths.

use super::layout::{CommunityInfo, NEIGHBOURHOOD_BITS};
use crate::random::{Domain, Key, Stream};
use crate::scenario::schema;

/// What people are alike in; the number says which part of the words that they share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trait {
    /// Attitude toward sharing.
    Attitude = 0,
    /// Account with the parent.
    ParentAccount = 1,
    /// Age.
    Age = 2,
    /// Activity.
    Activity = 3,
}

/// Words that somebody shares with household, friends and neighbourhood: 16 bits for each trait.
pub type Shared = [u64; 3];

/// How alike people are.
#[derive(Clone, Debug)]
pub struct Likeness {
    key: Key,
    scores: [Score; 4],
}

impl Likeness {
    /// Likeness as a scenario has it. `shifts` are what age adds to the attitude, by share, in standard deviations: of whoever is more, the attitude is lower.
    pub fn new(key: Key, of: &schema::Likeness, shifts: &[(f64, f64)]) -> Self {
        let score = |shared: [&schema::Quantity; 3], shifts: &[(f64, f64)]| Score::new(shared.map(|q| q.value), shifts);
        Likeness {
            key,
            scores: [
                score([&of.attitude_household, &of.attitude_friends, &of.attitude_neighbourhood], shifts),
                score(
                    [&of.parent_account_household, &of.parent_account_friends, &of.parent_account_neighbourhood],
                    &[],
                ),
                score([&of.age_household, &of.age_friends, &of.age_neighbourhood], &[]),
                score([&of.activity_household, &of.activity_friends, &of.activity_neighbourhood], &[]),
            ],
        }
    }

    /// The score of a trait.
    pub fn score(&self, of: Trait) -> &Score {
        &self.scores[of as usize]
    }

    /// Streams of what households, circles of friends and neighbourhoods of a community share.
    pub fn streams(&self, community: u32) -> [Stream; 3] {
        let [household, friends, neighbourhood, _] = self.key.streams(Domain::Likeness, community.into(), 0, 0);
        [household, friends, neighbourhood]
    }

    /// What somebody of a community shares.
    pub fn shared(&self, shape: &CommunityInfo, local: u32) -> Shared {
        let (streams, numbers) = (self.streams(shape.number), circles_of(Nearest::new(shape).user(local)));
        std::array::from_fn(|i| streams[i].at(numbers[i].into()))
    }
}

/// Numbers of the household, the circle of friends and the neighbourhood of a user.
#[inline(always)]
pub fn circles_of(user: u32) -> [u32; 3] {
    [user / 4, user / 64 * 4 + user % 4, user >> NEIGHBOURHOOD_BITS]
}

/// The user in whose midst somebody lives: users in their own, others spread evenly among the users, whose address books list them in this order.
#[derive(Clone, Copy, Debug)]
pub struct Nearest {
    users: u32,
    /// Users to one of the other people.
    ratio: f64,
}

impl Nearest {
    /// For the people of a community.
    pub fn new(shape: &CommunityInfo) -> Self {
        Nearest { users: shape.users, ratio: f64::from(shape.users) / f64::from((shape.people - shape.users).max(1)) }
    }

    /// For a local index.
    #[inline(always)]
    pub fn user(self, local: u32) -> u32 {
        // Where nobody is a user, the others are near whom they are near.
        let among =
            if self.users == 0 { local } else { (f64::from(local.wrapping_sub(self.users)) * self.ratio) as u32 };
        if local < self.users { local } else { among }
    }
}

/// Scores of a trait.
#[derive(Clone, Debug)]
pub struct Score {
    /// Weights of each of one's own two numbers, and of what is shared.
    own: u32,
    shared: [u32; 3],
    /// What the age bands add.
    pub shifts: Vec<u32>,
    /// Places in the distribution, of 2^53, at every 2^[`Score::CELL`].
    places: Vec<u64>,
}

impl Score {
    /// Bits of a number.
    const NUMBER: u32 = 16;
    const LOW: u32 = (1 << Self::NUMBER) - 1;
    /// Weight of a number with all of the variance: scores stay below 2^31.
    const UNIT: f64 = 8192.0;
    /// Bits of a cell of the distribution.
    const CELL: u32 = 18;
    /// Cells: of all scores, and of what age adds.
    const CELLS: usize = 1 << (32 - Self::CELL);
    const PLACES: f64 = 9_007_199_254_740_992.0; // 2^53

    /// Scores that correlate by these strengths between people who share household, friends, neighbourhood; they sum to 1 at most.
    pub fn new(strengths: [f64; 3], shifts: &[(f64, f64)]) -> Self {
        let weight = |variance: f64| (Self::UNIT * variance.max(0.0).sqrt()).round() as u32;
        let (own, shared) = (weight((1.0 - strengths.iter().sum::<f64>()) / 2.0), strengths.map(weight));
        // A number is uniform on [0, 1) with a variance of 1/12.
        let deviation = f64::from(1u32 << Self::NUMBER) * Self::UNIT / 12f64.sqrt();
        let most = shifts.iter().map(|shift| shift.1).fold(f64::NEG_INFINITY, f64::max);
        let added: Vec<u32> = shifts.iter().map(|shift| ((most - shift.1) * deviation).round() as u32).collect();
        let mut widths: Vec<u32> = [own, own].into_iter().chain(shared).filter(|&weight| weight > 0).collect();
        widths.sort_unstable();
        let cell = f64::from(1u32 << (Self::CELL - Self::NUMBER));
        let mut widths = widths.into_iter().rev().map(|weight| f64::from(weight) / cell);
        let first = widths.next().unwrap_or(1.0);
        let mut below: Vec<f64> = (0..=Self::CELLS).map(|at| (at as f64 / first).min(1.0)).collect();
        for width in widths {
            below = blurred(&below, width);
        }
        if !shifts.is_empty() {
            let total: f64 = shifts.iter().map(|shift| shift.0).sum();
            let alone = below;
            below = (0..=Self::CELLS)
                .map(|at| {
                    let of =
                        |added: u32| value_at(&alone, at as f64 - f64::from(added) / f64::from(1u32 << Self::CELL));
                    shifts.iter().zip(&added).map(|(shift, &added)| shift.0 * of(added)).sum::<f64>() / total
                })
                .collect();
        }
        let mut least = 0;
        let places = below.into_iter().map(|below| {
            least = ((below * Self::PLACES) as u64).max(least);
            least
        });
        Score { own, shared, shifts: added, places: places.collect() }
    }

    /// What is shared adds to a score; `lane` is the number of the trait.
    #[inline(always)]
    pub fn common(&self, shared: Shared, lane: u32) -> u32 {
        let part = |i: usize| self.shared[i].wrapping_mul((shared[i] >> (Self::NUMBER * lane)) as u32 & Self::LOW);
        // A number stands for the middle of the numbers with more digits that begin with it.
        let middle = self.own + (self.shared[0] + self.shared[1] + self.shared[2]) / 2;
        part(0) + part(1) + part(2) + middle
    }

    /// The score of somebody, from 32 bits of their own and what is [common](Score::common).
    #[inline(always)]
    pub fn of(&self, own: u32, common: u32) -> u32 {
        self.own.wrapping_mul((own & Self::LOW) + (own >> Self::NUMBER)).wrapping_add(common)
    }

    /// More digits of a score, from 32 bits more.
    #[inline(always)]
    pub fn fraction(&self, more: u32) -> u32 {
        ((u64::from(self.own) * u64::from(more)) >> 32) as u32
    }

    /// The place of a score in the distribution of all, of 2^53.
    pub fn place(&self, score: u32) -> u64 {
        let (at, within) = ((score >> Self::CELL) as usize, score & ((1 << Self::CELL) - 1));
        let (from, to) = (self.places[at], self.places[at + 1]);
        let place = from + ((u128::from(to - from) * u128::from(within)) >> Self::CELL) as u64;
        place.min(Self::PLACES as u64 - 1)
    }

    /// Below which score those are whose place is below one of 2^53: as 64 bits, as nobody's may be below the least, and everybody's below the last.
    pub fn below(&self, place: u64) -> u64 {
        if place >= Self::PLACES as u64 {
            return 1 << 32;
        }
        let (mut from, mut to) = (0u64, 1u64 << 32);
        while from < to {
            let middle = from + (to - from) / 2;
            if self.place(middle as u32) < place { from = middle + 1 } else { to = middle }
        }
        from
    }

    /// Below which score this share of all is.
    pub fn quantile(&self, share: f64) -> u64 {
        self.below((share.clamp(0.0, 1.0) * Self::PLACES) as u64)
    }
}

/// What a distribution has at a place between its cells.
fn value_at(below: &[f64], at: f64) -> f64 {
    if at <= 0.0 {
        return below[0];
    }
    let cell = at as usize;
    match below.get(cell + 1) {
        Some(next) => below[cell] + (next - below[cell]) * (at - cell as f64),
        None => 1.0,
    }
}

/// The distribution of a sum with a number that is uniform on so many cells.
fn blurred(below: &[f64], width: f64) -> Vec<f64> {
    let mut sum = 0.0;
    let area: Vec<f64> = std::iter::once(0.0)
        .chain(below.windows(2).map(|pair| {
            sum += (pair[0] + pair[1]) / 2.0;
            sum
        }))
        .collect();
    let area_to = |at: f64| {
        if at <= 0.0 {
            return 0.0;
        }
        let (cell, part) = (at as usize, at.fract());
        let here = below[cell];
        let next = below.get(cell + 1).copied().unwrap_or(1.0);
        area[cell] + here * part + (next - here) * part * part / 2.0
    };
    (0..below.len()).map(|at| (area_to(at as f64) - area_to(at as f64 - width)) / width).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: [(f64, f64); 0] = [];

    /// Scores of `n` people from words of their own, who share words by household and neighbourhood.
    fn scores(score: &Score, n: u32) -> Vec<u32> {
        let streams = Key::new(7, 0).block(Domain::Likeness, 1, 0, 0).map(Stream::new);
        (0..n)
            .map(|local| {
                let numbers = circles_of(local);
                let word = streams[3].at(local.into());
                let common = score.common(std::array::from_fn(|i| streams[i].at(numbers[i].into())), 2);
                score.of(word as u32, common) + score.fraction((word >> 32) as u32)
            })
            .collect()
    }

    #[test]
    fn places_are_uniform_whatever_the_strengths() {
        // Many draws of all numbers, so that what people share does not repeat.
        for strengths in [[0.0, 0.0, 0.0], [0.3, 0.15, 0.05], [0.0, 1.0, 0.0], [0.4, 0.3, 0.3], [0.001, 0.0, 0.9]] {
            let score = Score::new(strengths, &NONE);
            let stream = Stream::new(99);
            let mut counts = [0u32; 64];
            let n = 400_000;
            for i in 0..n {
                let [own, a, b, c] = [0, 1, 2, 3].map(|part| stream.at(4 * i + part));
                let at = score.of(own as u32, score.common([a, b, c], 1)) + score.fraction((own >> 32) as u32);
                counts[(score.place(at) >> 47) as usize] += 1;
            }
            let expected = n as f64 / 64.0;
            let chi: f64 = counts.iter().map(|&count| (f64::from(count) - expected).powi(2) / expected).sum();
            // 63 degrees of freedom: six standard deviations.
            assert!(chi < 63.0 + 6.0 * 126f64.sqrt(), "{strengths:?}: {chi}");
        }
    }

    #[test]
    fn scores_correlate_by_what_is_shared() {
        let score = Score::new([0.3, 0.15, 0.05], &NONE);
        let scores = scores(&score, 1 << 16);
        let mean = scores.iter().map(|&s| f64::from(s)).sum::<f64>() / scores.len() as f64;
        let product = |a: u32, b: u32| (f64::from(a) - mean) * (f64::from(b) - mean);
        let variance = scores.iter().map(|&s| product(s, s)).sum::<f64>() / scores.len() as f64;
        // Household; friends; neighbourhood; another one.
        for (mask, wanted) in [(1usize, 0.35), (4, 0.20), (65, 0.05), (128, 0.0)] {
            let sum: f64 = (0..scores.len()).map(|i| product(scores[i], scores[i ^ mask])).sum();
            let correlation = sum / scores.len() as f64 / variance;
            assert!((correlation - wanted).abs() < 0.02, "{mask}: {correlation}");
        }
    }

    #[test]
    fn thresholds_are_those_of_places() {
        let score = Score::new([0.2, 0.2, 0.1], &[(0.2, 0.0), (0.8, 0.7)]);
        for place in [0, 1, 1 << 30, 1 << 50, (1 << 53) - 1] {
            let below = score.below(place);
            assert!(below == 0 || score.place((below - 1) as u32) < place);
            assert!(score.place(below as u32) >= place || below == 1 << 32);
        }
        assert_eq!((score.quantile(0.0), score.quantile(1.0)), (0, 1 << 32));
    }

    /// Who is shifted more has a lower place, and all together are uniform.
    #[test]
    fn shifts_move_places_and_leave_the_whole_uniform() {
        let score = Score::new([0.2, 0.1, 0.0], &[(0.25, 0.0), (0.75, 0.5)]);
        let stream = Stream::new(5);
        let (mut below, n) = ([0.0; 2], 300_000);
        for i in 0..n {
            let [own, a, b, c] = [0, 1, 2, 3].map(|part| stream.at(4 * i + part));
            let band = usize::from(i % 4 != 0);
            let at = score.of(own as u32, score.common([a, b, c], 0)) + score.shifts[band];
            below[band] += f64::from(u8::from(u64::from(at) < score.quantile(0.1)));
        }
        assert!(((below[0] + below[1]) / n as f64 - 0.1).abs() < 0.003, "{below:?}");
        let rates = [below[0] / (n as f64 / 4.0), below[1] / (n as f64 * 0.75)];
        // By half a standard deviation: the normal distribution would give .049 and .117.
        assert!((0.03..0.06).contains(&rates[0]) && (0.11..0.13).contains(&rates[1]), "{rates:?}");
    }
}
