//! Parts put together: those of one run, each once, none missing.

use std::collections::HashMap;

use super::head::{CounterList, PartHead};
use super::part::Part;
use crate::exposure::Totals;
use crate::output::compare::told;
use crate::simulate::{Effort, Simulation, StudyOutcome};

/// Most shards that are named of those that are missing.
const MOST_NAMED: usize = 20;

/// Why parts are not those of a run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A part of another run.
    #[error("{part} does not belong to {first}: {why}")]
    Other {
        /// The part.
        part: String,
        /// The part that was read before all others.
        first: String,
        /// What differs.
        why: String,
    },
    /// The same shard in two parts.
    #[error("{first} and {second} are both shard {shard} of {of}: each is to be counted once")]
    Twice {
        /// Read before.
        first: String,
        /// Read after.
        second: String,
        /// Which shard.
        shard: u32,
        /// Of how many.
        of: u32,
    },
    /// Not all parts are there.
    #[error("{}\n  help: {command}", missing(.shards, *.of))]
    Missing {
        /// Which are not there.
        shards: Vec<u32>,
        /// Of how many.
        of: u32,
        /// What makes the first of them.
        command: String,
    },
    /// A part that no run of its scenario counts.
    #[error("{part} can't be what a run of its scenario counted: {why}")]
    Impossible {
        /// The part.
        part: String,
        /// What can't be.
        why: String,
    },
}

fn missing(shards: &[u32], of: u32) -> String {
    let named: Vec<String> = shards.iter().take(MOST_NAMED).map(u32::to_string).collect();
    let more = shards.len().saturating_sub(named.len());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let are = if shards.len() == 1 { "is" } else { "are" };
    format!("{} of {of} shards {are} missing: {}{more}", shards.len(), named.join(", "))
}

/// The parts of a run, added as they come: memory is that of the counters, and of the part at hand.
#[derive(Debug)]
pub struct Merge {
    /// Counters, all zero.
    nothing: Totals,
    /// Of the first part that was read.
    first: PartHead,
    /// Names of the parts by shard.
    from: HashMap<u32, String>,
    name: String,
    /// Where each list begins among the counters of a replicate, and where the last one ends.
    begins: Vec<usize>,
    /// Counters of each replicate, list after list.
    sums: Vec<Vec<u64>>,
    /// What stands behind `outflow run` in the part with the lowest number so far.
    arguments: (u32, String),
}

impl Merge {
    /// Of the run that a part, called `name`, belongs to. The simulation is that of the part's scenario.
    ///
    /// # Errors
    /// If what the part says can't be true of it.
    pub fn new(simulation: &Simulation, part: &Part, name: &str) -> Result<Self, Refusal> {
        let impossible = |why: String| Refusal::Impossible { part: name.to_owned(), why };
        let head = part.head().clone();
        let scenario = &simulation.scenario;
        if head.scenario_digest != scenario.digest
            || head.replicates != scenario.replicates
            || head.scenario != scenario.name
        {
            return Err(impossible("its scenario is not the one that it names".into()));
        }
        if head.communities != simulation.population.layout.communities() || head.shard >= head.of {
            return Err(impossible(format!(
                "it names {} communities and is shard {} of {}",
                head.communities, head.shard, head.of
            )));
        }
        let nothing = simulation.exposure().into_totals();
        let lists: Vec<CounterList> = nothing
            .parts()
            .iter()
            .map(|(name, counts)| CounterList { name: (*name).into(), length: counts.len() as u64 })
            .collect();
        if head.counters != lists {
            return Err(impossible("it has other counters".into()));
        }
        let mut begins = vec![0];
        for (_, counts) in nothing.parts() {
            begins.push(begins.last().copied().unwrap_or_default() + counts.len());
        }
        let counters = begins.last().copied().unwrap_or_default();
        Ok(Merge {
            nothing,
            from: HashMap::new(),
            name: name.to_owned(),
            begins,
            sums: vec![vec![0; counters]; head.replicates as usize],
            arguments: (head.shard, head.arguments.clone()),
            first: head,
        })
    }

    /// Adds a part, called `name`; the first one, too.
    ///
    /// # Errors
    /// If it is of another run, or there already.
    pub fn add(&mut self, part: &Part, name: &str) -> Result<(), Refusal> {
        let head = part.head();
        if let Some(why) = self.other(head) {
            return Err(Refusal::Other { part: name.to_owned(), first: self.name.clone(), why });
        }
        if let Some(before) = self.from.insert(head.shard, name.to_owned()) {
            return Err(Refusal::Twice { first: before, second: name.to_owned(), shard: head.shard, of: head.of });
        }
        let impossible = |why: &str| Refusal::Impossible { part: name.to_owned(), why: why.to_owned() };
        for row in part.rows() {
            let (list, index) = (row.list as usize, usize::try_from(row.index).unwrap_or(usize::MAX));
            let (begin, end) = (self.begins[list], self.begins[list + 1]);
            let sum = self.sums.get_mut(row.replicate as usize).and_then(|sums| sums[begin..end].get_mut(index));
            let sum = sum.ok_or_else(|| impossible("it has a counter that there is not"))?;
            *sum = sum.checked_add(row.value).ok_or_else(|| impossible("a counter exceeds 64 bits"))?;
        }
        // Parts may be called by different paths to the same scenario: what is recorded does not depend on their order.
        if head.shard < self.arguments.0 {
            self.arguments = (head.shard, head.arguments.clone());
        }
        Ok(())
    }

    /// What of a part is not of this run.
    fn other(&self, head: &PartHead) -> Option<String> {
        let first = &self.first;
        if head.resolved != first.resolved {
            return Some(format!(
                "it is of another scenario: {}",
                told(&first.resolved, &head.resolved, ["there", "here"])
            ));
        }
        if head.of != first.of {
            return Some(format!("it is one of {} shards, the other one of {}", head.of, first.of));
        }
        let same = PartHead {
            shard: head.shard,
            digest: head.digest.clone(),
            rows: head.rows,
            arguments: head.arguments.clone(),
            ..first.clone()
        };
        (*head != same || head.shard >= head.of).then(|| "its metadata differ".to_owned())
    }

    /// What stands behind `outflow run` to make the same at once.
    pub fn arguments(&self) -> &str {
        &self.arguments.1
    }

    /// The counters of the run.
    ///
    /// # Errors
    /// If shards are missing.
    pub fn finish(self) -> Result<StudyOutcome, Refusal> {
        let of = self.first.of;
        let shards: Vec<u32> = (0..of).filter(|shard| !self.from.contains_key(shard)).collect();
        if let Some(one) = shards.first() {
            let command = format!("outflow shard {} --shard {one} --of {of} --to part-{one}.arrow", self.arguments.1);
            return Err(Refusal::Missing { shards, of, command });
        }
        let names: Vec<&str> = self.nothing.parts().iter().map(|(name, _)| *name).collect();
        let mut totals = Vec::new();
        for sums in &self.sums {
            let lists = names.iter().zip(self.begins.windows(2));
            let parts: Vec<(String, Vec<u64>)> =
                lists.map(|(name, at)| ((*name).to_owned(), sums[at[0]..at[1]].to_vec())).collect();
            let together = self.nothing.clone().with_parts(&parts);
            totals.push(together.ok_or_else(|| Refusal::Impossible {
                part: self.name.clone(),
                why: "its counters are not those of the run".into(),
            })?);
        }
        Ok(StudyOutcome { totals, filter: Vec::new(), effort: Effort::Shards(of) })
    }
}
