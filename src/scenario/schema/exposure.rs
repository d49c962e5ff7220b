//! What is asked beside the tables that every run has.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Quality, Quantity};

/// What is asked beside the tables that every run has.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Exposure")]
pub struct ExposureEntry {
    /// Families of metrics about what the parent comes to know of the people of some communities.
    #[serde(default)]
    pub metrics: Vec<MetricFamily>,
    /// Communities of each world that these are counted in, drawn by the seed.
    #[serde(default = "one_community")]
    #[schemars(range(min = 1))]
    pub sample: u32,
    /// What somebody who looks for a person knows of them: for `singling_out`.
    #[serde(default = "all_quasi_identifiers")]
    pub quasi_identifiers: Vec<QuasiIdentifier>,
    /// Telephone numbers that there are in the world: for `linking`.
    #[serde(default = "phone_numbers")]
    pub phone_numbers: Quantity,
    /// Categories whose value is the time at which the person used the service: for `presence`, and for the hours of use in `singling_out`.
    #[serde(default = "times_of_use")]
    pub times_of_use: Vec<String>,
    /// Categories that tell the mobile network: for `singling_out`.
    #[serde(default = "network_codes")]
    pub network_codes: Vec<String>,
    /// Versions by operating system: for `singling_out`. One that is not named here has a single version.
    #[serde(default = "os_versions")]
    pub os_versions: BTreeMap<String, Shares>,
    /// Mobile networks by jurisdiction: for `singling_out`. One that is not named here has those of `default`.
    #[serde(default = "mobile_networks")]
    pub mobile_networks: BTreeMap<String, Shares>,
}

/// Shares of what people have one of, with where they come from.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shares {
    /// Share of each; they sum to 1.
    pub shares: BTreeMap<String, f64>,
    /// Where the shares come from.
    pub source: String,
    /// How well they are known: found, derived or assumed.
    pub quality: Quality,
}

impl Shares {
    fn new<const N: usize>(shares: [(&str, f64); N], source: &str, quality: Quality) -> Self {
        let shares = shares.into_iter().map(|(name, share)| (name.to_owned(), share)).collect();
        Shares { shares, source: source.to_owned(), quality }
    }
}

fn one_community() -> u32 {
    1
}

fn all_quasi_identifiers() -> Vec<QuasiIdentifier> {
    QuasiIdentifier::ALL.to_vec()
}

fn phone_numbers() -> Quantity {
    Quantity {
        value: 8.0e9,
        source: "Mobile subscriptions in the world, about 8 billion since 2018 (GSMA, ITU); round number assumed"
            .into(),
        quality: Quality::Assumed,
    }
}

/// Categories that lists of the scenario name unless it says otherwise; there may be no such category.
pub const TIMES_OF_USE: &str = "last_seen";
/// See [`TIMES_OF_USE`].
pub const NETWORK_CODES: &str = "mobile_network";

fn times_of_use() -> Vec<String> {
    vec![TIMES_OF_USE.into()]
}

fn network_codes() -> Vec<String> {
    vec![NETWORK_CODES.into()]
}

/// Key of the mobile networks of jurisdictions that are not named.
pub const ANY_JURISDICTION: &str = "default";

/// Operating systems of which every scenario knows the versions, whether or not anybody has them.
pub const USUAL_SYSTEMS: [&str; 2] = ["android", "ios"];

fn os_versions() -> BTreeMap<String, Shares> {
    let android = [
        ("2.3", 0.004),
        ("4.0", 0.005),
        ("4.1", 0.020),
        ("4.2", 0.030),
        ("4.3", 0.009),
        ("4.4", 0.134),
        ("5.0", 0.061),
        ("5.1", 0.202),
        ("6.0", 0.297),
        ("7.0", 0.193),
        ("7.1", 0.040),
        ("8.0", 0.005),
    ];
    let of_android = "Google, platform versions of devices that visited its store, week to 2017-12-11 (Android Police, 2017-12-11); the world's";
    let ios = [("9 or earlier", 0.08), ("10", 0.33), ("11", 0.59)];
    let of_ios = "Apple, devices that visited its store, 2017-12-04; the world's";
    let shares = [Shares::new(android, of_android, Quality::Found), Shares::new(ios, of_ios, Quality::Found)];
    USUAL_SYSTEMS.map(str::to_owned).into_iter().zip(shares).collect()
}

