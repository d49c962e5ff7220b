//! What a scenario means: names resolved to numbers, sets to bit masks, everything checked.
//!
//! `source` reads files and keeps places, `structure` checks them against the schema of `wire`, `check` turns the wire
//! types into the types of this file, `load` does all of it.

mod check;
mod diagnostic;
mod kind;
mod load;
mod narrow;
mod presets;
mod source;
mod structure;
pub mod wire;

use std::sync::Arc;

use chrono::NaiveDate;

pub use diagnostic::{Diagnostic, Diagnostics, Severity, render};
pub use kind::Kind;
pub use load::{Overrides, load};
pub use source::Place;
pub use wire::{Choice, ChoiceOf, Effect, Quality};

/// Most categories: masks of categories are 32 bits.
pub const MAX_CATEGORIES: usize = 32;
/// Most purposes: choices of a person are masks of 16 bits.
pub const MAX_PURPOSES: usize = 16;
/// Most jurisdictions: masks of jurisdictions are 64 bits.
pub const MAX_JURISDICTIONS: usize = 64;

/// A checked scenario.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Everything as written, presets and options filled in.
    pub file: wire::File,
    /// The same as TOML text, which gives the same run when fed back.
    pub resolved: String,
    /// BLAKE3 of `resolved`, hexadecimal.
    pub digest: String,
    /// Short name; names the output folder.
    pub name: String,
    /// Seed of all random numbers.
    pub seed: u64,
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
    /// Where each policy's own rules are written.
    pub rule_places: Vec<Vec<Place>>,
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
}

/// A policy: rules, those of `extends` included.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Id.
    pub id: Arc<str>,
    /// In words.
    pub title: String,
    /// Where documented.
    pub source: String,
    /// Rules; their order does not matter.
    pub rules: Vec<Rule>,
}

/// A rule with its constraints as masks; a constraint left out is a full mask.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Permit or forbid.
    pub effect: Effect,
    /// Mask of purposes.
    pub purposes: u32,
    /// Mask of categories.
    pub categories: u32,
    /// Mask of kinds.
    pub kinds: u32,
    /// Whether it matches the role of actor.
    pub actor: bool,
    /// Whether it matches the role of counterparty.
    pub counterparty: bool,
    /// Mask of the subject's jurisdictions.
    pub jurisdictions: u64,
    /// Mask of the actor's jurisdictions.
    pub actor_jurisdictions: u64,
    /// Whether it matches users.
    pub users: bool,
    /// Whether it matches non-users.
    pub non_users: bool,
    /// Parent account of the subject.
    pub parent_account: Option<bool>,
    /// Minority of the subject.
    pub minor: Option<bool>,
    /// Choice, and whose.
    pub choice: Option<(Choice, ChoiceOf)>,
    /// First day.
    pub from: Option<NaiveDate>,
    /// First day after.
    pub until: Option<NaiveDate>,
}

/// A regulator's order.
#[derive(Clone, Debug)]
pub struct Order {
    /// Id.
    pub id: Arc<str>,
    /// In words.
    pub title: String,
    /// Who decided.
    pub regulator: String,
    /// Mask of jurisdictions.
    pub jurisdictions: u64,
    /// Mask of prohibited purposes.
    pub prohibits: u32,
    /// Day of the notice.
    pub notice: NaiveDate,
    /// Day from which it must be obeyed.
    pub deadline: NaiveDate,
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
