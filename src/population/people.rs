//! Who a person is: a function of (seed, id).

use super::book_sizes::BookSizes;
use super::circle::AffinePermutation;
use super::class::Classes;
use super::layout::{CommunityInfo, NEIGHBOURHOOD_BITS};
use super::levels::LEVELS;
use super::likeness::{Likeness, Score, Trait};
use super::standing::{Standing, bands_by_standing};
use crate::random::distribution::{Categorical, slots, threshold};
use crate::random::{Domain, Key, Stream};
use crate::scenario::{MAX_BANDS, MAX_SYSTEMS, Scenario};

/// Levels of presence: quantiles of the share of days on which a person uses the service.
pub const PRESENCES: usize = 64;

/// Low bits of a score of activity that do not count for the level: scores are below 2^31.
pub(super) const LEVEL_SHIFT: u32 = 19;

/// What a scenario may hold at most fits where a person has it.
const _: () = assert!(MAX_BANDS < 1 << 8 && MAX_SYSTEMS <= 1 << 8);

/// The attributes of a person.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Person {
    /// Attitude toward sharing, 53 bits: `attitude / 2^53` is in [0, 1).
    pub attitude: u64,
    /// Has an account with the parent.
    pub parent_account: bool,
    /// Index of the age band.
    pub age_band: u8,
    /// Index among [`Scenario::os_names`].
    pub os: u8,
    /// 0, or 1 + index of the abuse class.
    pub abuse: u8,
    /// Level of activity, below [`LEVELS`].
    pub level: u8,
    /// Level of presence, below [`PRESENCES`].
    pub presence: u8,
    /// Shape of the social signature, below [`SHAPES`](super::contact_table::SHAPES).
    pub shape: u8,
}

impl Person {
    /// Attitude in [0, 1), exactly.
    pub fn attitude(&self) -> f64 {
        self.attitude as f64 / 9_007_199_254_740_992.0
    }
}

/// Distributions of attributes.
#[derive(Clone, Debug)]
pub struct People {
    key: Key,
    /// What people near each other have in common.
    pub(super) likeness: Likeness,
    /// Scores of attitude from which on users are of the second class of choices, the third, ..., by jurisdiction.
    pub(super) cuts: Vec<Vec<u64>>,
    /// Scores below which somebody has an account with the parent, by jurisdiction: users, others.
    pub(super) parent: [Vec<u64>; 2],
    os: Vec<Categorical>,
    /// Scores from which on somebody is in the second age band, the third, ..., by [`Standing`].
    pub(super) ages: [Vec<u64>; 3],
    /// Share of non-users whom nobody lists.
    unlisted: f64,
    /// Whether each age band is of minors.
    pub minor: Vec<bool>,
    pub(super) age_shift: Vec<i32>,
    abuse: Categorical,
    /// Level for the first 12 bits of a score, before the shift by age.
    pub(super) level: Box<[u8; 4096]>,
    /// Rate of each level relative to the mean over users.
    pub level_rate: Vec<f64>,
    /// Threshold on 32 bits of being active on a day, by level of presence.
    pub presence: Box<[u64; PRESENCES]>,
    pub(super) books: BookSizes,
}

impl People {
    /// Builds the tables of a scenario.
    pub fn new(scenario: &Scenario, classes: &Classes, key: Key) -> Self {
        let traffic = &scenario.file.traffic;
        let sigma = traffic.activity_sigma.value;
        let step = sigma / 16.0;
        let z = |l: usize| (l as f64 - 64.0) / 16.0;
        let density: Vec<f64> = (0..LEVELS).map(|l| libm::exp(-z(l) * z(l) / 2.0)).collect();
        let bands = &scenario.file.age_bands;
        let shifts: Vec<(f64, f64)> = bands.iter().map(|band| (band.share, band.objection_shift)).collect();
        let likeness = Likeness::new(key, &scenario.file.likeness, &shifts);
        let (level, weights) = levels(likeness.score(Trait::Activity), &slots(&density));
        // Beyond all levels there is no further level.
        let farthest = LEVELS as f64;
        let shift = |activity: f64| (libm::log(activity.max(1e-9)) / step).round().clamp(-farthest, farthest) as i32;
        let age_shift: Vec<i32> = bands.iter().map(|b| if step > 0.0 { shift(b.activity) } else { 0 }).collect();
        let level_rate = normalised_rates(
            (sigma, traffic.activity_most.value),
            &weights,
            bands.iter().map(|b| b.share).zip(age_shift.iter().copied()),
        );
        let abuse: Vec<f64> = std::iter::once(1.0 - scenario.file.abuse_classes.iter().map(|a| a.share).sum::<f64>())
            .chain(scenario.file.abuse_classes.iter().map(|a| a.share))
            .collect();
        let js = &scenario.jurisdictions;
        let below = |score: &Score, shares: &mut dyn Iterator<Item = f64>| shares.map(|s| score.quantile(s)).collect();
        let parent = likeness.score(Trait::ParentAccount);
        let unlisted = scenario.file.world.unlisted_non_users.value;
        let by_level = |level: usize| level as f64;
        let moments = moments(&weights, bands.iter().map(|b| b.share).zip(age_shift.iter().copied()), by_level);
        let attitude = likeness.score(Trait::Attitude);
        let cuts = |jurisdiction| classes.bands(jurisdiction, true).0.iter().map(|&cut| attitude.below(cut)).collect();
        People {
            cuts: (0..js.len()).map(cuts).collect(),
            parent: [
                below(parent, &mut js.iter().map(|j| j.parent_account)),
                below(parent, &mut js.iter().map(|j| j.parent_account_non_users)),
            ],
            os: js.iter().map(|j| Categorical::new(&j.os)).collect(),
            ages: bands_by_standing(bands, unlisted)
                .map(|ends| below(likeness.score(Trait::Age), &mut ends.into_iter())),
            unlisted,
            key,
            likeness,
            minor: bands.iter().map(|b| b.minor).collect(),
            age_shift,
            abuse: Categorical::new(&abuse),
            level,
            level_rate,
            presence: presence_levels(traffic.active_day_share.value, traffic.active_day_concentration.value),
            books: BookSizes::new(scenario, moments),
        }
    }

