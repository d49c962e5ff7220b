//! The tables that traffic draws from, built once per run from the scenario's parameters.

use crate::traffic::abuse_tables::{AbuseTables, abusive_messages};
use crate::traffic::diurnal_profile::DiurnalProfile;
use chrono::Datelike;

use crate::population::{ContactTables, LEVELS, Population, Signatures, groups_per_user};
use crate::random::distribution::{GuideTable, InverseCdf, PackedThresholds, threshold};
use crate::scenario::{Kind, Scenario};
use crate::traffic::quantile_table::QuantileTable;
use crate::traffic::time::SPAN_MS;

/// Most messages of a conversation.
pub const LONGEST: usize = 256;
/// Longest gap inside a conversation, milliseconds.
const GAP_MAX: f64 = SPAN_MS as f64;
/// Candidates that are asked to speak in a group conversation.
pub const SPEAKERS: usize = 4;

/// The chance 0 as [`chance`] gives it.
pub const NEVER: u16 = 0x7fff;

/// A chance to be compared with 15-bit numbers, four at a time. c / 2^15 is kept as c + 2^15 - 1: subtracting a 15-bit number t from it
/// leaves the top bit of 16 set iff t < c, and never borrows, so that four are compared in one subtraction of 64 bits. No t is below
/// [`NEVER`], and every one is below the chance 1: whoever needs a t that is below none has to see to it that chances are below 1.
pub fn chance(p: f64) -> u16 {
    (p.clamp(0.0, 1.0) * 32_768.0) as u16 + 0x7fff
}

/// All tables of the traffic of a run.
#[derive(Clone, Debug)]
pub struct TrafficTables {
    /// Conversations started on an active day over strong ties, by level, for [`START_BITS`].
    pub starts: Box<[[u16; START_SLOTS]; LEVELS]>,
    /// Conversations started over each weak tie, by level.
    pub weak_starts: Box<[[u16; START_SLOTS]; LEVELS]>,
    /// The first slots of each that hold more than 0, 1, ...; see [`TrafficTables::weak_starts`].
    pub weak_ends: Box<[PackedThresholds; LEVELS]>,
    /// Conversations of a group on a day, by size.
    pub group_starts: Vec<GuideTable>,
    /// See [`GuideTable::ends`], by size.
    pub group_ends: Vec<PackedThresholds>,
    /// Words below these start none, by size.
    pub group_none: Vec<u32>,
    /// Which contact.
    pub contacts: ContactTables,
    /// Words below these start no conversation over a weak tie, by level.
    pub weak_none: Box<[u32; LEVELS]>,
    /// Messages of a conversation beyond the first, for 12 bits.
    pub lengths: Box<[u8; 4096]>,
    /// Turn-taking by difference of levels (other minus starter, plus [`LEVELS`]), and whether the other is active ([`ANSWERS`]): chances
    /// that the starter passes the word on, and, in the high half, that the other passes it back.
    pub turns: Box<[u32; 2 * ANSWERS]>,
    /// Chance that another member speaks next in a group.
    pub group_pass: u16,
    /// Weight in a group's conversation, by level.
    pub voice: Box<[u16; LEVELS]>,
    /// Milliseconds between messages of one side, and until a reply.
    pub gaps: [InverseCdf<1024>; 2],
    /// By the first 8 bits of a word of 16: the longest gap that such words give, of either side, milliseconds, at most [`SPAN_MS`].
    pub longest_gaps: Box<[u32; 256]>,
    /// Kind of message for 12 bits (to a person; the group kinds follow in the same order).
    pub media: Box<[u8; 4096]>,
    /// The same as thresholds: 15-bit words below them, as [`chance`] gives them, are photos; photos and voice; these and
    /// video; all but text.
    pub media_cuts: [u16; 4],
    /// Bytes of a message by its kind, and of a call.
    pub sizes: [InverseCdf<256>; 6],
    /// Gaps and sizes once more, for many messages at once.
    pub quantiles: QuantileTable,
    /// Calls on an active day.
    pub calls: GuideTable,
    /// Address book uploads on an active day.
    pub syncs: GuideTable,
    /// Check-ins on an active day beyond the first, for 12 bits.
    pub checkins: Box<[u16; 4096]>,
    /// Registrations, profile updates, group joins on an active day: thresholds on [`RARE_BITS`].
    pub rare: [u32; 3],
    /// Bytes per entry of an upload.
    pub entry_bytes: u32,
    /// Bytes of other events.
    pub control_bytes: u32,
    /// What abusive accounts do, by abuse class; empty if none does anything of its own.
    pub abuse: Vec<AbuseTables>,
    /// Diurnal profiles of each zone, for the seven weekdays from Monday.
    profiles: Vec<Vec<DiurnalProfile>>,
    /// Weekday of day 0, 0 for Monday.
    first_weekday: u32,
}

