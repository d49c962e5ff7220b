//! Whether a run's counters, of 64 bits, hold what it could count: bounded from the scenario alone, before anything is simulated.
//!
//! The largest counters are those of purpose `all`: all flows that some policy could let out, or their bytes. The bound takes every group for
//! the largest, every address book for the fullest, every day for the busiest.

use super::Checker;
use crate::scenario::kind::Kind;
use crate::scenario::source::Path;
use crate::scenario::{Collects, Purpose, schema};

/// Most that may be expected: a quarter of what a counter holds, as people and days are drawn at random.
const MOST: f64 = 4_611_686_018_427_387_904.0; // 2^62
/// Least share of a kind of message: slots of this size are filled with kinds.
const SLOT: f64 = 1.0 / 4096.0;

impl Checker<'_> {
    /// Refuses what could count more than counters hold; and groups that would talk more than can be drawn.
    pub(super) fn volume(&mut self, file: &schema::File, kinds: &[Collects; Kind::COUNT], purposes: &[Purpose]) {
        if self.told.any_error() {
            return;
        }
        let (starts, most) = (group_starts(file), f64::from(u16::MAX));
        if starts > most {
            let path = Path::root().key("traffic").key("messages_per_active_day").key("value");
            let message = format!(
                "the largest groups would hold {starts:.0} conversations a day, and at most {most} can be drawn"
            );
            let help = "lower messages_per_active_day, group_share or group_size_max, or raise groups_per_user or conversation_length";
            self.error(&path, message, "so many messages", help.into());
        }
        // What all purposes together get of a category.
        let requested = |c: usize| purposes.iter().filter(|p| p.requests >> c & 1 == 1).count() as f64;
        let per_day: Vec<f64> = (0..file.categories.len())
            .map(|c| {
                requested(c)
                    * flows(file, &|kind: Kind, actor: bool| {
                        let Collects { actor: of_actor, counterparty } = kinds[kind as usize];
                        (if actor { of_actor } else { counterparty }) >> c & 1 == 1
                    })
            })
            .collect();
        let people_days = file.scenario.people as f64 * f64::from(file.scenario.days);
        let values = people_days * per_day.iter().sum::<f64>();
        if values > MOST {
            let path = Path::root().key("scenario").key("people");
            let message = format!(
                "a run as large as this could count {values:.1e} disclosed values, and counters hold {MOST:.1e}"
            );
            self.error(&path, message, "so many people", "simulate fewer people, or fewer days".into());
            return;
        }
        let bytes: Vec<f64> =
            per_day.iter().zip(&file.categories).map(|(n, c)| people_days * n * f64::from(c.bytes)).collect();
        let sum = bytes.iter().sum::<f64>();
        if sum > MOST {
            let largest = (0..bytes.len()).max_by(|&a, &b| bytes[a].total_cmp(&bytes[b])).unwrap_or(0);
            let path = Path::root().key("category").index(largest).key("bytes");
            let message =
                format!("a run as large as this could count {sum:.1e} disclosed bytes, and counters hold {MOST:.1e}");
            let help = format!(
                "write the bytes of one value of `{}` (`bytes` of all categories count), or simulate fewer people or days",
                file.categories[largest].id
            );
            self.error(&path, message, "the most of it", help);
        }
    }
}

/// The busiest weekday over the mean of all.
fn busiest(file: &schema::File) -> f64 {
    let weekdays = &file.traffic.weekdays.values;
    let most = weekdays.iter().copied().fold(0.0, f64::max);
    most * weekdays.len() as f64 / weekdays.iter().sum::<f64>()
}

/// Conversations on a day of the largest groups.
fn group_starts(file: &schema::File) -> f64 {
    let (t, w) = (&file.traffic, &file.world);
    let size = w.group_size_max.value.max(w.group_size_mean.value);
    let messages = t.messages_per_active_day.value * t.group_share.value * size / w.groups_per_user.value.max(1.0);
    messages / t.conversation_length.value * busiest(file)
}

/// Flows of one category a person and day at most, if `collects(kind, about the actor)`.
fn flows(file: &schema::File, collects: &dyn Fn(Kind, bool) -> bool) -> f64 {
    let (t, w) = (&file.traffic, &file.world);
    // Beside each of those anywhere a book may list somebody who never joined.
    let layers = w.weak_ties_domestic.value + 2.0 * w.weak_ties_anywhere.value;
    let media = [t.photo_share.value, t.voice_share.value, t.video_share.value, t.other_share.value];
    let text = 1.0 - media.iter().sum::<f64>();
    let messages = t.messages_per_active_day.value * busiest(file);
    let group = w.group_size_max.value.max(2.0) - 1.0;
    let mut rates: Vec<(Kind, f64, f64)> = Vec::new();
    for (i, share) in std::iter::once(text).chain(media).map(|share| share.max(SLOT)).enumerate() {
        let direct = Kind::ALL[Kind::TextMessage as usize + i];
        rates.push((direct, messages * (1.0 - t.group_share.value) * share, 1.0));
        rates.push((Kind::ALL[Kind::GroupText as usize + i], messages * t.group_share.value * share, group));
    }
    rates.extend([
        (Kind::Call, t.calls_per_active_day.value, 1.0),
        (Kind::ContactSync, t.contact_syncs_per_active_day.value, w.address_book_max.value + layers),
        (Kind::DeviceCheckin, t.device_checkins_per_active_day.value, 0.0),
        (Kind::Registration, t.registrations_per_active_day.value, 0.0),
        (Kind::ProfileUpdate, t.profile_updates_per_active_day.value, 0.0),
        (Kind::GroupJoin, t.group_joins_per_active_day.value, 0.0),
    ]);
    let users: f64 = file.jurisdictions.iter().map(|j| j.share * j.users).sum();
    let about = |kind, actor: bool| f64::from(u8::from(collects(kind, actor)));
    let per_event = |kind: Kind, others: f64| about(kind, true) + others * about(kind, false);
    users * t.active_day_share.value * rates.iter().map(|&(kind, n, others)| n * per_event(kind, others)).sum::<f64>()
}