fn mobile_networks() -> BTreeMap<String, Shares> {
    let shares = [("1", 0.36), ("2", 0.22), ("3", 0.17), ("4", 0.14), ("others", 0.11)];
    let source = "Four networks and resellers, as in France, where resellers had 11 % of customers in 2017; the shares of the four are assumed";
    [(ANY_JURISDICTION.to_owned(), Shares::new(shares, source, Quality::Assumed))].into()
}

/// A family of metrics about what the parent comes to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MetricFamily {
    /// How many people tell the parent about a person.
    Informants,
    /// Which ties between people it sees, and which it can guess.
    Graph,
    /// Which people it can link to an account that it has.
    Linking,
    /// Among how many alike a person stands.
    SinglingOut,
    /// How much what is held tells about what is not.
    Leakage,
    /// What people's contacts tell about them.
    Inference,
    /// What times of use tell of when somebody is awake.
    Presence,
}

impl MetricFamily {
    /// The word in files and tables.
    pub fn id(self) -> &'static str {
        match self {
            MetricFamily::Informants => "informants",
            MetricFamily::Graph => "graph",
            MetricFamily::Linking => "linking",
            MetricFamily::SinglingOut => "singling_out",
            MetricFamily::Leakage => "leakage",
            MetricFamily::Inference => "inference",
            MetricFamily::Presence => "presence",
        }
    }
}

/// Something that tells people apart without being a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuasiIdentifier {
    /// The country.
    Jurisdiction,
    /// The operating system.
    Os,
    /// The age band.
    AgeBand,
    /// In how many address books the person stands, in powers of two.
    Contacts,
    /// On how many days the person used the service.
    DaysActive,
    /// The version of the operating system.
    OsVersion,
    /// The mobile network.
    MobileNetwork,
    /// In which four hours of the day (UTC) the person used the service most.
    HoursOfUse,
}

impl QuasiIdentifier {
    /// All of them, in the order of columns.
    pub const ALL: [QuasiIdentifier; 8] = [
        QuasiIdentifier::Jurisdiction,
        QuasiIdentifier::Os,
        QuasiIdentifier::AgeBand,
        QuasiIdentifier::Contacts,
        QuasiIdentifier::DaysActive,
        QuasiIdentifier::OsVersion,
        QuasiIdentifier::MobileNetwork,
        QuasiIdentifier::HoursOfUse,
    ];

    /// The word in files.
    pub fn id(self) -> &'static str {
        match self {
            QuasiIdentifier::Jurisdiction => "jurisdiction",
            QuasiIdentifier::Os => "os",
            QuasiIdentifier::AgeBand => "age_band",
            QuasiIdentifier::Contacts => "contacts",
            QuasiIdentifier::DaysActive => "days_active",
            QuasiIdentifier::OsVersion => "os_version",
            QuasiIdentifier::MobileNetwork => "mobile_network",
            QuasiIdentifier::HoursOfUse => "hours_of_use",
        }
    }

    /// Terms of the Data Privacy Vocabulary (DPV-PD) of the categories that tell it; none of what a scenario names categories for.
    pub fn told_by(self) -> &'static [&'static str] {
        match self {
            // A number says its country.
            QuasiIdentifier::Jurisdiction => &["pd:TelephoneNumber", "pd:Country"],
            QuasiIdentifier::Os | QuasiIdentifier::OsVersion => &["pd:DeviceOperatingSystem"],
            QuasiIdentifier::AgeBand => &["pd:Age", "pd:AgeRange", "pd:AgeExact", "pd:BirthDate"],
            QuasiIdentifier::Contacts => &["pd:SocialNetwork"],
            QuasiIdentifier::DaysActive => &["pd:ServiceConsumptionBehaviour"],
            // The vocabulary has no term for either.
            QuasiIdentifier::MobileNetwork | QuasiIdentifier::HoursOfUse => &[],
        }
    }
}
