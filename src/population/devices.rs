//! Which version of its system somebody's device runs, and on which network.

use super::layout::CommunityInfo;
use crate::random::distribution::Categorical;
use crate::random::{Domain, Key};
use crate::scenario::{Knowledge, NamedShares};

/// Distributions of versions and networks. Nothing else in a world depends on them, so that only who asks for them draws them.
#[derive(Clone, Debug)]
pub struct Devices {
    key: Key,
    versions: Vec<Categorical>,
    networks: Vec<Categorical>,
}

/// A person's version and network: numbers among those that the scenario has of the system, and of the jurisdiction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Device {
    /// Version of the operating system.
    pub version: u8,
    /// Mobile network.
    pub network: u8,
}

impl Devices {
    /// Those of a replicate.
    pub fn new(asked: &Knowledge, key: Key) -> Self {
        let categorical = |of: &NamedShares| Categorical::new(&of.iter().map(|(_, share)| *share).collect::<Vec<_>>());
        Devices {
            key,
            versions: asked.os_versions.iter().map(categorical).collect(),
            networks: asked.mobile_networks.iter().map(categorical).collect(),
        }
    }

    /// The device of a person of a community who has an operating system. Every person has one, independently of others and of all else.
    pub fn of(&self, community: &CommunityInfo, local: u32, os: u8) -> Device {
        let word = self.key.streams(Domain::Knowledge, community.number.into(), 4, 0)[0].at(local.into());
        Device {
            version: self.versions[usize::from(os)].pick(word as u32) as u8,
            network: self.networks[community.jurisdiction].pick((word >> 32) as u32) as u8,
        }
    }
}
