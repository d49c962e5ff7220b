//! What purposes achieve with what policies let them have: models, each beside the exposure that it costs.
//!
//! ```text
//! population, policies ─► counters of a model, community by community, merged ─► estimates ─► rows of `tables/utility`
//! ```
//!
//! Every figure is of a model, no measurement: nobody outside knows what a parent does with what it gets. What a model assumes stands with it, and in the scenario.

mod best;
mod business_intelligence;
mod let_out;
mod sketch;
mod table;

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

pub use best::{BestEstimate, BestEstimates, best_estimates};
use business_intelligence::BusinessCounts;
pub use let_out::LetOut;
pub use sketch::Sketch;
pub use table::UtilityRow;

use crate::exposure::over_replicates;
use crate::population::Community;
use crate::random::{Domain, Key};
use crate::scenario::{BusinessIntelligence, Scenario};
use crate::simulate::{Simulation, Threads};

/// Rows of `tables/utility` over the first `replicates` worlds of a run, on so many threads; none if the scenario does not ask.
pub fn utility(run: &Simulation, replicates: u32, threads: usize) -> Vec<UtilityRow> {
    let Some(asked) = asked(&run.scenario) else { return Vec::new() };
    let mut world = Simulation::new(&run.scenario);
    let threads = Threads::start(threads.max(1));
    let worlds: Vec<Vec<UtilityRow>> = (0..replicates)
        .map(|replicate| {
            world.turn_to(replicate);
            let counts = count(&world, asked, &threads);
            let key = Key::new(run.scenario.seed, replicate);
            counts.rows(&run.scenario, asked, &|which| key.rng(Domain::Utility, 1, which))
        })
        .collect();
    over_replicates(worlds.into_iter())
}

/// How many rows `tables/utility` of a scenario has.
pub fn utility_rows(scenario: &Scenario) -> u64 {
    let Some(asked) = asked(scenario) else { return 0 };
    let ways = 1 + asked.sketch_bits.len() + asked.epsilon.len();
    scenario.policies.len() as u64 * (4 + business_intelligence::INDICATORS.len() as u64 * (1 + 3 * ways as u64))
}

fn asked(scenario: &Scenario) -> Option<&BusinessIntelligence> {
    scenario.utility.as_ref()?.business_intelligence.as_ref()
}

/// Counts all communities of a world.
fn count(world: &Simulation, asked: &BusinessIntelligence, threads: &Threads) -> BusinessCounts {
    let let_out = business_intelligence::let_out(world, asked);
    let all = Mutex::new(BusinessCounts::new(asked, let_out.len()));
    let next = AtomicU32::new(0);
    let communities = world.population.layout.communities();
    threads.each(|_| {
        let mut own = BusinessCounts::new(asked, let_out.len());
        let mut community = Community::empty();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= communities {
                break;
            }
            community.fill(&world.population, number);
            own.add(world, &community, &let_out);
        }
        all.lock().unwrap_or_else(PoisonError::into_inner).merge(&own);
    });
    all.into_inner().unwrap_or_else(PoisonError::into_inner)
}
