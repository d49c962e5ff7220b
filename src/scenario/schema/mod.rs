//! Scenario files as they are written: one type per TOML table. Strict (an unknown key is an error), without meaning:
//! `check` gives them meaning. The first sentence of each comment is what an error message or an editor shows.

mod abuse;
mod exposure;
mod policy;
mod sweep;
mod utility;

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use abuse::AbuseClass;
pub use exposure::{
    ANY_JURISDICTION, ExposureEntry, MetricFamily, NETWORK_CODES, QuasiIdentifier, Shares, TIMES_OF_USE, USUAL_SYSTEMS,
};
pub use policy::{
    Choice, ChoiceOf, Chosen, Deadline, Effect, Expected, OrderEntry, PolicyEntry, RoleWord, Round, RuleEntry,
    TestEntry, Transform, UserWord,
};
pub use sweep::{Spacing, SweepEntry};
pub use utility::{
    AdvertisingEntry, BusinessIntelligenceEntry, LinkEntry, SecurityEntry, SignalEntry, SignalName, UtilityEntry,
};

/// A scenario file, or a preset.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// What is simulated.
    pub scenario: Header,
    /// Who exists.
    pub world: World,
    /// What people near each other have in common.
    pub likeness: Likeness,
    /// What happens.
    pub traffic: Traffic,
    /// Categories of personal data.
    #[serde(rename = "category")]
    pub categories: Vec<CategoryEntry>,
    /// What an event of each kind collects, about whom.
    #[serde(rename = "kind")]
    pub kinds: Vec<KindEntry>,
    /// Why the parent wants data.
    #[serde(rename = "purpose")]
    pub purposes: Vec<PurposeEntry>,
    /// Countries or groups of countries.
    #[serde(rename = "jurisdiction")]
    pub jurisdictions: Vec<JurisdictionEntry>,
    /// Age bands of the population.
    #[serde(rename = "age_band")]
    pub age_bands: Vec<AgeBand>,
    /// Classes of abusive accounts.
    #[serde(rename = "abuse_class", default, skip_serializing_if = "Vec::is_empty")]
    pub abuse_classes: Vec<AbuseClass>,
    /// Leaving the service as the only way to object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uninstall: Option<UninstallEntry>,
    /// What is asked beside the tables that every run has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exposure: Option<ExposureEntry>,
    /// Models of what purposes achieve; none by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utility: Option<UtilityEntry>,
    /// Sharing policies to compare.
    #[serde(rename = "policy")]
    pub policies: Vec<PolicyEntry>,
    /// Decisions of regulators.
    #[serde(rename = "order", default, skip_serializing_if = "Vec::is_empty")]
    pub orders: Vec<OrderEntry>,
    /// Results that the scenario must give at some sizes: `outflow bench` checks one before it measures.
    #[serde(rename = "expect", default, skip_serializing_if = "Vec::is_empty")]
    pub expects: Vec<ExpectEntry>,
    /// What `outflow sweep` varies if its options do not say: each entry with each.
    #[serde(rename = "sweep", default, skip_serializing_if = "Vec::is_empty")]
    pub sweeps: Vec<SweepEntry>,
}

/// What is simulated: name, span and size.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Short name in lower case, digits and hyphens; results land in `output/NAME`.
    pub name: String,
    /// One line that says what the scenario shows.
    pub title: String,
    /// What the scenario asks and how to read its figures, in prose.
    pub analysis: String,
    /// Seed of all random numbers.
    pub seed: u64,
    /// First day (UTC).
    pub start: Day,
    /// Number of days.
    #[schemars(range(min = 1))]
    pub days: u32,
    /// Number of people, users and non-users together.
    #[schemars(range(min = 1))]
    pub people: u64,
    /// Independent worlds to simulate: figures are their means, with intervals from two on.
    #[serde(default = "one_world", skip_serializing_if = "is_one_world")]
    #[schemars(range(min = 1, max = 1000))]
    pub replicates: u32,
    /// Policy that the others are compared with (default: the first).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<String>,
    /// Presets that fill in what this file leaves out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub presets: Vec<String>,
}

fn one_world() -> u32 {
    1
}

fn is_one_world(replicates: &u32) -> bool {
    *replicates == 1
}

/// How well a value is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    /// Read in the source that is named.
    Found,
    /// Computed from values that were found.
    Derived,
    /// An assumption of this scenario: vary it before relying on it.
    Assumed,
}

