//! What is asked beside the tables that every run has.

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
}

impl QuasiIdentifier {
    /// All of them, in the order of columns.
    pub const ALL: [QuasiIdentifier; 5] = [
        QuasiIdentifier::Jurisdiction,
        QuasiIdentifier::Os,
        QuasiIdentifier::AgeBand,
        QuasiIdentifier::Contacts,
        QuasiIdentifier::DaysActive,
    ];

    /// The word in files.
    pub fn id(self) -> &'static str {
        match self {
            QuasiIdentifier::Jurisdiction => "jurisdiction",
            QuasiIdentifier::Os => "os",
            QuasiIdentifier::AgeBand => "age_band",
            QuasiIdentifier::Contacts => "contacts",
            QuasiIdentifier::DaysActive => "days_active",
        }
    }

    /// Terms of the Data Privacy Vocabulary (DPV-PD) of the categories that tell it.
    pub fn told_by(self) -> &'static [&'static str] {
        match self {
            // A number says its country.
            QuasiIdentifier::Jurisdiction => &["pd:TelephoneNumber", "pd:Country"],
            QuasiIdentifier::Os => &["pd:DeviceOperatingSystem"],
            QuasiIdentifier::AgeBand => &["pd:Age", "pd:AgeRange", "pd:AgeExact", "pd:BirthDate"],
            QuasiIdentifier::Contacts => &["pd:SocialNetwork"],
            QuasiIdentifier::DaysActive => &["pd:ServiceConsumptionBehaviour"],
        }
    }
}