impl TrafficTables {
    /// Builds the tables.
    ///
    /// Rates follow from the identities of docs/METHODOLOGY.md: a message sent is one message, whoever sends it, so
    /// the mean number of messages of active days is (conversations started) x (mean length), whatever the turns; the mean length is 1 with those who
    /// are not there today.
    pub fn new(scenario: &Scenario, population: &Population) -> Self {
        let t = &scenario.file.traffic;
        let (lengths, mean_length) = length_table(t.conversation_length.value, t.conversation_tail.value);
        let per_day = t.messages_per_active_day.value;
        let weekdays = normalise_max(&t.weekdays.values);
        // Starts are drawn at the rate of the busiest weekday and thinned on the others.
        let busiest = 1.0 / (weekdays.iter().sum::<f64>() / 7.0);
        // With somebody who is not there a conversation has one message.
        let answered = t.active_day_share.value;
        let messages = 1.0 + answered * (mean_length - 1.0);
        let by_abuse = abusive_messages(scenario).0;
        let direct = (per_day * (1.0 - t.group_share.value) - by_abuse).max(0.0) / messages * busiest;
        let weak = t.weak_tie_share.value;
        let layers =
            (scenario.file.world.weak_ties_domestic.value + scenario.file.world.weak_ties_anywhere.value).floor();
        let strong = (1.0 - weak * layers).max(0.0);
        let by_level = |share: f64| {
            let mut levels = Box::new([[0; START_SLOTS]; LEVELS]);
            for (slots, rate) in levels.iter_mut().zip(&population.people.level_rate) {
                // A slot holds a number of 16 bits; more conversations than that nobody starts on a day.
                *slots = GuideTable::poisson((direct * share * rate).min(f64::from(u16::MAX))).slots();
            }
            levels
        };
        let media = media_counts([t.photo_share.value, t.voice_share.value, t.video_share.value, t.other_share.value]);
        let size = |median: f64, sigma: f64| InverseCdf::lognormal(median, sigma, 2e9);
        let sigma = t.size_sigma.value;
        let weak_starts = by_level(weak);
        let group_starts = group_starts(scenario, population, mean_length, busiest);
        let gaps = [
            InverseCdf::lognormal_below(t.gap_median_s.value * 1e3, t.gap_sigma.value, GAP_MAX),
            InverseCdf::lognormal_below(t.reply_median_s.value * 1e3, t.reply_sigma.value, GAP_MAX),
        ];
        let sizes = [
            size(t.text_bytes.value, sigma),
            size(t.photo_bytes.value, sigma),
            size(t.voice_bytes.value, sigma),
            size(t.video_bytes.value, sigma),
            size(t.other_bytes.value, sigma),
            size(t.call_bytes.value, sigma),
        ];
        TrafficTables {
            quantiles: QuantileTable::new(&gaps, &sizes),
            starts: by_level(strong),
            weak_none: Box::new(std::array::from_fn(|level| none(&weak_starts[level]))),
            weak_ends: Box::new(std::array::from_fn(|level| ends(&weak_starts[level]))),
            weak_starts,
            group_ends: group_starts.iter().map(GuideTable::ends).collect(),
            group_none: group_starts.iter().map(|starts| u32::try_from(starts.none()).unwrap_or(u32::MAX)).collect(),
            group_starts,
            contacts: ContactTables::new(Signatures {
                exponent: t.contact_rank_exponent.value,
                spread: t.contact_rank_spread.value,
                contacts: t.contacts.value,
                by_activity: t.contacts_by_activity.value,
                sigma: t.activity_sigma.value,
            }),
            lengths,
            turns: turns(t.reply_share.value, t.activity_dominance.value * t.activity_sigma.value / 16.0),
            group_pass: chance(t.reply_share.value),
            voice: voices(&population.people.level_rate),
            longest_gaps: longest_gaps(&gaps),
            gaps,
            media: media_table(media),
            media_cuts: media_cuts(media),
            sizes,
            calls: GuideTable::poisson(t.calls_per_active_day.value),
            syncs: GuideTable::poisson(t.contact_syncs_per_active_day.value),
            checkins: Box::new(GuideTable::poisson((t.device_checkins_per_active_day.value - 1.0).max(0.0)).slots()),
            rare: [&t.registrations_per_active_day, &t.profile_updates_per_active_day, &t.group_joins_per_active_day]
                .map(|rate| (threshold(rate.value) >> (32 - RARE_BITS)) as u32),
            entry_bytes: t.contact_sync_entry_bytes.value as u32,
            control_bytes: t.control_bytes.value as u32,
            abuse: AbuseTables::all(scenario),
            profiles: (0..7)
                .map(|day| {
                    let of =
                        |&zone| DiurnalProfile::new(&t.hours.values, &weekdays, (day, zone), t.own_clock_hours.value);
                    population.zones.iter().map(of).collect()
                })
                .collect(),
            first_weekday: scenario.start.weekday().num_days_from_monday(),
        }
    }