    /// Numbers that the attributes of a community's people are drawn from, by local index: attitude; parent account and age;
    /// operating system and abuse; level, presence and address book.
    pub fn streams(&self, community: u32) -> [Stream; 4] {
        self.key.streams(Domain::Person, u64::from(community), 0, 0)
    }

    /// The attributes of a person of this community. `user`: whether the local index is below the community's number of
    /// users.
    pub fn person(&self, shape: &CommunityInfo, local: u32, user: bool) -> Person {
        let [w0, w1, w2, w3] = self.streams(shape.number).map(|s| s.at(u64::from(local)));
        let (lo, hi) = (|w: u64| w as u32, |w: u64| (w >> 32) as u32);
        let shared = self.likeness.shared(shape, local);
        let score = |of: Trait, own: u32| {
            let score = self.likeness.score(of);
            score.of(own, score.common(shared, of as u32))
        };
        let age = score(Trait::Age, hi(w1));
        let age_band =
            self.ages[self.standing(shape, local) as usize].iter().filter(|&&from| u64::from(age) >= from).count();
        let attitudes = self.likeness.score(Trait::Attitude);
        let attitude = score(Trait::Attitude, lo(w0)) + attitudes.fraction(hi(w0)) + attitudes.shifts[age_band];
        let parent = &self.parent[usize::from(!user)][shape.jurisdiction];
        let level = self.level[(score(Trait::Activity, lo(w3)) >> LEVEL_SHIFT) as usize];
        Person {
            attitude: attitudes.place(attitude),
            parent_account: u64::from(score(Trait::ParentAccount, lo(w1))) < *parent,
            age_band: age_band as u8,
            os: self.os[shape.jurisdiction].pick(lo(w2)) as u8,
            abuse: if user { self.abuse_of(w2) } else { 0 },
            level: (i32::from(level) + self.age_shift[age_band]).clamp(0, LEVELS as i32 - 1) as u8,
            presence: (w3 >> 32) as u8 % PRESENCES as u8,
            shape: (w3 >> 32) as u8 / PRESENCES as u8,
        }
    }

    /// Whether any account is abusive.
    pub(super) fn somebody_abuses(&self) -> bool {
        !self.abuse.thresholds().is_empty()
    }

    /// 0, or 1 + index of the abuse class, of a user with this third word.
    #[inline]
    pub(super) fn abuse_of(&self, word: u64) -> u8 {
        self.abuse.pick((word >> 32) as u32) as u8
    }

    /// Whether a person of a community is a user, and else whether somebody may list them.
    pub fn standing(&self, shape: &CommunityInfo, local: u32) -> Standing {
        if local < shape.users {
            Standing::User
        } else if local < shape.users + shape.listable(self.unlisted) {
            Standing::Listable
        } else {
            Standing::Unlisted
        }
    }

    /// What the users of each neighbourhood of a community have in common: decides with a word of their own how large their address books are.
    ///
    /// Few neighbourhoods hold a country, and few large books most of its entries: drawn one by one, their sum would differ between seeds by a tenth
    /// at a million people. So the neighbourhoods of a country take multiples of the golden ratio from a place that the seed draws, which fall evenly
    /// on [0, 1), each community's in an order of its own.
    pub fn neighbourhoods(&self, shape: &CommunityInfo) -> impl Iterator<Item = f64> + '_ {
        let n = shape.users.div_ceil(1 << NEIGHBOURHOOD_BITS);
        let [from, ..] = self.key.block(Domain::Neighbourhood, shape.jurisdiction as u64, 0, 0);
        let [a, b, ..] = self.key.block(Domain::Neighbourhood, shape.number.into(), 1, 0);
        let first = shape.first_neighbourhood;
        AffinePermutation::new(n, (a, b)).run(0, n).map(move |place| {
            // The step of a stream is 2^64 over the golden ratio.
            let word = Stream::STEP.wrapping_mul(first + u64::from(place)).wrapping_add(from);
            self.books.shared((word >> 32) as u32)
        })
    }

    /// Nominal entries of a user's address book from what the neighbourhood has in common, the user's fourth word and level of activity.
    pub fn book(&self, neighbourhood: f64, word: u64, level: u8) -> u16 {
        self.books.at(neighbourhood, BookSizes::word(word), level)
    }
}

