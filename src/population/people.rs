//! Who a person is: a function of (seed, id).

use super::book_sizes::BookSizes;
use super::circle::AffinePermutation;
use super::class::Classes;
use super::layout::{CommunityInfo, NEIGHBOURHOOD_BITS};
use crate::random::distribution::{Categorical, slots, threshold};
use crate::random::{Domain, Key, Stream};
use crate::scenario::{MAX_BANDS, MAX_SYSTEMS, Scenario};
use crate::simd::kernel;

/// Levels of activity: a grid of the logarithm of the rate, 16 steps a standard deviation.
pub const LEVELS: usize = 128;
/// Levels of presence: quantiles of the share of days on which a person uses the service.
pub const PRESENCES: usize = 64;

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
    parent_user: Vec<u64>,
    parent_non_user: Vec<u64>,
    os: Vec<Categorical>,
    ages: Categorical,
    /// Whether each age band is of minors.
    pub minor: Vec<bool>,
    age_shift: Vec<i32>,
    abuse: Categorical,
    /// Level for 12 bits, before the shift by age.
    level: Box<[u8; 4096]>,
    /// Rate of each level relative to the mean over users.
    pub level_rate: Vec<f64>,
    /// Threshold on 32 bits of being active on a day, by level of presence.
    pub presence: Box<[u64; PRESENCES]>,
    pub(super) books: BookSizes,
}

