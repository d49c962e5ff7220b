//! When things happen: the hours of a day in a time zone, and the weekdays.

use crate::random::distribution::InverseCdf;
use crate::traffic::time::{DAY_MS, SPAN_MS};

/// When things happen on one day in one time zone.
#[derive(Clone, Debug)]
pub struct DiurnalProfile {
    /// Milliseconds since midnight UTC.
    pub when: InverseCdf<1024>,
    /// Chance in 16 bits that a start drawn at the busiest day's rate takes place on this one.
    pub keep: u32,
    /// The first word, of [`WHEN_BITS`], at which a conversation that begins may run past midnight UTC.
    pub late: u32,
}

/// Bits of the word that decides when a conversation begins.
pub const WHEN_BITS: u32 = 25;

impl DiurnalProfile {
    /// When a conversation with this word, of [`WHEN_BITS`], begins: milliseconds since midnight UTC.
    #[inline(always)]
    pub fn begins(&self, word: u32) -> u32 {
        self.when.at(word << (32 - WHEN_BITS))
    }

    /// The diurnal profile of a UTC day whose weekday is `weekday` (0 is Monday), `utc_offset` minutes east of UTC. `hours` are
    /// weights of local hours; `weekdays` of local weekdays, the largest 1.
    pub fn new(hours: &[f64], weekdays: &[f64], weekday: u32, utc_offset: i32) -> DiurnalProfile {
        // A quarter of an hour at a time, weighted by the local hour and the local weekday.
        const STEPS: usize = 96;
        let weights: Vec<f64> = (0..STEPS)
            .map(|step| {
                let local = step as i32 * 15 + utc_offset;
                let day = (weekday as i32 + local.div_euclid(1440)).rem_euclid(7) as usize;
                let minute = local.rem_euclid(1440);
                // Linear between the weights of full hours, so that the rate has no steps.
                let (hour, part) = ((minute / 60) as usize, f64::from(minute % 60) / 60.0);
                (hours[hour] * (1.0 - part) + hours[(hour + 1) % 24] * part) * weekdays[day]
            })
            .collect();
        let total: f64 = weights.iter().sum();
        let flat: f64 = hours.iter().sum::<f64>() * 4.0;
        let step_ms = f64::from(DAY_MS) / STEPS as f64;
        let inverse = |u: f64| {
            let mut left = u * total;
            for (step, w) in weights.iter().enumerate() {
                if left <= *w && *w > 0.0 {
                    return (step as f64 + left / w) * step_ms;
                }
                left -= w;
            }
            f64::from(DAY_MS) - 1.0
        };
        let when = InverseCdf::new(|u| inverse(u).min(f64::from(DAY_MS) - 1.0));
        let keep = ((total / flat).min(1.0) * 65_536.0) as u32;
        let mut profile = DiurnalProfile { when, keep, late: 1 << WHEN_BITS };
        // Times rise with the word: the first late one by bisection.
        let (mut early, mut late) = (0, 1 << WHEN_BITS);
        while early < late {
            let middle = early + (late - early) / 2;
            if profile.begins(middle) + SPAN_MS < DAY_MS { early = middle + 1 } else { late = middle }
        }
        profile.late = early;
        profile
    }
}