    /// Conversations started over a weak tie by somebody of this level, for the low half of a word. Most are found by comparison with
    /// all of a few ends: the table of all slots does not stay in the cache.
    #[inline(always)]
    pub fn weak_starts(&self, level: usize, word: u64) -> u16 {
        let slot = (word as usize >> (32 - START_BITS) & (START_SLOTS - 1)) as u16;
        let [_, n] = self.weak_ends[level & (LEVELS - 1)].count(slot);
        if n < PackedThresholds::COUNT { n as u16 } else { self.weak_starts[level & (LEVELS - 1)][usize::from(slot)] }
    }

    /// Chances of turn-taking at an index of [`TrafficTables::turns`], in its low bits.
    #[inline(always)]
    pub fn turns_at(&self, index: u16) -> u32 {
        self.turns[usize::from(index) & (2 * ANSWERS - 1)]
    }

    /// The diurnal profiles of all time zones on day `day` of the run.
    pub fn profiles(&self, day: u32) -> &[DiurnalProfile] {
        &self.profiles[((self.first_weekday + day) % 7) as usize]
    }
}

/// Index of turn-taking with somebody who is active; before it stand those who are not, and never answer.
pub const ANSWERS: usize = 2 * LEVELS;

/// Bits of a word that decide how many conversations a user starts.
pub const START_BITS: u32 = 10;
/// Slots of a distribution of such numbers.
pub const START_SLOTS: usize = 1 << START_BITS;
/// Bits of a word that decide whether something rare happens.
pub const RARE_BITS: u32 = 21;

/// Words below this one, of 32 bits, are in slots that hold 0.
fn none(slots: &[u16; START_SLOTS]) -> u32 {
    let zeros = slots.iter().take_while(|n| **n == 0).count() as u64;
    (zeros << (32 - START_BITS)).min(u64::from(u32::MAX)) as u32
}

