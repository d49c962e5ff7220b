//! What purposes achieve with what policies let them have: models, each beside the exposure that it costs.
//!
//! ```text
//! population, policies ─► counters of a model, community by community, merged ─► estimates ─► rows of `tables/utility`
//! ```
//!
//! Every figure is of a model, no measurement: nobody outside knows what a parent does with what it gets. What a model assumes stands with it, and in the scenario.

mod advertising;
mod best;
mod business_intelligence;
mod found;
mod let_out;
mod pareto;
mod proportionality;
mod security;
mod sketch;
mod table;
mod users;

pub use best::{BestEstimate, BestEstimates, best_estimates};
pub use found::{Found, PolicyFound, SecurityFound, SubsetFound, security_found};
pub use let_out::LetOut;
pub use pareto::on_front;
pub use security::{Accounts, CommunityAccounts};
pub use sketch::Sketch;
pub use table::UtilityRow;

use crate::exposure::over_replicates;
use crate::random::{Domain, Key};
use crate::scenario::{Scenario, Utility};
use crate::simulate::{Simulation, Threads};
use advertising::Matched;
use proportionality::Kept;

/// Rows of `tables/utility` over the first `replicates` worlds of a run, on so many threads; none if the scenario does not ask.
pub fn utility(run: &Simulation, replicates: u32, threads: usize) -> Vec<UtilityRow> {
    let Some(asked) = &run.scenario.utility else { return Vec::new() };
    let mut world = Simulation::new(&run.scenario);
    let threads = Threads::start(threads.max(1));
    let worlds: Vec<Vec<UtilityRow>> = (0..replicates)
        .map(|replicate| {
            world.turn_to(replicate);
            of_world(&world, asked, Key::new(run.scenario.seed, replicate), &threads)
        })
        .collect();
    over_replicates(worlds.into_iter())
}

/// Rows of one world, model by model.
fn of_world(world: &Simulation, asked: &Utility, key: Key, threads: &Threads) -> Vec<UtilityRow> {
    let counts = users::count(world, asked.business_intelligence.as_ref(), threads);
    let (mut rows, mut kept) = (Vec::new(), Vec::new());
    if let Some((asked, counts)) = asked.business_intelligence.as_ref().zip(counts.business.as_ref()) {
        let of_model = counts.rows(&world.scenario, asked, &|which| key.rng(Domain::Utility, 1, which));
        kept.push(Kept { purpose: asked.purpose, by_policy: business_intelligence::kept(&of_model, &world.scenario) });
        rows.extend(of_model);
    }
    if let Some(asked) = &asked.security {
        let counts = security::count(world, asked, threads);
        let (of_model, by_policy) =
            security::security_rows(world, asked, &counts, &|which| key.rng(Domain::Utility, 3, which));
        kept.push(Kept { purpose: asked.purpose, by_policy });
        rows.extend(of_model);
    }
    if let Some(asked) = &asked.advertising {
        let matched = Matched::new(world, asked, &counts.by_class);
        kept.push(Kept { purpose: asked.purpose, by_policy: matched.kept() });
        rows.extend(matched.rows(world, asked));
    }
    rows.extend(proportionality::rows(world, &counts.by_class, &kept));
    rows
}

/// How many rows `tables/utility` of a scenario has.
pub fn utility_rows(scenario: &Scenario) -> u64 {
    let Some(asked) = &scenario.utility else { return 0 };
    let policies = scenario.policies.len() as u64;
    let business = asked.business_intelligence.as_ref().map(|asked| policies * business_intelligence::rows(asked));
    let security = asked.security.as_ref().map(|asked| security::security_row_count(scenario, asked));
    let advertising = asked.advertising.as_ref().map(|_| policies * advertising::ROWS);
    let models = [business, security, advertising];
    let purposes = models.iter().flatten().count() as u64;
    models.into_iter().flatten().sum::<u64>() + policies * purposes * proportionality::ROWS
}
