//! What a part says about itself: JSON under one key of the file's metadata.

use serde::{Deserialize, Serialize};

use crate::scenario::Scenario;
use crate::simulate::Shard;

/// Format of parts; the number is another when columns, keys or their meaning are.
pub const FORMAT: &str = "outflow-part/1";
/// Key under which it stands in the metadata of the schema.
pub const KEY: &str = "outflow.part";
/// How the JSON begins, whatever the format's number: in a string of JSON these quotes can't stand, so no title of a scenario looks like it.
pub const BEGIN: &str = "{\"format\":\"outflow-part/";
/// Letters of a digest.
pub const DIGITS: usize = 64;

/// What a part says about itself. The order of the keys is part of the format: the digest has its place behind `format`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartHead {
    /// [`FORMAT`].
    pub format: String,
    /// BLAKE3 of the file with zeros in place of these 64 hexadecimal digits.
    pub digest: String,
    /// Version of outflow that counted.
    pub version: String,
    /// Name of the scenario.
    pub scenario: String,
    /// BLAKE3 of the resolved scenario.
    pub scenario_digest: String,
    /// Which shard it is, from 0.
    pub shard: u32,
    /// How many there are.
    pub of: u32,
    /// Communities of a replicate, of all shards; those whose number leaves the remainder `shard` when divided by `of` are in this part.
    pub communities: u32,
    /// Independent worlds, all of which are in every part.
    pub replicates: u32,
    /// What stands behind `outflow run`, or `outflow shard`, to make the same.
    pub arguments: String,
    /// The lists of counters of a replicate, in order.
    pub counters: Vec<CounterList>,
    /// Rows of the table: counters that are not 0.
    pub rows: u64,
    /// The resolved scenario.
    pub resolved: String,
}

/// A list of counters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CounterList {
    /// Its name.
    pub name: String,
    /// How many counters it has.
    pub length: u64,
}

impl PartHead {
    /// Of a part without rows.
    pub fn new(scenario: &Scenario, shard: Shard, communities: u32, version: &str, arguments: &str) -> Self {
        PartHead {
            format: FORMAT.into(),
            digest: "0".repeat(DIGITS),
            version: version.into(),
            scenario: scenario.name.clone(),
            scenario_digest: scenario.digest.clone(),
            shard: shard.index(),
            of: shard.of(),
            communities,
            replicates: scenario.replicates,
            arguments: arguments.into(),
            counters: Vec::new(),
            rows: 0,
            resolved: scenario.resolved.clone(),
        }
    }
}