impl Quality {
    /// The word in files and reports.
    pub fn word(self) -> &'static str {
        match self {
            Quality::Found => "found",
            Quality::Derived => "derived",
            Quality::Assumed => "assumed",
        }
    }
}

/// A number with where it comes from.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// The number.
    pub value: f64,
    /// Where the number comes from.
    pub source: String,
    /// How well it is known: found, derived or assumed.
    pub quality: Quality,
}

/// Numbers with where they come from.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Series {
    /// The numbers.
    pub values: Vec<f64>,
    /// Where the numbers come from.
    pub source: String,
    /// How well they are known: found, derived or assumed.
    pub quality: Quality,
}

macro_rules! quantities {
    ($(#[$outer:meta])* $name:ident { $($(#[$doc:meta])* $field:ident,)+ } $({ $($(#[$sdoc:meta])* $series:ident,)+ })?) => {
        $(#[$outer])*
        #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$doc])* pub $field: Quantity,)+
            $($($(#[$sdoc])* pub $series: Series,)+)?
        }

        impl $name {
            /// Names and values of the plain quantities, for the report.
            pub fn quantities(&self) -> Vec<(&'static str, &Quantity)> {
                vec![$((stringify!($field), &self.$field),)+]
            }
            /// Names and values of the series.
            pub fn series(&self) -> Vec<(&'static str, &Series)> {
                vec![$($((stringify!($series), &self.$series),)+)?]
            }
        }
    };
}

quantities! {
    /// Who exists: size of communities, ties, groups and address books.
    World {
        /// Most people in a community.
        community_size,
        /// Weak ties of a user to other communities of the same jurisdiction.
        weak_ties_domestic,
        /// Weak ties of a user to communities anywhere.
        weak_ties_anywhere,
        /// Median number of entries of a user's address book.
        address_book_median,
        /// Standard deviation of the logarithm of the address book's size.
        address_book_sigma,
        /// Correlation of the logarithm of the sizes of neighbours' address books.
        address_book_similarity,
        /// Correlation of the logarithm of the address book's size with the owner's activity.
        address_book_activity,
        /// Most entries of an address book.
        address_book_max,
        /// Odds ratio of standing in an address book, of a user of the service against another person of the country.
        address_book_user_odds,
        /// Share of non-users who stand in nobody's address book.
        unlisted_non_users,
        /// Mean number of groups of a user.
        groups_per_user,
        /// Mean number of members of a group.
        group_size_mean,
        /// Dispersion k of the negative binomial of group sizes above 2.
        group_size_dispersion,
        /// Most members of a group.
        group_size_max,
    }
}

quantities! {
    /// What people near each other have in common: what people who share a household, a circle of friends, a neighbourhood add to the correlation of their
    /// scores. Those of one attribute sum to 1 at most.
    Likeness {
        /// What a household has in common in attitude toward sharing.
        attitude_household,
        /// What a circle of friends has in common in attitude toward sharing.
        attitude_friends,
        /// What a neighbourhood has in common in attitude toward sharing.
        attitude_neighbourhood,
        /// What a household has in common in age.
        age_household,
        /// What a circle of friends has in common in age.
        age_friends,
        /// What a neighbourhood has in common in age.
        age_neighbourhood,
        /// What a household has in common in having an account with the parent.
        parent_account_household,
        /// What a circle of friends has in common in having an account with the parent.
        parent_account_friends,
        /// What a neighbourhood has in common in having an account with the parent.
        parent_account_neighbourhood,
        /// What a household has in common in activity.
        activity_household,
        /// What a circle of friends has in common in activity.
        activity_friends,
        /// What a neighbourhood has in common in activity.
        activity_neighbourhood,
    }
}

quantities! {
    /// What happens: rates per user and day, shapes of conversations, sizes.
    Traffic {
        /// Messages that a user sends on a day on which they use the service.
        messages_per_active_day,
        /// Share of users who use the service on a given day.
        active_day_share,
        /// Concentration a+b of the beta distribution, over users, of the share of days on which they use the service.
        active_day_concentration,
        /// Chance that a user's day goes like the other days of a spell of four (0: days forget each other).
        active_day_memory,
        /// Hours by which users' own clocks differ from that of their country: standard deviation (0: everybody lives by the same clock).
        own_clock_hours,
        /// Standard deviation of the logarithm of the rate at which users start conversations.
        activity_sigma,
        /// Highest rate of a user, as a multiple of the mean.
        activity_most,
        /// How strongly the more active side of a conversation dominates it (0: not at all).
        activity_dominance,
        /// Share of messages that go to groups.
        group_share,
        /// Mean number of recipients of a group message.
        group_recipients,
        /// Share of conversations that go over each weak tie.
        weak_tie_share,
        /// Exponent of the fall of contacts' share by rank (Zipf), mean over users.
        contact_rank_exponent,
        /// Standard deviation over users of the exponent of the fall of contacts' share by rank.
        contact_rank_spread,
        /// People whom a user of median activity writes to, beside weak ties.
        contacts,
        /// Exponent of the number of people whom a user writes to in the user's rate of conversations.
        contacts_by_activity,
        /// Days after which alters of a circle that are near in rank change places (0: never).
        tie_spell_days,
        /// Days after which alters of a circle that are far apart in rank change places (0: never).
        tie_turnover_days,
        /// Mean number of messages of a conversation.
        conversation_length,
        /// Tail exponent of the number of messages of a conversation.
        conversation_tail,
        /// Chance that the next message comes from the other side, between equals.
        reply_share,
        /// Median seconds between two messages of the same side.
        gap_median_s,
        /// Standard deviation of the logarithm of the seconds between two messages of the same side.
        gap_sigma,
        /// Median seconds until a reply.
        reply_median_s,
        /// Standard deviation of the logarithm of the time to reply.
        reply_sigma,
        /// Share of photos among messages.
        photo_share,
        /// Share of voice notes among messages.
        voice_share,
        /// Share of videos among messages.
        video_share,
        /// Share of other messages (documents, locations, contact cards).
        other_share,
        /// Median size of a text message, bytes.
        text_bytes,
        /// Median size of a photo, bytes.
        photo_bytes,
        /// Median size of a voice note, bytes.
        voice_bytes,
        /// Median size of a video, bytes.
        video_bytes,
        /// Median size of another message, bytes.
        other_bytes,
        /// Standard deviation of the logarithm of message sizes.
        size_sigma,
        /// Calls that a user makes on an active day.
        calls_per_active_day,
        /// Median size of a call, bytes.
        call_bytes,
        /// Uploads of the address book on an active day.
        contact_syncs_per_active_day,
        /// Bytes that an address book entry adds to an upload.
        contact_sync_entry_bytes,
        /// Device check-ins on an active day, at least one.
        device_checkins_per_active_day,
        /// Registrations (new device or number) on an active day.
        registrations_per_active_day,
        /// Profile updates on an active day.
        profile_updates_per_active_day,
        /// Group joins on an active day.
        group_joins_per_active_day,
        /// Size of any other event, bytes.
        control_bytes,
    }
    {
        /// Weight of each local hour of the day, 24 numbers from midnight.
        hours,
        /// Weight of each local day of the week, 7 numbers from Monday.
        weekdays,
    }
}

/// A category of personal data.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Category")]
pub struct CategoryEntry {
    /// Name used in rules and tables.
    pub id: String,
    /// What it is, in words.
    pub title: String,
    /// Size of one disclosed value, bytes.
    pub bytes: u32,
    /// Weight in weighted metrics.
    #[schemars(range(min = 0))]
    pub weight: f64,
    /// Term of the Data Privacy Vocabulary (DPV-PD).
    pub dpv: String,
    /// Data category of Fideslang.
    pub fides: String,
    /// Whether the value holds a point in time, which `round` can coarsen.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub time: bool,
    /// Where it is documented that the category is or could be shared.
    pub source: String,
    /// How well that is known: found, derived or assumed.
    pub quality: Quality,
}

/// What an event of a kind collects, about whom.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Kind")]
pub struct KindEntry {
    /// Name of a kind of event that the traffic model produces.
    pub id: String,
    /// Categories collected about the person who acts.
    pub actor: Vec<String>,
    /// Categories collected about each other person concerned.
    pub counterparty: Vec<String>,
}

/// Why the parent wants data.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Purpose")]
pub struct PurposeEntry {
    /// Name used in rules and tables.
    pub id: String,
    /// What it is, in words.
    pub title: String,
    /// Categories that the parent asks for.
    pub requests: Vec<String>,
    /// Categories without which the purpose fails; the rest is over-collection.
    pub needs: Vec<String>,
    /// Purpose of the Data Privacy Vocabulary.
    pub dpv: String,
    /// Data use of Fideslang.
    pub fides: String,
    /// Where the purpose and its requests are documented.
    pub source: String,
    /// How well that is known: found, derived or assumed.
    pub quality: Quality,
}

/// A part of a jurisdiction in one time zone.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TimeZone {
    /// Hours east of UTC in the simulated season.
    #[schemars(range(min = -12, max = 14))]
    pub utc_offset: f64,
    /// Share of the jurisdiction's communities in this zone.
    #[schemars(range(min = 0, max = 1))]
    pub share: f64,
}

/// A country, or a group of countries.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Jurisdiction")]
pub struct JurisdictionEntry {
    /// Short code used in rules and tables.
    pub code: String,
    /// Its name.
    pub title: String,
    /// Share of the simulated people; all shares sum to 1.
    #[schemars(range(min = 0, max = 1))]
    pub share: f64,
    /// Share of its people who use the service.
    #[schemars(range(min = 0, max = 1))]
    pub users: f64,
    /// Real users, millions, for scaling figures up.
    #[schemars(range(min = 0))]
    pub users_millions: f64,
    /// Share of users who also have an account with the parent.
    #[schemars(range(min = 0, max = 1))]
    pub parent_account: f64,
    /// Share of non-users who have an account with the parent.
    #[schemars(range(min = 0, max = 1))]
    pub parent_account_non_users: f64,
    /// Share of each operating system; sums to 1.
    pub os: BTreeMap<String, f64>,
    /// Time zones; their shares sum to 1.
    pub time_zones: Vec<TimeZone>,
    /// Share of users who would object to each purpose if offered the choice.
    pub objects: BTreeMap<String, f64>,
    /// Share of users who would agree to each purpose if asked.
    pub agrees: BTreeMap<String, f64>,
    /// Where users and accounts come from.
    pub source: String,
    /// How well they are known: found, derived or assumed.
    pub quality: Quality,
    /// Where the choices come from.
    pub choice_source: String,
    /// How well the choices are known: found, derived or assumed.
    pub choice_quality: Quality,
}

/// An age band.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgeBand {
    /// Name used in tables.
    pub id: String,
    /// Share of people; all shares sum to 1.
    #[schemars(range(min = 0, max = 1))]
    pub share: f64,
    /// Factor on the rate of conversations.
    #[schemars(range(min = 0))]
    pub activity: f64,
    /// Whether the band is of minors.
    pub minor: bool,
    /// Weight of the band among non-users whom nobody lists.
    #[schemars(range(min = 0))]
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub unlisted: f64,
    /// By how much the band is further on the side of those who object, in standard deviations of the score of attitude.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub objection_shift: f64,
    /// Where share and factor come from.
    pub source: String,
    /// How well they are known: found, derived or assumed.
    pub quality: Quality,
}

fn one() -> f64 {
    1.0
}

fn is_one(value: &f64) -> bool {
    *value == 1.0
}

fn is_zero(value: &f64) -> bool {
    *value == 0.0
}

/// Leaving the service as the only way to object: those who object leave on a date of their own.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Uninstall")]
pub struct UninstallEntry {
    /// Purposes: who objects to any of them leaves.
    pub purposes: Vec<String>,
    /// First day on which somebody leaves.
    pub from: Day,
    /// Number of days over which those who object leave, evenly.
    pub within_days: Quantity,
}

/// Results that the scenario must give at some size.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Expect")]
pub struct ExpectEntry {
    /// What the size is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Number of people, instead of that of the scenario.
    #[schemars(range(min = 1))]
    pub people: u64,
    /// Number of days, instead of that of the scenario.
    #[schemars(range(min = 1))]
    pub days: u32,
    /// Events that the run must have.
    pub events: u64,
    /// Digest of all figures, as the manifest of a run has it.
    pub results_digest: String,
}

/// A calendar day, written as a TOML date: `2017-11-27`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub NaiveDate);

impl JsonSchema for Day {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Day".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date", "description": "A calendar day such as 2017-11-27, without quotes." })
    }
}

impl Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let date =
            toml::value::Date { year: self.0.year() as u16, month: self.0.month() as u8, day: self.0.day() as u8 };
        toml::value::Datetime { date: Some(date), time: None, offset: None }.serialize(s)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let when = toml::value::Datetime::deserialize(d)?;
        let date = when.date.filter(|_| when.time.is_none() && when.offset.is_none());
        date.and_then(|d| NaiveDate::from_ymd_opt(d.year.into(), d.month.into(), d.day.into()))
            .map(Day)
            .ok_or_else(|| D::Error::custom("expected a calendar day such as 2017-11-27, without a time"))
    }
}
