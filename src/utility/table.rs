//! The table `utility`: what purposes achieve, by models.

use std::sync::Arc;

use crate::exposure::{FigureRow, FigureValue, Spread, TableColumn, TableRow, Values};
use crate::statistics::Scale;

/// One figure of a model: a row of `tables/utility`.
#[derive(Clone, Debug, PartialEq)]
pub struct UtilityRow {
    /// Policy id.
    pub policy: Arc<str>,
    /// Purpose id.
    pub purpose: Arc<str>,
    /// Model.
    pub model: &'static str,
    /// What the parent wants to know, or `all`.
    pub indicator: &'static str,
    /// Metric.
    pub metric: &'static str,
    /// How it gets to know: `linked`, `sketch_bits=12`, `epsilon=1`; empty where that says nothing.
    pub parameter: Arc<str>,
    /// The figure: the mean over replicates.
    pub value: FigureValue,
    /// How far it varies over replicates.
    pub spread: Spread,
    /// Its unit.
    pub unit: &'static str,
}

impl TableRow for UtilityRow {
    const TABLE: &'static str = "utility";
    const COLUMNS: &'static [TableColumn<Self>] = &[
        TableColumn::digested("policy", Values::Name(|r| &r.policy)),
        TableColumn::digested("purpose", Values::Name(|r| &r.purpose)),
        TableColumn::digested("model", Values::Word(|r| r.model)),
        TableColumn::digested("indicator", Values::Word(|r| r.indicator)),
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

impl FigureRow for UtilityRow {
    fn figure(&self) -> FigureValue {
        self.value
    }

    fn scale(&self) -> Scale {
        match self.metric {
            "usefulness" => Scale::Share,
            _ => Scale::Amount,
        }
    }

    fn over(self, value: FigureValue, spread: Spread) -> Self {
        UtilityRow { value, spread, ..self }
    }
}