/// See [`TrafficTables::longest_gaps`].
fn longest_gaps(gaps: &[InverseCdf<1024>; 2]) -> Box<[u32; 256]> {
    Box::new(std::array::from_fn(|bits| {
        let last = (bits as u32) << 24 | 0x00ff_ffff;
        gaps.iter().map(|gap| gap.at(last)).fold(0, u32::max).min(SPAN_MS)
    }))
}

/// The first slots that hold more than 0, 1, ...
fn ends(slots: &[u16; START_SLOTS]) -> PackedThresholds {
    PackedThresholds::new(std::array::from_fn(|n| slots.partition_point(|&slot| usize::from(slot) <= n) as u16))
}

fn normalise_max(values: &[f64]) -> Vec<f64> {
    let max = values.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    values.iter().map(|v| v / max).collect()
}

/// P(N >= n) = (1 + (n - 1) / theta)^-(tail - 1): a discrete Pareto with the wanted mean, cut at [`LONGEST`].
fn length_table(mean: f64, tail: f64) -> (Box<[u8; 4096]>, f64) {
    let power = (tail - 1.0).max(0.1);
    // What theta multiplies: powers are dear, and the same whatever theta is.
    let beyond: Vec<f64> = (0..4096)
        .map(|i| {
            let survival = 1.0 - (f64::from(i) + 0.5) / 4096.0;
            libm::pow(survival, -1.0 / power) - 1.0
        })
        .collect();
    let table = |theta: f64| -> Box<[u8; 4096]> {
        let mut slots = Box::new([0u8; 4096]);
        for (slot, beyond) in slots.iter_mut().zip(&beyond) {
            let n = 1.0 + theta * beyond;
            *slot = (n.clamp(1.0, LONGEST as f64) as usize - 1) as u8;
        }
        slots
    };
    let mean_of = |t: &[u8; 4096]| t.iter().map(|&n| f64::from(n) + 1.0).sum::<f64>() / 4096.0;
    let (mut lo, mut hi) = (1e-6, 1e6);
    for _ in 0..80 {
        let mid = libm::sqrt(lo * hi);
        if mean_of(&table(mid)) < mean { lo = mid } else { hi = mid }
    }
    let slots = table(libm::sqrt(lo * hi));
    let got = mean_of(&slots);
    (slots, got)
}

/// Turn-taking by difference of levels. `slope` turns a level's difference into log-odds of the other side's share s
/// of the messages; sides alternate with chances 2 r s and 2 r (1 - s), whose stationary share is s.
fn turns(reply: f64, slope: f64) -> Box<[u32; 2 * ANSWERS]> {
    Box::new(std::array::from_fn(|i| {
        let share = 1.0 / (1.0 + libm::exp(-slope * ((i % ANSWERS) as f64 - LEVELS as f64)));
        let pass = |x: f64| u32::from(chance((2.0 * reply * x).clamp(0.0, 0.95)));
        let answers = if i < ANSWERS { u32::from(NEVER) } else { pass(share) };
        answers | pass(1.0 - share) << 16
    }))
}

/// Weight of a level when a group's members speak: the square root of the rate, so that the active dominate but do not
/// speak alone.
fn voices(rate: &[f64]) -> Box<[u16; LEVELS]> {
    Box::new(std::array::from_fn(|level| {
        rate.get(level).map_or(1, |r| (libm::sqrt(*r) * 256.0).clamp(1.0, f64::from(u16::MAX)) as u16)
    }))
}

/// Slots of media other than text at most, of 4,096: at least one is left, so that a chance of media is below 1.
const TEXT_FROM: usize = 4095;

/// Slots of 4,096 of photos, voice, video and others; at least one is left for text.
fn media_counts(shares: [f64; 4]) -> [usize; 4] {
    let mut left = TEXT_FROM;
    shares.map(|share| {
        let n = ((share * 4096.0).round() as usize).min(left);
        left -= n;
        n
    })
}