impl People {
    /// Builds the tables of a scenario.
    pub fn new(scenario: &Scenario, key: Key) -> Self {
        let traffic = &scenario.file.traffic;
        let sigma = traffic.activity_sigma.value;
        let step = sigma / 16.0;
        let z = |l: usize| (l as f64 - 64.0) / 16.0;
        let density: Vec<f64> = (0..LEVELS).map(|l| libm::exp(-z(l) * z(l) / 2.0)).collect();
        let level = slots(&density);
        let mut weights = vec![0.0; LEVELS];
        for &l in level.iter() {
            weights[usize::from(l)] += 1.0 / level.len() as f64;
        }
        let bands = &scenario.file.age_bands;
        // Beyond all levels there is no further level.
        let farthest = LEVELS as f64;
        let shift = |activity: f64| (libm::log(activity.max(1e-9)) / step).round().clamp(-farthest, farthest) as i32;
        let age_shift: Vec<i32> = bands.iter().map(|b| if step > 0.0 { shift(b.activity) } else { 0 }).collect();
        let level_rate =
            normalised_rates(sigma, &weights, bands.iter().map(|b| b.share).zip(age_shift.iter().copied()));
        let abuse: Vec<f64> = std::iter::once(1.0 - scenario.file.abuse_classes.iter().map(|a| a.share).sum::<f64>())
            .chain(scenario.file.abuse_classes.iter().map(|a| a.share))
            .collect();
        let js = &scenario.jurisdictions;
        People {
            key,
            parent_user: js.iter().map(|j| threshold(j.parent_account)).collect(),
            parent_non_user: js.iter().map(|j| threshold(j.parent_account_non_users)).collect(),
            os: js.iter().map(|j| Categorical::new(&j.os)).collect(),
            ages: Categorical::new(&bands.iter().map(|b| b.share).collect::<Vec<_>>()),
            minor: bands.iter().map(|b| b.minor).collect(),
            age_shift,
            abuse: Categorical::new(&abuse),
            level,
            level_rate,
            presence: presence_levels(traffic.active_day_share.value, traffic.active_day_concentration.value),
            books: BookSizes::new(scenario),
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
        let parent = if user { &self.parent_user } else { &self.parent_non_user }[shape.jurisdiction];
        let age_band = self.ages.pick(hi(w1));
        let level = i32::from(self.level[(lo(w3) >> 20) as usize]) + self.age_shift[age_band];
        Person {
            attitude: w0 >> 11,
            parent_account: u64::from(lo(w1)) < parent,
            age_band: age_band as u8,
            os: self.os[shape.jurisdiction].pick(lo(w2)) as u8,
            abuse: if user { self.abuse.pick(hi(w2)) as u8 } else { 0 },
            level: level.clamp(0, LEVELS as i32 - 1) as u8,
            presence: (w3 >> 32) as u8 % PRESENCES as u8,
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

    /// Nominal entries of a user's address book from what the neighbourhood has in common and the user's fourth word.
    pub fn book(&self, neighbourhood: f64, word: u64) -> u16 {
        self.books.at(neighbourhood, BookSizes::word(word))
    }

    /// Appends class, level and presence of some people of a community, all users or all not: `first`, `first + step`, ...
    /// as local indices. As [`People::person`] gives them one by one.
    pub fn append(
        &self,
        classes: &Classes,
        shape: &CommunityInfo,
        user: bool,
        (first, step): (u32, i32),
        n: usize,
        to: &mut PersonColumns,
    ) {
        let streams = self.streams(shape.number);
        let (cuts, first_class) = classes.bands(shape.jurisdiction, user);
        let parent = if user { &self.parent_user } else { &self.parent_non_user }[shape.jurisdiction];
        // What passing into an age band adds: to the class, to the level. Of others than users only the class is asked.
        let of = |band: usize| {
            let minor = u16::from(self.minor.get(band).is_some_and(|m| *m));
            (minor, if user { self.age_shift.get(band).map_or(0, |&s| s as i16) } else { 0 })
        };
        let bands: Vec<Band> = (1..)
            .zip(self.ages.thresholds())
            .map(|(band, &from)| {
                let (before, here) = (of(band - 1), of(band));
                Band { from: from as u32, class: here.0.wrapping_sub(before.0), shift: here.1 - before.1 }
            })
            .filter(|band| band.class != 0 || band.shift != 0)
            .collect();
        let (minor, shift) = of(0);
        let mut buffer = to.buffer.take().unwrap_or_default();
        let mut done = 0;
        while done < n {
            let here = (n - done).min(BLOCK);
            let at = u64::from(first).wrapping_add((i64::from(step) * done as i64) as u64);
            let draw =
                |stream: Stream, out: &mut [u64; BLOCK]| stream.fill(at, i64::from(step) as u64, &mut out[..here]);
            draw(streams[1], &mut buffer.account);
            if user {
                draw(streams[0], &mut buffer.attitude);
                draw(streams[3], &mut buffer.activity);
            }
            let (class, level, presence) = to.room(here);
            classify(&mut buffer, here, cuts, parent, &bands, (first_class + minor, shift), class);
            if user {
                enliven(&buffer, here, &self.level, level, presence);
            } else {
                level.fill(0);
                presence.fill(0);
            }
            done += here;
        }
        to.buffer = Some(buffer);
    }
}

/// People whose attributes are worked out at once.
const BLOCK: usize = 512;

/// Words of a block of people, and their age bands.
#[derive(Clone, Debug)]
struct Buffer {
    attitude: [u64; BLOCK],
    account: [u64; BLOCK],
    activity: [u64; BLOCK],
    /// High halves of `account`; what age adds to the level.
    age: [u32; BLOCK],
    shift: [i16; BLOCK],
}

/// An age band that differs from the one before.
struct Band {
    /// First word of 32 bits that is in it.
    from: u32,
    /// What it adds to the class, modulo 2^16, and to the level.
    class: u16,
    shift: i16,
}

impl Default for Buffer {
    fn default() -> Self {
        Buffer { attitude: [0; BLOCK], account: [0; BLOCK], activity: [0; BLOCK], age: [0; BLOCK], shift: [0; BLOCK] }
    }
}

/// What traffic and policies need to know of people, in columns of equal length.
#[derive(Clone, Debug, Default)]
pub struct PersonColumns {
    /// Class number.
    pub class: Vec<u16>,
    /// Level of activity, 0 for non-users.
    pub level: Vec<u8>,
    /// Level of presence, 0 for non-users.
    pub presence: Vec<u8>,
    /// Places that are filled in.
    filled: usize,
    buffer: Option<Box<Buffer>>,
}

impl PersonColumns {
    /// Begins anew. What is there stays until it is written over: [`PersonColumns::end`] drops the rest.
    pub fn begin(&mut self) {
        self.filled = 0;
    }

    /// The next `n` places of each column, to be filled in.
    pub fn room(&mut self, n: usize) -> (&mut [u16], &mut [u8], &mut [u8]) {
        let (from, to) = (self.filled, self.filled + n);
        if self.class.len() < to {
            self.class.resize(to, 0);
            self.level.resize(to, 0);
            self.presence.resize(to, 0);
        }
        self.filled = to;
        (&mut self.class[from..to], &mut self.level[from..to], &mut self.presence[from..to])
    }

    /// Fills the next places with zeros, up to number `to`.
    pub fn pad(&mut self, to: usize) {
        let (class, level, presence) = self.room(to.saturating_sub(self.filled));
        class.fill(0);
        level.fill(0);
        presence.fill(0);
    }

    /// Ends the columns with what was filled in.
    pub fn end(&mut self) {
        self.class.truncate(self.filled);
        self.level.truncate(self.filled);
        self.presence.truncate(self.filled);
    }
}

/// Class of each of `n` people of the buffer, and what their age adds to the level: bands of attitude and of age are where
/// thresholds are passed.
#[kernel]
fn classify(
    buffer: &mut Buffer,
    n: usize,
    cuts: &[u64],
    parent: u64,
    bands: &[Band],
    first: (u16, i16),
    class: &mut [u16],
) {
    let n = n.min(BLOCK).min(class.len());
    let Buffer { attitude, account, age, shift, .. } = buffer;
    let (attitude, account, age, shift) = (&attitude[..n], &account[..n], &mut age[..n], &mut shift[..n]);
    let class = &mut class[..n];
    for i in 0..n {
        class[i] = first.0.wrapping_add(2 * u16::from(account[i] & 0xffff_ffff < parent));
        age[i] = (account[i] >> 32) as u32;
    }
    shift.fill(first.1);
    for &cut in cuts {
        for (class, &attitude) in class.iter_mut().zip(attitude) {
            *class = class.wrapping_add(4 * u16::from(attitude >> 11 >= cut));
        }
    }
    for &Band { from, class: of_class, shift: of_level } in bands {
        // All ones of those who are in it: a condition would be a branch.
        let in_it = |age: u32| 0u16.wrapping_sub(u16::from(age >= from));
        for (class, &age) in class.iter_mut().zip(age.iter()) {
            *class = class.wrapping_add(of_class & in_it(age));
        }
        for (shift, &age) in shift.iter_mut().zip(age.iter()) {
            *shift = shift.wrapping_add(of_level & in_it(age) as i16);
        }
    }
}

/// Level and presence of each of `n` users of the buffer.
#[kernel]
fn enliven(buffer: &Buffer, n: usize, levels: &[u8; 4096], level: &mut [u8], presence: &mut [u8]) {
    let n = n.min(BLOCK).min(level.len()).min(presence.len());
    let (activity, shift) = (&buffer.activity[..n], &buffer.shift[..n]);
    for i in 0..n {
        level[i] = levels[(activity[i] as u32 >> 20) as usize];
    }
    for i in 0..n {
        let shifted = i16::from(level[i]) + shift[i];
        level[i] = shifted.clamp(0, LEVELS as i16 - 1) as u8;
        presence[i] = (activity[i] >> 32) as u8 % PRESENCES as u8;
    }
}

/// Rate of each level, scaled so that the mean over users is 1.
fn normalised_rates(sigma: f64, weights: &[f64], ages: impl Iterator<Item = (f64, i32)>) -> Vec<f64> {
    let rate: Vec<f64> = (0..LEVELS).map(|l| libm::exp(sigma * (l as f64 - 64.0) / 16.0)).collect();
    let (mut sum, mut mass) = (0.0, 0.0);
    for (share, shift) in ages {
        for (l, w) in weights.iter().enumerate() {
            let shifted = (l as i32 + shift).clamp(0, LEVELS as i32 - 1) as usize;
            sum += share * w * rate[shifted];
            mass += share * w;
        }
    }
    rate.iter().map(|r| r * mass / sum).collect()
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
        let rates = normalised_rates(1.3, &weights, [(1.0, 0)].into_iter());
        let mean = rates.iter().zip(&weights).map(|(r, w)| r * w).sum::<f64>() / weights.iter().sum::<f64>();
        assert!((mean - 1.0).abs() < 1e-12);
    }
}
