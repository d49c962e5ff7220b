//! What a scenario means: names resolved to numbers, sets to bit masks, everything checked.
//!
//! `source` reads files and keeps places, `validate_shape` checks them against the types of `schema`, `validate_meaning`
//! turns these into the types of this file and of `policy`, `load` does all of it.

mod diagnostic;
mod editor;
mod expect;
mod kind;
mod knowledge;
pub(crate) mod letters;
mod load;
mod missing_presets;
mod names;
mod place;
mod policy;
mod preset_selection;
mod presets;
mod resolution;
mod rule_text;
pub mod schema;
mod select_policies;
mod shipped;
mod source;
mod titles;
mod utility;
mod validate_meaning;
mod validate_shape;
mod vary;

use std::sync::Arc;

use chrono::NaiveDate;

pub use diagnostic::{Diagnostic, Diagnostics, Severity, lines, nearest, one_line, render};
pub use editor::editor_schema;
pub use expect::Expect;
pub use kind::Kind;
pub use knowledge::{Knowledge, NamedShares};
pub use load::{Overrides, load, load_text, read};
pub use names::{find, unknown};
pub use place::{Place, Text};
pub use policy::{Order, Policy, PolicyTest, Query, Rule, RuleText, Uninstall};
pub use presets::TEMPLATE;
pub use resolution::Resolution;
pub use rule_text::RuleWords;
pub use schema::{
    AbuseClass, Choice, ChoiceOf, Chosen, Effect, Expected, MetricFamily, Quality, QuasiIdentifier, Round, SignalName,
};
pub use shipped::{shipped, shipped_names};
pub use source::{STDIN, shown, without_unit};
pub use titles::Titled;
pub use utility::{Advertising, BusinessIntelligence, INDICATORS, Link, Security, SharedCategory, Standing, Utility};
pub use validate_meaning::{MAX_PEOPLE, usable_name};
pub use vary::{
    Defaults, MOST_VALUES, Number, Numbers, ParamsError, RangedParameter, ValueRange, Vary, VaryOver, about_key,
    assumed, params, params_file,
};

/// Most categories: masks of categories are 32 bits.
pub const MAX_CATEGORIES: usize = 32;
/// Most purposes: choices of a person are masks of 16 bits.
pub const MAX_PURPOSES: usize = 16;
/// Most jurisdictions: masks of jurisdictions are 64 bits.
pub const MAX_JURISDICTIONS: usize = 64;
/// Most age bands, and most classes of abusive accounts: a person's are a byte each, and 0 is no abuse.
pub const MAX_BANDS: usize = 200;
/// Most operating systems of all jurisdictions together: a person's is a byte.
pub const MAX_SYSTEMS: usize = 256;
/// Most time zones of all jurisdictions together: a community's is a byte.
pub const MAX_ZONES: usize = 256;

/// An offset from UTC in hours as whole minutes: what tells time zones apart.
pub fn minutes_east(utc_offset: f64) -> i32 {
    (utc_offset * 60.0).round() as i32
}

/// A checked scenario.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Everything as written, presets and options filled in.
    pub file: schema::File,
    /// The same as TOML text, which gives the same run when fed back.
    pub resolved: String,
    /// BLAKE3 of `resolved`, hexadecimal. What is expected of the results is no part of either.
    pub digest: String,
    /// Short name; names the output folder.
    pub name: String,
    /// Seed of all random numbers.
    pub seed: u64,
    /// Independent worlds to simulate, at least one.
    pub replicates: u32,
    /// Index of the policy that others are compared with; 0 if there is none.
    pub baseline: usize,
    /// First day, UTC.
    pub start: NaiveDate,
    /// Number of days.
    pub days: u32,
    /// Number of people, users and non-users.
    pub people: u64,
    /// Categories; the index is the bit in masks.
    pub categories: Vec<Category>,
    /// What each kind collects; indexed by [`Kind`].
    pub kinds: [Collects; Kind::COUNT],
    /// Purposes; the index is the bit in masks.
    pub purposes: Vec<Purpose>,
    /// Jurisdictions; the index is the bit in masks.
    pub jurisdictions: Vec<Jurisdiction>,
    /// Policies, those of `--policy` only if given.
    pub policies: Vec<Policy>,
    /// Orders of regulators.
    pub orders: Vec<Order>,
    /// Leaving the service as the only way to object.
    pub uninstall: Option<Uninstall>,
    /// What is asked about the parent's knowledge of some communities; none in most runs.
    pub knowledge: Option<Knowledge>,
    /// Which models of what purposes achieve are asked for; none in most runs.
    pub utility: Option<Utility>,
    /// Results that it must give at some sizes, if nothing else is changed.
    pub expects: Vec<Expect>,
    /// Texts that charts and page show and that are not plain ASCII.
    pub titles: Vec<Titled>,
}

/// A category of personal data.
#[derive(Clone, Debug)]
pub struct Category {
    /// Id.
    pub id: Arc<str>,
    /// In words.
    pub title: String,
    /// Bytes of one disclosed value.
    pub bytes: u32,
    /// Weight in weighted metrics.
    pub weight: f64,
    /// Whether the value holds a point in time.
    pub time: bool,
    /// Term of the Data Privacy Vocabulary.
    pub dpv: String,
}

/// What a kind of event collects: masks of categories.
#[derive(Clone, Copy, Debug, Default)]
pub struct Collects {
    /// About the actor.
    pub actor: u32,
    /// About each counterparty.
    pub counterparty: u32,
}

/// A purpose of the parent.
#[derive(Clone, Debug)]
pub struct Purpose {
    /// Id.
    pub id: Arc<str>,
    /// In words.
    pub title: String,
    /// Mask of the categories asked for.
    pub requests: u32,
    /// Mask of the categories without which the purpose fails.
    pub needs: u32,
}

/// A jurisdiction.
#[derive(Clone, Debug)]
pub struct Jurisdiction {
    /// Code.
    pub code: Arc<str>,
    /// In words.
    pub title: String,
    /// Share of the simulated people.
    pub share: f64,
    /// Share of its people who are users.
    pub users: f64,
    /// Share of users with a parent account.
    pub parent_account: f64,
    /// Share of non-users with a parent account.
    pub parent_account_non_users: f64,
    /// Per purpose: share of users who object.
    pub objects: Vec<f64>,
    /// Per purpose: share of users who agree.
    pub agrees: Vec<f64>,
    /// Per operating system of [`Scenario::os_names`]: share.
    pub os: Vec<f64>,
    /// (offset in minutes, share).
    pub time_zones: Vec<(i32, f64)>,
    /// Attitudes, as 53-bit integers, at which people are told apart besides where they choose otherwise: for who counts by attitude. None in a file.
    pub bands: Vec<u64>,
}

impl Scenario {
    /// Names of the operating systems, in the order of [`Jurisdiction::os`].
    pub fn os_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for j in &self.file.jurisdictions {
            for name in j.os.keys() {
                if !names.contains(&name.as_str()) {
                    names.push(name);
                }
            }
        }
        names.sort_unstable();
        names
    }

    /// Index of a policy.
    pub fn policy(&self, id: &str) -> Option<usize> {
        self.policies.iter().position(|p| &*p.id == id)
    }

    /// UTC date of day `index` of the run.
    pub fn date(&self, index: u32) -> NaiveDate {
        self.start + chrono::Days::new(u64::from(index))
    }
}

fn is_error(d: &Diagnostic) -> bool {
    d.severity == Severity::Error
}
