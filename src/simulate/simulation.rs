//! A scenario with all that follows from it.

use crate::exposure::{Contexts, Exposure, Orders};
use crate::policy::Compiled;
use crate::population::Population;
use crate::scenario::Scenario;
use crate::traffic::TrafficTables;

/// A scenario with all that follows from it and that workers share.
#[derive(Debug)]
pub struct Simulation {
    /// The scenario.
    pub scenario: Scenario,
    /// Which of its replicates: who exists, and what happens.
    replicate: u32,
    /// Who exists.
    pub population: Population,
    /// What traffic draws from.
    pub tables: TrafficTables,
    /// The policies as tables.
    pub compiled: Compiled,
    /// What marks stand for.
    pub contexts: Contexts,
    /// The orders that exceedance is counted against.
    pub orders: Orders,
}

impl Simulation {
    /// Builds everything that does not depend on the community, of the first replicate.
    pub fn new(scenario: &Scenario) -> Self {
        let population = Population::new(scenario, 0);
        let tables = TrafficTables::new(scenario, &population);
        let compiled = Compiled::new(scenario, &population.classes);
        let contexts = Contexts::new(&compiled);
        let orders = Orders::new(scenario, &compiled);
        Simulation { scenario: scenario.clone(), replicate: 0, population, tables, compiled, contexts, orders }
    }

    /// Turns to another replicate: other people and events, under the same policies.
    pub fn turn_to(&mut self, replicate: u32) {
        if replicate != self.replicate {
            self.replicate = replicate;
            self.population = Population::new(&self.scenario, replicate);
            self.tables = TrafficTables::new(&self.scenario, &self.population);
        }
    }

    /// Counters of what policies disclose, all zero.
    pub fn exposure(&self) -> Exposure<'_> {
        Exposure::new(&self.scenario, &self.compiled, &self.contexts, &self.orders)
    }
}