/// Level for the first 12 bits of a score, by levels as equal slots; and the share of people of each level.
fn levels(score: &Score, slots: &[u8; 4096]) -> (Box<[u8; 4096]>, Vec<f64>) {
    let mut weights = vec![0.0; LEVELS];
    let mut levels = Box::new([0; 4096]);
    let place = |cell: usize| score.place(((cell as u64) << LEVEL_SHIFT).min(u64::from(u32::MAX)) as u32);
    for (cell, level) in levels.iter_mut().enumerate() {
        let (from, to) = (place(cell), place(cell + 1));
        *level = slots[((from + (to - from) / 2) >> 41) as usize];
        weights[usize::from(*level)] += (to - from) as f64 / 9_007_199_254_740_992.0;
    }
    (levels, weights)
}

/// The mean over users of what a function has for their level, and the standard deviation.
fn moments(weights: &[f64], ages: impl Iterator<Item = (f64, i32)>, of: impl Fn(usize) -> f64) -> (f64, f64) {
    let (mut sum, mut square, mut mass) = (0.0, 0.0, 0.0);
    for (share, shift) in ages {
        for (l, w) in weights.iter().enumerate() {
            let value = of((l as i32 + shift).clamp(0, LEVELS as i32 - 1) as usize);
            sum += share * w * value;
            square += share * w * value * value;
            mass += share * w;
        }
    }
    let mean = sum / mass;
    (mean, (square / mass - mean * mean).max(0.0).sqrt())
}

/// Rate of each level, scaled so that the mean over users is 1, and cut at `most` times the mean.
fn normalised_rates(
    (sigma, most): (f64, f64),
    weights: &[f64],
    ages: impl Iterator<Item = (f64, i32)> + Clone,
) -> Vec<f64> {
    let rate: Vec<f64> = (0..LEVELS).map(|l| libm::exp(sigma * (l as f64 - 64.0) / 16.0)).collect();
    let mean = |cut: f64| moments(weights, ages.clone(), |level| rate[level].min(cut)).0;
    // A lower cut lowers the mean less than itself.
    let (mut low, mut high) = (rate[0], rate[LEVELS - 1]);
    for _ in 0..100 {
        let middle = (low + high) / 2.0;
        if middle <= most * mean(middle) { low = middle } else { high = middle }
    }
    let (cut, mean) = (high, mean(high));
    rate.iter().map(|r| r.min(cut) / mean).collect()
}

/// Thresholds of the quantiles of a beta distribution with this mean and concentration, scaled to the mean exactly.
fn presence_levels(mean: f64, concentration: f64) -> Box<[u64; PRESENCES]> {
    const GRID: usize = 8192;
    let (a, b) = (mean * concentration, (1.0 - mean) * concentration);
    if mean <= 0.0 || mean >= 1.0 || concentration <= 0.0 {
        return Box::new([threshold(mean); PRESENCES]);
    }
    let point = |i: usize| (i as f64 + 0.5) / GRID as f64;
    let density: Vec<f64> =
        (0..GRID).map(|i| libm::exp((a - 1.0) * libm::log(point(i)) + (b - 1.0) * libm::log(1.0 - point(i)))).collect();
    let total: f64 = density.iter().sum();
    let mut levels = vec![(0.0, 0.0); PRESENCES];
    let mut below = 0.0;
    for (i, d) in density.iter().enumerate() {
        let bin = ((below / total * PRESENCES as f64) as usize).min(PRESENCES - 1);
        levels[bin].0 += d * point(i);
        levels[bin].1 += d;
        below += d;
    }
    let means: Vec<f64> = levels.iter().map(|(s, m)| if *m > 0.0 { s / m } else { mean }).collect();
    let scale = mean / (means.iter().sum::<f64>() / PRESENCES as f64);
    Box::new(std::array::from_fn(|i| threshold((means[i] * scale).min(1.0))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presence_has_the_mean() {
        let levels = presence_levels(0.77, 4.0);
        let mean = levels.iter().map(|&t| t as f64 / 4_294_967_296.0).sum::<f64>() / PRESENCES as f64;
        assert!((mean - 0.77).abs() < 0.002, "{mean}");
        assert!(levels.windows(2).all(|w| w[0] <= w[1]));
    }

    #[test]
    fn rates_have_mean_one() {
        let weights: Vec<f64> = (0..LEVELS).map(|l| libm::exp(-((l as f64 - 64.0) / 16.0).powi(2) / 2.0)).collect();
        let rates = normalised_rates((1.3, 1e6), &weights, [(1.0, 0)].into_iter());
        let mean = rates.iter().zip(&weights).map(|(r, w)| r * w).sum::<f64>() / weights.iter().sum::<f64>();
        assert!((mean - 1.0).abs() < 1e-12);
    }
}
