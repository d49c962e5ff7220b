//! Which models of what purposes achieve are asked for.

use super::schema::SignalName;

/// Models of what purposes achieve.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Utility {
    /// What the parent learns about the use of its services.
    pub business_intelligence: Option<BusinessIntelligence>,
    /// How well abusive accounts are found.
    pub security: Option<Security>,
    /// What matched accounts are worth to advertisers.
    pub advertising: Option<Advertising>,
}

/// What the parent wants to know about the use of services: users of both, users of either, how active users of both are.
pub const INDICATORS: [&str; 3] = ["users_of_both", "users_of_family", "activity_of_both"];

/// What the parent wants to know about the use of its services, and how exactly.
#[derive(Clone, Debug, PartialEq)]
pub struct BusinessIntelligence {
    /// Index of the purpose.
    pub purpose: usize,
    /// Mask of the categories that identify a user to the parent.
    pub identifiers: u32,
    /// Registers of sketches are 2 to the power of these.
    pub sketch_bits: Vec<u32>,
    /// Privacy losses of counts with noise.
    pub epsilon: Vec<f64>,
    /// Relative error at which each of the [`INDICATORS`] is of no more use.
    pub tolerances: [f64; 3],
}

/// How the service finds abusive accounts, and what the parent adds.
#[derive(Clone, Debug, PartialEq)]
pub struct Security {
    /// Index of the purpose.
    pub purpose: usize,
    /// Share of ordinary accounts banned by mistake at which detectors are compared.
    pub false_bans: f64,
    /// That, and others, rising.
    pub curve: Vec<f64>,
    /// Steps of each signal of an account's own doings: from which number on it gives how many points.
    pub signals: Vec<(SignalName, Vec<(u32, u16)>)>,
    /// Share of ordinary accounts that are new, and of the accounts of each abuse class.
    pub new_accounts: (f64, Vec<f64>),
    /// Points of a new account.
    pub new_account_points: u16,
    /// Accounts of one hand, by abuse class.
    pub farms: Vec<u32>,
    /// Share of abusive accounts that are caught when they register.
    pub caught_at_registration: f64,
    /// What accounts of a hand share.
    pub links: Vec<Link>,
    /// What the parent may be told.
    pub categories: Vec<SharedCategory>,
    /// What it knows.
    pub standing: Standing,
    /// Share of that which was learnt within a week.
    pub within_a_week: f64,
}

/// What accounts of the same hand share.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Its name.
    pub name: String,
    /// Chance that an account has it in common with those of the same hand.
    pub carries: f64,
    /// Share of ordinary accounts that have it in common with one that was caught.
    pub by_chance: f64,
    /// Points.
    pub points: u16,
}

/// A category that the parent may be told.
#[derive(Clone, Debug, PartialEq)]
pub struct SharedCategory {
    /// Index of the category.
    pub category: usize,
    /// Chance that it finds the account that the same person has with the parent.
    pub finds: f64,
    /// Chance of a mark by it alone: of ordinary, of abusive accounts.
    pub marks: [f64; 2],
    /// Points of the mark.
    pub points: u16,
}

/// What the parent knows of accounts.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Share that it holds to be abusive: of ordinary, of abusive users.
    pub flagged: [f64; 2],
    /// Share that is young.
    pub young: [f64; 2],
    /// Points of flagged, young, and other accounts.
    pub points: [i32; 3],
    /// How much the parent's knowledge has to do with abuse: 1 as stated, 0 not at all.
    pub lift: f64,
}

/// What matching accounts earns.
#[derive(Clone, Debug, PartialEq)]
pub struct Advertising {
    /// Index of the purpose.
    pub purpose: usize,
    /// Mask of the categories that identify a user to the parent.
    pub identifiers: u32,
    /// US dollars a user and year.
    pub revenue: f64,
    /// Share of it that is lost without data about the person: least, most.
    pub lost: [f64; 2],
}
