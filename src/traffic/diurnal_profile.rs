//! When things happen: the hours of a day in a time zone, the weekdays, and people's own clocks.

use crate::population::CHRONOTYPES;
use crate::random::distribution::{InverseCdf, normal_quantile};
use crate::traffic::time::{DAY_MS, SPAN_MS};

/// When things happen on one day in one time zone.
///
/// A person's own clock moves what they begin, but not across the moment from which on a conversation may run past midnight UTC: what happens after it happens for
/// everybody by the clock of the country. So whoever only counts need not ask whose clock it is.
#[derive(Clone, Debug)]
pub struct DiurnalProfile {
    /// By the clock of the country: milliseconds since midnight UTC.
    when: InverseCdf<1024>,
    /// Chance in 16 bits that a start drawn at the busiest day's rate takes place on this one.
    pub keep: u32,
    /// The first word, of [`WHEN_BITS`], at which a conversation that begins may run past midnight UTC.
    pub late: u32,
    /// By people's own clocks, before that: milliseconds since midnight UTC.
    own: Vec<InverseCdf<256>>,
    /// 2^63 over the first word of 32 bits that is late.
    stretch: u64,
}

/// Bits of the word that decides when a conversation begins.
pub const WHEN_BITS: u32 = 25;

/// Weights of the quarters of an hour of a UTC day.
#[derive(Clone, Debug)]
struct Weights {
    /// Sums of the weights before each quarter, and of all.
    before: Vec<f64>,
}

impl Weights {
    const STEPS: usize = 96;
    const STEP_MS: f64 = DAY_MS as f64 / Self::STEPS as f64;

    /// `hours` are weights of local hours, `weekdays` of local weekdays; `clock` is how many minutes the clock of somebody is late.
    fn new(hours: &[f64], weekdays: &[f64], weekday: u32, utc_offset: i32, clock: i32) -> Self {
        let mut before = vec![0.0];
        let mut sum = 0.0;
        for step in 0..Self::STEPS {
            let local = step as i32 * 15 + utc_offset;
            let day = (weekday as i32 + local.div_euclid(1440)).rem_euclid(7) as usize;
            let minute = (local - clock).rem_euclid(1440);
            // Linear between the weights of full hours, so that the rate has no steps.
            let (hour, part) = ((minute / 60) as usize, f64::from(minute % 60) / 60.0);
            sum += (hours[hour] * (1.0 - part) + hours[(hour + 1) % 24] * part) * weekdays[day];
            before.push(sum);
        }
        Weights { before }
    }

    fn total(&self) -> f64 {
        self.before[Self::STEPS]
    }

    /// Weight of the times before `ms`.
    fn until(&self, ms: f64) -> f64 {
        let at = (ms / Self::STEP_MS).min(Self::STEPS as f64);
        let step = (at as usize).min(Self::STEPS - 1);
        self.before[step] + (self.before[step + 1] - self.before[step]) * (at - step as f64)
    }

    /// The time before which times have a weight, milliseconds since midnight UTC.
    fn time(&self, weight: f64) -> f64 {
        let step = self.before[1..].partition_point(|&end| end < weight).min(Self::STEPS - 1);
        let (from, to) = (self.before[step], self.before[step + 1]);
        let part = if to > from { (weight - from) / (to - from) } else { 1.0 };
        ((step as f64 + part.clamp(0.0, 1.0)) * Self::STEP_MS).min(f64::from(DAY_MS) - 1.0)
    }
}

impl DiurnalProfile {
    /// When a conversation with this word, of [`WHEN_BITS`], begins by the clock of the country: milliseconds since midnight UTC. So do all that are late.
    #[inline(always)]
    pub fn begins(&self, word: u32) -> u32 {
        self.at(word << (32 - WHEN_BITS))
    }

    /// When a conversation with this word, of [`WHEN_BITS`], begins by somebody's own clock: milliseconds since midnight UTC.
    #[inline(always)]
    pub fn begins_by(&self, word: u32, chronotype: u8) -> u32 {
        self.at_by(word << (32 - WHEN_BITS), chronotype)
    }

    /// When something with this word happens by the clock of the country: milliseconds since midnight UTC.
    #[inline(always)]
    pub fn at(&self, word: u32) -> u32 {
        self.when.at(word)
    }

    /// When something with this word happens by somebody's own clock: milliseconds since midnight UTC.
    #[inline(always)]
    pub fn at_by(&self, word: u32, chronotype: u8) -> u32 {
        if word >> (32 - WHEN_BITS) >= self.late {
            return self.when.at(word);
        }
        let part = (u64::from(word) * self.stretch) >> 31;
        self.own[usize::from(chronotype) % CHRONOTYPES].at(part as u32)
    }

