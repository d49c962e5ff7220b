//! The table `knowledge`: what the parent comes to know about the people of some communities.

use std::sync::Arc;

use super::row::{FigureRow, FigureValue, Spread, TableColumn, TableRow, Values};
use crate::statistics::Scale;

/// Which of the three risks that the Article 29 Working Party names (Opinion 05/2014, WP216) a figure is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Risk {
    /// To pick a person's records out of all.
    SinglingOut,
    /// To tell that two records are of one person, or of people who belong together.
    Linkability,
    /// To deduce what is not in the records.
    Inference,
}

impl Risk {
    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Risk::SinglingOut => "singling_out",
            Risk::Linkability => "linkability",
            Risk::Inference => "inference",
        }
    }
}

/// One figure about the communities of the sample: a row of `tables/knowledge`.
#[derive(Clone, Debug, PartialEq)]
pub struct KnowledgeRow {
    /// Policy id.
    pub policy: Arc<str>,
    /// Purpose id, or `all`.
    pub purpose: Arc<str>,
    /// Population of the people whom the figure is about, or `all`.
    pub population: Arc<str>,
    /// Which risk it is about.
    pub risk: Risk,
    /// Family of metrics.
    pub family: &'static str,
    /// Metric.
    pub metric: &'static str,
    /// What else tells it from other figures of the metric: `p90`, `bits=39`, `k=11`; empty where nothing does.
    pub parameter: Arc<str>,
    /// The figure: the mean over replicates, exact if there is one.
    pub value: FigureValue,
    /// How far it varies over replicates.
    pub spread: Spread,
    /// Its unit.
    pub unit: &'static str,
}

impl TableRow for KnowledgeRow {
    const TABLE: &'static str = "knowledge";
    const COLUMNS: &'static [TableColumn<Self>] = &[
        TableColumn::digested("policy", Values::Name(|r| &r.policy)),
        TableColumn::digested("purpose", Values::Name(|r| &r.purpose)),
        TableColumn::digested("population", Values::Name(|r| &r.population)),
        TableColumn::plain("triad", Values::Word(|r| r.risk.word())),
        TableColumn::digested("family", Values::Word(|r| r.family)),
        TableColumn::digested("metric", Values::Word(|r| r.metric)),
        TableColumn::digested("parameter", Values::Name(|r| &r.parameter)),
        TableColumn::plain("split", Values::Split),
        TableColumn::digested("value", Values::Figure(|r| r.value)),
        TableColumn::plain("lo", Values::Maybe(|r| r.spread.lo())),
        TableColumn::plain("hi", Values::Maybe(|r| r.spread.hi())),
        TableColumn::plain("replicates", Values::Number(|r| r.spread.replicates)),
        TableColumn::plain("unit", Values::Word(|r| r.unit)),
    ];
}

impl FigureRow for KnowledgeRow {
    fn figure(&self) -> FigureValue {
        self.value
    }

    fn scale(&self) -> Scale {
        match self.unit {
            "share" => Scale::Share,
            // Either sign: an attack may do worse than its control, a bias that is taken off be too large.
            "residual" | "bits" => Scale::Difference,
            _ => Scale::Amount,
        }
    }

    fn over(self, value: FigureValue, spread: Spread) -> Self {
        KnowledgeRow { value, spread, ..self }
    }
}
