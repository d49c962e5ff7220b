//! What the parent's knowledge of a world follows from: all that does not change from one community to the next.

use crate::exposure::contexts::{BITS, Contexts, Plane};
use crate::policy::Compiled;
use crate::population::Population;
use crate::scenario::{Knowledge, Scenario};

/// What the parent's knowledge of a world follows from.
#[derive(Clone, Copy, Debug)]
pub struct KnowledgeSources<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// What it asks.
    pub asked: &'a Knowledge,
    /// Who exists.
    pub population: &'a Population,
    /// The policies as tables.
    pub compiled: &'a Compiled,
    /// What marks stand for.
    pub contexts: &'a Contexts,
}

impl KnowledgeSources<'_> {
    /// Places of contexts: a bit for each of every plane, and as many since people left.
    pub(super) fn places(&self) -> usize {
        Plane::places(self.contexts.planes()) * BITS
    }
}