    /// The diurnal profile of a UTC day whose weekday is `weekday` (0 is Monday), `utc_offset` minutes east of UTC. `hours` are
    /// weights of local hours; `weekdays` of local weekdays, the largest 1. People's own clocks differ from that of the country with a standard deviation of
    /// `own_clock` hours.
    pub fn new(hours: &[f64], weekdays: &[f64], (weekday, utc_offset): (u32, i32), own_clock: f64) -> DiurnalProfile {
        let of = |clock: i32| Weights::new(hours, weekdays, weekday, utc_offset, clock);
        let country = of(0);
        let total = country.total();
        let flat: f64 = hours.iter().sum::<f64>() * 4.0;
        let when = InverseCdf::new(|u| country.time(u * total));
        let keep = ((total / flat).min(1.0) * 65_536.0) as u32;
        let mut profile = DiurnalProfile { when, keep, late: 1 << WHEN_BITS, own: Vec::new(), stretch: 0 };
        // Times rise with the word: the first late one by bisection.
        let (mut early, mut late) = (0, 1 << WHEN_BITS);
        while early < late {
            let middle = early + (late - early) / 2;
            if profile.begins(middle) + SPAN_MS < DAY_MS { early = middle + 1 } else { late = middle }
        }
        profile.late = early;
        profile.stretch = (1 << 63) / (u64::from(early) << (32 - WHEN_BITS)).max(1);
        // The last time that is not late.
        let last = if early > 0 { f64::from(profile.begins(early - 1)) } else { 0.0 };
        profile.own = (0..CHRONOTYPES)
            .map(|chronotype| {
                let at = (chronotype as f64 + 0.5) / CHRONOTYPES as f64;
                let weights = of((normal_quantile(at) * own_clock * 60.0).round() as i32);
                let before = weights.until(last);
                InverseCdf::new(|u| if before > 0.0 { weights.time(u * before).min(last) } else { u * last })
            })
            .collect();
        profile
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;

    const HOURS: [f64; 24] = [
        3.0, 1.0, 0.5, 0.3, 0.3, 0.5, 1.0, 2.0, 3.0, 4.0, 4.0, 4.0, 5.0, 5.0, 4.0, 4.0, 4.0, 5.0, 6.0, 7.0, 8.0, 8.0,
        7.0, 5.0,
    ];

    /// Share of the morning, from four to nine, in what is not late, by chronotype.
    fn morning(profile: &DiurnalProfile, chronotype: u8) -> f64 {
        let words = (0..40_000).map(|i| Stream::new(3).at(i) as u32).filter(|word| word >> 7 < profile.late);
        let hours: Vec<u32> = words.map(|word| profile.at_by(word, chronotype) / 3_600_000).collect();
        hours.iter().filter(|hour| (4..9).contains(*hour)).count() as f64 / hours.len() as f64
    }

    #[test]
    fn own_clocks_are_early_and_late_and_together_that_of_the_country() {
        let profile = DiurnalProfile::new(&HOURS, &[1.0; 7], (2, 60), 1.5);
        let mornings: Vec<f64> = (0..CHRONOTYPES as u8).map(|c| morning(&profile, c)).collect();
        assert!(mornings.windows(2).all(|w| w[0] > w[1]), "{mornings:?}");
        assert!(mornings[0] > 2.0 * mornings[CHRONOTYPES - 1], "{mornings:?}");
        let none = DiurnalProfile::new(&HOURS, &[1.0; 7], (2, 60), 0.0);
        let country = morning(&none, 0);
        assert!((mornings.iter().sum::<f64>() / CHRONOTYPES as f64 - country).abs() < 0.02, "{mornings:?}, {country}");
        for i in 0..20_000 {
            let word = Stream::new(9).at(i) as u32;
            // Without clocks of their own, all live by that of the country, but for pieces of a table.
            assert!(none.at_by(word, (i % 8) as u8).abs_diff(none.at(word)) < 600_000, "{word}");
        }
    }

    #[test]
    fn whatever_the_clock_what_is_late_is_late_for_all() {
        let mut at_five = [0.0; 24];
        at_five[5] = 1.0;
        for (hours, offset) in [(HOURS, 0), (HOURS, -720), (HOURS, 840), (at_five, 60), (at_five, 330), (at_five, 390)]
        {
            let profile = DiurnalProfile::new(&hours, &[1.0; 7], (0, offset), 6.0);
            let edge = profile.late << (32 - WHEN_BITS);
            let words =
                (0..4000).map(|i| Stream::new(7).at(i) as u32).chain([0, 1, edge.wrapping_sub(1), edge, u32::MAX]);
            for word in words {
                let late = word >> (32 - WHEN_BITS) >= profile.late;
                for chronotype in 0..CHRONOTYPES as u8 {
                    let time = profile.at_by(word, chronotype);
                    assert!(time < DAY_MS && (late || time + SPAN_MS < DAY_MS), "{word}: {time}");
                    assert!(!late || time == profile.at(word));
                }
            }
        }
    }
}
