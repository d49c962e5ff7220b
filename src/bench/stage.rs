//! The stages that are timed.

use std::sync::Arc;

use crate::scenario::Scenario;

/// A part of the line, on some number of threads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// Which part.
    pub part: Part,
    /// Threads at once.
    pub threads: usize,
}

/// A part of the line from people to figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Events of people who are at hand.
    Generate,
    /// Decisions of one policy about events that are made.
    Filter {
        /// Index in the scenario.
        policy: usize,
        /// Its id.
        id: Arc<str>,
    },
    /// Counting what all policies let out of events that are made.
    Measure,
    /// A whole run: people, events, and what policies let out of them.
    Line,
}

impl Part {
    /// The parts of a scenario's line.
    pub fn all(scenario: &Scenario) -> Vec<Part> {
        let policies = scenario.policies.iter().enumerate();
        let filters = policies.map(|(policy, p)| Part::Filter { policy, id: p.id.clone() });
        [Part::Generate].into_iter().chain(filters).chain([Part::Measure, Part::Line]).collect()
    }

    /// The word in tables and files: `generate`, `filter/opt-out`, `measure`, `line`.
    pub fn id(&self) -> String {
        match self {
            Part::Generate => "generate".into(),
            Part::Filter { id, .. } => format!("filter/{id}"),
            Part::Measure => "measure".into(),
            Part::Line => "line".into(),
        }
    }

    /// Bytes of event columns that the part writes or reads of an event: all six columns (time 4, actor 4, target 4, kind
    /// 1, size 4, conversation 8) where events are made, also if a run can do without some; actor, target and kind where they
    /// are decided about or counted.
    pub fn bytes_per_event(&self) -> u32 {
        match self {
            Part::Generate | Part::Line => 25,
            Part::Filter { .. } | Part::Measure => 9,
        }
    }
}

impl Stage {
    /// The name of the stage: `filter/opt-out, 2 threads`.
    pub fn name(&self) -> String {
        name(&self.part.id(), self.threads)
    }
}

/// The name of a stage by its part and threads.
pub fn name(part: &str, threads: usize) -> String {
    format!("{part}, {threads} thread{}", if threads == 1 { "" } else { "s" })
}