fn media_table(counts: [usize; 4]) -> Box<[u8; 4096]> {
    let mut slots = Box::new([Kind::TextMessage as u8; 4096]);
    let mut at = 0;
    for (n, kind) in counts.iter().zip([Kind::PhotoMessage, Kind::VoiceMessage, Kind::VideoMessage, Kind::OtherMessage])
    {
        slots[at..at + n].fill(kind as u8);
        at += n;
    }
    slots
}

/// The table as thresholds on 15 bits.
fn media_cuts(counts: [usize; 4]) -> [u16; 4] {
    let mut until = 0;
    counts.map(|n| {
        until += n;
        chance(until as f64 / 4096.0)
    })
}

/// Conversations per group and day, by size. The rate is a + b * size with the mean that the group share asks for,
/// and the mean number of recipients of a message that `group_recipients` asks for (METHODOLOGY, identity 1).
fn group_starts(scenario: &Scenario, population: &Population, mean_length: f64, busiest: f64) -> Vec<GuideTable> {
    let t = &scenario.file.traffic;
    let sizes = &population.group_sizes;
    let active = t.active_day_share.value;
    let per_user = t.messages_per_active_day.value * t.group_share.value - abusive_messages(scenario).1;
    let per_group = active * per_user.max(0.0) * sizes.mean / groups_per_user(population.group_layers.max(1));
    let even = sizes.mean - 1.0;
    let by_size = sizes.mean_square / sizes.mean - 1.0;
    let tilt =
        if by_size > even { ((t.group_recipients.value - even) / (by_size - even)).clamp(0.0, 1.0) } else { 0.0 };
    (0..=scenario.file.world.group_size_max.value as usize)
        .map(|size| {
            let weight = (1.0 - tilt) + tilt * size as f64 / sizes.mean;
            // A conversation takes place if one of the members asked is there that day.
            let somebody = 1.0 - libm::pow(1.0 - active, size.min(SPEAKERS) as f64);
            let starts = per_group / mean_length * busiest * weight / somebody.max(1e-9);
            GuideTable::poisson(if size < 2 { 0.0 } else { starts.min(f64::from(u16::MAX)) })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_their_mean_and_a_heavy_tail() {
        let (table, mean) = length_table(5.0, 3.0);
        assert!((mean - 5.0).abs() < 0.02, "{mean}");
        assert!(table[2047] <= 3 && table[4095] >= 99, "median {}, longest {}", table[2047], table[4095]);
    }

    #[test]
    fn ends_give_what_slots_hold() {
        for mean in [0.001, 0.4, 5.0, 80.0] {
            let slots: [u16; START_SLOTS] = GuideTable::poisson(mean).slots();
            let ends = ends(&slots);
            for (i, &n) in (0..).zip(&slots) {
                assert_eq!(ends.count(i)[1], u32::from(n).min(PackedThresholds::COUNT));
            }
        }
    }

    #[test]
    fn turns_are_even_between_equals() {
        let t = turns(0.6, 0.05)[ANSWERS + LEVELS];
        assert_eq!(t & 0xffff, t >> 16);
        assert!((f64::from((t & 0xffff) - 0x7fff) / 32_768.0 - 0.6).abs() < 1e-4);
    }

    #[test]
    fn kinds_by_table_and_by_thresholds_are_the_same() {
        let counts = media_counts([0.082, 0.03, 0.018, 0.01]);
        let (table, cuts) = (media_table(counts), media_cuts(counts));
        for word in 0..1u16 << 15 {
            // The kinds are numbered from text = 0; photos pass all four thresholds.
            let passed = cuts.iter().filter(|&&cut| (cut - word) >> 15 == 1).count() as u8;
            assert_eq!(table[usize::from(word >> 3)], if passed == 0 { 0 } else { 5 - passed });
        }
    }
}
