//! Counters of all families that a scenario asks for.

use super::attributes::Attributes;
use super::cell::Cell;
use super::contact_graph::ContactGraph;
use super::graph::GraphCounts;
use super::holding::Holding;
use super::inference::InferenceCounts;
use super::informants::InformantCounts;
use super::leakage::LeakageCounts;
use super::linking::LinkingCounts;
use super::observed::Observed;
use super::presence::{Clocks, PresenceCounts};
use super::singling_out::SinglingOutCounts;
use crate::exposure::tables::KnowledgeRow;
use crate::policy::Compiled;
use crate::scenario::{Knowledge, MetricFamily, Scenario};

/// What was counted of communities: integers that merge by addition, whatever the order.
#[derive(Clone, Debug, PartialEq)]
pub struct KnowledgeTotals {
    policies: usize,
    purposes: usize,
    informants: Option<InformantCounts>,
    graph: Option<GraphCounts>,
    linking: Option<LinkingCounts>,
    singling_out: Option<SinglingOutCounts>,
    leakage: Option<LeakageCounts>,
    inference: Option<InferenceCounts>,
    presence: Option<PresenceCounts>,
}

impl KnowledgeTotals {
    /// Nothing.
    pub fn new(scenario: &Scenario, asked: &Knowledge, compiled: &Compiled) -> Self {
        Self::of_policies(scenario, asked, (compiled.policies, compiled.purposes))
    }

    fn of_policies(scenario: &Scenario, asked: &Knowledge, (policies, purposes): (usize, usize)) -> Self {
        let cells = Cell::count(policies, purposes);
        KnowledgeTotals {
            policies,
            purposes,
            informants: asked.asks(MetricFamily::Informants).then(|| InformantCounts::new(cells)),
            graph: asked.asks(MetricFamily::Graph).then(|| GraphCounts::new(cells)),
            linking: asked.asks(MetricFamily::Linking).then(|| LinkingCounts::new(scenario, asked, cells)),
            singling_out: asked.asks(MetricFamily::SinglingOut).then(|| SinglingOutCounts::new(scenario, asked, cells)),
            leakage: asked.asks(MetricFamily::Leakage).then(|| LeakageCounts::new(cells)),
            inference: asked.asks(MetricFamily::Inference).then(|| InferenceCounts::new(cells)),
            presence: asked.asks(MetricFamily::Presence).then(|| PresenceCounts::new(asked, cells)),
        }
    }

    /// Adds a community.
    pub(super) fn add(&mut self, of: &Observed) {
        let hashes = self.linking.as_ref().map(|linking| linking.hashes(of));
        let profiles = self.singling_out.as_mut().map(|counts| counts.profiles(of));
        let true_graph = self.graph.is_some().then(|| ContactGraph::new(of.people(), &of.ties));
        let attributes = (self.leakage.is_some() || self.inference.is_some()).then(|| Attributes::new(of));
        let clocks = self.presence.is_some().then(|| Clocks::new(of.sources.scenario, of.sources.population.key));
        let sees_ties = self.graph.is_some() || self.singling_out.is_some() || self.inference.is_some();
        for cell in Cell::all(self.policies, self.purposes) {
            let holding = Holding::new(of, cell);
            if let Some(counts) = &mut self.informants {
                counts.add(&holding);
            }
            if let (Some(counts), Some(hashes)) = (&mut self.linking, &hashes) {
                counts.add(&holding, hashes);
            }
            if let (Some(counts), Some(attributes)) = (&mut self.leakage, &attributes) {
                counts.add(&holding, attributes);
            }
            if let (Some(counts), Some(clocks)) = (&mut self.presence, &clocks) {
                counts.add(&holding, clocks);
            }
            if !sees_ties {
                continue;
            }
            let seen = holding.ties();
            let seen_graph = ContactGraph::new(of.people(), &seen);
            if let (Some(counts), Some(true_graph)) = (&mut self.graph, &true_graph) {
                counts.add(&holding, true_graph, &seen, &seen_graph);
            }
            if let (Some(counts), Some(profiles)) = (&mut self.singling_out, &profiles) {
                counts.add(&holding, profiles, &seen_graph);
            }
            if let (Some(counts), Some(attributes)) = (&mut self.inference, &attributes) {
                counts.add(&holding, attributes, &seen_graph);
            }
        }
    }

    /// Adds what was counted of other communities.
    pub fn merge(&mut self, other: &KnowledgeTotals) {
        if let (Some(sum), Some(more)) = (&mut self.informants, &other.informants) {
            sum.merge(more);
        }
        if let (Some(sum), Some(more)) = (&mut self.graph, &other.graph) {
            sum.merge(more);
        }
        if let (Some(sum), Some(more)) = (&mut self.linking, &other.linking) {
            sum.merge(more);
        }
        if let (Some(sum), Some(more)) = (&mut self.singling_out, &other.singling_out) {
            sum.merge(more);
        }
        if let (Some(sum), Some(more)) = (&mut self.leakage, &other.leakage) {
            sum.merge(more);
        }
        if let (Some(sum), Some(more)) = (&mut self.inference, &other.inference) {
            sum.merge(more);
        }
        if let (Some(sum), Some(more)) = (&mut self.presence, &other.presence) {
            sum.merge(more);
        }
    }

    /// Rows of `tables/knowledge` of one policy.
    pub fn rows_of(&self, scenario: &Scenario, policy: usize) -> Vec<KnowledgeRow> {
        let purposes = self.purposes;
        let cells = || (0..=purposes).map(move |purpose| Cell::of(purposes, policy, purpose));
        let mut rows = Vec::new();
        if let Some(counts) = &self.informants {
            counts.rows(scenario, cells(), &mut rows);
        }
        if let Some(counts) = &self.graph {
            counts.rows(scenario, cells(), &mut rows);
        }
        if let Some(counts) = &self.linking {
            counts.rows(scenario, cells(), &mut rows);
        }
        if let Some(counts) = &self.singling_out {
            counts.rows(scenario, cells(), &mut rows);
        }
        if let Some(counts) = &self.leakage {
            counts.rows(scenario, cells(), &mut rows);
        }
        if let Some(counts) = &self.inference {
            counts.rows(scenario, cells(), &mut rows);
        }
        if let Some(counts) = &self.presence {
            counts.rows(scenario, cells(), &mut rows);
        }
        rows
    }

    /// Rows of all policies, policy by policy.
    pub fn rows(&self, scenario: &Scenario) -> Vec<KnowledgeRow> {
        (0..self.policies).flat_map(|policy| self.rows_of(scenario, policy)).collect()
    }
}

/// How many rows `tables/knowledge` of a scenario has: as many as there are of one policy, for each.
pub fn knowledge_rows(scenario: &Scenario) -> u64 {
    let Some(asked) = &scenario.knowledge else { return 0 };
    let one = KnowledgeTotals::of_policies(scenario, asked, (1, scenario.purposes.len()));
    one.rows_of(scenario, 0).len() as u64 * scenario.policies.len() as u64
}
